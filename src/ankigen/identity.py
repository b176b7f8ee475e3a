"""Whether learners' Anki would know the notes of a release again, which it does by their GUIDs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.diagnostics import Code, Diagnostic
from ankigen.lock import FILE
from ankigen.package import guid_for
from ankigen.yamlwriter import quoted, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ankigen.lock import NoteLine
    from ankigen.model import Course, Note


def lost(
    released: Mapping[str, NoteLine], course: Course, notes: Sequence[Note], earlier: str = ""
) -> list[Diagnostic]:
    """What would give learners a note that they have a second time.

    A GUID that goes on under another key is not lost, nor is that of a note that left the course
    before. All that the course's id has changed is one mistake.

    Args:
        released: Lines of the lock, by key.
        course: Whose notes they are.
        notes: All of them.
        earlier: What the course's id may have been.
    """
    now = {note.guid for note in notes}
    stayed, strayed = [], []
    for note in notes:
        line = released.get(note.key)
        if line is None or line.removed:
            continue
        if note.guid in (line.guid, *line.others):
            stayed.append(note)
        elif line.guid not in now:
            strayed.append(note)
    if not strayed:
        return []
    made = [note for note in strayed if note.guid == _made(course.id, note)]
    if made and not any(note.guid == _made(course.id, note) for note in stayed):
        if released[made[0].key].guid != _made(earlier, made[0]):
            earlier = ""  # this was not it
        strayed = [note for note in strayed if note.guid != _made(course.id, note)]
        return [_by_id(course, len(made), earlier), *_alone(course, strayed, released)]
    return [*_alone(course, strayed, released)]


def _made(course: str, note: Note) -> str:
    """The GUID of a note whose entry names none."""
    note_type, _, identifier = note.key.partition("/")
    return guid_for(course, note_type, identifier)


def _by_id(course: Course, count: int, earlier: str) -> Diagnostic:
    changed = f"with the id '{course.id}'"
    back = "put back the id that the course had then"
    if earlier:
        changed = f"the course's id was '{earlier}' and is '{course.id}'"
        back = f"write 'id: {earlier}'"
    notes = "the released note" if count == 1 else f"all {count:,} released notes"
    return Diagnostic(
        course.origin.span("id"),
        Code.GUID,
        f"{changed}: learners would get {notes} a second time, as new cards, and no update of"
        " those that they study",
        f"{back}; or, if nobody has these decks yet or this is another course, delete {FILE}",
    )


def _alone(
    course: Course, notes: Sequence[Note], released: Mapping[str, NoteLine]
) -> Iterator[Diagnostic]:
    for note in notes:
        was = released[note.key].guid
        back = "" if unwritable(was) else f"write 'guid: {quoted(was)}'; or, "
        if was == _made(course.id, note):
            back = "remove 'guid:'; or, "
        yield Diagnostic(
            note.span,
            Code.GUID,
            f"the GUID of {note.key} was '{was}' when it was released and is '{note.guid}':"
            " learners would get it a second time, and no update of the one that they study",
            f"{back}for a new note, give the entry another id",
        )
