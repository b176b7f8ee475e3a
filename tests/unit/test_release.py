"""A release is the same for learners whether it is read from a package or rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import reading, release
from ankigen.apkg import PackageError
from ankigen.release import ReleasedNote, ReleasedType, words
from packages import BASIC, CLOZE, Draft

if TYPE_CHECKING:
    from pathlib import Path


def test_a_package(tmp_path: Path) -> None:
    """Notes, note types and sounds of somebody else's package."""
    found = release.of_package(Draft().write(tmp_path / "a.apkg"))
    assert dict(found.notes) == {
        "guid-1": ReleasedNote(
            guid="guid-1",
            key="",
            title="front",
            note_type="Basic",
            deck="A::B",
            fields={"Front": "front[sound:a.mp3]", "Back": "back"},
            tags=("one", "two"),
        )
    }
    assert found.types[11] == ReleasedType(
        11,
        "Basic",
        ("Front", "Back"),
        {"Card 1": ("{{Front}}", "{{FrontSide}} {{Back}}")},
        ".card {}",
    )
    assert found.sounds == {"a.mp3"}


def test_the_key(tmp_path: Path) -> None:
    """The field ``Key``, wherever it stands, is the note's key."""
    model = {**BASIC, "flds": [{"name": "Front"}, {"name": "Key"}]}
    draft = Draft(models={"11": model}).note("front\x1fterms/front")
    [note] = release.of_package(draft.write(tmp_path / "a.apkg")).notes.values()
    assert note.key == "terms/front"


def test_the_deck_of_the_first_card(tmp_path: Path) -> None:
    """A note is where its first card is; without a card it is nowhere."""
    draft = Draft(decks={"1": {"id": 1, "name": "A"}, "2": {"id": 2, "name": "B"}})
    draft.notes.append((2, "guid-2", 12, 7, "", "{{c1::x}}"))
    draft.cards = [(101, 1, 2, 0, 1, 0, 0, 3), (102, 1, 1, 0, 0, 0, 0, 3)]
    found = release.of_package(draft.write(tmp_path / "a.apkg"))
    assert [note.deck for note in found.notes.values()] == ["A", ""]


def test_a_note_without_its_type(tmp_path: Path) -> None:
    """Its fields are numbered; nothing fails."""
    draft = Draft(models={"12": CLOZE})
    [note] = release.of_package(draft.write(tmp_path / "a.apkg")).notes.values()
    assert (note.note_type, list(note.fields)) == ("", ["1", "2"])


def test_repeated_guids(tmp_path: Path) -> None:
    """Of notes with one GUID the last counts, as in Anki."""
    draft = Draft()
    draft.notes.append((2, "guid-1", 11, 7, "", "later\x1fback"))
    found = release.of_package(draft.write(tmp_path / "a.apkg"))
    assert [note.title for note in found.notes.values()] == ["later"]
    assert found.sounds == frozenset()


def test_no_package(tmp_path: Path) -> None:
    """What is no package is said to be none."""
    (tmp_path / "a.apkg").write_bytes(b"junk")
    with pytest.raises(PackageError, match="no Anki package"):
        release.of_package(tmp_path / "a.apkg")


def test_sources_and_package_agree(built_small: Path) -> None:
    """What the sources would release is what the built package holds, sounds included."""
    rendered = reading.released(built_small, "")
    packed = release.of_package(built_small / "dist/small.apkg")
    assert rendered == packed
    assert list(rendered.notes) == list(packed.notes)
    assert len(rendered.sounds) == 6


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("plain", "plain"),
        ("  spaces around ", "spaces around"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<b>bold</b>er", "bolder"),
        ("one<br>two<div>three</div>", "one two three"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("word[sound:a.mp3]", "word"),
        ("[sound:a.mp3]", ""),
        ("<img src='a.png'>", ""),
        ("{{c1::gap}} and {{c2::other::a hint: x}}", "gap and other"),
        ("{{c1,2::both}}", "both"),
        ("{{c1::a::b::hint}}", "a::b"),
        ("{{Field}} {{c1::open", "{{Field}} {{c1::open"),
        ("1 < 2", "1 < 2"),
        ("two\n lines", "two lines"),
        ("a&nbsp;b", "a b"),
    ],
)
def test_words(field: str, expected: str) -> None:
    """Only what a person reads stays of a field."""
    assert words(field) == expected


@given(st.text())
def test_words_of_anything(field: str) -> None:
    """Whatever a field holds, its words have no space at their ends, and no sound."""
    found = words(field)
    assert found == found.strip()
    assert len(found) <= len(field)


@pytest.mark.parametrize("part", ["<", "<br", "[sound:", "{{c1::", "{{c1::a", "::", "{{c1,", "&"])
@pytest.mark.parametrize("start", ["", "{{c1::"])
def test_words_of_hostile_fields(start: str, part: str) -> None:
    """A megabyte of what only begins is read through once, and stays what it is."""
    field = start + part * (1_000_000 // len(part))
    assert words(field) == field.strip()
