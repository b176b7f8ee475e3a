"""Which cards an entry's note is without, and what of a choice cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import config, notetype
from ankigen.cardchoice import CardChoice
from ankigen.diagnostics import Code
from ankigen.model import Entry
from ankigen.yamltext import Marks
from support import write_project

if TYPE_CHECKING:
    from pathlib import Path


def choice(root: Path, course: str = "", category: str = "") -> CardChoice:
    """That of a course with a category, each with more lines."""
    files = {
        "ankigen.yaml": f"id: a\nname: b\n{course}\n",
        "cards/one/category.yaml": f"name: One\n{category}\n",
        "cards/two/category.yaml": "name: Two\n",
    }
    found, problems = config.load(write_project(root, files))
    assert not problems
    return CardChoice(found, notetype.built_in())


def entry(note_type: str, category: str = "one") -> Entry:
    """An entry of a note type in a category."""
    return Entry(note_type, "x", category, {}, "f", Marks(0))


def test_nothing_is_said(tmp_path: Path) -> None:
    """All cards are made."""
    chosen = choice(tmp_path)
    assert not any(chosen.off(entry(name)) for name in notetype.built_in())
    assert not list(chosen.check())


def test_the_course_chooses(tmp_path: Path) -> None:
    """What it does not name is off, in every category; other note types keep all."""
    chosen = choice(tmp_path, "cards: {terms: [recognition, listening], collocations: [choose]}")
    for category in ("one", "two"):
        assert chosen.off(entry("terms", category)) == {"production"}
        assert chosen.off(entry("collocations", category)) == {"gap"}
        assert chosen.off(entry("pronunciations", category)) == frozenset()
    assert not list(chosen.check())


def test_the_category_beats_the_course(tmp_path: Path) -> None:
    """It does so for the note types that it names, and only for its own entries."""
    chosen = choice(
        tmp_path,
        "cards: {terms: [recognition], collocations: [gap]}",
        "cards: {terms: [production, recognition]}",
    )
    assert chosen.off(entry("terms")) == {"listening"}
    assert chosen.off(entry("terms", "two")) == {"production", "listening"}
    assert chosen.off(entry("collocations")) == {"choose"}


def test_all_cards_may_be_named(tmp_path: Path) -> None:
    """Also those that are always made."""
    said = "cards: {terms: [recognition, production, listening], sentences: [gap]}"
    chosen = choice(tmp_path, said)
    assert chosen.off(entry("terms")) == frozenset()
    assert chosen.off(entry("sentences")) == frozenset()
    assert not list(chosen.check())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "{term: [gap]}",
            (
                "3:15 AG301 'cards' names the note type 'term', which is not there"
                " (did you mean 'terms'?)"
            ),
        ),
        ("{zzzzz: [gap]}", "3:16 AG301 'cards' names the note type 'zzzzz', which is not there ()"),
        (
            "{terms: [recognition, hear]}",
            "3:30 AG104 terms have no card 'hear' (choose from recognition, production, listening)",
        ),
        (
            "{pronunciations: [hear-other]}",
            "3:26 AG104 pronunciations have no card 'hear-other' (did you mean 'hear-the-other'?)",
        ),
    ],
)
@pytest.mark.parametrize("where", ["ankigen.yaml", "cards/one/category.yaml"])
def test_what_is_not_there(tmp_path: Path, where: str, said: str, expected: str) -> None:
    """It is named at its place, in both files."""
    line = f"cards: {said}"
    chosen = choice(tmp_path, line) if "ankigen" in where else choice(tmp_path, "", f"\n{line}")
    found = [f"{d.span} {d.code} {d.message} ({d.hint})" for d in chosen.check()]
    assert found == [f"{where}:{expected}"]


def test_a_card_that_is_always_made(tmp_path: Path) -> None:
    """It is missing from the list, and the way out is said."""
    first, second = choice(tmp_path, "cards: {sentences: [gapp]}").check()
    assert (first.code, second.code) == (Code.BAD_VALUE, Code.BAD_VALUE)
    assert first.message == "sentences have no card 'gapp'"
    assert second.message == "the card 'gap' of sentences cannot be left out"
    assert second.hint.startswith("add it, or ")


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """Those of the course and of its categories."""
    chosen = choice(tmp_path, "cards: {term: [a], terms: [b, c]}", "cards: {terms: [d]}")
    assert [str(d.span) for d in chosen.check()] == [
        "ankigen.yaml:3:15",
        "ankigen.yaml:3:28",
        "ankigen.yaml:3:31",
        "cards/one/category.yaml:2:17",
    ]
