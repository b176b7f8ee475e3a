"""Fixtures that more than one test file uses."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from support import REPOSITORY, ankigen, write_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small project, not yet built."""
    return write_project(tmp_path / "small")


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own course, copied and built with sound from nothing."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(REPOSITORY / "ankigen.yaml", root)
    shutil.copytree(REPOSITORY / "cards", root / "cards")
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    return root.resolve()
