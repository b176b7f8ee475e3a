"""What a release makes of the lock: what grows newer, what stays, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import lock, locking, notetype
from ankigen.diagnostics import Code, Severity, SourceError, Span
from ankigen.lock import Lock, NoteLine
from ankigen.locking import Changes
from ankigen.model import Note
from notetypes import BREAKS, OTHER_KIND, edited

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

V1, V2, V3 = 1000, 2000, 3000
"""Times of three releases."""


def note(
    name: str,
    text: str = "",
    *,
    guid: str = "",
    tags: Sequence[str] = (),
    cards: Sequence[int] = (0,),
) -> Note:
    """A rendered term."""
    key = f"terms/{name}"
    return Note(
        key=key,
        guid=guid or f"guid of {name}",
        note_type="terms",
        category="basics",
        fields=(name, text, key),
        tags=tuple(tags),
        cards=tuple(cards),
        clips=(),
        position=0,
        span=Span("cards/basics/terms.yaml", 7, 3),
    )


def released(before: Lock, when: int, *notes: Note) -> tuple[Lock, Changes]:
    """The lock after a release of notes of the built-in note types."""
    return locking.update(before, notes, notetype.built_in(), when)


FIRST, _ = released(Lock(), V1, note("a"), note("b"))
GONE, _ = released(FIRST, V2, note("b"))


@pytest.mark.parametrize(
    ("before", "notes", "when", "mods", "changes"),
    [
        pytest.param(
            FIRST, [note("a"), note("b")], V2, [V1, V1], {"unchanged": "ab"}, id="unchanged"
        ),
        pytest.param(
            FIRST, [note("b"), note("a")], V2, [V1, V1], {"unchanged": "ba"}, id="reordered"
        ),
        pytest.param(
            FIRST,
            [note("a"), note("b", "x")],
            V2,
            [V1, V2],
            {"unchanged": "a", "changed": "b"},
            id="text",
        ),
        pytest.param(
            FIRST,
            [note("a", tags=["t"]), note("b")],
            V2,
            [V2, V1],
            {"changed": "a", "unchanged": "b"},
            id="tags",
        ),
        pytest.param(
            FIRST,
            [note("a", guid="other"), note("b")],
            V2,
            [V2, V1],
            {"changed": "a", "unchanged": "b"},
            id="another-guid",
        ),
        pytest.param(
            FIRST,
            [note("a"), note("b"), note("c")],
            V2,
            [V1, V1, V2],
            {"unchanged": "ab", "added": "c"},
            id="added",
        ),
        pytest.param(
            FIRST, [note("b")], V2, [V1, V1], {"unchanged": "b", "removed": "a"}, id="removed"
        ),
        pytest.param(GONE, [note("b")], V3, [V1, V1], {"unchanged": "b"}, id="still-removed"),
        pytest.param(
            GONE,
            [note("a"), note("b")],
            V3,
            [V1, V1],
            {"added": "a", "unchanged": "b"},
            id="back-as-it-was",
        ),
        pytest.param(
            GONE,
            [note("a", "x"), note("b")],
            V3,
            [V3, V1],
            {"added": "a", "unchanged": "b"},
            id="back-with-other-text",
        ),
        pytest.param(
            FIRST,
            [note("a", "x"), note("b")],
            V1 - 1,
            [V1 + 1, V1],
            {"changed": "a", "unchanged": "b"},
            id="clock-behind",
        ),
        pytest.param(
            FIRST,
            [note("b"), note("c", guid="guid of a")],
            V1,
            [V1, V1, V1 + 1],
            {"unchanged": "b", "added": "c", "removed": "a"},
            id="guid-under-another-key",
        ),
    ],
)
def test_changes(
    before: Lock, notes: Sequence[Note], when: int, mods: Sequence[int], changes: dict[str, str]
) -> None:
    """A note becomes newer exactly when its content does, whatever the clock says."""
    after, found = released(before, when, *notes)
    assert [after.notes[key].mod for key in sorted(after.notes)] == mods
    assert found == Changes(
        **{how: tuple(f"terms/{name}" for name in names) for how, names in changes.items()}
    )
    gone = before.notes.keys() - {n.key for n in notes}
    assert {key for key, line in after.notes.items() if line.removed} == gone
    assert found.none == (after == before)


def test_back_under_its_first_key() -> None:
    """A GUID that was another note's in between is newer than that was, even if it is as before."""
    first, _ = released(Lock(), V1, note("a"))
    second, _ = released(first, V2, note("b", guid="guid of a"))
    third, changes = released(second, V3, note("a"))
    assert third.notes["terms/a"].mod == V3
    assert changes.added == ("terms/a",)
    again, changes = released(third, V3 + 1, note("a"))
    assert changes.none
    assert again == third


RELEASES = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.dictionaries(
            st.sampled_from(["g1", "g2", "g3"]),
            st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")),
        ),
        st.booleans(),
    ),
    max_size=8,
)


@given(RELEASES)
def test_any_learner_ends_with_the_last_release(
    releases: Sequence[tuple[int, dict[str, tuple[str, str]], bool]],
) -> None:
    """Who updates only what is newer, and skips releases, has each note as it was last released.

    Notes come, change, go and come back under any key, by a clock that jumps.
    """
    known: dict[str, tuple[int, str]] = {}
    last: dict[str, NoteLine] = {}
    now = Lock()
    for when, course, imports in releases:
        notes = [note(f"{key}-{guid}", text, guid=guid) for guid, (key, text) in course.items()]
        now, _ = released(lock.parse(str(now)), when, *notes)
        for made in notes:
            line = now.notes[made.key]
            before = last.get(made.guid)
            if before is not None:
                same = (before.key, before.content) == (line.key, line.content)
                assert line.mod == before.mod if same else line.mod > before.mod
            last[made.guid] = line
            if imports and line.mod > known.get(made.guid, (-1, ""))[0]:
                known[made.guid] = line.mod, line.content
            if imports:
                assert known[made.guid][1] == line.content


@pytest.mark.parametrize(
    "edits",
    [
        {"style.css": ("", ".card { color: red }")},
        {"recognition.back.html": ("", "<p>More</p>")},
        {"notetype.yaml": ("name: Term (ankigen)", "name: Word (ankigen)")},
        {"notetype.yaml": ("name: Spare 1", "name: Synonyms")},
        {"notetype.yaml": ("name: Listening,", "name: LISTENING,")},
    ],
    ids=["style", "template", "name", "field-name", "card-name"],
)
def test_a_new_look(tmp_path: Path, edits: dict[str, tuple[str, str]]) -> None:
    """The note type becomes newer, and no note does."""
    types = edited(tmp_path, "terms", edits)
    after, changes = locking.update(FIRST, [note("a"), note("b")], types, V2)
    assert changes.types == ("terms",)
    assert changes.unchanged == ("terms/a", "terms/b")
    assert not changes.none
    assert (FIRST.types["terms"].mod, after.types["terms"].mod) == (V1, V2)
    behind, _ = locking.update(FIRST, [note("a"), note("b")], types, V1 - 5)
    assert behind.types["terms"].mod == V1 + 1


def test_what_learners_do_not_see(tmp_path: Path) -> None:
    """Help texts and how fields are made are no look."""
    types = edited(
        tmp_path, "terms", {"notetype.yaml": ("name: Spare 1}", "name: Spare 1, key: term}")}
    )
    _, changes = locking.update(FIRST, [note("a"), note("b")], types, V2)
    assert not changes.types


def test_note_types_without_notes() -> None:
    """Only those in use are recorded; one that was stays."""
    assert FIRST.types.keys() == {"terms"}
    after, changes = released(FIRST, V2)
    assert after.types == FIRST.types
    assert changes.removed == ("terms/a", "terms/b")
    assert not changes.types


@pytest.mark.parametrize(("old", "new", "said"), BREAKS.values(), ids=list(BREAKS))
def test_a_broken_note_type(tmp_path: Path, old: str, new: str, said: str) -> None:
    """It is refused, with what changed, what learners would see, and the way to a new field."""
    types = edited(tmp_path, "terms", {"notetype.yaml": (old, new)})
    with pytest.raises(SourceError) as raised:
        locking.update(FIRST, [note("a"), note("b")], types, V2)
    (found,) = raised.value.diagnostics
    assert (found.span, found.code) == (Span("terms/notetype.yaml"), Code.SCHEMA)
    assert f"'terms' would break: {said}. " in found.message
    assert "no update of any of its notes, and a second 'Term (ankigen)+'" in found.message
    assert "put fields and cards back" in found.hint
    assert "for a new field, rename and fill '" in found.hint


def test_another_kind(tmp_path: Path) -> None:
    """It is refused in words of its own, because Anki would take it over in silence."""
    types = edited(tmp_path, "terms", {"notetype.yaml": OTHER_KIND})
    with pytest.raises(SourceError) as raised:
        locking.update(FIRST, [note("a"), note("b")], types, V2)
    (found,) = raised.value.diagnostics
    assert found.code == Code.SCHEMA
    assert found.message == (
        "the released note type 'terms' would break: its kind changed."
        " Learners' cards would be empty, or ask for something else"
    )
    assert "put the kind back" in found.hint


def test_stale() -> None:
    """Each key that a locked build would change is named, at its entry where there is one."""
    _, changes = released(FIRST, V2, note("b", "x"), note("c"))
    diagnostics = locking.stale(changes, [note("b", "x"), note("c")])
    entry = Span("cards/basics/terms.yaml", 7, 3)
    assert [(d.span, d.message) for d in diagnostics] == [
        (entry, "terms/c is not in ankigen.lock"),
        (entry, "terms/b is not what it was in ankigen.lock"),
        (Span("ankigen.lock"), "terms/a is gone but still stands in ankigen.lock"),
    ]
    assert {(d.code, d.severity) for d in diagnostics} == {(Code.STALE_LOCK, Severity.ERROR)}
    assert {d.hint for d in diagnostics} == {"run 'ankigen build' and commit ankigen.lock"}


def test_stale_look() -> None:
    """A note type that looks different is named, too; a lock that stays gives nothing."""
    (found,) = locking.stale(Changes(types=("terms",)), [])
    assert found.message == "the note type terms does not look as it did in ankigen.lock"
    assert locking.stale(Changes(unchanged=("terms/a",)), []) == []


TWO, _ = released(Lock(), V1, note("a", cards=[0, 2]), note("b", cards=[0, 1, 2]))


def test_cards_are_recorded() -> None:
    """Each note's line has those that it was released with."""
    assert {key: line.cards for key, line in TWO.notes.items()} == {
        "terms/a": (0, 2),
        "terms/b": (0, 1, 2),
    }
    assert lock.parse(str(TWO)).notes["terms/a"].cards == (0, 2)


def test_a_card_more() -> None:
    """It is no harm, whether the note's content changes with it or not."""
    same, changes = released(TWO, V2, note("a", cards=[0, 1, 2]), note("b", cards=[0, 1, 2]))
    assert changes.none
    assert same.notes["terms/a"].cards == (0, 1, 2)
    other, changes = released(TWO, V2, note("a", "x", cards=[0, 1, 2]), note("b", cards=[0, 1, 2]))
    assert changes.changed == ("terms/a",)
    assert other.notes["terms/a"].cards == (0, 1, 2)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ([0], [0, 1, 2], ["'Listening' of terms/a would be gone; learners who have it would"]),
        ([1], [0, 1, 2], ["'Recognition' of terms/a would", "'Listening' of terms/a would"]),
        ([0, 1], [0, 1], ["'Listening' of terms/a and 1 more would be gone"]),
        ([0, 2], [1], ["'Recognition' of terms/b would", "'Listening' of terms/b would"]),
    ],
)
def test_a_card_less(a: Sequence[int], b: Sequence[int], said: Sequence[str]) -> None:
    """It is refused, once for each kind of card, and the way out is said."""
    for text in ("", "changed"):
        with pytest.raises(SourceError) as raised:
            released(TWO, V2, note("a", text, cards=a), note("b", text, cards=b))
        found = raised.value.diagnostics
        assert {(d.code, d.severity) for d in found} == {(Code.CARDS, Severity.ERROR)}
        assert {d.span for d in found} == {Span("cards/basics/terms.yaml", 7, 3)}
        assert {d.hint for d in found} == {
            "put back what made it: a key of the entry, or 'cards'; or change the entry's id"
        }
        messages = sorted(d.message for d in found)
        for message, part in zip(messages, sorted(said), strict=True):
            assert message.startswith("the released card ")
            assert part in message


def test_what_has_no_card_to_lose() -> None:
    """A new note, one that leaves, and one of a lock that does not know its cards."""
    after, _ = released(TWO, V2, note("b", cards=[0, 1, 2]), note("c"))
    assert after.notes["terms/a"].removed
    assert after.notes["terms/a"].cards == (0, 2)
    text = str(TWO).replace(" 0,2\n", "\n").replace(" 0,1,2\n", "\n")
    old = lock.parse(text)
    assert {line.cards for line in old.notes.values()} == {()}
    known, changes = released(old, V2, note("a"), note("b"))
    assert changes.none
    assert str(known) != text
    assert {line.cards for line in known.notes.values()} == {(0,)}


def test_a_broken_note_type_and_a_lost_card(tmp_path: Path) -> None:
    """The first is told, which explains the second."""
    types = edited(tmp_path, "terms", {"notetype.yaml": OTHER_KIND})
    with pytest.raises(SourceError) as raised:
        locking.update(TWO, [note("a"), note("b", cards=[0, 1, 2])], types, V2)
    assert [d.code for d in raised.value.diagnostics] == [Code.SCHEMA]


def test_a_note_that_comes_back_with_fewer_cards() -> None:
    """Learners have kept the cards that it had."""
    gone, _ = released(TWO, V2, note("b", cards=[0, 1, 2]))
    with pytest.raises(SourceError, match="'Listening' of terms/a"):
        released(gone, V3, note("a"), note("b", cards=[0, 1, 2]))
