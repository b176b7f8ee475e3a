"""Texts → clips: what a clip is called, which are missing, and making them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import speech
from ankigen.config import DEFAULT_VOICE
from ankigen.diagnostics import AnkigenError
from ankigen.model import Clip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ankigen.clips import Record, Store
    from ankigen.model import Voice
    from ankigen.speech import Speech

PROCESSING = "1"
"""Version of how samples become a clip; raise it when ``sound`` changes what is heard."""

ENCODING = "mp3-48k"

MAX_JOBS = 4
"""Threads beyond this gain little: the model's sessions share one memory bandwidth."""

_SLUG_LENGTH = 40
_DIGEST_LENGTH = 12  # 48 bits: two of a million clips meet once in 560 courses
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class SilentClipError(AnkigenError):
    """An engine gave silence for a text.

    Attributes:
        clip: The clip that could not be made.
    """

    def __init__(self, clip: Clip) -> None:
        super().__init__(f"the voice was silent for '{clip.text}'")
        self.clip = clip


@dataclass(frozen=True, slots=True)
class Made:
    """What became of the clips a build needs.

    Attributes:
        made: How many were made now.
        reused: How many were there.
        records: All of them, by name.
    """

    made: int
    reused: int
    records: Mapping[str, Record]

    @property
    def seconds(self) -> float:
        """Length of all sounds together."""
        return round(sum(record.seconds for record in self.records.values()), 3)


class Studio:
    """The voices of a course and the engines behind them, each made once."""

    def __init__(self, voices: Mapping[str, Voice]) -> None:
        """Make the engines without loading them.

        Raises:
            SetupError: An engine or one of its voices is not to be had.
        """
        self._voices = voices
        self._engines: dict[str, Speech] = {}
        for voice in voices.values():
            engine = self._engines.setdefault(voice.engine, speech.engine(voice.engine))
            engine.check(voice)

    def clip(self, text: str, voice: str = DEFAULT_VOICE) -> Clip:
        """The clip that speaks ``text``, named after the text and all that it is made from."""
        spoken = self._voices[voice]
        recipe = [
            self._engines[spoken.engine].identity,
            spoken.voice,
            spoken.speed,
            text,
            PROCESSING,
            ENCODING,
        ]
        digest = hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:_DIGEST_LENGTH]
        return Clip(f"{_slug(text)}-{digest}.mp3", text, spoken)

    def unsayable(self, text: str, voice: str = DEFAULT_VOICE) -> str:
        """Why the voice cannot say a text; empty where it can."""
        return self._engines[self._voices[voice].engine].unsayable(text)

    def make(
        self,
        clips: Iterable[Clip],
        store: Store,
        jobs: int | None = None,
        progress: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> Made:
        """Make every clip that the store lacks.

        Args:
            clips: Repeats are made once.
            store: Gets each clip as soon as it is finished.
            jobs: Threads; by default one a core, at most ``MAX_JOBS``.
            progress: Called with the number of clips made and to be made.

        Raises:
            SilentClipError: A text gave no sound. Clips finished before are kept.
        """
        wanted = {clip.name: clip for clip in clips}
        records = {name: record for name, clip in wanted.items() if (record := store.get(clip))}
        missing = [clip for name, clip in wanted.items() if name not in records]
        if missing:
            for clip in missing:
                self._engines[clip.voice.engine].prepare()
            for done, record in enumerate(self._run(missing, store, jobs), start=1):
                records[record.name] = record
                progress(done, len(missing))
            store.tidy()
        return Made(len(missing), len(wanted) - len(missing), records)

    def _run(self, missing: list[Clip], store: Store, jobs: int | None) -> Iterable[Record]:
        pool = ThreadPoolExecutor(jobs or min(MAX_JOBS, os.cpu_count() or 1))
        try:
            waiting: set[Future[Record]] = {pool.submit(self._one, c, store) for c in missing}
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _one(self, clip: Clip, store: Store) -> Record:
        from ankigen import sound  # noqa: PLC0415 - loads numpy, which a warm build does not need

        engine = self._engines[clip.voice.engine]
        samples, seconds = sound.finish(engine.speak(clip.text, clip.voice), speech.SAMPLE_RATE)
        if not seconds:
            raise SilentClipError(clip)
        return store.add(clip, engine.identity, sound.encode(samples, speech.SAMPLE_RATE), seconds)


def _slug(text: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = _NOT_SLUG.sub("-", ascii_text).strip("-")
    if len(slug) > _SLUG_LENGTH:
        slug = slug[:_SLUG_LENGTH].rsplit("-", 1)[0]
    return slug or "clip"
