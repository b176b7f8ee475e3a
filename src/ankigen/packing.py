"""Notes of a release → the files of its packages: one a category, and one of the whole course."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from ankigen import files, package, study
from ankigen.diagnostics import Code, Diagnostic, SourceError
from ankigen.model import BuiltDeck

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ankigen.clips import Store
    from ankigen.model import Category, Clip, Course, Note
    from ankigen.notetype import NoteType
    from ankigen.study import Preset

_LARGEST = 10  # sounds that are named where a package is too large


def file_of(owner: Category | Course) -> str:
    """Name of the package of a category or of the whole course."""
    return f"{owner.id}.apkg"


def files_of(course: Course) -> set[str]:
    """Names of all packages of a course."""
    return {file_of(course), *map(file_of, course.categories)}


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

    @contextlib.contextmanager
    def written(
        self, notes: Sequence[Note], wanted: Sequence[Category], *, whole: bool
    ) -> Iterator[tuple[BuiltDeck, ...]]:
        """Write a package for each wanted category and, if ``whole``, one of the course.

        They take the place of the last ones when the context is left, all or none.

        Raises:
            SourceError: A package is beyond its budget.
        """
        course = self._course
        by_category: dict[str, list[Note]] = {}
        for note in notes:
            by_category.setdefault(note.category, []).append(note)
        cards = sum(len(note.cards) for note in notes)
        preset = study.preset(course, cards)
        description = study.described(course.description, study.guide(preset, cards))
        parent = package.Deck(course.name, description)
        children = {
            category.id: package.Deck(
                category.deck_name(course.name),
                category.description,
                by_category.get(category.id, ()),
                index,
            )
            for index, category in enumerate(course.categories)
        }
        tasks: list[tuple[Category | None, list[package.Deck]]] = [
            (category, [parent, children[category.id]]) for category in wanted
        ]
        if whole:
            tasks.append((None, [parent, *children.values()]))
        with contextlib.ExitStack() as stack:
            made = [self._package(category, decks, preset, stack) for category, decks in tasks]
            problems = [
                problem
                for (category, decks), deck in zip(tasks, made, strict=True)
                if (problem := self._beyond_budget(category, decks, deck))
            ]
            if problems:
                raise SourceError(problems)
            yield tuple(made)

    def _package(
        self,
        category: Category | None,
        decks: Sequence[package.Deck],
        preset: Preset,
        stack: contextlib.ExitStack,
    ) -> BuiltDeck:
        notes = [note for deck in decks for note in deck.notes]
        media = {clip.name: self._path(clip) for note in notes for clip in note.clips}
        media |= {file.name: file.path for note in notes for file in note.media}
        used = {note.note_type for note in notes}
        kinds = {n: kind for n, kind in self._note_types.items() if n in used}
        media |= {file.name: file.path for kind in kinds.values() for file in kind.media}
        path = self._output / file_of(category or self._course)
        stream = stack.enter_context(files.atomic_write(path))
        package.write(stream, decks, kinds, media, self._mods, preset=preset)
        stream.flush()
        size = stream.tell()
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type] # IO[bytes] is one
        return BuiltDeck(
            category=category.id if category else None,
            file=path.name,
            notes=len(notes),
            cards=sum(len(note.cards) for note in notes),
            clips=len({clip.name for note in notes for clip in note.clips}),
            bytes=size,
            sha256=digest,
        )

    def _beyond_budget(
        self, category: Category | None, decks: Sequence[package.Deck], made: BuiltDeck
    ) -> Diagnostic | None:
        said: Category | Course = self._course
        if category is not None and category.budget is not None:
            said = category
        if said.budget is None or made.bytes <= said.budget:
            return None
        clips = {clip.name: note for deck in decks for note in deck.notes for clip in note.clips}
        sizes = {name: (self._store.folder / name).stat().st_size for name in clips}
        largest = sorted(sizes, key=lambda name: (-sizes[name], name))[:_LARGEST]
        message = f"{made.file} would have {made.bytes:,} bytes, more than its budget of"
        named = ", ".join(f"{clips[name].key} {sizes[name] / 1e3:.0f} kB" for name in largest)
        hint = "raise the budget, or shorten what is spoken"
        return Diagnostic(
            said.origin.span("budget"),
            Code.BUDGET,
            f"{message} {said.budget:,}",
            f"{hint}; the largest sounds: {named}" if named else hint,
        )

    def _path(self, clip: Clip) -> Path:
        if clip.name not in self._paths:
            self._paths[clip.name] = self._store.path(clip)
        return self._paths[clip.name]
