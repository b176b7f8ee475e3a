"""What another program keeps, whichever way it was read: notes, their types, decks and media."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from ankigen.diagnostics import AnkigenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ankigen.apkg import Deck, NoteType


class ForeignError(AnkigenError):
    """A file that cannot be imported.

    Attributes:
        hint: What to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.hint = hint


def load(path: Path, most: int, hint: str) -> bytes:
    """The bytes of a file.

    Args:
        path: Of the file.
        most: Bytes that are read.
        hint: What to do where it has more.

    Raises:
        ForeignError: It has more, or cannot be read.
    """
    try:
        if path.stat().st_size > most:
            raise ForeignError(f"{path}: more than {most / 1e6:,.0f} MB are not read", hint)
        return path.read_bytes()
    except OSError as error:
        raise ForeignError(f"{path}: it cannot be read: {error.strerror}") from None


class Writing(StrEnum):
    """How the texts of fields are written."""

    HTML = "html"
    PLAIN = "plain"
    SOURCE = "source"  # as in a course's own files


class Kind(StrEnum):
    """What became of something that did not fit."""

    LEFT_OUT = "left-out"  # a note, a field or a file is not in the course
    LOST = "lost"  # something of a field is not
    CHANGED = "changed"  # it is, in another way
    TOLD = "told"  # what a person should know


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that did not fit.

    Attributes:
        message: One sentence without a full stop, the same for all of its kind.
        place: Of the note in the file, as a person finds it; empty where it is of no note.
        title: The words of the note's first field.
        field: Of the note type; empty where the whole note is meant.
        detail: What it is in this note.
    """

    kind: Kind
    message: str
    place: str = ""
    title: str = ""
    field: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ForeignType:
    """A note type.

    Attributes:
        name: As people know it.
        fields: Names, in order.
        anatomy: All of it; None where only the fields are known.
        identified: Whether the ids in ``anatomy`` are Anki's own.
    """

    name: str
    fields: tuple[str, ...]
    anatomy: NoteType | None = None
    identified: bool = True


@dataclass(frozen=True, slots=True)
class ForeignNote:
    """A note.

    Attributes:
        place: Where it is in the file, as a person finds it.
        guid: Anki's identity of it; empty where it has none.
        type: Key of its note type among those of the file.
        deck: Full name, levels separated by ``::``; empty where it is not known.
        tags: Without spaces.
        fields: In the note type's order.
        mod: When it was last changed, in seconds since the epoch; None where it is not known.
        cards: Ordinals, where they are known.
    """

    place: str
    guid: str
    type: str
    deck: str
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    mod: int | None = None
    cards: tuple[int, ...] = ()


class Sieve:
    """Tells which notes of a file Anki itself would not import.

    Args:
        where: What holds the note types, in words.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._guids: set[str] = set()

    def fault(self, guid: str, fields: Sequence[str], expected: Sequence[object] | None) -> str:
        """Why a note is left out; empty where it is not, and then its GUID is taken.

        Args:
            guid: Of the note.
            fields: Its texts.
            expected: The fields of its note type; None where the file does not hold it.
        """
        if expected is None:
            return f"its note type is not in {self._where}"
        if len(fields) != len(expected):
            return "it has more or fewer fields than its note type"
        if not guid:
            return "it has no GUID"
        if guid in self._guids:
            return "another note has its GUID"
        self._guids.add(guid)
        return ""


class MediaFiles(Protocol):
    """The pictures and sounds that come with notes."""

    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file, by name; a name is bare, never a path."""

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of a file.

        Raises:
            AnkigenError: While iterating: it cannot be read.
        """


class NoMedia:
    """Of files that bring none."""

    def sizes(self) -> Mapping[str, int]:
        """None at all."""
        return {}

    def read(self, name: str) -> Iterator[bytes]:
        """Never asked for."""
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A file of another program, read; good while it is open.

    Attributes:
        file: As a person named it.
        form: What it is, in words.
        writing: How its fields are written.
        types: Those that a note has, by a key of this file.
        notes: In the order in which they are studied, as far as that is known.
        decks: By name, those with a description.
        scheduled: Cards that have been studied.
        remarks: What did not fit so far.
    """

    file: str
    form: str
    writing: Writing
    types: Mapping[str, ForeignType]
    notes: Sequence[ForeignNote]
    decks: Mapping[str, Deck] = field(default_factory=dict)
    media: MediaFiles = field(default_factory=NoMedia)
    scheduled: int = 0
    remarks: Sequence[Remark] = ()
