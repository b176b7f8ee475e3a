"""What ``make release`` does beside its other targets.

Usage:
    python tools/release.py check      refuse what would be no release of this commit
    python tools/release.py collect    lay out in build/release what is to be published
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ankigen import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

TAG = f"v{__version__}"
PLACEHOLDER = "OWNER_HERE"
"""Stands where a name on GitHub belongs that only whoever publishes knows; nobody can have it."""

_EXPLAINED_IN = ("docs/ci.md", "tools/", "tests/")
"""Where the placeholder is spoken of."""


def problems(root: Path) -> Iterator[str]:
    """Everything that is in the way of a release."""
    if changed := _git(root, "status", "--porcelain"):
        yield f"there are changes that are not committed:\n{changed}"
    if TAG not in _git(root, "tag", "--points-at", "HEAD").splitlines():
        yield f"this commit has no tag {TAG}; make it with: git tag {TAG}"
    if not changes(root):
        yield f"CHANGELOG.md says nothing under '## {__version__}'"
    for file in _git(root, "grep", "--name-only", PLACEHOLDER, may_fail=True).splitlines():
        if not file.startswith(_EXPLAINED_IN):
            yield f"{file} still says {PLACEHOLDER}; write under whose name it is published"


def changes(root: Path) -> str:
    """What CHANGELOG.md says of this version; its heading may go on, as with a date."""
    text = (root / "CHANGELOG.md").read_text("utf-8")
    heading = rf"^## {re.escape(__version__)}(?![\w.]).*\n"
    found = re.search(rf"{heading}((?:(?!## ).*\n?)*)", text, re.MULTILINE)
    return found[1].strip() if found else ""


def notes(root: Path) -> str:
    """The text of the release: what changed in the tool, then what learners will meet."""
    parts = [changes(root)]
    tags = "v[0-9]*.[0-9]*.[0-9]*"  # not those of a major version, which move
    before = _git(root, "describe", "--tags", "--abbrev=0", "--match", tags, "HEAD^", may_fail=True)
    if before:
        said = _ankigen(root, "diff", "--rev", f"{before}..HEAD", "--format", "markdown")
        parts.append(f"# The course, since {before}\n\n{said}")
    return "\n\n".join(parts) + "\n"


def collect(root: Path) -> Path:
    """Lay out what is to be published: ``files`` with their checksums, and ``notes.md``.

    Returns:
        The folder.
    """
    said = json.loads(_ankigen(root, "build", "--locked", "--json", "--quiet"))
    made = [root / "dist" / deck["file"] for deck in said["decks"]]
    made += sorted((root / "build/python").iterdir())
    release = root / "build/release"
    shutil.rmtree(release, ignore_errors=True)
    folder = release / "files"
    folder.mkdir(parents=True)
    sums = []
    for path in sorted(made, key=lambda path: path.name):
        shutil.copy(path, folder)
        sums.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8", newline="\n")
    (release / "notes.md").write_text(notes(root), "utf-8", newline="\n")
    return release


def _ankigen(root: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "ankigen", *arguments]
    return subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE).stdout.decode()


def _git(root: Path, *arguments: str, may_fail: bool = False) -> str:
    quiet = subprocess.DEVNULL if may_fail else None
    done = subprocess.run(
        ["git", *arguments], cwd=root, check=not may_fail, stdout=subprocess.PIPE, stderr=quiet
    )
    return "" if done.returncode else done.stdout.decode().strip()


def main(command: str) -> None:
    """Run a command of the usage above."""
    root = Path.cwd()
    if command == "collect":
        folder = collect(root)
        print(f"{folder.relative_to(root)} is ready to be published as {TAG}:")
        print((folder / "files/SHA256SUMS").read_text("utf-8"), end="")
        return
    found = list(problems(root))
    for problem in found:
        print(f"no release: {problem}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
