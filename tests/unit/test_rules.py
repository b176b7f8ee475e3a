"""Every rule: its page, a bad and a good course, and exactly what is said of them.

Both courses are the examples of the rule's own page, laid over a course without entries; where a
page cannot show what a file holds, the row says how to make it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ankigen.diagnostics import Code, Severity
from ankigen.rulereport import KINDS
from ankigen.rules import RULES
from ruletable import TABLE
from support import REPOSITORY, SMALL, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ankigen.diagnostics import Diagnostic
    from ankigen.rules.page import Sample

BASE = {name: SMALL[name] for name in ("ankigen.yaml", "cards/basics/category.yaml")}


def laid(root: Path, samples: Sequence[Sample], others: Mapping[str, str | bytes | None]) -> Path:
    """A project of an example, some of its files given otherwise."""
    files = {**BASE, **{sample.file: sample.text for sample in samples}, **others}
    return write_project(root, {name: data for name, data in files.items() if data is not None})


def said(found: Sequence[Diagnostic], code: Code) -> list[tuple[str, str, str]]:
    """What is said of one rule, but sizes of what was built."""
    return [
        (str(d.span), re.sub(r"\d+,\d{3} bytes", "… bytes", d.message), d.hint)
        for d in found
        if d.code == code
    ]


@pytest.mark.parametrize("code", Code)
def test_every_rule_is_whole(code: Code) -> None:
    """Each code has a rule with a name, a page with both examples, a row in the table, a kind."""
    rule = RULES[code]
    assert rule.title
    assert rule.severity in Severity
    assert rule.page.bad != rule.page.good
    assert re.fullmatch(r"[A-Z`].*[^.][.]", rule.page.summary, re.DOTALL)
    assert code in TABLE
    assert any(code.startswith(kind) for kind in KINDS)


@pytest.mark.parametrize("code", TABLE)
def test_a_bad_course(tmp_path: Path, code: Code) -> None:
    """What breaks a rule is reported exactly so, with the rule's severity."""
    row, page = TABLE[code], RULES[code].page
    root = tmp_path / "course"
    if row.before:
        row.before(laid(root, page.good, row.good))
    laid(root, page.bad, row.bad)
    row.spoil(root)
    found = row.by(root.resolve())
    assert said(found, code) == list(row.said)
    assert {d.severity for d in found if d.code == code} == {RULES[code].severity}


@pytest.mark.parametrize("code", TABLE)
def test_a_good_course(tmp_path: Path, code: Code) -> None:
    """The good example breaks neither the rule nor anything that stops a build."""
    row, page = TABLE[code], RULES[code].page
    root = laid(tmp_path, page.good, row.good)
    if row.before:
        row.before(root)
    found = row.by(root)
    assert said(found, code) == []
    assert [d for d in found if d.severity is Severity.ERROR] == []


def test_the_documentation_is_made_of_the_rules(tmp_path: Path) -> None:
    """docs/rules.md is what 'make docs' makes."""
    script = REPOSITORY / "docs" / "make_rules.py"
    made = tmp_path / "rules.md"
    subprocess.run([sys.executable, script, made], check=True)
    assert made.read_text() == (REPOSITORY / "docs" / "rules.md").read_text(), "run 'make docs'"
