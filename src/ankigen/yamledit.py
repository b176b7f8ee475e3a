"""Changes to YAML text that leave everything else as it is: comments, order, quotes, line ends.

A text is parsed once into the places of its values. Changes replace parts of it, and are taken only
if the new text holds the old values but for what was asked.
"""

from __future__ import annotations

import bisect
import re
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import yamlplaces, yamlscalar, yamltext, yamlwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ankigen.yamlplaces import Path, Scalar
    from ankigen.yamltext import Value


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a part of a text.

    Attributes:
        start: Offset of the first character that goes.
        end: Offset behind the last.
        text: What comes instead.
        path: Where the value is that it changes or adds.
        value: What that is then.
    """

    start: int
    end: int
    text: str
    path: Path
    value: Value


class Layout:
    """A YAML text and where its values stand.

    Values with an anchor or a tag, and aliases, may not be changed: they stand for other places.

    Attributes:
        text: Without a byte order mark.
        value: What it says; None where it says nothing.
        scalars: The texts that may be changed, in their order.
    """

    def __init__(self, text: str) -> None:
        """Parse a text.

        Raises:
            ValueError: ``yamltext`` finds something wrong in it.
        """
        document = yamltext.read(text, "")
        if document.diagnostics:
            raise ValueError(document.diagnostics[0].message)
        self.text = text
        self.value = document.value
        self._newline = "\r\n" if re.match(r"[^\n]*\r\n", text) else "\n"
        self._places = yamlplaces.find(text)
        self.scalars = self._places.scalars
        self._lines = yamltext.line_starts(text)

    def scalar_at(self, line: int, column: int) -> Scalar | None:
        """The text that a place, counted from 1, lies in, if it may be changed."""
        if not 0 < line <= len(self._lines):
            return None
        offset = self._lines[line - 1] + column - 1
        index = bisect.bisect_right(self.scalars, offset, key=lambda scalar: scalar.start) - 1
        found = self.scalars[index] if index >= 0 else None
        # A block reaches to the next line, where something else may begin.
        return found if found and offset < max(found.end, found.start + 1) else None

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, counted from 1."""
        line = bisect.bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def replace(self, scalar: Scalar, text: str) -> Edit | None:
        """Let a text say something else in its own style and, as far as it can be, in its lines.

        Returns:
            None where it cannot say so in its style, or says so already.
        """
        if text == scalar.text or not text.strip() or yamlwriter.unwritable(text):
            return None
        raw = self.text[scalar.start : scalar.end]
        written = yamlscalar.say(scalar, raw, text, self._newline)
        if written is None:
            return None
        return Edit(scalar.start, scalar.end, written, scalar.path, text)

    def insert(self, path: Path, key: str, text: str) -> Edit | None:
        """Put a key before the others of a mapping.

        Returns:
            None where there is no mapping at ``path`` that may be changed.
        """
        place = self._places.collections.get(path)
        if place is None or not place.keyed:
            return None
        start = place.start
        if not place.in_flow:
            column = self._column(start)
            value = yamlwriter.scalar(text, column + 2, column + len(key) + 2)
            written = f"{key}: {value}\n{' ' * column}".replace("\n", self._newline)
        elif self.text[start : start + 1] != "{":  # a pair without braces in a list
            return None
        else:
            start = place.items[0][0] if place.items else start + 1
            written = f"{key}: {yamlwriter.inline(text)}" + (", " if place.items else "")
        return Edit(start, start, written, (*path, key), text)

    def append(self, entry: Mapping[str, Value]) -> Edit | None:
        """Put an entry behind the others, in a file of a list, of one entry or of none.

        Returns:
            None where the list may not be changed.
        """
        new = dict(entry)
        end = len(self.text)
        place = self._places.collections.get(())
        if self.value is None or self.value == "":
            return Edit(end, end, self._below(self.text, yamlwriter.entries([new])), (), [new])
        if place is None:
            return None
        if isinstance(self.value, dict):
            if place.in_flow:
                return None
            only = re.sub(r"(?m)^(?=.*\S)", "  ", self.text[place.start :])
            written = "- " + only.removeprefix("  ")
            written += self._below(written, yamlwriter.entries([new]))
            return Edit(place.start, end, written, (), [self.value, new])
        path = (len(self.value),)
        if place.in_flow:
            at = place.items[-1][1] if place.items else place.start + 1
            return Edit(at, at, (", " if place.items else "") + yamlwriter.flow(new), path, new)
        pad = " " * self._column(place.start)
        written = re.sub(r"(?m)^(?=.)", pad, yamlwriter.entries([new]))
        before = self.text[: place.end]
        apart = len(place.items) > 1 and _APART.search(before[: place.items[-1][0]])
        if apart and not (_BLANK.search(before) or self._keeps_line_ends()):
            written = "\n" + written
        return Edit(place.end, place.end, self._below(before, written), path, new)

    def apply(self, edits: Iterable[Edit]) -> tuple[str, tuple[Edit, ...]]:
        """The text with changes made, and those that were: all, unless one would change more."""
        done = self._harmless((), tuple(sorted(edits, key=lambda edit: (edit.start, edit.end))))
        return self._made(done) or self.text, done

    def _harmless(self, good: tuple[Edit, ...], more: tuple[Edit, ...]) -> tuple[Edit, ...]:
        """Some edits and those of more that can be made with them, looked for by halves."""
        if self._made((*good, *more)) is not None:
            return (*good, *more)
        if len(more) == 1:
            return good
        half = len(more) // 2
        return self._harmless(self._harmless(good, more[:half]), more[half:])

    def _made(self, edits: Sequence[Edit]) -> str | None:
        """The text with changes made; None where they overlap or it says anything else then."""
        parts: list[str] = []
        done = 0
        value = deepcopy(self.value)
        for edit in edits:
            if edit.start < done:
                return None
            parts += [self.text[done : edit.start], edit.text]
            done = edit.end
            value = _set(value, edit.path, edit.value)
        made = "".join(parts) + self.text[done:]
        document = yamltext.read(made, "")
        return None if document.diagnostics or document.value != value else made

    def _keeps_line_ends(self) -> bool:
        """Whether a line end behind the last text would be one more in it."""
        last = self.scalars[-1] if self.scalars else None
        return bool(last and re.match(r"[|>]\d?\+", self.text[last.start : last.end]))

    def _column(self, offset: int) -> int:
        return offset - max(self.text.rfind(end, 0, offset) for end in "\n\r") - 1

    def _below(self, before: str, text: str) -> str:
        """Lines that come after others, in the file's line ends."""
        gap = "\n" if before.strip(" ") and not before.endswith(("\n", "\r")) else ""
        return (gap + text).replace("\n", self._newline)


_BLANK = re.compile(r"\n[ \t]*\r?\n[ \t]*\Z")
_APART = re.compile(r"(?:\A|\n)[ \t]*\r?\n(?:[ \t]*#.*\n)*[ \t]*-[ \t]*\Z")
"""What stands before an item that a blank line keeps apart from the one before it."""


def _set(tree: Value | None, path: Path, value: Value) -> Value:
    """A tree with another value at a place; changes it."""
    if not path or tree is None:
        return value
    here: Value = tree
    for step in path[:-1]:
        here = here[step]  # type: ignore[index] # the path leads through this tree
    last = path[-1]
    if isinstance(here, list) and last == len(here):
        here.append(value)
    else:
        here[last] = value  # type: ignore[index] # likewise
    return tree
