"""Rules about little words and typical slips."""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ankigen import wording
from ankigen.diagnostics import Code
from ankigen.language import articles, slips
from ankigen.language.prose import WORD
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.language.slips import Slip
    from ankigen.project import Project
    from ankigen.wording import Wording

# "What had had to be done", "that that operator"; both are right as often as wrong.
_TWICE_RIGHT = frozenset({"had", "that"})
_LONGEST = 80  # characters of a word and the spaces behind it
_BEFORE = re.compile(r"(?<![-–/*.'’\w])([^\W\d_]+(?:['’][^\W\d_]+)*)\s+\Z")
_GOES_ON = re.compile(r"[\w'’-]")
_JOINING = frozenset("-–/*.'’")
_NEXT = re.compile(r"\s+[\"'“‘(\[]*([^\W_][\w'’×-]*)")


@rule(Code.REPEATED_WORD, "word written twice")
def repeated_word(project: Project) -> Iterator[Found]:
    """A word stands twice in a row.

    It happens where a line breaks, and where a sentence is changed.

    Bad:
        cards/basics/terms.yaml
            - id: pass
              term: pass
              definition: One step of the the compiler.

    Good:
        cards/basics/terms.yaml
            - id: pass
              term: pass
              definition: One step of the compiler.
    """
    words = _english(project)
    if words is None:
        return
    for offset in words.echoes:
        before = _BEFORE.search(words.text[max(offset - _LONGEST, 0) : offset])
        again = WORD.match(words.text, offset)
        if not before or not again or again[0].lower() in _TWICE_RIGHT:
            continue
        names = before[1][0].isupper() and again[0][0].isupper()
        same = before[1].lower() == again[0].lower()
        if same and not names and not _GOES_ON.match(words.text, again.end()):
            message = f"'{again[0]}' stands twice in a row"
            yield Found(words.span(offset), message, "remove one of the two")


@rule(Code.ARTICLE, "'a' for 'an', or the reverse")
def article(project: Project) -> Iterator[Found]:
    """The article is *a* before a vowel sound, or *an* before a consonant.

    The sound decides, not the letter: *an hour*, *a unit*, *an 8-bit integer*. How an abbreviation
    begins is known from `pronunciations.yaml`; one that is not there is not judged where some
    people spell it out and others read it as a word.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that runs on a accelerator.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that runs on an accelerator.
    """
    words = _english(project)
    if words is None:
        return
    sounds = _sounds(project)
    right: dict[str, str | None] = {}
    for written in ("a", "an", "A", "An"):
        for offset in words.concordance.get(written, ()):
            match = _NEXT.match(words.text, offset + len(written))
            if not match:
                continue
            word = match[1]
            if word not in right:
                right[word] = articles.right(word, sounds.get(word, ""))
            if right[word] in (None, written.lower()) or _is_letter(words, offset, written):
                continue
            yield Found(
                words.span(offset),
                f"'{written}' stands before '{word}'",
                f"write '{right[word]} {word}', as it is said",
            )


@rule(Code.SLIP, "typical slip")
def slip(project: Project) -> Iterator[Found]:
    """Words go together in a way that is wrong in any sentence.

    Learners write *depends of*, *allows to run*, *discuss about*, *informations*; everybody writes
    *could of* one day. Only what is never right is reported. What stands in quotes in a note is
    not, because notes talk about mistakes.

    Bad:
        cards/basics/terms.yaml
            - id: tiling
              term: tiling
              definition: Cutting a loop into parts; the best size depends of the cache.

    Good:
        cards/basics/terms.yaml
            - id: tiling
              term: tiling
              definition: Cutting a loop into parts; the best size depends on the cache.
    """
    words = _english(project)
    if words is None:
        return
    met: set[Slip] = set()
    for word, places in words.concordance.items():
        if word.lower() in slips.TRIGGERS:
            for offset in places:
                met.update(slips.find(words.text, word.lower(), offset))
    for found in sorted(met):
        if not words.is_mention(found.start, found.start + len(found.wrong)):
            advice = found.right if "'" in found.right else f"'{found.right}'"
            yield Found(
                words.span(found.start), f"'{found.wrong}' is not English", f"write {advice}"
            )


def _english(project: Project) -> Wording | None:
    words = wording.of(project)
    return words if words.variety else None


def _sounds(project: Project) -> dict[str, str]:
    """How the names that the course says in its own way begin."""
    return {
        form: entry.ipa.us or entry.ipa.gb or entry.phonemes or ""
        for form, entry in project.lexicon.entries.items()
    }


def _is_letter(words: Wording, offset: int, written: str) -> bool:
    """Whether the article is a name or is talked about: "variant A is", "no *an* here"."""
    passage = words.passage(offset)
    behind = passage.place(offset + len(written) - 1) + 1
    if not passage.written[behind : behind + 1].isspace():
        return True
    if words.text[max(offset - 1, 0) : offset] in _JOINING:
        return True
    return words.may_be_name(offset)
