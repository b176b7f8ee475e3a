"""XLSX and ODS: cells as text, what would be lost told with its cell, hostile files refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from python_calamine import CalamineWorkbook

from ankigen import tables
from ankigen.tables import sheet as limits
from ankigen.tables import workbook
from workbooks import SHEET_XML, Formula, Merged, changed, ods, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbooks import Cell, Sheets

MAKERS = [xlsx, ods]
CONTENT_XML = "content.xml"
both = pytest.mark.parametrize("make", MAKERS)


def rows(data: bytes, suffix: str) -> dict[str, dict[int, list[str]]]:
    """By sheet and line, the cells of a file in which nothing is wrong."""
    found = tables.read(data, f"t.{suffix}")
    assert found.diagnostics == ()
    assert [d for sheet in found.sheets for d in sheet.wrong("t", range(300))] == []
    return {sheet.name: {row.line: row.cells for row in sheet.rows} for sheet in found.sheets}


def diagnosed(data: bytes, suffix: str) -> list[str]:
    """Place, code and message of what is wrong with a file, or with any of its cells."""
    found = tables.read(data, f"t.{suffix}")
    wrong = [d for sheet in found.sheets for d in sheet.wrong(f"t.{suffix}", range(300))]
    assert all(d.hint for d in (*found.diagnostics, *wrong))
    return [f"{d.span} {d.code} {d.message}" for d in (*found.diagnostics, *wrong)]


@both
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.0", "1.0"),
        (1, "1"),
        (1.0, "1"),
        (0.1 + 0.2, "0.3"),
        (-0.5, "-0.5"),
        (2**53, "9.00719925474099e+15"),
        (1e20, "1e+20"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.datetime.fromisoformat("2024-01-02T03:04"), "2024-01-02 03:04"),
        (dt.datetime.fromisoformat("2024-01-02T03:04:05"), "2024-01-02 03:04:05"),
        (dt.time(7, 30), "07:30"),
        (dt.timedelta(hours=30, minutes=5), "30:05"),
        ("007", "007"),
        ("=1+1", "=1+1"),
        ("+49", "+49"),
        ("'quoted", "'quoted"),
        ("one\ntwo", "one\ntwo"),
        ("two  spaces", "two  spaces"),
        ("a < b & c", "a < b & c"),
        ("核 🚀 é", "核 🚀 é"),
        (Formula("1+1", 2), "2"),
        (Formula("A1&A1", "xx"), "xx"),
    ],
)
def test_values(make: Callable[[Sheets], bytes], value: Cell, text: str) -> None:
    """Each kind of value is written as a person types it; a formula's last result is read."""
    assert rows(make({"One": [["x", value]]}), make.__name__) == {"One": {1: ["x", text]}}


@both
def test_rows_and_sheets(make: Callable[[Sheets], bytes]) -> None:
    """Empty rows, cells and sheets are left out, and everything else keeps its place."""
    made: Sheets = {
        "First": [[], ["a", None, "c"], [None, " "], [None, None], [None, "b"]],
        "Empty": [[None]],
        "2 & 3": [["x", Formula('""', "")]],
    }
    assert rows(make(made), make.__name__) == {
        "First": {2: ["a", "", "c"], 5: ["", "b"]},
        "2 & 3": {1: ["x"]},
    }
    (first, last) = tables.read(make(made), f"t.{make.__name__}").sheets
    assert str(first.span("t.xlsx", 2, 2)) == "t.xlsx!First:C2"
    assert str(last.span("t.xlsx", 1, 0)) == "t.xlsx!2 & 3:A1"


@both
def test_what_would_be_lost(make: Callable[[Sheets], bytes]) -> None:
    """Formulas without result and merged cells are flaws, of those columns that they are in."""
    made: Sheets = {
        "One": [
            ["a", "b", "c"],
            [Merged("x", 2, 3), None, Formula("A1+1")],
            [],
            [],
            ["x", Merged("y", 1, 1), Merged("", 2, 1)],
        ]
    }
    found = diagnosed(make(made), make.__name__)
    place = f"t.{make.__name__}!One"
    merged = "the cells A2 to B4 are merged, so that only the first of them holds the text"
    formula = "the result of this cell's formula is not in the file"
    assert sorted(found) == [f"{place}:A2 AG022 {merged}", f"{place}:C2 AG021 {formula}"]
    (sheet,) = tables.read(make(made), f"t.{make.__name__}").sheets
    assert [d.code for d in sheet.wrong("t", {1})] == ["AG022"]
    assert [d.code for d in sheet.wrong("t", {2})] == ["AG021"]
    assert list(sheet.wrong("t", {3})) == []


def test_error_values() -> None:
    """What a formula could not compute is told, whatever program has written it."""
    book = Workbook()
    book.active["B2"] = "#N/A"
    assert book.active["B2"].data_type == "e"
    book.active["A1"] = "x"
    stream = io.BytesIO()
    book.save(stream)
    assert diagnosed(stream.getvalue(), "xlsx") == [
        "t.xlsx!Sheet:B2 AG021 this cell holds the error #N/A"
    ]
    for written in (
        b'table:formula="of:=1/0" office:value-type="float" office:value="0"',
        b'office:value-type="string" office:string-value="" calcext:value-type="error"',
    ):
        cell = b"<table:table-cell " + written + b"><text:p>#DIV/0!</text:p></table:table-cell>"
        data = with_content(cell, b' xmlns:calcext="urn:x"')
        assert diagnosed(data, "ods") == ["t.ods!One:A1 AG021 this cell holds the error #DIV/0!"]


def with_content(cells: bytes, more: bytes = b"") -> bytes:
    """A document whose only row is ours, and then one with a word."""
    row = b"<table:table-row>" + cells + b"</table:table-row>"
    return changed(
        ods({"One": [["word"]]}),
        CONTENT_XML,
        lambda xml: re.sub(
            rb"<office:document-content", b"<office:document-content" + more, xml
        ).replace(b"<table:table-row>", row + b"<table:table-row>", 1),
    )


def with_cells(cells: bytes) -> bytes:
    """A workbook whose first row is ours, and then one with a word."""
    return changed(
        xlsx({"One": [[], ["word"]]}),
        SHEET_XML,
        lambda xml: xml.replace(b"<sheetData>", b'<sheetData><row r="1">' + cells + b"</row>"),
    )


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (b"<c><v>1</v></c><c><v>2</v></c>", ["1", "2"]),
        (b'<c r="C1" t="b"><v>1</v></c>', ["", "", "TRUE"]),
        (b'<c t="d"><v>2024-01-02</v></c>', ["2024-01-02"]),
        (b'<x:c xmlns:x="u"><x:v>1</x:v></x:c>', ["1"]),
        (b'<c t="inlineStr"><is><t>a</t><rPh><t>X</t></rPh><r><t>b</t></r></is></c>', ["ab"]),
        (b'<c t="inlineStr"><is><t>a_x000D__x000A_b_x005F_x</t></is></c>', ["a\nb_x"]),
        (b'<c t="str"><f>A1</f><v>a</v></c>', ["a"]),
    ],
)
def test_what_programs_write_into_xlsx(cells: bytes, expected: list[str]) -> None:
    """Cells without references, prefixes, phonetic readings, escaped characters, ISO dates."""
    assert rows(with_cells(cells), "xlsx")["One"][1] == expected


def test_shared_texts() -> None:
    """Excel writes each text once; its parts in several fonts and their readings are no others."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="s" Type="{kind}" Target="texts.xml"/></Relationships>'.encode()
    data = changed(
        with_cells(b'<c t="s"><v>1</v></c><c t="s"><v>0</v></c><c t="s"><v>1</v></c>'),
        "xl/_rels/",
        lambda xml: xml.replace(b"</Relationships>", relation),
    )
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(
            "xl/texts.xml",
            "<sst><si><t>one</t></si>"
            "<si><r><t>tw</t></r><r><t>o</t></r><rPh><t>X</t></rPh></si></sst>",
        )
    assert rows(stream.getvalue(), "xlsx")["One"][1] == ["two", "one", "two"]


def test_rich_text_and_comments() -> None:
    """Formatted text is read whole; a comment is no part of its cell."""
    book = Workbook()
    bold = InlineFont(b=True)
    book.active["A1"] = CellRichText("one ", TextBlock(bold, "two"), " three")
    book.active["A1"].comment = Comment("not this", "someone")
    stream = io.BytesIO()
    book.save(stream)
    assert rows(stream.getvalue(), "xlsx") == {"Sheet": {1: ["one two three"]}}
    comment = b"<office:annotation><text:p>not this</text:p></office:annotation>"
    cell = (
        b'<table:table-cell office:value-type="string">' + comment + b"<text:p>one <text:span>two"
        b"</text:span>\n  three<text:line-break/>four</text:p><text:p>five</text:p>"
        b"</table:table-cell>"
    )
    assert rows(with_content(cell), "ods")["One"][1] == ["one two three\nfour\nfive"]


def test_hidden_sheets_and_rows_are_read() -> None:
    """Whoever hides something, by a filter for instance, does not want to lose it."""
    book = Workbook()
    book.active.append(["a"])
    book.active.append(["b"])
    book.active.row_dimensions[2].hidden = True
    hidden = book.create_sheet("Hidden")
    hidden["A1"] = "c"
    hidden.sheet_state = "veryHidden"
    book.create_chartsheet("Chart")
    stream = io.BytesIO()
    book.save(stream)
    assert rows(stream.getvalue(), "xlsx") == {
        "Sheet": {1: ["a"], 2: ["b"]},
        "Hidden": {1: ["c"]},
    }


def test_dates_since_1904() -> None:
    """A workbook of an old Mac counts its days from another one."""
    data = changed(
        xlsx({"One": [[dt.date(2024, 1, 2)]]}),
        "xl/workbook.xml",
        lambda xml: xml.replace(b"<workbookPr ", b'<workbookPr date1904="1" '),
    )
    assert rows(data, "xlsx")["One"][1] == ["2028-01-03"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("0%", "45000.5"),
        ('0 "days"', "45000.5"),
        ("[Red]0.00;[Blue]-0.00", "45000.5"),
        ("0.00E+00", "45000.5"),
        ("_-* #,##0.00 _€_-", "45000.5"),
        ("\\d0", "45000.5"),
        ("General", "45000.5"),
        ("yyyy\\-mm\\-dd", "2023-03-15 12:00"),
        ("[$-407]d. mmmm yyyy", "2023-03-15 12:00"),
        ("h:mm AM/PM", "2023-03-15 12:00"),
        ("[h]:mm:ss", "1080012:00"),
    ],
)
def test_number_formats(code: str, text: str) -> None:
    """A format says whether a number is a date; what it quotes or pads does not."""
    book = Workbook()
    book.active["A1"] = 45000.5
    book.active["A1"].number_format = code
    stream = io.BytesIO()
    book.save(stream)
    assert rows(stream.getvalue(), "xlsx")["Sheet"][1] == [text]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (b'table:number-columns-repeated="2"', {1: ["x", "x", "y"], 2: ["word"]}),
        (b'office:value-type="string" office:string-value="z"', {1: ["z", "y"], 2: ["word"]}),
        (b'office:value-type="percentage" office:value="0.5"', {1: ["0.5", "y"], 2: ["word"]}),
        (b'office:value-type="time" office:time-value="PT1H2M3S"', {1: ["01:02:03", "y"]}),
    ],
)
def test_repeated_cells(attributes: bytes, expected: dict[int, list[str]]) -> None:
    """ODS writes equal neighbours once."""
    cell = b"<table:table-cell " + attributes + b"><text:p>x</text:p></table:table-cell>"
    empty = b'<table:table-cell table:number-columns-repeated="16000"/>'
    data = with_content(cell + b"<table:table-cell><text:p>y</text:p></table:table-cell>" + empty)
    assert rows(data, "ods")["One"] == expected | {2: ["word"]}


def test_repeated_rows() -> None:
    """Equal rows are as many as are said; empty ones only count."""
    data = changed(
        ods({"One": [["a"], [None], ["b"]]}),
        CONTENT_XML,
        lambda xml: re.sub(
            rb"<table:table-row>",
            lambda _: b'<table:table-row table:number-rows-repeated="3">',
            xml,
        ),
    )
    assert rows(data, "ods")["One"] == {n: ["a"] for n in (1, 2, 3)} | {n: ["b"] for n in (7, 8, 9)}


def test_sheets_of_other_files_are_left_out() -> None:
    """LibreOffice keeps copies of the sheets that formulas refer to."""
    source = b'<table:table-source xlink:href="file:///x" xmlns:xlink="urn:x"/>'
    data = changed(
        ods({"Own": [["a"]], "Copy": [["b"]]}),
        CONTENT_XML,
        lambda xml: re.sub(rb'(<table:table table:name="Copy">)', rb"\1" + source, xml),
    )
    assert rows(data, "ods") == {"Own": {1: ["a"]}}


XLSX = xlsx({"One": [["a", "b"], ["c", Merged("d", 1, 2)]]})
ODS = ods({"One": [["a", "b"], ["c", "d"]]})


def member(name: str, data: bytes) -> bytes:
    """A workbook with one of its parts replaced."""
    return changed(XLSX, name, lambda _: data)


def damaged(name: str) -> bytes:
    """A workbook with the middle of a part overwritten."""
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        at = archive.getinfo(name).header_offset + 100
    return XLSX[:at] + b"\xff" * 20 + XLSX[at + 20 :]


NO_WORKBOOK = "AG020 this is no workbook, or a damaged one"
PROTECTED = "AG020 the workbook is protected by a password"


@pytest.mark.parametrize(
    ("data", "suffix", "expected"),
    [
        (b"", "xlsx", NO_WORKBOOK),
        (b"<html><table>", "xlsx", NO_WORKBOOK),
        (b"PK\x05\x06" + b"\0" * 18, "xlsx", NO_WORKBOOK),
        (XLSX[:-30], "xlsx", NO_WORKBOOK),
        (damaged(SHEET_XML), "xlsx", NO_WORKBOOK),
        (ODS, "xlsx", NO_WORKBOOK),
        (XLSX, "ods", NO_WORKBOOK),
        (member(SHEET_XML, b"<worksheet><sheetData>"), "xlsx", NO_WORKBOOK),
        (member(SHEET_XML, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "xlsx", NO_WORKBOOK),
        (member("xl/workbook.xml", b"<workbook><sheets><sheet/></sheets></workbook>"), "xlsx",
         NO_WORKBOOK),
        (with_cells(b'<c r="B1"/><c r="A1"><v>1</v></c>'), "xlsx", NO_WORKBOOK),
        (with_cells(b'<c r="1"><v>1</v></c>'), "xlsx", NO_WORKBOOK),
        (with_cells(b'<c t="s"><v>99999</v></c>'), "xlsx", NO_WORKBOOK),
        (with_cells(b'<c t="s"><v>-1</v></c>'), "xlsx", NO_WORKBOOK),
        (with_cells(b"<c><v>x</v></c>"), "xlsx", "!One:A1 AG104 this cell holds 'x', which is no"),
        (with_cells(b"<c><v>1e999</v></c>"), "xlsx", "!One:A1 AG104 this cell holds '1e999'"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "xlsx",
         PROTECTED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xlsx",
         "AG020 this is a workbook of an old format, although it is called .xlsx"),
        (with_cells(b'<c r="XFD1"><v>1</v></c>'), "xlsx",
         "!One:XFD1 AG002 there is text in column XFD, but 256 columns are read"),
        (with_cells(b'<c t="inlineStr"><is><t>' + b"x" * 131_073 + b"</t></is></c>"), "xlsx",
         "!One:A1 AG002 this cell holds more than 131,072 characters"),
        (with_cells(b'<c x="' + b"x" * (3 << 20) + b'"/>'), "xlsx", NO_WORKBOOK),
        (with_content(b'<table:table-cell table:number-columns-repeated="999999999">'
                      b"<text:p>x</text:p></table:table-cell>"), "ods",
         "!One:IW1 AG002 there is text in column IW, but 256 columns are read"),
        (with_content(b'<table:table-cell office:value-type="float" office:value="x"/>'), "ods",
         "!One:A1 AG104 this cell holds '', which is no float"),
        (with_content(b'<table:table-cell office:value-type="date"/>'), "ods",
         "!One:A1 AG104"),
        (with_content(b"<table:table-cell><table:table-cell/></table:table-cell>"), "ods",
         NO_WORKBOOK),
        (with_content(b'<table:table-cell><text:p><text:s text:c="999999999"/></text:p>'
                      b"</table:table-cell>"), "ods",
         "!One:A1 AG002 this cell holds more than 131,072 characters"),
        (changed(ODS, CONTENT_XML, lambda xml: xml.replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="999999999">')),
         "ods", "!One:500001 AG002 up to here, the file holds more than 500,000 rows"),
        (changed(ODS, "META-INF", lambda xml: xml.replace(
            b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")),
         "ods", PROTECTED),
    ],
)  # fmt: skip
def test_broken_and_hostile_files(data: bytes, suffix: str, expected: str) -> None:
    """Each is one clear mistake, at its cell where it has one."""
    (found,) = diagnosed(data, suffix)
    assert found.startswith(f"t.{suffix}{'' if expected.startswith('!') else ' '}{expected}")


def test_an_encrypted_part() -> None:
    """A zip may be encrypted by itself."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
    data = bytearray(made.getvalue())
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    assert diagnosed(bytes(data), "xlsx") == [f"t.xlsx {PROTECTED}"]


def test_too_many_parts() -> None:
    """The zip's own list is not read where it would be larger than the file."""
    data = XLSX + b"PK\x01\x02" * (workbook.MAX_ENTRIES + 1)
    assert diagnosed(data, "xlsx") == ["t.xlsx AG002 the workbook has too many parts"]


@pytest.mark.parametrize(
    ("limit", "value", "cells"),
    [
        ("MAX_UNPACKED", 1 << 20, b" " * (1 << 20)),
        ("MAX_TAGS", 10_000, b"<c/>" * 10_001),
    ],
)
def test_bombs(monkeypatch: pytest.MonkeyPatch, limit: str, value: int, cells: bytes) -> None:
    """What unpacks to too much, or to too many elements, is refused on the way."""
    data = with_cells(cells)
    assert tables.read(data, "t.xlsx").sheets
    monkeypatch.setattr(workbook, limit, value)
    (found,) = diagnosed(data, "xlsx")
    assert found.startswith("t.xlsx AG002 the workbook unpacks to more than")


def test_one_text_in_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts count as often as they are used."""
    monkeypatch.setattr(limits, "MAX_CHARACTERS", 1000)
    data = xlsx({"One": [["x" * 100] * 5] * 3})
    (found,) = diagnosed(data, "xlsx")
    assert found.startswith("t.xlsx!One:3 AG002 up to here, the file holds more than")


NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e300, 1e300)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("=\n<&\"' "),
    max_size=8,
)
DATES = st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31))
TABLES = st.lists(
    st.lists(
        st.none() | TEXTS.map(lambda t: t.strip()) | NUMBERS | st.booleans() | DATES, max_size=4
    ),
    max_size=5,
)


@given(TABLES, st.sampled_from(MAKERS))
def test_an_independent_reader_agrees(
    made: list[list[Cell]], make: Callable[[Sheets], bytes]
) -> None:
    """What is read is what calamine reads, place by place."""
    assume(not any(isinstance(value, str) and "_x" in value for row in made for value in row))
    data = make({"One": made})
    ours = rows(data, make.__name__).get("One", {})
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    expected: dict[int, list[str]] = {}
    for line, row in enumerate(theirs.to_python(skip_empty_area=False), 1):
        texts = [as_text(value) for value in row]
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            expected[line] = [text if text.strip() else "" for text in texts]
    assert ours == expected


def as_text(value: Any) -> str:
    """Calamine's value as a person would type it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.15g}"
    return str(value)


@given(
    st.sampled_from([XLSX, ODS]),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=4),
)
def test_spoilt_zips(data: bytes, spoilt: list[tuple[int, bytes]]) -> None:
    """A file with bytes gone wrong gives rows or diagnostics."""
    for place, piece in spoilt:
        at = place % len(data)
        data = data[:at] + piece + data[at + len(piece) :]
    for suffix in ("xlsx", "ods"):
        found = tables.read(data, f"t.{suffix}")
        assert found.sheets or found.diagnostics


@given(
    st.sampled_from([(XLSX, "xlsx", "xl/"), (ODS, "ods", CONTENT_XML)]),
    st.lists(st.tuples(st.integers(0, 9_999), st.integers(0, 30), st.sampled_from(
        [b"", b"<c", b"</c>", b'r="A1"', b'"', b"9", b"-1", b't="s"', b"<row>", b"<f/>", b"\xff",
         b"<table:table-cell>", b"<text:p>x</text:p>", b"</table:table-row>", b"<v>1</v>"])),
        min_size=1, max_size=4),
)  # fmt: skip
def test_spoilt_parts(made: tuple[bytes, str, str], spoilt: list[tuple[int, int, bytes]]) -> None:
    """A part with pieces gone wrong gives rows or diagnostics, or an empty workbook."""

    def change(xml: bytes) -> bytes:
        for place, length, piece in spoilt:
            at = place % (len(xml) + 1)
            xml = xml[:at] + piece + xml[at + length :]
        return xml

    data, suffix, part = made
    found = tables.read(changed(data, part, change), f"t.{suffix}")
    for sheet in found.sheets:
        assert all(d.message for d in sheet.wrong("t", range(300)))
