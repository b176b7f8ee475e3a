"""HTML of any origin → paragraphs and lists of marked words, and what of it these cannot say.

The tree of elements is flattened as it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from ankigen.importing.richtext import BREAK, Bullets, Mark, Paragraph, Rich, Run, Verbatim, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ankigen.importing.richtext import Block

_MAX_DEPTH = 40
_MARKS = {
    **{name: name for name in ("del", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "small")},
    **{name: name for name in ("sub", "sup", "u", "var")},
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "cite": "em",
    "dfn": "em",
    "code": "code",
    "tt": "code",
    "samp": "code",
    "strike": "s",
}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"}
    | {"div", "dl", "dt", "figcaption", "figure", "footer", "form", "header", "html", "main", "nav"}
    | {"p", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", *_HEADINGS}
)
_LAYOUT = frozenset({"li", "ol", "pre", "td", "th", "ul"})
_TRANSPARENT = frozenset(
    {"a", "abbr", "acronym", "anki-mathjax", "bdi", "bdo", "big", "font", "label", "nobr", "span"}
    | {"time", "wbr"}
)
_SILENT = frozenset({"head", "link", "meta", "title"})
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_WORDS = {
    "audio": "an embedded sound",
    "blockquote": "a quotation's layout",
    "dl": "a list of definitions",
    "hr": "a line across",
    "iframe": "another page in it",
    "img": "a picture",
    "input": "a form",
    "script": "a script",
    "style": "a stylesheet",
    "svg": "a drawing",
    "table": "a table's layout",
    "video": "a film",
}
_STYLES = {
    "color": "colours",
    "background": "colours",
    "background-color": "colours",
    "font-size": "sizes of text",
    "font-family": "fonts",
    "text-align": "alignment",
}
_FONT = {"color": "colours", "size": "sizes of text", "face": "fonts"}
_BOLD = re.compile(r"bold(?:er)?|[6-9]00")
_LINK = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read(html: str) -> Rich:
    """What a piece of HTML says; any text is HTML."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, ValueError):  # its answer to some malformed declarations
        reader.lose("a declaration")
    return reader.finish()


@dataclass(slots=True)
class _Open:
    """An element that has begun."""

    name: str
    marks: tuple[Mark, ...]
    blocks: list[Block] | None = None  # where its content goes, if not where the rest goes
    bullets: Bullets | None = None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._rich = Rich()
        self._into = self._rich.blocks
        self._stack: list[_Open] = []
        self._paragraph: Paragraph | None = None
        self._verbatim = 0
        self._skipped = ""

    def lose(self, what: str) -> None:
        if what not in self._rich.lost:
            self._rich.lost.append(what)

    def finish(self) -> Rich:
        self._end_paragraph()
        while self._stack:
            self._close_last()
        tidy(self._rich.blocks)
        return self._rich

    @property
    def _marks(self) -> tuple[Mark, ...]:
        return self._stack[-1].marks if self._stack else ()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._skipped:
            return
        if tag in ("script", "style", "svg", "iframe", "math", "object", "title", "textarea"):
            self.lose(_WORDS.get(tag, f"<{tag}>"))
            self._skipped = tag
        elif tag == "br":
            self._add(BREAK)
        elif tag == "img":
            self._image(attributes)
        elif tag in _LAYOUT:
            self._begin_layout(tag, attributes)
        elif tag in _BLOCKS:
            self._begin_block(tag, attributes)
        elif tag not in _SILENT:
            self._begin_inline(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped:
                self._skipped = ""
            return
        if tag in _BLOCKS or tag in ("li", "ul", "ol", "pre"):
            self._end_paragraph()
        if any(opened.name == tag for opened in self._stack):
            while self._close_last() != tag:
                pass
        if tag == "li" and self._stack:
            bullets = self._stack[-1].bullets
            if bullets is not None and bullets.implied:
                self._close_last()

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        if self._verbatim:
            block = self._into[-1] if self._into else None
            if isinstance(block, Verbatim):
                block.text += data
                return
        text = _SPACE.sub(" ", data)
        if text.strip(" ") or self._paragraph is not None:
            self._add(text)

    def _add(self, text: str) -> None:
        block = self._into[-1] if self._verbatim and self._into else None
        if isinstance(block, Verbatim):
            block.text += text
            return
        if self._paragraph is None:
            self._begin_item_of_text()
            self._paragraph = Paragraph()
            self._into.append(self._paragraph)
        self._paragraph.runs.append(Run(text, self._marks))

    def _begin_item_of_text(self) -> None:
        """What stands in a list and in no item is an item of its own."""
        within = next((o for o in reversed(self._stack) if o.blocks is not None), None)
        if within is not None and within.bullets is not None:
            within.blocks = self._into = []
            within.bullets.items.append(self._into)

    def _begin_item_of_block(self) -> None:
        """So is a list or a block of code, unless it follows such text."""
        within = next((o for o in reversed(self._stack) if o.blocks is not None), None)
        bullets = within.bullets if within is not None else None
        if within is not None and bullets is not None:
            begun = any(item is within.blocks for item in bullets.items)
            if not begun:
                self._begin_item_of_text()

    def _open(
        self,
        tag: str,
        marks: Iterable[Mark],
        blocks: list[Block] | None = None,
        bullets: Bullets | None = None,
    ) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            self.lose("elements in too many others")
            return
        before = self._marks
        added = tuple(mark for mark in dict.fromkeys(marks) if mark not in before)
        self._stack.append(_Open(tag, before + added, blocks, bullets))
        if blocks is not None:
            self._into = blocks

    def _close_last(self) -> str:
        closed = self._stack.pop()
        if closed.name == "pre":
            self._verbatim -= 1
        if closed.blocks is not None:
            self._end_paragraph()
            outer = (o.blocks for o in reversed(self._stack) if o.blocks is not None)
            self._into = next(outer, self._rich.blocks)
        return closed.name

    def _end_paragraph(self) -> None:
        self._paragraph = None

    def _begin_layout(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("ul", "ol"):
            self._begin_list(tag, attributes)
        elif tag == "li":
            self._begin_item()
        elif tag == "pre":
            self._end_paragraph()
            self._begin_item_of_block()
            self._into.append(Verbatim(""))
            self._verbatim += 1
            self._open(tag, ())
        else:
            self._begin_cell(tag)

    def _begin_list(self, tag: str, attributes: dict[str, str]) -> None:
        self._end_paragraph()
        self._begin_item_of_block()
        start = attributes.get("start", "1")
        number = int(start) if start.isascii() and start.isdecimal() and len(start) < 10 else 1  # noqa: PLR2004 - CommonMark's longest
        self._open_list(tag, Bullets(number if tag == "ol" else None))

    def _open_list(self, tag: str, bullets: Bullets) -> None:
        if not (self._into and self._into[-1] is bullets):
            self._into.append(bullets)
        self._open(tag, (), [], bullets)

    def _begin_item(self) -> None:
        self._end_paragraph()
        lists = [at for at, opened in enumerate(self._stack) if opened.name in ("ul", "ol")]
        if lists:
            while len(self._stack) > lists[-1] + 1:  # an item that was not closed
                self._close_last()
        else:
            last = self._into[-1] if self._into else None
            if not (isinstance(last, Bullets) and last.implied):
                last = Bullets(None, implied=True)
            self._open_list("ul", last)
        bullets = self._stack[-1].bullets if self._stack else None
        if bullets is not None:
            item: list[Block] = []
            bullets.items.append(item)
            self._open("li", (), item)

    def _begin_block(self, tag: str, attributes: dict[str, str]) -> None:
        self._end_paragraph()
        if tag in ("p", "tr") and any(opened.name == tag for opened in self._stack):
            while self._close_last() != tag:  # one that was not closed
                pass
        if tag in _WORDS:
            self.lose(_WORDS[tag])
        marks = [Mark("strong")] if tag in (*_HEADINGS, "dt") else []
        if tag in _HEADINGS:
            self.lose("headings")
        self._open(tag, [*marks, *self._styled(attributes)])

    def _begin_cell(self, tag: str) -> None:
        names = [opened.name for opened in self._stack]
        within = len(names) - 1 - names[::-1].index("table") if "table" in names else -1
        if any(name in ("td", "th") for name in names[within + 1 :]):  # one that was not closed
            while self._close_last() not in ("td", "th"):
                pass
        if self._paragraph is not None:
            self._add(" | ")
        self._open(tag, [Mark("strong")] if tag == "th" else [])

    def _begin_inline(self, tag: str, attributes: dict[str, str]) -> None:
        marks = [*self._own_marks(tag, attributes), *self._styled(attributes)]
        if tag == "hr":
            self._end_paragraph()
        if tag not in _VOID:
            self._open(tag, marks)

    def _own_marks(self, tag: str, attributes: dict[str, str]) -> list[Mark]:
        """The marks that an element is, whatever its style."""
        if tag in _MARKS:
            return [Mark(_MARKS[tag])]
        if tag == "a":
            href = attributes.get("href", "").strip()
            if _LINK.fullmatch(href):
                return [Mark("a", href, " ".join(attributes.get("title", "").split()))]
            if href:
                self.lose("a link that leads to no web page")
        elif tag == "font":
            for name in attributes:
                if name in _FONT:
                    self.lose(_FONT[name])
        elif tag not in _TRANSPARENT:
            self.lose(_WORDS.get(tag, f"<{tag}>"))
        return []

    def _styled(self, attributes: dict[str, str]) -> list[Mark]:
        """The marks that a style comes to."""
        marks = []
        for declaration in attributes.get("style", "").split(";"):
            name, _, value = (part.strip().lower() for part in declaration.partition(":"))
            if name == "font-weight" and _BOLD.fullmatch(value):
                marks.append(Mark("strong"))
            elif name == "font-style" and value in ("italic", "oblique"):
                marks.append(Mark("em"))
            elif name.startswith("text-decoration") and "underline" in value:
                marks.append(Mark("u"))
            elif name.startswith("text-decoration") and "line-through" in value:
                marks.append(Mark("s"))
            elif name == "vertical-align" and value in ("sub", "super"):
                marks.append(Mark("sub" if value == "sub" else "sup"))
            elif name in _STYLES:
                self.lose(_STYLES[name])
        return marks

    def _image(self, attributes: dict[str, str]) -> None:
        source = attributes.get("src", "").strip()
        if source and not set(source) & set("/\\:"):
            self._rich.images.append(source)
        else:
            self.lose("a picture from elsewhere")
