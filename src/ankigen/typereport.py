"""What a person sees of note types: a list of them, or one in full."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from ankigen.report import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ankigen.notetype import NoteType
    from ankigen.notetypespec import KeySpec

_WIDTH = 96
_COMMON = {
    "id": "Identity of the entry, unique in its note type; never change it.",
    "tags": "Tags of the note in Anki, without spaces.",
    "guid": "Anki's GUID, to keep that of an imported note.",
}
_SPOKEN = {
    "voice": "Name of the voice that speaks it.",
    "say": "What is said instead of what is written.",
    "ipa": "Shown instead of the derived IPA.",
}


def note_types(found: Mapping[str, NoteType]) -> str:
    """A line each: name, cards, what a note is."""
    rows = [("note type", "cards", "a note is")]
    rows += [
        (name, ", ".join(card.slug for card in made.spec.cards), made.spec.help)
        for name, made in found.items()
    ]
    return "\n".join(table(rows, "<<<"))


def note_type(made: NoteType) -> str:
    """The keys of its entries, its cards, and an example."""
    spec = made.spec
    lines = [f"{click.style(made.name, bold=True)}: {spec.help}", ""]
    lines.append(f"Entries stand in {made.name}.yaml. Their keys:")
    required = {key: said for key, said in spec.entry.items() if said.required}
    optional = {key: said for key, said in spec.entry.items() if not said.required}
    lines += _key("id", _COMMON["id"], required=True)
    for key, said in required.items():
        lines += _key(key, _help(said), required=True)
    for key, said in optional.items():
        lines += _key(key, _help(said))
    for key, meaning in {**(_SPOKEN if made.spoken else {}), **_COMMON}.items():
        if key != "id":
            lines += _key(key, meaning)
    lines += ["", "Cards:"]
    for card in spec.cards:
        fixed = "" if card.slug in made.switches else " (always made)"
        lines.append(f"  {card.slug}{fixed}")
    lines += (
        ["", "'cards:' in ankigen.yaml or category.yaml chooses among them."]
        if made.switches
        else []
    )
    if spec.sample:
        lines += ["", "An example:", "", textwrap.indent(spec.sample.rstrip(), "  ")]
    return "\n".join(lines)


def _key(name: str, said: str, *, required: bool = False) -> list[str]:
    mark = " (required)" if required else ""
    wrapped = textwrap.wrap(f"{said}", _WIDTH - 6)
    return [f"  {click.style(name, bold=True)}{mark}", *(f"      {line}" for line in wrapped)]


def _help(said: KeySpec) -> str:
    if said.type == "choice":
        return f"{said.help} One of: {', '.join(said.choices)}."
    if said.type in ("slugs", "references", "texts"):
        return f"{said.help} A list."
    return said.help
