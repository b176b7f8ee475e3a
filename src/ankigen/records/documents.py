"""YAML files: a list of entries, or a single one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen import yamltext
from ankigen.diagnostics import Code, Diagnostic, Span
from ankigen.records.record import Record, Records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.yamltext import Marks, Value

SUFFIXES = (".yaml", ".yml")


def read(text: str, file: str) -> Records:
    """The records of a YAML file by its own keys.

    Args:
        text: The whole file.
        file: Its name in messages.
    """
    document = yamltext.read(text, file)
    value, marks = document.value, document.marks
    if isinstance(value, list | dict):
        return Records(tuple(_items(value, marks)), document.diagnostics)
    found = list(document.diagnostics)
    if value:
        message = "the file must hold a list of entries, but here is text"
        hint = "begin each entry with '- id: …'"
        found.append(Diagnostic(marks.span(file), Code.WRONG_TYPE, message, hint))
    elif not found:
        message, hint = "the file is empty", "write an entry or remove it"
        found.append(Diagnostic(Span(file), Code.EMPTY, message, hint))
    return Records((), tuple(found), whole=False)


def _items(value: list[Value] | dict[str, Value], marks: Marks) -> Iterator[Record]:
    """The entries of a file, each with its marks; a file may be one entry."""
    if isinstance(value, dict):
        yield Record(value, marks)
        return
    for index, item in enumerate(value):
        mark = marks.children[index]
        yield Record(item, mark if isinstance(mark, yamltext.Marks) else yamltext.Marks(mark))
