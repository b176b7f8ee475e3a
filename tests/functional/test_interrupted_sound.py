"""Making the sounds of a course is stopped again and again; at last all are there, each once."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import soundfile

from support import ankigen, interruptible, write_project

if TYPE_CHECKING:
    from pathlib import Path

FIRST = ("loop", "tile", "graph", "kernel", "cache", "vector", "buffer", "tensor", "thread", "warp")
SECOND = ("fusion", "pass", "bound", "layout", "split", "merge", "order", "lock", "size", "plan")
TERMS = tuple(" ".join(words) for words in product(FIRST, SECOND))
CLIPS = 200
"""Each term is said twice: at the voice's pace and slowly."""

JOBS = 2
STOPS = 6
MOST = 20
"""Clips that are made before a run is stopped: after so many stops some are always missing."""

FEW = 12
"""Clips that may still be finished after Ctrl-C, on the busiest machine; a run would make more."""

HANG = 60.0
"""Seconds after which a process counts as hung."""


def course() -> dict[str, str]:
    """A course of terms alone."""
    return {
        "ankigen.yaml": "id: short\nname: Short\nipa: []\ncategories: [words]\n",
        "cards/words/category.yaml": "name: Words\n",
        "cards/words/terms.yaml": "".join(
            f"- {{id: {term.replace(' ', '-')}, term: {term}, definition: A word.}}\n"
            for term in TERMS
        ),
    }


@dataclass(frozen=True)
class Shop:
    """The folder of the clips, as it is now.

    Attributes:
        lines: The manifest's whole lines, by name.
        clips: Inode and time of each clip's file, by name.
        temporary: Files that were not renamed.
    """

    lines: dict[str, dict[str, Any]]
    clips: dict[str, tuple[int, int]]
    temporary: list[Path]


def look(folder: Path) -> Shop:
    """What lies in the folder; a line that a kill has torn is none."""
    manifest = folder / "manifest.jsonl"
    whole = manifest.read_bytes().split(b"\n")[:-1] if manifest.exists() else []
    lines = [json.loads(line) for line in whole]
    stats = {path.name: path.stat() for path in folder.glob("*.mp3")}
    return Shop(
        lines={line["name"]: line for line in lines},
        clips={name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()},
        temporary=list(folder.glob(".*.tmp")),
    )


def count(folder: Path) -> int:
    """How many clips there are, with their lines or without."""
    return sum(1 for _ in folder.glob("*.mp3"))


def stop(root: Path, number: signal.Signals, clips: int, delay: float) -> tuple[int, str, int]:
    """Stop a run by a signal.

    Args:
        root: The project.
        number: Of the signal.
        clips: Wait until the run has made so many.
        delay: Wait so many seconds more.

    Returns:
        The exit code, what it said, and how many clips there were when it had been told to stop.
    """
    folder = root / "audio" / "clips"
    goal = count(folder) + clips
    with interruptible():
        process = subprocess.Popen(
            [sys.executable, "-m", "ankigen", "audio", "make", "--jobs", str(JOBS)],
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    while process.poll() is None and count(folder) < goal:
        time.sleep(0.002)
    time.sleep(delay)
    process.send_signal(number)
    there = count(folder)
    _, said = process.communicate(timeout=HANG)
    return process.returncode, said, there


def check_sound(folder: Path, shop: Shop) -> None:
    """Every clip that has its line is whole, and sounds as long as that says."""
    for name, line in shop.lines.items():
        data = (folder / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (line["bytes"], line["sha256"])
        samples, rate = soundfile.read(folder / name)
        assert abs(samples).max() > 0.05
        assert 0 <= len(samples) / rate - line["seconds"] < 0.15


def test_stopped_again_and_again(tmp_path: Path) -> None:
    """Ctrl-C and kill -9 in turn cost at most what was in flight, and in the end nothing."""
    root = write_project(tmp_path / "short", course())
    folder = root / "audio" / "clips"
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails
    chance = random.Random(seed)  # noqa: S311 - no secret
    known: dict[str, tuple[int, int]] = {}  # clips that had their line after an earlier stop
    kills = 0
    for turn in range(STOPS):
        polite = turn % 2 == 0
        # While nothing is made yet, Python may be loading, and ends in its own way on Ctrl-C.
        clips = chance.randint(1, MOST) if polite or chance.random() < 0.5 else 0
        delay = chance.uniform(0, 0.03 if clips else 1.2)
        number = signal.SIGINT if polite else signal.SIGKILL
        code, said, there = stop(root, number, clips, delay)
        shop = look(folder)
        assert len(shop.lines) < CLIPS, "the course is too small for so many stops"
        assert shop.lines.keys() <= shop.clips.keys()
        assert known.items() <= shop.clips.items(), "a finished clip was made again"
        if polite:
            assert code == 130, said
            assert "Interrupted; the clips made so far are kept." in said
            assert "Traceback" not in said
            assert len(shop.clips) - there <= FEW
        else:
            assert code == -signal.SIGKILL, said
            kills += 1
        # Only a kill leaves a file without its line or under its temporary name.
        assert len(shop.clips) - len(shop.lines) <= JOBS * kills
        assert len(shop.temporary) <= (JOBS + 1) * kills
        known = {name: shop.clips[name] for name in shop.lines}
    check_sound(folder, look(folder))

    left = look(folder).temporary
    for path in left:
        os.utime(path, (1_000_000_000, 1_000_000_000))  # as if it had been killed long ago
    done = ankigen("audio", "make", "--jobs", str(JOBS), cwd=root)
    assert done.returncode == 0, done.stderr
    assert f"{CLIPS - len(known)} clips made, {len(known)} reused" in done.stderr
    shop = look(folder)
    assert known.items() <= shop.clips.items()
    assert len(shop.lines) == len(shop.clips) == CLIPS
    assert shop.lines.keys() == shop.clips.keys()
    assert sorted((line["text"], line["speed"]) for line in shop.lines.values()) == sorted(
        product(TERMS, (0.7, 1.0))
    )
    assert list(shop.lines) == sorted(shop.lines)
    assert shop.temporary == []
    check_sound(folder, shop)

    again = ankigen("audio", "make", cwd=root)
    assert f"no clip was made, {CLIPS} reused" in again.stderr
    assert look(folder) == shop
