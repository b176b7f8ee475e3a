"""Notes that learners would get a second time: whose fault it is, and what is none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ankigen import identity, lock, locking, reading
from ankigen.diagnostics import Code, Severity
from ankigen.lock import Lock
from ankigen.package import guid_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ankigen.diagnostics import Diagnostic
    from ankigen.model import Course, Note
    from ankigen.reading import Contents

KERNEL, FUSION = "terms/kernel", "terms/operator-fusion"


@pytest.fixture
def contents(small: Path) -> Contents:
    """The small course, read: two terms and a sentence of each."""
    return reading.read(small, sound=False)


def released(contents: Contents, *notes: Note) -> Lock:
    """The lock after a release of notes; of all that were read where none is named."""
    return locking.update(Lock(), notes or contents.notes, contents.note_types, 1000)[0]


def renamed(contents: Contents, identifier: str) -> tuple[Course, list[Note]]:
    """The course with another id, and its notes as they would be."""
    notes = [
        replace(note, guid=guid_for(identifier, *note.key.split("/"))) for note in contents.notes
    ]
    return replace(contents.course, id=identifier), notes


def with_guids(contents: Contents, **guids: str) -> list[Note]:
    """The notes, those of some terms with other GUIDs."""
    given = {f"terms/{name.replace('_', '-')}": guid for name, guid in guids.items()}
    return [replace(note, guid=given.get(note.key, note.guid)) for note in contents.notes]


def by_key(notes: Sequence[Note], key: str) -> Note:
    """The note of a key."""
    return next(note for note in notes if note.key == key)


def lost(before: Lock, contents: Contents, notes: Sequence[Note]) -> list[Diagnostic]:
    """What is said of notes of the course with its own id."""
    return identity.lost(before.notes, contents.course, notes)


@pytest.mark.parametrize("earlier", ["small", "", "something-else", "other"])
def test_the_id_of_the_course(contents: Contents, earlier: str) -> None:
    """It is one mistake at its place; what the id was is said only where the GUIDs prove it."""
    course, notes = renamed(contents, "other")
    (found,) = identity.lost(released(contents).notes, course, notes, earlier)
    assert found.span == course.origin.span("id")
    assert (found.span.line, found.span.column) == (1, 5)
    assert (found.code, found.severity) == (Code.GUID, Severity.ERROR)
    assert "learners would get all 4 released notes a second time" in found.message
    known = earlier == "small"
    assert ("the course's id was 'small' and is 'other'" in found.message) == known
    assert ("with the id 'other'" in found.message) != known
    assert found.hint.startswith("write 'id: small'" if known else "put back the id")
    assert found.hint.endswith("delete ankigen.lock")


def test_the_id_of_a_course_with_guids_of_its_entries(contents: Contents) -> None:
    """An entry that keeps its GUID is not counted; one whose GUID changed too is told as well."""
    before = released(contents, *with_guids(contents, kernel="mine", operator_fusion="yours"))
    course, notes = renamed(contents, "other")
    given = {KERNEL: "mine", FUSION: "new"}
    notes = [replace(note, guid=given.get(note.key, note.guid)) for note in notes]
    by_id, by_entry = identity.lost(before.notes, course, notes)
    assert "all 2 released notes" in by_id.message
    assert by_entry.span == by_key(notes, FUSION).span
    assert "was 'yours' when it was released and is 'new'" in by_entry.message


def test_the_guid_of_an_entry(contents: Contents) -> None:
    """Given to a released entry, changed or taken away, it is told at the entry, with the old."""
    plain, own = contents.notes, guid_for("small", "terms", "kernel")
    given, other = (with_guids(contents, kernel=guid) for guid in ("a #b", "x"))
    for before, after, back in (
        (plain, given, "remove 'guid:'"),
        (given, plain, "write 'guid: \"a #b\"'"),
        (given, other, "write 'guid: \"a #b\"'"),
    ):
        (found,) = lost(released(contents, *before), contents, after)
        note = by_key(after, KERNEL)
        assert (found.span, found.code, found.severity) == (note.span, Code.GUID, Severity.ERROR)
        was = own if before is plain else "a #b"
        assert f"{KERNEL} was '{was}' when it was released and is '{note.guid}'" in found.message
        assert found.hint == f"{back}; or, for a new note, give the entry another id"


def test_a_guid_that_no_source_may_hold(contents: Contents) -> None:
    """It cannot be put back, so that is not said."""
    before = released(contents, *with_guids(contents, kernel="a\0"))
    (found,) = lost(before, contents, contents.notes)
    assert found.hint == "for a new note, give the entry another id"


def test_a_key_that_is_renamed(contents: Contents) -> None:
    """A GUID that goes on under another key is no loss, whatever takes the first key."""
    note = by_key(contents.notes, KERNEL)
    others = [one for one in contents.notes if one.key != KERNEL]
    moved = replace(note, key="terms/kernels")
    assert not lost(released(contents), contents, [*others, moved])
    new = replace(note, guid="of another")
    assert not lost(released(contents), contents, [*others, moved, new])


def test_two_keys_that_change_places(contents: Contents) -> None:
    """Learners keep both."""
    one, two = (by_key(contents.notes, key).guid for key in (KERNEL, FUSION))
    after = with_guids(contents, kernel=two, operator_fusion=one)
    assert not lost(released(contents), contents, after)


def test_a_key_that_comes_back(contents: Contents) -> None:
    """After its note left the course, it is free for the same and for another."""
    others = [note for note in contents.notes if note.key != KERNEL]
    gone, _ = locking.update(released(contents), others, contents.note_types, 2000)
    assert gone.notes[KERNEL].removed
    assert not lost(gone, contents, contents.notes)
    assert not lost(gone, contents, with_guids(contents, kernel="of another"))


def test_two_branches_that_added_a_key(contents: Contents) -> None:
    """Whichever of both GUIDs the merged sources have is right; a third is not."""
    text = str(released(contents))
    row = next(line for line in text.splitlines() if KERNEL in line)
    for time in ("2000", "1000", "999"):  # later than that of the other, equal, earlier
        merged = lock.parse(
            f"{text}{row.replace(row.split()[2], 'theirs').replace('1000', time)}\n"
        )
        assert not lost(merged, contents, contents.notes)
        assert not lost(merged, contents, with_guids(contents, kernel="theirs"))
        (found,) = lost(merged, contents, with_guids(contents, kernel="a-third"))
        assert found.span == by_key(contents.notes, KERNEL).span


def test_a_first_release(contents: Contents) -> None:
    """Nothing is known yet, so nothing is lost."""
    assert not lost(Lock(), contents, contents.notes)
