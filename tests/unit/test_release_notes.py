"""A difference as a person at a terminal, a learner and a program read it."""

from __future__ import annotations

import json
from dataclasses import replace

import click
import pytest

from ankigen import release_notes
from ankigen.diff import Difference, FieldChange, Move, NoteChange, TypeChange
from ankigen.release import ReleasedNote

NONE = Difference((), (), (), (), (), (), ())
NOTE = ReleasedNote(
    "g1", "terms/a", "a word", "Term", "Course::Basics", {"Term": "a word", "Key": "terms/a"}, ()
)
FOREIGN = replace(NOTE, key="", note_type="Basic", fields={"Front": "a <b>word</b>"})


def changed(*fields: FieldChange, added: tuple[str, ...] = ()) -> Difference:
    """A difference of one changed note."""
    return replace(NONE, changed=(NoteChange(NOTE, fields, added, ()),))


ALL = replace(
    NONE,
    added=(NOTE, replace(NOTE, title="other", deck="Course::More")),
    changed=(
        NoteChange(
            NOTE,
            (
                FieldChange("Term", "a small word", "a <b>big</b> word"),
                FieldChange("Audio", "[sound:a.mp3]", "[sound:b.mp3]"),
            ),
            ("new::tag",),
            ("old::tag",),
        ),
    ),
    moved=(Move(NOTE, "Course::More"),),
    removed=(NOTE,),
    types=(TypeChange("Term", ("has another stylesheet", "card 'One' looks different")),),
    new_sounds=("b.mp3",),
    dropped_sounds=("a.mp3",),
)


def test_text() -> None:
    """At a terminal: a sign a note, what changed below it, the numbers in the last line."""
    assert click.unstyle(release_notes.text(ALL)).split("\n") == [
        "+ terms/a: a word",
        "+ terms/a: other",
        "~ terms/a: a word",
        "    Term: a [-small-] {+big+} word",
        "    Audio: new sound",
        "    tag +new::tag",
        "    tag -old::tag",
        "> terms/a: a word",
        "    from Course::More to Course::Basics",
        "  Learners who have these keep them in the old deck, and need not do anything.",
        "  To move them: select them in Anki's browser, Cards > Change Deck.",
        "- terms/a: a word",
        '    learners find it with "Key:terms/a"',
        "note type Term: has another stylesheet; card 'One' looks different",
        "+ sound b.mp3",
        "- sound a.mp3",
        "Notes: 2 added, 1 changed, 1 moved, 1 removed. Sounds: 1 new, 1 dropped.",
    ]


def test_colour() -> None:
    """What is old is red, what is new is green."""
    shown = release_notes.text(changed(FieldChange("Term", "old", "new")))
    assert f"{click.style('[-old-]', fg='red')}{click.style('{+new+}', fg='green')}" in shown


def test_markdown() -> None:
    """For learners: by deck, word by word, with what they should do."""
    how_to_update = (
        "Open the new package with Anki. Your schedule stays, and so do your own edits of all"
        " cards that are not listed as changed."
    )
    moved = (
        "Cards that you have stay in the deck where they are, with their schedule; only those who"
        " get them for the first time find them in the other one. You need not do anything. To move"
        " yours as well, open Anki's browser, click the old deck in the side bar, select these"
        " cards, and choose *Cards > Change Deck*."
    )
    assert release_notes.markdown(ALL).split("\n") == [
        "# What is new",
        "",
        "## New cards",
        "",
        "### Basics",
        "",
        "- **a word**",
        "",
        "### More",
        "",
        "- **other**",
        "",
        "## Changed cards",
        "",
        "### Basics",
        "",
        "- **a word**",
        "  - *Term*: a ~~small~~ **big** word",
        "  - *Audio*: new sound",
        "  - tags",
        "",
        "## Moved",
        "",
        moved,
        "",
        "### From Course::More to Course::Basics",
        "",
        "- **a word**",
        "",
        "## Removed",
        "",
        "You keep these. To delete one, paste its search into Anki's browser.",
        "",
        '- **a word**: `"Key:terms/a"`',
        "",
        "## Note types",
        "",
        "- **Term**: has another stylesheet; card 'One' looks different",
        "",
        "## How to update",
        "",
        how_to_update,
        "",
    ]


def test_moves_by_deck() -> None:
    """Notes of one move stand together; decks have their full names, for a course's may change."""
    old, new = (replace(NOTE, deck=f"{course}::Basics") for course in ("A", "B"))
    moves = (Move(new, old.deck), Move(replace(new, title="other"), ""), Move(new, old.deck))
    said = release_notes.markdown(replace(NONE, moved=moves))
    assert "### From A::Basics to B::Basics\n\n- **a word**\n- **a word**\n\n" in said
    assert "### From no deck to B::Basics\n\n- **other**\n" in said
    assert said.count("stay in the deck where they are") == 1


def test_nothing() -> None:
    """No difference is a sentence, not an empty page."""
    assert release_notes.text(NONE) == "Nothing differs."
    assert "Nothing has changed." in release_notes.markdown(NONE)
    said = json.loads(release_notes.as_json(NONE))
    assert said.pop("sounds") == {"new": [], "dropped": []}
    assert set(map(str, said.values())) == {"[]"}


def test_json() -> None:
    """For programs: every list, fields as HTML, the search for what was removed."""
    note = {
        "key": "terms/a",
        "guid": "g1",
        "title": "a word",
        "note_type": "Term",
        "deck": "Course::Basics",
    }
    assert json.loads(release_notes.as_json(ALL)) == {
        "added": [note, {**note, "title": "other", "deck": "Course::More"}],
        "changed": [
            {
                **note,
                "fields": [
                    {"name": "Term", "old": "a small word", "new": "a <b>big</b> word"},
                    {"name": "Audio", "old": "[sound:a.mp3]", "new": "[sound:b.mp3]"},
                ],
                "tags": {"added": ["new::tag"], "removed": ["old::tag"]},
            }
        ],
        "moved": [{**note, "from": "Course::More"}],
        "removed": [{**note, "search": '"Key:terms/a"'}],
        "note_types": [
            {"name": "Term", "what": ["has another stylesheet", "card 'One' looks different"]}
        ],
        "sounds": {"new": ["b.mp3"], "dropped": ["a.mp3"]},
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[sound:a.mp3]", "[sound:b.mp3]", "new sound"),
        ("", "[sound:b.mp3]", "new sound"),
        ("word[sound:a.mp3]", "word[sound:b.mp3]", "new sound"),
        ("[sound:a.mp3]", "", "no sound any more"),
        ("<b>word</b>", "<i>word</i>", "looks different"),
        ("<img src='a.png'>", "<img src='b.png'>", "looks different"),
        ("a.[sound:a.mp3]", "b.[sound:b.mp3]", "[-a-]{+b+}."),
    ],
)
def test_fields_whose_words_stay(old: str, new: str, said: str) -> None:
    """A change that shows no other words is said in a few words."""
    lines = click.unstyle(release_notes.text(changed(FieldChange("F", old, new)))).split("\n")
    assert lines[1] == f"    F: {said}"


def test_long_texts_are_cut() -> None:
    """Of what stayed, only the neighbourhood of a change is shown."""
    long = " ".join(map(str, range(100)))
    text = click.unstyle(release_notes.text(changed(FieldChange("F", long, f"{long} new"))))
    assert "    F: 0 1 2 3 4 5 … 94 95 96 97 98 99 {+new+}" in text


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (NOTE, '"Key:terms/a"'),
        (replace(NOTE, key='a"b*c_d:e\\f'), r'"Key:a\"b\*c\_d\:e\\f"'),
        (FOREIGN, '"Front:a <b>word</b>"'),
        (replace(FOREIGN, fields={"A_b": "two\nlines"}), r'"A\_b:two_lines"'),
        (replace(FOREIGN, fields={}), '":"'),
    ],
)
def test_search(note: ReleasedNote, expected: str) -> None:
    """By the key, or by the first field as Anki keeps it; what means something is escaped."""
    assert release_notes.search(note) == expected
