"""``ankigen init``: a course that builds at once, and that Anki takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from backend import empty_collection, import_package
from support import ankigen

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_course_checks_builds_and_is_imported(tmp_path: Path) -> None:
    """Without a network, without a warning; every note with its sound is in Anki afterwards."""
    done = ankigen("init", "demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith("  cd demo\n  ankigen check --strict\n  ankigen build\n")
    root = tmp_path / "demo"
    checked = ankigen("check", "--strict", cwd=root)
    assert checked.returncode == 0, checked.stdout
    built = ankigen("build", "--offline", "--json", cwd=root)
    assert built.returncode == 0, built.stderr
    said = json.loads(built.stdout)
    whole = next(deck for deck in said["decks"] if deck["category"] is None)
    assert (root / "dist" / whole["file"]).name == "demo.apkg"
    (tmp_path / "anki").mkdir()
    with empty_collection(tmp_path / "anki") as collection:
        log = import_package(collection, root / "dist" / whole["file"])
        assert len(log.new) == whole["notes"]
        assert collection.card_count() == whole["cards"]
        names = {deck.name for deck in collection.decks.all_names_and_ids()}
        assert {"Demo::Cooking", "Demo::At the Table"} <= names
        media = collection.media.check()
        assert list(media.missing) == []
        assert list(media.unused) == []
    locked = ankigen("build", "--offline", "--locked", cwd=root)
    assert locked.returncode == 0, locked.stderr


def test_an_american_course_is_as_clean(tmp_path: Path) -> None:
    """The first words are spelt the same on both sides of the Atlantic."""
    done = ankigen("init", "--language", "en-US", "--name", "Cooking", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "cd " not in done.stderr
    checked = ankigen("check", "--strict", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout


def test_an_entry_is_added_to_a_new_course(tmp_path: Path) -> None:
    """The next step of whoever has begun."""
    ankigen("init", cwd=tmp_path)
    values = ("--set", "term=whisk", "--set", "definition=To beat eggs or cream quickly.")
    done = ankigen("add", "terms", *values, "--category", "cooking", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "cards/cooking/terms.yaml").read_text("utf-8")
    assert text.endswith(
        "\n\n- id: whisk\n  term: whisk\n  definition: To beat eggs or cream quickly.\n"
    )


def test_a_second_course_is_not_written_over_the_first(tmp_path: Path) -> None:
    """All that is in the way is listed."""
    ankigen("init", cwd=tmp_path)
    (tmp_path / "words.txt").write_text("mine")
    done = ankigen("init", cwd=tmp_path)
    assert done.returncode == 2
    assert (
        "this folder already has cards, .gitattributes, .github/workflows/decks.yml" in done.stderr
    )
    assert (tmp_path / "words.txt").read_text() == "mine"
