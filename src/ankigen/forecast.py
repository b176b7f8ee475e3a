"""How long a course takes to learn: a learner who studies every day, simulated by FSRS.

The learner's memory is that of FSRS-6 with its default parameters, fitted to the reviews of
thousands of Anki's users: each review succeeds with the probability that FSRS gives it, and FSRS
plans the next one. What the learner knows before the course is pressed Easy at first sight and
remembered ever after. Every card has random numbers of its own, so that it is learnt alike however
many others are met on a day, and equal courses have equal forecasts.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from fsrs import Card, Rating, Scheduler, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MATURE = 21
"""Days until the next review, from which on Anki calls a card mature."""

LEARNT = 0.9
"""Share of a course's cards that are mature when it is learnt. The last few, which a learner
forgets again and again, would tell more of chance than of the course."""

LONGEST = 3650
"""Days after which nobody is expected to go on."""

# What Anki's users press, and how long they take: defaults of the simulator of FSRS, which Anki's
# own uses too (fsrs-rs 5, ``SimulatorConfig``; fsrs-optimizer 6.5, ``fsrs_simulator.py``).
_FIRST = (0.24, 0.094, 0.495, 0.171)
"""Probabilities of Again, Hard, Good and Easy on a new card."""

_RECALLED = (0.0, 0.224, 0.631, 0.145)
"""The same on a review that succeeds; one that fails is Again."""

_NEXT: Mapping[State, tuple[tuple[float, ...], ...]] = {
    State.Learning: (
        (0.3686, 0.0628, 0.5108, 0.0577),
        (0.0442, 0.4553, 0.4457, 0.0549),
        (0.0519, 0.0470, 0.8462, 0.0550),
    ),
    State.Relearning: (
        (0.2157, 0.0643, 0.6595, 0.0605),
        (0.0500, 0.4638, 0.4475, 0.0387),
        (0.1057, 0.1434, 0.7266, 0.0244),
    ),
}
"""The same on the next step of a card on the same day, after Again, Hard and Good."""

_SECONDS: Mapping[State, tuple[float, ...]] = {
    State.Learning: (19.58, 18.79, 13.78, 10.71),
    State.Review: (19.38, 17.59, 12.38, 8.94),
    State.Relearning: (16.44, 15.25, 12.32, 8.03),
}
"""That an answer takes by the card's state and the button, on average of all kinds of cards."""

_USUAL = _SECONDS[State.Review][Rating.Good - 1]
"""What a card's own seconds are compared with."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days of a simulated learner, until the course is learnt or nobody would go on.

    Attributes:
        seconds: Of study on each day.
        new: Cards that are met on each day.
        met: The day on which the last card is met, counted from 1; None where none is.
        learnt: The day on which the course is learnt, likewise.
    """

    seconds: tuple[float, ...]
    new: tuple[int, ...]
    met: int | None
    learnt: int | None

    @property
    def hours(self) -> float:
        """Of all days together."""
        return sum(self.seconds) / 3600

    def minutes_a_day(self, first: int = 1, last: int | None = None) -> float:
        """On average of the days from one to another, both included."""
        days = self.seconds[first - 1 : last]
        return sum(days) / len(days) / 60 if days else 0.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """A course under two habits: so many new cards a day, and so many minutes a day.

    Attributes:
        by_number: With ``new_per_day``, however long that takes.
        by_time: With ``minutes``, however many that are.
    """

    retention: float
    known: float
    new_per_day: int
    by_number: Forecast
    minutes: float
    by_time: Forecast


def outlook(
    cards: Sequence[float],
    *,
    retention: float,
    new_per_day: int,
    minutes: float,
    known: float = 0.0,
) -> Outlook:
    """Simulate both; the arguments are those of ``forecast``."""
    lives = [itertools.tee(life) for life in _lives(cards, retention, known)]
    by_number = _follow([one for one, _ in lives], new_per_day, None)
    by_time = _follow([other for _, other in lives], None, minutes)
    return Outlook(retention, known, new_per_day, by_number, minutes, by_time)


def forecast(
    cards: Sequence[float],
    *,
    retention: float,
    new_per_day: int | None = None,
    minutes: float | None = None,
    known: float = 0.0,
) -> Forecast:
    """Simulate a learner.

    Args:
        cards: In the order in which they are met, the seconds that a right answer takes.
        retention: Share of reviews that should be remembered, by which FSRS plans them.
        new_per_day: The most cards to meet on a day.
        minutes: No card is met on a day that has had so many. Reviews are done all the same.
        known: Share of the cards that the learner knows before.
    """
    return _follow(_lives(cards, retention, known), new_per_day, minutes)


def _follow(
    lives: Sequence[Iterator[_Sitting]], new_per_day: int | None, minutes: float | None
) -> Forecast:
    learner = _Learner()
    waiting = deque(lives)
    enough = math.ceil(LEARNT * len(lives))
    seconds: list[float] = []
    new: list[int] = []
    met = learnt = None
    while lives and learnt is None and len(seconds) < LONGEST:
        spent = learner.review()
        begun = 0
        while waiting and begun != new_per_day and (minutes is None or spent < minutes * 60):
            spent += learner.study(waiting.popleft())
            begun += 1
        learner.sleep()
        seconds.append(spent)
        new.append(begun)
        if not waiting:
            met = met or len(seconds)
            learnt = len(seconds) if learner.mature >= enough else None
    return Forecast(tuple(seconds), tuple(new), met, learnt)


class _Learner:
    """The cards that have been met, and when each is due."""

    def __init__(self) -> None:
        self._due: dict[int, list[Iterator[_Sitting]]] = {}
        self._today = 0
        self.mature = 0

    def review(self) -> float:
        """All that is due: the seconds that are spent on it."""
        return sum(map(self.study, self._due.pop(self._today, ())))

    def study(self, life: Iterator[_Sitting]) -> float:
        """A card that is new or due: the seconds that are spent on it today."""
        sitting = next(life)
        self._due.setdefault(self._today + sitting.interval, []).append(life)
        self.mature += (sitting.interval >= MATURE) - (sitting.before >= MATURE)
        return sitting.seconds

    def sleep(self) -> None:
        """The next day comes."""
        self._today += 1


class _Sitting(NamedTuple):
    """A day on which a card is studied.

    Attributes:
        before: Days since the last such day; 0 on the first.
        interval: Days until the next.
    """

    seconds: float
    before: int
    interval: int


def _lives(cards: Sequence[float], retention: float, known: float) -> list[Iterator[_Sitting]]:
    scheduler = Scheduler(desired_retention=retention, enable_fuzzing=False)
    return [_life(seconds, scheduler, seed, known) for seed, seconds in enumerate(cards)]


def _life(seconds: float, scheduler: Scheduler, seed: int, known: float) -> Iterator[_Sitting]:
    """The days on which a card is studied, of which there is no end.

    Args:
        seconds: That a right answer takes.
        scheduler: Plans its reviews.
        seed: Of its own random numbers.
        known: How likely it is that the learner knows it before.
    """
    random = Random(seed)  # noqa: S311 - not for secrets
    card = Card(card_id=seed, due=_date(0))
    familiar = random.random() < known
    pressed = Rating.Easy if familiar else _press(random, _FIRST)
    day = interval = 0
    while True:
        before, spent = interval, 0.0
        while True:
            spent += seconds * _SECONDS[card.state][pressed - 1] / _USUAL
            # A day's steps share one moment: FSRS counts the whole days between two reviews.
            card, _ = scheduler.review_card(card, pressed, _date(day))
            interval = (card.due - _date(day)).days
            if interval:
                break
            pressed = _press(random, _NEXT[card.state][pressed - 1])
        yield _Sitting(spent, before, interval)
        day += interval
        recalled = familiar or random.random() < scheduler.get_card_retrievability(card, _date(day))
        pressed = _press(random, _RECALLED) if recalled else Rating.Again


_RATINGS = tuple(Rating)


def _press(random: Random, weights: Sequence[float]) -> Rating:
    return random.choices(_RATINGS, weights)[0]


@functools.cache
def _date(day: int) -> datetime:
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=day)
