"""A course as the rules see it: all of it that could be read, whatever else is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ankigen import scalarplace
from ankigen.diagnostics import Span
from ankigen.notetypespec import REFERENCES, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ankigen.lexicon import Lexicon
    from ankigen.model import Course, Entry, MediaFile
    from ankigen.notetype import NoteType
    from ankigen.notetypespec import KeySpec, Role

Path: TypeAlias = "tuple[str | int, ...]"
"""Keys and list indices that lead to a value of an entry."""


class Written(NamedTuple):
    """A value of an entry as a person wrote it, or an item of one that is a list.

    Attributes:
        entry: Whose it is.
        path: Where it is in the entry.
        spec: What its note type says of the key.
        text: In Markdown, where the key's type is one of ``TEXTS``.
    """

    entry: Entry
    path: Path
    spec: KeySpec
    text: str

    @property
    def span(self) -> Span:
        """Where it begins."""
        return self.entry.span(*self.path)


def _no_lines(_file: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """A course and its entries.

    Attributes:
        note_types: By name, those of the project among them.
        entries: Those without mistakes in their values, in study order of the categories, then as
            the files are named and written.
        lexicon: How the course's own words are said.
        media: The pictures and sounds that lie in the project, whether or not an entry uses them.
        words: What else is rightly written so, of ``words.txt``.
        lines: Of a source file of text, by its name; none where it cannot be read.
        incomplete: Ids of the categories some of whose entries are there but cannot be used.
    """

    course: Course
    note_types: Mapping[str, NoteType]
    entries: tuple[Entry, ...]
    lexicon: Lexicon
    media: tuple[MediaFile, ...] = ()
    words: frozenset[str] = frozenset()
    lines: Callable[[str], Sequence[str]] = _no_lines
    incomplete: frozenset[str] = frozenset()

    def texts(self, *roles: Role) -> Iterator[Written]:
        """What is written for a person to read, in the order of the entries.

        Args:
            roles: Of the keys; all where none is named, the wrong on purpose among them.
        """
        return self._written(TEXTS, roles)

    def values(self, *roles: Role) -> Iterator[Written]:
        """Everything that is written under keys of these roles, as levels, topics or sources."""
        return self._written(None, roles)

    def references(self, *roles: Role) -> Iterator[Written]:
        """Ids that entries name, also of entries that are not there; all where no role is named."""
        return self._written(REFERENCES, roles)

    def shown_first(self) -> dict[str, str]:
        """By its key, the key of the entry that each one shows in use before any other."""
        first: dict[str, str] = {}
        for one in self.references("illustrates"):
            first.setdefault(one.entry.key, f"{one.spec.to}/{one.text}")
        return first

    def of_type(self, note_type: str) -> Iterator[Entry]:
        """The entries of a note type."""
        return (entry for entry in self.entries if entry.note_type == note_type)

    def keys(self, note_type: str, role: Role) -> tuple[str, ...]:
        """Keys of a role, in the order of the note type."""
        entry = self.note_types[note_type].spec.entry
        return tuple(key for key, spec in entry.items() if spec.role == role)

    def place(self, begins: Span, written: str, offset: int) -> Span:
        """Where a character of a value, which is no space, stands in its file.

        Args:
            begins: Where the value begins, which is the answer where it cannot be told better.
            written: The value.
            offset: Of the character in it.
        """
        if begins.sheet or not begins.line or offset < 0:
            return begins
        lines = self.lines(begins.file)
        found = scalarplace.find(lines, (begins.line, begins.column), written, offset)
        return Span(begins.file, *found) if found else begins

    def _written(self, types: tuple[str, ...] | None, roles: tuple[Role, ...]) -> Iterator[Written]:
        keys = {
            name: [
                (key, spec)
                for key, spec in note_type.spec.entry.items()
                if (types is None or spec.type in types) and (not roles or spec.role in roles)
            ]
            for name, note_type in self.note_types.items()
        }
        for entry in self.entries:
            for key, spec in keys[entry.note_type]:
                value = entry.values.get(key)
                if isinstance(value, str):
                    yield Written(entry, (key,), spec, value)
                elif value and not isinstance(value, bool):
                    for index, text in enumerate(value):
                        yield Written(entry, (key, index), spec, text)
