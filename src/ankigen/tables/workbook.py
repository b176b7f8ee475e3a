"""The parts of a workbook: XML in a zip, read in pieces, with limits on what it may unpack to.

No entity is expanded, nothing is fetched, and no part is written anywhere.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from ankigen.diagnostics import Code
from ankigen.tables.sheet import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_ENTRIES = 10_000
MAX_UNPACKED = 256 << 20
"""Bytes of XML; a sheet of 100,000 entries with every key has 100 MB."""

MAX_TAGS = 8_000_000
"""XML tags in all parts; a cell has four to eight, and 100,000 rows of ten cells are read."""

MAX_TAG = 1 << 20
"""Bytes of one tag with its attributes."""

_CHUNK = 1 << 16
_ENCRYPTED = 0x1
_DIRECTORY_ENTRY = b"PK\x01\x02"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What the standard library raises on a broken zip."""


class Part:
    """A listener to one part of a workbook; names come as they are written, with any prefix."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text of the element that began last and has not ended."""


class Workbook:
    """The parts of a workbook by name."""

    def __init__(self, data: bytes) -> None:
        """Open one.

        Raises:
            TableError: It is none.
        """
        self._bytes = MAX_UNPACKED
        self._tags = MAX_TAGS
        if data.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:  # each costs more memory than it has bytes
            raise TableError(Code.TOO_LARGE, "the workbook has too many parts", "save it anew")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._names = set(self._zip.namelist())
        except _BROKEN:
            raise broken() from None

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str, part: Part) -> None:
        """Tell a listener what a part holds.

        Raises:
            TableError: It is not there, broken, protected or too large.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = part.start
        parser.EndElementHandler = part.end
        parser.CharacterDataHandler = part.text
        try:
            entry = self._zip.getinfo(name)
            if entry.flag_bits & _ENCRYPTED:
                raise protected()
            fed = 0
            with self._zip.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    self._bytes -= len(chunk)
                    self._tags -= chunk.count(b"<")
                    if self._bytes < 0 or self._tags < 0:
                        raise _too_large()
                    fed += len(chunk)
                    parser.Parse(chunk, False)  # noqa: FBT003 - expat's own signature
                    if fed - parser.CurrentByteIndex > MAX_TAG:
                        raise broken()
            parser.Parse(b"", True)  # noqa: FBT003
        except _BROKEN:
            raise broken() from None
        except expat.ExpatError:
            raise broken() from None


def broken() -> TableError:
    """The error for a file that is no workbook, or only a part of one."""
    return TableError(
        Code.TABLE,
        "this is no workbook, or a damaged one",
        "open it in a spreadsheet program and save it again",
    )


def protected() -> TableError:
    """The error for a file that only its owner can read."""
    return TableError(
        Code.TABLE, "the workbook is protected by a password", "save a copy without the password"
    )


def _too_large() -> TableError:
    return TableError(
        Code.TOO_LARGE,
        f"the workbook unpacks to more than {MAX_UNPACKED >> 20} MB or {MAX_TAGS:,} tags",
        "split it into several files, or export it as CSV",
    )


def _no_doctype(*_: object) -> NoReturn:
    raise broken()
