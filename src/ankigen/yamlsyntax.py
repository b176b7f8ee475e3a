"""Why a text is no YAML, in our words: what was meant, at the place where it went wrong.

A parser reports where it gives up, which is often far behind the mistake.
"""

from __future__ import annotations

import contextlib
import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

_COLON = "mapping values are not allowed in this context"  # what is said of a second ':'
_SIGNS = "!&*|>%@`"
_KEY = re.compile(r"(?:- +| )*(?P<key>[\w.-]+):(?!\S)")


class Fault(NamedTuple):
    """What keeps a text from being YAML.

    Attributes:
        place: 1-based line and column.
        message: What is wrong.
        hint: What to do about it.
        is_tab: Whether it is a tab.
    """

    place: tuple[int, int]
    message: str
    hint: str
    is_tab: bool = False


def lines(text: str) -> list[str]:
    """Lines as YAML counts them; ``str.splitlines`` knows more line ends."""
    return LINE_END.split(text)


def explain(error: yaml.YAMLError, text: str) -> Fault:
    """What a parser complains of.

    Args:
        error: The parser's.
        text: The whole of what it was given.
    """
    source = lines(text)
    place, problem = _complaint(error, text)
    place = _written(place, source)
    found = _tab(problem, source, place) or _quote(error, text, place) or _sign(error, source)
    if found is None and problem == _COLON:
        found = _colon(source, place)
    hint = "check the quotes, the indentation and the colons here and in the line above"
    return found or Fault(place, f"this is not valid YAML: {problem}", hint)


def _complaint(error: yaml.YAMLError, text: str) -> tuple[tuple[int, int], str]:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return place, error.problem or "it is not YAML"
    # yaml.reader.ReaderError: a character that YAML forbids, its place in bytes of UTF-8
    before = lines(text.encode()[: getattr(error, "position", 0) or 0].decode())
    problem = getattr(error, "reason", "") or "a character that YAML does not allow"
    return (len(before), len(before[-1]) + 1), problem


def _written(place: tuple[int, int], source: Sequence[str]) -> tuple[int, int]:
    """A place, or the end of the last word where nothing is written behind it."""
    if any(map(str.strip, source[place[0] - 1 :])):
        return place
    written = [number for number, words in enumerate(source, 1) if words.strip()]
    line = written[-1] if written else 1
    return line, len(source[line - 1].rstrip()) + 1


def _tab(problem: str, source: Sequence[str], place: tuple[int, int]) -> Fault | None:
    """A tab where there should be spaces."""
    line, column = place
    text = source[line - 1]
    at_tab = text[column - 1 : column] == "\t"
    indent = text[: len(text) - len(text.lstrip())]
    if not (at_tab or "\t" in indent or "tab" in problem.split()):
        return None
    if not at_tab and "\t" in text:
        column = text.find("\t") + 1
    message = "a tab stands where YAML allows only spaces"
    return Fault((line, column), message, "indent with two spaces", is_tab=True)


def _quote(error: yaml.YAMLError, text: str, place: tuple[int, int]) -> Fault | None:
    """A quote that is closed nowhere, or by one that was to open, or by an apostrophe."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return None
    if error.context == "while scanning a quoted scalar" and (mark := error.context_mark):
        opens = (mark.line + 1, mark.column + 1)
        hint = "close it at the end of the text"
        return Fault(opens, "the quote that opens here is never closed", hint)
    last = _last_event(text)
    if not isinstance(last, yaml.ScalarEvent) or last.style not in ("'", '"'):
        return None
    begins, ends = last.start_mark, last.end_mark
    if begins is None or ends is None or ends.line + 1 != place[0]:
        return None
    opens = (begins.line + 1, begins.column + 1)
    if begins.line != ends.line:
        message = f"the quote that opens here is closed only in line {place[0]}, where text follows"
        return Fault(opens, message, "close it at the end of its own text")
    message = f"the text in quotes that begins in column {opens[1]} ends before this"
    other = "double" if last.style == "'" else "single"
    return Fault(place, message, f"put all of the text in {other} quotes, or after '>-'")


def _sign(error: yaml.YAMLError, source: Sequence[str]) -> Fault | None:
    """A text that begins with a sign that YAML takes for something else."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.context_mark is None:
        return None
    line, column = error.context_mark.line, error.context_mark.column
    sign = source[line][column : column + 1] if line < len(source) else ""
    if not sign or sign not in _SIGNS or not (error.context or "").startswith("while scanning"):
        return None
    message = f"'{sign}' at the beginning of a text means something else in YAML"
    return Fault((line + 1, column + 1), message, "put the text in quotes, or after '>-'")


def _last_event(text: str) -> yaml.Event | None:
    """What the parser read before it gave up."""
    last: deque[yaml.Event] = deque(maxlen=1)
    with contextlib.suppress(yaml.YAMLError):
        last.extend(yaml.parse(text, yaml.CBaseLoader))
    return last[0] if last else None


def _colon(source: Sequence[str], place: tuple[int, int]) -> Fault:
    """A colon in a text, or a key further to the right than the one above, whose text goes on."""
    line, column = place
    here = _KEY.match(source[line - 1])
    if here is not None and here.end() == column:
        begins = here.start("key")
        for number in range(line - 1, 0, -1):
            above = _KEY.match(source[number - 1])
            if above and above.start("key") < begins:
                which = "the one above" if number == line - 1 else f"line {number}"
                return Fault(
                    (line, begins + 1),
                    f"this line is indented further than {which}",
                    f"begin it in column {above.start('key') + 1}, as '{above['key']}'; a text"
                    " that goes on here stands in quotes",
                )
    hint = "text that contains ': ' must stand in quotes or after '>-'"
    return Fault(place, f"this is not valid YAML: {_COLON}", hint)
