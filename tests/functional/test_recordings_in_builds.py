"""People's own recordings in a built course: what is played, who gets it, what is refused."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
import soxr

from ankigen import apkg, lock, sound
from ankigen.model import Voice
from ankigen.speech import SAMPLE_RATE
from ankigen.speech.hibari import Hibari
from support import EPOCH, SMALL, ankigen, decks

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from numpy.typing import NDArray

    from ankigen.apkg import Note

    Samples = NDArray[np.float32]

FOLDER = "audio/recordings/terms"
KERNEL = f"{FOLDER}/kernel.wav"
SLOW = f"{FOLDER}/kernel.slow.wav"
RATE = 44_100


@pytest.fixture
def project(built: Path) -> Path:
    """The small course, released with the engine's voice."""
    (built / FOLDER).mkdir(parents=True)
    return built


def tone(hertz: float = 700.0, seconds: float = 0.8, amplitude: float = 0.2) -> bytes:
    """A sine as a WAV file, cut off at full scale."""
    time = np.arange(int(RATE * seconds)) / RATE
    wave = np.clip(amplitude * np.sin(2 * np.pi * hertz * time), -1, 1)
    stream = io.BytesIO()
    soundfile.write(stream, wave, RATE, format="WAV")
    return stream.getvalue()


def build(
    root: Path, *arguments: str, later: int, code: int = 0
) -> subprocess.CompletedProcess[str]:
    """A release, some seconds after the first."""
    env = {"SOURCE_DATE_EPOCH": str(int(EPOCH) + later)}
    done = ankigen("build", *arguments, cwd=root, env=env)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def notes(root: Path) -> dict[str, Note]:
    """The notes of the course's package, by key."""
    with apkg.opened(root / "dist/small.apkg") as package:
        return {note.fields[-1]: note for note in package.notes()}


def names(root: Path, key: str = "terms/kernel") -> list[str]:
    """The clips that speak an entry: the normal one, then the slow one."""
    fields = notes(root)[key].fields
    parts = [part for field in fields for part in field.split("[sound:")[1:]]
    return [part.partition("]")[0] for part in parts][:2]  # then comes its example


def heard(root: Path, name: str) -> Samples:
    """A clip as the package holds it."""
    with apkg.opened(root / "dist/small.apkg") as package:
        data = b"".join(package.open_media(name))
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    made: Samples = soxr.resample(samples, rate, SAMPLE_RATE)
    return made


def pitch(samples: Samples) -> float:
    """Hz of the strongest partial."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / len(samples)


def likeness(one: Samples, other: Samples) -> float:
    """Largest normalised correlation of two sounds over all shifts; 1 for the same sound."""
    size = 1 << (len(one) + len(other)).bit_length()
    product = np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size))
    return float(np.abs(np.fft.irfft(product)).max() / np.linalg.norm(one) / np.linalg.norm(other))


def changed(before: dict[str, Note], after: dict[str, Note]) -> dict[str, int]:
    """The new times of the notes that have changed; the others are as they were."""
    assert before.keys() == after.keys()
    assert all(after[key].guid == before[key].guid for key in before)
    return {key: after[key].mod for key in before if after[key] != before[key]}


def test_a_recording_is_played(project: Path) -> None:
    """Its note plays that sound at our loudness, the slow clip stays, no other note changes."""
    before, (_, slow) = notes(project), names(project)
    (project / KERNEL).write_bytes(tone())
    build(project, later=10)
    normal, same = names(project)
    assert same == slow
    samples = heard(project, normal)
    assert pitch(samples) == pytest.approx(700, abs=5)
    assert len(samples) / SAMPLE_RATE == pytest.approx(0.8, abs=0.15)
    assert sound.loudness(samples, SAMPLE_RATE) == pytest.approx(sound.TARGET_LUFS, abs=1)
    assert changed(before, notes(project)) == {"terms/kernel": int(EPOCH) + 10}


def test_a_voice_is_recognised(project: Path) -> None:
    """Speech comes through as it was said, not as the engine says it."""
    said = Hibari().speak("coloured light", Voice("hibari", "heart", 0.9))
    soundfile.write(project / KERNEL, said, SAMPLE_RATE, subtype="PCM_24")
    engines = heard(project, names(project)[0])
    build(project, later=10)
    samples = heard(project, names(project)[0])
    assert likeness(samples, said) > 0.98
    assert likeness(samples, engines) < 0.5
    assert sound.loudness(samples, SAMPLE_RATE) == pytest.approx(sound.TARGET_LUFS, abs=1)


def test_each_pace_has_its_own(project: Path) -> None:
    """A slow recording replaces the slow clip alone; removed, each gives way to the engine's."""
    engines = names(project)
    history = [notes(project)]

    def release(later: int) -> list[str]:
        build(project, later=later)
        history.append(notes(project))
        assert changed(*history[-2:]) == {"terms/kernel": int(EPOCH) + later}
        return names(project)

    (project / SLOW).write_bytes(tone(500, seconds=1.2))
    normal, slow = release(10)
    assert normal == engines[0]
    assert pitch(heard(project, slow)) == pytest.approx(500, abs=5)

    (project / KERNEL).write_bytes(tone(700))
    recorded, still = release(20)
    assert still == slow
    assert pitch(heard(project, recorded)) == pytest.approx(700, abs=5)

    (project / SLOW).unlink()
    assert release(30) == [recorded, engines[1]]
    (project / KERNEL).unlink()
    assert release(40) == engines
    assert history[-1]["terms/kernel"].fields == history[0]["terms/kernel"].fields


def test_a_recording_made_again(project: Path) -> None:
    """Another file under the same name is another clip, and an update; the same file is none."""
    (project / KERNEL).write_bytes(tone(700))
    build(project, later=10)
    before, (old, _) = notes(project), names(project)
    (project / KERNEL).write_bytes(tone(700))
    build(project, later=20)
    assert notes(project) == before
    (project / KERNEL).write_bytes(tone(900))
    build(project, later=30)
    (new, _) = names(project)
    assert new != old
    assert pitch(heard(project, new)) == pytest.approx(900, abs=5)
    assert changed(before, notes(project)) == {"terms/kernel": int(EPOCH) + 30}


def test_a_sentence_is_recorded_too(project: Path) -> None:
    """By the same rule, under its own note type."""
    before = notes(project)
    file = project / "audio/recordings/sentences/kernel-1.text.wav"
    file.parent.mkdir()
    file.write_bytes(tone(600, seconds=2.5))
    build(project, later=10)
    (name,) = names(project, "sentences/kernel-1")
    assert pitch(heard(project, name)) == pytest.approx(600, abs=5)
    # The term plays it as its example.
    new = int(EPOCH) + 10
    assert changed(before, notes(project)) == {"sentences/kernel-1": new, "terms/kernel": new}


def test_a_recording_needs_no_voice(project: Path) -> None:
    """A text that no voice can say can be recorded; unrecorded it is refused."""
    terms = project / "cards/basics/terms.yaml"
    terms.write_text(terms.read_text() + "- {id: nucleus, term: 核, definition: D.}\n")
    said = build(project, later=10, code=1).stderr
    assert "AG402" in said
    for name in ("nucleus.wav", "nucleus.slow.wav"):
        (project / FOLDER / name).write_bytes(tone(800))
    build(project, later=10)
    normal, slow = names(project, "terms/nucleus")
    assert normal != slow
    assert pitch(heard(project, normal)) == pytest.approx(800, abs=5)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (tone(amplitude=0), "in the recording of terms/kernel, only silence is heard"),
        (b"RIFF\x00\x00", "is broken or no recording"),
        (b"", "is broken or no recording"),
        (tone()[:20_000], "breaks off"),
        (tone(seconds=0), "holds no sound"),
        (tone(seconds=121), "is longer than 120 s"),
    ],
    ids=["silent", "broken", "empty", "cut", "no frames", "endless"],
)
def test_what_cannot_be_used(project: Path, data: bytes, message: str) -> None:
    """It ends the build with the file's name; decks and lock stay, and so does what was made."""
    before = decks(project / "dist"), (project / lock.FILE).read_bytes()
    (project / KERNEL).write_bytes(data)
    done = build(project, later=10, code=1)
    assert done.stderr.count("AG403") == 1
    head = next(line for line in done.stderr.splitlines() if "AG403" in line)
    assert head.startswith(f"{KERNEL}: AG403 ")
    assert message in head
    assert "warning" not in head
    assert "  help: " in done.stderr
    assert (decks(project / "dist"), (project / lock.FILE).read_bytes()) == before
    (project / KERNEL).unlink()
    build(project, "--locked", later=20)
    assert decks(project / "dist") == before[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (tone(amplitude=4), "this recording is clipped: "),
        (tone(seconds=20), "this recording lasts 20.0 s, which is too long for its text"),
        (tone(amplitude=0.005), "this recording is very quiet: its peak is at -46 dBFS"),
    ],
    ids=["clipped", "long", "quiet"],
)
def test_what_should_be_heard_again(project: Path, data: bytes, message: str) -> None:
    """The deck is built with it, and each further build says so again, until it is better."""
    (project / KERNEL).write_bytes(data)
    first = build(project, later=10).stderr
    built = decks(project / "dist")
    again = build(project, later=20).stderr
    for said in (first, again):
        assert f"{KERNEL}: AG403 warning: {message}" in said
        assert said.count("AG403") == 1
    assert "no clip was made" in again
    assert decks(project / "dist") == built
    assert pitch(heard(project, names(project)[0])) == pytest.approx(700, abs=5)
    (project / KERNEL).write_bytes(tone())
    assert "AG403" not in build(project, later=30).stderr


def test_a_slow_recording_may_last_longer(project: Path) -> None:
    """What is too long for a text at its normal pace need not be for the slow one."""
    (project / SLOW).write_bytes(tone(seconds=3))
    assert "AG403" not in build(project, later=10).stderr
    (project / KERNEL).write_bytes(tone(seconds=3))
    said = build(project, later=20).stderr
    assert [line.partition(" ")[0] for line in said.splitlines() if "AG403" in line] == [
        f"{KERNEL}:"
    ]


@pytest.mark.parametrize(
    ("file", "message", "hint"),
    [
        (
            f"{FOLDER}/kernal.wav",
            "there is no entry 'terms/kernal', so this recording is not used",
            "did you mean 'terms/kernel'?",
        ),
        (
            "audio/recordings/trems/kernel.wav",
            "there is no entry 'trems/kernel', so this recording is not used",
            "did you mean 'terms/kernel'?",
        ),
        (
            f"{FOLDER}/xyzzy.wav",
            "there is no entry 'terms/xyzzy', so this recording is not used",
            "name it after an entry, or remove it",
        ),
        (
            f"{FOLDER}/kernel.trem.wav",
            "'trem' of terms/kernel is not spoken",
            "did you mean 'term'?",
        ),
        (
            f"{FOLDER}/kernel.definition.wav",
            "'definition' of terms/kernel is not spoken",
            "what is spoken: term",
        ),
    ],
)
def test_what_belongs_to_nothing(project: Path, file: str, message: str, hint: str) -> None:
    """It is told with what may be meant, each time; the decks are as they were."""
    before = decks(project / "dist")
    (project / file).parent.mkdir(exist_ok=True)
    (project / file).write_bytes(tone())
    for later in (10, 20):
        said = build(project, later=later).stderr
        assert f"{file}: AG403 warning: {message}\n  help: {hint}\n" in said
        assert said.count("AG403") == 1
        assert decks(project / "dist") == before


def test_a_recording_of_an_entry_that_left(project: Path) -> None:
    """A warning reminds of the file, the rest is built."""
    (project / FOLDER / "operator-fusion.wav").write_bytes(tone())
    build(project, later=10)
    terms = project / "cards/basics/terms.yaml"
    terms.write_text(SMALL["cards/basics/terms.yaml"].partition("- id: operator-fusion")[0])
    sentences = project / "cards/basics/sentences.yaml"
    sentences.write_text(sentences.read_text().partition("- id: operator-fusion")[0])
    said = build(project, later=20).stderr
    assert "operator-fusion.wav: AG403 warning: there is no entry" in said
    assert notes(project).keys() == {"terms/kernel", "sentences/kernel-1"}


def test_all_at_once(project: Path) -> None:
    """Of many files each one's fault is told in one run, and none hides another."""
    for name in ("kernel.wav", "operator-fusion.wav"):
        (project / FOLDER / name).write_bytes(tone(amplitude=4))
    (project / FOLDER / "nothing.wav").write_bytes(tone())
    (project / FOLDER / "kernel.ogg.txt").write_text("a note of the speaker's")
    said = build(project, later=10).stderr
    assert [line.partition(":")[0] for line in said.splitlines() if "AG403" in line] == [
        f"{FOLDER}/nothing.wav",
        KERNEL,
        f"{FOLDER}/operator-fusion.wav",
    ]


def test_two_recordings_of_one_text(project: Path) -> None:
    """The main text with its key and without is one text; which is meant is asked."""
    before = decks(project / "dist")
    for hertz, name in ((700, "kernel.wav"), (500, "kernel.term.wav")):
        (project / FOLDER / name).write_bytes(tone(hertz))
    said = build(project, later=10, code=1).stderr
    assert said.count("AG403") == 1
    message = f"'{FOLDER}/kernel.term.wav' is a recording of the same text"
    assert f"{KERNEL}: AG403 {message}\n  help: keep one of them\n" in said
    assert decks(project / "dist") == before


def test_a_copy_elsewhere_plays_the_same(project: Path, tmp_path: Path) -> None:
    """A clean clone with the same recordings gives the same bytes."""
    (project / KERNEL).write_bytes(tone())
    build(project, later=10)
    clone = tmp_path / "clone"
    ignored = shutil.ignore_patterns("dist", "clips")
    shutil.copytree(project, clone, ignore=ignored)
    build(clone, "--locked", later=20)
    assert decks(clone / "dist") == decks(project / "dist")
