"""Cards as HTML: what fits into their gaps, and that no part of them can do harm."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import cardhtml
from ankigen.cardhtml import Template
from hostile import HOSTILE_CARDS


class Elements(HTMLParser):
    """Collects every element with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        self.found.append((tag, dict(attrs)))


def is_harmless(html: str) -> bool:
    """Whether nothing in it runs, embeds, or leads to anything but the web."""
    bad = {
        "script",
        "iframe",
        "object",
        "embed",
        "base",
        "meta",
        "link",
        "style",
        "form",
        "template",
    }
    for tag, attributes in Elements(html).found:
        if tag in bad or any(name.startswith("on") or "action" in name for name in attributes):
            return False
        if "example.org" in (attributes.get("style") or ""):
            return False
        if (attributes.get("href") or "#").partition(":")[0] not in {
            "http",
            "https",
            "mailto",
            "#",
        }:
            return False
    return True


@pytest.mark.parametrize("html", HOSTILE_CARDS)
def test_nothing_in_a_field_or_a_template_runs(html: str) -> None:
    """Neither on the front nor on the back, wherever it stands."""
    front, back = "{{F}}" + html, "{{FrontSide}}{{hint:F}}{{type:F}}" + html
    template = Template.of(html, front, back, cloze=False)
    sides = cardhtml.render(template, {"F": html}, 0)
    assert is_harmless(sides.front)
    assert is_harmless(sides.back)
    cloze = Template.of("C", "{{cloze:F}}", "{{cloze:F}}", cloze=True)
    assert all(map(is_harmless, cardhtml.render(cloze, {"F": "{{c1::" + html + "::h}}"}, 0)))


@given(st.text(alphabet="<>/=\"' ainpscrtog:[]{}!-", max_size=60))
def test_any_text_is_harmless(html: str) -> None:
    """However broken it is."""
    template = Template.of("T", "{{F}}", "{{FrontSide}}{{F}}", cloze=False)
    assert all(map(is_harmless, cardhtml.render(template, {"F": html}, 0)))


def test_what_is_asked() -> None:
    """The field that one types, the gap of a number; nothing where nothing is asked."""
    typing = Template.of("T", "{{D}}{{type:F}}", "{{F}}", cloze=False)
    assert cardhtml.answer(typing, {"F": "<b>operator</b> fusion [sound:a.mp3]"}, 0) == (
        "operator fusion"
    )
    gap = Template.of("C", "{{cloze:F}}", "{{cloze:F}}", cloze=True)
    text = "{{c1::One::hint}} and {{c2::two}}, {{c1::<b>three</b>}}."
    assert cardhtml.answer(gap, {"F": text}, 0) == "One, three"
    assert cardhtml.answer(gap, {"F": text}, 1) == "two"
    assert cardhtml.answer(Template.of("R", "{{F}}", "{{D}}", cloze=False), {"F": "x"}, 0) == ""


def test_sounds_become_buttons() -> None:
    """That name their files, without anything that plays by itself."""
    template = Template.of("T", "{{F}}", "{{F}}", cloze=False)
    front = cardhtml.render(template, {"F": "[sound:a-1.mp3]"}, 0).front
    buttons = [attributes for tag, attributes in Elements(front).found if tag == "button"]
    assert [one["data-sound"] for one in buttons] == ["a-1.mp3"]
    assert "[sound:" not in front
    assert cardhtml.sounds("[sound:a-1.mp3] x [sound:b.mp3]") == ["a-1.mp3", "b.mp3"]
