"""Ids for entries that have none: slugs of what they are about, for a person to read."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING

from ankigen import markup

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from ankigen.notetypespec import NoteTypeSpec, Role

LONGEST = 40
"""Letters of a proposed id, where words allow; one may have up to 80."""

_NAMING_ROLES: tuple[Role, ...] = ("phrase", "question", "utterance", "example")
"""What an entry without a headword is called after: the first of these that it has."""

_SIGNS = str.maketrans(
    # Names that differ in nothing else, and letters that do not come apart into a base and a mark.
    {"+": " plus ", "#": " sharp ", "&": " and ", "@": " at ", "%": " percent "}
    | {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o"}
    | {
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "ð": "d",
        "þ": "th",
        "Þ": "th",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
    | {"'": "", "\N{RIGHT SINGLE QUOTATION MARK}": ""}
)


def slug(text: str, longest: int = LONGEST) -> str:
    """A text as lower-case Latin letters, digits and single hyphens; empty where it has none.

    Entries of foreign files may be known by it, so it gives the same in every version.

    Args:
        text: In any script; what is not Latin is left out.
        longest: Letters it may have; words that would pass that are left out.
    """
    spelt = unicodedata.normalize("NFKD", text.translate(_SIGNS))
    bare = "".join(char for char in spelt if not unicodedata.combining(char)).lower()
    made = ""
    for word in re.findall(r"[a-z0-9]+", bare):
        longer = f"{made}-{word}" if made else word[:longest]
        if len(longer) > longest:
            break
        made = longer
    return made


def propose(
    spec: NoteTypeSpec, name: str, values: Mapping[str, object], taken: Container[str]
) -> str:
    """An id for an entry.

    One that shows others in use is called after the first of these, with a number; any other after
    its word or phrase; and after its note type where that has no Latin letters.

    Args:
        spec: Its note type.
        name: The note type's name.
        values: What the entry has, as it is in its file.
        taken: Ids that other entries of the note type have.
    """
    shown = slug(" ".join(_texts(spec, values, "illustrates")[:1]))
    if shown:
        return _numbered(shown, taken, first=1)
    called = [" ".join(_texts(spec, values, "headword"))]  # a pair by both
    called += [text for role in _NAMING_ROLES for text in _texts(spec, values, role)]
    required = (key for key, said in spec.entry.items() if said.required)
    called += [text for key in required for text in _strings(values.get(key))]
    words = next(filter(None, map(slug, called)), "")
    if not words:
        return _numbered(name, taken, first=1)
    return words if words not in taken else _numbered(words, taken, first=2)


def _numbered(base: str, taken: Container[str], first: int) -> str:
    made = (f"{base}-{number}" for number in itertools.count(first))
    return next(one for one in made if one not in taken)


def _texts(spec: NoteTypeSpec, values: Mapping[str, object], role: Role) -> list[str]:
    """What an entry says under the keys of a role, without its Markdown."""
    keys = [key for key, said in spec.entry.items() if said.role == role]
    return [markup.inline(text).plain for key in keys for text in _strings(values.get(key))]


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
