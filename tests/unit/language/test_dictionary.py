"""Known words and suggestions."""

# Typographic signs and phonetic letters are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import pytest

from ankigen.language import dictionary
from ankigen.language.dictionary import Dictionary
from ankigen.language.variety import Variety

BRITISH = Dictionary(Variety.BRITISH, ["codegen", "dtype", "PyTorch"])


@pytest.mark.parametrize(
    "word",
    """
    colour color whilst onwards jobsworth Monday don't don’t Google's naïve Größe
    codegen dtypes PyTorch's vectorised bufferisation elementwise
    subexpression autotuner miscompiles
    """.split(),
)
def test_known_words(word: str) -> None:
    """English of both varieties, what is made of it by rule, and the course's own words."""
    assert BRITISH.knows(word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("teh", "the"),
        ("Recieve", "Receive"),
        ("wich", "which"),
        ("dont", "don't"),
        ("alot", "a lot"),
        ("infact", "in fact"),
        ("untill", "until"),
        ("begining", "beginning"),
        ("optimzed", "optimised"),
        ("architechture", "architecture"),
        ("dtyep", "dtype"),
        ("qqxzzvk", None),
    ],
)
def test_suggestions(word: str, meant: str | None) -> None:
    """Of what one slip makes, the word that is written most; in the course's variety and case."""
    assert not BRITISH.knows(word)
    assert BRITISH.suggest(word) == meant


def test_many_words_at_once() -> None:
    """Only the unknown of many words come back, as they are written."""
    assert BRITISH.unknown({"the", "Kernel", "kernal", "Teh", "codegen"}) == {"kernal", "Teh"}


def test_own_words_are_not_respelt() -> None:
    """A course that writes a word of the other variety into its list means it."""
    assert BRITISH.respelt("Color") == "Colour"
    assert Dictionary(Variety.BRITISH, ["color"]).respelt("Color") is None


def test_prefixes() -> None:
    """What stands before a hyphen need not be a word."""
    assert dictionary.may_stand_before_hyphen("Re")
    assert not dictionary.may_stand_before_hyphen("kernal")
