"""The words of a course: all of its texts that are meant to be right as one, with a concordance.

All rules about language look at the same words. A course is therefore read once for all of them,
and laid out as a single text, which costs a rule one search instead of ten thousand. Wrong
sentences of exercises are not in it.
"""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import functools
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import scalarplace
from ankigen.diagnostics import Span
from ankigen.language import dictionary, prose, variety
from ankigen.language.dictionary import Dictionary
from ankigen.language.prose import OPAQUE, WORD
from ankigen.model import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.language.prose import Prose
    from ankigen.language.variety import Variety
    from ankigen.model import Origin
    from ankigen.notetypespec import Role
    from ankigen.project import Path, Project

MISTAKE: Role = "mistake"

# What stands at a word that is a part of a name in code, a path, an address or a formula.
_CODE = re.compile(
    rf"[\d_@#$\\=<>~^+*{OPAQUE}]|\w[./:]\w|\w\(|\)\w|-[A-Z]{{2}}|[A-Z]{{2}}-|\A--?\w"
)
_MARK = re.compile("[\"'“”‘’]")
_QUOTE = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|‘[^\n]*?’(?!\w)|(?<!\w)'[^\n]*?'(?!\w)")
_NEAR = 80  # characters; nothing in prose is longer without a space


_APART = "\n\n\0\n\n"
"""Between two passages; nothing that a rule looks for goes over it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the course.

    Attributes:
        source: Whose it is: an entry, or a file about the course.
        path: Where it is in it.
        role: What its key is to a learner; None of the course's own files.
        prose: What one reads of it.
        start: Where it begins in the text of the course.
    """

    source: Entry | Origin
    path: Path
    role: Role | None
    prose: Prose
    start: int

    @property
    def text(self) -> str:
        """What one reads of it."""
        return self.prose.text

    @property
    def words(self) -> list[str]:
        """In order, as they are written."""
        return WORD.findall(self.prose.text)

    @property
    def entry(self) -> Entry | None:
        """Whose it is; None of the course's own files."""
        return self.source if isinstance(self.source, Entry) else None

    @property
    def span(self) -> Span:
        """Where it begins in its file."""
        return self.source.span(*self.path)


class Wording:
    """The texts of a course and what is known of its language.

    Args:
        project: The course.

    Attributes:
        variety: How its English is spelt; None where it is in another language.
        passages: In the order of the course's files, then of the entries.
        text: All of them, one after the other.
        dictionary: English and the course's own words.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self.variety: Variety | None = variety.of(project.course.language)
        self.passages = tuple(_passages(project))
        self.text = _APART.join(passage.text for passage in self.passages)
        self._starts = [passage.start for passage in self.passages]
        self.dictionary = Dictionary(self.variety or variety.Variety.ANY, self.own())

    def of_roles(self, *roles: Role) -> Iterator[Passage]:
        """The texts of keys that have one of these roles."""
        return (passage for passage in self.passages if passage.role in roles)

    @property
    def concordance(self) -> Mapping[str, array[int]]:
        """Each different word, as it is written, and where it stands in the text."""
        return self._words[0]

    @property
    def echoes(self) -> Sequence[int]:
        """Where a word follows the same word, with whatever between them."""
        return self._words[1]

    @functools.cached_property
    def _words(self) -> tuple[Mapping[str, array[int]], Sequence[int]]:
        found: dict[str, array[int]] = {}
        echoes: list[int] = []
        last = ""
        for match in WORD.finditer(self.text):
            word = match[0]
            places = found.get(word)
            if places is None:
                places = found[word] = array("I")
            places.append(match.start())
            if word == last or word == last.lower():
                echoes.append(match.start())
            last = word
        return found, echoes

    def own(self) -> set[str]:
        """Words of which the course knows how they are written."""
        return {word for form in self.forms() for word in WORD.findall(form)}

    def forms(self) -> Iterator[str]:
        """What the course defines, says in its own way, or lists as a word."""
        yield from self._project.words
        yield from self._project.lexicon.entries
        for passage in self.of_roles("headword"):
            yield passage.text

    def find(self, words: Iterable[str]) -> Iterator[tuple[int, str]]:
        """Where some of the words stand, in order, as they are written.

        Left out are parts of names in code, of paths and of formulas; single letters; prefixes and
        endings that stand alone, like the *re-* of *re-run*; and in a note a word in quotes, which
        is talked about and often wrong.
        """
        places = sorted(
            (place, word)
            for word in words
            if len(word) > 1
            for place in self.concordance.get(word, ())
        )
        return (found for found in places if not self._is_part(found[0], found[0] + len(found[1])))

    def passage(self, offset: int) -> Passage:
        """In which a place of the text is."""
        return self.passages[bisect_right(self._starts, offset) - 1]

    def span(self, offset: int) -> Span:
        """Where a place of the text, which is no space, stands in its file.

        Where that cannot be told, as in a spreadsheet, it is where the passage begins.
        """
        passage = self.passage(offset)
        begins = passage.span
        if begins.sheet or not begins.line:
            return begins
        found = scalarplace.find(
            self._project.lines(begins.file),
            (begins.line, begins.column),
            passage.prose.source,
            passage.prose.place(offset - passage.start),
        )
        return Span(begins.file, *found) if found else begins

    def may_be_name(self, offset: int) -> bool:
        """Whether a word has a capital for which no sentence that begins is the reason."""
        return may_be_name(self.text, offset)

    def is_mention(self, start: int, end: int) -> bool:
        """Whether words are talked about: in a note, and in quotes."""
        passage = self.passage(start)
        if passage.role != "note":
            return False
        at = passage.start
        quotes = _QUOTE.finditer(passage.text)
        return any(at + m.start() < start and end <= at + m.end() for m in quotes)

    def _is_part(self, start: int, end: int) -> bool:
        if is_quoted(self.text, start, end):
            return self.passage(start).role == "note"
        return is_part(self.text, start, end)


@functools.lru_cache(maxsize=1)
def of(project: Project) -> Wording:
    """The words of a course, read once."""
    return Wording(project)


def may_be_name(text: str, offset: int) -> bool:
    """Whether a word has a capital for which no sentence that begins is the reason."""
    return text[offset].isupper() and not begins_sentence(text, offset)


def begins_sentence(text: str, offset: int) -> bool:
    """Whether a word stands first in a text, in a sentence or in an item of a list."""
    before = text[max(offset - _NEAR, 0) : offset].rstrip(" \t\"'“‘([")
    return not before or before[-1] in ".!?:…\n"


def is_quoted(text: str, start: int, end: int) -> bool:
    """Whether a word stands in quotes of its own."""
    return bool(start and _MARK.match(text, end) and _MARK.match(text, start - 1))


def is_part(text: str, start: int, end: int) -> bool:
    """Whether a word belongs to a name in code, a path, a formula, or is a prefix or an ending."""
    before = re.split(r"\s", text[max(start - _NEAR, 0) : start])[-1]
    after = re.split(r"\s", text[end : end + _NEAR], maxsplit=1)[0]
    if _CODE.search((before + text[start:end] + after).strip(".,;:!?()\"'“”‘’…")):
        return True
    if after.startswith("-") and dictionary.may_stand_before_hyphen(text[start:end]):
        return True
    return after.startswith("…") or before in ("-", "…")


def _passages(project: Project) -> Iterator[Passage]:
    course, start = project.course, 0
    for source, text in (
        (course.origin, course.description),
        *((category.origin, category.description) for category in course.categories),
    ):
        if text:
            passage = Passage(source, ("description",), None, prose.read(text), start)
            start += len(passage.text) + len(_APART)
            yield passage
    for written in project.texts():
        role = written.spec.role
        if role != MISTAKE:
            passage = Passage(written.entry, written.path, role, prose.read(written.text), start)
            start += len(passage.text) + len(_APART)
            yield passage
