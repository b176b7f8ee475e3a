"""Sets of a category: those that its author named, or as many as its time asks for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ankigen import studysets
from ankigen.diagnostics import Span
from ankigen.model import Note


def note(number: int, *tags: str) -> Note:
    """A note with these tags."""
    return Note(
        key=f"terms/t{number}",
        guid=str(number),
        note_type="terms",
        category="a",
        fields=("",),
        tags=tags,
        cards=(0,),
        clips=(),
        position=number,
        span=Span("a.yaml"),
    )


def test_by_tags() -> None:
    """In the order in which they begin; what has no tag goes with what stands before it."""
    notes = [note(0), note(1, "set::a-1", "x"), note(2, "set::a-2"), note(3), note(4, "set::a-1")]
    sets = studysets.cut("a", notes, lambda _: 60.0)
    assert [(one.id, [n.position for n in one.notes]) for one in sets] == [
        ("a-1", [0, 1, 4]),
        ("a-2", [2, 3]),
    ]
    assert sets[0].minutes == 3 * studysets.FIRST_ROUND


@given(seconds=st.lists(st.floats(1, 300), min_size=1, max_size=80))
def test_by_time(seconds: list[float]) -> None:
    """Every note is in one set, in order; none is empty, and they come near to the minutes."""
    notes = [note(number) for number in range(len(seconds))]
    sets = studysets.cut("a", notes, lambda one: seconds[one.position])
    assert [n for one in sets for n in one.notes] == notes
    assert all(one.notes for one in sets)
    assert len({one.id for one in sets}) == len(sets)
    longest = max(seconds) * studysets.FIRST_ROUND / 60
    for one in sets:
        assert one.minutes <= studysets.MINUTES * 1.5 + longest


def test_an_example_stays_with_its_word() -> None:
    """A cut waits for the next note that begins something."""
    notes = [note(number) for number in range(40)]
    follows = {n for n in range(40) if n % 4}
    sets = studysets.cut("a", notes, lambda _: 60.0, lambda one: one.position in follows)
    assert len(sets) > 4
    assert all(one.notes[0].position % 4 == 0 for one in sets)


def test_no_notes() -> None:
    """A category without notes has no sets."""
    assert studysets.cut("a", [], lambda _: 1.0) == ()
