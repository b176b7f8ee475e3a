"""What a check found, for whoever reads it: a person, a program, GitHub's pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ankigen import __version__, report
from ankigen.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from ankigen.checking import Result
    from ankigen.diagnostics import Code, Diagnostic

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

# What GitHub's runner takes for the end of a message or of one of its properties.
_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def text(result: Result, root: Path) -> str:
    """Each diagnostic with its line, a caret and what to do; empty where nothing is wrong."""
    return report.located(result.diagnostics, root)


def summary(result: Result, seconds: float) -> str:
    """How much was found, and in how much."""
    counts = [(result.count(severity), str(severity)) for severity in Severity]
    *most, last = [report.counted(n, kind) for n, kind in counts if n] or ["all well"]
    said = f"{', '.join(most)} and {last}" if most else last
    places = {d.span.file for d in result.diagnostics}
    if places:
        said += f" in {report.counted(len(places), 'file')}"
    entries = report.counted(result.entries, "entry", "entries")
    return f"{entries} in {report.counted(result.files, 'file')}: {said} ({seconds:.1f} s)"


def as_json(result: Result) -> str:
    """The object that ``check --format json`` prints."""
    return json.dumps(
        {
            "diagnostics": [
                {
                    "file": d.span.file,
                    "sheet": d.span.sheet,
                    "line": d.span.line,
                    "column": d.span.column,
                    "place": str(d.span),
                    "code": str(d.code),
                    "rule": _title(d.code),
                    "severity": str(d.severity),
                    "message": d.message,
                    "hint": d.hint,
                }
                for d in result.diagnostics
            ],
            "errors": result.count(Severity.ERROR),
            "warnings": result.count(Severity.WARNING),
            "entries": result.entries,
            "files": result.files,
        },
        indent=2,
        ensure_ascii=False,
    )


def github(result: Result, above: str = "") -> str:
    """Commands of a workflow: GitHub shows each beside its line.

    Args:
        result: What was found.
        above: Folders from the repository down to the project, with ``/`` at their end.
    """
    return "\n".join(_command(d, above) for d in result.diagnostics)


def _command(found: Diagnostic, above: str) -> str:
    properties = {"file": above + found.span.file}
    if found.span.line and not found.span.sheet:
        properties["line"] = str(found.span.line)
        if found.span.column:
            properties["col"] = str(found.span.column)
    properties["title"] = f"{found.code} {_title(found.code)}"
    said = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in properties.items())
    # The log shows the message alone, so it names its place.
    message = f"{found.span}: {_sentence(found)}"
    return f"::{_COMMANDS[found.severity]} {said}::{message.translate(_MESSAGE)}"


def sarif(result: Result, above: str = "") -> str:
    """The result as SARIF 2.1.0, which code scanning of GitHub and many editors read.

    Args:
        result: What was found.
        above: Folders from the repository down to the project, with ``/`` at their end.
    """
    codes = sorted({d.code for d in result.diagnostics})
    run = {
        "tool": {
            "driver": {
                "name": "ankigen",
                "semanticVersion": __version__,
                "rules": [_sarif_rule(code) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            {
                "ruleId": str(d.code),
                "ruleIndex": codes.index(d.code),
                "level": str(d.severity),
                "message": {"text": _sentence(d)},
                "locations": [_sarif_place(d, above)],
            }
            for d in result.diagnostics
        ],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _sarif_rule(code: Code) -> Mapping[str, Any]:
    from ankigen.rules import RULES  # noqa: PLC0415 - slow to load, and not asked for text

    rule, page = RULES[code], RULES[code].page
    return {
        "id": str(code),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": page.summary},
        "help": {"text": page.text or page.summary},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _sarif_place(found: Diagnostic, above: str) -> Mapping[str, Any]:
    from urllib.parse import quote  # noqa: PLC0415 - only this format needs it

    place: dict[str, Any] = {
        "artifactLocation": {"uri": quote(above + found.span.file), "uriBaseId": "%SRCROOT%"}
    }
    if found.span.line and not found.span.sheet:
        place["region"] = {"startLine": found.span.line}
        if found.span.column:
            place["region"]["startColumn"] = found.span.column
    made: dict[str, Any] = {"physicalLocation": place}
    if found.span.sheet:  # which has cells, where SARIF knows lines
        made["logicalLocations"] = [{"fullyQualifiedName": str(found.span)}]
    return made


def _sentence(found: Diagnostic) -> str:
    return f"{found.message}; {found.hint}" if found.hint else found.message


def _title(code: Code) -> str:
    from ankigen.rules import RULES  # noqa: PLC0415 - likewise

    return RULES[code].title
