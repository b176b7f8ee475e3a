"""``ankigen check --fix``: what can be mended is, once; the rest is reported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from support import SENTENCES, SMALL, TERMS, ankigen, write_project

if TYPE_CHECKING:
    from pathlib import Path

NO_IDS = """\
# The words.

- term: kernel   # the first
  definition: A function that the device runs.

- {term: "operator fusion", definition: Merging several operators.}
- id: warp
  term: Warp
- term: Warp
  definition: Threads in step.
  related: [kernel]
"""
WITH_IDS = """\
# The words.

- id: kernel
  term: kernel   # the first
  definition: A function that the device runs.

- {id: operator-fusion, term: "operator fusion", definition: Merging several operators.}
- id: warp
  term: Warp
- id: warp-2
  term: Warp
  definition: Threads in step.
  related: [kernel]
"""


def test_missing_ids_are_written_once(tmp_path: Path) -> None:
    """Each fix is told; what is left is reported; a second run changes nothing."""
    root = write_project(tmp_path, {**SMALL, "cards/basics/terms.yaml": NO_IDS})
    terms = root / "cards/basics/terms.yaml"
    done = ankigen("check", "--fix", "--format", "json", cwd=root)
    assert terms.read_text() == WITH_IDS
    assert (root / "cards/basics/sentences.yaml").read_text() == SENTENCES
    assert "cards/basics/terms.yaml:3:3: AG102 fixed: id: kernel\n" in done.stderr
    assert "3 fixes in 1 file\n" in done.stderr
    assert done.returncode == 1  # one term has no definition
    left = json.loads(done.stdout)["diagnostics"]
    assert [(one["code"], one["line"]) for one in left if one["severity"] == "error"] == [
        ("AG102", 8)
    ]
    before = terms.stat()
    again = ankigen("check", "--fix", "--format", "json", cwd=root)
    assert again.stdout == done.stdout
    assert "fixed" not in again.stderr
    assert terms.stat().st_mtime_ns == before.st_mtime_ns


def test_what_is_not_asked_for_is_not_touched(tmp_path: Path) -> None:
    """Neither another file than the one named, nor by a rule that is left out."""
    files = {**SMALL, "cards/basics/terms.yaml": NO_IDS, "cards/basics/terms.b.yaml": "- term: a\n"}
    root = write_project(tmp_path, files)
    ankigen("check", "--fix", "--ignore", "AG102", cwd=root)
    assert (root / "cards/basics/terms.yaml").read_text() == NO_IDS
    ankigen("check", "--fix", "cards/basics/terms.b.yaml", cwd=root)
    assert (root / "cards/basics/terms.yaml").read_text() == NO_IDS
    assert (root / "cards/basics/terms.b.yaml").read_text() == "- id: a\n  term: a\n"


def test_a_file_keeps_its_mark_and_its_line_ends(tmp_path: Path) -> None:
    """A byte order mark and CRLF stay, so that the editor that wrote them is content."""
    old = (
        b"\xef\xbb\xbf"
        + TERMS.replace("- id: kernel\n  term", "- term").replace("\n", "\r\n").encode()
    )
    root = write_project(tmp_path, {**SMALL, "cards/basics/terms.yaml": old})
    done = ankigen("check", "--fix", cwd=root)
    assert done.returncode == 0, done.stderr
    new = b"\xef\xbb\xbf" + TERMS.replace("\n", "\r\n").encode()
    assert (root / "cards/basics/terms.yaml").read_bytes() == new


def test_a_course_that_cannot_be_read_is_reported_as_ever(tmp_path: Path) -> None:
    """Nothing is mended where it is not known what is right."""
    root = write_project(tmp_path, {**SMALL, "ankigen.yaml": "id: [\n"})
    plain, fixed = ankigen("check", cwd=root), ankigen("check", "--fix", cwd=root)
    assert (plain.returncode, plain.stdout) == (fixed.returncode, fixed.stdout)
    assert fixed.returncode == 1
