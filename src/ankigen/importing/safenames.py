"""Names that are safe everywhere, made from names that may be anything: ids, folders, files."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from ankigen import medianame, yamlwriter
from ankigen.naming import slug

_NOT_FILE = re.compile(r"[\[\]<>:\"/?*^\\|\x00-\x1f\x7f#%{}$&'`]+")


def identifier(text: str, otherwise: str) -> str:
    """An id from words; from a hash of something that does not change, where they give none."""
    return slug(text) or f"note-{hashlib.sha256(otherwise.encode()).hexdigest()[:8]}"


class Unique:
    """Names, each given once."""

    def __init__(self, taken: set[str] | None = None) -> None:
        self._taken = taken if taken is not None else set()
        self._next: dict[str, int] = {}

    def has(self, name: str) -> bool:
        """Whether a name is taken."""
        return name in self._taken

    def name(self, wanted: str, join: str = "-") -> str:
        """The name, or with a number behind it where it is taken."""
        made, number = wanted, self._next.get(wanted, 2)
        while made in self._taken:
            made = f"{wanted}{join}{number}"
            number += 1
            self._next[wanted] = number
        self._taken.add(made)
        return made


def writable(text: str) -> str:
    """A text without the characters that no source may hold."""
    while char := yamlwriter.unwritable(text):
        text = text.replace(char, "")
    return text


def key(name: str) -> str:
    """A field's name as the key of an entry: ``Back Extra`` → ``back_extra``."""
    made = slug(name).replace("-", "_")
    return made if made[:1].isalpha() else f"field_{made}".rstrip("_")


def media(name: str) -> str:
    """A file's name as every system and Anki take it, the same where it is good already."""
    if not medianame.problem(name) and not name.startswith("."):
        return name
    normal = medianame.normal(_NOT_FILE.sub("-", name)).strip(". -")
    stem, suffix = PurePosixPath(normal).stem, PurePosixPath(normal).suffix
    room = medianame.MAX_BYTES - len(suffix.encode()) - 10
    stem = stem.encode()[:room].decode(errors="ignore").strip(". -") or "file"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{stem}-{digest}{suffix}"


__all__ = ["Unique", "identifier", "key", "media", "slug", "writable"]
