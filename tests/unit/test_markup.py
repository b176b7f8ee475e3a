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


# Near what looks like emphasis, code and gaps.
MARKED_TEXT = st.lists(
    st.sampled_from(
        [
            *("a", "two words", "é", "1", "**a**", "*a b*", "`c`", "`c_d`", "{a}", "{ }", "*"),
            *("**", "_", " ", "  ", ".", ",", '"', "'", "(", ")", "`", "{", "}", "&", "<b>"),
            *("\\", "\u2018", "…"),
        ]
    ),
    max_size=9,
).map("".join)


@given(PLAIN_TEXT | MARKED_TEXT)
@example("two  spaces")
@example("say *this*, **not** `that`.")
@example("*a**b*")
@example("`a` `b`")
@example(" around ")
@example("a\u2028b")
@example("\ufeffbom")
@example("a. b")
@example("1. a")
@example("A<p> ")
def test_fast_paths_give_what_the_full_path_gives(text: str) -> None:
    """Text with little markup skips the parser, and nobody can tell."""
    ways = (markup.inline, markup.block, markup.gapped, markup.marked)
    fast = [way(text) for way in ways]
    with pytest.MonkeyPatch.context() as patch:
        for shortcut in ("_PLAIN", "_PLAIN_GAPS", "_ONE_PARAGRAPH"):
            patch.setattr(markup, shortcut, NEVER)
        assert fast == [way(text) for way in ways]


def test_initials() -> None:
    """A hint shows how each word begins."""
    assert markup.initials("operator fusion") == "o… f…"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("Sorry", "Sorry …"),
        ("Sorry, what?", "Sorry, …"),
        ("one two three four five six", "one two …"),
        ("a b c d e f g h i j k l m n o p", "a b c d …"),
        ("  spaces   around ", "spaces …"),
        ("", "…"),
    ],
)
def test_opening(words: str, hint: str) -> None:
    """A hint shows how a sentence begins: a third, at least a word and at most four."""
    assert markup.opening(words) == hint


OPTION = re.compile(
    r'<label class="option"><input type="radio" name="choice" value="(right|wrong)">'
    r"<span>(.*?)</span></label>"
)


def options(right: object, wrong: list[object], seed: object = "a") -> list[tuple[str, str]]:
    """The answers to choose from, in order, each with whether it is right."""
    made = str(markup.choices(right, wrong, seed))
    assert OPTION.sub("", made) == ""
    return [(text, value) for value, text in OPTION.findall(made)]


def test_choices() -> None:
    """All answers are there, one of them right."""
    assert sorted(options("approve", ["accept", "agree"])) == [
        ("accept", "wrong"),
        ("agree", "wrong"),
        ("approve", "right"),
    ]


def test_choices_keep_their_order() -> None:
    """It is that of the seed, whichever way they are written, and another for another seed."""
    words: list[object] = ["b", "c", "d"]
    first = options("a", words, "seed")
    assert options("a", words[::-1], "seed") == first
    assert options("a", words, markup.plain("seed")) == first
    orders = {tuple(options("a", words, str(seed))) for seed in range(50)}
    places = {[value for _, value in order].index("right") for order in orders}
    assert len(orders) > 10
    assert places == {0, 1, 2, 3}


def test_choices_are_safe() -> None:
    """Words are escaped once, and what is safe HTML stays as it is."""
    (first, _), (second, _) = sorted(options("<b>&", [markup.inline("*a* & `<c>`")]))
    assert first == "&lt;b&gt;&amp;"
    assert second == "<em>a</em> &amp; <code>&lt;c&gt;</code>"


def test_choices_stay_when_one_is_added() -> None:
    """The others keep their order among themselves, so that no learner sees them jump."""
    few = [text for text, _ in options("a", ["b", "c"], "x")]
    many = [text for text, _ in options("a", ["b", "c", "d", "e"], "x")]
    assert [text for text in many if text in few] == few


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One.", ["One."]),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("one line\nand the next. Then more.", ["one line and the next.", "Then more."]),
        (
            "See e.g. Two. Or i.e. One, vs. Another, etc. And so.",
            ["See e.g. Two.", "Or i.e. One, vs. Another, etc. And so."],
        ),
        ("It takes 1.5 ms. Good.", ["It takes 1.5 ms.", "Good."]),
        ("Version 2. 3 follows.", ["Version 2.", "3 follows."]),
        (
            "He said \u201cStop.\u201d Then it ended.",
            ["He said \u201cStop.\u201d", "Then it ended."],
        ),
        ("Wait\u2026 What?", ["Wait\u2026", "What?"]),
        ("no end. no beginning", ["no end. no beginning"]),
        ("*One.* *Two.*", ["One.", "Two."]),
        ("", []),
        ("  \n\n  ", []),
        ("Set `A_B` to `*`. Then run it.", ["Set A_B to *.", "Then run it."]),
    ],
)
def test_lines(text: str, sentences: list[str]) -> None:
    """A text falls into its sentences, abbreviations and numbers left whole."""
    assert [line.plain for line in markup.lines(text)] == sentences


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Use `a. B` here. Then go.", ["Use a. B here.", "Then go."]),
        ("*One. Two* three. Four.", ["One. Two three.", "Four."]),
        ("See [the page. All](https://example.org). Go.", ["See the page. All.", "Go."]),
    ],
)
def test_lines_of_markdown(text: str, words: list[str]) -> None:
    """Code, links and emphasis stay whole, and no mark of Markdown is left in a sentence."""
    assert [line.plain for line in markup.lines(text)] == words


@given(st.text(st.sampled_from("aB1 .!?\"'()*\n")))
def test_lines_lose_no_letter(text: str) -> None:
    """Whatever the text, every letter of it is in one of its sentences, in order."""
    found = "".join(line.plain for line in markup.lines(text))
    assert [c for c in found if c.isalnum()] == [c for c in text if c.isalnum()]


def test_marked() -> None:
    """Braces emphasise, and need not be there."""
    made = markup.marked("*One* {two} three {four}")
    assert made is not None
    assert made.__html__() == '<em>One</em> <b class="gap">two</b> three <b class="gap">four</b>'
    assert made.bare() == "<em>One</em> two three four"
    assert made.plain == "One two three four"
    assert made.answers == ("two", "four")
    bare = markup.marked(r"no *marks* & `{code}` \{at all\}")
    assert bare is not None
    assert bare.answers == ()
    assert bare.__html__() == bare.bare()
    assert bare.plain == "no marks & {code} {at all}"


@pytest.mark.parametrize("text", ["a {b", "a b}", "{}", "{a {b}}", "}{", "{*a} b*"])
def test_marks_that_do_not_pair_up(text: str) -> None:
    """They are refused as those of a gap are."""
    assert markup.marked(text) is None


@pytest.mark.parametrize(
    "text", ["no gap {x}", "<b>{a}</b> b", "`c` {d & e} <f>", "{a}{b}", "x {[y](http://z.org)}"]
)
def test_bare(text: str) -> None:
    """Without its marks a text is what it would be without its braces."""
    made = markup.marked(text)
    assert made is not None
    plain = markup.inline(text.replace("{", "").replace("}", ""))
    assert made.bare() == plain.html
    assert made.plain == plain.plain
    assert made.refused == plain.refused
