"""What a piece of HTML or CSS would do on a card: run, embed, load from the net, name files.

The standard library's parser reads it. Wherever a browser might see another thing than that parser
(comments that end early, ``<style>`` inside SVG, tags that never end), all that looks like a tag is
read once more without regard to what it stands in: rather a word too many than a script missed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Danger(StrEnum):
    """What is wrong with a piece of HTML."""

    SCRIPT = "script"
    EMBED = "embed"
    REMOTE = "remote"
    UNCLOSED = "unclosed"


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found.

    Attributes:
        dangers: Kind and what shows it, in order, without repeats.
        files: Names of files in the media folder that it shows or plays, as they are written.
    """

    dangers: tuple[tuple[Danger, str], ...] = ()
    files: tuple[str, ...] = ()


_NOTHING = Scan()
_MAX_TAGS = 50_000
_MAX_LOOSE_TAGS = 1000
_LONGEST_SHOWN = 60

# Most fields: text, and elements without any attribute but a class.
_HARMLESS = re.compile(
    r"(?:[^<]++|</?(?:b|br|div|em|hr|i|li|mark|ol|p|s|small|span|strong|sub|sup|u|ul)"
    r"(?: class=\"[\w -]*+\")?+ ?/?>)*+\Z",
    re.IGNORECASE,
)
_EMBEDDING = frozenset(
    {"applet", "base", "embed", "fencedframe", "frame", "frameset", "iframe", "object", "portal"}
)
_RAW = frozenset({"noembed", "noframes", "noscript", "plaintext", "textarea", "title", "xmp"})
"""Elements whose inside is text to a browser, up to an end that may stand in an attribute."""
_LOADING = frozenset({"background", "dynsrc", "lowsrc", "poster", "src"})
_SETS = frozenset({"imagesrcset", "srcset"})
_FOLLOWED = frozenset({"a", "area"})
"""Their ``href`` is opened by a click, every other element's is loaded."""
_WORDS = frozenset({"alt", "class", "id", "label", "lang", "placeholder", "title"})
"""Attributes whose value no browser takes for an address."""
_SPACES = re.compile(r"[\x00-\x20\x7f-\xa0]+")
_SCRIPT_ADDRESS = re.compile(
    r"(?:^|;)(?:javascript:|vbscript:|data:(?:text/html|application/xhtml))"
)
_REMOTE_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|(?:https?|ftps?|wss?|file):")
_HANDLER = re.compile(r"on[a-z]{3,}", re.IGNORECASE)
_TAG_START = re.compile(r"<[a-z/!?]", re.IGNORECASE)
_ODD_COMMENT = re.compile(r"\A-?>|--!>|<!--")
_ODD_VALUE = re.compile(r"[\s/=]=")
_LOOSE_TAG = re.compile(r"<([a-z][^\s/>]*)", re.IGNORECASE)
_LOOSE_ATTRIBUTE = re.compile(
    r"[\s/\"'=]*+([^\s/>=\"'][^\s/>=]{0,100})"
    r"(?:\s*+=\s*+(?:\"([^\"]{0,5000})\"?|'([^']{0,5000})'?|([^\s>]{0,5000})))?"
)
_MAX_LOOSE_ATTRIBUTES = 100
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_CSS_ADDRESS = re.compile(
    r"url\(\s*+(?:\"([^\"]*+)|'([^']*+)|([^)\"'\s]*+))"
    r"|(?:@import|image-set\()\s*+(?:\"([^\"]*+)|'([^']*+))",
    re.IGNORECASE,
)
_SOUND = re.compile(r"\[sound:([^\]]*)(\]?)")
_GREATEST_CHARACTER = 0x10FFFF


def scan_html(html: str) -> Scan:
    """What a piece of HTML would do on a card, sounds left out."""
    if _HARMLESS.match(html) and "\u0338" not in html:
        return _NOTHING
    # Anki brings a field to NFC, where U+0338 joins the end of a tag, unless it is told not to.
    noted: list[_Noted] = []
    for form in dict.fromkeys((html, unicodedata.normalize("NFC", html))):
        if form.count("<") > _MAX_TAGS:
            noted += [(Danger.UNCLOSED, "more tags than are read"), *_loose(form)]
            continue
        parser = _Parser()
        parser.read(form)
        noted += parser.noted
    return _scan(noted)


def scan_css(css: str) -> Scan:
    """What a style sheet would do on a card; it may end itself and go on as HTML."""
    noted = list(_css(css))
    end = css.lower().find("</style")
    if end >= 0:
        noted += _loose(css[end:])
    return _scan(noted)


def sounds(html: str) -> Iterator[tuple[str, str]]:
    """Each ``[sound:…]``: the file's name, and what is wrong with it ("" where nothing is)."""
    for match in _SOUND.finditer(html):
        name = unescape(match[1])
        if not match[2]:
            yield name, "it has no closing bracket"
        elif not name.strip():
            yield name, "it names no file"
        elif set(name) & {"/", "\\"}:
            yield name, "it names a path or an address, not a file of the package"
        elif set(name) & {"<", ">"}:
            yield name, "there is HTML in the file's name"
        else:
            yield name, ""


_Noted = tuple[Danger | None, str]
"""A danger and what shows it; a file's name where there is no danger."""


def _scan(noted: Iterable[_Noted]) -> Scan:
    unique = dict.fromkeys(noted)
    return Scan(
        tuple((danger, _short(what)) for danger, what in unique if danger is not None),
        tuple(what for danger, what in unique if danger is None),
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


class _Parser(HTMLParser):
    """Notes what each element does, and whether a browser might see others."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.noted: list[_Noted] = []
        self._doubt = False

    def read(self, html: str) -> None:
        try:
            self.feed(html)
            if self.cdata_elem:  # some versions pass over a style sheet that never ends
                self.noted.append((Danger.UNCLOSED, f"<{self.cdata_elem}>"))
                self.handle_data(self.rawdata)
            elif _TAG_START.match(self.rawdata):
                self.noted.append((Danger.UNCLOSED, self.rawdata))
                self._doubt = True
            self.feed(">")
            self.close()
        except (AssertionError, ValueError):  # its answer to some malformed declarations
            self._doubt = True
        if self._doubt:
            self.noted += _loose(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._doubt |= tag in _RAW or _ODD_VALUE.search(self.get_starttag_text() or "") is not None
        self.noted += _element(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self._doubt |= "</script" in data.lower() or "<!--" in data
            return
        self._doubt |= _TAG_START.search(data) is not None
        if self.cdata_elem == "style":
            self.noted += _css(data)

    def handle_comment(self, data: str) -> None:
        self._doubt |= _ODD_COMMENT.search(data) is not None

    def unknown_decl(self, data: str) -> None:
        self._doubt |= ">" in data


def _loose(html: str) -> Iterator[_Noted]:
    """What any tag would do that a browser could find anywhere in the text."""
    for count, tag in enumerate(_LOOSE_TAG.finditer(html)):
        if count == _MAX_LOOSE_TAGS:
            yield Danger.UNCLOSED, "more broken tags than are read"
            return
        attributes: list[tuple[str, str | None]] = []
        at = tag.end()
        while len(attributes) < _MAX_LOOSE_ATTRIBUTES and (
            found := _LOOSE_ATTRIBUTE.match(html, at)
        ):
            value = next((value for value in found.groups()[1:] if value is not None), "")
            attributes.append((found[1].lower(), unescape(value)))
            at = found.end()
        yield from _element(tag[1].lower(), attributes)


def _element(tag: str, attributes: list[tuple[str, str | None]]) -> Iterator[_Noted]:
    name = tag.rpartition(":")[2]
    if name == "script":
        yield Danger.SCRIPT, "<script>"
    elif name in _EMBEDDING:
        yield Danger.EMBED, f"<{name}>"
    for attribute, said in attributes:
        value = said or ""
        if name == "meta" and attribute == "http-equiv":
            yield Danger.EMBED, f"<meta http-equiv={value}>"
        elif _HANDLER.fullmatch(attribute):
            yield Danger.SCRIPT, f"<{name} {attribute}=…>"
        elif attribute == "attributename" and _HANDLER.fullmatch(value.strip()):
            yield Danger.SCRIPT, f"<{name} attributeName={value.strip()}>"
        elif attribute not in _WORDS and _SCRIPT_ADDRESS.search(_bare(value)):
            yield Danger.SCRIPT, f"{attribute}={value}"
        elif attribute == "style":
            yield from _css(value)
        else:
            for address in _addresses(name, attribute.rpartition(":")[2], value):
                yield from _loaded(address)


def _addresses(tag: str, attribute: str, value: str) -> Iterator[str]:
    """What an attribute has a browser load."""
    if attribute in _SETS:
        for candidate in value.split(","):
            yield candidate.strip().partition(" ")[0]
    elif (
        attribute in _LOADING
        or (attribute == "href" and tag not in _FOLLOWED)
        or (tag, attribute) == ("object", "data")
    ):
        yield value


def _bare(address: str) -> str:
    """An address as a browser begins to read it."""
    return _SPACES.sub("", address).replace("\\", "/").lower()


def _loaded(address: str) -> Iterator[_Noted]:
    bare = _bare(address)
    if _SCRIPT_ADDRESS.match(bare):
        yield Danger.SCRIPT, address
    elif _REMOTE_ADDRESS.match(bare):
        yield Danger.REMOTE, address
    elif bare and "{{" not in bare and not bare.startswith(("#", "data:", "blob:", "about:")):
        yield None, address.strip()


def _css(css: str) -> Iterator[_Noted]:
    if "(" not in css and "@" not in css and "\\" not in css:
        return
    plain = _CSS_ESCAPE.sub(_unescaped, _CSS_COMMENT.sub(" ", css))
    for found in _CSS_ADDRESS.finditer(plain):
        yield from _loaded(next((value for value in found.groups() if value is not None), ""))


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return escape[2]
    code = int(escape[1], 16)
    return chr(code) if 0 < code <= _GREATEST_CHARACTER else "\N{REPLACEMENT CHARACTER}"
