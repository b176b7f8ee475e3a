"""Pictures and sounds that come with notes → files of the project, their names made safe."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ankigen import mediafile, medianame
from ankigen.diagnostics import AnkigenError
from ankigen.importing import safenames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from ankigen.importing.foreign import MediaFiles
    from ankigen.importing.stage import Stage

FOLDER = mediafile.FOLDERS[-1]
_DIGEST = re.compile(r"-[0-9a-f]{12}\Z")


class MediaPlan:
    """Takes files into the project when they are asked for.

    Attributes:
        copied: Paths of the files that are new in the project.
        reused: Names of files that the project had already.
    """

    def __init__(self, media: MediaFiles, stage: Stage, tell: Callable[[str, str], None]) -> None:
        """Prepare.

        Args:
            media: What there is.
            stage: Where files go.
            tell: Told what became of a file: a message, and its name.
        """
        self._media = media
        self._stage = stage
        self._tell = tell
        self._sizes: Mapping[str, int] = media.sizes()
        self._by_name = {medianame.normal(name): name for name in self._sizes}
        self._taken: dict[tuple[str, str], str] = {}
        self.used: set[str] = set()
        self.copied: list[str] = []
        self.reused: list[str] = []

    @property
    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file that comes along, by name."""
        return self._sizes

    def meant(self, reference: str) -> str:
        """The file that a note means by a name; empty where there is none."""
        names = (self._by_name.get(name, "") for name in medianame.meant(reference))
        return next(filter(None, names), "")

    def kept(self, reference: str) -> str:
        """The name under which HTML finds a file; empty where it is not to be had."""
        name = self.meant(reference)
        return self._take(name, FOLDER, safenames.media(name), "html") if name else ""

    def named(self, reference: str, kind: str) -> str:
        """The path by which a key of the type ``image`` or ``sound`` names a file."""
        name = self.meant(reference)
        if not name:
            return ""
        path = PurePosixPath(safenames.media(name))
        # What our own build named after its contents gets the same name again.
        plain = _DIGEST.sub("", path.stem) + path.suffix
        made = self._take(name, FOLDER, plain, kind)
        return f"{FOLDER}/{made}" if made else ""

    def pass_over(self, references: Iterable[str]) -> None:
        """Leave files that are made anew from what they say."""
        self.used |= {name for reference in references if (name := self.meant(reference))}

    def beside(self, names: Iterable[str], folder: str) -> None:
        """Put files that templates use into the folder of their note type."""
        for name in names:
            self._take(name, folder, safenames.media(name), "template")

    def keep(self, paths: Iterable[Path]) -> None:
        """Take back files that no note uses after all.

        Args:
            paths: Of those that notes use, in the copy of the project.
        """
        used = set(paths)
        gone = [
            path
            for path in self.copied
            if path.startswith(f"{FOLDER}/") and self._stage.root / path not in used
        ]
        for path in gone:
            self._stage.drop(path)
            self.copied.remove(path)
            self.used -= {n for (n, folder), m in self._taken.items() if f"{folder}/{m}" == path}

    def _take(self, name: str, folder: str, wanted: str, kind: str) -> str:
        known = self._taken.get((name, folder))
        if known is None:
            known = self._copy(name, folder, wanted, kind)
            self._taken[name, folder] = known
        return known

    def _copy(self, name: str, folder: str, wanted: str, kind: str) -> str:
        """Bring a file into a folder; its name there, empty where it cannot be brought."""
        self.used.add(name)
        suffix = PurePosixPath(wanted).suffix.lower()
        size = self._sizes[name]
        if kind in mediafile.SUFFIXES and suffix not in mediafile.SUFFIXES[kind]:
            self._tell(f"the file is no {kind if kind != 'html' else 'medium'} of Anki's", name)
            return ""
        if not 0 < size <= mediafile.MAX_BYTES:
            self._tell(f"the file is empty or larger than {mediafile.MAX_BYTES:,} bytes", name)
            return ""
        try:
            data = b"".join(self._media.read(name))
        except (AnkigenError, OSError) as error:
            self._tell(f"the file cannot be read ({error})", name)
            return ""
        return self._write(folder, wanted, data)

    def _write(self, folder: str, wanted: str, data: bytes) -> str:
        """Write data under a name that no other file has; or find it there."""
        path = self._stage.root / folder / wanted
        if path.is_file() and path.read_bytes() == data:
            if f"{folder}/{wanted}" not in self.copied:
                self.reused.append(wanted)
            return wanted
        if self._stage.has(f"{folder}/{wanted}"):
            bare = PurePosixPath(wanted)
            digest = hashlib.sha256(data).hexdigest()[:8]
            return self._write(folder, f"{bare.stem}-{digest}{bare.suffix}", data)
        with self._stage.writing(f"{folder}/{wanted}") as stream:
            stream.write(data)
        self.copied.append(f"{folder}/{wanted}")
        return wanted
