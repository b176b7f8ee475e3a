"""Rules about how words are spelt."""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from ankigen import wording
from ankigen.diagnostics import Code
from ankigen.language import dictionary
from ankigen.language.dictionary import Dictionary
from ankigen.language.prose import WORD
from ankigen.language.variety import Variety
from ankigen.rules import mending
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.project import Project
    from ankigen.rules.rule import Mend
    from ankigen.wording import Passage, Wording

_FOREIGN = 0.5  # of the words of a text that is in another language
_FEW = 3
_SHORT = 2  # letters of a name: "cu", "Go"
_LONGEST = 40  # letters of a word
_HYPHEN = re.compile(r"-(?<=[a-z]-)(?=[a-z]{2})")
_FIRST = re.compile(r"(?<![\w-])[A-Za-z][a-z]+\Z")
_SECOND = re.compile(r"[a-z]{2,}(?![\w-])")


@rule(Code.SPELLING, "word that no dictionary has")
def spelling(project: Project) -> Iterator[Found]:
    """A word is in no dictionary.

    Known are the words of English, what is made of them by rule (*vectorise*, *elementwise*), the
    course's headwords, and the forms in `pronunciations.yaml`. The other words of a field stand in
    `words.txt` beside `ankigen.yaml`, one a line; their plurals and the like are known with them.
    Names within a sentence and code are not read, nor is a course that is not in English.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A functoin that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """
    words = wording.of(project)
    if words.variety is None:
        return
    known = words.dictionary
    # What has capitals inside is a name.
    unknown = known.unknown({word for word in words.concordance if word[1:] == word[1:].lower()})
    foreign: dict[int, bool] = {}
    for offset, word in words.find(unknown):
        if words.may_be_name(offset):
            continue
        meant = known.slip_of(word) if word[0].isupper() else known.suggest(word)
        if word[0].isupper() and not meant:  # it may be a name, too
            continue
        passage = words.passage(offset)
        if passage.start not in foreign:
            foreign[passage.start] = _is_foreign(passage, unknown)
        if not foreign[passage.start]:
            yield Found(
                words.span(offset),
                f"'{word}' is in no dictionary",
                (f"did you mean '{meant}'? " if meant else "")
                + "if it is right, add it to words.txt",
            )


def _respelling(project: Project) -> Mend:
    """Spell words as the course does elsewhere, or as its variety does."""
    return partial(mending.words, right=_right(wording.of(project)))


@rule(Code.VARIETY, "spelling of the other variety", mend_of=_respelling)
def variety(project: Project) -> Iterator[Found]:
    """A word is spelt as in America, in a course whose `language` is British, or the reverse.

    `language: en-GB-oxendict` asks for British spelling with *-ize*; `en` alone takes either
    spelling of a word, but not both. A word that is meant so stands in `words.txt`.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            language: en-GB
        cards/basics/terms.yaml
            - id: pass
              term: pass
              definition: One step of a compiler, which analyzes a program.

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            language: en-GB
        cards/basics/terms.yaml
            - id: pass
              term: pass
              definition: One step of a compiler, which analyses a program.
    """
    words = wording.of(project)
    right = _right(words)
    for offset, word in words.find(right):
        if words.may_be_name(offset):
            continue
        message = f"'{word}' is not how {words.variety} English spells it"
        if words.variety is Variety.ANY:
            message = f"'{word}' is spelt in another way elsewhere in the course"
        yield Found(words.span(offset), message, f"write '{right[word]}'")


@rule(Code.NAME, "name in other letters")
def name(project: Project) -> Iterator[Found]:
    """A name stands in other capitals than where the course defines it, says it or lists it.

    Bad:
        pronunciations.yaml
            PyTorch:
              say: pie torch
        cards/basics/terms.yaml
            - id: tensor
              term: tensor
              definition: An array of numbers, as Pytorch knows it.

    Good:
        pronunciations.yaml
            PyTorch:
              say: pie torch
        cards/basics/terms.yaml
            - id: tensor
              term: tensor
              definition: An array of numbers, as PyTorch knows it.
    """
    words = wording.of(project)
    forms = {form for form in words.forms if len(form) > _SHORT and WORD.fullmatch(form)}
    names: dict[str, str] = {}
    for form in sorted(form for form in forms if form != form.lower()):
        for ending in ("", "s", "'s", "’s"):
            names.setdefault(f"{form.lower()}{ending}", f"{form}{ending}")
    right = frozenset(names.values()) | forms
    wrong = {
        word: names[word.lower()]
        for word in words.concordance
        if word.lower() in names and word not in right and not word.isupper()
    }
    english = [word for word in wrong if dictionary.is_english(word.lower().removesuffix("s"))]
    for word in english:
        del wrong[word]
    for offset, word in words.find(wrong):
        yield Found(
            words.span(offset),
            f"'{word}' is written in other letters elsewhere",
            f"write '{wrong[word]}', or put it in backticks where it is code",
        )


@rule(Code.HYPHEN, "word with and without its hyphen")
def hyphen(project: Project) -> Iterator[Found]:
    """A compound has a hyphen in one text and is one word in another.

    Readers do not mind which it is, but they notice that it changes. The rarer of the two is
    reported; of two that are as frequent, the one with the hyphen. A note in which both stand tells
    them apart: *at run time*, *the runtime*.

    Bad:
        cards/basics/terms.yaml
            - id: fusion
              term: fusion
              definition: Merging operators into one, for a speedup.
              usage: The speed-up is largest where memory is slow.

    Good:
        cards/basics/terms.yaml
            - id: fusion
              term: fusion
              definition: Merging operators into one, for a speedup.
              usage: The speedup is largest where memory is slow.
    """
    words = wording.of(project)
    joined: dict[str, list[tuple[int, str]]] = {}
    for match in _HYPHEN.finditer(words.text):
        at = match.start()
        first = _FIRST.search(words.text[max(at - _LONGEST, 0) : at])
        second = _SECOND.match(words.text, at + 1)
        if first and second:
            places = joined.setdefault(f"{first[0]}{second[0]}".lower(), [])
            places.append((at - len(first[0]), f"{first[0]}-{second[0]}"))
    apart: dict[str, list[tuple[int, str]]] = {}
    for offset, word in words.find(w for w in words.concordance if w.lower() in joined):
        apart.setdefault(word.lower(), []).append((offset, word))
    for closed, places in apart.items():
        hyphened = joined[closed]
        if _are_told_apart(words, places, hyphened):
            continue
        rarer, other = (
            (places, hyphened[0][1]) if len(places) < len(hyphened) else (hyphened, closed)
        )
        for offset, word in rarer:
            yield Found(
                words.span(offset),
                f"'{word}' is written '{other.lower()}' elsewhere",
                "write it in one way throughout the course",
            )


def _are_told_apart(words: Wording, *places: list[tuple[int, str]]) -> bool:
    """Whether a note has a word in each way, so that the course knows them for two words."""
    having = [{words.index(offset) for offset, _ in these} for these in places]
    starts = (words.extent(index)[0] for index in set.intersection(*having))
    return any(words.passage(start).role == "note" for start in starts)


def _is_foreign(passage: Passage, unknown: set[str]) -> bool:
    """Whether a text is in another language: most of its words are unknown."""
    words = passage.words
    strange = sum(word in unknown and word.islower() for word in words)
    return strange >= _FEW and strange >= _FOREIGN * len(words)


def _right(words: Wording) -> dict[str, str]:
    """The words that are not spelt as the course spells, and how they should be."""
    if words.variety is None:
        return {}
    if words.variety is Variety.ANY:
        return _mixed(words)
    found = ((word, words.dictionary.respelt(word)) for word in words.concordance)
    return {word: right for word, right in found if right}


def _mixed(words: Wording) -> dict[str, str]:
    """Where a course takes either spelling: the rarer of two that are both there."""
    british = Dictionary(Variety.BRITISH, words.own)
    pairs = ((word, british.respelt(word)) for word in words.concordance)
    both = {word: right for word, right in pairs if right and right in words.concordance}
    found = {}
    for american, right in both.items():
        often, other = len(words.concordance[american]), len(words.concordance[right])
        found.update({american: right} if often <= other else {right: american})
    return found
