"""Notes of a release in the files of its packages."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from ankigen import apkg, config, notetype
from ankigen.clips import Store
from ankigen.package import Mods
from ankigen.packing import Packages
from ankigen.reading import read
from support import SMALL, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.reading import Contents

TWO = {
    **SMALL,
    "ankigen.yaml": "id: small\nname: Small Course\ncategories: [more, basics]\n",
    "cards/more/category.yaml": "name: More\n",
    "cards/more/terms.yaml": "- {id: tile, term: tile, definition: A part.}\n",
}
MODS = Mods({"terms/tile": 7}, {"terms": 8})


@pytest.fixture
def contents(built: Path) -> Contents:
    """A course of two categories whose second has clips."""
    return read(write_project(built, TWO), sound=False)


def packages(contents: Contents, output: Path) -> Packages:
    """A packer of the course."""
    store = Store(contents.course.root / "audio/clips")
    return Packages(contents.course, contents.note_types, MODS, store, output)


def test_a_package_a_category_and_one_of_all(contents: Contents, tmp_path: Path) -> None:
    """Each holds its own notes, note types and sounds; what is said of it is so."""
    output = tmp_path / "out"
    notes = [note for note in contents.notes if note.category == "basics"]
    packer = packages(contents, output)
    with packer.written(notes, contents.course.categories, whole=True) as made:
        assert [path for path in output.iterdir() if path.suffix == ".apkg"] == []
    assert [(deck.category, deck.file, deck.notes, deck.cards, deck.clips) for deck in made] == [
        ("more", "more.apkg", 0, 0, 0),
        ("basics", "basics.apkg", 4, 8, 6),
        (None, "small.apkg", 4, 8, 6),
    ]
    assert {path.name for path in output.iterdir()} == {deck.file for deck in made}
    for deck in made:
        data = (output / deck.file).read_bytes()
        assert (deck.bytes, deck.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        with apkg.opened(output / deck.file) as package:
            assert len(list(package.notes())) == deck.notes
            assert len(package.media) == deck.clips


def test_only_what_is_wanted(contents: Contents, tmp_path: Path) -> None:
    """A part of the course is written without the whole."""
    (basics,) = (category for category in contents.course.categories if category.id == "basics")
    packer = packages(contents, tmp_path / "out")
    with packer.written(contents.notes, [basics], whole=False):
        pass
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["basics.apkg"]


def test_a_clip_that_is_not_there(contents: Contents, tmp_path: Path) -> None:
    """No half package is left."""
    (more,) = (category for category in contents.course.categories if category.id == "more")
    packer = packages(contents, tmp_path / "out")
    with pytest.raises(FileNotFoundError), packer.written(contents.notes, [more], whole=False):
        pass
    assert list((tmp_path / "out").iterdir()) == []


def test_times_and_note_types(contents: Contents, tmp_path: Path) -> None:
    """Notes and note types carry the times of the release, and unused note types stay out."""
    course, _ = config.load(contents.course.root)
    assert course.categories[0].id == "more"
    (tile,) = (note for note in contents.notes if note.category == "more")
    store = Store(tmp_path / "clips")
    store.folder.mkdir()
    for clip in tile.clips:
        store.path(clip).write_bytes(b"sound")
    packer = Packages(course, notetype.built_in(), MODS, store, tmp_path)
    with packer.written([tile], course.categories[:1], whole=False):
        pass
    with apkg.opened(tmp_path / "more.apkg") as package:
        assert [(note.guid, note.mod) for note in package.notes()] == [(tile.guid, 7)]
        assert [(kind.name, kind.mod) for kind in package.note_types.values()] == [
            ("Term (ankigen)", 8)
        ]
        assert {name for deck in package.decks.values() if (name := deck.name) != "Default"} == {
            "Small Course",
            "Small Course::More",
        }
