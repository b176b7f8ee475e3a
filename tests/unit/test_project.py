"""A course as the rules see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import everytype
from ankigen import notetype, reading
from ankigen.diagnostics import Span
from ankigen.notetypespec import TEXTS
from support import write_project

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.project import Project


def surveyed(root: Path) -> Project:
    """The project in a folder."""
    project = reading.survey(root).project
    assert project is not None
    return project


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with every note type and key."""
    return surveyed(write_project(tmp_path_factory.mktemp("every"), everytype.files()))


def test_texts_of_a_role(small: Path) -> None:
    """Values come in the order of the entries, each with its place."""
    found = list(surveyed(small).texts("definition"))
    assert [w.text for w in found] == [
        "A function that the device runs.",
        "Merging several operators into one kernel.",
    ]
    assert found[1].span == Span("cards/basics/terms.yaml", 8, 15)


def test_items_of_a_list(small: Path) -> None:
    """Each item of a list has a place of its own."""
    found = list(surveyed(small).references("illustrates"))
    assert [(w.text, w.path, w.span.line, w.span.column) for w in found] == [
        ("kernel", ("terms", 0), 2, 11),
        ("operator-fusion", ("terms", 0), 5, 11),
        ("kernel", ("terms", 1), 5, 28),
    ]


def test_values_that_are_no_texts(small: Path) -> None:
    """Levels and topics are found by their roles, and are no texts."""
    project = surveyed(small)
    assert [w.text for w in project.values("level", "topics")] == ["core", "fusion"]
    assert list(project.texts("level", "topics")) == []


def test_all_texts(every: Project) -> None:
    """Without a role, every text of every note type comes once."""
    found = [(w.entry.key, w.path) for w in every.texts()]
    assert len(found) == len(set(found))
    keys = {(w.entry.note_type, w.path[0]) for w in every.texts()}
    assert keys == {
        (name, key)
        for name, made in notetype.built_in().items()
        for key, spec in made.spec.entry.items()
        if spec.type in TEXTS
    }


def test_keys_of_a_role(every: Project) -> None:
    """The keys of a role are those of the note type."""
    assert every.keys("pronunciations", "headword") == ("word", "other")
    assert every.keys("sentences", "level") == ()


@pytest.mark.parametrize("name", notetype.built_in())
def test_built_in_texts_have_roles(name: str) -> None:
    """No text of a built-in note type is overlooked by the rules."""
    spec = notetype.built_in()[name].spec
    assert [k for k, said in spec.entry.items() if said.type in TEXTS and not said.role] == []
