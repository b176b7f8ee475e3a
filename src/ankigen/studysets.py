"""Sets: the notes of a category cut into parts for one sitting each.

An author names them by tags, ``set::hardware-2``, which stay with the notes whatever is added
later; a category without such tags is cut by time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ankigen.model import Note

TAG = "set::"
"""How the tag of a set begins."""

MINUTES = 12.0
"""That a set takes where its author has not cut it: ten to fifteen, before a meeting."""

FIRST_ROUND = 2.5
"""How often a right answer's time is spent on a new card on its first day: 3.2 times where nothing
is known before, twice where half is (``forecast``, the mean of 3,000 cards)."""


@dataclass(frozen=True, slots=True)
class StudySet:
    """Notes to learn in one sitting.

    Attributes:
        id: Unique in the course, and a slug.
        notes: In study order.
        minutes: That a first round takes, about.
    """

    id: str
    notes: tuple[Note, ...]
    minutes: float


def cut(
    category: str,
    notes: Sequence[Note],
    seconds: Callable[[Note], float],
    follows: Callable[[Note], bool] = lambda _: False,
) -> tuple[StudySet, ...]:
    """The sets of a category.

    Args:
        category: Its id.
        notes: In study order.
        seconds: What right answers of all cards of a note take.
        follows: Whether a note belongs with the one before it, as an example with its word.
    """
    tagged = any(map(_tag, notes))
    named = _by_tag(notes) if tagged else _by_time(category, notes, seconds, follows)
    return tuple(
        StudySet(name, tuple(members), sum(map(seconds, members)) * FIRST_ROUND / 60)
        for name, members in named
    )


def _tag(note: Note) -> str:
    return next((tag.removeprefix(TAG) for tag in note.tags if tag.startswith(TAG)), "")


def _by_tag(notes: Sequence[Note]) -> Iterator[tuple[str, list[Note]]]:
    """Notes without a tag go with those before them, or with the first."""
    found: dict[str, list[Note]] = {}
    current = next(filter(None, map(_tag, notes)))
    for note in notes:
        current = _tag(note) or current
        found.setdefault(current, []).append(note)
    yield from found.items()


def _by_time(
    category: str,
    notes: Sequence[Note],
    seconds: Callable[[Note], float],
    follows: Callable[[Note], bool],
) -> Iterator[tuple[str, list[Note]]]:
    """As many sets of about equal time as come nearest to ``MINUTES``."""
    total = sum(map(seconds, notes)) * FIRST_ROUND / 60
    number = max(round(total / MINUTES), 1)
    spent, made = 0.0, 0
    members: list[Note] = []
    for note in notes:
        if members and not follows(note) and spent >= total * (made + 1) / number:
            made += 1
            yield f"{category}-{made}", members
            members = []
        members.append(note)
        spent += seconds(note) * FIRST_ROUND / 60
    if members:
        yield f"{category}-{made + 1}", members
