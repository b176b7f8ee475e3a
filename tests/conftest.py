"""Fixtures that more than one test file uses."""

from __future__ import annotations

import os
import re
import shutil
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

import dictionaries
from support import REPOSITORY, TIDY, ankigen, write_project

if TYPE_CHECKING:
    from pathlib import Path

# No assertion is timed: a slow machine is no fault of the code.
# CI tries the same examples each time, so that a red run means a change; others try new ones.
settings.register_profile(
    "suite",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
# A mutant is dead at the first failure: few examples, the same for each, and none made smaller.
settings.register_profile(
    "mutants",
    settings.get_profile("suite"),
    max_examples=20,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("suite")


SPOKEN = ("code-review", "pronunciation")
"""Categories of the course that are spoken in every run: each kind of clip is among them."""

OF_PRONUNCIATION = 6
"""Of so many entries of the last one, which has as many clips as several others, one is spoken."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--whole-course``, which 'make course' gives."""
    parser.addoption(
        "--whole-course",
        action="store_true",
        help="speak all of the course, which takes minutes, and run the tests that need it",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs the whole course, unless it is asked for."""
    whole = config.getoption("--whole-course")
    left = [item for item in items if not whole and item.get_closest_marker("whole")]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tests' caches out of the person's."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    # Each process that begins anew would compile all of the tool again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session", autouse=True)
def _dictionaries() -> None:
    """Keep them for all tests of this process."""
    dictionaries.keep()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small project, not yet built."""
    return write_project(tmp_path / "small")


@pytest.fixture
def tidy(tmp_path: Path) -> Path:
    """A small project that keeps every rule, but for a topic of one entry."""
    return write_project(tmp_path / "tidy", TIDY)


@pytest.fixture(scope="session")
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own course, copied and built from nothing; not to be changed.

    Its packages are in ``dist``, without sound unless the whole course is asked for; those of
    ``SPOKEN``, or then of all categories, have it in ``sound``, and their clips are in ``audio``.
    Processes that test side by side share it: one builds, the others wait.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    root, ended = shared / "course", shared / "course.ended"
    try:
        (shared / "course.begun").touch(exist_ok=False)
    except FileExistsError:
        while not ended.exists():
            time.sleep(0.2)
    else:
        try:
            _build_course(root, whole=request.config.getoption("--whole-course"))
        finally:
            ended.touch()
    assert (root / "sound").exists(), "the process that built the course tells why it could not"
    return root.resolve()


def _build_course(root: Path, *, whole: bool) -> None:
    root.mkdir()
    for name in ("ankigen.yaml", "ankigen.lock", "pronunciations.yaml", "words.txt"):
        shutil.copy(REPOSITORY / name, root)
    shutil.copytree(REPOSITORY / "cards", root / "cards")
    if whole:
        (root / "sound").symlink_to("dist")
    else:
        _speak_a_part(root)
    done = ankigen("build", "--locked", *([] if whole else ["--no-audio"]), cwd=root)
    assert done.returncode == 0, done.stderr


def _speak_a_part(root: Path) -> None:
    part = shutil.copytree(root, root.with_name("part"))
    (part / "ankigen.lock").unlink()
    for file in (part / "cards" / "pronunciation").glob("pronunciations.*.yaml"):
        entries = re.split("(?m)^(?=- )", file.read_text("utf-8"))[1:]
        file.write_text("".join(entries[::OF_PRONUNCIATION]), "utf-8")
    done = ankigen("build", *SPOKEN, "--output", root / "sound", cwd=part)
    assert done.returncode == 0, done.stderr
    (part / "audio").rename(root / "audio")


@pytest.fixture(scope="session")
def built_small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with the decks and clips of a build with sound; not to be changed."""
    root = write_project(tmp_path_factory.mktemp("built") / "small")
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def built(built_small: Path, tmp_path: Path) -> Path:
    """A copy of the built small project, to be spoilt."""
    return shutil.copytree(built_small, tmp_path / "small", symlinks=True).resolve()
