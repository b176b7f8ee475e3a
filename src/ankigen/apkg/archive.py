"""The zip of a package, read with care: what it declares and what it holds are both limited.

Nothing is ever extracted under a name from the zip; a caller reads an entry in chunks.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import zstandard

from ankigen.diagnostics import AnkigenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK_BYTES = 1 << 20
"""An entry is read in pieces of at most this size."""

MAX_ENTRIES = 200_000
"""Ten times the media of the largest shared decks."""

MAX_DIRECTORY_BYTES = 24 << 20
"""The zip's list of ``MAX_ENTRIES`` entries with names as Anki writes them, and some more."""

MAX_READ_BYTES = 1 << 30
MAX_READ_RATIO = 20
"""From one zip at most ``MAX_READ_BYTES`` and ``MAX_READ_RATIO`` times its own size are read; sound
and pictures hardly shrink, so what is larger is a bomb."""

_MAX_WINDOW_BYTES = 1 << 27  # what every zstd decoder accepts by default
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those that Anki itself reads
_AGAIN = "download or export the package again"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    zstandard.ZstdError,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What the standard library and zstd raise on a broken zip, all of which is the zip's fault."""


class PackageError(AnkigenError):
    """A package that cannot be read.

    Attributes:
        file: The package, as the caller named it.
        problem: What is wrong, one sentence without a full stop.
        hint: What to do about it.
    """

    def __init__(self, file: str, problem: str, hint: str = _AGAIN) -> None:
        super().__init__(f"{file}: {problem}; {hint}")
        self.file = file
        self.problem = problem
        self.hint = hint


class _Source(io.FileIO):
    """A file whose single reads are bounded: ``zipfile`` reads the list of entries in one."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile(f"its list of entries has {size:,} bytes")
        return super().read(-1 if size is None else size) or b""


class Archive:
    """The entries of a zip by name; use ``opened``.

    Attributes:
        file: The package, as messages name it.
        repeated: Names that more than one entry has; the last of them is the one that is read.
    """

    def __init__(self, file: str, archive: zipfile.ZipFile, size: int) -> None:
        self.file = file
        self._archive = archive
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._left = MAX_READ_BYTES + MAX_READ_RATIO * size
        repeated = set()
        for entry in archive.infolist():
            if entry.filename in self._entries:
                repeated.add(entry.filename)
            self._entries[entry.filename] = entry
        self.repeated = tuple(sorted(repeated))

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def size(self, name: str) -> int:
        """Bytes that an entry says it has once it is unpacked."""
        return self._entries[name].file_size

    def read(self, name: str, limit: int, *, zstd: bool = False) -> bytes:
        """All of an entry; arguments and errors as for ``chunks``."""
        return b"".join(self.chunks(name, limit, zstd=zstd))

    def chunks(self, name: str, limit: int, *, zstd: bool = False) -> Iterator[bytes]:
        """An entry's bytes, ``CHUNK_BYTES`` at a time.

        Args:
            name: The entry.
            limit: Bytes, unpacked, that it may have.
            zstd: Whether the entry is itself compressed by zstd.

        Raises:
            PackageError: There is no such entry; it is broken, encrypted, or larger than allowed.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise PackageError(self.file, f"the zip holds no '{name}'")
        if entry.flag_bits & _ENCRYPTED:
            raise PackageError(self.file, f"'{name}' is encrypted", "export it without a password")
        if entry.compress_type not in _METHODS:
            raise PackageError(
                self.file,
                f"'{name}' is compressed in a way that Anki cannot read",
                "export the package from Anki again",
            )
        if entry.file_size > limit:
            raise self._too_large(name, limit)
        left = limit
        with self._faults(f"'{name}'"):
            for chunk in self._unpacked(entry, zstd=zstd):
                left -= len(chunk)
                self._left -= len(chunk)
                if left < 0 or self._left < 0:
                    raise self._too_large(name, limit)
                yield chunk

    def _unpacked(self, entry: zipfile.ZipInfo, *, zstd: bool) -> Iterator[bytes]:
        with self._archive.open(entry) as stored:
            if not zstd:
                yield from iter(lambda: stored.read(CHUNK_BYTES), b"")
                return
            decoder = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
            with decoder.stream_reader(stored, read_across_frames=True) as unpacked:
                yield from iter(lambda: unpacked.read(CHUNK_BYTES), b"")

    def _too_large(self, name: str, limit: int) -> PackageError:
        return PackageError(
            self.file,
            f"'{name}' unpacks to more than the {limit / 1e6:,.0f} MB that are read",
            "do not import it unless you trust its maker",
        )

    @contextmanager
    def _faults(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise PackageError(
                self.file, f"{what} cannot be read: {error.strerror or error}"
            ) from None
        except _BROKEN as error:
            raise PackageError(self.file, f"{what} is broken ({error})") from None


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a package's zip.

    Raises:
        PackageError: It is no file, no zip, cut off, or has more entries than any package.
    """
    file = str(path)
    try:
        if not path.is_file():
            raise PackageError(
                file,
                "this is not a file" if path.exists() else "there is no such file",
                "give the path of an .apkg file",
            )
        source = _Source(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise PackageError(file, f"it cannot be read: {reason}", "check the path") from None
    with source:
        yield Archive(file, _directory(file, source), path.stat().st_size)


def _directory(file: str, source: _Source) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, *_BROKEN) as error:
        raise PackageError(
            file, f"this is no Anki package: it is no zip, or cut off ({error})"
        ) from None
    if len(archive.filelist) > MAX_ENTRIES:
        raise PackageError(
            file,
            f"the zip has {len(archive.filelist):,} entries; at most {MAX_ENTRIES:,} are read",
            "split the package",
        )
    return archive
