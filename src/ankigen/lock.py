"""``ankigen.lock``: what has been released, so that the next release is safe by construction.

A line a note: its key, its GUID, a hash of its rendered content, and its ``mod``, the time by which
Anki decides whether a learner's copy is older. A ``mod`` grows exactly when the content changes, so
learners get every change and keep their own edits of everything else. A line a note type likewise,
with the ids of its fields and cards, which may never change again.

Lines are sorted and independent: branches that add different notes merge. What a merge leaves
behind (conflict markers, two lines of one key) is resolved by keeping the later ``mod``.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from ankigen.diagnostics import Code, Diagnostic, SetupError, SourceError, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.model import Note
    from ankigen.notetype import NoteType

FILE = "ankigen.lock"

HEADER = "# What has been released. Written by 'ankigen build'; commit it, and do not edit it."

_HASH_LENGTH = 16  # 64 bits: a change goes unseen once in 10¹⁹
_SECONDS = re.compile(r"[0-9]{1,10}")  # Anki has 32 bits; thirteen digits are milliseconds
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
    """

    key: str
    guid: str
    content: str
    mod: int
    removed: bool = False

    def __str__(self) -> str:
        """The line in the file."""
        # GUIDs of other makers may hold anything; a space would end the column.
        guid = quote(self.guid, safe="!#$&'()*+,/:;<=>?@[]^_`{|}~\"-.")
        line = f"note {self.key} {guid} {self.content} {self.mod}"
        return f"{line} {_REMOVED}" if self.removed else line


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


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build changes in the lock, by key, in the order of the notes.

    Attributes:
        removed: Keys that have just left the course; those that left before are not repeated.
        types: Names of note types that are new or look different.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[tuple[str, ...], ...]:
        """Keys added, changed, unchanged and removed."""
        return self.added, self.changed, self.unchanged, self.removed

    @property
    def none(self) -> bool:
        """Whether the lock stays as it is."""
        return not (self.added or self.changed or self.removed or self.types)


def now() -> int:
    """The time of this release: ``SOURCE_DATE_EPOCH`` where it is set, or the clock's.

    Raises:
        SetupError: The variable is no number of seconds.
    """
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said is None:
        return int(time.time())
    if not _SECONDS.fullmatch(said):
        raise SetupError(
            f"SOURCE_DATE_EPOCH is '{said}'", "set it to seconds since 1970, or unset it"
        )
    return int(said)


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
            case ["note", key, guid, content, mod]:
                return NoteLine(key, unquote(guid), content, _seconds(mod))
            case ["note", key, guid, content, mod, "removed"]:
                return NoteLine(key, unquote(guid), content, _seconds(mod), removed=True)
            case ["type", name, identifier, schema, look, mod, fields, cards]:
                ids = [tuple(map(int, ids.split(","))) for ids in (fields, cards)]
                return TypeLine(name, int(identifier), schema, look, _seconds(mod), *ids)
    except ValueError:
        pass
    return None


def _seconds(text: str) -> int:
    if not _SECONDS.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _later_note(one: NoteLine | None, other: NoteLine) -> NoteLine:
    """What two branches make of a note: the later of both, and no content if neither is."""
    if one is None or one == other:
        return other
    if one.mod == other.mod:
        same = (one.guid, one.content) == (other.guid, other.content)
        content = one.content if same else "-"
        return replace(one, content=content, removed=one.removed and other.removed)
    return max(one, other, key=lambda line: line.mod)


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


def update(
    lock: Lock, notes: Sequence[Note], note_types: Mapping[str, NoteType], when: int
) -> tuple[Lock, Changes]:
    """The lock after a release of ``notes`` at ``when``.

    Args:
        lock: After the last release.
        notes: All notes of the course.
        note_types: By name; those that no note uses are left out.
        when: Seconds since the epoch; a ``mod`` that must grow becomes this, or one more than it
            was where that is later.

    Raises:
        SourceError: A released note type has other fields or cards than it had.
    """
    kept = _NotesOf(lock, when)
    for note in notes:
        kept.see(note)
    types = dict(lock.types)
    problems: list[Diagnostic] = []
    restyled = []
    used = {note.note_type for note in notes}
    for name in sorted(used):
        line = anatomy(note_types[name]).line(name, when)
        before = lock.types.get(name)
        if before is None:
            restyled.append(name)
        else:
            problems += _broken(before, line, note_types[name])
            line = replace(line, mod=before.mod)
            if line.look != before.look:
                line = replace(line, mod=max(when, before.mod + 1))
                restyled.append(name)
        types[name] = line
    if problems:
        raise SourceError(problems)
    lines, changes = kept.finish(tuple(restyled))
    return Lock(lines, types), changes


class _NotesOf:
    """The lines of a release, in the making."""

    def __init__(self, lock: Lock, when: int) -> None:
        self._before = lock.notes
        self._when = when
        self._lines: dict[str, NoteLine] = {}
        # Learners know a note by its GUID: one that comes back under another key has to be newer.
        self._latest: dict[str, int] = {}
        for line in lock.notes.values():
            self._latest[line.guid] = max(line.mod, self._latest.get(line.guid, 0))
        self._added: list[str] = []
        self._changed: list[str] = []
        self._unchanged: list[str] = []

    def see(self, note: Note) -> None:
        before = self._before.get(note.key)
        content = content_hash(note.fields, note.tags)
        latest = self._latest.get(note.guid, -1)
        line = NoteLine(note.key, note.guid, content, latest)
        same = before in (line, replace(line, removed=True))
        if not same:
            line = replace(line, mod=max(self._when, latest + 1))
        self._lines[note.key] = line
        if before is None or before.removed:
            self._added.append(note.key)
        elif same:
            self._unchanged.append(note.key)
        else:
            self._changed.append(note.key)

    def finish(self, types: tuple[str, ...]) -> tuple[dict[str, NoteLine], Changes]:
        gone = [line for key, line in self._before.items() if key not in self._lines]
        lines = {**{line.key: replace(line, removed=True) for line in gone}, **self._lines}
        changes = Changes(
            added=tuple(self._added),
            changed=tuple(self._changed),
            unchanged=tuple(self._unchanged),
            removed=tuple(line.key for line in gone if not line.removed),
            types=types,
        )
        return lines, changes


def _broken(before: TypeLine, after: TypeLine, note_type: NoteType) -> Iterator[Diagnostic]:
    """What would break the note type that learners have."""
    if (before.id, before.schema) == (after.id, after.schema):
        return
    spec = note_type.spec
    what = []
    for kind, old, items in (
        ("field", before.fields, spec.fields),
        ("card", before.cards, spec.cards),
    ):
        new = [item.id for item in items]
        what += [f"the {kind} '{item.name}' is new" for item in items if item.id not in old]
        what += [f"the {kind} with the id {gone} is gone" for gone in old if gone not in new]
        if sorted(new) == sorted(old) and new != list(old):
            what.append(f"the {kind}s are in another order")
    if before.id != after.id:
        what.append(f"its id was {before.id} and is {after.id}")
    harm = (
        "Learners would get no update of any of its notes, and a second"
        f" '{spec.name}+' for new ones"
    )
    hint = "put fields and cards back as they were released"
    spare = [item.name for item in spec.fields if item.spare and item.id in before.fields]
    if spare:
        hint += f"; for a new field, rename and fill '{spare[0]}'"
    if not what:
        what = ["its kind changed"]
        harm = "Learners' cards would be empty, or ask for something else"
        hint = "put the kind back, and make a note type of its own for the other kind"
    yield Diagnostic(
        Span(f"{after.name}/notetype.yaml"),
        Code.SCHEMA,
        f"the released note type '{after.name}' would break: {'; '.join(what)}. {harm}",
        hint,
    )


def stale(changes: Changes, notes: Sequence[Note]) -> list[Diagnostic]:
    """What keeps a locked build from passing, a diagnostic a key."""
    spans = {note.key: note.span for note in notes}
    hint = "run 'ankigen build' and commit ankigen.lock"
    told = [
        *((key, "is not in") for key in changes.added),
        *((key, "is not what it was in") for key in changes.changed),
        *((key, "is gone but still stands in") for key in changes.removed),
        *((f"the note type {name}", "does not look as it did in") for name in changes.types),
    ]
    return [
        Diagnostic(spans.get(key, Span(FILE)), Code.STALE_LOCK, f"{key} {how} {FILE}", hint)
        for key, how in told
    ]
