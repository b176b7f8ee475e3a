"""HTML → runs with marks: elements may stand in each other in any way."""

from __future__ import annotations

import pytest

from ankigen.importing import htmlreader
from ankigen.importing.richtext import Bullets, Mark, Paragraph, Run, Verbatim, common

B, I = Mark("strong"), Mark("em")  # noqa: E741 - as the elements are called


def paragraphs(html: str) -> list[list[Run]]:
    """The runs of each paragraph."""
    return [block.runs for block in htmlreader.read(html).blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    ("html", "runs"),
    [
        ("<b>a<i>b</i></b>", [[Run("a", (B,)), Run("b", (B, I))]]),
        ("<b>a</b><b>b</b>", [[Run("ab", (B,))]]),
        ("<b>a <i> b</i></b> c", [[Run("a ", (B,)), Run("b", (B, I)), Run(" c")]]),
        ("<b><p>a</p><p>b</p></b>", [[Run("a", (B,))], [Run("b", (B,))]]),
        ("a<br><br>b<br>", [[Run("a"), Run("\n"), Run("\n"), Run("b")]]),
        ("<strong>a</strong><strong> </strong>b", [[Run("a", (B,)), Run(" b")]]),
        ("a</b>b</div>c", [[Run("ab")], [Run("c")]]),
        ("<b><b>a</b>b</b>", [[Run("ab", (B,))]]),
    ],
)
def test_marks(html: str, runs: list[list[Run]]) -> None:
    """Spaces stand outside of marks, neighbours of one look are one, blocks split marks."""
    assert paragraphs(html) == runs


def test_lists() -> None:
    """Items hold blocks; what is in a list and in no item is an item; items alone are a list."""
    (made,) = htmlreader.read("<ol start=2>x<li>a<ul><li>b</ul><li>c</ol>").blocks
    assert isinstance(made, Bullets)
    assert (made.start, len(made.items)) == (2, 3)
    inner = made.items[1][1]
    assert isinstance(inner, Bullets)
    assert inner.start is None
    (alone,) = htmlreader.read("<li>a</li><li>b</li>").blocks
    assert isinstance(alone, Bullets)
    assert len(alone.items) == 2


def test_verbatim() -> None:
    """The spaces of <pre> count, its tags do not."""
    assert htmlreader.read("<pre>\na\n  <b>b</b>&lt;\n</pre>c").blocks[0] == Verbatim("a\n  b<")


def test_depth() -> None:
    """Elements in elements without end are told, and every word stays."""
    made = htmlreader.read("<div><b>a" * 500)
    assert made.lost == ["elements in too many others"]
    assert sum(len(runs) for runs in paragraphs("<div><b>a" * 500)) == 500


def test_links() -> None:
    """Their addresses are marks; those that are none are told."""
    (runs,) = paragraphs('<a href=" https://a.b " title="c  d">e</a>')
    assert runs == [Run("e", (Mark("a", "https://a.b", "c d"),))]
    assert htmlreader.read('<a href="file:///x">e</a>').lost == ["a link that leads to no web page"]


def test_common() -> None:
    """The marks that two runs share are shared from outside."""
    assert common((B, I), (B,)) == (B,)
    assert common((I, B), (B, I)) == ()
