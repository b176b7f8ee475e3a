"""hibari: the offline voice, its model inside its wheel (Apache-2.0)."""

from __future__ import annotations

import re
import threading
import unicodedata
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ankigen.diagnostics import SetupError
from ankigen.speech import TextError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from ankigen.lexicon import Utterance
    from ankigen.model import Voice

VOICES: tuple[str, ...] = ("heart",)
"""Voices inside the wheel; the others would be downloaded at first use."""

MAX_WORDS = 60
"""Words spoken at once. Memory grows with length: 40 words take 279 MB, 400 take 1.2 GB."""

_SEED = 0  # of the noise in the voice: equal seeds give bit-identical samples
_CLAUSE = re.compile(r"(?<=[,;:—])\s+")


class Hibari:
    """One model, shared by all threads."""

    online = False
    voices = VOICES

    def __init__(self) -> None:
        self.identity = f"hibari {version('hibari-tts')}"
        self._loading = threading.Lock()
        self._model: Any = None

    def check(self, voice: Voice) -> None:
        """Refuse voices that are not on this machine."""
        if voice.voice not in VOICES:
            raise SetupError(
                f"the engine hibari has no voice '{voice.voice}' offline",
                f"choose {', '.join(VOICES)}",
            )

    def unsayable(self, text: str) -> str:
        """It reads Latin letters and digits; the rest would be silence or noise."""
        if text.isascii() and text.isprintable():
            return "" if any(map(str.isalnum, text)) else "it holds no word"
        sayable = False
        for char in text:
            kind = unicodedata.category(char)
            if kind[0] == "L" and kind != "Lm":
                if not unicodedata.name(char, "").startswith(("LATIN", "FEMININE", "MASCULINE")):
                    return f"'{char}' is not a Latin letter"
                sayable = True
            elif kind == "Nd":
                sayable = True
            elif kind in ("So", "Co", "Cs", "Cn"):
                return f"'{char}' (U+{ord(char):04X}) has no sound"
        return "" if sayable else "it holds no word"

    def script(self, utterance: Utterance) -> str:
        """Words with their phonemes where the lexicon knows them."""
        return utterance.notation()

    def close(self) -> None:
        """Nothing is waited for."""

    def prepare(self) -> None:
        """Load model, dictionary and the rules for unknown words (about one second)."""
        with self._loading:
            if self._model is None:
                import hibari  # noqa: PLC0415 - loads onnxruntime

                model = hibari.Hibari(threads=1)
                _ = model.g2p.oov  # made lazily and not thread-safe
                self._model = model

    def speak(self, script: str, voice: Voice) -> NDArray[np.float32]:
        """Synthesise; thread-safe.

        Raises:
            TextError: hibari's rules fail on the text.
        """
        import numpy as np  # noqa: PLC0415 - late, like the engine

        self.prepare()
        try:
            parts = [
                self._model(part, speed=voice.speed, seed=_SEED)
                for sentence in self._model.split_sentences(script)
                for part in split(sentence)
            ]
        except (IndexError, ValueError) as error:  # of its rules: numbers of 37 digits, and ⒌
            raise TextError(
                f"hibari's rules fail on it ({error})", "write its numbers in another way"
            ) from None
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def split(sentence: str) -> Iterator[str]:
    """Parts of at most ``MAX_WORDS`` words, cut at clauses where there are any."""
    words: list[str] = []
    for clause in _CLAUSE.split(sentence):
        new = clause.split()
        if words and len(words) + len(new) > MAX_WORDS:
            yield " ".join(words)
            words = []
        words += new
        while len(words) > MAX_WORDS:
            yield " ".join(words[:MAX_WORDS])
            words = words[MAX_WORDS:]
    if words:
        yield " ".join(words)
