"""A table with a header row, in CSV, TSV, XLSX or ODS → notes; each sheet is a note type."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ankigen import files, tables
from ankigen.diagnostics import Severity
from ankigen.importing import textexport
from ankigen.importing.foreign import (
    Foreign,
    ForeignError,
    ForeignNote,
    ForeignType,
    Kind,
    Remark,
    Writing,
    load,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ankigen.tables import Sheet

SUFFIXES = tables.SUFFIXES
_GUID, _DECKS = "guid", ("deck", "category")


@contextmanager
def opened(path: Path) -> Iterator[Foreign]:
    """Open a spreadsheet, or a text export of Anki that is called like one.

    Raises:
        ForeignError: It cannot be read, or holds nothing.
    """
    data = load(path, files.MAX_SOURCE_BYTES, "split it")
    if tables.is_text(path.name) and textexport.is_one(data[:200].decode(errors="replace")):
        yield textexport.decoded(data, path)
    else:
        yield read(data, path.name)


def read(data: bytes, file: str) -> Foreign:
    """The notes of a spreadsheet.

    Args:
        data: The whole file.
        file: Its name.

    Raises:
        ForeignError: It cannot be read, or holds nothing.
    """
    found = tables.read(data, file)
    remarks = []
    for problem in found.diagnostics:
        if problem.severity is Severity.ERROR:
            raise ForeignError(f"{problem.span}: {problem.message}", problem.hint)
        remarks.append(Remark(Kind.TOLD, problem.message))
    types: dict[str, ForeignType] = {}
    notes: list[ForeignNote] = []
    for sheet in found.sheets:
        names = [cell.strip() for cell in sheet.rows[0].cells]
        stem = file.rpartition(".")[0] or file
        types[sheet.name] = ForeignType(sheet.name or stem, tuple(_unique(names)))
        notes += _notes(sheet, types[sheet.name].fields, file, remarks)
    used = {note.type for note in notes}
    return Foreign(
        file=file,
        form="spreadsheet",
        writing=Writing.SOURCE,
        types={name: kind for name, kind in types.items() if name in used},
        notes=notes,
        remarks=remarks,
    )


def _unique(names: list[str]) -> Iterator[str]:
    """Names of columns; one that is empty or not the first of its name is called by its letter."""
    seen: set[str] = set()
    for at, name in enumerate(names):
        made = name if name and name not in seen else f"column {at + 1}"
        seen.add(made)
        yield made


def _notes(
    sheet: Sheet, names: tuple[str, ...], file: str, remarks: list[Remark]
) -> Iterator[ForeignNote]:
    special = {name.casefold(): at for at, name in enumerate(names)}
    guid_at = special.get(_GUID, -1)
    deck_at = next((special[name] for name in _DECKS if name in special), -1)
    guids: set[str] = set()
    for row in sheet.rows[1:]:
        place = str(sheet.span(file, row.line, 0))
        cells = [row.cell(at) for at in range(len(names))]
        for at, cell in enumerate(row.cells[len(names) :], len(names)):
            if cell.strip():
                where = str(sheet.span(file, row.line, at))
                remarks.append(
                    Remark(Kind.LEFT_OUT, "the column has no name", where, cells[0], "", cell)
                )
        guid = cells[guid_at].strip() if guid_at >= 0 else ""
        if guid and guid in guids:
            told = "another note has its GUID"
            remarks.append(Remark(Kind.LEFT_OUT, told, place, cells[0]))
            continue
        guids.add(guid)
        yield ForeignNote(
            place=place,
            guid=guid,
            type=sheet.name,
            deck=cells[deck_at].strip() if deck_at >= 0 else "",
            tags=(),
            fields=tuple("" if at in (guid_at, deck_at) else cell for at, cell in enumerate(cells)),
        )
    for flaw in sheet.flaws:
        where = str(sheet.span(file, flaw.line, flaw.column))
        remarks.append(Remark(Kind.TOLD, flaw.message, where))
