"""What a person reads of sounds, and what a program does."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from ankigen import soundreport
from ankigen.clips import Record
from ankigen.model import Clip, Voice
from ankigen.script import Taken
from ankigen.stock import Stocked


def sound(
    text: str, *used: str, speed: float = 1.0, size: int = 0, voice: str = "heart"
) -> Stocked:
    """A clip of a text; it is made if it has a size, and takes a second a thousand bytes."""
    name = f"{len(text)}.mp3"
    record = Record(name, text, "hibari 1", voice, speed, size / 1000, size, "0" * 64)
    clip = Clip(name, text, text, Voice("hibari", voice, speed))
    return Stocked(clip, record if size else None, used or ("terms/kernel",))


def test_table() -> None:
    """A line a clip in the order that was given, and what they come to."""
    found = [
        sound("kernel", "terms/kernel", "terms/core", size=1_234),
        sound("kernel", speed=0.7, size=1_200_000),
        sound("A tile.", "sentences/tile-1"),
    ]
    assert click.unstyle(soundreport.sounds(found)).split("\n") == [
        "seconds      bytes  voice              used by           text",
        "   1.23      1,234  hibari heart       terms/kernel +1   kernel",
        "1200.00  1,200,000  hibari heart \xd70.7  terms/kernel      kernel",
        "missing             hibari heart       sentences/tile-1  A tile.",
        "3 clips: 2 made, 1 missing; 20.0 minutes, 1.2 MB.",
    ]


def test_table_of_nothing() -> None:
    """A course that says nothing has no table."""
    assert soundreport.sounds([]) == "0 clips: 0 made, 0 missing; 0.0 minutes, 0 kB."


def test_one_clip_is_counted_in_the_singular() -> None:
    """As a person would say it."""
    assert soundreport.sounds([sound("kernel", size=1000)]).endswith(
        "\n1 clip: 1 made, 0 missing; 0.0 minutes, 1 kB."
    )


@pytest.mark.parametrize("length", [49, 50, 51, 500])
def test_long_texts_are_cut(length: int) -> None:
    """A line keeps its width, and says that there is more."""
    [_, line, _] = soundreport.sounds([sound("x" * length)]).split("\n")
    shown = line.rpartition(" ")[2]
    assert shown == ("x" * length if length <= 50 else "x" * 49 + "…")


def test_terminal_is_not_touched() -> None:
    """Texts, voices and names of files that would move the cursor or turn the line do neither."""
    evil = "a\x1b[2J\nb\u202ec"
    table = soundreport.sounds([sound(evil, voice=evil)])
    reports = soundreport.taken([Taken(Path(evil), problem=evil, hint=evil)], dry_run=False)
    for shown in (table, click.unstyle(reports)):
        assert not set("\x1b\u202e") & set(click.unstyle(shown))
        assert len(shown.split("\n")) == 3


def test_json() -> None:
    """All there is to know of each, in any script, and null for what is not made."""
    found = [sound("naïve — 核", "terms/a", "terms/b", size=500), sound("tile", speed=0.7)]
    said = soundreport.sounds_as_json(found)
    assert "naïve — 核" in said
    assert json.loads(said) == [
        {
            "file": "9.mp3",
            "text": "naïve — 核",
            "engine": "hibari",
            "voice": "heart",
            "speed": 1.0,
            "used": ["terms/a", "terms/b"],
            "made": True,
            "seconds": 0.5,
            "bytes": 500,
        },
        {
            "file": "4.mp3",
            "text": "tile",
            "engine": "hibari",
            "voice": "heart",
            "speed": 0.7,
            "used": ["terms/kernel"],
            "made": False,
            "seconds": None,
            "bytes": None,
        },
    ]
    assert json.loads(soundreport.sounds_as_json([])) == []


@pytest.mark.parametrize(
    ("unused", "dry_run", "said"),
    [
        ({}, False, "Every clip is in use."),
        ({}, True, "Every clip is in use."),
        ({"a.mp3": 999_000}, False, "Removed 1 clip that no entry uses (999 kB)."),
        (
            {"a.mp3": 1_000_000, "b.mp3": 500_000},
            True,
            "Would remove 2 clips that no entry uses (1.5 MB).",
        ),
    ],
)
def test_pruned(unused: dict[str, int], dry_run: bool, said: str) -> None:  # noqa: FBT001 - a parameter
    """How many went or would go, and how much room they took."""
    assert soundreport.pruned(unused, dry_run=dry_run) == said


def test_taken() -> None:
    """Where each recording went, what to hear again, and why others did not go anywhere."""
    file = "audio/recordings/terms/kernel.wav"
    found = [
        Taken(Path("a/1.wav"), file),
        Taken(Path("2.wav"), file, flaw="is very quiet"),
        Taken(Path("3.wav"), problem="no text has this name", hint="name it"),
        Taken(Path("4.wav"), file, problem="it cannot be read"),
    ]
    lines = [
        f"a/1.wav → {file}",
        f"2.wav → {file}",
        "  warning: it is very quiet",
        "3.wav: not taken: no text has this name",
        "  help: name it",
        "4.wav: not taken: it cannot be read",
    ]
    for dry_run, last in (
        (False, "Took 2 of 4 recordings."),
        (True, "Would take 2 of 4 recordings."),
    ):
        assert click.unstyle(soundreport.taken(found, dry_run=dry_run)).split("\n") == [
            *lines,
            last,
        ]


def test_one_recording_is_counted_in_the_singular() -> None:
    """As a person would say it."""
    assert soundreport.taken([Taken(Path("1.wav"), "x")], dry_run=False).endswith(
        "1 of 1 recording."
    )
