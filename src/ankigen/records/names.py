"""From the names that a file gives its values to the keys of a note type.

In the course's own tables both are the same, but one cell may hold a list, and ``say.word`` is a
part of ``say``. For foreign files, ``sources:`` of ``ankigen.yaml`` says what the names mean.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import naming
from ankigen.notetypespec import required, shapes
from ankigen.records.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ankigen.diagnostics import Places, Span
    from ankigen.model import ForeignSource
    from ankigen.notetype import NoteType
    from ankigen.notetypespec import Shape
    from ankigen.yamltext import Value

_SEPARATOR = ";"
_LONGEST_ID = 80


@dataclass(frozen=True, eq=False)
class Naming:
    """What the names in a file mean.

    Attributes:
        note_type: What its entries are.
        source: What ``ankigen.yaml`` says of a foreign file; None for one of the course's own.
    """

    note_type: NoteType
    source: ForeignSource | None = None

    @functools.cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """What each key of the note type holds."""
        return shapes(self.note_type.spec)

    @functools.cached_property
    def expected(self) -> Sequence[str]:
        """Names that a table must have."""
        if self.source is None:
            return required(self.note_type.spec)
        own = (*self.source.id_from, self.source.category_from)
        return tuple(dict.fromkeys(name for name in (*self.source.columns, *own) if name))

    def meaning(self, name: str) -> tuple[str, str] | None:
        """The key that a name means, and which part of it as in ``say.word``; None for nothing."""
        key = self.source.columns.get(name) if self.source else name
        whole, _, part = (key or "").partition(".")
        shape = self.shapes.get(whole)
        return (whole, part) if shape == "mapping" or (shape and not part) else None

    def uses(self, name: str) -> bool:
        """Whether anything becomes of what has that name."""
        return self.meaning(name) is not None or (self.source is not None and name in self.expected)

    @functools.cached_property
    def names(self) -> Mapping[str, str]:
        """Names by the keys that they mean, where the two differ."""
        return {key: name for name, key in self.source.columns.items()} if self.source else {}

    @property
    def separator(self) -> str:
        """What stands between the values of a list in one cell."""
        return (self.source and self.source.separator) or _SEPARATOR

    def apply(self, record: Record) -> Record:
        """A record by the keys of the note type."""
        places = _Renamed(record.places, self)
        if not isinstance(record.value, dict):
            return Record(record.value, places)
        made: dict[str, Value] = dict(self.source.constants) if self.source else {}
        meanings = self._meanings
        for name, given in record.value.items():
            if name not in meanings:
                meanings[name] = self.meaning(name)
            meaning = meanings[name]
            if meaning and given:
                self._put(made, *meaning, given)
        category = ""
        if self.source:
            if self.source.id_from:
                texts = [record.value.get(name, "") for name in self.source.id_from]
                if identifier := _identifier(texts):
                    made["id"] = identifier
            said = record.value.get(self.source.category_from, "")
            category = said if isinstance(said, str) else ""
        return Record(made, places, category)

    @functools.cached_property
    def _meanings(self) -> dict[str, tuple[str, str] | None]:
        return {}

    def _put(self, made: dict[str, Value], whole: str, part: str, given: Value) -> None:
        shape = self.shapes[whole]
        if shape == "list" and isinstance(given, str):
            made[whole] = self._items(given)
        elif shape == "mapping":
            made[whole] = {**_mapping(made.get(whole, {})), **_mapping(given, part)}
        else:
            made[whole] = given

    def _items(self, text: str) -> list[Value]:
        """The values of a list that is written as one text: a line each, or apart by a sign."""
        parts = text.split("\n" if "\n" in text else self.separator)
        return [part.strip() for part in parts if part.strip()]


def _mapping(value: Value, part: str = "") -> Mapping[str, Value]:
    """A mapping, or one of a part; what is of no part is that of the first key."""
    return value if isinstance(value, dict) else {part: value}


def _identifier(texts: Sequence[Value]) -> str:
    """An id made of texts, always the same; empty where it would be none, or too long."""
    if not all(isinstance(text, str) for text in texts):
        return ""
    made = naming.slug(" ".join(map(str, texts)), _LONGEST_ID + 1)
    return made if naming.slug(" ".join(map(str, texts)), _LONGEST_ID) == made else ""


class _Renamed:
    """Places by the keys of the note type."""

    __slots__ = ("_naming", "_places")

    def __init__(self, places: Places, naming: Naming) -> None:
        self._places = places
        self._naming = naming

    def span(self, file: str, path: Sequence[str | int] = (), *, key: bool = False) -> Span:
        source = self._naming.source
        if source and path and path[0] in source.constants:
            return source.span("constants", *path)
        return self._places.span(file, self._named(path), key=key)

    def called(self, key: str) -> str:
        name = self._naming.names.get(key, key)
        return f"'{key}'" if name == key else f"'{key}' (here '{name}')"

    def missing(self, path: Sequence[str | int]) -> tuple[str, str]:
        source = self._naming.source
        if source and source.id_from and tuple(path) == ("id",):
            names = " and ".join(f"'{name}'" for name in source.id_from)
            hint = f"it takes up to {_LONGEST_ID} Latin letters and digits; or map ids of the file"
            return f"no id can be made of {names}", hint
        return self._places.missing(self._named(path))

    def listed(self, values: Sequence[str]) -> str:
        separator = self._naming.separator
        hint = f"put '{separator}' between the values of a list: {f'{separator} '.join(values)}"
        return f"{hint}; or set 'separator' in ankigen.yaml" if self._naming.source else hint

    def _named(self, path: Sequence[str | int]) -> Sequence[str | int]:
        """A path by the names of the file."""
        if not path:
            return path
        naming = self._naming
        source = naming.source
        whole, below = str(path[0]), path[1:]
        if naming.shapes.get(whole) == "mapping" and below:
            part = f"{whole}.{below[0]}" if below[0] else whole
            if source is None or part in naming.names:
                return (naming.names.get(part, part), *below[1:])
        if whole == "id" and source and source.id_from:
            return (source.id_from[0],)
        return (naming.names.get(whole, whole), *below)
