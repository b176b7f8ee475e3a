"""The nouns that flow through a build, frozen: files → entries → notes → clips → packages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ankigen.yamltext import Marks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ankigen.diagnostics import Places, Span


@dataclass(frozen=True, slots=True)
class Voice:
    """A named way of speaking.

    Attributes:
        engine: Name of the speech engine.
        voice: The engine's name of the voice; empty for the engine's first.
        speed: 1.0 is the voice's own pace.
        slow: The pace of what is spoken slowly.
        fallback: Name of the voice that stands in where this one cannot speak; empty for none.
    """

    engine: str
    voice: str = ""
    speed: float = 1.0
    slow: float = 0.7
    fallback: str = ""


Casts: TypeAlias = "Mapping[str, tuple[str, ...]]"
"""Names of voices by note type, those of every other note type by the empty name; of several,
each entry has one."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A file, relative to the project, and where its values stand."""

    file: str
    marks: Marks = field(default_factory=lambda: Marks(0), hash=False)

    def span(self, *path: str | int) -> Span:
        """Where the value at ``path`` (keys and list indices) stands, or what is nearest to it."""
        return self.marks.span(self.file, path)


@dataclass(frozen=True, slots=True)
class Category:
    """A folder of sources that becomes one deck.

    Attributes:
        id: Name of the folder and of the package.
        name: Last part of the deck's name.
        description: Markdown shown on the deck's page in Anki.
        voice: Who speaks its entries.
        budget: Bytes that its package may have; None for as many as it likes.
        cards: Slugs of the cards to make, by note type; of others, those that the course says.
        deck: Full name of its deck, where that does not stand below the course's; else empty.
        origin: Its ``category.yaml``.
    """

    id: str
    name: str
    description: str = ""
    voice: Casts = field(default_factory=dict, hash=False)
    budget: int | None = None
    cards: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    deck: str = ""
    origin: Origin = field(default=Origin(""), compare=False, repr=False)

    def deck_name(self, course: str) -> str:
        """Full name of its deck in Anki, levels separated by ``::``."""
        return self.deck or f"{course}::{self.name}"


@dataclass(frozen=True, slots=True)
class ForeignSource:
    """One of ``sources:``: files that were not written for this course, and what is in them.

    Attributes:
        glob: Which files, relative to the project.
        note_type: Of which note type their entries are.
        category: To which category they go; empty where the files say so.
        category_from: The name under which the files say it.
        columns: Keys of the entries by the names of columns, or of keys in YAML.
        constants: Keys that are the same in all entries.
        separator: What stands between the values of a list; empty for the usual.
        sheets: Names of those that are read of a workbook; empty for all.
        id_from: Names of what ids are made of; empty where the files have ids.
        origin: The ``ankigen.yaml``.
        index: Place in ``sources:``, from 0.
    """

    glob: str
    note_type: str
    category: str
    category_from: str
    columns: Mapping[str, str] = field(hash=False)
    constants: Mapping[str, Any] = field(hash=False)
    separator: str
    sheets: tuple[str, ...]
    id_from: tuple[str, ...]
    origin: Origin = field(compare=False, repr=False)
    index: int

    def span(self, *path: str | int) -> Span:
        """Where ``ankigen.yaml`` says it."""
        return self.origin.span("sources", self.index, *path)


@dataclass(frozen=True, slots=True)
class Study:
    """How a course wants to be studied.

    Attributes:
        weeks: In which all of its cards are met.
        new_per_day: New cards a day; None for as many as ``weeks`` needs.
        retention: Share of reviews that should be remembered.
        known: Share of the cards that learners know before, for a forecast of their time.
        preset: Name of its options in Anki; empty for the course's.
    """

    weeks: int = 6
    new_per_day: int | None = None
    retention: float = 0.9
    known: float = 0.0
    preset: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A rule that a course does not keep.

    Attributes:
        code: The rule's, or how those of several begin.
        files: Pattern of the files in which it is not kept; ``*`` stands for anything.
        because: Why.
    """

    code: str
    files: str = "*"
    because: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    """How a course wants to be checked."""

    ignore: tuple[Ignored, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """What ``ankigen.yaml`` says.

    Attributes:
        root: The project's folder, absolute and resolved.
        id: Identity of the course; GUIDs are made from it, so it is never changed.
        language: BCP 47 tag of the course's texts.
        categories: In study order.
        voices: By name; ``default`` is always there.
        voice: Who speaks the entries of categories that do not say.
        accents: Whose IPA the cards show: ``us``, ``gb``.
        budget: Bytes that a package may have; None for as many as it likes.
        cards: Slugs of the cards to make, by note type; all of others.
        study: How it wants to be studied.
        checks: How it wants to be checked.
        sources: Foreign files that hold entries.
        origin: Its ``ankigen.yaml``.
    """

    root: Path
    id: str
    name: str
    description: str
    language: str
    authors: tuple[str, ...]
    licence: str
    url: str
    categories: tuple[Category, ...]
    voices: Mapping[str, Voice]
    voice: Casts
    accents: tuple[str, ...]
    budget: int | None
    cards: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    study: Study = Study()
    checks: Checks = Checks()
    sources: tuple[ForeignSource, ...] = ()
    origin: Origin = field(default=Origin(""), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a source file, its values typed by its note type.

    Attributes:
        note_type: Name of the note type.
        id: Unique in the note type over the whole course.
        category: Id of the category it stands in.
        values: Typed values by key; keys that the file leaves out are absent.
        file: Path of the file relative to the project.
        marks: Where each key and value stands in the file.
    """

    note_type: str
    id: str
    category: str
    values: Mapping[str, Any] = field(hash=False)
    file: str
    marks: Places = field(hash=False, repr=False)

    @property
    def key(self) -> str:
        """What finds the note in Anki: ``terms/operator-fusion``."""
        return f"{self.note_type}/{self.id}"

    def span(self, *path: str | int) -> Span:
        """Where the value at ``path`` (key, then list index) stands; the entry where it is not."""
        return self.marks.span(self.file, path)


@dataclass(frozen=True, slots=True)
class Clip:
    """A spoken text as the deck names it; equal recipes give equal names.

    Attributes:
        name: File name of the sound, in the store and in the package.
        text: What is spoken, as a person reads it.
        script: The same as the engine is given it.
        voice: How it is spoken.
        instead: The clip that stands in where this one cannot be made.
    """

    name: str
    text: str
    script: str
    voice: Voice
    instead: Clip | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a sound that an entry names.

    Attributes:
        name: In the package; made from what it holds.
        path: Where it is, resolved and inside the project.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture or a sound that lies in a project, whether or not an entry names it.

    Attributes:
        name: Relative to the project, with ``/``.
        bytes: Its size.
    """

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Note:
    """A rendered note.

    Attributes:
        key: ``<note type>/<entry id>``.
        guid: Anki's identity of the note.
        note_type: Name of the note type.
        category: Id of the category whose deck its cards are put in.
        fields: HTML of each field, in the note type's order.
        tags: Without spaces.
        cards: 0-based ordinals of the cards that the note has.
        clips: The sounds its fields play.
        media: The files of its entry that its fields show or play.
        position: Place in the study order of its category, from 0.
        span: Where its entry stands.
    """

    key: str
    guid: str
    note_type: str
    category: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    cards: tuple[int, ...]
    clips: tuple[Clip, ...]
    position: int
    span: Span
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class BuiltDeck:
    """A package that a build wrote.

    Attributes:
        category: Id of its category; None for the whole course.
        file: Its name in the output folder.
        clips: How many different sounds it holds.
        bytes: Its size.
    """

    category: str | None
    file: str
    notes: int
    cards: int
    clips: int
    bytes: int
    sha256: str
