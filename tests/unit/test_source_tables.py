"""Spreadsheets in a category's folder: the same entries and the same mistakes as in YAML."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from ankigen import config, notetype, source, tables
from ankigen.diagnostics import Severity
from ankigen.records import spreadsheets
from ankigen.records.names import Naming
from ankigen.records.record import Records
from support import write_project
from workbooks import Formula, Merged, ods, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ankigen.source import Entries
    from workbooks import Cell

FRAME = {"ankigen.yaml": "id: x\nname: X\n", "cards/a/category.yaml": "name: A\n"}
HEADER = ("id", "term", "definition")

TERMS_YAML = """\
- id: kernel
  term: kernel
  pos: noun
  definition: |-
    A function, run by the device.

    It has no result.
  topics: [gpu, memory]
  related: [tile]
  tags: [week_1]
  say: kernels
- id: tile
  term: "1"
  definition: A "part" of a loop; or of a tensor.
"""
TERMS_ROWS: list[list[Cell]] = [
    [*("id", "term", "pos", "definition", "topics", "related", "tags", "say", "_remark")],
    [
        *("kernel", " kernel ", "noun", "A function, run by the device.\n\nIt has no result."),
        *("gpu; memory;", "tile", "week_1", "kernels", "ask Ann"),
    ],
    [None, None, None, None, None, None, None, None, "only a remark"],
    ["tile", 1, None, 'A "part" of a loop; or of a tensor.'],
]


def as_csv(rows: Sequence[Sequence[object]]) -> bytes:
    """Rows as the standard library writes them."""
    stream = io.StringIO()
    csv.writer(stream).writerows([["" if c is None else c for c in row] for row in rows])
    return stream.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Rows in a workbook of one sheet."""
    return xlsx({"Terms": rows})


def as_ods(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Rows in a document of one sheet."""
    return ods({"Terms": rows})


KINDS: Mapping[str, Callable[[Sequence[Sequence[Cell]]], bytes]] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "ods": as_ods,
}


def load(root: Path, files: Mapping[str, str | bytes]) -> Entries:
    """The entries of a project."""
    course, problems = config.load(write_project(root, {**FRAME, **files}))
    assert problems == []
    return source.load(course, notetype.built_in())


def diagnosed(root: Path, files: Mapping[str, str | bytes]) -> list[str]:
    """Place, code and message of everything wrong, sorted."""
    found = sorted(load(root, files).diagnostics)
    assert all(d.hint or d.severity is Severity.NOTE for d in found)
    return [f"{d.span} {d.code} {d.message}" for d in found]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_entries(tmp_path: Path, kind: str) -> None:
    """What a table holds is what the same words in YAML are, list for list."""
    made = load(tmp_path / kind, {f"cards/a/terms.more.{kind}": KINDS[kind](TERMS_ROWS)})
    same = load(tmp_path / "yaml", {"cards/a/terms.yaml": TERMS_YAML})
    assert made.diagnostics == same.diagnostics == ()
    assert [(e.key, e.category, e.values) for e in made.entries] == [
        (e.key, e.category, e.values) for e in same.entries
    ]


def test_places(tmp_path: Path) -> None:
    """Values, list items and keys are placed by their cell; what is not there, by its row."""
    entries = load(
        tmp_path,
        {
            "cards/a/terms.xlsx": as_xlsx(TERMS_ROWS),
            "cards/a/pronunciations.csv": "id,word,kind,say.word,tip\nw,lead,vowel,led,\n",
        },
    ).entries
    kernel = next(e for e in entries if e.key == "terms/kernel")
    word = next(e for e in entries if e.id == "w")
    assert word.values["say"] == {"word": "led"}
    assert [
        str(kernel.span(*path)) for path in ([], ["term"], ["topics"], ["topics", 1], ["usage"])
    ] == [f"cards/a/terms.xlsx!Terms:{cell}" for cell in ("A2", "B2", "E2", "E2", "A2")]
    assert str(kernel.marks.span("f", ("term",), key=True)) == "f!Terms:B1"
    assert str(word.span("say", "word")) == "cards/a/pronunciations.csv:2:14"


@pytest.mark.parametrize(
    ("cell", "topics"),
    [
        ("a", ["a"]),
        ("a;b; c ;", ["a", "b", "c"]),
        ("a\nb\n\n c", ["a", "b", "c"]),
    ],
)
def test_lists(tmp_path: Path, cell: str, topics: list[str]) -> None:
    """The values of a list stand apart by semicolons, or each on a line of its own."""
    rows = [(*HEADER, "topics"), ("k", "k", "Words.", cell)]
    (entry,) = load(tmp_path, {"cards/a/terms.csv": as_csv(rows)}).entries
    assert entry.values["topics"] == topics


def test_a_semicolon_inside_of_a_list(tmp_path: Path) -> None:
    """Where lines divide, a semicolon is one."""
    rows = [("id", "phrase", "situation", "channel", "alternatives")]
    rows += [("p", "{Hi}!", "You meet.", "spoken", "Hello; or not?\nHey!")]
    (entry,) = load(tmp_path, {"cards/a/phrases.csv": as_csv(rows)}).entries
    assert entry.values["alternatives"] == ["Hello; or not?", "Hey!"]


def test_parts_of_a_key(tmp_path: Path) -> None:
    """What is said of the first key and of others stands in columns of their own, or in one."""
    text = (
        "id,word,kind,other,say,say.other\nv,lead,minimal pair,led,leed,led\nw,tear,vowel,,teer,\n"
    )
    both, one = load(tmp_path, {"cards/a/pronunciations.csv": text}).entries
    assert both.values["say"] == {"": "leed", "other": "led"}
    assert one.values["say"] == {"": "teer"}


def test_several_sheets(tmp_path: Path) -> None:
    """Every sheet is read, hidden or not, but those whose name begins with an underscore."""
    book = xlsx(
        {
            "Unit 1": [HEADER, ("a", "a", "x")],
            "_lists": [("noun", "verb")],
            "Empty": [],
            "Unit 2": [[], [], ("definition", "id", "term"), ("y", "b", "b")],
        }
    )
    found = load(tmp_path, {"cards/a/terms.xlsx": book})
    assert found.diagnostics == ()
    assert [str(e.span()) for e in found.entries] == [
        *("cards/a/terms.xlsx!Unit 1:A2", "cards/a/terms.xlsx!Unit 2:A4")
    ]


def test_other_programs_files_lie_beside(tmp_path: Path) -> None:
    """What spreadsheet programs leave while a file is open is no source."""
    names = ("~$terms.xlsx", ".~lock.terms.ods#", ".terms.csv")
    assert diagnosed(tmp_path, {f"cards/a/{name}": b"\0" for name in names}) == []


T = "cards/a/terms"
NO_SLUG = "must be lower-case letters, digits and single hyphens, but here is"
MERGED = "are merged, so that only the first of them holds the text"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({f"{T}.csv": ""}, [f"{T}.csv AG005 the file is empty"]),
        ({f"{T}.xlsx": xlsx({"One": []})}, [f"{T}.xlsx AG005 the file is empty"]),
        ({f"{T}.csv": as_csv([HEADER])}, []),
        (
            {"cards/a/termz.csv": as_csv([HEADER])},
            ["cards/a/termz.csv AG301 there is no note type 'termz'"],
        ),
        (
            {f"{T}.csv": "id,trem,Definition,colour\n"},
            [
                f"{T}.csv:1:4 AG101 unknown column 'trem'",
                f"{T}.csv:1:9 AG101 unknown column 'Definition'",
                f"{T}.csv:1:20 AG101 unknown column 'colour'",
            ],
        ),
        (
            {f"{T}.xlsx": as_xlsx([("id", "say.x", "term.x", "", "note"), ("k",)])},
            [
                f"{T}.xlsx!Terms:A1 AG102 there is no column 'definition'",
                f"{T}.xlsx!Terms:C1 AG101 unknown column 'term.x'",
                f"{T}.xlsx!Terms:E1 AG101 unknown column 'note'",
            ],
        ),
        (
            {f"{T}.csv": "id,term,definition,term\nk,k,Words.,x\n"},
            [f"{T}.csv:1:20 AG023 the column 'term' stands twice"],
        ),
        (
            {f"{T}.csv": "id,term,definition\n\nk,k\nl,l,One, two.\n"},
            [
                f"{T}.csv:3:4 AG102 the cell under 'definition' is empty",
                f"{T}.csv:4:9 AG023 this cell stands under no name",
            ],
        ),
        (
            {f"{T}.xlsx": as_xlsx([("id", None, "term", "definition"), ("k", "x", "k", "Words.")])},
            [f"{T}.xlsx!Terms:B2 AG023 this cell stands under no name"],
        ),
        (
            {f"{T}.csv": as_csv([(*HEADER, "pos"), ("k", "two\nlines", "x", "nuon")])},
            [f"{T}.csv:3:10 AG104 'pos' cannot be 'nuon'"],
        ),
        (
            {
                f"{T}.csv": as_csv(
                    [(*HEADER, "topics"), ("K", "k", "x", "a;B"), ("l", "l", "x", ";")]
                )
            },
            [
                f"{T}.csv:2:1 AG104 'id' {NO_SLUG} 'K'",
                f"{T}.csv:2:7 AG104 'topics' {NO_SLUG} 'B'",
                f"{T}.csv:3:7 AG104 'topics' needs at least 1 value",
            ],
        ),
        (
            {
                f"{T}.csv": as_csv([HEADER, ("k", "k", "x")]),
                f"{T}.ods": as_ods([HEADER, ("k", "k", "x")]),
            },
            [f"{T}.ods!Terms:A2 AG201 the id 'k' is taken"],
        ),
        (
            {
                f"{T}.xlsx": as_xlsx([(*HEADER, "related"), ("kernel", "k", "x", "kernel;kernle")]),
                "cards/a/sentences.yaml": "- {id: s, terms: [kernl], text: k}\n",
            },
            [
                "cards/a/sentences.yaml:1:19 AG202 there is no 'kernl' among the terms",
                f"{T}.xlsx!Terms:D2 AG202 there is no 'kernle' among the terms",
            ],
        ),
        (
            {
                f"{T}.xlsx": as_xlsx(
                    [
                        (*HEADER, "pos", "level", "_sum"),
                        ("k", Formula("1+1"), Merged("x", 2), None, None, Formula("2")),
                    ]
                ),
                "cards/a/sentences.yaml": "- {id: s, terms: [other], text: other}\n",
            },
            [
                f"{T}.xlsx!Terms:B2 AG021 the result of this cell's formula is not in the file",
                f"{T}.xlsx!Terms:C2 AG022 the cells C2 to D2 {MERGED}",
            ],
        ),
        (
            {f"{T}.csv": b"id,term,definition\nk,caf\xe9,\x93x\x94\n"},
            [f"{T}.csv AG024 the file is not UTF-8, so it is read as Windows-1252"],
        ),
        (
            {f"{T}.csv": 'id,term,definition\nk,K,"\n'},
            [f"{T}.csv:2:5 AG020 the quotation mark that opens this cell is not closed"],
        ),
        ({f"{T}.xlsm": b"PK"}, [f"{T}.xlsm AG006 '.xlsm' files are not read"]),
    ],
)
def test_what_is_wrong(
    tmp_path: Path, files: Mapping[str, str | bytes], expected: list[str]
) -> None:
    """Each mistake is told once, with its cell."""
    assert diagnosed(tmp_path, files) == expected


def test_hints(tmp_path: Path) -> None:
    """A slip names the word that is meant, whatever its case; a stray sheet can be left aside."""
    book = xlsx({"S": [("ID", "term", "definitoin", "zzz")], "T": [("zzz",)]})
    found = sorted(load(tmp_path, {"cards/a/terms.xlsx": book}).diagnostics)
    hints = {str(d.span).partition("!")[2] + d.code: d.hint for d in found}
    assert hints["S:A1AG101"] == "did you mean 'id'?"
    assert hints["S:C1AG101"] == "did you mean 'definition'?"
    assert hints["S:D1AG101"].startswith("known: id, term, pos,")
    assert "begins with '_'" in hints["S:D1AG101"]
    assert hints["T:A1AG102"].endswith("or begin the sheet's name with '_' to leave it aside")


def test_a_formula_is_text_in_csv(tmp_path: Path) -> None:
    """What begins with an equals sign is a text like any other."""
    rows = [HEADER, ("equals", "=", '=HYPERLINK("http://example.org")')]
    (entry,) = load(tmp_path, {"cards/a/terms.csv": as_csv(rows)}).entries
    assert entry.values["term"] == "="
    assert entry.values["definition"] == '=HYPERLINK("http://example.org")'


CELLS = st.text(max_size=6) | st.sampled_from(["id", "term", "definition", "a", "a;b", "=1", "_x"])


@given(
    st.lists(st.lists(CELLS, max_size=5), max_size=5),
    st.sampled_from(["csv", "xlsx", "ods"]),
    st.booleans(),
)
def test_any_table(rows: list[list[str]], kind: str, headed: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
    """Whatever a table holds, it gives records or diagnostics."""
    made = [HEADER, *rows] if headed else rows
    try:
        data = KINDS[kind](made)
    except (ValueError, UnicodeEncodeError, IllegalCharacterError):  # openpyxl cannot write it
        return
    naming = Naming(notetype.built_in()["terms"])
    found = spreadsheets.read(tables.read(data, f"t.{kind}"), f"t.{kind}", naming)
    assert isinstance(found, Records)
    for record in found.records:
        named = naming.apply(record)
        assert isinstance(named.value, dict)
        assert named.places.span("t", ("id",)).line > 0
        assert all(named.places.missing((key,)) for key in HEADER)


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("baking, tools", "put ';' between the values of a list: baking; tools"),
        ("baking|tools", "put ';' between the values of a list: baking; tools"),
        ("mixing; baking, tools", "put ';' between the values of a list: baking; tools"),
        ("Baking", "for example: operator-fusion"),
    ],
)
def test_what_separates_values(tmp_path: Path, cell: str, hint: str) -> None:
    """Whoever puts another sign between the values of a list is told which one it is."""
    data = as_csv([(*HEADER, "topics"), ("k", "k", "x", cell)])
    [found] = load(tmp_path, {f"{T}.csv": data}).diagnostics
    assert found.hint == hint
