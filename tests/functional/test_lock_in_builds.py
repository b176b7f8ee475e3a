"""The lock through the command line: what a build changes in it and in the packages."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from ankigen import lock
from support import EPOCH, SMALL, ankigen, decks, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LATER = {"SOURCE_DATE_EPOCH": str(int(EPOCH) + 1000)}
"""The time of the second release."""

TERMS = """\
- {id: kernel, term: kernel, definition: A function that the device runs.}
- {id: lane, term: lane, definition: One of many parallel paths.}
"""
SENTENCES = """\
- {id: kernel-1, terms: [kernel], text: "Each {kernel} reads its own tile."}
"""
MORE_TERMS = """\
- {id: tile, term: tile, definition: A part of an array.}
"""
FILES: Mapping[str, str] = {
    **SMALL,
    "ankigen.yaml": "id: small\nname: Small Course\ncategories: [basics, more]\n",
    "cards/basics/terms.yaml": TERMS,
    "cards/basics/sentences.yaml": SENTENCES,
    "cards/more/category.yaml": "name: More\n",
    "cards/more/terms.yaml": MORE_TERMS,
    ".gitignore": "/dist/\n/audio/clips/\n",
}
"""A course of two categories; its one sentence shows on the back of its term."""

EVERY = {"basics", "more", "small"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first release of the course; not to be changed."""
    root = write_project(tmp_path_factory.mktemp("first") / "course", FILES)
    run(root)
    return root


@pytest.fixture
def project(first: Path, tmp_path: Path) -> Path:
    """A copy of the released course."""
    return shutil.copytree(first, tmp_path / "course")


def run(root: Path, *arguments: str, code: int = 0) -> str:
    """A build of the second release; returns what it said."""
    env = LATER if (root / lock.FILE).exists() else {}
    done = ankigen("build", *arguments, cwd=root, env=env)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def text(root: Path) -> str:
    """The lock's file."""
    return (root / lock.FILE).read_text()


def changed_rows(before: str, after: str) -> set[str]:
    """Kind and key of each row that is not in both."""
    return {" ".join(row.split()[:2]) for row in {*before.splitlines()} ^ {*after.splitlines()}}


def changed_decks(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    """Names of the packages whose bytes differ."""
    assert before.keys() == after.keys()
    return {name.removesuffix(".apkg") for name in before if before[name] != after[name]}


def test_building_twice(project: Path) -> None:
    """Without a change, later, into another folder too, nothing differs."""
    before = text(project), decks(project / "dist")
    assert len(before[1]) == 3
    run(project)
    assert (text(project), decks(project / "dist")) == before
    shutil.rmtree(project / "dist")
    run(project, "--output", "other")
    assert (text(project), decks(project / "other")) == before


EDITS = {
    "a-term": (
        ("cards/basics/terms.yaml", "One of many", "One of very many"),
        {"note terms/lane"},
        {"basics", "small"},
    ),
    "a-sentence": (
        ("cards/basics/sentences.yaml", "its own tile", "its tile"),
        {"note sentences/kernel-1", "note terms/kernel"},
        {"basics", "small"},
    ),
    "a-term-of-a-sentence": (
        ("cards/basics/terms.yaml", "term: kernel", "term: Kernel"),
        {"note sentences/kernel-1", "note terms/kernel"},
        {"basics", "small"},
    ),
    "the-other-category": (
        ("cards/more/terms.yaml", "A part", "Some part"),
        {"note terms/tile"},
        {"more", "small"},
    ),
    "tags": (
        ("cards/more/terms.yaml", "array.", "array., tags: [new]"),
        {"note terms/tile"},
        {"more", "small"},
    ),
    "added": (
        ("cards/more/terms.yaml", "- {", "- {id: fuse, term: fuse, definition: To join.}\n- {"),
        {"note terms/fuse"},
        {"more", "small"},
    ),
    "removed": (
        ("cards/basics/terms.yaml", TERMS.splitlines(keepends=True)[1], ""),
        {"note terms/lane"},
        {"basics", "small"},
    ),
    "the-voice": (
        ("ankigen.yaml", "id: small", "voices: {default: {speed: 0.9}}\nid: small"),
        {"note sentences/kernel-1", "note terms/kernel", "note terms/lane", "note terms/tile"},
        EVERY,
    ),
}
"""An edit (file, old, new), the rows that it changes, and the packages."""

edits = pytest.mark.parametrize(("edit", "rows", "packages"), EDITS.values(), ids=list(EDITS))


def apply(root: Path, edit: tuple[str, str, str]) -> None:
    """Replace a text in a file where it stands first."""
    file, old, new = edit
    path = root / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


@edits
def test_an_edit(
    project: Path, edit: tuple[str, str, str], rows: set[str], packages: set[str]
) -> None:
    """It changes the rows of its notes, no note type's, and the packages that hold them."""
    before = text(project), decks(project / "dist")
    apply(project, edit)
    run(project)
    after = lock.parse(text(project))
    assert changed_rows(before[0], text(project)) == rows
    assert changed_decks(before[1], decks(project / "dist")) == packages
    for row in rows:
        line = after.notes[row.split()[1]]
        assert line.removed or line.mod == int(LATER["SOURCE_DATE_EPOCH"])
    run(project, "--locked", "--output", "again")
    assert decks(project / "again") == decks(project / "dist")


@edits
def test_an_edit_that_is_not_released(
    project: Path, edit: tuple[str, str, str], rows: set[str], packages: set[str]
) -> None:
    """A locked build fails with the keys, and writes nothing."""
    assert packages
    apply(project, edit)
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    said = run(project, "--locked", code=1)
    for row in rows:
        assert f" {row.split()[1]} is " in said
    assert said.count("AG602") == len(rows)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("edit", "places"),
    [
        (("ankigen.yaml", "id: small", "id: large"), ["ankigen.yaml:1:5"]),
        (
            ("cards/basics/terms.yaml", "lane, definition", "lane, guid: mine, definition"),
            ["cards/basics/terms.yaml:2:3"],
        ),
    ],
    ids=["the-course", "an-entry"],
)
@pytest.mark.parametrize("options", [(), ("--no-audio",), ("--locked",)], ids=" ".join)
def test_another_guid(
    project: Path, edit: tuple[str, str, str], places: list[str], options: tuple[str, ...]
) -> None:
    """A build refuses what would give learners a note twice, and leaves all as it was."""
    before = text(project), decks(project / "dist")
    apply(project, edit)
    said = run(project, *options, code=1)
    told = [line.split(": ")[0] for line in said.splitlines() if "AG605" in line]
    assert told == places
    assert "AG602" not in said
    assert ("the course's id was 'small' and is 'large'" in said) == (edit[2] == "id: large")
    assert (text(project), decks(project / "dist")) == before
    apply(project, (edit[0], edit[2], edit[1]))
    assert "Everything is up to date" in run(project)


def test_a_lock_that_is_lost(project: Path) -> None:
    """The build says so and what to do, which gives the lock back; a new folder tells nothing."""
    before, published = text(project), project / "published.apkg"
    shutil.copy(project / "dist/small.apkg", published)
    (project / lock.FILE).unlink()
    assert "AG606 warning: the lock of earlier builds is gone" in run(project)
    assert "warning" not in run(project)
    (project / lock.FILE).unlink()
    done = ankigen("lock", "--from", str(published), cwd=project)
    assert done.returncode == 0, done.stderr
    assert text(project) == before
    assert "warning" not in run(project)
    (project / lock.FILE).unlink()
    assert "warning" not in run(project, "--output", "new")


def test_another_course_from_the_same_files(project: Path) -> None:
    """Without the lock, the id is free."""
    apply(project, ("ankigen.yaml", "id: small", "id: large"))
    (project / lock.FILE).unlink()
    assert "warning" not in run(project)
    assert (project / "dist/large.apkg").exists()


def test_taking_an_edit_back(project: Path) -> None:
    """What was released in between is replaced in turn: the first text is newer than it was."""
    before = lock.parse(text(project)).notes["terms/lane"]
    edit, _, _ = EDITS["a-term"]
    apply(project, edit)
    run(project)
    apply(project, (edit[0], edit[2], edit[1]))
    run(project)
    after = lock.parse(text(project)).notes["terms/lane"]
    assert after.content == before.content
    assert after.mod == int(LATER["SOURCE_DATE_EPOCH"]) + 1


def test_a_move_to_another_category(project: Path) -> None:
    """The lock does not know categories; both packages change."""
    before = text(project), decks(project / "dist")
    apply(project, ("cards/more/terms.yaml", MORE_TERMS, ""))
    apply(project, ("cards/basics/terms.yaml", TERMS, TERMS + MORE_TERMS))
    (project / "cards/more/terms.yaml").unlink()
    run(project, "--locked")
    assert text(project) == before[0]
    assert changed_decks(before[1], decks(project / "dist")) == EVERY


def test_a_locked_build_writes_no_lock(project: Path) -> None:
    """Not even where only line ends or the order of lines differ, as after a checkout."""
    lines = text(project).splitlines()
    data = "\r\n".join(reversed(lines)).encode()
    (project / lock.FILE).write_bytes(data)
    before = decks(project / "dist")
    run(project, "--locked")
    assert (project / lock.FILE).read_bytes() == data
    assert decks(project / "dist") == before


def test_without_sound_first(tmp_path: Path, first: Path) -> None:
    """A build without sound leaves the lock and, once sound comes, the decks as if it never was."""
    root = write_project(tmp_path / "course", FILES)
    run(root, "--no-audio")
    assert text(root) == text(first)
    mute = decks(root / "dist")
    run(root)
    assert text(root) == text(first)
    assert decks(root / "dist") == decks(first / "dist")
    assert changed_decks(mute, decks(root / "dist")) == EVERY


def test_a_part_of_the_course(project: Path) -> None:
    """A build of one category records all notes, and the rest follows from the same lock."""
    whole = shutil.copytree(project, project.with_name("whole"))
    for root in (project, whole):
        for name in ("a-term", "the-other-category"):
            apply(root, EDITS[name][0])
    before = decks(project / "dist")
    run(whole)
    run(project, "more")
    assert text(project) == text(whole)
    assert changed_decks(before, decks(project / "dist")) == {"more"}
    run(project, "--locked")
    assert text(project) == text(whole)
    assert decks(project / "dist") == decks(whole / "dist")


def test_decks_that_cannot_be_written(project: Path) -> None:
    """The lock is there before the decks; the next build gives what the first would have."""
    undisturbed = shutil.copytree(project, project.with_name("undisturbed"))
    for root in (project, undisturbed):
        apply(root, EDITS["a-term"][0])
    run(undisturbed)
    (project / "dist/small.apkg").unlink()
    (project / "dist/small.apkg").mkdir()
    (project / "dist/small.apkg/in-the-way").touch()
    run(project, code=2)
    assert text(project) == text(undisturbed)
    shutil.rmtree(project / "dist/small.apkg")
    done = ankigen("build", cwd=project)  # by another clock
    assert done.returncode == 0, done.stderr
    assert text(project) == text(undisturbed)
    assert decks(project / "dist") == decks(undisturbed / "dist")


def test_a_build_killed_after_the_lock(project: Path) -> None:
    """Killed as soon as the lock is new, a build is finished by the next one."""
    undisturbed = shutil.copytree(project, project.with_name("undisturbed"))
    for root in (project, undisturbed):
        apply(root, EDITS["a-term"][0])
    run(undisturbed)
    before = (project / lock.FILE).stat().st_ino
    process = subprocess.Popen(
        [sys.executable, "-m", "ankigen", "build"],
        cwd=project,
        env=LATER,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and (project / lock.FILE).stat().st_ino == before:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert text(project) == text(undisturbed)
    done = ankigen("build", cwd=project)
    assert done.returncode == 0, done.stderr
    assert text(project) == text(undisturbed)
    assert decks(project / "dist") == decks(undisturbed / "dist")
