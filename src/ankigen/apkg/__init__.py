"""Any Anki package, of any maker and either format: what it holds, read with care.

A package is a zip of a database, a map of media and the media's bytes under numbers. Notes and
cards are streamed; whatever is wrong raises ``PackageError`` and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ankigen.apkg import archive, collection, protobuf
from ankigen.apkg.archive import PackageError
from ankigen.apkg.contents import Card, Deck, Field, Kind, Note, NoteType, Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "Card",
    "Deck",
    "Field",
    "Format",
    "Kind",
    "MediaFile",
    "Note",
    "NoteType",
    "Package",
    "PackageError",
    "Template",
    "opened",
]

MAX_COLLECTION_BYTES = 1 << 30
"""A database of 100,000 long notes and their review log has a quarter of this."""

MAX_MEDIA_BYTES = 256 << 20
"""AnkiWeb takes files of at most 100 MB."""

MAX_MAP_BYTES = 32 << 20
"""The media map of ``archive.MAX_ENTRIES`` files with names of 120 bytes."""

_MAX_META_BYTES = 1 << 10
_MAX_DIGITS = 9
_SHA1_BYTES = 20
# The numbers of PackageMetadata and MediaEntries in proto/anki/import_export.proto.
_VERSION = 1
_ENTRIES, _NAME, _SIZE, _SHA1 = 1, 1, 2, 3


class Format(StrEnum):
    """How a package is written; each is read by every Anki since the one that brought it."""

    LEGACY_1 = "legacy-1"
    LEGACY_2 = "legacy-2"
    MODERN = "modern"


_COLLECTIONS = {
    Format.LEGACY_1: "collection.anki2",
    Format.LEGACY_2: "collection.anki21",
    Format.MODERN: "collection.anki21b",
}
_VERSIONS = dict(enumerate(Format, start=1))
_OTHER_ENTRIES = frozenset({"media", "meta", *_COLLECTIONS.values()})


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that the media map names.

    Attributes:
        name: In Anki's media folder; a bare name, never a path.
        entry: The zip's entry with its bytes.
        size: Bytes, as the package declares them; 0 where the entry is missing.
        sha1: Hexadecimal hash of the bytes; None in legacy packages, which have none.
        missing: The zip lacks the entry; Anki then refuses the whole package.
    """

    name: str
    entry: str
    size: int
    sha1: str | None
    missing: bool


class Package:
    """What a package holds; use ``opened``, whose block bounds the life of everything here.

    Attributes:
        file: The package, as messages name it.
        format: How it is written.
        note_types: By id.
        decks: By id, which is good inside this package only.
        media: By name.
        repeated_entries: Names that more than one entry of the zip has.
        repeated_media: Names that the media map gives to more than one entry.
        extra_entries: Entries of the zip that nothing names.
        has_meta: Whether the package says itself how it is written.
    """

    def __init__(
        self, source: archive.Archive, form: Format, database: collection.Collection
    ) -> None:
        self.file = source.file
        self.format = form
        self._source = source
        self._database = database
        self.note_types = database.note_types
        self.decks = database.decks
        files = list(_media(source, form))
        self.media: Mapping[str, MediaFile] = MappingProxyType({f.name: f for f in files})
        self.repeated_entries = source.repeated
        counted = Counter(file.name for file in files)
        self.repeated_media = tuple(name for name, count in counted.items() if count > 1)
        named = _OTHER_ENTRIES.union(file.entry for file in files)
        self.extra_entries = tuple(sorted(entry for entry in source if entry not in named))
        self.has_meta = "meta" in source

    def notes(self) -> Iterator[Note]:
        """Every note by its ``id``, one at a time.

        Raises:
            PackageError: While iterating: the database is broken or a value of the wrong type.
        """
        return self._database.notes()

    def cards(self) -> Iterator[Card]:
        """Every card by its note's ``id`` and its ordinal, one at a time; raises as ``notes``."""
        return self._database.cards()

    def database_problems(self) -> Iterator[str]:
        """What SQLite's integrity check finds, a line each; raises as ``notes``."""
        return self._database.problems()

    def open_media(self, name: str) -> Iterator[bytes]:
        """The bytes of a media file, at most ``archive.CHUNK_BYTES`` at a time.

        Raises:
            PackageError: There is none of this name; or, while iterating, it is missing, broken,
                larger than allowed, or not what its size and hash promise.
        """
        file = self.media.get(name)
        if file is None:
            raise PackageError(self.file, f"the package has no media file '{name}'", "check it")
        modern = self.format is Format.MODERN
        size, digest = 0, hashlib.sha1(usedforsecurity=False)
        for chunk in self._source.chunks(file.entry, MAX_MEDIA_BYTES, zstd=modern):
            size += len(chunk)
            digest.update(chunk)
            yield chunk
        if modern and (size, digest.hexdigest()) != (file.size, file.sha1):
            raise PackageError(
                self.file, f"the media file '{name}' is not what its size and hash promise"
            )


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """Open a package; its database lives in a temporary folder until the block ends.

    Raises:
        PackageError: It cannot be read; the message names the file and says what to do.
    """
    with archive.opened(path) as source, _unpacked(source) as (form, database):
        modern = form is Format.MODERN
        with collection.opened(source.file, database, modern=modern) as read:
            yield Package(source, form, read)


@contextmanager
def _unpacked(source: archive.Archive) -> Iterator[tuple[Format, Path]]:
    """The database as a file under a name of ours."""
    form = _format(source)
    with tempfile.TemporaryDirectory(prefix="ankigen-", ignore_cleanup_errors=True) as folder:
        database = Path(folder) / "collection"
        chunks = source.chunks(_COLLECTIONS[form], MAX_COLLECTION_BYTES, zstd=form is Format.MODERN)
        try:
            with database.open("wb") as target:
                target.writelines(chunks)
        except OSError as error:
            raise PackageError(
                source.file,
                f"its database cannot be unpacked to {folder}: {error.strerror}",
                "free some space there",
            ) from None
        yield form, database


def _format(source: archive.Archive) -> Format:
    """What Anki goes by: ``meta``, or the newest collection where there is none."""
    newest = next((form for form in reversed(Format) if _COLLECTIONS[form] in source), None)
    if newest is None:
        raise PackageError(
            source.file,
            "this is no Anki package: it holds no collection",
            "give the path of an .apkg file",
        )
    if "meta" not in source:
        return newest
    try:
        version = protobuf.Message(source.read("meta", _MAX_META_BYTES)).integer(_VERSION)
    except protobuf.WireError as error:
        raise PackageError(source.file, f"its 'meta' is broken ({error})") from None
    form = _VERSIONS.get(version)
    if form is None:
        raise PackageError(
            source.file,
            f"its format {version} is unknown; it may be newer than this program",
            "export it with 'Support older Anki versions' ticked",
        )
    if form is not newest:
        # Anki would read the older one: whoever looks at the newer would see other notes.
        raise PackageError(
            source.file,
            f"its 'meta' promises {_COLLECTIONS[form]}, but the newest collection is"
            f" {_COLLECTIONS[newest]}",
            "do not import it unless you trust its maker",
        )
    return form


def _media(source: archive.Archive, form: Format) -> Iterator[MediaFile]:
    if "media" not in source:
        return
    modern = form is Format.MODERN
    data = source.read("media", MAX_MAP_BYTES, zstd=modern)
    try:
        named = _modern_map(data) if modern else _legacy_map(data)
        for name, entry, size, sha1 in named:
            if not _is_bare(name):
                raise PackageError(
                    source.file,
                    f"its media map names '{name}', which is no bare file name",
                    "do not import it: Anki refuses it too",
                )
            missing = entry not in source
            declared = size if sha1 else 0 if missing else source.size(entry)
            yield MediaFile(name, entry, 0 if missing else declared, sha1, missing)
    except (ValueError, RecursionError) as error:
        raise PackageError(source.file, f"its media map is broken ({error})") from None


def _legacy_map(data: bytes) -> Iterator[tuple[str, str, int, None]]:
    names = json.loads(data)
    if not isinstance(names, dict):
        raise ValueError(f"{type(names).__name__} where a JSON object should be")  # noqa: TRY004
    for entry, name in names.items():
        if not isinstance(name, str):
            raise ValueError(f"no name for '{entry[:20]}'")  # noqa: TRY004 - it is data
        if not (entry.isascii() and entry.isdecimal() and len(entry) <= _MAX_DIGITS):
            raise ValueError(f"'{entry[:20]}' is no number of an entry")
        name.encode()
        yield name, str(int(entry)), 0, None


def _modern_map(data: bytes) -> Iterator[tuple[str, str, int, str]]:
    for index, entry in enumerate(protobuf.Message(data).messages(_ENTRIES)):
        sha1 = entry.bytes(_SHA1)
        if len(sha1) != _SHA1_BYTES:
            raise ValueError(f"entry {index} has no hash")
        yield entry.text(_NAME), str(index), entry.integer(_SIZE), sha1.hex()


def _is_bare(name: str) -> bool:
    """Whether a name stays in Anki's media folder on every system (``C:x`` would not)."""
    drive = len(name) > 1 and name[1] == ":"
    return name not in ("", ".", "..") and not drive and not set(name) & {"/", "\\", "\0"}
