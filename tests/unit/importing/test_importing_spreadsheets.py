"""Tables → notes: a header of names, a note a row, and what else a sheet may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.importing import spreadsheets
from ankigen.importing.foreign import ForeignError, Kind, Writing

if TYPE_CHECKING:
    from pathlib import Path

TABLE = 'Term;Meaning;;Term;GUID;Deck\r\nkernel;a *core*;x;y;g1;A::B\r\n\r\nloop;"b\r\nc";;;g2;\r\n'


def test_a_table() -> None:
    """Columns without a name of their own are numbered; GUID and deck are no fields."""
    found = spreadsheets.read(TABLE.encode(), "words.csv")
    (kind,) = found.types.values()
    assert (kind.name, found.writing) == ("words", Writing.SOURCE)
    assert kind.fields == ("Term", "Meaning", "column 3", "column 4", "GUID", "Deck")
    assert [(n.place, n.guid, n.deck, n.fields) for n in found.notes] == [
        ("words.csv:2:1", "g1", "A::B", ("kernel", "a *core*", "x", "y", "", "")),
        ("words.csv:4:1", "g2", "", ("loop", "b\nc", "", "", "", "")),
    ]


def test_what_does_not_fit() -> None:
    """Cells beyond the header and rows with a GUID that is taken are told with their places."""
    found = spreadsheets.read(b"term,guid\na,g,x\nb,g\n", "w.csv")
    assert [note.fields[0] for note in found.notes] == ["a"]
    told = [(r.kind, r.place, r.detail) for r in found.remarks if r.kind is Kind.LEFT_OUT]
    assert told == [(Kind.LEFT_OUT, "w.csv:2:5", "x"), (Kind.LEFT_OUT, "w.csv:3:1", "")]


def test_text_exports(tmp_path: Path) -> None:
    """One that is called .csv is known by its first line."""
    path = tmp_path / "notes.csv"
    path.write_text("#separator:tab\na\tb\n")
    with spreadsheets.opened(path) as found:
        assert found.form == "Anki text export"


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"PK\x03\x04", "a.xlsx"), (b"junk", "a.ods"), (b"\xd0\xcf\x11\xe0", "a.xlsx")],
)
def test_broken(data: bytes, name: str) -> None:
    """A workbook that is none is refused in words."""
    with pytest.raises(ForeignError, match=name):
        spreadsheets.read(data, name)


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.tsv", "a.xlsx", "a.ods"]))
def test_any_bytes(data: bytes, name: str) -> None:
    """They are read, or refused in words; every note fits its note type."""
    try:
        found = spreadsheets.read(data, name)
    except ForeignError as error:
        assert str(error)  # noqa: PT017 - either way is right
        return
    for note in found.notes:
        assert len(note.fields) == len(found.types[note.type].fields)
