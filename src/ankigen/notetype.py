"""Note types are data: a folder with ``notetype.yaml``, card templates and a stylesheet.

This module is the one loader of them. Nothing else in the program knows a note type by name.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from importlib import resources
from typing import (
    TYPE_CHECKING,
    Any,
    Protocol,
)

from pydantic import TypeAdapter

from ankigen import ankitemplate, schema, yamltext
from ankigen.diagnostics import Code, Diagnostic, SourceError, Span, did_you_mean
from ankigen.model import Media, Origin
from ankigen.notetypespec import NoteTypeSpec, check, entry_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


SPEC_FILE = "notetype.yaml"
STYLE_FILE = "style.css"
SHARED_STYLE = "shared.css"
"""The look that all built-in note types share, put before each one's own."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card template, read and parsed."""

    id: int
    name: str
    front: str
    back: str
    parsed_front: tuple[ankitemplate.Part, ...]


@dataclass(frozen=True)
class NoteType:
    """A loaded note type.

    Attributes:
        name: Its folder's name, which is also the stem of its source files.
        origin: Its ``notetype.yaml``, as messages name it.
        spec: What ``notetype.yaml`` says.
        cards: In Anki's order.
        css: The cards' stylesheet.
        media: Files that its templates and stylesheet use; their names begin with ``_``.
        entries: Checks and types one entry of a source file.
    """

    name: str
    origin: Origin
    spec: NoteTypeSpec
    cards: tuple[Card, ...]
    css: str
    entries: TypeAdapter[Mapping[str, Any]] = field(compare=False, repr=False)
    media: tuple[Media, ...] = ()

    def cards_of(self, fields: tuple[str, ...], *, tags: bool) -> tuple[int, ...]:
        """Ordinals of the cards that a note with these fields has in Anki."""
        if self.spec.kind == "cloze":
            return ankitemplate.cloze_cards(fields)
        return self._shown(fields, tags=tags) or (0,)

    def is_blank(self, fields: tuple[str, ...], *, tags: bool) -> bool:
        """Whether all that a note with these fields has is a first card that shows nothing."""
        return self.spec.kind == "standard" and not self._shown(fields, tags=tags)

    def _shown(self, fields: tuple[str, ...], *, tags: bool) -> tuple[int, ...]:
        named = {name: fields[index] for index, name in self._on_fronts}
        empty = tuple(map(ankitemplate.is_empty, named.values()))
        known = self._shown_before.get((empty, tags))
        if known is None:
            known = ankitemplate.shown_cards(self._fronts, named, tags=tags)
            self._shown_before[empty, tags] = known
        return known

    @functools.cached_property
    def _shown_before(self) -> dict[tuple[tuple[bool, ...], bool], tuple[int, ...]]:
        """Cards by which fields are empty: most notes of a type have the same filled."""
        return {}

    @functools.cached_property
    def _fronts(self) -> list[tuple[ankitemplate.Part, ...]]:
        return [card.parsed_front for card in self.cards]

    @functools.cached_property
    def _on_fronts(self) -> list[tuple[int, str]]:
        """The fields that decide which cards there are."""
        asked = {p.field for front in self._fronts for p in ankitemplate.replacements(front)}
        return [(i, field.name) for i, field in enumerate(self.spec.fields) if field.name in asked]

    @property
    def spoken(self) -> tuple[str, ...]:
        """The keys of an entry that are spoken, the main one first."""
        said = (field.speak or field.lines for field in self.spec.fields)
        return tuple(dict.fromkeys(key for key in said if key and "." not in key))

    @functools.cached_property
    def shown_on(self) -> Mapping[str, frozenset[str]]:
        """By field, slugs of the cards that show it on either side."""
        found: dict[str, set[str]] = {}
        for card, spec in zip(self.cards, self.spec.cards, strict=True):
            parts = (*card.parsed_front, *ankitemplate.parse(card.back))
            for part in ankitemplate.replacements(parts):
                found.setdefault(part.field, set()).add(spec.slug)
        return {name: frozenset(cards) for name, cards in found.items()}

    @property
    def switches(self) -> Mapping[str, str]:
        """The field that turns off a card, by the card's slug."""
        return {field.off: field.name for field in self.spec.fields if field.off}


_SPEC: TypeAdapter[NoteTypeSpec] = TypeAdapter(NoteTypeSpec)


@functools.cache
def built_in() -> Mapping[str, NoteType]:
    """The note types that come with ankigen, by name.

    Raises:
        SourceError: One of them is broken, which the test suite would have shown.
    """
    root = resources.files("ankigen") / "notetypes"
    folders = sorted((f for f in root.iterdir() if (f / SPEC_FILE).is_file()), key=lambda f: f.name)
    shared = (root / SHARED_STYLE).read_text("utf-8")
    return {folder.name: load(folder, shared) for folder in folders}


class Folder(Protocol):
    """Where a note type's files are: a folder of this program or of a project."""

    @property
    def name(self) -> str:
        """Of the folder and of the note type."""

    def __truediv__(self, name: str) -> File:
        """The file of that name, which need not be there."""


class File(Protocol):
    """One of a note type's files."""

    def is_file(self) -> bool:
        """Whether it is there."""

    def read_text(self, encoding: str) -> str:
        """What it holds."""


def load(folder: Folder, shared_css: str = "", where: str = "") -> NoteType:
    """Read, check and compile the note type in a folder.

    Args:
        folder: With ``notetype.yaml``, the templates it names and, if it likes, ``style.css``.
        shared_css: Put before the folder's own stylesheet.
        where: The folder that holds it, as messages name it, with ``/`` at its end.

    Raises:
        SourceError: With every mistake in its files.
    """
    at = f"{where}{folder.name}"
    file = f"{at}/{SPEC_FILE}"
    document = yamltext.read((folder / SPEC_FILE).read_text("utf-8"), file)
    if document.diagnostics or document.value is None:
        raise SourceError(
            document.diagnostics or [Diagnostic(Span(file), Code.EMPTY, "the file is empty")]
        )
    spec = schema.validate(_SPEC, document.value, document.marks, file)
    if isinstance(spec, schema.Invalid):
        raise SourceError(spec.diagnostics)
    problems = list(check(spec, document.marks, file))
    cards = []
    for index, card in enumerate(spec.cards):
        texts = {}
        for side in ("front", "back"):
            name = getattr(card, side)
            template = folder / name
            if "/" in name or "\\" in name or not template.is_file():
                problems.append(
                    Diagnostic(
                        Span(file, *document.marks.find(("cards", index, side))),
                        Code.NOTE_TYPE,
                        f"there is no template '{name}' in this folder",
                    )
                )
                continue
            texts[side] = template.read_text("utf-8")
            problems += _check_template(texts[side], f"{at}/{name}", spec)
        if len(texts) == 2 and not problems:  # noqa: PLR2004 - front and back
            parsed = ankitemplate.parse(texts["front"])
            cards.append(Card(card.id, card.name, texts["front"], texts["back"], parsed))
    if problems:
        raise SourceError(problems)
    style = folder / STYLE_FILE
    own_css = style.read_text("utf-8") if style.is_file() else ""
    css = own_css if spec.adopted else shared_css + own_css
    return NoteType(
        folder.name,
        Origin(file, document.marks),
        spec,
        tuple(cards),
        css,
        entry_schema(folder.name, spec),
    )


def _check_template(text: str, file: str, spec: NoteTypeSpec) -> Iterator[Diagnostic]:
    """Unknown fields and filters, which Anki would take in silence or show an error for."""

    def at(offset: int, message: str, hint: str = "") -> Diagnostic:
        line = text.count("\n", 0, offset) + 1
        column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        return Diagnostic(Span(file, line, column), Code.TEMPLATE, message, hint)

    try:
        parts = ankitemplate.parse(text)
    except ankitemplate.TemplateError as error:
        yield at(error.offset, str(error))
        return
    fields = {f.name for f in spec.fields}
    for part in ankitemplate.replacements(parts):
        if part.field not in fields | ankitemplate.SPECIAL_FIELDS:
            yield at(
                part.offset,
                f"the note type has no field '{part.field}'",
                did_you_mean(part.field, fields),
            )
        # Add-ons bring filters of their own, which all others pass over.
        for name in () if spec.adopted else getattr(part, "filters", ()):
            if name not in ankitemplate.FILTERS and not name.startswith("tts"):
                yield at(
                    part.offset,
                    f"Anki has no filter '{name}'",
                    did_you_mean(name, ankitemplate.FILTERS),
                )
