"""What a check says of the sources, found in a process of its own.

A check of a large course takes seconds of the processor, in which no page could be made; and one
that is overtaken by the next change can be ended at once.
"""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import json
import sys
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ankigen.diagnostics import Diagnostic


class Remark(TypedDict):
    """A diagnostic as the page shows it.

    Attributes:
        anchor: Of the entry it is about; empty where it is about none.
    """

    place: str
    code: str
    severity: str
    message: str
    hint: str
    anchor: str


def of(found: Diagnostic) -> Remark:
    """One that is already known."""
    return Remark(
        place=str(found.span),
        code=str(found.code),
        severity=str(found.severity),
        message=found.message,
        hint=found.hint,
        anchor="",
    )


async def find(root: Path, entries: Mapping[str, list[tuple[int, str]]]) -> list[Remark]:
    """Check the project; cancelled, it leaves no process behind.

    Args:
        root: The project's folder.
        entries: Line and key of each entry, by file, in the order of the lines.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ankigen", "check", "--format", "json", "--project", str(root)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    try:
        diagnostics: list[dict[str, Any]] = json.loads(said)["diagnostics"]
    except ValueError:  # there is no course to check any more
        return []
    return [
        Remark(
            place=one["place"],
            code=one["code"],
            severity=one["severity"],
            message=one["message"],
            hint=one["hint"],
            anchor=_anchor(entries.get(one["file"], []), one["line"]),
        )
        for one in diagnostics
    ]


def _anchor(entries: list[tuple[int, str]], line: int) -> str:
    at = bisect.bisect_right(entries, line, key=lambda entry: entry[0])
    return entries[at - 1][1].replace("/", "-") if at else ""
