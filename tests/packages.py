"""Packages made by hand, a legacy and a modern one, whose every part a test may spoil."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

BASIC: dict[str, Any] = {
    "id": 11,
    "name": "Basic",
    "type": 0,
    "mod": 5,
    "css": ".card {}",
    "flds": [{"name": "Front"}, {"name": "Back"}],
    "tmpls": [{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}} {{Back}}"}],
}
CLOZE: dict[str, Any] = {
    **BASIC,
    "id": 12,
    "name": "Cloze",
    "type": 1,
    "flds": [{"name": "Text"}],
    "tmpls": [{"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}"}],
}
SOUND = b"not really sound"

_TABLES = """
CREATE TABLE col (id integer PRIMARY KEY, models text NOT NULL, decks text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL,
    mod integer NOT NULL, tags text NOT NULL, flds text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL,
    odid integer NOT NULL, ord integer NOT NULL, type integer NOT NULL, queue integer NOT NULL,
    due integer NOT NULL);
"""


@dataclass
class Draft:
    """A legacy package of one note, one card and one sound; nothing is wrong with it yet."""

    models: Any = field(default_factory=lambda: {"11": BASIC, "12": CLOZE})
    decks: Any = field(default_factory=lambda: {"1": {"id": 1, "name": "A::B", "desc": ""}})
    notes: list[tuple[Any, ...]] = field(
        default_factory=lambda: [(1, "guid-1", 11, 7, " one two ", "front[sound:a.mp3]\x1fback")]
    )
    cards: list[tuple[Any, ...]] = field(default_factory=lambda: [(101, 1, 1, 0, 0, 0, 0, 3)])
    media: Any = field(default_factory=lambda: {"0": "a.mp3"})
    entries: dict[str, bytes] = field(default_factory=lambda: {"0": SOUND})
    sql: str = ""

    def note(self, fields: str, *, model: int = 11, guid: str = "guid-1") -> Draft:
        """Put another text into the note; return the draft."""
        self.notes[0] = (1, guid, model, 7, "", fields)
        return self

    def database(self) -> bytes:
        """The collection's bytes; ``sql`` is run at the end."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "collection"
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(_TABLES)
                connection.execute(
                    "INSERT INTO col VALUES (1, ?, ?)",
                    (json.dumps(self.models), json.dumps(self.decks)),
                )
                connection.executemany("INSERT INTO notes VALUES (?,?,?,?,?,?)", self.notes)
                connection.executemany("INSERT INTO cards VALUES (?,?,?,?,?,?,?,?)", self.cards)
                connection.commit()
                connection.executescript(self.sql)
            return path.read_bytes()

    def write(self, path: Path) -> Path:
        """Write the package; return its path."""
        return write_zip(
            path,
            {
                "collection.anki2": self.database(),
                "media": json.dumps(self.media).encode(),
                **self.entries,
            },
        )


def write_zip(path: Path, entries: dict[str, bytes]) -> Path:
    """A zip of these entries, compressed; return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def read_zip(path: Path) -> dict[str, bytes]:
    """The entries of a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def compress(data: bytes) -> bytes:
    """By zstd, as modern packages are."""
    return zstandard.ZstdCompressor().compress(data)


def decompress(data: bytes) -> bytes:
    """From zstd, whose frames need not say how long they are."""
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


def varint(number: int) -> bytes:
    """A number as protobuf writes it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def delimited(number: int, data: bytes) -> bytes:
    """A field of bytes as protobuf writes it."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def media_entry(name: str, data: bytes) -> bytes:
    """An entry of a modern media map."""
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    entry = delimited(1, name.encode()) + varint(2 << 3) + varint(len(data)) + delimited(3, digest)
    return delimited(1, entry)
