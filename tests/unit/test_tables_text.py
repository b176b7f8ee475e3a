"""CSV and TSV: delimiters and encodings found out, every cell with its place in the text."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import tables
from ankigen.diagnostics import Severity
from ankigen.tables import SUFFIXES, Tables

ROWS = [["id", "term", "definition"], ["a", "café", "one, two; three"], ["b", "x|y", "say “no”"]]
ENCODINGS = {
    "utf-8": "",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
DELIMITERS = {",": "", ";": "semicolons", "\t": "tabs", "|": "bars"}


def written(rows: list[list[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    """Rows as the standard library writes them."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue()


def cells(found: Tables) -> list[list[str]]:
    """The rows of the only sheet."""
    (sheet,) = found.sheets
    return [row.cells for row in sheet.rows]


def diagnosed(text: str | bytes, name: str = "t.csv") -> list[str]:
    """Place, code and message of what is wrong with a file, or with any of its cells."""
    data = text.encode() if isinstance(text, str) else text
    found = tables.read(data, name)
    wrong = [d for sheet in found.sheets for d in sheet.wrong(name, range(300))]
    assert all(d.hint or d.severity is Severity.NOTE for d in (*found.diagnostics, *wrong))
    return [f"{d.span} {d.code} {d.message}" for d in (*found.diagnostics, *wrong)]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheet_programs_write(encoding: str, delimiter: str, end: str) -> None:
    """Each encoding, delimiter and line end is found, and told where it is not the usual one."""
    data = written(ROWS, delimiter, end).encode(encoding)
    found = tables.read(data, "t.csv")
    assert cells(found) == ROWS
    said = [d.message for d in found.diagnostics]
    if encoding == "utf-8" and delimiter == ",":
        assert said == []
        return
    (message,) = said
    assert ENCODINGS[encoding] in message
    assert DELIMITERS[delimiter] in message
    guessed = encoding in ("cp1252", "utf-16-be")
    assert found.diagnostics[0].severity is (Severity.WARNING if guessed else Severity.NOTE)


def test_tabs_are_usual_in_tsv() -> None:
    """A TSV needs no word about its tabs, but about semicolons."""
    assert diagnosed(written(ROWS, "\t"), "t.tsv") == []
    assert diagnosed(written(ROWS, ";"), "t.TSV") == [
        "t.TSV AG024 the file is read as UTF-8, its cells apart by semicolons"
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1,5;2,5\n", [["a", "b"], ["1,5", "2,5"]]),
        ("a,b;c;d\n1;2;3\n", [["a,b", "c", "d"], ["1", "2", "3"]]),
        ("term\none, two\n", [["term"], ["one", " two"]]),
        ("sep=;\na,b;c\n", [["a,b", "c"]]),
        ("SEP=,\r\na,b\r\n", [["a", "b"]]),
        ('a,b\n"x\r\ny",z\n', [["a", "b"], ["x\ny", "z"]]),
        ('a,b\n"5"" disc",5" disc\n', [["a", "b"], ['5" disc', '5" disc']]),
        ("a,b\n\n , \n,\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b,c\n1\n1,2,3,4\n", [["a", "b", "c"], ["1"], ["1", "2", "3", "4"]]),
        ("a,a\n1,2\n", [["a", "a"], ["1", "2"]]),
        ("a,b\n=1+1,@x\n", [["a", "b"], ["=1+1", "@x"]]),
        ("a,b\nx\u2028y,\x85\n", [["a", "b"], ["x\u2028y", "\x85"]]),
    ],
)
def test_rows(text: str, rows: list[list[str]]) -> None:
    """Quotes, empty rows, ragged rows and what Excel declares are read as they are meant."""
    assert cells(tables.read(text.encode(), "t.csv")) == rows


def test_nothing() -> None:
    """A text without a cell has no sheet, and nothing is wrong with it here."""
    for text in ("", "\n\n", "\ufeff", ",,\n"):
        assert tables.read(text.encode(), "t.csv").sheets == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'a,b\n1,2\n3,"four\n5,6\n',
            "t.csv:3:3 AG020 the quotation mark that opens this cell is not closed",
        ),
        (
            'a,b\n"x\ny",2\n"no" way,3\n',
            "t.csv:4:5 AG020 the quotation marks of this cell are closed, but it goes on",
        ),
        (
            'a,b\n1,"' + "x" * 131_073 + '"\n',
            "t.csv:2:3 AG002 this cell holds more than 131,072 characters",
        ),
        ("a,b\n" + "x," * 300 + "y\n", "t.csv:2 AG002 there is text in column KO, but 256"),
        (b"a,b\n\xc3\xa9,\xc3\xa9\xff\n", "t.csv:2:4 AG004 this byte is not UTF-8"),
        (b"\xef\xbb\xbfa\n\xff", "t.csv:2:1 AG004 this byte is not UTF-8"),
        (b"a,b\r\n1,\x81\n", "t.csv:2:3 AG004 this byte is not UTF-8"),
        (b"\xff\xfea\0\n\0\x00\xd8", "t.csv:2 AG004 the file begins as UTF-16, but these"),
        (b"PK\x03\x04abc", "t.csv AG020 this is a workbook, not a text with one line a row"),
        (
            'a,b\n"x\ny",2\n"1\n2","q\x0b"\n',
            "t.csv:5:4 AG104 the text holds a control character",
        ),
        ("a,b\n1,\x00\n", "t.csv:2:3 AG104 the text holds a control character"),
    ],
)
def test_what_cannot_be_read(text: str | bytes, expected: str) -> None:
    """Each mistake has its place in the text, also after quoted line breaks."""
    (found,) = diagnosed(text)
    assert found.startswith(expected)


def test_rows_before_a_mistake_are_read() -> None:
    """So that what is wrong in them is told in the same run."""
    assert cells(tables.read(b'a,b\n1,2\n3,"', "t.csv")) == [["a", "b"], ["1", "2"]]


def test_places_in_short_rows() -> None:
    """A cell that a row does not have is where the row ends."""
    (sheet,) = tables.read(b'a,b,c\n"x\ny"\n1,2\n', "t.csv").sheets
    assert [str(sheet.span("t.csv", row.line, 2)) for row in sheet.rows] == [
        *("t.csv:1:5", "t.csv:3:3", "t.csv:4:4")
    ]


@dataclass
class Text:
    """A text written cell by cell, so that the test knows where each stands."""

    delimiter: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    places: list[list[tuple[int, int]]] = field(default_factory=list)


CELLS = st.text(st.sampled_from('ab ,;\t|"\n=é\u2028') | st.characters(codec="utf-8"), max_size=6)


@st.composite
def texts(draw: st.DrawFn) -> Text:
    """Random rows, quoted where they must be and where chance has it."""
    made = Text(draw(st.sampled_from(list(DELIMITERS))))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    line, column = 1, 1
    for row in draw(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=5)):
        normal = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]
        places = []
        for index, cell in enumerate(normal):
            if index:
                made.text += made.delimiter
                column += 1
            places.append((line, column))
            must = not {made.delimiter, '"', "\n"}.isdisjoint(cell)
            piece = cell
            if must or draw(st.booleans()):
                piece = '"' + cell.replace('"', '""') + '"'
            made.text += piece.replace("\n", end)
            line += piece.count("\n")
            column = len(piece) - piece.rfind("\n") if "\n" in piece else column + len(piece)
        made.text += end
        line, column = line + 1, 1
        if any(cell.strip() for cell in normal):
            made.rows.append(normal)
            made.places.append(places)
    return made


@given(texts())
def test_every_cell_and_its_place(made: Text) -> None:
    """What is written is read, and each cell is found where it was put."""
    found = tables.read(made.text.encode("utf-8-sig"), "t.csv", made.delimiter)
    if made.text[:4].lower() == "sep=":  # which is no row
        return
    rows = [row for sheet in found.sheets for row in sheet.rows]
    assert [row.cells for row in rows] == made.rows
    for sheet in found.sheets:
        assert [
            [sheet.locate(row.line, column) for column in range(len(row.cells))] for row in rows
        ] == made.places


@given(st.binary(max_size=60) | st.text('a,;"\n\r\t\0=é', max_size=40).map(str.encode))
def test_any_bytes(data: bytes) -> None:
    """Whatever a file holds, it gives rows or diagnostics, and places of all of its cells."""
    for suffix in SUFFIXES:
        found = tables.read(data, f"t{suffix}")
        assert (
            found.sheets
            or found.diagnostics
            or not data.strip(b'\xff\xfe\xef\xbb\xbf,;\t|\0 \n\r"')
        )
        for sheet in found.sheets:
            for row in sheet.rows:
                for column in range(len(row.cells) + 1):
                    assert min(sheet.locate(row.line, column)) > 0
            for diagnostic in sheet.wrong("t", range(9)):
                assert diagnostic.message


def test_a_hundred_thousand_rows() -> None:
    """They are all there, and the last one knows its place."""
    rows = [[f"term-{n}", "a word", "Two\nlines, quoted."] for n in range(100_000)]
    data = written(rows, ";").encode("utf-16")
    (sheet,) = tables.read(data, "t.csv").sheets
    assert [row.cells for row in sheet.rows] == rows
    assert sheet.locate(sheet.rows[-1].line, 2) == (199_999, 19)
