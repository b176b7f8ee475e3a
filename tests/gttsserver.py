"""A server on loopback that speaks gTTS's wire protocol, well or badly, as a test tells it to."""

from __future__ import annotations

import base64
import json
import os
import socket
import ssl
import struct
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import lameenc
import numpy as np
import trustme

from ankigen.speech import SAMPLE_RATE
from servers import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PATH = "/_/TranslateWebserverUi/data/batchexecute"
SECONDS_A_LETTER = 0.05
DRIP_SECONDS = 0.05
"""Between the bytes of an answer that drips."""


@dataclass(frozen=True)
class Asked:
    """A request as the server understood it.

    Attributes:
        at: When it came, by the monotonic clock.
    """

    at: float
    text: str
    language: str
    slow: bool
    agent: str


@dataclass(frozen=True)
class Answer:
    """What to answer, and what to do wrong about it.

    Attributes:
        body: None for the sound of what was asked for.
        delay: Seconds before anything is said.
        cut: Bytes that are promised and not sent.
        drip: Whether the body comes a byte at a time.
        reset: Whether the connection is torn down instead.
        chunked: Whether the body comes in chunks, as Google's does.
    """

    status: int = 200
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    cut: int = 0
    drip: bool = False
    reset: bool = False
    chunked: bool = False


def tone(seconds: float, rate: int = SAMPLE_RATE, amplitude: float = 0.3) -> bytes:
    """A sine of 440 Hz as MP3."""
    wave = amplitude * np.sin(2 * np.pi * 440 / rate * np.arange(int(seconds * rate)))
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(rate)
    encoder.set_channels(1)
    return bytes(encoder.encode((wave * 32767).astype("<i2").tobytes())) + bytes(encoder.flush())


def packed(sound: bytes) -> bytes:
    """A sound as the service packs it: base64 in JSON in JSON, behind a line against scripts."""
    inner = json.dumps([base64.b64encode(sound).decode()], separators=(",", ":"))
    rows = [["wrb.fr", "jQ1olc", inner, None, None, None, "generic"], ["di", 86]]
    line = json.dumps(rows, separators=(",", ":"))
    return f")]}}'\n\n{len(line)}\n{line}\n25\n[['e',4,null,null,130]]\n".encode()


class Server(ThreadingHTTPServer):
    """Answers by its script, then with sound.

    Attributes:
        script: Answers yet to be given, the next one first.
        asked: What was asked, in order.
        base: Its address, by a name that its certificate holds.
    """

    daemon_threads = True

    def __init__(self, certificate: trustme.LeafCert) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: deque[Answer] = deque()
        self.asked: list[Asked] = []
        self.recording = threading.Lock()
        self.base = f"https://localhost:{self.server_port}"
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self._tls)

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept; the handshake is left to the connection's own thread."""
        connection, address = super().get_request()
        return (
            self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False),
            address,
        )

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that leave early are part of the tests."""


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Record what is asked and answer by the script."""
        at = time.monotonic()
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        [[[name, parameters, _, _]]] = json.loads(form["f.req"][0])
        text, language, slow, _ = json.loads(parameters)
        assert (self.path, name) == (PATH, "jQ1olc")
        with self.server.recording:
            asked = Asked(at, text, language, slow is True, self.headers["User-Agent"])
            self.server.asked.append(asked)
            answer = self.server.script.popleft() if self.server.script else Answer()
        time.sleep(answer.delay)
        if answer.reset:
            self._reset()
            return
        body = answer.body
        if body is None:
            body = packed(tone(len(text) * SECONDS_A_LETTER * (2 if asked.slow else 1)))
        self.send_response(answer.status)
        headers = {"Content-Type": "application/json; charset=utf-8", **answer.headers}
        if answer.chunked:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(len(body))
        for header, value in headers.items():
            self.send_header(header, value)
        self.end_headers()
        self._send(body[: len(body) - answer.cut], answer)
        self.close_connection = bool(answer.cut)

    def _send(self, body: bytes, answer: Answer) -> None:
        size = 1 if answer.drip else 4096
        for start in range(0, len(body), size):
            piece = body[start : start + size]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if answer.chunked else piece)
            if answer.drip:
                time.sleep(DRIP_SECONDS)
        if answer.chunked and not answer.cut:
            self.wfile.write(b"0\r\n\r\n")

    def _reset(self) -> None:
        self.close_connection = True
        # Closing with no time to linger sends a reset.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())


@dataclass(frozen=True)
class Authority:
    """Who signs the servers' certificates.

    Attributes:
        file: Its own certificate, for ``REQUESTS_CA_BUNDLE``.
    """

    signer: trustme.CA
    file: Path

    @contextmanager
    def server(self, *names: str) -> Iterator[Server]:
        """A running server with a certificate for these names, ``localhost`` by default."""
        with running(Server(self.signer.issue_cert(*(names or ("localhost",))))) as server:
            yield server


def authority(folder: Path) -> Authority:
    """An authority that nobody knows; its certificate is written into the folder."""
    signer = trustme.CA()
    file = folder / "authority.pem"
    signer.cert_pem.write_to_path(str(file))
    return Authority(signer, file)
