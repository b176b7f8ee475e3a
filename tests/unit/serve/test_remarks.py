"""What a check says, as the pages show it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from ankigen.diagnostics import Code, Diagnostic, Severity, Span
from ankigen.serve import remarks
from serving import children

if TYPE_CHECKING:
    from pathlib import Path

TERMS_FILE = "cards/basics/terms.yaml"
ENTRIES = {TERMS_FILE: [(1, "terms/kernel"), (4, "terms/operator-fusion")]}


def test_one_that_is_known() -> None:
    """Has the place as it is printed."""
    found = Diagnostic(Span("a.yaml", 3, 5), Code.UNKNOWN_KEY, "wrong", "mend it", Severity.ERROR)
    assert remarks.of(found) == {
        "place": "a.yaml:3:5",
        "code": "AG101",
        "severity": "error",
        "message": "wrong",
        "hint": "mend it",
        "anchor": "",
    }


@pytest.mark.parametrize(
    ("line", "anchor"),
    [
        (1, "terms-kernel"),
        (3, "terms-kernel"),
        (4, "terms-operator-fusion"),
        (99, "terms-operator-fusion"),
    ],
)
def test_anchors(line: int, anchor: str) -> None:
    """A remark belongs to the entry that begins last before its line."""
    assert remarks._anchor(ENTRIES[TERMS_FILE], line) == anchor  # noqa: SLF001
    assert remarks._anchor([], line) == ""  # noqa: SLF001
    assert remarks._anchor(ENTRIES[TERMS_FILE], 0) == ""  # noqa: SLF001


def test_a_check(tidy: Path) -> None:
    """Is made of the project as it is on the disk; where there is none, nothing is said."""
    file = tidy / TERMS_FILE
    file.write_text(file.read_text().replace("that the device", "that the the device"))
    found = asyncio.run(remarks.find(tidy, ENTRIES))
    said = {one["code"]: one for one in found}
    assert said["AG705"]["anchor"] == "terms-kernel"
    assert said["AG705"]["place"] == f"{TERMS_FILE}:3:35"
    (tidy / "ankigen.yaml").unlink()
    assert [one for one in asyncio.run(remarks.find(tidy, {})) if one["anchor"]] == []


def test_a_check_that_is_overtaken(tidy: Path) -> None:
    """Is ended at once, and leaves no process."""
    others = set(children(os.getpid()))

    async def run() -> None:
        task = asyncio.create_task(remarks.find(tidy, ENTRIES))
        async with asyncio.timeout(30):
            while set(children(os.getpid())) == others:  # noqa: ASYNC110 - of the system, not of ours
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert set(children(os.getpid())) == others

    asyncio.run(run())
