"""Notes → the bytes of an ``.apkg``: genanki's tables in our own reproducible container.

Equal notes and clips give equal bytes on any machine: rows are numbered from a fixed time, the
database is vacuumed and stripped of what SQLite leaves to chance, and the zip stores its entries
uncompressed under one date. The recipe's every step was measured to be needed between Python 3.10
and 3.13 and SQLite 3.40 and 3.51. This is the only module that knows genanki.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import genanki

from ankigen import ankitemplate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.model import Note
    from ankigen.notetype import NoteType
    from ankigen.study import Preset

PINNED_TIME = 1_763_856_000
"""Seconds since the epoch (2025-11-23): what rows are numbered from, and the ``mod`` of all that no
release has recorded."""

POSITIONS_PER_DECK = 100_000
"""Each deck's new cards take their places in a block of their own, so that the whole course is
studied deck after deck and a longer deck does not renumber the next one."""

SIBLING_SPREAD = 20
"""Places by which each further card of a note comes after the one before: as many as Anki's own
options show new cards a day, so that without any preset the cards of a note begin on different
days for as long as there are other notes to begin with."""

_DEFAULT_PRESET = 1
_DEFAULT_DECK = 1

_PAGE_SIZE = 4096
_EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_FILE_MODE = 0o644
_TAGS = re.compile(r"<[^<>]*>|\[sound:[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck of a package.

    Attributes:
        name: Full name, levels separated by ``::``.
        description: Markdown, shown on the deck's page.
        notes: In study order.
        index: Place of the deck in the course, from 0.
    """

    name: str
    description: str
    notes: Sequence[Note] = ()
    index: int = 0


@dataclass(frozen=True, slots=True)
class Mods:
    """When notes (by key) and note types (by name) were last changed, in seconds since the epoch.

    Anki updates what a learner has only where this is greater.
    """

    notes: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)


def guid_for(course: str, note_type: str, identifier: str) -> str:
    """Anki's identity of a note: the same for as long as these three names stay."""
    guid: str = genanki.guid_for(course, note_type, identifier)
    return guid


def write(
    stream: IO[bytes],
    decks: Sequence[Deck],
    note_types: Mapping[str, NoteType],
    media: Mapping[str, Path],
    mods: Mods | None = None,
    *,
    preset: Preset | None = None,
) -> None:
    """Write a package that every Anki client can import.

    Args:
        stream: Seekable and writable.
        decks: Parents before children; their notes are written in the order given.
        note_types: By name; only those that a note uses are written.
        media: Files of the sounds and pictures, by the name that the notes give them.
        mods: Of the release; what it leaves out is as old as ``PINNED_TIME``.
        preset: Of all decks; the learner's default where there is none.

    Raises:
        OSError: It cannot be written, or what it is made of cannot.
    """
    with tempfile.TemporaryDirectory(prefix="ankigen-") as folder:
        database = Path(folder) / "collection.anki2"
        try:
            _write_database(database, decks, note_types, mods or Mods(), preset)
        except sqlite3.OperationalError as error:  # SQL of ours is right: it is the disk
            raise OSError(errno.ENOSPC, f"{error}", folder) from error
        _make_reproducible(database)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            with database.open("rb") as source, archive.open(_entry(database.name), "w") as target:
                shutil.copyfileobj(source, target)
            names = {str(index): name for index, name in enumerate(sorted(media))}
            archive.writestr(_entry("media"), json.dumps(names, ensure_ascii=False))
            for index, name in names.items():
                archive.writestr(_entry(index), media[name].read_bytes())


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH_OF_ZIP)
    info.create_system = _UNIX
    info.external_attr = _FILE_MODE << 16
    return info


class _Model(genanki.Model):  # type: ignore[misc] # genanki has no types
    """A note type with our own rule for the cards that need which fields."""

    def __init__(self, note_type: NoteType, mod: int) -> None:
        spec = note_type.spec
        super().__init__(
            model_id=spec.id,
            name=spec.name,
            fields=[{"name": field.name, "id": field.id} for field in spec.fields],
            templates=[
                {"name": card.name, "id": card.id, "qfmt": card.front, "afmt": card.back}
                for card in note_type.cards
            ],
            css=note_type.css,
            model_type=self.CLOZE if spec.kind == "cloze" else self.FRONT_BACK,
        )
        self._fronts = [card.parsed_front for card in note_type.cards]
        self._mod = mod

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        return {**super().to_json(timestamp, deck_id), "mod": self._mod}

    @property
    def _req(self) -> list[list[Any]]:
        """For clients before 2.1.28: the fields that each card shows something of."""
        return [
            [
                ordinal,
                "any",
                [
                    place
                    for place, field in enumerate(self.fields)
                    if ankitemplate.shows_something(front, {field["name"]})
                ],
            ]
            for ordinal, front in enumerate(self._fronts)
        ]


class _Note(genanki.Note):  # type: ignore[misc] # genanki has no types
    """A rendered note with the cards that Anki itself would make."""

    def __init__(self, note: Note, model: _Model, index: int, mod: int) -> None:
        self._note = note
        self.model = model
        self._index = index
        self._mod = mod

    def write_to_db(
        self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]
    ) -> None:
        note = self._note
        note_id = next(id_gen)
        cursor.execute(
            "INSERT INTO notes VALUES (?,?,?,?,-1,?,?,?,0,0,'')",
            (
                note_id,
                note.guid,
                self.model.model_id,
                self._mod,
                f" {' '.join(note.tags)} " if note.tags else "",
                "\x1f".join(note.fields),
                unescape(_TAGS.sub("", note.fields[0])),
            ),
        )
        for rank, ordinal in enumerate(note.cards):
            due = self._index * POSITIONS_PER_DECK + 1 + place(note, rank)
            genanki.Card(ordinal).write_to_db(cursor, timestamp, deck_id, note_id, id_gen, due)


def place(note: Note, rank: int) -> int:
    """Where in its deck a card comes as a new one, from 0; ``rank`` counts its note's cards."""
    return min(note.position + rank * SIBLING_SPREAD, POSITIONS_PER_DECK - 1)


class _Deck(genanki.Deck):  # type: ignore[misc] # genanki has no types
    """A deck with its preset, whose description is Markdown, which Anki sanitises."""

    def __init__(self, deck: Deck, preset: int) -> None:
        super().__init__(_deck_id(deck.name), deck.name, deck.description)
        self._preset = preset

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "md": True, "conf": self._preset}


def _write_database(
    path: Path,
    decks: Sequence[Deck],
    note_types: Mapping[str, NoteType],
    mods: Mods,
    preset: Preset | None,
) -> None:
    models = {
        name: _Model(note_type, mods.types.get(name, PINNED_TIME))
        for name, note_type in note_types.items()
    }
    made = []
    for deck in decks:
        written = _Deck(deck, preset.id if preset else _DEFAULT_PRESET)
        written.notes = [
            _Note(
                note,
                models[note.note_type],
                deck.index,
                mods.notes.get(note.key, PINNED_TIME),
            )
            for note in deck.notes
        ]
        made.append(written)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA page_size={_PAGE_SIZE}")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("PRAGMA journal_mode=OFF")
        cursor.execute("PRAGMA synchronous=OFF")
        package = genanki.Package(_Transaction(cursor, made))
        package.write_to_db(cursor, PINNED_TIME, itertools.count(PINNED_TIME * 1000))
        if preset is not None:
            _add_preset(cursor, preset)
        cursor.execute("VACUUM")


def _add_preset(cursor: sqlite3.Cursor, preset: Preset) -> None:
    ((text,),) = cursor.execute("SELECT dconf FROM col").fetchall()
    presets = {**json.loads(text), str(preset.id): preset.to_json(PINNED_TIME)}
    cursor.execute("UPDATE col SET dconf = ?", (json.dumps(presets),))


class _Transaction(list[Any]):
    """Decks, iterated inside one transaction: genanki opens none after creating its tables."""

    def __init__(self, cursor: sqlite3.Cursor, decks: Iterable[_Deck]) -> None:
        super().__init__(decks)
        self._cursor = cursor

    def __iter__(self) -> Iterator[Any]:
        self._cursor.execute("BEGIN")
        yield from super().__iter__()
        self._cursor.execute("COMMIT")


def _deck_id(name: str) -> int:
    """A stable id; the importer matches decks by name and discards it.

    Every collection has a deck 1 called Default, and cannot have two of one name.
    """
    if name.casefold() == "default":
        return _DEFAULT_DECK
    digest = hashlib.sha256(name.encode()).digest()
    return PINNED_TIME * 1000 + int.from_bytes(digest[:4], "big")


_TREE_HEADERS = {2: 12, 5: 12, 10: 8, 13: 8}
"""Length of the header of each kind of b-tree page (https://sqlite.org/fileformat2.html)."""


def _make_reproducible(path: Path) -> None:
    """Blank what SQLite's file format leaves undefined or takes from its version.

    In the file's header: the change counter (24), the version it is valid for (92) and the
    library's version (96). In each b-tree page: the gap between cell pointers and cells. Pages are
    told apart by their first byte, which is safe after VACUUM: it leaves no free pages, and the
    first byte of an overflow page is part of a page number far below 2²⁵.
    """
    with path.open("r+b") as file:
        for start in range(0, path.stat().st_size, _PAGE_SIZE):
            file.seek(start)
            page = bytearray(file.read(_PAGE_SIZE))
            offset = 0
            if start == 0:
                offset = 100
                page[24:28] = (1).to_bytes(4, "big")
                page[92:96] = (1).to_bytes(4, "big")
                page[96:100] = (3_040_000).to_bytes(4, "big")
            header = _TREE_HEADERS.get(page[offset])
            if header is not None:
                cells = int.from_bytes(page[offset + 3 : offset + 5], "big")
                content = int.from_bytes(page[offset + 5 : offset + 7], "big")
                gap = offset + header + 2 * cells
                page[gap:content] = bytes(content - gap)
            file.seek(start)
            file.write(page)
