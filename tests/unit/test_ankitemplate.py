"""Templates as we read them; tests/functional/test_card_rule.py compares the rule with Anki's."""

from __future__ import annotations

import pytest

from ankigen import ankitemplate
from ankigen.ankitemplate import Replacement, Section, TemplateError


def test_parse_keeps_order_and_nesting() -> None:
    """Replacements and sections come as they stand; text and comments do not come."""
    parts = ankitemplate.parse(
        "<b>{{A}}</b>{{#B}}x{{^C}}{{type:nc:D}}{{/C}}{{/B}}<!-- {{E}} -->{{F}}"
    )
    inner = Section("C", negated=True, children=(Replacement("D", ("type", "nc")),))
    assert parts == (
        Replacement("A", ()),
        Section("B", negated=False, children=(inner,)),
        Replacement("F", ()),
    )


def test_replacements_go_depth_first() -> None:
    """All parts, each section before what is in it."""
    parts = ankitemplate.parse("{{#A}}{{B}}{{^C}}{{D}}{{/C}}{{/A}}{{E}}")
    assert [part.field for part in ankitemplate.replacements(parts)] == ["A", "B", "C", "D", "E"]


@pytest.mark.parametrize(
    ("template", "offset", "message"),
    [
        ("ab{{/A}}", 2, "'{{/A}}' closes what is not open"),
        ("{{#A}}x{{/B}}", 7, "'{{/B}}' closes what is not open"),
        ("{{#A}}{{/A}}{{/A}}", 12, "'{{/A}}' closes what is not open"),
        ("x{{#A}}y", 1, "'{{#A}}' is not closed"),
        ("{{#A}}{{^B}}{{A}}", 6, "'{{^B}}' is not closed"),
        (" {{=<% %>=}}<%#A%>", 12, "'{{#A}}' is not closed"),
    ],
)
def test_errors_are_placed(template: str, offset: int, message: str) -> None:
    """A template that Anki cannot read says where it goes wrong."""
    with pytest.raises(TemplateError) as raised:
        ankitemplate.parse(template)
    assert (raised.value.offset, str(raised.value)) == (offset, message)


@pytest.mark.parametrize(
    ("filled", "shown"),
    [(set(), False), ({"A"}, True), ({"A", "B"}, False), ({"B", "C"}, True), ({"D"}, False)],
)
def test_shows_something(filled: set[str], *, shown: bool) -> None:
    """A template shows something once a filled field is reached."""
    parts = ankitemplate.parse("text {{^B}}{{A}}{{/B}}{{#B}}{{hint:C}}{{/B}}<!-- {{D}} -->")
    assert ankitemplate.shows_something(parts, filled) is shown


def test_standard_cards() -> None:
    """The ordinals of the templates that show something; tags count as a field."""
    fronts = [ankitemplate.parse(f"{{{{{name}}}}}") for name in ("A", "B", "Tags")]
    assert ankitemplate.standard_cards(fronts, {"A": "<br>", "B": "x"}) == (1,)
    assert ankitemplate.standard_cards(fronts, {"A": "x", "B": " "}, tags=True) == (0, 2)
    assert ankitemplate.standard_cards(fronts, {"A": "", "B": ""}) == (0,)


def test_cloze_cards() -> None:
    """A card a number, sorted, without repeats, over all fields."""
    assert ankitemplate.cloze_cards(["{{c3::a}} {{c1::b}}", "{{c3,2::c}}"]) == (0, 1, 2)
    assert ankitemplate.cloze_cards(["", "none"]) == (0,)
