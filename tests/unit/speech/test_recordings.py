"""A person's own recordings: what is found, what becomes of it, what is refused or doubted."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import lameenc
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from ankigen import sound
from ankigen.diagnostics import Code, Severity
from ankigen.lexicon import Utterance
from ankigen.model import Voice
from ankigen.speech import SAMPLE_RATE, SpeechError
from ankigen.speech.hibari import Hibari
from ankigen.speech.recordings import (
    FOLDER,
    MAX_BYTES,
    MAX_SECONDS,
    Recording,
    Recordings,
    _decode,
    faults,
    find,
)
from support import write_project

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ankigen.diagnostics import Diagnostic
    from ankigen.speech import Speech

    Samples = NDArray[np.float32]

FORMATS = ("WAV", "FLAC", "OGG", "MP3")
TERMS = f"{FOLDER}/terms"
SENTENCE = "The compiler fuses both kernels into one, so the tensor never leaves the chip."


def tone(rate: int = 48_000, seconds: float = 1.0, hertz: float = 440.0) -> Samples:
    """A sine at half of full scale."""
    time = np.arange(int(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def encoded(
    samples: Samples, rate: int = 48_000, kind: str = "WAV", subtype: str | None = None
) -> bytes:
    """Samples as the bytes of a file."""
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=kind, subtype=subtype)
    return stream.getvalue()


def pitch_and_level(samples: Samples) -> tuple[float, float]:
    """Hz of the strongest partial by FFT, and the level of its middle in dB of full scale."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    hertz = float(np.argmax(spectrum)) * SAMPLE_RATE / len(middle)
    return hertz, 20 * float(np.log10(np.sqrt(np.mean(np.square(middle)))))


HIBARI = Hibari()


@cache
def read_aloud(text: str, speed: float = 1.0) -> Samples:
    """A text in an honest voice."""
    return HIBARI.speak(text, Voice("hibari", "heart", speed))


def found(root: Path, *names: str) -> tuple[list[Recording], list[Diagnostic]]:
    """What is found among files of those names."""
    return find(write_project(root, {f"{FOLDER}/{name}": b"sound" for name in names}))


def refusal(data: bytes) -> SpeechError:
    """What is said of bytes that are no recording."""
    with pytest.raises(SpeechError, match=r"^x\.wav ") as caught:
        _decode(data, "x.wav")
    assert caught.value.hint
    return caught.value


def test_import_loads_no_library() -> None:
    """Looking for recordings needs neither numpy nor what decodes them."""
    code = (
        "import sys; from pathlib import Path; from ankigen.speech.recordings import *;"
        " Recordings(Path()); find(Path().resolve());"
        " print({'numpy', 'soundfile', 'soxr'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_names_say_what_is_read(tmp_path: Path) -> None:
    """Folder, id, key and slowness make the four kinds of names, sorted, with their digests."""
    recordings, diagnostics = found(
        tmp_path,
        "terms/tile.wav",
        "terms/operator-fusion.slow.MP3",
        "terms/operator-fusion.definition.ogg",
        "terms/operator-fusion.definition.slow.Flac",
        "sentences/tile-1.wav",
    )
    assert diagnostics == []
    fusion = "terms/operator-fusion"
    told = [(item.file, item.entry, item.key, item.slow) for item in recordings]
    assert told == [
        (f"{FOLDER}/sentences/tile-1.wav", "sentences/tile-1", "", False),
        (f"{FOLDER}/{fusion}.definition.ogg", fusion, "definition", False),
        (f"{FOLDER}/{fusion}.definition.slow.Flac", fusion, "definition", True),
        (f"{FOLDER}/{fusion}.slow.MP3", fusion, "", True),
        (f"{TERMS}/tile.wav", "terms/tile", "", False),
    ]
    assert {item.sha256 for item in recordings} == {hashlib.sha256(b"sound").hexdigest()}


def test_nothing_to_find(tmp_path: Path) -> None:
    """A project need not have the folder, and an empty one is no mistake."""
    assert find(tmp_path.resolve()) == ([], [])
    (tmp_path / TERMS).mkdir(parents=True)
    assert find(tmp_path.resolve()) == ([], [])


def test_notes_are_passed_over(tmp_path: Path) -> None:
    """Hidden files, read-mes and lists of what to read may lie anywhere among the recordings."""
    names = (".gitkeep", "README", "README.de.md", "credits.txt", "to-read.CSV", ".hidden/x.wav")
    assert found(tmp_path, *names, *(f"terms/{name}" for name in names)) == ([], [])


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("terms/tile.m4a", "only WAV", f"ffmpeg -i {TERMS}/tile.m4a {TERMS}/tile.wav"),
        (
            "terms/my tile.opus",
            "only WAV",
            f"ffmpeg -i '{TERMS}/my tile.opus' '{TERMS}/my tile.wav'",
        ),
        ("terms/tile", "only WAV", "move it"),
        ("terms/take.aup3", "only WAV", "move it"),
        ("tile.wav", "folders named after", "terms"),
        ("tile.m4a", "only WAV", "ffmpeg"),
        ("terms/old/tile.wav", "folder in here", "one folder up"),
        ("terms/Tile.wav", "name does not say", "<entry id>.<key>.wav"),
        ("terms/my tile.wav", "name does not say", ".slow"),
        ("terms/tile..wav", "name does not say", ".slow"),
        ("terms/tile.Slow.wav", "name does not say", ".slow"),
        ("terms/tile.slow.definition.wav", "name does not say", ".slow"),
        ("terms/tile\n.wav", "name does not say", ".slow"),
    ],
)
def test_what_is_no_recording(tmp_path: Path, name: str, message: str, hint: str) -> None:
    """What would not be heard is a warning that says how it would be, and stops no build."""
    recordings, [diagnostic] = found(tmp_path, name)
    assert recordings == []
    assert diagnostic.code == Code.RECORDING
    assert diagnostic.severity == Severity.WARNING
    assert diagnostic.span.file == f"{FOLDER}/{name}".replace("/old/tile.wav", "/old")
    assert message in diagnostic.message
    assert hint in diagnostic.hint


@pytest.mark.parametrize("slow", ["", ".slow", ".definition", ".definition.slow"])
def test_two_files_for_one_text(tmp_path: Path, slow: str) -> None:
    """Which of them is meant nobody knows: an error that names both."""
    first, second = f"terms/tile{slow}.mp3", f"terms/tile{slow}.wav"
    [recording], [diagnostic] = found(tmp_path, first, second)
    assert recording.file == f"{FOLDER}/{first}"
    assert diagnostic.span.file == f"{FOLDER}/{second}"
    assert first in diagnostic.message
    assert second in diagnostic.message
    assert (diagnostic.code, diagnostic.severity) == (Code.RECORDING, Severity.ERROR)


@pytest.mark.parametrize("link", ["audio", FOLDER, TERMS, f"{TERMS}/tile.wav", f"{FOLDER}/x.wav"])
def test_links_that_lead_outside(tmp_path: Path, link: str) -> None:
    """Nothing outside the project is read, whichever part of the way is the link."""
    target = tmp_path / "outside" / "recordings" / "terms" / "tile.wav"
    write_project(tmp_path, {str(target.relative_to(tmp_path)): b"sound"})
    root = tmp_path / "project"
    (root / link).parent.mkdir(parents=True)
    depth = {"audio": 2, FOLDER: 1, TERMS: 0}
    (root / link).symlink_to(target.parents[depth[link]] if link in depth else target)
    recordings, [diagnostic] = find(root.resolve())
    assert recordings == []
    assert (diagnostic.code, diagnostic.severity) == (Code.OUTSIDE, Severity.ERROR)


def test_links_inside_the_project(tmp_path: Path) -> None:
    """One recording may serve two entries."""
    write_project(tmp_path, {f"{TERMS}/tile.wav": b"sound"})
    (tmp_path / TERMS / "tiles.wav").symlink_to("tile.wav")
    recordings, diagnostics = find(tmp_path.resolve())
    assert [recording.entry for recording in recordings] == ["terms/tile", "terms/tiles"]
    assert diagnostics == []


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """Broken links, loops of links, pipes and a file in the folder's place are errors."""
    root = write_project(tmp_path / "project", {f"{TERMS}/.gitkeep": b""})
    (root / TERMS / "broken.wav").symlink_to("nothing.wav")
    (root / TERMS / "loop.wav").symlink_to("loop.wav")
    os.mkfifo(root / TERMS / "pipe.wav")
    recordings, diagnostics = find(root)
    assert recordings == []
    assert {
        diagnostic.span.file.rpartition("/")[2]: diagnostic.code for diagnostic in diagnostics
    } == {
        "broken.wav": Code.UNREADABLE,
        "loop.wav": Code.OUTSIDE,
        "pipe.wav": Code.UNREADABLE,
    }
    write_project(tmp_path / "other", {FOLDER: b"a file"})
    [diagnostic] = find((tmp_path / "other").resolve())[1]
    assert diagnostic.code == Code.UNREADABLE


def test_too_large(tmp_path: Path) -> None:
    """An hour of somebody's voice is not read, not even to know it again."""
    root = write_project(tmp_path, {f"{TERMS}/tile.wav": b"", f"{TERMS}/full.wav": b""})
    with (root / TERMS / "tile.wav").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with (root / TERMS / "full.wav").open("wb") as stream:
        stream.truncate(MAX_BYTES)
    [recording], [diagnostic] = find(root)
    assert recording.entry == "terms/full"
    assert (diagnostic.code, diagnostic.severity) == (Code.TOO_LARGE, Severity.ERROR)


@given(st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=12)))
def test_any_name_is_judged(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    """However a file is called, it is a recording, passed over, or a warning."""
    folder = tmp_path_factory.mktemp("any") / TERMS
    folder.mkdir(parents=True)
    written = set()
    for name in names:
        if name not in (".", "..") and name.isprintable():
            (folder / f"{name}.wav").write_bytes(b"")
            written.add(f"{TERMS}/{name}.wav")
    recordings, diagnostics = find(folder.parents[2].resolve())
    seen = {item.file for item in recordings} | {item.span.file for item in diagnostics}
    assert seen == {
        name for name in written if not name.startswith((f"{TERMS}/.", f"{TERMS}/README"))
    }


def test_what_is_found_is_heard(tmp_path: Path) -> None:
    """A file and its digest are all that the engine needs."""
    root = write_project(tmp_path, {f"{TERMS}/tile.wav": encoded(tone())})
    [recording], _ = find(root)
    engine: Speech = Recordings(root)
    voice = Voice("recordings", recording.file)
    engine.check(voice)
    engine.prepare()
    samples = engine.speak(recording.sha256, voice)
    assert np.array_equal(engine.speak(recording.sha256, voice), samples)
    assert samples.dtype == np.float32
    assert len(samples) == SAMPLE_RATE
    assert sound.finish(samples, SAMPLE_RATE)[1] == pytest.approx(1.0)
    assert engine.unsayable("≥ 日本") == ""
    assert engine.script(Utterance(("one ", "tile"))) == "one tile"


def test_a_file_that_was_changed_meanwhile(tmp_path: Path) -> None:
    """Its clip would be kept under the name of another sound: refused, and so is one removed."""
    root = write_project(tmp_path, {f"{TERMS}/tile.wav": encoded(tone())})
    [recording], _ = find(root)
    voice = Voice("recordings", recording.file)
    (root / recording.file).write_bytes(encoded(tone(hertz=220)))
    with pytest.raises(SpeechError, match=r"terms/tile\.wav has just been changed"):
        Recordings(root).speak(recording.sha256, voice)
    (root / recording.file).unlink()
    with pytest.raises(SpeechError, match=r"terms/tile\.wav cannot be read"):
        Recordings(root).speak(recording.sha256, voice)


@pytest.mark.parametrize(
    ("kind", "rate"),
    [
        *product(FORMATS, (8_000, 16_000, 24_000, 44_100, 48_000)),
        *product(("WAV", "FLAC", "OGG"), (96_000,)),  # MP3 has no such rate
    ],
)
def test_formats_and_rates(kind: str, rate: int) -> None:
    """Length, pitch and loudness survive every format at every rate that it has."""
    samples = _decode(encoded(tone(rate, 2.0), rate, kind), "x")
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) / SAMPLE_RATE == pytest.approx(2.0, abs=0.01)
    hertz, level = pitch_and_level(samples)
    assert hertz == pytest.approx(440, abs=1)
    assert level == pytest.approx(-9.03, abs=0.15)


@pytest.mark.parametrize(
    ("kind", "subtype"),
    [
        ("WAV", "PCM_U8"),
        ("WAV", "PCM_24"),
        ("WAV", "PCM_32"),
        ("WAV", "FLOAT"),
        ("WAV", "DOUBLE"),
        ("WAV", "ALAW"),
        ("WAVEX", "PCM_24"),
        ("RF64", "PCM_16"),
        ("FLAC", "PCM_24"),
        ("OGG", "OPUS"),
    ],
)
def test_sample_formats(kind: str, subtype: str) -> None:
    """Whatever a sample is in the file, it means the same."""
    hertz, level = pitch_and_level(_decode(encoded(tone(), 48_000, kind, subtype), "x"))
    assert hertz == pytest.approx(440, abs=2)
    assert level == pytest.approx(-9.03, abs=0.15)


def test_no_alias() -> None:
    """What lies above the new rate's half is gone, instead of being heard somewhere else."""
    samples = _decode(encoded(tone(hertz=15_000)), "x")
    assert pitch_and_level(samples)[1] < -80


@pytest.mark.parametrize("channels", [2, 6, 8])
def test_channels_are_mixed(channels: int) -> None:
    """The mean of all is heard, so a voice on one side alone is there as well."""
    sides = np.zeros((48_000, channels), np.float32)
    sides[:, 0] = tone()
    hertz, level = pitch_and_level(_decode(encoded(sides), "x"))
    assert hertz == pytest.approx(440, abs=2)
    assert level == pytest.approx(-9.03 - 20 * np.log10(channels), abs=0.1)


def test_offset_is_no_sound() -> None:
    """A constant, as cheap microphones add it, would keep the silence from being cut off."""
    quiet = np.full(48_000, 0.05, np.float32)
    samples = _decode(encoded(np.concatenate([quiet, tone() + np.float32(0.05), quiet])), "x")
    assert abs(samples.mean()) < 1e-4
    assert len(sound.trim(samples, SAMPLE_RATE)) / SAMPLE_RATE == pytest.approx(1.18, abs=0.02)


def test_silence_is_left_to_the_build() -> None:
    """It has samples, but nothing is left of them when they are finished, and no fault."""
    samples = _decode(encoded(np.zeros(48_000, np.float32)), "x")
    assert len(samples) == SAMPLE_RATE
    assert sound.finish(samples, SAMPLE_RATE)[1] == 0
    assert faults(samples, SENTENCE, slow=False) == []


def lame(samples: Samples, rate: int, *, vbr: bool) -> bytes:
    """MP3 without the header that says how long it is."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(1)
    encoder.set_bit_rate(64)
    if vbr:
        encoder.set_vbr(4)
    pcm = (samples * 32767).astype("<i2").tobytes()
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())


def test_mp3_of_recorders() -> None:
    """Without a length in its head, with a picture before or a title behind: all of it is heard."""
    spoken = read_aloud(SENTENCE)
    picture = b"ID3\x03\x00\x00\x00\x40\x00\x00" + bytes(0x40 << 14)
    plain = lame(spoken, SAMPLE_RATE, vbr=False)
    for data in (plain, picture + plain, plain + b"TAG" + bytes(125)):
        seconds = len(_decode(data, "x.mp3")) / SAMPLE_RATE
        assert seconds == pytest.approx(len(spoken) / SAMPLE_RATE, abs=0.15)


def test_mp3_whose_length_is_guessed_wrong() -> None:
    """Variable bit rate without a table: rather refused than cut off in the middle."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, SAMPLE_RATE).astype(np.float32)
    error = refusal(lame(np.concatenate([noise, tone(SAMPLE_RATE)]), SAMPLE_RATE, vbr=True))
    assert "does not say how long" in str(error)
    assert "ffmpeg -i x.wav x.flac" in error.hint


def test_flac_without_length() -> None:
    """Written into a pipe, it does not know its length; it is refused with a way out."""
    data = bytearray(encoded(tone(), kind="FLAC"))
    data[21] &= 0xF0  # total samples of STREAMINFO: 36 bits, https://www.rfc-editor.org/rfc/rfc9639
    data[22:26] = bytes(4)
    assert "does not say how long" in str(refusal(bytes(data)))


def test_wav_from_a_pipe() -> None:
    """Its sizes are placeholders, and the sound goes to the end of the file."""
    data = bytearray(encoded(tone()))
    data[4:8] = data[40:44] = b"\xff" * 4
    assert len(_decode(bytes(data), "x.wav")) == SAMPLE_RATE


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no recording"),
        (b"RIFF", "no recording"),
        (b"<!doctype html>" * 99, "no recording"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
        (b"\0\0\0\x20ftypM4A \0\0\2\0isomiso2" + bytes(999), "no recording"),
        (encoded(tone())[:30], "no recording"),
        (encoded(tone())[:50_000], "breaks off"),
        (encoded(tone(), kind="FLAC")[:20_000], "no recording"),
        (encoded(tone()[:0]), "no sound"),
        (encoded(tone(), kind="AIFF"), "AIFF"),
        (encoded(np.zeros((99, 9), np.float32)), "9 channels"),
        (encoded(tone(4_000), 4_000), "4000 samples a second"),
        (encoded(tone(400_000), 400_000), "400000 samples a second"),
        (encoded(tone(8_000, MAX_SECONDS + 1), 8_000), "longer than 120 s"),
        (encoded(tone(8_000, MAX_SECONDS + 1), 8_000, "MP3"), "longer than 120 s"),
        (encoded(tone() * np.float32("nan"), subtype="FLOAT"), "nan"),
        (encoded(np.full(999, np.inf, np.float32), subtype="FLOAT"), "nan|inf"),
        (encoded(tone() * np.float32(32768), subtype="FLOAT"), "16384"),
        (encoded(tone() * np.float32(1e38), subtype="FLOAT"), "full scale"),
    ],
)
def test_refused(data: bytes, message: str) -> None:
    """What is no recording, or none that can be used, is refused with a reason and a way out."""
    assert any(part in str(refusal(data)) for part in message.split("|"))


def test_longest() -> None:
    """Two minutes are read, to the last sample."""
    samples = _decode(encoded(tone(8_000, MAX_SECONDS), 8_000), "x")
    assert len(samples) == MAX_SECONDS * SAMPLE_RATE


GOOD = [encoded(tone(seconds=0.3), kind=kind) for kind in FORMATS] + [
    encoded(tone(seconds=0.3), kind="OGG", subtype="OPUS"),
    encoded(tone(seconds=0.3), kind="WAV", subtype="FLOAT"),
]


def assert_heard_or_refused(data: bytes) -> None:
    """Bytes give finite samples of at most two minutes, or an error that a person can read."""
    try:
        samples = _decode(data, "x.wav")
    except SpeechError as error:
        assert str(error).startswith("x.wav ")  # noqa: PT017 - either will do
        assert error.hint  # noqa: PT017 - likewise
    else:
        assert samples.dtype == np.float32
        assert np.isfinite(samples).all()
        assert 0 < len(samples) <= (MAX_SECONDS + 1) * SAMPLE_RATE


@given(st.sampled_from(GOOD), st.floats(0, 1))
def test_any_file_that_breaks_off(data: bytes, share: float) -> None:
    """A good file's beginning is heard as far as it goes, or refused."""
    assert_heard_or_refused(data[: int(len(data) * share)])


@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_any_file_with_wrong_bytes(data: bytes, changes: list[tuple[int, int]]) -> None:
    """Lies in a header, among them about rate, channels and length, raise nothing else."""
    changed = bytearray(data)
    for place, value in changes:
        changed[place] = value
    assert_heard_or_refused(bytes(changed))


@given(st.sampled_from([b"", b"RIFF", b"fLaC", b"OggS", b"\xff\xfb", b"ID3"]), st.binary())
def test_any_bytes(magic: bytes, rest: bytes) -> None:
    """What only begins like a sound is refused or heard, whatever follows."""
    assert_heard_or_refused(magic + rest)


@pytest.mark.parametrize("speed", [1.0, 0.7])
@pytest.mark.parametrize(
    "text",
    [
        "tile",
        "SIMD",
        "XLA",
        "cuDNN",
        "Relax",
        "bfloat16",
        "common subexpression elimination",
        "A 130-column matrix gets padded to 256, so nearly half the work is wasted.",
        SENTENCE,
    ],
)
def test_honest_readings_have_no_fault(text: str, speed: float) -> None:
    """Fast or slow, quietly or as loud as it goes, with two seconds of silence around."""
    spoken = read_aloud(text, speed)
    breath = np.zeros(2 * SAMPLE_RATE, np.float32)
    for peak in (0.05, 1.0):
        samples = np.concatenate([breath, spoken / np.abs(spoken).max() * peak, breath])
        assert faults(samples, text, slow=speed < 1) == []


@pytest.mark.parametrize("kind", ["WAV", "OGG", "MP3"])
@pytest.mark.parametrize("share", [0.01, 0.03, 0.1])
def test_clipped(kind: str, share: float) -> None:
    """Clipping is told, and how much of it, though encoding and resampling round it off."""
    spoken = read_aloud(SENTENCE)
    limit = np.quantile(np.abs(sound.trim(spoken, SAMPLE_RATE)), 1 - share)
    clipped = np.clip(spoken / limit, -1, 1)
    [fault] = faults(_decode(encoded(clipped, SAMPLE_RATE, kind), "x"), SENTENCE, slow=False)
    assert fault.startswith("is clipped: ")
    told = float(fault.removeprefix("is clipped: ").partition("%")[0]) / 100
    assert told == pytest.approx(share, rel=0.35)


def test_loud_but_whole() -> None:
    """A voice that only just reaches full scale, in any format, is not clipped."""
    spoken = read_aloud(SENTENCE)
    for kind in FORMATS:
        data = encoded(spoken / np.abs(spoken).max(), SAMPLE_RATE, kind)
        assert faults(_decode(data, "x"), SENTENCE, slow=False) == []


def test_very_quiet() -> None:
    """What must be raised by forty decibels is told of, with its peak."""
    spoken = read_aloud(SENTENCE)
    whisper = spoken / np.abs(spoken).max() * np.float32(0.01)
    [fault] = faults(whisper, SENTENCE, slow=False)
    assert "very quiet" in fault
    assert "-40 dBFS" in fault


@pytest.mark.parametrize("slow", [False, True])
def test_swapped(slow: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A sentence in the place of a term and a term in that of a sentence do not fit."""
    speed = 0.7 if slow else 1.0
    assert "too long" in " ".join(faults(read_aloud(SENTENCE, speed), "tile", slow=slow))
    assert "too short" in " ".join(faults(read_aloud("tile", speed), SENTENCE, slow=slow))


def test_faults_add_up() -> None:
    """Each is told of, in words that follow the file's name."""
    loud = np.sign(read_aloud("tile")) * np.float32(1)
    told = faults(loud, SENTENCE * 3, slow=False)
    assert [fault.split()[0] for fault in told] == ["is", "lasts"]
