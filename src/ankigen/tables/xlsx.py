"""XLSX: the workbook's list of sheets, its shared texts and number formats, and each sheet."""

from __future__ import annotations

import posixpath
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
    normal,
    too_long,
    too_wide,
)
from ankigen.tables.workbook import Part, Workbook, broken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ankigen.tables.sheet import Said

_MAX_ROWS = 1_048_576
_MAX_MERGED = 100_000
_MAX_STYLES = 100_000  # Excel has 65,490
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_BUILT_IN_ELAPSED = 46


def read(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook that hold any text.

    Raises:
        TableError: It cannot be read.
    """
    workbook = Workbook(data)
    top = _Relations()
    workbook.read("_rels/.rels", top)
    main = next((t for kind, t in top.targets.values() if kind == "officeDocument"), "")
    base, name = posixpath.split(_absolute("", main))
    listed, related = _Listed(), _Relations()
    workbook.read(posixpath.join(base, name), listed)
    workbook.read(posixpath.join(base, "_rels", f"{name}.rels"), related)
    others = {kind: _absolute(base, target) for kind, target in related.targets.values()}
    texts, styles = _Texts(), _Styles()
    if "sharedStrings" in others:
        workbook.read(others["sharedStrings"], texts)
    if "styles" in others:
        workbook.read(others["styles"], styles)
    budget = Budget()
    sheets = []
    for title, identity in listed.sheets:
        kind, target = related.targets.get(identity, ("", ""))
        if kind != "worksheet":  # of charts, or of old macros
            continue
        cells = _Cells(title, texts.found, styles.kinds, budget, since_1904=listed.since_1904)
        workbook.read(_absolute(base, target), cells)
        if cells.rows:
            sheets.append(Sheet(title, cells.rows, (*cells.flaws, *cells.merges())))
    return tuple(sheets)


def _absolute(base: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", base, target)).lstrip("/")


def _local(name: str) -> str:
    return name[name.find(":") + 1 :]


class _Relations(Part):
    """``*.rels``: kind and target of each related part, by its id."""

    def __init__(self) -> None:
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2]
            self.targets[attributes["Id"]] = kind, attributes["Target"]


class _Listed(Part):
    """``workbook.xml``: the name and the relation of each sheet."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.since_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if _local(name) == "sheet":
            related = [value for key, value in attributes.items() if key.endswith(":id")]
            self.sheets.append((attributes["name"], related[0]))
        elif _local(name) == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")


class _Styles(Part):
    """``styles.xml``: what the numbers of each style are."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self._formats: dict[str, str] = {}
        self._in_cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        name = _local(name)
        if name == "numFmt":
            kind = cellvalue.kind_of_format(attributes["formatCode"])
            self._formats[attributes["numFmtId"]] = kind
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            if len(self.kinds) >= _MAX_STYLES:
                raise broken()
            self.kinds.append(self._kind(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self._in_cells = False

    def _kind(self, identity: str) -> str:
        if identity in self._formats:
            return self._formats[identity]
        if int(identity) == _BUILT_IN_ELAPSED:
            return "elapsed"
        return "date" if int(identity) in _BUILT_IN_DATES else "number"


class _Texts(Part):
    """``sharedStrings.xml``: the texts that cells refer to by number."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._in_text = False
        self._in_phonetics = False  # readings over Japanese words are no part of the text

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002
        name = _local(name)
        if name == "t":
            self._in_text = not self._in_phonetics
        elif name == "rPh":
            self._in_phonetics = True

    def text(self, text: str) -> None:
        if self._in_text:
            self._parts.append(text)

    def end(self, name: str) -> None:
        name = _local(name)
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._in_phonetics = False
        elif name == "si":
            self.found.append(_unescaped("".join(self._parts)))
            self._parts.clear()


def _unescaped(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return normal(text)


class _Cells(Part):
    """``sheet1.xml``: the rows of a sheet."""

    def __init__(
        self,
        sheet: str,
        texts: Sequence[str],
        kinds: Sequence[str],
        budget: Budget,
        *,
        since_1904: bool,
    ) -> None:
        self.rows: list[Row] = []
        self.flaws: list[Flaw] = []
        self._sheet, self._texts, self._kinds, self._budget = sheet, texts, kinds, budget
        self._since_1904 = since_1904
        self._line = 0
        self._column = -1  # 0-based
        self._cells: list[str] = []
        self._attributes: Mapping[str, str] = {}
        self._written: list[str] = []
        self._collecting = self._in_phonetics = self._formula = False
        self._columns: dict[str, int] = {}
        self._merged: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if ":" in name:
            name = _local(name)
        if name in ("v", "t"):
            self._collecting = not self._in_phonetics
        elif name == "c":
            self._attributes = attributes
            reference = attributes.get("r")
            self._column, before = self._index(reference), self._column
            if self._column <= before:
                raise broken()
            self._written.clear()
            self._formula = False
        elif name == "row":
            line = int(attributes.get("r", self._line + 1))
            if not self._line < line <= _MAX_ROWS:
                raise broken()
            self._line, self._column, self._cells = line, -1, []
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._in_phonetics = True
        elif name == "mergeCell":
            self._merge(attributes["ref"])

    def text(self, text: str) -> None:
        if self._collecting:
            self._written.append(text)

    def end(self, name: str) -> None:
        if ":" in name:
            name = _local(name)
        if name in ("v", "t"):
            self._collecting = False
        elif name == "c":
            if self._written or self._formula:
                self._cell()
        elif name == "row":
            if self._cells:
                self._budget.spend(self._sheet, self._line, self._cells)
                self.rows.append(Row(self._line, self._cells))
        elif name == "rPh":
            self._in_phonetics = False

    def _merge(self, reference: str) -> None:
        if len(self._merged) >= _MAX_MERGED:
            raise broken()
        self._merged.append(reference)

    def merges(self) -> list[Flaw]:
        """Cells that share the text of one."""
        found = []
        rows = {row.line: row for row in self.rows}
        for reference in self._merged:
            first, _, last = reference.partition(":")
            place, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
            if not place or not end:
                raise broken()
            column, line = _column(place[1]), int(place[2])
            wide, high = _column(end[1]) - column + 1, int(end[2]) - line + 1
            if wide * high > 1 and line in rows and rows[line].cell(column):
                found.append(merged(line, column, wide, high))
        return found

    def _index(self, reference: str | None) -> int:
        if reference is None:
            return self._column + 1
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = _column(letters)
        return column

    def _cell(self) -> None:
        """Take the cell that has ended."""
        text = self._value()
        if not isinstance(text, str):
            self.flaws.append(Flaw(self._line, self._column, self._column, *text))
        elif text.strip():
            if self._column >= MAX_COLUMNS:
                raise too_wide(self._sheet, self._line, self._column + 1)
            if len(text) > MAX_CELL_CHARACTERS:
                raise too_long((self._sheet, self._line, self._column + 1))
            missing = self._column - len(self._cells)
            if missing:
                self._cells += [""] * missing
            self._cells.append(text)

    def _value(self) -> str | Said:
        """The text of the cell, or what is wrong with it."""
        text = "".join(self._written)
        kind = self._attributes.get("t", "n")
        if not text:
            return NO_RESULT if self._formula and kind != "str" else ""
        if kind == "s":
            return self._texts[int(text)]
        if kind == "n":
            return self._number(text)
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        return error_value(text) if kind == "e" else _unescaped(text)

    def _number(self, text: str) -> str | Said:
        style = int(self._attributes.get("s", 0))
        kind = self._kinds[style] if style < len(self._kinds) else "number"
        try:
            value = float(text)
            if kind == "date":
                return cellvalue.moment(value, since_1904=self._since_1904)
            return cellvalue.elapsed(value) if kind == "elapsed" else cellvalue.number(value)
        except ValueError:
            return no_value(text, kind)


def _column(letters: str) -> int:
    """0-based number of a column.

    Raises:
        TableError: It is none.
    """
    if not re.fullmatch("[A-Z]{1,3}", letters):
        raise broken()
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
