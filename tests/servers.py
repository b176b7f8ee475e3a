"""Servers on loopback that run beside a test."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socketserver import BaseServer

S = TypeVar("S", bound="BaseServer")


@contextmanager
def running(server: S) -> Iterator[S]:
    """A server that answers in a thread of its own, until the body is left."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
