"""The store of clips: a folder of MP3 files and a manifest that says what each one is.

The manifest holds a JSON object a line. A finished clip is renamed into place and then gets its
line, so a killed run loses at most the clips in flight; a file that does not match its line counts
as missing and is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ankigen import files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ankigen.model import Clip

MANIFEST = "manifest.jsonl"
CHECKED = ".checked.json"
"""When each file was last found whole; only a shortcut, true of this machine alone."""


class Record(NamedTuple):
    """A line of the manifest.

    Attributes:
        seconds: Length of the sound.
        bytes: Length of the file.
        flaw: What a person should hear again, as the end of a sentence; empty for nothing.
    """

    name: str
    text: str
    engine: str
    voice: str
    speed: float
    seconds: float
    bytes: int
    sha256: str
    flaw: str = ""


_KINDS = {
    "name": str,
    "text": str,
    "engine": str,
    "voice": str,
    "speed": float,
    "seconds": float,
    "bytes": int,
    "sha256": str,
    "flaw": str,
}
_KEYS = tuple(sorted(_KINDS))  # as a line has them
_in_order = itemgetter(*Record._fields)
_TYPES = [_KINDS[key] for key in _KEYS]

_STAMP_DIGITS = 16  # of a clip's hash: enough to see that its line is another


class Store:
    """The clips of a project; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Read the manifest; torn or foreign lines are passed over.

        Args:
            folder: Made when the first clip is added.
        """
        self.folder = folder
        self._prefix = f"{folder}{os.sep}"
        self._newly_checked = False
        self._writing = threading.Lock()
        manifest = folder / MANIFEST
        found = manifest.read_bytes() if manifest.is_file() else b""
        lines = found.splitlines()
        said = _parse_all(lines)
        if said is None:
            said = [record for record in map(_parse, lines) if record is not None]
        # Made into records when they are asked for.
        self._said: dict[str, dict[str, Any]] = {one["name"]: one for one in said}
        # Whether a line can be added as it is.
        self._tidy = len(self._said) == len(lines) and (not found or found.endswith(b"\n"))
        self._checked = _read_checked(folder / CHECKED)

    @property
    def names(self) -> frozenset[str]:
        """Of all clips in the manifest."""
        return frozenset(self._said)

    def path(self, clip: Clip) -> Path:
        """Where the clip's file is, or will be."""
        return self.folder / clip.name

    def get(self, clip: Clip) -> Record | None:
        """The clip's record if its file is there and whole.

        A file that was whole when it was last read, and has kept its size and time, is not read.
        """
        name = clip.name
        said = self._said.get(name)
        if said is None:
            return None
        path = f"{self._prefix}{name}"
        sha256: str = said["sha256"]
        try:
            stat = os.stat(path)  # noqa: PTH116 - of ten thousand files, a Path each is dear
            if stat.st_size != said["bytes"]:
                return None
            stamp = _stamp(stat, sha256)
            if self._checked.get(name) == stamp:
                return Record._make(_in_order(said))
            with open(path, "rb") as file:  # noqa: PTH123 - likewise
                if hashlib.sha256(file.read()).hexdigest() != sha256:
                    return None
        except OSError:
            return None
        self._checked[name] = stamp
        self._newly_checked = True
        return Record._make(_in_order(said))

    def remember(self) -> None:
        """Keep which files were found whole, for the next run."""
        if self._newly_checked:
            known = {name: self._checked[name] for name in self._checked if name in self._said}
            with files.atomic_write(self.folder / CHECKED) as stream:
                stream.write(json.dumps(known, sort_keys=True).encode())
            self._newly_checked = False

    def add(self, clip: Clip, engine: str, data: bytes, seconds: float, flaw: str = "") -> Record:
        """Keep a finished clip: the file first, then its line."""
        record = Record(
            name=clip.name,
            text=clip.text,
            engine=engine,
            voice=clip.voice.voice,
            speed=clip.voice.speed,
            seconds=round(seconds, 3),
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            flaw=flaw,
        )
        path = self.path(clip)
        with files.atomic_write(path) as stream:
            stream.write(data)
        with self._writing:
            self._checked[clip.name] = _stamp(path.stat(), record.sha256)
            self._newly_checked = True
            if not self._tidy:
                self.tidy()
            with (self.folder / MANIFEST).open("ab") as manifest:
                manifest.write(_line(record._asdict()))
            self._said[record.name] = record._asdict()
        return record

    def remove(self, names: Iterable[str]) -> None:
        """Forget clips and delete their files; the manifest first, which a clip may lack."""
        gone = set(names)
        self._said = {name: said for name, said in self._said.items() if name not in gone}
        self._newly_checked = True
        self.tidy()
        self.remember()
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Write the manifest anew: sorted, a line a clip, without torn lines."""
        with files.atomic_write(self.folder / MANIFEST) as manifest:
            manifest.writelines(_line(self._said[name]) for name in sorted(self._said))
        self._tidy = True


def _line(said: dict[str, Any]) -> bytes:
    line = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return line.encode(errors="surrogatepass") + b"\n"  # as json reads bytes


def _parse_all(lines: list[bytes]) -> list[dict[str, Any]] | None:
    """All lines at once, as they are in a sound manifest; nothing where one may not be ours."""
    if not all(line.startswith(b"{") and line.endswith(b"}") for line in lines):
        return None
    try:
        said: list[dict[str, Any]] = json.loads(b"[%s]" % b",".join(lines))
    except (ValueError, RecursionError):
        return None
    return said if len(said) == len(lines) and all(map(_is_ours, said)) else None


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return said if _is_ours(said) else None


def _is_ours(said: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(said, dict):
        return False
    if tuple(said) == _KEYS:  # in order, as we write them: the usual case, told fast
        return list(map(type, said.values())) == _TYPES
    return {key: type(value) for key, value in said.items()} == _KINDS


def _stamp(stat: os.stat_result, sha256: str) -> str:
    """What changes with a file, or with its line."""
    return f"{stat.st_mtime_ns} {sha256[:_STAMP_DIGITS]}"


def _read_checked(file: Path) -> dict[str, str]:
    try:
        said = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
