r"""Slips of learners and of fast fingers that are wrong wherever they stand.

Each is a pattern and what to write instead, where ``\1`` is the word that the pattern caught. What
is only disputed, as *different than*, is no slip, nor what is right in some sentence.
"""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STOP = r"(?=[.,;:!?)]|\s+(?:that|which|is|was|to|about|from|for|and|on|with|in|of)\b|\Z)"

# Words that tell where to look, and what is looked for there.
_TABLE: tuple[tuple[str, str, str], ...] = (
    # Verbs and what follows them
    (
        "could should would might must",
        r"(?<!\bthe )(?<!\ba )\b(could|should|would|might|must) of\b(?! course)",
        r"\1 have",
    ),
    (
        "allow allows enable enables",
        (
            r"(?<!\bwe )(?<!\byou )(?<!\bthey )(?<!\bI )\b(allow|enable)s? to "
            r"(?!the\b|a\b|an\b|this\b|that\b|each\b|all\b|any\b)\w+"
        ),
        r"'\1 someone to …', or a noun",
    ),
    ("depend depends depended depending", r"\bdepend(s|ed|ing)? (?:of|from)\b", r"depend\1 on"),
    ("consist consists consisted", r"\bconsist(s|ed)? (?:on|from)\b", r"consist\1 of"),
    ("discuss discussed discusses discussing", r"\bdiscuss(ed|es|ing)? about\b", r"discuss\1"),
    ("mention mentioned mentions mentioning", r"\bmention(ed|s|ing)? about\b", r"mention\1"),
    ("explain explains explained", r"\bexplain(s|ed)? (me|us|him)\b", r"explain\1 … to \2"),
    ("capable", r"\bcapable to\b", "capable of …ing"),
    ("avoid avoids avoided", r"\bavoid(s|ed)? to \w+", r"avoid\1 …ing"),
    (
        "forward",
        r"\bforward to (hear|see|meet|work|receive|get|discuss|talk|speak|review)\b",
        r"forward to \1ing",
    ),
    ("must", r"\bmust to\b", "must"),
    ("responsible", r"\bresponsible of\b", "responsible for"),
    ("interested", r"\binterested on\b", "interested in"),
    ("according", r"\baccording with\b", "according to"),
    ("regarding", r"\bregarding to\b", "regarding"),
    ("regards", r"\bin regards to\b", "in regard to"),
    ("despite", r"\bdespite of\b", "despite"),
    ("base", r"\b[io]n base (?:to|on|of)\b", "based on"),
    ("emphasise emphasize", r"\bemphasi([sz])e(s|d)? on\b", r"emphasi\1e\2"),
    (
        "happened occurred",
        r"\b(?:is|was|are|were|been) (happened|occurred)\b",
        r"\1, without a form of 'be'",
    ),
    (
        "didn't don't doesn't did does do",
        (
            r"\b(did|do|does)(?: not|n['’]t) (?!(?:need|feed|proceed|exceed|succeed|embed|speed"
            r"|seed|bleed|breed|heed|shed|shred|weed|wed)\b)\w{2,}ed\b"
        ),
        r"the plain form after '\1 not'",
    ),
    (
        "does did do",
        r"\b(?:does|did|do) (?:it|this|that|he|she) (means|works|takes|uses|needs|runs|looks)\b",
        "the plain form after 'does'",
    ),
    ("don't", r"\b(it|he|she) don['’]t\b", r"\1 doesn't"),
    (
        "went saw took wrote ran came began gave broke chose",
        r"\b(?:has|have|had) (went|saw|took|wrote|ran|came|began|gave|broke|chose)\b",
        r"the participle of '\1'",
    ),
    # Nouns that cannot be counted
    (
        (
            "informations equipments advices feedbacks softwares hardwares firmwares evidences"
            " knowledges furnitures middlewares trainings homeworks"
        ),
        (
            r"\b(information|equipment|advice|feedback|software|hardware|firmware|evidence|knowledge"
            r"|furniture|middleware|homework)s\b"
        ),
        r"\1, which has no plural",
    ),
    (
        "information advice feedback evidence equipment software hardware research progress",
        (
            r"\ban? (information|advice|feedback|evidence|equipment|software|hardware|research"
            rf"|progress|furniture){_STOP}"
        ),
        r"\1, or 'a piece of \1'",
    ),
    # Little words
    ("another", r"\ban another\b", "another"),
    ("both", r"\bthe both\b", "both"),
    ("most", r"(?<!make )(?<!making )(?<!made )(?<!get )\bthe most of the\b", "most of the"),
    ("lots", r"\ba lots of\b", "a lot of"),
    ("hand", r"\bin the other hand\b", "on the other hand"),
    ("contrary", r"\b(?:in|by) the contrary\b", "on the contrary"),
    ("following", r"\bas following\b", "as follows"),
    ("then", r"\b(rather|different) then\b", r"\1 than"),
    ("etc", r"\band etc\b", "etc."),
    ("kind type sort", r"\bthese (kind|type|sort) of\b", r"these \1s of"),
    (
        "more",
        (
            r"\bmore (better|worse|bigger|smaller|faster|slower|easier|harder|cheaper|higher|lower"
            r"|larger|longer|shorter|simpler|safer|newer|older|cleaner|stronger|weaker)"
            r"(?= than\b|[.,;:!?]|\Z| (?:and|if|when|because)\b)"
        ),
        r"\1",
    ),
    (
        "since",
        (
            r"\bsince (two|three|four|five|six|many|several|\d+) (years|months|weeks|days|hours)\b"
            r"(?! ago)"
        ),
        r"for \1 \2",
    ),
    ("how", r"\bhow (?:\w+ ){1,3}looks? like\b", "'what … looks like', or 'how … looks'"),
    # Its and it's
    ("it's it’s", r"\bit['’]s own\b", "its own"),
    ("who's who’s", r"\bwho['’]s own\b", "whose own"),
    ("i'm i've i'll i'd i’m i’ve i’ll i’d", r"(?-i:\bi)['’](m|ve|ll|d)\b", r"I'\1"),
)


@dataclass(frozen=True, slots=True, order=True)
class Slip:
    """A slip in a text.

    Attributes:
        start: Its offset.
        wrong: As it is written.
        right: What to write instead; where that is several words with an ellipsis, as advice.
    """

    start: int
    wrong: str
    right: str


_BEFORE = 40  # characters of a slip before the word by which it is found
_BY_WORD: dict[str, list[tuple[re.Pattern[str], str]]] = {}
for _words, _pattern, _right in _TABLE:
    _compiled = re.compile(_pattern, re.IGNORECASE)
    for _word in _words.split():
        _BY_WORD.setdefault(_word, []).append((_compiled, _right))

TRIGGERS = frozenset(_BY_WORD)
"""Words, in lower case, of which every slip has one."""


def find(text: str, word: str, offset: int) -> Iterator[Slip]:
    """The slips of which one of ``TRIGGERS`` is a part.

    Args:
        text: What one reads, of one or more passages with U+0000 between them.
        word: In lower case.
        offset: Where it stands.
    """
    end = text.find("\0", offset)
    end = len(text) if end < 0 else end
    for pattern, right in _BY_WORD[word]:
        for match in pattern.finditer(text, max(offset - _BEFORE, 0), end):
            if match.start() > offset:
                break
            if match.end() > offset:
                yield Slip(match.start(), match[0], match.expand(right))
