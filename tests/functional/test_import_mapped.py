"""Notes of others become entries of ours: where they go, what is told, what is never touched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from backend import empty_collection, import_package
from packages import Draft
from support import SMALL, TERMS, ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n"
PICTURES: Mapping[str, str] = {
    "notetypes/pictures/notetype.yaml": """\
id: 1795000000001
name: Picture
help: A picture and the word for it.
entry:
  word: {type: text, role: headword, required: true, help: What it shows.}
  picture: {type: image, required: true, help: The file.}
  noise: {type: sound, help: What one hears.}
fields:
  - {id: 1, name: Word, key: word}
  - {id: 2, name: Picture, key: picture}
  - {id: 3, name: Noise, key: noise}
  - {id: 4, name: Key, template: "{{ key }}"}
cards: [{id: 1, name: See, front: f.html, back: f.html}]
""",
    "notetypes/pictures/f.html": "{{Picture}}",
}


def notes(*fields: str, model: int = 11) -> list[tuple[Any, ...]]:
    """Rows of notes with a GUID each."""
    return [(at, f"guid{at}", model, 7, " week1 ", text) for at, text in enumerate(fields, 1)]


def cards(count: int, deck: int = 1) -> list[tuple[Any, ...]]:
    """A new card of each."""
    return [(100 + at, at, deck, 0, 0, 0, 0, at) for at in range(1, count + 1)]


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a project but its builds and clips."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {"dist", "audio"} & set(path.relative_to(root).parts)
    }


def load(path: Path) -> list[dict[str, Any]]:
    """The entries of a file."""
    found: list[dict[str, Any]] = yaml.load(path.read_bytes(), yaml.CBaseLoader)  # noqa: S506 - all text
    return found


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two notes, one of them of a word that the small course has."""
    rows = notes(
        "<b>tile</b>\x1fA <i>part</i> of a loop,<br>run at once",
        "kernel\x1fa [sound:a.mp3] function",
    )
    return Draft(notes=rows, cards=cards(2)).write(tmp_path / "x.apkg")


def test_terms(small: Path, package: Path) -> None:
    """They get a category, a file and ids of their own; GUIDs and tags stay; it builds."""
    done = ankigen("import", package, "--notetype", "terms", cwd=small)
    assert (done.returncode, done.stderr) == (0, "")
    assert load(small / "cards/b/terms.yaml") == [
        {
            "id": "tile",
            "term": "**tile**",
            "definition": "A *part* of a loop,<br>run at once",
            "tags": ["week1"],
            "guid": "guid1",
        },
        {
            "id": "kernel-2",
            "term": "kernel",
            "definition": "a function",
            "tags": ["week1"],
            "guid": "guid2",
        },
    ]
    assert "categories: [basics, b]\n" in (small / "ankigen.yaml").read_text()
    assert yaml.safe_load((small / "cards/b/category.yaml").read_text()) == {"name": "B"}
    assert "  Front  →  term" in done.stdout
    assert "a sound\n    note guid2, 'kernel', Back: a.mp3" in done.stdout
    built = ankigen("build", cwd=small)
    assert built.returncode == 0, built.stderr
    assert "Notes: 6 added." in built.stdout + built.stderr


def test_files_that_are_there(small: Path, package: Path) -> None:
    """They are left as they are, or added to if asked; a third import finds a third name."""
    where = ("--notetype", "terms", "--category", "basics")
    before = contents(small)
    assert ankigen("import", package, *where, cwd=small).returncode == 0
    after = contents(small)
    assert before.items() <= after.items()
    assert after.keys() - before.keys() == {"cards/basics/terms.imported.yaml"}
    more = Draft(notes=notes("x\x1fy"), cards=cards(1)).note("x\x1fy", guid="other")
    more.write(package)
    assert ankigen("import", package, *where, cwd=small).returncode == 0
    assert (small / "cards/basics/terms.imported-2.yaml").exists()
    more.note("z\x1fy", guid="third").write(package)
    assert ankigen("import", package, *where, "--append", cwd=small).returncode == 0
    text = (small / "cards/basics/terms.yaml").read_text()
    assert text == TERMS + "- id: z\n  term: z\n  definition: y\n  guid: third\n"
    assert ankigen("build", "--no-audio", cwd=small).returncode == 0


def test_dry_run(small: Path, package: Path) -> None:
    """The report is the same; nothing is written."""
    before = contents(small)
    arguments = ("import", package, "--notetype", "terms", "--category", "new")
    dry = ankigen(*arguments, "--dry-run", cwd=small)
    assert contents(small) == before
    real = ankigen(*arguments, cwd=small)
    assert dry.stdout.replace("Would write:", "Written:") == real.stdout
    assert contents(small) != before


def test_all_or_nothing(small: Path, package: Path) -> None:
    """Where the last file cannot be written, the project is as it was."""
    (small / "cards/b").write_text("a file where the category's folder should be")
    (small / "ankigen.yaml").write_text("id: small\nname: Small Course\n")
    before = contents(small)
    done = ankigen("import", package, "--notetype", "terms", "--category", "b", cwd=small)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert contents(small) == before


def test_one_file(small: Path, package: Path) -> None:
    """The person names it; its name says the category and the note type."""
    target = "cards/basics/terms.school.yaml"
    done = ankigen("import", package, "--output", target, cwd=small)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(load(small / target)) == 2
    for wrong, message in {
        target: f"{target} is there already",
        "terms.yaml": "'terms.yaml' is no file of entries",
        "../terms.yaml": "lies outside the course",
        "cards/basics/terms.csv": "'cards/basics/terms.csv' is no file of entries",
    }.items():
        more = Draft().note("x\x1fy", guid="other").write(package.parent / "more.apkg")
        done = ankigen("import", more, "--output", wrong, cwd=small)
        assert done.returncode == 2
        assert message in done.stderr


def test_a_course_with_mistakes(small: Path, package: Path) -> None:
    """It is put in order first: nothing is imported into it."""
    (small / "cards/basics/terms.yaml").write_text("- id: x\n  trem: y\n")
    before = contents(small)
    done = ankigen("import", package, "--notetype", "terms", cwd=small)
    assert done.returncode == 1
    assert "cards/basics/terms.yaml:2:3: AG101" in done.stderr
    assert contents(small) == before


def test_entries_that_cannot_be_built(small: Path, tmp_path: Path) -> None:
    """They are left out and told, with those that need them; the others are imported."""
    rows = notes("no meaning\x1f", "\x1fno word", "tile\x1fa part")
    package = Draft(notes=rows, cards=cards(3)).write(tmp_path / "x.apkg")
    done = ankigen("import", package, "--notetype", "terms", "--category", "basics", cwd=small)
    assert done.returncode == 0
    assert [entry["id"] for entry in load(small / "cards/basics/terms.imported.yaml")] == ["tile"]
    assert "the key 'definition' is missing\n    note guid1, 'no meaning'" in done.stdout
    assert "the key 'term' is missing\n    note guid2" in done.stdout
    done = ankigen("import", package, "--notetype", "phrases", "--category", "basics", cwd=small)
    assert done.returncode == 1
    assert "Nothing was imported." in done.stdout
    said = ("--set", "channel=spoken", "--map", "Front=phrase", "--map", "Back=situation")
    done = ankigen("import", package, "--notetype", "phrases", *said, cwd=small)
    assert done.returncode == 1
    assert "its GUID is that of terms/tile" in done.stdout


def test_clozes(small: Path, tmp_path: Path) -> None:
    """A sentence gets the term that is in its gap; what names none is left out."""
    texts = (
        "The {{c1::kernels::what runs}} wait.",
        "Each {{c1::kernel}} is <b>short</b>.",
        "A {{c1::loop}} ends.",
    )
    package = Draft(notes=notes(*texts, model=12), cards=cards(3)).write(tmp_path / "x.apkg")
    done = ankigen("import", package, "--notetype", "sentences", "--category", "basics", cwd=small)
    assert done.returncode == 0
    made = load(small / "cards/basics/sentences.imported.yaml")
    assert [(entry["text"], entry["terms"]) for entry in made] == [
        ("Each {kernel} is **short**.", ["kernel"])
    ]
    assert "the key 'terms' is missing (2 times)" in done.stdout
    done = ankigen("build", "--no-audio", cwd=small)
    assert done.returncode == 0, done.stderr


def test_media(tmp_path: Path) -> None:
    """Pictures and sounds go to the keys that are made for them; names are safe, paths refused."""
    rows = notes(
        'fan\x1f<img src="Fan%201.png"> [sound:a.mp3]',
        'way\x1f<img src="../../etc/passwd.png">',
        'gone\x1f<img src="gone.png">',
    )
    draft = Draft(notes=rows, cards=cards(3), media={"0": "a.mp3", "1": "Fan 1.png"})
    draft.entries["1"] = PNG
    package = draft.write(tmp_path / "x.apkg")
    root = write_project(tmp_path / "course", {**SMALL, **PICTURES})
    done = ankigen("import", package, "--notetype", "pictures", "--category", "basics", cwd=root)
    assert done.returncode == 0, done.stderr
    (made,) = load(root / "cards/basics/pictures.yaml")
    assert (made["picture"], made["noise"]) == ("media/Fan 1.png", "media/a.mp3")
    assert (root / "media/Fan 1.png").read_bytes() == PNG
    assert "the file for 'picture' did not come along" in done.stdout
    assert sorted(path.name for path in (root / "media").iterdir()) == ["Fan 1.png", "a.mp3"]
    assert ankigen("build", "--no-audio", cwd=root).returncode == 0


def test_a_spreadsheet(small: Path, tmp_path: Path) -> None:
    """Columns are keys; a row that is there already is told, others are imported once."""
    path = tmp_path / "words.csv"
    path.write_text(
        "Word;Meaning;Level;Tags\ntile;A *part* of a loop;core;a, b\nkernel;A function;;\n"
        "warp;;working;\n",
        "utf-16",
    )
    command = ("import", path, "--notetype", "terms", "--category", "basics")
    done = ankigen(*command, cwd=small)
    assert done.returncode == 0, done.stderr
    assert load(small / "cards/basics/terms.imported.yaml") == [
        {
            "id": "tile",
            "term": "tile",
            "level": "core",
            "definition": "A *part* of a loop",
            "tags": ["a", "b"],
        }
    ]
    assert "another text of it: it was not changed\n    words.csv:3:1, 'kernel': definition" in (
        done.stdout
    )
    assert "words.csv:4:1, 'warp'" in done.stdout
    again = ankigen(*command, cwd=small)
    assert "Nothing is new.\n1 note was in the course already, the same." in again.stdout


def test_a_text_export(small: Path, tmp_path: Path) -> None:
    """Fields without names are mapped by their numbers."""
    path = tmp_path / "notes.txt"
    path.write_text("#separator:tab\n#html:true\n#tags column:3\nA <b>tile</b>\tpart\tx\n")
    said = ("--map", "Field 1=definition", "--map", "Field 2=term")
    done = ankigen("import", path, "--notetype", "terms", "--category", "basics", *said, cwd=small)
    assert done.returncode == 0, done.stderr
    (made,) = load(small / "cards/basics/terms.imported.yaml")
    assert (made["term"], made["definition"], made["tags"]) == ("part", "A **tile**", ["x"])


def test_crowdanki(tmp_path: Path) -> None:
    """A folder is taken over with its decks and media; its note type is a new one to Anki."""
    folder = tmp_path / "German"
    (folder / "media").mkdir(parents=True)
    (folder / "media/a.png").write_bytes(PNG)
    card = {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}"}
    model = {
        "crowdanki_uuid": "m",
        "name": "Basic",
        "flds": [{"name": "Front"}, {"name": "Back"}],
        "tmpls": [card],
        "css": ".card {}",
    }
    note = {"guid": "g1", "note_model_uuid": "m", "fields": ["a", '<img src="a.png">'], "tags": []}
    child = {"name": "Verbs", "notes": [{**note, "guid": "g2"}], "media_files": ["a.png"]}
    deck = {"name": "German", "children": [child], "note_models": [model], "notes": [note]}
    (folder / "deck.json").write_text(json.dumps(deck))
    root = write_project(tmp_path / "course", {"ankigen.yaml": "id: x\nname: X\n"})
    done = ankigen("import", folder, "--as-is", cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "the file does not say Anki's id of the note type, so it has a new one" in done.stdout
    assert "cards/german-verbs/basic.yaml" in done.stdout
    assert (root / "media/a.png").read_bytes() == PNG
    built = ankigen("build", cwd=root)
    assert built.returncode == 0, built.stderr
    with empty_collection(tmp_path) as collection:
        import_package(collection, root / "dist/x.apkg")
        found = [collection.get_note(n) for n in collection.find_notes("deck:German::Verbs")]
        assert [(n.guid, n.fields) for n in found] == [("g2", ["a", '<img src="a.png">'])]
        assert not collection.media.check().missing
    again = ankigen("import", folder / "deck.json", cwd=root)
    assert "2 notes were in the course already, the same." in again.stdout


def test_several_note_types(small: Path, tmp_path: Path) -> None:
    """Each goes its own way, the rest is told."""
    rows = [*notes("tile\x1fpart"), (2, "guid2", 12, 7, "", "{{c1::approve}} a PR")]
    package = Draft(notes=rows, cards=cards(2)).write(tmp_path / "x.apkg")
    asked = ankigen("import", package, cwd=small)
    assert asked.returncode == 2
    assert "'Basic' (Front, Back); 'Cloze' (Text): what are they to become?" in asked.stderr
    one = ("--only", "Basic", "--notetype", "terms", "--category", "basics")
    done = ankigen("import", package, *one, cwd=small)
    assert "its notes were not asked for\n    note type Cloze" in done.stdout
    other = ("--only", "Cloze", "--notetype", "collocations", "--category", "basics")
    done = ankigen("import", package, *other, cwd=small)
    assert done.returncode == 0
    assert load(small / "cards/basics/collocations.yaml")[0]["phrase"] == "{approve} a PR"
    wrong = ankigen("import", package, "--only", "Clozes", "--as-is", cwd=small)
    assert (wrong.returncode, "did you mean 'Cloze'?" in wrong.stderr) == (2, True)


def test_json(small: Path, package: Path) -> None:
    """A program gets all of the report."""
    done = ankigen("import", package, "--notetype", "terms", "--format", "json", cwd=small)
    said = json.loads(done.stdout)
    assert (said["notes"], said["entries"], said["dry_run"]) == (2, 2, False)
    assert said["files"] == [{"name": "cards/b/terms.yaml", "entries": 2, "appended": False}]
    assert said["types"][0]["fields"][0]["key"] == "term"
    assert {"kind", "message", "place", "title", "field", "detail"} == set(said["remarks"][0])


def test_which_category(small: Path, tmp_path: Path) -> None:
    """Where a file does not say it and the course has several, it is asked for."""
    path = tmp_path / "w.csv"
    path.write_text("term,definition\ntile,part\n")
    write_project(small, {"cards/more/category.yaml": "name: More\n"})
    (small / "ankigen.yaml").write_text("id: small\nname: Small Course\n")
    done = ankigen("import", path, "--notetype", "terms", cwd=small)
    assert done.returncode == 2
    assert "name the category with --category: basics, more, or a new one" in done.stderr


def test_outside_a_course(tmp_path: Path, package: Path) -> None:
    """There has to be one."""
    (tmp_path / "empty").mkdir()
    done = ankigen("import", package, "--as-is", cwd=tmp_path / "empty")
    assert done.returncode == 2
    assert "there is no ankigen.yaml" in done.stderr
