"""The bytes of a package: its zip, its database, its rows, and nothing left to chance."""

from __future__ import annotations

import io
import json
import sqlite3
import unicodedata
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ankigen import notetype, package
from ankigen.diagnostics import Span
from ankigen.model import Note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PAGE = 4096
LEAVES_AND_INNER = {2: 12, 5: 12, 10: 8, 13: 8}
"""Lengths of b-tree page headers (https://sqlite.org/fileformat2.html#b_tree_pages)."""


def note(key: str = "terms/kernel", position: int = 0, **fields: str) -> Note:
    """A rendered note of a built-in note type; fields are named with underscores for spaces."""
    name = key.partition("/")[0]
    spec = notetype.built_in()[name].spec
    values = tuple(fields.get(f.name.replace(" ", "_"), "") for f in spec.fields[:-1])
    return Note(
        key=key,
        guid=package.guid_for("course", name, key),
        note_type=name,
        category="basics",
        fields=(*values, key),
        tags=("a", "b::c"),
        cards=(0, 1, 2) if name == "terms" else (0,),
        clips=(),
        position=position,
        span=Span("x.yaml"),
    )


NOTES = (
    note(Term="<b>kernel</b> &amp; [sound:a.mp3]Kern", Definition="x"),
    note("sentences/kernel-1", 1, Text="A {{c1::kernel}}."),
)


def written(
    notes: Sequence[Note] = NOTES, media: Sequence[Path] = (), *, index: int = 0, name: str = "Deck"
) -> bytes:
    """A package of one deck and its parent."""
    stream = io.BytesIO()
    decks = [
        package.Deck("Course", "All of it"),
        package.Deck(f"Course::{name}", "*One*", notes, index),
    ]
    used = {n.note_type for n in notes}
    types = {key: made for key, made in notetype.built_in().items() if key in used}
    package.write(stream, decks, types, {path.name: path for path in media})
    return stream.getvalue()


def database(data: bytes) -> bytes:
    """The collection in a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("collection.anki2")


def rows(data: bytes, query: str) -> list[Any]:
    """Rows of the collection in a package."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database(data))
        return connection.execute(query).fetchall()


def test_zip(tmp_path: Path) -> None:
    """Database, map, then media in the order of their names; stored, under one date."""
    media = []
    for name in ("b.mp3", "na\u00efve-\u6838.mp3", "a.mp3"):
        media.append(tmp_path / name)
        media[-1].write_bytes(name.encode())
    with zipfile.ZipFile(io.BytesIO(written(media=[*media, media[0]]))) as archive:
        infos = archive.infolist()
        assert archive.testzip() is None
        assert json.loads(archive.read("media")) == {
            "0": "a.mp3",
            "1": "b.mp3",
            "2": "na\u00efve-\u6838.mp3",
        }
        assert [archive.read(str(n)).decode() for n in range(3)] == [
            "a.mp3",
            "b.mp3",
            "na\u00efve-\u6838.mp3",
        ]
    assert [info.filename for info in infos] == ["collection.anki2", "media", "0", "1", "2"]
    for info in infos:
        assert info.compress_type == zipfile.ZIP_STORED
        assert info.date_time == (1980, 1, 1, 0, 0, 0)
        assert info.create_system == 3
        assert info.external_attr == 0o644 << 16
        assert info.extra == b""


def test_equal_notes_give_equal_bytes() -> None:
    """Whenever and however often a package is written."""
    assert written() == written(tuple(NOTES))


def test_database_header() -> None:
    """What SQLite counts or takes from its own version is fixed, and the file is whole."""
    data = database(written())
    assert data[:16] == b"SQLite format 3\0"
    assert int.from_bytes(data[16:18], "big") == PAGE
    assert data[18:20] == b"\x01\x01"  # no write-ahead log, which would need another file
    assert data[24:28] == data[92:96] == (1).to_bytes(4, "big")
    assert int.from_bytes(data[28:32], "big") * PAGE == len(data)
    assert data[36:40] == bytes(4)  # no free pages
    assert int.from_bytes(data[96:100], "big") == 3_040_000
    assert rows(written(), "PRAGMA integrity_check") == [("ok",)]


def test_unused_bytes_are_zero() -> None:
    """No page keeps remains of what stood in it before."""
    many = [note(f"terms/t-{i}", i, Term=f"t {i}", Definition="x" * 50 * i) for i in range(120)]
    data = database(written(many))
    assert len(data) > 20 * PAGE
    trees = 0
    for start in range(0, len(data), PAGE):
        page = data[start : start + PAGE]
        offset = 100 if start == 0 else 0
        header = LEAVES_AND_INNER.get(page[offset])
        if header is None:
            continue
        trees += 1
        cells = int.from_bytes(page[offset + 3 : offset + 5], "big")
        content = int.from_bytes(page[offset + 5 : offset + 7], "big") or 65536
        assert not any(page[offset + header + 2 * cells : content])
        assert page[offset + 1 : offset + 3] == bytes(2)  # no free blocks
    assert trees > 5
    assert rows(written(many), "PRAGMA integrity_check") == [("ok",)]
    assert len(rows(written(many), "SELECT flds FROM notes WHERE flds LIKE '%xxx%'")) == 119


def test_nothing_of_now_is_in_it() -> None:
    """Every time in the database is the pinned one."""
    data = written()
    assert rows(data, "SELECT DISTINCT mod FROM notes UNION SELECT mod FROM cards") == [
        (package.PINNED_TIME,)
    ]
    ((crt, mod, scm, models, decks),) = rows(data, "SELECT crt, mod, scm, models, decks FROM col")
    made = [made["mod"] for text in (models, decks) for made in json.loads(text).values()]
    assert max(crt, mod // 1000, scm // 1000, *made) <= package.PINNED_TIME


def test_note_rows() -> None:
    """Fields, tags and GUIDs as given; the sort field is the first one's words."""
    found = rows(written(), "SELECT guid, mid, tags, flds, sfld FROM notes ORDER BY id")
    types = notetype.built_in()
    assert [row[0] for row in found] == [n.guid for n in NOTES]
    assert [row[1] for row in found] == [types[n.note_type].spec.id for n in NOTES]
    assert [row[2] for row in found] == [" a b::c ", " a b::c "]
    assert [row[3].split("\x1f") for row in found] == [list(n.fields) for n in NOTES]
    assert [row[4] for row in found] == ["kernel & Kern", "A {{c1::kernel}}."]


def test_card_rows() -> None:
    """A row for each card that the note has, in study order, in blocks of positions a deck."""
    found = rows(written(index=2), "SELECT ord, due, did, type, queue FROM cards ORDER BY id")
    start = 2 * package.POSITIONS_PER_DECK + 1
    assert [row[:2] for row in found] == [
        (0, start),
        (1, start + package.SIBLING_SPREAD),
        (2, start + 2 * package.SIBLING_SPREAD),
        (0, start + 1),
    ]
    assert len({row[2] for row in found}) == 1
    assert {row[3:] for row in found} == {(0, 0)}


def test_row_ids_are_unique() -> None:
    """Notes and cards are numbered without repeats."""
    ids = rows(written(), "SELECT id FROM notes UNION ALL SELECT id FROM cards")
    assert len(set(ids)) == len(ids) == 6


def test_decks() -> None:
    """Parent and child with their descriptions as Markdown, which Anki sanitises."""
    ((text,),) = rows(written(), "SELECT decks FROM col")
    decks = {d["name"]: d for d in json.loads(text).values()}
    assert {"Course", "Course::Deck"} <= set(decks)
    assert (decks["Course::Deck"]["desc"], decks["Course::Deck"]["md"]) == ("*One*", True)
    assert decks["Course"]["desc"] == "All of it"


def test_note_types() -> None:
    """Ids of type, fields and cards go into the package, and only of the types in use."""
    ((text,),) = rows(written(), "SELECT models FROM col")
    models = {int(key): model for key, model in json.loads(text).items()}
    for name in ("terms", "sentences"):
        made = notetype.built_in()[name]
        model = models[made.spec.id]
        assert (model["name"], model["css"]) == (made.spec.name, made.css)
        assert model["type"] == (1 if made.spec.kind == "cloze" else 0)
        assert [(f["id"], f["name"]) for f in model["flds"]] == [
            (f.id, f.name) for f in made.spec.fields
        ]
        assert [(t["id"], t["name"], t["qfmt"], t["afmt"]) for t in model["tmpls"]] == [
            (c.id, c.name, c.front, c.back) for c in made.cards
        ]
    ((text,),) = rows(written(NOTES[:1]), "SELECT models FROM col")
    assert set(json.loads(text)) == {str(notetype.built_in()["terms"].spec.id)}


@pytest.mark.parametrize(
    "name", ["\u6838\u5fc3", "na\u00efve", "\U0001f600", "a'b\"c", "\u0645\u0631\u062d"]
)
def test_names_in_any_script(name: str) -> None:
    """Decks, tags and fields keep their characters."""
    made = note(Term=name, Definition=name)
    data = written([made], name=name)
    ((text,),) = rows(data, "SELECT decks FROM col")
    assert f"Course::{name}" in {d["name"] for d in json.loads(text).values()}
    ((sfld,),) = rows(data, "SELECT sfld FROM notes")
    assert sfld == unicodedata.normalize("NFC", name)


def test_a_number_stays_text() -> None:
    """A first field of digits is still found: SQLite may keep it as a number, as in Anki."""
    ((kind, sfld),) = rows(written([note(Term="42")]), "SELECT typeof(sfld), sfld FROM notes")
    assert (kind, sfld) == ("integer", 42)


def test_guid() -> None:
    """The identity follows from course, note type and id, and from nothing else."""
    guid = package.guid_for("small", "terms", "kernel")
    assert guid == "CAjhD.V>o."
    others = [
        ("other", "terms", "kernel"),
        ("small", "sentences", "kernel"),
        ("small", "terms", "k"),
    ]
    assert len({guid, *(package.guid_for(*other) for other in others)}) == 4
