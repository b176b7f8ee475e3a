"""Diagnostics: places, order, hints."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.diagnostics import (
    Code,
    Diagnostic,
    Severity,
    SourceError,
    Span,
    column_letters,
    did_you_mean,
    nearest,
)


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (Span("cards/a/terms.yaml"), "cards/a/terms.yaml"),
        (Span("terms.yaml", 3), "terms.yaml:3"),
        (Span("terms.yaml", 3, 7), "terms.yaml:3:7"),
        (Span("terms.yaml", 0, 7), "terms.yaml"),
        (Span("terms.xlsx", 7, 2, sheet="Sheet1"), "terms.xlsx!Sheet1:B7"),
        (Span("terms.xlsx", 7, 28, sheet="Unit 2"), "terms.xlsx!Unit 2:AB7"),
        (Span("terms.xlsx", 7, sheet="Sheet1"), "terms.xlsx!Sheet1:7"),
        (Span("terms.xlsx", sheet="Sheet1"), "terms.xlsx!Sheet1"),
    ],
)
def test_a_span_shows_what_is_known(span: Span, shown: str) -> None:
    """A place leaves out the column or line that is not known."""
    assert str(span) == shown


@pytest.mark.parametrize(
    ("column", "letters"),
    [(0, ""), (1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA")],
)
def test_columns_have_letters(column: int, letters: str) -> None:
    """They are counted as spreadsheets do, without a nought."""
    assert column_letters(column) == letters


def test_codes_are_unique_and_regular() -> None:
    """Every code is AG and three digits; an alias would merge two members into one."""
    assert all(re.fullmatch(r"AG\d{3}", code) for code in Code)
    assert len(Code) == len(Code.__members__)


def test_errors_are_the_default() -> None:
    """A diagnostic stops the build unless it says otherwise."""
    assert Diagnostic(Span("a"), Code.YAML, "x").severity is Severity.ERROR


SPANS = st.builds(
    Span,
    st.sampled_from("ab"),
    st.integers(0, 12),
    st.integers(0, 12),
    sheet=st.sampled_from(["", "x", "y"]),
)
DIAGNOSTICS = st.builds(
    Diagnostic, SPANS, st.sampled_from(Code), st.sampled_from("xy"), st.just(""), st.just("error")
)


@given(st.lists(DIAGNOSTICS))
def test_an_error_orders_by_place_without_repeats(found: list[Diagnostic]) -> None:
    """A source error carries each diagnostic once, by file, sheet, line (as a number), column."""
    error = SourceError([*found, *found])
    spans = [d.span for d in error.diagnostics]
    places = [(span.file, span.sheet, span.line, span.column) for span in spans]
    assert places == sorted(places)
    assert len(error.diagnostics) == len(set(found))
    assert set(error.diagnostics) == set(found)


def test_an_error_says_all_of_it() -> None:
    """The exception's own text has a line a diagnostic, for whoever meets it without a report."""
    error = SourceError(
        [
            Diagnostic(Span("b", 10, 1), Code.TAB, "second"),
            Diagnostic(Span("b", 9, 1), Code.EMPTY, "first"),
        ]
    )
    assert str(error) == "b:9:1: AG005 first\nb:10:1: AG011 second"


@pytest.mark.parametrize(
    ("word", "known", "match"),
    [
        ("definiton", ["definition", "term", "id"], "definition"),
        ("trem", ["definition", "term"], "term"),
        ("Kernel", ["kernel", "colonel"], "kernel"),
        ("kernel", [], None),
        ("xyz", ["definition", "term"], None),
        ("", ["term"], None),
    ],
)
def test_the_nearest_word_is_a_slip_away(word: str, known: list[str], match: str | None) -> None:
    """A slip finds its word; a word unlike all others finds none."""
    assert nearest(word, known) == match


def test_a_hint_names_the_word_or_says_the_alternative() -> None:
    """Without a near word the hint is what the caller gives, by default nothing."""
    assert did_you_mean("trem", ["term"], "x") == "did you mean 'term'?"
    assert did_you_mean("xyz", ["term"], "choose one of term") == "choose one of term"
    assert did_you_mean("xyz", ["term"]) == ""
