"""Who speaks what: the voice, the recording and the wording of each spoken text of an entry."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import languagetag, lexicon
from ankigen.config import DEFAULT_VOICE
from ankigen.diagnostics import Code, Diagnostic, Severity, Span, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.audio import Studio
    from ankigen.model import Casts, Category, Clip, Course, Entry, Origin
    from ankigen.notetype import NoteType
    from ankigen.speech.recordings import Recording
    from ankigen.transcription import Transcriber

_LINE = re.compile(r"_[0-9]+\Z")
"""Ends the key of a sentence among those of a key: ``answer_2``."""

_ACCENTS = {"us": "US", "gb": "UK"}


@dataclass(frozen=True, slots=True)
class Line:
    """A text of an entry that is spoken.

    Attributes:
        entry: ``<note type>/<entry id>``.
        key: The key whose text it is.
        main: Whether that is the first key that its note type speaks.
        slow: Whether it is said slowly.
        said: What the voice is told to say, as far as letters tell.
        clip: What speaks it.
    """

    entry: str
    key: str
    main: bool
    slow: bool
    said: str
    clip: Clip


class Casting:
    """The spoken side of a course's entries."""

    def __init__(
        self,
        course: Course,
        note_types: Mapping[str, NoteType],
        *,
        studio: Studio,
        recordings: Iterable[Recording],
        transcriber: Transcriber | None,
        strict: bool,
    ) -> None:
        """Take what is there.

        Args:
            course: Its voices, and who speaks its note types and categories.
            note_types: By name.
            studio: Names the clips.
            recordings: Every one that was found.
            transcriber: Gives IPA; None where none is asked for.
            strict: Whether to say of a text that no voice can say it; else its clip is named.
        """
        self._lines: dict[tuple[str, str, bool], Line] = {}
        self._course = course
        self._categories: dict[str, Category] = {c.id: c for c in course.categories}
        self._spoken = {name: note_type.spoken for name, note_type in note_types.items()}
        self._studio = studio
        self._transcriber = transcriber
        self._strict = strict
        self._recordings: dict[tuple[str, str, bool], Recording] = {}
        self._repeated: list[Diagnostic] = []
        for recording in recordings:
            first = self._recordings.setdefault(self._spoken_by(recording), recording)
            if first is not recording:
                message = f"'{first.file}' is a recording of the same text"
                self._repeated.append(
                    Diagnostic(Span(recording.file), Code.RECORDING, message, "keep one of them")
                )

    def _spoken_by(self, recording: Recording) -> tuple[str, str, bool]:
        """Which text was recorded: that of the main key, where the file names none."""
        key = recording.key or self._main(recording.entry.partition("/")[0])
        return recording.entry, key, recording.slow

    def _main(self, note_type: str) -> str:
        """The first key that a note type speaks; empty where it speaks none."""
        return next(iter(self._spoken.get(note_type, ())), "")

    @property
    def lines(self) -> tuple[Line, ...]:
        """All that is spoken, in the order it was asked for."""
        return tuple(self._lines.values())

    def clip(self, entry: Entry, key: str, text: str, slow: bool) -> Clip | str:  # noqa: FBT001 - render's callback
        """The clip that speaks the text of a key of an entry, or why no voice can say it."""
        say = self._own(entry, "say", key)
        said = self._studio.utterance(text, say)
        recording = self._recordings.get((entry.key, key, slow))
        if recording is not None:
            clip = self._studio.recorded(text, recording, slow=slow)
        else:
            voice = self._voice(entry)
            problem = self._strict and self._studio.unsayable(say or text, voice, said=said)
            if problem:
                return problem
            clip = self._studio.clip(text, voice, slow=slow, said=said)
        main = key == self._main(entry.note_type)
        line = Line(entry.key, key, main, slow, said.plain, clip)
        self._lines.setdefault((entry.key, key, slow), line)  # a term's note repeats a sentence's
        return clip

    def sayable(self, entry: Entry, key: str, text: str) -> bool:
        """Whether the voice can say the text of a key; False where a recording may be played."""
        if self._recordings and any(
            (entry.key, key, slow) in self._recordings for slow in (False, True)
        ):
            return False
        voice = self._voice(entry)
        say = self._own(entry, "say", key)
        if not say and self._studio.surely_says(text, voice):
            return True
        said = self._studio.utterance(text, say)
        return not self._studio.unsayable(say or text, voice, said=said)

    def ipa(self, entry: Entry, key: str, text: str) -> Sequence[tuple[str, str]]:
        """Pronunciations of the text of a key, each with the name of its accent."""
        own = self._own(entry, "ipa", key)
        if own:
            return [("", own.strip("/[] "))]
        if not text or not self._course.accents or self._transcriber is None:
            return ()
        say = self._own(entry, "say", key)
        if lexicon.phonemes_of(say):  # those of one accent
            from ankigen.ipa import american  # noqa: PLC0415 - late: a check shows none

            return [("", american(lexicon.phonemes_of(say)))]
        found = self._transcriber.transcribe(say or text)
        pairs = [(_ACCENTS[accent], getattr(found, accent)) for accent in self._course.accents]
        return [(accent, sounds) for accent, sounds in pairs if sounds]

    def _own(self, entry: Entry, what: str, key: str) -> str:
        """What the entry itself says of a key: its ``say`` or ``ipa``, or nothing."""
        own: Mapping[str, str] = entry.values.get(what, {})
        if "" in own and key == self._main(entry.note_type):
            return own[""]
        return own.get(key, "")

    def _voice(self, entry: Entry) -> str:
        """The entry's voice: its own, or that of its category, or of the course.

        Of several, each entry keeps one, whatever is added around it: a sentence that changed its
        voice would be an update for every learner.
        """
        own: str = entry.values.get("voice", "")
        if own in self._course.voices:
            return own
        for casts in (self._categories[entry.category].voice, self._course.voice):
            names = casts.get(entry.note_type) or casts.get("")
            if names:
                draw = hashlib.sha256(entry.key.encode()).digest()[0]
                name = names[draw % len(names)]
                return name if name in self._course.voices else DEFAULT_VOICE
        return DEFAULT_VOICE

    def check(self, entries: Sequence[Entry]) -> Iterator[Diagnostic]:
        """What the voices, wordings and recordings of the course name, but is not there."""
        yield from self._check_casts(self._course.voice, self._course.origin)
        for category in self._course.categories:
            yield from self._check_casts(category.voice, category.origin)
        known = set()
        for entry in entries:
            known.add(entry.key)
            if "voice" in entry.values:
                yield from self._check_voice(entry.values["voice"], entry.span("voice"))
            yield from self._check_own(entry, "ipa")
            yield from self._check_own(entry, "say")
        yield from self._repeated
        for recording in self._recordings.values():
            yield from self._check_recording(recording, known)
        if self._strict:
            yield from self._check_language(entries)

    def _check_language(self, entries: Sequence[Entry]) -> Iterator[Diagnostic]:
        """Once, that a voice reads what is in another language than its own."""
        course = self._course
        own = languagetag.primary(course.language)
        spoken = {name: self._studio.language(name) for name in course.voices}
        foreign = {name for name, language in spoken.items() if language not in (own, "")}
        if not foreign:
            return
        recorded = {
            (entry, _LINE.sub("", key)) for entry, key, slow in self._recordings if not slow
        }
        for entry in entries:
            name = self._voice(entry)
            texts = [key for key in self._spoken[entry.note_type] if key in entry.values]
            if name in foreign and any((entry.key, key) not in recorded for key in texts):
                speaks, written = languagetag.name(spoken[name]), languagetag.name(own)
                yield Diagnostic(
                    course.origin.span("language"),
                    Code.VOICE_LANGUAGE,
                    f"the voice '{name}' speaks {speaks}, and the course is in {written}",
                    "record its texts yourself, or build with --no-audio: docs/voices.md",
                    Severity.WARNING,
                )
                return

    def _check_casts(self, casts: Casts, origin: Origin) -> Iterator[Diagnostic]:
        for note_type, names in casts.items():
            if note_type and note_type not in self._spoken:
                yield Diagnostic(
                    origin.span("voice", note_type),
                    Code.UNKNOWN_NOTE_TYPE,
                    f"'voice' names the note type '{note_type}', which is not there",
                    did_you_mean(note_type, self._spoken, f"choose from {', '.join(self._spoken)}"),
                )
            for index, name in enumerate(names):
                path = (note_type, index) if note_type else (index,)
                yield from self._check_voice(name, origin.span("voice", *path))

    def _check_voice(self, name: str, span: Span) -> Iterator[Diagnostic]:
        voices = self._course.voices
        if name not in voices:
            hint = did_you_mean(name, voices, f"choose one of {', '.join(voices)}")
            yield Diagnostic(span, Code.BAD_VALUE, f"there is no voice '{name}'", hint)

    def _check_own(self, entry: Entry, what: str) -> Iterator[Diagnostic]:
        spoken = self._spoken[entry.note_type]
        said: Mapping[str, str] = entry.values.get(what, {})
        for key, say in said.items():
            if not spoken or (key and _LINE.sub("", key) not in spoken):
                message = f"'{key or what}' is not spoken in {entry.note_type}"
                hint = f"what is spoken: {', '.join(spoken) or 'nothing'}"
                yield Diagnostic(entry.span(what), Code.UNKNOWN_KEY, message, hint)
            phonemes = lexicon.phonemes_of(say) if what == "say" else ""
            unknown = lexicon.unknown_phonemes(phonemes)
            if unknown:
                message = f"no voice knows '{unknown}' in the phonemes of {entry.key}"
                yield Diagnostic(
                    entry.span("say", key), Code.BAD_VALUE, message, lexicon.PHONEMES_HINT
                )

    def _check_recording(self, recording: Recording, known: set[str]) -> Iterator[Diagnostic]:
        spoken = self._spoken.get(recording.entry.partition("/")[0], ())
        if recording.entry not in known:
            message = f"there is no entry '{recording.entry}', so this recording is not used"
            hint = did_you_mean(recording.entry, known, "name it after an entry, or remove it")
        elif recording.key and _LINE.sub("", recording.key) not in spoken:
            message = f"'{recording.key}' of {recording.entry} is not spoken"
            hint = did_you_mean(recording.key, spoken, f"what is spoken: {', '.join(spoken)}")
        else:
            return
        yield Diagnostic(Span(recording.file), Code.RECORDING, message, hint, Severity.WARNING)
