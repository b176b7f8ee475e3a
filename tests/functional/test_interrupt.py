"""A build that is killed or stopped, at whatever moment, does no harm."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from support import EPOCH, ankigen, decks, interruptible, write_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CATEGORIES = ("verbs", "nouns")
OLD = ("fuse", "lower", "tile")
NEW = (*OLD, "unroll", "fold", "split")
CLIPS = 2 * 3 * len(NEW)
"""In each category a term, also said slowly, and a sentence a word."""

HANG = 60.0
"""Seconds after which a process counts as hung."""


def words_course(words: Iterable[str]) -> dict[str, str]:
    """The files of a course of two categories, in each a term and a sentence a word."""
    files = {"ankigen.yaml": f"id: words\nname: Words\ncategories: [{', '.join(CATEGORIES)}]\n"}
    for category in CATEGORIES:
        files[f"cards/{category}/category.yaml"] = f"name: {category.title()}\n"
        files[f"cards/{category}/terms.yaml"] = "".join(
            f"- {{id: {word}-{category}, term: {word} {category}, definition: Like {word}.}}\n"
            for word in words
        )
        files[f"cards/{category}/sentences.yaml"] = "".join(
            f"- id: {word}-{category}\n"
            f"  terms: [{word}-{category}]\n"
            f"  text: Could we {{{word}}} the {category} first?\n"
            for word in words
        )
    return files


def clips(root: Path) -> dict[str, bytes]:
    """The finished clips."""
    return {path.name: path.read_bytes() for path in (root / "audio" / "clips").glob("*.mp3")}


def temporary(root: Path) -> list[Path]:
    """Files that a build did not come to rename."""
    return list(root.rglob(".*.tmp"))


def start(root: Path, *options: str) -> subprocess.Popen[str]:
    """Begin a build in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ankigen", "build", *options],
        cwd=root,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def listing(folder: Path) -> set[Path]:
    """What stands in a folder, but the cache of IPA, which comes before the clips."""
    return {path for path in folder.glob("*") if ".ipa.json" not in path.name}


def wait_for_change(process: subprocess.Popen[str], folder: Path, before: set[Path]) -> None:
    """Wait until a folder holds other clips or decks than before, or the process has ended."""
    while process.poll() is None:
        if listing(folder) != before:
            return
        time.sleep(0.001)


@dataclass(frozen=True)
class Reference:
    """Two states of a course: ``old`` is a built project, the rest is what the next one gives."""

    old: Path
    old_decks: Mapping[str, bytes]
    new_decks: Mapping[str, bytes]
    new_clips: Mapping[str, bytes]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """Both states, built without disturbance."""
    root = tmp_path_factory.mktemp("reference")
    old = write_project(root / "old", words_course(OLD))
    new = write_project(root / "new", words_course(NEW))
    for project in (old, new):
        done = ankigen("build", cwd=project)
        assert done.returncode == 0, done.stderr
    found = Reference(old, decks(old / "dist"), decks(new / "dist"), clips(new))
    assert len(found.new_clips) == CLIPS
    assert len(found.new_decks) == 3
    assert all(found.new_decks[name] != data for name, data in found.old_decks.items())
    return found


def kill(root: Path, watched: str, delay: float) -> bool:
    """Kill a build some seconds after it first changes a folder; whether it was still at work."""
    before = listing(root / watched)
    process = start(root)
    if watched:
        wait_for_change(process, root / watched, before)
    time.sleep(delay)
    process.kill()
    process.communicate(timeout=HANG)
    return process.returncode == -signal.SIGKILL


def kill_and_mend(root: Path, reference: Reference, watched: str, delay: float) -> bool:
    """Kill a build of the old state's next one, check what it left, build again, check that."""
    shutil.copytree(reference.old, root)
    write_project(root, words_course(NEW))
    killed = kill(root, watched, delay)

    left = decks(root / "dist")
    assert left.keys() == reference.old_decks.keys()
    for name, data in left.items():
        assert data in (reference.old_decks[name], reference.new_decks[name]), name
    for path in temporary(root):
        os.utime(path, (1_000_000_000, 1_000_000_000))

    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    assert decks(root / "dist") == reference.new_decks
    assert clips(root) == reference.new_clips
    assert temporary(root) == []
    return killed


@pytest.mark.parametrize(
    ("watched", "longest", "rounds"),
    [("", 1.5, 3), ("audio/clips", 0.3, 3), ("dist", 0.05, 4)],
    ids=["from-the-start", "making-clips", "writing-decks"],
)
def test_killed_build_leaves_whole_decks(
    tmp_path: Path, reference: Reference, watched: str, longest: float, rounds: int
) -> None:
    """Each package is the old or the new one, and the next build puts everything right."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails
    chance = random.Random(seed)  # noqa: S311 - no secret
    delays = [chance.uniform(0, longest) for _ in range(rounds)]
    with ThreadPoolExecutor(2) as pool:
        killed = pool.map(
            lambda number: kill_and_mend(
                tmp_path / str(number), reference, watched, delays[number]
            ),
            range(rounds),
        )
        assert any(list(killed))


def test_interrupted_build_keeps_its_clips(tmp_path: Path, reference: Reference) -> None:
    """Ctrl-C exits with 130 and a plain word; the next build makes only what is missing."""
    root = write_project(tmp_path / "words", words_course(NEW))
    manifest = root / "audio" / "clips" / "manifest.jsonl"
    with interruptible():
        process = start(root, "--jobs", "1")
    wait_for_change(process, manifest.parent, set())
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=HANG)
    assert process.returncode == 130, said
    assert "Interrupted; the clips made so far are kept." in said
    assert "Traceback" not in said

    kept = clips(root)
    assert 0 < len(kept) < CLIPS
    assert {json.loads(line)["name"] for line in manifest.read_bytes().splitlines()} == kept.keys()
    assert all(reference.new_clips[name] == data for name, data in kept.items())
    assert decks(root / "dist") == {}
    assert temporary(root) == []

    done = ankigen("build", "--json", cwd=root)
    assert done.returncode == 0, done.stderr
    audio = json.loads(done.stdout)["audio"]
    assert (audio["made"], audio["reused"]) == (CLIPS - len(kept), len(kept))
    assert decks(root / "dist") == reference.new_decks


def test_interrupt_while_writing_decks(tmp_path: Path, reference: Reference) -> None:
    """Ctrl-C while the decks are written leaves each old or new, and nothing beside them."""
    root = shutil.copytree(reference.old, tmp_path / "words")
    write_project(root, words_course(NEW))
    before = listing(root / "dist")
    with interruptible():
        process = start(root)
    wait_for_change(process, root / "dist", before)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=HANG)
    assert process.returncode in (0, 130), said  # it may just have finished
    assert "Traceback" not in said
    for name, data in decks(root / "dist").items():
        assert data in (reference.old_decks[name], reference.new_decks[name]), name
    assert temporary(root) == []


@pytest.mark.parametrize("folder", ["dist", "audio/clips"])
def test_leftovers_are_swept(small: Path, folder: str) -> None:
    """A build removes temporary files of builds killed long ago, not those of one at work."""
    stale, fresh = (small / folder / f".kernel.mp3.{name}.tmp" for name in ("stale", "fresh"))
    write_project(small, {str(path.relative_to(small)): b"half" for path in (stale, fresh)})
    os.utime(stale, (1_000_000_000, 1_000_000_000))
    done = ankigen("build", cwd=small)
    assert done.returncode == 0, done.stderr
    assert temporary(small) == [fresh]
