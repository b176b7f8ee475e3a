"""Words of one family: *tile*, *tiles*, *tiled*, *tiling*; found by spelling, without a list."""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENDINGS = ("'s", "’s", "ings", "ing", "ies", "ied", "ed", "es", "s")
_SHORTEST = 3
_VOWELS = frozenset("aeiouy")


@functools.lru_cache(maxsize=65536)
def base(word: str) -> str:
    """What the regular forms of a word have in common; no word itself.

    >>> base("tiling") == base("tiles") == base("Tile")
    True
    """
    word = word.lower()
    for ending in _ENDINGS:
        stem = word[: -len(ending)]
        if (
            word.endswith(ending)
            and len(stem) >= _SHORTEST
            and not word.endswith("ss")
            and not _VOWELS.isdisjoint(stem)
        ):
            word = stem + "y" if ending in ("ies", "ied") else stem
            break
    word = word.removesuffix("e") if len(word) > _SHORTEST else word
    return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] else word


def bases(words: Sequence[str]) -> tuple[str, ...]:
    """Of each word."""
    return tuple(map(base, words))


def index(part: Sequence[str], whole: Sequence[str]) -> int | None:
    """Where a sequence of bases begins in another; None where it is not in it."""
    if not part:
        return None
    for at in range(len(whole) - len(part) + 1):
        if whole[at] == part[0] and tuple(whole[at : at + len(part)]) == tuple(part):
            return at
    return None
