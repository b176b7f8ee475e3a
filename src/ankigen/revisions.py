"""A project as it was in a git revision, laid out in a folder that goes away again."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ankigen.diagnostics import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCES = ("ankigen.yaml", "cards")
"""What a release without sound is rendered from."""


@contextmanager
def checked_out(root: Path, revision: str) -> Iterator[Path]:
    """The sources of the project at ``revision``.

    Args:
        root: The project's folder, anywhere in a git repository.
        revision: Whatever git takes for a commit.

    Raises:
        SetupError: There is no git, no repository, or no such revision of the project.
    """
    commit = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    prefix = _git(root, "rev-parse", "--show-prefix")
    tree = f"{commit.decode().strip()}:{prefix.decode().rstrip(chr(10))}"
    there = _git(root, "ls-tree", "--name-only", tree).decode().splitlines()
    found = [name for name in _SOURCES if name in there]
    if _SOURCES[0] not in found:
        raise SetupError(
            f"there is no {_SOURCES[0]} in the revision '{revision}'",
            "name a revision in which the course exists",
        )
    archive = _git(root, "archive", "--format=tar", tree, "--", *found)
    with tempfile.TemporaryDirectory(prefix="ankigen-") as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        yield Path(folder).resolve()


def _git(root: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, a revision after --end-of-options
            ["git", *arguments],  # noqa: S607 - whichever git the person uses
            cwd=root,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise SetupError("git is not installed", "install git, or compare two packages") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        what = arguments[-1].removesuffix("^{commit}")
        raise SetupError(
            f"git cannot give the revision '{what}'{f': {said}' if said else ''}",
            "name a commit, a branch or a tag of the project's repository",
        )
    return done.stdout
