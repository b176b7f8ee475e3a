"""What a package holds, as frozen nouns: note types, decks, notes and cards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a note type makes its cards: one a template, or one a cloze deletion."""

    STANDARD = "standard"
    CLOZE = "cloze"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a note type; ``id`` is what it is recognised by, None in older packages."""

    name: str
    id: int | None


@dataclass(frozen=True, slots=True)
class Template:
    """A card template: HTML of both sides; ``id`` as for a field."""

    name: str
    id: int | None
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type; ``mod`` is when it was last changed, in seconds since the epoch."""

    id: int
    name: str
    kind: Kind
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    mod: int


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck.

    Attributes:
        id: Good inside the package only: Anki matches decks by name.
        name: Full name, levels separated by ``::``.
        description: Markdown where ``markdown`` is set, otherwise HTML that Anki does not sanitise.
        markdown: See ``description``.
    """

    id: int
    name: str
    description: str
    markdown: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A note; fields are HTML in the note type's order, ``mod`` is seconds since the epoch."""

    id: int
    guid: str
    note_type: int
    mod: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A card.

    Attributes:
        id: Milliseconds since the epoch, when it was made.
        note: The note's ``id``.
        deck: The deck's ``id``.
        original_deck: Where it returns to from a filtered deck; 0 for one that is at home.
        ordinal: Template, or cloze number less one, from 0.
        type: 0 new, 1 learning, 2 review, 3 relearning.
        queue: As ``type``; negative where it is suspended (-1) or buried.
        due: Position of a new card; day or second of another.
    """

    id: int
    note: int
    deck: int
    original_deck: int
    ordinal: int
    type: int
    queue: int
    due: int
