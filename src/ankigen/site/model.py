"""What the pages show, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from ankigen.diagnostics import Span
    from ankigen.model import BuiltDeck


@dataclass(frozen=True, slots=True)
class Face:
    """A card as one meets it.

    Attributes:
        name: Of the card, as Anki names it.
        ordinal: From 0, by which stylesheets know it.
        front: HTML, harmless in any page.
        back: Likewise.
        answer: What fits into its gap or box, as plain text; empty where it has none.
        modes: Ways to practise it: ``reveal``, ``type``, ``choose``, ``listen``.
        in_deck: Whether the deck has it; others are there for practice alone.
    """

    name: str
    ordinal: int
    front: Markup
    back: Markup
    answer: str
    modes: tuple[str, ...]
    in_deck: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A note with its cards.

    Attributes:
        key: ``terms/operator-fusion``.
        anchor: Its place on the page: ``terms-operator-fusion``.
        note_type: Name of its note type.
        title: Plain text of its first field.
        mistaken: Whether that is what one should not say.
        gist: What it means or how it goes on, as plain text; may be empty.
        sound: File name of the first sound it plays; empty where it plays none.
        level: Its own, or that of what it shows in use.
        topics: Likewise.
        set: Id of its set.
        span: Where its entry stands.
    """

    key: str
    anchor: str
    note_type: str
    title: str
    mistaken: bool
    gist: str
    sound: str
    level: str
    topics: tuple[str, ...]
    set: str
    faces: tuple[Face, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class StudySet:
    """Notes to learn in one sitting.

    Attributes:
        id: Unique in the course: ``hardware-2``.
        name: As a learner reads it: ``Set 2``.
        notes: How many.
        minutes: That a first round takes, about.
    """

    id: str
    name: str
    notes: int
    minutes: int


@dataclass(frozen=True, slots=True)
class DeckPage:
    """A category.

    Attributes:
        description: HTML.
        minutes: Of sound.
        package: Its file; None where none was built.
        note_types: Those of its items, by name: what learners read, and their stylesheet.
    """

    id: str
    name: str
    description: Markup
    items: tuple[Item, ...]
    sets: tuple[StudySet, ...]
    minutes: float
    package: BuiltDeck | None
    note_types: Mapping[str, Look]

    @property
    def cards(self) -> int:
        """Of its deck."""
        return sum(face.in_deck for item in self.items for face in item.faces)

    @property
    def levels(self) -> list[str]:
        """In the order in which one meets them."""
        return list(dict.fromkeys(item.level for item in self.items if item.level))

    @property
    def topics(self) -> list[str]:
        """By name."""
        return sorted({topic for item in self.items for topic in item.topics})


@dataclass(frozen=True, slots=True)
class Look:
    """How cards of a note type look.

    Attributes:
        label: Of the note type.
        css: Its stylesheet, with paths of this site.
    """

    label: str
    css: str


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A word that the course explains.

    Attributes:
        anchor: Its permanent place in the glossary.
        definition: HTML.
        ipa: HTML.
        item: Path of its cards, from the root of the site.
    """

    anchor: str
    word: str
    definition: Markup
    ipa: Markup
    sound: str
    level: str
    item: str


@dataclass(frozen=True, slots=True)
class Release:
    """A version of the course that was published.

    Attributes:
        name: Of the version.
        date: ISO 8601.
    """

    name: str
    date: str


@dataclass(frozen=True, slots=True)
class Site:
    """A course, ready to be shown.

    Attributes:
        description: HTML.
        guide: How to study it, HTML.
        whole: The package with all decks.
        changes: What is new since the last release, HTML; empty where there was none.
        glossary: By the alphabet.
        kept: Whether browsers keep the pages for use without a network.
    """

    id: str
    name: str
    language: str
    description: Markup
    guide: Markup
    authors: tuple[str, ...]
    licence: str
    url: str
    decks: tuple[DeckPage, ...]
    whole: BuiltDeck | None
    minutes: float
    release: Release
    releases: tuple[Release, ...]
    changes: Markup
    glossary: tuple[GlossaryEntry, ...]
    kept: bool = True

    @property
    def notes(self) -> int:
        """Of all decks."""
        return sum(len(deck.items) for deck in self.decks)

    @property
    def cards(self) -> int:
        """Of all decks."""
        return sum(deck.cards for deck in self.decks)
