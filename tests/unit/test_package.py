"""The bytes of a package: its zip, its database, its rows, and nothing left to chance."""

from __future__ import annotations

import io
import json
import sqlite3
import unicodedata
import zipfile
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ankigen import notetype, package
from ankigen.diagnostics import Span
from ankigen.model import Note
from ankigen.package import Mods
from ankigen.study import Preset

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
    notes: Sequence[Note] = NOTES,
    media: Sequence[Path] = (),
    *,
    index: int = 0,
    name: str = "Course::Deck",
    mods: Mods | None = None,
    preset: Preset | None = None,
) -> bytes:
    """A package of one deck and its parent."""
    stream = io.BytesIO()
    decks = [
        package.Deck("Course", "All of it"),
        package.Deck(name, "*One*", notes, index),
    ]
    used = {n.note_type for n in notes}
    types = {key: made for key, made in notetype.built_in().items() if key in used}
    sounds = {path.name: path for path in media}
    package.write(stream, decks, types, sounds, mods, preset=preset)
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
        content = int.from_bytes(page[offset + 5 : offset + 7], "big")
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


def test_mods() -> None:
    """Notes and note types are as old as their release; what has none is as old as the rest."""
    mods = Mods({"terms/kernel": 7}, {"sentences": 8})
    data = written(mods=mods)
    assert rows(data, "SELECT guid, mod FROM notes ORDER BY id") == [
        (NOTES[0].guid, 7),
        (NOTES[1].guid, package.PINNED_TIME),
    ]
    ((text,),) = rows(data, "SELECT models FROM col")
    types = notetype.built_in()
    assert {made["name"]: made["mod"] for made in json.loads(text).values()} == {
        types["sentences"].spec.name: 8,
        types["terms"].spec.name: package.PINNED_TIME,
    }


def test_note_rows() -> None:
    """Fields, tags and GUIDs as given; the sort field is the first one's words."""
    found = rows(written(), "SELECT guid, mid, tags, flds, sfld FROM notes ORDER BY id")
    types = notetype.built_in()
    assert [row[0] for row in found] == [n.guid for n in NOTES]
    assert [row[1] for row in found] == [types[n.note_type].spec.id for n in NOTES]
    assert [row[2] for row in found] == [" a b::c ", " a b::c "]
    assert [row[3].split("\x1f") for row in found] == [list(n.fields) for n in NOTES]
    assert [row[4] for row in found] == ["kernel & Kern", "A {{c1::kernel}}."]


def test_a_note_without_tags() -> None:
    """Their column is empty, as Anki leaves it, not a pair of spaces."""
    bare = replace(NOTES[0], tags=())
    assert rows(written([bare]), "SELECT tags FROM notes") == [("",)]


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


def test_a_long_deck_keeps_to_its_block() -> None:
    """Its last cards share a place rather than take one of the next deck."""
    last = note(position=package.POSITIONS_PER_DECK - 1)
    assert [package.place(last, rank) for rank in range(3)] == [package.POSITIONS_PER_DECK - 1] * 3


def test_row_ids_are_unique() -> None:
    """Notes and cards are numbered without repeats."""
    ids = rows(written(), "SELECT id FROM notes UNION ALL SELECT id FROM cards")
    assert len(set(ids)) == len(ids) == 6


def test_row_ids_are_times() -> None:
    """Anki shows a note's id as the day of its making, in milliseconds: that is the pinned one."""
    ids = [row[0] for row in rows(written(), "SELECT id FROM notes UNION SELECT id FROM cards")]
    assert {identifier // 1000 for identifier in ids} == {package.PINNED_TIME}


def test_decks() -> None:
    """Parent and child with their descriptions as Markdown, which Anki sanitises."""
    ((text,),) = rows(written(), "SELECT decks FROM col")
    decks = {d["name"]: d for d in json.loads(text).values()}
    assert {"Course", "Course::Deck"} <= set(decks)
    assert (decks["Course::Deck"]["desc"], decks["Course::Deck"]["md"]) == ("*One*", True)
    assert decks["Course"]["desc"] == "All of it"


def test_deck_ids() -> None:
    """They follow from the name; 'Default' is the deck that every collection has as its first."""

    def ids(name: str) -> dict[str, int]:
        ((text,),) = rows(written(name=name), "SELECT decks FROM col")
        return {made["name"]: int(key) for key, made in json.loads(text).items()}

    one, other = ids("Course::Deck"), ids("Course::Other")
    assert one["Course"] == other["Course"]
    assert len({1, one["Course"], one["Course::Deck"], other["Course::Other"]}) == 4
    assert ids("default")["default"] == 1


def test_preset() -> None:
    """It stands beside Anki's default, and every deck of the course uses it."""
    preset = Preset(5, "Small studies", 10, 0.9)
    ((texts, decks),) = rows(written(preset=preset), "SELECT dconf, decks FROM col")
    presets = json.loads(texts)
    assert presets.keys() == {"1", "5"}
    assert presets["5"] == preset.to_json(package.PINNED_TIME)
    used = {deck["name"]: deck["conf"] for deck in json.loads(decks).values()}
    assert (used["Course"], used["Course::Deck"]) == (5, 5)


def test_no_preset() -> None:
    """Decks then use Anki's default."""
    ((texts, decks),) = rows(written(), "SELECT dconf, decks FROM col")
    assert json.loads(texts).keys() == {"1"}
    assert {deck["conf"] for deck in json.loads(decks).values()} == {1}


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


def test_fields_that_cards_need() -> None:
    """Clients before 2.1.28 make a card where one of these is filled: all that its front shows."""
    ((text,),) = rows(written(NOTES[:1]), "SELECT models FROM col")
    (model,) = json.loads(text).values()
    names = [field["name"] for field in model["flds"]]
    cards = [card["name"] for card in model["tmpls"]]
    assert {how for _, how, _ in model["req"]} == {"any"}
    needed = {cards[ordinal]: {names[at] for at in places} for ordinal, _, places in model["req"]}
    assert needed.keys() == {"Recognition", "Production", "Listening"}
    assert needed["Listening"] == {"Audio"}
    assert ("Term" in needed["Recognition"], "Definition" in needed["Recognition"]) == (True, False)
    assert "Definition" in needed["Production"]


@pytest.mark.parametrize(
    "name", ["\u6838\u5fc3", "na\u00efve", "\U0001f600", "a'b\"c", "\u0645\u0631\u062d"]
)
def test_names_in_any_script(name: str) -> None:
    """Decks, tags and fields keep their characters."""
    made = note(Term=name, Definition=name)
    data = written([made], name=f"Course::{name}")
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
