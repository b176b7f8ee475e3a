"""What a person reads."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click
import pytest

from ankigen import report
from ankigen.build import NoteCounts, Result, Sound
from ankigen.diagnostics import Code, Diagnostic, Severity, Span
from ankigen.doctor import Finding
from ankigen.model import BuiltDeck
from ankigen.verify import Code as Check
from ankigen.verify import Finding as Found
from ankigen.verify import Verdict

if TYPE_CHECKING:
    from pathlib import Path


def shown(root: Path, source: str, *found: Diagnostic) -> list[str]:
    """The lines of a report about one file, without colour."""
    (root / "a.yaml").write_bytes(source.encode())
    return click.unstyle(report.diagnostics(found, root)).split("\n")


def test_a_diagnostic_points_at_its_place(tmp_path: Path) -> None:
    """Place, code and words; the line with a caret; what to do; how many in all."""
    found = Diagnostic(Span("a.yaml", 2, 9), Code.GAP, "there is no gap here", "put {braces}")
    assert shown(tmp_path, "- id: a\n  text: Words.\n", found) == [
        "a.yaml:2:9: AG203 there is no gap here",
        "  2 |   text: Words.",
        "    |         ^",
        "  help: put {braces}",
        "1 error in 1 file; nothing was written",
    ]


@pytest.mark.parametrize(
    ("source", "column", "lines"),
    [
        ("\tid: a", 2, ["  1 | \tid: a", "    | \t^"]),
        ("caf\u00e9: x", 7, ["  1 | caf\u00e9: x", "    |       ^"]),
        ("one\r\ntwo", 1, ["  1 | one", "    | ^"]),
        ("x: \x1b[31mred", 1, ["  1 | x: \ufffd[31mred", "    | ^"]),
        ("x: \u202edlrow", 4, ["  1 | x: \ufffddlrow", "    |    ^"]),
        (
            "a" * 200 + "b" + "a" * 200,
            201,
            ["  1 | " + "a" * 80 + "b" + "a" * 79, f"    | {' ' * 80}^"],
        ),
    ],
)
def test_the_caret(tmp_path: Path, source: str, column: int, lines: list[str]) -> None:
    """It stands under its character, whatever the line holds and however long it is."""
    found = Diagnostic(Span("a.yaml", 1, column), Code.YAML, "x")
    assert shown(tmp_path, source, found)[1:3] == lines


@pytest.mark.parametrize(
    "span",
    [
        Span("a.yaml"),
        Span("a.yaml", 9, 1),
        Span("gone.yaml", 1, 1),
        Span("../up.yaml", 1, 1),
        Span("a.yaml", 1, 1, sheet="Sheet1"),
    ],
)
def test_without_a_line(tmp_path: Path, span: Span) -> None:
    """A place that has no line, or in a file that cannot be read, stands alone."""
    lines = shown(tmp_path, "x: y\n", Diagnostic(span, Code.EMPTY, "the file is empty"))
    assert lines[0] == f"{span}: AG005 the file is empty"
    assert len(lines) == 2


def test_tally(tmp_path: Path) -> None:
    """Errors and warnings are counted apart."""
    error = Diagnostic(Span("a.yaml"), Code.EMPTY, "x")
    other = Diagnostic(Span("b.yaml"), Code.EMPTY, "x")
    warning = Diagnostic(Span("a.yaml"), Code.HTML, "x", "", Severity.WARNING)
    assert shown(tmp_path, "", error, error, other, warning)[-2:] == [
        "3 errors in 2 files; nothing was written",
        "1 warning",
    ]
    assert shown(tmp_path, "", warning) == ["a.yaml: AG401 warning: x", "1 warning"]


def test_a_note_is_no_warning(tmp_path: Path) -> None:
    """It says that it is one, and is not counted."""
    note = Diagnostic(Span("a.yaml"), Code.HTML, "x", "", Severity.NOTE)
    assert shown(tmp_path, "", note) == ["a.yaml: AG401 note: x"]


def test_messages_move_no_cursor(tmp_path: Path) -> None:
    """Other people's text in a message cannot write to the terminal."""
    found = Diagnostic(Span("a\x1b]0;x\x07.yaml"), Code.YAML, "a\nb\x9b1m", "c\rd")
    text = "\n".join(shown(tmp_path, "", found))
    assert not set("\x1b\x07\x9b\r") & set(text)
    assert text.count("\n") == 2


def result(root: Path, *, fresh: bool = False, made: int = 2, reused: int = 1) -> Result:
    """A build of two decks."""
    decks = (
        BuiltDeck("basics", "basics.apkg", 4, 1234, 3, 66_000, "ab"),
        BuiltDeck(None, "small.apkg", 40, 8, 3, 6_600_000, "cd"),
    )
    notes = NoteCounts(added=1, unchanged=39)
    return Result(root / "dist", decks, notes, Sound(made, reused, 90.04), 0.1234, fresh=fresh)


def test_summary(tmp_path: Path) -> None:
    """A table with its numbers below one another, then what was done."""
    assert click.unstyle(report.summary(result(tmp_path))).split("\n") == [
        "deck         notes  cards  clips    size",
        "basics.apkg      4  1,234      3   66 kB",
        "small.apkg      40      8      3  6.6 MB",
        "Notes: 1 added, 39 unchanged.",
        "Built in 0.1 s: 2 clips made, 1 reused, 1.5 minutes of sound.",
    ]


def test_packages_of_earlier_builds(tmp_path: Path) -> None:
    """They are named before the last line."""
    text = report.summary(replace(result(tmp_path), strays=("a.apkg", "b.apkg")))
    assert text.split("\n")[-2] == (
        "Left in dist by earlier builds, of no category any more: a.apkg, b.apkg."
        " Delete what nobody needs."
    )


@pytest.mark.parametrize(
    ("made", "reused", "fresh", "line"),
    [
        (1, 0, False, "Built in 0.1 s: 1 clip made, 1.5 minutes of sound."),
        (0, 1200, False, "Built in 0.1 s: no clip was made, 1,200 reused, 1.5 minutes of sound."),
        (0, 3, True, "Everything is up to date; no clip was made (0.1 s)."),
    ],
)
def test_last_line(tmp_path: Path, made: int, reused: int, line: str, *, fresh: bool) -> None:
    """What the sounds cost, in a sentence."""
    text = report.summary(result(tmp_path, made=made, reused=reused, fresh=fresh))
    assert text.split("\n")[-1] == line


def test_json(tmp_path: Path) -> None:
    """The object of ``build --json``, with the whole path of each file."""
    said = json.loads(report.as_json(result(tmp_path)))
    assert said["decks"][0] == {
        "category": "basics",
        "file": str(tmp_path / "dist/basics.apkg"),
        "notes": 4,
        "cards": 1234,
        "clips": 3,
        "bytes": 66_000,
        "sha256": "ab",
    }
    assert said["decks"][1]["category"] is None
    assert said["notes"] == {"added": 1, "changed": 0, "unchanged": 39, "removed": 0}
    assert said["audio"] == {"made": 2, "reused": 1, "seconds": 90.04}
    assert said["seconds"] == 0.123


def test_findings() -> None:
    """The doctor's list, with what to do where something does not work."""
    found = [Finding("YAML", ok=True, said="fine"), Finding("Voice", ok=False, said="x", hint="y")]
    assert click.unstyle(report.findings(found)) == "ok  YAML: fine\nno  Voice: x\n    help: y"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 kB"), (66_499, "66 kB"), (999_000, "999 kB"), (1_250_000, "1.2 MB")]
)
def test_size(count: int, text: str) -> None:
    """Bytes in decimal units."""
    assert report.size(count) == text


def test_a_bar_that_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches, nothing is drawn."""
    with report.Bar(shown=False).drawn() as bar:
        bar.clips(1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_bar_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar is drawn on the error stream and taken away even when the work fails."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("FORCE_COLOR", "1")

    def work() -> None:
        with report.Bar(shown=True).drawn() as bar:
            bar.clips(1, 2)
            bar.clips(2, 2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert "Making clips" in stream.getvalue()
    assert stream.getvalue().endswith("\x1b[2K")


def verdict(*found: Found, more: int = 0) -> Verdict:
    """Of a package of one note; ``more`` findings of the first code are only counted."""
    counts: dict[Check, int] = {}
    for item in (*found, *found[:1] * more):
        counts[item.code] = counts.get(item.code, 0) + 1
    return Verdict("a.apkg", 1, 2000, 0, found, counts)


ERROR = Found(Severity.ERROR, Check.MISSING_ENTRY, "a.mp3", "the zip lacks it", "export it again")
WARNING = Found(Severity.WARNING, Check.UNUSED_MEDIA, "", "nothing names it")


def test_verdict() -> None:
    """A finding a line with its code, its place and what to do; in the last line the sums."""
    assert click.unstyle(report.verdict(verdict(ERROR, WARNING, more=1200))).split("\n") == [
        "a.apkg: AP010 a.mp3: the zip lacks it",
        "  help: export it again",
        "a.apkg: AP014 warning: nothing names it",
        "a.apkg: AP010 and 1,200 more",
        "a.apkg: 1 note, 2,000 cards, 0 media files: 1,202 findings",
    ]


@pytest.mark.parametrize(
    ("found", "said"),
    [((), "nothing is wrong"), ((WARNING,), "1 finding"), ((ERROR,), "1 finding")],
)
def test_last_line_of_a_verdict(found: tuple[Found, ...], said: str) -> None:
    """How many findings there are, or that there is none."""
    lines = click.unstyle(report.verdict(verdict(*found))).split("\n")
    assert lines[-1] == f"a.apkg: 1 note, 2,000 cards, 0 media files: {said}"


def test_verdicts_move_no_cursor() -> None:
    """A package's texts cannot write to the terminal."""
    evil = "a\x1b]0;x\x07\nb\x9b\u202e"
    found = Found(Severity.ERROR, Check.SCRIPT, evil, evil, evil)
    text = click.unstyle(report.verdict(verdict(found)))
    assert not set("\x1b\x07\x9b\u202e") & set(text)
    assert text.count("\n") == 2


def test_verdicts_as_json() -> None:
    """Everything that a verdict holds, and whether it is good enough."""
    said = json.loads(report.verdicts_as_json([verdict(ERROR, more=1), verdict(WARNING)]))
    assert [item["ok"] for item in said] == [False, True]
    assert said[0]["counts"] == {"AP010": 2}
    assert said[0]["findings"] == [
        {
            "severity": "error",
            "code": "AP010",
            "where": "a.mp3",
            "message": "the zip lacks it",
            "hint": "export it again",
        }
    ]
    assert (said[0]["file"], said[0]["notes"], said[0]["cards"], said[0]["media"]) == (
        *("a.apkg", 1, 2000, 0),
    )
