"""Finding which text each recording is of that a person brings, and taking it in."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from ankigen import script
from ankigen.diagnostics import Code, SourceError
from ankigen.script import Taken, _numbers
from ankigen.speech.recordings import FOLDER
from recordable import COURSE, FILES, TERMS
from support import write_project


def tone(path: Path, seconds: float = 1.0, amplitude: float = 0.5, kind: str | None = None) -> Path:
    """Write a sine of 440 Hz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(round(48_000 * seconds)) / 48_000
    soundfile.write(path, amplitude * np.sin(2 * np.pi * 440 * time), 48_000, format=kind)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of two categories."""
    return write_project(tmp_path / "course", COURSE)


@pytest.fixture
def takes(tmp_path: Path) -> Path:
    """Where a person keeps what they have recorded."""
    (tmp_path / "takes").mkdir()
    return tmp_path / "takes"


@pytest.fixture
def sheet(root: Path, tmp_path: Path) -> Path:
    """The sheet that they read from."""
    path = tmp_path / "script.csv"
    path.write_text(script.sheet(script.rows(root, everything=True)), "utf-8-sig", newline="")
    return path


def recorded(root: Path) -> set[str]:
    """The recordings of a project, relative to their folder."""
    folder = root / FOLDER
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def everything_else(root: Path) -> dict[str, bytes]:
    """All other files around a project, but the caches of its clips."""
    return {
        str(path): path.read_bytes()
        for path in root.parent.rglob("*")
        if path.is_file() and not path.is_relative_to(root / "audio")
    }


MATCHES = [
    ("terms/kernel.wav", "terms/kernel"),
    ("terms/kernel.slow.wav", "terms/kernel.slow"),
    ("Terms/Kernel.WAV", "terms/kernel"),
    ("sentences/kernel-1.wav", "sentences/kernel-1"),
    ("kernel-1.wav", "sentences/kernel-1"),
    ("operator-fusion.wav", "terms/operator-fusion"),
    ("operator_fusion.flac", "terms/operator-fusion"),
    ("operator-fusion.slow.wav", "terms/operator-fusion.slow"),
    ("operator-fusion-slow.wav", "terms/operator-fusion.slow"),
    ("Operator fusion.wav", "terms/operator-fusion"),
    ("Operator fusion slow.wav", "terms/operator-fusion.slow"),
    ("OPERATOR FUSION (slow).wav", "terms/operator-fusion.slow"),
    ("core.wav", "terms/core"),
    ("CUDA.ogg", "terms/cuda"),
    ("Each kernel reads its own tile.wav", "sentences/kernel-1"),
    ("Does operator fusion still fire for this kernel.mp3", "sentences/operator-fusion-1"),
    ("deep/down/Cuda.wav", "terms/cuda"),
]
"""Files as people name them, and whose recordings they are; "kernel" is the text of two."""


@pytest.mark.parametrize(("name", "file"), MATCHES)
def test_match_by_name(root: Path, takes: Path, name: str, file: str) -> None:
    """By entry, by id, or by text, whatever the case and the signs, slow or not."""
    source = tone(takes / name)
    data = source.read_bytes()
    suffix = source.suffix.lower()
    taken = script.take_in(root, [source])
    assert [(one.file, one.problem) for one in taken] == [(f"{FOLDER}/{file}{suffix}", "")]
    assert recorded(root) == {f"{file}{suffix}"}
    assert (root / FOLDER / f"{file}{suffix}").read_bytes() == data
    assert source.read_bytes() == data


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("1.wav", "terms/cuda"),
        ("2.wav", "terms/cuda.slow"),
        ("007.wav", "sentences/kernel-1"),
        ("10.wav", "sentences/operator-fusion-1"),
        ("08 operator fusion.wav", "terms/operator-fusion"),
        ("09-whatever.mp3", "terms/operator-fusion.slow"),
        ("003_take 2.wav", "terms/core"),
        ("5 kernel.flac", "terms/kernel"),
        ("core.wav", "terms/core"),
    ],
)
def test_match_by_number(root: Path, takes: Path, sheet: Path, name: str, file: str) -> None:
    """With the sheet, the number at the start counts; a file without one goes by its name."""
    [taken] = script.take_in(root, [tone(takes / name)], sheet)
    assert (taken.file.rpartition(".")[0], taken.problem) == (f"{FOLDER}/{file}", "")


def test_the_sheet_counts_not_the_course(root: Path, takes: Path, sheet: Path) -> None:
    """Numbers stay those of the sheet that was read from, whatever has been added since."""
    more = "- {id: tile, term: tile, definition: A part.}\n"
    write_project(root, {"cards/more/terms.yaml": more + COURSE["cards/more/terms.yaml"]})
    [taken] = script.take_in(root, [tone(takes / "3.wav")], sheet)
    assert taken.file == f"{TERMS}/core.wav"


def test_number_without_a_sheet(root: Path, takes: Path) -> None:
    """Whose number it is nobody knows."""
    [taken] = script.take_in(root, [tone(takes / "3.wav")])
    assert taken.problem == "no text has this name"
    assert taken.hint
    assert recorded(root) == set()


@pytest.mark.parametrize("name", ["0.wav", "11.wav", "123456789012345678901234567890.wav"])
def test_number_that_the_sheet_lacks(root: Path, takes: Path, sheet: Path, name: str) -> None:
    """It is not taken for another."""
    [taken] = script.take_in(root, [tone(takes / name)], sheet)
    assert "no text of the number" in taken.problem
    assert recorded(root) == set()


def test_name_that_begins_with_a_number(root: Path, takes: Path, sheet: Path) -> None:
    """A text or an id may; it is not the sheet's number then."""
    more = "- {id: 3-pass, term: 3-pass compiler, definition: Goes over it thrice.}\n"
    write_project(root, {"cards/more/terms.yaml": COURSE["cards/more/terms.yaml"] + more})
    [taken] = script.take_in(root, [tone(takes / "3-pass compiler.wav")], sheet)
    assert taken.file == f"{TERMS}/3-pass.wav"


def test_ambiguous_name(root: Path, takes: Path) -> None:
    """The text of two entries tells neither; the message names both, the hint a name that does."""
    source = tone(takes / "Kernel slow.wav")
    [taken] = script.take_in(root, [source])
    assert taken.problem == "it may be of terms/core.slow, terms/kernel.slow"
    name = taken.hint.removeprefix("name it ")
    assert recorded(root) == set()
    (takes / name).parent.mkdir()
    [again] = script.take_in(root, [source.rename(takes / name)])
    assert (again.file, again.problem) == (f"{FOLDER}/{name}", "")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("oprator fusion.wav", "terms/operator-fusion"),
        ("operator-fussion.slow.wav", "terms/operator-fusion.slow"),
        ("kernal-1.wav", "sentences/kernel-1"),
        ("cudda.wav", "terms/cuda"),
        ("does operator fusion still fire heer.wav", "sentences/operator-fusion-1"),
    ],
)
def test_unknown_name(root: Path, takes: Path, name: str, nearest: str) -> None:
    """The nearest is named, and nothing is guessed."""
    [taken] = script.take_in(root, [tone(takes / name)])
    assert (taken.file, taken.problem) == ("", "no text has this name")
    assert recorded(root) == set()
    assert nearest in taken.hint


def test_two_files_for_one_text(root: Path, takes: Path) -> None:
    """The first is taken, the other is refused and named with it."""
    for name in ("core.wav", "terms-core.flac"):
        tone(takes / name)
    first, second = script.take_in(root, [takes])
    assert (first.file, first.problem) == (f"{TERMS}/core.wav", "")
    assert (second.source.name, second.problem) == (
        "terms-core.flac",
        "'core.wav' is of the same text",
    )
    assert recorded(root) == {"terms/core.wav"}


def test_broken_file_does_not_stand_in_the_way(root: Path, takes: Path) -> None:
    """Of two files for one text the one that can be used is taken."""
    (takes / "core.flac").write_bytes(b"no sound")
    tone(takes / "core.wav")
    broken, good = script.take_in(root, [takes])
    assert "broken" in broken.problem
    assert (good.file, good.problem) == (f"{TERMS}/core.wav", "")


def test_one_file_named_twice(root: Path, takes: Path) -> None:
    """A file and its folder: it is one recording, and taken."""
    source = tone(takes / "core.wav")
    taken = script.take_in(root, [takes, source])
    assert {one.problem for one in taken} == {""}


@pytest.mark.parametrize(
    "there",
    [
        "core.wav",
        "core.flac",
        "core.WAV",
        "core.term.wav",
    ],
)
def test_what_is_there_is_kept(root: Path, takes: Path, there: str) -> None:
    """An older recording of the text, in any format, is replaced only if that is asked for."""
    old = tone(root / TERMS / there, 0.5).read_bytes()
    source = tone(takes / "core.wav")
    [taken] = script.take_in(root, [source])
    assert taken.problem == f"there is {TERMS}/{there} already"
    assert "--replace" in taken.hint
    assert recorded(root) == {f"terms/{there}"}
    assert (root / TERMS / there).read_bytes() == old

    [taken] = script.take_in(root, [source], overwrite=True)
    assert (taken.file, taken.problem) == (f"{TERMS}/core.wav", "")
    assert recorded(root) == {"terms/core.wav"}
    assert (root / TERMS / "core.wav").read_bytes() == source.read_bytes()


def test_slow_and_normal_do_not_replace_each_other(root: Path, takes: Path) -> None:
    """They are two texts to record."""
    slow = tone(root / TERMS / "core.slow.wav").read_bytes()
    [taken] = script.take_in(root, [tone(takes / "core.wav")], overwrite=True)
    assert taken.problem == ""
    assert (root / TERMS / "core.slow.wav").read_bytes() == slow


def test_dry_run_copies_nothing(root: Path, takes: Path) -> None:
    """It says the same as the real one that follows."""
    tone(root / TERMS / "cuda.flac")
    for name in ("core.wav", "cuda.wav", "kernel.wav", "xyz.wav"):
        tone(takes / name)
    (takes / "operator fusion.wav").write_bytes(b"no sound")
    for overwrite in (False, True):
        before = recorded(root)
        said = script.take_in(root, [takes], overwrite=overwrite, dry_run=True)
        assert recorded(root) == before == {"terms/cuda.flac"}
        (takes / "core.wav").touch()
        if overwrite:
            assert script.take_in(root, [takes], overwrite=overwrite) == said
    assert recorded(root) == {"terms/core.wav", "terms/cuda.wav"}


M4A = b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0"
REFUSED = {
    "empty": (b"", "broken or no recording"),
    "text": (b"RIFF of old was music", "broken or no recording"),
    "m4a": (M4A, "broken or no recording"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "Git LFS"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_recording(root: Path, takes: Path, case: str) -> None:
    """It is refused with what to do; what was there stays, even if it was to be replaced."""
    data, problem = REFUSED[case]
    old = tone(root / TERMS / "core.wav").read_bytes()
    source = takes / "core.wav"
    source.write_bytes(data)
    [taken] = script.take_in(root, [source], overwrite=True)
    assert problem in taken.problem
    assert taken.hint
    assert recorded(root) == {"terms/core.wav"}
    assert (root / TERMS / "core.wav").read_bytes() == old


def test_torn_recording(root: Path, takes: Path) -> None:
    """A file that was not copied whole is refused."""
    source = tone(takes / "core.wav")
    source.write_bytes(source.read_bytes()[:-20_000])
    [taken] = script.take_in(root, [source])
    assert "breaks off" in taken.problem
    assert recorded(root) == set()


@pytest.mark.parametrize("amplitude", [0.0, 1e-5])
def test_silent_recording(root: Path, takes: Path, amplitude: float) -> None:
    """A muted microphone's file is refused, and replaces nothing."""
    old = tone(root / TERMS / "core.wav").read_bytes()
    [taken] = script.take_in(root, [tone(takes / "core.wav", 1.0, amplitude)], overwrite=True)
    assert "silen" in taken.problem
    assert (root / TERMS / "core.wav").read_bytes() == old


@pytest.mark.parametrize(
    ("seconds", "amplitude", "flaw"),
    [
        (1.0, 0.5, ""),
        (1.0, 5.0, "is clipped"),
        (1.0, 0.01, "is very quiet"),
        (0.05, 0.5, "too short for its text"),
        (9.0, 0.5, "too long for its text"),
    ],
)
def test_doubtful_recording(
    root: Path, takes: Path, seconds: float, amplitude: float, flaw: str
) -> None:
    """It is taken, but a person is told to listen to it."""
    [taken] = script.take_in(root, [tone(takes / "core.wav", seconds, amplitude)])
    assert taken.problem == ""
    assert (flaw in taken.flaw) if flaw else not taken.flaw
    assert recorded(root) == {"terms/core.wav"}


def test_slow_recording_may_take_longer(root: Path, takes: Path) -> None:
    """What is too long at the usual pace is not when it is to be slow."""
    for name in ("core.wav", "core.slow.wav"):
        tone(takes / name, 3.0)
    flaws = {one.source.name: one.flaw for one in script.take_in(root, [takes])}
    assert "too long" in flaws["core.wav"]
    assert flaws["core.slow.wav"] == ""


def test_recording_that_has_gone(root: Path, takes: Path) -> None:
    """The reason is the system's."""
    [taken] = script.take_in(root, [takes / "core.wav"])
    assert taken.problem == "it cannot be read: No such file or directory"


def test_folder_holds_other_things(root: Path, takes: Path) -> None:
    """Of a folder, and those in it, people's notes are passed over."""
    for name in ("notes.txt", "README", "script.CSV"):
        (takes / name).write_text("core")
    (takes / "x.wav").mkdir()
    tone(takes / "day 2" / "core.wav")
    assert [one.source.name for one in script.take_in(root, [takes])] == ["core.wav"]


@pytest.mark.parametrize("name", ["core.m4a", "core.M4A", "core.wav.part", "core"])
def test_formats_that_are_not_read(root: Path, takes: Path, name: str) -> None:
    """Each such file is refused by its suffix, in a folder and by name, with what to do."""
    old = tone(root / TERMS / "core.flac").read_bytes()
    (takes / name).write_bytes(M4A)
    for sources in ([takes], [takes / name]):
        [taken] = script.take_in(root, sources, overwrite=True)
        assert taken.problem == "only WAV, FLAC, OGG and MP3 files are read"
        assert taken.hint == "save it as WAV"
    assert recorded(root) == {"terms/core.flac"}
    assert (root / TERMS / "core.flac").read_bytes() == old


def test_folder_from_a_mac(root: Path, takes: Path) -> None:
    """Hidden companions of files, as macOS leaves them on memory sticks, are passed over."""
    (takes / "._core.wav").write_bytes(b"\0\x05\x16\x07\0\x02\0\0Mac OS X")
    tone(takes / "core.wav")
    assert [one.source.name for one in script.take_in(root, [takes])] == ["core.wav"]


HOSTILE = [
    "../../evil.wav",
    "/evil.wav",
    "terms/../../../evil.wav",
    "../../cards/basics/terms.wav",
    "terms/kernel/../../evil.wav",
    "C:\\evil.wav",
    "..",
    "",
    "terms/nobody.wav",
    "terms/kernel.wav/evil.wav",
    "\x00.wav",
    "~/evil.wav",
]


@pytest.mark.parametrize("file", HOSTILE)
def test_hostile_sheet(root: Path, takes: Path, tmp_path: Path, file: str) -> None:
    """It can only choose among the course's texts; nothing is written anywhere else."""
    text = io.StringIO()
    csv.writer(text).writerows([["number", "file"], ["1", file], ["2", "terms/core.wav"]])
    sheet = tmp_path / "hostile.csv"
    sheet.write_text(text.getvalue(), newline="")
    for number in (1, 2):
        tone(takes / f"{number}.wav")
    before = everything_else(root)
    first, second = script.take_in(root, [takes], sheet, overwrite=True)
    assert (first.file, first.problem) == ("", "the sheet has no text of the number 1")
    assert (second.file, second.problem) == (f"{TERMS}/core.wav", "")
    assert recorded(root) == {"terms/core.wav"}
    assert everything_else(root) == before


@pytest.mark.parametrize("link", [FOLDER, TERMS])
def test_recordings_linked_to_elsewhere(root: Path, takes: Path, tmp_path: Path, link: str) -> None:
    """Nothing is written through a link that leads out of the project."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside)
    with pytest.raises(SourceError) as raised:
        script.take_in(root, [tone(takes / "core.wav")])
    assert {d.code for d in raised.value.diagnostics} == {Code.OUTSIDE}
    assert list(outside.iterdir()) == []


NAMES = st.text(
    st.sampled_from("kernel1 0.-_/CUDAslow\u202eé") | st.characters(codec="utf-8"), max_size=12
).filter(lambda name: not re.search(r"[/\x00]", name) and name not in (".", ".."))


def test_any_name_is_a_text_or_none(root: Path, sheet: Path) -> None:
    """Finding a file's text never fails, and gives one of the course's."""
    index = script._Index(script.rows(root, everything=True), _numbers(sheet))  # noqa: SLF001

    @given(NAMES, NAMES)
    def finds(folder: str, stem: str) -> None:
        found = index.find(Path("x") / folder / f"{stem}.wav")
        if isinstance(found, Taken):
            assert found.problem
            assert found.hint
        else:
            assert found.file in FILES

    finds()
