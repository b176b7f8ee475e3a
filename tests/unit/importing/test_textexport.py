"""Anki's text export: the columns it names, its quotes, and whatever else a file may hold."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.importing import textexport
from ankigen.importing.foreign import Foreign, ForeignError, Kind, Writing
from support import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEAD = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n"
WHOLE = HEAD + (
    "#tags column:6\n"
    'g"1\tBasic\tA::B\t"a\t""q""<br>x"\t"#b\nline"\tAa zz\n'
    "g2\tCloze\tA\t{{c1::a::h}} b\t\t\n"
    'g3\tBasic\tA\t"#hash"\tb\t\n'
)


def read(text: str) -> Foreign:
    """A text as a file."""
    return textexport.read(text, "notes.txt")


def test_all_columns() -> None:
    """Each column is what the lines at the top say; quotes, tabs and line ends are kept."""
    found = read(WHOLE)
    assert (found.writing, found.remarks) == (Writing.HTML, [])
    assert [(n.place, n.guid, n.type, n.deck, n.tags, n.fields) for n in found.notes] == [
        ("line 7", 'g"1', "Basic", "A::B", ("Aa", "zz"), ('a\t"q"<br>x', "#b\nline")),
        ("line 9", "g2", "Cloze", "A", (), ("{{c1::a::h}} b",)),
        ("line 10", "g3", "Basic", "A", (), ("#hash", "b")),
    ]
    assert {name: kind.fields for name, kind in found.types.items()} == {
        "Basic": ("Field 1", "Field 2"),
        "Cloze": ("Field 1",),
    }


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a\tb", [("a", "b")]),
        ("a;b\r\nc;d\r\n", [("a", "b"), ("c", "d")]),
        ("a|b\rc|d", [("a", "b"), ("c", "d")]),
        ("a,b,c\nd\n", [("a", "b", "c"), ("d", "", "")]),
        ("one two", [("one", "two")]),
        ("#separator:Pipe\na,b|c\n", [("a,b", "c")]),
        ("#separator:;\na\tb;c\n", [("a\tb", "c")]),
        ("#separator:comma\n#a remark\na,b\n#another\n\nc,d\n", [("a", "b"), ("c", "d")]),
        ("\ufeffa\tb", [("a", "b")]),
        ('"a"x\t"b', [("ax", "b")]),
    ],
)
def test_separators(text: str, fields: Sequence[tuple[str, ...]]) -> None:
    """They are said, or found as Anki finds them; remarks and empty lines are no notes."""
    assert [note.fields for note in read(text.lstrip("\ufeff")).notes] == fields


def test_what_holds_for_all_notes() -> None:
    """Note type, deck, tags and the names of columns may be said once."""
    text = "#notetype:Words\n#deck:A::B\n#tags:x y\n#columns:Word\tMeaning\tTags\n#tags column:3\n"
    (note,) = read(f"{text}a\tb\ty z\n").notes
    assert (note.type, note.deck, note.tags) == ("Words", "A::B", ("x", "y", "z"))
    assert read(f"{text}a\tb\ty z\n").types["Words"].fields == ("Word", "Meaning")
    (old,) = read("tags:x\na\tb\n").notes
    assert (old.tags, old.fields) == (("x",), ("a", "b"))


def test_a_column_among_control_characters() -> None:
    """A number is what stands between characters that Python takes for white space."""
    assert read("#guid column:\x1e1\ng1\ta\n").notes[0].guid == "g1"


def test_html_or_not() -> None:
    """Where it is not said, a tag or an entity tells."""
    assert read("a\tb").writing is Writing.PLAIN
    assert read("a\tb<br>").writing is Writing.HTML
    assert read("#html:false\na\tb<br>").writing is Writing.PLAIN


def test_what_does_not_fit() -> None:
    """Lines that Anki does not know, and notes of a GUID that another has."""
    found = read("#separator:tab\n#guid column:1\n#colour:red\ng\ta\ng\tb\n\tc\n\td\n")
    assert [note.fields for note in found.notes] == [("a",), ("c",), ("d",)]
    assert [(r.kind, r.place, r.detail) for r in found.remarks] == [
        (Kind.TOLD, "", "#colour:red"),
        (Kind.LEFT_OUT, "line 5", ""),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "#separator:tab\n", "#x"])
def test_nothing(text: str) -> None:
    """A file without notes is none."""
    with pytest.raises(ForeignError, match="there is no note in it"):
        read(text)


def test_files(tmp_path: Path) -> None:
    """UTF-8 with or without a mark is read; anything else is said."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.encode())
    with textexport.opened(path) as found:
        assert len(found.notes) == 3
    path.write_bytes("é\tb".encode("latin-1"))
    with pytest.raises(ForeignError, match="not UTF-8; save it as UTF-8"), textexport.opened(path):
        pass


def test_is_one() -> None:
    """A file of any name is known by its first line."""
    assert textexport.is_one("\ufeff#separator:tab\n")
    assert textexport.is_one("#tags column:3\n")
    assert not textexport.is_one("#hash,b\n")
    assert not textexport.is_one("term,definition\n")


CELLS = st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=8)
GUIDS = st.text("abcDEF123+!#\"'\t ", min_size=1, max_size=4)


@given(
    st.lists(st.tuples(CELLS, CELLS, st.lists(st.from_regex(r"[a-z:]{1,4}", fullmatch=True))))
    .filter(bool)
    .filter(lambda rows: any(cell for row in rows for cell in row[:2])),
    st.sampled_from(["comma", "semicolon", "tab", "space", "pipe", "colon"]),
)
def test_any_notes(rows: list[tuple[str, str, list[str]]], separator: str) -> None:
    """What is written as CSV writes it is read back, whatever the texts hold."""
    sign = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}
    stream = io.StringIO()
    writer = csv.writer(
        stream, delimiter=sign[separator], quoting=csv.QUOTE_ALL, lineterminator="\n"
    )
    for number, (front, back, tags) in enumerate(rows):
        writer.writerow([f"g{number}", front, back, " ".join(tags)])
    head = f"#separator:{separator}\n#html:true\n#guid column:1\n#tags column:4\n"
    found = read(head + stream.getvalue())
    width = len(next(iter(found.types.values())).fields)
    expected = [((front, back)[:width], tuple(dict.fromkeys(tags))) for front, back, tags in rows]
    assert [(note.fields, note.tags) for note in found.notes] == expected
    assert all(not back for _, back, _ in rows) or width == 2


PIECES = st.sampled_from(
    [
        *('"', "\t", ",", "\n", "\r", "#", "a", " ", ":", "\ufeff", "tags:", "#html:", "1", "x"),
        *("#separator:", "#guid column:", "#tags column:", "#columns:", "99999", "comma"),
        "#deck column:2\n",
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join))
def test_any_text(text: str) -> None:
    """It is read, or refused in words; every note has as many fields as its note type."""
    try:
        found = read(text)
    except ForeignError as error:
        assert str(error)  # noqa: PT017 - either way is right
        return
    for note in found.notes:
        assert len(note.fields) == len(found.types[note.type].fields)
        assert re.fullmatch(r"line \d+", note.place)


def test_long_files() -> None:
    """A hundred thousand notes and a quote that never ends are read soon."""
    assert len(read("a\tb\n" * 100_000).notes) == 100_000
    assert len(read('a\t"' + 'b""\n' * 100_000).notes) == 1


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "docs/faq.md", "LICENSE"])
def test_prose_is_no_export(page: str) -> None:
    """A text that says nothing of columns, and has none, is refused as what it is."""
    with pytest.raises(ForeignError, match="no text export of Anki's; in Anki, export"):
        read((REPOSITORY / page).read_text("utf-8"))


@pytest.mark.parametrize("text", ["one\ntwo\n", "a,b\nc,d\ne\n", "a\tb\nc\td\te\nf\tg\th\ti\n"])
def test_what_may_be_a_table(text: str) -> None:
    """A list of words is one, and rows of several note types are."""
    assert len(read(text).notes) == text.count("\n")
