"""The command line in processes that need not import what it needs.

To begin Python and import takes most commands longer than what they then do. So one process does
that, and is forked for each command, which has its own memory, streams, folder and environment, and
ends as a program ends.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
from multiprocessing import connection, forkserver
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CONTEXT = multiprocessing.get_context("forkserver")
_OWNER = os.getpid()
_LOCK = threading.Lock()
"""To ask how any process fares is not safe in two threads, and beginning one asks it of all."""


def can_run() -> bool:
    """Whether this process may have such ones: not if it was forked itself, as for each mutant."""
    return os.getpid() == _OWNER


def run(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run ``ankigen`` in a process of its own, and return what it said.

    Args:
        arguments: Of the command line.
        cwd: Where it runs.
        env: All of its environment, but for what Python reads only when it begins.
        timeout: Seconds.

    Raises:
        subprocess.TimeoutExpired: It has not ended by then, and was killed.
    """
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("stdout", "stderr")]
        for path in streams:
            path.touch()
        with _LOCK:
            _be_ready()
            process = _CONTEXT.Process(target=_main, args=(arguments, cwd, env, streams))
            process.start()
        ended = connection.wait([process.sentinel], timeout)
        with _LOCK:
            if not ended:
                process.kill()
            process.join()
            code = process.exitcode
            process.close()
        if not ended:
            raise subprocess.TimeoutExpired(list(arguments), timeout)
        said = [path.read_text(encoding="utf-8") for path in streams]
    assert code is not None
    return subprocess.CompletedProcess(list(arguments), code, *said)


def _be_ready() -> None:
    before = os.environ.get("PYTHONPATH")
    # The process that is forked takes the path from nowhere else before Python 3.13.
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    _CONTEXT.set_forkserver_preload(["__main__", __name__, "preloaded"])
    try:
        forkserver.ensure_running()
    finally:
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before


def _main(
    arguments: Sequence[str], cwd: Path, env: Mapping[str, str], streams: Sequence[Path]
) -> None:
    for number, path in enumerate(streams, 1):
        file = os.open(path, os.O_WRONLY)
        os.dup2(file, number)
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["ankigen", *arguments]
    from ankigen import cli  # noqa: PLC0415 - tests import this module, and need no command line

    cli.main()
