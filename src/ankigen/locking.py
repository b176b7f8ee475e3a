"""What a release does to the lock: which notes are new or changed, and what must never change."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ankigen.diagnostics import Code, Diagnostic, SetupError, SourceError, Span
from ankigen.lock import FILE, MOD, Lock, NoteLine, anatomy, content_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.lock import TypeLine
    from ankigen.model import Note
    from ankigen.notetype import NoteType


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
    if not MOD.fullmatch(said):
        raise SetupError(
            f"SOURCE_DATE_EPOCH is '{said}'", "set it to seconds since 1970, or unset it"
        )
    return int(said)


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
        SourceError: A released note type has other fields or cards than it had, or a released
            note lost a card.
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
    problems = problems or _lost_cards(lock, notes, note_types)
    if problems:
        raise SourceError(problems)
    lines, changes = kept.finish(tuple(restyled))
    return Lock(lines, types), changes


def _lost_cards(
    lock: Lock, notes: Iterable[Note], note_types: Mapping[str, NoteType]
) -> list[Diagnostic]:
    """Cards that were released and would be gone, a diagnostic a kind of card.

    An import leaves them with their learners, and shows "The front of this card is blank".
    """
    lost: dict[tuple[str, int], list[Note]] = {}
    for note in notes:
        before = lock.notes.get(note.key)
        if before is not None and not set(before.cards) <= set(note.cards):
            for ordinal in set(before.cards) - set(note.cards):
                lost.setdefault((note.note_type, ordinal), []).append(note)
    problems = []
    for (name, ordinal), without in sorted(lost.items()):
        cards = note_types[name].cards
        card = cards[ordinal].name if ordinal < len(cards) else cards[0].name
        others = f" and {len(without) - 1:,} more" if len(without) > 1 else ""
        problems.append(
            Diagnostic(
                without[0].span,
                Code.CARDS,
                f"the released card '{card}' of {without[0].key}{others} would be gone; learners"
                " who have it would see a blank one",
                "put back what made it: a key of the entry, or 'cards'; or change the entry's id",
            )
        )
    return problems


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
        line = NoteLine(note.key, note.guid, content, latest, cards=note.cards)
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
        Span(note_type.origin.file),
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
