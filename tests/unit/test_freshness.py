"""Knowing that there is nothing to do, and knowing when there is."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import ankigen
from ankigen.freshness import STATE_FILE, State, Watch
from ankigen.model import BuiltDeck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STATE = State(
    course="s",
    decks=(
        BuiltDeck("basics", "basics.apkg", 4, 8, 1, 5, "00"),
        BuiltDeck(None, "s", 4, 8, 1, 5, ""),
    ),
    notes=4,
    clips=("a.mp3",),
    seconds=1.5,
)


@pytest.fixture
def built(small: Path) -> Path:
    """The small project as a build left it."""
    for folder in ("dist", "glossary"):
        (small / folder).mkdir()
    (small / "clips").mkdir()
    with (small / "ankigen.yaml").open("a") as file:
        file.write("sources: [{glob: 'glossary/*.csv'}]\n")
    for name in ("dist/basics.apkg", "dist/s", "clips/a.mp3", "glossary/a.csv"):
        (small / name).write_bytes(b"12345")
    watch(small).record(STATE)
    return small


def watch(root: Path, *options: str) -> Watch:
    """The inputs as they are now."""
    return Watch(root, root / "dist", root / "clips", options)


def test_nothing_changed(built: Path) -> None:
    """The next build learns what the last one left."""
    assert watch(built).unchanged() == STATE


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("cards/basics/terms.yaml", True),
        ("cards/basics/more.csv", True),
        ("glossary/a.csv", True),
        ("media/a.png", True),
        ("cards/basics/category.yaml", False),
        ("ankigen.yaml", False),
        ("pronunciations.yaml", False),
        ("notetypes/terms/style.css", False),
        ("audio/recordings/terms/kernel.wav", False),
    ],
)
def test_around_the_entries(built: Path, name: str, same: bool) -> None:  # noqa: FBT001
    """What notes are made with is told apart from the entries that they are made of."""
    before = watch(built)
    path = built / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("# x\n")
    after = watch(built)
    assert (after.around == before.around) is same
    assert after.unchanged() is None


def test_before_the_first_build(small: Path) -> None:
    """Without a state there is something to do."""
    assert watch(small).unchanged() is None


def _rewrite_state(root: Path, said: object) -> None:
    (root / "dist" / STATE_FILE).write_text(json.dumps(said))


def _state(root: Path) -> dict[str, object]:
    said = json.loads((root / "dist" / STATE_FILE).read_text())
    assert isinstance(said, dict)
    return said


def _touch(path: Path) -> None:
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a source is edited": lambda root: (root / "cards/basics/terms.yaml").write_text("- id: x\n"),
    "a source is added": lambda root: (root / "cards/basics/terms.b.yaml").write_text(""),
    "a source is removed": lambda root: (root / "cards/basics/sentences.yaml").unlink(),
    "a source is renamed": lambda root: (root / "cards/basics/terms.yaml").rename(
        root / "cards/basics/terms.b.yaml"
    ),
    "the course is edited": lambda root: (root / "ankigen.yaml").write_text("id: other\n"),
    "a category is added": lambda root: (root / "cards/more").mkdir(),
    "a source becomes a link": lambda root: (root / "cards/basics/terms.c.yaml").symlink_to("/etc"),
    "a foreign file is edited": lambda root: (root / "glossary/a.csv").write_text("x"),
    "a foreign file is added": lambda root: (root / "glossary/b.csv").touch(),
    "a deck is removed": lambda root: (root / "dist/basics.apkg").unlink(),
    "a deck is longer": lambda root: (root / "dist/basics.apkg").write_bytes(b"123456"),
    "a deck is touched": lambda root: _touch(root / "dist/s"),
    "a clip is removed": lambda root: (root / "clips/a.mp3").unlink(),
    "a clip is touched": lambda root: _touch(root / "clips/a.mp3"),
    "the state is cut short": lambda root: (root / "dist" / STATE_FILE).write_text('{"finger'),
    "the state is no text": lambda root: (root / "dist" / STATE_FILE).write_bytes(b"\xff\xfe"),
    "the state is a list": lambda root: _rewrite_state(root, []),
    "the state lacks a key": lambda root: _rewrite_state(
        root, {key: value for key, value in _state(root).items() if key != "seconds"}
    ),
    "the state is of another version": lambda root: _rewrite_state(
        root, {**_state(root), "decks": [{"unknown": 1}]}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_something_changed(built: Path, change: Callable[[Path], object]) -> None:
    """Whatever a build reads or wrote makes it run again."""
    change(built)
    assert watch(built).unchanged() is None


def test_what_a_build_does_not_read(built: Path) -> None:
    """Other files of the project, and the times of its sources, do not matter."""
    (built / "README.md").write_text("x")
    _touch(built / "cards/basics/terms.yaml")
    assert watch(built).unchanged() == STATE


def test_a_build_that_is_not_finished(built: Path) -> None:
    """It is remembered, though a clip be missing, and is not taken for up to date."""
    (built / "clips/a.mp3").unlink()
    watch(built).record(STATE, finished=False)
    assert watch(built).unchanged() is None
    assert watch(built).last == STATE


def test_what_the_last_build_left(built: Path) -> None:
    """It is known whatever has changed since, but not before a first build."""
    (built / "cards/basics/terms.yaml").write_text("- id: x\n")
    (built / "dist/basics.apkg").unlink()
    assert watch(built).unchanged() is None
    assert watch(built).last == STATE
    (built / "dist" / STATE_FILE).unlink()
    assert watch(built).last is None


def test_packages_that_are_left(built: Path) -> None:
    """Those that a build of this course wrote and that are still there, but no others."""
    (built / "dist/mine.apkg").touch()
    (built / "dist/old.apkg").touch()
    earlier = ("gone.apkg", "old.apkg", "../a.apkg")
    watch(built).record(replace(STATE, earlier=earlier, strays=earlier))
    (built / "a.apkg").touch()
    assert watch(built).left("s") == {"basics.apkg", "old.apkg"}
    assert watch(built).left("other") == set()
    left = watch(built).unchanged()
    assert left is not None
    assert left.strays == ("old.apkg",)


def test_other_options(built: Path) -> None:
    """What the command line asks for is part of it."""
    assert watch(built, "--no-audio").unchanged() is None


def test_another_version_of_the_program(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer ankigen builds anew."""
    monkeypatch.setattr(ankigen, "__version__", "999")
    assert watch(built).unchanged() is None
