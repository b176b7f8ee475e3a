"""Decks → categories, and the list of categories in the course's file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import config
from ankigen.importing import decks
from ankigen.importing.foreign import ForeignError
from support import SMALL, write_project

if TYPE_CHECKING:
    from pathlib import Path


def found(
    root: Path, *names: str, keep: bool = False, category: str = "", course: str = "Small Course"
) -> dict[str, tuple[str, str, str]]:
    """Id, name and own deck of the category of each deck in the small course."""
    text = SMALL["ankigen.yaml"].replace("Small Course", course)
    loaded, _ = config.load(write_project(root, {**SMALL, "ankigen.yaml": text}))
    made = decks.places(dict.fromkeys(names, keep), loaded, ["basics"], category)
    assert all(place.new is (place.id != "basics") for place in made.values())
    return {deck: (place.id, place.name, place.deck) for deck, place in made.items()}


def test_nested(tmp_path: Path) -> None:
    """Each deck is a category; what all have in common is left out of their names."""
    assert found(tmp_path, "A::B::C", "A::B", "A::D") == {
        "A::B::C": ("b-c", "B::C", ""),
        "A::B": ("b", "B", ""),
        "A::D": ("d", "D", ""),
    }
    assert found(tmp_path, "A", "A::B") == {"A": ("a", "A", ""), "A::B": ("a-b", "A::B", "")}
    assert found(tmp_path, "A::B") == {"A::B": ("b", "B", "")}
    ((identifier, name, _),) = found(tmp_path, "日本").values()
    assert re.fullmatch(r"deck-[0-9a-f]{8}", identifier)
    assert name == "日本"


def test_decks_that_learners_have(tmp_path: Path) -> None:
    """They keep their full names, unless they stand below the course's as it is."""
    assert found(tmp_path, "A::B", keep=True) == {"A::B": ("b", "B", "A::B")}
    assert found(tmp_path, "A::B::C", "A::D", keep=True, course="A") == {
        "A::B::C": ("b-c", "B::C", ""),
        "A::D": ("d", "D", ""),
    }


def test_categories_that_are_there(tmp_path: Path) -> None:
    """A deck of their name goes into them; a name that is taken gets a number."""
    assert found(tmp_path, "X::Basics", "X::Y") == {
        "X::Basics": ("basics", "Basics", ""),
        "X::Y": ("y", "Y", ""),
    }
    assert found(tmp_path, "Basics!", "small") == {
        "Basics!": ("basics-2", "Basics!", ""),
        "small": ("small-2", "small", ""),
    }


def test_one_category_for_all(tmp_path: Path) -> None:
    """The person names it; a new one is called after its id."""
    assert set(found(tmp_path, "A", "B", category="basics").values()) == {("basics", "Basics", "")}
    assert set(found(tmp_path, "A", category="more-words").values()) == {
        ("more-words", "More words", "")
    }
    with pytest.raises(ForeignError, match="'More words' cannot be the name"):
        found(tmp_path, "A", category="More words")


def test_unknown_deck(tmp_path: Path) -> None:
    """Notes of no deck have a category, too."""
    assert found(tmp_path, "") == {"": ("imported", "Imported", "")}


@given(st.lists(st.lists(st.text("ab: ", min_size=1), min_size=1, max_size=4), min_size=1))
def test_any_decks(tmp_path_factory: pytest.TempPathFactory, paths: list[list[str]]) -> None:
    """Each gets a category of its own with a good folder and a name."""
    names = list(dict.fromkeys("::".join(path) for path in paths))
    made = found(tmp_path_factory.mktemp("any"), *names)
    assert len({identifier for identifier, _, _ in made.values()}) == len(names)
    assert all(name.strip() for _, name, _ in made.values())


LISTS = {
    "categories: [a, b]\n": "categories: [a, b, x, y]\n",
    "categories: ['a', \"b\"] # so\nname: z\n": "categories: ['a', \"b\", x, y] # so\nname: z\n",
    "categories:\n  - a # first\n  - b\nname: z\n": (
        "categories:\n  - a # first\n  - b\n  - x\n  - y\nname: z\n"
    ),
    "categories:\n- a\n- b": "categories:\n- a\n- b\n- x\n- y",
    "categories:\r\n- a\r\nname: z\r\n": "categories:\r\n- a\r\n- x\r\n- y\r\nname: z\r\n",
    "categories: [\n  a,\n  b,\n]\n": "categories: [\n  a,\n  b, x, y,\n]\n",
    "name: z\n": "name: z\n",
    "categories: []\n": "categories: []\n",
}


@pytest.mark.parametrize(("before", "after"), LISTS.items())
def test_listed(before: str, after: str) -> None:
    """New categories stand behind the others, and all else stays as it is."""
    assert decks.listed(before, ["x", "y"]) == after


def test_a_list_that_cannot_be_added_to() -> None:
    """It is left to the person."""
    for text in (
        'categories: [a, "b-\\\n  c"]\n',
        "categories: [a, &b b]\nid: *b\n",
        "categories:\n  - a\n  -\n    b\n",
    ):
        with pytest.raises(ForeignError, match="cannot be added to as it is written"):
            decks.listed(text, ["x"])
