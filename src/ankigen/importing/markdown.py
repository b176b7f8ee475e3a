"""HTML of a field → the Markdown of our sources, which our own renderer turns into the same.

Three ways of writing are tried, from the most readable on: as it is, with backslashes, and with
tags and entities for all that has a meaning. What each comes to on a card is compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import TYPE_CHECKING, TypeAlias

from ankigen import markup
from ankigen.importing import htmlreader, richtext
from ankigen.importing.richtext import BREAK, Bullets, Paragraph, Rich, Run, Verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ankigen.importing.richtext import Block, Mark
    from ankigen.notetypespec import KeyType

MAX_CHARACTERS = 50_000
"""Of a field; a longer one is no text that a person wrote."""

OPEN, CLOSE = "\ue000", "\ue001"  # stand for a gap's braces until the text is written
_SIGNS = re.compile(r"[\\`*_\[\]<>&{}!~|]")
_FIRST = re.compile(r"\A(?:[-+#>=~|]|\d+(?=[.)]))")
_NUMBERED = re.compile(r"\A(\d+)([.)])")
_SOUND = re.compile(r"\[sound:([^\[\]<>]*)\]")
_CLOZE_EDGE = re.compile(r"\{\{c[\d,]{1,99}::|\}\}|::")
_TAG = re.compile(r"(<[^<>]*>)")
_LATEX = re.compile(r"\[/?(?:latex|\$\$?)\]", re.IGNORECASE)
_MEANINGLESS = re.compile(r"\n+(?=<)|(?<=>)\n+")
_GAP = '<b class="gap">'
_BOLD_EDGE = re.compile(r"<(/?)b\b[^<>]*>")

_Escape: TypeAlias = Callable[[str, bool], str]
"""A text and whether it begins a line → how it is written."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A field's text as a source holds it.

    Attributes:
        text: Markdown.
        lost: What of the field it does not say, in words.
        images: Names of the pictures that were in it.
        sounds: Likewise.
        hints: Of its gaps, in order; empty where a gap has none.
        clozes: The numbers of the deletions that became gaps.
    """

    text: str
    lost: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    clozes: tuple[str, ...] = ()


def convert(html: str, kind: KeyType) -> Converted:
    """A field's HTML as the text of a key.

    Args:
        html: Of any origin.
        kind: The key's type, one of those that hold a text.
    """
    if len(html) > MAX_CHARACTERS:
        return Converted("", (f"a text of {len(html):,} characters",))
    sounds = tuple(unescape(name) for name in _SOUND.findall(html))
    gaps = _gaps(_SOUND.sub("", html.replace(OPEN, "").replace(CLOSE, "")))
    rich = htmlreader.read(gaps.html)
    lost = list(rich.lost)
    if kind not in ("gapped", "marked") and gaps.hints:
        lost.append("what is to be filled in (a cloze deletion)")
    if _LATEX.search(gaps.html):
        lost.append("LaTeX")
    text = _written(rich, kind)
    return Converted(text, tuple(lost), tuple(rich.images), sounds, gaps.hints, gaps.numbers)


def items(html: str) -> tuple[Converted, ...]:
    """A field's HTML as a list of texts: of the items of its lists, or of its lines."""
    whole = convert(html, "prose")
    rich = htmlreader.read(_gaps(_SOUND.sub("", html[:MAX_CHARACTERS])).html)
    texts = [_written(Rich([Paragraph(list(runs))]), "text") for runs in _lines(rich.blocks)]
    found = [replace(whole, text=text) for text in texts if text]
    # What is lost of the whole is told once.
    return tuple(replace(c, lost=c.lost if not at else ()) for at, c in enumerate(found))


def _lines(blocks: Sequence[Block]) -> Iterator[Sequence[Run]]:
    for block in blocks:
        if isinstance(block, Bullets):
            for item in block.items:
                yield from _lines(item)
        elif isinstance(block, Verbatim):
            yield from ([Run(line)] for line in block.text.split("\n"))
        else:
            line: list[Run] = []
            for run in block.runs:
                if run.text == BREAK:
                    yield line
                    line = []
                else:
                    line.append(run)
            yield line


def exact(html: str, kind: KeyType, made: Callable[[str], str | None] | None = None) -> str | None:
    """The source of a text that our own renderer made this of; None where none is found.

    Args:
        html: What the renderer made.
        kind: The type of the key that holds the text.
        made: What a text comes to, if not what a field of the key itself holds.
    """
    if len(html) > MAX_CHARACTERS:
        return None
    render = made or _rendered(kind)
    gaps = kind in ("gapped", "marked")
    opened = _gaps(_filled(html)).html if gaps else html
    raw = _raw(opened)
    # A parser of HTML drops the first line break in <pre>.
    kept = raw.replace("<pre>&#10;", "<pre>&#10;&#10;")
    for text in (*_candidates(htmlreader.read(opened), kind), raw, kept):
        source = text.replace(OPEN, "{").replace(CLOSE, "}").strip()
        if source and render(source) == html:
            return source
    return None


def _filled(html: str) -> str:
    """HTML with marks in place of the edges of gaps that are shown filled."""
    parts = html.split(_GAP)
    for at in range(1, len(parts)):
        depth = 1
        for edge in _BOLD_EDGE.finditer(parts[at]):
            depth += -1 if edge[1] else 1
            if depth == 0:
                parts[at] = f"{OPEN}{parts[at][: edge.start()]}{CLOSE}{parts[at][edge.end() :]}"
                break
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Gaps:
    """HTML with marks in place of the edges of cloze deletions.

    Attributes:
        hints: Of each deletion.
        numbers: Of each deletion.
    """

    html: str
    hints: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def _gaps(html: str) -> _Gaps:
    """Each outermost cloze deletion as a gap; those inside it are part of its text."""
    if "{{c" not in html:
        return _Gaps(html)
    parts: list[str] = []
    hints: list[str] = []
    numbers: list[str] = []
    depth, done, hint_at = 0, 0, -1
    begun = len(parts)
    for edge in _CLOZE_EDGE.finditer(html):
        if edge[0] == "::":
            if depth == 1 and hint_at < 0:
                hint_at = edge.start()
            continue
        if edge[0] != "}}":
            depth += 1
            if depth == 1:
                begun = len(parts)
                parts += [html[done : edge.start()], OPEN]
                numbers.append(edge[0].strip("{c:"))
                done, hint_at = edge.end(), -1
            else:
                parts.append(html[done : edge.start()])
                done = edge.end()
        elif depth:
            depth -= 1
            if depth == 0:
                end = hint_at if hint_at >= 0 else edge.start()
                hint = html[hint_at + 2 : edge.start()] if hint_at >= 0 else ""
                parts += [html[done:end], CLOSE]
                hints.append(" ".join(unescape(_TAG.sub("", hint)).split()))
                done = edge.end()
            else:
                parts.append(html[done : edge.start()])
                done = edge.end()
    if depth:  # a deletion that does not end is none
        parts[begun + 1] = f"{{{{c{numbers.pop()}::"
    return _Gaps("".join([*parts, html[done:]]), tuple(hints), tuple(numbers))


def _written(rich: Rich, kind: KeyType) -> str:
    """The most readable source that comes to what the plainest comes to."""
    if kind == "plain":
        return " ".join(_words(rich.blocks).replace(OPEN, "").replace(CLOSE, "").split())
    made = _rendered(kind)
    *readable, plainest = _candidates(rich, kind)
    wanted = made(plainest)
    if wanted is None:  # marks that begin in a gap and end outside
        bare = Rich([Paragraph([Run(_words(rich.blocks))])])
        *readable, plainest = _candidates(bare, kind)
        wanted = made(plainest)
    for text in readable:
        if text == plainest:
            break
        found = made(text)
        if found is not None and wanted is not None and _same(found, wanted):
            return text.strip()
    return plainest.strip()


def _same(one: str, other: str) -> bool:
    """Whether two pieces of HTML differ in nothing but line ends beside their tags."""
    return _MEANINGLESS.sub("", one) == _MEANINGLESS.sub("", other)


def _rendered(kind: KeyType) -> Callable[[str], str | None]:
    """What a text of a key comes to on a card; None where it cannot be one."""

    def gapped(text: str) -> str | None:
        made = markup.marked(text)
        return None if made is None else str(made.__html__())

    if kind in ("gapped", "marked"):
        return gapped
    makers: dict[KeyType, Callable[[str], markup.Rich]]
    makers = {"prose": markup.block, "plain": markup.plain}
    make = makers.get(kind, markup.inline)
    return lambda text: str(make(text).html)


def _candidates(rich: Rich, kind: KeyType) -> Iterator[str]:
    """Ways of writing a text, the most readable first, the safest last."""
    gaps = kind in ("gapped", "marked")
    for writer in (
        _Markdown(_as_it_is(gaps=gaps), tags=False),
        _Markdown(_backslashed(gaps=gaps), tags=False),
        _Markdown(_in_entities, tags=True),
    ):
        written = writer.blocks(rich.blocks) if kind == "prose" else writer.line(rich.blocks)
        if gaps:
            yield written.replace(OPEN, "{").replace(CLOSE, "}")
        else:
            yield written.replace(OPEN, "").replace(CLOSE, "")


def _as_it_is(*, gaps: bool) -> _Escape:
    def write(text: str, first: bool) -> str:  # noqa: ARG001, FBT001 - a way of writing
        return re.sub(r"[{}]", r"\\\g<0>", text) if gaps else text

    return write


def _backslashed(*, gaps: bool) -> _Escape:
    signs = r"[\\`*_\[\]<>&{}]" if gaps else r"[\\`*_\[\]<>&]"

    def write(text: str, first: bool) -> str:  # noqa: FBT001 - a way of writing
        written = re.sub(signs, r"\\\g<0>", text).replace("\xa0", "&nbsp;")
        if first:
            written = _NUMBERED.sub(r"\1\\\2", re.sub(r"\A[-+#>=~|]", r"\\\g<0>", written))
        return written

    return write


def _in_entities(text: str, first: bool) -> str:  # noqa: FBT001 - a way of writing
    written = _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", text).replace("\xa0", "&nbsp;")
    if first:
        written = _FIRST.sub(lambda sign: "".join(f"&#{ord(c)};" for c in sign[0]), written)
    return written


class _Markdown:
    """Blocks as a text, by a way of writing words; ``tags`` for HTML in place of Markdown."""

    def __init__(self, words: _Escape, *, tags: bool) -> None:
        self._words = words
        self._tags = tags

    def line(self, blocks: Sequence[Block]) -> str:
        """All in one paragraph, lines kept apart by breaks."""
        return "<br>".join(self._runs(runs) for runs in _lines(blocks))

    def blocks(self, blocks: Sequence[Block]) -> str:
        """Paragraphs and lists."""
        if self._tags:
            if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
                return self._runs(blocks[0].runs)
            return "".join(map(self._element, blocks))
        return "\n\n".join(map(self._block, blocks))

    def _element(self, block: Block) -> str:
        if isinstance(block, Paragraph):
            return f"<p>{self._runs(block.runs)}</p>"
        if isinstance(block, Verbatim):
            text = self._words(block.text, True).replace("\n", "&#10;").replace(" ", "&#32;")  # noqa: FBT003
            return f"<pre><code>{text}</code></pre>"
        name = "ul" if block.start is None else "ol"
        start = f' start="{block.start}"' if block.start not in (None, 1) else ""
        loose = _is_loose(block)
        inside = "".join(
            f"<li>{self._item_element(item, loose=loose)}</li>" for item in block.items
        )
        return f"<{name}{start}>{inside}</{name}>"

    def _item_element(self, item: Sequence[Block], *, loose: bool) -> str:
        return "".join(
            self._runs(block.runs)
            if isinstance(block, Paragraph) and not loose
            else self._element(block)
            for block in item
        )

    def _block(self, block: Block) -> str:
        if isinstance(block, Paragraph):
            return self._runs(block.runs)
        if isinstance(block, Verbatim):
            fence = "```" if "```" not in block.text else "~~~"
            return f"{fence}\n{block.text}\n{fence}"
        loose = _is_loose(block)
        made = []
        for number, item in enumerate(block.items, block.start or 1):
            bullet = "- " if block.start is None else f"{number}. "
            inside = ("\n\n" if loose else "\n").join(map(self._block, item))
            pad = " " * len(bullet)
            made.append(bullet + inside.replace("\n", f"\n{pad}").replace(f"\n{pad}\n", "\n\n"))
        return ("\n\n" if loose else "\n").join(made)

    def _runs(self, runs: Sequence[Run]) -> str:
        parts: list[str] = []
        opened: tuple[Mark, ...] = ()
        for at, run in enumerate(runs):
            kept = richtext.common(opened, run.marks)
            parts += [self._edge(mark, end=True) for mark in reversed(opened[len(kept) :])]
            parts += [self._edge(mark) for mark in run.marks[len(kept) :]]
            opened = run.marks
            if run.text == BREAK:
                parts.append("<br>")
            elif not self._tags and any(mark.name == "code" for mark in run.marks):
                parts.append(run.text)
            else:
                first = not at or runs[at - 1].text == BREAK
                parts.append(self._words(run.text, first))
        parts += [self._edge(mark, end=True) for mark in reversed(opened)]
        return "".join(parts)

    def _edge(self, mark: Mark, *, end: bool = False) -> str:
        if not self._tags:
            if mark.name in ("strong", "em", "code"):
                return {"strong": "**", "em": "*", "code": "`"}[mark.name]
            if mark.name == "a":
                title = f' "{mark.title}"' if mark.title else ""
                return f"]({mark.href}{title})" if end else "["
        if end:
            return f"</{mark.name}>"
        if mark.name == "a":
            title = f' title="{escape(mark.title)}"' if mark.title else ""
            return f'<a href="{escape(mark.href)}"{title}>'
        return f"<{mark.name}>"


def _is_loose(bullets: Bullets) -> bool:
    """Whether an item has more than a paragraph and a list, so that all get paragraphs."""
    return any(
        not isinstance(block, Paragraph) if not at else not isinstance(block, Bullets)
        for item in bullets.items
        for at, block in enumerate(item)
    )


def _words(blocks: Sequence[Block]) -> str:
    lines = ("".join(" " if r.text == BREAK else r.text for r in runs) for runs in _lines(blocks))
    return " ".join(lines)


def _raw(html: str) -> str:
    """The HTML itself, its words written so that Markdown sees no more in them."""
    parts = _TAG.split(html)
    for at in range(0, len(parts), 2):
        first = not any(parts[:at])
        parts[at] = _in_entities(unescape(parts[at]), first).replace("\n", "&#10;")
    return "".join(parts)
