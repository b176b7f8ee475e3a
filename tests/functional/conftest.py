"""Fixtures of tests that cross modules."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from cardpages import project
from support import REPOSITORY, ankigen, git, write_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def every_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a course with every note type, in its project; not to be changed."""
    root = write_project(tmp_path_factory.mktemp("site") / "look", project())
    done = ankigen("site", cwd=root)
    assert done.returncode == 0, done.stderr
    return root / "site"


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean clone of the repository as its next commit would have it; not to be changed."""
    root = tmp_path_factory.mktemp("clean") / "clone"
    listed = git(REPOSITORY, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in listed.split("\0"):
        source = REPOSITORY / name
        if source.is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, root / name)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=all")
    return root


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new course as it is pushed: its lock is committed, its decks are not; not to be changed."""
    root = tmp_path_factory.mktemp("course") / "demo"
    assert ankigen("init", root, cwd=REPOSITORY).returncode == 0
    assert ankigen("build", cwd=root).returncode == 0
    shutil.rmtree(root / "dist")
    return root
