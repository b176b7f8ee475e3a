"""Rules and their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import reading
from ankigen.diagnostics import Code, Diagnostic, Severity
from ankigen.rules import RULES
from ankigen.rules.page import Page, Sample, parse
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ankigen.project import Project

DOCSTRING = """A word in capitals.

    It looks *loud*.

    - So we say.

    Bad:
        cards/a/terms.yaml
            - id: a
              term: A

        ankigen.yaml
            id: x

    Good:
        cards/a/terms.yaml
            - id: a

              term: b
    """


def test_a_page() -> None:
    """A docstring comes apart into what it says and the files of its examples."""
    assert parse(DOCSTRING) == Page(
        "A word in capitals.",
        "It looks *loud*.\n\n- So we say.",
        (
            Sample("cards/a/terms.yaml", "- id: a\n  term: A\n"),
            Sample("ankigen.yaml", "id: x\n"),
        ),
        (Sample("cards/a/terms.yaml", "- id: a\n\n  term: b\n"),),
    )


@pytest.mark.parametrize("lacking", ["", "Summary.", DOCSTRING.replace("Good:", "Better:")])
def test_a_page_is_whole(lacking: str) -> None:
    """A rule without a summary or one of its examples cannot be made."""
    with pytest.raises(ValueError, match="needs a summary"):
        parse(lacking)


def test_a_rule(small: Path) -> None:
    """What a rule finds gets its code and its severity."""

    @rule(Code.HTML, "kernels", severity=Severity.ERROR)
    def kernels(project: Project) -> Iterator[Found]:
        """A kernel.

        Bad:
            a.yaml
                kernel

        Good:
            a.yaml
                colonel
        """
        for text in project.texts("headword"):
            if text.text == "kernel":
                yield Found(text.span, "a kernel", "no kernel")

    project = reading.survey(small).project
    assert project is not None
    (found,) = kernels.diagnostics(project)
    assert (found.code, found.severity, str(found.span)) == (
        Code.HTML,
        Severity.ERROR,
        "cards/basics/terms.yaml:2:9",
    )
    assert isinstance(found, Diagnostic)


def test_rules_are_sorted() -> None:
    """Rules come in the order of their codes."""
    assert list(RULES) == sorted(RULES)
    assert all(code == found.code for code, found in RULES.items())
