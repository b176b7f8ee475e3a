"""The simulated learner: sane against simple bounds, and the same at each run."""

from __future__ import annotations

import math
import re
from importlib.metadata import requires

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankigen.forecast import LEARNT, LONGEST, Forecast, forecast, outlook

HUNDRED = [12.0] * 100
HABITS = st.fixed_dictionaries(
    {
        "cards": st.lists(st.integers(1, 90), min_size=1, max_size=60),
        "retention": st.floats(0.7, 0.97),
        "known": st.floats(0, 1),
        "new_per_day": st.none() | st.integers(1, 70),
        "minutes": st.none() | st.floats(1, 60),
    }
)


@given(habits=HABITS)
@settings(max_examples=30)
def test_bounds(habits: dict[str, object]) -> None:
    """Whatever the habits, every card is met once, at no less than the quickest answer takes."""
    cards = habits["cards"]
    assert isinstance(cards, list)
    found = forecast(**habits)  # type: ignore[arg-type] # typed by the strategies
    assert sum(found.new) == len(cards)
    assert found.met is not None
    assert found.new[found.met - 1] > 0
    assert not any(found.new[found.met :])
    assert found.learnt is None or found.met <= found.learnt == len(found.seconds) <= LONGEST
    assert len(found.seconds) == len(found.new)
    quickest = sum(cards) * 10.71 / 12.38  # Easy at once
    assert found.hours * 3600 >= quickest * (1 - 1e-12)  # the same sum, rounded another way
    assert min(found.seconds) >= 0
    if habits["new_per_day"] is not None:
        assert isinstance(habits["new_per_day"], int)
        assert max(found.new) <= habits["new_per_day"]
        assert found.met >= math.ceil(len(cards) / habits["new_per_day"])


def test_so_many_a_day() -> None:
    """Without a limit of minutes, the days until all are met are a division."""
    for number in (1, 7, 100, 999):
        found = forecast(HUNDRED, retention=0.9, new_per_day=number)
        assert found.met == math.ceil(100 / number)
        assert found.new[0] == min(number, 100)


def test_learnt() -> None:
    """It takes weeks after the last card is met, and no more than a season."""
    found = forecast(HUNDRED, retention=0.9, new_per_day=10)
    assert found.met == 10
    assert found.learnt is not None
    assert 10 + 14 < found.learnt < 10 + 120
    assert LEARNT == 0.9


def test_fewer_new_cards_take_more_days() -> None:
    """And less time on each."""
    by_number = [forecast(HUNDRED, retention=0.9, new_per_day=n) for n in (5, 10, 20)]
    assert [found.met for found in by_number] == [20, 10, 5]
    most = [max(found.seconds) for found in by_number]
    assert most == sorted(most)


def test_hours_grow_with_cards() -> None:
    """Twice as many cards take about twice as long, half as quick ones exactly."""
    one = forecast(HUNDRED, retention=0.9, new_per_day=10).hours
    assert forecast(HUNDRED * 2, retention=0.9, new_per_day=20).hours == pytest.approx(
        2 * one, rel=0.2
    )
    slow = forecast([24.0] * 100, retention=0.9, new_per_day=10).hours
    assert slow == pytest.approx(2 * one)


def test_hours_are_those_of_the_reference() -> None:
    """FSRS's own simulator gives nearly the same for 5,000 cards at 25 a day in 233 days."""
    found = forecast([12.38] * 5000, retention=0.9, new_per_day=25)
    # fsrs-rs-python 0.9.3, default_simulator_config(): 226 hours, at most 88 minutes a day.
    assert sum(found.seconds[:233]) / 3600 == pytest.approx(226, rel=0.05)
    assert max(found.seconds) / 60 == pytest.approx(88, rel=0.1)


def test_a_higher_retention_costs_more() -> None:
    """Reviews come sooner."""
    hours = [
        sum(forecast(HUNDRED, retention=retention, new_per_day=10).seconds[:30])
        for retention in (0.75, 0.85, 0.95)
    ]
    assert hours == sorted(hours)


def test_what_is_known_before_costs_little() -> None:
    """A course that is known takes a moment a card now and then, half of it about half the time."""
    hours = [
        forecast(HUNDRED * 5, retention=0.9, new_per_day=10, known=known).hours
        for known in (0, 0.5, 1)
    ]
    assert hours[1] == pytest.approx((hours[0] + hours[2]) / 2, rel=0.1)
    assert hours[2] < hours[0] / 3
    # Each card once, at the seconds of Easy on a new card, and few times more.
    assert 10.71 / 12.38 * 12 * 500 < hours[2] * 3600 < 4 * 12 * 500


def test_so_many_minutes_a_day() -> None:
    """No card is met on a day that has had its minutes; one may be under way when they end."""
    cards = [12.0] * 1000
    found = forecast(cards, retention=0.9, minutes=20)
    assert found.met is not None
    assert found.minutes_a_day(1, found.met) == pytest.approx(20, rel=0.15)
    longer = forecast(cards, retention=0.9, minutes=40)
    assert longer.met is not None
    assert found.met > longer.met


def test_equal_courses_have_equal_forecasts() -> None:
    """To the second."""
    habits = {"retention": 0.9, "new_per_day": 7, "minutes": 9.5}
    assert outlook(HUNDRED, **habits) == outlook(HUNDRED, **habits)  # type: ignore[arg-type]


def test_no_cards() -> None:
    """A course without cards takes no time."""
    assert forecast([], retention=0.9, new_per_day=5) == Forecast((), (), None, None)
    assert Forecast((), (), None, None).minutes_a_day() == 0


def test_the_library_is_light() -> None:
    """Without its extras, FSRS brings no torch."""
    needed = [one for one in requires("fsrs") or () if "extra ==" not in one]
    assert [re.split(r"\W", one)[0] for one in needed] == ["typing"]
