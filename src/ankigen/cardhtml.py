"""Cards as Anki shows them, for pages in a browser.

Templates are rendered by Anki's own rules (rslib/src/template.rs and cloze.rs), which the tests
hold against the real backend. What its reviewer adds by scripts of its own (buttons that play,
hints that open, a box to type in) are plain elements here, which a page's script brings to life.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple

import nh3

from ankigen import ankitemplate
from ankigen.markup import words
from ankigen.rawhtml import EVERYWHERE, OWN, PREFIXES, TAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ankigen.ankitemplate import Part

_SOUND = re.compile(r"\[sound:([^\[\]]*)\]")
_CLOZE = re.compile(r"\{\{c([0-9,]+)::|\}\}")
_TAG = re.compile(r"<[^>]*>")
_PLAY = (
    '<button class="replay-button soundLink" type="button" aria-label="Play" data-sound="{}">'
    '<span><svg viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="29"></circle>'
    '<path d="M56.502,32.301l-37.502,20.101l0.329,-40.804l37.173,20.703Z"></path></svg></span>'
    "</button>"
)
_FETCHES = re.compile(r"(?:url|image|image-set|src)\s*\(|\\", re.IGNORECASE)
"""In a style: what makes a browser ask for a file, or may hide such a thing."""

_BOX = (
    '<input type="text" id="typeans" aria-label="Your answer" autocomplete="off"'
    ' autocapitalize="none" spellcheck="false">'
)
_SHOWN = TAGS | frozenset({"button", "circle", "input", "label", "path", "svg"})
_SHOWN_ATTRIBUTES = {
    "*": set(EVERYWHERE) | {"draggable", "hidden"},
    **OWN,
    "a": OWN["a"] - {"rel"},
    "button": {"type"},
    "circle": {"cx", "cy", "r"},
    "input": {"type", "name", "value", "autocomplete", "autocapitalize", "spellcheck"},
    "label": {"for"},
    "path": {"d"},
    "svg": {"viewbox", "viewBox"},
}


class Sides(NamedTuple):
    """The HTML of a card's two sides."""

    front: str
    back: str


@dataclass(frozen=True, slots=True)
class Template:
    """A card template, parsed with its text.

    Attributes:
        cloze: Whether it is one of a cloze note.
        own: Whether it comes with this program, as do the fields that stand in it: what is harmless
            already is not looked at again.
    """

    name: str
    front: Sequence[Part]
    back: Sequence[Part]
    cloze: bool
    own: bool = False

    @classmethod
    def of(cls, name: str, front: str, back: str, *, cloze: bool, own: bool = False) -> Template:
        """Parse both sides; ``ankitemplate`` has accepted them before."""
        asked, answered = (ankitemplate.parse(side, text=True) for side in (front, back))
        return cls(name, asked, answered, cloze, own)


def render(template: Template, fields: Mapping[str, str], ordinal: int) -> Sides:
    """A card's sides, harmless in any page.

    Args:
        template: Of the card.
        fields: HTML by field name, and by the names that Anki fills itself (``Tags``, ``Deck`` …).
        ordinal: Of the card, from 0; for a cloze note, the number of its deletion less one.
    """
    fields = {"Card": template.name, **fields}
    front = "".join(_shown(template.front, fields, ordinal, cloze=template.cloze, answer=False))
    fields["FrontSide"] = _answered(front, template, fields, ordinal)
    back = "".join(_shown(template.back, fields, ordinal, cloze=template.cloze, answer=True))
    return Sides(front, back) if template.own else Sides(*map(harmless, (front, back)))


def answer(template: Template, fields: Mapping[str, str], ordinal: int) -> str:
    """What one types on the card's front or fills into its gap, as plain text; may be empty."""
    for part in _flat(template.front):
        if isinstance(part, ankitemplate.Replacement):
            value = fields.get(part.field, "")
            if {"cloze", "cloze-only"} & {*part.filters}:
                return plain(", ".join(deleted(value, ordinal + 1)))
            if "type" in part.filters:
                return plain(value)
    return ""


def field(html: str) -> str:
    """A field by itself, harmless in any page."""
    return harmless(_playing(html))


def plain(html: str) -> str:
    """The words of a text, without its formatting and sounds."""
    return words(_SOUND.sub("", html))


def deleted(html: str, number: int) -> list[str]:
    """The texts of a cloze note's deletions of a number."""
    return [part.html for part in _clozed(html, number, answer=True) if part.active]


def sounds(html: str) -> list[str]:
    """Names of the files that a text plays, in order."""
    return [unescape(name) for name in _SOUND.findall(html)]


def harmless(html: str) -> str:
    """Nothing that a template or a field can hold runs, embeds, or sends anything anywhere."""
    return _cleaner(watching="style" in html.casefold()).clean(html)


@functools.cache
def _cleaner(*, watching: bool) -> nh3.Cleaner:
    """To look at each attribute takes several times longer, and few texts have a style."""
    return nh3.Cleaner(
        tags=set(_SHOWN),
        attributes={tag: set(names) for tag, names in _SHOWN_ATTRIBUTES.items()},
        generic_attribute_prefixes=set(PREFIXES),
        url_schemes={"http", "https", "mailto"},
        clean_content_tags={"script", "style", "template"},
        link_rel="noopener noreferrer",
        attribute_filter=_unless_it_fetches if watching else None,
    )


def _unless_it_fetches(_tag: str, name: str, value: str) -> str | None:
    return None if name == "style" and _FETCHES.search(value) else value


def _flat(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, ankitemplate.Section):
            yield from _flat(part.children)


def _shown(
    parts: Sequence[Part], fields: Mapping[str, str], ordinal: int, *, cloze: bool, answer: bool
) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, ankitemplate.Replacement):
            yield _filled(part, fields, ordinal, answer=answer)
        elif _is_filled(part.field, fields, ordinal, cloze=cloze) is not part.negated:
            yield from _shown(part.children, fields, ordinal, cloze=cloze, answer=answer)


def _is_filled(name: str, fields: Mapping[str, str], ordinal: int, *, cloze: bool) -> bool:
    if cloze and name == f"c{ordinal + 1}":
        return True
    return not ankitemplate.is_empty(fields.get(name, ""))


def _filled(
    part: ankitemplate.Replacement, fields: Mapping[str, str], ordinal: int, *, answer: bool
) -> str:
    value = fields.get(part.field, "")
    for name in reversed(part.filters):
        if name == "type":
            return _type(part, fields, ordinal, answer=answer)
        value = _filtered(name, value, part.field, ordinal, answer=answer)
    return _playing(value)


def _playing(html: str) -> str:
    """With buttons for its sounds."""
    return _SOUND.sub(lambda found: _PLAY.format(escape(unescape(found[1]))), html)


def _filtered(name: str, value: str, field: str, ordinal: int, *, answer: bool) -> str:
    if name in {"cloze", "cloze-only"}:
        shown = [
            part
            for part in _clozed(value, ordinal + 1, answer=answer)
            if name == "cloze" or part.active
        ]
        return (", " if name == "cloze-only" else "").join(part.html for part in shown)
    if name == "text":
        return _TAG.sub("", value)
    if name == "hint" and value.strip():
        return (
            f'<a class="hint" href="#" role="button" draggable="false">{escape(field)}</a>'
            f'<div class="hint" hidden="">{value}</div>'
        )
    return _FURIGANA.get(name, _as_it_is)(value)


def _answered(front: str, template: Template, fields: Mapping[str, str], ordinal: int) -> str:
    """A front as the back repeats it: what was to be typed stands in the place of the box."""
    if _BOX not in front:
        return front
    asked = next(
        part
        for part in _flat(template.front)
        if isinstance(part, ankitemplate.Replacement) and "type" in part.filters
    )
    return front.replace(_BOX, _type(asked, fields, ordinal, answer=True))


def _type(
    part: ankitemplate.Replacement, fields: Mapping[str, str], ordinal: int, *, answer: bool
) -> str:
    value = fields.get(part.field, "")
    if "cloze" in part.filters:
        value = ", ".join(deleted(value, ordinal + 1))
    if not answer:
        return _BOX
    return f'<div><code id="typeans">{escape(plain(value))}</code></div>'


class _Bit(NamedTuple):
    html: str
    active: bool


@dataclass(slots=True)
class _Deletion:
    """One that is not closed yet."""

    numbers: tuple[int, ...]
    parts: list[str]
    hint: str = "..."

    def say(self, text: str) -> None:
        text, hinted, hint = text.partition("::")
        self.hint = hint if hinted else self.hint
        self.parts.append(text)


def _clozed(html: str, number: int, *, answer: bool) -> Iterator[_Bit]:
    """A text with its deletions shown, the one of a number as question or answer."""
    opened: list[_Deletion] = []
    start = 0

    def said(text: str) -> Iterator[_Bit]:
        if opened:
            opened[-1].say(text)
        elif text:
            yield _Bit(text, active=False)

    for edge in _CLOZE.finditer(html):
        yield from said(html[start : edge.start()])
        start = edge.end()
        if edge[1]:
            opened.append(_Deletion(tuple(int(n) for n in edge[1].split(",") if n), []))
        elif opened:
            shown = _deletion(opened.pop(), number, answer=answer)
            if opened:
                opened[-1].parts.append(shown.html)
            else:
                yield shown
        else:
            yield from said(edge[0])
    yield from said(html[start:])
    for left in opened:
        yield _Bit("".join(left.parts), active=False)


def _deletion(found: _Deletion, number: int, *, answer: bool) -> _Bit:
    inner = "".join(found.parts)
    numbers = ",".join(map(str, found.numbers))
    if number not in found.numbers:
        html = f'<span class="cloze-inactive" data-ordinal="{numbers}">{inner}</span>'
        return _Bit(html, active=False)
    if not answer:
        inner = f"[{found.hint}]"
    return _Bit(f'<span class="cloze" data-ordinal="{numbers}">{inner}</span>', active=True)


def _as_it_is(value: str) -> str:
    return value


_RUBY = re.compile(r" ?([^ >]+?)\[(.+?)\]")


def _ruby(pattern: str) -> functools.partial[str]:
    return functools.partial(_RUBY.sub, _keeping_sounds(pattern))


def _keeping_sounds(pattern: str) -> Callable[[re.Match[str]], str]:
    def replaced(found: re.Match[str]) -> str:
        return found[0] if found[2].startswith("sound:") else found.expand(pattern)

    return replaced


_FURIGANA = {
    "furigana": _ruby(r"<ruby><rb>\1</rb><rt>\2</rt></ruby>"),
    "kanji": _ruby(r"\1"),
    "kana": _ruby(r"\2"),
}
