"""The whole of a build, from sources to packages; says what it does only to its caller."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ankigen import (
    audio,
    config,
    files,
    lexicon,
    lockfile,
    notetype,
    package,
    release,
    render,
    revisions,
    source,
)
from ankigen.clips import Store
from ankigen.diagnostics import (
    Code,
    Diagnostic,
    SetupError,
    Severity,
    SourceError,
    did_you_mean,
)
from ankigen.freshness import State, Watch
from ankigen.packing import Packages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ankigen.model import BuiltDeck, Category, Course, Note
    from ankigen.notetype import NoteType
    from ankigen.release import Release

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
        locked: Refuse to change the lock.
        offline: Refuse to make clips that need the network.
    """

    categories: tuple[str, ...] = ()
    output: Path | None = None
    sound: bool = True
    jobs: int | None = None
    locked: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Sound:
    """The clips of all decks together; ``seconds`` is the length of what one hears."""

    made: int = 0
    reused: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class NoteCounts:
    """What this release does to the notes of the last one."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


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
    notes: NoteCounts
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
        return Result(
            output=output,
            decks=state.decks,
            notes=NoteCounts(unchanged=state.notes),
            audio=Sound(0, len(state.clips), state.seconds),
            seconds=time.perf_counter() - started,
            fresh=True,
        )

    contents, studio = read(root, sound=options.sound)
    wanted = _wanted(contents.course, options.categories)
    recorded = lockfile.prepare(root, contents.notes, contents.note_types, locked=options.locked)
    store = Store(root / CLIPS_FOLDER)
    for folder in (output, store.folder):
        files.sweep(folder)
    names = {category.id for category in wanted} if options.sound else set()
    clips = [clip for note in contents.notes if note.category in names for clip in note.clips]
    try:
        made = studio.make(clips, store, options.jobs, progress.clips, offline=options.offline)
    except audio.SilentClipError as error:
        raise _silent(error, contents.notes) from None
    if not options.locked:
        recorded.write(root)
    notes: Sequence[Note] = contents.notes
    if not options.sound:
        notes = [render.mute(note, contents.note_types[note.note_type]) for note in notes]
    mods = recorded.mods(sound=options.sound)
    packages = Packages(contents.course, contents.note_types, mods, store, output)
    decks = packages.write(notes, wanted, whole=not options.categories)
    warnings = (*contents.diagnostics, *recorded.warnings)
    if not warnings:
        watch.record(State(decks, len(contents.notes), tuple(sorted(made.records)), made.seconds))
    return Result(
        output=output,
        decks=decks,
        notes=NoteCounts(*map(len, recorded.changes.notes)),
        audio=Sound(made.made, made.reused, made.seconds),
        seconds=time.perf_counter() - started,
        warnings=warnings,
    )


def read(root: Path, *, sound: bool) -> tuple[Contents, audio.Studio]:
    """Read, check and render a project.

    Args:
        root: The project's folder, resolved.
        sound: Whether what cannot be said is a mistake. Notes name their sounds in any case.

    Raises:
        SourceError: With everything that is wrong in its files.
        SetupError: A voice is not to be had.
    """
    course, problems = config.load(root)
    note_types = notetype.built_in()
    entries = source.load(course, note_types)
    words, wrong = lexicon.read(root)
    problems += wrong
    studio = audio.Studio(course.voices, words)
    maker = render.Maker(
        guid=lambda note_type, identifier: package.guid_for(course.id, note_type, identifier),
        clip=studio.clip,
        unsayable=studio.unsayable if sound else lambda _text: "",
    )
    notes = render.render(entries.entries, note_types, maker)
    diagnostics = tuple(sorted({*problems, *entries.diagnostics, *notes.diagnostics}))
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise SourceError(diagnostics)
    return Contents(course, note_types, notes.notes, diagnostics), studio


def released(root: Path, revision: str) -> Release:
    """The project's notes as a build of a git revision would release them.

    Args:
        root: The project's folder, resolved.
        revision: Whatever git takes for a commit; empty for the files as they are.

    Raises:
        SourceError: The sources of that revision are at fault.
        SetupError: There is no such revision.
    """
    if revision:
        with revisions.checked_out(root, revision) as folder:
            return released(folder, "")
    contents, _ = read(root, sound=False)
    return release.of_sources(contents.course, contents.notes, contents.note_types)


def _wanted(course: Course, asked: Sequence[str]) -> list[Category]:
    known = [category.id for category in course.categories]
    for name in asked:
        if name not in known:
            raise SetupError(
                f"the course has no category '{name}'",
                did_you_mean(name, known, f"choose from {', '.join(known)}"),
            )
    return [c for c in course.categories if not asked or c.id in asked]


def _silent(error: audio.SilentClipError, notes: Sequence[Note]) -> SourceError:
    note = next(note for note in notes if error.clip in note.clips)
    message = f"{error} ({note.key})"
    return SourceError([Diagnostic(note.span, Code.UNSAYABLE, message, "write it as it is said")])
