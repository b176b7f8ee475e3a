"""A whole build, from sources to packages."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ankigen.build import Options, build
from ankigen.diagnostics import SetupError, SourceError
from ankigen.freshness import STATE_FILE
from support import SMALL, decks, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.build import Result

    Spoken = tuple[Path, Result, list[tuple[int, int]]]

MUTE = Options(sound=False)
TWO = {
    **SMALL,
    "ankigen.yaml": "id: small\nname: Small Course\ncategories: [more, basics]\n",
    "cards/more/category.yaml": "name: More\ndescription: Others.\n",
    "cards/more/terms.yaml": "- {id: tile, term: tile, definition: A part., related: [kernel]}\n",
}


@pytest.fixture(scope="module")
def spoken(
    tmp_path_factory: pytest.TempPathFactory,
) -> Spoken:
    """The small project built with sound, what the build said, and its progress."""
    root = write_project(tmp_path_factory.mktemp("spoken"))
    progress: list[tuple[int, int]] = []

    class Watcher:
        def clips(self, done: int, total: int) -> None:
            progress.append((done, total))

    return root, build(root, progress=Watcher()), progress


def names_of_decks(package: bytes) -> set[str]:
    """The decks in a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        data = archive.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        ((text,),) = connection.execute("SELECT decks FROM col")
    made: dict[str, Any] = json.loads(text)
    return {deck["name"] for deck in made.values()} - {"Default"}


def test_with_sound(spoken: Spoken) -> None:
    """Clips are made once, counted, and packed into every deck that plays them."""
    root, result, progress = spoken
    assert (result.audio.made, result.audio.reused) == (6, 0)
    assert progress == [(i, 6) for i in range(1, 7)]
    assert result.audio.seconds > 4
    assert [(d.category, d.notes, d.cards, d.clips) for d in result.decks] == [
        ("basics", 4, 8, 6),
        (None, 4, 8, 6),
    ]
    clips = {path.name for path in (root / "audio/clips").glob("*.mp3")}
    for package in decks(root / "dist").values():
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            assert set(json.loads(archive.read("media")).values()) == clips


def test_the_result_tells_the_truth(
    spoken: Spoken,
) -> None:
    """Sizes and digests are those of the files."""
    root, result, _ = spoken
    written = decks(root / "dist")
    assert {d.file for d in result.decks} == set(written)
    for deck in result.decks:
        assert deck.bytes == len(written[deck.file])
        assert deck.sha256 == hashlib.sha256(written[deck.file]).hexdigest()


def test_a_second_build_is_fresh(
    spoken: Spoken,
) -> None:
    """Nothing to do: the same decks, the sounds counted as reused."""
    root, first, _ = spoken
    again = build(root)
    assert again.fresh
    assert not first.fresh
    assert again.decks == first.decks
    assert (again.audio.made, again.audio.reused, again.audio.seconds) == (
        0,
        6,
        first.audio.seconds,
    )


def test_clips_outlive_decks(spoken: Spoken) -> None:
    """Into an empty folder the same bytes are built again, and no clip is made."""
    root, first, _ = spoken
    other = build(root, Options(output=root / "elsewhere"))
    assert (other.audio.made, other.audio.reused) == (0, 6)
    assert [d.sha256 for d in other.decks] == [d.sha256 for d in first.decks]


def test_categories_become_decks(tmp_path: Path) -> None:
    """Each package holds its deck and the course's; the course's holds all, in study order."""
    root = write_project(tmp_path, TWO)
    result = build(root, MUTE)
    assert [(d.category, d.file, d.notes) for d in result.decks] == [
        ("more", "more.apkg", 1),
        ("basics", "basics.apkg", 4),
        (None, "small.apkg", 5),
    ]
    made = decks(root / "dist")
    assert names_of_decks(made["more.apkg"]) == {"Small Course", "Small Course::More"}
    assert names_of_decks(made["small.apkg"]) == {
        *("Small Course", "Small Course::More", "Small Course::Basics")
    }


def test_one_category(tmp_path: Path) -> None:
    """Only what was asked for, the same bytes as in a whole build."""
    root = write_project(tmp_path, TWO)
    whole = build(root, MUTE).decks
    one = build(root, Options(categories=("basics",), sound=False, output=root / "one"))
    assert [deck.sha256 for deck in one.decks] == [whole[1].sha256]
    assert set(decks(root / "one")) == {"basics.apkg"}


def test_an_unknown_category(small: Path) -> None:
    """A slip is answered with the nearest name, before anything is written."""
    with pytest.raises(SetupError, match="no category 'basic'") as raised:
        build(small, Options(categories=("basic",), sound=False))
    assert raised.value.hint == "did you mean 'basics'?"
    assert not (small / "dist").exists()


def test_all_mistakes_of_all_files(small: Path) -> None:
    """One build tells everything, sorted by place, and leaves the old decks."""
    build(small, MUTE)
    before = decks(small / "dist")
    (small / "cards/basics/terms.yaml").write_text(
        "- {id: kernel, term: kernel}\n- {id: A, x: y}\n"
    )
    (small / "cards/basics/sentences.yaml").write_text("- {id: a, terms: [kernal], text: '{'}\n")
    (small / "cards/basics/verbs.yaml").write_text("- id: a\n")
    with pytest.raises(SourceError) as raised:
        build(small, MUTE)
    found = raised.value.diagnostics
    assert list(found) == sorted(found)
    assert {d.span.file.rpartition("/")[2] for d in found} == {
        *("terms.yaml", "sentences.yaml", "verbs.yaml")
    }
    assert {d.code for d in found} >= {"AG101", "AG102", "AG104", "AG202", "AG301"}
    assert decks(small / "dist") == before


def test_warnings_come_at_every_build(small: Path) -> None:
    """A build with warnings is done, and is not taken for up to date."""
    terms = SMALL["cards/basics/terms.yaml"].replace("A function", "A <video> function")
    (small / "cards/basics/terms.yaml").write_text(terms)
    for _ in range(2):
        result = build(small, MUTE)
        assert [d.code for d in result.warnings] == ["AG401"]
        assert not result.fresh


def test_packages_of_no_category_any_more(tmp_path: Path) -> None:
    """What builds wrote for categories that are gone is named until it is; nothing is deleted."""
    root = write_project(tmp_path / "course", TWO)
    (root / "dist").mkdir()
    (root / "dist/mine.apkg").touch()
    assert build(root, MUTE).strays == ()
    assert build(root, Options(sound=False, categories=("more",))).strays == ()
    (root / "cards/basics").rename(root / "cards/base")
    (root / "ankigen.yaml").write_text(TWO["ankigen.yaml"].replace("basics", "base"))
    for options in (Options(sound=False, categories=("more",)), MUTE, MUTE):
        made = build(root, options)
        assert made.strays == ("basics.apkg",)
    assert made.fresh
    assert set(decks(root / "dist")) == {f"{n}.apkg" for n in ("mine", "basics")} | {
        deck.file for deck in made.decks
    }
    (root / "dist/basics.apkg").unlink()
    assert build(root, MUTE).strays == ()


def test_a_voice_that_is_not_here(small: Path) -> None:
    """A voice of another machine is refused before anything is written."""
    with (small / "ankigen.yaml").open("a") as file:
        file.write("voices: {default: {engine: hibari, voice: hart}}\n")
    with pytest.raises(SetupError, match="has no voice 'hart'"):
        build(small, MUTE)
    assert not (small / "dist").exists()


def test_an_old_package_is_replaced_whole(small: Path) -> None:
    """Decks are swapped in; no temporary file stays."""
    build(small, MUTE)
    (small / "dist/basics.apkg").write_bytes(b"broken")
    build(small, MUTE)
    names = {path.name for path in (small / "dist").iterdir()}
    assert names == {"basics.apkg", "small.apkg", STATE_FILE}
    assert zipfile.is_zipfile(small / "dist/basics.apkg")
