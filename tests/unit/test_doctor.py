"""What works on this machine."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from ankigen import doctor
from support import ankigen

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ["Python", "YAML", "Packages", "Offline voice", "Project"]


def test_a_machine_that_works(small: Path) -> None:
    """Every part is tried and works, the voice by speaking."""
    found = list(doctor.examine(small))
    assert [(finding.what, finding.ok) for finding in found] == [(part, True) for part in PARTS]
    voice = found[3].said
    assert re.search(r"voice heart: [1-9]\.\d s of sound in .* [\d,]{5,} bytes of MP3", voice)
    assert found[4].said == "Small Course, 1 category"


def test_without_a_project(tmp_path: Path) -> None:
    """A folder without a course is none to complain of, unless a person has named it."""
    finding = list(doctor.examine(tmp_path))[-1]
    assert (finding.ok, finding.said) == (True, "there is none here")
    assert "ankigen init" in finding.hint
    finding = list(doctor.examine(tmp_path, named=True))[-1]
    assert not finding.ok
    assert "there is no ankigen.yaml" in finding.said
    assert "--project" in finding.hint


@pytest.mark.parametrize(
    ("course", "said", "hint"),
    [
        (
            "id: small\nname: Small\ncategories: [basics, gone]\n",
            "ankigen.yaml:3:22: AG303 there is no folder 'cards/gone'",
            "create the folder or remove this line",
        ),
        (
            "nmae: Small\nname: Small\nid: small\n",
            "ankigen.yaml:1:1: AG101 unknown key 'nmae'",
            "did you mean 'name'?",
        ),
        ("nmae: x\n", "ankigen.yaml:1:1: AG101 unknown key 'nmae' (and 2 more: 'ankigen", "did"),
    ],
)
def test_a_project_with_mistakes(small: Path, course: str, said: str, hint: str) -> None:
    """What keeps a build from it is named, with what to do about that."""
    (small / "ankigen.yaml").write_text(course)
    done = ankigen("doctor", "-q", cwd=small)
    assert done.returncode == 2
    assert done.stdout.startswith(f"no  Project: {said}")
    assert f"\n    help: {hint}" in done.stdout


def test_the_voices_of_a_project(small: Path) -> None:
    """Each is tried as a build would; one that another stands in for is no reason to fail."""
    course = (small / "ankigen.yaml").read_text()
    voices = "voices: {british: {engine: google, voice: co.uk}, quick: {speed: 1.5}}\n"
    (small / "ankigen.yaml").write_text(course + voices)
    google, quick = list(doctor.examine(small))[-2:]
    assert (google.what, google.ok) == ("Voice 'british'", True)
    assert "where the network is there" in google.said
    assert (quick.what, quick.ok) == ("Voice 'quick'", True)
    assert "s of sound in" in quick.said
    for fallback, status in (("", 2), (", fallback: default", 0)):
        voices = f"voices: {{mine: {{voice: hart{fallback}}}}}\n"
        (small / "ankigen.yaml").write_text(course + voices)
        done = ankigen("doctor", "-q", cwd=small)
        assert done.returncode == status
        assert done.stdout == (
            "no  Voice 'mine': the engine hibari has no voice 'hart' offline\n"
            "    help: choose heart\n"
        )


@pytest.mark.parametrize(
    ("module", "part", "hint"),
    [
        ("yaml", "YAML", "reinstall pyyaml"),
        ("genanki", "Packages", "reinstall genanki"),
        ("hibari", "Offline voice", "reinstall hibari-tts"),
        ("lameenc", "Offline voice", "reinstall hibari-tts, lameenc"),
    ],
)
def test_a_part_that_is_missing(small: Path, module: str, part: str, hint: str) -> None:
    """What cannot be loaded is named with what to do, and the exit code tells a script."""
    (small / f"{module}.py").write_text("raise ImportError('broken on purpose')\n")
    done = ankigen("doctor", cwd=small, env={"PYTHONPATH": str(small)})
    assert done.returncode == 2
    assert re.search(
        rf"^no  {part}: ImportError: broken on purpose\n    help: {hint}", done.stdout, re.MULTILINE
    )
    assert "Traceback" not in done.stderr
    assert f"ok  Python: {sys.version_info[0]}.{sys.version_info[1]}" in done.stdout


def test_an_output_that_cannot_be_written(small: Path) -> None:
    """A folder that refuses files is found before a build fails."""
    finding = list(doctor.examine(small, small / "missing/folder"))[-1]
    assert not finding.ok
    assert "cannot be written" in finding.said


def test_quiet(tmp_path: Path) -> None:
    """Quiet says only what is wrong."""
    done = ankigen("doctor", "-q", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    done = ankigen("doctor", "-q", "--project", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.startswith("no  Project: ")
