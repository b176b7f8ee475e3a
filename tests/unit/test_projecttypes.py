"""The note types of a project: its own, its changes of the look, and what it may not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import notetype, projecttypes
from ankigen.diagnostics import Code, SourceError
from ankigen.model import Media
from support import write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SPEC = """\
id: 7
name: Word
help: A word.
entry: {word: {type: text, required: true, help: The word.}}
fields:
  - {id: 1, name: Word, key: word}
  - {id: 2, name: Key, template: "{{ key }}"}
cards: [{id: 3, name: See, front: f.html, back: f.html}]
"""
OWN: Mapping[str, str] = {
    "notetypes/words/notetype.yaml": SPEC,
    "notetypes/words/f.html": "{{Word}}",
}


CODES = {Code.NOTE_TYPE, Code.TEMPLATE, Code.NOT_UTF8, Code.OUTSIDE, Code.UNREADABLE, Code.MEDIA}


def complaints(root: Path) -> list[str]:
    """What is wrong with a project's note types."""
    with pytest.raises(SourceError) as raised:
        projecttypes.of_project(root)
    assert {d.code for d in raised.value.diagnostics} <= CODES
    return [f"{d.span}: {d.message} ({d.hint})" for d in raised.value.diagnostics]


@pytest.mark.parametrize("files", [{}, {"notetypes/.keep": ""}, {"notetypes/.git/x": "y"}])
def test_none_of_its_own(tmp_path: Path, files: Mapping[str, str]) -> None:
    """It has those that are built in, as they are; hidden files are nobody's."""
    assert projecttypes.of_project(write_project(tmp_path, files)) == notetype.built_in()


def test_one_of_its_own(tmp_path: Path) -> None:
    """It comes beside the others, with the shared stylesheet."""
    found = projecttypes.of_project(write_project(tmp_path, OWN))
    assert found.keys() == {*notetype.built_in(), "words"}
    made = found["words"]
    assert (made.name, made.spec.id, made.cards[0].front) == ("words", 7, "{{Word}}")
    assert made.css
    assert notetype.built_in()["terms"].css.startswith(made.css)
    assert {name: found[name] for name in notetype.built_in()} == notetype.built_in()


def test_adopted(tmp_path: Path) -> None:
    """A note type of Anki's own has its own look alone, and filters of add-ons."""
    spec = SPEC.replace('  - {id: 2, name: Key, template: "{{ key }}"}\n', "") + "adopted: true\n"
    files = {
        "notetypes/words/notetype.yaml": spec,
        "notetypes/words/f.html": "{{odd:Word}}",
        "notetypes/words/style.css": ".card { color: red }\n",
    }
    made = projecttypes.of_project(write_project(tmp_path, files))["words"]
    assert made.css == ".card { color: red }\n"
    assert made.cards[0].front == "{{odd:Word}}"


def test_files_of_templates(tmp_path: Path) -> None:
    """Those whose names begin with _ are packed with the note type, others are not."""
    files = {**OWN, "notetypes/words/_font.ttf": "x", "notetypes/words/notes.txt": "y"}
    root = write_project(tmp_path, files)
    made = projecttypes.of_project(root)["words"]
    assert made.media == (Media("_font.ttf", root / "notetypes/words/_font.ttf"),)
    (root / "notetypes/words/_empty.js").touch()
    said = "notetypes/words/_empty.js: '_empty.js' has 0 bytes; 1 to 20,971,520 can be used"
    assert complaints(root) == [f"{said} (make it smaller)"]


def test_the_built_in_stay_as_they_are(tmp_path: Path) -> None:
    """One project's look does not reach another's."""
    before = dict(notetype.built_in())
    changed = {"notetypes/terms/listening.back.html": "{{Term}}", "notetypes/shared.css": "x"}
    found = projecttypes.of_project(write_project(tmp_path, changed))
    assert found["terms"].cards[2].back == "{{Term}}"
    assert notetype.built_in() == before
    assert notetype.built_in()["terms"].cards[2].back != "{{Term}}"


def test_replaced_templates(tmp_path: Path) -> None:
    """Only those that are there change, and what they need is worked out anew."""
    files = {"notetypes/terms/recognition.front.html": "{{#Usage}}{{Usage}}{{/Usage}}"}
    made = projecttypes.of_project(write_project(tmp_path, files))["terms"]
    built_in = notetype.built_in()["terms"]
    assert made.spec == built_in.spec
    assert made.css == built_in.css
    assert made.cards[1:] == built_in.cards[1:]
    assert made.cards[0].back == built_in.cards[0].back
    filled = tuple(
        "x" if field.name in ("Term", "Definition") else "" for field in made.spec.fields
    )
    assert built_in.cards_of(filled, tags=False) == (0, 1)
    assert made.cards_of(filled, tags=False) == (1,)


def test_stylesheets(tmp_path: Path) -> None:
    """A note type's own comes after what is shared; the shared one can be replaced for all."""
    shared = {"notetypes/shared.css": "all {}\n"}
    own = {"notetypes/terms/style.css": "terms {}\n", "notetypes/words/style.css": "words {}\n"}
    built_in = notetype.built_in()
    added = projecttypes.of_project(write_project(tmp_path / "a", {**OWN, **own}))
    assert added["terms"].css == built_in["terms"].css + "terms {}\n"
    assert added["sentences"].css == built_in["sentences"].css
    assert added["words"].css.endswith("}\nwords {}\n")
    replaced = projecttypes.of_project(write_project(tmp_path / "b", {**OWN, **own, **shared}))
    assert replaced["terms"].css == "all {}\nterms {}\n"
    assert replaced["phrases"].css == "all {}\n"
    assert replaced["words"].css == "all {}\nwords {}\n"


def test_an_empty_shared_stylesheet(tmp_path: Path) -> None:
    """Who wants no look at all gets none, on every note type."""
    found = projecttypes.of_project(write_project(tmp_path, {**OWN, "notetypes/shared.css": ""}))
    assert {made.css for made in found.values()} == {""}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"notetypes/terms/notetype.yaml": SPEC},
            (
                "notetypes/terms/notetype.yaml: the note type 'terms' is built in: its keys, fields"
                " and cards stay as they are (replace its templates here without a notetype.yaml,"
                " or give yours another name)"
            ),
        ),
        (
            {"notetypes/term/f.html": ""},
            (
                "notetypes/term: there is no notetype.yaml, and no built-in note type 'term'"
                " (did you mean 'terms'?)"
            ),
        ),
        (
            {"notetypes/zzz/f.html": ""},
            (
                "notetypes/zzz: there is no notetype.yaml, and no built-in note type 'zzz'"
                " (write notetypes/zzz/notetype.yaml)"
            ),
        ),
        (
            {"notetypes/Words/notetype.yaml": SPEC},
            (
                "notetypes/Words: in here, each note type has a folder named in lower-case letters"
                " and digits (move it, or name it as in notetypes/pictures)"
            ),
        ),
        (
            {"notetypes/words.yaml": SPEC},
            (
                "notetypes/words.yaml: in here, each note type has a folder named in lower-case"
                " letters and digits (move it, or name it as in notetypes/pictures)"
            ),
        ),
        (
            {"notetypes/corrections/corect.front.html": "x"},
            (
                "notetypes/corrections/corect.front.html: the note type 'corrections' has no file"
                " 'corect.front.html' to replace (did you mean 'correct.front.html'?)"
            ),
        ),
        (
            {"notetypes/corrections/zzz": "x"},
            (
                "notetypes/corrections/zzz: the note type 'corrections' has no file 'zzz' to"
                " replace (it has correct.back.html, correct.front.html, style.css)"
            ),
        ),
        (
            {"notetypes/corrections/correct.back.html": "a\n {{Rihgt}}"},
            (
                "notetypes/corrections/correct.back.html:2:2: the note type has no field 'Rihgt'"
                " (did you mean 'Right'?)"
            ),
        ),
        (
            {**OWN, "notetypes/words/f.html": "{{Wrod}}"},
            "notetypes/words/f.html:1:1: the note type has no field 'Wrod' (did you mean 'Word'?)",
        ),
        (
            {**OWN, "notetypes/words/notetype.yaml": SPEC.replace("id: 7", "id: 1763856000201")},
            (
                "notetypes/words/notetype.yaml: the id '1763856000201' is that of the note type"
                " 'sentences' (choose another: Anki would take both for one)"
            ),
        ),
        (
            {
                **OWN,
                "notetypes/words/notetype.yaml": SPEC.replace(": Word\n", ": Phrase (ankigen)\n"),
            },
            (
                "notetypes/words/notetype.yaml: the name 'Phrase (ankigen)' is that of the note"
                " type 'phrases' (choose another: Anki would take both for one)"
            ),
        ),
        (
            {
                **OWN,
                "notetypes/words/notetype.yaml": SPEC
                + "gather: {shown: {from: sentence, by: terms}}\n",
            },
            (
                "notetypes/words/notetype.yaml: it names the note type 'sentence', which is not"
                " there (did you mean 'sentences'?)"
            ),
        ),
    ],
)
def test_mistakes(tmp_path: Path, files: Mapping[str, str], said: str) -> None:
    """Each has its place, its words and a way out."""
    assert set(complaints(write_project(tmp_path, files))) == {said}


def test_two_of_its_own_that_are_alike(tmp_path: Path) -> None:
    """The later one is told, both for its id and its name."""
    files = {name.replace("words", "verbs"): text for name, text in OWN.items()}
    assert complaints(write_project(tmp_path, {**OWN, **files})) == [
        (
            "notetypes/words/notetype.yaml: the id '7' is that of the note type 'verbs'"
            " (choose another: Anki would take both for one)"
        ),
        (
            "notetypes/words/notetype.yaml: the name 'Word' is that of the note type 'verbs'"
            " (choose another: Anki would take both for one)"
        ),
    ]


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """One run tells everything."""
    files: Mapping[str, str | bytes] = {
        **OWN,
        "notetypes/words/f.html": "{{Wrod}}",
        "notetypes/terms/style.css": b"\xff",
        "notetypes/shared.css": b"\xff",
        "notetypes/corrections/zzz": "",
    }
    found = complaints(write_project(tmp_path, files))
    assert [line.split(": ")[0] for line in found] == [
        "notetypes/corrections/zzz",
        "notetypes/shared.css:1:1",
        "notetypes/terms/style.css:1:1",
        "notetypes/words/f.html:1:1",
    ]


def test_a_link_that_leads_outside(tmp_path: Path) -> None:
    """Nothing outside of the project is read."""
    root = write_project(tmp_path / "project", OWN)
    (tmp_path / "secret").write_text("{{Word}}")
    (root / "notetypes/words/f.html").unlink()
    (root / "notetypes/words/f.html").symlink_to(tmp_path / "secret")
    (found,) = set(complaints(root))
    assert found.startswith("notetypes/words/f.html: this is a link that leads outside")


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    """It is said to be none."""
    root = write_project(tmp_path, {"notetypes/terms/style.css/x": "y"})
    (found,) = complaints(root)
    assert found == "notetypes/terms/style.css: this is not a file (remove it or rename it)"
