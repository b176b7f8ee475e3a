"""Names of files and folders that Windows and macOS can have as well as Linux."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DEVICE = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|\Z)", re.IGNORECASE)
"""Names that Windows keeps for itself, whatever follows their first dot."""

_FORBIDDEN = re.compile(r"[<>:\"|?*\\\x00-\x1f]")


def problem(path: str) -> str:
    """Why Windows cannot have a path with ``/``, as the end of a sentence; "" where it can."""
    for name in path.split("/"):
        if forbidden := _FORBIDDEN.search(name):
            return f"'{name}' holds {forbidden[0]!r}"
        if name.endswith((".", " ")):
            return f"'{name}' ends with a dot or a space"
        if DEVICE.match(name):
            return f"'{name}' is the name of a device there"
    return ""


def twins(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each path that is another one to Linux alone, with that other one.

    Windows and macOS do not tell upper from lower case, macOS nor an accent from a letter with it.
    """
    first: dict[str, str] = {}
    for path in paths:
        other = first.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        if other != path:
            yield path, other


def in_order(paths: Iterable[Path]) -> list[Path]:
    """Sorted in one way on all systems: by themselves, paths of Windows pass over upper case."""
    return sorted(paths, key=lambda path: path.parts)
