"""Tables of other programs: CSV, TSV, XLSX and ODS → sheets of rows of text.

What comes out is what the cells show to a program: no formula is evaluated, a number is written as
a person types it, a date as ISO 8601. What would be lost on the way is a flaw of its cell.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ankigen.diagnostics import Code, Diagnostic, Severity, Span
from ankigen.tables import delimited, encoding
from ankigen.tables.sheet import Flaw, Row, Sheet, TableError, Tables, normal
from ankigen.yamltext import CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SUFFIXES", "Row", "Sheet", "Tables", "is_text", "lines", "read"]

_TEXTS = {".csv": ",", ".tsv": "\t"}
_WORKBOOKS = (".xlsx", ".ods")
SUFFIXES = (*_TEXTS, *_WORKBOOKS)

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_text(name: str) -> bool:
    """Whether a table of that name has lines that a person can be shown."""
    return _suffix(name) in _TEXTS


def lines(data: bytes) -> list[str]:
    """The lines of a table that is text; none where it is no text after all."""
    try:
        text, _ = encoding.decode(data)
    except TableError:
        return []
    return normal(text).split("\n")


def read(data: bytes, name: str, delimiter: str = "") -> Tables:
    """The sheets of a file; never raises for what it holds.

    Args:
        data: The whole file.
        name: Of the file, as messages name it; its suffix, one of ``SUFFIXES``, says what it is.
        delimiter: What stands between the cells of a text; found out by default.
    """
    try:
        made = _read(data, name, delimiter)
    except TableError as error:
        return Tables((), (error.diagnostic(name),))
    sheets = tuple(
        replace(sheet, flaws=(*sheet.flaws, *_control_characters(sheet)))
        for sheet in made.sheets
        if sheet.rows
    )
    return Tables(sheets, made.diagnostics)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _read(data: bytes, name: str, delimiter: str) -> Tables:
    suffix = _suffix(name)
    if suffix in _WORKBOOKS:
        from ankigen.tables import ods, xlsx  # noqa: PLC0415 - late: most courses have none

        if data.startswith(_OLE):
            raise _of_ole(data, suffix)
        return Tables((xlsx if suffix == ".xlsx" else ods).read(data), ())
    if data.startswith((_ZIP, _OLE)):
        raise TableError(
            Code.TABLE,
            "this is a workbook, not a text with one line a row",
            "give it the ending of its kind, .xlsx or .ods, or export it as CSV",
        )
    text, found = encoding.decode(data)
    table = delimited.read(text, delimiter, _TEXTS[suffix])
    notes = _understood(name, found, table.delimiter, _TEXTS[suffix])
    wrong = [table.error.diagnostic(name)] if table.error else []
    return Tables((table.sheet,), (*notes, *wrong))


def _of_ole(data: bytes, suffix: str) -> TableError:
    from ankigen.tables import workbook  # noqa: PLC0415 - likewise

    if "EncryptedPackage".encode("utf-16-le") in data:
        return workbook.protected()
    return TableError(
        Code.TABLE,
        f"this is a workbook of an old format, although it is called {suffix}",
        "open it in a spreadsheet program and save it as .xlsx or .ods",
    )


def _understood(
    name: str, found: encoding.Found, delimiter: str, usual: str
) -> Iterator[Diagnostic]:
    """How a text was read, where it is not what a plain file of its kind is."""
    between = "" if delimiter == usual else f", its cells apart by {delimited.NAMES[delimiter]}"
    if found.guessed:
        yield Diagnostic(
            Span(name),
            Code.DETECTED,
            f"the file is not UTF-8, so it is read as {found.name}{between}",
            "see that its accented letters are right, or better save it as UTF-8",
            Severity.WARNING,
        )
    elif found.name or between:
        message = f"the file is read as {found.name or 'UTF-8'}{between}"
        yield Diagnostic(Span(name), Code.DETECTED, message, "", Severity.NOTE)


def _control_characters(sheet: Sheet) -> Iterator[Flaw]:
    for row in sheet.rows:
        if CONTROL.search("".join(row.cells)):
            for column, cell in enumerate(row.cells):
                if CONTROL.search(cell):
                    yield Flaw(
                        row.line,
                        column,
                        column,
                        Code.BAD_VALUE,
                        "the text holds a control character",
                        "write it anew; it often comes from copying",
                    )
