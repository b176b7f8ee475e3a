"""Bytes → text, in whatever encoding a spreadsheet program has written it."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from ankigen.diagnostics import Code
from ankigen.tables.sheet import TableError

_SAMPLE = 4096
_MOSTLY = 0.4  # of the bytes of Latin text in UTF-16, half are zero
_LETTER = re.compile("[^\x00-\x7f\ufffd]")
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Found(NamedTuple):
    """How a text is encoded.

    Attributes:
        name: What people call it; empty for plain UTF-8.
        guessed: Whether it could be another.
    """

    name: str
    guessed: bool = False


def decode(data: bytes) -> tuple[str, Found]:
    """A text, without its byte order mark, and how it was encoded.

    Raises:
        TableError: It is none, with the place of the first byte that shows it.
    """
    if data.startswith(codecs.BOM_UTF8):
        data = data.removeprefix(codecs.BOM_UTF8)
        return _utf8(data), Found("UTF-8 with a byte order mark")
    for mark, codec in _UTF16.items():
        if data.startswith(mark):
            return _utf16(data[len(mark) :], codec), Found("UTF-16")
    sample = data[:_SAMPLE]
    for offset, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample.count(0) and sample[offset::2].count(0) > _MOSTLY * len(sample) / 2:
            return _utf16(data, codec), Found("UTF-16", guessed=True)
    try:
        return data.decode(), Found("")
    except UnicodeDecodeError:
        shown = data.decode(errors="replace")
        if len(_LETTER.findall(shown)) > shown.count("\ufffd"):  # UTF-8 with a byte gone wrong
            _utf8(data)
    try:
        return data.decode("cp1252"), Found("Windows-1252", guessed=True)
    except UnicodeDecodeError as error:
        raise _no_text(data, error.start) from None


def _utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _no_text(data, error.start) from None


def _utf16(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(codec, "replace").count("\n") + 1
        raise TableError(
            Code.NOT_UTF8,
            "the file begins as UTF-16, but these bytes are not",
            "save the file as UTF-8",
            ("", line, 0),
        ) from None


def _no_text(data: bytes, start: int) -> TableError:
    before = data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    place = ("", before.count(b"\n") + 1, column)
    return TableError(Code.NOT_UTF8, "this byte is not UTF-8", "save the file as UTF-8", place)
