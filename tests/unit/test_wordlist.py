"""``words.txt``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen import wordlist
from ankigen.diagnostics import Code

if TYPE_CHECKING:
    from pathlib import Path


def test_words_and_remarks() -> None:
    """Words stand one a line or several; what follows a hash is a remark."""
    assert wordlist.parse("# field\ndtype  # of a tensor\n\nPyTorch codegen\n") == {
        "dtype",
        "PyTorch",
        "codegen",
    }


def test_no_list(tmp_path: Path) -> None:
    """A course need not have one."""
    assert wordlist.read(tmp_path) == (frozenset(), [])


def test_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    """It is reported and taken for empty."""
    (tmp_path / "words.txt").write_bytes(b"caf\xe9\n")
    words, problems = wordlist.read(tmp_path)
    assert words == frozenset()
    assert [problem.code for problem in problems] == [Code.NOT_UTF8]
