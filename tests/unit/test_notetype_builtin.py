"""The note types that come with ankigen: learners' collections hang on their ids."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest

from ankigen import ankitemplate, notetype, reading, schema, yamltext
from support import write_project

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.reading import Contents

SPARE = ("Spare 1", "Spare 2", "Spare 3", "Spare 4", "Key")
SPOKEN_EXAMPLE = ("Example", "Example audio")


def numbered(first: int, *names: str) -> dict[int, str]:
    """Names by ids that count up."""
    return dict(enumerate(names, first))


FROZEN = {
    "collocations": (
        1763856000301,
        "standard",
        numbered(
            5108316200301,
            *("Phrase", "Audio", "Gapped", "Answer", "Hint", "Options", "Meaning"),
            *(*SPOKEN_EXAMPLE, "Pattern", "Register", "Level", "Note", "Source"),
            *("No gap", "No choose", *SPARE),
        ),
        numbered(5108316200351, "Gap", "Choose"),
    ),
    "corrections": (
        1763856000601,
        "standard",
        {
            5108316200601: "Wrong",
            **numbered(5108316200603, "Wrong marked", "Right", "Audio", "Why", "Kind", "Level"),
            **numbered(5108316200609, *SPARE),
        },
        numbered(5108316200651, "Correct"),
    ),
    "interview": (
        1763856000701,
        "standard",
        numbered(
            5108316200701,
            *("Question", "Question audio", "Answer", "Kind", "Structure", "Phrases", "Tip"),
            *("Level", *SPARE),
        ),
        numbered(5108316200751, "Answer"),
    ),
    "phrases": (
        1763856000401,
        "standard",
        numbered(
            5108316200401,
            *("Phrase", "Situation", "Marked", "Audio", "Hint", "Channel", "Register", "Genre"),
            *("Alternatives", "Avoid", "Level", "Note", *SPARE),
        ),
        numbered(5108316200451, "Situation"),
    ),
    "pronunciations": (
        1763856000501,
        "standard",
        numbered(
            5108316200501,
            *("Word", "Audio", "Slow audio", "IPA", "Kind", "Meaning", "Other", "Other audio"),
            *("Other IPA", "Other meaning", "Options", "Other options", *SPOKEN_EXAMPLE, "Tip"),
            *("Level", "Source", "No say", "No hear", "No hear the other", *SPARE),
        ),
        numbered(5108316200551, "Say", "Hear", "Hear the other"),
    ),
    "sentences": (
        1763856000201,
        "cloze",
        numbered(5108316200201, "Text", "Audio", "Genre", "Terms", "Note", *SPARE),
        numbered(5108316200251, "Gap"),
    ),
    "terms": (
        1763856000101,
        "standard",
        {
            **numbered(5108316200101, "Term", "Audio"),
            5108316200117: "Slow audio",
            **numbered(5108316200103, "IPA", "Part of speech", "Level", "Definition", "Cue"),
            5108316200118: "Initials",
            5108316200108: "Examples",
            5108316200119: "Example audio",
            **numbered(5108316200109, "Usage", "Related", "Source"),
            **numbered(5108316200120, "No recognition", "No production", "No listening"),
            **numbered(5108316200112, *SPARE),
        },
        numbered(5108316200151, "Recognition", "Production", "Listening"),
    ),
}
"""Id, kind, fields and cards by id, each in Anki's order. Released: rows are added, none changes
but by giving a spare field its name."""


def test_frozen() -> None:
    """No id, name or order changes by accident."""
    assert {
        name: (
            made.spec.id,
            made.spec.kind,
            [(field.id, field.name) for field in made.spec.fields],
            [(card.id, card.name) for card in made.cards],
        )
        for name, made in notetype.built_in().items()
    } == {
        name: (identifier, kind, list(fields.items()), list(cards.items()))
        for name, (identifier, kind, fields, cards) in FROZEN.items()
    }


def test_ids_are_unique() -> None:
    """No id stands twice over all note types, fields and cards."""
    ids = list(
        itertools.chain.from_iterable(
            [made.spec.id, *(field.id for field in made.spec.fields), *(c.id for c in made.cards)]
            for made in notetype.built_in().values()
        )
    )
    assert len(set(ids)) == len(ids)


def test_names_in_anki_are_unique() -> None:
    """Anki would rename the second of two note types with one name."""
    names = [made.spec.name for made in notetype.built_in().values()]
    assert len(set(names)) == len(names)


def test_every_note_type_can_grow_and_be_found() -> None:
    """Each has spare fields for later releases, then the key, and something to search by first."""
    for made in notetype.built_in().values():
        assert not made.spec.fields[0].spare
        assert [field.spare for field in made.spec.fields[-5:]] == [True] * 4 + [False]
        assert made.spec.fields[-1].name == "Key"


def test_every_field_is_shown() -> None:
    """No field that is filled is left out of all cards but the one a person searches by."""
    bare = {"phrases": "Phrase"}  # shown with its marks
    for name, made in notetype.built_in().items():
        sides = [
            ankitemplate.parse(side) for card in made.cards for side in (card.front, card.back)
        ]
        shown = {part.field for side in sides for part in ankitemplate.replacements(side)}
        filled = {field.name for field in made.spec.fields if not field.spare}
        assert filled - shown <= {"Key", bare.get(name)}, name


@pytest.mark.parametrize("name", notetype.built_in())
def test_everything_is_explained(name: str) -> None:
    """The note type and each of its keys have a sentence of help."""
    spec = notetype.built_in()[name].spec
    for said in (spec.help, *(key.help for key in spec.entry.values())):
        assert len(said) > 10
        assert said[0].isupper()


@pytest.mark.parametrize("name", notetype.built_in())
def test_a_card_has_a_slug_of_its_own(name: str) -> None:
    """It is chosen by it, and a field may turn it off only once."""
    made = notetype.built_in()[name]
    slugs = [card.slug for card in made.spec.cards]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(schema.SLUG, slug) for slug in slugs)
    switches = [field.off for field in made.spec.fields if field.off]
    assert len(set(switches)) == len(switches)
    assert len(slugs) == 1 or set(switches) == set(slugs)


def samples(folder: Path) -> Contents:
    """A course of all samples, rendered."""
    files = {
        f"cards/all/{name}.yaml": made.spec.sample for name, made in notetype.built_in().items()
    }
    course = {"ankigen.yaml": "id: whole\nname: Whole\n", "cards/all/category.yaml": "name: All\n"}
    return reading.read(write_project(folder, {**course, **files}), sound=True)


def test_samples(tmp_path: Path) -> None:
    """Each is an entry of its note type that nothing is wrong with, and gives all cards."""
    contents = samples(tmp_path)
    assert contents.diagnostics == ()
    assert {note.note_type for note in contents.notes} == notetype.built_in().keys()
    for note in contents.notes:
        made = notetype.built_in()[note.note_type]
        assert note.cards == tuple(range(len(made.cards))), note.key
        assert note.clips


@pytest.mark.parametrize("name", notetype.built_in())
def test_a_sample_shows_the_most_useful_keys(name: str) -> None:
    """All that are required, in the order in which they are explained."""
    made = notetype.built_in()[name]
    document = yamltext.read(made.spec.sample, "sample")
    assert not document.diagnostics
    assert isinstance(document.value, list)
    (entry,) = document.value
    assert isinstance(entry, dict)
    required = {key for key, said in made.spec.entry.items() if said.required}
    assert entry.keys() >= {"id", *required}
    assert next(iter(entry)) == "id"


def test_shared_style() -> None:
    """All look alike: the shared stylesheet comes first in each."""
    (start,) = {made.css.split("\n", 1)[0] for made in notetype.built_in().values()}
    assert start.startswith("/*")
    assert all(".nightMode" in made.css for made in notetype.built_in().values())
