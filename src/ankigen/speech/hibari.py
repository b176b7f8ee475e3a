"""hibari: the offline voice, its model inside its wheel (Apache-2.0)."""

from __future__ import annotations

import functools
import platform
import re
import threading
import unicodedata
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
"""Words spoken at once. Memory grows with length: 60 words take 90 MB, of each thread."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # <malloc.h>
_KEPT = 16 << 20  # bytes; to ask for memory anew costs a tenth of the time
_LARGE = 4 << 20  # bytes; arrays of this size come with long sentences only

_SEED = 0  # of the noise in the voice: equal seeds give bit-identical samples
_CLAUSE = re.compile(r"(?<=[,;:—])\s+")


class Hibari:
    """One model, shared by all threads."""

    online = False
    language = "en"
    voices = VOICES

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._model: Any = None

    @functools.cached_property
    def identity(self) -> str:
        """Its version."""
        from importlib.metadata import version  # noqa: PLC0415 - late: a check names no clip

        return f"hibari {version('hibari-tts')}"

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

                _return_memory()
                model = hibari.Hibari(threads=1)
                model.sess = _session(model.model_path)
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


def _session(model: str) -> Any:  # noqa: ANN401 - it publishes no types
    """The voice's own session, but for its arena, which never shrinks: the samples are the same."""
    import onnxruntime  # noqa: PLC0415 - late, like the engine

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _return_memory() -> None:
    """Have glibc give large arrays back at once, and keep one heap for all threads.

    By default each thread has its own, and keeps there as much as its longest sentence took. Other
    C libraries are left alone.
    """
    if platform.libc_ver()[0] == "glibc":
        import ctypes  # noqa: PLC0415 - late, with the model

        libc = ctypes.CDLL(None)
        libc.mallopt(_M_ARENA_MAX, 1)
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_M_TRIM_THRESHOLD, _KEPT)


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
