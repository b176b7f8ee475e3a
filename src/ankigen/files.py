"""The two ends of the program: reading a project's files with care, writing ours without harm."""

from __future__ import annotations

import codecs
import contextlib
import os
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ankigen.diagnostics import Code, Diagnostic, SourceError, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SOURCE_BYTES = 64 * 1024 * 1024
"""A file of 100,000 entries with every key is about 40 MB; more is a mistake or an attack."""

_STALE_SECONDS = 3600.0
"""A temporary file this old belongs to a build that was killed."""


def _refuse(file: str, code: Code, message: str, hint: str) -> SourceError:
    return SourceError([Diagnostic(Span(file), code, message, hint)])


def relative(root: Path, path: Path) -> str:
    """``path`` as messages name it: relative to the project, with forward slashes."""
    return path.relative_to(root).as_posix()


def inside(root: Path, path: Path) -> bool:
    """Whether ``path``, all links followed, lies in the (resolved) project folder."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a loop of links
        return False


def read_source(root: Path, path: Path) -> str:
    """The text of a source file: UTF-8, with or without BOM; line ends as they are.

    Raises:
        SourceError: It leads outside the project, is too large, or is not UTF-8 text.
    """
    return decode(read_bytes(root, path), relative(root, path))


def read_bytes(root: Path, path: Path) -> bytes:
    """What a source file holds, of whatever kind it is.

    Raises:
        SourceError: It leads outside the project, or is too large.
    """
    name = relative(root, path)
    if not inside(root, path):
        raise _refuse(
            name,
            Code.OUTSIDE,
            "this is a link that leads outside the project",
            "put a copy of the file here instead",
        )
    try:
        if not path.is_file():
            raise _refuse(name, Code.UNREADABLE, "this is not a file", "remove it or rename it")
        size = path.stat().st_size
        if size > MAX_SOURCE_BYTES:
            raise _refuse(
                name,
                Code.TOO_LARGE,
                f"the file has {size / 1e6:,.0f} MB; at most {MAX_SOURCE_BYTES / 1e6:,.0f} MB"
                " are read",
                f"split it, for example into {path.stem}.a{path.suffix} and"
                f" {path.stem}.b{path.suffix}",
            )
        return path.read_bytes()
    except OSError as error:
        raise _refuse(
            name,
            Code.UNREADABLE,
            f"the file cannot be read: {error.strerror}",
            "check its permissions",
        ) from None


def decode(data: bytes, name: str) -> str:
    """UTF-8 bytes as text, without the byte order mark.

    Raises:
        SourceError: With the place of the first byte that is not UTF-8.
    """
    data = data.removeprefix(codecs.BOM_UTF8)  # not "utf-8-sig", whose errors count without it
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        start = before.rfind(b"\n") + 1
        column = len(before[start:].decode("utf-8", "replace")) + 1
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        raise SourceError(
            [
                Diagnostic(
                    Span(name, before.count(b"\n") + 1, column),
                    Code.NOT_UTF8,
                    "the file is UTF-16, not UTF-8" if utf16 else "this byte is not UTF-8",
                    "save the file as UTF-8",
                )
            ]
        ) from None


def write_source(path: Path, text: str) -> None:
    """Write the text of a source file as UTF-8, with a byte order mark if the file has one.

    A link is followed, so that it stays one.
    """
    path = path.resolve()
    mark = b""
    if path.exists():
        with path.open("rb") as stream:
            mark = codecs.BOM_UTF8 if stream.read(3) == codecs.BOM_UTF8 else b""
    with atomic_write(path) as stream:
        stream.write(mark + text.encode())


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Write a file whole or not at all: to a temporary name beside it, then renamed.

    The stream may also be read. The file gets the permissions that the umask gives any new file.

    Raises:
        OSError: It cannot be written; with its own name, not the temporary one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name}.", suffix=".tmp"
        )
    except OSError as error:
        error.filename = str(path)
        raise
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield stream
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, temporary):
            error.filename = str(path)
        raise


def sweep(folder: Path, name: str = "*") -> None:
    """Remove what killed builds left: temporary files of ours over an hour old.

    Args:
        folder: Where they are.
        name: Of the files that they were to become; in a folder where others write too.
    """
    for leftover in folder.glob(f".{name}.*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - leftover.stat().st_mtime > _STALE_SECONDS:
                leftover.unlink()
