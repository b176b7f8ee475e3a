"""A lock that was lost, rebuilt from the packages that were published."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ankigen import apkg, lock
from ankigen.notetypespec import KEY_FIELD
from ankigen.schema import SLUG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ankigen.lock import Lock, NoteLine, TypeLine
    from ankigen.notetype import NoteType

_KEY = re.compile(rf"[a-z0-9-]+/{SLUG[1:-1]}\Z")


def recover(
    packages: Iterable[Path], note_types: Mapping[str, NoteType], damaged: str = ""
) -> Lock:
    """The lock after the release of these packages.

    Args:
        packages: Of any releases, in any order: of each note the latest counts. Notes without a
            key of ours are passed over.
        note_types: By name.
        damaged: What is left of the old lock; its whole lines count too.

    Raises:
        PackageError: A package cannot be read.
    """
    names = {note_type.spec.id: name for name, note_type in note_types.items()}
    lines: list[NoteLine | TypeLine] = [*lock.whole_lines(damaged)]
    left = {key: line for key, line in lock.gather(lines).notes.items() if line.removed}
    for path in packages:
        with apkg.opened(path) as package:
            notes = (_left(note, left.get(note.key)) for note in _notes(package))
            found = [*_types(package, names), *notes]
        # A foreign package may hold what no line can, such as an empty GUID.
        lines += lock.whole_lines("\n".join(map(str, found)))
    return lock.gather(lines)


def _left(note: NoteLine, known: NoteLine | None) -> NoteLine:
    """A note that the old lock knows to have left the course after this package was made."""
    return replace(note, removed=known is not None and known.mod >= note.mod)


def _types(package: apkg.Package, names: Mapping[int, str]) -> Iterator[TypeLine]:
    for kind in package.note_types.values():
        fields = tuple((item.id, item.name) for item in kind.fields if item.id is not None)
        cards = tuple(
            (item.id, item.name, item.front, item.back)
            for item in kind.templates
            if item.id is not None
        )
        if kind.id in names and len(fields) == len(kind.fields):
            anatomy = lock.Anatomy(kind.id, kind.name, kind.kind, fields, cards, kind.css)
            yield anatomy.line(names[kind.id], kind.mod)


def _notes(package: apkg.Package) -> Iterator[NoteLine]:
    last = {
        kind.id: bool(kind.fields) and kind.fields[-1].name == KEY_FIELD
        for kind in package.note_types.values()
    }
    cards: dict[int, list[int]] = {}
    for card in package.cards():
        cards.setdefault(card.note, []).append(card.ordinal)
    for note in package.notes():
        if note.guid and last.get(note.note_type) and note.fields and _KEY.match(note.fields[-1]):
            content = lock.content_hash(note.fields, note.tags)
            ordinals = tuple(sorted(cards.get(note.id, ())))
            yield lock.NoteLine(note.fields[-1], note.guid, content, note.mod, cards=ordinals)
