"""What is kept from one run to the next, in files that may go at any time.

They are kept beside no source: a project from elsewhere cannot bring along what a run would find.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from typing import TYPE_CHECKING, Any

import platformdirs

from ankigen import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEPT_SECONDS = 30 * 24 * 3600.0
"""For so long nobody has worked on a project; most likely it is gone."""


def folder(what: str) -> Path:
    """Where a person's caches of a kind are."""
    return platformdirs.user_cache_path("ankigen", appauthor=False) / what


class Cache:
    """What is kept of one project, for as long as nothing changes that it was made of."""

    def __init__(self, folder: Path, root: Path, fingerprint: str) -> None:
        """Of a project and what was read of it.

        Args:
            folder: Of this kind of caches, of all projects.
            root: The project's folder.
            fingerprint: Of everything that must be the same.
        """
        name = hashlib.sha256(os.fsencode(root)).hexdigest()[:32]
        self._file = folder / f"{name}.json"
        self._fingerprint = fingerprint

    def recall(self) -> dict[str, Any] | None:
        """What was kept last, if it was for the same fingerprint."""
        try:
            said = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return None  # there is none, or not one of ours
        same = isinstance(said, dict) and said.get("fingerprint") == self._fingerprint
        return said if same else None

    def keep(self, said: Mapping[str, Any]) -> None:
        """Remember it, if that is possible, and forget what is long out of use."""
        with contextlib.suppress(OSError):
            with files.atomic_write(self._file) as stream:
                text = json.dumps({"fingerprint": self._fingerprint, **said})
                stream.write(text.encode())
            for old in self._file.parent.glob("*.json"):
                if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
                    old.unlink()
            files.sweep(self._file.parent)
