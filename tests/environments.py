"""Virtual environments that hold what ankigen needs and nothing else, made without a network."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.metadata import Distribution
    from pathlib import Path

PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))

ALONE: Mapping[str, str] = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PYTHONPATH": ""}
"""pip takes what is there; the second is pip's own way of saying so."""


def make(folder: Path, *also: str) -> Path:
    """Make an environment whose packages are those of the tests, linked.

    Args:
        folder: Where.
        also: Packages beside those that ankigen requires, and those that these require.

    Returns:
        The folder of its programs.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    [packages] = folder.glob("lib/python*/site-packages")
    for found in _closure([*PYPROJECT["project"]["dependencies"], *also]):
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            link = packages / top
            if not link.exists():
                link.symlink_to(str(found.locate_file(top)))
    return folder / "bin"


def _closure(requirements: Iterable[str]) -> Iterator[Distribution]:
    seen = set()
    waiting = [(one, "") for one in requirements]
    while waiting:
        text, extra = waiting.pop()
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        key = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if key in seen:
            continue
        seen.add(key)
        found = distribution(wanted.name)
        waiting += [(one, part) for one in found.requires or () for part in ("", *wanted.extras)]
        yield found
