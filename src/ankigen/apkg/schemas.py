"""The two ways in which a collection keeps its note types and decks.

Schema 11 (legacy packages) keeps them as JSON in one row of ``col``; schema 18 (modern ones) in
tables, whose details are protobuf (rslib/src/storage and proto/anki of Anki).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from ankigen.apkg import protobuf
from ankigen.apkg.contents import Deck, Field, Kind, NoteType, Template

Rows: TypeAlias = Callable[[str], Iterator[tuple[Any, ...]]]
"""A query → its rows."""


class ShapeError(ValueError):
    """A value that is not what Anki writes there."""


def as_integer(value: object) -> int:
    """A value that must be a number."""
    if isinstance(value, int):
        return value
    raise ShapeError(f"{type(value).__name__} where a number should be")


def as_text(value: object) -> str:
    """A value that must be text."""
    if isinstance(value, str):
        return value
    raise ShapeError(f"{type(value).__name__} where text should be")


def as_blob(value: object) -> bytes:
    """A value that must be bytes."""
    if isinstance(value, bytes):
        return value
    raise ShapeError(f"{type(value).__name__} where bytes should be")


# Schema 11


def legacy(rows: Rows) -> tuple[dict[int, NoteType], dict[int, Deck]]:
    """Note types and decks of schema 11, by id.

    Raises:
        ShapeError: Something is not what Anki writes there.
    """
    row = next(rows("SELECT models, decks FROM col LIMIT 1"), None)
    if row is None:
        raise ShapeError("an empty table 'col'")
    models, decks = (_Json.parse(as_text(value)) for value in row)
    return (
        {number: _legacy_note_type(number, model) for number, model in models.numbered()},
        {
            number: Deck(number, deck.text("name"), deck.text("desc", ""), deck.flag("md"))
            for number, deck in decks.numbered()
        },
    )


def _legacy_note_type(number: int, model: _Json) -> NoteType:
    return NoteType(
        number,
        model.text("name"),
        Kind.CLOZE if model.integer("type", 0) == 1 else Kind.STANDARD,
        tuple(Field(field.text("name"), field.optional("id")) for field in model.list("flds")),
        tuple(
            Template(card.text("name"), card.optional("id"), card.text("qfmt"), card.text("afmt"))
            for card in model.list("tmpls")
        ),
        model.text("css", ""),
        model.integer("mod", 0),
    )


class _Json:
    """A JSON object whose values are asked for by type; numbers may be written as text."""

    __slots__ = ("_values",)

    def __init__(self, values: object) -> None:
        if not isinstance(values, dict):
            raise ShapeError(f"{type(values).__name__} where a JSON object should be")
        self._values: dict[str, Any] = values

    @classmethod
    def parse(cls, text: str) -> _Json:
        try:
            return cls(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise ShapeError(f"JSON: {error}") from None

    def numbered(self) -> Iterator[tuple[int, _Json]]:
        for key, value in self._values.items():
            yield _number(key, f"key '{key[:20]}'"), _Json(value)

    def list(self, key: str) -> Iterator[_Json]:
        values = self._values.get(key)
        if not isinstance(values, list):
            raise ShapeError(f"no list '{key}'")
        return map(_Json, values)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._values.get(key, default)
        if not isinstance(value, str):
            raise ShapeError(f"no text '{key}'")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ShapeError(f"half a character in '{key}'") from None
        return value

    def integer(self, key: str, default: int) -> int:
        return _number(self._values.get(key, default), f"'{key}'")

    def optional(self, key: str) -> int | None:
        value = self._values.get(key)
        return None if value is None else _number(value, f"'{key}'")

    def flag(self, key: str) -> bool:
        return self._values.get(key) is True


def _number(value: object, where: str) -> int:
    """A number as the makers of packages write it: 5, 5.0 or "5"."""
    try:
        if isinstance(value, (int, float, str)):
            return int(value)
    except (ValueError, OverflowError):
        pass
    raise ShapeError(f"no number in {where}")


# Schema 18: the numbers are those of proto/anki/notetypes.proto and decks.proto.

_KIND, _CSS = 1, 3
_CLOZE = 1
_FRONT, _BACK = 1, 2
_FIELD_ID, _TEMPLATE_ID = 9, 8
_NORMAL = 1
_DESCRIPTION, _MARKDOWN = 4, 5


def modern(rows: Rows) -> tuple[dict[int, NoteType], dict[int, Deck]]:
    """Note types and decks of schema 18, by id.

    Raises:
        ShapeError: Something is not what Anki writes there.
        protobuf.WireError: The same of a detail.
    """
    fields: dict[int, list[Field]] = {}
    templates: dict[int, list[Template]] = {}
    for note_type, name, config in _configured(rows, "fields"):
        fields.setdefault(note_type, []).append(Field(name, _identifier(config, _FIELD_ID)))
    for note_type, name, config in _configured(rows, "templates"):
        templates.setdefault(note_type, []).append(
            Template(
                name, _identifier(config, _TEMPLATE_ID), config.text(_FRONT), config.text(_BACK)
            )
        )
    note_types = {}
    for id_, name, mod, blob in rows(
        "SELECT id, name, mtime_secs, config FROM notetypes ORDER BY id"
    ):
        number, config = as_integer(id_), protobuf.Message(as_blob(blob))
        note_types[number] = NoteType(
            number,
            as_text(name),
            Kind.CLOZE if config.integer(_KIND) == _CLOZE else Kind.STANDARD,
            tuple(fields.get(number, ())),
            tuple(templates.get(number, ())),
            config.text(_CSS),
            as_integer(mod),
        )
    decks = {}
    for id_, name, blob in rows("SELECT id, name, kind FROM decks ORDER BY id"):
        number, kind = as_integer(id_), protobuf.Message(as_blob(blob))
        normal = protobuf.Message(kind.bytes(_NORMAL))
        decks[number] = Deck(
            number,
            as_text(name).replace("\x1f", "::"),
            normal.text(_DESCRIPTION),
            bool(normal.integer(_MARKDOWN)),
        )
    return note_types, decks


def _configured(rows: Rows, table: str) -> Iterator[tuple[int, str, protobuf.Message]]:
    for note_type, name, config in rows(
        f"SELECT ntid, name, config FROM {table} ORDER BY ntid, ord"  # noqa: S608 - ours
    ):
        yield as_integer(note_type), as_text(name), protobuf.Message(as_blob(config))


def _identifier(config: protobuf.Message, number: int) -> int | None:
    return config.integer(number) if config.has(number) else None
