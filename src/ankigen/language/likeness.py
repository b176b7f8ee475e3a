"""Texts that are the same, or nearly, among many: in far less than the time of comparing all.

Of each text, a few runs of three words are taken for its marks: those with the least hashes, so
that of two texts which share most of their runs some marks are the same. Texts that share two are
measured by rapidfuzz. A mark remembers only the first texts that bear it; what everybody
writes ("one of the") would else lead to all.
"""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import itertools
import string
from array import array
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ALIKE = 90.0
"""Per cent of the characters; one word in ten is another."""

_MARKS = 6  # runs of a text under which it is filed and looked for
_SIGNS = {ord(sign): " " for sign in f"{string.punctuation}“”‘’–—…"}
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


def twins(texts: Iterable[str], alike: float = ALIKE) -> Iterator[Twin]:
    """Each text that is like an earlier one, with the earlier one that is most like it.

    Args:
        texts: As one reads them; two of no words are not alike.
        alike: Per cent of the characters from which on two texts are; 100 is quicker.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - a tenth of what starting up takes

    joined = [" ".join(text.lower().translate(_SIGNS).split()) for text in texts]
    marks, ends = _marked(joined if alike < 100 else ())  # noqa: PLR2004 - all of them
    common = _common(marks)
    seen: dict[str, int] = {}
    filed: defaultdict[int, list[int]] = defaultdict(list)
    for index, text in enumerate(joined):
        first = seen.setdefault(text, index)
        if first != index:
            if text:
                yield Twin(first, index, same=True)
            continue
        own = common.intersection(marks[ends[index] : ends[index + 1]]) if common else ()
        if not own:
            continue
        once: set[int] = set()
        near: set[int] = set()
        for mark in own:
            others = filed[mark]
            near.update(once.intersection(others) if len(own) > 1 else others)
            once.update(others)
            if len(others) < _REMEMBERED:
                others.append(index)
        if not near:
            continue
        texts_near = {other: joined[other] for other in sorted(near)[:_COMPARED]}
        best = process.extractOne(text, texts_near, scorer=fuzz.ratio, score_cutoff=alike)
        if best:
            yield Twin(best[2], index, same=False)


def _marked(texts: Iterable[str]) -> tuple[array[int], array[int]]:
    """The marks of all texts in a row, and where those of each end, from 0 on.

    They are the least hashes of its runs of three; those of numbers are alike in every process.
    """
    numbers: defaultdict[str, int] = defaultdict(itertools.count().__next__)
    marks, ends = array("q"), array("q", [0])
    for text in texts:
        words = [*map(numbers.__getitem__, text.split())]
        marks.extend(sorted({*map(hash, zip(words, words[1:], words[2:], strict=False))})[:_MARKS])
        ends.append(len(marks))
    return marks, ends


def _common(marks: Iterable[int]) -> set[int]:
    """Those that are there more than once."""
    met: set[int] = set()
    again: set[int] = set()
    for mark in marks:
        (again if mark in met else met).add(mark)
    return again
