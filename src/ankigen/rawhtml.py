"""HTML that another program wrote: kept byte for byte where it can do no harm.

A field that was written in Anki holds whatever its editor and the web left in it. It passes
untouched if every reader takes it the same way (each tag is whole, each value well quoted, no
comment ends early) and if its elements, attributes, styles and addresses are on an allow-list.
Of anything else nh3 makes a text that passes; what that took away is told.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

import nh3

from ankigen.markup import TAGS as _TEXT_TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

TAGS = _TEXT_TAGS | frozenset(
    {"abbr", "acronym", "address", "anki-mathjax", "article", "aside", "bdi", "bdo", "big"}
    | {"blockquote", "caption", "center", "cite", "col", "colgroup", "details", "dfn", "div"}
    | {"figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
    | {"hr", "img", "main", "nobr", "samp", "section", "strike", "summary", "table", "tbody"}
    | {"td", "tfoot", "th", "thead", "time", "tr", "tt", "wbr"}
)
"""Elements that Anki's editor writes or that pasted text brings along; none runs or embeds."""

EVERYWHERE = frozenset(
    {"align", "bgcolor", "border", "class", "color", "dir", "height", "id", "lang", "nowrap"}
    | {"role", "style", "tabindex", "title", "translate", "valign", "width"}
)
"""Attributes of any element; so are those that begin with one of ``PREFIXES``."""
PREFIXES = ("aria-", "data-")
OWN = {
    "a": {"href", "name", "rel", "target"},
    "anki-mathjax": {"block"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "font": {"face", "size"},
    "img": {"alt", "decoding", "hspace", "loading", "src", "vspace"},
    "li": {"type", "value"},
    "ol": {"reversed", "start", "type"},
    "table": {"cellpadding", "cellspacing", "frame", "rules", "summary"},
    "td": {"abbr", "axis", "colspan", "headers", "rowspan", "scope"},
    "th": {"abbr", "axis", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
    "ul": {"type"},
}
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:avif|gif|jpe?g|png|webp);base64,[\w+/=\s]*\Z", re.ASCII)
_STYLE = re.compile(r"\s*+([a-z-]++|--[\w-]++)\s*+:([^:;@\\<]*+)", re.IGNORECASE | re.ASCII)
_PROPERTY = re.compile(
    r"""background|background-color|border[a-z-]*|box-sizing|break-[a-z]+|caret-color|clear|color
    |direction|display|float|font[a-z-]*|height|hyphens|letter-spacing|line-height|list-style[a-z-]*
    |margin[a-z-]*|max-[a-z-]+|min-[a-z-]+|opacity|orphans|outline[a-z-]*|overflow[a-z-]*
    |padding[a-z-]*|page-break-[a-z]+|quotes|tab-size|table-layout|text-[a-z-]+|unicode-bidi
    |vertical-align|white-space[a-z-]*|widows|width|word-[a-z]+|writing-mode|zoom
    |-(?:webkit|moz|ms)-(?:text|font|hyphens|tab|user)[a-z-]*|--[\w-]+|mso-[a-z-]+""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_FUNCTION = re.compile(r"([\w-]*)\s*\(", re.ASCII)
_FUNCTIONS = frozenset({"", "calc", "hsl", "hsla", "max", "min", "rgb", "rgba", "var"})
_SPACES = re.compile(r"[\x00-\x20\x7f-\xa0]+")

_W = r"[ \t\r\n]"
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^ \t\r\n"'=<>`]++)"""
_ATTRIBUTE = rf"{_W}++([a-zA-Z_][\w:.-]*+)(?:{_W}*+={_W}*+({_VALUE}))?+"
_TAG = rf"</([a-zA-Z][a-zA-Z0-9-]*+){_W}*+>|<([a-zA-Z][a-zA-Z0-9-]*+)((?:{_ATTRIBUTE})*+){_W}*+/?>"
_COMMENT = r"<!--(?:[^<>-]|-(?![->]))++-->"
_TOKEN = re.compile(
    rf"(?P<text>[^<]++|<(?![a-zA-Z/!?]|\Z))|(?P<comment>{_COMMENT})|(?P<tag>{_TAG})", re.ASCII
)
_ATTRIBUTES = re.compile(_ATTRIBUTE, re.ASCII)
_LOOSE = re.compile(r"<[a-zA-Z/!?][^<>]{0,60}|<\Z")
_SOUND = re.compile(r"\[(?:sound:([^\[\]]*+)(\]?)|/?anki:)", re.IGNORECASE)
_BLANK = re.compile(r"<[^<>]*>")
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that can do no harm on a card.

    Attributes:
        html: As it was, or what could be kept of it.
        files: Names of the media that it shows or plays, as they are written.
        refused: What did not reach ``html``; empty where it is as it was.
    """

    html: str
    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def kept(text: str) -> Kept:
    """A field's HTML, untouched where it is harmless."""
    # Anki brings a field to NFC, where U+0338 would join the end of a tag.
    normal = text if text.isascii() else unicodedata.normalize("NFC", text)
    changed = () if normal == text else ("characters that are not in Unicode's form NFC",)
    if "<" not in normal and "[" not in normal:
        return Kept(normal, (), changed)
    refused = list(changed)
    files: list[str] = []
    html = _without_bad_sounds(normal, files, refused)
    problems = list(_problems(html, files))
    if problems:
        refused += problems
        del files[:]
        html = _without_bad_sounds(_cleaner().clean(html), files, [])
        if any(True for _ in _problems(html, files)):  # nh3 writes nothing of the kind
            html, files = escape(_BLANK.sub("", html)), []
    return Kept(html, tuple(dict.fromkeys(files)), tuple(dict.fromkeys(refused)))


def _without_bad_sounds(html: str, files: list[str], refused: list[str]) -> str:
    """Sounds that Anki can play are noted, others made plain text: they may lead anywhere."""

    def check(found: re.Match[str]) -> str:
        name = unescape(found[1] or "")
        if found[2] and name.strip() and not set(name) & set('/\\<>"\n\r'):
            files.append(name)
            return found[0]
        refused.append(_short(found[0]))
        return "&#91;" + found[0][1:]

    return _SOUND.sub(check, html)


def _problems(html: str, files: list[str]) -> Iterator[str]:
    """What may not stay; names of pictures are added to ``files``."""
    at = 0
    while at < len(html):
        token = _TOKEN.match(html, at)
        if token is None:  # a browser may see another thing than we do
            loose = _LOOSE.match(html, at)
            yield _short(loose[0] if loose else "<")
            at += len(loose[0]) if loose else 1
            continue
        at = token.end()
        if token["tag"]:
            yield from _tag_problems(token, files)


def _tag_problems(token: re.Match[str], files: list[str]) -> Iterator[str]:
    closed, opened, attributes = token.group(4, 5, 6)
    name = (closed or opened).lower()
    if name not in TAGS:
        yield f"<{'/' if closed else ''}{name}>"
        return
    for found in _ATTRIBUTES.finditer(attributes or ""):
        attribute = found[1].lower()
        value = unescape(_unquoted(found[2] or ""))
        if not _allowed(name, attribute, value):
            yield _short(f'{attribute}="{value}"')
        elif attribute == "src" and value.strip() and not _PICTURE.match(value):
            files.append(value)


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in ("'", '"') else value


def _allowed(tag: str, attribute: str, value: str) -> bool:
    """Whether an element may have an attribute with this value."""
    if attribute == "href":
        return tag == "a" and (_LINK.match(_SPACES.sub("", value)) is not None or value[:1] == "#")
    if attribute == "src":
        return tag == "img" and (_PICTURE.match(value) is not None or _is_bare(value))
    if attribute == "style":
        return _is_plain_style(value)
    own = attribute in EVERYWHERE or attribute in OWN.get(tag, ())
    return own or attribute.startswith(PREFIXES)


def _is_bare(value: str) -> bool:
    """Whether an address is the name of a file in the media folder."""
    return not any(set(name) & set('/\\:<>"') for name in (value, unquote(value)))


def _is_plain_style(style: str) -> bool:
    """Whether a style does no more than to format what it stands on."""
    for declaration in style.split(";"):
        if not declaration.strip():
            continue
        found = _STYLE.fullmatch(declaration)
        if found is None or "/*" in declaration:
            return False
        if not _PROPERTY.fullmatch(found[1]):
            return False
        if any(name[1].lower() not in _FUNCTIONS for name in _FUNCTION.finditer(found[2])):
            return False
    return True


@functools.cache
def _cleaner() -> nh3.Cleaner:
    def check(tag: str, attribute: str, value: str) -> str | None:
        return value if _allowed(tag, attribute, value) else None

    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={"*": set(EVERYWHERE), **OWN},
        attribute_filter=check,
        generic_attribute_prefixes=set(PREFIXES),
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
