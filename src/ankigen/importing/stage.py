"""A copy of the project in which an import is tried before anything of the project is touched.

What was written there is then carried over, all or nothing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from ankigen import files, sourceglob
from ankigen.diagnostics import Code, Diagnostic, SourceError, Span
from ankigen.freshness import INPUTS
from ankigen.lock import FILE as LOCK_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 20


class Stage:
    """The copy; use ``opened``.

    Attributes:
        root: Its folder, resolved.
    """

    def __init__(self, project: Path, root: Path) -> None:
        self.root = root
        self._project = project
        self._written: dict[str, None] = {}
        elsewhere = [files.relative(project, path) for path in sourceglob.files_of(project)]
        for name in (*INPUTS, LOCK_FILE, *elsewhere):
            source = project / name
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(target):
                continue
            if source.is_symlink():
                target.symlink_to(source.readlink())
            elif source.is_dir():
                shutil.copytree(source, target, symlinks=True, copy_function=_share)
            elif source.is_file():
                _share(source, target)

    @property
    def written(self) -> tuple[str, ...]:
        """Paths of the files that are new or other than in the project, in the order of writing."""
        return tuple(self._written)

    def write(self, name: str, text: str) -> None:
        """Write a file of the project anew."""
        with self.writing(name) as stream:
            stream.write(text.encode())

    @contextlib.contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Write a file of the project anew, piece by piece.

        Raises:
            SourceError: A folder that it would be in is a link, which may lead anywhere.
        """
        links = [part for part in PurePosixPath(name).parents if (self.root / part).is_symlink()]
        if links:
            message = "this is a link, and nothing is written through it"
            span = Span(links[-1].as_posix())
            raise SourceError(
                [Diagnostic(span, Code.OUTSIDE, message, "put a folder here instead")]
            )
        # Renamed into its place: the file it shares with the project stays as it is.
        with files.atomic_write(self.root / name) as stream:
            yield stream
        self._written[name] = None

    def drop(self, name: str) -> None:
        """Take back a file that was written here."""
        (self.root / name).unlink(missing_ok=True)
        self._written.pop(name, None)

    def forget(self, name: str) -> None:
        """Leave a file as it was in the project after all."""
        self._written.pop(name, None)

    def has(self, name: str) -> bool:
        """Whether there is such a file or folder."""
        return os.path.lexists(self.root / name)

    def carry_over(self) -> None:
        """Write into the project what was written here; all of it, or nothing.

        Raises:
            OSError: A file cannot be written; the project is as it was.
        """
        before: dict[Path, bytes | None] = {}
        made: list[Path] = []
        try:
            for name in self._written:
                target = self._project / name
                made += _missing_parents(target)
                before[target] = target.read_bytes() if target.is_file() else None
                with (
                    (self.root / name).open("rb") as source,
                    files.atomic_write(target) as stream,
                ):
                    shutil.copyfileobj(source, stream, _CHUNK)
        except BaseException:
            for path, data in before.items():
                with contextlib.suppress(OSError):
                    _restore(path, data)
            for folder in reversed(made):
                with contextlib.suppress(OSError):
                    folder.rmdir()
            raise


@contextlib.contextmanager
def opened(project: Path) -> Iterator[Stage]:
    """A copy of a project's sources, which is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="ankigen-", ignore_cleanup_errors=True) as folder:
        yield Stage(project, Path(folder).resolve())


def _share(source: str | Path, target: str | Path) -> None:
    """The same file under a second name where that can be; a copy where it cannot."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # a system may know no links to links
        shutil.copy2(source, target, follow_symlinks=False)


def _missing_parents(path: Path) -> list[Path]:
    """Folders that are made for a file, from outside."""
    missing = [folder for folder in path.parents if not folder.exists()]
    return missing[::-1]


def _restore(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        with files.atomic_write(path) as stream:
            stream.write(data)
