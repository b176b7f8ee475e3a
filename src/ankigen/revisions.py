"""A project as it was in a git revision, laid out in a folder that goes away again."""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ankigen import sourceglob
from ankigen.diagnostics import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCES = (
    "ankigen.yaml",
    "pronunciations.yaml",
    "cards",
    "media",
    "notetypes",
    "audio/recordings",
)
"""What a release without sound is rendered from, beside the files of ``sources:``."""


class Tag(NamedTuple):
    """A tag of the project's repository, with its date in ISO 8601."""

    name: str
    date: str


def tags(root: Path) -> list[Tag]:
    """Tags of what the project's revision is made from, the newest first; none without git."""
    form = "--format=%(refname:strip=2)%09%(creatordate:iso-strict)"
    return [
        Tag(*line.split("\t"))
        for line in _told(
            root, "for-each-ref", "--merged=HEAD", "--sort=-creatordate", form, "refs/tags"
        )
    ]


def tag_here(root: Path) -> str:
    """The tag of the revision that is checked out; empty where it has none."""
    return next(iter(_told(root, "tag", "--points-at", "HEAD", "--sort=-creatordate")), "")


def _told(root: Path, *arguments: str) -> list[str]:
    try:
        return [line for line in _lines(root, *arguments) if line]
    except SetupError:
        return []


@contextmanager
def checked_out(root: Path, revision: str) -> Iterator[Path]:
    """The sources of the project at ``revision``.

    Args:
        root: The project's folder, anywhere in a git repository.
        revision: Whatever git takes for a commit.

    Raises:
        SetupError: There is no git, no repository, or no such revision of the project.
    """
    commit, *_ = _lines(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    # In a subfolder, git would look for that folder inside the trees it is given.
    top, prefix, *_ = _lines(root, "rev-parse", "--show-toplevel", "--show-prefix")
    paths = [f"{prefix}{name}" for name in _SOURCES]
    there = _names(Path(top), commit, "--", *paths)
    found = [name for name, path in zip(_SOURCES, paths, strict=True) if path in there]
    if _SOURCES[0] not in found:
        raise SetupError(
            f"there is no {_SOURCES[0]} in the revision '{revision}'",
            "name a revision in which the course exists",
        )
    said = _git(Path(top), "show", f"{commit}:{prefix}{_SOURCES[0]}").decode(errors="replace")
    beside = _names(Path(top), f"{commit}:{prefix}")
    found += [n for n in sourceglob.tops(sourceglob.said(said), beside) if n not in found]
    archive = _git(
        Path(top),
        "--literal-pathspecs",
        "archive",
        "--format=tar",
        f"{commit}:{prefix}",
        "--",
        *found,
    )
    with tempfile.TemporaryDirectory(prefix="ankigen-") as folder:
        try:
            with tarfile.open(fileobj=BytesIO(archive)) as tar:
                tar.extractall(folder, filter="data")
        except tarfile.TarError as error:  # a link to outside the project
            raise SetupError(
                f"the revision '{revision}' cannot be laid out: {error}",
                "name a revision in which the course builds",
            ) from None
        yield Path(folder).resolve()


def _names(top: Path, *tree: str) -> list[str]:
    return os.fsdecode(_git(top, "ls-tree", "--name-only", "-z", *tree)).split("\0")[:-1]


def _lines(root: Path, *arguments: str) -> list[str]:
    return os.fsdecode(_git(root, *arguments)).split("\n")


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
