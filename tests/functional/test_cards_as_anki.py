"""Cards of the site, held against those that the real Anki renders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ankigen import cardhtml, reading
from ankigen.cardhtml import Template
from backend import DEFAULT_DECK, empty_collection, import_package
from cardpages import project
from support import ankigen, write_project

if TYPE_CHECKING:
    from pathlib import Path

# What Anki's reviewer would replace or bring to life, in its words and in ours.
SAME = (
    (r'<button class="replay-button.*?</button>|\[anki:play:[qa]:\d+\]', "[play]"),
    (r'<input type="text".*?>|<div><code id="typeans">.*?</code></div>|\[\[type:.*?\]\]', "[type]"),
    (r'<a class="?hint.*?</a>\s*<div (?:id="hint\w+" )?class="?hint"?[^>]*>', "[hint]<div>"),
    (r' data-cloze="[^"]*"', ""),
    (r"\s+(?=<|\[)|(?<=>|\])\s+", ""),
    (r"^<style>.*?</style>", ""),
)


def plainly(html: str) -> str:
    """The HTML of a side with the differences taken out that are meant."""
    for pattern, instead in SAME:
        html = re.sub(pattern, instead, html, flags=re.DOTALL)
    for pattern, instead in SAME:
        html = re.sub(pattern, instead, cardhtml.harmless(html), flags=re.DOTALL)
    return html


def test_every_card_of_every_note_type(tmp_path: Path) -> None:
    """Both sides are what Anki makes of the package."""
    root = write_project(tmp_path, project())
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    contents = reading.read(root.resolve(), sound=False)
    notes = {note.key: note for note in contents.notes}
    seen = 0
    with empty_collection(root) as collection:
        import_package(collection, root / "dist/look.apkg")
        for identifier in collection.find_cards(""):
            card = collection.get_card(identifier)
            note = notes[card.note()["Key"]]
            made = contents.note_types[note.note_type]
            cloze = made.spec.kind == "cloze"
            spec = made.cards[0 if cloze else card.ord]
            names = [field.name for field in made.spec.fields]
            sides = cardhtml.render(
                Template.of(spec.name, spec.front, spec.back, cloze=cloze),
                dict(zip(names, note.fields, strict=True)),
                card.ord,
            )
            assert plainly(sides.front) == plainly(card.question()), note.key
            assert plainly(sides.back) == plainly(card.answer()), note.key
            seen += 1
    assert seen == 33


CLOZES = (
    "One {{c1::gap}}.",
    "{{c1::One}} and {{c2::two::hint}}, {{c1::again::a <b>hint</b>}}.",
    "Inside {{c1::another {{c2::gap}} of it::h}}.",
    "Of {{c1,2::both}} numbers.",
    "Left {{c1::open, and }} closed }}.",
    "Code {{c1::a::b::c}} {{c2::x}}",
    "{{c3::none}} of these {{c1::is::}}.",
)


@pytest.mark.parametrize("text", CLOZES)
def test_clozes(tmp_path: Path, text: str) -> None:
    """Gaps with hints, numbers and gaps of their own."""
    front, back = "<p>{{cloze:Text}}</p>", "{{FrontSide}}<p>{{cloze:Text}}</p>"
    template = Template.of("Cloze", front, back, cloze=True)
    with empty_collection(tmp_path) as collection:
        kind = collection.models.by_name("Cloze")
        assert kind is not None
        kind["tmpls"][0]["qfmt"], kind["tmpls"][0]["afmt"] = front, back
        collection.models.update_dict(kind)
        note = collection.new_note(kind)
        note["Text"] = text
        collection.add_note(note, DEFAULT_DECK)
        for card in note.cards():
            sides = cardhtml.render(template, {"Text": text}, card.ord)
            assert plainly(sides.front) == plainly(card.question())
            assert plainly(sides.back) == plainly(card.answer())


TEMPLATES = (
    "{{#Front}}a {{Front}}{{/Front}}{{^Back}}none{{/Back}}",
    "{{text:Front}}|{{Front}}|{{hint:Back}}|{{hint:Empty}}",
    "{{furigana:Back}}|{{kanji:Back}}|{{kana:Back}}|{{kanji:text:Back}}",
    "{{#Empty}}{{Front}}{{/Empty}}{{^Empty}}<i>{{Back}}</i>{{/Empty}}<!-- {{Front}} -->",
    "{{type:Front}} {{Tags}} {{Deck}} {{Subdeck}} {{Card}} {{Type}}",
    "{{=<% %>=}}<%Front%> <%#Back%>b<%/Back%>",
)


@pytest.mark.parametrize("template", TEMPLATES)
def test_filters_and_sections(tmp_path: Path, template: str) -> None:
    """Whatever stands in a template of another maker."""
    fields = {"Front": "<b>q</b> &amp; [sound:a.mp3]", "Back": " 漢字[かんじ] b", "Empty": "<br>"}
    with empty_collection(tmp_path) as collection:
        kind = collection.models.new("Own")
        for name in fields:
            collection.models.add_field(kind, collection.models.new_field(name))
        card = collection.models.new_template("One")
        front = "{{Front}}" + template if not template.startswith("{{=") else template
        back = "{{FrontSide}}<hr>{{Back}}"
        card["qfmt"], card["afmt"] = front, back
        collection.models.add_template(kind, card)
        collection.models.add_dict(kind)
        made = collection.models.by_name("Own")
        assert made is not None
        note = collection.new_note(made)
        note.tags = ["one", "two"]
        for name, value in fields.items():
            note[name] = value
        deck = collection.decks.id("A::B")
        assert deck is not None
        collection.add_note(note, deck)
        (theirs,) = note.cards()
        special = {"Tags": "one two", "Deck": "A::B", "Subdeck": "B", "Type": "Own"}
        sides = cardhtml.render(Template.of("One", front, back, cloze=False), fields | special, 0)
        assert plainly(sides.front) == plainly(theirs.question())
        assert plainly(sides.back) == plainly(theirs.answer())
