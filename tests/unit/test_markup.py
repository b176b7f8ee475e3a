"""What Markdown becomes on a card, and which words are in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen import markup

NEVER = re.compile(r"(?!)")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain words", "plain words"),
        ("*em* and **strong**", "<em>em</em> and <strong>strong</strong>"),
        ("a `code` word", "a <code>code</code> word"),
        ("`a < b && c`", "<code>a &lt; b &amp;&amp; c</code>"),
        ("x < y > z & w", "x &lt; y &gt; z &amp; w"),
        ("snake_case_name", "snake_case_name"),
        (r"\*not em\*", "*not em*"),
        ("H<sub>2</sub>O, x<sup>2</sup>", "H<sub>2</sub>O, x<sup>2</sup>"),
        ("one<br>two", "one<br>two"),
        ("one  \ntwo", "one<br>\ntwo"),
        ("one\\\ntwo", "one<br>\ntwo"),
        ("&eacute;&#8212;&nbsp;", "é—&nbsp;"),
        ("e\u0301", "é"),
        ("# no heading", "# no heading"),
        ("![alt](http://x.org/a.png)", '!<a href="http://x.org/a.png"{rel}>alt</a>'),
        ("[MLIR](https://mlir.llvm.org)", '<a href="https://mlir.llvm.org"{rel}>MLIR</a>'),
        (
            "<https://x.org/?a&b>",
            '<a href="https://x.org/?a&amp;b"{rel}>https://x.org/?a&amp;b</a>',
        ),
        ("[mail](mailto:a@b.org)", "<a{rel}>mail</a>"),
        ("[here](page.html)", '<a href="page.html"{rel}>here</a>'),
        ("<b>never closed", "<b>never closed</b>"),
    ],
)
def test_inline(text: str, html: str) -> None:
    """The subset of Markdown and HTML that a paragraph may use."""
    assert markup.inline(text).html == html.replace("{rel}", ' rel="noopener noreferrer"')


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one paragraph", "one paragraph"),
        ("one *em* paragraph", "one <em>em</em> paragraph"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("```\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("    four spaces", "four spaces"),
        ("# no heading", "# no heading"),
        ("no heading\n===", "no heading\n==="),
        ("no rule\n\n---", "<p>no rule</p>\n<p>---</p>"),
        ("> no quotation", "&gt; no quotation"),
        ("[no]: http://x.org", "[no]: http://x.org"),
    ],
)
def test_block(text: str, html: str) -> None:
    """Paragraphs and lists; what would break a card's layout stays text."""
    assert markup.block(text).html == html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*em*, `code` and [link](http://x.org)", "em, code and link"),
        ("one<br>two", "one two"),
        ("one  \ntwo\nthree", "one two three"),
        ("x<sub>2</sub>", "x2"),
        ("a &lt; b", "a < b"),
        ("say <script>alert(1)</script> this", "say this"),
        ("- first\n- second\n\nthird", "first second third"),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", "term meaning"),
    ],
)
def test_words(text: str, words: str) -> None:
    """The plain text is what one reads on the card, ready to be spoken."""
    assert markup.block(text).plain == words


def test_plain_has_no_markdown() -> None:
    """In a plain text nothing has a meaning, neither Markdown nor HTML."""
    made = markup.plain("/ɡəʊ/ *a* <b> & [c](d)")
    assert made.html == "/ɡəʊ/ *a* &lt;b&gt; &amp; [c](d)"
    assert made.plain == "/ɡəʊ/ *a* <b> & [c](d)"


def test_rich_is_not_escaped_again() -> None:
    """A template inserts what was sanitised as it is."""
    assert markup.inline("*a*").__html__() == "<em>a</em>"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("a <kbd>b</kbd>", ()),
        ("a <img src=x> b", ("<img src=x>",)),
        ("<SCRIPT>a</SCRIPT>", ("<SCRIPT>", "</SCRIPT>")),
        ("a <!-- b -->", ("<!-- b -->",)),
    ],
)
def test_refused(text: str, refused: tuple[str, ...]) -> None:
    """The author hears of HTML that does not reach the card."""
    assert markup.block(text).refused == refused


PLAIN_TEXT = st.text(st.characters(codec="utf-8")) | st.text(
    st.sampled_from("aZ_1é .,:;-+=~'\"()\x1c\u2028\u3000\u0338\ufeff")
)


@given(PLAIN_TEXT)
@example("two  spaces")
@example(" around ")
@example("a\u2028b")
@example("\ufeffbom")
@example("a. b")
@example("1. a")
def test_fast_paths_give_what_the_full_path_gives(text: str) -> None:
    """Text without markup skips the parser, and nobody can tell."""
    fast = markup.inline(text), markup.block(text)
    with pytest.MonkeyPatch.context() as patch:
        for shortcut in ("_PLAIN_INLINE", "_PLAIN_BLOCK", "_ONE_PARAGRAPH"):
            patch.setattr(markup, shortcut, NEVER)
        assert fast == (markup.inline(text), markup.block(text))


def test_initials() -> None:
    """A hint shows how each word begins."""
    assert markup.initials("operator fusion") == "o… f…"
