"""Notes of a release → the files of its packages: one a category, and one of the whole course."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ankigen import files, package
from ankigen.model import BuiltDeck

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ankigen.clips import Store
    from ankigen.model import Category, Clip, Course, Note
    from ankigen.notetype import NoteType


class Packages:
    """The packages of a release, written one after another."""

    def __init__(
        self,
        course: Course,
        note_types: Mapping[str, NoteType],
        mods: package.Mods,
        store: Store,
        output: Path,
    ) -> None:
        """Prepare to write.

        Args:
            course: Whose packages they are.
            note_types: By name.
            mods: Of the release.
            store: Where the clips are.
            output: Folder of the packages.
        """
        self._course = course
        self._note_types = note_types
        self._mods = mods
        self._store = store
        self._output = output
        self._paths: dict[str, Path] = {}  # a clip is packed twice, and a path is dear to make

    def write(
        self, notes: Sequence[Note], wanted: Sequence[Category], *, whole: bool
    ) -> tuple[BuiltDeck, ...]:
        """Write a package for each wanted category and, if ``whole``, one of the course."""
        course = self._course
        by_category: dict[str, list[Note]] = {}
        for note in notes:
            by_category.setdefault(note.category, []).append(note)
        parent = package.Deck(course.name, course.description)
        children = {
            category.id: package.Deck(
                f"{course.name}::{category.name}",
                category.description,
                by_category.get(category.id, ()),
                index,
            )
            for index, category in enumerate(course.categories)
        }
        made = [self._package(c.id, c.id, [parent, children[c.id]]) for c in wanted]
        if whole:
            made.append(self._package(None, course.id, [parent, *children.values()]))
        return tuple(made)

    def _package(self, category: str | None, name: str, decks: Sequence[package.Deck]) -> BuiltDeck:
        notes = [note for deck in decks for note in deck.notes]
        media = {clip.name: self._path(clip) for note in notes for clip in note.clips}
        used = {note.note_type for note in notes}
        kinds = {n: kind for n, kind in self._note_types.items() if n in used}
        path = self._output / f"{name}.apkg"
        with files.atomic_write(path) as stream:
            package.write(stream, decks, kinds, media, self._mods)
            stream.flush()
            size = stream.tell()
        with path.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        return BuiltDeck(
            category=category,
            file=path.name,
            notes=len(notes),
            cards=sum(len(note.cards) for note in notes),
            clips=len(media),
            bytes=size,
            sha256=digest,
        )

    def _path(self, clip: Clip) -> Path:
        if clip.name not in self._paths:
            self._paths[clip.name] = self._store.path(clip)
        return self._paths[clip.name]
