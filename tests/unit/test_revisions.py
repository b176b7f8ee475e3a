"""A project at a git revision, from a real repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen.diagnostics import SetupError
from ankigen.revisions import checked_out
from support import SMALL, git, write_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["", "courses/é x"], ids=["at the root", "in a subfolder"])
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The small project, committed twice in a repository; its second definition is another."""
    repository = tmp_path / "repository"
    repository.mkdir()
    git(repository, "init", "--quiet")
    (repository / "other.txt").write_text("not of the course")
    git(repository, "add", "-A")
    git(repository, "commit", "--quiet", "-m", "before the course")
    git(repository, "tag", "empty")
    root = write_project(repository / str(request.param))
    (root / "notes.txt").write_text("no source")
    git(repository, "add", "-A")
    git(repository, "commit", "--quiet", "-m", "one")
    git(repository, "tag", "v1.0")
    (root / "cards/basics/terms.yaml").write_text("[]\n")
    git(repository, "commit", "--quiet", "-am", "two")
    return root


def contents(root: Path) -> dict[str, str]:
    """Every file of a folder, but git's own."""
    return {
        str(path.relative_to(root)): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


@pytest.mark.parametrize("revision", ["v1.0", "HEAD~1", "HEAD^", "@{0}~1"])
def test_the_sources_of_a_revision(project: Path, revision: str) -> None:
    """Whatever git takes for a commit: its sources and nothing else; the folder goes away."""
    with checked_out(project, revision) as folder:
        assert contents(folder) == dict(SMALL)
    assert not folder.exists()


def test_a_commit_id(project: Path) -> None:
    """A shortened id will do."""
    with checked_out(project, git(project, "rev-parse", "--short", "HEAD")) as folder:
        assert contents(folder)["cards/basics/terms.yaml"] == "[]\n"


def test_the_working_tree_stays(project: Path) -> None:
    """Neither changes that are not committed nor the index are touched."""
    (project / "cards/basics/terms.yaml").write_text("changed")
    (project / "new.txt").write_text("new")
    before = contents(project), git(project, "status", "--porcelain")
    with checked_out(project, "v1.0"):
        pass
    assert (contents(project), git(project, "status", "--porcelain")) == before


def test_without_cards(project: Path) -> None:
    """A revision that has no ``cards`` yet is laid out as it is."""
    git(project, "rm", "-r", "--quiet", "cards")
    git(project, "commit", "--quiet", "-m", "three")
    with checked_out(project, "HEAD") as folder:
        assert set(contents(folder)) == {"ankigen.yaml"}


def test_before_the_course(project: Path) -> None:
    """A revision without the project says so."""
    with pytest.raises(SetupError, match=r"no ankigen\.yaml in the revision 'empty'"):
        checked_out(project, "empty").__enter__()


@pytest.mark.parametrize(
    "revision",
    ["nope", "--help", "-v", "v1.0:ankigen.yaml", "v1.0^{tree}", " ", "a b", "é", "$(x)"],
)
def test_no_revision(project: Path, revision: str) -> None:
    """What names no commit is refused by its name, also where it looks like an option."""
    with pytest.raises(SetupError) as raised:
        checked_out(project, revision).__enter__()
    assert f"the revision '{revision}'" in str(raised.value)
    assert "a branch or a tag" in raised.value.hint


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../../outside.yaml"])
def test_a_link_that_leads_outside(project: Path, target: str) -> None:
    """A revision with such a link is refused, and nothing is read through it."""
    (project / "cards/basics/verbs.yaml").symlink_to(target)
    git(project, "add", "-A")
    git(project, "commit", "--quiet", "-m", "link")
    with pytest.raises(SetupError, match=r"'HEAD' cannot be laid out: .*verbs\.yaml"):
        checked_out(project, "HEAD").__enter__()


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a repository git's own words say what is missing."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("LC_ALL", "C")
    with pytest.raises(SetupError, match="not a git repository"):
        checked_out(write_project(tmp_path), "HEAD").__enter__()


def test_no_git(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git there is another way."""
    monkeypatch.setenv("PATH", str(project))
    with pytest.raises(SetupError, match="git is not installed") as raised:
        checked_out(project, "HEAD").__enter__()
    assert "compare two packages" in raised.value.hint
