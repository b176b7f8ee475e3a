"""A server on loopback that speaks AnkiConnect's protocol over a real Anki collection.

It answers as ``plugin/__init__.py`` and ``plugin/web.py`` of the add-on do, or badly where a test
wants that. ``importPackage`` really imports.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend import import_by_add_on
from servers import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anki.collection import Collection

    from backend import ImportLog

DRIP_SECONDS = 0.05
"""Between the bytes of an answer that drips."""


@dataclass(frozen=True)
class Bytes:
    """What to send instead of an answer, as it stands.

    Attributes:
        delay: Seconds before anything is sent.
        drip: Whether it comes a byte at a time.
    """

    sent: bytes = b""
    delay: float = 0
    drip: bool = False


def answer(body: bytes, status: str = "200 OK", *, promised: int = 0) -> bytes:
    """An answer as AnkiConnect sends it, or one that promises more bytes than it holds."""
    length = promised or len(body)
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
    return f"{head}\r\n".encode() + body


class RefusedError(Exception):
    """An exception inside the add-on."""


class Server(ThreadingHTTPServer):
    """An Anki with AnkiConnect.

    Attributes:
        collection: Of the person; None while they choose a profile.
        key: The ``apiKey`` of the add-on's configuration.
        version: Of the protocol.
        refusals: What an action says that fails.
        instead: What is sent instead of the answer to an action; to any by the name "".
        asked: The requests, in order.
        logs: What each import did.
        syncs: How often it was told to sync.
    """

    daemon_threads = True

    def __init__(self, collection: Collection | None, key: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.collection = collection
        self.key = key
        self.version: Any = 6
        self.refusals: dict[str, str] = {}
        self.instead: dict[str, Bytes] = {}
        self.asked: list[dict[str, Any]] = []
        self.logs: list[ImportLog] = []
        self.syncs = 0
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that leave early are part of the tests."""

    def act(self, name: str, params: dict[str, Any], key: str | None) -> Any:
        """The result of an action."""
        if self.key != key:
            raise RefusedError("valid api key must be provided")
        if name in self.refusals:
            raise RefusedError(self.refusals[name])
        if name == "version":
            return self.version
        if name == "importPackage":
            if self.collection is None:
                raise RefusedError("collection is not available")
            path = Path(params["path"])
            assert path.is_absolute()
            self.logs.append(import_by_add_on(self.collection, path))
            return True
        if name == "sync":
            self.syncs += 1
            return None
        raise RefusedError("unsupported action")

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        """What the add-on's handler makes of a request."""
        try:
            result = self.act(request["action"], request["params"], request.get("key"))
        except Exception as error:  # noqa: BLE001 - as the add-on does
            return {"result": None, "error": str(error)}
        return {"result": result, "error": None}


class _Handler(BaseHTTPRequestHandler):
    """One request of one connection."""

    server: Server

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer, and close."""
        server = self.server
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert request["version"] == 6
        server.asked.append(request)
        instead = server.instead.get(request["action"], server.instead.get(""))
        if instead is None:
            instead = Bytes(answer(json.dumps(server.reply(request)).encode()))
        time.sleep(instead.delay)
        pieces = [bytes([byte]) for byte in instead.sent] if instead.drip else [instead.sent]
        for piece in pieces:
            self.wfile.write(piece)
            if instead.drip:
                time.sleep(DRIP_SECONDS)


@contextmanager
def serving(collection: Collection | None, key: str | None = None) -> Iterator[Server]:
    """A running server over a collection."""
    with running(Server(collection, key)) as server:
        yield server
