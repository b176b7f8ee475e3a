"""Many words in little memory: as the text that they are, in a string for each beginning.

A set of 80,000 words takes 9 MB, which is more than a large course. This takes 1 MB, and a look-up
two microseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALIKE = 3  # letters; the words that begin so stand together


class Vocabulary:
    """Words to ask whether another is among them.

    Args:
        words: In UTF-8, without spaces.
    """

    def __init__(self, words: Iterable[bytes]) -> None:
        beginnings: dict[bytes, bytearray] = {}
        for word in words:
            alike = beginnings.get(word[:_ALIKE])
            if alike is None:
                alike = beginnings[word[:_ALIKE]] = bytearray(b" ")
            alike += word
            alike += b" "
        self._words = {start.decode(): bytes(words) for start, words in beginnings.items()}

    def __contains__(self, word: str) -> bool:
        alike = self._words.get(word[:_ALIKE])
        return alike is not None and f" {word} ".encode() in alike
