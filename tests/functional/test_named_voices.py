"""Voices and wordings through the command line: what is heard, and who gets an update of it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
import soundfile

from ankigen import apkg, lock
from ankigen.clips import MANIFEST
from support import EPOCH, ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ankigen.apkg import Note

LATER = int(EPOCH) + 1000
"""The time of the second release."""

COURSE = """\
id: small
name: Small Course
categories: [basics, more]
voices:
  brisk: {speed: 1.3, slow: 0.9}
  calm: {speed: 0.8, slow: 0.6}
"""
FILES: Mapping[str, str] = {
    "ankigen.yaml": COURSE,
    "cards/basics/category.yaml": "name: Basics\n",
    "cards/basics/terms.yaml": (
        "- {id: kernel, term: kernel, definition: A function that the device runs.}\n"
        "- {id: operator-fusion, term: operator fusion, definition: To make one of several.}\n"
    ),
    "cards/basics/sentences.yaml": (
        '- {id: kernel-1, terms: [kernel], text: "Each {kernel} reads its own tile."}\n'
        '- {id: kernel-2, terms: [kernel], text: "This {kernel} is slow."}\n'
    ),
    "cards/more/category.yaml": "name: More\n",
    "cards/more/terms.yaml": (
        "- {id: loop-tiling, term: loop tiling, definition: To cut a loop into blocks.}\n"
    ),
    "cards/more/sentences.yaml": (
        '- {id: tiling-1, terms: [loop-tiling], text: "We use {loop tiling} here."}\n'
    ),
}
"""A course of two categories, three terms and three sentences."""

TERMS = {"terms/kernel", "terms/operator-fusion", "terms/loop-tiling"}
SENTENCES = {"sentences/kernel-1", "sentences/kernel-2", "sentences/tiling-1"}
BASICS = {"terms/kernel", "terms/operator-fusion", "sentences/kernel-1", "sentences/kernel-2"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first release of the course; not to be changed."""
    root = write_project(tmp_path_factory.mktemp("first") / "course", FILES)
    build(root)
    return root


@pytest.fixture
def project(first: Path, tmp_path: Path) -> Path:
    """A copy of the released course."""
    return shutil.copytree(first, tmp_path / "course")


def build(root: Path) -> None:
    """A release: the first one, or one that comes later."""
    later = {"SOURCE_DATE_EPOCH": str(LATER)} if (root / lock.FILE).exists() else {}
    done = ankigen("build", cwd=root, env=later)
    assert done.returncode == 0, done.stderr
    assert "AG" not in done.stderr


def notes(root: Path) -> dict[str, Note]:
    """The notes of the course's package, by key."""
    with apkg.opened(root / "dist/small.apkg") as package:
        return {note.fields[-1]: note for note in package.notes()}


def sounds(note: Note) -> list[str]:
    """The names of the clips that a note plays."""
    parts = [part for field in note.fields for part in field.split("[sound:")[1:]]
    return [part.partition("]")[0] for part in parts]


def own_sounds(note: Note) -> list[str]:
    """Those that speak its own entry: a term's at both paces, and not its example."""
    return sounds(note)[:2]


def without_sound(note: Note) -> tuple[str, ...]:
    """All else of a note."""
    return tuple("" if field.startswith("[sound:") else field for field in note.fields)


def speeds(root: Path) -> dict[str, list[float]]:
    """How fast the clips of each note are spoken, by the store's own account."""
    lines = (root / "audio/clips" / MANIFEST).read_text().splitlines()
    speed = {record["name"]: record["speed"] for record in map(json.loads, lines)}
    return {key: [speed[name] for name in own_sounds(note)] for key, note in notes(root).items()}


EDITS = {
    "sentences": ({"ankigen.yaml": "voice: {sentences: brisk}\n"}, SENTENCES),
    "terms": ({"ankigen.yaml": "voice: {terms: calm}\n"}, TERMS),
    "all": ({"ankigen.yaml": "voice: brisk\n"}, TERMS | SENTENCES),
    "a category": ({"cards/basics/category.yaml": "voice: brisk\n"}, BASICS),
    "its sentences": (
        {"cards/basics/category.yaml": "voice: {sentences: brisk}\n"},
        BASICS & SENTENCES,
    ),
    "the rest of the course": (
        {"ankigen.yaml": "voice: brisk\n", "cards/basics/category.yaml": "voice: default\n"},
        (TERMS | SENTENCES) - BASICS,
    ),
    "a new entry": (
        {
            "cards/more/terms.yaml": (
                "- {id: tile, term: tile, definition: A part., voice: brisk, related: [kernel]}\n"
            )
        },
        set(),
    ),
}
"""Lines to add to files, and the notes whose sound they change."""


@pytest.mark.parametrize(("edit", "expected"), EDITS.values(), ids=list(EDITS))
def test_who_gets_an_update(project: Path, edit: Mapping[str, str], expected: set[str]) -> None:
    """Exactly the notes that are spoken otherwise are new, and nothing of them but the sound."""
    before = notes(project)
    assert before.keys() == TERMS | SENTENCES
    for file, lines in edit.items():
        with (project / file).open("a") as stream:
            stream.write(lines)
    build(project)
    after = notes(project)
    otherwise = {name for key in expected for name in own_sounds(before[key])}
    # A term plays its example, too.
    playing = {key for key in before if otherwise & {*sounds(before[key])}}
    assert {key for key in before if after[key].mod == LATER} == playing
    recorded = lock.parse((project / lock.FILE).read_text()).notes
    for key, old in before.items():
        new = after[key]
        assert recorded[key].mod == new.mod
        assert (new.guid, new.tags, without_sound(new)) == (old.guid, old.tags, without_sound(old))
        if key not in playing:
            assert new == old
        elif key not in expected:
            assert own_sounds(new) == own_sounds(old)
        else:
            assert set(own_sounds(new)).isdisjoint(own_sounds(old))
        assert len(sounds(new)) == len(sounds(old))


def test_the_clips_are_spoken_as_cast(project: Path) -> None:
    """Entry, category and course each find their voice, at its two paces."""
    for file, line in {
        "ankigen.yaml": "voice: {terms: calm}\n",
        "cards/more/category.yaml": "voice: {sentences: brisk}\n",
        "cards/basics/terms.yaml": "- {id: tile, term: tile, definition: A part., voice: brisk}\n",
    }.items():
        with (project / file).open("a") as stream:
            stream.write(line)
    build(project)
    assert speeds(project) == {
        "terms/kernel": [0.8, 0.6],
        "terms/operator-fusion": [0.8, 0.6],
        "terms/tile": [1.3, 0.9],
        "terms/loop-tiling": [0.8, 0.6],
        "sentences/kernel-1": [1.0],
        "sentences/kernel-2": [1.0],
        "sentences/tiling-1": [1.3],
    }


def test_the_slow_clip_is_slower(first: Path) -> None:
    """By the voice's own measure; the breath at both ends stays as long."""
    breath = 0.18
    for key in TERMS:
        normal, slow = (
            soundfile.info(first / "audio/clips" / name).duration - breath
            for name in own_sounds(notes(first)[key])
        )
        assert slow / normal == pytest.approx(1 / 0.7, rel=0.15), key


def test_an_own_wording_is_an_update_of_one_note(project: Path) -> None:
    """The card's text stays; both clips are others, and sound like what is said."""
    before = notes(project)
    terms = project / "cards/basics/terms.yaml"
    old, new = "term: kernel,", "term: kernel, ipa: x, say: the innermost computational function,"
    assert old in terms.read_text()
    terms.write_text(terms.read_text().replace(old, new.replace("ipa: x, ", "")))
    build(project)
    after = notes(project)
    assert {key for key in before if after[key] != before[key]} == {"terms/kernel"}
    kernel = after["terms/kernel"]
    assert kernel.fields[0] == "kernel"
    pairs = zip(own_sounds(kernel), own_sounds(before["terms/kernel"]), strict=True)
    for now, then in pairs:
        folder = project / "audio/clips"
        assert now.startswith("kernel-")
        assert soundfile.info(folder / now).duration > 2 * soundfile.info(folder / then).duration


def test_a_voice_taken_back(project: Path) -> None:
    """The clips of before are found again, and the notes are newer than both releases."""
    before = notes(project)
    clips = {path.name: path.stat().st_mtime_ns for path in project.rglob("*.mp3")}
    for text in (COURSE + "voice: brisk\n", COURSE):
        (project / "ankigen.yaml").write_text(text)
        build(project)
    after = notes(project)
    for key, old in before.items():
        assert after[key].fields == old.fields
        assert after[key].mod == LATER + 1
    assert clips.items() <= {p.name: p.stat().st_mtime_ns for p in project.rglob("*.mp3")}.items()


def test_several_voices_are_stable_over_releases(project: Path) -> None:
    """Of two voices each note keeps its own when entries come and go around it."""
    (project / "ankigen.yaml").write_text(COURSE + "voice: [brisk, calm]\n")
    build(project)
    before = notes(project)
    assert {speed for found in speeds(project).values() for speed in found[:1]} == {1.3, 0.8}
    terms = project / "cards/basics/terms.yaml"
    terms.write_text("- {id: aaa, term: lane, definition: A path.}\n" + terms.read_text())
    build(project)
    after = notes(project)
    assert after.keys() - before.keys() == {"terms/aaa"}
    assert {key: after[key].mod for key in before} == {key: before[key].mod for key in before}
    assert all(sounds(after[key]) == sounds(before[key]) for key in before)
