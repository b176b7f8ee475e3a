"""Where a term stands in a sentence, in any of its regular English forms.

Rules of spelling, not a dictionary: the words of a field (*bufferise*, *autotuner*, *StableHLO*)
are in none. What the rules miss, an author marks with braces.
"""

from __future__ import annotations

import functools
import re

# Code, the address of a link, a tag, an escaped character: a brace there is a brace.
_VERBATIM = re.compile(
    r"((?<!`)``(?!`).+?(?<!`)``(?!`)|`[^`]+`|\]\([^()]*\)|<[^<>]+>|\\.)", re.DOTALL
)


@functools.lru_cache(maxsize=65536)
def pattern(term: str) -> re.Pattern[str]:
    """Finds ``term`` with any of its words in a regular plural, past or -ing form.

    A term in lower case is found in any case (a sentence may begin with it); one with capitals
    only as it is written.
    """
    words = r"[\s-]+".join(_forms(word) for word in re.split(r"[\s-]+", term))
    flags = re.IGNORECASE if term.islower() else 0
    return re.compile(rf"(?<!\w){words}(?!\w)", flags)


def mark_gap(text: str, term: str) -> str | None:
    """``text`` with braces around each occurrence of ``term``; None where there is none."""
    find = pattern(term)
    pieces = _VERBATIM.split(text)
    marked = [
        piece if index % 2 else find.sub(lambda match: f"{{{match[0]}}}", piece)
        for index, piece in enumerate(pieces)
    ]
    return "".join(marked) if marked != pieces else None


def has_braces(text: str) -> bool:
    """Whether an author marked a gap, or meant to: braces in code are none of a gap's."""
    return any(brace in piece for piece in _VERBATIM.split(text)[::2] for brace in "{}")


def _forms(word: str) -> str:
    stem = re.escape(word)
    if not word[-1:].isalpha():
        return stem
    forms = [rf"{stem}(?:['\u2019]s|s|es|ed|ing|{re.escape(word[-1])}(?:ed|ing))?"]
    if word.endswith("e"):
        forms.append(rf"{re.escape(word[:-1])}(?:ed|ing)")
    if word.endswith("y"):
        forms.append(rf"{re.escape(word[:-1])}(?:ies|ied)")
    if word.endswith("sis"):
        forms.append(rf"{re.escape(word[:-2])}es")
    return f"(?:{'|'.join(forms)})"
