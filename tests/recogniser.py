"""A recogniser of American English that is taught the field's words."""

# Phonetic letters are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pocketsphinx import Decoder

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOUNDS = """
b B  d D  f F  h HH  i IY  j Y  k K  l L  m M  n N  p P  s S  t T  u UW  v V  w W  z Z
A EY  I AY  O OW  W AW  Y OY  T T  ɑ AA  æ AE  ɔ AO  ð DH  ʤ JH  ə AH  ɛ EH  ɡ G  ɪ IH  ŋ NG
θ TH  ɹ R  ʃ SH  ʧ CH  ʊ UH  ʌ AH  ʒ ZH  ᵊ AH  ᵻ IH
"""
ARPABET = dict(pair.split(" ") for pair in re.split(r"  |\n", _SOUNDS.strip()))
"""The sounds of the lexicon in the recogniser's alphabet, one for one but for ``ER``."""


def arpabet(phonemes: str) -> str:
    """Phonemes of the lexicon for the recogniser."""
    sounds = re.findall("[əɜ]ɹ|.", re.sub("[ˈˌ ]", "", phonemes))
    return " ".join("ER" if len(sound) > 1 else ARPABET[sound] for sound in sounds)


def word_of(form: str) -> str:
    """A form as one word of the recogniser."""
    return re.sub(r"\W|_", "", form.replace("+", "plus").replace("#", "sharp")).lower()


def words(text: str) -> list[str]:
    """The words of a text, in small letters, forms in braces as one."""
    text = re.sub(r"\{(.*?)\}", lambda form: word_of(form[1]), text)
    return re.findall(r"[a-z0-9']+", text.lower())


class Recogniser:
    """What it understands of a sound."""

    def __init__(self, extra: Mapping[str, str]) -> None:
        """Teach it words.

        Args:
            extra: Phonemes of the lexicon, by the word; those that it knows are left as they are.
        """
        # Half the time of the defaults for the same words.
        self._decoder = Decoder(samprate=16_000, loglevel="FATAL", fwdflat=False, maxhmmpf=5000)
        # It ends the whole process over a word without a letter or a sound.
        new = [word for word, sounds in extra.items() if word and sounds and not self.knows(word)]
        for word in new:
            # Updates the search at the end, which it can but once.
            self._decoder.add_word(word, arpabet(extra[word]), word == new[-1])

    def knows(self, word: str) -> bool:
        """Whether it could understand a word."""
        return self._decoder.lookup_word(word) is not None

    def words(self, pcm: bytes) -> list[str]:
        """The words that it understands of 16-bit samples at 16 kHz."""
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        hypothesis = self._decoder.hyp()
        return words(hypothesis.hypstr) if hypothesis else []
