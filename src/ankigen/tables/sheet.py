"""What tables are made of, whatever they were read from, and how much of it there may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ankigen.diagnostics import AnkigenError, Code, Diagnostic, Span, column_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

MAX_COLUMNS = 256
"""A course's widest note type has thirty keys."""

MAX_ROWS = 500_000
"""All rows of a file that are not empty; a large course has 10,000 entries."""

MAX_CELLS = 2_500_000
"""All cells of a file, rows as wide as they are; 100,000 entries with 25 keys."""

MAX_CHARACTERS = 64 * 1024 * 1024
"""Of all cells of a file, written out: as many as a text may have bytes."""

MAX_CELL_CHARACTERS = 131_072
"""Of one cell, as in the standard library's reader of CSV; four times what Excel allows."""


class TableError(AnkigenError):
    """A file that cannot be read on from here.

    Attributes:
        code: Which kind of mistake it is.
        problem: What is wrong, one sentence without a full stop.
        hint: What to do about it.
        place: Sheet, 1-based line and column, as far as they are known.
    """

    def __init__(
        self, code: Code, problem: str, hint: str, place: tuple[str, int, int] = ("", 0, 0)
    ) -> None:
        super().__init__(problem)
        self.code, self.problem, self.hint, self.place = code, problem, hint, place

    def diagnostic(self, file: str) -> Diagnostic:
        """The same as a mistake in a file."""
        sheet, line, column = self.place
        return Diagnostic(Span(file, line, column, sheet=sheet), self.code, self.problem, self.hint)


class Row(NamedTuple):
    r"""A row that is not empty.

    Attributes:
        line: Its 1-based number in the sheet, or the line of the text in which it begins.
        cells: Their texts from the first column on, with ``\n`` for line breaks; rows need not be
            of equal length.
    """

    line: int
    cells: list[str]

    def cell(self, column: int) -> str:
        """The text in a 0-based column, empty where the row is too short."""
        return self.cells[column] if column < len(self.cells) else ""


class Flaw(NamedTuple):
    """What keeps a cell from being read as it is meant; a mistake where that cell is of use.

    Attributes:
        line: As that of its row.
        column: 0-based.
        last: The last of the columns it touches.
    """

    line: int
    column: int
    last: int
    code: Code
    message: str
    hint: str


def _in_grid(row: int, column: int) -> tuple[int, int]:
    return row, column + 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table.

    Attributes:
        name: In its workbook; empty for that of a text.
        rows: Those that are not empty, from above.
        flaws: Cells that cannot be read as they are meant.
        locate: The 1-based line and column at which messages place a cell, by the line of its row
            and its 0-based column.
    """

    name: str
    rows: Sequence[Row]
    flaws: tuple[Flaw, ...] = ()
    locate: Callable[[int, int], tuple[int, int]] = _in_grid

    def span(self, file: str, line: int, column: int) -> Span:
        """The place of a cell.

        Args:
            file: As messages name it.
            line: That of its row.
            column: 0-based.
        """
        return Span(file, *self.locate(line, column), sheet=self.name)

    def wrong(self, file: str, columns: Collection[int]) -> Iterator[Diagnostic]:
        """The flaws of cells in these 0-based columns."""
        for flaw in self.flaws:
            if any(flaw.column <= column <= flaw.last for column in columns):
                span = self.span(file, flaw.line, flaw.column)
                yield Diagnostic(span, flaw.code, flaw.message, flaw.hint)


@dataclass(frozen=True, slots=True)
class Tables:
    """A file, read.

    Attributes:
        sheets: In the file's order; those without any text are left out.
        diagnostics: What is wrong with the file as a whole, and how it was understood.
    """

    sheets: tuple[Sheet, ...]
    diagnostics: tuple[Diagnostic, ...]


class Budget:
    """What is left of what a file may hold."""

    def __init__(self) -> None:
        self._rows = MAX_ROWS
        self._cells = MAX_CELLS
        self._characters = MAX_CHARACTERS

    def spend(self, sheet: str, line: int, cells: Sequence[str]) -> None:
        """Take a row into account.

        Raises:
            TableError: It is too wide, or all rows together are too much.
        """
        if len(cells) > MAX_COLUMNS and any(map(str.strip, cells[MAX_COLUMNS:])):
            raise too_wide(sheet, line, len(cells))
        self._rows -= 1
        self._cells -= len(cells)
        self._characters -= sum(map(len, cells))
        if min(self._rows, self._cells, self._characters) < 0:
            raise TableError(
                Code.TOO_LARGE,
                f"up to here, the file holds more than {MAX_ROWS:,} rows, {MAX_CELLS:,} cells or"
                f" {MAX_CHARACTERS:,} characters",
                "split it into several files",
                (sheet, line, 0),
            )


def too_wide(sheet: str, line: int, column: int) -> TableError:
    """The error for text in a 1-based column beyond ``MAX_COLUMNS``."""
    return TableError(
        Code.TOO_LARGE,
        f"there is text in column {column_letters(column)}, but {MAX_COLUMNS} columns are read",
        "remove what stands so far to the right",
        (sheet, line, column if sheet else 0),
    )


def too_long(place: tuple[str, int, int]) -> TableError:
    """The error for a cell of more than ``MAX_CELL_CHARACTERS``."""
    return TableError(
        Code.TOO_LARGE,
        f"this cell holds more than {MAX_CELL_CHARACTERS:,} characters",
        "see where it should end",
        place,
    )


Said: TypeAlias = tuple[Code, str, str]
"""Code, message and hint of a flaw."""

NO_RESULT: Said = (
    Code.FORMULA,
    "the result of this cell's formula is not in the file",
    "save the file in a spreadsheet program, or write the text itself",
)


def error_value(shown: str) -> Said:
    """What is wrong with a cell that shows ``#N/A`` or the like."""
    return (
        Code.FORMULA,
        f"this cell holds the error {shown}",
        "correct its formula, or write the text itself",
    )


def no_value(text: str, kind: str) -> Said:
    """What is wrong with a cell whose value is not of the kind that it says."""
    return (
        Code.BAD_VALUE,
        f"this cell holds '{text[:20]}', which is no {kind}",
        "correct it in a spreadsheet program, or format the cell as text",
    )


def merged(line: int, column: int, wide: int, high: int) -> Flaw:
    """The flaw of cells that share the text of the first, by the 0-based column of that."""
    first = f"{column_letters(column + 1)}{line}"
    last = f"{column_letters(column + wide)}{line + high - 1}"
    return Flaw(
        line,
        column,
        column + wide - 1,
        Code.MERGED,
        f"the cells {first} to {last} are merged, so that only the first of them holds the text",
        "divide them, and write the text into each cell that should have it",
    )


def normal(text: str) -> str:
    """A text with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
