"""A course released twice, and a learner who studies and edits between the releases."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from ankigen import notetype
from ankigen.build import Options, build
from learner import GOOD, Learner, learner
from support import write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from ankigen.notetype import NoteType
    from backend import ImportLog

BASICS = """\
- {id: kernel, term: kernel, definition: A function that the device runs., topics: [gpu]}
- {id: lane, term: lane, definition: One of many parallel paths.}
- {id: tile, term: tile, definition: A part of an array.}
- {id: stride, term: stride, definition: The distance between neighbours.}
- {id: warp, term: warp, definition: Threads that run in step.}
"""
MORE = "- {id: fuse, term: fuse, definition: To make one of several.}\n"
FILES: Mapping[str, str] = {
    "ankigen.yaml": "id: small\nname: Small Course\ncategories: [basics, more]\n",
    "cards/basics/category.yaml": "name: Basics\n",
    "cards/basics/terms.yaml": BASICS,
    "cards/basics/sentences.yaml": (
        '- {id: kernel-1, terms: [kernel], text: "Each {kernel} reads its own data."}\n'
    ),
    "cards/more/category.yaml": "name: More\n",
    "cards/more/terms.yaml": MORE,
}
"""A course of two categories, six terms and a sentence."""

DAY = 86_400
DECK = "Small Course::Basics"


def release(
    root: Path,
    name: str,
    when: int,
    types: Mapping[str, NoteType] | None = None,
    *,
    sound: bool = True,
) -> Path:
    """Build a project at a time into the folder ``name``; return the course's package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(when))
        if types is not None:
            patch.setattr(notetype, "built_in", lambda: types)
        build(root, Options(output=root / name, sound=sound))
    return root / name / "small.apkg"


def first_release(root: Path, *, sound: bool = True) -> Path:
    """Write the course and release it as ``v1``, yesterday; return its folder."""
    root = write_project(root, FILES)
    release(root, "v1", int(time.time()) - DAY, sound=sound)
    return root


@dataclass(frozen=True)
class Before:
    """A collection before the second release: ids and times of notes by key, and all else."""

    ids: Mapping[str, int]
    mods: Mapping[str, int]
    schedule: Mapping[int, Sequence[Any]]
    reviews: Sequence[Sequence[Any]]
    content: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Played:
    """A learner after the second release, what the import said, and what was before it."""

    learner: Learner
    root: Path
    log: ImportLog
    before: Before


def study_and_edit(learner: Learner) -> None:
    """Learn a deck, review a note of it again, edit two notes, tag, move and suspend a card."""
    assert learner.study(DECK) == 16
    learner.collection.sched.set_due_date(learner.cards("terms/kernel"), "0")
    assert learner.study(DECK, rating=GOOD) == 3
    learner.edit("terms/kernel", "Usage", "My own words on a kernel.")
    learner.edit("terms/lane", "Definition", "My own words on a lane.")
    learner.tag("terms/lane", "mine")
    mine = learner.collection.decks.id("Mine")
    assert mine is not None
    learner.collection.set_deck(learner.cards("terms/kernel")[:1], mine)
    learner.collection.sched.suspend_cards(learner.cards("terms/kernel")[1:2])


@contextmanager
def played(root: Path, folder: Path, *, merge: bool) -> Iterator[Played]:
    """Import the first release, use it, import the second."""
    with learner(folder) as someone:
        someone.imports(root / "v1/small.apkg", merge=merge)
        study_and_edit(someone)
        someone.collection.fix_integrity()  # reviews around the turn of a second need it
        notes = [someone.collection.get_note(note) for note in someone.ids("")]
        before = Before(
            ids={note.fields[-1]: note.id for note in notes},
            mods={note.fields[-1]: note.mod for note in notes},
            schedule=someone.schedule(),
            reviews=someone.reviews(),
            content=someone.content(),
        )
        log = someone.imports(root / "v2/small.apkg", merge=merge)
        yield Played(someone, root, log, before)
