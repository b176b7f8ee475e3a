"""A folder that the add-on CrowdAnki exported: ``deck.json`` and ``media/`` → notes."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from ankigen import files
from ankigen.apkg import Deck, Kind, NoteType, Template
from ankigen.apkg import Field as AnkiField
from ankigen.importing.foreign import (
    Foreign,
    ForeignError,
    ForeignNote,
    ForeignType,
    Remark,
    Sieve,
    Writing,
    load,
)
from ankigen.importing.foreign import Kind as Fate
from ankigen.release import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILE = "deck.json"
MEDIA_FOLDER = "media"
MAX_BYTES = 256 << 20
"""Of ``deck.json``; 100,000 long notes have half of it."""

_MAX_DEPTH = 64
_CHUNK = 1 << 20
_FIRST_ID = 1_000_000_000_000  # Anki's ids are milliseconds since 1970; these lie in 2001 to 2032
_CLOZE = 1


def _text(value: object) -> object:
    """Text without halves of characters, which JSON can spell."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


_Text = Annotated[str, BeforeValidator(_text)]


class _Named(BaseModel):
    name: _Text
    id: int | None = None


class _Template(_Named):
    qfmt: _Text
    afmt: _Text


class _Model(BaseModel):
    crowdanki_uuid: _Text
    name: _Text
    id: int | None = None
    type: int = 0
    flds: list[_Named] = Field(min_length=1)
    tmpls: list[_Template] = Field(min_length=1)
    css: _Text = ""


class _Note(BaseModel):
    guid: _Text
    note_model_uuid: _Text
    fields: list[_Text] = Field(min_length=1)
    tags: list[_Text] = []


class _Deck(BaseModel):
    name: _Text
    desc: _Text = ""
    md: bool = False
    children: list[Any] = []
    note_models: list[_Model] = []
    notes: list[_Note] = []
    media_files: list[_Text] = []


_DECK: TypeAdapter[_Deck] = TypeAdapter(_Deck)


@contextmanager
def opened(folder: Path) -> Iterator[Foreign]:
    """Open a folder.

    Raises:
        ForeignError: There is no ``deck.json`` of CrowdAnki in it.
    """
    decks = list(_decks(_read(folder / FILE), "", 0, str(folder / FILE)))
    types = {model.crowdanki_uuid: _type(model) for _, deck in decks for model in deck.note_models}
    remarks: list[Remark] = []
    notes = list(_notes(decks, types, remarks))
    media = _Media(folder / MEDIA_FOLDER, [name for _, deck in decks for name in deck.media_files])
    remarks += media.remarks
    used = {note.type for note in notes}
    yield Foreign(
        file=folder.resolve().name,
        form="CrowdAnki folder",
        writing=Writing.HTML,
        types={key: kind for key, kind in types.items() if key in used},
        notes=notes,
        decks={name: Deck(0, name, deck.desc, deck.md) for name, deck in decks if deck.desc},
        media=media,
        remarks=remarks,
    )


def _read(path: Path) -> object:
    try:
        return json.loads(load(path, MAX_BYTES, "split the deck"))
    except (ValueError, RecursionError) as error:
        raise ForeignError(f"{path}: it is no JSON ({error})", "export it again") from None


def _decks(value: object, parent: str, depth: int, file: str) -> Iterator[tuple[str, _Deck]]:
    """A deck and those in it, each with its full name; a child's own name is the last part."""
    try:
        deck = _DECK.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        message = f"{file}: it is not what CrowdAnki writes ({where}: {first['msg']})"
        raise ForeignError(message, "export it again") from None
    if depth > _MAX_DEPTH:
        raise ForeignError(f"{file}: decks are nested more than {_MAX_DEPTH} levels deep")
    name = f"{parent}::{deck.name}" if parent else deck.name
    yield name, deck
    for child in deck.children:
        yield from _decks(child, name, depth + 1, file)


def _type(model: _Model) -> ForeignType:
    digest = hashlib.sha256(model.crowdanki_uuid.encode()).digest()
    made = _FIRST_ID + int.from_bytes(digest[:8], "big") % _FIRST_ID
    kind = NoteType(
        id=model.id or made,
        name=model.name,
        kind=Kind.CLOZE if model.type == _CLOZE else Kind.STANDARD,
        fields=tuple(AnkiField(field.name, field.id) for field in model.flds),
        templates=tuple(Template(t.name, t.id, t.qfmt, t.afmt) for t in model.tmpls),
        css=model.css,
        mod=0,
    )
    names = tuple(field.name for field in model.flds)
    return ForeignType(model.name, names, kind, identified=model.id is not None)


def _notes(
    decks: list[tuple[str, _Deck]], types: Mapping[str, ForeignType], remarks: list[Remark]
) -> Iterator[ForeignNote]:
    sieve = Sieve(FILE)
    for deck, said in decks:
        for note in said.notes:
            kind = types.get(note.note_model_uuid)
            problem = sieve.fault(note.guid, note.fields, kind.fields if kind else None)
            place = f"note {note.guid}"
            if problem:
                remarks.append(Remark(Fate.LEFT_OUT, problem, place, words(note.fields[0])))
                continue
            tags = tuple(tag for said in note.tags for tag in said.split())
            yield ForeignNote(
                place, note.guid, note.note_model_uuid, deck, tags, tuple(note.fields)
            )


class _Media:
    """The files in a folder's ``media/``; links that lead out of it are none."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self._folder = folder
        self._sizes: dict[str, int] = {}
        self.remarks: list[Remark] = []
        for name in dict.fromkeys(names):
            path = folder / name
            try:
                bare = name not in ("", ".", "..") and not set(name) & set("/\\:\0")
                good = bare and path.is_file() and files.inside(folder.resolve(), path)
            except (OSError, ValueError):
                good = False
            if good:
                self._sizes[name] = path.stat().st_size
            else:
                told = "the media file is not in the folder"
                self.remarks.append(Remark(Fate.LEFT_OUT, told, detail=name))

    def sizes(self) -> Mapping[str, int]:
        """Those that are there."""
        return self._sizes

    def read(self, name: str) -> Iterator[bytes]:
        """Raises OSError where it cannot be read."""
        with (self._folder / name).open("rb") as stream:
            yield from iter(lambda: stream.read(_CHUNK), b"")
