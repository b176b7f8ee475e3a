"""What the last check of a project found, kept where caches belong, for as long as nothing changes.

It is kept beside no source: a project from elsewhere cannot bring along what a check would say.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import platformdirs

from ankigen import files
from ankigen.diagnostics import Code, Diagnostic, Severity, Span
from ankigen.suppression import Suppression

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEPT_SECONDS = 30 * 24 * 3600.0
"""For so long nobody has checked a project; most likely it is gone."""


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that is wrong with a project's files, whoever asks.

    Attributes:
        diagnostics: Of all rules, whether or not they count.
        suppressions: What is not to count of them.
        entries: How many entries there are.
        files: How many files hold them.
    """

    diagnostics: tuple[Diagnostic, ...]
    suppressions: tuple[Suppression, ...]
    entries: int = 0
    files: int = 0


def folder() -> Path:
    """Where a person's caches of this program are."""
    return platformdirs.user_cache_path("ankigen", appauthor=False) / "check"


class Memory:
    """What was found in one project.

    Args:
        folder: Of the caches of all projects.
        root: The project's folder.
        fingerprint: Of everything that a check reads.
    """

    def __init__(self, folder: Path, root: Path, fingerprint: str) -> None:
        name = hashlib.sha256(os.fsencode(root)).hexdigest()[:32]
        self._file = folder / f"{name}.json"
        self._fingerprint = fingerprint

    def recall(self) -> Found | None:
        """What the last check found, if one now would find the same."""
        try:
            said = json.loads(self._file.read_bytes())
            if said["fingerprint"] != self._fingerprint:
                return None
            return Found(
                tuple(map(_diagnostic, said["diagnostics"])),
                tuple(
                    Suppression(**{**one, "span": _span(one["span"])})
                    for one in said["suppressions"]
                ),
                int(said["entries"]),
                int(said["files"]),
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None  # there is none, or not one that this version can read

    def keep(self, found: Found) -> None:
        """Remember a check, if that is possible, and forget what is long out of use."""
        with contextlib.suppress(OSError):
            with files.atomic_write(self._file) as stream:
                said = {"fingerprint": self._fingerprint, **asdict(found)}
                stream.write(json.dumps(said).encode(errors="surrogatepass"))
            for old in self._file.parent.glob("*.json"):
                if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
                    old.unlink()
            files.sweep(self._file.parent)


def _diagnostic(said: Mapping[str, Any]) -> Diagnostic:
    return Diagnostic(
        _span(said["span"]),
        Code(said["code"]),
        str(said["message"]),
        str(said["hint"]),
        Severity(said["severity"]),
    )


def _span(said: Mapping[str, Any]) -> Span:
    return Span(str(said["file"]), int(said["line"]), int(said["column"]), sheet=str(said["sheet"]))
