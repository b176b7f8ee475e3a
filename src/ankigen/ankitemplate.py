"""Anki's card templates: what they contain, and which cards a note has by Anki's own rule.

A card exists if rendering its front reaches a replacement of a non-empty field; what filters do
to it does not matter (rslib/src/template.rs, ``template_is_empty``). genanki guesses by rendering
with another template language and loses cards, so it is not asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SPECIAL_FIELDS = frozenset(
    {"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID"}
)
"""Names that Anki fills itself."""

FILTERS = frozenset(
    {"cloze", "cloze-only", "furigana", "hint", "kana", "kanji", "text", "type", "nc"}
)
"""Filters that every Anki client knows; ``tts`` and ``tts-voices`` take arguments."""

_TOKEN = re.compile(r"<!--.*?-->|\{\{(.*?)\}\}", re.DOTALL)
_OLD_TOKEN = re.compile(r"<!--.*?-->|<%(.*?)%>", re.DOTALL)
_OLD_SYNTAX = re.compile(r"\s*\{\{=<% %>=\}\}")
_EMPTY = re.compile(r"(?:[ \t\n\r\f\v]|</?(?:br|div) ?/?>)*\Z", re.IGNORECASE | re.ASCII)
_CLOZE_EDGE = re.compile(r"\{\{c([0-9,]+)::|\}\}")
# rslib/src/cloze.rs and notetype/cardgen.rs
_CLOZE_DEPTH = 10
_CLOZE_CARDS = 500
_GREATEST_CLOZE = "65535"
_ALWAYS_FILLED = SPECIAL_FIELDS - {"FrontSide", "Tags"}


@dataclass(frozen=True, slots=True)
class Replacement:
    """``{{filter:Field}}``; filters in the order they are written, ``offset`` in the template."""

    field: str
    filters: tuple[str, ...]
    offset: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """``{{#Field}}…{{/Field}}``, or ``{{^Field}}…{{/Field}}`` where ``negated``."""

    field: str
    negated: bool
    children: tuple[Part, ...]
    offset: int = attribute(default=0, compare=False)


Part: TypeAlias = "str | Replacement | Section"


class TemplateError(ValueError):
    """A template that Anki would show an error for.

    Attributes:
        offset: Index of the offending character in the template.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def parse(template: str, *, text: bool = False) -> tuple[Part, ...]:
    """The replacements and sections of a template, comments left out.

    Args:
        template: Of one side of a card.
        text: Whether what stands between them is wanted too.

    Raises:
        TemplateError: A section is not closed, or closed and not open.
    """
    stack: list[tuple[str, bool, int, list[Part]]] = [("", False, 0, [])]
    old = _OLD_SYNTAX.match(template)
    start = old.end() if old else 0
    for match in (_OLD_TOKEN if old else _TOKEN).finditer(template, start):
        if text and match.start() > start:
            stack[-1][3].append(template[start : match.start()])
        start = match.end()
        handlebar = match[1]
        if handlebar is None:
            continue
        inner = handlebar.lstrip("{").strip()
        if len(inner) > 1 and inner[0] in "#^":
            stack.append((inner[1:].strip(), inner[0] == "^", match.start(), []))
        elif len(inner) > 1 and inner[0] == "/":
            name, negated, begin, children = stack.pop() if len(stack) > 1 else ("", False, 0, [])
            if name != inner[1:].strip():
                raise TemplateError(f"'{{{{{inner}}}}}' closes what is not open", match.start())
            stack[-1][3].append(Section(name, negated, tuple(children), begin))
        else:
            *filters, name = inner.split(":")
            stack[-1][3].append(Replacement(name, tuple(filters), match.start()))
    if len(stack) > 1:
        name, negated, offset, _ = stack[-1]
        raise TemplateError(f"'{{{{{'^' if negated else '#'}{name}}}}}' is not closed", offset)
    if text and start < len(template):
        stack[0][3].append(template[start:])
    return tuple(stack[0][3])


def replacements(parts: Sequence[Part]) -> Iterator[Replacement | Section]:
    """Every replacement and section, depth first."""
    for part in parts:
        if isinstance(part, str):
            continue
        yield part
        if isinstance(part, Section):
            yield from replacements(part.children)


def is_empty(value: str) -> bool:
    """Whether Anki takes a field for empty: white space, ``<br>`` and ``<div>`` only."""
    return not value or _EMPTY.match(value) is not None


def shows_something(parts: Sequence[Part], filled: frozenset[str] | set[str]) -> bool:
    """Whether rendering reaches a replacement of one of the ``filled`` fields."""
    for part in parts:
        if isinstance(part, str):
            continue
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
    return shown_cards(fronts, fields, tags=tags) or (0,)


def shown_cards(
    fronts: Sequence[tuple[Part, ...]], fields: Mapping[str, str], *, tags: bool = False
) -> tuple[int, ...]:
    """Ordinals of the cards of a standard note whose fronts show something; may be none."""
    filled = {name for name, value in fields.items() if not is_empty(value)} | _ALWAYS_FILLED
    if tags:
        filled.add("Tags")
    return tuple(i for i, front in enumerate(fronts) if shows_something(front, filled))


def cloze_cards(fields: Iterable[str]) -> tuple[int, ...]:
    """Ordinals of the cards of a cloze note: one for each number in any field, on its front or not.

    The first where there is no number. A deletion counts once it and all around it are closed.
    """
    numbers = set().union(*map(_cloze_numbers, fields))
    return tuple(sorted({min(n, _CLOZE_CARDS) - 1 for n in numbers if n})) or (0,)


def _cloze_numbers(html: str) -> set[int]:
    closed: set[int] = set()
    opened: list[set[int]] = []
    for edge in _CLOZE_EDGE.finditer(html):
        if edge[1] is None:
            if opened:
                inner = opened.pop()
                (opened[-1] if opened else closed).update(inner)
            continue
        numbers = set(_ordinals(edge[1]))
        if numbers and len(opened) < _CLOZE_DEPTH:
            opened.append(numbers)
    return closed


def _ordinals(said: str) -> Iterator[int]:
    """``1,2`` → 1, 2; what does not fit into sixteen bits is passed over."""
    for part in said.split(","):
        digits = part.lstrip("0").rjust(len(_GREATEST_CLOZE), "0")
        if part and len(digits) == len(_GREATEST_CLOZE) and digits <= _GREATEST_CLOZE:
            yield int(digits)
