"""Tags of languages as BCP 47 writes them, and what people write instead."""

from __future__ import annotations

import re

PATTERN = r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$"
"""A language of two or three letters, and what more is said of it."""

_ENGLISH = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_VARIETIES = {"british": "en-GB", "american": "en-US", "brazilian": "pt-BR"}


def meant(written: str) -> str:
    """The tag that somebody meant who wrote something else; empty where that is not known.

    >>> meant("english"), meant("British English"), meant("en_GB"), meant("Klingon")
    ('en', 'en-GB', 'en-GB', '')
    """
    dashed = written.replace("_", "-")
    if re.fullmatch(PATTERN, dashed):
        return dashed
    tags = {name.lower(): tag for tag, name in _ENGLISH.items()}
    words = re.findall(r"[a-z]+", written.lower())
    return next((known[w] for known in (_VARIETIES, tags) for w in words if w in known), "")


def primary(tag: str) -> str:
    """The language of a tag, whatever its variety.

    >>> primary("pt-BR")
    'pt'
    """
    return tag.lower().partition("-")[0]


def name(tag: str) -> str:
    """The English name of a tag's language; the tag's own letters where it is none of the known."""
    return _ENGLISH.get(primary(tag), f"'{primary(tag)}'")
