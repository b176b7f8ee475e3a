"""A sheet of what there is to record."""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import script
from ankigen.diagnostics import SourceError
from ankigen.script import Row, _numbers
from recordable import COURSE, FILES, TERMS
from support import write_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of two categories."""
    return write_project(tmp_path / "course", COURSE)


def test_rows_are_the_texts_in_study_order(root: Path) -> None:
    """A row a text of an entry and a pace, numbered, and how a respelt one is said."""
    rows = script.rows(root, everything=False)
    assert [row.file for row in rows] == FILES
    assert [row.number for row in rows] == list(range(1, len(FILES) + 1))
    assert rows[1] == Row(
        number=2,
        file="terms/cuda.slow",
        text="CUDA",
        said="kooda",
        slow=True,
        entry="terms/cuda",
        key="term",
        main=True,
    )
    assert rows[6] == Row(
        number=7,
        file="sentences/kernel-1",
        text="Each kernel reads its own tile.",
        said="",
        slow=False,
        entry="sentences/kernel-1",
        key="text",
        main=True,
    )


def test_what_is_recorded_is_left_out(root: Path) -> None:
    """Its number is not given to another text; with everything, it is there."""
    before = script.rows(root, everything=True)
    write_project(root, {f"{TERMS}/core.wav": b"x", f"{TERMS}/kernel.slow.mp3": b"y"})
    left = script.rows(root, everything=False)
    assert [row.file for row in left] == [
        file for file in FILES if file not in ("terms/core", "terms/kernel.slow")
    ]
    assert set(left) < set(before)
    assert script.rows(root, everything=True) == before


def test_row_of_what_no_voice_can_say(root: Path) -> None:
    """A person may be the only one who can read it."""
    write_project(
        root, {"cards/more/terms.yaml": "- {id: nippon, term: 日本, definition: A land.}\n"}
    )
    assert [row.text for row in script.rows(root, everything=False)[:2]] == ["日本", "日本"]


def test_broken_sources(root: Path) -> None:
    """What there is to record is then not known."""
    write_project(root, {"cards/more/terms.yaml": "- {id: nippon}\n"})
    with pytest.raises(SourceError):
        script.rows(root, everything=True)
    with pytest.raises(SourceError):
        script.take_in(root, [])


def test_sheet_is_read_by_a_spreadsheet(root: Path) -> None:
    """A head and a row a text, whose file is where its recording belongs."""
    rows = script.rows(root, everything=True)
    read = list(csv.DictReader(io.StringIO(script.sheet(rows), newline="")))
    assert read[1] == {
        "number": "2",
        "file": "terms/cuda.slow.wav",
        "text": "CUDA",
        "said": "kooda",
        "pace": "slow",
        "entry": "terms/cuda",
    }
    assert [row["file"] for row in read] == [f"{file}.wav" for file in FILES]
    assert {row["pace"] for row in read if "slow" not in row["file"]} == {"normal"}


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.lists(st.tuples(st.sampled_from(["", *"=+-@\t\r ,;\"'\n"]), TEXTS, TEXTS), max_size=4))
def test_any_text_comes_through_the_sheet(texts: list[tuple[str, str, str]]) -> None:
    """Nothing gets lost, and no cell is a formula."""
    rows = [
        Row(
            number=number,
            file=f"terms/t{number}",
            text=start + text,
            said=said,
            slow=False,
            entry=f"terms/t{number}",
            key="term",
            main=True,
        )
        for number, (start, text, said) in enumerate(texts, start=1)
    ]
    read = list(csv.DictReader(io.StringIO(script.sheet(rows), newline="")))
    assert len(read) == len(rows)
    for row, cells in zip(rows, read, strict=True):
        assert cells["file"] == f"{row.file}.wav"
        for cell, written in ((cells["text"], row.text), (cells["said"], row.said)):
            assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r")
            assert cell in (written, f"'{written}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"number,text\r\n1,kernel\r\n", 2),
        (b"number;file;text\n1;terms/core.wav;core\n", 2),
        (b"number,file\none,terms/core.wav\n", 2),
        (b"number,file\n1,terms/core.wav\n,\n", 3),
        (b"number,file\n1\n", 2),
        (b"\xff\xfen\0u\0m\0b\0e\0r\0", 1),
        (b"number,file\n1,caf\xe9.wav\n", 2),
    ],
)
def test_what_is_no_sheet(tmp_path: Path, text: bytes, line: int) -> None:
    """The message says where it is none."""
    path = tmp_path / "script.csv"
    path.write_bytes(text)
    with pytest.raises(SourceError) as raised:
        _numbers(path)
    [found] = raised.value.diagnostics
    assert (found.span.file, found.span.line) == ("script.csv", line)
    assert found.hint


@pytest.mark.parametrize("cell", [b"x" * 200_000, b"terms/c\rore.wav"])
def test_what_is_no_csv(tmp_path: Path, cell: bytes) -> None:
    """Whatever Python's reader refuses is no sheet."""
    path = tmp_path / "script.csv"
    path.write_bytes(b"number,file\n1," + cell + b"\n")
    with pytest.raises(SourceError, match="no sheet"):
        _numbers(path)


@pytest.mark.parametrize("text", [b"", b"one line\n", b"a,b\n"])
def test_sheet_without_a_row(tmp_path: Path, text: bytes) -> None:
    """Somebody named the wrong file."""
    path = tmp_path / "script.csv"
    path.write_bytes(text)
    with pytest.raises(SourceError):
        _numbers(path)


def test_sheet_that_a_spreadsheet_has_saved(tmp_path: Path) -> None:
    """With or without a byte order mark, other line ends, more columns and another order."""
    text = "note,file,number\nnice,terms/a.slow.wav,002\n,terms/b.wav, 10 \n"
    path = tmp_path / "script.csv"
    for content in (text, "\ufeff" + text, text.replace("\n", "\r\n")):
        path.write_bytes(content.encode())
        assert _numbers(path) == {2: "terms/a.slow", 10: "terms/b"}


def _reads(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.csv"
        path.write_bytes(data)
        with contextlib.suppress(SourceError):
            numbers = _numbers(path)
            assert all(type(n) is int and type(file) is str for n, file in numbers.items())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sheet_or_a_mistake(data: bytes) -> None:
    """Never another exception."""
    _reads(data)


CELLS = (
    st.sampled_from(["1", "2", "", "x", "-1", "1e9", "9" * 5000, '"', "'", "\0", "\r", "٣"]) | TEXTS
)
HEADS = st.permutations(["number", "file", "text"]) | st.lists(
    st.sampled_from(["number", "file", "", "text"]) | TEXTS, max_size=4
)


@given(
    HEADS,
    st.lists(st.lists(CELLS, max_size=5), max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_any_table_is_a_sheet_or_a_mistake(
    head: list[str],
    rows: list[list[str]],
    between: str,
    end: str,
    quoted: bool,  # noqa: FBT001 - drawn
) -> None:
    """Nor do tables whose cells are odd, missing or too many."""
    mark = '"' if quoted else ""
    lines = [between.join(f"{mark}{cell}{mark}" for cell in row) for row in (head, *rows)]
    _reads(end.join(lines).encode())
