"""The command line at a terminal, answered as a person answers it."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from support import interruptible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PROMPT = re.compile(r"(?:\A|\n)> \Z")
_LIMIT = 120.0
_GIVE_UP = "\x03"
# Forking this process, which has threads, is not safe; a new one may take the terminal by itself.
_AT_TERMINAL = """
import os, sys
os.login_tty(int(sys.argv[1]))
os.execv(sys.executable, [sys.executable, "-m", "ankigen", *sys.argv[2:]])
"""


@dataclass(frozen=True)
class Conversation:
    """What stood on the terminal at the end, and the exit code."""

    text: str
    returncode: int


def answer(arguments: Sequence[str], answers: Sequence[str], cwd: Path) -> Conversation:
    r"""Run a command at a terminal and type a line at each of its prompts.

    Args:
        arguments: Of ``ankigen``.
        answers: Lines without their ends; ``\x03`` is Ctrl-C.
        cwd: Where it runs.
    """
    terminal, there = pty.openpty()
    command = [sys.executable, "-c", _AT_TERMINAL, str(there), *arguments]
    env = {**os.environ, "NO_COLOR": "1"}
    with interruptible():
        child = subprocess.Popen(
            command, cwd=cwd, env=env, pass_fds=[there], start_new_session=True
        )
    os.close(there)
    said, left, end = b"", list(answers), time.monotonic() + _LIMIT
    line = ""
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 1.0)
        if not ready:
            if line == _GIVE_UP:  # Python does not see it between writing a prompt and reading
                os.write(terminal, line.encode())
            continue
        try:
            more = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        said += more
        text = said.decode(errors="replace").replace("\r", "")
        if left and _PROMPT.search(text):
            line = left.pop(0)
            os.write(terminal, line.encode() + (b"" if line == _GIVE_UP else b"\n"))
            said += b"\x00"  # the prompt has been answered
    os.close(terminal)
    text = said.decode(errors="replace").replace("\r", "").replace("\x00", "")
    return Conversation(text, child.wait(timeout=_LIMIT))
