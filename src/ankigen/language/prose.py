"""A text in Markdown → what one reads of it, each character knowing where it was written.

Code, links' addresses and bare URLs are no prose: one sign stands for each, so that a rule sees
that something is there and does not read it. Emphasis, HTML and the braces of gaps vanish.
"""

# Typographic signs and phonetic letters are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

OPAQUE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for what is not read: code, an address."""

BREAK = "\n\n"
"""Stands between paragraphs and between items of a list."""

LETTER = "A-Za-zÀ-ÖØ-öø-ɏ\u0300-\u036f"
"""Latin letters and accents, for a class of a pattern. English has no others, and a list of them is
searched for in two thirds of the time that ``\\w`` takes."""

WORD = re.compile(rf"[{LETTER}]+(?:['’][{LETTER}]+)*")
"""Letters with apostrophes between them; a hyphen parts two words."""

# Text in which nothing means anything but itself.
_PLAIN = re.compile(r"(?![-+] |\d+[.)] )[^\\`*_\[\]<>&{}\n]*\Z")
# Text with no markup but emphasis, code and gaps, as most has that has any.
_SIMPLE = re.compile(r"(?![-+*] |\d+[.)] )[^\\_\[\]<>&\n]*\Z")
_SIGNS = {ord(sign): None for sign in "*{}"}
_SIMPLE_MARKUP = re.compile(r"(?P<opaque>`[^`]+`)|(?P<nothing>\*+|[{}])")
_MARKUP = re.compile(
    r"""
    (?P<opaque>
        (?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
      | <(?P<tag>code|kbd|pre|var)\b[^<>]*>.*?</(?P=tag)>
      | <?https?://[^\s<>]*[^\s<>.,;:!?)"'”’]>?
    )
    | (?P<escape>\\[!-/:-@\[-`{-~])
    | (?P<entity>&\#?\w+;)
    | (?P<parting>\n[ ]*\n\s*(?:(?:[-+*]|\d+[.)])[ ]+)? | \n[ ]*(?:[-+*]|\d+[.)])[ ]+)
    | (?P<nothing>
        \[(?=[^\[\]]*\]\()
      | \]\((?:[^()\s]|\([^()\s]*\))*(?:\s"[^"]*")?\)
      | </?[A-Za-z][^<>]*>
      | \A(?:[-+*]|\d+[.)])[ ]+
      | \*+ | (?<!\w)_+(?=\w) | (?<=[\w.,!?])_+(?!\w) | [{}]
    )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Prose:
    """What one reads of a text.

    Attributes:
        text: The words, with a sign in place of what is not read.
        source: As it was written.
        cuts: Pairs of offsets, in ``text`` and in ``source``, from which both run alike.
    """

    text: str
    source: str
    cuts: tuple[tuple[int, int], ...] = ()

    def place(self, offset: int) -> int:
        """Where a character of ``text`` is in ``source``."""
        if not self.cuts:
            return offset
        read, written = self.cuts[bisect_right(self.cuts, (offset, len(self.source))) - 1]
        return min(written + offset - read, len(self.source))

    def rewritten(self, changes: Iterable[tuple[int, int, str]]) -> str:
        """The source with other words in place of some; a change that markup parts is left out.

        Args:
            changes: Where each begins and ends in ``text``, and what is to stand there.
        """
        source = self.source
        for start, end, instead in sorted(changes, reverse=True):
            at = self.place(start)
            old = self.text[start:end]
            if source.startswith(old, at):
                source = source[:at] + instead + source[at + len(old) :]
        return source


def text(source: str) -> str:
    """What one reads of a text in Markdown, without the places."""
    if "://" not in source:
        if _PLAIN.match(source):
            return source
        if "`" not in source and _SIMPLE.match(source):
            return source.translate(_SIGNS)
    return read(source).text


def read(source: str) -> Prose:
    """What one reads of a text in Markdown, which may have gaps in braces."""
    addressed = "://" in source
    if not addressed and _PLAIN.match(source):
        return Prose(source, source)
    simple = not addressed and "``" not in source and _SIMPLE.match(source)
    pieces: list[str] = []
    cuts: list[tuple[int, int]] = []
    length = at = 0
    for match in (_SIMPLE_MARKUP if simple else _MARKUP).finditer(source):
        for piece, origin in ((source[at : match.start()], at), (_read(match), match.start())):
            if piece:
                cuts.append((length, origin))
                pieces.append(piece)
                length += len(piece)
        at = match.end()
    cuts.append((length, at))
    return Prose("".join(pieces) + source[at:], source, tuple(cuts))


def _read(match: re.Match[str]) -> str:
    """What one reads of a piece of markup."""
    match match.lastgroup:
        case "opaque":
            return OPAQUE
        case "escape":
            return match[0][1]
        case "entity":
            return unescape(match[0])
        case "parting":
            return BREAK
        case _:
            return ""
