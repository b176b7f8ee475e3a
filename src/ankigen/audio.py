"""Texts → clips: what a clip is called, which are missing, and making them."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import unicodedata
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from ankigen import speech
from ankigen.config import DEFAULT_VOICE
from ankigen.diagnostics import AnkigenError, SetupError
from ankigen.lexicon import Said, reword
from ankigen.model import Clip, Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from ankigen.clips import Record, Store
    from ankigen.lexicon import Lexicon, Utterance
    from ankigen.speech import Speech
    from ankigen.speech.recordings import Recording, Recordings

PROCESSING = "1"
"""Version of how samples become a clip; raise it when ``sound`` changes what is heard."""

ENCODING = "mp3-32k"

MAX_JOBS = 4
"""Threads beyond this gain little: the model's sessions share one memory bandwidth."""

RECORDINGS = "recordings"
"""The engine of clips that people have recorded; no voice of a course can name it."""

_LONGEST_WAIT = 0.5
"""Seconds."""

_SLUG_LENGTH = 40
_DIGEST_LENGTH = 12  # 48 bits: two of a million clips meet once in 560 courses
_LETTER = re.compile("[A-Za-z]")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class UnspokenError(AnkigenError):
    """A clip could not be made.

    Attributes:
        clip: Which.
        hint: What to do about it.
        of_text: Whether the text, or the recording, is at fault.
    """

    def __init__(self, clip: Clip, message: str, hint: str = "", *, of_text: bool = False) -> None:
        super().__init__(message)
        self.clip = clip
        self.hint = hint
        self.of_text = of_text


@dataclass(frozen=True, slots=True)
class StandIn:
    """Clips spoken by another voice than the one that was asked for.

    Attributes:
        voice: Name of the voice that was asked for.
        by: Name of the one that speaks.
        why: What kept the first from it.
        clips: How many.
    """

    voice: str
    by: str
    why: str
    clips: int


@dataclass(frozen=True, slots=True)
class Made:
    """What became of the clips a build needs.

    Attributes:
        made: How many were made now.
        reused: How many were there.
        records: All of them, by the name of the clip that was asked for.
        instead: The clip that stands in, by the name of the one that could not be made.
        stand_ins: The same in numbers.
    """

    made: int
    reused: int
    records: Mapping[str, Record]
    instead: Mapping[str, Clip] = field(default_factory=dict)
    stand_ins: tuple[StandIn, ...] = ()

    @property
    def seconds(self) -> float:
        """Length of all sounds together."""
        return round(sum(record.seconds for record in self.records.values()), 3)


@dataclass(frozen=True, slots=True)
class _Take:
    """One clip that is there: the one asked for, or one that stands in, and then why."""

    wanted: Clip
    used: Clip
    record: Record
    made: bool
    why: str


class Studio:
    """The voices of a course and the engines behind them, each made once."""

    def __init__(
        self,
        voices: Mapping[str, Voice],
        lexicon: Lexicon,
        engine: Callable[[str], Speech] = speech.engine,
        recordings: Recordings | None = None,
    ) -> None:
        """Make the engines without loading them.

        Args:
            voices: By name; ``default`` is among them.
            lexicon: How the course's own words are said.
            engine: Gives the engine of a name.
            recordings: What people have recorded.

        Raises:
            SetupError: An engine or one of its voices is not to be had, and no voice stands in.
        """
        self._voices: dict[str, Voice] = {}
        self._lexicon = lexicon
        self._last: tuple[str, str, Utterance] | None = None
        self._engines: dict[str, Speech] = {RECORDINGS: recordings} if recordings else {}
        self._absent: dict[str, str] = {}  # voices that this machine lacks, and why
        # Engines that cannot speak now: why, and what to do about it.
        self._silenced: dict[str, tuple[str, str]] = {}
        # Of voices with others to stand in: by a clip's name, the voice asked for, and why not it.
        self._voice_of: dict[str, str] = {}
        self._replaced: dict[str, tuple[str, str]] = {}
        for name, voice in voices.items():
            try:
                if voice.engine not in self._engines or voice.engine == RECORDINGS:
                    self._engines[voice.engine] = engine(voice.engine)
                one = self._engines[voice.engine]
                self._voices[name] = replace(voice, voice=voice.voice or one.voices[0])
                for slow in (False, True):
                    one.check(self._paced(name, slow=slow))
            except SetupError as error:
                if not voice.fallback:
                    raise
                self._voices[name] = voice
                self._absent[name] = str(error)

    def clip(
        self,
        text: str,
        voice: str = DEFAULT_VOICE,
        *,
        slow: bool = False,
        said: Utterance | None = None,
    ) -> Clip:
        """The clip that speaks a text, named after the text and all that it is made from.

        Args:
            text: As a person reads it.
            voice: Name of the voice; another may have to stand in.
            slow: Whether it is said slowly.
            said: What is said, where it is not what the lexicon makes of the text.
        """
        utterance = said or self.utterance(text)
        line = self._line(voice)
        if len(line) == 1:
            return self._clip(text, utterance, self._paced(voice, slow=slow), None)
        able = [name for name in line if not self._why_not(name, text, utterance)] or line[-1:]
        made: Clip | None = None
        for name in reversed(able):
            made = self._clip(text, utterance, self._paced(name, slow=slow), made)
            self._voice_of[made.name] = name
        assert made is not None  # noqa: S101 - there is one voice at least
        if able[0] != voice:
            self._replaced[made.name] = voice, self._why_not(voice, text, utterance)
        return made

    def recorded(self, text: str, recording: Recording, *, slow: bool) -> Clip:
        """The clip that plays what a person has recorded for a text."""
        voice = Voice(RECORDINGS, recording.file)
        return self._named(text, recording.sha256, _slowly(voice) if slow else voice, None)

    def language(self, voice: str) -> str:
        """What a voice speaks, as the first part of a BCP 47 tag; empty where that is not known."""
        engine = self._engines.get(self._voices[voice].engine)
        return engine.language if engine else ""

    def unsayable(
        self, text: str, voice: str = DEFAULT_VOICE, *, said: Utterance | None = None
    ) -> str:
        """Why neither the voice nor one that stands in can say a text; empty where one can."""
        utterance = said or self.utterance(text)
        reasons = [self._why_not(name, text, utterance) for name in self._line(voice)]
        return reasons[0] if all(reasons) else ""

    def surely_says(self, text: str, voice: str) -> bool:
        """Whether it is known without a closer look that a voice can say a text.

        Every engine reads ASCII, and rules and lexicon turn that into ASCII.
        """
        return (
            voice not in self._absent
            and self._is_plain
            and text.isascii()
            and text.isprintable()
            and _LETTER.search(text) is not None
        )

    @functools.cached_property
    def _is_plain(self) -> bool:
        """Whether all respellings of the lexicon are plain words."""
        said = (entry.say or "a" for entry in self._lexicon.entries.values())
        return all(s.isascii() and s.isprintable() and _LETTER.search(s) for s in said)

    def _line(self, voice: str) -> list[str]:
        """A voice and those that stand in for it, in order."""
        line = [voice]
        while (after := self._voices[line[-1]].fallback) and after not in line:
            line.append(after)
        return line

    def _why_not(self, voice: str, text: str, utterance: Utterance) -> str:
        if voice in self._absent:
            return self._absent[voice]
        known = any(isinstance(part, Said) for part in utterance.parts)
        # Signs have names between words; alone they are most likely a slip.
        wordless = not known and not any(map(str.isalnum, text))
        engine = self._engines[self._voices[voice].engine]
        return engine.unsayable(text if wordless else utterance.plain)

    def _paced(self, voice: str, *, slow: bool) -> Voice:
        spoken = self._voices[voice]
        return _slowly(spoken) if slow else spoken

    def _clip(self, text: str, utterance: Utterance, spoken: Voice, instead: Clip | None) -> Clip:
        script = self._engines[spoken.engine].script(utterance)
        return self._named(text, script, spoken, instead)

    def _named(self, text: str, script: str, voice: Voice, instead: Clip | None) -> Clip:
        identity = self._engines[voice.engine].identity
        recipe = [identity, voice.voice, voice.speed, script, PROCESSING, ENCODING]
        digest = hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:_DIGEST_LENGTH]
        return Clip(f"{_slug(text)}-{digest}.mp3", text, script, voice, instead)

    def utterance(self, text: str, say: str = "") -> Utterance:
        """What is said for a text; ``say`` is a wording of its own that it may have."""
        # Asked for several times in a row: can it be said, and under which names?
        if self._last is None or self._last[:2] != (text, say):
            self._last = text, say, reword(text, say or text, self._lexicon)
        return self._last[2]

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
            offline: Leave engines alone that need the network.

        Raises:
            UnspokenError: A clip could not be made. Those finished before are kept.
            SetupError: An engine would need the network. Likewise.
        """
        wanted = {clip.name: clip for clip in clips}
        records = {name: record for name, clip in wanted.items() if (record := store.get(clip))}
        missing = [clip for name, clip in wanted.items() if name not in records]
        takes: list[_Take] = []
        if missing:
            self._prepare(missing, offline=offline)
            try:
                for take in self._run(missing, store, jobs):
                    takes.append(take)
                    records[take.wanted.name] = take.record
                    progress(len(takes), len(missing))
            except KeyboardInterrupt as interrupt:
                interrupt.add_note("the clips made so far are kept")
                raise
            store.tidy()
        store.remember()
        made = sum(take.made for take in takes)
        return Made(
            made=made,
            reused=len(wanted) - made,
            records=records,
            instead={take.wanted.name: take.used for take in takes if take.used is not take.wanted},
            stand_ins=self._stand_ins(wanted, takes),
        )

    def _prepare(self, missing: Iterable[Clip], *, offline: bool) -> None:
        used = {clip.voice.engine: self._engines[clip.voice.engine] for clip in missing}
        online = {name for name, engine in used.items() if engine.online} if offline else set()
        stuck = {c.voice.engine for c in missing if not c.instead} & online
        if stuck:
            raise SetupError(
                f"clips are missing, and the voice of {', '.join(sorted(stuck))} needs the network",
                "build without --offline once, or choose an offline voice",
            )
        self._silenced = dict.fromkeys(online, ("--offline keeps it from the network", ""))
        for name in used.keys() - online:
            used[name].prepare()

    def _run(self, missing: list[Clip], store: Store, jobs: int | None) -> Iterator[_Take]:
        pool = ThreadPoolExecutor(jobs or min(MAX_JOBS, os.cpu_count() or 1))
        try:
            # A queue, whose waiting Ctrl-C interrupts at any moment; that of futures.wait may
            # fail on a lock of its own.
            finished: SimpleQueue[Future[_Take]] = SimpleQueue()
            for clip in missing:
                pool.submit(self._take, clip, store).add_done_callback(finished.put)
            for _ in missing:
                yield _wait(finished).result()
        finally:
            for engine in self._engines.values():
                engine.close()
            pool.shutdown(cancel_futures=True)

    def _take(self, clip: Clip, store: Store) -> _Take:
        """The clip, or the first of those that stand in for it."""
        used, why = clip, ""
        while True:
            record = store.get(used)
            if record is not None:
                return _Take(clip, used, record, made=False, why=why)
            try:
                return _Take(clip, used, self._speak(used, store), made=True, why=why)
            except UnspokenError as error:
                if used.instead is None:
                    raise
                used, why = used.instead, why or str(error)

    def _speak(self, clip: Clip, store: Store) -> Record:
        from ankigen import sound  # noqa: PLC0415 - loads numpy, which a warm build does not need

        name = clip.voice.engine
        engine = self._engines[name]
        if name in self._silenced:
            raise UnspokenError(clip, *self._silenced[name])
        try:
            raw = engine.speak(clip.script, clip.voice)
        except speech.SpeechError as error:
            if isinstance(error, speech.UnavailableError):
                self._silenced[name] = str(error), error.hint
            of_text = isinstance(error, speech.TextError)
            raise UnspokenError(clip, str(error), error.hint, of_text=of_text) from None
        samples, seconds = sound.finish(raw, speech.SAMPLE_RATE)
        if not seconds:
            raise UnspokenError(clip, "only silence is heard", of_text=True)
        data = sound.encode(samples, speech.SAMPLE_RATE)
        return store.add(clip, engine.identity, data, seconds, _flaws(clip, raw))

    def _stand_ins(self, wanted: Mapping[str, Clip], takes: Iterable[_Take]) -> tuple[StandIn, ...]:
        voice_of = self._voice_of
        planned = [(*self._replaced[n], voice_of[n]) for n in wanted if n in self._replaced]
        found = planned + [
            (voice_of[take.wanted.name], take.why, voice_of[take.used.name])
            for take in takes
            if take.used is not take.wanted
        ]
        return tuple(
            StandIn(voice, by, why, count)
            for (voice, why, by), count in sorted(Counter(found).items())
        )


def _wait(finished: SimpleQueue[Future[_Take]]) -> Future[_Take]:
    """The next that is finished; Windows heeds Ctrl-C only where a wait has an end."""
    while True:
        with contextlib.suppress(Empty):
            return finished.get(timeout=_LONGEST_WAIT)


@functools.cache
def _slowly(voice: Voice) -> Voice:
    return replace(voice, speed=voice.slow)


def line(clip: Clip | None) -> Iterator[Clip]:
    """A clip, and those that stand in for it, in order."""
    while clip is not None:
        yield clip
        clip = clip.instead


def _flaws(clip: Clip, raw: NDArray[np.float32]) -> str:
    """What is wrong with a recording that can be used."""
    if clip.voice.engine != RECORDINGS:
        return ""
    from ankigen.speech import recordings  # noqa: PLC0415 - late, like every engine

    return "; it ".join(recordings.faults(raw, clip.text, slow=clip.voice.speed < 1))


def _slug(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = _NOT_SLUG.sub("-", text.lower()).strip("-")
    if len(slug) > _SLUG_LENGTH:
        slug = slug[:_SLUG_LENGTH].rsplit("-", 1)[0]
    return slug or "clip"
