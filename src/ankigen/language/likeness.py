"""Texts that are the same, or nearly, among many: in far less than the time of comparing all.

Of each text, a few runs of three words are taken for its marks: those with the least hashes, so
that of two texts which share most of their runs some marks are the same. Texts that share a mark
are measured by rapidfuzz. A mark remembers only the first texts that bear it; what everybody
writes ("one of the") would else lead to all.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ALIKE = 90.0
"""Per cent of the characters; one word in ten is another."""

_MARKS = 6  # runs of a text under which it is filed and looked for
_REMEMBERED = 24  # texts that a run leads to
_COMPARED = 12  # texts that are measured against one


@dataclass(frozen=True, slots=True)
class Twin:
    """Two texts that are alike.

    Attributes:
        first: Index of the one that comes first.
        second: Of the other.
        same: Whether only letters' case, spaces and punctuation differ, if anything.
    """

    first: int
    second: int
    same: bool


def twins(texts: Sequence[Sequence[str]], alike: float = ALIKE) -> Iterator[Twin]:
    """Each text that is like an earlier one, with the earlier one that is most like it.

    Args:
        texts: The words of each; two of no words are not alike.
        alike: Per cent of the characters from which on two texts are.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - a tenth of what starting up takes

    joined = [" ".join(text).lower() for text in texts]
    numbers: defaultdict[str, int] = defaultdict(itertools.count().__next__)
    marked = [_marks([*map(numbers.__getitem__, text.split())]) for text in joined]
    met: set[int] = set()
    common: set[int] = set()
    for marks in marked:
        common.update(met.intersection(marks))
        met.update(marks)
    seen: dict[str, int] = {}
    filed: defaultdict[int, list[int]] = defaultdict(list)
    for index, (text, marks) in enumerate(zip(joined, marked, strict=True)):
        first = seen.setdefault(text, index)
        if first != index:
            if text:
                yield Twin(first, index, same=True)
            continue
        if common.isdisjoint(marks):
            continue
        shared: Counter[int] = Counter()
        for mark in common.intersection(marks):
            others = filed[mark]
            shared.update(others)
            if len(others) < _REMEMBERED:
                others.append(index)
        if not shared:
            continue
        near = {other: joined[other] for other, _ in shared.most_common(_COMPARED)}
        best = process.extractOne(text, near, scorer=fuzz.ratio, score_cutoff=alike)
        if best:
            yield Twin(best[2], index, same=False)


def _marks(words: list[int]) -> list[int]:
    """The least hashes of a text's runs of three; those of numbers are alike everywhere."""
    return sorted({*map(hash, zip(words, words[1:], words[2:], strict=False))})[:_MARKS]
