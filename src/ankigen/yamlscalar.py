"""Another text in the place of one in a YAML file, in the same style and as far as it can be lines.

Words that stay keep their places, so that a mended spelling is one changed word in a diff; only
where that cannot be is the text written anew.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ankigen import yamlwriter

if TYPE_CHECKING:
    from ankigen.yamlplaces import Scalar

_SPACE = " \t\r\n"
_TOKEN = re.compile(rf"[{_SPACE}]+|[^{_SPACE}]+")
_FOLD = re.compile(r"[\r\n]+.*", re.DOTALL)  # a line end that stands for a space
_CORE = re.compile(rf"([{_SPACE}]*)(.*?)([{_SPACE}]*)", re.DOTALL)
_HEADER = re.compile(rf"[|>][-+1-9]*[^\r\n]*[{_SPACE}]+")  # to the first letter of the text


def say(scalar: Scalar, raw: str, text: str, newline: str) -> str | None:
    """How a scalar is written if it says ``text``.

    Args:
        scalar: In a file.
        raw: As it is written there.
        text: What it is to say; not empty.
        newline: The line end of the file.

    Returns:
        None where its style cannot hold the text.
    """
    if scalar.style in ("|", ">"):
        return _say_in_block(scalar, raw, text, newline)
    quote = scalar.style
    plain = yamlwriter.is_plain(text, in_flow=scalar.in_flow)
    if quote or plain:
        body = raw[1:-1] if quote else raw
        exchanged = _exchange(quote, body, scalar.text, text)
        if exchanged is not None:
            return quote + exchanged + quote
    return text if plain and not quote else yamlwriter.quoted(text, quote)


def _say_in_block(scalar: Scalar, raw: str, text: str, newline: str) -> str | None:
    header = _HEADER.match(raw)
    old, new = _CORE.fullmatch(scalar.text), _CORE.fullmatch(text)
    if not header or not old or not new:
        return None
    body = raw[header.end() :].rstrip(_SPACE)
    tail = raw[header.end() + len(body) :]
    if new[3] == old[3].lstrip(" "):
        tail = tail.lstrip(" ")
    elif new[3] != old[3]:
        return None  # the header says which line ends are at its end
    exchanged = _exchange(scalar.style, body, old[2], new[2]) if old[1] == new[1] else None
    if exchanged is not None:
        return header[0] + exchanged + tail
    lines = new[2].split("\n")
    pad = re.split(r"[\r\n]", header[0])[-1]
    if not yamlwriter.is_block(new[2]):
        return None
    if scalar.style == ">":
        if any(line.startswith(" ") for line in lines):  # is not folded
            return None
        longest = max(map(len, (pad + body).splitlines()))
        lines = yamlwriter.folded(new[2], max(yamlwriter.WIDTH, longest) - len(pad))
    first, *others = lines
    return header[0] + newline.join([first, *(line and pad + line for line in others)]) + tail


def _exchange(style: str, body: str, old: str, new: str) -> str | None:
    """A text in which some words are others, every other word where it was.

    Returns:
        None where more than words and the spaces between them changes.
    """
    raw, before, after = (_TOKEN.findall(text) for text in (body, old, new))
    if len(raw) != len(before) or any(
        _read(token, style) != word
        for token, word in zip(raw, before, strict=True)
        if not word.isspace()
    ):
        return None
    parts: list[str] = []
    for kind, start, end, first, last in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            parts += raw[start:end]
            continue
        if after[first:last] == [" "] and style != "|" and (line_end := _FOLD.search(raw[start])):
            parts.append(line_end[0])
            continue
        for word in after[first:last]:
            written = _written(word, style)
            if written is None:
                return None
            parts.append(written)
    return "".join(parts)


def _read(token: str, style: str) -> str:
    """A word as it is meant, but for escape sequences of other than quotes."""
    if style == '"':
        return re.sub(r'\\(["\\])', r"\1", token)
    return token.replace("''", "'") if style == "'" else token


def _written(word: str, style: str) -> str | None:
    """A word or the spaces between two, as it stands in a style."""
    if style == '"':
        return yamlwriter.quoted(word, '"')[1:-1]
    written = yamlwriter.quoted(word, "'")
    if not written.startswith("'"):  # only an escape sequence could show it
        return None
    return written[1:-1] if style == "'" else word
