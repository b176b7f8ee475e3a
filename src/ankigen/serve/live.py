"""Watches the files of a project, and tells its pages what has changed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ankigen.serve.remarks import Remark

HOST = "127.0.0.1"
DEFAULT_PORT = 8642

_STEP, _DEBOUNCE = 20, 100
"""Milliseconds without a change after which a save is over, and at most."""

_QUIET = 0.6
"""Seconds after the last change before a check begins: one who types on saves again."""

_NOT_SOURCES = frozenset({"dist", "site", "build", ".git", ".venv", "node_modules", "__pycache__"})


_GARBAGE = 10_000
"""Objects after which some are looked through: each reading makes as many as it leaves behind."""


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
        self._checked = -1
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

    async def changed(self, seen: int) -> None:
        """Wait until there is more than what was seen."""
        async with self._told:
            await self._told.wait_for(lambda: self.news != seen or self.stopping.is_set())

    async def tell(self) -> None:
        """Have every page look at ``status``."""
        async with self._told:
            self.news += 1
            self._told.notify_all()

    async def follow(self) -> None:
        """Read the project, and again whenever a file of it is saved, until it is stopped."""
        root = self.preview.root
        changes = watchfiles.awatch(
            root,
            watch_filter=lambda _change, path: is_source(root, path),
            step=_STEP,
            debounce=_DEBOUNCE,
            stop_event=self.stopping,
            ignore_permission_denied=True,
        )
        # It watches before the sources are read, so that no save falls between.
        first = asyncio.ensure_future(anext(changes, None))
        await asyncio.sleep(0)
        await self._change(None)
        found = await first
        while found is not None:
            await self._change(saved(root, [path for _, path in found]))
            found = await anext(changes, None)

    async def stop(self) -> None:
        """End what runs, and every page's stream."""
        self.stopping.set()
        self.preview.close()
        await self._stop_check()
        async with self._told:
            self._told.notify_all()

    async def _change(self, categories: frozenset[str] | None) -> None:
        await self._stop_check()
        await run_in_threadpool(self.preview.change, categories)
        await self.tell()
        self._check = asyncio.create_task(self._look())

    async def _look(self) -> None:
        await asyncio.sleep(_QUIET)
        number = self.preview.state.number
        self._remarks = await remarks.find(self.preview.root, self.preview.entries())
        self._checked = number
        await self.tell()

    async def _stop_check(self) -> None:
        if self._check is not None:
            self._check.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._check
            self._check = None


def is_source(root: Path, path: str) -> bool:
    """Whether a file may be one that the pages are made from."""
    parts = path.removeprefix(str(root)).strip("/\\").replace("\\", "/").split("/")
    hidden = any(part.startswith(".") for part in parts)
    made = parts == ["audio"] or parts[:2] == ["audio", "clips"]
    return not hidden and parts[0] not in _NOT_SOURCES and not made


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
    gc.set_threshold(_GARBAGE, 10, 10)
    with _listen(options.port) as listener:
        try:
            asyncio.run(_run(root, listener, options))
        except asyncio.CancelledError:  # asked to end by another way than Ctrl-C
            raise KeyboardInterrupt from None


class _Server(uvicorn.Server):
    """Leaves signals alone: what a page listens to must end first, or its end is waited for."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _run(root: Path, listener: socket.socket, options: Options) -> None:
    if (main := asyncio.current_task()) and os.name == "posix":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
    live = Live(root)
    port = listener.getsockname()[1]
    server = _Server(
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
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # what is cut off is no error
        await live.stop()
        server.should_exit = True
        await asyncio.gather(serving, following, return_exceptions=True)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        if os.name == "posix":  # elsewhere it would let two programs have the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SetupError(
            f"port {port} cannot be used: {error.strerror}",
            "name another with --port, or 0 for any that is free",
        ) from None
    return listener
