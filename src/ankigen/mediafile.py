"""Pictures and sounds that an entry names: found inside the project, named after what they hold."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ankigen import files
from ankigen.model import Media

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("cards", "media")
"""Where such files may stand: nothing else of a project is ever packed."""

MAX_BYTES = 20 * 1024 * 1024
"""AnkiWeb takes no larger file."""

SUFFIXES = {
    "image": (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"),
    "sound": (".mp3", ".ogg", ".wav", ".flac", ".m4a", ".opus"),
}
"""By the type of the key; what all Anki clients show and play."""

_DIGEST_LENGTH = 12
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class MediaError(Exception):
    """A file cannot be used.

    Attributes:
        hint: What to do about it.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def find(root: Path, source: str, name: str, kind: str) -> Media:
    """The file that an entry names.

    Args:
        root: The project's folder, resolved.
        source: The entry's file, relative to the project: names are looked up beside it first.
        name: A path, relative to the entry's file or to the project.
        kind: ``image`` or ``sound``.

    Raises:
        MediaError: There is none, or none that may be packed.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise MediaError(f"'{name}' is no path inside the project", "name it as in media/loop.png")
    if path.suffix.lower() not in SUFFIXES[kind]:
        known = ", ".join(SUFFIXES[kind])
        raise MediaError(f"'{name}' is no {kind} that every Anki shows", f"use one of {known}")
    beside = (root / source).parent
    try:
        found = next((p for p in (beside / path, root / path) if p.is_file()), None)
    except OSError:  # too long a name
        found = None
    if found is None:
        raise MediaError(
            f"there is no file '{name}'", "put it beside the entry's file or in media/"
        )
    if not any(files.inside(root / folder, found) for folder in FOLDERS):
        raise MediaError(
            f"'{name}' lies outside {' and '.join(FOLDERS)}", "put a copy of it into media/"
        )
    size = found.stat().st_size
    if not 0 < size <= MAX_BYTES:
        raise MediaError(
            f"'{name}' has {size:,} bytes; 1 to {MAX_BYTES:,} can be used", "make it smaller"
        )
    with found.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()[:_DIGEST_LENGTH]
    stem = _NOT_SLUG.sub("-", path.stem.lower()).strip("-")[:40] or kind
    return Media(f"{stem}-{digest}{path.suffix.lower()}", found.resolve())
