"""Text with marks, in paragraphs and lists: what HTML and Markdown can both say.

A run of text knows the marks that it stands in, so that it does not matter whether a paragraph
stands in an emphasis or the reverse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

BREAK = "\n"
"""The text of a run that is a line break."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_NBSP = re.compile("(?<=[ \xa0])\xa0|\xa0(?=[ \xa0]|\\Z)|\\A\xa0")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a run of text stands in: an element's name, and of a link its address and title."""

    name: str
    href: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look; a ``BREAK`` is a run of its own."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True)
class Paragraph:
    """A line or more of text."""

    runs: list[Run] = field(default_factory=list)


@dataclass(slots=True)
class Verbatim:
    """Lines whose spaces count."""

    text: str


@dataclass(slots=True)
class Bullets:
    """A list, whose items are blocks again.

    Attributes:
        start: The first number; None where it has none.
        implied: Whether it is there only because its items are in no list.
    """

    start: int | None
    items: list[list[Block]] = field(default_factory=list)
    implied: bool = False


Block: TypeAlias = "Paragraph | Verbatim | Bullets"


@dataclass(slots=True)
class Rich:
    """What a piece of HTML says.

    Attributes:
        lost: What of it blocks and marks cannot say, in words, without repeats.
        images: Names of the pictures that were taken out of it.
    """

    blocks: list[Block] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


def tidy(blocks: list[Block]) -> None:
    """Join runs, drop what is empty, put spaces where they do no harm."""
    for block in blocks:
        if isinstance(block, Paragraph):
            block.runs[:] = _spaced(block.runs)
        elif isinstance(block, Verbatim):
            block.text = block.text.strip("\r\n").replace("\r\n", "\n").rstrip()
        else:
            for item in block.items:
                tidy(item)
            block.items[:] = [item for item in block.items if item]
    blocks[:] = [block for block in blocks if not _is_empty(block)]


def _is_empty(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return not block.runs
    return not (block.items if isinstance(block, Bullets) else block.text)


def _spaced(runs: list[Run]) -> list[Run]:
    """Runs with single spaces, none at an edge of a line or just inside a mark."""
    pieces: list[Run] = []
    for run in _joined(runs):
        text = run.text
        if text == BREAK:
            pieces.append(run)
            continue
        text = _SPACE.sub(" ", _NBSP.sub(" ", text))
        inner = text.strip(" ")
        if text.startswith(" ") and inner:
            pieces.append(Run(" ", ()))
        pieces.append(Run(inner, run.marks) if inner else Run(" ", ()))
        if text.endswith(" ") and inner:
            pieces.append(Run(" ", ()))
    made = _trimmed(pieces)
    return _joined([_in_both(made, at) for at in range(len(made))])


def _trimmed(pieces: Iterable[Run]) -> list[Run]:
    """Runs without spaces beside spaces and breaks, and without breaks at either end."""
    made: list[Run] = []
    for piece in pieces:
        before = made[-1].text if made else BREAK
        if piece.text == " " and (before in (BREAK, " ")):
            continue
        if piece.text == BREAK:
            while made and made[-1].text == " ":
                made.pop()
        made.append(piece)
    while made and made[-1].text in (" ", BREAK):
        made.pop()
    while made and made[0].text == BREAK:
        made.pop(0)
    return made


def _in_both(runs: list[Run], at: int) -> Run:
    """A space or a break stands in the marks that both of its neighbours stand in."""
    run = runs[at]
    if run.text not in (" ", BREAK):
        return run
    before = next((r.marks for r in reversed(runs[:at]) if r.text not in (" ", BREAK)), ())
    after = next((r.marks for r in runs[at:] if r.text not in (" ", BREAK)), ())
    return Run(run.text, common(before, after))


def common(one: tuple[Mark, ...], other: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The marks that two runs stand in together, from outside."""
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if mine != yours:
            break
        count += 1
    return one[:count]


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of the same look as one."""
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else None
        if last and last.marks == run.marks and BREAK not in (last.text, run.text):
            made[-1] = Run(last.text + run.text, run.marks)
        elif run.text:
            made.append(run)
    return made
