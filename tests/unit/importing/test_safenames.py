"""Names made safe: ids, keys and files, whatever they are made of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import medianame
from ankigen.importing import safenames
from ankigen.importing.safenames import Unique
from ankigen.schema import SLUG


@pytest.mark.parametrize(
    ("text", "made"), [("Operator fusion", "operator-fusion"), ("Äpfel & Öl", "apfel-and-ol")]
)
def test_ids(text: str, made: str) -> None:
    """Words in Latin letters are read in them."""
    assert safenames.identifier(text, "x") == made


def test_ids_of_other_scripts() -> None:
    """They come from what does not change, and not from the place in the file."""
    made = safenames.identifier("日本", "guid-1")
    assert re.fullmatch(r"note-[0-9a-f]{8}", made)
    assert made == safenames.identifier("", "guid-1") != safenames.identifier("日本", "guid-2")


def test_unique() -> None:
    """A name that is taken gets the next number, those that are taken so as well."""
    unique = Unique({"a-2"})
    assert [unique.name(name) for name in ("a", "a", "a", "b", "a-2")] == [
        *("a", "a-3", "a-4"),
        *("b", "a-2-2"),
    ]
    assert unique.has("a-4")
    assert not unique.has("a-5")
    many = Unique()
    assert len({many.name("x", "_") for _ in range(50_000)}) == 50_000


@pytest.mark.parametrize(
    ("field", "key"),
    [("Front", "front"), ("Back Extra", "back_extra"), ("1st", "field_1st"), ("正面", "field")],
)
def test_keys(field: str, key: str) -> None:
    """A field's name as the key of an entry."""
    assert safenames.key(field) == key


@pytest.mark.parametrize("name", ["a.png", "a b.mp3", "é.png", "_x.js", "paste-1.jpg"])
def test_good_files(name: str) -> None:
    """They keep their names."""
    assert safenames.media(name) == name


@given(st.text(min_size=1, max_size=200), st.sampled_from([".png", ".mp3", "", ".x y"]))
def test_any_file(stem: str, suffix: str) -> None:
    """Whatever it was called, Anki and every system take the name; other names stay apart."""
    made = safenames.media(stem + suffix)
    assert medianame.problem(made) == ""
    assert not made.startswith(".")
    assert not set(made) & set("/\\")
    assert safenames.media(made) == made


@given(st.text(max_size=50), st.text(max_size=5))
def test_any_id(text: str, otherwise: str) -> None:
    """It is a slug."""
    assert re.fullmatch(SLUG, safenames.identifier(text, otherwise))
    assert re.fullmatch(r"[a-z][a-z0-9_]*", safenames.key(text))
