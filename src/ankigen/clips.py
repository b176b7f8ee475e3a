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
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ankigen import files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ankigen.model import Clip

MANIFEST = "manifest.jsonl"
CHECKED = ".checked.json"
"""When each file was last found whole; only a shortcut, true of this machine alone."""


@dataclass(frozen=True, slots=True)
class Record:
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
        self._records: dict[str, Record] = {}
        manifest = folder / MANIFEST
        found = manifest.read_bytes() if manifest.is_file() else b""
        lines = found.splitlines()
        for line in lines:
            record = _parse(line)
            if record is not None:
                self._records[record.name] = record
        # Whether a line can be added as it is.
        self._tidy = len(self._records) == len(lines) and (not found or found.endswith(b"\n"))
        self._checked = _read_checked(folder / CHECKED)

    @property
    def names(self) -> frozenset[str]:
        """Of all clips in the manifest."""
        return frozenset(self._records)

    def path(self, clip: Clip) -> Path:
        """Where the clip's file is, or will be."""
        return self.folder / clip.name

    def get(self, clip: Clip) -> Record | None:
        """The clip's record if its file is there and whole.

        A file that was whole when it was last read, and has kept its size and time, is not read.
        """
        record = self._records.get(clip.name)
        if record is None:
            return None
        path = f"{self._prefix}{clip.name}"
        try:
            stat = os.stat(path)  # noqa: PTH116 - of ten thousand files, a Path each is dear
            stamp = [stat.st_mtime_ns, record.sha256]
            if stat.st_size != record.bytes:
                return None
            if self._checked.get(clip.name) == stamp:
                return record
            with open(path, "rb") as file:  # noqa: PTH123 - likewise
                if hashlib.file_digest(file, "sha256").hexdigest() != record.sha256:
                    return None
        except OSError:
            return None
        self._checked[clip.name] = stamp
        self._newly_checked = True
        return record

    def remember(self) -> None:
        """Keep which files were found whole, for the next run."""
        if self._newly_checked:
            known = {name: self._checked[name] for name in self._checked if name in self._records}
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
            self._checked[clip.name] = [path.stat().st_mtime_ns, record.sha256]
            self._newly_checked = True
            if not self._tidy:
                self.tidy()
            with (self.folder / MANIFEST).open("ab") as manifest:
                manifest.write(_line(record))
            self._records[record.name] = record
        return record

    def remove(self, names: Iterable[str]) -> None:
        """Forget clips and delete their files; the manifest first, which a clip may lack."""
        gone = set(names)
        self._records = {n: record for n, record in self._records.items() if n not in gone}
        self._newly_checked = True
        self.tidy()
        self.remember()
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Write the manifest anew: sorted, a line a clip, without torn lines."""
        with files.atomic_write(self.folder / MANIFEST) as manifest:
            manifest.writelines(_line(self._records[name]) for name in sorted(self._records))
        self._tidy = True


def _line(record: Record) -> bytes:
    line = json.dumps(asdict(record), ensure_ascii=False, sort_keys=True)
    return line.encode(errors="surrogatepass") + b"\n"  # as json reads bytes


def _parse(line: bytes) -> Record | None:
    try:
        said = json.loads(line)
        record = Record(**said)
    except (ValueError, TypeError, RecursionError):
        return None
    return record if {key: type(value) for key, value in said.items()} == _KINDS else None


def _read_checked(file: Path) -> dict[str, list[object]]:
    try:
        said = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
