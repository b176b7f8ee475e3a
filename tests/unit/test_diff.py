"""What differs between two releases, note by note, type by type, word by word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.diff import FieldChange, Move, NoteChange, TypeChange, compare, edits
from ankigen.release import Release, ReleasedNote, ReleasedType, words

NOTE = ReleasedNote("g1", "terms/a", "a", "Term", "C::A", {"Term": "a", "Key": "terms/a"}, ("t",))
OTHER = replace(NOTE, guid="g2", key="terms/b", title="b", fields={"Term": "b", "Key": "terms/b"})
TYPE = ReleasedType(7, "Term", ("Term", "Key"), {"One": ("f", "b"), "Two": ("f", "b")}, "css")


def release(
    *notes: ReleasedNote, types: tuple[ReleasedType, ...] = (TYPE,), sounds: str = ""
) -> Release:
    """A release of these notes."""
    return Release(
        {note.guid: note for note in notes},
        {kind.id: kind for kind in types},
        frozenset(sounds.split()),
    )


def test_nothing() -> None:
    """Equal releases differ in nothing, whatever the order of their notes."""
    difference = compare(release(NOTE, OTHER), release(OTHER, NOTE))
    assert not difference
    assert difference == compare(release(), release())


def test_added_and_removed() -> None:
    """Notes are told apart by their GUIDs; each list keeps its release's order."""
    third = replace(OTHER, guid="g0")
    difference = compare(release(NOTE), release(OTHER, third))
    assert difference.added == (OTHER, third)
    assert difference.removed == (NOTE,)
    assert difference


def test_changed() -> None:
    """A changed note has the fields that differ, and the tags that came and went, sorted."""
    now = replace(NOTE, fields={"Term": "A", "Key": "terms/a"}, tags=("z", "u"))
    expected = NoteChange(now, (FieldChange("Term", "a", "A"),), ("u", "z"), ("t",))
    assert compare(release(NOTE), release(now)).changed == (expected,)


@pytest.mark.parametrize(
    "fields",
    [{"Word": "a", "Key": "terms/a"}, {"Key": "terms/a", "Term": "a"}],
    ids=["renamed", "listed otherwise"],
)
def test_the_same_content(fields: dict[str, str]) -> None:
    """A field with another name, or listed elsewhere, is no change of the note."""
    assert compare(release(NOTE), release(replace(NOTE, fields=fields))).changed == ()


def test_a_field_more() -> None:
    """A field that the old release lacks was empty there."""
    now = replace(NOTE, fields={**NOTE.fields, "More": "x"})
    [change] = compare(release(NOTE), release(now)).changed
    assert change.fields == (FieldChange("More", "", "x"),)


def test_moved() -> None:
    """A note in another deck has moved, and has not changed for that."""
    now = replace(NOTE, deck="C::B")
    difference = compare(release(NOTE), release(now))
    assert difference.moved == (Move(now, "C::A"),)
    assert difference.changed == ()


@pytest.mark.parametrize(
    ("after", "what"),
    [
        (replace(TYPE, name="Word"), ("was called Term",)),
        (replace(TYPE, fields=("Word", "Key")), ("field 'Term' is now 'Word'",)),
        (replace(TYPE, fields=("Term",)), ("has 1 fields instead of 2",)),
        (replace(TYPE, css=""), ("has another stylesheet",)),
        (
            replace(TYPE, cards={"Two": ("f", "x"), "Z": ("", ""), "A": ("", "")}),
            (
                *("card 'Z' is new", "card 'A' is new", "card 'One' is gone"),
                "card 'Two' looks different",
            ),
        ),
    ],
)
def test_a_changed_note_type(after: ReleasedType, what: tuple[str, ...]) -> None:
    """Each part of a note type that differs is said in words, in the note type's order."""
    difference = compare(release(), release(types=(after,)))
    assert difference.types == (TypeChange(after.name, what),)


def test_new_and_dropped_note_types() -> None:
    """Note types are told apart by their ids."""
    new = replace(TYPE, id=8)
    assert compare(release(), release(types=(new,))).types == (
        TypeChange("Term", ("is new",)),
        TypeChange("Term", ("is no longer used",)),
    )


def test_sounds() -> None:
    """New and dropped sounds are sorted."""
    difference = compare(release(sounds="c b a"), release(sounds="e d c"))
    assert (difference.new_sounds, difference.dropped_sounds) == (("d", "e"), ("a", "b"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("same words", "same words", [("same", "same words")]),
        ("", "", []),
        ("", "new", [("new", "new")]),
        ("old", "", [("old", "old")]),
        (
            "the quick fox",
            "the slow fox",
            [("same", "the"), ("old", " quick"), ("new", " slow"), ("same", " fox")],
        ),
        ("front", "another front", [("new", "another"), ("same", " front")]),
        ("one two", "two", [("old", "one"), ("same", " two")]),
        ("a, b", "a c, b", [("same", "a"), ("new", " c"), ("same", ", b")]),
        ("<b>a</b><br>b", "a b c", [("same", "a b"), ("new", " c")]),
        (
            "Uno dos a tres cuatro.",
            "One two a three four.",
            [("old", "Uno dos a tres cuatro"), ("new", "One two a three four"), ("same", ".")],
        ),
        ("front[sound:a.mp3]", "front[sound:b.mp3]", [("same", "front")]),
    ],
)
def test_edits(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    """Words that stayed keep their place; what is left between longer changes goes with them."""
    assert edits(old, new) == expected


TEXT = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(["a", "b", "c", " ", ", ", ".", "<br>", "&amp;", "{{c1::a::b}}"])).map(
        "".join
    ),
)


@given(TEXT, TEXT)
def test_edits_lose_nothing(old: str, new: str) -> None:
    """What stayed and went is the old text, what stayed and came the new one.

    But for a space before what stayed, if something in front of it came or went.
    """
    found = edits(old, new)
    assert "".join(text for kind, text in found if kind != "new").lstrip() == words(old)
    assert "".join(text for kind, text in found if kind != "old").lstrip() == words(new)
    assert all(text for _, text in found)


def test_very_long_texts() -> None:
    """Fields beyond what can be compared word by word are shown as replaced, whole."""
    old, new = "a b " * 50_000, "b a c " * 50_000
    assert edits(old, new) == [("old", old.strip()), ("new", new.strip())]
