"""Text as it is written → text as an engineer says it, for any voice.

Numbers stay digits, and what every voice reads right stays as it is: percentages, currencies,
fractions, dates, hyphens. What remains is what voices drop, spell out or misread, measured by the
phonemes of the offline voice: signs, dimensions, ranges, units of computing, code.
"""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    Rule: TypeAlias = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

# Words and the punctuation after them, and a number at the end, in which no rule finds anything.
_ORDINARY = re.compile(
    r"(?:[,;:!?.)”’\"']+(?:\s+|\Z))?\s*"
    r"(?:[\"'“‘(]?(?:[A-Z]?[a-zà-öø-ÿ]+|[A-Z]+s?)(?:['’-](?:[A-Z]?[a-z]+|[A-Z]+s?))*"
    r"[,;:!?.\"'”’)]*(?:\s+|\Z))*(?:\d{1,6}[!?.]?\Z)?"
)
_NUMBER = r"\d+(?:[.,]\d+)*"
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_POWER_NAMES = {"2": "squared", "3": "cubed"}
_PREFIXES = {"k": "kilo", "K": "kilo", "M": "mega", "G": "giga", "T": "tera", "P": "peta"}
_BINARY = {"Ki": "kibi", "Mi": "mebi", "Gi": "gibi", "Ti": "tebi", "Pi": "pebi"}
_SECONDS = {"m": "milli", "µ": "micro", "μ": "micro", "u": "micro", "n": "nano", "p": "pico"}
_UNITS = {
    **{f"{sign}B": f"{name}byte" for sign, name in {**_PREFIXES, **_BINARY}.items()},
    **{f"{sign}b": f"{name}bit" for sign, name in _PREFIXES.items()},
    **{f"{sign}bit": f"{name}bit" for sign, name in _PREFIXES.items()},
    **{f"{sign}s": f"{name}second" for sign, name in _SECONDS.items()},
    **{f"{sign}T": f"{name}transfer" for sign, name in _PREFIXES.items()},
    "B": "byte",
    "s": "second",
    "W": "watt",
    "kW": "kilowatt",
    "mW": "milliwatt",
    "V": "volt",
    "mV": "millivolt",
    "J": "joule",
    "pJ": "picojoule",
}
_PER = {"s": "second", "sec": "second", "clk": "clock", "W": "watt"}
_COUNTED = (
    "bytes?|bits?|ops|operations|tokens?|samples|images|requests|cycles|instructions|words"
    "|threads|warps|blocks|elements|FLOPs?|flops?|steps|iterations|queries"
)
_SIGNS = {
    "≥": "greater than or equal to",
    ">=": "greater than or equal to",
    "≤": "less than or equal to",
    "<=": "less than or equal to",
    "≠": "not equal to",
    "!=": "not equal to",
    "==": "equals",
    ":=": "becomes",
    "+=": "plus equals",
    "-=": "minus equals",
    "≈": "approximately",
    "≡": "is equivalent to",
    "≪": "much less than",
    "≫": "much greater than",
    "->": "to",
    "=>": "to",
    "→": "to",
    "⇒": "implies",
    "←": "from",
    "↔": "to and from",
    "&&": "and",
    "||": "or",
    "×": "times",
    "⋅": "times",
    "·": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "+/-": "plus or minus",
    "√": "the square root of",
    "∞": "infinity",
    "∈": "in",
    "∉": "not in",
    "∑": "the sum of",
    "∏": "the product of",
    "∂": "partial",
    "∇": "nabla",
    "∀": "for all",
    "∃": "there is",
    "∧": "and",
    "∨": "or",
    "∪": "union",
    "∩": "intersection",
    "⊕": "X or",
    "::": "",
    "−": "minus",
}
_ABBREVIATIONS = {
    "e.g.": "for example",
    "i.e.": "that is",
    "w.r.t.": "with respect to",
    "a.k.a.": "also known as",
    "s.t.": "such that",
    "w/o": "without",
    "w/": "with",
    "and/or": "and or",
    "24/7": "24 7",
    "C#": "C sharp",
    "F#": "F sharp",
}


def spoken(text: str) -> str:
    """The words of a text as they are said; outer spaces stay."""
    if _ORDINARY.fullmatch(text):
        return text
    for pattern, said in _RULES:
        text = pattern.sub(said, text)
    return text


def _either(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _abbreviation(match: re.Match[str]) -> str:
    """A full stop after one ends the sentence only at the end of the text."""
    stop = "." if match[0].endswith(".") and match.end() == len(match.string) else ""
    return _ABBREVIATIONS[match[0]] + stop


def _power(match: re.Match[str]) -> str:
    power = (match[1] or match[2] or match[3]).translate(_POWERS)
    name = _POWER_NAMES.get(power) or f"to the power of {_minus(power)}"
    return f" {name} " if match.string[match.end() : match.end() + 1].isalnum() else f" {name}"


def _minus(number: str) -> str:
    return number.replace("-", "minus ").replace("+", "")


def _by(shape: str) -> str:
    """The sides of a shape; a dimension that is not known is ``?`` in MLIR."""
    sides = (side.strip() for side in re.split("[x×]", shape))
    return " by ".join("dynamic" if side == "?" else side for side in sides)


def _unit(match: re.Match[str]) -> str:
    number, unit, per = match[1], match[2], match[3]
    name = _UNITS[unit] + ("" if number == "1" else "s")
    return f"{number or ''} {name}{_per(per)}" if number else f"{name}{_per(per)}"


def _flops(match: re.Match[str]) -> str:
    """``TFLOP/s``, ``TFLOPS`` and ``TFLOPs`` are all said "teraflops"."""
    return f"{match[1]} {_PREFIXES[match[2]]}flops" if match[1] else f"{_PREFIXES[match[2]]}flops"


def _per(unit: str | None) -> str:
    return f" per {_PER.get(unit, unit)}" if unit else ""


def _over(match: re.Match[str]) -> str:
    """Proper fractions up to tenths are read as such; others would become dates."""
    above, below = int(match[1]), int(match[2])
    return match[0] if 0 < above < below <= 10 else f"{match[1]} over {match[2]}"  # noqa: PLR2004


def _digits(match: re.Match[str]) -> str:
    """A final zero counts: ``0.20``."""
    return f"{match[1]} point {' '.join(match[2])}"


def _dots(match: re.Match[str]) -> str:
    """Names with dots in them, but not initials, and not the dot of a number."""
    if all(len(name) < 2 for name in match[0].split(".")):  # noqa: PLR2004 - U.S., a.m.
        return match[0]
    return re.sub(r"(?<!\d)\.|\.(?!\d)", " dot ", match[0])


def _slashes(match: re.Match[str]) -> str:
    return match[0].replace("/", " slash ")


def _constant(match: re.Match[str]) -> str:
    """Voices spell out capitals that they do not know; words of four letters are words here."""
    words = (part.lower() if len(part) > 3 else part for part in match[0].split("_"))  # noqa: PLR2004
    return " ".join(words)


def _greek(match: re.Match[str]) -> str:
    name = unicodedata.name(match[0], "").rpartition("LETTER ")[2].partition(" WITH")[0].lower()
    return f" {name.removeprefix('final ').replace('lamda', 'lambda')} " if name else match[0]


def _rule(pattern: str, said: str | Callable[[re.Match[str]], str]) -> Rule:
    return re.compile(pattern), said


# In order: what a rule leaves is what the next ones see.
_RULES: tuple[Rule, ...] = (
    _rule("[`\u200b\u2060\ufe0e\ufe0f]", ""),
    _rule(rf"(?<![\w./])(?:{_either(_ABBREVIATIONS)})(?![\w/])", _abbreviation),
    # Paths and addresses
    _rule(r"\bhttps?://", ""),
    _rule(r"(?<![\w.])\.{0,2}(?:/[\w.*-]+){2,}/?|[\w-]+\.[\w.-]+(?:/[\w.-]*)+", _slashes),
    _rule(r"(?<![\w.])\./(?=\w)", "dot slash "),
    # Flags: a hyphen that begins a word
    _rule(r"(?<![\w)\]-])--(?=[A-Za-z])", "dash dash "),
    _rule(r"(?<![\w)\]-])-(?=[A-Za-z])", "dash "),
    _rule(r"(?<=\bdash [A-Z])(?=\d)", " "),
    # Numbers: hexadecimal, versions, exponents, powers
    _rule(r"\b0x([0-9A-Fa-f]+)\b", lambda m: "hex " + " ".join(m[1])),
    _rule(r"\bv(?=\d+\.\d)", "version "),
    _rule(
        r"(?<=\bversion )\d+(?:\.\d+)+|(?<![\w.])\d+(?:\.\d+){2,}(?!\w)",
        lambda m: m[0].replace(".", " point "),
    ),
    _rule(r"\b(\d+(?:\.\d+)?)e([-+]?\d+)\b", lambda m: f"{m[1]} e {_minus(m[2])}"),
    _rule(r"(?<=[\w)])(?:([⁰¹²³⁴-⁹⁺⁻ⁿ]+)|\^\{?(-?\w+)\}?|\*\*(-?\w+))", _power),
    _rule("([₀-₉]+)", lambda m: " " + unicodedata.normalize("NFKC", m[0])),
    # Ranges, then shapes, then factors
    _rule(
        rf"(?<![\w.,/–-])({_NUMBER}(?:\s?[%×x])?)\s?[-–]\s?(?={_NUMBER}(?![\w.]*[-–]\d))",
        r"\1 to ",
    ),
    _rule(r"(?<=\w)<((?:[\d?]+x)+[a-z]\w*)>", lambda m: f" of {_by(m[1])}"),
    _rule(
        r"(?<![\w.,])(?:\d+|[A-Za-z])(?:\s?×\s?(?:\d+|[A-Za-z])(?![\w.,]\w))+(?!\w)"
        r"|(?<![\w.,])(?:\d+|[A-Z])(?:x(?:\d+|[A-Z]))+(?!\w)"
        r"|(?<!\w)\d+(?: x \d+)+(?!\w)",
        lambda m: _by(m[0]),
    ),
    _rule(r"(?<![\w.,])(\d+)[x×](?=[A-Z]+\d)", r"\1 "),
    _rule(rf"({_NUMBER})\s?[x×](?!\w)", r"\1 times"),
    _rule(r"[~≈∼]\s?(?=[\d$€£.])", "about "),
    # Units and rates
    _rule(r"(?:\b(\d[\d.,]*)\s?|\b)([kMGTP])FLOP(?:s|S|/s)?(?!\w)", _flops),
    _rule(
        rf"(?<![\w.])({_NUMBER})\s?({_either(_UNITS)})(?<!\dB)(?<!\d[sTV])(?:/(s|sec|clk|W))?(?![\w/])",
        _unit,
    ),
    _rule(rf"(?<!\w)()({_either(_UNITS)})/(s|sec|clk|W)(?!\w)", _unit),
    _rule(rf"\b({_COUNTED})/(\w+)", lambda m: m[1] + _per(m[2])),
    _rule(r"(?<![\w.])(\d+(?:\.\d+)?)B(?!\w)", r"\1 billion"),
    _rule(r"(?<![\w.])(\d+(?:\.\d+)?)M(?!\w)", r"\1 million"),
    _rule(r"(?<![\w.])(\d+(?:\.\d+)?)[kK](?!\w)", r"\1 K"),
    _rule(r"(?<![\w.,])(\d+)\.(\d*0)(?![\d\w]|\.\d)", _digits),
    _rule(r"(?<![\w:.])(\d+):(\d)(?![\d:])", r"\1 to \2"),
    _rule(r"(?<![\w./])(\d+)\s?/\s?(\d+)(?![\w./])", _over),
    _rule(r"(?<![\w/])([A-Za-z])/(?=\d)", r"\1 over "),
    _rule(r"(?<![\w-])([A-Za-z]|\d+) ?- ?(?=\d+(?![\w-]))", r"\1 minus "),
    _rule(r"(?<=[A-Za-z])–(?=[A-Za-z])", " "),
    # Code: calls, indices, types, then signs
    _rule(r"(?<=\w)\((e?s)\)", r"\1"),
    _rule(r"(?<=\w)\(\)", ""),
    _rule(r"(?<=\w)\[([^\[\]]+)\]", r" of \1"),
    _rule(r"(?<=\w)<([^<>\s]+)>", r" of \1"),
    *[_rule(r"(?<=[A-Za-z])\((?=\S)([^()]*)\)", r" of \1")] * 2,  # the inner call, the outer
    _rule(rf"\s?(?:{_either(_SIGNS)})\s?", lambda m: f" {_SIGNS[m[0].strip()]} "),
    _rule(r"(?<=\S)\s?=\s?", " equals "),
    _rule(r"(?<=[\w)])\s<\s(?=\S)|(?<=\w)<(?=\w)", " less than "),
    _rule(r"(?<=[\w)])\s>\s(?=\S)|(?<=\w)>(?=\w)", " greater than "),
    _rule(r"(?<=\w)\+\+", " plus plus"),
    _rule(r"(?<=\w)\s?\+\s?(?=\w)", " plus "),
    _rule(r"(?<=\d)\+(?!\w)", " plus"),
    _rule(r"(?<=[\w)])\s?\*\s?(?=[\w(])", " times "),
    _rule(r"\*", " star "),
    _rule(r"(?<![\w%)])%(?=\w)", "percent "),
    _rule(r"#(?=[A-Za-z])", "hash "),
    _rule(r"\$(?=[A-Za-z_{])", "dollar "),
    # Names: dots, underscores, humps of those that begin small
    _rule(r"(?<![\w.])\.(?=[A-Za-z_])|(?<=[\])])\.(?=[A-Za-z_])", " dot "),
    _rule(r"(?<![\w.])[A-Za-z_]\w*(?:\.\w+)+", _dots),
    _rule(r"(?<!\w)_*[A-Z]{2,}(?:_[A-Z0-9]+)+|(?<!\w)_[A-Z]{2,}", _constant),
    _rule("[_{}]+", " "),
    _rule(r"\b[a-z]{3,}[A-Z]\w*", lambda m: re.sub("(?<=[a-z])(?=[A-Z])", " ", m[0])),
    _rule("[Α-Ωα-ωϕϵ]", _greek),
    _rule(r"\s{2,}", " "),
    _rule(r"\s+(?=[,.;:!?](?:\s|\Z))", ""),
)
