"""Watches the files of a project, and tells its pages what has changed."""

from __future__ import annotations

import asyncio
import contextlib
import html
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn
import watchfiles
from starlette.concurrency import run_in_threadpool

from ankigen.config import SOURCES_FOLDER
from ankigen.diagnostics import SetupError
from ankigen.serve import app, remarks
from ankigen.serve.preview import Preview
from ankigen.site import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ankigen.serve.remarks import Remark

HOST = "127.0.0.1"
DEFAULT_PORT = 8642

_STEP, _DEBOUNCE = 20, 100
"""Milliseconds without a change after which a save is over, and at most."""

_QUIET = 0.6
"""Seconds after the last change before a check begins: one who types on saves again."""

_NOT_SOURCES = frozenset({"dist", "site", "build", ".git", ".venv", "node_modules", "__pycache__"})


class Live:
    """A preview that follows its project.

    Attributes:
        news: Grows with everything that a page should know.
        stopping: Set when it is over.
    """

    def __init__(self, root: Path) -> None:
        """Begin with nothing; ``follow`` does the rest.

        Args:
            root: The project's folder, resolved.
        """
        self.preview = Preview(root)
        self.news = 0
        self.stopping = asyncio.Event()
        self._remarks: list[Remark] = []
        self._checked = 0
        self._told = asyncio.Condition()
        self._check: asyncio.Task[None] | None = None

    def status(self) -> dict[str, Any]:
        """What a page should know."""
        state = self.preview.state
        return {
            "number": state.number,
            "errors": [remarks.of(error) for error in state.errors],
            "checked": self._checked == state.number,
            "remarks": self._remarks,
        }

    def broken(self) -> bytes:
        """A page where none could be made yet; what is wrong comes by ``status``."""
        return (
            "<!doctype html><html lang=en><head><meta charset=utf-8>"
            f'<meta http-equiv="Content-Security-Policy" content="{html.escape(pages.POLICY)}">'
            "<title>ankigen</title></head><body><h1>This course cannot be shown yet</h1></body>"
        ).encode()

    async def changed(self, seen: int) -> None:
        """Wait until there is more than what was seen."""
        async with self._told:
            await self._told.wait_for(lambda: self.news != seen or self.stopping.is_set())

    async def follow(self) -> None:
        """Read the project, and again whenever a file of it is saved, until it is stopped."""
        await self._change(None)
        root = self.preview.root
        async for changes in watchfiles.awatch(
            root,
            watch_filter=lambda _change, path: is_source(root, path),
            step=_STEP,
            debounce=_DEBOUNCE,
            stop_event=self.stopping,
        ):
            await self._change(saved(root, [path for _, path in changes]))

    async def stop(self) -> None:
        """End what runs, and every page's stream."""
        self.stopping.set()
        await self._stop_check()
        async with self._told:
            self._told.notify_all()

    async def _change(self, categories: frozenset[str] | None) -> None:
        await self._stop_check()
        await run_in_threadpool(self.preview.change, categories)
        await self._tell()
        self._check = asyncio.create_task(self._look())

    async def _look(self) -> None:
        await asyncio.sleep(_QUIET)
        number = self.preview.state.number
        self._remarks = await remarks.find(self.preview.root, self.preview.entries())
        self._checked = number
        await self._tell()

    async def _stop_check(self) -> None:
        if self._check is not None:
            self._check.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._check
            self._check = None

    async def _tell(self) -> None:
        async with self._told:
            self.news += 1
            self._told.notify_all()


def is_source(root: Path, path: str) -> bool:
    """Whether a file may be one that the pages are made from."""
    parts = path.removeprefix(str(root)).strip("/\\").replace("\\", "/").split("/")
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and parts[0] not in _NOT_SOURCES and parts[:2] != ["audio", "clips"]


def saved(root: Path, paths: Iterable[str]) -> frozenset[str] | None:
    """Ids of the categories whose files these are; None where one is no category's."""
    found = set()
    for path in paths:
        parts = path.removeprefix(str(root)).strip("/\\").replace("\\", "/").split("/")
        if len(parts) < len(("cards", "category", "file")) or parts[0] != SOURCES_FOLDER:
            return None
        found.add(parts[1])
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for; ``started`` is told the address."""

    port: int
    started: Callable[[str], None]


def run(root: Path, options: Options) -> None:
    """Show a project on this machine until the process is interrupted.

    Args:
        root: The project's folder, resolved.
        options: Where, and whom to tell.

    Raises:
        SetupError: The port is taken.
    """
    listener = _listen(options.port)
    try:
        asyncio.run(_run(root, listener, options))
    finally:
        listener.close()


async def _run(root: Path, listener: socket.socket, options: Options) -> None:
    live = Live(root)
    port = listener.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            app.make(live, port),
            log_level="error",
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    following = asyncio.create_task(live.follow())
    options.started(f"http://{HOST}:{port}/")
    try:
        done, _ = await asyncio.wait([serving, following], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await live.stop()
        server.should_exit = True
        await asyncio.gather(serving, following, return_exceptions=True)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise SetupError(
            f"port {port} cannot be used: {error.strerror}",
            "name another with --port, or 0 for any that is free",
        ) from None
    return listener
