"""CSV and its kin: text with a line a row, read by the standard library, each cell with its place.

Places are found only when they are asked for, by scanning their row once more.
"""

from __future__ import annotations

import csv
import functools
import io
import itertools
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen.diagnostics import Code
from ankigen.tables.sheet import Budget, Row, Sheet, TableError, normal, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may stand between cells, in words."""

MAX_LINES = 4_000_000
"""Empty ones, and those inside of quotes, among them."""

_SAMPLE_CHARACTERS = 1 << 15
# What Excel takes, and sometimes writes, as a first line that is not of the table.
_DECLARED = re.compile(r"sep=(.)(?:\n|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text, read.

    Attributes:
        sheet: Its rows, those up to the error where there is one.
        delimiter: What stands between its cells.
        error: Why the rest could not be read.
    """

    sheet: Sheet
    delimiter: str
    error: TableError | None


def read(text: str, delimiter: str = "", usual: str = ",") -> Delimited:
    """The rows of a text.

    Args:
        text: With line ends of any kind.
        delimiter: What stands between its cells; found out by default.
        usual: What it is where the text does not show it.

    Raises:
        TableError: It has too many lines.
    """
    text = normal(text)
    declared = _DECLARED.match(text)
    if declared and declared[1] in NAMES:
        delimiter = delimiter or declared[1]
    else:
        declared = None
    delimiter = delimiter or _delimiter(text, usual)
    if text.count("\n") > MAX_LINES:
        hint = "remove its empty lines"
        raise TableError(Code.TOO_LARGE, f"the file has more than {MAX_LINES:,} lines", hint)
    source = _Source(text, delimiter)
    rows: list[Row] = []
    error = source.rows(1 if declared else 0, rows)
    return Delimited(Sheet("", rows, locate=source.locate), delimiter, error)


def _delimiter(text: str, usual: str) -> str:
    """What divides the first row, and most of the others into as many cells."""
    sample = text[:_SAMPLE_CHARACTERS]
    if len(sample) < len(text) and "\n" in sample:
        sample = sample[: sample.rfind("\n") + 1]
    best, best_score = usual, (0.0, 0)
    for candidate in sorted(NAMES, key=lambda name: name != usual):
        rows = csv.reader(io.StringIO(sample), delimiter=candidate)
        widths = [len(cells) for cells in rows if any(map(str.strip, cells))]
        if widths and widths[0] > 1:
            score = (widths.count(widths[0]) / len(widths), widths[0])
            if score > best_score:
                best, best_score = candidate, score
    return best


class _Source:
    """A text, and where its cells stand."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._text = text
        self._delimiter = delimiter
        outside = re.escape(delimiter)
        # A quotation mark opens a cell only at its beginning; two of them inside stand for one.
        self._cell = re.compile(rf'"(?:[^"]+|"")*+(?:"|(?P<open>\Z))|[^{outside}\n]*')

    def rows(self, skipped: int, rows: list[Row]) -> TableError | None:
        """Add all rows but some lines at the top; returns why that ended too early."""
        budget = Budget()
        lines = itertools.islice(self._lines(), skipped, None)
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        line = skipped + 1
        try:
            for cells in reader:
                if any(map(str.strip, cells)):
                    budget.spend("", line, cells)
                    rows.append(Row(line, cells))
                line = skipped + reader.line_num + 1
        except csv.Error:
            return self._error(line)
        except TableError as error:
            return error
        return None

    def _lines(self) -> Iterator[str]:
        """Each with its end; a stream would hold the text once more, in four bytes a character."""
        start = 0
        while end := self._text.find("\n", start) + 1:
            yield self._text[start:end]
            start = end
        yield self._text[start:]

    def locate(self, line: int, column: int) -> tuple[int, int]:
        """The place in the text of a cell in the row that begins in a line.

        In a row that is too short, it is where the row ends.
        """
        at = 0
        for index, (start, found) in enumerate(self._cells(line)):
            if index == column:
                return self._place(start)
            at = found.end()
        return self._place(at)

    def _error(self, line: int) -> TableError:
        """What the reader did not like in the row that begins in a line."""
        for start, found in self._cells(line):
            if found["open"] is not None:
                return TableError(
                    Code.TABLE,
                    "the quotation mark that opens this cell is not closed",
                    'inside of quotes, write "" for a quotation mark',
                    ("", *self._place(start)),
                )
            if len(found[0]) > csv.field_size_limit():
                return too_long(("", *self._place(start)))
            after = self._text[found.end() : found.end() + 1]
            if after not in ("", "\n", self._delimiter):
                return TableError(
                    Code.TABLE,
                    "the quotation marks of this cell are closed, but it goes on",
                    'inside of quotes, write "" for a quotation mark',
                    ("", *self._place(found.end())),
                )
        return TableError(Code.TABLE, "this row cannot be read", "see to its quotes", ("", line, 1))

    def _cells(self, line: int) -> Iterator[tuple[int, re.Match[str]]]:
        """Offset and extent of each cell in the row that begins in a line."""
        at = self._line_starts[line - 1]
        while True:
            found = self._cell.match(self._text, at)
            assert found  # noqa: S101 - it matches the empty text
            yield at, found
            at = found.end() + 1
            if self._text[found.end() : at] != self._delimiter:
                return

    @functools.cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self._text))]

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1
