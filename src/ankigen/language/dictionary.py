"""Which words there are in English, and which of them a misspelt one was meant to be.

The words are those of three packages: SymSpell's, with their inflected forms and how often each is
written; of the rest, the headwords that the offline voice knows how to say, which are read only
once a word is met that the first list lacks. Words of a field are made by rule from what is there
(*vectorise*, *subexpression*, *elementwise*); the others are the course's own.
"""

# Typographic signs and phonetic letters are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING

from ankigen.language import variety, wheel
from ankigen.language.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ankigen.language.variety import Variety

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_OFTEN = 10**12
_COMMON_SLIP = 10  # as often as that a letter is taken for another
_MET = 2_100_000  # times written, of the 15,000th word
_SHORT_PLURAL = 4
_SHORTEST_NAME = 3
_USUAL = 3 * 10**7  # times written, of a word that everybody knows
_GLUED = re.compile(r"(as|at|all|an|a|in|no|each|every|even)(\w{3,})")
_HEADWORD = re.compile(rb'"([a-z]+)":')
_COUNTED = re.compile(rb"([a-z'\d]+) (\d+)\s")
_PREFIX = re.compile(
    r"(?:un|re|de|dis|mis|non|pre|sub|auto|co|inter|intra|multi|out|over|under|super|hyper|micro"
    r"|macro|nano|mega|meta|semi|anti|counter|cross|pseudo|trans|uni|bi)(?=\w{5})"
)
# What stands before a hyphen and is no word by itself.
_JOINED = frozenset(
    """
    anti bi co counter de di eco en ex extra inter intra macro mega meta micro mid mini multi nano
    neo non para poly post pre pro proto pseudo quasi re semi socio sub super tele trans tri ultra
    un uni vice
    """.split()
)
_SUFFIX = re.compile(r"(.{4,}?)(wise|less|like|ness|wards|ward|fold|proof)")
_AGENT = re.compile(r"(.{4,})ers?")
_ISE = re.compile(r"(.{4,})i[sz](?:e|es|ed|er|ers|ing|able|ability|ation|ations|ational)")
# What may have been dropped before the ending.
_DERIVED = ((_ISE, ("", "e", "y", "ic")), (_SUFFIX, ("",)), (_AGENT, ("", "e")))
_INFLECTED = (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("d", ""), ("ing", ""), ("ing", "e"))
_OWNED = re.compile(r"['’]s?\Z")


def _listed() -> Iterator[tuple[bytes, bytes]]:
    """Words in use, with how often each is written, of some 10¹²; not often where not known."""
    for match in _COUNTED.finditer(wheel.data("symspellpy", "frequency_dictionary_en_82_765.txt")):
        yield match[1], match[2]
    for word in itertools.chain(*variety.spellings()):
        yield word.encode(), b"1"


@functools.cache
def _common() -> Vocabulary:
    return Vocabulary(word for word, _ in _listed())


@functools.cache
def _often() -> dict[str, int]:
    """How often each word in use is written; only a misspelling needs it."""
    found: dict[str, int] = {}
    for word, often in _listed():
        found.setdefault(word.decode(), int(often))
    return found


@functools.cache
def _headwords() -> Vocabulary:
    """Of the lexicon from which the offline voice reads British English."""
    data = wheel.data("hibari", "assets/lexicon_gb_gold.json.gz")
    return Vocabulary(match[1] for match in _HEADWORD.finditer(data))


@functools.cache
def _usual() -> Vocabulary:
    most_first = itertools.takewhile(lambda listed: int(listed[1]) >= _MET, _listed())
    return Vocabulary(word for word, _ in most_first)


def is_usual(word: str) -> bool:
    """Whether a word in lower case is one of the 15,000 that a reader of level B2 has met."""
    return word in _usual()


def is_common(word: str) -> bool:
    """Whether a word in lower case is in use, in any variety."""
    return word in _common()


def is_english(word: str) -> bool:
    """Whether a word in lower case is in a dictionary, in any variety."""
    return word in _common() or word in _headwords()


class Dictionary:
    """English and a course's own words.

    Args:
        language: What the course is written in.
        own: Its words as they are written; their regular forms are known too.
    """

    def __init__(self, language: Variety, own: Iterable[str] = ()) -> None:
        self._variety = language
        self._own = {word.lower() for word in own}
        self._judged: dict[str, bool] = {}
        self._suggested: dict[str, str | None] = {}

    def unknown(self, words: set[str]) -> set[str]:
        """Those of many words, as they are written, that are in no dictionary."""
        return {word for word in words if not self.knows(word)}

    def knows(self, word: str) -> bool:
        """Whether a word, as it is written, is known, in any variety."""
        if word not in self._judged:
            self._judged[word] = self._knows(word.lower().replace("’", "'"))
        return self._judged[word]

    def respelt(self, word: str) -> str | None:
        """A word as the course's variety writes it, in the same case; None where it is right."""
        lower = word.lower()
        if self.is_own(lower):
            return None
        found = variety.respelt(lower, self._variety, is_common)
        return _cased(found, word) if found else None

    def suggest(self, word: str) -> str | None:
        """What was most likely meant, in the same case; None where nothing is near."""
        if word not in self._suggested:
            lower = word.lower()
            found = _parted(lower) or self._nearest(lower) or _far(lower, self._own)
            if found:
                found = variety.respelt(found, self._variety, is_common) or found
            self._suggested[word] = found
        meant = self._suggested[word]
        return _cased(meant, word) if meant else None

    def slip_of(self, word: str) -> str | None:
        """The everyday word in which a letter is missing, doubled or out of turn, in the same case.

        Of a word with a capital, which may be a name, this alone tells that it is none.
        """
        lower = word.lower()
        if len(lower) < _SHORTEST_NAME:  # "Cf": nobody knows
            return None
        found = self._nearest(lower, least=_USUAL, kinds=_COMMON_SLIP) or _parted(lower)
        return _cased(found, word) if found else None

    def _nearest(self, word: str, least: int = 0, kinds: int = 0) -> str | None:
        common = _often()
        best, most = None, 0
        for near, weight in _edits(word):
            often = _OFTEN if near in self._own else common.get(near, 0)
            if often * weight > most and often >= least and weight >= kinds:
                best, most = near, often * weight
        return best

    def _knows(self, word: str) -> bool:
        word = _OWNED.sub("", word)
        if word in _common() or self.is_own(word):
            return True
        if not word.isascii():  # English borrows "naïve"; of other words nothing is known here
            word = _without_accents(word)
            return True if not word.isascii() else is_english(word) or self._made(word)
        return is_english(word) or self._made(word)

    def is_own(self, word: str) -> bool:
        """Whether a word in lower case, or one of which it is a regular form, is the course's."""
        if not self._own:
            return False
        if word in self._own:
            return True
        for ending, instead in _INFLECTED:
            if word.endswith(ending):
                stem = word[: -len(ending)] + instead
                if stem in self._own or (stem[-2:-1] == stem[-1:] and stem[:-1] in self._own):
                    return True
        return False

    def _made(self, word: str) -> bool:
        """Whether it is made by rule of a word that is known."""
        if self._derived(word):
            return True
        prefix = _PREFIX.match(word)
        rest = word[prefix.end() :] if prefix else ""
        return bool(rest) and (is_english(rest) or self.is_own(rest) or self._derived(rest))

    def _derived(self, word: str) -> bool:
        for pattern, endings in _DERIVED:
            match = pattern.fullmatch(word)
            stems = [match[1] + end for end in endings] if match else ()
            if any(is_english(stem) or stem in self._own for stem in stems):
                return True
        if word.endswith("able"):
            return is_english(word[:-4]) and not is_english(f"{word[:-4]}ible")
        # "onwards", "schemas": the other form of a word.
        plural = word.endswith("wards") or (
            len(word) > _SHORT_PLURAL and word[-1] == "s" and word[-2] not in "sxyz"
        )
        return plural and is_english(word[:-1])


def may_stand_before_hyphen(part: str) -> bool:
    """Whether a part of a word is a prefix: the *re* of *re-run*."""
    return part.lower() in _JOINED


def _edits(word: str) -> Iterator[tuple[str, int]]:
    """What one slip of the pen makes of a word, and how common that kind of slip is."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield f"{before}'{after}", _OFTEN  # "dont"
        if after:
            yield before + after[1:], _COMMON_SLIP
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:], 2 * _COMMON_SLIP
        for letter in _LETTERS:
            yield before + letter + after, _COMMON_SLIP
            if after:
                yield before + letter + after[1:], 1


def _parted(word: str) -> str | None:
    """Two words that were written as one: "alot", "aswell"."""
    match = _GLUED.fullmatch(word)
    return f"{match[1]} {match[2]}" if match and _often().get(match[2], 0) > _USUAL else None


def _far(word: str, own: Collection[str]) -> str | None:
    """The nearest word of two slips or so, among those that begin alike."""
    from rapidfuzz import process  # noqa: PLC0415 - only a mistake needs it
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    slips = 1 if len(word) < 5 else 2  # noqa: PLR2004 - of a short word, two slips leave nothing
    lengths = range(len(word) - slips, len(word) + slips + 1)
    known = [near for length in lengths for near in _beginning().get((word[:1], length), ())]
    known += [near for near in own if len(near) in lengths]
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=8)
    common = _often()
    best = min(found, key=lambda f: (f[1], -common.get(f[0], 0), f[0]), default=None)
    return best[0] if best else None


@functools.cache
def _beginning() -> dict[tuple[str, int], list[str]]:
    """The common words by their first letter and their length."""
    found: dict[tuple[str, int], list[str]] = {}
    for word in _often():
        found.setdefault((word[0], len(word)), []).append(word)
    return found


def _cased(word: str, model: str) -> str:
    if model[:1].isupper():
        return word.upper() if model.isupper() and len(model) > 1 else word[:1].upper() + word[1:]
    return word


def _without_accents(word: str) -> str:
    import unicodedata  # noqa: PLC0415 - few texts need it

    return "".join(
        char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char)
    )
