"""Which names Anki lets a media file have, and which names HTML may mean by what it writes."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from ankigen import portable

MAX_BYTES = 120
"""Of a name in UTF-8 (rslib/src/media/files.rs)."""

_FORBIDDEN = re.compile(r"[\[\]<>:\"/?*^\\|\x00-\x1f\x7f]")
_LATEX = re.compile(r"latex-[0-9a-f]{40}\.(?:png|svg)")


def problem(name: str) -> str:
    """Why Anki would change a name, as the end of a sentence; "" where it would not."""
    if forbidden := _FORBIDDEN.search(name):
        return f"holds {forbidden[0]!r}"
    if len(name.encode()) > MAX_BYTES:
        return f"is longer than {MAX_BYTES} bytes"
    if name != normal(name):
        return "is not in Unicode's form NFC"
    if name[-1:] in (".", " "):
        return "ends with a dot or a space"
    if portable.DEVICE.match(name):
        return "is the name of a device on Windows"
    return ""


def normal(name: str) -> str:
    """A name in the form in which Anki compares it."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def meant(reference: str) -> tuple[str, ...]:
    """The names that a ``src`` may mean: as it is written, and with ``%20`` read as a space."""
    return tuple(dict.fromkeys((normal(reference), normal(unquote(reference)))))


def is_implied(name: str) -> bool:
    """Whether a file is used without being named: ``_…`` by templates, pictures of LaTeX."""
    return name.startswith("_") or _LATEX.fullmatch(name) is not None
