"""XLSX and ODS made by other people's libraries, and spoilt afterwards where a test asks for it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from odf import table, text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


@dataclass(frozen=True)
class Formula:
    """A cell with a formula.

    Attributes:
        formula: Without the equals sign, as both formats take it.
        result: What was last computed; None where nothing was.
    """

    formula: str
    result: str | float | None = None


@dataclass(frozen=True)
class Merged:
    """A text in several merged cells."""

    text: str
    wide: int = 1
    high: int = 1


Cell: TypeAlias = (
    "str | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | Formula | Merged | None"
)
Sheets: TypeAlias = "Mapping[str, Sequence[Sequence[Cell]]]"

SHEET_XML = "xl/worksheets/sheet1.xml"


def xlsx(sheets: Sheets) -> bytes:
    """A workbook as openpyxl writes it."""
    book = Workbook()
    book.remove(book.active)
    results: list[str | float | None] = []
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                cell = sheet.cell(line, column)
                if isinstance(value, Formula):
                    cell.value = f"={value.formula}"
                    results.append(value.result)
                elif isinstance(value, Merged):
                    cell.value = value.text
                    last = f"{get_column_letter(column + value.wide - 1)}{line + value.high - 1}"
                    sheet.merge_cells(f"{cell.coordinate}:{last}")
                elif value is not None:
                    cell.value = value
                    if isinstance(value, str):
                        cell.data_type = "s"  # even where it begins with an equals sign
    stream = io.BytesIO()
    book.save(stream)
    left = iter(results)  # openpyxl leaves every formula without its result
    return changed(
        stream.getvalue(),
        "xl/worksheets/",
        lambda part: re.sub(rb"<c ([^>]*)>(<f>[^<]*</f>)<v ?/?>(</v>)?", _with_result(left), part),
    )


def _with_result(results: Iterator[str | float | None]) -> Callable[[re.Match[bytes]], bytes]:
    def written(found: re.Match[bytes]) -> bytes:
        result = next(results)
        if result is None:
            return found[0]
        kind = b' t="str"' if isinstance(result, str) else b""
        return b"<c %s%s>%s<v>%s</v>" % (found[1], kind, found[2], str(result).encode())

    return written


def ods(sheets: Sheets) -> bytes:
    """A document as odfpy writes it."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        sheet = table.Table(name=name)
        for row in rows:
            line = table.TableRow()
            for value in row:
                line.addElement(_ods_cell(value))
            sheet.addElement(line)
        document.spreadsheet.addElement(sheet)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def _ods_cell(value: Cell) -> Any:
    if value is None:
        return table.TableCell()
    shown, said = _ods_value(value)
    cell = table.TableCell(**said)
    for paragraph in shown.split("\n"):
        made = text.P()
        for index, part in enumerate(re.split("( {2,})", paragraph)):
            made.addElement(text.S(c=len(part)) if index % 2 else text.Span(text=part))
        if shown:
            cell.addElement(made)
    return cell


def _ods_value(value: Cell) -> tuple[str, dict[str, Any]]:  # noqa: PLR0911 - a table of cases
    """What a cell shows, and its attributes."""
    match value:
        case Formula(formula, None):
            return "", {"formula": f"of:={formula}"}
        case Formula(formula, result):
            shown, said = _ods_value(result)
            return shown, said | {"formula": f"of:={formula}"}
        case Merged(words, wide, high):
            spans = {"numbercolumnsspanned": wide, "numberrowsspanned": high}
            return words, {"valuetype": "string", **spans}
        case bool():
            return str(value), {"valuetype": "boolean", "booleanvalue": str(value).lower()}
        case int() | float():
            return str(value), {"valuetype": "float", "value": repr(value)}
        case dt.date():
            return str(value), {"valuetype": "date", "datevalue": value.isoformat()}
        case dt.time():
            return str(value), {"valuetype": "time", "timevalue": value.strftime("PT%HH%MM%SS")}
        case dt.timedelta():
            minutes, seconds = divmod(int(value.total_seconds()), 60)
            said = {"timevalue": f"PT{minutes // 60}H{minutes % 60:02}M{seconds:02}S"}
            return str(value), {"valuetype": "time", **said}
    return str(value), {"valuetype": "string"}


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A zip with the parts changed whose names begin like that."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry.filename.startswith(part) else content)
    return stream.getvalue()
