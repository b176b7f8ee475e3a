"""Pictures and sounds that an entry names: found inside the project, named after what they hold."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from pathlib import Path, PurePosixPath

from ankigen import files, medianame
from ankigen.model import Media, MediaFile

FOLDERS = ("cards", "media")
"""Where such files may stand: nothing else of a project is ever packed."""

MAX_BYTES = 20 * 1024 * 1024
"""AnkiWeb takes no larger file."""

_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")
_SOUNDS = (".mp3", ".ogg", ".wav", ".flac", ".m4a", ".opus")
SUFFIXES = {
    "image": _IMAGES,
    "sound": _SOUNDS,
    "html": (
        *(*_IMAGES, ".bmp", ".ico", ".jfif", ".tif", ".tiff"),
        *(*_SOUNDS, ".3gp", ".aac", ".aif", ".aiff", ".oga", ".spx", ".wma"),
        *(".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv", ".webm"),
    ),
}
"""By the type of the key; what all Anki clients show and play, and in HTML what some of them do."""

_DIGEST_LENGTH = 12
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def lying(root: Path) -> list[MediaFile]:
    """Everything that an entry could name, sorted; no link is followed.

    Args:
        root: The project's folder, resolved.
    """
    found = []
    for start in FOLDERS:
        for folder, folders, names in os.walk(root / start):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                path = Path(folder, name)
                if path.suffix.lower() in SUFFIXES["html"] and not name.startswith("."):
                    with contextlib.suppress(OSError):  # gone, or a link to nothing
                        found.append(MediaFile(files.relative(root, path), path.stat().st_size))
    return sorted(found, key=lambda one: one.name)


def places(source: str, name: str) -> tuple[PurePosixPath, ...]:
    """Where a file may lie that an entry names, relative to the project; the first has it.

    Args:
        source: The entry's file.
        name: A path, relative to that file, to the project or to ``media``.
    """
    return (PurePosixPath(source).parent / name, PurePosixPath(name), PurePosixPath("media", name))


class MediaError(Exception):
    """A file cannot be used.

    Attributes:
        hint: What to do about it.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def named(root: Path, path: Path) -> Media:
    """A file that Anki's own HTML, a template or a stylesheet names: it keeps its name.

    Args:
        root: The project's folder, resolved.
        path: The file.

    Raises:
        MediaError: It cannot be packed under its name.
    """
    problem = medianame.problem(path.name)
    if problem:
        raise MediaError(f"the name '{path.name}' {problem}, so Anki would change it", "rename it")
    if not path.is_file() or not files.inside(root, path):
        raise MediaError(f"'{path.name}' is no file of the project", "put a copy of it there")
    _check_size(path, path.name)
    return Media(path.name, path.resolve())


def find(root: Path, source: str, name: str, kind: str) -> Media:
    """The file that an entry names.

    Args:
        root: The project's folder, resolved.
        source: The entry's file, relative to the project: names are looked up beside it first.
        name: A path, to be looked up in each of ``places``.
        kind: ``image`` or ``sound``, packed under a name made from what it holds; or ``html``,
            whose text names it by the name that it keeps.

    Raises:
        MediaError: There is none, or none that may be packed.
    """
    if kind == "html":
        return _meant(root, source, name)
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise MediaError(f"'{name}' is no path inside the project", "name it as in media/loop.png")
    if path.suffix.lower() not in SUFFIXES[kind]:
        known = ", ".join(SUFFIXES[kind])
        raise MediaError(f"'{name}' is no {kind} that every Anki shows", f"use one of {known}")
    try:
        found = next((p for q in places(source, name) if (p := root / q).is_file()), None)
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
    _check_size(found, name)
    with found.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()[:_DIGEST_LENGTH]
    stem = _NOT_SLUG.sub("-", path.stem.lower()).strip("-")[:40] or kind
    return Media(f"{stem}-{digest}{path.suffix.lower()}", found.resolve())


def _meant(root: Path, source: str, reference: str) -> Media:
    """The file that HTML means by a name, which it may write in more than one way."""
    for name in medianame.meant(reference):
        bare = PurePosixPath(name)
        if bare.suffix.lower() not in SUFFIXES["html"] or bare.name != name:
            continue
        beside, _, media = places(source, name)
        for path in root / beside, root / media:
            with contextlib.suppress(OSError):  # too long a name
                if path.is_file():
                    return named(root, path)
    raise MediaError(
        f"there is no file '{reference}'", "put it beside the entry's file or into media/ itself"
    )


def _check_size(path: Path, name: str) -> None:
    size = path.stat().st_size
    if not 0 < size <= MAX_BYTES:
        raise MediaError(
            f"'{name}' has {size:,} bytes; 1 to {MAX_BYTES:,} can be used", "make it smaller"
        )
