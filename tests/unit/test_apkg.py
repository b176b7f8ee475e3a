"""Reading packages: what is there, and every way in which it may not be."""

from __future__ import annotations

import contextlib
import os
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankigen import apkg
from ankigen.apkg import PackageError, archive, collection
from ankigen.verify import Code, verify
from packages import (
    BASIC,
    SOUND,
    Draft,
    compress,
    delimited,
    media_entry,
    read_zip,
    varint,
    write_zip,
)


def read(path: Path) -> dict[str, Any]:
    """Everything that a package holds, its media's bytes included."""
    with apkg.opened(path) as package:
        return {
            "format": package.format,
            "note types": dict(package.note_types),
            "decks": dict(package.decks),
            "notes": list(package.notes()),
            "cards": list(package.cards()),
            "media": {name: b"".join(package.open_media(name)) for name in package.media},
            "problems": list(package.database_problems()),
        }


def refused(path: Path) -> str:
    """What the error says; the check of the package must call it unreadable or broken too."""
    with pytest.raises(PackageError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}: ")
    assert error.value.hint
    codes = set(verify(path).counts)
    assert codes & {Code.UNREADABLE, Code.BROKEN_MEDIA, Code.MISSING_ENTRY}
    return error.value.problem


def test_reads_everything(tmp_path: Path) -> None:
    """Note types, decks, notes, cards and media of a legacy package come as nouns."""
    found = read(Draft().write(tmp_path / "a.apkg"))
    assert found["format"] is apkg.Format.LEGACY_1
    assert found["note types"][11] == apkg.NoteType(
        id=11,
        name="Basic",
        kind=apkg.Kind.STANDARD,
        fields=(apkg.Field("Front", None), apkg.Field("Back", None)),
        templates=(apkg.Template("Card 1", None, "{{Front}}", "{{FrontSide}} {{Back}}"),),
        css=".card {}",
        mod=5,
    )
    assert found["note types"][12].kind is apkg.Kind.CLOZE
    assert found["decks"] == {1: apkg.Deck(1, "A::B", "", markdown=False)}
    assert found["notes"] == [
        apkg.Note(1, "guid-1", 11, 7, ("one", "two"), ("front[sound:a.mp3]", "back"))
    ]
    assert found["cards"] == [apkg.Card(101, 1, 1, 0, 0, 0, 0, 3)]
    assert found["media"] == {"a.mp3": SOUND}
    assert found["problems"] == []


def test_numbers_as_other_makers_write_them(tmp_path: Path) -> None:
    """Ids as text, times as fractions, ids of fields and templates where there are any."""
    field = {"name": "Front", "id": 77}
    model = {**BASIC, "id": "11", "mod": 5.5, "flds": [field, {"name": "Back", "id": None}]}
    found = read(Draft(models={"11": model}).write(tmp_path / "a.apkg"))["note types"][11]
    assert found.mod == 5
    assert found.fields == (apkg.Field("Front", 77), apkg.Field("Back", None))


def test_newest_collection_is_read(tmp_path: Path) -> None:
    """A dummy beside a newer collection is passed over."""
    dummy = Draft(notes=[(1, "update", 11, 1, "", "please\x1fupdate")]).database()
    path = write_zip(
        tmp_path / "a.apkg",
        {
            "collection.anki2": dummy,
            "collection.anki21": Draft().database(),
            "media": b'{"0": "a.mp3"}',
            "0": SOUND,
        },
    )
    found = read(path)
    assert found["format"] is apkg.Format.LEGACY_2
    assert [note.guid for note in found["notes"]] == ["guid-1"]


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The temporary folder is gone afterwards, also when the package turns out to be broken."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    read(Draft().write(tmp_path / "a.apkg"))
    refused(Draft(sql="DROP TABLE cards").write(tmp_path / "b.apkg"))
    assert list(scratch.iterdir()) == []


def test_package_is_not_changed(tmp_path: Path) -> None:
    """Reading leaves the package's bytes alone, and puts nothing beside it."""
    path = Draft().write(tmp_path / "a.apkg")
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# Not a package


def test_no_such_file(tmp_path: Path) -> None:
    """A missing file and a folder are named as what they are."""
    assert refused(tmp_path / "none.apkg") == "there is no such file"
    assert refused(tmp_path) == "this is not a file"
    assert refused(Path("a\0b")) == "there is no such file"


def test_pipe_is_not_read(tmp_path: Path) -> None:
    """A named pipe does not block."""
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == "this is not a file"


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04", b"\0" * 1000])
def test_not_a_zip(tmp_path: Path, data: bytes) -> None:
    """What is no zip is said to be none."""
    path = tmp_path / "a.apkg"
    path.write_bytes(data)
    assert "no Anki package" in refused(path)


def test_zip_without_a_collection(tmp_path: Path) -> None:
    """A zip of something else is no package."""
    path = write_zip(tmp_path / "a.apkg", {"readme.txt": b"hello"})
    assert "holds no collection" in refused(path)


def test_cut_off(tmp_path: Path) -> None:
    """A package cut off at every twentieth of its length is refused."""
    data = Draft().write(tmp_path / "a.apkg").read_bytes()
    path = tmp_path / "b.apkg"
    for part in range(20):
        path.write_bytes(data[: len(data) * part // 20])
        assert "cut off" in refused(path)


_ORIGINAL: list[bytes] = []


def _draft_bytes() -> bytes:
    if not _ORIGINAL:
        with tempfile.TemporaryDirectory() as folder:
            _ORIGINAL.append(Draft().write(Path(folder) / "a.apkg").read_bytes())
    return _ORIGINAL[0]


@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_bytes(damage: list[tuple[int, int]]) -> None:
    """Whatever bytes of a package are changed, it is read or refused."""
    data = bytearray(_draft_bytes())
    for place, value in damage:
        data[place % len(data)] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.apkg"
        path.write_bytes(data)
        verify(path)
        with contextlib.suppress(PackageError):
            read(path)


@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=40))
@settings(max_examples=200)
def test_damaged_database(damage: list[tuple[int, int]]) -> None:
    """Whatever bytes of a database are changed, it is read or refused."""
    data = bytearray(Draft().database())
    for place, value in damage:
        data[place % len(data)] = value
    with tempfile.TemporaryDirectory() as folder:
        path = write_zip(Path(folder) / "a.apkg", {"collection.anki2": bytes(data)})
        verify(path)
        with contextlib.suppress(PackageError):
            read(path)


# The zip


def _patched(path: Path, signature: bytes, offset: int, value: bytes) -> None:
    """Change a header of every entry of a zip."""
    data = bytearray(path.read_bytes())
    at = data.find(signature)
    while at >= 0:
        data[at + offset : at + offset + len(value)] = value
        at = data.find(signature, at + 1)
    path.write_bytes(data)


def test_encrypted(tmp_path: Path) -> None:
    """An encrypted entry is named."""
    path = Draft().write(tmp_path / "a.apkg")
    _patched(path, b"PK\x01\x02", 8, b"\x01\x00")
    _patched(path, b"PK\x03\x04", 6, b"\x01\x00")
    assert "encrypted" in refused(path)


@pytest.mark.parametrize("method", [12, 14, 93, 99])
def test_other_compressions(tmp_path: Path, method: int) -> None:
    """What Anki cannot unpack is refused."""
    path = Draft().write(tmp_path / "a.apkg")
    _patched(path, b"PK\x01\x02", 10, struct.pack("<H", method))
    _patched(path, b"PK\x03\x04", 8, struct.pack("<H", method))
    assert "in a way that Anki cannot read" in refused(path)


def test_wrong_checksum(tmp_path: Path) -> None:
    """An entry whose bytes are not those that the zip promises is broken."""
    path = Draft().write(tmp_path / "a.apkg")
    _patched(path, b"PK\x01\x02", 16, b"\x12\x34\x56\x78")
    assert "broken" in refused(path)


def test_too_many_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of entries is limited."""
    monkeypatch.setattr(archive, "MAX_ENTRIES", 2)
    assert "3 entries" in refused(Draft().write(tmp_path / "a.apkg"))


def test_list_of_entries_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of entries is not read into memory beyond its limit."""
    monkeypatch.setattr(archive, "MAX_DIRECTORY_BYTES", 66_000)
    entries = {f"{number:060}": b"" for number in range(1000)}
    path = write_zip(tmp_path / "a.apkg", entries)
    assert "its list of entries" in refused(path)


def test_deflate_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that declares more than it may have is not unpacked."""
    monkeypatch.setattr(apkg, "MAX_MEDIA_BYTES", 1 << 20)
    draft = Draft(entries={"0": bytes(2 << 20)})
    assert "unpacks to more than" in refused(draft.write(tmp_path / "a.apkg"))


def test_lying_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that holds more than it declares is cut off or broken."""
    monkeypatch.setattr(apkg, "MAX_MEDIA_BYTES", 1 << 20)
    path = Draft(entries={"0": bytes(2 << 20)}).write(tmp_path / "a.apkg")
    with zipfile.ZipFile(path) as zipped:
        start = zipped.getinfo("0").header_offset
    data = bytearray(path.read_bytes())
    directory = data.rfind(b"PK\x01\x02")
    data[start + 22 : start + 26] = data[directory + 24 : directory + 28] = struct.pack("<I", 5)
    path.write_bytes(data)
    assert "broken" in refused(path)


def test_many_small_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a whole package may unpack to is limited too."""
    monkeypatch.setattr(archive, "MAX_READ_BYTES", 1 << 20)
    monkeypatch.setattr(archive, "MAX_READ_RATIO", 0)
    entries = {str(number): bytes(600_000) for number in range(4)}
    draft = Draft(media={name: f"{name}.mp3" for name in entries}, entries=entries)
    assert "unpacks to more than" in refused(draft.write(tmp_path / "a.apkg"))


def modern(**parts: bytes) -> dict[str, bytes]:
    """The entries of a modern package whose database is that of a legacy one."""
    entries = {
        "meta": varint(8) + varint(3),
        "collection.anki21b": compress(Draft().database()),
        "media": compress(media_entry("a.mp3", SOUND)),
        "0": compress(SOUND),
    }
    return {**entries, **{name.replace("_", "."): data for name, data in parts.items()}}


def test_zstd_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small frame that unpacks to a large database is not unpacked."""
    monkeypatch.setattr(apkg, "MAX_COLLECTION_BYTES", 1 << 20)
    entries = modern(collection_anki21b=compress(bytes(64 << 20)))
    assert len(entries["collection.anki21b"]) < 10_000
    path = write_zip(tmp_path / "a.apkg", entries)
    assert "unpacks to more than the 1 MB" in refused(path)


@pytest.mark.parametrize("data", [b"", b"hello", compress(b"hello")[:-3], compress(b"hello")])
def test_broken_zstd(tmp_path: Path, data: bytes) -> None:
    """What is no zstd, or zstd of no database, is refused."""
    refused(write_zip(tmp_path / "a.apkg", modern(collection_anki21b=data)))


def test_schema_of_the_wrong_format(tmp_path: Path) -> None:
    """A modern package must have the modern tables."""
    path = write_zip(tmp_path / "a.apkg", modern())
    assert refused(path) == "its database has no table 'notetypes'"


# meta and the media map


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        (b"\x08", "broken"),
        (b"", "format 0 is unknown"),
        (varint(8) + varint(9), "format 9 is unknown"),
        (varint(8) + varint(2), "promises collection.anki21,"),
        (delimited(1, b"x"), "broken"),
        (bytes(2000), "unpacks to more than"),
    ],
)
def test_wrong_meta(tmp_path: Path, meta: bytes, said: str) -> None:
    """A format that is unknown or not the one of the collection is refused."""
    assert said in refused(write_zip(tmp_path / "a.apkg", modern(meta=meta)))


def test_collection_that_anki_would_not_read(tmp_path: Path) -> None:
    """A newer collection than the one that ``meta`` leads Anki to would hide what it imports."""
    entries = read_zip(Draft().write(tmp_path / "a.apkg"))
    entries |= {"meta": varint(8) + varint(1), "collection.anki21": Draft().database()}
    assert "promises collection.anki2," in refused(write_zip(tmp_path / "b.apkg", entries))


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "..\\x", "a/b", "C:x", "", ".", "..", "a\0b", "x/"]
)
def test_paths_in_the_media_map(tmp_path: Path, name: str) -> None:
    """A name that is not a bare file name is refused in both formats, as Anki does."""
    assert "no bare file name" in refused(Draft(media={"0": name}).write(tmp_path / "a.apkg"))


@pytest.mark.parametrize(
    "media",
    [
        [],
        None,
        "text",
        {"0": 5},
        {"0": None},
        {"0": ["a"]},
        {"x": "a.mp3"},
        {"-1": "a.mp3"},
        {"../0": "a.mp3"},
        {"9" * 5000: "a.mp3"},
        {"٣": "a.mp3"},
        {"0": "\ud800"},
    ],
)
def test_wrong_media_maps(tmp_path: Path, media: Any) -> None:
    """A map of other types than Anki's is refused."""
    assert "media map is broken" in refused(Draft(media=media).write(tmp_path / "a.apkg"))


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'{"0": ' + b"[" * 100_000])
def test_media_map_that_is_no_json(tmp_path: Path, data: bytes) -> None:
    """A map that is no JSON, or nested too deep to read, is refused."""
    entries = {"collection.anki2": Draft().database(), "media": data}
    assert "media map is broken" in refused(write_zip(tmp_path / "a.apkg", entries))


def test_missing_media_map(tmp_path: Path) -> None:
    """A package without a map has no media, as Anki takes it."""
    path = write_zip(tmp_path / "a.apkg", {"collection.anki2": Draft().database()})
    assert read(path)["media"] == {}


def test_missing_entry_of_media(tmp_path: Path) -> None:
    """A file that the zip lacks is known as missing and cannot be opened."""
    path = Draft(entries={}).write(tmp_path / "a.apkg")
    with apkg.opened(path) as package:
        assert package.media["a.mp3"].missing
    assert refused(path) == "the zip holds no '0'"


def test_unknown_media(tmp_path: Path) -> None:
    """Asking for a file that the map does not name is an error of the same kind."""
    with apkg.opened(Draft().write(tmp_path / "a.apkg")) as package, pytest.raises(PackageError):
        next(package.open_media("b.mp3"))


@given(st.binary(max_size=200))
def test_arbitrary_map_and_meta(data: bytes) -> None:
    """Any bytes for the media map and for ``meta`` are read or refused, in both formats."""
    variants = [
        {"collection.anki2": Draft().database(), "media": data},
        modern(media=compress(data)),
        modern(media=data),
        modern(meta=data),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for entries in variants:
            path = write_zip(Path(folder) / "a.apkg", entries)
            verify(path)
            with contextlib.suppress(PackageError):
                read(path)


# The database


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DROP TABLE notes", "no table 'notes'"),
        ("ALTER TABLE notes DROP COLUMN flds", "no column 'flds'"),
        ("DELETE FROM col", "empty table 'col'"),
        ("DROP TABLE notes; CREATE VIEW notes AS SELECT 1 AS id", "the view 'notes'"),
        (
            (
                "DROP TABLE notes; CREATE VIEW notes AS WITH RECURSIVE n(id) AS"
                " (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n"
            ),
            "the view 'notes'",
        ),
        ("CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM cards; END", "the trigger 't'"),
        ("CREATE VIRTUAL TABLE v USING fts5(x)", "the virtual table 'v'"),
        (
            (
                "ALTER TABLE notes RENAME TO old; CREATE TABLE notes (id, guid, mid, mod, tags,"
                " flds AS (zeroblob(1000000000)))"
            ),
            "no column 'flds'",
        ),
        ("UPDATE notes SET flds = x'00ff'", "bytes where text should be"),
        ("UPDATE notes SET guid = x'00'", "bytes where text should be"),
        ("UPDATE notes SET mid = 'eleven'", "str where a number should be"),
        ("UPDATE cards SET due = 1.5", "float where a number should be"),
        ("UPDATE notes SET flds = CAST(x'ff' AS text)", "database is broken"),
        ("UPDATE col SET models = x'7b7d'", "bytes where text should be"),
        ("UPDATE col SET models = '{'", "JSON"),
        ("UPDATE col SET decks = '[]'", "list where a JSON object should be"),
        (
            (
                "ALTER TABLE notes RENAME TO old; CREATE TABLE notes (id, guid, mid, mod, tags,"
                " flds); INSERT INTO notes VALUES (1, NULL, 11, 1, '', 'x')"
            ),
            "NoneType where text should be",
        ),
    ],
)
def test_strange_databases(tmp_path: Path, sql: str, said: str) -> None:
    """Tables, columns and values that Anki does not write are named."""
    assert said in refused(Draft(sql=sql).write(tmp_path / "a.apkg"))


@pytest.mark.parametrize(
    "models",
    [
        {"x": BASIC},
        {"11": []},
        {"11": {}},
        {"11": {**BASIC, "flds": "x"}},
        {"11": {**BASIC, "flds": [1]}},
        {"11": {**BASIC, "flds": [{"name": 1}]}},
        {"11": {**BASIC, "flds": [{"name": "x", "id": "y"}]}},
        {"11": {**BASIC, "tmpls": [{"name": "x"}]}},
        {"11": {**BASIC, "name": "\ud800"}},
        {"11": {**BASIC, "mod": float("inf")}},
        {"11": {**BASIC, "mod": float("nan")}},
        {"11": {**BASIC, "type": {}}},
        {"11": {**BASIC, "css": None}},
    ],
)
def test_wrong_note_types(tmp_path: Path, models: Any) -> None:
    """JSON of other types than Anki's is refused."""
    assert "what Anki does not write" in refused(Draft(models=models).write(tmp_path / "a.apkg"))


def test_deep_json(tmp_path: Path) -> None:
    """JSON nested too deep to read is refused."""
    sql = "UPDATE col SET models = '" + "[" * 100_000 + "'"
    assert "JSON" in refused(Draft(sql=sql).write(tmp_path / "a.apkg"))


def test_no_database(tmp_path: Path) -> None:
    """A collection that is no database is refused."""
    path = write_zip(tmp_path / "a.apkg", {"collection.anki2": b"hello" * 1000})
    assert "not a database" in refused(path)


def test_huge_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value beyond the limit is refused, not read."""
    monkeypatch.setattr(collection, "MAX_VALUE_BYTES", 100_000)
    path = Draft().note("x" * 200_000 + "\x1f").write(tmp_path / "a.apkg")
    assert "too big" in refused(path)


def test_slow_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that takes more steps than any should is stopped."""
    monkeypatch.setattr(collection, "_MAX_STEPS", 20_000)
    notes = [(n, f"g{n}", 11, 1, "", "a\x1fb") for n in range(10_000)]
    path = Draft(notes=notes).write(tmp_path / "a.apkg")
    assert "interrupted" in refused(path)


def test_every_error_says_what_to_do(tmp_path: Path) -> None:
    """An error carries the file, the problem and a hint; its text has all three."""
    with pytest.raises(PackageError) as caught:
        read(tmp_path / "a.apkg")
    error = caught.value
    assert str(error) == f"{error.file}: {error.problem}; {error.hint}"
