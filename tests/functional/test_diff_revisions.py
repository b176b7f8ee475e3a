"""Two git revisions of a course compared on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support import SMALL, ankigen, git, write_project

if TYPE_CHECKING:
    from pathlib import Path

TERMS = "cards/basics/terms.yaml"


@pytest.fixture
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A course in a repository: tagged v1.0, changed and committed, and changed again.

    It stands in a subfolder unless a test asks for another.
    """
    repository = tmp_path / "repository"
    repository.mkdir()
    git(repository, "init", "--quiet")
    (repository / "README").write_text("not of the course")
    git(repository, "add", "-A")
    git(repository, "commit", "--quiet", "-m", "before the course")
    git(repository, "tag", "before")
    root = write_project(repository / str(getattr(request, "param", "courses/small")))
    git(repository, "add", "-A")
    git(repository, "commit", "--quiet", "-m", "one")
    git(repository, "tag", "v1.0")
    change(root, "A function that the device runs.", "Code that the device runs.")
    git(repository, "commit", "--quiet", "-am", "two")
    change(root, "Code", "Machine code")
    return root


def change(root: Path, old: str, new: str) -> None:
    """Another text in the terms."""
    text = (root / TERMS).read_text()
    assert old in text
    (root / TERMS).write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("revisions", "said"),
    [
        ("v1.0..HEAD", "[-A function-] {+Code+} that the device runs."),
        ("HEAD~1..HEAD", "[-A function-] {+Code+} that the device runs."),
        ("v1.0..", "[-A function-] {+Machine code+} that the device runs."),
        ("v1.0", "[-A function-] {+Machine code+} that the device runs."),
        ("..", "[-Code-] {+Machine code+} that the device runs."),
    ],
)
@pytest.mark.parametrize(
    "project", ["", "courses/small"], ids=["at the root", "in a subfolder"], indirect=True
)
def test_revisions(project: Path, revisions: str, said: str) -> None:
    """Tags and commits; HEAD where OLD is empty, the files as they are where NEW is."""
    done = ankigen("diff", "--rev", revisions, cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"    Definition: {said}\n" in done.stdout.replace("-]{+", "-] {+")


def test_from_elsewhere(project: Path, tmp_path: Path) -> None:
    """The project may be named, and need not be the working directory."""
    here = ankigen("diff", "--rev", "v1.0..HEAD", cwd=project / "cards")
    there = ankigen("diff", "--rev", "v1.0..HEAD", "--project", project, cwd=tmp_path)
    assert here.returncode == there.returncode == 0
    assert here.stdout == there.stdout


def test_exit_code(project: Path) -> None:
    """A revision differs in nothing from itself; another does."""
    for revisions, code in (("v1.0..v1.0", 0), ("v1.0..HEAD", 1)):
        done = ankigen("diff", "--exit-code", "--rev", revisions, cwd=project)
        assert (done.returncode, done.stderr) == (code, "")


def test_revisions_and_packages_agree(project: Path, tmp_path: Path) -> None:
    """What the sources say of a release is what its packages say."""
    git(project, "stash", "--quiet")
    for revision, name in (("v1.0", "old"), ("-", "new")):
        git(project, "checkout", "--quiet", revision)
        assert ankigen("build", "--output", tmp_path / name, cwd=project).returncode == 0
    packages = ankigen(
        "diff", tmp_path / "old/small.apkg", tmp_path / "new/small.apkg", cwd=tmp_path
    )
    sources = ankigen("diff", "--rev", "v1.0..HEAD", cwd=project)
    assert sources.stdout == packages.stdout
    assert sources.returncode == 0


def test_the_sources_stay(project: Path) -> None:
    """Nothing in the working tree is written or touched, and git notices nothing."""

    def state() -> tuple[object, ...]:
        files = [path for path in project.rglob("*") if path.is_file() and ".git" not in path.parts]
        stats = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
        return stats, git(project, "status", "--porcelain"), git(project, "stash", "list")

    before = state()
    assert ankigen("diff", "--rev", "v1.0..", cwd=project).returncode == 0
    assert state() == before


def test_a_broken_revision(project: Path) -> None:
    """What is wrong in a revision is said with its place, and that it is in that revision."""
    change(project, "term: kernel", "trem: kernel")
    git(project, "commit", "--quiet", "-am", "broken")
    git(project, "tag", "broken")
    done = ankigen("diff", "--rev", "v1.0..broken", cwd=project)
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert lines[0] == "In the revision 'broken':"
    assert f"{TERMS}:2:3: AG101 unknown key 'trem'" in lines
    assert "  help: did you mean 'term'?" in lines
    here = ankigen("diff", "--rev", "v1.0..", cwd=project)
    assert here.returncode == 1
    assert "In the revision" not in here.stderr


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("before..HEAD", "there is no ankigen.yaml in the revision 'before'"),
        ("v1.0..before", "there is no ankigen.yaml in the revision 'before'"),
        ("nope..HEAD", "git cannot give the revision 'nope'"),
        ("v1.0...HEAD", "git cannot give the revision '.HEAD'"),
        ("--output=x..HEAD", "git cannot give the revision '--output=x'"),
        ("v1.0..--help", "git cannot give the revision '--help'"),
        ("\x1b[31m..HEAD", "git cannot give the revision '\ufffd[31m'"),
    ],
)
def test_no_such_revision(project: Path, option: str, said: str) -> None:
    """Exit code 2 and what to name instead, also where it looks like an option of git."""
    done = ankigen("diff", f"--rev={option}", cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "  help: name a " in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(project.glob("x*"))


def test_no_repository(tmp_path: Path) -> None:
    """A course outside of git is compared by its packages."""
    root = write_project(tmp_path)
    env = {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent), "LC_ALL": "C"}
    done = ankigen("diff", "--rev", "v1.0..HEAD", cwd=root, env=env)
    assert (done.returncode, done.stdout) == (2, "")
    assert "not a git repository" in done.stderr


def test_a_growing_course(tmp_path: Path) -> None:
    """From a first release without sentences: notes and release notes in study order."""
    git(tmp_path, "init", "--quiet")
    first = {name: text for name, text in SMALL.items() if "sentences" not in name}
    root = write_project(tmp_path, first)
    git(root, "add", "-A")
    git(root, "commit", "--quiet", "-m", "one")
    write_project(root)
    said = json.loads(ankigen("diff", "--rev", "HEAD..", "--format", "json", cwd=root).stdout)
    assert [note["key"] for note in said["added"]] == [
        "sentences/kernel-1",
        "sentences/operator-fusion-1",
    ]
    notes = ankigen("diff", "--rev", "HEAD..", "--format", "markdown", cwd=root).stdout
    assert "## New cards\n\n### Basics\n\n- **Each kernel reads its own tile.**\n" in notes
