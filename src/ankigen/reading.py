"""A project, read, checked and rendered: what a build, a list or a comparison begins with."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ankigen import (
    audio,
    config,
    files,
    lexicon,
    mediafile,
    projecttypes,
    proof,
    render,
    source,
    speech,
    wordlist,
    yamlsyntax,
)
from ankigen.cardchoice import CardChoice
from ankigen.casting import Casting, Line
from ankigen.diagnostics import Code, Diagnostic, SetupError, Severity, SourceError
from ankigen.model import Voice
from ankigen.project import Project
from ankigen.speech import recordings

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from pathlib import Path

    from ankigen.model import Course, Entry, Note
    from ankigen.notetype import NoteType
    from ankigen.release import Release
    from ankigen.rendercache import Memory
    from ankigen.speech import Speech
    from ankigen.speech.recordings import Recording
    from ankigen.transcription import Readers, Transcriber

CLIPS_FOLDER = "audio/clips"
TRANSCRIPTIONS = ".ipa.json"


@dataclass(frozen=True, slots=True)
class Survey:
    """A project as far as it can be read, and everything that is wrong with it.

    Attributes:
        project: None where ``ankigen.yaml`` cannot be used.
        diagnostics: Sorted and without repeats.
    """

    project: Project | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A project, read as far as its files can be by themselves.

    Attributes:
        diagnostics: What is wrong with each.
    """

    project: Project
    recorded: Sequence[Recording]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is dear to load, kept by one who reads a project again and again.

    Attributes:
        engine: Gives the engine of a name.
        readers: What derives IPA; new ones where there are none.
    """

    engine: Callable[[str], Speech] = speech.engine
    readers: Readers | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """A project, read and rendered.

    Attributes:
        project: What was read.
        lines: What is spoken of the notes that were rendered now, and not remembered.
        studio: What speaks it.
        transcriber: What gave its IPA, and may remember it.
        diagnostics: Warnings; errors have been raised.
    """

    project: Project
    notes: tuple[Note, ...]
    lines: tuple[Line, ...]
    studio: audio.Studio
    transcriber: Transcriber
    diagnostics: tuple[Diagnostic, ...]

    @property
    def course(self) -> Course:
        """Of the project."""
        return self.project.course

    @property
    def note_types(self) -> Mapping[str, NoteType]:
        """Of the project, by name."""
        return self.project.note_types


def survey(root: Path) -> Survey:
    """Read and check a project without making anything of it; its mistakes are not raised.

    Args:
        root: The project's folder, resolved.
    """
    try:
        found = opened(root)
    except SourceError as error:
        return Survey(None, error.diagnostics)
    words, wrong = wordlist.read(root)
    project = replace(
        found.project,
        media=tuple(mediafile.lying(root)),
        words=words,
        lines=functools.cache(functools.partial(_lines, root)),
    )
    problems = {*found.diagnostics, *wrong, *_examine(project, found.recorded)}
    return Survey(project, tuple(sorted(problems)))


def problems(project: Project) -> tuple[Diagnostic, ...]:
    """What is wrong with what a project's entries make together, recordings aside.

    Args:
        project: Whose entries may be others than those of its files.
    """
    return tuple(_examine(project, ()))


def read(
    root: Path,
    *,
    sound: bool,
    transcribed: bool = True,
    cache: Path | None = None,
    memory: Memory | None = None,
) -> Contents:
    """Read, check and render a project.

    Args:
        root: The project's folder, resolved.
        sound: Whether what cannot be said is a mistake. Notes name their sounds in any case.
        transcribed: Whether notes get the IPA that is not written; without, they are not to be
            released.
        cache: Folder where derived IPA is kept; that of the project's clips by default.
        memory: Of notes that were rendered in the same way.

    Raises:
        SourceError: With everything that is wrong in its files.
        SetupError: A voice is not to be had.
    """
    found = opened(root)
    return rendered(found, sound=sound, transcribed=transcribed, cache=cache, memory=memory)


def opened(root: Path) -> Opened:
    """Read what the files of a project hold.

    Args:
        root: The project's folder, resolved.

    Raises:
        SourceError: ``ankigen.yaml`` cannot be used, so nothing else is read.
    """
    course, problems = config.load(root)
    types = projecttypes.find(root)
    entries = source.load(course, types.note_types, types.broken)
    words, wrong = lexicon.read(root)
    recorded, lost = recordings.find(root)
    project = Project(
        course, types.note_types, entries.entries, words, incomplete=entries.incomplete
    )
    problems += [*types.diagnostics, *entries.diagnostics, *wrong, *lost]
    return Opened(project, recorded, tuple(problems))


def rendered(
    found: Opened,
    *,
    sound: bool,
    transcribed: bool = True,
    cache: Path | None = None,
    only: Container[str] | None = None,
    memory: Memory | None = None,
    loaded: Loaded = Loaded(),
) -> Contents:
    """Check and render a project that was read.

    Args:
        found: The project.
        sound: As of ``read``.
        transcribed: Likewise.
        cache: Likewise.
        only: Ids of the categories whose notes are wanted; all where it is None.
        memory: As of ``read``.
        loaded: What was loaded before.

    Raises:
        SourceError: With everything that is wrong in its files.
        SetupError: A voice is not to be had.
    """
    root = found.project.course.root
    try:
        contents = _render(
            found,
            sound=sound,
            transcribed=transcribed,
            cache=cache or root / CLIPS_FOLDER,
            only=only,
            memory=memory,
            loaded=loaded,
        )
    except SourceError as error:  # a field's template
        raise SourceError([*found.diagnostics, *error.diagnostics]) from None
    diagnostics = tuple(sorted({*found.diagnostics, *contents.diagnostics}))
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise SourceError(diagnostics)
    return replace(contents, diagnostics=diagnostics)


def _examine(project: Project, recorded: Sequence[Recording]) -> list[Diagnostic]:
    """What is wrong with what entries make together."""
    lacking: list[Diagnostic] = []
    try:
        cast = _Cast(project, recorded, None, sound=True)
    except SetupError:
        lacking, project = _at_hand(project)
        cast = _Cast(project, recorded, None, sound=True)
    maker = cast.maker(transcribed=False)
    found = proof.examine(project.entries, project.note_types, maker, cast.casting.sayable)
    return [*lacking, *cast.problems(), *found]


def _at_hand(project: Project) -> tuple[list[Diagnostic], Project]:
    """The voices that this machine lacks, and the project with those that it has in their place."""
    course = project.course
    voices, lacking = dict(course.voices), []
    for name, voice in course.voices.items():
        try:
            audio.Studio({name: voice}, project.lexicon)
        except SetupError as error:
            voices[name] = Voice(speech.ENGINES[0])
            span = course.origin.span("voices", name)
            lacking.append(Diagnostic(span, Code.VOICE, str(error), error.hint, Severity.WARNING))
    return lacking, replace(project, course=replace(course, voices=voices))


def _lines(root: Path, file: str) -> Sequence[str]:
    """Of a source file; none where it cannot be read, which has been reported."""
    try:
        return yamlsyntax.lines(files.read_source(root, root / file))
    except SourceError:
        return ()


def _render(
    found: Opened,
    *,
    sound: bool,
    transcribed: bool,
    cache: Path,
    only: Container[str] | None,
    memory: Memory | None,
    loaded: Loaded,
) -> Contents:
    """The notes, what they say, and what is wrong with what entries make together."""
    from ankigen.transcription import Transcriber  # noqa: PLC0415 - late: a check asks for no IPA

    project = found.project
    if any(voice.fallback for voice in project.course.voices.values()):
        memory = None  # which voice speaks depends on the machine too, and the studio must see it
    transcriber = Transcriber(project.lexicon, cache / TRANSCRIPTIONS, loaded.readers)
    cast = _Cast(project, found.recorded, transcriber, sound=sound, engine=loaded.engine)
    problems = cast.problems()
    maker = cast.maker(transcribed=transcribed)
    notes = render.render(project.entries, project.note_types, maker, only, memory)
    if memory is not None:
        memory.write()
    return Contents(
        project=project,
        notes=notes.notes,
        lines=cast.casting.lines,
        studio=cast.studio,
        transcriber=transcriber,
        diagnostics=(*problems, *notes.diagnostics),
    )


class _Cast:
    """Who speaks a project's entries, and which cards are made of them."""

    def __init__(
        self,
        project: Project,
        recorded: Sequence[Recording],
        transcriber: Transcriber | None,
        *,
        sound: bool,
        engine: Callable[[str], Speech] = speech.engine,
    ) -> None:
        course, note_types = project.course, project.note_types
        recorder = recordings.Recordings(course.root)
        self._project = project
        self.studio = audio.Studio(course.voices, project.lexicon, engine, recorder)
        self.casting = Casting(
            course,
            note_types,
            studio=self.studio,
            recordings=recorded,
            transcriber=transcriber,
            strict=sound,
        )
        self._choice = CardChoice(course, note_types)

    def problems(self) -> list[Diagnostic]:
        """What a project says of voices, recordings and cards that cannot be."""
        return [*self.casting.check(self._project.entries), *self._choice.check()]

    def maker(self, *, transcribed: bool) -> render.Maker:
        """What rendering needs of all this."""
        course = self._project.course
        return render.Maker(
            guid=partial(_guid, course.id),
            clip=self.casting.clip,
            ipa=self.casting.ipa if transcribed else _no_ipa,
            off=self._choice.off,
            media=lambda entry, name, kind: mediafile.find(course.root, entry.file, name, kind),
        )


def _guid(course: str, note_type: str, identifier: str) -> str:
    from ankigen import package  # noqa: PLC0415 - late: a check hardly ever asks

    return package.guid_for(course, note_type, identifier)


def _no_ipa(_entry: Entry, _key: str, _text: str) -> Sequence[tuple[str, str]]:
    return ()


def released(root: Path, revision: str, cache: Path | None = None) -> Release:
    """The project's notes as a build of a git revision would release them.

    Args:
        root: The project's folder, resolved.
        revision: Whatever git takes for a commit; empty for the files as they are.
        cache: Folder where derived IPA is kept; that of the project's clips by default.

    Raises:
        SourceError: The sources of that revision are at fault.
        SetupError: There is no such revision.
    """
    from ankigen import release, revisions  # noqa: PLC0415 - late: no build needs them

    if revision:
        with revisions.checked_out(root, revision) as folder:
            return released(folder, "", root / CLIPS_FOLDER)
    contents = read(root, sound=False, cache=cache)
    return release.of_sources(contents.course, contents.notes, contents.note_types)
