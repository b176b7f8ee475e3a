"""The whole of a build, from sources to packages; says what it does only to its caller."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ankigen import audio, config, files, notetype, package, render, source
from ankigen.clips import Store
from ankigen.diagnostics import (
    Code,
    Diagnostic,
    SetupError,
    Severity,
    SourceError,
    did_you_mean,
)
from ankigen.freshness import BuiltDeck, State, Watch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ankigen.model import Category, Course, Note
    from ankigen.notetype import NoteType

CLIPS_FOLDER = "audio/clips"
OUTPUT_FOLDER = "dist"


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for.

    Attributes:
        categories: Ids of those whose packages are written; empty for all and the course's.
        output: Folder of the packages; ``dist`` of the project by default.
        sound: Whether notes speak.
        jobs: Threads that make clips; by default one a core.
    """

    categories: tuple[str, ...] = ()
    output: Path | None = None
    sound: bool = True
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """The clips of all decks together; ``seconds`` is the length of what one hears."""

    made: int = 0
    reused: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did.

    Attributes:
        output: The folder of the packages.
        seconds: How long it took.
        fresh: Whether everything was up to date and nothing was written.
    """

    output: Path
    decks: tuple[BuiltDeck, ...]
    audio: Sound
    seconds: float
    fresh: bool = False
    warnings: tuple[Diagnostic, ...] = field(default=())


class Progress(Protocol):
    """What a build tells of its long work."""

    def clips(self, done: int, total: int) -> None:
        """So many of so many clips are made."""


class Silent:
    """Progress that nobody watches."""

    def clips(self, done: int, total: int) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A project, read and rendered.

    Attributes:
        diagnostics: Warnings; errors have been raised.
    """

    course: Course
    note_types: Mapping[str, NoteType]
    notes: tuple[Note, ...]
    diagnostics: tuple[Diagnostic, ...]


def build(root: Path, options: Options = Options(), progress: Progress = Silent()) -> Result:  # noqa: B008 - both frozen
    """Bring the packages of a project up to date.

    Args:
        root: The project's folder, resolved.
        options: What to build and how.
        progress: Told of long work.

    Raises:
        SourceError: The sources are at fault; no package was touched.
        SetupError: The options, the voices or the machine are at fault; likewise.
    """
    started = time.perf_counter()
    output = options.output or root / OUTPUT_FOLDER
    watch = Watch(root, output, root / CLIPS_FOLDER, [*options.categories, str(options.sound)])
    state = watch.unchanged()
    if state is not None:
        heard = Sound(0, len(state.clips), state.seconds)
        return Result(output, state.decks, heard, time.perf_counter() - started, fresh=True)

    contents, studio = read(root, sound=options.sound)
    wanted = _wanted(contents.course, options.categories)
    store = Store(root / CLIPS_FOLDER)
    for folder in (output, store.folder):
        files.sweep(folder)
    names = {category.id for category in wanted}
    clips = [clip for note in contents.notes if note.category in names for clip in note.clips]
    try:
        made = studio.make(clips, store, options.jobs, progress.clips)
    except audio.SilentClipError as error:
        raise _silent(error, contents.notes) from None
    decks = _write(contents, wanted, output, store, whole=not options.categories)
    if not contents.diagnostics:
        watch.record(State(decks, tuple(sorted(made.records)), made.seconds))
    return Result(
        output=output,
        decks=decks,
        audio=Sound(made.made, made.reused, made.seconds),
        seconds=time.perf_counter() - started,
        warnings=contents.diagnostics,
    )


def read(root: Path, *, sound: bool) -> tuple[Contents, audio.Studio]:
    """Read, check and render a project.

    Raises:
        SourceError: With everything that is wrong in its files.
        SetupError: A voice is not to be had.
    """
    course, problems = config.load(root)
    note_types = notetype.built_in()
    entries = source.load(course, note_types)
    studio = audio.Studio(course.voices)
    maker = render.Maker(
        guid=lambda note_type, identifier: package.guid_for(course.id, note_type, identifier),
        clip=studio.clip if sound else None,
        unsayable=studio.unsayable,
    )
    notes = render.render(entries.entries, note_types, maker)
    diagnostics = tuple(sorted({*problems, *entries.diagnostics, *notes.diagnostics}))
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise SourceError(diagnostics)
    return Contents(course, note_types, notes.notes, diagnostics), studio


def _wanted(course: Course, asked: Sequence[str]) -> list[Category]:
    known = [category.id for category in course.categories]
    for name in asked:
        if name not in known:
            raise SetupError(
                f"the course has no category '{name}'",
                did_you_mean(name, known, f"choose from {', '.join(known)}"),
            )
    return [c for c in course.categories if not asked or c.id in asked]


def _by_category(notes: Sequence[Note]) -> dict[str, list[Note]]:
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.category, []).append(note)
    return found


def _silent(error: audio.SilentClipError, notes: Sequence[Note]) -> SourceError:
    note = next(note for note in notes if error.clip in note.clips)
    message = f"{error} ({note.key})"
    return SourceError([Diagnostic(note.span, Code.UNSAYABLE, message, "write it as it is said")])


def _write(
    contents: Contents, wanted: Sequence[Category], output: Path, store: Store, *, whole: bool
) -> tuple[BuiltDeck, ...]:
    """Write a package a category and, if ``whole``, one of the course."""
    course = contents.course
    notes = _by_category(contents.notes)
    parent = package.Deck(course.name, course.description)
    children = {
        category.id: package.Deck(
            f"{course.name}::{category.name}",
            category.description,
            notes.get(category.id, ()),
            index,
        )
        for index, category in enumerate(course.categories)
    }
    packages: list[tuple[str | None, list[package.Deck]]] = [
        (category.id, [parent, children[category.id]]) for category in wanted
    ]
    if whole:
        packages.append((None, [parent, *children.values()]))
    return tuple(
        _package(category, output / f"{category or course.id}.apkg", decks, contents, store)
        for category, decks in packages
    )


def _package(
    category: str | None,
    path: Path,
    decks: Sequence[package.Deck],
    contents: Contents,
    store: Store,
) -> BuiltDeck:
    notes = [note for deck in decks for note in deck.notes]
    media = {clip.name: store.path(clip) for note in notes for clip in note.clips}
    used = {note.note_type for note in notes}
    note_types = {name: kind for name, kind in contents.note_types.items() if name in used}
    with files.atomic_write(path) as stream:
        package.write(stream, decks, note_types, media.values())
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
