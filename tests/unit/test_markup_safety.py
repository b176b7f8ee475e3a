"""Nothing that a text holds can run, load, embed or restyle on a learner's machine."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen import markup
from hostile import HOSTILE_TEXTS

ALLOWED_ATTRIBUTES = {"href", "title", "rel", "lang", "dir", "start", "class"}
ALLOWED_SCHEMES = {"", "http", "https"}
OURS = {"gap", "blank"}
"""The classes that gaps get, the only ones there are."""


class _Inspector(HTMLParser):
    """Collects whatever the allow-list should have removed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element and its attributes."""
        if tag not in markup.TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ALLOWED_ATTRIBUTES:
                self.found.append(f"{tag} {name}")
            if name == "class" and value not in OURS:
                self.found.append(f"{tag} class={value}")
            if name == "href" and urlsplit((value or "").strip()).scheme not in ALLOWED_SCHEMES:
                self.found.append(f"{tag} href={value}")

    def handle_comment(self, data: str) -> None:
        """A comment may hide what another parser sees."""
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """So may a declaration."""
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        """So may a processing instruction."""
        self.found.append(f"<?{data}>")


def dangers(html: str) -> list[str]:
    """What is in it that may not be, after Anki has stored it (in NFC)."""
    inspector = _Inspector()
    inspector.feed(unicodedata.normalize("NFC", html))
    inspector.close()
    return inspector.found


def everything(text: str) -> list[str]:
    """The text as each kind of field would hold it."""
    made = [str(kind(text).html) for kind in (markup.inline, markup.block, markup.plain)]
    gapped = markup.gapped(f"{{gap}} {text}")
    if gapped is not None:
        made += [
            str(gapped.__html__()),
            str(gapped.blank()),
            str(gapped.cloze(markup.inline(text))),
        ]
    inside = markup.gapped(f"{{gap {text}}}")
    if inside is not None:
        made += [str(inside.__html__()), str(inside.cloze(text))]
    return made


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_nothing_runs(text: str) -> None:
    """Known ways to smuggle code in leave nothing that a browser would act on."""
    for html in everything(text):
        assert dangers(html) == [], html


def test_the_inspector_sees() -> None:
    """What the tests above look for would be found."""
    for html in ("<script>", "<b onclick=x>", "<a href='javascript:x'>", "<!--x-->", "<p class=x>"):
        assert dangers(html) != []
    assert dangers("<b>\u0338 onclick=alert(1) x</b>") != []


FRAGMENTS = st.sampled_from(
    [
        *("<", ">", "&", '"', "'", "`", "*", "[", "]", "(", ")", "{", "}", ":", "/", "=", "!", "-"),
        *("script", "onclick=", "javascript:", "<b>", "</b>", "<a href=", "<img src=", "<!--"),
        *("-->", "&#60;", "&lt;", "&#824;", "\u0338", "<svg>", "<style>", " ", "\n", "\\", "x"),
    ]
)


@given(st.lists(FRAGMENTS, max_size=12).map("".join) | st.text(st.characters(codec="utf-8")))
@example("<b>\u0338 onclick=x</b>")
def test_output_is_allow_listed(text: str) -> None:
    """Whatever is written, only allowed elements, attributes and addresses reach a card."""
    for html in everything(text):
        assert dangers(html) == []
        assert "\x1f" not in html
