"""Waiting for one's turn: what keeps all threads together from asking a server too often."""

from __future__ import annotations

import threading
import time

from ankigen.speech import SpeechError


class Throttle:
    """Lets the threads through one at a time, an interval apart."""

    def __init__(self, interval: float) -> None:
        """Let the first thread through at once.

        Args:
            interval: Seconds.
        """
        self._interval = interval
        self._changed = threading.Condition()
        self._next = time.monotonic()
        self._closed = False

    def take(self) -> None:
        """Wait for one's turn.

        Raises:
            SpeechError: It was closed.
        """
        with self._changed:
            while not self._closed and (rest := self._next - time.monotonic()) > 0:
                self._changed.wait(rest)
            if self._closed:
                raise SpeechError("the engine was stopped")
            self._next = time.monotonic() + self._interval

    def pause(self, seconds: float) -> None:
        """Let nobody through for some time from now."""
        with self._changed:
            self._next = max(self._next, time.monotonic() + seconds)

    def close(self) -> None:
        """Wake and turn away everybody, until it is opened again."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def open(self) -> None:
        """Let threads through again, as long apart as ever."""
        with self._changed:
            self._closed = False
