"""A release as learners know it, whether read from a package or rendered from sources."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import apkg
from ankigen.notetypespec import KEY_FIELD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ankigen.model import Course, Note
    from ankigen.notetype import NoteType

SOUND = re.compile(r"\[sound:([^\[\]]+)\]")
"""A sound in a field, its file's name the group."""

# Each stops where it could begin anew, so that a hostile field takes no longer than any other.
_TAG = re.compile(r"<[^<>]*>")
_CLOZE = re.compile(r"\{\{c[\d,]{1,99}::((?:(?!\{\{c).)*?)(?:::(?:[^{}:]|:(?!:))*)?\}\}", re.DOTALL)
_BLOCK = re.compile(r"<(?:br|/?p|/?li|/?div|/?ul|/?ol)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReleasedNote:
    """A note of a release.

    Attributes:
        guid: By which learners' copies are found.
        key: What the field ``Key`` holds; empty in packages of other makers.
        title: The words of its first field.
        note_type: Name of its note type.
        deck: Name of the deck of its first card; empty where it has no card.
        fields: HTML by name.
        tags: Sorted.
    """

    guid: str
    key: str
    title: str
    note_type: str
    deck: str
    fields: Mapping[str, str]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleasedType:
    """A note type of a release.

    Attributes:
        id: Anki's.
        fields: Names, in order.
        cards: Front and back by name, in order.
    """

    id: int
    name: str
    fields: tuple[str, ...]
    cards: Mapping[str, tuple[str, str]]
    css: str


@dataclass(frozen=True, slots=True)
class Release:
    """All of a release.

    Attributes:
        notes: By GUID, in the order of the release; of notes with one GUID the last.
        types: By id.
        sounds: Names of the sound files that notes play.
    """

    notes: Mapping[str, ReleasedNote]
    types: Mapping[int, ReleasedType]
    sounds: frozenset[str]


def of_package(path: Path) -> Release:
    """Read a package of any maker and either format.

    Raises:
        PackageError: It cannot be read.
    """
    with apkg.opened(path) as package:
        decks = {deck.id: deck.name for deck in package.decks.values()}
        first: dict[int, tuple[int, str]] = {}
        for card in package.cards():
            known = first.get(card.note)
            if known is None or card.ordinal < known[0]:
                first[card.note] = card.ordinal, decks.get(card.deck, "")
        types = {
            kind.id: ReleasedType(
                kind.id,
                kind.name,
                tuple(item.name for item in kind.fields),
                {item.name: (item.front, item.back) for item in kind.templates},
                kind.css,
            )
            for kind in package.note_types.values()
        }
        notes = []
        for note in package.notes():
            kind = types.get(note.note_type)
            names = kind.fields if kind else tuple(map(str, range(1, len(note.fields) + 1)))
            fields = dict(zip(names, note.fields, strict=False))
            notes.append(
                ReleasedNote(
                    guid=note.guid,
                    key=fields.get(KEY_FIELD, ""),
                    title=words(note.fields[0]) if note.fields else "",
                    note_type=kind.name if kind else "",
                    deck=first.get(note.id, (0, ""))[1],
                    fields=fields,
                    tags=tuple(sorted(note.tags)),
                )
            )
    return _release(notes, types)


def of_sources(
    course: Course, notes: Iterable[Note], note_types: Mapping[str, NoteType]
) -> Release:
    """What a build of rendered notes would release."""
    notes = list(notes)
    used = {note.note_type for note in notes}
    decks = {c.id: c.deck_name(course.name) for c in course.categories}
    names = {n: tuple(f.name for f in kind.spec.fields) for n, kind in note_types.items()}
    released = [
        ReleasedNote(
            guid=note.guid,
            key=note.key,
            title=words(note.fields[0]),
            note_type=note_types[note.note_type].spec.name,
            deck=decks[note.category],
            fields=dict(zip(names[note.note_type], note.fields, strict=True)),
            tags=note.tags,
        )
        for note in notes
    ]
    types = {
        kind.spec.id: ReleasedType(
            kind.spec.id,
            kind.spec.name,
            names[name],
            {card.name: (card.front, card.back) for card in kind.cards},
            kind.css,
        )
        for name, kind in note_types.items()
        if name in used
    }
    return _release(released, types)


def _release(notes: Iterable[ReleasedNote], types: Mapping[int, ReleasedType]) -> Release:
    by_guid = {note.guid: note for note in notes}
    sounds = frozenset(
        name
        for note in by_guid.values()
        for text in note.fields.values()
        if "[sound:" in text
        for name in SOUND.findall(text)
    )
    return Release(by_guid, types, sounds)


def words(field: str) -> str:
    """What a person reads in a field: without HTML, sounds and the marks of a cloze."""
    if not any(char in field for char in "<&[{\n"):
        return field.strip()
    text = SOUND.sub("", _CLOZE.sub(r"\1", field))
    text = html.unescape(_TAG.sub("", _BLOCK.sub(" ", text)))
    return " ".join(text.split())
