"""How the clips of the course sound, measured by other programs than the one that made them."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile
from pocketsphinx import Decoder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

INTELLIGIBLE = 0.35
"""Mean word error rate that clear speech stays below; noise and other words come near 1."""

UNINTELLIGIBLE = 0.8


@dataclass(frozen=True)
class Heard:
    """What was measured of one clip.

    Attributes:
        seconds: Its length.
        lufs: Integrated loudness by ffmpeg's ebur128 (EBU R 128, ITU-R BS.1770).
        peak: Largest sample in dBFS.
        before: Seconds of silence at its start.
        after: Seconds of silence at its end.
    """

    seconds: float
    lufs: float
    peak: float
    before: float
    after: float


def records(course: Path) -> list[Mapping[str, Any]]:
    """The manifest's lines."""
    manifest = course / "audio" / "clips" / "manifest.jsonl"
    return [json.loads(line) for line in manifest.read_text().splitlines()]


def measure(path: Path, lufs: float) -> Heard:
    """Decode a clip and measure it."""
    samples, rate = soundfile.read(path, dtype="float32")
    frame = rate // 200
    power = np.square(samples[: len(samples) // frame * frame].reshape(-1, frame)).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 1e-4)  # -40 dB
    return Heard(
        seconds=len(samples) / rate,
        lufs=lufs,
        peak=20 * float(np.log10(np.abs(samples).max())),
        before=int(loud[0]) * frame / rate,
        after=(len(samples) - (int(loud[-1]) + 1) * frame) / rate,
    )


def loudness(paths: Sequence[Path]) -> list[float]:
    """LUFS of each clip as ffmpeg measures it; a clip under 0.4 s as if it repeated."""
    # One call for many clips: starting ffmpeg takes longer than measuring.
    command = ["ffmpeg", "-hide_banner", "-nostats"]
    for path in paths:
        short = soundfile.info(path).duration < 0.4
        command += [*(["-stream_loop", "3"] if short else []), "-i", str(path)]
    numbers = range(len(paths))
    graph = [f"[{number}:a]ebur128=framelog=verbose[out{number}]" for number in numbers]
    command += ["-filter_complex", ";".join(graph)]
    for number in numbers:
        command += ["-map", f"[out{number}]"]
    command += ["-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    summary = re.compile(r"ebur128_(\d+) @ \w+\] Summary:.*?I: +(-?[\d.]+) LUFS", re.DOTALL)
    # A filter that is set up anew says so with an empty summary; its last one counts.
    found = {int(number): float(lufs) for number, lufs in summary.findall(done.stderr)}
    return [found[number] for number in numbers]


@pytest.fixture(scope="module")
def heard(course: Path) -> dict[str, Heard]:
    """Every clip of the course, measured."""
    paths = sorted((course / "audio" / "clips").glob("*.mp3"))
    measured: dict[str, Heard] = {}
    for start in range(0, len(paths), 32):
        batch = paths[start : start + 32]
        for path, lufs in zip(batch, loudness(batch), strict=True):
            measured[path.name] = measure(path, lufs)
    return measured


def test_every_clip_is_measured(course: Path, heard: dict[str, Heard]) -> None:
    """The manifest and the folder name the same clips, and the packages hold them all."""
    assert {record["name"] for record in records(course)} == heard.keys()
    packed = {
        name
        for package in (course / "sound").glob("*.apkg")
        for name in json.loads(zipfile.ZipFile(package).read("media")).values()
    }
    assert packed == heard.keys()
    assert len(heard) > 250


def test_loudness(heard: dict[str, Heard]) -> None:
    """Every clip is within 1 LU of -19 LUFS."""
    assert {name: h.lufs for name, h in heard.items() if not -20 <= h.lufs <= -18} == {}


def test_no_clip_clips(heard: dict[str, Heard]) -> None:
    """After decoding, no sample is above -1 dBFS, and none is suspiciously low."""
    assert {name: h.peak for name, h in heard.items() if not -14 <= h.peak <= -1} == {}


def test_silence_is_short(heard: dict[str, Heard]) -> None:
    """Speech begins within 0.1 s, and at most 0.25 s follow it."""
    wrong = {name: h for name, h in heard.items() if h.before > 0.1 or h.after > 0.25}
    assert wrong == {}


def test_lengths(course: Path, heard: dict[str, Heard]) -> None:
    """Every clip takes 0.3 to 15 seconds, and the manifest says how many."""
    assert {name: h.seconds for name, h in heard.items() if not 0.3 <= h.seconds <= 15} == {}
    for record in records(course):
        # The encoder fills its last frames and adds its delay: under 0.15 s together.
        assert 0 <= heard[record["name"]].seconds - record["seconds"] < 0.15, record


def test_slow_clips_are_slower(course: Path) -> None:
    """Every word takes longer at the slow pace, by about as much as was asked for."""
    seconds = {(r["text"], r["speed"]): r["seconds"] for r in records(course)}
    slow = {text for text, speed in seconds if speed < 1}
    ratios = {text: seconds[text, 0.7] / seconds[text, 1.0] for text in slow}
    assert {text: ratio for text, ratio in ratios.items() if not 1.2 <= ratio <= 1.6} == {}
    assert len(slow) >= 30


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return re.findall(r"[a-z']+", text.lower())


def word_error_rate(said: str, understood: str) -> float:
    """Words to replace, insert or delete, for each word said."""
    reference, hypothesis = words(said), words(understood)
    row = list(range(len(hypothesis) + 1))
    for number, word in enumerate(reference, start=1):
        above, row[0] = row[0], number
        for column, other in enumerate(hypothesis, start=1):
            cost = min(row[column] + 1, row[column - 1] + 1, above + (word != other))
            above, row[column] = row[column], cost
    return row[-1] / len(reference)


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    """A recogniser of American English that knows nothing of the course."""
    # Half the time of the defaults for the same words.
    return Decoder(samprate=16_000, loglevel="FATAL", fwdflat=False, maxhmmpf=5000)


def recognise(decoder: Decoder, pcm: bytes) -> str:
    """What it understands of 16-bit samples at 16 kHz."""
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return hypothesis.hypstr if hypothesis else ""


def pcm_of(path: Path) -> bytes:
    """A clip as 16-bit samples at 16 kHz."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ar", "16000", "-ac", "1"]
    return subprocess.run([*command, "-f", "s16le", "-"], capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def dictation(course: Path, decoder: Decoder) -> dict[str, str]:
    """What the recogniser understood of sentences that are made of words that it knows."""
    said: dict[str, str] = {}
    for record in records(course):
        text = record["text"]
        plain = text[1:].islower() and not any(map(str.isdigit, text))
        known = plain and all(map(decoder.lookup_word, words(text)))
        if known and len(words(text)) >= 10 and len(said) < 15:
            said[text] = record["name"]
    assert len(said) == 15
    return {
        text: recognise(decoder, pcm_of(course / "audio" / "clips" / name))
        for text, name in said.items()
    }


def test_sentences_are_intelligible(dictation: dict[str, str]) -> None:
    """A recogniser that knows nothing of the course understands its sentences."""
    rates = {said: word_error_rate(said, understood) for said, understood in dictation.items()}
    for said, rate in rates.items():
        print(f"{rate:.2f}  {said}\n   →  {dictation[said]}")  # noqa: T201 - shown when it fails
    assert sum(rates.values()) / len(rates) <= INTELLIGIBLE
    assert max(rates.values()) < UNINTELLIGIBLE


def test_other_words_are_told_apart(dictation: dict[str, str]) -> None:
    """The gate can fail: what was understood does not pass for the next sentence."""
    said = list(dictation)
    for text, other in zip(said, [*said[1:], said[0]], strict=True):
        assert word_error_rate(text, dictation[other]) > UNINTELLIGIBLE


def test_silence_and_noise_are_not_understood(decoder: Decoder, dictation: dict[str, str]) -> None:
    """The gate can fail: neither silence nor noise passes for a sentence."""
    noise = np.random.default_rng(0).normal(0, 3000, 5 * 16_000).astype("<i2")
    for pcm in (bytes(5 * 32_000), noise.tobytes()):
        understood = recognise(decoder, pcm)
        assert all(word_error_rate(said, understood) > UNINTELLIGIBLE for said in dictation)


@pytest.mark.parametrize(
    ("said", "understood", "rate"),
    [
        ("Run the pass.", "run the pass", 0),
        ("run the pass", "run pass", 1 / 3),
        ("run the pass", "run the next pass", 1 / 3),
        ("run the pass", "run a pass", 1 / 3),
        ("run the pass", "", 1),
        ("pass", "the path is long", 4),
    ],
)
def test_word_error_rate(said: str, understood: str, rate: float) -> None:
    """Replaced, inserted and deleted words count one each."""
    assert word_error_rate(said, understood) == pytest.approx(rate)
