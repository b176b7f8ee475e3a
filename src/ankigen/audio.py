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
from ankigen.diagnostics import AnkigenError, SetupError
from ankigen.lexicon import Said, utter
from ankigen.model import Clip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ankigen.clips import Record, Store
    from ankigen.lexicon import Lexicon, Utterance
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

    def __init__(
        self,
        voices: Mapping[str, Voice],
        lexicon: Lexicon,
        engine: Callable[[str], Speech] = speech.engine,
    ) -> None:
        """Make the engines without loading them.

        Args:
            voices: By name; ``default`` is among them.
            lexicon: How the course's own words are said.
            engine: Gives the engine of a name.

        Raises:
            SetupError: An engine or one of its voices is not to be had.
        """
        self._voices = voices
        self._lexicon = lexicon
        self._last: tuple[str, Utterance] | None = None
        self._engines: dict[str, Speech] = {}
        for voice in voices.values():
            if voice.engine not in self._engines:
                self._engines[voice.engine] = engine(voice.engine)
            self._engines[voice.engine].check(voice)

    def clip(self, text: str, voice: str = DEFAULT_VOICE) -> Clip:
        """The clip that speaks ``text``, named after the text and all that it is made from."""
        spoken = self._voices[voice]
        engine = self._engines[spoken.engine]
        script = engine.script(self._utterance(text))
        recipe = [engine.identity, spoken.voice, spoken.speed, script, PROCESSING, ENCODING]
        digest = hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:_DIGEST_LENGTH]
        return Clip(f"{_slug(text)}-{digest}.mp3", text, script, spoken)

    def unsayable(self, text: str, voice: str = DEFAULT_VOICE) -> str:
        """Why the voice cannot say a text; empty where it can."""
        engine = self._engines[self._voices[voice].engine]
        utterance = self._utterance(text)
        known = any(isinstance(part, Said) for part in utterance.parts)
        # Signs have names between words; alone they are most likely a slip.
        wordless = not known and not any(map(str.isalnum, text))
        return engine.unsayable(text if wordless else utterance.plain)

    def _utterance(self, text: str) -> Utterance:
        # Asked for twice in a row: can it be said, and under which name?
        if self._last is None or self._last[0] != text:
            self._last = text, utter(text, self._lexicon)
        return self._last[1]

    def make(
        self,
        clips: Iterable[Clip],
        store: Store,
        jobs: int | None = None,
        progress: Callable[[int, int], None] = lambda _done, _of: None,
        *,
        offline: bool = False,
    ) -> Made:
        """Make every clip that the store lacks.

        Args:
            clips: Repeats are made once.
            store: Gets each clip as soon as it is finished.
            jobs: Threads; by default one a core, at most ``MAX_JOBS``.
            progress: Called with the number of clips made and to be made.
            offline: Refuse to make what needs the network.

        Raises:
            SilentClipError: A text gave no sound. Clips finished before are kept.
            SetupError: An engine could not speak, or would need the network. Likewise.
        """
        wanted = {clip.name: clip for clip in clips}
        records = {name: record for name, clip in wanted.items() if (record := store.get(clip))}
        missing = [clip for name, clip in wanted.items() if name not in records]
        if missing:
            used = {clip.voice.engine: self._engines[clip.voice.engine] for clip in missing}
            online = [name for name, engine in used.items() if engine.online]
            if offline and online:
                raise SetupError(
                    f"clips are missing, and the voice of {', '.join(online)} needs the network",
                    "build without --offline once, or choose an offline voice",
                )
            for engine in used.values():
                engine.prepare()
            for done, record in enumerate(self._run(missing, store, jobs), start=1):
                records[record.name] = record
                progress(done, len(missing))
            store.tidy()
        store.remember()
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
            for engine in self._engines.values():
                engine.close()
            pool.shutdown(cancel_futures=True)

    def _one(self, clip: Clip, store: Store) -> Record:
        from ankigen import sound  # noqa: PLC0415 - loads numpy, which a warm build does not need

        engine = self._engines[clip.voice.engine]
        try:
            raw = engine.speak(clip.script, clip.voice)
        except speech.SpeechError as error:
            raise SetupError(f"no sound for '{clip.text}': {error}", error.hint) from None
        samples, seconds = sound.finish(raw, speech.SAMPLE_RATE)
        if not seconds:
            raise SilentClipError(clip)
        return store.add(clip, engine.identity, sound.encode(samples, speech.SAMPLE_RATE), seconds)


def _slug(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = _NOT_SLUG.sub("-", text.lower()).strip("-")
    if len(slug) > _SLUG_LENGTH:
        slug = slug[:_SLUG_LENGTH].rsplit("-", 1)[0]
    return slug or "clip"
