"""Packages → notes, in the order of study, and what of them no course can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen.importing import packages
from ankigen.importing.foreign import Foreign, Kind
from packages import BASIC, Draft

if TYPE_CHECKING:
    from pathlib import Path

NOTES = [
    (number, f"g{number}", 11, 7, " one two ", f"front {number}\x1fback") for number in range(1, 5)
]


def read(draft: Draft, folder: Path) -> Foreign:
    """The notes of a draft."""
    with packages.opened(draft.write(folder / "x.apkg")) as found:
        return found


def test_order(tmp_path: Path) -> None:
    """New cards' places count; what has been studied comes before them."""
    cards = [
        (101, 1, 1, 0, 0, 0, 0, 9),
        (102, 2, 1, 0, 0, 2, 2, 3),
        (103, 3, 1, 0, 0, 0, 0, 4),
        (104, 4, 1, 0, 0, 1, 1, 99),
        (105, 3, 1, 0, 1, 0, 0, 8),
    ]
    found = read(Draft(notes=NOTES, cards=cards), tmp_path)
    assert [note.guid for note in found.notes] == ["g2", "g4", "g3", "g1"]
    assert found.scheduled == 2
    assert found.notes[2].cards == (0, 1)
    first = found.notes[0]
    assert (first.deck, first.tags, first.mod) == ("A::B", ("one", "two"), 7)


def test_decks(tmp_path: Path) -> None:
    """A filtered deck is not where a card is at home; cards in several decks are told."""
    decks = {str(n): {"id": n, "name": name, "desc": ""} for n, name in enumerate("ABCD", 1)}
    cards = [
        (101, 1, 1, 2, 0, 0, 0, 1),
        (102, 2, 3, 0, 0, 0, 0, 2),
        (103, 2, 4, 0, 1, 0, 0, 2),
        (104, 3, 99, 0, 0, 0, 0, 3),
    ]
    found = read(Draft(notes=NOTES[:3], cards=cards, decks=decks), tmp_path)
    assert [note.deck for note in found.notes] == ["B", "C", ""]
    assert [(r.kind, r.place) for r in found.remarks] == [(Kind.CHANGED, "note g2")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((2, "g2", 99, 7, "", "a\x1fb"), "its note type is not in the package"),
        ((2, "g2", 11, 7, "", "a"), "it has more or fewer fields than its note type"),
        ((2, "g2", 11, 7, "", "a\x1fb\x1fc"), "it has more or fewer fields than its note type"),
        ((2, "", 11, 7, "", "a\x1fb"), "it has no GUID"),
        ((2, "g1", 11, 7, "", "a\x1fb"), "another note has its GUID"),
    ],
)
def test_notes_that_do_not_fit(tmp_path: Path, row: tuple[object, ...], message: str) -> None:
    """They are left out and told; the others are read."""
    found = read(Draft(notes=[NOTES[0], row]), tmp_path)
    assert [note.guid for note in found.notes] == ["g1"]
    assert [(r.kind, r.message) for r in found.remarks] == [(Kind.LEFT_OUT, message)]


def test_note_types_and_media(tmp_path: Path) -> None:
    """Only note types that a note has are there; a medium's bytes are read when asked for."""
    with packages.opened(Draft().write(tmp_path / "x.apkg")) as found:
        assert [kind.name for kind in found.types.values()] == [BASIC["name"]]
        assert dict(found.media.sizes()) == {"a.mp3": 16}
        assert b"".join(found.media.read("a.mp3")) == b"not really sound"
