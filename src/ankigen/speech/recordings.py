"""recordings: what a person has read aloud, in files named after the entries.

``audio/recordings/<note type>/<entry id>.wav`` is the main text of an entry,
``<entry id>.<key>.wav`` another of its spoken texts, and ``.slow`` before the extension says that
it is the slow one.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import files
from ankigen.diagnostics import Code, Diagnostic, Severity, SourceError, Span
from ankigen.schema import SLUG
from ankigen.speech import SAMPLE_RATE, SpeechError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from ankigen.lexicon import Utterance
    from ankigen.model import Voice

FOLDER = "audio/recordings"

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
"""In small letters; the formats that are read."""

MAX_BYTES = 64 * 1024 * 1024
"""Two minutes of stereo at 48 kHz and 24 bits are half of it."""

MAX_SECONDS = 120
MAX_CHANNELS = 8
RATES = (8_000, 192_000)
"""Hz, the lowest and the highest: a telephone's, and the most that sound cards do."""

NOTES = (".txt", ".csv", ".md")
"""Endings of what a person may write beside recordings."""
_CUT = "cut away all but the one text that it is for"
_FORMATS = ("WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3")  # as libsndfile names them

_ID = re.compile(SLUG)
_KEY = re.compile(r"[a-z][a-z0-9_]*")

_UNKNOWN_FRAMES = 2**63 - 1  # libsndfile's SF_COUNT_MAX
_TAG_BYTES = 128  # of ID3v1, behind the sound
_STREAMED = 0x7FFF_0000  # RIFF sizes from here on stand for "not known when this was written"

_MAX_PEAK = 10.0  # decoding and resampling overshoot a clipped file's peak by at most 1.7 times

_FULL_SCALE = 0.97
_CLIPPED = 0.005
_QUIET_DBFS = -36.0
_LETTERS_PER_SECOND = 14.0
_NAMED = 4  # letters in the name of a capital or a digit that is said alone: "em", "seven"
_QUICKEST, _SLOWEST = 0.4, 2.5
_PAUSE_SECONDS = 1.0
_SLOW_SPEED = 0.5


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of somebody's voice.

    Attributes:
        file: Relative to the project, with ``/``.
        entry: Key of the entry: ``terms/operator-fusion``.
        key: Which of its spoken texts; empty for the main one.
        slow: Whether it is the slow one.
        sha256: Of the file.
    """

    file: str
    entry: str
    key: str
    slow: bool
    sha256: str


def find(root: Path) -> tuple[list[Recording], list[Diagnostic]]:
    """The recordings of a project, and what else lies among them.

    Whether there are such entries is for others to say. Of two files for one text only the first
    is among the recordings.

    Args:
        root: The project's folder, resolved.

    Returns:
        Both sorted by file.
    """
    diagnostics: list[Diagnostic] = []
    first: dict[tuple[str, str, bool], Recording] = {}
    for path in sorted(_paths(root, diagnostics), key=lambda path: files.relative(root, path)):
        try:
            recording = _recording(root, path)
        except SourceError as error:
            diagnostics += error.diagnostics
            continue
        other = first.setdefault((recording.entry, recording.key, recording.slow), recording)
        if other is not recording:
            same = f"'{other.file}' and '{recording.file}' are recordings of the same text"
            diagnostics += _fault(recording.file, same, "keep one of them").diagnostics
    return list(first.values()), sorted(diagnostics)


def _paths(root: Path, diagnostics: list[Diagnostic]) -> Iterator[Path]:
    """What stands in the folders of the note types, or where only these should stand."""
    if os.path.lexists(root / FOLDER):
        for path in _listing(root, root / FOLDER, diagnostics):
            folder = os.path.isdir(path)  # noqa: PTH112 - false where one may not ask
            if folder or not files.inside(root, path):
                yield from _listing(root, path, diagnostics)
            else:
                yield path


def _listing(root: Path, folder: Path, diagnostics: list[Diagnostic]) -> Iterator[Path]:
    """What stands in a folder, but hidden files and people's notes."""
    try:
        _refuse_outside(root, folder)
        paths = list(folder.iterdir())
    except SourceError as error:
        diagnostics += error.diagnostics
        return
    except OSError as error:
        diagnostics += _unreadable(root, folder, error).diagnostics
        return
    for path in paths:
        if not path.name.startswith((".", "README")) and not path.name.lower().endswith(NOTES):
            yield path


def _recording(root: Path, path: Path) -> Recording:
    """What a file is the recording of.

    Raises:
        SourceError: It is none that can be used; a warning where it may be none at all.
    """
    file = files.relative(root, path)
    _refuse_outside(root, path)
    try:
        if path.is_dir():
            raise _stray(file, "a folder in here is not read", "move its files one folder up")
        if path.suffix.lower() not in SUFFIXES:
            raise _stray(
                file,
                "only WAV, FLAC, OGG and MP3 files are read here",
                f"convert it ({_conversion(file)}), or move it out of {FOLDER}",
            )
        if path.parent == root / FOLDER:
            hint = f"move it into {FOLDER}/terms, for example"
            raise _stray(file, "recordings stand in folders named after their note types", hint)
        identifier, key, slow = _parse(file)
        size = path.stat().st_size
        if size > MAX_BYTES:
            large = f"the file has {size / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:,.0f} MB are read"
            raise _fault(file, large, _CUT, Code.TOO_LARGE)
        if not path.is_file():
            raise _fault(file, "this is not a file", "remove it", Code.UNREADABLE)
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(root, path, error) from None
    return Recording(file, f"{path.parent.name}/{identifier}", key, slow, digest)


def _parse(file: str) -> tuple[str, str, bool]:
    """Id, key and slowness in a file's name."""
    identifier, *rest = file.rpartition("/")[2].split(".")[:-1]
    slow = rest[-1:] == ["slow"]
    if slow:
        rest.pop()
    if len(rest) > 1 or not _ID.fullmatch(identifier) or not all(map(_KEY.fullmatch, rest)):
        raise _stray(
            file,
            "the file's name does not say which text it is a recording of",
            "name it <entry id>.wav or <entry id>.<key>.wav, with .slow before .wav if it is slow",
        )
    return identifier, "".join(rest), slow


def _conversion(file: str) -> str:
    stem, suffix = os.path.splitext(file)  # noqa: PTH122 - a name, not a path of this machine
    end = ".flac" if suffix.lower() == ".wav" else ".wav"
    return f"ffmpeg -i {shlex.quote(file)} {shlex.quote(stem + end)}"


def _stray(file: str, message: str, hint: str) -> SourceError:
    return SourceError([Diagnostic(Span(file), Code.RECORDING, message, hint, Severity.WARNING)])


def _fault(file: str, message: str, hint: str, code: Code = Code.RECORDING) -> SourceError:
    return SourceError([Diagnostic(Span(file), code, message, hint)])


def _unreadable(root: Path, path: Path, error: OSError) -> SourceError:
    message = f"this cannot be read: {error.strerror}"
    return _fault(files.relative(root, path), message, "check its permissions", Code.UNREADABLE)


def _refuse_outside(root: Path, path: Path) -> None:
    if not files.inside(root, path):
        message = "this is a link that leads outside the project"
        hint = "put a copy of what it leads to here instead"
        raise _fault(files.relative(root, path), message, hint, Code.OUTSIDE)


class Recordings:
    """The engine that plays what ``find`` found; any thread may use it.

    The clip of a recording has ``Voice("recordings", file)`` as its voice and the file's SHA-256
    as its script.
    """

    identity = "recording"
    voices: tuple[str, ...] = ()
    online = False
    language = ""

    def __init__(self, root: Path) -> None:
        """Read nothing yet.

        Args:
            root: The project's folder.
        """
        self._root = root

    def check(self, voice: Voice) -> None:
        """Any file may be named; ``find`` and ``speak`` judge it."""

    def unsayable(self, text: str) -> str:  # noqa: ARG002 - the protocol's
        """A person can say anything."""
        return ""

    def script(self, utterance: Utterance) -> str:
        """Respellings, as for any reader; the clip of a recording has its SHA-256 instead."""
        return utterance.plain

    def prepare(self) -> None:
        """Load what decodes and resamples."""
        import soundfile  # noqa: F401, PLC0415 - late: what is not used costs nothing
        import soxr  # noqa: F401, PLC0415 - likewise

    def close(self) -> None:
        """Nothing is waited for."""

    def speak(self, script: str, voice: Voice) -> NDArray[np.float32]:
        """The sound of a file: mono, without DC offset, resampled.

        What decodes beyond full scale stays so: cutting it off here would be heard, and it tells
        ``faults`` of clipping; ``sound.finish`` levels it.

        Args:
            script: SHA-256 of the file.
            voice: Its ``voice`` is the file, relative to the project.

        Raises:
            SpeechError: The file is not what was found, or no sound that can be used.
        """
        try:
            data = (self._root / voice.voice).read_bytes()
        except OSError as error:
            raise SpeechError(
                f"{voice.voice} cannot be read: {error.strerror}", "check its permissions"
            ) from None
        if hashlib.sha256(data).hexdigest() != script:  # else its clip would keep a wrong name
            raise SpeechError(f"{voice.voice} has just been changed", "run again")
        return _decode(data, voice.voice)


def _decode(data: bytes, file: str) -> NDArray[np.float32]:
    """The sound in a file's bytes, as ``speak`` gives it.

    Raises:
        SpeechError: With what to do.
    """
    import soundfile  # noqa: PLC0415 - late: what is not used costs nothing
    import soxr  # noqa: PLC0415 - likewise

    convert = f"put what this makes in its place: {_conversion(file)}"
    again = f"record it again, or, where it plays well, {convert}"
    stream = io.BytesIO(data)
    try:
        with soundfile.SoundFile(stream) as sound:
            rate: int = sound.samplerate
            _refuse_kind(sound.format, rate, sound.channels, file)
            if sound.frames == _UNKNOWN_FRAMES:  # written into a pipe; soundfile cannot read it
                raise SpeechError(f"{file} does not say how long it is", convert)
            channels: NDArray[np.float32] = sound.read(
                MAX_SECONDS * rate + 1, dtype="float32", always_2d=True
            )
            partly = sound.format == "MP3" and stream.tell() + _TAG_BYTES < len(data)
    except soundfile.LibsndfileError as error:
        if data.startswith(b"version https://git-lfs"):
            raise SpeechError(
                f"{file} only says where Git LFS keeps the recording", "run 'git lfs pull'"
            ) from None
        raise SpeechError(
            f"{file} is broken or no recording: {error.error_string}", again
        ) from None
    if not len(channels):
        raise SpeechError(f"{file} holds no sound", "record it again")
    if len(channels) > MAX_SECONDS * rate:
        raise SpeechError(f"{file} is longer than {MAX_SECONDS} s", _CUT)
    if partly:  # no table of its length: libsndfile guesses, and reads no more than that
        raise SpeechError(f"{file} does not say how long it is", convert)
    if _breaks_off(data):
        raise SpeechError(f"{file} breaks off", f"copy it again, or {again}")
    peak = abs(channels).max()
    if not peak <= _MAX_PEAK:  # NaN is not, either
        raise SpeechError(
            f"{file} holds values up to {peak:g}, where 1 is full scale", "save it with 16 bits"
        )
    mono = channels.mean(axis=1)
    mono -= mono.mean()  # or it would count as sound where there is none
    resampled: NDArray[np.float32] = soxr.resample(mono, rate, SAMPLE_RATE, quality="HQ")
    return resampled


def _refuse_kind(kind: str, rate: int, channels: int, file: str) -> None:
    """Nothing, if it is a kind of sound that a recording may be."""
    convert = f"put what this makes in its place: {_conversion(file)}"
    if kind not in _FORMATS:
        raise SpeechError(f"{file} is a {kind} file, whatever its name says", convert)
    if channels > MAX_CHANNELS:
        raise SpeechError(
            f"{file} has {channels} channels; at most {MAX_CHANNELS} are read",
            "save it with one channel",
        )
    if not RATES[0] <= rate <= RATES[1]:
        raise SpeechError(
            f"{file} has {rate} samples a second; {RATES[0]} to {RATES[1]} are read",
            "save it with 48,000",
        )


def _breaks_off(data: bytes) -> bool:
    """Whether a WAV file is shorter than it says; some say 8 bytes too much."""
    size = int.from_bytes(data[4:8], "little")
    return data.startswith(b"RIFF") and len(data) < size < _STREAMED


def faults(samples: NDArray[np.float32], text: str, slow: bool) -> list[str]:  # noqa: FBT001 - a fact
    """What somebody should listen to again, each the end of a sentence that begins with the file.

    The bounds: a file clipped in 0.5% of its samples, be it WAV, OGG or MP3, has 0.35% to 0.72% of
    them within 3% of full scale, and one that is not clipped has under 0.02%; English is read
    aloud with about 14 letters a second.

    Args:
        samples: As ``speak`` gave them, before they are levelled.
        text: What is to be heard.
        slow: Whether it is to be heard slowly.
    """
    import numpy as np  # noqa: PLC0415 - late: what is not used costs nothing

    from ankigen import sound  # noqa: PLC0415 - likewise

    kept = sound.trim(samples, SAMPLE_RATE)
    if not len(kept):
        return []  # silence, which no build takes
    said = []
    size = np.abs(kept)
    clipped = float(np.mean(size >= _FULL_SCALE))
    if clipped > _CLIPPED:
        said.append(f"is clipped: {clipped:.1%} of it is at full scale")
    peak = 20 * np.log10(float(size.max()))
    if peak < _QUIET_DBFS:
        said.append(f"is very quiet: its peak is at {peak:.0f} dBFS, so its noise will be heard")
    seconds = len(kept) / SAMPLE_RATE
    shortest, longest = _bounds(text)
    if seconds < shortest:
        said.append(f"lasts {seconds:.1f} s, which is too short for its text")
    if seconds > (longest / _SLOW_SPEED if slow else longest):
        said.append(f"lasts {seconds:.1f} s, which is too long for its text")
    return said


def _bounds(text: str) -> tuple[float, float]:
    """Seconds that a text takes at least and at most when it is not read slowly."""
    letters = [char for char in text if char.isalnum()]
    named = sum(_NAMED if char.isupper() or char.isdigit() else 1 for char in letters)
    return (
        len(letters) / _LETTERS_PER_SECOND * _QUICKEST,
        named / _LETTERS_PER_SECOND * _SLOWEST + _PAUSE_SECONDS,
    )
