"""The note types that come with ankigen: learners' collections hang on their ids."""

from __future__ import annotations

import itertools

from ankigen import ankitemplate, notetype

SPARE = ("Spare 1", "Spare 2", "Spare 3", "Spare 4", "Key")

TERM = (
    *("IPA", "Part of speech", "Level", "Definition", "Cue", "Examples"),
    *("Usage", "Related", "Source"),
)

FROZEN = {
    "sentences": (
        1763856000201,
        "cloze",
        dict(enumerate(("Text", "Audio", "Genre", "Terms", "Note", *SPARE), 5108316200201)),
        dict(enumerate(("Gap",), 5108316200251)),
    ),
    "terms": (
        1763856000101,
        "standard",
        {5108316200101: "Term", 5108316200102: "Audio", 5108316200117: "Slow audio"}
        | dict(enumerate((*TERM, *SPARE), 5108316200103)),
        dict(enumerate(("Recognition", "Production", "Listening"), 5108316200151)),
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
            {field.id: field.name for field in made.spec.fields},
            {card.id: card.name for card in made.cards},
        )
        for name, made in notetype.built_in().items()
    } == FROZEN


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
        assert made.spec.fields[-1].name == notetype.KEY_FIELD


def test_every_field_is_shown() -> None:
    """No field that is filled is left out of all cards but the one a person searches by."""
    unseen = {"Key", "Source"}
    for made in notetype.built_in().values():
        sides = [
            ankitemplate.parse(side) for card in made.cards for side in (card.front, card.back)
        ]
        shown = {part.field for side in sides for part in ankitemplate.replacements(side)}
        assert {f.name for f in made.spec.fields if not f.spare} - shown <= unseen


def test_shared_style() -> None:
    """All look alike: the shared stylesheet comes first in each."""
    (start,) = {made.css.split("\n", 1)[0] for made in notetype.built_in().values()}
    assert start.startswith("/*")
    assert all(".nightMode" in made.css for made in notetype.built_in().values())
