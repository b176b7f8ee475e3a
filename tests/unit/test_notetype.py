"""Note types as data: the loader, and every mistake that a folder can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import notetype
from ankigen.diagnostics import Code, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SPEC = """\
id: 1
name: Word
help: A word.
entry:
  word: {type: text, required: true, help: The word.}
  kind: {type: choice, choices: [noun, verb], help: Its kind.}
  like: {type: references, to: words, help: Others.}
follows: like
fields:
  - {id: 11, name: Word, key: word}
  - {id: 12, name: Audio, speak: word}
  - {id: 13, name: Kind, key: kind}
  - {id: 14, name: Spare}
  - {id: 15, name: Key, template: "{{ key }}"}
cards:
  - {id: 21, name: See, front: see.front.html, back: see.back.html}
tags: {kind: kind}
"""

FILES: Mapping[str, str] = {
    "notetype.yaml": SPEC,
    "see.front.html": "{{Word}}\n",
    "see.back.html": "{{FrontSide}}\n{{#Kind}}{{Kind}}{{/Kind}}\n",
}


def folder(tmp_path: Path, **changed: str) -> Path:
    """A note type on disk; changed files are named without their dots."""
    root = tmp_path / "words"
    root.mkdir()
    for name, text in FILES.items():
        (root / name).write_text(changed.get(name.replace(".", "_"), text))
    return root


def complaints(path: Path) -> list[str]:
    """What is wrong with a folder, as a person reads it."""
    with pytest.raises(SourceError) as raised:
        notetype.load(path)
    return [f"{d.span}: {d.code} {d.message} ({d.hint})" for d in raised.value.diagnostics]


def test_load(tmp_path: Path) -> None:
    """A folder becomes a note type: its schema, its cards in order, its style after the shared."""
    path = folder(tmp_path)
    (path / "style.css").write_text(".own {}")
    made = notetype.load(path, ".shared {} ")
    assert made.name == "words"
    assert made.css == ".shared {} .own {}"
    assert [(card.id, card.name, card.front) for card in made.cards] == [(21, "See", "{{Word}}\n")]
    assert [field.spare for field in made.spec.fields] == [False, False, False, True, False]
    entry = {"id": "cat", "word": " cat ", "kind": "noun", "tags": ["a"], "guid": "g"}
    assert made.entries.validate_python(entry) == {**entry, "word": "cat"}


def test_cards_of(tmp_path: Path) -> None:
    """Which cards a note has follows from the fronts."""
    made = notetype.load(folder(tmp_path, see_front_html="{{#Kind}}{{Word}}{{/Kind}}{{Tags}}"))
    assert made.cards_of(("cat", "", "", "", "k"), tags=False) == (0,)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("id: 1\n", "", "1:1: AG102 the key 'id' is missing"),
        ("id: 1\n", "id: one\n", "1:5: AG104 'id' must be a whole number, but here is 'one'"),
        ("help: A word.", "halp: A word.", "3:1: AG101 unknown key 'halp'"),
        ("name: Word\n", "name: [Word]\n", "2:7: AG103 'name' must be text, but here is a list"),
        ("help: A word.", "kind: clozed", "3:7: AG104 'kind' cannot be 'clozed'"),
        ("type: text", "type: test", "5:16: AG104 'type' cannot be 'test'"),
        ("  word: {", "  Word: {", "5:3: AG104"),
        ("choices: [noun, verb], ", "", "6:9: AG501 the choice 'kind' has no choices"),
        ("to: words, ", "", "7:9: AG501 'like' does not say which note type it refers to"),
        ("type: text,", "type: gapped, finds: lake.word,", "5:31: AG501 'lake' is no key of ref"),
        ("  like: {", "  tags: {", "7:9: AG501 every entry has 'tags' already"),
        ("follows: like", "follows: lake", "8:10: AG501 'lake' is no key of references"),
        ("follows: like", "follows: word", "8:10: AG501 'word' is no key of references"),
        ("Word, key: word", "Word, key: wurd", "10:31: AG501 entries have no key 'wurd' (did you"),
        ("speak: word", "speak: wurd", "11:34: AG501 entries have no key 'wurd' (did you mean"),
        ("speak: word", "speak: word, key: word", "11:5: AG501 the field 'Audio' has more than"),
        ("id: 12", "id: 11", "11:10: AG501 two fields have the id '11'"),
        ("name: Audio", "name: Word", "11:20: AG501 two fields have the name 'Word'"),
        ("name: Key", "name: Clef", "14:5: AG501 the last field must be 'Key'"),
        ("see.back.html", "see.bock.html", "16:54: AG501 there is no template 'see.bock.html'"),
        ("see.back.html", "../see.back.html", "16:54: AG501 there is no template '../see"),
        ("front: see.front.html, ", "", "16:5: AG102 the key 'front' is missing"),
        ("tags: {kind: kind}", "tags: {kind: kint}", "17:14: AG501 entries have no key 'kint'"),
        ("tags: {kind: kind}", "tags: {kind: kind", "AG010 this is not valid YAML"),
        ("id: 1\n", "id: 1\nid: 2\n", "2:1: AG012 the key 'id' stands twice here"),
    ],
)
def test_mistakes_in_the_spec(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """Each has its place, its code and its words."""
    assert old in SPEC
    found = complaints(folder(tmp_path, notetype_yaml=SPEC.replace(old, new, 1)))
    assert any(complaint in line and line.startswith("words/notetype.yaml:") for line in found), (
        found
    )


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        (
            "{{Word}}\n  {{Wort}}",
            "2:3: AG502 the note type has no field 'Wort' (did you mean 'Word'?)",
        ),
        ("{{#Word}}{{Sort}}{{/Word}}", "1:10: AG502 the note type has no field 'Sort'"),
        ("a\n{{^Wort}}x{{/Wort}}", "2:1: AG502 the note type has no field 'Wort'"),
        ("{{hnt:Word}}", "1:1: AG502 Anki has no filter 'hnt' (did you mean 'hint'?)"),
        ("<b>a</b>{{a}}", "1:9: AG502 the note type has no field 'a'"),
        ("x\ny {{/Word}}", "2:3: AG502 '{{/Word}}' closes what is not open"),
        ("{{#Word}}", "1:1: AG502 '{{#Word}}' is not closed"),
    ],
)
@pytest.mark.parametrize("side", ["front", "back"])
def test_mistakes_in_a_template(tmp_path: Path, side: str, template: str, complaint: str) -> None:
    """What Anki would show an error for, or take in silence, on either side."""
    changed = {f"see_{side}_html": template}
    (found,) = complaints(folder(tmp_path, **changed))
    assert found.startswith(f"words/see.{side}.html:")
    assert complaint in found


@pytest.mark.parametrize(
    "template",
    [
        "{{type:nc:Word}}",
        "{{hint:Word}}",
        "{{tts en_US:Word}}",
        "{{Tags}}{{Deck}}",
        "<!-- {{No}} -->",
    ],
)
def test_what_anki_knows_is_right(tmp_path: Path, template: str) -> None:
    """Anki's own filters, fields and comments are no mistakes."""
    made = notetype.load(folder(tmp_path, see_front_html=template))
    assert made.cards[0].front == template


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """One run tells everything."""
    spec = SPEC.replace("id: 12", "id: 11").replace("kind: kind}", "kind: kint}")
    found = complaints(folder(tmp_path, notetype_yaml=spec, see_back_html="{{Nope}}"))
    assert [line.split(" ")[0] for line in found] == [
        "words/notetype.yaml:11:10:",
        "words/notetype.yaml:17:14:",
        "words/see.back.html:1:1:",
    ]


def test_an_empty_spec(tmp_path: Path) -> None:
    """An empty file is said to be so."""
    (found,) = complaints(folder(tmp_path, notetype_yaml="# nothing\n"))
    assert "the file is empty" in found


def test_codes() -> None:
    """The codes that the tables above spell out are those of note types and templates."""
    assert (Code.NOTE_TYPE, Code.TEMPLATE) == ("AG501", "AG502")
