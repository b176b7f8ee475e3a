"""Warnings that do not count: ``# ankigen: ignore AG204 because …`` and ``check: ignore:``.

A comment behind a value speaks of it; one that stands alone, of what begins in the next line: a key
with its value, or a whole entry. Errors cannot be ignored: no deck is built of them.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import yaml

from ankigen import files, yamlsyntax
from ankigen.diagnostics import Code, Diagnostic, Severity, SourceError, Span, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ankigen.model import Course

_CODE = re.compile(r"AG\d{3}")
_MARK = "ankigen:"
_COMMENT = re.compile(rf"(?<!\S)#[ \t]*{_MARK}[ \t]*(?P<said>.*)")
_SAID = re.compile(
    r"ignore\s+(?P<codes>[A-Z]+\d+(?:[\s,]+[A-Z]+\d+)*)(?:\s+because\s+(?P<why>\S.*))?\s*"
)
_WANTED = "write it as '# ankigen: ignore AG204 because …', with the reason"
_TO_THE_END = 1 << 62


@dataclass(frozen=True, slots=True)
class Suppression:
    """Rules that somebody does not want to be told of.

    Attributes:
        span: Where that is written.
        code: Of the rule, or how those of several begin.
        files: The file that it is about, or a pattern of several.
        first: 1-based line where it begins to count; 0 for whole files.
        last: Line where it ends.
        policy: Whether it is said of the whole course, so that it may stay where nothing needs it.
    """

    span: Span
    code: str
    files: str
    first: int = 0
    last: int = _TO_THE_END
    policy: bool = False

    def covers(self, found: Diagnostic) -> bool:
        """Whether it is about a diagnostic, which is no error."""
        return (
            found.severity is not Severity.ERROR
            and found.code.startswith(self.code)
            and self.first <= found.span.line <= self.last
            and (found.span.file == self.files or fnmatchcase(found.span.file, self.files))
        )


def of_course(course: Course) -> Iterator[Suppression | Diagnostic]:
    """What ``check: ignore:`` leaves out, and what is wrong with that."""
    for index, said in enumerate(course.checks.ignore):
        span = course.origin.span("check", "ignore", index)
        policy = said.files == "*"
        wrong = unknown(said.code)
        if wrong:
            yield _fault(span, *wrong)
        elif not (policy or said.because):
            hint = "add 'because:'"
            yield _fault(span, f"there is no reason why {said.code} is ignored here", hint)
        else:
            yield Suppression(span, said.code, said.files, policy=policy)


def of_text(
    text: str, file: str, severity: Callable[[Code], Severity]
) -> Iterator[Suppression | Diagnostic]:
    """What the comments of a YAML file leave out, and what is wrong with them.

    Args:
        text: The whole file.
        file: Its name in messages.
        severity: What a rule is, unless it finds something else.
    """
    if _MARK not in text:
        return
    try:
        layout = _Layout(text)
    except yaml.YAMLError:  # which has been reported
        return
    for number, line in enumerate(yamlsyntax.lines(text)):
        match = _COMMENT.search(line)
        if not match or layout.is_text(number, match.start()):
            continue
        span = Span(file, number + 1, match.start() + 1)
        said = _SAID.fullmatch(match["said"])
        if not said or not said["why"]:
            message = "this comment does not say which rule is ignored, and why"
            yield _fault(span, message, _WANTED)
            continue
        alone = not line[: match.start()].strip()
        first, last = layout.below(number) if alone else layout.beside(number)
        for code in re.split(r"[\s,]+", said["codes"]):
            wrong = unknown(code, whole=True)
            if wrong:
                yield _fault(span, *wrong)
            elif severity(Code(code)) is Severity.ERROR:
                message = f"{code} is an error, which cannot be ignored"
                yield _fault(span, message, "no deck is built as long as it is there")
            else:
                yield Suppression(span, code, file, first + 1, last + 1)


def of_file(
    root: Path, file: str, severity: Callable[[Code], Severity]
) -> Iterator[Suppression | Diagnostic]:
    """The same of a file of a project; nothing where it cannot be read, or is not YAML."""
    if file.endswith((".yaml", ".yml")) and (root / file).exists():
        with contextlib.suppress(SourceError):  # which has been reported
            yield from of_text(files.read_source(root, root / file), file, severity)


def left(course: Course, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What a build has found, but what its course wants to be ignored."""
    warned = {d.span.file for d in found if d.severity is not Severity.ERROR}
    said = [*of_course(course)]
    for file in sorted(warned):
        said += of_file(course.root, file, lambda _: Severity.WARNING)
    suppressions = [one for one in said if isinstance(one, Suppression)]
    return tuple(apply(found, suppressions, lambda _: False))


def unknown(code: str, *, whole: bool = False) -> tuple[str, str] | None:
    """What is wrong with a code that no rule has, and what to do; None where one has it.

    Args:
        code: Of a rule, or how those of several begin.
        whole: Whether it must be that of one rule.
    """
    if any(known == code if whole else known.startswith(code) for known in Code):
        return None
    hint = "'ankigen explain' lists all rules"
    if not _CODE.fullmatch(code):  # one digit for another is as near to a dozen others
        hint = did_you_mean(code.upper(), list(Code), hint)
    return f"there is no rule '{code}'", hint


def apply(
    found: Iterable[Diagnostic],
    suppressions: Iterable[Suppression],
    looked_for: Callable[[str], bool],
) -> Iterator[Diagnostic]:
    """What is left, and the suppressions that nothing needed.

    Args:
        found: What was found.
        suppressions: What is not to count of it.
        looked_for: Whether rules whose codes begin so were looked for at all.
    """
    left = list(found)
    for one in suppressions:
        kept = [d for d in left if not one.covers(d)]
        if len(kept) == len(left) and not one.policy and looked_for(one.code):
            message = f"nothing here breaks {one.code}, so there is nothing to ignore"
            yield Diagnostic(
                one.span, Code.UNUSED_SUPPRESSION, message, "remove it", Severity.WARNING
            )
        left = kept
    yield from left


def _fault(span: Span, message: str, hint: str) -> Diagnostic:
    return Diagnostic(span, Code.SUPPRESSION, message, hint, Severity.WARNING)


class _Layout:
    """Which lines of a YAML file belong together; all lines are 0-based."""

    def __init__(self, text: str) -> None:
        self._scalars: list[tuple[tuple[int, int], tuple[int, int]]] = []
        self._pairs: dict[int, int] = {}  # where keys begin: the last line of their values
        self._nodes: dict[int, int] = {}  # likewise of all that begins there
        loader = yaml.CBaseLoader(text)
        self._events: Iterator[yaml.Event] = iter(loader.get_event, None)
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                root_is_list = isinstance(event, yaml.SequenceStartEvent)
                self._node(event, counts=not root_is_list)

    def is_text(self, line: int, column: int) -> bool:
        """Whether what stands there is part of a value."""
        return any(start <= (line, column) < end for start, end in self._scalars)

    def beside(self, line: int) -> tuple[int, int]:
        """First and last line of the values that begin in a line."""
        return line, self._pairs.get(line, line)

    def below(self, line: int) -> tuple[int, int]:
        """First and last line of the largest thing that begins next after a line."""
        first = min((start for start in self._nodes if start > line), default=line)
        return first, self._nodes.get(first, first)

    def _node(self, event: yaml.Event, *, counts: bool = True) -> int:
        """Take in a value; return its last line."""
        first, _ = _start(event)
        last = first
        if isinstance(event, yaml.ScalarEvent):
            end = _end(event)
            block = event.style in ("|", ">")
            self._scalars.append(((first + 1, 0) if block else _start(event), end))
            last = max(first, end[0] - (end[1] == 0))
        elif isinstance(event, yaml.SequenceStartEvent):
            for item in self._events:
                if isinstance(item, yaml.SequenceEndEvent):
                    last = self._closed(event, item, last)
                    break
                last = max(last, self._node(item))
        elif isinstance(event, yaml.MappingStartEvent):
            for key in self._events:
                if isinstance(key, yaml.MappingEndEvent):
                    last = self._closed(event, key, last)
                    break
                begun, _ = _start(key)
                self._node(key)
                last = max(last, self._node(next(self._events)))
                self._pairs[begun] = max(last, self._pairs.get(begun, 0))
                self._nodes[begun] = max(last, self._nodes.get(begun, 0))
        if counts:
            self._nodes[first] = max(last, self._nodes.get(first, 0))
        return last

    @staticmethod
    def _closed(start: yaml.CollectionStartEvent, end: yaml.Event, last: int) -> int:
        """The line of a closing bracket; a block ends with what is in it."""
        return max(last, _end(end)[0]) if start.flow_style else last


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line, mark.column) if mark else (0, 0)  # the parser sets it on every event


def _end(event: yaml.Event) -> tuple[int, int]:
    mark = event.end_mark
    return (mark.line, mark.column) if mark else (0, 0)  # likewise
