"""Which note type of the project the notes of each foreign one go to, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ankigen.diagnostics import SetupError, did_you_mean
from ankigen.importing import mapping, ours, safenames

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ankigen.importing.foreign import Foreign, ForeignType
    from ankigen.importing.mapping import Mapped
    from ankigen.notetype import NoteType


class Way(StrEnum):
    """How a note becomes an entry."""

    READ_BACK = "read-back"  # the project has its note type
    TAKEN_OVER = "taken-over"  # the project gets its note type
    MAPPED = "mapped"  # its fields become keys of another


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person said of note types.

    Attributes:
        note_type: Name of ours; empty where it is to be found out.
        only: Names of the foreign ones that are wanted; empty for all.
        as_is: Whether foreign ones are taken over as they are.
        fields: Of foreign ones, each with the key that it becomes.
    """

    note_type: str = ""
    only: tuple[str, ...] = ()
    as_is: bool = False
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where the notes of a foreign note type go.

    Attributes:
        kind: The foreign note type.
        note_type: Ours.
        fields: What becomes of each field, where they are mapped.
    """

    kind: ForeignType
    way: Way
    note_type: NoteType
    fields: tuple[Mapped, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with the note types of a file.

    Attributes:
        known: By key of the file: those that the project has.
        taken: By key of the file: the name that each gets that is taken over.
        mapped: By key of the file: the name of ours.
        left: Names of those that are not wanted.
    """

    known: Mapping[str, str]
    taken: Mapping[str, str]
    mapped: Mapping[str, str]
    left: Sequence[str]


def plan(foreign: Foreign, note_types: Mapping[str, NoteType], wanted: Wanted) -> Plan:
    """Find out what to do with each note type of a file.

    Raises:
        SetupError: What the person said does not fit, or too little was said.
    """
    names = [kind.name for kind in foreign.types.values()]
    for name in wanted.only:
        if name not in names:
            hint = did_you_mean(name, names, f"it has {', '.join(names)}")
            raise SetupError(f"{foreign.file} has no note type '{name}'", hint)
    asked = {
        key: kind
        for key, kind in foreign.types.items()
        if not wanted.only or kind.name in wanted.only
    }
    left = [kind.name for key, kind in foreign.types.items() if key not in asked]
    own = {
        key: name
        for key, kind in asked.items()
        if (name := _ours(kind, note_types)) and wanted.note_type in ("", name)
    }
    rest = {key: kind for key, kind in asked.items() if key not in own}
    if not rest:
        return Plan(own, {}, {}, left)
    if wanted.note_type in note_types:
        return Plan(own, {}, dict.fromkeys(rest, wanted.note_type), left)
    if wanted.as_is:
        return Plan(own, _new_names(rest, note_types, wanted), {}, left)
    if wanted.note_type:
        otherwise = f"choose from {', '.join(note_types)}; or add --as-is to take it over from Anki"
        hint = did_you_mean(wanted.note_type, note_types, otherwise)
        raise SetupError(f"there is no note type '{wanted.note_type}'", hint)
    shown = "; ".join(f"'{kind.name}' ({', '.join(kind.fields)})" for kind in rest.values())
    hint = f"say --notetype with one of {', '.join(note_types)}"
    if any(kind.anatomy for kind in rest.values()):
        hint += ", or --as-is to keep notes and cards as they are in Anki"
    raise SetupError(f"{foreign.file} holds notes of {shown}: what are they to become?", hint)


def _ours(kind: ForeignType, note_types: Mapping[str, NoteType]) -> str:
    return next((name for name, made in note_types.items() if ours.is_of(kind, made)), "")


def _new_names(
    rest: Mapping[str, ForeignType], note_types: Mapping[str, NoteType], wanted: Wanted
) -> dict[str, str]:
    if wanted.note_type and len(rest) > 1:
        shown = ", ".join(f"'{kind.name}'" for kind in rest.values())
        raise SetupError(
            f"'{wanted.note_type}' can be the name of one note type, but there are {shown}",
            "leave --notetype out, so that each is named after itself, or choose one with --only",
        )
    if wanted.note_type:
        if safenames.slug(wanted.note_type) != wanted.note_type:
            hint = f"name it '{safenames.slug(wanted.note_type) or 'cards'}'"
            raise SetupError(f"'{wanted.note_type}' cannot be the name of a note type", hint)
        return dict.fromkeys(rest, wanted.note_type)
    unique = safenames.Unique(set(note_types))
    return {key: unique.name(safenames.slug(kind.name) or "anki") for key, kind in rest.items()}


def routes(
    foreign: Foreign, made: Plan, note_types: Mapping[str, NoteType], wanted: Wanted
) -> dict[str, Route]:
    """The way of each note type, by its key in the file.

    Args:
        foreign: The file.
        made: What to do with its note types.
        note_types: Of the project, those that are taken over among them.
        wanted: What the person said.

    Raises:
        SetupError: ``wanted.fields`` names what is not there.
    """
    found = {}
    for key, name in made.known.items():
        found[key] = Route(foreign.types[key], Way.READ_BACK, note_types[name])
    for key, name in made.taken.items():
        found[key] = Route(foreign.types[key], Way.TAKEN_OVER, note_types[name])
    for key, name in made.mapped.items():
        kind = foreign.types[key]
        fields = mapping.propose(kind, note_types[name], wanted.fields)
        found[key] = Route(kind, Way.MAPPED, note_types[name], fields)
    return found
