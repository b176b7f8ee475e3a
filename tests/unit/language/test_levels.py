"""Levels of words."""

from __future__ import annotations

import pytest
from cefrpy import CEFRAnalyzer

from ankigen.language import levels
from ankigen.language.levels import Level


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("thing", Level.A1),
        ("whereby", Level.B1),
        ("cumbersome", Level.C2),
        ("reusable", Level.A1),  # who knows "use" reads it
        ("speedup", Level.A2),
        ("leverage", Level.C1),
        ("qqxzzvk", None),
        ("", None),
        ("größe", None),
    ],
)
def test_levels(word: str, level: Level | None) -> None:
    """The easiest reading of a word counts, and that of the word it is made of."""
    assert levels.of(word) == level


def test_the_list_is_read_as_its_package_reads_it() -> None:
    """For any word, the easiest level is that of the package's own reader."""
    package = CEFRAnalyzer()
    for word in ("a", "analyse", "kernel", "whereby", "zygote", "notwithstanding", "zzzq"):
        by_part_of_speech = package.get_pos_level_dict_for_word(word)
        expected = min((int(level.value) for level in by_part_of_speech.values()), default=None)
        found = levels.listed(word)
        assert (None if found is None else round(found) + 1) == expected
