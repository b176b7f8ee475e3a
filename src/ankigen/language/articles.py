"""*A* or *an*: which of them a word takes, by the sound it begins with.

A word in lower case is read by the rules of English spelling. Of a name in capitals only the course
knows how it is said ("an SQL query" or "a SQL query"); without its word, only what nobody says is
told: "an CPU".
"""

# Typographic signs and phonetic letters are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re

# Letters whose names begin with a vowel: "an F", but "a U".
_VOWEL_NAMES = frozenset("AEFHILMNORSX")
_VOWEL_SOUNDS = frozenset("aeiouæɑɒɔəɚɛɜɝɐɪʊʌᵻAIOQWY")
_MARKS = "ˈˌ(/ "
# Said with "y" or "w" in front.
_GLIDE = re.compile(
    r"eu|ew[aei]|one(?!r|i)|once(?!i)|oui|u(?:ni(?!n|mp|mm|mag|dent|di(?!m|r)|ll|r(?!e)|s(?!o|e))|na(?:ry|nim[io])"
    r"|nesco(?!r)|nix|nicode|s[eua]|sing|ti|te|tri|bi|ra|ro|fo|k|top|vul|vea|vei|vu|p(?:as|sil)"
    r"|r(?:ea|e[it]|i[cdn])|ric)|uu|u\b"
)
_VOWEL = re.compile("[aeiouy]")
_SILENT_H = re.compile(r"hour(?!i)|honest|honou?r|heir")
# "An historic decision" is old, but not wrong.
_WEAK_H = re.compile(r"histor|hotel|habit|hyster|horrif|herb|heroic|hypoth|hallucin|hilar")
# After which "a" is the name of something: "A is greater than B", "a in the equation".
_NO_NOUN = frozenset(
    "and or is are in of as at on if into until also isn't aren't above after against along among"
    " around although always are's am an a".split()
)


def right(word: str, sound: str = "") -> str | None:
    """*a* or *an* before a word as it is written; None where either may be right.

    Args:
        word: As it is written.
        sound: How the word begins when it is said, in IPA or the offline voice's phonemes.

    >>> right("hour"), right("unit"), right("GPU"), right("8-bit")
    ('an', 'a', 'a', 'an')
    """
    sound = sound.lstrip(_MARKS)
    if sound:
        return "an" if sound[0] in _VOWEL_SOUNDS else "a"
    if word[:1].isdigit():
        return "an" if re.match(r"8|11(?!\d)|18(?!\d)|11,|18,|1[18]\d{3}(?!\d)", word) else "a"
    if word.lower() in _NO_NOUN:
        return None
    capitals = re.match(r"[A-Z]+", word)
    if len(word) == 1 or word[1] in "-×":
        return "an" if word[0].upper() in _VOWEL_NAMES else "a"
    if capitals and (len(capitals[0]) > 1 or not word.isalpha()):
        # Letter by letter or as a word: only where both begin alike is it sure.
        by_letter, as_word = word[0] in _VOWEL_NAMES, word[0] in "AEIOU"
        return ("an" if by_letter else "a") if by_letter == as_word else None
    return _spelt(word.lower())


def _spelt(word: str) -> str | None:
    if word[0] == "h":
        if _WEAK_H.match(word):
            return None
        return "an" if _SILENT_H.match(word) else "a"
    if word[0] in "aeiou":
        return "a" if _GLIDE.match(word) else "an"
    if not word[0].isascii() or not _VOWEL.search(word):
        return "an" if word == "nth" else None
    return "a"
