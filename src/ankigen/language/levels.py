"""How hard a word is: its level in the Common European Framework, A1 to C2.

The levels are those of ``cefrpy``, of which only the data is read. Where it lists a word as several
parts of speech the easiest counts, as does the easier of two spellings and of a word and what it is
made of: who knows *reuse* and *able* reads *reusable*, and with *wave* and *front* *wavefront*.
"""

from __future__ import annotations

import functools
import mmap
import re
import struct
from enum import IntEnum

from ankigen.language import variety, wheel

_PREFIX = re.compile(r"(?:un|re|non|multi|over|under|inter|sub|pre|co|mis|dis|semi)-?(?=\w{4})")
_ENDINGS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""),
    ("ing", "e"), ("ly", ""), ("ily", "y"), ("er", ""), ("er", "e"), ("or", "e"), ("or", ""),
    ("able", ""), ("able", "e"), ("ness", ""), ("less", ""), ("ion", ""), ("ion", "e"),
    ("ation", ""), ("ation", "e"), ("ise", ""), ("ize", ""), ("ity", ""), ("ity", "e"),
    ("ability", "able"), ("al", ""), ("al", "e"), ("ment", ""), ("ism", ""), ("ist", ""),
)  # fmt: skip
_STEPS = 3  # "optimisers" → optimiser → optimise → …
_SHORTEST = 3
_EASY = 3.5  # nearer to B2 than to C1
_LONG = 4  # letters of a word in a compound; shorter ones are found in any word
_PARTICLES = frozenset({"up", "on", "in", "out", "off", "down"})


class Level(IntEnum):
    """Of a reader, or of a word."""

    A1 = 1
    A2 = 2
    B1 = 3
    B2 = 4
    C1 = 5
    C2 = 6


@functools.cache
def of(word: str) -> Level | None:
    """The level at which one knows a word, in lower case; None where that is not known."""
    found = min(_levels(word, _STEPS), default=None)
    return Level(min(max(round(found) + 1, Level.A1), Level.C2)) if found is not None else None


def _levels(word: str, steps: int) -> list[float]:
    """Of a word and of those that it is made of; 0 is A1 and 5 is C2."""
    found = []
    spellings = {word, *(pairs[word] for pairs in variety.spellings() if word in pairs)}
    spellings |= {re.sub("is(?=e|ing|ation)", "iz", word), re.sub("iz(?=e|ing|ation)", "is", word)}
    for spelling in spellings:
        level = listed(spelling)
        if level is not None:
            found.append(level)
    if steps and (not found or min(found) >= Level.B2):
        stems = [word[: -len(end)] + instead for end, instead in _ENDINGS if word.endswith(end)]
        stems += [stem[:-1] for stem in stems if stem[-1:] == stem[-2:-1]]
        prefix = _PREFIX.match(word)
        stems += [word[prefix.end() :]] if prefix else []
        for stem in stems:
            if len(stem) >= _SHORTEST:
                found += _levels(stem, steps - 1)
        found += _of_parts(word)
    return found


def _of_parts(word: str) -> list[float]:
    """Of a compound of easy words, as hard as the harder of them: *wavefront*, *speedup*."""
    found = []
    for at in range(_LONG, len(word) - 1):
        if len(word) - at >= _LONG or word[at:] in _PARTICLES:
            first, second = listed(word[:at]), listed(word[at:])
            if first is not None and second is not None and max(first, second) < _EASY:
                found.append(max(first, second))
    return found


def listed(word: str) -> float | None:
    """As the list has it.

    Its file holds words of one length together, sorted, each followed by a byte for the part of
    speech and one for the level in steps of 1/50.
    """
    data, starts = _data()
    if not 0 < len(word) < len(starts) or not word.isascii():
        return None
    letters, size = word.encode(), len(word) + 2
    start, end = starts[len(word) - 1], starts[len(word)]
    low, high = 0, (end - start) // size
    while low < high:
        middle = (low + high) // 2
        at = start + middle * size
        if data[at : at + len(word)] < letters:
            low = middle + 1
        else:
            high = middle
    easiest = None
    at = start + low * size
    while at < end and data[at : at + len(word)] == letters:
        level = data[at + size - 1] / 50
        easiest = level if easiest is None else min(easiest, level)
        at += size
    return easiest


@functools.cache
def _data() -> tuple[mmap.mmap, tuple[int, ...]]:
    """The list, and where the words of each length begin in it, from those of one letter on."""
    with wheel.path("cefrpy", "data.bin").open("rb") as stream:
        data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    count = data[0]
    begin = 1 + count * struct.calcsize("I")
    return data, tuple(begin + start for start in struct.unpack_from(f"<{count}I", data, 1))
