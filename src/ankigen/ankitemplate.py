"""Anki's card templates: what they contain, and which cards a note has by Anki's own rule.

A card exists if rendering its front reaches a replacement of a non-empty field; what filters do
to it does not matter (rslib/src/template.rs, ``template_is_empty``). genanki guesses by rendering
with another template language and loses cards, so it is not asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SPECIAL_FIELDS = frozenset(
    {"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID"}
)
"""Names that Anki fills itself."""

FILTERS = frozenset(
    {"cloze", "cloze-only", "furigana", "hint", "kana", "kanji", "text", "type", "nc"}
)
"""Filters that every Anki client knows; ``tts`` and ``tts-voices`` take arguments."""

_TOKEN = re.compile(r"<!--.*?-->|\{\{(.*?)\}\}", re.DOTALL)
_EMPTY = re.compile(r"(?:[ \t\n\r\f\v]|</?(?:br|div) ?/?>)*\Z", re.IGNORECASE)
_CLOZE_OPEN = re.compile(r"\{\{c([\d,]+)::")


@dataclass(frozen=True, slots=True)
class Replacement:
    """``{{filter:Field}}``; filters in the order they are written."""

    field: str
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """``{{#Field}}…{{/Field}}``, or ``{{^Field}}…{{/Field}}`` where ``negated``."""

    field: str
    negated: bool
    children: tuple[Part, ...]


Part: TypeAlias = "Replacement | Section"


class TemplateError(ValueError):
    """A template that Anki would show an error for.

    Attributes:
        offset: Index of the offending character in the template.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def parse(template: str) -> tuple[Part, ...]:
    """The replacements and sections of a template, text and comments left out.

    Raises:
        TemplateError: A section is not closed, or closed and not open.
    """
    stack: list[tuple[str, bool, int, list[Part]]] = [("", False, 0, [])]
    for match in _TOKEN.finditer(template):
        handlebar = match[1]
        if handlebar is None:
            continue
        inner = handlebar.strip()
        if inner[:1] in ("#", "^"):
            stack.append((inner[1:].strip(), inner[0] == "^", match.start(), []))
        elif inner[:1] == "/":
            name, negated, _, children = stack.pop() if len(stack) > 1 else ("", False, 0, [])
            if name != inner[1:].strip():
                raise TemplateError(f"'{{{{{inner}}}}}' closes what is not open", match.start())
            stack[-1][3].append(Section(name, negated, tuple(children)))
        else:
            *filters, name = inner.split(":")
            stack[-1][3].append(Replacement(name.strip(), tuple(part.strip() for part in filters)))
    if len(stack) > 1:
        name, negated, offset, _ = stack[-1]
        raise TemplateError(f"'{{{{{'^' if negated else '#'}{name}}}}}' is not closed", offset)
    return tuple(stack[0][3])


def replacements(parts: Sequence[Part]) -> Iterator[Replacement | Section]:
    """Every replacement and section, depth first."""
    for part in parts:
        yield part
        if isinstance(part, Section):
            yield from replacements(part.children)


def is_empty(value: str) -> bool:
    """Whether Anki takes a field for empty: white space, ``<br>`` and ``<div>`` only."""
    return not value or _EMPTY.match(value) is not None


def shows_something(parts: Sequence[Part], filled: frozenset[str] | set[str]) -> bool:
    """Whether rendering reaches a replacement of one of the ``filled`` fields."""
    for part in parts:
        if isinstance(part, Replacement):
            if part.field in filled:
                return True
        elif (part.field in filled) is not part.negated and shows_something(part.children, filled):
            return True
    return False


def standard_cards(
    fronts: Sequence[tuple[Part, ...]], fields: Mapping[str, str], *, tags: bool = False
) -> tuple[int, ...]:
    """Ordinals of the cards of a standard note; the first where none would show anything.

    Args:
        fronts: Parsed front of each card.
        fields: HTML by field name.
        tags: Whether the note has tags, for which ``{{Tags}}`` counts.
    """
    filled = {name for name, value in fields.items() if not is_empty(value)}
    if tags:
        filled.add("Tags")
    found = tuple(i for i, front in enumerate(fronts) if shows_something(front, filled))
    return found or (0,)


def cloze_cards(front: Sequence[Part], fields: Mapping[str, str]) -> tuple[int, ...]:
    """Ordinals of the cards of a cloze note: one for each number in its cloze fields."""
    numbers: set[int] = set()
    for part in replacements(front):
        if isinstance(part, Replacement) and "cloze" in part.filters:
            for match in _CLOZE_OPEN.finditer(fields.get(part.field, "")):
                numbers.update(int(n) for n in match[1].split(",") if n)
    return tuple(sorted({n - 1 for n in numbers if n > 0})) or (0,)
