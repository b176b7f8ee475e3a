"""A plain web server on loopback, with a site under a path, as GitHub Pages has it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from servers import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH = "/some/course/"


class Handler(SimpleHTTPRequestHandler):
    """Files of a folder, under ``PATH`` and nowhere else."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def send_head(self) -> object:  # type: ignore[override]
        """Refuse what is not under the path."""
        if not self.path.startswith(PATH):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        self.path = self.path.removeprefix(PATH.rstrip("/"))
        return super().send_head()


class Server(ThreadingHTTPServer):
    """Ends with its tests, whatever is still asked of it."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Browsers that leave early are part of the tests."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a folder while it is served."""
    with running(Server(("127.0.0.1", 0), partial(Handler, directory=str(folder)))) as server:
        yield f"http://127.0.0.1:{server.server_port}{PATH}"
