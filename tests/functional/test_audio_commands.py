"""``ankigen audio``: listing, making, tidying, recording, each as a person runs it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from support import SMALL, ankigen, write_project

if TYPE_CHECKING:
    from pathlib import Path

TERM_CLIPS, SENTENCE_CLIPS = 4, 2
CLIPS = TERM_CLIPS + SENTENCE_CLIPS

TWO = {
    **SMALL,
    "ankigen.yaml": "id: small\nname: Small Course\ncategories: [more, basics]\n",
    "cards/more/category.yaml": "name: More\n",
    "cards/more/terms.yaml": "- {id: core, term: kernel, definition: The middle of it.}\n",
}
"""Two decks that play the same two clips of one word."""

BROKEN = {
    "cards/basics/sentences.yaml": "- {id: kernel-1, terms: [colonel], text: A kernel runs.}\n"
}

STAND_IN = {
    **SMALL,
    "ankigen.yaml": (
        "id: small\nname: Small Course\ncategories: [basics]\n"
        "voices:\n  default: {engine: google, voice: co.uk, fallback: plain}\n"
        "  plain: {engine: hibari, voice: heart}\n"
    ),
}
"""A course whose voice needs the network."""


def listed(root: Path, *options: str) -> list[dict[str, Any]]:
    """What ``audio list --json`` prints."""
    done = ankigen("audio", "list", "--json", *options, cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


def said(*arguments: str | Path, cwd: Path, code: int = 0) -> tuple[str, str]:
    """What ``ankigen audio`` prints to stdout and stderr, if it ends as it should."""
    done = ankigen("audio", *arguments, cwd=cwd)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def files(root: Path) -> dict[str, bytes]:
    """Every file of a project but the tool's own caches."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def clips(root: Path) -> dict[str, tuple[int, int]]:
    """The sounds of the store, and which file each one is since when."""
    paths = (root / "audio" / "clips").glob("*.mp3")
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}


def tone(path: Path, hertz: float = 440.0, seconds: float = 1.2, amplitude: float = 0.5) -> Path:
    """Write a sine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(round(48_000 * seconds)) / 48_000
    soundfile.write(path, amplitude * np.sin(2 * np.pi * hertz * time), 48_000)
    return path


def pitch(data: bytes) -> float:
    """Hz of the strongest partial of a clip."""
    samples, rate = soundfile.read(io.BytesIO(data))
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples))


def test_list_before_anything_is_made(small: Path) -> None:
    """All are missing, and a look changes nothing."""
    before = files(small)
    text, _ = said("list", cwd=small)
    assert text.count("\nmissing ") == CLIPS
    assert f"\n{CLIPS} clips: 0 made, {CLIPS} missing; 0.0 minutes, 0 kB.\n" in text
    assert [(c["used"], c["text"], c["speed"], c["made"], c["bytes"]) for c in listed(small)] == [
        (["terms/kernel"], "kernel", 1.0, False, None),
        (["terms/kernel"], "kernel", 0.7, False, None),
        (
            ["terms/kernel", "sentences/kernel-1"],
            "Each kernel reads its own tile.",
            1.0,
            False,
            None,
        ),
        (["terms/operator-fusion"], "operator fusion", 1.0, False, None),
        (["terms/operator-fusion"], "operator fusion", 0.7, False, None),
        (
            ["terms/operator-fusion", "sentences/operator-fusion-1"],
            "Does operator fusion still fire for this kernel?",
            1.0,
            False,
            None,
        ),
    ]
    assert files(small) == before


def test_list_after_a_build(built: Path) -> None:
    """Lengths and sizes are those of the files, and nothing is missing but what is then lost."""
    found = listed(built)
    folder = built / "audio" / "clips"
    for clip in found:
        path = folder / clip["file"]
        assert clip["bytes"] == path.stat().st_size
        assert 0 <= soundfile.info(path).duration - clip["seconds"] < 0.15
    text, _ = said("list", cwd=built)
    seconds = sum(clip["seconds"] for clip in found)
    size = sum(clip["bytes"] for clip in found)
    total = (
        f"{CLIPS} clips: {CLIPS} made, 0 missing; {seconds / 60:.1f} minutes, {size / 1e3:.0f} kB."
    )
    assert text.splitlines()[-1] == total
    assert listed(built, "--missing") == []
    (folder / found[2]["file"]).unlink()
    assert [clip["file"] for clip in listed(built, "--missing")] == [found[2]["file"]]
    text, _ = said("list", "--missing", cwd=built)
    assert text.splitlines()[-1] == "1 clip: 0 made, 1 missing; 0.0 minutes, 0 kB."


def test_make_and_then_build(tmp_path: Path) -> None:
    """Each is made once, over all decks; no deck and no lock is written; a build makes none."""
    root = write_project(tmp_path / "two", TWO)
    before = files(root)
    assert f"{CLIPS} clips made" in said("make", "basics", "--jobs", "2", "--offline", cwd=root)[1]
    made = clips(root)
    assert len(made) == CLIPS
    assert {name for name in files(root) if not name.startswith("audio/clips/")} == before.keys()

    assert f"no clip was made, {CLIPS} reused" in said("make", cwd=root)[1]
    assert clips(root) == made
    found = listed(root)
    assert len(found) == CLIPS
    assert found[0]["used"] == ["terms/core", "terms/kernel"]
    done = ankigen("build", "--json", cwd=root)
    assert done.returncode == 0, done.stderr
    audio = json.loads(done.stdout)["audio"]
    assert (audio["made"], audio["reused"]) == (0, CLIPS)
    assert audio["seconds"] == pytest.approx(sum(clip["seconds"] for clip in found), abs=0.01)
    assert clips(root) == made


def test_make_of_a_category(tmp_path: Path) -> None:
    """Only its clips are made; the rest follow when they are asked for."""
    root = write_project(tmp_path / "two", TWO)
    assert "2 clips made," in said("make", "more", cwd=root)[1]
    assert [clip["text"] for clip in listed(root) if clip["made"]] == ["kernel", "kernel"]
    first = clips(root)
    assert f"{CLIPS - 2} clips made, 2 reused" in said("make", "-v", cwd=root)[1]
    assert first.items() <= clips(root).items()
    assert listed(root, "--missing") == []


def test_make_offline_with_an_online_voice(tmp_path: Path) -> None:
    """Another voice stands in and says so; without one nothing is made."""
    root = write_project(tmp_path / "stand-in", STAND_IN)
    _, told = said("make", "--offline", cwd=root)
    assert "'plain' stands in for 'default' in 6 of the clips" in told
    assert len(clips(root)) == CLIPS
    found = listed(root)
    assert {clip["file"] for clip in found} == clips(root).keys()
    assert {(clip["engine"], clip["made"]) for clip in found} == {("hibari", True)}
    assert listed(root, "--missing") == []
    text, _ = said("list", cwd=root)
    assert f"\n{CLIPS} clips: {CLIPS} made, 0 missing; " in text
    assert "Every clip is in use." in said("prune", cwd=root)[1]
    assert len(clips(root)) == CLIPS
    alone = STAND_IN["ankigen.yaml"].replace(", fallback: plain", "")
    write_project(root, {"ankigen.yaml": alone})
    _, told = said("make", "--offline", cwd=root, code=2)
    assert "needs the network" in told


def test_prune_after_an_edit(built: Path) -> None:
    """Exactly what the edit left over goes; other people's files stay, and a build makes little."""
    mine = {
        "audio/clips/mine.mp3": b"mine",
        "audio/clips/notes.txt": b"mine",
        "audio/recordings/README.txt": b"mine",
    }
    recording = tone(built / "audio/recordings/terms/kernel.wav").read_bytes()
    write_project(built, mine)
    before = listed(built)
    gone = {clip["file"] for clip in before if clip["used"] == ["terms/operator-fusion"]}
    gone |= {n for n in clips(built) if n not in {clip["file"] for clip in before}} - {"mine.mp3"}
    assert len(gone) == 3  # both paces of the edited term, and the voice's take of the recorded one
    terms = SMALL["cards/basics/terms.yaml"].replace("operator fusion", "kernel fusion")
    sentences = SMALL["cards/basics/sentences.yaml"].replace("operator fusion", "{operator fusion}")
    write_project(
        built, {"cards/basics/terms.yaml": terms, "cards/basics/sentences.yaml": sentences}
    )
    all_of_them = clips(built)

    out, told = said("prune", "--dry-run", cwd=built)
    assert out.splitlines() == sorted(gone)
    assert told.startswith("Would remove 3 clips that no entry uses (")
    assert clips(built) == all_of_them

    out, told = said("prune", cwd=built)
    assert out == ""
    assert told.startswith("Removed 3 clips that no entry uses (")
    assert clips(built) == {n: stat for n, stat in all_of_them.items() if n not in gone}
    assert mine.items() <= files(built).items()
    assert (built / "audio/recordings/terms/kernel.wav").read_bytes() == recording
    manifest = (built / "audio/clips/manifest.jsonl").read_text().splitlines()
    names = [json.loads(line)["name"] for line in manifest]
    assert names == sorted(clips(built).keys() - {"mine.mp3"})

    assert said("prune", cwd=built) == ("", "Every clip is in use.\n")
    assert "3 clips made, 3 reused" in said("make", cwd=built)[1]


def test_broken_sources(built: Path, tmp_path: Path) -> None:
    """Each command says where the mistake is, and neither removes nor writes anything."""
    write_project(built, {**BROKEN, "audio/clips/kernel-0123456789ab.mp3": b"unused"})
    before = files(built)
    take = tone(tmp_path / "kernel.wav")
    for command in (
        ["list"],
        ["make"],
        ["prune"],
        ["export-script", "--output", str(tmp_path / "script.csv")],
        ["import-recordings", str(take)],
    ):
        out, told = said(*command, cwd=built, code=1)
        assert out == ""
        assert "cards/basics/sentences.yaml:1:" in told
        assert "AG202" in told
    assert files(built) == before
    assert not (tmp_path / "script.csv").exists()


@pytest.mark.parametrize(
    "command",
    [["list"], ["make"], ["prune"], ["export-script"], ["import-recordings", "kernel.wav"]],
    ids=lambda command: command[0],
)
def test_outside_a_project(tmp_path: Path, command: list[str]) -> None:
    """There is nothing to do, and the message says what to do."""
    tone(tmp_path / "kernel.wav")
    out, told = said(*command, cwd=tmp_path, code=2)
    assert out == ""
    assert "there is no ankigen.yaml" in told
    assert "--project" in told
    assert set(files(tmp_path)) == {"kernel.wav"}


@pytest.mark.parametrize(
    "command",
    [
        ["make", "basic"],
        ["make", "--jobs", "0"],
        ["import-recordings"],
        ["import-recordings", "gone.wav"],
        ["import-recordings", "ankigen.yaml", "--script", "gone.csv"],
        ["export-script", "--output", "cards"],
    ],
    ids=" ".join,
)
def test_wrong_usage(small: Path, command: list[str]) -> None:
    """It is told apart from mistakes in the sources."""
    before = files(small)
    _, told = said(*command, cwd=small, code=2)
    assert told
    assert files(small) == before


def test_export_script(small: Path, tmp_path: Path) -> None:
    """The same rows on stdout and in a file that Excel reads as UTF-8; numbers stay."""
    terms = '- {id: opt, term: "-O3 naïve", definition: An option.}\n'
    write_project(small, {"cards/basics/terms.yaml": terms + SMALL["cards/basics/terms.yaml"]})
    out, _ = said("export-script", cwd=small)
    path = tmp_path / "new" / "script.csv"
    _, told = said("export-script", "--output", path, cwd=small)
    assert "8 texts to record" in told
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfnumber,file,text,said,pace,entry\r\n")
    assert data.decode("utf-8-sig").splitlines() == out.splitlines()

    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 9)]
    assert (rows[0]["file"], rows[0]["text"]) == ("terms/opt.wav", "'-O3 naïve")

    tone(small / "audio/recordings" / rows[2]["file"])
    left, _ = said("export-script", cwd=small)
    assert left.splitlines() == [line for line in out.splitlines() if line[:2] != "3,"]
    assert said("export-script", "--all", cwd=small)[0] == out


def test_import_takes_what_it_can(small: Path, tmp_path: Path) -> None:
    """Exit 1 if any was not taken; the others are in their places all the same."""
    takes = tmp_path / "takes"
    good = tone(takes / "Operator fusion.wav")
    tone(takes / "kernel.slow.wav", amplitude=4.0)
    tone(takes / "oprator fusion slow.wav")
    (takes / "kernel.wav").write_bytes(b"no sound")
    before = files(small)
    out, _ = said("import-recordings", takes, "--dry-run", cwd=small, code=1)
    assert files(small) == before
    assert "Would take 2 of 4 recordings." in out
    assert (
        said("import-recordings", takes, cwd=small, code=1)[0].splitlines()[:-1]
        == (out.splitlines()[:-1])
    )
    assert f"{good} → audio/recordings/terms/operator-fusion.wav" in out
    assert "warning: it is clipped" in out
    assert "kernel.wav: not taken: kernel.wav is broken or no recording" in out
    assert "help: did you mean 'terms/operator-fusion.slow'?" in out
    new = files(small).keys() - before.keys()
    assert new == {
        "audio/recordings/terms/operator-fusion.wav",
        "audio/recordings/terms/kernel.slow.wav",
    }


def test_import_again(small: Path, tmp_path: Path) -> None:
    """What is there stays unless it is to be replaced, in whatever format."""
    tone(tmp_path / "old" / "kernel.flac")
    new = tone(tmp_path / "kernel.wav", 300)
    said("import-recordings", tmp_path / "old", cwd=small)
    before = files(small)
    out, _ = said("import-recordings", new, cwd=small, code=1)
    assert "there is audio/recordings/terms/kernel.flac already" in out
    assert "--replace" in out
    assert files(small) == before
    said("import-recordings", new, "--replace", cwd=small)
    recordings = {n: data for n, data in files(small).items() if n.startswith("audio/recordings/")}
    assert recordings == {"audio/recordings/terms/kernel.wav": new.read_bytes()}


def test_from_the_sheet_to_the_decks(tmp_path: Path) -> None:
    """Every text recorded by its number is heard in the decks, and no voice speaks instead."""
    root = write_project(tmp_path / "small")
    sheet = tmp_path / "script.csv"
    said("export-script", "--output", sheet, cwd=root)
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"), newline="")))
    hertz = {row["file"]: 300.0 + 70 * int(row["number"]) for row in rows}
    for row in rows:
        seconds = 3.0 if row["entry"].startswith("sentences/") else 1.2
        tone(tmp_path / "takes" / f"{int(row['number']):03}.wav", hertz[row["file"]], seconds)
    out, _ = said("import-recordings", tmp_path / "takes", "--script", sheet, cwd=root)
    assert f"Took {CLIPS} of {CLIPS} recordings." in out
    assert "warning" not in out
    assert said("export-script", cwd=root)[0] == "number,file,text,said,pace,entry\n"

    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    found = listed(root)
    assert {(clip["engine"], clip["made"]) for clip in found} == {("recordings", True)}
    of_terms = [clip for clip in found if clip["voice"].startswith("audio/recordings/terms/")]
    assert len(of_terms) == TERM_CLIPS
    with zipfile.ZipFile(root / "dist" / "small.apkg") as package:
        media = {name: package.read(n) for n, name in json.loads(package.read("media")).items()}
    assert media.keys() == {clip["file"] for clip in found}
    for clip in found:
        recorded = clip["voice"].removeprefix("audio/recordings/")
        assert pitch(media[clip["file"]]) == pytest.approx(hertz[recorded], abs=3), recorded


def test_recording_that_is_removed_again(built: Path, tmp_path: Path) -> None:
    """The voice speaks again with the clip that it had, and what was recorded can be pruned."""
    before = clips(built)
    said("import-recordings", tone(tmp_path / "kernel.wav"), cwd=built)
    assert "1 clip made, 5 reused" in said("make", cwd=built)[1]
    shutil.rmtree(built / "audio" / "recordings")
    assert listed(built, "--missing") == []
    assert said("prune", cwd=built)[1].startswith("Removed 1 clip that no entry uses")
    assert clips(built) == before
