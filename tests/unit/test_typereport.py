"""What a person reads of note types."""

from __future__ import annotations

import click
import pytest

from ankigen import notetype, typereport


def shown(name: str) -> list[str]:
    """The lines about a note type, without colours."""
    return click.unstyle(typereport.note_type(notetype.built_in()[name])).splitlines()


def test_list() -> None:
    """A line each, after a head: its name, its cards, what a note is."""
    head, *lines = click.unstyle(typereport.note_types(notetype.built_in())).splitlines()
    assert head.split() == ["note", "type", "cards", "a", "note", "is"]
    assert [line.split()[0] for line in lines] == list(notetype.built_in())
    terms = next(line for line in lines if line.startswith("terms "))
    assert "recognition, production, listening" in terms
    assert len({line.find("A ") for line in lines if "  A " in line}) == 1


@pytest.mark.parametrize("name", notetype.built_in())
def test_every_key_is_explained(name: str) -> None:
    """Required ones first, the id the first of all; what they may hold is said."""
    made = notetype.built_in()[name]
    lines = shown(name)
    heads = [line.strip() for line in lines[: lines.index("Cards:")] if line.startswith("  ")]
    keys = [head for head in heads if head.replace(" (required)", "").replace("_", "").isalnum()]
    required = [key for key, said in made.spec.entry.items() if said.required]
    assert keys[: 1 + len(required)] == [f"{key} (required)" for key in ["id", *required]]
    common = {"tags", "guid", "voice", "say", "ipa"}
    assert {key for key in keys if not key.endswith(")")} == {
        *(key for key, said in made.spec.entry.items() if not said.required),
        *common,
    }
    text = " ".join(" ".join(lines).split())
    for said in made.spec.entry.values():
        assert " ".join(said.help.split()) in text
        if said.choices:
            assert f"One of: {', '.join(said.choices)}." in text


@pytest.mark.parametrize("name", notetype.built_in())
def test_cards_and_example(name: str) -> None:
    """Every card is named, those that are always made are told, and the example is whole."""
    made = notetype.built_in()[name]
    lines = shown(name)
    start = lines.index("Cards:") + 1
    for line, card in zip(lines[start:], made.spec.cards, strict=False):
        mark = "" if card.slug in made.switches else " (always made)"
        assert line == f"  {card.slug}{mark}"
    advice = "'cards:' in ankigen.yaml or category.yaml chooses among them."
    assert (advice in lines) == bool(made.switches)
    example = lines[lines.index("An example:") + 2 :]
    assert "\n".join(line[2:] for line in example) == made.spec.sample.rstrip()


def test_lines_are_not_too_long() -> None:
    """What ankigen says itself fits into a hundred columns."""
    for name, made in notetype.built_in().items():
        samples = {f"  {line}" for line in made.spec.sample.splitlines()}
        first = shown(name)[0]
        assert all(len(line) <= 100 for line in shown(name) if line not in samples | {first})


def test_a_note_type_that_does_not_speak() -> None:
    """Its entries have no use for a voice."""
    made = notetype.built_in()["terms"]
    silent = made.spec.model_copy(update={"fields": made.spec.fields[:1], "sample": ""})
    quiet = notetype.NoteType(made.name, made.origin, silent, made.cards, made.css, made.entries)
    text = typereport.note_type(quiet)
    assert "voice" not in text
    assert "An example:" not in text
    assert "(always made)" in text
    assert "'cards:'" not in text
