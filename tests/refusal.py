"""What a refused build must look like, whatever the mistake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from support import ankigen, decks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_HEAD = re.compile(r"^(?P<file>\S.*?)(?::(?P<line>\d+):(?P<column>\d+))?: (?P<code>AG\d{3}) ")
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
BOM = "\ufeff"


def refused(root: Path, expected: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """Build a project that is at fault; check all that holds for every such run.

    Args:
        root: The project, with decks of an earlier build.
        expected: ``file:line:column CODE`` of each diagnostic, in order.
        env: Variables of the run.

    Returns:
        What was said.
    """
    before = decks(root / "dist")
    assert before
    done = ankigen("build", cwd=root, env=env)
    said = done.stderr
    assert "Traceback" not in said, said
    assert [place_and_code(head) for head in heads(said)] == list(expected), said
    assert done.returncode == 1, said
    assert done.stdout == ""
    assert decks(root / "dist") == before
    assert not list((root / "dist").glob(".*.tmp"))
    check_carets(root, said.splitlines())
    return said


def heads(said: str) -> list[re.Match[str]]:
    """The first line of each diagnostic."""
    return [head for line in said.splitlines() if (head := _HEAD.match(line))]


def place_and_code(head: re.Match[str]) -> str:
    """``file:line:column CODE``, or ``file CODE`` where the whole file is meant."""
    place = f":{head['line']}:{head['column']}" if head["line"] else ""
    return f"{head['file']}{place} {head['code']}"


def check_carets(root: Path, said: Sequence[str]) -> None:
    """Under each diagnostic with a place stand its line and a caret under its character."""
    for index, line in enumerate(said):
        head = _HEAD.match(line)
        if not head or not head["line"] or head["code"] == "AG004":  # bytes that are no text
            continue
        text = (root / head["file"]).read_bytes().decode().removeprefix(BOM)
        source = _LINE_END.split(text)[int(head["line"]) - 1]
        column = int(head["column"])
        margin = f"  {head['line']} | "
        shown, caret = said[index + 1].removeprefix(margin), said[index + 2]
        assert said[index + 1].startswith(margin), said
        assert caret.startswith(" " * (len(margin) - 2) + "| ")
        pad = caret[len(margin) :].removesuffix("^")
        assert pad + "^" == caret[len(margin) :]
        assert len(shown) <= 160
        assert [char == "\t" for char in pad] == [char == "\t" for char in shown[: len(pad)]]
        around = source[max(column - 5, 0) : column + 3]
        assert around.isprintable() is False or around in shown
        assert shown[len(pad) : len(pad) + 1] == source[column - 1 : column] or not (
            source[column - 1].isprintable()
        )
