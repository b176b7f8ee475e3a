"""What ``--fix`` makes of a text that breaks a rule of language: the same text, kept as it was.

Only what one reads is changed: code, addresses and markup stay, and so does a word in quotes, which
may be an example of what is wrong.
"""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ankigen import wording
from ankigen.language import prose
from ankigen.language.prose import WORD

if TYPE_CHECKING:
    from collections.abc import Mapping

_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_OPENS = re.compile(r"(?:\A|[\s(\[–—-])\Z")


def words(text: str, right: Mapping[str, str]) -> str:
    """Some words spelt otherwise.

    Args:
        text: In Markdown.
        right: How each is to be spelt.
    """
    read = prose.read(text)
    return read.rewritten(
        (*match.span(), right[match[0]])
        for match in WORD.finditer(read.text)
        if match[0] in right
        and not wording.may_be_name(read.text, match.start())
        and not wording.is_quoted(read.text, *match.span())
        and not wording.is_part(read.text, *match.span())
    )


def quotes(text: str, *, straight: bool) -> str:
    """All quotes straight, or all typographic."""
    read = prose.read(text)
    if straight:
        signs = ((match, '"') for match in re.finditer("[“”„]", read.text))
    else:
        signs = (
            (match, _curved(read.text, match.start())) for match in re.finditer('"', read.text)
        )
    return read.rewritten((*match.span(), sign) for match, sign in signs)


def apostrophes(text: str, *, straight: bool) -> str:
    """All apostrophes between letters straight, or all typographic."""
    read = prose.read(text)
    return read.rewritten(
        (*match.span(), "'" if straight else "’") for match in _APOSTROPHE.finditer(read.text)
    )


def _curved(text: str, at: int) -> str:
    return "“" if _OPENS.search(text[:at]) else "”"
