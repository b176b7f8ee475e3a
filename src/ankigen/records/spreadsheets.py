"""Tables: a header row of names, and a record a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen.diagnostics import Code, Diagnostic, Severity, Span, did_you_mean, nearest
from ankigen.records.record import Record, Records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ankigen.records.names import Naming
    from ankigen.tables import Row, Sheet, Tables
    from ankigen.yamltext import Value

ASIDE = "_"
"""What the name of a sheet or a column begins with that is no part of the course."""


def read(tables: Tables, file: str, naming: Naming) -> Records:
    """The records of all sheets that are of use, by the names in their header rows.

    Args:
        tables: The whole file.
        file: Its name in messages.
        naming: What the names mean.
    """
    found = list(tables.diagnostics)
    records: list[Record] = []
    if not tables.sheets and not found:
        message, hint = "the file is empty", "write a header row with 'id', or remove it"
        found.append(Diagnostic(Span(file), Code.EMPTY, message, hint))
    for sheet in _chosen(tables, file, naming, found):
        header, wrong = _header(sheet, file, naming)
        found += wrong
        if any(name not in header.columns for name in naming.expected):
            continue
        used = [column for name, column in header.columns.items() if naming.uses(name)]
        found += sheet.wrong(file, used)
        found += _beyond(sheet, file, header, naming)
        records += _records(sheet, header, naming)
    whole = not any(d.severity is Severity.ERROR for d in found)
    return Records(tuple(records), tuple(found), whole=whole)


def _chosen(tables: Tables, file: str, naming: Naming, found: list[Diagnostic]) -> Iterator[Sheet]:
    """The sheets that hold entries."""
    if naming.source is None:
        yield from (sheet for sheet in tables.sheets if not sheet.name.startswith(ASIDE))
        return
    wanted = naming.source.sheets
    yield from (sheet for sheet in tables.sheets if not wanted or sheet.name in wanted)
    names = [sheet.name for sheet in tables.sheets if sheet.name]
    for name in wanted:
        if name not in names and tables.sheets:
            hint = f"it has {', '.join(names)}" if names else "leave 'sheet' out for CSV"
            message = f"the file has no sheet '{name}', or it is empty"
            found.append(
                Diagnostic(Span(file), Code.HEADER, message, did_you_mean(name, names, hint))
            )


@dataclass(frozen=True, slots=True)
class _Header:
    """The first row of a sheet.

    Attributes:
        line: That of the row.
        names: Of the columns up to the last that has one; of others, empty.
        columns: 0-based, by name.
    """

    line: int
    names: Sequence[str]
    columns: Mapping[str, int]


def _header(sheet: Sheet, file: str, naming: Naming) -> tuple[_Header, list[Diagnostic]]:
    row = sheet.rows[0]
    names = [cell.strip() for cell in row.cells]
    while names and not names[-1]:
        names.pop()
    columns: dict[str, int] = {}
    meant: set[str] = set()  # by names that are known only with a slip
    found: list[Diagnostic] = []
    for column, name in enumerate(names):
        first = columns.setdefault(name, column) if name else column
        span = sheet.span(file, row.line, column)
        if first != column and naming.uses(name):
            message = f"the column '{name}' stands twice"
            found.append(Diagnostic(span, Code.HEADER, message, "keep one of them"))
        elif name and naming.source is None and not (naming.uses(name) or name.startswith(ASIDE)):
            key = _nearest(name, naming.shapes)
            meant.add(key)
            hint = f"did you mean '{key}'?" if key else _known(naming)
            found.append(Diagnostic(span, Code.UNKNOWN_KEY, f"unknown column '{name}'", hint))
    absent = [name for name in naming.expected if name not in columns and name not in meant]
    found += _missing(sheet, file, absent, columns, naming)
    return _Header(row.line, names, columns), found


def _missing(
    sheet: Sheet, file: str, absent: Sequence[str], columns: Collection[str], naming: Naming
) -> Iterator[Diagnostic]:
    """Columns that ought to be there."""
    span = sheet.span(file, sheet.rows[0].line, 0)
    for name in absent:
        hint = "add it to this row, the first one of the sheet"
        if naming.source is not None:
            hint = did_you_mean(name, columns, hint)
        elif sheet.name:
            hint += f", or begin the sheet's name with '{ASIDE}' to leave it aside"
        yield Diagnostic(span, Code.MISSING_KEY, f"there is no column '{name}'", hint)


def _nearest(name: str, keys: Collection[str]) -> str:
    """The key of which a name is most likely a slip, if there is one."""
    return name.casefold() if name.casefold() in keys else nearest(name, keys) or ""


def _known(naming: Naming) -> str:
    return f"known: {', '.join(naming.shapes)}; a name that begins with '{ASIDE}' is left aside"


def _beyond(sheet: Sheet, file: str, header: _Header, naming: Naming) -> Iterator[Diagnostic]:
    """Cells that are under no name, which in a text shows that a row was divided too often."""
    if naming.source is not None and sheet.name:
        return
    width = len(header.names)
    unnamed = [] if naming.source else [c for c, name in enumerate(header.names) if not name]
    for row in sheet.rows[1:]:
        if len(row.cells) <= width and not unnamed:
            continue
        for column in (*unnamed, *range(width, len(row.cells))):
            if row.cell(column).strip():
                hint = "give the column a name, or remove this"
                if not sheet.name:
                    hint = "put a text that holds the delimiter in quotes, or name the column"
                span = sheet.span(file, row.line, column)
                yield Diagnostic(span, Code.HEADER, "this cell stands under no name", hint)
                break


def _records(sheet: Sheet, header: _Header, naming: Naming) -> Iterator[Record]:
    columns = [item for item in header.columns.items() if naming.uses(item[0])]
    for row in sheet.rows[1:]:
        cells, width = row.cells, len(row.cells)
        value: dict[str, Value] = {
            name: text
            for name, column in columns
            if column < width and (text := cells[column].strip())
        }
        if value:  # else there are only remarks in it
            yield Record(value, _Places(sheet, header, row))


class _Places:
    """Where the values of a row stand, by the names of their columns."""

    __slots__ = ("_header", "_line", "_sheet")

    def __init__(self, sheet: Sheet, header: _Header, row: Row) -> None:
        self._sheet = sheet
        self._header = header
        self._line = row.line

    def span(self, file: str, path: Sequence[str | int] = (), *, key: bool = False) -> Span:
        column = self._header.columns.get(str(path[0])) if path else None
        line = self._header.line if key and column is not None else self._line
        return self._sheet.span(file, line, column or 0)

    def called(self, key: str) -> str:
        return f"'{key}'"

    def missing(self, path: Sequence[str | int]) -> tuple[str, str]:
        return f"the cell under '{path[0]}' is empty", "fill it in"

    def listed(self, values: Sequence[str]) -> str:
        return f"write {' and '.join(values)} apart"
