"""What many tests need: a project on disk, the command line as a person runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import processes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LIMIT = 300
"""Seconds after which a command counts as hung."""

EPOCH = "1795000000"
"""When builds of tests release what they build, unless a test says otherwise."""

REPOSITORY = Path(__file__).resolve().parent.parent

TERMS = """\
- id: kernel
  term: kernel
  definition: A function that the device runs.
- id: operator-fusion
  term: operator fusion
  pos: noun
  level: core
  definition: Merging several operators into one kernel.
  topics: [fusion]
  related: [kernel]
"""

SENTENCES = """\
- id: kernel-1
  terms: [kernel]
  text: Each {kernel} reads its own tile.
- id: operator-fusion-1
  terms: [operator-fusion, kernel]
  genre: review
  text: Does operator fusion still fire for this kernel?
"""

SMALL: Mapping[str, str] = {
    "ankigen.yaml": "id: small\nname: Small Course\ncategories: [basics]\n",
    "cards/basics/category.yaml": "name: Basics\ndescription: The first words.\n",
    "cards/basics/terms.yaml": TERMS,
    "cards/basics/sentences.yaml": SENTENCES,
}
"""A course of two terms and two sentences: four notes, eight cards, four clips."""


TIDY: Mapping[str, str] = {
    **SMALL,
    "cards/basics/sentences.yaml": SENTENCES
    + """\
- id: operator-fusion-2
  terms: [operator-fusion]
  text: We turned operator fusion off to see what it does.
""",
}
"""The same with a sentence more: it keeps every rule, but for a topic of one entry (AG204)."""


def write_project(root: Path, files: Mapping[str, str | bytes] = SMALL) -> Path:
    """Write files under ``root`` (text as UTF-8) and return it, resolved."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root.resolve()


def ankigen(
    *arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own and return what it said.

    That is forked from one that has imported everything (see ``processes``), unless ``env`` says
    something to Python itself.
    """
    told = [name for name, _ in (env or {}).items() - os.environ.items()]
    if any(name.startswith("PYTHON") for name in told) or not processes.can_run():
        return ankigen_anew(*arguments, cwd=cwd, env=env)
    return processes.run([*map(str, arguments)], cwd=cwd, env=_environment(env), timeout=_LIMIT)


def ankigen_anew(
    *arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The same in a Python that has imported nothing, as a person's begins."""
    return subprocess.run(
        [sys.executable, "-m", "ankigen", *map(str, arguments)],
        cwd=cwd,
        env=_environment(env),
        capture_output=True,
        text=True,
        check=False,
        timeout=_LIMIT,
    )


def _environment(env: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, "NO_COLOR": "1", "SOURCE_DATE_EPOCH": EPOCH, **(env or {})}


def unmeasured() -> dict[str, str]:
    """The environment without what has coverage measured: it loads modules and writes files."""
    return {name: said for name, said in os.environ.items() if not name.startswith("COVERAGE")}


def decks(folder: Path) -> dict[str, bytes]:
    """The packages in a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.apkg"))}


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody; return what it said."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@contextmanager
def interruptible() -> Iterator[None]:
    """Processes started in the body obey Ctrl-C even where the tests were told to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
