"""Texts that are the same, or nearly, among many: in far less than the time of comparing all.

Nearly the same is first what shares rare runs of three words, found by an inverted index, and then
what rapidfuzz measures. In English, what two different sentences share is common runs ("one of
the"); those lead nowhere, because a run remembers only the first texts that hold it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ALIKE = 90.0
"""Per cent of the characters; one word in ten is another."""

_RUN = 3
_RAREST = 8  # runs of a text under which it is filed and looked for
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

    words = [[word.lower() for word in text] for text in texts]
    joined = [" ".join(text) for text in words]
    seen: dict[str, int] = {}
    runs = [list(zip(*(text[at:] for at in range(_RUN)), strict=False)) for text in words]
    common = Counter(run for text in runs for run in text)
    filed: dict[tuple[str, ...], list[int]] = {}
    for index, text in enumerate(joined):
        first = seen.setdefault(text, index)
        if first != index:
            if text:
                yield Twin(first, index, same=True)
            continue
        rarest = [run for run in runs[index] if common[run] > 1]
        if not rarest:
            continue
        if len(rarest) > _RAREST:
            rarest = sorted(rarest, key=common.__getitem__)[:_RAREST]
        shared = Counter(other for run in rarest for other in filed.get(run, ()))
        for run in rarest:
            others = filed.setdefault(run, [])
            if len(others) < _REMEMBERED:
                others.append(index)
        if not shared:
            continue
        near = {other: joined[other] for other, _ in shared.most_common(_COMPARED)}
        best = process.extractOne(text, near, scorer=fuzz.ratio, score_cutoff=alike)
        if best:
            yield Twin(best[2], index, same=False)
