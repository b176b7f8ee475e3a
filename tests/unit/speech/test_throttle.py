"""The throttle: however many threads there are, they keep their distance."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ankigen.speech import SpeechError
from ankigen.speech.throttle import Throttle

HANG = 30.0
"""Seconds after which a thread counts as hung."""


def test_throttle_spaces_all_threads() -> None:
    """However many threads there are, the nth passes no sooner than n intervals from the start."""
    interval, start = 0.02, time.monotonic()
    throttle = Throttle(interval)

    def passed() -> float:
        throttle.take()
        return time.monotonic()

    with ThreadPoolExecutor(8) as pool:
        times = sorted(future.result() for future in [pool.submit(passed) for _ in range(16)])
    for number, at in enumerate(times):
        assert at >= start + number * interval


def test_pause_holds_everybody() -> None:
    """A pause holds those who wait already as well; a shorter one does not end it."""
    throttle = Throttle(0)
    throttle.pause(0.2)

    def passed() -> float:
        throttle.take()
        return time.monotonic()

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(passed) for _ in range(4)]
        start = time.monotonic()
        throttle.pause(0.4)
        throttle.pause(0.01)
        paused = time.monotonic()
        times = [future.result(HANG) for future in waiting]
    # A machine may be so slow that some had passed before the pause.
    assert all(at >= start + 0.4 or at <= paused for at in times)


def test_closed_is_closed() -> None:
    """Who waits is turned away at once, and so is who comes later."""
    throttle = Throttle(3600)
    throttle.take()
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(throttle.take) for _ in range(2)]
        throttle.close()
        for future in waiting:
            with pytest.raises(SpeechError, match="stopped"):
                future.result(HANG)
    with pytest.raises(SpeechError, match="stopped"):
        throttle.take()


def test_opened_again() -> None:
    """After a close, threads pass again, no sooner than they would have."""
    throttle = Throttle(0.2)
    throttle.take()
    first = time.monotonic()
    throttle.close()
    throttle.open()
    throttle.take()
    assert time.monotonic() >= first + 0.15
