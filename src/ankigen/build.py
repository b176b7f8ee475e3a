"""The whole of a build, from sources to packages; says what it does only to its caller."""

from __future__ import annotations

import contextlib
import itertools
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from ankigen import audio, caches, files, lock, lockfile, sounding, suppression
from ankigen.caches import Cache
from ankigen.clips import Store
from ankigen.diagnostics import (
    Code,
    Diagnostic,
    SetupError,
    Severity,
    SourceError,
    Span,
    did_you_mean,
)
from ankigen.freshness import State, Watch
from ankigen.lock import Lock, content_hash
from ankigen.packing import Packages, files_of
from ankigen.reading import CLIPS_FOLDER, Contents, read
from ankigen.rendercache import Memory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ankigen.model import BuiltDeck, Category, Clip, Course, Note

OUTPUT_FOLDER = "dist"
_CASTS = 4096  # a note of twelve sounds, each with one stand-in


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
        warnings: And notes.
        strays: Packages of earlier builds in the folder that belong to no category any more.
    """

    output: Path
    decks: tuple[BuiltDeck, ...]
    notes: NoteCounts
    audio: Sound
    seconds: float
    fresh: bool = False
    warnings: tuple[Diagnostic, ...] = field(default=())
    strays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """The clips that were asked for, and what a person should know of them."""

    audio: Sound
    warnings: tuple[Diagnostic, ...]


class Progress(Protocol):
    """What a build tells of its long work."""

    def clips(self, done: int, total: int) -> None:
        """So many of so many clips are made."""


class Silent:
    """Progress that nobody watches."""

    def clips(self, done: int, total: int) -> None:
        """Say nothing."""


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
    output = _output(root, options)
    watch = _watch(root, options)
    state = watch.unchanged()
    if state is not None:
        return Result(
            output=output,
            decks=state.decks,
            notes=NoteCounts(unchanged=state.notes),
            audio=Sound(0, len(state.clips), state.seconds),
            seconds=time.perf_counter() - started,
            fresh=True,
            strays=state.strays,
        )

    contents = _read(root, options, watch)
    wanted = _wanted(contents.course, options.categories)
    notes: Sequence[Note] = contents.notes
    # Where a voice may stand in for another, what the notes play is known when it is made.
    settled = not any(clip.instead for note in notes for clip in note.clips)
    locked = options.locked and settled
    last = watch.last
    prepare = partial(
        lockfile.prepare,
        contents.course,
        note_types=contents.note_types,
        earlier=last.course if last else "",
    )
    recorded = prepare(notes, locked=locked)
    store = Store(root / CLIPS_FOLDER)
    files.sweep(root, lock.FILE)
    for folder in (output, store.folder):
        files.sweep(folder)
    speaking = wanted if options.sound else []
    made, reports = _speak(contents, store, speaking, options, progress)
    try:
        if not settled:
            spoken = {category.id for category in speaking}
            notes = [_settle(n, made, recorded.before, now=n.category in spoken) for n in notes]
            recorded = prepare(notes, locked=options.locked)
        if not options.sound:
            notes = sounding.muted(notes, contents.note_types)
        mods = recorded.mods(sound=options.sound)
        packages = Packages(contents.course, contents.note_types, mods, store, output)
        with packages.written(notes, wanted, whole=not options.categories) as decks:
            if not options.locked:
                recorded.write(root)
    except SourceError as error:
        raise SourceError([*error.diagnostics, *reports]) from None
    warnings = suppression.left(contents.course, (*reports, *recorded.warnings))
    clips = tuple(sorted(made.records))
    earlier = watch.left(contents.course.id).difference(deck.file for deck in decks)
    strays = earlier - files_of(contents.course)
    left = State(
        contents.course.id,
        decks,
        len(notes),
        clips,
        made.seconds,
        tuple(sorted(earlier)),
        tuple(sorted(strays)),
    )
    warned = any(found.severity is Severity.WARNING for found in warnings)
    watch.record(left, finished=not warned)
    return Result(
        output=output,
        decks=decks,
        notes=NoteCounts(*map(len, recorded.changes.notes)),
        audio=Sound(made.made, made.reused, made.seconds),
        seconds=time.perf_counter() - started,
        warnings=warnings,
        strays=left.strays,
    )


def contents(root: Path, options: Options = Options()) -> Contents:
    """What a build makes packages of; quickly, after a build.

    Args:
        root: The project's folder, resolved.
        options: Of the build.

    Raises:
        SourceError: The sources are at fault.
        SetupError: A voice is not to be had.
    """
    return _read(root, options, _watch(root, options))


def _watch(root: Path, options: Options) -> Watch:
    asked = [*options.categories, str(options.sound)]
    return Watch(root, _output(root, options), root / CLIPS_FOLDER, asked)


def _output(root: Path, options: Options) -> Path:
    return options.output or root / OUTPUT_FOLDER


def _read(root: Path, options: Options, watch: Watch) -> Contents:
    """Read a project, and render of it what was not rendered like that before."""
    # With sound, a text that cannot be said is a mistake.
    cache = Cache(caches.folder("notes"), root, f"{watch.around} {options.sound}")
    return read(root, sound=options.sound, memory=Memory(cache))


def _settle(note: Note, made: audio.Made, before: Lock, *, now: bool) -> Note:
    """The note with the clips that it plays, where others may stand in for them.

    A note that does not speak in this build keeps what it was released with.
    """
    if now:
        return sounding.recast(note, made.instead)
    line = before.notes.get(note.key)
    names = [clip.name for clip in note.clips]
    casts = itertools.product(*(list(audio.line(clip)) for clip in note.clips))
    for cast in itertools.islice(casts, _CASTS if line else 0):
        other = sounding.recast(note, dict(zip(names, cast, strict=True)))
        if line and line.content == content_hash(other.fields, other.tags):
            return other
    return note


def speak(root: Path, options: Options = Options(), progress: Progress = Silent()) -> Spoken:  # noqa: B008 - both frozen
    """Make the clips that are missing, and nothing else.

    Args:
        root: The project's folder, resolved.
        options: Whose clips, and how.
        progress: Told of long work.

    Raises:
        SourceError: The sources are at fault.
        SetupError: The options, the voices or the machine are at fault.
    """
    contents = read(root, sound=True, transcribed=False)
    wanted = _wanted(contents.course, options.categories)
    store = Store(root / CLIPS_FOLDER)
    files.sweep(store.folder)
    made, reports = _speak(contents, store, wanted, options, progress)
    warnings = suppression.left(contents.course, reports)
    return Spoken(Sound(made.made, made.reused, made.seconds), warnings)


def _speak(
    contents: Contents,
    store: Store,
    wanted: Sequence[Category],
    options: Options,
    progress: Progress,
) -> tuple[audio.Made, list[Diagnostic]]:
    """The clips of the wanted categories, and what a person should know of them."""
    with contextlib.suppress(OSError):  # a cache that cannot be kept costs a second next time
        contents.transcriber.remember()
    contents.transcriber.close()  # the voices need the memory
    names = {category.id for category in wanted}
    clips = [clip for note in contents.notes if note.category in names for clip in note.clips]
    try:
        made = contents.studio.make(
            clips, store, options.jobs, progress.clips, offline=options.offline
        )
    except audio.UnspokenError as error:
        raise _unspoken(error, contents.notes) from None
    reports = [*contents.diagnostics, *_flaws(made, clips), *_stand_ins(made, contents.course)]
    return made, reports


def _wanted(course: Course, asked: Sequence[str]) -> list[Category]:
    known = [category.id for category in course.categories]
    for name in asked:
        if name not in known:
            raise SetupError(
                f"the course has no category '{name}'",
                did_you_mean(name, known, f"choose from {', '.join(known)}"),
            )
    return [c for c in course.categories if not asked or c.id in asked]


def _unspoken(error: audio.UnspokenError, notes: Sequence[Note]) -> SourceError | SetupError:
    """Whose fault it is that a clip could not be made."""
    clip = error.clip
    note = next(note for note in notes if clip in note.clips)
    if clip.voice.engine == audio.RECORDINGS:
        hint = error.hint or "record it again, or remove it: a voice speaks in its place"
        message = f"in the recording of {note.key}, {error}" if error.of_text else str(error)
        return SourceError([Diagnostic(Span(clip.voice.voice), Code.RECORDING, message, hint)])
    message = f"no sound for '{clip.text}' ({note.key}): {error}"
    if error.of_text:
        hint = error.hint or "write it as it is said, or add 'say:' to the entry"
        return SourceError([Diagnostic(note.span, Code.UNSAYABLE, message, hint)])
    return SetupError(message, error.hint)


def _flaws(made: audio.Made, clips: Sequence[Clip]) -> list[Diagnostic]:
    """Recordings that a person should hear again."""
    flawed = {clip.voice.voice: made.records[clip.name].flaw for clip in clips}
    return [
        Diagnostic(
            Span(file),
            Code.RECORDING,
            f"this recording {flaw}",
            "listen to it, and record it again if need be",
            Severity.WARNING,
        )
        for file, flaw in flawed.items()
        if flaw
    ]


def _stand_ins(made: audio.Made, course: Course) -> list[Diagnostic]:
    """Voices that others had to stand in for."""
    return [
        Diagnostic(
            course.origin.span("voices", found.voice),
            Code.STAND_IN,
            f"'{found.by}' stands in for '{found.voice}' in {found.clips:,} of the clips:"
            f" {found.why}",
            "build again when that voice can speak; learners then get its sound as an update",
            Severity.WARNING,
        )
        for found in made.stand_ins
    ]
