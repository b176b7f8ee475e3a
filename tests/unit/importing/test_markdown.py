"""HTML → Markdown: what is said stays, what cannot be said is told, our own comes back exactly."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen import markup
from ankigen.importing import markdown
from ankigen.importing.markdown import convert, exact, items

PROSE = {
    "plain words": "plain words",
    "a<br>b": "a<br>b",
    "<div>a</div><div>b</div>": "a\n\nb",
    "<p>a<p>b": "a\n\nb",
    "<b>Bold </b>word": "**Bold** word",
    "un<i>bel</i>ievable": "un*bel*ievable",
    '<i>"a"</i>b': '<em>"a"</em>b',
    "<b>a<div>b</div></b>": "**a**\n\n**b**",
    '<span style="font-weight: bold">a</span>': "**a**",
    '<span style="font-style: italic; vertical-align: sub">a</span>': "*<sub>a</sub>*",
    "H<sub>2</sub>O, <u>so</u> <kbd>x</kbd>": "H<sub>2</sub>O, <u>so</u> <kbd>x</kbd>",
    "<code>a*b</code> a*b_c": "`a*b` a*b_c",
    '<a href="https://a.b/?x=1&amp;y=2" title="t">c</a>': '[c](https://a.b/?x=1&y=2 "t")',
    "<ul><li>a<li>b<ul><li>c</ul></ul>": "- a\n- b\n  - c",
    "<ol start=3><li>a</li><li>b</li></ol>": "3. a\n4. b",
    "<ul><li><p>a</p><p>b</p></li><li>c</li></ul>": "- a\n\n  b\n\n- c",
    "<pre>a\n  b</pre>": "```\na\n  b\n```",
    "1. a": r"1\. a",
    "- a": r"\- a",
    "*a*": r"\*a\*",
    r"\(x_1\)": r"\\(x\_1\\)",
    "&lt;b&gt; &amp;amp;": r"\<b\> \&amp;",
    "a&nbsp; b&nbsp;c": "a b\xa0c",
    "{a}": "{a}",
    "": "",
    "<div><br></div>": "",
}
"""HTML, and the source of a text that says it."""


@pytest.mark.parametrize(("html", "source"), PROSE.items())
def test_prose(html: str, source: str) -> None:
    """Emphasis, code, links, lists, breaks, paragraphs and signs that mean something."""
    made = convert(html, "prose")
    assert (made.text, made.lost) == (source, ())


def test_in_one_paragraph() -> None:
    """A text of one paragraph keeps the lines of blocks apart."""
    assert convert("<div>a</div><ul><li>b</li><li>c</li></ul>", "text").text == "a<br>b<br>c"
    assert convert("- a", "text").text == "- a"
    assert convert("<b>a</b><br>b", "plain").text == "a b"


def test_lists_of_texts() -> None:
    """They are the items of a list, or lines."""
    assert [c.text for c in items("<ul><li>a</li><li><b>b</b> c</li></ul>")] == ["a", "**b** c"]
    assert [c.text for c in items("a<br>b<div>c</div>")] == ["a", "b", "c"]
    assert [c.lost for c in items("<font color=red>a</font><br>b")] == [("colours",), ()]
    assert items("") == ()


@pytest.mark.parametrize(
    ("html", "text", "lost"),
    [
        ("<script>x</script>a", "a", "a script"),
        ('<span style="color:red">a</span>', "a", "colours"),
        ('<font size="5">a</font>', "a", "sizes of text"),
        ("<table><tr><th>a<td>b<tr><td>c<td>d</table>", "**a** | b\n\nc | d", "a table's layout"),
        ("<h1>a</h1>b", "**a**\n\nb", "headings"),
        ("<hr>a", "a", "a line across"),
        ('<a href="javascript:x">a</a>', "a", "a link that leads to no web page"),
        ('<img src="http://a.b/c.png">a', "a", "a picture from elsewhere"),
        ("<blink>a</blink>", "a", "<blink>"),
        ("[latex]x[/latex]", "\\[latex\\]x\\[/latex\\]", "LaTeX"),
        ("a {{c1::b}}", "a b", "what is to be filled in (a cloze deletion)"),
        ("x" * 50_001, "", "a text of 50,001 characters"),
    ],
)
def test_what_is_lost(html: str, text: str, lost: str) -> None:
    """What Markdown cannot say is named, and the words stay."""
    made = convert(html, "prose")
    assert made.lost == (lost,)
    assert made.text in (text, text.replace("\\", ""))


def test_media() -> None:
    """Pictures and sounds are taken out of the text and named."""
    made = convert('a [sound:b &amp; c.mp3]<img src="d%20e.png"> f', "text")
    assert (made.text, made.sounds, made.images) == ("a f", ("b & c.mp3",), ("d%20e.png",))


@pytest.mark.parametrize(
    ("html", "text", "hints", "clozes"),
    [
        ("a {{c1::b::h}} c", "a {b} c", ("h",), ("1",)),
        ("{{c1::a}}{{c2::<b>b</b>}}", "{a}{**b**}", ("", ""), ("1", "2")),
        ("{{c1::a {{c2::b}} c::d}}", "{a b c}", ("d",), ("1",)),
        ("{{c1,2::a}} {x}", r"{a} \{x\}", ("",), ("1,2",)),
        ("<b>a {{c1::b</b> c}}", "a {b c}", ("",), ("1",)),
        ("a {{c1::b", r"a \{\{c1::b", (), ()),
        ("a }} b", r"a \}\} b", (), ()),
    ],
)
def test_gaps(html: str, text: str, hints: tuple[str, ...], clozes: tuple[str, ...]) -> None:
    """Cloze deletions become gaps; the outermost of nested ones counts; braces stay braces."""
    for kind in ("gapped", "marked"):
        made = convert(html, kind)
        assert (made.text, made.hints, made.clozes) == (text, hints, clozes)


TAGS = st.sampled_from(["b", "i", "u", "sub", "code", "span", "div", "p", "ul", "li", "ol", "pre"])
WORDS = st.text('ab1.-*_`#>[]()!{}\\~|:&<" \n\xa0é音', min_size=1, max_size=8)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> str:
    """HTML as an editor writes it: every element closed, words escaped."""
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        text = draw(WORDS).replace("&", "&amp;").replace("<", "&lt;")
        parts.append(text)
        if depth and draw(st.booleans()):
            tag = draw(TAGS)
            parts.append(f"<{tag}>{draw(trees(depth - 1))}</{tag}>")
        if draw(st.booleans()):
            parts.append("<br>")
    return "".join(parts)


def words(html: str) -> str:
    """What one reads, without regard to spaces."""
    return re.sub(r"\s+", "", markup.words(html.replace("<br>", "<br> ")))


@given(trees())
@example("<b> </b>a<i>*</i>")
@example("<code>`</code>")
@example("1<li>:</li>2<li>3</li>4")
@example("<ul>1<li>2</li>3<div>4</div></ul>5")
@example("<ul><li><pre>a\n\n b</pre></li></ul>")
@example("1<ul> <ul>1</ul></ul>")
@example("<ul><li>1</li><pre>2</pre><ol>3</ol></ul>")
def test_no_word_is_lost(html: str) -> None:
    """The words that a person reads are the same, whatever surrounds them."""
    assert words(str(markup.block(convert(html, "prose").text).html)) == words(html)
    assert words(str(markup.inline(convert(html, "text").text).html)) == words(html)
    assert re.sub(r"\s+", "", convert(html, "plain").text) == words(html)


@given(trees())
def test_it_stays_as_it_is(html: str) -> None:
    """What a text comes to is converted to a text that comes to the same."""
    once = str(markup.block(convert(html, "prose").text).html)
    again = str(markup.block(convert(once, "prose").text).html)
    assert markdown._same(once, again)  # noqa: SLF001 - line ends beside tags mean nothing


SOURCES = st.text("ab *_`<>[]()&{}\\!-1.\n#'\"é", max_size=30) | trees()


@given(SOURCES)
@example("<b>a</b> **b** <i title='x'>c</i>")
@example("- a\n- b\n\n1. c")
@example("```\na\n```")
@example("1<pre>\n\n</pre>")
def test_our_own_comes_back(source: str) -> None:
    """The source that is found for what a text came to comes to the same."""
    for kind, make in (("prose", markup.block), ("text", markup.inline)):
        html = str(make(source).html)
        found = exact(html, kind)  # type: ignore[arg-type] # both are types of keys
        if html.strip():
            assert found is not None
            assert str(make(found).html) == html


@given(st.text("ab {}\\*<>&é", max_size=20))
@example("{a} and {b}")
@example("{a <b>b</b> c}")
def test_our_own_gaps_come_back(source: str) -> None:
    """So does a text with gaps, shown filled."""
    made = markup.gapped(source)
    if made is not None:
        html = str(made.__html__())
        found = exact(html, "gapped")
        assert found is not None
        again = markup.gapped(found)
        assert again is not None
        assert (str(again.__html__()), again.answers) == (html, made.answers)


PIECES = st.sampled_from(
    [
        *("<b>", "</b>", "<p", ">", "<!--", "-->", "<![CDATA[", "{{c1::", "::", "}}", "[sound:"),
        *("<li>", "</ul>", "<table>", "<td>", "<script>", "&amp", "&#x", "<pre>", "\ue000", "]"),
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join))
def test_any_html(html: str) -> None:
    """Any text is converted, and what comes of it is no danger to a source."""
    for kind in ("prose", "text", "plain", "gapped", "marked"):
        convert(html, kind)
    items(html)
    exact(html, "prose")


@pytest.mark.parametrize("piece", ["<b>", "<div>", "<", "{{c1::", "<li>", "&", "[sound:", "*a "])
def test_long_html(piece: str) -> None:
    """A field as long as is read is converted soon."""
    convert(piece * (markdown.MAX_CHARACTERS // len(piece)), "prose")
