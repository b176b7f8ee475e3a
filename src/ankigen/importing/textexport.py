"""Anki's own text export ("Notes in Plain Text") → notes.

Lines ``#key:value`` at the top say what the columns are; then a note a line, in the manner of CSV.
The format is that of Anki's manual ("Text Files") and of rslib/src/import_export/text/csv.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ankigen import files
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
from ankigen.release import words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SEPARATORS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "space": " ",
    "pipe": "|",
    "colon": ":",
}
_COLUMNS = ("guid", "notetype", "deck", "tags")
_SINGLE = ("notetype", "deck", "tags")
# What tells Anki how to import: of no use to a course.
_OTHER = ("if matches", "match scope", "comment")
_HEADER = re.compile(r"(?:#([a-z ]+):|tags:)", re.IGNORECASE)
_HTML = re.compile(r"</?[a-z][^<>]*>|&(?:[a-z]+|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_LINE_END = re.compile("\r\n|\r|\n")
_MOST_COLUMNS = 1000


def is_one(text: str) -> bool:
    """Whether a text begins as Anki's export does."""
    found = re.match(r"#([a-z ]+):", text.lstrip("\ufeff"), re.IGNORECASE)
    known = {"separator", "html", "columns", *_SINGLE, *_OTHER, *(f"{c} column" for c in _COLUMNS)}
    return found is not None and found[1].strip().lower() in known


@dataclass(slots=True)
class _Header:
    """What the lines at the top say; columns count from 1, 0 where there is none."""

    separator: str = ""
    html: bool | None = None
    columns: dict[str, int] = field(default_factory=dict)
    single: dict[str, str] = field(default_factory=dict)
    names: str = ""
    remarks: list[Remark] = field(default_factory=list)
    lines: int = 0

    @property
    def is_known(self) -> bool:
        """Whether they say what the columns are."""
        told = (self.separator, self.columns, self.single, self.names)
        return any(told) or self.html is not None

    def take(self, key: str, value: str) -> bool:
        """Whether a line says something that is known."""
        if key == "separator":
            named = _SEPARATORS.get(value.strip().lower())
            self.separator = named or (value if len(value) == 1 else self.separator)
            return bool(named) or len(value) == 1
        if key == "html":
            self.html = {"true": True, "false": False}.get(value.strip().lower())
            return self.html is not None
        if key == "columns":
            self.names = value
            return True
        if key in _SINGLE:
            self.single[key] = value.strip()
            return True
        name = key.removesuffix("column").strip()
        if key.endswith("column") and name in _COLUMNS:
            number = value.strip()  # of more than int() strips
            good = number.isascii() and number.isdecimal() and len(number) < 5  # noqa: PLR2004 - columns
            self.columns[name] = int(number) if good else 0
            return self.columns[name] > 0
        return key in _OTHER


@contextmanager
def opened(path: Path) -> Iterator[Foreign]:
    """Open a text export.

    Raises:
        ForeignError: It cannot be read, or holds no note.
    """
    yield decoded(load(path, files.MAX_SOURCE_BYTES, "split it"), path)


def decoded(data: bytes, path: Path) -> Foreign:
    """The notes of a file's bytes.

    Raises:
        ForeignError: They are no text, or hold no note.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        hint = "save it as UTF-8, which is what Anki writes"
        raise ForeignError(f"{path}: it is not UTF-8", hint) from None
    return read(text, path.name)


def read(text: str, file: str) -> Foreign:
    """The notes of a text.

    Args:
        text: The whole file.
        file: Its name.

    Raises:
        ForeignError: It holds no note.
    """
    header, start = _header(text)
    rows = list(_rows(text, start, header))
    if not rows:
        raise ForeignError(f"{file}: there is no note in it", "export the notes again")
    if not header.is_known and _is_prose(rows):
        hint = "in Anki, export 'Notes in Plain Text'; of a table, the name ends in .csv or .xlsx"
        raise ForeignError(f"{file}: it is no table, and no text export of Anki's", hint)
    html = header.html
    if html is None:
        html = any(_HTML.search(cell) for _, cells in rows for cell in cells)
    notes = list(_notes(rows, header))
    types = _types(notes, header)
    return Foreign(
        file=file,
        form="Anki text export",
        writing=Writing.HTML if html else Writing.PLAIN,
        types=types,
        notes=[_fitted(note, types[note.type]) for note in notes],
        remarks=header.remarks,
    )


def _header(text: str) -> tuple[_Header, int]:
    """What the lines at the top say, and where the notes begin."""
    header = _Header()
    at = 0
    while found := _HEADER.match(text, at) or re.compile("#").match(text, at):
        if not found[0].startswith("#") and at:
            break  # "tags:" may stand in the first line only
        end = _LINE_END.search(text, at)
        line = text[at : end.start() if end else len(text)]
        at = end.end() if end else len(text)
        header.lines += 1
        key, colon, value = line.removeprefix("#").partition(":")
        if colon and not header.take(" ".join(key.lower().split()), value):
            told = "Anki knows no such line at the top of an export"
            header.remarks.append(Remark(Kind.TOLD, told, detail=line))
    return header, at


def _rows(text: str, start: int, header: _Header) -> Iterator[tuple[int, list[str]]]:
    """Each record and the line in which it begins; empty lines and remarks are none."""
    separator = header.separator or _guessed(text[start : start + 8192])
    sep = re.escape(separator)
    cell = re.compile(rf'"((?:[^"]|"")*+)"?([^{sep}\r\n]*+)|([^{sep}\r\n]*+)')
    end = re.compile(rf"({sep})|\r\n|\r|\n")
    at, line = start, header.lines + 1
    while at < len(text):
        if text[at] == "#":
            found = _LINE_END.search(text, at)
            at = found.end() if found else len(text)
            line += 1
            continue
        begun, cells = line, []
        while True:
            found = cell.match(text, at)
            assert found is not None  # noqa: S101 - it matches nothing, too
            quoted, rest, plain = found.groups()
            cells.append(plain if quoted is None else quoted.replace('""', '"') + rest)
            line += len(_LINE_END.findall(found[0]))
            ended = end.match(text, found.end())
            at = ended.end() if ended else len(text)
            if ended is None or not ended[1]:
                line += ended is not None
                break
        if cells != [""]:
            yield begun, cells[:_MOST_COLUMNS]


def _is_prose(rows: list[tuple[int, list[str]]]) -> bool:
    """Whether rows are those of no table: some divided, some not, and most in no way alike."""
    widths = Counter(len(cells) for _, cells in rows)
    [(usual, count)] = widths.most_common(1)
    return len(widths) > 1 and 1 in widths and (usual == 1 or 2 * count < len(rows))


def _guessed(text: str) -> str:
    """The separator where the file does not say it, as Anki finds it."""
    return next((separator for separator in "\t|;:," if separator in text), " ")


def _notes(rows: list[tuple[int, list[str]]], header: _Header) -> Iterator[ForeignNote]:
    def column(cells: list[str], name: str) -> str:
        at = header.columns.get(name, 0)
        return cells[at - 1] if 0 < at <= len(cells) else ""

    taken = {at - 1 for at in header.columns.values() if at}
    guids = set()
    for line, cells in rows:
        fields = tuple(cell for at, cell in enumerate(cells) if at not in taken)
        place = f"line {line}"
        guid = column(cells, "guid")
        if guid in guids:
            told = "another note has its GUID"
            title = words(fields[0]) if fields else ""
            header.remarks.append(Remark(Kind.LEFT_OUT, told, place, title))
            continue
        guids.add(guid)
        guids.discard("")
        tags = f"{header.single.get('tags', '')} {column(cells, 'tags')}"
        yield ForeignNote(
            place=place,
            guid=guid,
            type=column(cells, "notetype") or header.single.get("notetype", ""),
            deck=column(cells, "deck") or header.single.get("deck", ""),
            tags=tuple(dict.fromkeys(tags.split())),
            fields=fields or ("",),
        )


def _types(notes: list[ForeignNote], header: _Header) -> dict[str, ForeignType]:
    """The note types by name; a note of few fields has empty columns behind them."""
    taken = {at - 1 for at in header.columns.values() if at}
    named: list[str] = []
    if header.names:
        first = next(_rows(header.names + "\n", 0, replace(header, lines=0)), (0, []))[1]
        named = [name.strip() for at, name in enumerate(first) if at not in taken]
    counts: dict[str, int] = {}
    for note in notes:
        filled = max((at for at, text in enumerate(note.fields, 1) if text), default=1)
        counts[note.type] = max(filled, counts.get(note.type, 1))
    made = {}
    for name, count in counts.items():
        names: list[str] = []
        for at in range(max(count, len(named) if len(counts) == 1 else 0)):
            said = named[at] if at < len(named) else ""
            names.append(said if said and said not in names else f"Field {at + 1}")
        made[name] = ForeignType(name, tuple(names))
    return made


def _fitted(note: ForeignNote, kind: ForeignType) -> ForeignNote:
    fields = [*note.fields, *([""] * len(kind.fields))][: len(kind.fields)]
    return replace(note, fields=tuple(fields))
