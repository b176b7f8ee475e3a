"""Text of an entry → HTML that is safe on a card, and the words in it.

Markdown's subset is markdown-it-py's CommonMark without headings, rules, quotes and images; raw
HTML is kept only as far as nh3's allow-list goes. Nothing else in the program turns a person's
text into HTML.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

import nh3
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

TAGS = frozenset(
    {"a", "b", "br", "code", "dd", "del", "dl", "dt", "em", "i", "ins", "kbd", "li", "mark", "ol"}
    | {"p", "pre", "q", "rp", "rt", "ruby", "s", "small", "span", "strong", "sub", "sup", "u"}
    | {"ul", "var"}
)
"""Elements that may reach a card: text-level, lists and ruby; none loads, embeds or runs."""

_ATTRIBUTES = {"a": {"href", "title"}, "*": {"lang", "dir"}, "ol": {"start"}}
_OPEN, _CLOSE = "\ue000", "\ue001"  # stand for the gap's braces while HTML is sanitised

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https"},
    link_rel="noopener noreferrer",
)
# What Anki itself would act on inside a field: sounds, speech, LaTeX and cloze deletions. It also
# brings a field to NFC, where U+0338 would join the end of a tag and make attributes of text.
_ANKI_TAG = re.compile(
    r"\[(?=/?(?:sound:|anki:|latex\]|\$\$?\]))|\{(?=\{c[\d,])|\u0338", re.IGNORECASE
)
# A hint stands in brackets on the card: "sound:x.mp3" would play.
_HINT = str.maketrans({char: f"&#{ord(char)};" for char in ":[]{}\u0338"})
# Anki keeps fields apart with U+001F; HTML knows none of these.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
# Characters in which neither Markdown nor HTML nor Anki sees anything but text.
_LETTER = r"[^\\`*_\[\]<>&!{}\n\r\t\xa0\u0338\ue000\ue001]"
_PLAIN = re.compile(rf"{_LETTER}*\Z")
# What can be nothing but emphasis and code: words of such characters, set off by space or signs.
_EMPHASIS = re.compile(
    rf"""(?<![^\s("'])(?:\*(?P<em>\*?)(?P<words>[^\W_](?:{_LETTER}*[^\W_])?)\*(?P=em)"""
    rf"""|`(?P<code>[^\W_](?:(?:{_LETTER}|[_*])*[^\W_])?)`)(?=[\s.,;:?)"']|\Z)"""
)
_PLAIN_GAPS = re.compile(rf"(?:{_LETTER}*\{{{_LETTER}*\}})+{_LETTER}*\Z")
# Text that begins no list, fence or indented code, and goes on over one line up to its last letter.
_ONE_PARAGRAPH = re.compile(r"[^\W\d](?:[^\n\r\t\xa0]*\S)?\Z")
_TAG_NAME = re.compile(r"</?\s*([A-Za-z][\w-]*)")
_TAG = re.compile(r'<(/?)(\w+)(?:[^">]|"[^"]*")*>')
# Not after an abbreviation that a sentence goes on behind.
_CLOSING, _OPENED = "\"'\u201d\u2019)*_", "\"'\u201c\u2018(*_`"
_SENTENCE_END = re.compile(
    rf"(?:(?<=[.!?\u2026])|(?<=[.!?\u2026][{_CLOSING}]))"
    r"(?<!e\.g\.)(?<!i\.e\.)(?<!vs\.)(?<!etc\.)(?<!approx\.)"
    rf"\s+(?=[{_OPENED}]*[A-Z0-9])"
)
_CODE = re.compile(r"`[^`]*`")
_OPENING = 4
_HREF = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
# What Markdown does not take for a link, because nobody should follow it: [x](javascript:y).
_NO_LINK = re.compile(r"\]\(([^()\s]+)\)")
_SPACING = frozenset({"br", "dd", "dl", "dt", "li", "ol", "p", "pre", "ul"})


@dataclass(frozen=True, slots=True)
class Rich:
    """A text as a card shows it.

    Attributes:
        html: Sanitised.
        plain: Its words alone, for speech, search and names.
        refused: Raw HTML in it that the allow-list removed.
        files: Names of the media that it shows or plays.
    """

    html: Markup
    plain: str
    refused: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __html__(self) -> Markup:
        """What Jinja inserts without escaping it again."""
        return self.html

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.html)


@dataclass(frozen=True, slots=True)
class Gapped:
    """A text with one or more gaps.

    Attributes:
        parts: Sanitised HTML, outside and inside a gap in turn, beginning outside.
        plain: The words, gaps filled.
        answers: The words of each gap.
        refused: Raw HTML in it that the allow-list removed.
    """

    parts: tuple[str, ...]
    plain: str
    answers: tuple[str, ...]
    refused: tuple[str, ...] = ()

    def __html__(self) -> Markup:
        """The whole text, gaps filled and emphasised."""
        return Markup(  # noqa: S704 - each part was sanitised
            "".join(
                f'<b class="gap">{part}</b>' if index % 2 else part
                for index, part in enumerate(self.parts)
            )
        )

    def blank(self) -> Markup:
        """The text with a line in place of each gap."""
        return Markup('<span class="blank">_____</span>').join(
            Markup(part)  # noqa: S704 - each part was sanitised
            for part in self.parts[::2]
        )

    def bare(self) -> Markup:
        """The whole text, gaps filled and not to be told from the rest."""
        return Markup("".join(self.parts))  # noqa: S704 - each part was sanitised

    def cloze(self, hint: str | Rich = "") -> Markup:
        """The text as Anki's cloze deletion 1, every gap hidden together.

        Args:
            hint: Shown in the gap; the initials of the hidden words where it is empty.
        """
        pieces = []
        for index, part in enumerate(self.parts):
            if index % 2 == 0:
                pieces.append(_no_braces(part))
                continue
            clue = hint.plain if isinstance(hint, Rich) else _normal(hint)
            clue = str(escape(clue or initials(self.answers[index // 2]))).translate(_HINT)
            # '::' would start the hint, a brace would end the deletion.
            answer = _no_braces(part).replace("::", "&#58;&#58;")
            pieces.append(f"{{{{c1::{answer}::{clue}}}}}")
        return Markup("".join(pieces))  # noqa: S704 - each part was sanitised


class Link(NamedTuple):
    """A link in a text.

    Attributes:
        address: Where it leads.
        words: What one taps on.
        is_picture: Whether Markdown would show what is there: ``![words](address)``.
    """

    address: str
    words: str
    is_picture: bool = False


def links(text: str) -> Iterator[Link]:
    """Each link in a text, also those that are none for a card."""
    (inline,) = _parser().parseInline(_normal(text))
    address, words, before = "", "", ""
    is_picture = False
    for token in inline.children or ():
        if token.type == "link_open":
            address, words = str(token.attrGet("href") or ""), ""
            is_picture = before.endswith("!")
        elif token.type == "link_close":
            yield Link(address, words.strip(), is_picture)
        elif token.type == "html_inline" and (found := _HREF.search(token.content)):
            yield Link(found[1], "words")  # as far as can be told: they come after it
        elif token.type == "text":
            yield from (Link(found[1], "words") for found in _NO_LINK.finditer(token.content))
            words += token.content
        else:
            words += token.content
        before = token.content


def initials(words: str) -> str:
    """A hint that leaves the work to the learner: ``operator fusion`` → ``o… f…``."""
    return " ".join(f"{word[0]}…" for word in words.split())


def opening(words: str) -> str:
    """How a sentence begins, as a hint: its first third, at least a word and at most four."""
    found = words.split()
    return " ".join([*found[: min(max(len(found) // 3, 1), _OPENING)], "…"])


def choices(right: object, wrong: Iterable[object], seed: object) -> Markup:
    """Answers to choose from by tap, without a script; ``seed`` puts them in their order."""
    texts = [(str(escape(right)), "right"), *((str(escape(text)), "wrong") for text in wrong)]
    texts.sort(key=lambda text: hashlib.sha256(f"{escape(seed)} {text[0]}".encode()).digest())
    return Markup("").join(
        Markup(
            '<label class="option"><input type="radio" name="choice" value="{}">'
            "<span>{}</span></label>"
        ).format(value, Markup(text))  # noqa: S704 - likewise
        for text, value in texts
    )


def lines(text: str) -> list[Rich]:
    """The sentences of a text, paragraph after paragraph."""
    found = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        begun = ""
        for piece in _SENTENCE_END.split(" ".join(paragraph.split())):
            begun = f"{begun} {piece}".strip()
            # Not inside code, emphasis, links or brackets that go on.
            bare = _CODE.sub("", begun)
            whole = not any(bare.count(mark) % 2 for mark in ("`", "*", "_"))
            if whole and all(bare.count(a) == bare.count(b) for a, b in ("[]", "()")):
                found.append(begun)
                begun = ""
        found.append(begun)
    return [inline(sentence) for sentence in found if sentence]


def inline(text: str) -> Rich:
    """A text of one paragraph."""
    text = _normal(text)
    # Most texts are plain, or nearly: to know them takes a tenth of the time of parsing them.
    if _PLAIN.match(text):
        rich = Rich(Markup(text), text)  # noqa: S704 - no character that HTML knows
    elif _PLAIN.match(_EMPHASIS.sub("", text)):
        html = _EMPHASIS.sub(_emphasised, text)
        rich = Rich(Markup(html), _EMPHASIS.sub(_unmarked, text))  # noqa: S704 - likewise
    else:
        return _parsed(text)
    return rich if rich.plain == _spaced(rich.plain) else _parsed(text)


def _parsed(text: str) -> Rich:
    return _rich(_parser().parseInline(text))


def _emphasised(match: re.Match[str]) -> str:
    if match["code"]:
        return f"<code>{match['code']}</code>"
    tag = "strong" if match["em"] else "em"
    return f"<{tag}>{match['words']}</{tag}>"


def _unmarked(match: re.Match[str]) -> str:
    return match["code"] or match["words"]


def block(text: str) -> Rich:
    """A text of one or more paragraphs or lists; a single paragraph comes without its ``<p>``."""
    text = _normal(text)
    if _ONE_PARAGRAPH.match(text):
        return inline(text)
    tokens = _parser().parse(text)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        tokens = tokens[1:2]
    return _rich(tokens)


@functools.lru_cache(maxsize=4096)  # parts of speech, levels and topics come again and again
def document(text: str) -> Markup:
    """A text with headings and struck words, as a page shows it."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - late: most texts need no parser

    parser = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    tags = set(TAGS) | {"h1", "h2", "h3", "h4"}
    html = nh3.clean(parser.render(text), tags=tags, attributes={"a": {"href"}})
    return Markup(html)  # noqa: S704 - sanitised on the line above


def plain(text: str) -> Rich:
    """A text in which nothing has a meaning: IPA, names, URLs."""
    text = _normal(text)
    return Rich(Markup(_no_anki(str(escape(text)))), text)  # noqa: S704 - escaped


def gapped(text: str) -> Gapped | None:
    """A text whose gaps stand in braces; None where they do not pair up or there is none."""
    text = _normal(text)
    if _PLAIN_GAPS.match(text) and text == _spaced(text):
        parts = re.split("[{}]", text)
        answers = tuple(word.strip() for word in parts[1::2])
        return Gapped(tuple(parts), "".join(parts), answers) if all(answers) else None
    tokens = _parser(gaps=True).parseInline(text)
    braces = _braces(tokens)
    if not braces or braces != ["gap_open", "gap_close"] * (len(braces) // 2):
        return None
    rich = _rich(tokens)
    made = tuple(re.split(f"[{_OPEN}{_CLOSE}]", str(rich.html)))
    words = re.split(f"[{_OPEN}{_CLOSE}]", rich.plain)
    answers = tuple(word.strip() for word in words[1::2])
    if len(made) != len(braces) + 1 or not all(answers) or not all(map(_balanced, made[1::2])):
        return None
    return Gapped(made, "".join(words), answers, rich.refused)


def marked(text: str) -> Gapped | None:
    """A text that may have parts in braces; None where they do not pair up."""
    if ("{" in text or "}" in text) and _braces(_parser(gaps=True).parseInline(_normal(text))):
        return gapped(text)
    rich = inline(text)
    return Gapped((str(rich.html),), rich.plain, (), rich.refused)


def _braces(tokens: Sequence[Token]) -> list[str]:
    """The edges of gaps in a parsed text, in order."""
    return [t.type for t in tokens[0].children or () if t.type in ("gap_open", "gap_close")]


def _normal(text: str) -> str:
    """NFC, as Anki stores it, and without control characters."""
    text = _CONTROL.sub(" ", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _no_anki(html: str) -> str:
    return _ANKI_TAG.sub(lambda match: f"&#{ord(match[0])};", html)


def _no_braces(html: str) -> str:
    return html.replace("{", "&#123;").replace("}", "&#125;")


def _rich(tokens: Sequence[Token]) -> Rich:
    parser = _parser()
    raw = parser.renderer.render(tokens, parser.options, {})
    # Normal again: entities may spell what the source was not allowed to hold.
    html = _normal(_no_anki(_CLEANER.clean(raw).strip()))
    return Rich(Markup(html), words(html), tuple(_refused(tokens)))  # noqa: S704 - sanitised above


def words(html: str) -> str:
    """What one reads of sanitised HTML."""
    return _spaced(unescape(_TAG.sub(lambda tag: " " if tag[2] in _SPACING else "", html)))


def _balanced(html: str) -> bool:
    """Whether every element that begins in a piece of HTML ends in it, and the reverse."""
    depth = 0
    for end, name in _TAG.findall(html):
        depth += -1 if end else name != "br"
        if depth < 0:
            return False
    return depth == 0


def _refused(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.children:
            yield from _refused(token.children)
        elif token.type == "html_inline":
            name = _TAG_NAME.match(token.content)
            if not name or name[1].lower() not in TAGS:
                yield token.content


def _gap(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """Inline rule: a bare brace is an edge of a gap (in code, or behind a backslash, it is not)."""
    char = state.src[state.pos]
    if char not in "{}":
        return False
    if not silent:
        token = state.push("gap_open" if char == "{" else "gap_close", "", 0)
        token.content = _OPEN if char == "{" else _CLOSE
    state.pos += 1
    return True


@functools.cache
def _parser(*, gaps: bool = False) -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - late: most texts need no parser

    parser = MarkdownIt("commonmark", {"html": True})
    parser.disable(
        ["heading", "lheading", "hr", "blockquote", "reference", "code", "html_block", "image"]
    )
    if gaps:
        parser.inline.ruler.after("escape", "gap", _gap)
    else:
        for edge in ("gap_open", "gap_close"):
            parser.add_render_rule(edge, lambda _self, tokens, at, *_: tokens[at].content)
    return parser
