"""Clips: their names, which of them are missing, and making them with the real voice."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from ankigen import sound
from ankigen.audio import Studio, UnspokenError
from ankigen.clips import Store
from ankigen.diagnostics import SetupError
from ankigen.lexicon import Lexicon, Pronunciation
from ankigen.model import Voice

if TYPE_CHECKING:
    from pathlib import Path

VOICES = {"default": Voice("hibari", "heart"), "slow": Voice("hibari", "heart", 0.8)}
TEXTS = ("kernel", "operator fusion", "loop tiling", "Does it still fire?", "MLIR", "a cost model")
SILENT = "ꜳ"
"""A Latin letter by its Unicode name, of which the voice knows nothing."""


@pytest.fixture(scope="module")
def studio() -> Studio:
    """A studio whose engine is loaded once."""
    return Studio(VOICES, Lexicon())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "clips")


def files(store: Store) -> dict[str, bytes]:
    """The sounds of a store, by name."""
    return {path.name: path.read_bytes() for path in store.folder.glob("*.mp3")}


def test_name_says_text_and_recipe(studio: Studio) -> None:
    """A name begins with the words, and is the same wherever the recipe is the same."""
    clip = studio.clip("Operator fusion!")
    assert clip.name.startswith("operator-fusion-")
    assert clip == Studio(VOICES, Lexicon()).clip("Operator fusion!")
    assert clip.text == "Operator fusion!"
    assert clip.voice == VOICES["default"]


def test_another_recipe_is_another_name(studio: Studio) -> None:
    """Text to the letter, and voice: whatever is heard, a name stands for one sound."""
    texts = ("kernel", "Kernel", "kernel.", "kernels", "Kern\u00e9l", "ke\u0301rnel")
    clips = [studio.clip(text, voice) for text in texts for voice in VOICES]
    assert len({clip.name for clip in clips}) == len(clips)


@given(st.text(st.characters()), st.sampled_from(sorted(VOICES)))
def test_names_suit_every_anki_client(text: str, voice: str) -> None:
    """Names are short, plain, in small letters, and end in .mp3, for any text."""
    name = Studio(VOICES, Lexicon()).clip(text, voice).name
    stem, dot, digest = name.removesuffix(".mp3").rpartition("-")
    assert name.endswith(".mp3")
    assert dot
    assert len(name) <= 60
    assert len(digest) == 12
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert stem
    assert not stem.startswith("-")
    assert not stem.endswith("-")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("", "clip-"),
        ("—", "clip-"),
        ("Straßenbahn Łódź", "straenbahn-odz-"),
        ("con", "con-"),
        ("a" * 100, "a" * 40 + "-"),
        ("word " * 30, "word-word-word-word-word-word-word-word-"),
    ],
)
def test_words_in_names(studio: Studio, text: str, start: str) -> None:
    """Words are cut between two of them where that can be, and accents are dropped."""
    name = studio.clip(text).name
    assert name.startswith(start)
    assert len(name) == len(start) + len("0123456789ab.mp3")


@pytest.mark.parametrize(
    ("voice", "message"),
    [
        (Voice("hibari", "bella"), "no voice 'bella'"),
        (Voice("hibary", "heart"), "no speech engine 'hibary'"),
    ],
)
def test_voices_that_are_not_there(voice: Voice, message: str) -> None:
    """A studio is not opened with a voice that this machine lacks."""
    with pytest.raises(SetupError, match=message):
        Studio({**VOICES, "other": voice}, Lexicon())


def test_unsayable_asks_the_voice(studio: Studio) -> None:
    """The engine's reason is passed on, for each voice."""
    assert studio.unsayable("kernel") == ""
    assert "日" in studio.unsayable("日本", "slow")


ENGINES = {"default": Voice("hibari"), "google": Voice("google"), "joe": Voice("joe")}
FORMS = {
    "GELU": Pronunciation(say="gell you"),
    "API": Pronunciation(phonemes="Api"),
    "C++": Pronunciation(say="see plus plus"),
}
SAYABLE = Studio(ENGINES, Lexicon(FORMS))


@pytest.mark.parametrize("voice", ENGINES)
@given(text=st.text("ab GELUAPI+C\u044f\u00e9\u2192\u20071.-{`(\n", max_size=12))
def test_what_is_surely_said(voice: str, text: str) -> None:
    """What a voice is known to say at a glance, it says when it is asked."""
    if SAYABLE.surely_says(text, voice):
        assert SAYABLE.unsayable(text, voice) == ""


def test_a_respelling_in_other_letters() -> None:
    """Where the lexicon itself may not be sayable, nothing is known at a glance."""
    odd = Studio(ENGINES, Lexicon({"a": Pronunciation(say="\u044f")}))
    assert SAYABLE.surely_says("a b", "default")
    assert not odd.surely_says("a b", "default")
    assert odd.unsayable("a")


def test_make(studio: Studio, store: Store) -> None:
    """Every clip is made once, decodes, and is as long as its record says."""
    clips = [studio.clip(text) for text in TEXTS]
    seen: list[tuple[int, int]] = []
    made = studio.make([*clips, *clips], store, None, lambda done, of: seen.append((done, of)))
    assert (made.made, made.reused) == (len(TEXTS), 0)
    assert seen == [(number, len(TEXTS)) for number in range(1, len(TEXTS) + 1)]
    assert files(store).keys() == made.records.keys() == {clip.name for clip in clips}
    for name, data in files(store).items():
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
        seconds = made.records[name].seconds
        assert seconds <= len(samples) / rate <= seconds + 0.15
        assert sound.loudness(samples, rate) == pytest.approx(sound.TARGET_LUFS, abs=1)
    total = sum(record.seconds for record in made.records.values())
    assert made.seconds == pytest.approx(total, abs=0.001)


def test_only_what_is_missing_is_made(studio: Studio, store: Store) -> None:
    """Clips that are there are reused, and their files are left alone."""
    first = studio.make([studio.clip(text) for text in TEXTS[:2]], store)
    times = {path: path.stat().st_mtime_ns for path in store.folder.glob("*.mp3")}
    second = studio.make([studio.clip(text) for text in TEXTS[:4]], Store(store.folder))
    assert (second.made, second.reused) == (2, 2)
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert {name: second.records[name] for name in first.records} == first.records


def test_nothing_to_make_loads_nothing(store: Store) -> None:
    """Without clips no engine is loaded and no folder made."""
    made = Studio(VOICES, Lexicon()).make([], store)
    assert (made.made, made.reused, made.seconds) == (0, 0, 0)
    assert not store.folder.exists()


@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_jobs_change_nothing(studio: Studio, store: Store, tmp_path: Path, jobs: int) -> None:
    """One thread or several: the same clips, the same manifest."""
    clips = [studio.clip(text, voice) for text in TEXTS for voice in VOICES]
    other = Store(tmp_path / "other")
    studio.make(clips, store, 3)
    Studio(VOICES, Lexicon()).make(reversed(clips), other, jobs)
    assert files(store) == files(other)
    manifests = [(s.folder / "manifest.jsonl").read_bytes() for s in (store, other)]
    assert manifests[0] == manifests[1]


def test_two_builds_share_a_studio(studio: Studio, tmp_path: Path) -> None:
    """Two threads that make the same clips into two stores get the same."""
    clips = [studio.clip(text) for text in TEXTS]
    stores = [Store(tmp_path / name) for name in "ab"]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda store: studio.make(clips, store, 2), stores))
    assert dict(made[0].records) == dict(made[1].records)
    assert files(stores[0]) == files(stores[1])


def test_two_builds_share_a_store(studio: Studio, tmp_path: Path) -> None:
    """Two threads that make the same clips into one folder leave each of them whole."""
    clips = [studio.clip(text) for text in TEXTS]
    stores = [Store(tmp_path / "clips") for _ in "ab"]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda store: studio.make(clips, store, 2), stores))
    again = studio.make(clips, Store(tmp_path / "clips"))
    assert again.reused == len(TEXTS)


def test_silent_text_is_refused_by_name(studio: Studio, store: Store) -> None:
    """A text that gives silence raises, names its clip, and costs no clip made before it."""
    assert studio.unsayable(SILENT) == ""
    clips = [studio.clip(text) for text in (*TEXTS[:2], SILENT)]
    with pytest.raises(UnspokenError, match="only silence is heard") as caught:
        studio.make(clips, store, 1)
    assert caught.value.clip == clips[-1]
    assert files(store).keys() == {clip.name for clip in clips[:-1]}
    again = studio.make(clips[:-1], Store(store.folder))
    assert (again.made, again.reused) == (0, 2)
