"""Whether there may be a verb among words: what has none is no sentence.

Many nouns are verbs too, so this is asked only to find the few texts in which nothing could be one.
"""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ankigen.language import dictionary

if TYPE_CHECKING:
    from collections.abc import Iterable

_FINITE = frozenset(
    """
    am is are was were be been has have had do does did can could may might must shall should will
    would cannot ought need dare let
    isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't can't couldn't mustn't
    shan't shouldn't won't wouldn't needn't let's
    became began broke brought built bought came caught chose cut did drew drove ate fell felt fed
    fought found flew forgot got gave went grew held heard hid hit kept knew laid led left lent lost
    made meant met paid put ran read rang rose said saw sent set shook shone shot shut sang sat
    slept spoke spent spread stood stole struck swam swept took taught told thought threw
    understood woke
    wore won wrote
    """.split()
)
# Little words that a rule would take for verbs: the, thing; her, hering.
_NEVER = frozenset(
    """
    the and for from with this that these those its his her their our your they than then there
    when where which who what how why not very each every other such same some any all more most
    """.split()
)
_CONTRACTED = ("'m", "'re", "'ve", "'ll", "'d", "'s")
_ENDINGS = ("", "s", "es", "ed", "d", "ing")


def any_verb(words: Iterable[str]) -> bool:
    """Whether one of some words may be a verb."""
    return any(may_be(word.lower().replace("’", "'")) for word in words)


@functools.lru_cache(maxsize=65536)
def may_be(word: str) -> bool:
    """Whether a word in lower case is a verb, or has an *-ing* form as verbs do."""
    if word in _FINITE or word.endswith(_CONTRACTED):
        return True
    if word in _NEVER:
        return False
    if not dictionary.is_english(word):
        return True  # nobody knows
    for ending in _ENDINGS:
        if word.endswith(ending):
            stem = word[: -len(ending)] if ending else word
            forms = (f"{stem}ing", f"{stem}{stem[-1:]}ing", f"{stem.removesuffix('e')}ing")
            if ending == "ing" or any(dictionary.is_english(form) for form in forms):
                return True
    return word.endswith("ies") and dictionary.is_english(f"{word[:-3]}ying")
