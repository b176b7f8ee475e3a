"""``words.txt``: the words of a course that no dictionary has, one a line, ``#`` before remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen import files
from ankigen.diagnostics import Diagnostic, SourceError

if TYPE_CHECKING:
    from pathlib import Path

WORDS_FILE = "words.txt"


def read(root: Path) -> tuple[frozenset[str], list[Diagnostic]]:
    """The words of a project, none where it has no list.

    Args:
        root: The project's folder, resolved.
    """
    path = root / WORDS_FILE
    if not path.exists():
        return frozenset(), []
    try:
        text = files.read_source(root, path)
    except SourceError as error:
        return frozenset(), list(error.diagnostics)
    return parse(text), []


def parse(text: str) -> frozenset[str]:
    """The words of a list."""
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(word for line in lines for word in line.split())
