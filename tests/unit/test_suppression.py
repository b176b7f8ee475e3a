"""Warnings that do not count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.diagnostics import Code, Diagnostic, Severity, Span
from ankigen.suppression import Suppression, apply, of_text, unknown

FILE = "cards/a/terms.yaml"

TEXT = """\
- id: a  # ankigen: ignore AG204 because of the line
  definition: >-  # ankigen: ignore AG401 because of the value
    Two lines
    of text.

  # ankigen: ignore AG205 because of the key

  topics:
    - one
    - two  # ankigen: ignore AG204 because of the item

# ankigen: ignore AG204, AG401 because of the entry
- id: b
  usage: "A word # ankigen: ignore AG204 because it is text"
  topics: [one,
    two]
"""


def severity(code: Code) -> Severity:
    """Errors but of three rules."""
    warnings = (Code.LONE_TOPIC, Code.TOPIC_SLIP, Code.HTML)
    return Severity.WARNING if code in warnings else Severity.ERROR


def warning(line: int, code: Code = Code.LONE_TOPIC, file: str = FILE) -> Diagnostic:
    """Something found."""
    return Diagnostic(Span(file, line, 1), code, "m", severity=Severity.WARNING)


def suppressions(text: str) -> list[Suppression]:
    """What a text leaves out."""
    return [one for one in of_text(text, FILE, severity) if isinstance(one, Suppression)]


def wrong(text: str) -> list[tuple[str, str]]:
    """What is wrong with the comments of a text."""
    found = of_text(text, FILE, severity)
    return [(str(d.span), d.message) for d in found if isinstance(d, Diagnostic)]


def test_what_comments_cover() -> None:
    """A comment behind a value covers it, one alone the key or the entry below; text is text."""
    assert [(s.span.line, s.code, s.first, s.last) for s in suppressions(TEXT)] == [
        (1, "AG204", 1, 1),
        (2, "AG401", 2, 5),
        (6, "AG205", 8, 10),
        (10, "AG204", 10, 10),
        (12, "AG204", 13, 16),
        (12, "AG401", 13, 16),
    ]
    assert wrong(TEXT) == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("# ankigen: ignore AG204 because x\nid: a\nterm: b\n", 2, 3),
        ("id: a\n# ankigen: ignore AG204 because x\nterm: b\ntopics: [c]\n", 3, 3),
        ("- {id: a, term: b}  # ankigen: ignore AG204 because x\n", 1, 1),
        ("# ankigen: ignore AG204 because x\n- {id: a,\n   term: b}\n- id: c\n", 2, 3),
        ("- id: a\n  topics: &t  # ankigen: ignore AG204 because x\n  - b\n  - c\n- *t\n", 2, 4),
        ("- id: a\n# ankigen: ignore AG204 because x\n", 2, 2),
        ("- id: a\n  term: |\n   # ankigen: ignore AG204 because x\n   b\n", None, None),
        ("- id: a\n  term: b# ankigen: ignore AG204 because x\n", None, None),
        ("- id: [\n# ankigen: ignore AG204 because x\n", None, None),
    ],
)
def test_how_far_a_comment_goes(text: str, first: int | None, last: int | None) -> None:
    """Whole entries, keys and values, in block and flow style; not what is no comment."""
    found = [(s.first, s.last) for s in suppressions(text)]
    assert found == ([] if first is None else [(first, last)])


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore AG204", "does not say which rule is ignored, and why"),
        ("ignore AG204 because", "does not say which rule is ignored, and why"),
        ("ignore because it is right", "does not say which rule is ignored, and why"),
        ("disable AG204 because it is right", "does not say which rule is ignored, and why"),
        ("ignore AG299 because it is right", "there is no rule 'AG299'"),
        ("ignore AG2 because it is right", "there is no rule 'AG2'"),
        ("ignore AG203 because it is right", "AG203 is an error, which cannot be ignored"),
    ],
)
def test_comments_that_are_wrong(comment: str, message: str) -> None:
    """A comment without its rule or reason leaves nothing out, and is reported."""
    text = f"- id: a  # ankigen: {comment}\n"
    assert suppressions(text) == []
    ((place, said),) = wrong(text)
    assert place == f"{FILE}:1:10"
    assert said.endswith(message)


def test_what_is_left() -> None:
    """Only what is covered goes: the rule, the file, the lines, and no error."""
    one = Suppression(Span(FILE, 1, 1), "AG204", FILE, 3, 5)
    kept = [
        warning(2),
        warning(6),
        warning(4, Code.HTML),
        warning(4, file="cards/b/terms.yaml"),
        Diagnostic(Span(FILE, 4, 1), Code.LONE_TOPIC, "an error"),
    ]
    gone = [warning(3), warning(5)]
    assert list(apply([*gone, *kept], [one], lambda _: True)) == kept


def test_patterns_of_files() -> None:
    """A pattern covers the files that match it, and the codes that begin so."""
    one = Suppression(Span("ankigen.yaml", 5, 3), "AG2", "cards/*.csv")
    here = warning(0, Code.TOPIC_SLIP, "cards/a/terms.csv")
    there = warning(7, Code.TOPIC_SLIP, "cards/a/terms.yaml")
    assert list(apply([here, there], [one], lambda _: True)) == [there]


def test_a_suppression_that_nothing_needs() -> None:
    """It is reported where it stands, unless its rule was not looked for or it is a policy."""
    one = Suppression(Span(FILE, 1, 1), "AG204", FILE, 3, 5)
    (found,) = apply([], [one], lambda _: True)
    assert (found.code, found.span) == (Code.UNUSED_SUPPRESSION, one.span)
    assert list(apply([], [one], lambda _: False)) == []
    policy = Suppression(Span("ankigen.yaml", 1, 1), "AG204", "*", policy=True)
    assert list(apply([], [policy], lambda _: True)) == []


def test_unknown_codes() -> None:
    """A slip is answered with the nearest code; how codes begin is known."""
    assert unknown("AG2") is None
    assert unknown("AG2", whole=True) is not None
    assert unknown("AG40I") == ("there is no rule 'AG40I'", "did you mean 'AG401'?")


@given(st.text(alphabet="- :#[]{}\"'|>\nab&*", max_size=60))
def test_any_text(text: str) -> None:
    """Whatever a file holds, its comments are found or left alone, and cover lines of it."""
    whole = f"{text}\n# ankigen: ignore AG204 because x\n- id: a\n"
    for one in suppressions(whole):
        assert 1 <= one.first <= one.last <= whole.count("\n") + 1
