"""The project's lock at a build: read, compared with what was rendered, and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import files, identity, recovery
from ankigen.diagnostics import Code, Diagnostic, Severity, SourceError, Span
from ankigen.lock import FILE, Lock, merged, parse
from ankigen.locking import Changes, now, stale, update
from ankigen.package import Mods

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ankigen.model import Course, Note
    from ankigen.notetype import NoteType


@dataclass(frozen=True, slots=True)
class Release:
    """What a build records of itself.

    Attributes:
        before: The lock of the release before.
        lock: After it.
        changes: From the release before.
        text: The lock's file as it was.
        conflicted: Whether a merge had left something behind in it.
        gone: Whether there is none, though the course was built before.
    """

    before: Lock
    lock: Lock
    changes: Changes
    text: str
    conflicted: bool
    gone: bool = False

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What a person should know of the file."""
        if self.gone:
            message = (
                "the lock of earlier builds is gone: all notes count as changed, so learners would"
                " lose their own edits, and nothing is held to what was released"
            )
            hint = (
                "before you publish these decks, get it back from git, or delete the new one and"
                " run 'ankigen lock --from' with the packages that learners have; then build again"
            )
            return (Diagnostic(Span(FILE), Code.LOST_LOCK, message, hint, Severity.WARNING),)
        return (merged(),) if self.conflicted else ()

    def write(self, root: Path) -> None:
        """Bring the file up to date, if it is not."""
        text = str(self.lock)
        if text != self.text:
            with files.atomic_write(root / FILE) as stream:
                stream.write(text.encode())

    def mods(self, *, sound: bool) -> Mods:
        """Of all notes and note types; a note without its sound is older than with it."""
        return Mods(
            {key: line.mod - (not sound) for key, line in self.lock.notes.items()},
            {name: line.mod for name, line in self.lock.types.items()},
        )


def read(root: Path) -> Lock:
    """The lock of a project; an empty one where there is none.

    Raises:
        SourceError: It cannot be read.
    """
    path = root / FILE
    return parse(files.read_source(root, path) if path.exists() else "")


def prepare(
    course: Course,
    notes: Sequence[Note],
    note_types: Mapping[str, NoteType],
    *,
    locked: bool,
    earlier: str = "",
) -> Release:
    """What the lock becomes when these notes are released now.

    Args:
        course: What is released.
        notes: All of its notes.
        note_types: By name.
        locked: Refuse any change.
        earlier: The course's id at the last build; empty where there was none.

    Raises:
        SourceError: The lock cannot be read, a released note or note type would break, or the
            build is locked and the lock would change.
        SetupError: ``SOURCE_DATE_EPOCH`` is no time.
    """
    path = course.root / FILE
    there = path.exists()
    text = files.read_source(course.root, path) if there else ""
    before = parse(text)
    strangers = identity.lost(before.notes, course, notes, earlier)
    try:
        after, changes = update(before, notes, note_types, now())
    except SourceError as error:
        raise SourceError([*strangers, *error.diagnostics]) from None
    if strangers:
        raise SourceError(strangers)
    gone = not there and earlier == course.id
    release = Release(before, after, changes, text, conflicted=before.conflicted, gone=gone)
    if locked:
        problems = [*stale(changes, notes), *release.warnings]
        if problems:
            raise SourceError(problems)
    return release


def recover(root: Path, packages: Sequence[Path], note_types: Mapping[str, NoteType]) -> Lock:
    """Write a lock from published packages and what is left of the old one.

    Raises:
        PackageError: A package cannot be read.
    """
    path = root / FILE
    damaged = path.read_bytes().decode(errors="replace") if path.is_file() else ""
    recovered = recovery.recover(packages, note_types, damaged)
    with files.atomic_write(path) as stream:
        stream.write(str(recovered).encode())
    return recovered
