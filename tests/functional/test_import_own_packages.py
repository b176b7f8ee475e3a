"""A package of ours, imported into an empty course and built again, is the same package."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import yaml
from anki.collection import ExportAnkiPackageOptions

import everytype
from ankigen import notetype
from learner import learner
from support import SMALL, ankigen, decks, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

BARE = SMALL["ankigen.yaml"].split("categories")[0]
HEAD = "id: {id}\nname: {name}\n"


def entries(path: Path) -> list[dict[str, Any]]:
    """The entries of a file, without what no package holds.

    That is the order of tags, emphasis in hints, and paragraphs of what is spoken.
    """
    found: list[dict[str, Any]] = yaml.load(path.read_bytes(), yaml.CBaseLoader)  # noqa: S506 - all text
    for entry in found:
        for key in ("topics", "l1"):
            entry.get(key, []).sort()
        if "answer" in entry:
            entry["answer"] = " ".join(entry["answer"].split())
        if "hint" in entry:
            entry["hint"] = entry["hint"].replace("*", "")
    return found


def by_id(entry: Mapping[str, Any]) -> str:
    """The id of an entry."""
    return str(entry["id"])


def all_by_id(root: Path) -> Mapping[str, Mapping[str, Any]]:
    """Every entry, without what may stand in another order or name another of the same name."""
    loose = {"related", "wrong"}
    return {
        f"{name}/{entry['id']}": {k: v for k, v in entry.items() if k not in loose}
        for name in notetype.built_in()
        for entry in entries(root / f"cards/all/{name}.yaml")
    }


def imported(root: Path, package: Path, head: str, *arguments: str) -> Path:
    """A new course with what a package holds."""
    write_project(root, {"ankigen.yaml": head})
    done = ankigen("import", package, *arguments, cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    return root


@pytest.mark.whole
@pytest.mark.xfail(
    strict=True, reason="the order of categories is not read back, and with it that of examples"
)
def test_the_course(course: Path, tmp_path: Path) -> None:
    """The repository's own course: every file, the lock and every package come back the same."""
    head = (course / "ankigen.yaml").read_text()
    head = head[: head.index("# In study order.")] + head[head.index("voices:") :]
    root = write_project(tmp_path / "again", {"ankigen.yaml": head})
    for name in ("pronunciations.yaml",):
        shutil.copy(course / name, root)
    shutil.copytree(course / "audio/clips", root / "audio/clips")
    package = course / "dist/english-for-ml-compiler-engineers.apkg"
    done = ankigen("import", package, cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Changed" not in done.stdout
    assert "Left out" not in done.stdout
    for path in sorted((course / "cards").rglob("*.yaml")):
        again = root / path.relative_to(course)
        if path.name == "category.yaml":
            continue
        # Only what shows in a package of the order in the files can come back.
        assert sorted(entries(again), key=by_id) == sorted(entries(path), key=by_id), path.name
    assert (root / "ankigen.lock").read_text() == (course / "ankigen.lock").read_text()
    done = ankigen("build", "--locked", cwd=root)
    assert done.returncode == 0, done.stderr
    assert decks(root / "dist") == decks(course / "dist")


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with every note type, each of its keys there and left out, built with sound."""
    root = write_project(tmp_path_factory.mktemp("every"), everytype.files())
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


def test_every_note_type(every: Path, tmp_path: Path) -> None:
    """All entries of all note types are read back, each into its own file."""
    root = imported(
        tmp_path / "again", every / "dist/every.apkg", HEAD.format(id="every", name="Every")
    )
    assert all_by_id(root) == all_by_id(every)
    shutil.copytree(every / "audio/clips", root / "audio/clips")
    done = ankigen("build", "--locked", cwd=root)
    assert done.returncode == 0, done.stderr
    assert decks(root / "dist") == decks(every / "dist")


def test_into_another_course(every: Path, tmp_path: Path) -> None:
    """Another course makes other GUIDs, so the entries say theirs; learners' notes stay theirs."""
    head = HEAD.format(id="other", name="Other")
    root = imported(tmp_path / "other", every / "dist/every.apkg", head)
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    with learner(tmp_path / "learner") as somebody:
        somebody.imports(every / "dist/every.apkg")
        before = somebody.content()
        log = somebody.imports(root / "dist/other.apkg")
        assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 0, 0)
        assert somebody.content() == before


def test_exported_by_anki(every: Path, tmp_path: Path) -> None:
    """A learner's export, a package of either format or a text, is read back like the build's."""
    head = HEAD.format(id="every", name="Every")
    with learner(tmp_path / "learner") as somebody:
        somebody.imports(every / "dist/every.apkg")
        somebody.study("Every::All", 5)
        collection = somebody.collection
        for name, legacy in (("old.apkg", True), ("new.apkg", False)):
            options = ExportAnkiPackageOptions(
                with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
            )
            collection.export_anki_package(
                out_path=str(tmp_path / name), options=options, limit=None
            )
        collection.export_note_csv(
            out_path=str(tmp_path / "notes.txt"),
            limit=None,
            with_html=True,
            with_tags=True,
            with_deck=True,
            with_notetype=True,
            with_guid=True,
        )
    for name in ("old.apkg", "new.apkg", "notes.txt"):
        root = imported(tmp_path / name.replace(".", "-"), tmp_path / name, head)
        assert all_by_id(root) == all_by_id(every), name


def test_twice(every: Path, tmp_path: Path) -> None:
    """What is in the course already is left as it is, and said to be the same."""
    head = HEAD.format(id="every", name="Every")
    root = imported(tmp_path / "again", every / "dist/every.apkg", head)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    done = ankigen("import", every / "dist/every.apkg", cwd=root)
    assert done.returncode == 0
    assert "Nothing is new.\n56 notes were in the course already, the same." in done.stdout
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_other_texts_are_left(built: Path, tmp_path: Path) -> None:
    """A note that was edited in Anki is told, with its field, and the source is not touched."""
    with learner(tmp_path / "learner") as somebody:
        somebody.imports(built / "dist/small.apkg")
        somebody.edit("terms/kernel", "Definition", "Something else.")
        somebody.collection.export_anki_package(
            out_path=str(tmp_path / "edited.apkg"),
            options=ExportAnkiPackageOptions(with_media=True),
            limit=None,
        )
    before = (built / "cards/basics/terms.yaml").read_bytes()
    done = ankigen("import", tmp_path / "edited.apkg", cwd=built)
    assert done.returncode == 0
    assert "the course has this note, and another text of it: it was not changed" in done.stdout
    assert ", 'kernel': Definition" in done.stdout
    assert "3 notes were in the course already, the same." in done.stdout
    assert (built / "cards/basics/terms.yaml").read_bytes() == before


def test_ipa_that_was_written(tmp_path: Path) -> None:
    """IPA that is not what would be derived is written into the entry."""
    files = {
        **SMALL,
        "cards/basics/terms.yaml": SMALL["cards/basics/terms.yaml"].replace(
            "term: kernel\n", "term: kernel\n  ipa: kɜ\n"
        ),
    }
    root = write_project(tmp_path / "small", files)
    assert ankigen("build", cwd=root).returncode == 0
    again = imported(
        tmp_path / "again", root / "dist/small.apkg", SMALL["ankigen.yaml"].split("categories")[0]
    )
    assert entries(again / "cards/basics/terms.yaml")[0]["ipa"] == "kɜ"
    assert ankigen("build", "--locked", cwd=again).returncode == 0


def test_cards_that_are_turned_off(tmp_path: Path) -> None:
    """They are turned off in the category that is made."""
    head = SMALL["ankigen.yaml"] + "cards:\n  terms: [recognition, listening]\n"
    root = write_project(tmp_path / "small", {**SMALL, "ankigen.yaml": head})
    assert ankigen("build", cwd=root).returncode == 0
    again = imported(
        tmp_path / "again", root / "dist/small.apkg", SMALL["ankigen.yaml"].split("categories")[0]
    )
    made = yaml.safe_load((again / "cards/basics/category.yaml").read_text())
    assert made["cards"] == {"terms": ["recognition", "listening"]}
    assert made["description"] == "The first words."
    assert ankigen("build", "--locked", cwd=again).returncode == 0


def test_without_the_other_categories(course: Path, tmp_path: Path) -> None:
    """One category's package holds sentences of terms that are elsewhere: they are told."""
    root = tmp_path / "one"
    write_project(root, {"ankigen.yaml": "id: x\nname: X\n"})
    done = ankigen("import", course / "dist/hardware.apkg", cwd=root)
    assert done.returncode == 0
    assert "'terms' names an entry that is not among the terms" in done.stdout
    assert ankigen("build", "--no-audio", cwd=root).returncode == 0
