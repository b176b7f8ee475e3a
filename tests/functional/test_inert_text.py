"""Text that Anki itself would act on: in the real Anki it plays, speaks and draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import markup
from backend import add_note, add_note_type, empty_collection, import_package
from support import SMALL, ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from anki.collection import Collection
    from anki.models import NotetypeId

TEXTS = [
    "[sound:x.mp3]",
    "`[sound:x.mp3]`",
    "[sou<!-- -->nd:x.mp3]",
    "&#91;sound:x.mp3&#93;",
    r"\[sound:x.mp3\]",
    "[**sound:x.mp3**]",
    "<a href='http://x.org/[sound:x.mp3]' title='[sound:y.mp3]'>x</a>",
    "[anki:tts lang=en_US]x[/anki:tts]",
    "[anki:play:q:0]",
    "[latex]x[/latex]",
    "[LaTeX]x[/LATEX]",
    "[$]x[/$]",
    "[$$]x[/$$]",
    "sound:x.mp3",
    "anki:tts lang=en_US",
    "latex]x[/latex",
    "$]x[/$",
]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection that the tests of this file share."""
    with empty_collection(tmp_path_factory.mktemp("inert")) as opened:
        yield opened


@pytest.fixture(scope="module")
def basic(collection: Collection) -> NotetypeId:
    """A note type that shows its field as it is."""
    return add_note_type(collection, "Inert", ["Front"], ["{{Front}}"])


@pytest.fixture(scope="module")
def cloze(collection: Collection) -> NotetypeId:
    """A note type that hides gaps."""
    return add_note_type(collection, "Inert cloze", ["Text"], ["{{cloze:Text}}"], cloze=True)


def acted(collection: Collection, note_type: NotetypeId, field: str, html: str) -> list[object]:
    """What Anki would play or draw on either side of a note's first card."""
    card = add_note(collection, note_type, {field: html}).cards()[0]
    played: list[object] = [*card.question_av_tags(), *card.answer_av_tags()]
    return played + [side for side in (card.question(), card.answer()) if "<img" in side]


@pytest.mark.parametrize("text", TEXTS)
def test_a_field_is_inert(collection: Collection, basic: NotetypeId, text: str) -> None:
    """Sounds, speech and LaTeX in a text of any kind stay text."""
    for kind in (markup.inline, markup.block, markup.plain):
        assert acted(collection, basic, "Front", f"x {kind(text).html}") == []


@pytest.mark.parametrize("text", TEXTS)
def test_a_gap_is_inert(collection: Collection, cloze: NotetypeId, text: str) -> None:
    """So they do beside a gap, in it, and as its hint, which Anki puts into brackets."""
    outside = markup.gapped(f"{{gap}} {text}")
    assert outside is not None
    assert acted(collection, cloze, "Text", outside.cloze()) == []
    inside = markup.gapped(f"{{{text}}}")
    assert inside is not None
    assert acted(collection, cloze, "Text", inside.cloze()) == []
    assert acted(collection, cloze, "Text", inside.cloze(text)) == []
    assert acted(collection, cloze, "Text", inside.cloze(markup.inline(text))) == []


def test_the_check_sees(collection: Collection, basic: NotetypeId, cloze: NotetypeId) -> None:
    """What the tests above look for would be found."""
    assert acted(collection, basic, "Front", "[sound:x.mp3]") != []
    assert acted(collection, basic, "Front", "[anki:tts lang=en_US]x[/anki:tts]") != []
    assert acted(collection, basic, "Front", "[LaTeX]x[/latex]") != []
    assert acted(collection, cloze, "Text", "{{c1::x::sound:x.mp3}}") != []


def test_a_note_beside_the_gap_makes_no_card(tmp_path: Path) -> None:
    """A deletion written into another field of a sentence adds no card and breaks no import."""
    sentences = """\
- {id: a, terms: [kernel], text: "The {kernel}.", note: "write `{{c2::x}}` or {{c3::y}}"}
- {id: b, terms: [kernel], text: "A {kernel}.", note: "<a title='&#31;&#30;' href='http://x.org'>x</a>"}
"""
    root = write_project(tmp_path, {**SMALL, "cards/basics/sentences.yaml": sentences})
    done = ankigen("build", "--no-audio", cwd=root)
    assert done.returncode == 0, done.stderr
    with empty_collection(tmp_path) as collection:
        import_package(collection, root / "dist/small.apkg")
        for key in ("sentences/a", "sentences/b"):
            (note,) = collection.find_notes(f"Key:{key}")
            assert [card.ord for card in collection.get_note(note).cards()] == [0]
        before = collection.card_count()
        collection.fix_integrity()
        assert collection.card_count() == before
