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
    """A folder without a course leaves the machine usable and says what to do."""
    finding = list(doctor.examine(tmp_path))[-1]
    assert not finding.ok
    assert "there is no ankigen.yaml" in finding.said
    assert "--project" in finding.hint
    assert doctor.usable(finding)


def test_a_project_with_mistakes(small: Path) -> None:
    """Mistakes are counted or named; the build will place them."""
    (small / "ankigen.yaml").write_text("id: small\nname: Small\ncategories: [basics, gone]\n")
    finding = list(doctor.examine(small))[-1]
    assert (finding.ok, finding.said.split(",")[2]) == (True, " 1 problems: run 'ankigen build'")
    (small / "ankigen.yaml").write_text("nmae: Small\n")
    finding = list(doctor.examine(small))[-1]
    assert not finding.ok
    assert "ankigen.yaml:1:1: AG101" in finding.said


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
    assert done.returncode == 0
    assert done.stdout.startswith("no  Project: ")
