"""HTML of other programs: what stays byte for byte, and that nothing that stays can do harm."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen.rawhtml import Kept, kept
from ankigen.verify.webscan import scan_html

HARMLESS = [
    "",
    " two  spaces and an end ",
    "a &lt; b &amp; c&nbsp;d é 音",
    "1 < 2, x <3 & y",
    "one<br>two<br/>three<BR />four\n<p>five",
    '<div class="c" id=\'d\' data-x="1" aria-label=z><b>b</b></div>',
    '<span style="color: rgb(1, 2, 3); font-family: &quot;Noto Sans&quot;, serif;">x</span>',
    '<font color=red size=3 face="Arial">x</font>',
    "<table border=1><tr><td colspan=2>x<td>y</table>",
    "<!--StartFragment-->x<!-- a - b -->",
    "<ul><li>a<li>b</ul></div><i>",
    '<a href="https://example.org/?a=1&amp;b=2">x</a><a href="mailto:a@b.org">y</a>',
    '<a href="#n" name=m>z</a>',
    "{{c1::<b>a</b>::hint}} {{c2::b}}",
    r"\(x^2 < 3\) \[y\] [latex]z[/latex]",
    "<details open><summary>more</summary>less</details>",
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
]


@pytest.mark.parametrize("html", HARMLESS)
def test_harmless(html: str) -> None:
    """What Anki's editor and pasted text leave in a field stays as it is, byte for byte."""
    assert kept(html) == Kept(html)


@pytest.mark.parametrize(
    ("html", "files"),
    [
        ('<img src="a b.jpg">', ("a b.jpg",)),
        ("<IMG SRC=paste-1.png alt='x'>", ("paste-1.png",)),
        ('<img src="a%20b&amp;c.jpg" width=10 />', ("a%20b&c.jpg",)),
        ("x[sound:rec &amp; 1.mp3] [sound:b.ogg][sound:b.ogg]", ("rec & 1.mp3", "b.ogg")),
        ('<img src="">', ()),
    ],
)
def test_files(html: str, files: tuple[str, ...]) -> None:
    """Pictures and sounds stay, and the files that they name are told."""
    assert kept(html) == Kept(html, files)


@pytest.mark.parametrize(
    ("html", "made", "refused"),
    [
        ("<script>alert(1)</script>x", "x", ("<script>", "</script>")),
        ("<b onclick='x'>y</b>", "<b>y</b>", ('onclick="x"',)),
        ('<img src=x.png onerror="y">', '<img src="x.png">', ('onerror="y"',)),
        ('<img src="http://a.b/c.png">', "<img>", ('src="http://a.b/c.png"',)),
        ('<img src="//a.b/c.png">', "<img>", ('src="//a.b/c.png"',)),
        ('<img src="%2e%2e%2fc.png">', "<img>", ('src="%2e%2e%2fc.png"',)),
        ('<a href="javascript:x">y</a>', "<a>y</a>", ('href="javascript:x"',)),
        ('<a href="&#106;ava\tscript:x">y</a>', "<a>y</a>", ('href="java\tscript:x"',)),
        ("<p style='background: url(x)'>y", "<p>y</p>", ('style="background: url(x)"',)),
        ("<p style='position: fixed'>y", "<p>y</p>", ('style="position: fixed"',)),
        ("<iframe src=x></iframe>y", "y", ("<iframe>", "</iframe>")),
        ('x<a title="', "x", ('<a title="',)),
        ("x <", "x &lt;", ("<",)),
        ("x<!-- a -- b -->y", "xy", ("<!-- a -- b --",)),
        ("[sound:http://a.b/c]", "&#91;sound:http://a.b/c]", ("[sound:http://a.b/c]",)),
        ("[sound:../c.mp3]", "&#91;sound:../c.mp3]", ("[sound:../c.mp3]",)),
        ("[sound:c.mp3", "&#91;sound:c.mp3", ("[sound:c.mp3",)),
        ("[anki:play:q:0]", "&#91;anki:play:q:0]", ("[anki:",)),
        ("e\u0301", "é", ("characters that are not in Unicode's form NFC",)),
    ],
)
def test_harmful(html: str, made: str, refused: tuple[str, ...]) -> None:
    """What could run, load, embed or take in the rest of the card is gone, and told."""
    found = kept(html)
    assert (found.html, found.refused) == (made, refused)


PIECES = st.sampled_from(
    [
        *("<b>", "</b>", "<img ", "src=", "onerror=", "alert(1)", "x.png", ">", "/>", " ", "="),
        *("<!--", "-->", "--!>", "<!", "<?", "<script>", "</script>", "<svg>", "<style>", "<a "),
        *("href=", "javascript:", "data:text/html,", "https://a.b", '"', "'", "`", "&quot;", "<"),
        *("style=", "color:red", "url(//a)", "expression(", ";", "[sound:", "]", "{{c1::", "}}"),
        *("&#x6a;", "\u0338", "\n", "\t", "<math>", "<mtext>", "<table>", "<textarea>", "]]>"),
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
@example("<p a='>\" onclick=x'>")
@example("<img src=x.png/onerror=alert(1)>")
@example('<a title="x"href="javascript:1">')
def test_any_text(text: str) -> None:
    """Whatever a field holds, the check of packages finds no danger in what is kept of it."""
    found = kept(text)
    assert scan_html(found.html).dangers == ()
    assert kept(found.html).html == found.html
    assert kept(found.html).refused == ()
    assert found.refused or found.html == text


@given(st.lists(PIECES, max_size=8).map("".join), st.lists(PIECES, max_size=8).map("".join))
def test_side_by_side(one: str, other: str) -> None:
    """Two fields that are kept do no harm together either."""
    assert scan_html(kept(one).html + kept(other).html).dangers == ()


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<a x='", "<!--", "[sound:", "<img src=", "&", 'a="']
)
def test_long_broken_texts(piece: str) -> None:
    """A megabyte of them is read within the suite's patience."""
    assert kept(piece * (1_000_000 // len(piece))).html is not None
