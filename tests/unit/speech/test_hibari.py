"""The offline voice, the real one: the same samples always, whatever the length of the text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import hibari
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.diagnostics import SetupError
from ankigen.model import Voice
from ankigen.speech import SAMPLE_RATE
from ankigen.speech.hibari import MAX_WORDS, VOICES, Hibari, split

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEART = Voice("hibari", "heart")


@pytest.fixture(scope="module")
def engine() -> Hibari:
    """The engine, loaded once."""
    made = Hibari()
    made.prepare()
    return made


def join(*parts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples one after another."""
    return np.concatenate(parts)


def numbered(count: int) -> list[str]:
    """So many ordinary words."""
    return ["tile", "fuse", "lower", "launch"] * (count // 4) + ["kernel"] * (count % 4)


def test_samples(engine: Hibari) -> None:
    """They are mono, 32-bit, within [-1, 1], heard, and as long as the words take."""
    samples = engine.speak("Fuse the two kernels.", HEART)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert 0.05 < np.abs(samples).max() <= 1
    assert 1 < len(samples) / SAMPLE_RATE < 3


def test_equal_texts_give_equal_samples(engine: Hibari) -> None:
    """The second call and another instance say the same, sample for sample."""
    text = "Does operator fusion still fire here?"
    first = engine.speak(text, HEART)
    assert np.array_equal(engine.speak(text, HEART), first)
    assert np.array_equal(Hibari().speak(text, HEART), first)
    assert not np.array_equal(
        engine.speak("Does fusion still fire here?", HEART)[: len(first)], first
    )


@pytest.mark.parametrize("count", [1, 24, 60])
def test_samples_are_those_of_hibari_itself(engine: Hibari, count: int) -> None:
    """What spares memory changes no sample."""
    text = " ".join(numbered(count))
    assert np.array_equal(engine.speak(text, HEART), hibari.Hibari(threads=1)(text, seed=0))


def test_threads_give_the_same_samples() -> None:
    """One instance, not loaded yet, may be used by several threads at once."""
    texts = [f"Each kernel reads {word}." for word in ("tiles", "rows", "MLIR", "cuBLAS")] * 3
    alone = Hibari()
    shared = Hibari()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: shared.speak(text, HEART), texts))
    for text, samples in zip(texts, together, strict=True):
        assert np.array_equal(alone.speak(text, HEART), samples), text


def test_speed(engine: Hibari) -> None:
    """A slow voice takes longer, a fast one less."""
    slow, plain, fast = (
        len(engine.speak("Fuse the two kernels.", Voice("hibari", "heart", speed)))
        for speed in (0.7, 1.0, 1.5)
    )
    assert slow > plain > fast


def test_sentences_are_spoken_one_by_one(engine: Hibari) -> None:
    """A text of two sentences sounds as they do one after the other."""
    first, second = "We merged it.", "The tests pass."
    assert np.array_equal(
        engine.speak(f"{first} {second}", HEART),
        join(engine.speak(first, HEART), engine.speak(second, HEART)),
    )


def test_long_sentences_are_split(engine: Hibari) -> None:
    """Over 60 words without a comma are spoken 60 at a time, which bounds the memory."""
    words = numbered(2 * MAX_WORDS + 5)
    parts = (words[:MAX_WORDS], words[MAX_WORDS : 2 * MAX_WORDS], words[2 * MAX_WORDS :])
    assert np.array_equal(
        engine.speak(" ".join(words), HEART),
        join(*(engine.speak(" ".join(part), HEART) for part in parts)),
    )


def test_long_sentences_are_split_at_clauses(engine: Hibari) -> None:
    """A comma before the sixtieth word is the better place to cut."""
    first, second = " ".join(numbered(40)) + ",", " ".join(numbered(30))
    assert np.array_equal(
        engine.speak(f"{first} {second}", HEART),
        join(engine.speak(first, HEART), engine.speak(second, HEART)),
    )


@pytest.mark.parametrize("count", [1, 59, 60])
def test_what_fits_is_not_split(count: int) -> None:
    """Up to 60 words stay together, commas or not."""
    sentence = ", ".join(numbered(count))
    assert list(split(sentence)) == [sentence]


@given(st.lists(st.sampled_from(["tile", "fuse,", "lower;", "launch:", "—", "-O3"]), max_size=300))
def test_splitting_loses_nothing(words: list[str]) -> None:
    """The parts are not empty, at most 60 words long, and together the sentence."""
    parts = [part.split() for part in split(" ".join(words))]
    assert [word for part in parts for word in part] == words
    assert all(1 <= len(part) <= MAX_WORDS for part in parts)
    # No two neighbours would have fitted together, so none was cut without need.
    for part, following in pairwise(parts):
        assert len(part) + _first_clause(following) > MAX_WORDS


def _first_clause(words: list[str]) -> int:
    for number, word in enumerate(words, start=1):
        if word[-1] in ",;:—":
            return number
    return len(words)


@pytest.mark.parametrize(
    "text",
    [
        "kernel",
        "MLIR",
        "café",
        "Łódź",
        "straße",
        "x ≥ 2",
        "C++",
        "7",
        "-O3",
        "nº 1",
        "ﬁrst",
    ],
)
def test_sayable(engine: Hibari, text: str) -> None:
    """Latin letters and digits can be said, and are."""
    assert engine.unsayable(text) == ""
    assert np.abs(engine.speak(text, HEART)).max() > 0.05


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no word"),
        ("—", "no word"),
        ("?!", "no word"),
        (" \n", "no word"),
        ("≥", "no word"),
        ("日本", "'日' is not a Latin letter"),
        ("kernel ядро", "'я' is not a Latin letter"),
        ("λ-calculus", "'λ' is not a Latin letter"),
        ("ship it 🚀", "U+1F680"),
        ("\ue000", "U+E000"),
        ("\ud800", "U+D800"),
    ],
)
def test_unsayable(text: str, why: str) -> None:
    """What would be silence or noise is refused with a reason, before any model is loaded."""
    assert why in Hibari().unsayable(text)


@given(st.text(st.characters()))
def test_unsayable_judges_any_text(text: str) -> None:
    """No text makes it raise, and what it accepts holds a letter or a digit."""
    if not Hibari().unsayable(text):
        assert any(char.isalnum() for char in text)


@pytest.mark.parametrize("text", ["", " ", "日本", "🚀"])
def test_what_it_cannot_say_is_silence(engine: Hibari, text: str) -> None:
    """Asked all the same, it gives no samples and no error."""
    assert len(engine.speak(text, HEART)) == 0


def test_voices() -> None:
    """A voice inside the wheel is there; one that would be downloaded is refused by name."""
    for voice in VOICES:
        Hibari().check(Voice("hibari", voice))
    with pytest.raises(SetupError, match="no voice 'bella' offline") as caught:
        Hibari().check(Voice("hibari", "bella"))
    assert "heart" in caught.value.hint


def test_identity_names_the_version() -> None:
    """Clips of another version of the engine are other clips."""
    name, version = Hibari().identity.split()
    assert name == "hibari"
    assert version[0].isdigit()
