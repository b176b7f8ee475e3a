"""Words of one family, and words that may be verbs."""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import pytest

from ankigen.language import families, verbs


@pytest.mark.parametrize(
    "words",
    [
        "tile tiles tiled tiling Tile's",
        "kernel kernels kernel’s",
        "pass passes passed passing",
        "copy copies copied copying",
        "map maps mapped mapping",
        "fuse fused fusing",
    ],
)
def test_families(words: str) -> None:
    """All regular forms of a word have one base."""
    assert len({families.base(word) for word in words.split()}) == 1


def test_a_phrase_in_words() -> None:
    """Words stand in order, one after the other."""
    assert families.index(("a", "b"), ("c", "a", "b")) == 1
    assert families.index(("a", "b"), ("a", "c", "b")) is None
    assert families.index((), ("a",)) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The kernel runs", True),
        ("We wrote it", True),
        ("it’s there", True),
        ("Bufferise everything", True),
        ("a very small library", False),
        ("the museum and its library", False),
    ],
)
def test_verbs(text: str, found: bool) -> None:  # noqa: FBT001 - of the table
    """What may be a verb is known from its other forms."""
    assert verbs.any_verb(text.split()) is found
