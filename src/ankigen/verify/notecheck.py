"""Notes of a package and their cards: identity, fields, and the cards that Anki's rule gives."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

from ankigen import ankitemplate
from ankigen.apkg import Kind
from ankigen.verify.findings import Code, Finding
from ankigen.verify.inspection import ERROR, WARNING
from ankigen.verify.templatecheck import Fronts, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ankigen.ankitemplate import Part
    from ankigen.apkg import Card, Note, Package
    from ankigen.verify.inspection import Inspector

_MAX_CARDS = 2000  # of one note; Anki makes 500 at most
_KEY = "Key"


class Notes:
    """Checks every note and card in one pass.

    Attributes:
        notes: How many were read.
        cards: How many were read.
    """

    def __init__(self, package: Package, inspector: Inspector) -> None:
        self.notes = 0
        self.cards = 0
        self._package = package
        self._inspector = inspector
        self._guids: set[str] = set()
        self._fronts: Mapping[int, Fronts] = {
            number: read(note_type) for number, note_type in package.note_types.items()
        }

    def check(self) -> Iterator[Finding]:
        """Everything about every note and its cards."""
        for note, cards in _joined(self._package):
            self.cards += len(cards)
            if note is None:
                message = "the card belongs to no note"
                yield Finding(
                    ERROR,
                    Code.NO_NOTE,
                    f"card {cards[0].id}",
                    message,
                    "run Tools → Check Database",
                )
                continue
            self.notes += 1
            yield from self._note(note, cards)

    def _note(self, note: Note, cards: Sequence[Card]) -> Iterator[Finding]:
        fronts = self._fronts.get(note.note_type)
        where = _label(note, fronts)
        yield from self._identity(note, where)
        yield from self._decks(cards, where)
        if not cards:
            yield Finding(
                ERROR, Code.NO_CARDS, where, "the note has no card", "run Tools → Check Database"
            )
        names: Sequence[str] = [str(place) for place in range(1, len(note.fields) + 1)]
        if fronts is None:
            message = f"the package lacks its note type {note.note_type}"
            yield Finding(ERROR, Code.UNKNOWN_NOTE_TYPE, where, message, "export it again")
        else:
            fields = [field.name for field in fronts.note_type.fields]
            if len(fields) == len(note.fields):
                names = fields
                yield from _cards(note, cards, fronts, where)
            else:
                message = (
                    f"it has {len(note.fields)} fields, its note type"
                    f" '{fronts.note_type.name}' {len(fields)}"
                )
                yield Finding(ERROR, Code.FIELD_COUNT, where, message, "export it again")
        for name, html in zip(names, note.fields, strict=True):
            yield from self._inspector.field(html, f"{where}, {name}")

    def _identity(self, note: Note, where: str) -> Iterator[Finding]:
        if note.guid in self._guids:
            message = f"another note has the GUID '{note.guid}' too: Anki imports it twice"
            yield Finding(ERROR, Code.DUPLICATE_GUID, where, message, "give each note its own")
        self._guids.add(note.guid)

    def _decks(self, cards: Sequence[Card], where: str) -> Iterator[Finding]:
        for deck in {card.original_deck or card.deck for card in cards}:
            if deck not in self._package.decks:
                message = f"a card is in deck {deck}, which the package lacks"
                yield Finding(ERROR, Code.NO_DECK, where, message, "export it again")


def _joined(package: Package) -> Iterator[tuple[Note | None, list[Card]]]:
    """Each note with its cards, and cards without a note; both come by the note's id."""
    groups = groupby(package.cards(), key=lambda card: card.note)
    group = next(groups, None)
    for note in package.notes():
        while group and group[0] < note.id:
            yield None, list(islice(group[1], _MAX_CARDS))
            group = next(groups, None)
        if group and group[0] == note.id:
            yield note, list(islice(group[1], _MAX_CARDS))
            group = next(groups, None)
        else:
            yield note, []
    while group:
        yield None, list(islice(group[1], _MAX_CARDS))
        group = next(groups, None)


def _label(note: Note, fronts: Fronts | None) -> str:
    """How a person finds the note: its key, or its GUID."""
    if fronts:
        for field, value in zip(fronts.note_type.fields, note.fields, strict=False):
            if field.name == _KEY and value:
                return value[:80]
    return f"note {note.guid[:80]}"


def _cards(note: Note, cards: Sequence[Card], fronts: Fronts, where: str) -> Iterator[Finding]:
    if fronts.parsed is None:
        return
    if fronts.note_type.kind is Kind.CLOZE:
        shown = _cloze(note.fields)
    else:
        names = [field.name for field in fronts.note_type.fields]
        shown = _standard(fronts.parsed, dict(zip(names, note.fields, strict=True)), note.tags)
    present = {card.ordinal for card in cards}
    for ordinal in sorted(present - shown):
        yield Finding(
            WARNING,
            Code.EMPTY_CARD,
            where,
            f"card {ordinal + 1} has nothing to show on its front",
            "run Tools → Empty Cards, or fill its fields",
        )
    for ordinal in sorted(shown - present) if cards else ():
        yield Finding(
            WARNING,
            Code.ABSENT_CARD,
            where,
            f"card {ordinal + 1} is missing: Anki would make it, but does not at import",
            "run Tools → Check Database and export again",
        )


# Where no front shows anything, Anki keeps the first card all the same: the two functions below
# tell that card from one that does show something.


def _cloze(fields: Sequence[str]) -> set[int]:
    found = set(ankitemplate.cloze_cards(fields))
    if found == {0} and 0 not in ankitemplate.cloze_cards([*fields, "{{c2::x}}"]):
        return set()
    return found


def _standard(
    fronts: Sequence[tuple[Part, ...]], fields: Mapping[str, str], tags: Sequence[str]
) -> set[int]:
    found = set(ankitemplate.standard_cards(((), *fronts), fields, tags=bool(tags)))
    return {ordinal - 1 for ordinal in found - {0}}
