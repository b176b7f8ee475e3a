"""Every note type with each optional key present and absent, in the real Anki."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import everytype
from ankigen import ankitemplate, notetype
from backend import empty_collection, import_package
from support import ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from anki.cards import Card
    from anki.collection import Collection
    from anki.notes import Note

SOUND = re.compile(r"\[sound:([^\[\]]+)\]")

ORDER: Mapping[str, Mapping[str, tuple[Sequence[str], Sequence[str]]]] = {
    "terms": {
        "Recognition": (["Audio"], ["Example audio"]),
        "Production": ([], ["Audio", "Slow audio", "Example audio"]),
        "Listening": (["Audio"], ["Slow audio", "Example audio"]),
    },
    "sentences": {"Gap": ([], ["Audio"])},
    "collocations": {
        "Gap": ([], ["Audio", "Example audio"]),
        "Choose": ([], ["Audio", "Example audio"]),
    },
    "phrases": {"Situation": ([], ["Audio"])},
    "pronunciations": {
        "Say": ([], ["Audio", "Slow audio", "Other audio", "Example audio"]),
        "Hear": (["Audio"], ["Audio", "Other audio", "Example audio"]),
        "Hear the other": (["Other audio"], ["Other audio", "Audio", "Example audio"]),
    },
    "corrections": {"Correct": ([], ["Audio"])},
    "interview": {"Answer": (["Question audio"], ["Answer"])},
}
"""The fields whose sounds each card plays by itself: on the front, then on the back."""

TYPED = {("terms", "Production"): "loop", ("collocations", "Gap"): "approve"}
"""The cards on which one types, and what is right in all entries of the project."""


def expected_cards(name: str, values: Mapping[str, Any]) -> list[str]:
    """The cards that the documentation promises for an entry."""
    cards = list(ORDER[name])
    if name == "collocations" and "wrong" not in values:
        return ["Gap"]
    if name == "pronunciations" and "other" not in values:
        return ["Say"]
    return cards


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, built with sound."""
    root = write_project(tmp_path_factory.mktemp("every"), everytype.files())
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="module")
def collection(project: Path) -> Iterator[Collection]:
    """A learner's, with the project's package."""
    with empty_collection(project) as opened:
        log = import_package(opened, project / "dist/every.apkg")
        assert len(log.new) == len(list(everytype.entries()))
        yield opened


def cards(collection: Collection) -> list[tuple[str, str, Card]]:
    """Every card with the names of its note type and template."""
    found = []
    for identifier in collection.find_cards(""):
        card = collection.get_card(identifier)
        name = card.note()["Key"].partition("/")[0]
        found.append((name, str(card.template()["name"]), card))
    return found


def rendered(collection: Collection, card: Card) -> tuple[str, str]:
    """Front and back as the backend gives them, errors raised; sounds and inputs still in it."""
    sides = collection._backend.render_existing_card(  # noqa: SLF001 - the public way hides errors
        card_id=card.id, browser=False, partial_render=False
    )
    assert not sides.is_empty
    front, back = (
        "".join(node.text for node in nodes) for nodes in (sides.question_nodes, sides.answer_nodes)
    )
    return front, back


def words(side: str) -> str:
    """What one reads."""
    return " ".join(unescape(re.sub(r"<[^>]*>|\[(?:sound|\[type):[^\]]*\]+", " ", side)).split())


def letters(side: str) -> str:
    """The same without the space that elements make or do not make."""
    return "".join(words(side).split())


def test_every_note_type_is_here() -> None:
    """Those above are all there are, each with all of its cards."""
    built_in = notetype.built_in()
    assert {name: list(cards) for name, cards in ORDER.items()} == {
        name: [card.name for card in made.cards] for name, made in built_in.items()
    }
    for name, made in built_in.items():
        assert everytype.ENTRIES[name].keys() == made.spec.entry.keys()
        assert len(everytype.variants(name)) == 2 + len(everytype.optional(name))


def test_the_cards_of_every_note(collection: Collection) -> None:
    """They follow from the keys of its entry, and Anki yields the same."""
    for key, values in everytype.entries():
        (note,) = collection.find_notes(f'"Key:{key}"')
        name = key.partition("/")[0]
        made = [card.template()["name"] for card in collection.get_note(note).cards()]
        assert made == expected_cards(name, values), key


def test_anki_adds_and_deletes_no_card(collection: Collection) -> None:
    """Neither "Check Database" nor "Empty Cards" has anything to do."""
    assert collection.db
    before = collection.db.all("select id, nid, ord, did, due from cards order by id")
    said, whole = collection.fix_integrity()
    assert whole
    assert said == collection.tr.database_check_rebuilt()
    assert collection.db.all("select id, nid, ord, did, due from cards order by id") == before
    assert not collection.get_empty_cards().notes


def test_every_side_renders(collection: Collection) -> None:
    """Each shows something, no rest of a template, and no element that has nothing to hold."""
    for name, template, card in cards(collection):
        front, back = rendered(collection, card)
        for side in (front, back):
            assert words(side) or SOUND.search(side), (name, template)
            assert "{{" not in side
            assert "}}" not in side
            assert "None" not in side
            assert "undefined" not in side
            empty = re.search(r"<(span|b|h1|h2|li|ul|div|section|label)\b[^>]*>\s*</\1>", side)
            assert not empty, (name, template, empty)
            label = re.search(r"<(span|b|p)\b[^>]*>[^<>]*:\s*</span>", side)
            assert not label, (name, template, label)
        assert len(words(back)) > len(words(front)), (name, template)


def test_every_value_is_shown(collection: Collection) -> None:
    """The words of each field of a full entry stand on one of the sides of its cards."""
    for name, stem in everytype.STEMS.items():
        (identifier,) = collection.find_notes(f'"Key:{name}/{stem}-all"')
        note = collection.get_note(identifier)
        sides = " ".join(side for card in note.cards() for side in rendered(collection, card))
        shown = letters(sides)
        for field, text in note.items():
            if field != "Key" and "{{c1::" not in text:
                assert letters(text) in shown, (name, field)


def sounds(note: Note, names: Sequence[str]) -> list[str]:
    """The sounds of some fields, in order."""
    return [sound for name in names for sound in SOUND.findall(note[name])]


def played(tags: Sequence[Any]) -> list[str]:
    """The names of what Anki plays; synthesised speech has none."""
    return [tag.filename for tag in tags]


def test_sounds_play_in_order(collection: Collection) -> None:
    """What is asked first, then the answer; what the front played does not play again."""
    for name, template, card in cards(collection):
        front, back = ORDER[name][template]
        note, output = card.note(), card.render_output()
        assert played(output.question_av_tags) == sounds(note, front), (name, template)
        assert played(output.answer_av_tags) == sounds(note, back), (name, template)


def test_what_is_heard_is_there(project: Path, collection: Collection) -> None:
    """Full notes fill all their fields of sound, each file is there, and none is left over."""
    for name, stem in everytype.STEMS.items():
        (identifier,) = collection.find_notes(f'"Key:{name}/{stem}-all"')
        note = collection.get_note(identifier)
        for spec in notetype.built_in()[name].spec.fields:
            if spec.speak or spec.lines:
                assert SOUND.search(note[spec.name]), (name, spec.name)
    checked = collection.media.check()
    assert not checked.missing
    assert not checked.unused
    folder = Path(collection.media.dir())
    for file in folder.iterdir():
        assert file.read_bytes() == (project / "audio/clips" / file.name).read_bytes()


def test_answers_are_spoken_line_by_line(collection: Collection) -> None:
    """Each sentence of an interview's answer has a sound of its own, in order."""
    (identifier,) = collection.find_notes("Key:interview/interview-all")
    answer = collection.get_note(identifier)["Answer"]
    lines = re.findall(r'<p class="line">(.*?) \[sound:([^\]]*)\]</p>', answer)
    assert [line for line, _ in lines] == [
        "First I measure.",
        "Then I compare.",
        "In the end I know.",
    ]
    assert len({sound for _, sound in lines}) == 3


def test_cards_to_type_on(collection: Collection) -> None:
    """The right answer is all good, a wrong one is not, on those cards and no others."""
    seen = set()
    for name, template, card in cards(collection):
        front, back = rendered(collection, card)
        asked = re.findall(r"\[\[type:([^\]]*)\]\]", front)
        if not asked:
            assert "[[type:" not in back
            continue
        seen.add((name, template))
        right = TYPED[name, template]
        (field,) = asked
        good = collection.compare_answer(card.note()[field], right)
        assert "typeGood" in good
        assert right in words(good)
        assert not re.search("typeBad|typeMissed", good)
        for wrong in ("", right[:-1], right + "s", "another"):
            compared = collection.compare_answer(card.note()[field], wrong)
            assert not wrong or re.search("typeBad|typeMissed", compared)
    assert seen == TYPED.keys()


TRICKY = {
    "terms": {
        "code": ("`a<b>` & `c`", "a<b> & c"),
        "emphasis": ("*naïve* Bayes", "naïve Bayes"),
        "entity": ("R&amp;D", "R&D"),
        "index": ("H<sub>2</sub>O", "H2O"),
        "braces": (r"a \{b\}", "a {b}"),
    },
    "collocations": {
        "code": ("{run `a<b>`} twice", "run a<b>"),
        "quote": ("{don't} mind", "don't"),
        "strong": ("the **{best}** one", "best"),
    },
}
"""What stands in an entry, and what a learner types."""


def test_what_is_typed_is_what_is_read(tmp_path: Path) -> None:
    """Markup, entities and accents of the answer are not to be typed."""
    terms = {name: {"term": text, "definition": "x"} for name, (text, _) in TRICKY["terms"].items()}
    phrases = {name: {"phrase": text} for name, (text, _) in TRICKY["collocations"].items()}
    root = write_project(
        tmp_path,
        {
            "ankigen.yaml": "id: tricky\nname: Tricky\n",
            "cards/all/category.yaml": "name: All\n",
            "cards/all/terms.yaml": everytype.as_yaml(terms),
            "cards/all/collocations.yaml": everytype.as_yaml(phrases),
        },
    )
    done = ankigen("build", "--no-audio", cwd=root)
    assert done.returncode == 0, done.stderr
    with empty_collection(root) as opened:
        import_package(opened, root / "dist/tricky.apkg")
        for name, field in (("terms", "Term"), ("collocations", "Answer")):
            for identifier, (_, right) in TRICKY[name].items():
                (note,) = opened.find_notes(f'"Key:{name}/{identifier}"')
                compared = opened.compare_answer(opened.get_note(note)[field], right)
                assert "typeGood" in compared
                assert not re.search("typeBad|typeMissed", compared), (identifier, compared)


def test_without_sound(project: Path, tmp_path: Path) -> None:
    """A quick look has all cards but those that one only hears, and names no file."""
    done = ankigen("build", "--no-audio", "--output", tmp_path / "mute", cwd=project)
    assert done.returncode == 0, done.stderr
    with empty_collection(tmp_path) as opened:
        import_package(opened, tmp_path / "mute/every.apkg")
        heard = {("terms", "Listening"), ("pronunciations", "Hear")}
        made = {(name, template) for name, template, _ in cards(opened)}
        everything = {(name, template) for name, those in ORDER.items() for template in those}
        assert made == everything - heard - {("pronunciations", "Hear the other")}
        assert not opened.get_empty_cards().notes
        assert not opened.media.check().missing


def test_every_front_could_be_blank() -> None:
    """A card that may be turned off has all of its front inside the field that does it."""
    for made in notetype.built_in().values():
        for card, spec in zip(made.cards, made.spec.cards, strict=True):
            switch = made.switches.get(spec.slug)
            if switch:
                (section,) = card.parsed_front
                assert isinstance(section, ankitemplate.Section)
                assert (section.field, section.negated) == (switch, True)
                assert re.fullmatch(
                    rf"\{{\{{\^{switch}\}}\}}.*\{{\{{/{switch}\}}\}}\s*", card.front, re.DOTALL
                )
