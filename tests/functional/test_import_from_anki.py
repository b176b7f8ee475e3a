"""Decks of the real Anki, taken over as they are: the same notes for everyone, and no update."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import ExportAnkiPackageOptions

from ankigen import apkg
from ankigen.verify import verify
from backend import add_note_type, empty_collection
from learner import Learner, learner
from support import ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from anki.collection import Collection

COURSE = {"ankigen.yaml": "id: mine\nname: My Course\n"}
MEDIA: Mapping[str, bytes] = {
    "a b.jpg": b"\xff\xd8 a picture",
    "ré.mp3": b"ID3 a sound",
    "100% (1).png": b"\x89PNG another",
    "_font.ttf": b"a font",
    "_jquery.js": b"// a script",
}
LONG_TAG = "::".join(["#AK_Step1", "x" * 40, "y" * 40, "z" * 40])
FIELDS: Mapping[str, str] = {
    "divs": '<div>gehen</div><div><br></div><img src="a b.jpg">',
    "encoded": '<img src="a%20b.jpg" style="width: 50%;"> <img src="100% (1).png">',
    "styles": 'to go&nbsp;<b>x</b> <span style="color: rgb(1, 2, 3);">y</span>',
    "edges": "  two  spaces  ",
    "signs": "a \"b\" 'c' `d` #e: f - g & <3 > \\ {h} [i] %j @k !l *m*",
    "entities": "&lt;b&gt; &amp;amp; &nbsp;",
    "lines": "one\ntwo\n\n three\n",
    "sounds": "[sound:ré.mp3] and again [sound:ré.mp3]",
    "math": r"\(x < 3\) \[\frac{{a}}{{b}}\] [latex]y[/latex] [$]z[/$]",
    "unclosed": "<ul><li>a<li>b</ul></b><i>c",
    "table": '<table border="1"><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
    "pasted": '<p class="x" data-start="1"><a href="https://a.b/?c=1&amp;d">e</a><!--f--></p>',
    "scripts": "日本語 العربية e\u0301 \u200bz 😀",
    "yaml": "- a: b # c\n- 'd\"",
    "words": "no",
    "tabs": "a\tb",
}
"""What people have in their fields."""


def add(
    collection: Collection, model: str, deck: str, *fields: str, tags: tuple[str, ...] = ()
) -> int:
    """A new note."""
    made = collection.models.by_name(model)
    assert made is not None
    note = collection.new_note(made)
    for at, text in enumerate(fields):
        note.fields[at] = text
    note.tags = list(tags)
    collection.add_note(note, collection.decks.id(deck))  # type: ignore[arg-type] # it is made
    return note.id


def fill(collection: Collection, folder: Path) -> None:
    """A collection as people have it: clozes, media, nested decks, studied and suspended cards."""
    for name, data in MEDIA.items():
        (folder / name).write_bytes(data)
        assert collection.media.add_file(str(folder / name)) == name
    basic = collection.models.by_name("Basic")
    assert basic is not None
    basic["css"] += "\n@font-face { font-family: x; src: url(_font.ttf) }\n"
    basic["tmpls"][0]["afmt"] += '\n<script src="_jquery.js"></script>'
    collection.models.update_dict(basic)
    for name, html in FIELDS.items():
        add(collection, "Basic", "Languages::German", name, html, tags=("x", LONG_TAG))
    add(collection, "Basic", "Languages", '<img src="a b.jpg">', "")
    reverse = "Basic (and reversed card)"
    add(collection, reverse, "Languages::German::Verbs", "gehen", "to go")
    add(collection, "Basic (optional reversed card)", "Default", "q", "a", "y")
    add(collection, "Basic (type in the answer)", "Other", "日本", "Japan")
    cloze = "{{c1::Ich}} {{c2::<b>gehe</b>::go}} <br> {{c1::a}} {{c3::b {{c4::c}}}}"
    add(collection, "Cloze", "Languages::German::Verbs", cloze, "<ul><li>x</li></ul>")
    odd = "My: own, (type) — é"
    add_note_type(collection, odd, ["Wort", "Id", "Key", "正面"], ["{{Wort}}", "{{odd:Id}}x"])
    add(collection, odd, "Languages::日本", "a", "b", "c", "d")
    hollow = add(collection, "Basic", "Other", "", "a back alone")
    assert collection.get_note(hollow).card_ids()  # type: ignore[arg-type] # Anki keeps one
    cards = collection.find_cards("deck:Languages::German")
    collection.sched.set_due_date(cards[:3], "1-9")
    collection.sched.suspend_cards(cards[3:5])
    collection.decks.select(collection.decks.id("Languages"))  # type: ignore[arg-type] # it is there
    for _ in range(3):
        card = collection.sched.getCard()
        assert card is not None
        collection.sched.answerCard(card, 3)


def export(collection: Collection, path: Path, *, legacy: bool) -> None:
    """A package of everything, as the desktop writes it."""
    options = ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
    )
    collection.export_anki_package(out_path=str(path), options=options, limit=None)


@pytest.fixture(scope="module", params=["legacy", "modern"])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a collection, its export, and the course that took it over, built."""
    root = tmp_path_factory.mktemp("anki")
    (root / "files").mkdir()
    (root / "anki").mkdir()
    with empty_collection(root / "anki") as collection:
        fill(collection, root / "files")
        export(collection, root / "all.apkg", legacy=request.param == "legacy")
    write_project(root / "course", COURSE)
    done = ankigen("import", "../all.apkg", "--as-is", cwd=root / "course")
    (root / "report.txt").write_text(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    done = ankigen("build", cwd=root / "course")
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def owner(original: Path, tmp_path: Path) -> Iterator[Learner]:
    """Whoever exported it, with the collection of then."""
    shutil.copytree(original / "anki", tmp_path / "anki")
    with learner(tmp_path / "anki") as somebody:
        yield somebody


def state(somebody: Learner) -> dict[str, Any]:
    """All of a collection that an import could change."""
    names = somebody.collection.decks.all_names_and_ids()
    return {
        "content": somebody.content(),
        "mods": somebody.rows("select guid, mod from notes order by guid"),
        "schedule": somebody.schedule(),
        "reviews": somebody.reviews(),
        "decks": {deck.name: somebody.collection.decks.by_name(deck.name) for deck in names},
        "types": json.dumps(somebody.collection.models.all(), sort_keys=True),
        "media": sorted(Path(somebody.collection.media.dir()).iterdir()),
    }


def notes(content: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Note type and fields by GUID; tags as a set."""
    return {
        guid: (*rest[:-1], " ".join(sorted(rest[-1].split()))) for guid, rest in content.items()
    }


def test_a_fresh_collection(original: Path, owner: Learner, tmp_path: Path) -> None:
    """Somebody new gets the same notes, cards, note types, decks and media."""
    with learner(tmp_path / "new") as somebody:
        log = somebody.imports(original / "course/dist/mine.apkg")
        assert not log.conflicting
        assert notes(somebody.content()) == notes(owner.content())
        cards = "select n.guid, c.ord from cards c join notes n on c.nid = n.id order by 1, 2"
        assert somebody.rows(cards) == owner.rows(cards)
        for model in owner.collection.models.all():
            made = somebody.collection.models.get(model["id"])
            if made is not None:
                # Every collection has a Basic of its own already.
                assert made["name"].removesuffix("+") == model["name"]
                assert (made["css"], made["type"]) == (model["css"], model["type"])
                sides = ("name", "id", "qfmt", "afmt")
                assert [[t[k] for k in sides] for t in made["tmpls"]] == [
                    [t[k] for k in sides] for t in model["tmpls"]
                ]
                assert [(f["name"], f["id"]) for f in made["flds"]] == [
                    (f["name"], f["id"]) for f in model["flds"]
                ]
        decks = [deck.name for deck in somebody.collection.decks.all_names_and_ids()]
        assert decks == [deck.name for deck in owner.collection.decks.all_names_and_ids()]
        folder = Path(somebody.collection.media.dir())
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == MEDIA
        missing = [list(one.collection.media.check().missing) for one in (somebody, owner)]
        assert missing[0] == missing[1]


def test_over_the_original(original: Path, owner: Learner) -> None:
    """Its owner gets nothing: no note, card, interval, deck or file changes."""
    before = state(owner)
    log = owner.imports(original / "course/dist/mine.apkg")
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 0, 0)
    assert len(log.duplicate) == len(before["content"])
    assert state(owner) == before


def test_over_the_original_after_an_edit(original: Path, owner: Learner, tmp_path: Path) -> None:
    """A changed entry reaches its owner as one updated note, and nothing else does."""
    course = shutil.copytree(original / "course", tmp_path / "course")
    (path,) = course.glob("cards/*verbs/basic-and-reversed-card.yaml")
    path.write_text(path.read_text().replace("to go", "to walk"))
    done = ankigen("build", cwd=course, env={"SOURCE_DATE_EPOCH": "1999999999"})
    assert done.returncode == 0, done.stderr
    assert "Notes: 1 changed," in done.stdout + done.stderr
    before = state(owner)
    log = owner.imports(course / "dist/mine.apkg")
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
    after = state(owner)
    same = ("schedule", "reviews", "decks", "types", "media")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    changed = [guid for guid, rest in before["content"].items() if after["content"][guid] != rest]
    assert [after["content"][guid][1:3] for guid in changed] == [("gehen", "to walk")]


def test_the_report(original: Path) -> None:
    """It says what became of each note type, and what was not imported."""
    said = (original / "report.txt").read_text()
    assert "Basic: 18 notes taken over as the note type basic\n" in said
    assert "My: own, (type) — é: 1 note taken over as the note type my-own-type-e\n" in said
    assert "scheduling is not imported: it is a learner's, and stays in their Anki" in said
    assert "a template or stylesheet does more than to show a card; read it" in said
    assert "Lost" not in said
    assert "Changed" not in said


def test_the_package(original: Path) -> None:
    """The package of the course is a good one, but for what Anki itself had left open."""
    verdict = verify(original / "course/dist/mine.apkg")
    assert {finding.code.name for finding in verdict.findings} <= {
        *("EMPTY_CARD", "UNKNOWN_FILTER", "SCRIPT", "UNCLOSED_TAG"),
    }


def test_again(original: Path, tmp_path: Path) -> None:
    """The course's own package, or a later export, is known without a word: nothing is new."""
    course = shutil.copytree(original / "course", tmp_path / "course")
    for package in ("dist/mine.apkg", original / "all.apkg"):
        done = ankigen("import", package, cwd=course)
        assert done.returncode == 0, done.stderr
        assert "Nothing is new.\n23 notes were in the course already, the same." in done.stdout


def test_another_note_of_a_type_that_is_there(original: Path, tmp_path: Path) -> None:
    """A note that came later goes to the deck and file where its like are, if asked."""
    course = shutil.copytree(original / "course", tmp_path / "course")
    shutil.copytree(original / "anki", tmp_path / "anki")
    with empty_collection(tmp_path / "anki") as collection:
        add(collection, "Basic", "Languages::German", "neu", "new")
        export(collection, tmp_path / "later.apkg", legacy=False)
    done = ankigen("import", tmp_path / "later.apkg", "--append", cwd=course)
    assert done.returncode == 0, done.stderr
    assert "cards/languages-german/basic.yaml  +1 entry" in done.stdout
    assert (course / "cards/languages-german/basic.yaml").read_text().count("front: neu\n") == 1
    assert ankigen("build", "--locked", cwd=course).returncode == 0


def test_harm_is_left_out(tmp_path: Path) -> None:
    """Scripts and pictures from the net do not come through; the rest of the field does."""
    (tmp_path / "anki").mkdir()
    with empty_collection(tmp_path / "anki") as collection:
        evil = '<b>a</b><script>x()</script><img src="http://a.b/c.png" onerror="y()">'
        add(collection, "Basic", "Default", "one", evil)
        add(collection, "Basic", "Default", "two", "[sound:http://a.b/c.mp3] [sound:gone.mp3]")
        export(collection, tmp_path / "x.apkg", legacy=False)
    root = write_project(tmp_path / "course", COURSE)
    done = ankigen("import", tmp_path / "x.apkg", "--as-is", "-v", cwd=root)
    assert done.returncode == 0, done.stderr
    for told in ("<script>", 'onerror="y()"', "[sound:http://a.b/c.mp3]", "gone.mp3"):
        assert told in done.stdout
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    with apkg.opened(root / "dist/mine.apkg") as package:
        fields = {note.fields[0]: note.fields[1] for note in package.notes()}
    assert fields == {
        "one": "<b>a</b><img>",
        "two": "&#91;sound:http://a.b/c.mp3] [sound:gone.mp3]",
    }


def test_image_occlusion(tmp_path: Path) -> None:
    """Anki's own pictures with hidden parts are notes like all others."""
    (tmp_path / "anki").mkdir()
    (tmp_path / "map.png").write_bytes(b"\x89PNG")
    with empty_collection(tmp_path / "anki") as collection:
        collection.add_image_occlusion_notetype()
        model = collection.models.by_name("Image Occlusion")
        assert model is not None
        collection.add_image_occlusion_note(
            notetype_id=model["id"],
            image_path=str(tmp_path / "map.png"),
            occlusions="{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}<br>",
            header="Where?",
            back_extra="",
            tags=[],
        )
        export(collection, tmp_path / "x.apkg", legacy=False)
    root = write_project(tmp_path / "course", COURSE)
    assert ankigen("import", tmp_path / "x.apkg", "--as-is", cwd=root).returncode == 0
    assert ankigen("build", cwd=root).returncode == 0
    with learner(tmp_path / "anki") as owner, learner(tmp_path / "new") as somebody:
        before = state(owner)
        owner.imports(root / "dist/mine.apkg")
        assert state(owner) == before
        somebody.imports(root / "dist/mine.apkg")
        assert notes(somebody.content()) == notes(owner.content())
