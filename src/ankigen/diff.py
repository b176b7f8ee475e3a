"""What changed from one release to the next, as learners will meet it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ankigen.release import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ankigen.release import Release, ReleasedNote, ReleasedType

Kind: TypeAlias = Literal["same", "old", "new"]
Edit: TypeAlias = tuple[Kind, str]
"""A run of words that both texts have, or that only one has."""

_KINDS: tuple[Kind, ...] = ("same", "old", "new")

_WORD = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
"""A word or a mark, with the space before it."""

_MOST_PAIRS = 4_000_000
"""Of words that are compared: at worst a second's work."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, as HTML."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note whose content is another.

    Attributes:
        note: As it is now.
        fields: Those that differ.
        tags_added: Sorted, like ``tags_removed``.
    """

    note: ReleasedNote
    fields: tuple[FieldChange, ...]
    tags_added: tuple[str, ...]
    tags_removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A note that a fresh import finds in another deck.

    Attributes:
        note: As it is now.
        old: The deck it was in.
    """

    note: ReleasedNote
    old: str


@dataclass(frozen=True, slots=True)
class TypeChange:
    """A note type that is new, gone or different; ``what`` says how, in words."""

    name: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs, each list in the order of its release."""

    added: tuple[ReleasedNote, ...]
    changed: tuple[NoteChange, ...]
    moved: tuple[Move, ...]
    removed: tuple[ReleasedNote, ...]
    types: tuple[TypeChange, ...]
    new_sounds: tuple[str, ...]
    dropped_sounds: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any(
            (
                *(self.added, self.changed, self.moved, self.removed),
                *(self.types, self.new_sounds, self.dropped_sounds),
            )
        )


def compare(old: Release, new: Release) -> Difference:
    """What a learner of ``old`` meets when ``new`` is imported."""
    both = [(old.notes[guid], note) for guid, note in new.notes.items() if guid in old.notes]
    return Difference(
        added=tuple(note for guid, note in new.notes.items() if guid not in old.notes),
        changed=tuple(change for a, b in both if (change := _note_change(a, b)) is not None),
        moved=tuple(Move(b, a.deck) for a, b in both if a.deck != b.deck),
        removed=tuple(note for guid, note in old.notes.items() if guid not in new.notes),
        types=tuple(_type_changes(old, new)),
        new_sounds=tuple(sorted(new.sounds - old.sounds)),
        dropped_sounds=tuple(sorted(old.sounds - new.sounds)),
    )


def _note_change(old: ReleasedNote, new: ReleasedNote) -> NoteChange | None:
    if old.fields == new.fields and old.tags == new.tags:
        return None
    # A renamed field is the note type's change, so fields are compared where they stand.
    before, after = list(old.fields.values()), list(new.fields.items())
    before += [""] * (len(after) - len(before))
    fields = tuple(
        FieldChange(name, before[place], text)
        for place, (name, text) in enumerate(after)
        if before[place] != text
    )
    tags = set(old.tags), set(new.tags)
    if not fields and tags[0] == tags[1]:
        return None
    return NoteChange(
        new, fields, tuple(sorted(tags[1] - tags[0])), tuple(sorted(tags[0] - tags[1]))
    )


def _type_changes(old: Release, new: Release) -> Iterator[TypeChange]:
    for identifier, kind in new.types.items():
        before = old.types.get(identifier)
        if before is None:
            yield TypeChange(kind.name, ("is new",))
        elif before != kind:
            yield TypeChange(kind.name, tuple(_type_change(before, kind)))
    for identifier, kind in old.types.items():
        if identifier not in new.types:
            yield TypeChange(kind.name, ("is no longer used",))


def _type_change(old: ReleasedType, new: ReleasedType) -> Iterator[str]:
    if old.name != new.name:
        yield f"was called {old.name}"
    if old.fields != new.fields:
        if len(old.fields) == len(new.fields):
            renamed = [(a, b) for a, b in zip(old.fields, new.fields, strict=True) if a != b]
            yield from (f"field '{a}' is now '{b}'" for a, b in renamed)
        else:
            yield f"has {len(new.fields)} fields instead of {len(old.fields)}"
    yield from (f"card '{name}' is new" for name in new.cards if name not in old.cards)
    yield from (f"card '{name}' is gone" for name in old.cards if name not in new.cards)
    for name, sides in new.cards.items():
        if name in old.cards and old.cards[name] != sides:
            yield f"card '{name}' looks different"
    if old.css != new.css:
        yield "has another stylesheet"


def edits(old: str, new: str) -> list[Edit]:
    """Word by word, what of two fields' texts is the same and what is not.

    What stayed between two longer changes counts as changed: shreds are hard to read.
    """
    # With a space before it, the first word is one like any other.
    before, after = (_WORD.findall(f" {words(field)}") for field in (old, new))
    changes: list[tuple[str, str, str]] = []  # what stayed in front of it, old, new
    same = ""
    for kind, a1, a2, b1, b2 in _opcodes(before, after):
        gone, come = "".join(before[a1:a2]), "".join(after[b1:b2])
        if kind == "equal":
            same = gone
            continue
        if changes and len(same) <= min(_length(changes[-1][1:]), _length((gone, come))):
            stayed, *last = changes.pop()
            gone, come, same = f"{last[0]}{same}{gone}", f"{last[1]}{same}{come}", stayed
        changes.append((same, gone, come))
        same = ""
    changes.append((same, "", ""))
    stayed, gone, come = changes[0]
    changes[0] = (stayed[1:], gone, come) if stayed else (stayed, gone[1:], come[1:])
    return [edit for change in changes for edit in zip(_KINDS, change, strict=True) if edit[1]]


def _opcodes(
    before: Sequence[str], after: Sequence[str]
) -> Sequence[tuple[str, int, int, int, int]]:
    if len(before) * len(after) > _MOST_PAIRS:
        return [("replace", 0, len(before), 0, len(after))]
    return difflib.SequenceMatcher(None, before, after).get_opcodes()


def _length(sides: Iterable[str]) -> int:
    return max(map(len, sides))
