"""Packages of the real Anki, of genanki and of this project, read and checked."""

from __future__ import annotations

import hashlib
import tracemalloc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import genanki
import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from anki.consts import MODEL_CLOZE, MODEL_STD
from anki.models import NotetypeId

from ankigen import apkg
from ankigen.verify import Code, verify
from backend import empty_collection, import_package
from packages import BASIC, Draft, read_zip, write_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEDIA = {
    "a.mp3": b"sound" * 1000,
    "naïve picture.png": b"\x89PNG" + bytes(range(256)),
    "_style.css": b"b { color: red }",
    "empty.txt": b"",
}
FORMATS = {"legacy-2": True, "modern": False}


@dataclass(frozen=True)
class Exported:
    """A package and the collection that it was exported from."""

    collection: Collection
    package: Path
    form: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the collection's database answers."""
        assert self.collection.db is not None
        return [tuple(row) for row in self.collection.db.all(sql)]


def fill(collection: Collection) -> None:
    """Notes of several note types in nested decks, with media, scheduling and odd names."""
    for name, data in MEDIA.items():
        assert collection.media.write_data(name, data) == name
    models = collection.models
    custom = models.new("Straße & Maß {ß} İ ﬁ")
    custom["type"] = MODEL_STD
    custom["css"] = ".card { font-family: x } @import '_style.css';"
    for index, name in enumerate(["Wort", "Ünïcode", "straße", "Key"]):
        field = models.new_field(name)
        field["id"] = -(2**62) + index
        models.add_field(custom, field)
    for index in range(2):
        template = models.new_template(f"Kärtchen {index}")
        template["qfmt"] = f"{{{{Wort}}}} {index}"
        template["afmt"] = "{{FrontSide}}<hr>{{Ünïcode}} 😀"
        template["id"] = 10**15 + index
        models.add_template(custom, template)
    custom_id = NotetypeId(models.add_dict(custom).id)
    texts = [
        ("Basic", ["front [sound:a.mp3]", '<img src="naïve picture.png">'], "A"),
        ("Basic (and reversed card)", ["recto", "verso"], "A::B::C"),
        ("Cloze", ["{{c1::one}} and {{c3::three}}", "empty.txt <a href='empty.txt'>x</a>"], "A::B"),
        ("", ["Wort", "line<br>\n😀", "", "words/wort"], "ß::İ"),
    ]
    for name, fields, deck in texts * 3:
        model = models.by_name(name) if name else models.get(custom_id)
        assert model is not None
        note = collection.new_note(model)
        note.fields = list(fields)
        note.tags = ["one", "two::three", "ünï"]
        identifier = collection.decks.id(deck)
        assert identifier is not None
        collection.add_note(note, identifier)
    for name, markdown in (("A", True), ("A::B", False)):
        described = collection.decks.by_name(name)
        assert described is not None
        described["desc"] = f"About *{name}*"
        described["md"] = markdown
        collection.decks.save(described)
    studied = collection.decks.id("A")
    assert studied is not None
    collection.decks.select(studied)
    for _ in range(5):
        card = collection.sched.getCard()
        if card is not None:
            collection.sched.answerCard(card, 3)


@pytest.fixture(scope="module", params=FORMATS)
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exported]:
    """A filled collection, exported in each format with everything in it."""
    folder = tmp_path_factory.mktemp("exported")
    with empty_collection(folder) as collection:
        fill(collection)
        package = folder / "all.apkg"
        collection.export_anki_package(
            out_path=str(package),
            options=ExportAnkiPackageOptions(
                with_scheduling=True,
                with_deck_configs=True,
                with_media=True,
                legacy=FORMATS[request.param],
            ),
            limit=None,
        )
        yield Exported(collection, package, request.param)


def test_format(exported: Exported) -> None:
    """Both formats are told apart, and no dummy is taken for the collection."""
    with apkg.opened(exported.package) as package:
        assert package.format == exported.form
        assert list(package.database_problems()) == []


def test_notes(exported: Exported) -> None:
    """Every note has the id, GUID, note type, time, tags and fields that Anki says."""
    expected = [
        apkg.Note(nid, guid, mid, mod, tuple(tags.split()), tuple(fields.split("\x1f")))
        for nid, guid, mid, mod, tags, fields in exported.rows(
            "select id, guid, mid, mod, tags, flds from notes order by id"
        )
    ]
    assert len(expected) == 12
    with apkg.opened(exported.package) as package:
        assert list(package.notes()) == expected


def test_cards(exported: Exported) -> None:
    """Every card has its note, deck, ordinal and schedule."""
    with apkg.opened(exported.package) as package:
        found = {
            (card.id, card.note, package.decks[card.deck].name, card.ordinal)
            for card in package.cards()
        }
        cards = list(package.cards())
    decks = exported.collection.decks
    rows = exported.rows("select id, nid, did, ord, type, queue, due from cards order by nid, ord")
    assert found == {(row[0], row[1], decks.name(row[2]), row[3]) for row in rows}
    schedule = [(card.id, card.type, card.queue) for card in cards]
    assert schedule == [(row[0], row[4], row[5]) for row in rows]
    new = [(card.id, card.due) for card in cards if card.type == 0]
    assert new == [(row[0], row[6]) for row in rows if row[4] == 0]
    assert any(card.type for card in cards)


def test_note_types(exported: Exported) -> None:
    """Every used note type has its fields, templates, ids, styling and kind."""
    with apkg.opened(exported.package) as package:
        found = dict(package.note_types)
    used = {row[0] for row in exported.rows("select distinct mid from notes")}
    assert used <= set(found)
    for number in used:
        model = exported.collection.models.get(NotetypeId(number))
        assert model is not None
        kind = apkg.Kind.CLOZE if model["type"] == MODEL_CLOZE else apkg.Kind.STANDARD
        assert found[number] == apkg.NoteType(
            id=number,
            name=model["name"],
            kind=kind,
            fields=tuple(apkg.Field(f["name"], f["id"]) for f in model["flds"]),
            templates=tuple(
                apkg.Template(t["name"], t["id"], t["qfmt"], t["afmt"]) for t in model["tmpls"]
            ),
            css=model["css"],
            mod=model["mod"],
        )


def test_decks(exported: Exported) -> None:
    """Every deck has its full name, and its description as Markdown or as HTML."""
    with apkg.opened(exported.package) as package:
        found = {
            deck.name: (deck.description, deck.markdown)
            for deck in package.decks.values()
            if deck.name != "Default"
        }
    assert found == {
        deck["name"]: (deck["desc"], deck.get("md", False))
        for deck in exported.collection.decks.all()
        if deck["name"] != "Default"
    }
    assert {"A", "A::B", "A::B::C", "ß", "ß::İ"} <= set(found)


def test_media(exported: Exported) -> None:
    """The files that notes name, and those of templates, have their names, sizes and bytes."""
    with apkg.opened(exported.package) as package:
        found = {name: b"".join(package.open_media(name)) for name in package.media}
        assert {"a.mp3", "naïve picture.png", "_style.css"} <= set(found)
        for name, data in found.items():
            assert data == MEDIA[name]
            assert package.media[name].size == len(data)
            digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
            assert package.media[name].sha1 in ((digest,) if exported.form == "modern" else (None,))


def test_anki_exports_are_clean(exported: Exported) -> None:
    """What Anki itself exports has no finding."""
    verdict = verify(exported.package)
    assert verdict.findings == ()
    assert verdict.notes == 12


def test_cut_off(exported: Exported, tmp_path: Path) -> None:
    """A package of either format, cut off anywhere, is one finding."""
    data = exported.package.read_bytes()
    path = tmp_path / "cut.apkg"
    for part in range(20):
        path.write_bytes(data[: len(data) * part // 20])
        assert verify(path).counts == {Code.UNREADABLE: 1}


def test_broken_entries(exported: Exported, tmp_path: Path) -> None:
    """An entry whose bytes were cut in half or changed is an error in either format."""
    entries = read_zip(exported.package)
    for name, data in entries.items():
        if name == "collection.anki2" or not data:  # the dummy is not read
            continue
        for broken in (data[: len(data) // 2], bytes(len(data))):
            if name.isdecimal() and exported.form != "modern":
                continue  # legacy packages say nothing of their media's bytes
            path = write_zip(tmp_path / "broken.apkg", {**entries, name: broken})
            assert not verify(path).ok, name


def test_genanki(tmp_path: Path) -> None:
    """A package that genanki wrote itself, with ids as text, is read and clean."""
    sound = tmp_path / "sound.mp3"
    sound.write_bytes(b"mp3")
    model = genanki.Model(
        1607392319,
        "Simple",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[{"name": "Card 1", "qfmt": "{{Question}}", "afmt": "{{Answer}}"}],
    )
    deck = genanki.Deck(2059400110, "Countries::Europe", "Capitals")
    deck.add_note(genanki.Note(model, ["France", "Paris[sound:sound.mp3]"], tags=["x"]))
    path = tmp_path / "genanki.apkg"
    genanki.Package(deck, [str(sound)]).write_to_file(str(path))
    assert verify(path).findings == ()
    with apkg.opened(path) as package:
        [note] = package.notes()
        [card] = package.cards()
        assert package.note_types[note.note_type].name == "Simple"
        assert note.fields == ("France", "Paris[sound:sound.mp3]")
        assert package.decks[card.deck].name == "Countries::Europe"
        assert b"".join(package.open_media("sound.mp3")) == b"mp3"


def test_own_course(course: Path, tmp_path: Path) -> None:
    """The repository's own packages are clean, before and after a journey through Anki."""
    packages = sorted((course / "dist").glob("*.apkg"))
    assert packages
    for path in packages:
        assert verify(path).findings == ()
    with empty_collection(tmp_path) as collection:
        import_package(collection, packages[0])
        again = tmp_path / "again.apkg"
        collection.export_anki_package(
            out_path=str(again),
            options=ExportAnkiPackageOptions(with_media=True, legacy=False),
            limit=None,
        )
    assert verify(again).findings == ()
    with apkg.opened(packages[0]) as before, apkg.opened(again) as after:
        assert {(n.guid, n.fields, n.mod) for n in before.notes()} == {
            (n.guid, n.fields, n.mod) for n in after.notes()
        }
        assert set(before.media) == set(after.media)


def test_memory_stays_flat(tmp_path: Path) -> None:
    """Twenty thousand long notes are streamed in the memory that one note needs, roughly."""
    text = "word " * 200
    draft = Draft(
        models={"11": BASIC},
        notes=[(n, f"guid-{n}", 11, 1, "", f"{n} {text}\x1f{text}") for n in range(1, 20_001)],
        cards=[(n, n, 1, 0, 0, 0, 0, n) for n in range(1, 20_001)],
        media={},
        entries={},
    )
    path = draft.write(tmp_path / "large.apkg")
    del draft
    tracemalloc.start()
    try:
        with apkg.opened(path) as package:
            assert sum(1 for _ in package.notes()) == 20_000
            assert sum(1 for _ in package.cards()) == 20_000
        read = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        assert verify(path).findings == ()
        verified = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The texts have 40 MB; a check remembers the GUIDs.
    assert read < 8 << 20
    assert verified < 16 << 20
