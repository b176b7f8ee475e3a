"""Which cards of a note type a course makes: ``cards:`` of the course and its categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.diagnostics import Code, Diagnostic, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ankigen.model import Category, Course, Entry
    from ankigen.notetype import NoteType


class CardChoice:
    """What a course says of its cards, and what of that cannot be."""

    def __init__(self, course: Course, note_types: Mapping[str, NoteType]) -> None:
        """Take both.

        Args:
            course: With its categories.
            note_types: By name.
        """
        self._course = course
        self._note_types = note_types
        self._categories = {category.id: category for category in course.categories}

    def off(self, entry: Entry) -> frozenset[str]:
        """Slugs of the cards that an entry's note is to be without."""
        category = self._categories[entry.category]
        wanted = category.cards.get(entry.note_type) or self._course.cards.get(entry.note_type)
        if not wanted:
            return frozenset()
        return frozenset(self._note_types[entry.note_type].switches) - frozenset(wanted)

    def check(self) -> Iterator[Diagnostic]:
        """Note types and cards that are not there, and cards that cannot be left out."""
        yield from self._check(self._course)
        for category in self._course.categories:
            yield from self._check(category)

    def _check(self, said: Course | Category) -> Iterator[Diagnostic]:
        for name, wanted in said.cards.items():
            note_type = self._note_types.get(name)
            if note_type is None:
                hint = did_you_mean(name, self._note_types)
                message = f"'cards' names the note type '{name}', which is not there"
                yield Diagnostic(
                    said.origin.span("cards", name), Code.UNKNOWN_NOTE_TYPE, message, hint
                )
                continue
            cards = [card.slug for card in note_type.spec.cards]
            for index, slug in enumerate(wanted):
                if slug not in cards:
                    hint = did_you_mean(slug, cards, f"choose from {', '.join(cards)}")
                    message = f"{name} have no card '{slug}'"
                    span = said.origin.span("cards", name, index)
                    yield Diagnostic(span, Code.BAD_VALUE, message, hint)
            fixed = [slug for slug in cards if slug not in (*wanted, *note_type.switches)]
            if fixed:
                message = f"the card '{fixed[0]}' of {name} cannot be left out"
                hint = f"add it, or give the note type a field with 'off: {fixed[0]}'"
                yield Diagnostic(said.origin.span("cards", name), Code.BAD_VALUE, message, hint)
