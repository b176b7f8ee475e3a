"""British and American spelling."""

from __future__ import annotations

import pytest

from ankigen.language import dictionary, variety
from ankigen.language.variety import Variety


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-GB", Variety.BRITISH),
        ("en-AU", Variety.BRITISH),
        ("en-Latn-US", Variety.AMERICAN),
        ("en-GB-oxendict", Variety.OXFORD),
        ("en", Variety.ANY),
        ("en-CA", Variety.ANY),
        ("de-AT", None),
        ("", None),
    ],
)
def test_languages(language: str, expected: Variety | None) -> None:
    """The region of a language tag tells the variety; other languages have none."""
    assert variety.of(language) is expected


@pytest.mark.parametrize(
    ("word", "british", "american", "oxford"),
    [
        ("colour", None, "color", None),
        ("color", "colour", None, "colour"),
        ("analyzer", "analyser", None, "analyser"),
        ("unlabeled", "unlabelled", None, "unlabelled"),
        ("optimise", None, "optimize", "optimize"),
        ("optimizations", "optimisations", None, None),
        # The verbs of a field are in no list.
        ("bufferized", "bufferised", None, None),
        ("bufferised", None, "bufferized", "bufferized"),
        # Written so everywhere.
        ("size", None, None, None),
        ("capsized", None, None, None),
        ("advise", None, None, None),
        ("otherwise", None, None, None),
        ("promised", None, None, None),
        # Right in Britain too, or there something else.
        ("program", None, None, None),
        ("license", None, None, None),
        ("judgment", None, None, None),
        ("analyses", None, None, None),
    ],
)
def test_spellings(
    word: str, british: str | None, american: str | None, oxford: str | None
) -> None:
    """A word of the other variety is respelt; what both write stays."""
    expected = {Variety.BRITISH: british, Variety.AMERICAN: american, Variety.OXFORD: oxford}
    found = {kind: variety.respelt(word, kind, dictionary.is_english) for kind in expected}
    assert found == expected
    assert variety.respelt(word, Variety.ANY, dictionary.is_english) is None


def test_respelling_settles() -> None:
    """No listed pair is respelt to a word that its own variety would respell again."""
    british, american = variety.spellings()
    for words, kind in ((british, Variety.BRITISH), (american, Variety.AMERICAN)):
        for right in words.values():
            again = variety.respelt(right, kind, dictionary.is_english)
            assert again is None, f"{right} → {again}"
