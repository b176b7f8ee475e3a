"""ODS: the sheets in ``content.xml``, where equal neighbours are written once and counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ankigen.tables import cellvalue
from ankigen.tables.sheet import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    NO_RESULT,
    Budget,
    Flaw,
    Row,
    Sheet,
    error_value,
    merged,
    no_value,
    too_long,
    too_wide,
)
from ankigen.tables.workbook import Part, Workbook, broken, protected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ankigen.tables.sheet import Said

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_SPACE = re.compile("[ \t\r\n]+")
_SPACES = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
_ERROR = re.compile(r"Err:\d+|#[A-Z0-9/]+[!?]?")
_CELLS = ("table:table-cell", "table:covered-table-cell")
_TABULAR = (*_CELLS, "table:table-row", "table:table")
_NUMBER = "office:value", lambda text: cellvalue.number(float(text))
_VALUES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    **dict.fromkeys(("float", "percentage", "currency"), _NUMBER),
    "date": ("office:date-value", cellvalue.iso_moment),
    "time": ("office:time-value", cellvalue.iso_duration),
    "boolean": ("office:boolean-value", str.upper),
}
_APART = (
    *("office:annotation", "draw:frame", "draw:custom-shape", "draw:g"),
    *("table:shapes", "table:tracked-changes"),
)
"""Comments, pictures and old states, whose text is not that of the cell in which they stand."""


def read(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a document that hold any text.

    Raises:
        TableError: It cannot be read.
    """
    workbook = Workbook(data)
    if "encrypted-package" in workbook:
        raise protected()
    if _MANIFEST in workbook:
        workbook.read(_MANIFEST, _Manifest())
    content = _Content()
    workbook.read(_CONTENT, content)
    return tuple(content.sheets)


class _Manifest(Part):
    """The list of parts, which says whether they are encrypted."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002
        if name == "manifest:encryption-data":
            raise protected()


class _Content(Part):
    """The rows of all sheets."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self._budget = Budget()
        self._apart = 0  # levels inside of what is no text of a cell
        self._sheet = ""
        self._linked = False  # a copy of another file's sheet
        self._rows: list[Row] = []
        self._flaws: list[Flaw] = []
        self._line = 1
        self._repeated = 1
        self._cells: list[str] = []
        self._column = 0
        self._attributes: Mapping[str, str] | None = None  # of the cell that is open
        self._paragraphs: list[str] = []
        self._written: list[str] | None = None  # of the paragraph that is open
        self._length = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._apart or name in _APART:
            self._apart += 1
        elif name in _TABULAR and self._attributes is not None:
            raise broken()  # a table inside of a cell, which no program makes
        elif name in _CELLS:
            self._attributes, self._paragraphs, self._length = attributes, [], 0
        elif name == "text:p":
            self._written = None if self._attributes is None else []
        elif name in _SPACES:
            count = _count(attributes, "text:c")
            self._add(_SPACES[name] * min(count, MAX_CELL_CHARACTERS + 1))
        elif name == "table:table-row":
            self._repeated = _count(attributes, "table:number-rows-repeated")
            self._cells, self._column = [], 0
        elif name == "table:table":
            self._sheet, self._linked = attributes.get("table:name", ""), False
            self._rows, self._flaws, self._line = [], [], 1
        elif name == "table:table-source":
            self._linked = True

    def text(self, text: str) -> None:
        if not self._apart:
            self._add(_SPACE.sub(" ", text))

    def end(self, name: str) -> None:
        if self._apart:
            self._apart -= 1
        elif name in _CELLS:
            self._cell()
            self._attributes = None
        elif name == "text:p":
            if self._written is not None:
                self._paragraphs.append("".join(self._written))
            self._written = None
        elif name == "table:table-row":
            if any(map(str.strip, self._cells)):
                for line in range(self._line, self._line + self._repeated):
                    self._budget.spend(self._sheet, line, self._cells)
                    self._rows.append(Row(line, self._cells))
            self._line += self._repeated
        elif name == "table:table" and self._rows and not self._linked:
            self.sheets.append(Sheet(self._sheet, self._rows, tuple(self._flaws)))

    def _add(self, text: str) -> None:
        if self._written is not None:
            self._length += len(text)
            if self._length > MAX_CELL_CHARACTERS:
                raise too_long((self._sheet, self._line, self._column + 1))
            self._written.append(text)

    def _cell(self) -> None:
        """Take the cell that has ended, as often as it is repeated."""
        attributes = self._attributes
        if not attributes and not self._paragraphs:
            self._column += 1
            return
        assert attributes is not None  # noqa: S101 - a cell is open
        repeated = _count(attributes, "table:number-columns-repeated")
        text = _value(attributes, "\n".join(self._paragraphs))
        if not isinstance(text, str):
            self._flaws.append(Flaw(self._line, self._column, self._column, *text))
        elif text.strip():
            if self._column + repeated > MAX_COLUMNS:
                raise too_wide(self._sheet, self._line, MAX_COLUMNS + 1)
            self._cells += [""] * (self._column - len(self._cells)) + [text] * repeated
            wide = _count(attributes, "table:number-columns-spanned")
            high = _count(attributes, "table:number-rows-spanned")
            if wide * high > 1:
                self._flaws.append(merged(self._line, self._column, wide, high))
        self._column += repeated


def _value(attributes: Mapping[str, str], shown: str) -> str | Said:
    """The text of a cell, or what is wrong with it."""
    kind = attributes.get("office:value-type", "")
    formula = "table:formula" in attributes
    if attributes.get("calcext:value-type") == "error" or (formula and _ERROR.fullmatch(shown)):
        return error_value(shown)
    if formula and not kind and not shown:
        return NO_RESULT
    try:
        if kind in _VALUES:
            attribute, convert = _VALUES[kind]
            return convert(attributes[attribute])
    except (KeyError, ValueError):
        return no_value(shown, kind)
    return attributes.get("office:string-value", shown)


def _count(attributes: Mapping[str, str], name: str) -> int:
    return max(int(attributes.get(name, 1)), 1)
