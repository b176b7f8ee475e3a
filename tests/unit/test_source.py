"""Source files: which are read, in which order, and identities across them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import config, notetype, source
from ankigen.diagnostics import Code, Span
from support import SMALL, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ankigen.source import Entries

FRAME = {
    "ankigen.yaml": "id: x\nname: X\ncategories: [b, a]\n",
    "cards/a/category.yaml": "name: A\n",
    "cards/b/category.yaml": "name: B\n",
}


def term(*ids: str, more: str = "") -> str:
    """A file of terms."""
    return "".join(f"- {{id: {i}, term: {i}, definition: Meaning{more}}}\n" for i in ids)


def load(root: Path, files: Mapping[str, str | bytes]) -> Entries:
    """The entries of a project."""
    course, problems = config.load(write_project(root, files))
    assert problems == []
    return source.load(course, notetype.built_in())


def diagnosed(root: Path, files: Mapping[str, str | bytes]) -> list[str]:
    """Place and code of everything wrong, sorted."""
    found = sorted(load(root, {**FRAME, **files}).diagnostics)
    assert all(d.message for d in found)
    return [f"{d.span} {d.code}" for d in found]


def test_entries_know_what_and_where_they_are(tmp_path: Path) -> None:
    """An entry has its note type, category, key, typed values, and its place in the file."""
    entries = load(tmp_path, SMALL)
    assert entries.diagnostics == ()
    fusion = next(e for e in entries.entries if e.key == "terms/operator-fusion")
    assert (fusion.note_type, fusion.id, fusion.category) == ("terms", "operator-fusion", "basics")
    assert fusion.values["topics"] == ["fusion"]
    assert "usage" not in fusion.values
    assert fusion.span() == Span("cards/basics/terms.yaml", 4, 3)
    assert fusion.span("topics", 0) == Span("cards/basics/terms.yaml", 9, 12)
    assert fusion.span("usage") == fusion.span()


def test_files_are_read_in_order(tmp_path: Path) -> None:
    """Categories come as the course lists them, files by name, entries as written."""
    files = {
        **FRAME,
        "cards/a/terms.yaml": term("z", "y"),
        "cards/b/terms.zoo.yaml": term("m"),
        "cards/b/terms.yml": term("l"),
        "cards/b/terms.advanced.yaml": term("n"),
    }
    assert [e.id for e in load(tmp_path, files).entries] == ["n", "l", "m", "z", "y"]


def test_a_file_may_be_one_entry(tmp_path: Path) -> None:
    """A mapping in place of a list is an entry."""
    files = {**FRAME, "cards/a/terms.kernel.yaml": "id: kernel\nterm: a\ndefinition: b\n"}
    (entry,) = load(tmp_path, files).entries
    assert (entry.id, entry.span("term")) == ("kernel", Span("cards/a/terms.kernel.yaml", 2, 7))


def test_what_is_no_source_is_left_alone(tmp_path: Path) -> None:
    """Hidden files, notes, pictures and folders may lie beside the sources."""
    files: dict[str, str | bytes] = {
        **FRAME,
        "cards/a/.terms.yaml.swp": b"\xff",
        "cards/a/.hidden.yaml": "[",
        "cards/a/README.md": "x",
        "cards/a/picture.png": b"\x89PNG",
        "cards/a/drafts/terms.yaml": "[",
        "cards/a/terms.YAML": term("a"),
    }
    entries = load(tmp_path, files)
    assert entries.diagnostics == ()
    assert [e.id for e in entries.entries] == ["a"]


def test_a_file_in_no_category(tmp_path: Path) -> None:
    """It is told, unless it is none of entries, is hidden, or 'sources' names it."""
    names = ["terms.yaml", "words.csv", "README.md", ".terms.yaml", "named.csv"]
    files = {**FRAME, **{f"cards/{name}": "id;term;definition\n" for name in names}}
    columns = "{id: id, term: term, definition: definition}"
    named = f"{{glob: cards/named.csv, notetype: terms, category: a, columns: {columns}}}"
    files["ankigen.yaml"] = f"{FRAME['ankigen.yaml']}sources: [{named}]\n"
    found = load(tmp_path, files).diagnostics
    assert [d.span.file for d in found if d.code == Code.STRAY] == [
        "cards/terms.yaml",
        "cards/words.csv",
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"cards/a/terms.yaml": ""}, ["cards/a/terms.yaml AG005"]),
        ({"cards/a/terms.yaml": "# later\n"}, ["cards/a/terms.yaml AG005"]),
        ({"cards/a/terms.yaml": "---\n"}, ["cards/a/terms.yaml AG005"]),
        ({"cards/a/terms.yaml": "\n  words"}, ["cards/a/terms.yaml:2:3 AG103"]),
        (
            {"cards/a/terms.yaml": "- x\n- \n"},
            [f"cards/a/terms.yaml:{p} AG103" for p in ("1:3", "2:2")],
        ),
        ({"cards/a/termz.yaml": term("a")}, ["cards/a/termz.yaml AG301"]),
        ({"cards/a/terms.json": "[]"}, ["cards/a/terms.json AG006"]),
        ({"cards/a/terms.xls": b"\xd0"}, ["cards/a/terms.xls AG006"]),
        ({"cards/a/terms.csv": "id,term\n"}, ["cards/a/terms.csv:1:1 AG102"]),
        ({"cards/a/terms.XLSX": b"PK"}, ["cards/a/terms.XLSX AG020"]),
        ({"cards/a/terms.yaml": term("a", "b", "a")}, ["cards/a/terms.yaml:3:8 AG201"]),
        (
            {"cards/a/terms.yaml": term("a"), "cards/a/terms.x.yaml": term("a")},
            ["cards/a/terms.yaml:1:8 AG201"],
        ),
        (
            {"cards/a/terms.yaml": term("a"), "cards/b/terms.yaml": term("a")},
            ["cards/a/terms.yaml:1:8 AG201"],
        ),
        (
            {"cards/a/terms.yaml": term("kernel", more=", related: [kernle, kernel]")},
            ["cards/a/terms.yaml:1:61 AG202"],
        ),
    ],
)
def test_what_is_wrong_with_sources(
    tmp_path: Path, files: Mapping[str, str | bytes], expected: list[str]
) -> None:
    """Each mistake has its code, its place and words."""
    assert diagnosed(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("files", "hint"),
    [
        ({"cards/a/termz.yaml": ""}, "'terms'"),
        ({"cards/a/qqq.yaml": ""}, ", ".join(sorted(notetype.built_in()))),
        ({"cards/a/terms.yaml": term("kernel", more=", related: [kernle]")}, "'kernel'"),
        ({"cards/a/terms.yaml": term("kernel", more=", related: [qqq]")}, "add it to the terms"),
    ],
)
def test_what_may_have_been_meant(
    tmp_path: Path, files: Mapping[str, str | bytes], hint: str
) -> None:
    """A name that is not there brings up the nearest one, or what else can be done."""
    (found,) = load(tmp_path, {**FRAME, **files}).diagnostics
    assert hint in found.hint


@pytest.mark.parametrize("identifier", ["''", "[k]", "{k: k}"])
def test_what_is_no_id_is_no_duplicate(tmp_path: Path, identifier: str) -> None:
    """Each entry without a proper id is told of for itself."""
    found = load(tmp_path, {**FRAME, "cards/a/terms.yaml": term(identifier, identifier)})
    assert found.entries == ()
    assert {d.span.line for d in found.diagnostics} == {1, 2}
    assert not {d.code for d in found.diagnostics} & {Code.DUPLICATE_ID}


def test_an_empty_list_is_no_mistake(tmp_path: Path) -> None:
    """``[]`` says on purpose that there is nothing yet."""
    assert load(tmp_path, {**FRAME, "cards/a/terms.yaml": "[]\n"}).entries == ()


def test_a_duplicate_id_names_the_first(tmp_path: Path) -> None:
    """The hint says where the id was taken, in study order."""
    files = {**FRAME, "cards/a/terms.yaml": term("k"), "cards/b/terms.yaml": term("k")}
    (found,) = load(tmp_path, files).diagnostics
    assert "cards/b/terms.yaml:1:8" in found.hint


def test_ids_are_unique_in_their_note_type_only(tmp_path: Path) -> None:
    """A sentence may have the id of a term."""
    files = {
        "cards/a/terms.yaml": term("k"),
        "cards/a/sentences.yaml": "- {id: k, terms: [k], text: A k.}\n",
    }
    assert diagnosed(tmp_path, files) == []


SENTENCE = "- {id: s, terms: [kernel, tile], text: A kernel.}\n"


@pytest.mark.parametrize("broken", ["- {id: kernel}\n", "[", b"\xff", "", "text"])
def test_one_mistake_is_told_once(tmp_path: Path, broken: str | bytes) -> None:
    """An entry with mistakes, or in a file that cannot be read, is not also called unknown."""
    files = {
        "cards/a/terms.yaml": broken,
        "cards/a/sentences.yaml": SENTENCE,
        "cards/b/terms.yaml": term("tile"),
    }
    assert [line for line in diagnosed(tmp_path, files) if "AG202" in line] == []


def test_references_reach_over_categories(tmp_path: Path) -> None:
    """A sentence may show a term of a later category."""
    files = {"cards/b/sentences.yaml": SENTENCE, "cards/a/terms.yaml": term("kernel", "tile")}
    assert diagnosed(tmp_path, files) == []
