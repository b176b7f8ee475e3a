"""The database of a package, opened without trust in its schema and read row by row."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ankigen.apkg import protobuf, schemas
from ankigen.apkg.archive import PackageError
from ankigen.apkg.contents import Card, Note
from ankigen.apkg.schemas import ShapeError, as_integer, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ankigen.apkg.contents import Deck, NoteType

MAX_VALUE_BYTES = 32 << 20
"""A note, or all note types of a legacy package; a field with a picture inside has a tenth."""

_STEPS = 10_000
_MAX_STEPS = 2_000_000_000
"""SQLite's own instructions that one query may take: minutes, where 100,000 notes take 0.1 s."""

_NOTES = ("id", "guid", "mid", "mod", "tags", "flds")
_CARDS = ("id", "nid", "did", "odid", "ord", "type", "queue", "due")
_LEGACY: Mapping[str, tuple[str, ...]] = {
    "col": ("models", "decks"),
    "notes": _NOTES,
    "cards": _CARDS,
}
_MODERN: Mapping[str, tuple[str, ...]] = {
    "notetypes": ("id", "name", "mtime_secs", "config"),
    "fields": ("ntid", "ord", "name", "config"),
    "templates": ("ntid", "ord", "name", "config"),
    "decks": ("id", "name", "kind"),
    "notes": _NOTES,
    "cards": _CARDS,
}
_BROKEN = (sqlite3.Error, OSError, MemoryError, UnicodeDecodeError)
"""What SQLite raises on a broken database; the last where its own message quotes broken text."""

_SUSPICIOUS = "do not import it unless you trust its maker"


class Collection:
    """The database of a package; use ``opened``."""

    def __init__(self, file: str, connection: sqlite3.Connection, *, modern: bool) -> None:
        self._file = file
        self._connection = connection
        self._calls = 0
        connection.set_progress_handler(self._step, _STEPS)
        self._refuse_strange_schemas(_MODERN if modern else _LEGACY)
        with self._faults():
            read = schemas.modern if modern else schemas.legacy
            note_types, decks = read(self.rows)
        self.note_types: Mapping[int, NoteType] = MappingProxyType(note_types)
        self.decks: Mapping[int, Deck] = MappingProxyType(decks)

    def notes(self) -> Iterator[Note]:
        """Every note by its ``id``, one at a time.

        Raises:
            PackageError: While iterating: the database is broken or a value of the wrong type.
        """
        with self._faults():
            for id_, guid, note_type, mod, tags, fields in self.rows(
                f"SELECT {','.join(_NOTES)} FROM notes ORDER BY id"  # noqa: S608 - a constant
            ):
                yield Note(
                    as_integer(id_),
                    as_text(guid),
                    as_integer(note_type),
                    as_integer(mod),
                    tuple(as_text(tags).split()),
                    tuple(as_text(fields).split("\x1f")),
                )

    def cards(self) -> Iterator[Card]:
        """Every card by its note's ``id`` and its ordinal, one at a time; raises as ``notes``."""
        with self._faults():
            for row in self.rows(
                f"SELECT {','.join(_CARDS)} FROM cards ORDER BY nid, ord"  # noqa: S608 - a constant
            ):
                yield Card(*map(as_integer, row))

    def problems(self) -> Iterator[str]:
        """What SQLite's integrity check finds, at most a hundred lines; raises as ``notes``."""
        with self._faults():
            for (line,) in self.rows("PRAGMA integrity_check(100)"):
                if line != "ok":
                    yield as_text(line)

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """What a query of ours finds; each may take the same number of steps."""
        self._calls = 0
        # No generator: one that outlived the connection would complain when it is collected.
        return self._connection.execute(sql)

    def _step(self) -> bool:
        self._calls += 1
        return self._calls > _MAX_STEPS // _STEPS

    def _refuse_strange_schemas(self, expected: Mapping[str, tuple[str, ...]]) -> None:
        with self._faults():
            kinds: dict[str, str] = {}
            for kind, name, root in self.rows("SELECT type, name, rootpage FROM sqlite_master"):
                if kind in ("view", "trigger") or (kind == "table" and not root):
                    raise PackageError(
                        self._file,
                        f"its database holds the {'virtual table' if kind == 'table' else kind}"
                        f" '{name}', which Anki never writes",
                        _SUSPICIOUS,
                    )
                kinds[str(name).lower()] = str(kind)
            for table, columns in expected.items():
                if kinds.get(table) != "table":
                    raise PackageError(self._file, f"its database has no table '{table}'")
                # This pragma leaves out generated columns, which could compute anything.
                found = {row[1] for row in self.rows(f"PRAGMA table_info({table})")}
                missing = [column for column in columns if column not in found]
                if missing:
                    raise PackageError(
                        self._file, f"the table '{table}' has no column '{missing[0]}'"
                    )

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except _BROKEN as error:
            raise PackageError(self._file, f"its database is broken ({error})") from None
        except (ShapeError, protobuf.WireError) as error:
            raise PackageError(
                self._file, f"its database holds what Anki does not write ({error})"
            ) from None


@contextmanager
def opened(file: str, path: Path, *, modern: bool) -> Iterator[Collection]:
    """Open a database read-only, without trust in its schema.

    Args:
        file: The package, as messages name it.
        path: The database, unpacked.
        modern: Whether it has schema 18.

    Raises:
        PackageError: It is no database, or not one of Anki's.
    """
    try:
        # Immutable: no lock, no journal, nothing is written beside it.
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None
        )
    except sqlite3.Error as error:
        raise PackageError(file, f"its database cannot be opened ({error})") from None
    with closing(connection):
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        try:
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")
            connection.create_collation("unicase", _unicase)
        except _BROKEN as error:
            raise PackageError(file, f"its database is broken ({error})") from None
        yield Collection(file, connection, modern=modern)


def _unicase(one: str, other: str) -> int:
    """Anki's collation: case folded, by code point."""
    left, right = one.casefold(), other.casefold()
    return (left > right) - (left < right)
