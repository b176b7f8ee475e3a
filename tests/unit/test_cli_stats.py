"""``ankigen stats`` as a person or a script meets it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from support import SMALL, ankigen, write_project

if TYPE_CHECKING:
    from pathlib import Path


def test_text(small: Path) -> None:
    """Totals, tables and what is thin, without colour, within 80 columns, on stdout."""
    done = ankigen("stats", cwd=small)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Small Course"
    assert re.fullmatch(r"4 notes, 8 cards, 6 clips, ≈0\.\d minutes of sound", lines[1])
    assert re.search(r"^basics +4 +8 +100% +6 +≈0\.\d$", done.stdout, re.MULTILINE)
    assert re.search(r"^basics +sentences 2, terms 2$", done.stdout, re.MULTILINE)
    assert re.search(r"^fusion +1 +1$", done.stdout, re.MULTILINE)
    assert "terms with fewer than two sentences: 1 of 2\n  operator-fusion (1)" in done.stdout
    assert lines[-1] == "≈ with an estimate for the 6 clips not made yet"
    assert "\x1b" not in done.stdout
    assert "Forecast" not in done.stdout


@pytest.mark.parametrize("name", ["x" * 80, "\u202eturned"])
def test_long_and_hostile_names(tmp_path: Path, name: str) -> None:
    """Names of any length fit, and move no cursor."""
    long = "a" * 80
    files = {
        "ankigen.yaml": f'id: small\nname: "{name}"\n',
        f"cards/{long}/category.yaml": "name: A\n",
        f"cards/{long}/terms.yaml": SMALL["cards/basics/terms.yaml"].replace("fusion]", f"{long}]"),
    }
    done = ankigen("stats", "--forecast", cwd=write_project(tmp_path, files))
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\u202e" not in done.stdout


def test_forecast(small: Path) -> None:
    """Days, hours and minutes at the course's pace and at half an hour, and bars."""
    done = ankigen("stats", "--forecast", cwd=small)
    assert done.returncode == 0
    assert "Forecast with 90% of reviews remembered" in done.stdout
    numbers = r"+day \d+ +0\.\d +\d+ +\d+$"
    assert re.search(rf"^5 new cards a day +day 2 {numbers}", done.stdout, re.MULTILINE)
    assert re.search(rf"^30 minutes a day +day 1 {numbers}", done.stdout, re.MULTILINE)
    assert "█" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert ankigen("stats", "--forecast", cwd=small).stdout == done.stdout


def test_options_ask_for_a_forecast(small: Path) -> None:
    """By the course's own settings, unless the command line says otherwise."""
    study = "study: {new_per_day: 2, retention: 0.8, known: 0.4}\n"
    (small / "ankigen.yaml").write_text(SMALL["ankigen.yaml"] + study)
    said = ankigen("stats", "--forecast", cwd=small).stdout
    assert "80% of reviews remembered by one who knows 40% of the cards" in said
    assert "2 new cards a day" in said
    other = ankigen("stats", "--new", "1", "--minutes", "1", "--retention", "0.7", cwd=small).stdout
    assert "70% of" in other
    assert "1 new card a day " in other
    assert "1 minute a day " in other
    assert "knows" not in ankigen("stats", "--known", "0", cwd=small).stdout


def test_json(small: Path) -> None:
    """One object on stdout; the forecast only where it is asked for."""
    done = ankigen("stats", "--format", "json", cwd=small)
    said = json.loads(done.stdout)
    assert list(said) == [
        *("course", "total", "categories", "note_types", "levels"),
        *("contents", "tags", "topics", "shown"),
    ]
    assert said["contents"] == {"basics": {"sentences": 2, "terms": 2}}
    assert said["tags"]["topic::fusion"] == 1
    assert said["total"].keys() == {"notes", "cards", "clips", "seconds", "missing", "share"}
    assert said["shown"] == [
        {
            "note_type": "terms",
            "by": "sentences",
            "entries": 2,
            "fewer_than_two": {"operator-fusion": 1},
        }
    ]
    done = ankigen("stats", "--format", "json", "--new", "3", cwd=small)
    forecast = json.loads(done.stdout)["forecast"]
    assert forecast["new_per_day"] == 3
    assert forecast["met"] == 3
    assert len(forecast["minutes"]) == len(forecast["new"]) == forecast["learnt"]
    assert forecast["at_minutes_a_day"]["minutes"] == 30


def test_svg(small: Path, tmp_path: Path) -> None:
    """The picture is written where asked to, and says in words what it shows."""
    done = ankigen("stats", "--svg", tmp_path / "new/forecast.svg", cwd=small)
    assert done.returncode == 0, done.stderr
    root = ET.parse(tmp_path / "new/forecast.svg").getroot()  # noqa: S314 - our own
    said = root.findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert "Every card is met on day 2." in said
    assert re.search(r"The course is learnt on day \d+\.", said)


def test_no_cards(tmp_path: Path) -> None:
    """A course without cards is counted, and takes no time."""
    files = {**SMALL, "cards/basics/terms.yaml": "[]\n", "cards/basics/sentences.yaml": "[]\n"}
    root = write_project(tmp_path / "none", files)
    done = ankigen("stats", "--forecast", "--svg", "a.svg", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "0 notes, 0 cards, 0 clips, 0.0 minutes of sound" in done.stdout
    assert "There is no card to learn." in done.stdout


@pytest.mark.parametrize(
    "options", [["--new", "0"], ["--minutes", "0"], ["--retention", "1"], ["--format", "xml"]]
)
def test_wrong_usage(small: Path, options: list[str]) -> None:
    """Numbers out of range are refused before anything is read."""
    done = ankigen("stats", *options, cwd=small)
    assert (done.returncode, done.stdout) == (2, "")


def test_mistakes(small: Path) -> None:
    """Mistakes in the sources are shown as a build shows them."""
    (small / "cards/basics/terms.yaml").write_text("- id: kernel\n")
    done = ankigen("stats", cwd=small)
    assert (done.returncode, done.stdout) == (1, "")
    assert "AG102" in done.stderr
