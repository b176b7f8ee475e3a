"""Where a character of a YAML value stands in its file, whatever way the value is written.

A value and its source hold the same signs in the same order; they differ in spaces, in escapes, and
in what begins and ends the source. So both are read side by side, from where the value begins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)*")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?\Z")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_SPACED_ESCAPES = frozenset("tnrvfaeb0 _NLP\t")


def find(
    lines: Sequence[str], place: tuple[int, int], value: str, offset: int
) -> tuple[int, int] | None:
    """1-based line and column of ``value[offset]``; None where it cannot be told.

    Args:
        lines: Of the file, without their ends.
        place: 1-based line and column where the value begins in it.
        value: As it was read.
        offset: Of a character that is no space.
    """
    line, column = place[0] - 1, place[1] - 1
    if line >= len(lines):
        return None
    properties = _PROPERTIES.match(lines[line], column)
    column = properties.end() if properties else column
    quote = lines[line][column : column + 1]
    if quote in ("|", ">") and _BLOCK.match(lines[line], column):
        line, column, quote = line + 1, 0, ""
    elif quote in ("'", '"'):
        column += 1
    else:
        quote = ""
    wanted = _signs(value[: offset + 1])
    if not wanted or value[offset].isspace():
        return None
    met = 0
    while line < len(lines):
        text = lines[line]
        while column < len(text):
            sign, width = _sign(text, column, quote)
            if sign and not sign.isspace():
                if sign != wanted[met]:
                    return None
                met += 1
                if met == len(wanted):
                    return line + 1, column + 1
            column += width
        line, column = line + 1, 0
    return None


def _signs(text: str) -> str:
    return "".join(text.split())


def _sign(text: str, column: int, quote: str) -> tuple[str, int]:
    """The character that stands at a column, empty for none, and its width."""
    if quote == "'" and text.startswith("''", column):
        return "'", 2
    if quote == '"' and text[column] == "\\":
        escape = _ESCAPE.match(text, column)
        if not escape:  # the end of a line, which is joined to the next
            return "", 1
        written = escape[0]
        if written[1] in "xuU":
            return chr(int(written.lower().lstrip("\\xu"), 16)), len(written)
        return ("" if written[1] in _SPACED_ESCAPES else written[1]), len(written)
    return text[column], 1
