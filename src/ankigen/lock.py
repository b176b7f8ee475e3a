"""``ankigen.lock``: what has been released, so that the next release is safe by construction.

A line a note: its key, its GUID, a hash of its rendered content, its ``mod``, the time by which
Anki decides whether a learner's copy is older, and its cards. A ``mod`` grows exactly when the
content changes, so learners get every change and keep their own edits of everything else. A line a
note type likewise, with the ids of its fields and cards, which may never change again.

Lines are sorted and independent: branches that add different notes merge. What a merge leaves
behind (conflict markers, two lines of one key) is resolved by keeping the later ``mod``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from ankigen.diagnostics import Code, Diagnostic, Severity, SourceError, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.notetype import NoteType

FILE = "ankigen.lock"

HEADER = "# What has been released. Written by 'ankigen build'; commit it, and do not edit it."

_HASH_LENGTH = 16  # 64 bits: a change goes unseen once in 10¹⁹
MOD = re.compile(r"[0-9]{1,10}")
"""A time in seconds; Anki has 32 bits for it, and thirteen digits would be milliseconds."""

_REMOVED = "removed"
_OURS, _BASE, _MIDDLE, _THEIRS = "<<<<<<<", "|||||||", "=======", ">>>>>>>"
_RESTORE = "restore the file from git, or run 'ankigen lock --from' with the released packages"


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A released note.

    Attributes:
        content: Hash of its fields and tags.
        mod: Seconds since the epoch.
        removed: Whether the course no longer has it; learners may.
        cards: Ordinals of the cards that it was released with.
        others: GUIDs that the other side of a merge has for it; no file keeps them.
    """

    key: str
    guid: str
    content: str
    mod: int
    removed: bool = False
    cards: tuple[int, ...] = field(default=(), compare=False)
    others: frozenset[str] = field(default=frozenset(), compare=False)

    def __str__(self) -> str:
        """The line in the file."""
        # GUIDs of other makers may hold anything; a space would end the column.
        guid = quote(self.guid, safe="!#$&'()*+,/:;<=>?@[]^_`{|}~\"-.")
        columns = ["note", self.key, guid, self.content, str(self.mod)]
        columns += [",".join(map(str, self.cards))] if self.cards else []
        columns += [_REMOVED] if self.removed else []
        return " ".join(columns)


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A released note type.

    Attributes:
        id: Anki's id.
        schema: Hash of what may never change: kind, fields and cards in order.
        look: Hash of what may: names, templates, stylesheet.
        mod: Seconds since the epoch.
        fields: Their ids, in order.
        cards: Likewise.
    """

    name: str
    id: int
    schema: str
    look: str
    mod: int
    fields: tuple[int, ...]
    cards: tuple[int, ...]

    def __str__(self) -> str:
        """The line in the file."""
        fields, cards = (",".join(map(str, ids)) for ids in (self.fields, self.cards))
        return f"type {self.name} {self.id} {self.schema} {self.look} {self.mod} {fields} {cards}"


@dataclass(frozen=True, slots=True)
class Lock:
    """The whole file, by key and by name.

    Attributes:
        conflicted: Whether a merge left something behind that was resolved in reading.
    """

    notes: Mapping[str, NoteLine] = field(default_factory=dict)
    types: Mapping[str, TypeLine] = field(default_factory=dict)
    conflicted: bool = False

    def __str__(self) -> str:
        """The file's text."""
        lines = sorted(map(str, (*self.notes.values(), *self.types.values())))
        return "\n".join([HEADER, *lines]) + "\n"


def parse(text: str) -> Lock:
    """Read the file's text; conflict markers of a merge are resolved.

    Raises:
        SourceError: With every line that is neither a note nor a note type.
    """
    lines: list[NoteLine | TypeLine] = []
    problems: list[Diagnostic] = []
    conflicted = False
    for number, parsed in _lines(text):
        if parsed is None:
            message = "this line is not one that 'ankigen build' writes"
            problems.append(Diagnostic(Span(FILE, number, 1), Code.LOCK, message, _RESTORE))
        elif isinstance(parsed, str):
            conflicted = True
        else:
            lines.append(parsed)
    if problems:
        raise SourceError(problems)
    gathered = gather(lines)
    return replace(gathered, conflicted=conflicted or gathered.conflicted)


def complaints(text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with the file's text."""
    try:
        return (merged(),) if parse(text).conflicted else ()
    except SourceError as error:
        return error.diagnostics


def merged() -> Diagnostic:
    """Of a file in which a merge has left something behind."""
    return Diagnostic(
        Span(FILE),
        Code.LOCK,
        "a merge left two versions of some lines; the later of each counts",
        "look at what 'ankigen build' makes of the file, and commit it",
        Severity.WARNING,
    )


def whole_lines(text: str) -> Iterator[NoteLine | TypeLine]:
    """What can be read of a damaged file."""
    return (line for _, line in _lines(text) if isinstance(line, NoteLine | TypeLine))


def gather(lines: Iterable[NoteLine | TypeLine]) -> Lock:
    """A lock of lines that may repeat themselves: of each key the latest counts."""
    notes: dict[str, NoteLine] = {}
    types: dict[str, TypeLine] = {}
    repeated = False
    for line in lines:
        if isinstance(line, NoteLine):
            repeated |= line.key in notes
            notes[line.key] = _later_note(notes.get(line.key), line)
        else:
            repeated |= line.name in types
            types[line.name] = _later_type(types.get(line.name), line)
    return Lock(notes, types, repeated)


def _lines(text: str) -> Iterator[tuple[int, NoteLine | TypeLine | str | None]]:
    """Number and meaning of each line: a merge's marker stays text, what cannot be read is None."""
    in_base = False
    for number, line in enumerate(text.splitlines(), start=1):
        marker = line[:7]
        if marker in (_OURS, _BASE, _MIDDLE, _THEIRS):
            in_base = marker == _BASE
            yield number, marker
        elif not in_base and line.strip() and not line.startswith("#"):
            yield number, _parse_line(line.split())


def _parse_line(columns: Sequence[str]) -> NoteLine | TypeLine | None:
    try:
        match columns:
            case ["note", key, guid, content, mod, *rest]:
                removed = rest[-1:] == [_REMOVED]
                cards, *more = rest[: len(rest) - removed] or [""]
                if more:
                    return None
                ordinals = tuple(map(int, filter(None, cards.split(","))))
                return NoteLine(key, unquote(guid), content, _seconds(mod), removed, ordinals)
            case ["type", name, identifier, schema, look, mod, fields, cards]:
                ids = [tuple(map(int, ids.split(","))) for ids in (fields, cards)]
                return TypeLine(name, int(identifier), schema, look, _seconds(mod), *ids)
    except ValueError:
        pass
    return None


def _seconds(text: str) -> int:
    if not MOD.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _later_note(one: NoteLine | None, other: NoteLine) -> NoteLine:
    """What two branches make of a note: the later of both, and no content if neither is."""
    if one is None:
        return other
    both = replace(
        max(one, other, key=lambda line: line.mod),
        cards=tuple(sorted({*one.cards, *other.cards})),
        others=one.others | other.others | {one.guid, other.guid},
    )
    if one.mod != other.mod:
        return both
    same = (one.guid, one.content) == (other.guid, other.content)
    content = one.content if same else "-"
    return replace(both, content=content, removed=one.removed and other.removed)


def _later_type(one: TypeLine | None, other: TypeLine) -> TypeLine:
    """Likewise of a note type, and no look if neither is later."""
    if one is None:
        return other
    if one.mod == other.mod:
        return one if one.look == other.look else replace(one, look="-")
    return max(one, other, key=lambda line: line.mod)


def content_hash(fields: Iterable[str], tags: Iterable[str]) -> str:
    """Of all that a learner's copy of a note would be replaced by."""
    return _hash("\x1f".join(fields), " ".join(sorted(tags)))


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What Anki is told of a note type.

    Attributes:
        id: Anki's id.
        name: As learners see it.
        fields: Id and name of each.
        cards: Id, name, front and back of each.
    """

    id: int
    name: str
    kind: str
    fields: tuple[tuple[int, str], ...]
    cards: tuple[tuple[int, str, str, str], ...]
    css: str

    def line(self, name: str, mod: int) -> TypeLine:
        """The line of the note type whose folder is ``name``."""
        fields = tuple(identifier for identifier, _ in self.fields)
        cards = tuple(card[0] for card in self.cards)
        schema = _hash(self.kind, *map(str, fields), "|", *map(str, cards))
        names = (field for _, field in self.fields)
        look = _hash(self.name, self.css, *names, *(p for card in self.cards for p in card[1:]))
        return TypeLine(name, self.id, schema, look, mod, fields, cards)


def anatomy(note_type: NoteType) -> Anatomy:
    """Of a loaded note type."""
    spec = note_type.spec
    return Anatomy(
        id=spec.id,
        name=spec.name,
        kind=spec.kind,
        fields=tuple((item.id, item.name) for item in spec.fields),
        cards=tuple((card.id, card.name, card.front, card.back) for card in note_type.cards),
        css=note_type.css,
    )


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()[:_HASH_LENGTH]
