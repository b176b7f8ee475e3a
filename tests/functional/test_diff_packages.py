"""Two releases compared on the command line: of the real Anki, and of ours."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import ExportAnkiPackageOptions
from anki.consts import MODEL_STD

from backend import add_note, add_note_type, empty_collection, import_package
from support import SMALL, ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from anki.collection import Collection
    from anki.models import NotetypeId

FORMATS = {"legacy": True, "modern": False}
Releases = dict[tuple[str, str], "Path"]


def export(collection: Collection, package: Path, *, legacy: bool) -> Path:
    """All notes with their media, as Anki's dialog exports them; return the package."""
    options = ExportAnkiPackageOptions(with_media=True, legacy=legacy)
    collection.export_anki_package(out_path=str(package), options=options, limit=None)
    return package


def diff(old: Path, new: Path) -> Any:
    """What the command says to programs."""
    done = ankigen("diff", old, new, "--format", "json", cwd=old.parent)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def word_type(collection: Collection) -> NotetypeId:
    """A note type of two fields and a card."""
    return add_note_type(collection, "Word", ["Word", "Meaning"], ["{{Word}}"])


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """Two releases by the real Anki in each format: every kind of change is between them."""
    folder = tmp_path_factory.mktemp("exported")
    made: Releases = {}
    with empty_collection(folder) as collection:
        for name in ("kept.mp3", "old.mp3", "new.mp3"):
            assert collection.media.write_data(name, name.encode()) == name
        kind = word_type(collection)
        texts = {
            "same": "stays[sound:kept.mp3]",
            "changed": "a definition of three short words[sound:old.mp3]",
            "tagged": "only its tags change",
            "moved": "goes to another deck",
            "removed": "goes away",
        }
        notes = {
            word: add_note(
                collection, kind, {"Word": word, "Meaning": text}, tags=["stays", "goes"]
            )
            for word, text in texts.items()
        }
        for name, legacy in FORMATS.items():
            made["old", name] = export(collection, folder / f"old-{name}.apkg", legacy=legacy)

        changed = notes["changed"]
        changed["Meaning"] = "a <b>definition</b> of four very short words[sound:new.mp3]"
        notes["tagged"].tags = ["stays", "comes"]
        collection.update_notes([changed, notes["tagged"]])
        deck = collection.decks.id("Other::Deck")
        assert deck is not None
        collection.set_deck(notes["moved"].card_ids(), deck)
        collection.remove_notes([notes["removed"].id])
        add_note(collection, kind, {"Word": "added", "Meaning": "is new"})
        model = collection.models.get(kind)
        assert model is not None
        assert model["type"] == MODEL_STD
        collection.models.rename_field(model, model["flds"][1], "Definition")
        model["css"] += "b { color: red }"
        model["tmpls"][0]["qfmt"] = "What is {{Word}}?"
        collection.models.update_dict(model)
        for name, legacy in FORMATS.items():
            made["new", name] = export(collection, folder / f"new-{name}.apkg", legacy=legacy)
    return made


@pytest.mark.parametrize("before", FORMATS)
@pytest.mark.parametrize("after", FORMATS)
def test_releases_of_anki(exported: Releases, before: str, after: str) -> None:
    """Every change between two exports is found, whichever formats they have."""
    said = diff(exported["old", before], exported["new", after])
    titles = {
        name: [note["title"] for note in said[name]]
        for name in ("added", "changed", "moved", "removed")
    }
    assert titles == {
        "added": ["added"],
        "changed": ["changed", "tagged"],
        "moved": ["moved"],
        "removed": ["removed"],
    }
    words, tags = said["changed"]
    assert [field["name"] for field in words["fields"]] == ["Definition"]
    assert words["tags"] == {"added": [], "removed": []}
    assert (tags["fields"], tags["tags"]) == ([], {"added": ["comes"], "removed": ["goes"]})
    assert (said["moved"][0]["from"], said["moved"][0]["deck"]) == ("Default", "Other::Deck")
    assert said["sounds"] == {"new": ["new.mp3"], "dropped": ["old.mp3"]}
    assert said["note_types"] == [
        {
            "name": "Word",
            "what": [
                "field 'Meaning' is now 'Definition'",
                "card 'Card 1' looks different",
                "has another stylesheet",
            ],
        }
    ]


def test_word_by_word(exported: Releases) -> None:
    """For a person, a changed field shows the words that changed among those that stayed."""
    done = ankigen(
        "diff",
        exported["old", "legacy"],
        exported["new", "modern"],
        cwd=exported["old", "legacy"].parent,
    )
    assert "    Definition: a definition of [-three-] {+four very+} short words\n" in done.stdout


def test_a_package_against_itself(exported: Releases, built_small: Path) -> None:
    """No package differs from itself, and in one format nothing differs from the other."""
    pairs = [(path, path) for path in (*exported.values(), built_small / "dist/small.apkg")]
    pairs += [(exported[when, "legacy"], exported[when, "modern"]) for when in ("old", "new")]
    for old, new in pairs:
        done = ankigen("diff", "--exit-code", old, new, cwd=old.parent)
        assert (done.returncode, done.stdout) == (0, "Nothing differs.\n")


@pytest.mark.parametrize("form", FORMATS)
def test_ours_through_anki(built_small: Path, tmp_path: Path, form: str) -> None:
    """What Anki exports after importing our package is, for learners, our package."""
    ours = built_small / "dist/small.apkg"
    with empty_collection(tmp_path) as collection:
        import_package(collection, ours)
        theirs = export(collection, tmp_path / "theirs.apkg", legacy=FORMATS[form])
    for pair in ((ours, theirs), (theirs, ours)):
        done = ankigen("diff", "--exit-code", *pair, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, "Nothing differs.\n")


def test_releases_of_ours(built: Path, tmp_path: Path) -> None:
    """Two builds of a course: each note under the heading that a learner would look for."""
    old = tmp_path / "old.apkg"
    shutil.copy(built / "dist/small.apkg", old)
    terms = (
        SMALL["cards/basics/terms.yaml"]
        .replace("A function that", "Code that")
        .replace("topics: [fusion]", "topics: [graphs]")
    )
    sentences = SMALL["cards/basics/sentences.yaml"]
    moved = sentences[sentences.index("- id: operator-fusion-1") :]
    new = "- id: operator-fusion-2\n  terms: [operator-fusion]\n  text: Try operator fusion.\n"
    write_project(
        built,
        {
            "ankigen.yaml": SMALL["ankigen.yaml"].replace("[basics]", "[basics, more]"),
            "cards/more/category.yaml": "name: More\n",
            "cards/more/sentences.yaml": moved,
            "cards/basics/terms.yaml": terms,
            "cards/basics/sentences.yaml": new,
        },
    )
    assert ankigen("build", cwd=built).returncode == 0
    said = diff(old, built / "dist/small.apkg")
    keys = {
        name: [note["key"] for note in said[name]]
        for name in ("added", "changed", "moved", "removed")
    }
    assert keys == {
        "added": ["sentences/operator-fusion-2"],
        "changed": ["terms/kernel", "terms/operator-fusion"],
        "moved": ["sentences/operator-fusion-1"],
        "removed": ["sentences/kernel-1"],
    }
    kernel, fusion = said["changed"]
    assert kernel["fields"][0]["name"] == "Definition"
    assert fusion["tags"] == {"added": ["topic::graphs"], "removed": ["topic::fusion"]}
    assert said["moved"][0]["from"] == "Small Course::Basics"
    assert said["removed"][0]["search"] == '"Key:sentences/kernel-1"'
    assert said["note_types"] == []
    assert [len(said["sounds"][name]) for name in ("new", "dropped")] == [1, 1]


PLAIN = "a b"
ODD = [
    *(
        'say "a b"',
        "a*b",
        "a_b",
        "a:b",
        "a\\b",
        "a\\*b",
        '"',
        "*",
        "_",
        "\\",
        "re:a",
        "a:*",
        "-a b",
    ),
    *("(a b)", "a b or c", "<b>a b</b>", "a &amp; b", '<img src="a_b.png">', "{{c1::a b}}", "é"),
    *("a`b", "a%b", "a  b", "a #b", "tag:x"),
]
"""What means something in a search, or to HTML."""


@pytest.mark.parametrize("by", ["key", "first field"])
def test_searches(tmp_path: Path, by: str) -> None:
    """What is printed for a removed note finds that note, and no other, in Anki's browser."""
    texts = [PLAIN, "axb", "axxb", "a", "b", *ODD]
    name = "Key" if by == "key" else "Meaning"
    (tmp_path / "maker").mkdir()
    (tmp_path / "learner").mkdir()
    with empty_collection(tmp_path / "maker") as collection:
        kind = add_note_type(collection, "Word", ["Word", name], ["{{Word}}"])
        notes = [
            add_note(collection, kind, fields(text, number, by))
            for number, text in enumerate(texts)
        ]
        old = export(collection, tmp_path / "old.apkg", legacy=True)
        collection.remove_notes([note.id for note in notes[1:]])
        new = export(collection, tmp_path / "new.apkg", legacy=True)
    removed = diff(old, new)["removed"]
    assert len(removed) == len(texts) - 1
    printed = ankigen("diff", old, new, cwd=tmp_path).stdout
    assert re.findall("learners find it with (.+)", printed) == [n["search"] for n in removed]
    with empty_collection(tmp_path / "learner") as learner:
        import_package(learner, old)
        for note in removed:
            found = [learner.get_note(number).guid for number in learner.find_notes(note["search"])]
            assert found == [note["guid"]], note["search"]


def fields(text: str, number: int, by: str) -> Mapping[str, str]:
    """A note that only its key, or only its first field, tells from the others."""
    return {"Word": str(number), "Key": text} if by == "key" else {"Word": text}
