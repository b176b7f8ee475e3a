"""How a course is studied: its options in Anki, and what its deck tells the learner.

Anki takes a deck's options from a preset, which an import brings along only if the learner asks for
it. What must hold for everybody, the order of the new cards, is therefore written into the cards
themselves; see ``package``.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ankigen.model import Course

FEWEST, MOST = 5, 999
"""New cards a day that follow from a number of weeks: fewer are no habit, and Anki shows no more
than four digits of the reviews that ``MOST`` would need."""

_DAYS = 7
_REVIEWS = 200
"""Anki's own limit of reviews a day."""
_REVIEWS_PER_NEW = 10
"""Anki's deck options advise a limit of new cards that is at least ten times smaller."""
_FIRST_ID = 1_763_856_000_000
"""Milliseconds since the epoch, as all of Anki's ids are; 1 would be the preset 'Default'."""

# Of `DeckConfig.Config` in Anki's deck_config.proto.
_GATHER_LOWEST_POSITION = 1
_KEEP_GATHERED_ORDER = 1
_MIX_WITH_REVIEWS = 0
_BY_DAY_THEN_RANDOM = 0
_TAG_LEECHES = 1


@dataclass(frozen=True, slots=True)
class Preset:
    """A deck's options in Anki, the same for every deck of a course.

    Attributes:
        id: Anki's identity of the preset. Anki never updates a preset that is there already.
        name: As the list of presets shows it.
        new_per_day: New cards a day.
        retention: Share of reviews that should be remembered, where FSRS plans them.
    """

    id: int
    name: str
    new_per_day: int
    retention: float

    @property
    def reviews_per_day(self) -> int:
        """The most reviews a day; so many that new cards never have to wait for them."""
        return max(_REVIEWS, _REVIEWS_PER_NEW * self.new_per_day)

    def to_json(self, mod: int) -> dict[str, Any]:
        """An entry of ``dconf``; Anki takes its own default for whatever is left out.

        New cards come by position alone, whichever deck they are in, and no card of a note on the
        day of another. Learning steps are in minutes, ease factors in thousandths.

        Args:
            mod: When the preset was last changed, in seconds since the epoch.
        """
        return {
            "id": self.id,
            "mod": mod,
            "name": self.name,
            "usn": -1,
            "maxTaken": 60,
            "autoplay": True,
            "timer": 0,
            "replayq": True,
            "new": {
                "bury": True,
                "delays": [1.0, 10.0],
                "initialFactor": 2500,
                "ints": [1, 4, 0],
                "order": 1,
                "perDay": self.new_per_day,
            },
            "rev": {
                "bury": True,
                "ease4": 1.3,
                "hardFactor": 1.2,
                "ivlFct": 1.0,
                "maxIvl": 36500,
                "perDay": self.reviews_per_day,
            },
            "lapse": {
                "delays": [10.0],
                "leechAction": _TAG_LEECHES,
                "leechFails": 8,
                "minInt": 1,
                "mult": 0.0,
            },
            "dyn": False,
            "buryInterdayLearning": True,
            "newGatherPriority": _GATHER_LOWEST_POSITION,
            "newSortOrder": _KEEP_GATHERED_ORDER,
            "newMix": _MIX_WITH_REVIEWS,
            "interdayLearningMix": _MIX_WITH_REVIEWS,
            "reviewOrder": _BY_DAY_THEN_RANDOM,
            "desiredRetention": self.retention,
        }


def preset(course: Course, cards: int) -> Preset:
    """The preset of a course.

    Args:
        course: What its author wants of it.
        cards: How many the whole course has, so that each of its packages has the same preset.
    """
    said = course.study
    needed = math.ceil(cards / (said.weeks * _DAYS))
    digest = hashlib.sha256(course.id.encode()).digest()
    return Preset(
        id=_FIRST_ID + int.from_bytes(digest[:4], "big"),
        name=said.preset or course.name,
        new_per_day=said.new_per_day or min(max(needed, FEWEST), MOST),
        retention=said.retention,
    )


def guide(options: Preset, cards: int) -> str:
    """Three lines of Markdown for the learner; names in them are those of Anki's own buttons.

    Args:
        options: Of the course.
        cards: How many the whole course has.
    """
    weeks = max(math.ceil(cards / (options.new_per_day * _DAYS)), 1)
    new = "one new card" if options.new_per_day == 1 else f"{options.new_per_day} new cards"
    time = "a week" if weeks == 1 else f"{weeks} weeks"
    lines = (
        f"Open this deck and study **{new} a day**: the whole course takes about {time}.",
        "When you first import it, tick **Import any deck presets**, which sets that number.",
        "Switch on **FSRS** in the deck's options. An update of the deck keeps your progress.",
    )
    return "\\\n".join(lines)  # hard breaks: a list could run into one of the author's


def described(description: str, guidance: str) -> str:
    """The text of the course's deck in Markdown: its author's words first."""
    return "\n\n".join(part for part in (description.rstrip(), guidance) if part)
