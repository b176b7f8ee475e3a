"""How entries hang together: which name which, and in which order they are studied."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.model import Entry
    from ankigen.notetype import NoteType


def named(entry: Entry, key: str) -> Sequence[str]:
    """The ids under a key of one or more references."""
    value: str | Sequence[str] = entry.values.get(key, ())
    return (value,) if isinstance(value, str) else value


def gather(
    entries: Sequence[Entry], note_types: Mapping[str, NoteType]
) -> dict[tuple[str, str, str], list[Entry]]:
    """By note type, id and name of the gathering: the entries that refer to it.

    Those that name it first come first; otherwise they are in the order of the files.
    """
    found: dict[tuple[str, str, str], list[tuple[int, Entry]]] = {}
    for name, note_type in note_types.items():
        for gathered, said in note_type.spec.gather.items():
            for entry in entries:
                if entry.note_type == said.source:
                    for place, target in enumerate(named(entry, said.by)):
                        if place == 0 or not said.first:
                            found.setdefault((name, target, gathered), []).append((place, entry))
    return {
        key: [entry for _, entry in sorted(those, key=lambda item: item[0])]
        for key, those in found.items()
    }


def study_order(
    entries: Iterable[Entry], note_types: Mapping[str, NoteType]
) -> Iterator[tuple[str, list[Entry]]]:
    """Categories in order; in each, an entry comes right after the last one that it follows."""
    by_category: dict[str, list[Entry]] = {}
    for entry in entries:
        by_category.setdefault(entry.category, []).append(entry)
    for category, members in by_category.items():
        places = {(e.note_type, e.id): index for index, e in enumerate(members)}

        def order(
            entry: Entry, places: Mapping[tuple[str, str], int] = places
        ) -> tuple[int, int, int]:
            own = places[entry.note_type, entry.id]
            spec = note_types[entry.note_type].spec
            if not spec.follows:
                return own, 0, own
            to = spec.entry[spec.follows].to
            anchors = [places[to, n] for n in named(entry, spec.follows) if (to, n) in places]
            return max(anchors, default=len(places)), 1, own

        yield category, sorted(members, key=order)
