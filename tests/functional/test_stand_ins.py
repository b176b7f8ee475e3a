"""Voices that stand in for others, by the command line and in what a course says of them.

No host is asked: the command line finds a closed port of loopback for a proxy.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from ankigen.audio import Studio
from ankigen.diagnostics import Code, SetupError, SourceError
from ankigen.lexicon import Lexicon
from ankigen.model import Voice
from ankigen.reading import read
from standins import (
    COURSE,
    FILES,
    OFFLINE,
    PLACE,
    later,
    nobody_listens,
    notes,
    run,
    sounds,
    state,
    wanted,
    warning,
)
from support import SMALL, ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ALONE: Mapping[str, str] = {**FILES, "ankigen.yaml": COURSE.replace("    fallback: heart\n", "")}
"""The course without anybody to stand in."""

HELP = "build again when that voice can speak; learners then get its sound as an update"


@pytest.fixture(scope="module")
def closed() -> Iterator[Mapping[str, str]]:
    """An environment that reaches nobody."""
    with nobody_listens() as env:
        yield env


@pytest.fixture(scope="module")
def stood_in(
    tmp_path_factory: pytest.TempPathFactory, closed: Mapping[str, str]
) -> tuple[Path, str]:
    """A first release where the online voice was not to be had, and what was said of it."""
    root = write_project(tmp_path_factory.mktemp("stand-ins") / "course", FILES)
    return root, run(root, closed)


@pytest.fixture
def project(stood_in: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of that release."""
    return shutil.copytree(stood_in[0], tmp_path / "course").resolve()


def test_a_voice_that_is_not_to_be_had(stood_in: tuple[Path, str]) -> None:
    """The decks are built by the one that stands in, and it is said where, how often and why."""
    root, said = stood_in
    assert warning(6, "the proxy does not let us through to translate.google.co.uk") in said
    assert f"  help: {HELP}\n" in said
    assert said.count("AG404") == 1
    made = notes(root)
    assert made.keys() == wanted(root).keys()
    asked = {name for found in wanted(root).values() for name in found}
    played = {name for note in made.values() for name in sounds(note)}
    assert len(played) == len(asked) == 6
    assert played.isdisjoint(asked)
    assert {path.name for path in (root / "audio/clips").glob("*.mp3")} == played
    verified = ankigen("verify", *sorted((root / "dist").glob("*.apkg")), cwd=root)
    assert verified.returncode == 0, verified.stdout


def test_the_same_as_that_voice_alone(stood_in: tuple[Path, str], tmp_path: Path) -> None:
    """What stands in gives the bytes that it would give if it were the course's voice."""
    root = write_project(
        tmp_path / "course", {**FILES, "ankigen.yaml": "id: small\nname: Small Course\n"}
    )
    run(root, {})
    assert state(root) == state(stood_in[0])


def test_offline_from_nothing(
    stood_in: tuple[Path, str], closed: Mapping[str, str], tmp_path: Path
) -> None:
    """The same decks as of a voice that is not to be had, by another reason."""
    root = write_project(tmp_path / "course", FILES)
    assert warning(6, OFFLINE) in run(root, closed, "--offline")
    assert state(root) == state(stood_in[0])


@pytest.mark.parametrize("arguments", [(), ("--offline",)], ids=str)
def test_building_again(
    project: Path, closed: Mapping[str, str], arguments: tuple[str, ...]
) -> None:
    """Nothing is made and nothing changes, and the warning comes again."""
    before = state(project)
    times = {path: path.stat().st_mtime_ns for path in project.rglob("*.mp3")}
    said = run(project, closed, *arguments)
    assert "AG404" in said
    assert "no clip was made" in said
    assert state(project) == before
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*.mp3")} == times


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), r"no sound for '.+' \((?:terms|sentences)/[a-z0-9-]+\): the proxy does not let us"),
        (("--offline",), "clips are missing, and the voice of google needs the network"),
    ],
    ids=str,
)
def test_without_anybody_to_stand_in(
    project: Path, closed: Mapping[str, str], arguments: tuple[str, ...], expected: str
) -> None:
    """The build ends with the text and its entry; decks and lock stay as they were."""
    write_project(project, ALONE)
    before = state(project)
    done = ankigen("build", *arguments, cwd=project, env=closed)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert re.search(expected, done.stderr)
    assert state(project) == before


def test_a_voice_that_this_machine_lacks(tmp_path: Path) -> None:
    """An accent that is not there stands in the same line as one that is down."""
    course = COURSE.replace("voice: co.uk", "voice: co.zz")
    root = write_project(tmp_path / "course", {**FILES, "ankigen.yaml": course})
    (found,) = later(root, 0).warnings
    assert str(found.span) == PLACE
    assert found.message == (
        "'heart' stands in for 'online' in 6 of the clips: the engine google has no accent 'co.zz'"
    )


@pytest.mark.parametrize("name", ["hart", "zzz"])
def test_nobody_of_that_name(tmp_path: Path, name: str) -> None:
    """A voice that is to stand in and is not there is a mistake with its place."""
    course = COURSE.replace("fallback: heart", f"fallback: {name}")
    with pytest.raises(SourceError) as caught:
        read(write_project(tmp_path, {**FILES, "ankigen.yaml": course}), sound=True)
    (found,) = caught.value.diagnostics
    assert (str(found.span), found.code) == ("ankigen.yaml:8:15", Code.BAD_VALUE)
    assert f"'{name}'" in found.message


@pytest.mark.parametrize("names", [("heart",), ("online", "heart"), ("third", "online", "heart")])
def test_in_a_circle(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Voices that would stand in for themselves end no reading, and each is told."""
    course = COURSE.replace("heart: {}", f"heart: {{fallback: {names[0]}}}")
    if "third" in names:
        course = course.replace("voice: online", "  third: {fallback: online}\nvoice: online")
    with pytest.raises(SourceError) as caught:
        read(write_project(tmp_path, {**FILES, "ankigen.yaml": course}), sound=True)
    told = [d.message for d in caught.value.diagnostics if d.code == Code.BAD_VALUE]
    assert sorted(told) == sorted(f"the voice '{name}' would stand in for itself" for name in names)


def test_a_slow_pace_that_an_engine_lacks() -> None:
    """The online voice knows one slow pace; another is refused as another speed would be."""
    with pytest.raises(SetupError):
        Studio({"default": Voice("google", "us", slow=0.5)}, Lexicon())


def test_an_engine_that_is_no_voices(tmp_path: Path) -> None:
    """Recordings are an engine inside; a voice that names it is refused."""
    files = {**SMALL, "ankigen.yaml": "id: x\nname: X\nvoices: {default: {engine: recordings}}\n"}
    with pytest.raises(SetupError, match="there is no speech engine 'recordings'"):
        read(write_project(tmp_path, files), sound=True)
