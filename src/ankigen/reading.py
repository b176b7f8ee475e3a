"""A project, read, checked and rendered: what a build, a list or a comparison begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import (
    audio,
    config,
    lexicon,
    mediafile,
    package,
    projecttypes,
    release,
    render,
    revisions,
    source,
)
from ankigen.cardchoice import CardChoice
from ankigen.casting import Casting, Line
from ankigen.diagnostics import Severity, SourceError
from ankigen.speech import recordings
from ankigen.transcription import Transcriber

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ankigen.diagnostics import Diagnostic
    from ankigen.model import Course, Note
    from ankigen.notetype import NoteType
    from ankigen.release import Release

CLIPS_FOLDER = "audio/clips"
TRANSCRIPTIONS = ".ipa.json"


@dataclass(frozen=True, slots=True)
class Contents:
    """A project, read and rendered.

    Attributes:
        lines: What is spoken of the notes.
        studio: What speaks it.
        transcriber: What gave its IPA, and may remember it.
        diagnostics: Warnings; errors have been raised.
    """

    course: Course
    note_types: Mapping[str, NoteType]
    notes: tuple[Note, ...]
    lines: tuple[Line, ...]
    studio: audio.Studio
    transcriber: Transcriber
    diagnostics: tuple[Diagnostic, ...]


def read(root: Path, *, sound: bool, cache: Path | None = None) -> Contents:
    """Read, check and render a project.

    Args:
        root: The project's folder, resolved.
        sound: Whether what cannot be said is a mistake. Notes name their sounds in any case.
        cache: Folder where derived IPA is kept; that of the project's clips by default.

    Raises:
        SourceError: With everything that is wrong in its files.
        SetupError: A voice is not to be had.
    """
    course, problems = config.load(root)
    note_types = projecttypes.of_project(root)
    entries = source.load(course, note_types)
    words, wrong = lexicon.read(root)
    problems += wrong
    recorded, wrong = recordings.find(root)
    problems += wrong
    studio = audio.Studio(course.voices, words, recordings=recordings.Recordings(root))
    transcriber = Transcriber(words, (cache or root / CLIPS_FOLDER) / TRANSCRIPTIONS)
    casting = Casting(
        course,
        note_types,
        studio=studio,
        recordings=recorded,
        transcriber=transcriber,
        strict=sound,
    )
    problems += casting.check(entries.entries)
    choice = CardChoice(course, note_types)
    problems += choice.check()
    maker = render.Maker(
        guid=lambda note_type, identifier: package.guid_for(course.id, note_type, identifier),
        clip=casting.clip,
        ipa=casting.ipa,
        off=choice.off,
        media=lambda entry, name, kind: mediafile.find(root, entry.file, name, kind),
    )
    notes = render.render(entries.entries, note_types, maker)
    diagnostics = tuple(sorted({*problems, *entries.diagnostics, *notes.diagnostics}))
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise SourceError(diagnostics)
    return Contents(
        course=course,
        note_types=note_types,
        notes=notes.notes,
        lines=casting.lines,
        studio=studio,
        transcriber=transcriber,
        diagnostics=diagnostics,
    )


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
    if revision:
        with revisions.checked_out(root, revision) as folder:
            return released(folder, "", root / CLIPS_FOLDER)
    contents = read(root, sound=False, cache=cache)
    return release.of_sources(contents.course, contents.notes, contents.note_types)
