"""Rules about signs and spaces."""

# Typographic signs are meant.
# ruff: noqa: RUF001, RUF002

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ankigen import wording
from ankigen.diagnostics import Code
from ankigen.language import prose
from ankigen.language.prose import OPAQUE
from ankigen.rules import mending
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ankigen.project import Project
    from ankigen.rules.rule import Mend
    from ankigen.wording import Wording

_QUOTES = {
    "straight": re.compile(r'"(?<![^\s(\[–—-]")(?=\S)'),
    "typographic": re.compile("[“„]"),
}
# Each pattern begins with its sign, which is searched for many times faster than what is before it.
_APOSTROPHES = {
    "straight": re.compile(r"'(?<=\w')(?=\w)"),
    "typographic": re.compile(r"’(?<=\w’)(?=\w)"),
}
_DASHES = {
    "an em dash without spaces": re.compile(r"—(?<=\w—)(?=\w)"),
    "an em dash between spaces": re.compile(r"—(?<=\S —)(?= )"),
    "an en dash between spaces": re.compile(r"–(?<=\S –)(?= )"),
    "two hyphens": re.compile(r"--(?<=[^\W\d_] --)(?= )|--(?<=[a-z]--)(?=[a-z])"),
    "a hyphen between spaces": re.compile(r"-(?<=[a-z,)] -)(?= [a-z])"),
}
_ELLIPSES = {
    "three full stops": re.compile(r"\.\.\.(?<!\.\.\.\.)(?!\.)"),
    "the sign '…'": re.compile("…"),
}


@dataclass(frozen=True, slots=True)
class _Space:
    """A way of setting spaces wrong.

    Attributes:
        message: What is wrong.
        hint: What to do.
        pattern: What is wrong as it is written; its place is where it ends.
        signs: Without one of which a text has none of these.
        mended: What to write in its place.
    """

    message: str
    hint: str
    pattern: re.Pattern[str]
    signs: tuple[str, ...]
    mended: Callable[[str], str]


_SPACES = (
    _Space(
        "there are two spaces",
        "one is enough",
        re.compile(r"[ \t\xa0]{2,}(?=\S)"),
        ("  ", "\t", "\xa0"),
        lambda _: " ",
    ),
    _Space(
        "there is a space before the sign",
        "in English it stands right behind the word",
        re.compile(r" +(?=[,;!?.:](?:\s|\Z))"),
        (" ,", " ;", " !", " ?", " .", " :"),
        lambda _: "",
    ),
    _Space(
        "there is no space behind the sign",
        "write one",
        re.compile(r"[,;](?=[a-z]{2})"),
        (",", ";"),
        lambda sign: f"{sign} ",
    ),
    _Space(
        "there is a space inside the bracket",
        "remove it",
        re.compile(r"\( +(?=\w)|(?<=\w) +(?=\))"),
        ("( ", " )"),
        str.strip,
    ),
)
_DOUBLED = re.compile(r"\.\.(?<=\w\.\.)(?=\s|\Z)|,,|;;|[,;]\.(?=\s|\Z)|\?\?|!!")
_SIGN = re.compile(r"[()\[\]“”](?<![:;][()])(?<![:;]-[()])")
_STRAIGHT = re.compile(r'"(?<!\d")')  # behind a digit it is an inch
_PAIRS = {"(": ")", "[": "]", "“": "”"}
_LISTED = re.compile(r"(?:\A|[\s\0])(?:\d{1,2}|[A-Za-z]|i{2,3}|iv|vi{1,3}|ix)\)\Z")
_NEAR = 6  # characters before a bracket: of what numbers an item


def _unquoting(project: Project) -> Mend:
    """Write quotes and apostrophes as the course does most often."""
    straight, right = _usual(project, _QUOTES), _usual(project, _APOSTROPHES)

    def mend(text: str) -> str:
        text = mending.quotes(text, straight=straight == "straight")
        return mending.apostrophes(text, straight=right == "straight")

    return mend


@rule(Code.QUOTES, "two kinds of quotes", mend_of=_unquoting)
def quotes(project: Project) -> Iterator[Found]:
    """Some quotes or apostrophes are straight, others typographic.

    Either is fine, but not both in one course. The rarer kind is reported.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: What the accelerator's "host" starts.
            - id: launch
              term: launch
              definition: To start “a kernel”, as the host’s code does.
              usage: One doesn't "call" it.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: What the accelerator's "host" starts.
            - id: launch
              term: launch
              definition: To start "a kernel", as the host's code does.
              usage: One doesn't "call" it.
    """
    yield from _rarer(project, _QUOTES, "these quotes are")
    yield from _rarer(project, _APOSTROPHES, "this apostrophe is")


@rule(Code.DASHES, "two kinds of dashes")
def dashes(project: Project) -> Iterator[Found]:
    """Dashes, or the dots of an omission, are written in several ways.

    The rarer ways are reported, as is a hyphen or two in place of a dash.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function – compiled for an accelerator – that the host starts.
            - id: pass
              term: pass
              definition: One step of a compiler - it may change the program.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function – compiled for an accelerator – that the host starts.
            - id: pass
              term: pass
              definition: One step of a compiler – it may change the program.
    """
    yield from _rarer(project, _DASHES, "this dash is", never=("two", "a hyphen"))
    yield from _rarer(project, _ELLIPSES, "this ellipsis is")


def _spacing(text: str) -> str:
    """One space between words, none before a sign, one behind it."""
    read = prose.read(text)
    return read.rewritten(
        (*match.span(), space.mended(match[0]))
        for space in _SPACES
        for match in space.pattern.finditer(read.text)
        if not _is_code(read.text, match)
    )


@rule(Code.SPACES, "space too many or too few", mend=_spacing)
def spaces(project: Project) -> Iterator[Found]:
    """There are two spaces in a row, one before a comma or a full stop, or none behind a comma.

    Bad:
        cards/basics/terms.yaml
            - id: pass
              term: pass
              definition: One step of a compiler , which goes over  the program.

    Good:
        cards/basics/terms.yaml
            - id: pass
              term: pass
              definition: One step of a compiler, which goes over the program.
    """
    words = wording.of(project)
    for space in _SPACES:
        if any(sign in words.text for sign in space.signs):
            for match in space.pattern.finditer(words.text):
                if not _is_code(words.text, match):
                    yield Found(words.span(match.end()), space.message, space.hint)


@rule(Code.PUNCTUATION, "sign that is doubled or alone")
def punctuation(project: Project) -> Iterator[Found]:
    """A bracket or a quote has no partner, or two signs stand where one belongs.

    Bad:
        cards/basics/terms.yaml
            - id: pass
              term: pass
              definition: One step of a compiler (in LLVM, over a function or a module..

    Good:
        cards/basics/terms.yaml
            - id: pass
              term: pass
              definition: One step of a compiler (in LLVM, over a function or a module).
    """
    words = wording.of(project)
    for match in _DOUBLED.finditer(words.text):
        yield Found(words.span(match.start()), f"'{match[0]}' is one sign too many", "keep one")
    signs = _SIGN.finditer(words.text)
    for _, here in groupby(signs, key=lambda sign: words.index(sign.start())):
        for offset, message in _unpaired(words.text, [*here]):
            yield Found(words.span(offset), message, "add the other, or remove this one")
    for start, end in words.extents() if '"' in words.text else ():
        if words.text.count('"', start, end) % 2:
            offsets = [match.start() for match in _STRAIGHT.finditer(words.text, start, end)]
            if len(offsets) % 2:
                message = "'\"' has no partner"
                yield Found(words.span(offsets[-1]), message, "add the other, or remove this one")


def _rarer(
    project: Project,
    kinds: Mapping[str, re.Pattern[str]],
    what: str,
    never: tuple[str, ...] = (),
) -> Iterator[Found]:
    """The places of every kind but the most frequent.

    Args:
        project: The course.
        kinds: What there is to choose from, by its name.
        what: How the message begins, before the kind.
        never: How the names of kinds begin that are never right.
    """
    words = wording.of(project)
    found = _places(words, kinds)
    right = _most(found, never)
    for kind, places in found.items():
        for offset in places if kind != right else ():
            yield Found(
                words.span(offset),
                f"{what} {kind}",
                f"elsewhere in the course: {right}" if found[right] else f"write {right}",
            )


def _usual(project: Project, kinds: Mapping[str, re.Pattern[str]]) -> str:
    """The most frequent kind."""
    return _most(_places(wording.of(project), kinds))


def _places(words: Wording, kinds: Mapping[str, re.Pattern[str]]) -> dict[str, list[int]]:
    return {
        kind: [match.start() for match in pattern.finditer(words.text)]
        for kind, pattern in kinds.items()
    }


def _most(found: Mapping[str, list[int]], never: tuple[str, ...] = ()) -> str:
    usual = (kind for kind in found if not kind.startswith(never or "\0"))
    return max(usual, key=lambda kind: len(found[kind]))


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Whether signs stand as in code or in a list of names: "a, b = x ; y", "*.c , *.h", "i,j"."""
    before, after = (
        text[max(match.start() - 2, 0) : match.start()],
        text[match.end() : match.end() + 1],
    )
    if match[0] in (",", ";"):
        return not before.isalpha() or OPAQUE in (before[-1:], after)
    return not (before[-1:].isalnum() or before[-1:] in ").,;:!?\"'”’]")


def _unpaired(text: str, signs: Sequence[re.Match[str]]) -> Iterator[tuple[int, str]]:
    """Brackets and quotes of a passage that have no partner, and where."""
    open_at: list[int] = []
    for match in signs:
        offset, sign = match.start(), match[0]
        if sign in _PAIRS:
            open_at.append(offset)
        elif open_at and _PAIRS[text[open_at[-1]]] == sign:
            open_at.pop()
        elif not _LISTED.search(text[max(offset - _NEAR, 0) : offset + 1]):
            yield offset, f"'{sign}' closes nothing"
    yield from ((offset, f"'{text[offset]}' is never closed") for offset in open_at)
