"""Fixtures of tests that cross modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cardpages import project
from support import ankigen, write_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def every_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a course with every note type, in its project; not to be changed."""
    root = write_project(tmp_path_factory.mktemp("site") / "look", project())
    done = ankigen("site", cwd=root)
    assert done.returncode == 0, done.stderr
    return root / "site"
