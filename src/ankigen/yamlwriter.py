"""Values → YAML text in the manner of a course's files, read back by ``yamltext`` as the same.

Quotes stand only where our reader needs them (``no`` and ``1:30`` are plain text here), short lists
and mappings are written in one line, long prose is folded. PyYAML's own emitter breaks lines after
the width, not before it, and knows no other quotes than its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ankigen import yamltext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ankigen.yamltext import Value

WIDTH = 100
"""Columns of a line, where it can be broken."""

# What only an escape sequence can show or keep, and what not even one may.
_UNSEEN = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_NOT_PLAIN = re.compile(
    rf"""
      ^[\s,\[\]{{}}\#&*!|>'"%@`?=]    # means something to YAML at the beginning
    | ^[-:](?![^\W_]) | ^\.\.\.       # an item, a value, an end; but not "-O3"
    | :(?:\s|$) | \s\#                # a key before it, a remark after it
    | \s$ | ^$ | [{_UNSEEN}]
    """,
    re.VERBOSE,
)
_NOT_PLAIN_IN_FLOW = re.compile(r"[,:?\[\]{}]")
_NOT_IN_SINGLE = re.compile(f"[{_UNSEEN}]")
_ESCAPED = re.compile(rf'["\\{_UNSEEN}]')
_NAMED = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
# Spaces that a block would lose or an editor would trim.
_NOT_IN_BLOCK = re.compile(rf"\A\s|[^\S\n]$|\n\n\Z|(?!\n)[{_UNSEEN}]|\A\Z", re.MULTILINE)
_INDENTED = re.compile(r"^[^\S\n]", re.MULTILINE)
_LINE_ENDS = re.compile(r"\n+")
_BREAK = re.compile(r"(?<=\S) (?=\S)")  # where a folded line may be broken and is joined the same


def entries(entries: Iterable[Mapping[str, Value]]) -> str:
    """Entries as the text of a source file, each beginning with ``- ``.

    Args:
        entries: Keys and values in the order in which they are to be written.

    Raises:
        ValueError: A text holds a character that no source may hold; see ``unwritable``.
    """
    return "".join("- " + ("\n  ".join(_pairs(entry, 2)) or "{}") + "\n" for entry in entries)


def mapping(said: Mapping[str, Value]) -> str:
    """A mapping as the text of a file that holds nothing else; raises as ``entries``."""
    return "".join(f"{line}\n" for line in _pairs(said, 0))


def ordered(entry: Mapping[str, Value], keys: Iterable[str]) -> dict[str, Value]:
    """An entry as it is to be written: ``id``, then those of ``keys``, then what else it has."""
    first = {key: entry[key] for key in ("id", *keys) if key in entry}
    return first | dict(entry)


def unwritable(text: str) -> str:
    """The first character of a text that no source may hold; empty where there is none."""
    found = yamltext.CONTROL.search(text)
    return found[0] if found else ""


def scalar(text: str, indent: int, column: int) -> str:
    """A text as a value of a block mapping or list.

    Args:
        text: Any text.
        indent: Columns before further lines, at least one.
        column: Columns before the value.

    Returns:
        One line, or several without a line end after the last.

    Raises:
        ValueError: The text holds a character that no source may hold.
    """
    wanted = text if is_plain(text) else quoted(text)
    if "\n" not in text and column + len(wanted) <= WIDTH:
        return wanted
    return _block(text, indent) or wanted


def inline(text: str) -> str:
    """A text in one line, wherever it stands.

    Raises:
        ValueError: The text holds a character that no source may hold.
    """
    return text if is_plain(text, in_flow=True) else quoted(text)


def is_plain(text: str, *, in_flow: bool = False) -> bool:
    """Whether a text needs no quotes, within brackets and braces or outside of them."""
    return not (_NOT_PLAIN.search(text) or (in_flow and _NOT_PLAIN_IN_FLOW.search(text)))


def is_block(text: str) -> bool:
    """Whether a text may stand in a block, which keeps spaces only within lines."""
    return not _NOT_IN_BLOCK.search(text)


def quoted(text: str, quote: str = "") -> str:
    """A text in quotes: those asked for where it can be, or those that leave it most readable.

    Raises:
        ValueError: The text holds a character that no source may hold.
    """
    if unwritable(text):
        raise ValueError(f"no source may hold the character {unwritable(text)!a}")
    double = _ESCAPED.sub(lambda char: _NAMED.get(char[0]) or f"\\u{ord(char[0]):04x}", text)
    double = f'"{double}"'
    if quote == '"' or _NOT_IN_SINGLE.search(text):
        return double
    single = "'" + text.replace("'", "''") + "'"
    return single if quote or len(single) < len(double) else double


def folded(text: str, width: int) -> list[str]:
    """The lines of a folded block, none of which begins with a space.

    Args:
        text: In lines, none of which begins with a space; without line ends at its end.
        width: Columns of a line, where it can be broken.
    """
    lines = _LINE_ENDS.sub(r"\g<0>\n", text).split("\n")
    return [part for line in lines for part in _wrapped(line, width)]


def flow(value: Value) -> str:
    """A value in one line, in brackets or braces."""
    if isinstance(value, str):
        return inline(value)
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return f"{{{', '.join(f'{inline(key)}: {flow(item)}' for key, item in value.items())}}}"


def _pairs(mapping: Mapping[str, Value], indent: int) -> Iterator[str]:
    """The keys of a block mapping, each with its value."""
    for key, value in mapping.items():
        written = inline(key)
        yield f"{written}:{_value(value, indent + 2, indent + len(written) + 2)}"


def _value(value: Value, indent: int, column: int) -> str:
    """A value after its key's colon or its item's hyphen, from the space or the line end on."""
    if isinstance(value, str):
        return " " + scalar(value, indent, column)
    line = flow(value)
    if not value or column + len(line) <= WIDTH:
        return " " + line
    if isinstance(value, dict):
        below = list(_pairs(value, indent))
    else:  # the first line of a collection stands beside the hyphen
        items = (_value(item, indent + 2, indent + 2) for item in value)
        below = ["- " + item.lstrip(" \n") for item in items]
    return "".join("\n" + " " * indent + part for part in below)


def _block(text: str, indent: int) -> str:
    """A text that does not fit into its line as a block; empty where it cannot be one."""
    if not is_block(text):
        return ""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    width = WIDTH - indent
    if len(lines) > 1 and (_INDENTED.search(text) or all(len(line) <= width for line in lines)):
        style = "|"
    else:
        style = ">"
        lines = folded(body, width)
        if len(lines) == 1 and len(lines[0]) > width:  # cannot be broken, so would gain nothing
            return ""
    chomping = "" if text.endswith("\n") else "-"
    pad = " " * indent
    return "\n".join([style + chomping, *(line and pad + line for line in lines)])


def _wrapped(line: str, width: int) -> list[str]:
    made: list[str] = []
    for word in _BREAK.split(line):
        if made and len(made[-1]) + 1 + len(word) <= width:
            made[-1] += " " + word
        else:
            made.append(word)
    return made
