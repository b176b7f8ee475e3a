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
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ankigen.language import dictionary, prose, variety
from ankigen.language.dictionary import Dictionary
from ankigen.language.prose import OPAQUE, WORD
from ankigen.model import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.diagnostics import Span
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


class Passage(NamedTuple):
    """A text of the course.

    Attributes:
        source: Whose it is: an entry, or a file about the course.
        path: Where it is in it.
        role: What its key is to a learner; None of the course's own files.
        written: As it was written.
        text: What one reads of it.
        start: Where it begins in the text of the course.
    """

    source: Entry | Origin
    path: Path
    role: Role | None
    written: str
    text: str
    start: int

    @property
    def words(self) -> list[str]:
        """In order, as they are written."""
        return WORD.findall(self.text)

    @property
    def entry(self) -> Entry | None:
        """Whose it is; None of the course's own files."""
        return self.source if isinstance(self.source, Entry) else None

    @property
    def span(self) -> Span:
        """Where it begins in its file."""
        return self.source.span(*self.path)

    def place(self, offset: int) -> int:
        """Where a character of the course's text is in what was written."""
        return prose.read(self.written).place(offset - self.start)


class Wording:
    """The texts of a course and what is known of its language.

    Passages are made when they are asked for: a course of 10,000 entries has 30,000 of them, and
    most rules want but a few.

    Args:
        project: The course.

    Attributes:
        variety: How its English is spelt; None where it is in another language.
        text: All passages, one after the other, in the order of the course's files, then of the
            entries.
        forms: What the course defines, says in its own way, or lists as a word.
        own: The words in them: the course knows how they are written.
        dictionary: English and the course's own words.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._sources: list[Entry | Origin] = []
        self._paths: list[Path] = []
        self._roles: list[Role | None] = []
        self._of_role: dict[Role, tuple[Passage, ...]] = {}
        self._described: list[str] = []  # of the course's own files, which come first
        self._starts = array("I")
        self.text = _APART.join(self._read())
        self.variety: Variety | None = variety.of(project.course.language)
        self.forms = (
            *project.words,
            *project.lexicon.entries,
            *(passage.text for passage in self.of_roles("headword")),
        )
        self.own = frozenset(WORD.findall("\n".join(self.forms)))
        self.dictionary = Dictionary(self.variety or variety.Variety.ANY, self.own)

    def _read(self) -> Iterator[str]:
        """What one reads of each text, while it is noted down where it is from."""
        start = 0
        for source, path, role, written in self._written():
            self._sources.append(source)
            self._paths.append(path)
            self._roles.append(role)
            self._starts.append(start)
            text = prose.text(written)
            start += len(text) + len(_APART)
            yield text

    def _written(self) -> Iterator[tuple[Entry | Origin, Path, Role | None, str]]:
        course = self._project.course
        for origin, text in (
            (course.origin, course.description),
            *((category.origin, category.description) for category in course.categories),
        ):
            if text:
                self._described.append(text)
                yield origin, ("description",), None, text
        paths: dict[Path, Path] = {}  # most entries have the same
        for written in self._project.texts():
            if written.spec.role != MISTAKE:
                path = paths.setdefault(written.path, written.path)
                yield written.entry, path, written.spec.role, written.text

    def _passage(self, index: int) -> Passage:
        source, path = self._sources[index], self._paths[index]
        start, end = self.extent(index)
        value = self._described[index] if index < len(self._described) else ""
        if isinstance(source, Entry):
            value = source.values[str(path[0])]
            value = value if isinstance(value, str) else value[path[1]]
        return Passage(source, path, self._roles[index], value, self.text[start:end], start)

    def of_roles(self, *roles: Role) -> Iterator[Passage]:
        """The texts of keys that have one of these roles, role by role."""
        for asked in roles:
            if asked not in self._of_role:
                found = (index for index, role in enumerate(self._roles) if role == asked)
                self._of_role[asked] = tuple(map(self._passage, found))
            yield from self._of_role[asked]

    @property
    def concordance(self) -> Mapping[str, array[int]]:
        """Each different word, as it is written, and where it stands in the text."""
        return self._words[0]

    @property
    def echoes(self) -> Sequence[int]:
        """Where a word follows the same word, in order, with whatever between them or behind."""
        return self._words[1]

    @functools.cached_property
    def _words(self) -> tuple[Mapping[str, array[int]], Sequence[int]]:
        found: defaultdict[str, array[int]] = defaultdict(_no_places)
        echoes: list[int] = []
        last = ""
        for match in WORD.finditer(self.text):
            word, place = match[0], match.start()
            found[word].append(place)
            if word == last:
                echoes.append(place)
            last = word
        for word in [word for word in found if word[0].isupper()]:  # "The the"
            again, length = word.lower(), len(word) + 1
            if again in found:
                behind = (place + length for place in found[word])
                echoes += [place for place in behind if self.text.startswith(again, place)]
        echoes.sort()
        return found, echoes

    def extent(self, index: int) -> tuple[int, int]:
        """Where a passage begins in the text, and where it ends."""
        last = index + 1 == len(self._starts)
        end = len(self.text) if last else self._starts[index + 1] - len(_APART)
        return self._starts[index], end

    def extents(self) -> Iterator[tuple[int, int]]:
        """Where each passage begins in the text, and where it ends."""
        return map(self.extent, range(len(self._starts)))

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

    def index(self, offset: int) -> int:
        """Of the passage in which a place of the text is; rises with the places."""
        return bisect_right(self._starts, offset) - 1

    def passage(self, offset: int) -> Passage:
        """In which a place of the text is."""
        return self._passage(self.index(offset))

    def span(self, offset: int) -> Span:
        """Where a place of the text, which is no space, stands in its file.

        Where that cannot be told, as in a spreadsheet, it is where the passage begins.
        """
        passage = self.passage(offset)
        return self._project.place(passage.span, passage.written, passage.place(offset))

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


def _no_places() -> array[int]:
    return array("I")


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
