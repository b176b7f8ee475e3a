"""Whether a build would change anything: what the last one read and wrote, remembered in a file.

A build that finds its inputs as they were, and its outputs as it left them, has nothing to do. One
that finds all but the entries as they were need not render again what nobody touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import ankigen
from ankigen import files, sourceglob
from ankigen.model import BuiltDeck

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STATE_FILE = ".ankigen-state.json"
INPUTS = ("ankigen.yaml", "pronunciations.yaml", "cards", "media", "notetypes", "audio/recordings")
_ENTRIES = ("cards", "media")
_LOCK = "ankigen.lock"
# What the bytes of a deck depend on besides the project and this program.
_LIBRARIES = ("genanki", "hibari-tts", "jinja2", "lameenc", "markdown-it-py", "nh3", "pyyaml")


@dataclass(frozen=True, slots=True)
class State:
    """What a build left behind.

    Attributes:
        course: Its id.
        notes: How many notes the course has.
        clips: Names of the clips in the decks.
        seconds: Length of all sounds together.
        earlier: Names of packages of builds before it, which it did not write again.
        strays: Those of them that belong to no category any more.
    """

    course: str
    decks: tuple[BuiltDeck, ...]
    notes: int
    clips: tuple[str, ...]
    seconds: float
    earlier: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()


class Watch:
    """The inputs of a build as they are now.

    Attributes:
        around: Fingerprint of all that notes are made of, but for the entries and their media.
        last: What the last build left, whatever has changed since; None if there was none.
    """

    def __init__(self, root: Path, output: Path, clips: Path, options: Sequence[str]) -> None:
        """Take the fingerprint of everything that a build reads.

        Args:
            root: The project.
            output: Where the decks go; the state is kept beside them.
            clips: The folder of the clips.
            options: Whatever of the command line changes the decks.
        """
        self._clips = clips
        self._output = output
        self._file = output / STATE_FILE
        program, sources = [*_program()], [*_sources(root)]
        self._sources = _hash([*options, *program, *map(str, sources)])
        self.around = _hash([*program, *(str(one) for one in sources if not one.entries)])
        self._lock = root / _LOCK
        self._before = self._read()
        self.last = self._before[0] if self._before else None

    def left(self, course: str) -> set[str]:
        """Names of the packages in the folder that earlier builds of a course have left."""
        if self.last is None or self.last.course != course:
            return set()
        return self._there({*self.last.earlier, *(deck.file for deck in self.last.decks)})

    def unchanged(self) -> State | None:
        """What the last build left, if a build now would leave the same."""
        if self._before is None:
            return None
        state, fingerprint, stamps = self._before
        try:
            same = fingerprint == self._fingerprint() and stamps == self._stamps(state)
        except OSError:
            return None  # a file that it wrote is gone
        there = self._there(state.strays)
        return replace(state, strays=tuple(sorted(there))) if same else None

    def record(self, state: State, *, finished: bool = True) -> None:
        """Remember a build.

        Args:
            state: What it left.
            finished: Whether the next one has nothing to say, if nothing changes.
        """
        said = {
            **asdict(state),
            "fingerprint": self._fingerprint() if finished else "",
            "stamps": self._stamps(state) if finished else [],  # else some may lack
        }
        with files.atomic_write(self._file) as stream:
            stream.write(json.dumps(said).encode())

    def _read(self) -> tuple[State, str, list[list[int]]] | None:
        try:
            said = json.loads(self._file.read_bytes())
            decks = tuple(BuiltDeck(**deck) for deck in said["decks"])
            clips, earlier, strays = (tuple(said[key]) for key in ("clips", "earlier", "strays"))
            state = State(
                said["course"], decks, said["notes"], clips, said["seconds"], earlier, strays
            )
            return state, said["fingerprint"], said["stamps"]
        except (OSError, ValueError, TypeError, KeyError):
            return None  # there was no build, or not one that this version can read

    def _there(self, names: Iterable[str]) -> set[str]:
        """Those of the names that are packages in the folder."""
        return {path.name for path in self._output.glob("*.apkg")}.intersection(names)

    def _fingerprint(self) -> str:
        """Of all inputs; the lock is read now, because a build writes it."""
        lock = self._lock.read_bytes() if self._lock.is_file() else b""
        return f"{self._sources} {hashlib.sha256(lock).hexdigest()}"

    def _stamps(self, state: State) -> list[list[int]]:
        """Size and time of every file that the build wrote or packed."""
        decks = (self._output / deck.file for deck in state.decks)
        paths = [*decks, *(self._clips / clip for clip in state.clips)]
        return [[stat.st_size, stat.st_mtime_ns] for stat in map(Path.stat, paths)]


def fingerprint(root: Path, options: Iterable[str] = (), more: Iterable[str] = ()) -> str:
    """Of this program and of everything that it reads of a project but the lock.

    Args:
        root: The project.
        options: What else changes the outcome.
        more: Names of other files of the project that are read.
    """
    return _hash([*options, *_program(), *map(str, _sources(root, more))])


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256(b"".join(os.fsencode(part) + b"\0" for part in parts)).hexdigest()


def _program() -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow to load

    yield f"{ankigen.__version__} {sys.version}"
    here = Path(ankigen.__file__).parent
    for path in sorted(p for p in here.rglob("*") if p.suffix in (".py", ".yaml", ".html", ".css")):
        stat = path.stat()
        yield f"{path.relative_to(here)} {stat.st_size} {stat.st_mtime_ns}"
    for library in _LIBRARIES:
        try:
            yield f"{library} {version(library)}"
        except PackageNotFoundError:
            yield library


class _Source(NamedTuple):
    """A file that is read of a project.

    Attributes:
        path: Relative to the project, with ``/``.
        digest: Of what it holds.
        entries: Whether all that it can hold is entries, or a picture or sound of theirs.
    """

    path: str
    digest: str
    entries: bool

    def __str__(self) -> str:
        return f"{self.path} {self.digest}"


def _sources(root: Path, more: Iterable[str] = ()) -> Iterator[_Source]:
    for name in (*INPUTS, *more):
        start = root / name
        found = sorted(start.rglob("*")) if start.is_dir() else [start]
        for path in found:
            entries = name in _ENTRIES and path.name != "category.yaml"
            yield _Source(path.relative_to(root).as_posix(), _digest(root, path), entries)
    for path in sourceglob.files_of(root):
        yield _Source(path.relative_to(root).as_posix(), _digest(root, path), entries=True)


def _digest(root: Path, path: Path) -> str:
    """What a source holds, or why it is none; reading it in earnest reports it."""
    if not path.is_file() or not files.inside(root, path):
        return "is no source"
    try:
        if path.stat().st_size > files.MAX_SOURCE_BYTES:
            return "is too large"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "cannot be read"
