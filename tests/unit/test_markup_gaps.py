"""Gaps in braces: where they are, what they hide, and what Anki makes of them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ankigen import markup


@pytest.mark.parametrize(
    ("text", "parts", "answers"),
    [
        ("Each {kernel} reads.", ("Each ", "kernel", " reads."), ("kernel",)),
        ("{a} and {b c}", ("", "a", " and ", "b c", ""), ("a", "b c")),
        ("{a}{b}", ("", "a", "", "b", ""), ("a", "b")),
        ("`{x}` is {y}", ("<code>{x}</code> is ", "y", ""), ("y",)),
        ("{`f(x) {}`}", ("", "<code>f(x) {}</code>", ""), ("f(x) {}",)),
        (r"\{x\} is {y}", ("{x} is ", "y", ""), ("y",)),
        (r"{x\}y}", ("", "x}y", ""), ("x}y",)),
        ("{std::move}", ("", "std::move", ""), ("std::move",)),
        ("**{a}** b", ("<strong>", "a", "</strong> b"), ("a",)),
        ("{**a** b}", ("", "<strong>a</strong> b", ""), ("a b",)),
        ("*x {y} z*", ("<em>x ", "y", " z</em>"), ("y",)),
        ("<b>{x}</b>", ("<b>", "x", "</b>"), ("x",)),
        ("{two\nlines}", ("", "two\nlines", ""), ("two lines",)),
        ("{a<br>b}", ("", "a<br>b", ""), ("a b",)),
        ("[a](http://x.org/{b}) {c}", None, ("c",)),
    ],
)
def test_gapped(text: str, parts: tuple[str, ...] | None, answers: tuple[str, ...]) -> None:
    """A bare brace is an edge; in code, in a link's address or behind a backslash it is not."""
    made = markup.gapped(text)
    assert made is not None
    assert made.answers == answers
    assert parts in (None, made.parts)


@pytest.mark.parametrize(
    "text",
    [
        "no gap",
        "{open",
        "closed}",
        "}backwards{",
        "{}",
        "{ }",
        "{&nbsp;}",
        "{{nested}}",
        "{{c1::cloze}}",
        "**a {b** c}",
        "{a **b} c**",
        "**{a** b **c}**",
        "<b>{a</b>}",
        "{<script>a</script>}",
        "{<img src=x>}",
        "\ue000{a}",
    ],
)
def test_no_gap(text: str) -> None:
    """Braces that do not pair up, hold nothing, or cut emphasis in two make no gap."""
    assert markup.gapped(text) is None


@pytest.mark.parametrize(
    ("text", "hint", "cloze"),
    [
        ("a {b c} d", "", "a {{c1::b c::b… c…}} d"),
        ("{a} {b}", "", "{{c1::a::a…}} {{c1::b::b…}}"),
        ("{a}", "letter", "{{c1::a::letter}}"),
        ("{a}", "<i>", "{{c1::a::&lt;i&gt;}}"),
        ("{std::move}", "", "{{c1::std&#58;&#58;move::s…}}"),
        ("`{x}` {`{y}`}", "z", "<code>&#123;x&#125;</code> {{c1::<code>&#123;y&#125;</code>::z}}"),
        ("{a}", "x}}{{c2::y", "{{c1::a::x&#125;&#125;&#123;&#123;c2&#58;&#58;y}}"),
        ("{a}", "sound:x.mp3", "{{c1::a::sound&#58;x.mp3}}"),
        ("{a}", "latex]x[/latex", "{{c1::a::latex&#93;x&#91;/latex}}"),
    ],
)
def test_cloze(text: str, hint: str, cloze: str) -> None:
    """Neither a text nor a hint can end the deletion, begin another, or become a sound."""
    made = markup.gapped(text)
    assert made is not None
    assert made.cloze(hint) == cloze


def test_cloze_takes_a_rich_hint_as_words() -> None:
    """A hint written in Markdown is shown as its words."""
    made = markup.gapped("{a}")
    assert made is not None
    assert made.cloze(markup.inline("*one* & two")) == "{{c1::a::one &amp; two}}"
    assert made.cloze(markup.inline("")) == "{{c1::a::a…}}"


def test_shown_filled_and_blank() -> None:
    """Other cards show the sentence with its gap filled, or with a line."""
    made = markup.gapped("*Each* {kernel} reads.")
    assert made is not None
    assert made.__html__() == '<em>Each</em> <b class="gap">kernel</b> reads.'
    assert made.blank() == '<em>Each</em> <span class="blank">_____</span> reads.'
    assert made.plain == "Each kernel reads."


OUTSIDE = st.text(st.sampled_from("ab *`\\<>&:\n_[]()é"), max_size=8)
INSIDE = st.tuples(st.sampled_from(["w", "w *a*", "`{}`", "std::w", "<b>w</b>"]), OUTSIDE).map(
    "".join
)
GAPPED = st.lists(st.tuples(OUTSIDE, INSIDE), min_size=1, max_size=3).map(
    lambda pairs: "".join(f"{outside}{{{inside}}}" for outside, inside in pairs)
)


@given(GAPPED)
def test_parts_agree_with_plain(text: str) -> None:
    """Whatever is written, words stand where the card shows them, and every gap has some."""
    made = markup.gapped(text)
    assume(made is not None)
    assert made is not None
    assert len(made.parts) == 2 * len(made.answers) + 1
    assert all(made.answers)
    at, squeezed = 0, "".join(made.plain.split())
    for answer in made.answers:
        wanted = "".join(answer.split())
        at = squeezed.index(wanted, at) + len(wanted)
    cloze = str(made.cloze())
    assert cloze.count("{{c1::") == cloze.count("}}") == len(made.answers)
    assert cloze.count("{") == cloze.count("}") == 2 * len(made.answers)


@given(st.text(st.sampled_from("ab *`{}\\<>&:.é"), min_size=1))
def test_a_gap_does_not_change_the_words(text: str) -> None:
    """Filling the gap gives back the sentence as it reads without braces."""
    made = markup.gapped(f"{{word}} {text}")
    assume(made is not None and len(made.answers) == 1)
    assert made is not None
    without = markup.inline(f"word {text}")
    assert made.plain == without.plain
