"""``check`` and ``explain``, each time in a process of its own."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from ankigen.diagnostics import Code
from refusal import check_carets, heads, place_and_code
from support import TERMS, TIDY, ankigen, decks, write_project

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

T = "cards/basics/terms.yaml"
WRONG = f"- {{id: tile, term: tile}}\n{TERMS}"
CLEAN = TERMS.replace("  topics: [fusion]\n", "")


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A project with an error and a warning."""
    return write_project(tmp_path / "course", {**TIDY, T: WRONG})


def check(root: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A check of a project, from its folder."""
    return ankigen("check", *arguments, cwd=root, env={"GITHUB_ACTIONS": "", **env})


def test_what_a_person_sees(wrong: Path) -> None:
    """Each mistake with its line and a caret on stdout, how many there are on stderr."""
    done = check(wrong)
    assert done.returncode == 1
    assert [place_and_code(head) for head in heads(done.stdout)] == [
        f"{T}:1:3 AG102",
        f"{T}:10:12 AG204",
    ]
    check_carets(wrong, done.stdout.splitlines())
    said = r"5 entries in 2 files: 1 error and 1 warning in 1 file \(\d+\.\d s\)\n"
    assert re.fullmatch(said, done.stderr), done.stderr
    assert decks(wrong / "dist") == {}


@pytest.mark.parametrize(
    ("terms", "arguments", "code"),
    [
        (CLEAN, [], 0),
        (CLEAN, ["--strict"], 0),
        (TERMS, [], 0),
        (TERMS, ["--strict"], 1),
        (TERMS, ["--strict", "--ignore", "AG204"], 0),
        (TERMS, ["--strict", "--select", "AG1,AG3"], 0),
        (TERMS, ["--strict", "--select", "AG1", "--select", "ag204"], 1),
        (TERMS, ["--strict", "cards/basics/sentences.yaml"], 0),
        (WRONG, [], 1),
        (WRONG, ["--ignore", "AG102"], 0),
        (WRONG, ["--select", "AG299"], 2),
        (WRONG, ["cards/basic"], 2),
        (WRONG, [".."], 2),
        (WRONG, ["--format", "xml"], 2),
    ],
)
def test_exit_codes(tidy: Path, terms: str, arguments: list[str], code: int) -> None:
    """0 all well, 1 the sources are at fault, 2 the question is."""
    (tidy / T).write_text(terms)
    done = check(tidy, *arguments)
    assert done.returncode == code, done.stderr
    assert not (code == 2 and done.stdout)


def test_quiet(tidy: Path) -> None:
    """Nothing is said where nothing is wrong."""
    (tidy / T).write_text(CLEAN)
    done = check(tidy, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_project_from_above(wrong: Path) -> None:
    """Paths are those of the working directory, wherever the project is."""
    for path in ("course/cards", str(wrong / T)):
        done = ankigen("check", "--project", "course", path, cwd=wrong.parent)
        assert (done.returncode, len(heads(done.stdout))) == (1, 2), done.stderr
    done = ankigen("check", "--project", "course", "course/ankigen.yaml", cwd=wrong.parent)
    assert (done.returncode, done.stdout) == (0, "")


def test_json(wrong: Path) -> None:
    """One object on stdout and nothing else there."""
    done = check(wrong, "--format", "json")
    said = json.loads(done.stdout)
    assert [d["code"] for d in said["diagnostics"]] == ["AG102", "AG204"]
    assert (done.returncode, said["errors"], said["warnings"]) == (1, 1, 1)


def test_sarif(wrong: Path) -> None:
    """Files are named from the repository that was checked out."""
    done = check(wrong, "--format", "sarif", GITHUB_WORKSPACE=str(wrong.parent))
    results = json.loads(done.stdout)["runs"][0]["results"]
    places = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results]
    assert places == [f"course/{T}"] * 2


def test_inside_github_actions(wrong: Path) -> None:
    """There, commands of a workflow are said by default, and text where it is asked for."""
    done = check(wrong, GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(wrong.parent))
    error, warning = done.stdout.splitlines()
    assert error == (
        f"::error file=course/{T},line=1,col=3,title=AG102 missing key::{T}:1:3: the key"
        " 'definition' is missing; add 'definition:' to this entry"
    )
    assert warning == (
        f"::warning file=course/{T},line=10,col=12,title=AG204 topic of one entry::{T}:10:12: no"
        " other entry is about 'fusion'; use a topic of other entries, or remove this one"
    )
    text = check(wrong, "--format", "text", GITHUB_ACTIONS="true")
    assert [head["code"] for head in heads(text.stdout)] == ["AG102", "AG204"]


def test_the_same_each_time(wrong: Path) -> None:
    """Two runs say the same in every format, in whatever order Python hashes."""
    for form in ("text", "json", "github", "sarif"):
        first, second = (check(wrong, "--format", form, PYTHONHASHSEED=seed) for seed in "12")
        assert first.stdout == second.stdout != ""


@pytest.mark.parametrize("code", ["AG203", "ag203"])
def test_explain(tmp_path: Path, code: str) -> None:
    """A rule is explained anywhere, with both examples."""
    done = ankigen("explain", code, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("AG203: sentence without its gap (error)\n")
    bad, good = done.stdout.split("Good:")
    assert "First we lower the graph" in bad
    assert "First we {lower} the graph" in good


def test_explain_a_warning(tmp_path: Path) -> None:
    """How to ignore it is said of a warning."""
    said = ankigen("explain", "AG204", cwd=tmp_path).stdout
    assert "# ankigen: ignore AG204 because …" in said


def test_list_of_rules(tmp_path: Path) -> None:
    """Without a code, every rule has a line."""
    lines = ankigen("explain", cwd=tmp_path).stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == sorted(Code)


def test_explain_what_is_not_there(tmp_path: Path) -> None:
    """A slip is answered with the nearest code."""
    done = ankigen("explain", "AG2O3", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no rule 'AG2O3'" in done.stderr
    assert "did you mean 'AG0" in done.stderr
    done = ankigen("explain", "ag999", cwd=tmp_path)
    assert done.stderr.splitlines() == [
        "ankigen: there is no rule 'AG999'",
        "  help: 'ankigen explain' lists all rules",
    ]
