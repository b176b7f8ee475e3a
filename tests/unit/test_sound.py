"""Samples become clips of one loudness, without long silences, that any decoder reads."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from ankigen import sound
from ankigen.speech import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]


def silence(seconds: float) -> Samples:
    """Zeros."""
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def tone(seconds: float, amplitude: float = 0.1, hertz: float = 440.0) -> Samples:
    """A sine."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (amplitude * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def noise(seconds: float, amplitude: float = 0.05) -> Samples:
    """White noise, the same at every call."""
    drawn = np.random.default_rng(0).normal(0, amplitude, round(seconds * SAMPLE_RATE))
    return drawn.astype(np.float32)


def decibels(ratio: float) -> float:
    """A ratio of amplitudes in dB."""
    return 20 * float(np.log10(ratio))


@pytest.mark.parametrize(
    ("rate", "amplitude", "lufs"),
    [(48_000, 1.0, -3.01), (48_000, 0.1, -23.01), (24_000, 1.0, -3.01), (44_100, 0.01, -43.01)],
)
def test_loudness_of_the_reference_tone(rate: int, amplitude: float, lufs: float) -> None:
    """A 997 Hz sine at full scale in one channel is -3.01 LKFS, as BS.1770-4 states."""
    samples = amplitude * np.sin(2 * np.pi * 997 * np.arange(5 * rate) / rate)
    assert sound.loudness(samples.astype(np.float32), rate) == pytest.approx(lufs, abs=0.05)


def test_loudness_gates_pauses() -> None:
    """A long pause hardly lowers the loudness: blocks far below the rest do not count."""
    spoken = tone(2)
    paused = np.concatenate([spoken, silence(4), spoken])
    plain = sound.loudness(spoken, SAMPLE_RATE)
    assert sound.loudness(paused, SAMPLE_RATE) == pytest.approx(plain, abs=0.5)


@pytest.mark.parametrize("samples", [silence(0), silence(0.1), silence(2), tone(1, 1e-5)])
def test_silence_has_no_loudness(samples: Samples) -> None:
    """Nothing, and what is below the absolute gate, measures minus infinity."""
    assert sound.loudness(samples, SAMPLE_RATE) == float("-inf")


@pytest.mark.parametrize(
    "samples",
    [
        tone(1),
        tone(1, 1.0),
        tone(1, 0.001),
        tone(1, 0.3, 60),
        tone(1, 0.3, 8000),
        tone(0.1),
        tone(0.02),
        noise(1),
        noise(0.05),
        noise(2, 0.0005),
        np.concatenate([tone(0.05, 0.8), tone(2, 0.01)]),
        np.concatenate([silence(0.5), tone(1), silence(1), noise(1, 0.01)]),
    ],
    ids=[
        "tone",
        "full-scale",
        "very-quiet",
        "low",
        "high",
        "short",
        "very-short",
        "noise",
        "short-noise",
        "quiet-noise",
        "loud-start",
        "with-pauses",
    ],
)
def test_level(samples: Samples) -> None:
    """Whatever the level before, it is -19 LUFS after, of the same length, below the ceiling."""
    levelled = sound.level(samples, SAMPLE_RATE)
    assert levelled.shape == samples.shape
    assert levelled.dtype == np.float32
    assert sound.loudness(levelled, SAMPLE_RATE) == pytest.approx(sound.TARGET_LUFS, abs=0.1)
    assert decibels(np.abs(levelled).max()) <= -2


def test_level_never_clips() -> None:
    """A click that would need more than full scale stays below the ceiling, if not as loud."""
    click = np.concatenate([silence(0.5), np.full(30, 0.01, np.float32), silence(0.5)])
    levelled = sound.level(click, SAMPLE_RATE)
    assert -3.5 <= decibels(np.abs(levelled).max()) <= -3
    assert sound.loudness(levelled, SAMPLE_RATE) < sound.TARGET_LUFS


def test_level_leaves_the_shape_of_what_needs_no_limit() -> None:
    """Below the knee, levelling only multiplies."""
    samples = tone(1)
    levelled = sound.level(samples, SAMPLE_RATE)
    assert np.corrcoef(samples, levelled)[0, 1] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("before", "after", "lead", "tail"),
    [(0.5, 0.7, 0.02, 0.15), (0, 0, 0, 0), (0.01, 0.05, 0.01, 0.05), (3, 0, 0.02, 0)],
)
def test_trim_keeps_a_breath(before: float, after: float, lead: float, tail: float) -> None:
    """Of the silence at each end a breath is left, and of the sound everything."""
    spoken = tone(1)
    trimmed = sound.trim(np.concatenate([silence(before), spoken, silence(after)]), SAMPLE_RATE)
    expected = np.concatenate([silence(lead), spoken, silence(tail)])
    # Ends are found in steps of 5 ms.
    assert len(trimmed) == pytest.approx(len(expected), abs=0.0051 * SAMPLE_RATE)
    assert np.count_nonzero(trimmed) == np.count_nonzero(spoken)


def test_trim_takes_faint_hiss_for_silence() -> None:
    """What is 40 dB below the loudest is silence, what is 30 dB below is a soft sound."""
    loud = tone(1)
    for amplitude, seconds in ((0.0005, 1.18), (0.003, 2.18)):
        hiss = tone(1, amplitude)
        trimmed = sound.trim(np.concatenate([hiss, loud, silence(1)]), SAMPLE_RATE)
        assert len(trimmed) / SAMPLE_RATE == pytest.approx(seconds, abs=0.04)


def test_trim_keeps_pauses_inside() -> None:
    """A pause between two words stays."""
    spoken = np.concatenate([tone(0.3), silence(1), tone(0.3)])
    assert len(sound.trim(spoken, SAMPLE_RATE)) == len(spoken)


@pytest.mark.parametrize(
    "samples", [silence(0), silence(0.001), silence(1), tone(1, 1e-5), noise(1, 1e-5)]
)
def test_silence_gives_no_clip(samples: Samples) -> None:
    """Nothing is left of silence, so that the caller can refuse it."""
    finished, seconds = sound.finish(samples, SAMPLE_RATE)
    assert len(finished) == 0
    assert seconds == 0


def test_finish_trims_and_levels() -> None:
    """The two steps together, and the length in seconds."""
    finished, seconds = sound.finish(
        np.concatenate([silence(1), tone(1, 0.01), silence(1)]), SAMPLE_RATE
    )
    assert seconds == len(finished) / SAMPLE_RATE == pytest.approx(1.17, abs=0.006)
    assert sound.loudness(finished, SAMPLE_RATE) == pytest.approx(sound.TARGET_LUFS, abs=0.1)


@given(
    st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(0.001, 0.3), st.booleans()), max_size=6)
)
def test_any_samples_are_finished(parts: list[tuple[float, float, bool]]) -> None:
    """Any run of tones, noises and silences gives finite samples below the ceiling."""
    made = [(noise if noisy else tone)(seconds, level) for level, seconds, noisy in parts]
    samples = np.clip(np.concatenate([silence(0), *made]), -1, 1)
    finished, seconds = sound.finish(samples, SAMPLE_RATE)
    assert np.isfinite(finished).all()
    assert len(finished) == round(seconds * SAMPLE_RATE) <= len(samples)
    assert np.abs(finished).max(initial=0) <= 10 ** (-2 / 20)


def decoded(data: bytes) -> tuple[Samples, int]:
    """The samples of an MP3 and their rate."""
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    return samples, rate


@pytest.mark.parametrize("seconds", [0.001, 0.3, 1, 12])
def test_encode(seconds: float) -> None:
    """The MP3 is mono, of 22.05 kHz, and as long as the samples and the encoder's padding."""
    samples, rate = decoded(sound.encode(tone(seconds), SAMPLE_RATE))
    assert rate == 22_050
    assert samples.ndim == 1
    assert seconds <= len(samples) / rate <= seconds + 0.15


def test_encode_keeps_the_level() -> None:
    """What is decoded is as loud as what was encoded, and full scale does not wrap around."""
    samples, _ = decoded(sound.encode(tone(2), SAMPLE_RATE))
    assert decibels(samples.std() / tone(2).std()) == pytest.approx(0, abs=0.5)
    loudest, _ = decoded(sound.encode(tone(2, 2.0, 100), SAMPLE_RATE))
    steps = np.abs(np.diff(loudest))
    assert steps.max() < 0.2


@pytest.mark.parametrize("seconds", [0.42, 0.55, 0.8, 1.3, 2.9])
def test_short_clips_are_as_loud_in_their_files(seconds: float) -> None:
    """The silence that the encoder adds makes none quieter by a decibel."""
    word = np.concatenate([tone(seconds / 2), tone(seconds / 2, 0.02), silence(0.15)])
    heard, rate = decoded(sound.encode(sound.level(word, SAMPLE_RATE), SAMPLE_RATE))
    assert sound.loudness(heard, rate) == pytest.approx(sound.TARGET_LUFS, abs=0.9)


def test_encode_is_deterministic() -> None:
    """Equal samples give equal bytes, other samples others."""
    first, again, other = (
        sound.encode(samples, SAMPLE_RATE) for samples in (noise(1), noise(1), noise(1, 0.06))
    )
    assert first == again != other
