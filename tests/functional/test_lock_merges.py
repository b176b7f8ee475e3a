"""The lock in a real git: clones, branches, merges; and when it is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from ankigen import lock
from support import EPOCH, SMALL, ankigen, decks, write_project

if TYPE_CHECKING:
    from pathlib import Path

FILES = {**SMALL, ".gitignore": "/dist/\n/audio/clips/\n"}

IDENTITY = ("-c", "user.name=Author", "-c", "user.email=author@example.org")


def git(root: Path, *arguments: str, code: int = 0) -> None:
    """Run git without anybody's configuration."""
    done = subprocess.run(
        ["git", *IDENTITY, *arguments],
        cwd=root,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr


def build(root: Path, *options: str, later: int = 0, code: int = 0) -> str:
    """Build without sound, some seconds after the first release; returns what was said."""
    env = {"SOURCE_DATE_EPOCH": str(int(EPOCH) + later)}
    done = ankigen("build", "--no-audio", *options, cwd=root, env=env)
    assert done.returncode == code, done.stderr
    return done.stderr


def commit(root: Path, message: str) -> None:
    """Commit everything."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


def text(root: Path) -> str:
    """The lock's file."""
    return (root / lock.FILE).read_text()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The small course, released and committed."""
    root = write_project(tmp_path / "course", FILES)
    git(root, "init", "--quiet", "--initial-branch", "main")
    build(root)
    commit(root, "First release")
    return root


def add_on_branch(root: Path, name: str, *, later: int) -> None:
    """Add a term in a file of its own and release it, on a branch off the main one."""
    git(root, "checkout", "--quiet", "-b", name, "main")
    entry = f"- {{id: {name}, term: {name}, definition: One more.}}\n"
    write_project(root, {f"cards/basics/terms.{name}.yaml": entry})
    build(root, later=later)
    commit(root, f"Add {name}")


def merge(root: Path, *names: str, code: int = 0) -> None:
    """Merge two branches on a new one."""
    git(root, "checkout", "--quiet", "-b", "both", names[0])
    git(root, "merge", "--quiet", "--no-edit", names[1], code=code)


def test_a_clean_clone(repository: Path, tmp_path: Path) -> None:
    """With nothing but what git holds, a locked build passes and gives the same bytes."""
    assert ankigen("build", cwd=repository).returncode == 0
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    clone = tmp_path / "clone"
    assert not (clone / "dist").exists()
    assert not (clone / "audio").exists()
    done = ankigen("build", "--locked", cwd=clone, env={"SOURCE_DATE_EPOCH": "1"})
    assert done.returncode == 0, done.stderr
    assert text(clone) == text(repository)
    assert decks(clone / "dist") == decks(repository / "dist")


def test_branches_whose_rows_are_apart(repository: Path) -> None:
    """They merge without a conflict, and the merged lock is already that of the merged course."""
    add_on_branch(repository, "aisle", later=10)
    add_on_branch(repository, "zone", later=20)
    merge(repository, "aisle", "zone")
    build(repository, "--locked", later=30)
    found = lock.parse(text(repository))
    times = {key: line.mod - int(EPOCH) for key, line in found.notes.items()}
    assert times == {
        "sentences/kernel-1": 0,
        "sentences/operator-fusion-1": 0,
        "terms/kernel": 0,
        "terms/operator-fusion": 0,
        "terms/aisle": 10,
        "terms/zone": 20,
    }


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_branches_whose_rows_meet(repository: Path, style: str) -> None:
    """A locked build refuses the conflict; a build resolves it, says so, and then all is well."""
    git(repository, "config", "merge.conflictStyle", style)
    add_on_branch(repository, "zebra", later=10)
    add_on_branch(repository, "zone", later=20)
    merge(repository, "zebra", "zone", code=1)
    conflict = text(repository)
    assert "<<<<<<< " in conflict
    said = build(repository, "--locked", later=30, code=1)
    assert "AG601" in said
    assert "a merge left two versions" in said
    assert text(repository) == conflict

    said = build(repository, later=30)
    assert "warning" in said
    assert "a merge left two versions of some lines; the later of each counts" in said
    found = lock.parse(text(repository))
    assert not found.conflicted
    times = {key: line.mod - int(EPOCH) for key, line in found.notes.items()}
    assert (times["terms/zebra"], times["terms/zone"], times["terms/kernel"]) == (10, 20, 0)
    assert "merge" not in build(repository, "--locked", later=40)


def test_branches_that_change_one_note(repository: Path) -> None:
    """What the merge made of the note is newer than what either branch released."""
    source = repository / "cards/basics/terms.yaml"
    original = source.read_text()
    edits = {"left": ("Merging", "Joining"), "right": ("level: core", "level: working")}
    for (name, (old, new)), later in zip(edits.items(), (10, 20), strict=True):
        git(repository, "checkout", "--quiet", "-b", name, "main")
        source.write_text(original.replace(old, new))
        build(repository, later=later)
        commit(repository, name)
    merge(repository, "left", "right", code=1)
    assert "<<<<<<< " in text(repository)
    for old, new in edits.values():
        original = original.replace(old, new)
    source.write_text(original)
    assert "1 changed" in build(repository, later=5)
    found = lock.parse(text(repository))
    assert found.notes["terms/operator-fusion"].mod == int(EPOCH) + 21
    assert found.notes["terms/kernel"].mod == int(EPOCH)
    build(repository, "--locked", later=30)


@pytest.mark.parametrize(
    ("damage", "packages"),
    [
        pytest.param(None, ["small"], id="deleted"),
        pytest.param(b"", ["basics"], id="empty"),
        pytest.param(400, ["small"], id="cut"),
        pytest.param(b"\xff\xfe\0\n<<<<<<< HEAD\n\n", ["basics", "small"], id="garbage"),
        pytest.param(b"note terms/kernel\n", ["small", "basics"], id="one-line"),
    ],
)
def test_recovery(built: Path, damage: bytes | int | None, packages: list[str]) -> None:
    """From what was published, the lock comes back: locked builds pass and give the same bytes."""
    before = text(built), decks(built / "dist")
    published = shutil.copytree(built / "dist", built.with_name("published"))
    path = built / lock.FILE
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:damage] if isinstance(damage, int) else damage)
    shutil.rmtree(built / "dist")
    assert ankigen("build", "--locked", cwd=built).returncode == 1
    files = [published / f"{name}.apkg" for name in packages]
    done = ankigen("lock", "--from", *files, cwd=built)
    assert done.returncode == 0, done.stderr
    assert "4 notes and 2 note types" in done.stderr
    assert text(built) == before[0]
    done = ankigen("build", "--locked", cwd=built, env={"SOURCE_DATE_EPOCH": "1"})
    assert done.returncode == 0, done.stderr
    assert decks(built / "dist") == before[1]


def test_recovery_from_several_releases(built: Path) -> None:
    """Removed notes come back from older packages; the next build marks them as before."""
    shutil.copy(built / "dist/small.apkg", built / "first.apkg")
    source = built / "cards/basics/sentences.yaml"
    source.write_text(source.read_text().partition("- id: operator")[0])
    done = ankigen("build", cwd=built, env={"SOURCE_DATE_EPOCH": str(int(EPOCH) + 10)})
    assert done.returncode == 0, done.stderr
    before = text(built), decks(built / "dist")
    assert " removed\n" in before[0]
    (built / lock.FILE).unlink()
    done = ankigen("lock", "--from", "first.apkg", "dist/small.apkg", cwd=built)
    assert done.returncode == 0, done.stderr
    done = ankigen("build", cwd=built)
    assert done.returncode == 0, done.stderr
    assert "1 removed" in done.stderr
    assert (text(built), decks(built / "dist")) == before
