"""How a course is studied: what its author says, the preset that follows, the learner's guide."""

from __future__ import annotations

import io
import json
import math
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import config, notetype, package, study
from ankigen.diagnostics import SourceError, Span
from ankigen.model import Course, Note, Study
from support import write_project

COURSE = Course(
    root=Path("/course"),
    id="small",
    name="Small Course",
    description="",
    language="en",
    authors=(),
    licence="",
    url="",
    categories=(),
    voices={},
    voice={},
    accents=(),
    budget=None,
)

STUDIES = st.builds(
    Study, st.integers(1, 520), st.none() | st.integers(1, 999), st.floats(0.7, 0.97), st.text()
)


def wanting(**said: Any) -> Course:
    """The course, with something said under ``study:``."""
    return replace(COURSE, study=Study(**said))


def course_file(study: str) -> dict[str, str]:
    """A course whose ``study:`` is in the third line."""
    return {
        "ankigen.yaml": f"id: x\nname: X\n{study}",
        "cards/a/category.yaml": "name: A\n",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Study(6, None, 0.9, preset="")),
        ("study: {}\n", Study(6, None, 0.9, preset="")),
        ("study: {weeks: 1}\n", Study(weeks=1)),
        ("study: {weeks: 520, new_per_day: 999}\n", Study(weeks=520, new_per_day=999)),
        ("study: {new_per_day: 1}\n", Study(new_per_day=1)),
        ("study: {retention: 0.7}\n", Study(retention=0.7)),
        ("study: {known: 0.25}\n", Study(known=0.25)),
        ("study: {retention: .97, preset: ' On: 1 '}\n", Study(retention=0.97, preset="On: 1")),
    ],
)
def test_what_an_author_says(tmp_path: Path, text: str, expected: Study) -> None:
    """All of it is optional, and the bounds themselves are good."""
    course, problems = config.load(write_project(tmp_path, course_file(text)))
    assert (course.study, problems) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("study: 6\n", "3:8 AG103"),
        ("study:\n", "3:7 AG103"),
        ("study: {weeks: 0}\n", "3:16 AG104"),
        ("study: {weeks: 521}\n", "3:16 AG104"),
        ("study: {weeks: 1.5}\n", "3:16 AG104"),
        ("study: {weeks: six}\n", "3:16 AG104"),
        ("study:\n  weeks:\n", "4:9 AG104"),
        ("study:\n  weeks: 4\n  new_per_day: 0\n", "5:16 AG104"),
        ("study:\n  weeks: 4\n  new_per_day: 1000\n", "5:16 AG104"),
        ("study:\n  retention: 0.69\n", "4:14 AG104"),
        ("study:\n  retention: 0.98\n", "4:14 AG104"),
        ("study:\n  retention: nan\n", "4:14 AG104"),
        ("study:\n  retention: 90%\n", "4:14 AG104"),
        ("study: {preset: ' '}\n", "3:17 AG104"),
        ("study: {preset: [x]}\n", "3:17 AG103"),
    ],
)
def test_what_is_wrong_with_it(tmp_path: Path, text: str, expected: str) -> None:
    """Each value beyond its bounds is told with its place."""
    with pytest.raises(SourceError) as caught:
        config.load(write_project(tmp_path, course_file(text)))
    (only,) = caught.value.diagnostics
    assert f"{only.span} {only.code}" == f"ankigen.yaml:{expected}"


def test_an_unknown_key_of_it(tmp_path: Path) -> None:
    """The nearest known one is named."""
    with pytest.raises(SourceError) as caught:
        config.load(write_project(tmp_path, course_file("study: {week: 6}\n")))
    (only,) = caught.value.diagnostics
    assert (str(only.span), only.hint) == ("ankigen.yaml:3:9", "did you mean 'weeks'?")


@pytest.mark.parametrize(
    ("said", "cards", "new", "reviews"),
    [
        ({}, 0, 5, 200),
        ({}, 210, 5, 200),
        ({}, 211, 6, 200),
        ({}, 840, 20, 200),
        ({}, 841, 21, 210),
        ({"weeks": 1}, 700, 100, 1000),
        ({"weeks": 1}, 1_000_000, 999, 9990),
        ({"weeks": 1, "new_per_day": 3}, 700, 3, 200),
        ({"weeks": 520, "new_per_day": 999}, 1, 999, 9990),
    ],
)
def test_new_cards_a_day(said: dict[str, int], cards: int, new: int, reviews: int) -> None:
    """As many as the weeks need, or as the author says; reviews are at least ten times as many."""
    made = study.preset(wanting(**said), cards)
    assert (made.new_per_day, made.reviews_per_day) == (new, reviews)


@given(said=STUDIES, cards=st.integers(0, 200_000))
def test_the_weeks_suffice_and_are_needed(said: Study, cards: int) -> None:
    """One card a day fewer would take longer, unless the number is a bound or the author's."""
    new = study.preset(replace(COURSE, study=said), cards).new_per_day
    if said.new_per_day:
        assert new == said.new_per_day
        return
    days = said.weeks * 7
    assert 5 <= new <= 999
    assert new * days >= cards or new == 999
    assert (new - 1) * days < cards or new == 5


def test_identity() -> None:
    """It follows from the course's id alone, in milliseconds as Anki's own ids."""
    made = study.preset(COURSE, 100)
    assert made.id == 1_766_034_649_787
    renamed = replace(COURSE, name="Other", study=Study(2, 30, 0.8, preset="Mine"))
    assert study.preset(renamed, 7).id == made.id
    assert study.preset(replace(COURSE, id="smaller"), 100).id != made.id


@pytest.mark.parametrize(("said", "name"), [("", "Small Course"), ("Mine", "Mine")])
def test_name(said: str, name: str) -> None:
    """The course's, or the author's."""
    assert study.preset(wanting(preset=said), 1).name == name


@given(said=STUDIES, cards=st.integers(0, 200_000))
def test_what_anki_needs_is_there(said: Study, cards: int) -> None:
    """The keys without which an import fails; numbers that its screens can show."""
    made = study.preset(replace(COURSE, study=said, name="x"), cards)
    options = json.loads(json.dumps(made.to_json(7)))
    needed = {"autoplay", "lapse", "maxTaken", "mod", "name", "new", "rev", "timer", "usn"}
    assert options.keys() > needed
    assert (options["mod"], options["desiredRetention"]) == (7, said.retention)
    assert 200 <= options["rev"]["perDay"] <= 9999
    assert options["rev"]["perDay"] >= 10 * options["new"]["perDay"]


@pytest.mark.parametrize(
    ("said", "cards", "first"),
    [
        (
            {},
            588,
            "Open this deck and study **14 new cards a day**: the whole course takes about 6",
        ),
        ({"weeks": 1}, 36, "study **6 new cards a day**: the whole course takes about a week."),
        (
            {"new_per_day": 1},
            8,
            "study **one new card a day**: the whole course takes about 2 weeks",
        ),
        ({}, 0, "study **5 new cards a day**: the whole course takes about a week."),
    ],
)
def test_guide(said: dict[str, int], cards: int, first: str) -> None:
    """Three lines: how many a day and how long, what to tick, what to switch on."""
    course = wanting(**said)
    lines = study.guide(study.preset(course, cards), cards).split("\n")
    assert first in lines[0]
    assert ["presets" in lines[1], "FSRS" in lines[2], len(lines)] == [True, True, 3]


@given(new=st.integers(1, 999), cards=st.integers(1, 200_000))
def test_the_guide_counts_whole_weeks(new: int, cards: int) -> None:
    """As many as that many cards a day take, and no more."""
    course = wanting(new_per_day=new)
    (line, *_) = study.guide(study.preset(course, cards), cards).split("\n")
    weeks = math.ceil(math.ceil(cards / new) / 7)
    assert line.endswith(f" about {'a week' if weeks == 1 else f'{weeks} weeks'}.\\")


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("", "Guide."),
        ("What it is.\n", "What it is.\n\nGuide."),
        ("- a\n- b", "- a\n- b\n\nGuide."),
    ],
)
def test_the_authors_words_come_first(description: str, expected: str) -> None:
    """The guide is a paragraph after them."""
    assert study.described(description, "Guide.") == expected


def dues(*notes: Note, index: int = 0) -> list[tuple[int, int]]:
    """Position and ordinal of each card in a package of these notes, in Anki's order of study."""
    stream = io.BytesIO()
    types = {"terms": notetype.built_in()["terms"]}
    package.write(stream, [package.Deck("Deck", "", notes, index)], types, {})
    with zipfile.ZipFile(stream) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        return connection.execute("SELECT due, ord FROM cards ORDER BY due, ord").fetchall()


def note(position: int, cards: tuple[int, ...] = (0, 1, 2)) -> Note:
    """A note at a place of its deck."""
    fields = [""] * len(notetype.built_in()["terms"].spec.fields)
    return Note(
        key=f"terms/{position}",
        guid=f"{position}",
        note_type="terms",
        category="basics",
        fields=tuple(fields),
        tags=(),
        cards=cards,
        clips=(),
        position=position,
        span=Span("x.yaml"),
    )


def test_further_cards_come_later() -> None:
    """Each comes twenty places after the one before, and the first at the note's own place."""
    assert dues(note(4), index=3) == [(300_005, 0), (300_025, 1), (300_045, 2)]
    assert dues(note(4, (1, 2))) == [(5, 1), (25, 2)]


@given(positions=st.sets(st.integers(0, 99_000), min_size=1, max_size=8), index=st.integers(0, 9))
def test_no_two_cards_tie(positions: set[int], index: int) -> None:
    """Place and ordinal together are unique, and one note more changes those of no other."""
    notes = [note(position) for position in sorted(positions)]
    found = dues(*notes, index=index)
    assert len(set(found)) == len(found) == 3 * len(notes)
    assert set(dues(*notes[:-1], index=index)) <= set(found)


@pytest.mark.parametrize("position", [0, 99_959, 99_960, 99_999])
def test_no_card_leaves_its_decks_block(position: int) -> None:
    """The next deck begins after the last card of this one."""
    places = [due for due, _ in dues(note(position), index=1)]
    assert places == sorted(places)
    assert 100_001 <= places[0] <= places[-1] <= 200_000
