"""Any ``.apkg`` → notes."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ankigen import apkg
from ankigen.apkg import Format, PackageError
from ankigen.importing.foreign import (
    Foreign,
    ForeignNote,
    ForeignType,
    Kind,
    Remark,
    Sieve,
    Writing,
)
from ankigen.release import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_NEW = 0


@contextmanager
def opened(path: Path) -> Iterator[Foreign]:
    """Open a package of either format.

    Raises:
        PackageError: It cannot be read.
    """
    with apkg.opened(path) as package:
        cards = _cards(package)
        remarks: list[Remark] = []
        read = list(_notes(package, cards, remarks))
        # Their cards' places among the new ones, then the order in which they were made.
        read.sort(key=lambda note: note[0])
        notes = [note for _, note in read]
        used = {note.type for note in notes}
        yield Foreign(
            file=path.name,
            form="Anki package" + ("" if package.format is Format.MODERN else " (legacy format)"),
            writing=Writing.HTML,
            types={
                str(kind.id): ForeignType(kind.name, tuple(f.name for f in kind.fields), kind)
                for kind in package.note_types.values()
                if str(kind.id) in used
            },
            notes=notes,
            decks={deck.name: deck for deck in package.decks.values() if deck.description},
            media=_Media(package),
            scheduled=sum(found.scheduled for found in cards.values()),
            remarks=remarks,
        )


@dataclass(slots=True)
class _Cards:
    """What the cards of a note tell of it."""

    ordinals: list[int] = field(default_factory=list)
    decks: list[int] = field(default_factory=list)
    position: int | None = None
    scheduled: int = 0


def _cards(package: apkg.Package) -> dict[int, _Cards]:
    found: dict[int, _Cards] = {}
    for card in package.cards():  # by ordinal
        of_note = found.setdefault(card.note, _Cards())
        of_note.ordinals.append(card.ordinal)
        of_note.decks.append(card.original_deck or card.deck)
        if card.type != _NEW:
            of_note.scheduled += 1
        elif of_note.position is None:
            of_note.position = card.due
    return found


def _notes(
    package: apkg.Package, cards: Mapping[int, _Cards], remarks: list[Remark]
) -> Iterator[tuple[tuple[int, int], ForeignNote]]:
    """Each note that Anki would import, with its place in the order of study."""
    sieve = Sieve("the package")
    for number, note in enumerate(package.notes()):
        kind = package.note_types.get(note.note_type)
        place = f"note {note.guid}"
        title = words(note.fields[0])
        problem = sieve.fault(note.guid, note.fields, kind.fields if kind else None)
        if problem:
            remarks.append(Remark(Kind.LEFT_OUT, problem, place, title))
            continue
        own = cards.get(note.id, _Cards())
        names = [deck.name for d in own.decks if (deck := package.decks.get(d)) is not None]
        if len(set(names)) > 1:
            told = "its cards are in several decks; all go where the first one is"
            remarks.append(Remark(Kind.CHANGED, told, place, title))
        found = ForeignNote(
            place=place,
            guid=note.guid,
            type=str(note.note_type),
            deck=names[0] if names else "",
            tags=note.tags,
            fields=note.fields,
            mod=note.mod,
            cards=tuple(dict.fromkeys(own.ordinals)),
        )
        # What has been studied comes first: it has no place among the new.
        yield (-1 if own.position is None else own.position, number), found


class _Media:
    """The media of a package."""

    def __init__(self, package: apkg.Package) -> None:
        self._package = package

    def sizes(self) -> Mapping[str, int]:
        """Those that are in the package."""
        return {f.name: f.size for f in self._package.media.values() if not f.missing}

    def read(self, name: str) -> Iterator[bytes]:
        """Raises PackageError where it cannot be read."""
        return self._package.open_media(name)


__all__ = ["PackageError", "opened"]
