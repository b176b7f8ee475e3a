"""Packages that may not grow beyond a size."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from ankigen import apkg, lock
from support import EPOCH, ankigen, decks, write_project

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path

LATER = {"SOURCE_DATE_EPOCH": str(int(EPOCH) + 1000)}
COURSE = "id: small\nname: Small Course\ncategories: [large, little]\n"
WORDS = (
    *("kernel", "lane", "tile", "warp", "stride", "register"),
    *("buffer", "pointer", "thread", "compiler", "loop", "tensor"),
)
LARGE = "".join(f"- {{id: {word}, term: {word}, definition: D.}}\n" for word in WORDS)
LITTLE = "- {id: fuse, term: fuse, definition: To make one of several.}\n"
FILES: Mapping[str, str] = {
    "ankigen.yaml": COURSE,
    "cards/large/category.yaml": "name: Large\n",
    "cards/large/terms.yaml": LARGE,
    "cards/large/sentences.yaml": (
        "- {id: long, terms: [tile], text: "
        '"The compiler cuts the loop into blocks, so that each {tile} stays in fast memory."}\n'
    ),
    "cards/little/category.yaml": "name: Little\n",
    "cards/little/terms.yaml": LITTLE,
}
"""A course whose larger package has 25 sounds."""

BEYOND = re.compile(
    r"(?P<place>\S+): AG405 (?P<deck>\S+) would have (?P<size>[\d,]+) bytes,"
    r" more than its budget of (?P<budget>[\d,]+)\n"
)
SOUND = re.compile(r"((?:terms|sentences)/[a-z-]+) (\d+) kB")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first release, without a budget; not to be changed."""
    root = write_project(tmp_path_factory.mktemp("first") / "course", FILES)
    done = build(root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def project(first: Path, tmp_path: Path) -> Path:
    """A copy of the released course, with one definition that has changed since."""
    root = shutil.copytree(first, tmp_path / "course")
    for name in ("large", "little"):
        terms = root / f"cards/{name}/terms.yaml"
        terms.write_text(terms.read_text().replace("definition: ", "definition: New. "))
    return root


def build(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Build a project that was released before, or not."""
    return ankigen("build", *arguments, cwd=root, env=LATER if (root / lock.FILE).exists() else {})


def state(root: Path) -> dict[str, bytes]:
    """Every file but the clips, which a refused build may add to, and the folder's stamps."""
    files = (path for path in root.rglob("*") if path.is_file() and "audio" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def refused(root: Path, *arguments: str) -> list[tuple[str, str]]:
    """Place and package of each that is too large; nothing was written."""
    before = state(root)
    done = build(root, *arguments)
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert state(root) == before
    found = list(BEYOND.finditer(done.stderr))
    assert done.stderr.count("AG") == len(found)
    assert all(number(match["size"]) > number(match["budget"]) for match in found)
    return [(match["place"], match["deck"]) for match in found]


def number(said: str) -> int:
    """A number of a message."""
    return int(said.replace(",", ""))


def write(root: Path, course: str = "", large: str = "", little: str = "") -> None:
    """Give budgets to the course and its categories."""
    (root / "ankigen.yaml").write_text(COURSE + (f"budget: {course}\n" if course else ""))
    for name, budget in (("large", large), ("little", little)):
        text = FILES[f"cards/{name}/category.yaml"] + (f"budget: {budget}\n" if budget else "")
        (root / f"cards/{name}/category.yaml").write_text(text)


COURSES = "ankigen.yaml:4:9"
LARGES, LITTLES = (f"cards/{name}/category.yaml:2:9" for name in ("large", "little"))


@pytest.mark.parametrize(
    ("budgets", "expected"),
    [
        (
            {"course": "1 kB"},
            [(COURSES, "large.apkg"), (COURSES, "little.apkg"), (COURSES, "small.apkg")],
        ),
        ({"course": "120 kB"}, [(COURSES, "large.apkg"), (COURSES, "small.apkg")]),
        ({"course": "120 kB", "large": "2 MB"}, [(COURSES, "small.apkg")]),
        ({"large": "120 kB"}, [(LARGES, "large.apkg")]),
        ({"little": "0.02 MB"}, [(LITTLES, "little.apkg")]),
        ({"course": "2 MB", "little": "1 kB"}, [(LITTLES, "little.apkg")]),
        (
            {"large": "1 kB", "little": "1 kB"},
            [(LARGES, "large.apkg"), (LITTLES, "little.apkg")],
        ),
    ],
    ids=str,
)
def test_beyond_the_budget(
    project: Path, budgets: Mapping[str, str], expected: list[tuple[str, str]]
) -> None:
    """Each package that is too large is told where its budget stands, and no file changes."""
    write(project, **budgets)
    assert refused(project) == expected


@pytest.mark.parametrize(
    "budgets",
    [
        {"course": "2 MB"},
        {"course": "2 MB", "large": "1 MB", "little": "120 kB"},
        {"large": "2 MB"},
        {"little": "120kB"},
    ],
    ids=str,
)
def test_with_room(first: Path, project: Path, budgets: Mapping[str, str]) -> None:
    """A budget that is kept changes nothing of the release."""
    without = shutil.copytree(project, project.with_name("without"))
    write(project, **budgets)
    for root in (project, without):
        done = build(root)
        assert done.returncode == 0, done.stderr
    assert decks(project / "dist") == decks(without / "dist")
    assert decks(project / "dist").keys() == decks(first / "dist").keys()
    assert (project / lock.FILE).read_bytes() == (without / lock.FILE).read_bytes()
    assert (project / lock.FILE).read_bytes() != (first / lock.FILE).read_bytes()


def test_to_the_byte(project: Path) -> None:
    """A package may have as many bytes as its budget, and not one more."""
    assert build(project).returncode == 0
    size = (project / "dist/large.apkg").stat().st_size
    write(project, large=f"{(size - 1) / 1000} kB")
    before = state(project)
    done = build(project)
    assert done.returncode == 1
    assert f"would have {size:,} bytes, more than its budget of {size - 1:,}\n" in done.stderr
    assert state(project) == before
    write(project, large=f"{size / 1000} kB")
    assert build(project).returncode == 0


def test_the_ten_largest_sounds_are_named(project: Path) -> None:
    """With their entries, the largest first, by what the package holds."""
    write(project, large="10 kB")
    done = build(project)
    named = [(key, int(size)) for key, size in SOUND.findall(done.stderr)]
    with apkg.opened(project / "dist/large.apkg") as package:
        key_of = {
            name.partition("]")[0]: note.fields[-1]
            for note in package.notes()
            for field in note.fields
            for name in field.split("[sound:")[1:]
        }
        sizes = [(key_of[name], sum(map(len, package.open_media(name)))) for name in package.media]
    assert len(sizes) == 25
    largest = sorted((size for _, size in sizes), reverse=True)[:10]
    assert [size for _, size in named] == [round(size / 1000) for size in largest]
    assert named[0][0] == "sentences/long"
    by_entry = {(key, round(size / 1000)) for key, size in sizes}
    assert set(named) <= by_entry


def test_a_part_of_the_course(project: Path) -> None:
    """Only what is built is measured: the others' budgets do not stop it."""
    write(project, course="120 kB", large="1 kB")
    large = (project / "dist/large.apkg").read_bytes()
    done = build(project, "little")
    assert done.returncode == 0, done.stderr
    assert (project / "dist/large.apkg").read_bytes() == large
    assert refused(project, "large") == [(LARGES, "large.apkg")]


def test_without_sound(project: Path) -> None:
    """Sounds make a package large; without them it fits, and is measured all the same."""
    write(project, course="120 kB", large="120 kB")
    assert refused(project) == [(COURSES, "small.apkg"), (LARGES, "large.apkg")]
    done = build(project, "--no-audio")
    assert done.returncode == 0, done.stderr
    write(project, course="1 kB")
    assert len(refused(project, "--no-audio")) == 3


def test_a_first_build_beyond_its_budget(tmp_path: Path, first: Path) -> None:
    """It leaves its clips, no package and no lock; what is raised is then built at once."""
    root = write_project(tmp_path / "course", FILES)
    write(root, course="1 kB")
    assert len(refused(root)) == 3
    assert not decks(root / "dist")
    assert not (root / lock.FILE).exists()
    clips = {path.name: path.stat().st_mtime_ns for path in root.rglob("*.mp3")}
    write(root, course="2 MB")
    done = build(root)
    assert done.returncode == 0, done.stderr
    assert "no clip was made" in done.stderr
    assert {path.name: path.stat().st_mtime_ns for path in root.rglob("*.mp3")} == clips
    assert decks(root / "dist") == decks(first / "dist")


STAND_IN = """\
voices:
  heart: {}
  online: {engine: google, fallback: heart}
voice: {sentences: online}
"""


def test_other_findings_are_told_with_it(tmp_path: Path) -> None:
    """What a person should know of stand-ins and recordings is not lost to the error."""
    root = write_project(tmp_path / "course", FILES)
    write(root, little="1 kB")
    with (root / "ankigen.yaml").open("a") as file:
        file.write(STAND_IN)
    recording = root / "audio/recordings/terms/fuse.wav"
    recording.parent.mkdir(parents=True)
    time = np.arange(48_000) / 48_000
    soundfile.write(recording, np.clip(5 * np.sin(2 * np.pi * 440 * time), -1, 1), 48_000)
    done = build(root, "--offline")
    assert done.returncode == 1
    assert re.findall(r"(?m)^(\S+): (AG\d+)( warning)?", done.stderr) == [
        ("ankigen.yaml:6:11", "AG404", " warning"),
        ("audio/recordings/terms/fuse.wav", "AG403", " warning"),
        (LITTLES, "AG405", ""),
    ]
    assert "'heart' stands in for 'online' in 1 of the clips: --offline" in done.stderr
    assert "1 error in 1 file; nothing was written\n2 warnings\n" in done.stderr
    assert not decks(root / "dist")
    assert not (root / lock.FILE).exists()
