"""What a course comes to: notes, cards and sound, and what of it is thin."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import audio, package, reading, study
from ankigen.clips import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from ankigen.model import Clip, Note
    from ankigen.project import Project
    from ankigen.reading import Contents
    from ankigen.study import Preset

ENOUGH = 2
"""Sentences that show a term: one for the card that asks for it, and another that differs."""

# Least squares over the 254 clips of this repository's course, by hibari 0.2.1: the sum is exact
# to 1%, a single clip to 9% on average.
_PAUSE = 0.37
"""Seconds of a clip beside its letters."""
_PER_LETTER = 0.058
"""Seconds at the voice's own pace."""


@dataclass(frozen=True, slots=True)
class Count:
    """What some notes come to; a sound that several of them play counts once.

    Attributes:
        seconds: Length of the sounds, those that are not made yet estimated.
        missing: How many are not made yet.
    """

    notes: int
    cards: int
    clips: int
    seconds: float
    missing: int


@dataclass(frozen=True, slots=True)
class Shown:
    """How often entries of one note type are shown in use by those of another.

    Attributes:
        note_type: Of what is shown, as terms.
        by: Of what shows it, as sentences.
        times: By the id of each entry.
    """

    note_type: str
    by: str
    times: Mapping[str, int]

    @property
    def thin(self) -> dict[str, int]:
        """Those that are not shown often enough."""
        return {name: times for name, times in self.times.items() if times < ENOUGH}


@dataclass(frozen=True, slots=True)
class Stats:
    """A course in numbers.

    Attributes:
        course: Its name.
        total: Of all notes.
        categories: By id, in study order.
        contents: Notes of each note type, by the id of the category.
        note_types: By name.
        levels: By level, in the note types' order; those without one under the empty name.
        tags: Notes that have each tag.
        topics: How many entries of each level are about each topic, the most frequent first.
        shown: How well each note type is illustrated that others illustrate.
        seconds: What a right answer of each card takes, in the order in which cards are met.
        preset: How it wants to be studied.
        known: Share of the cards that its learners know before.
    """

    course: str
    total: Count
    categories: Mapping[str, Count]
    contents: Mapping[str, Mapping[str, int]]
    note_types: Mapping[str, Count]
    levels: Mapping[str, Count]
    tags: Mapping[str, int]
    topics: Mapping[str, Mapping[str, int]]
    shown: tuple[Shown, ...]
    seconds: tuple[int, ...]
    preset: Preset
    known: float


def of_project(root: Path) -> Stats:
    """Count a project; makes no sound, loads no voice.

    Args:
        root: The project's folder, resolved.

    Raises:
        SourceError: The sources are at fault.
        SetupError: A voice is not to be had.
    """
    contents = reading.read(root, sound=False, transcribed=False)
    course, project, notes = contents.course, contents.project, contents.notes
    store = Store(root / reading.CLIPS_FOLDER)
    heard = {clip: length(clip, store) for note in notes for clip in note.clips}
    level = levels(project)

    def by(group: Callable[[Note], str], names: Iterable[str]) -> dict[str, Count]:
        found: dict[str, list[Note]] = {name: [] for name in names}
        for note in notes:
            found.setdefault(group(note), []).append(note)
        return {name: _count(members, heard) for name, members in found.items() if members}

    mix: dict[str, Counter[str]] = {one.id: Counter() for one in course.categories}
    for note in notes:
        mix[note.category][note.note_type] += 1
    tags = Counter(tag for note in notes for tag in note.tags)
    topics: dict[str, Counter[str]] = {}
    for topic in project.values("topics"):
        topics.setdefault(topic.text, Counter())[level.get(topic.entry.key, "")] += 1
    often = sorted(topics.items(), key=lambda one: (-one[1].total(), one[0]))
    return Stats(
        course=course.name,
        total=_count(notes, heard),
        categories=by(lambda note: note.category, [one.id for one in course.categories]),
        contents={name: _in_order(members, contents) for name, members in mix.items() if members},
        note_types=by(lambda note: note.note_type, contents.note_types),
        levels=by(lambda note: level.get(note.key, ""), _names_of_levels(project)),
        tags=dict(sorted(tags.items())),
        topics=dict(often),
        shown=tuple(_shown(project)),
        seconds=tuple(_seconds(contents)),
        preset=study.preset(course, sum(len(note.cards) for note in notes)),
        known=course.study.known,
    )


def _in_order(members: Mapping[str, int], contents: Contents) -> dict[str, int]:
    return {name: members[name] for name in contents.note_types if name in members}


def length(clip: Clip, store: Store) -> tuple[float, bool]:
    """Seconds of a clip, or of the one that stands in for it, and whether it is made."""
    record = next((found for one in audio.line(clip) if (found := store.get(one))), None)
    if record:
        return record.seconds, True
    return _PAUSE + _PER_LETTER * len(clip.text) / clip.voice.speed, False


def _count(notes: Iterable[Note], length: Mapping[Clip, tuple[float, bool]]) -> Count:
    notes = list(notes)
    sounds = {clip.name: length[clip] for note in notes for clip in note.clips}.values()
    return Count(
        notes=len(notes),
        cards=sum(len(note.cards) for note in notes),
        clips=len(sounds),
        seconds=sum(seconds for seconds, _ in sounds),
        missing=sum(not made for _, made in sounds),
    )


def _names_of_levels(project: Project) -> list[str]:
    specs = [key for made in project.note_types.values() for key in made.spec.entry.values()]
    known = [choice for spec in specs if spec.role == "level" for choice in spec.choices]
    return list(dict.fromkeys([*known, *sorted(one.text for one in project.values("level")), ""]))


def levels(project: Project) -> dict[str, str]:
    """The level of each entry that has one: its own, or that of what it shows in use first."""
    own = {one.entry.key: one.text for one in project.values("level")}
    return {key: own[shown] for key, shown in project.shown_first().items() if shown in own} | own


def _shown(project: Project) -> Iterator[Shown]:
    uses = Counter(
        (one.entry.note_type, one.spec.to, one.text)
        for one in {(o.entry.key, o.text): o for o in project.references("illustrates")}.values()
    )
    for by, made in project.note_types.items():
        targets = {key.to for key in made.spec.entry.values() if key.role == "illustrates"}
        for to in sorted(targets):
            ids = [entry.id for entry in project.of_type(to)]
            if ids:
                yield Shown(to, by, {name: uses[by, to, name] for name in ids})


def _seconds(contents: Contents) -> Iterator[int]:
    index = {category.id: number for number, category in enumerate(contents.course.categories)}
    cards = [
        (index[note.category], package.place(note, rank), note.key, ordinal)
        for note in contents.notes
        for rank, ordinal in enumerate(note.cards)
    ]
    for _, _, key, ordinal in sorted(cards):
        yield contents.note_types[key.partition("/")[0]].spec.card(ordinal).seconds
