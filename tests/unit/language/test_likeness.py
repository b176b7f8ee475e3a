"""Texts that are the same, or nearly."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from ankigen.language import likeness
from ankigen.language.likeness import Twin

FIRST = "the profiler still lists add and multiply as separate kernels here".split()
OTHER = "on small batches the accelerator sits idle most of the time".split()


def test_same_and_near() -> None:
    """Case does not matter; one word in twelve may be another; nothing is like itself alone."""
    upper = [FIRST[0].title(), *FIRST[1:]]
    near = ["now" if word == "here" else word for word in FIRST]
    found = list(likeness.twins(map(" ".join, [FIRST, OTHER, upper, near])))
    assert found == [Twin(0, 2, same=True), Twin(0, 3, same=False)]


def test_texts_of_no_words() -> None:
    """Two texts of signs alone are not repeated."""
    assert not list(likeness.twins(["", ""]))


@given(texts=st.lists(st.lists(st.sampled_from("one two three four".split()), max_size=8)))
def test_twins_are_alike(texts: list[list[str]]) -> None:
    """Whatever is said to be alike is, and each text is named once at most as the later one."""
    found = list(likeness.twins(map(" ".join, texts)))
    for twin in found:
        first, second = (" ".join(texts[at]) for at in (twin.first, twin.second))
        assert twin.first < twin.second
        assert fuzz.ratio(first, second) >= likeness.ALIKE
    assert len({twin.second for twin in found}) == len(found)


def test_a_changed_word_is_found_among_thousands() -> None:
    """Of 200 sentences with one word changed among 3,000, hardly one is missed."""
    chance = random.Random(1)  # noqa: S311 - no secret
    vocabulary = [f"w{number}" for number in range(800)]
    texts = [chance.choices(vocabulary, k=15) for _ in range(3000)]
    for text in texts[:200]:
        changed = [*text]
        changed[chance.randrange(15)] = "other"
        texts.append(changed)
    found = {(twin.first, twin.second) for twin in likeness.twins(map(" ".join, texts))}
    assert len(found & {(at, 3000 + at) for at in range(200)}) >= 190
