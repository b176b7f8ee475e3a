"""``sources:``: files that were not written for the course, by their own names."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ankigen import config, notetype, source
from ankigen.diagnostics import SourceError
from support import write_project
from workbooks import Formula, ods, xlsx
from yamlpieces import TREES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ankigen.source import Entries
    from workbooks import Cell

FRAME = {
    "cards/a/category.yaml": "name: A\n",
    "cards/b/category.yaml": "name: B\n",
    "cards/b/terms.yaml": "- {id: own, term: own, definition: Words.}\n",
}
NO_SLUG = "must be lower-case letters, digits and single hyphens, but here is"
COURSE = "id: x\nname: X\ncategories: [b, a]\nsources:\n"
GLOSSARY = """\
  - glob: glossary/*
    notetype: terms
    category: a
    columns: {Nr: id, Begriff: term, Bedeutung: definition, Themen: topics}
    constants: {level: core, tags: [glossary]}
    separator: ','
"""
ROWS: list[tuple[Cell, ...]] = [
    ("Nr", "Begriff", "Bedeutung", "Themen", "Anzahl"),
    ("k-1", "Kern", "Ein *Programm*.", "gpu, kerne", 3),
    (None, None, None, None, 7),
    ("k-2", "Kachel", "Ein Stück.", None, 4),
]
NOTES = """\
  - glob: notes/**/*.yaml
    notetype: terms
    category_from: Kapitel
    columns: {Begriff: term, Erklärung: definition, Themen: topics, Aussprache: say}
    id_from: [Begriff, Wortart]
"""


def load(root: Path, sources: str, files: Mapping[str, str | bytes]) -> Entries:
    """The entries of a project."""
    root = write_project(root, {**FRAME, "ankigen.yaml": COURSE + sources, **files})
    course, problems = config.load(root)
    assert problems == []
    return source.load(course, notetype.built_in())


def diagnosed(root: Path, sources: str, files: Mapping[str, str | bytes]) -> list[str]:
    """Place, code and message of everything wrong, sorted."""
    found = sorted(load(root, sources, files).diagnostics)
    assert all(d.hint for d in found)
    return [f"{d.span} {d.code} {d.message}" for d in found]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("g.xlsx", xlsx({"Glossar": ROWS})),
        ("g.ods", ods({"Glossar": ROWS})),
        (
            "g.csv",
            (
                '"Nr";Begriff;Bedeutung;Themen;Anzahl\nk-1;Kern;Ein *Programm*.;gpu, kerne;3\n'
                ";;;;7\nk-2;Kachel;Ein Stück.;;4\n"
            ),
        ),
        (
            "g.yaml",
            (
                "- {Nr: k-1, Begriff: Kern, Bedeutung: Ein *Programm*., Themen: 'gpu, kerne'}\n"
                "- {Nr: k-2, Begriff: Kachel, Bedeutung: Ein Stück., Anzahl: 4}\n"
            ),
        ),
    ],
)
def test_every_kind_of_file(tmp_path: Path, name: str, data: str | bytes) -> None:
    """Columns, constants and lists become the keys of entries; what is not mapped is left out."""
    found = load(tmp_path, GLOSSARY, {f"glossary/{name}": data})
    assert [d for d in found.diagnostics if d.severity == "error"] == []
    own, first, second = found.entries
    assert own.key == "terms/own"  # of the first category
    assert (first.key, first.category) == ("terms/k-1", "a")
    assert first.values == {
        "id": "k-1",
        "term": "Kern",
        "definition": "Ein *Programm*.",
        "topics": ["gpu", "kerne"],
        "level": "core",
        "tags": ["glossary"],
    }
    assert "topics" not in second.values
    assert first.span("term").file == f"glossary/{name}"
    assert str(first.span("level")) == "ankigen.yaml:9:24"


def test_a_note_a_file(tmp_path: Path) -> None:
    """YAML with keys in any language, ids made of what is named, categories as the files say."""
    found = load(
        tmp_path,
        NOTES,
        {
            "notes/kern.yaml": "Begriff: Äußerer Kern\nWortart: Nomen\nErklärung: Etwas.\n"
            "Kapitel: a\nThemen: [gpu]\nAussprache: {term: Kehrn}\n",
            "notes/x/k.yaml": "Begriff: Kachel\nWortart: Nomen\nErklärung: Mehr.\nKapitel: b\n",
        },
    )
    assert found.diagnostics == ()
    own, second, first = found.entries
    assert [(e.id, e.category) for e in (own, second, first)] == [
        *(("own", "b"), ("kachel-nomen", "b"), ("ausserer-kern-nomen", "a"))
    ]
    assert first.values["topics"] == ["gpu"]
    assert str(first.span("topics", 0)) == "notes/kern.yaml:5:10"
    assert str(first.span("say", "term")) == "notes/kern.yaml:6:20"
    assert str(first.span("id")) == "notes/kern.yaml:1:10"


def test_two_note_types_of_one_file(tmp_path: Path) -> None:
    """A row may be a term and its sentence; only the sheets that are named are read."""
    book = xlsx(
        {
            "Liste": [("Nr", "Wort", "Sinn", "Satz"), ("k", "Kern", "Etwas.", "Ein {Kern}.")],
            "Rest": [("was", "immer")],
        }
    )
    common = "  - {glob: cards/a/liste.xlsx, category: a, sheet: Liste, "
    sources = (
        f"{common}notetype: terms, columns: {{Nr: id, Wort: term, Sinn: definition}}}}\n"
        f"{common}notetype: sentences, columns: {{Satz: text, Nr: terms}}, id_from: Nr}}\n"
    )
    found = load(tmp_path, sources, {"cards/a/liste.xlsx": book})
    assert found.diagnostics == ()
    assert {e.key for e in found.entries} == {"terms/own", "terms/k", "sentences/k"}


@pytest.mark.parametrize(
    ("term", "made"),
    [
        ("Operator Fusion", "operator-fusion"),
        ("Äußere Schleife!", "aussere-schleife"),
        ("C++ 2.0", "c-plus-plus-2-0"),
        ("a" * 80, "a" * 80),
        ("a" * 81, ""),
        ("a " * 41, ""),
        ("核", ""),
    ],
)
def test_ids_made_of_texts(tmp_path: Path, term: str, made: str) -> None:
    """They are slugs, the same for the same text in every version; or none, which is told."""
    source = source_of(", category: a, id_from: B", "columns: {B: term, D: definition}")
    found = load(tmp_path, source, {"glossary/a.csv": f"B,D\n{term},x\n"})
    assert [e.id for e in found.entries] == ["own", *([made] if made else [])]
    assert [d.code for d in found.diagnostics] == ([] if made else ["AG102"])


def test_constants_and_columns_of_one_key(tmp_path: Path) -> None:
    """A constant stays beside a part that a column gives."""
    source = source_of(
        ", category: a, constants: {say: x}",
        "columns: {Nr: id, A: term, B: definition, C: say.definition}",
    )
    found = load(tmp_path, source, {"glossary/a.csv": "Nr,A,B,C\nk,a,b,c\n"})
    assert found.diagnostics == ()
    assert found.entries[1].values["say"] == {"": "x", "definition": "c"}


YAML = {"glossary/g.yaml": "Nr: k\nBegriff: k\nBedeutung: b\nThemen: t\n"}
MAPPED = "columns: {Nr: id, Begriff: term, Bedeutung: definition}"


def source_of(more: str, columns: str = MAPPED, start: str = "glob: g*/*, notetype: terms") -> str:
    """One source in one line."""
    return f"  - {{{start}, {columns}{more}}}\n"


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (
            source_of(", category: a", start="glob: none/*.csv, notetype: terms"),
            ["5:12 AG001 'none/*.csv' names no file"],
        ),
        (
            source_of(", category: a", start="glob: g*/*, notetype: termz"),
            ["5:28 AG301 there is no note type 'termz'"],
        ),
        (source_of(", category: c"), ["5:102 AG303 the course has no category 'c'"]),
        (source_of(""), ["5:5 AG104 a source needs one of 'category' and 'category_from'"]),
        (
            source_of(", category: a, category_from: b"),
            ["5:5 AG104 a source needs one of 'category' and 'category_from'"],
        ),
        (
            source_of(", category: a", "columns: {Nr: id, A: trem, B: definition, C: term.x}"),
            [
                "5:44 AG102 nothing gives 'term'",
                "5:56 AG101 unknown key 'trem'",
                "5:80 AG101 unknown key 'term.x'",
            ],
        ),
        (
            source_of(", category: a", "columns: {A: term, B: definition, C: term}"),
            ["5:44 AG102 nothing gives 'id'", "5:72 AG012 'term' is given by 'A' already"],
        ),
        (
            source_of(", category: a, id_from: Nr, constants: {term: x, id: y, levle: z}"),
            [
                "5:49 AG012 'id' is given by 'id_from' already",
                "5:136 AG012 'term' is given by 'Begriff' already",
                "5:143 AG012 'id' is given by 'id_from' already",
                "5:153 AG101 unknown key 'levle'",
            ],
        ),
        (
            source_of(", category: a, constants: {id: y}", "columns: {A: term, B: definition}"),
            ["5:99 AG104 'id' cannot be a constant"],
        ),
        (
            source_of(", category: a, constants: {level: cor}"),
            ["5:124 AG104 'level' cannot be 'cor'"],
        ),
        (
            source_of(", category: a", MAPPED.replace("Begriff", "Begrif")),
            ["5:61 AG101 no entry has the key 'Begrif'"],
        ),
        (
            source_of(", category_from: Kapitel"),
            ["5:107 AG101 no entry has the key 'Kapitel'"],
        ),
        (
            source_of(", category_from: Themen"),
            ["glossary/g.yaml:4:9 AG303 the course has no category 't'"],
        ),
    ],
)
def test_what_is_wrong_with_a_source(tmp_path: Path, sources: str, expected: list[str]) -> None:
    """Each mistake in ``ankigen.yaml`` is told once, at its place there."""
    found = [line.removeprefix("ankigen.yaml:") for line in diagnosed(tmp_path, sources, YAML)]
    assert found == expected


def test_one_mistake_is_told_once(tmp_path: Path) -> None:
    """Where a source cannot be read, what it would hold is not called unknown."""
    files = {**YAML, "cards/a/sentences.yaml": "- {id: s, terms: [lost], text: lost}\n"}
    for wrong in (
        source_of(", category: c"),
        source_of(", category_from: Themen"),
        source_of(", category: a, constants: {x: y}"),
        source_of(", category: a", MAPPED.replace("Begriff", "Begrif")),
    ):
        (found,) = diagnosed(tmp_path, wrong, files)
        assert "AG202" not in found


def test_all_wrong_sources_are_told(tmp_path: Path) -> None:
    """None hides another, whether it is wrong by itself or does not go with its files."""
    sources = (
        source_of(", category: a", MAPPED.replace("Begriff", "Begrif"))
        + source_of(", category: c")
        + source_of(", category: a", MAPPED.replace("Bedeutung", "Bedeutnug"))
    )
    assert diagnosed(tmp_path, sources, YAML) == [
        "ankigen.yaml:5:61 AG101 no entry has the key 'Begrif'",
        "ankigen.yaml:6:102 AG303 the course has no category 'c'",
        "ankigen.yaml:7:79 AG101 no entry has the key 'Bedeutnug'",
    ]


SHEET_ROWS = [("Nr", "Begriff", "Bedeutung", "Themen"), ("k", "Kern", "Etwas.", "gpu")]


@pytest.mark.parametrize(
    ("data", "more", "expected"),
    [
        (
            xlsx({"S": [("Nr", "Begrif", "Bedeutung", "Themen"), ("k", "K", "x", "t")]}),
            "",
            ["g.xlsx!S:A1 AG102 there is no column 'Begriff'"],
        ),
        (
            xlsx({"S": [*SHEET_ROWS, ("l", None, "Ein ``Ding``.", "GPU"), ("k", "K", "x")]}),
            "",
            [
                "g.xlsx!S:B3 AG102 the cell under 'Begriff' is empty",
                f"g.xlsx!S:D3 AG104 'topics' (here 'Themen') {NO_SLUG} 'GPU'",
                "g.xlsx!S:A4 AG201 the id 'k' is taken",
            ],
        ),
        (
            xlsx({"S": [(*SHEET_ROWS[0], "Summe"), ("k", "K", Formula("A1"), "t", Formula("B1"))]}),
            "",
            ["g.xlsx!S:C2 AG021 the result of this cell's formula is not in the file"],
        ),
        (
            xlsx({"S": [(*SHEET_ROWS[0], "Nr", None), ("k", "K", "x", "t", "y", "z")]}),
            "",
            ["g.xlsx!S:E1 AG023 the column 'Nr' stands twice"],
        ),
        (
            xlsx({"S": SHEET_ROWS}),
            "    sheet: [S, T]\n",
            ["g.xlsx AG023 the file has no sheet 'T', or it is empty"],
        ),
        (b"PK", "", ["g.xlsx AG020 this is no workbook, or a damaged one"]),
    ],
)
def test_what_is_wrong_with_foreign_tables(
    tmp_path: Path, data: bytes, more: str, expected: list[str]
) -> None:
    """Mistakes name the foreign file, the cell and the foreign column."""
    found = diagnosed(tmp_path, GLOSSARY + more, {"glossary/g.xlsx": data})
    assert found == [f"glossary/{line}" for line in expected]


def test_foreign_texts_and_other_files(tmp_path: Path) -> None:
    """In CSV, a cell too many shows a wrong row; what is no table at all is named."""
    files: dict[str, str | bytes] = {
        "glossary/g.csv": "Nr,Begriff,Bedeutung,Themen,\nk,K,one, two,t,u\n",
        "glossary/h.docx": b"PK",
        "glossary/i.csv": "Nr,Begriff,Bedeutung,Themen\n核,K,x,t\n",
    }
    assert diagnosed(tmp_path, GLOSSARY, files) == [
        "glossary/g.csv:2:14 AG023 this cell stands under no name",
        "glossary/h.docx AG006 '.docx' files are not read",
        f"glossary/i.csv:2:1 AG104 'id' (here 'Nr') {NO_SLUG} '核'",
    ]


def test_rows_without_a_category(tmp_path: Path) -> None:
    """Each that names none, or none of the course, is told; the others are read."""
    rows = "Nr,Begriff,Bedeutung,Kapitel\nk,K,x,\nl,L,x,z\nm,M,x,a\nn,N,x,y\n"
    files = {"glossary/g.csv": rows}
    assert diagnosed(tmp_path, source_of(", category_from: Kapitel"), files) == [
        "glossary/g.csv:2:7 AG102 the cell under 'Kapitel' is empty",
        "glossary/g.csv:3:7 AG303 the course has no category 'z'",
        "glossary/g.csv:5:7 AG303 the course has no category 'y'",
    ]
    found = load(tmp_path, source_of(", category_from: Kapitel"), files)
    assert [e.key for e in found.entries] == ["terms/own", "terms/m"]


def test_ids_that_cannot_be_made(tmp_path: Path) -> None:
    """An entry without Latin letters needs an id of its own."""
    files = {
        "notes/a.yaml": "Begriff: 核\nWortart: ''\nErklärung: x\nKapitel: a\nThemen: t\n"
        "Aussprache: x\n"
    }
    assert diagnosed(tmp_path, NOTES, files) == [
        "notes/a.yaml:1:10 AG102 no id can be made of 'Begriff' and 'Wortart'"
    ]


SAID = st.fixed_dictionaries(
    {"glob": st.just("g/*"), "notetype": st.sampled_from(["terms", "sentences", "x"])},
    optional={
        "category": st.sampled_from(["a", "c"]),
        "category_from": st.sampled_from(["A", "K"]),
        "columns": st.dictionaries(
            st.sampled_from("ABCD"),
            st.sampled_from(["id", "term", "definition", "topics", "say", "say.x", "text", "y"]),
        ),
        "constants": st.dictionaries(st.sampled_from(["level", "tags", "say"]), TREES, max_size=2),
        "separator": st.sampled_from([",", ""]),
        "sheet": st.sampled_from(["S", "T"]),
        "id_from": st.lists(st.sampled_from("AB"), max_size=2),
    },
)
HELD = st.lists(st.dictionaries(st.sampled_from("ABCK") | st.text(max_size=2), TREES), max_size=3)


@given(st.lists(SAID, max_size=2), HELD)
def test_any_source(sources: list[object], held: object) -> None:
    """Whatever a source says and its files hold, there are entries or diagnostics."""
    with tempfile.TemporaryDirectory() as folder:
        said = yaml.safe_dump({"id": "x", "name": "X", "sources": sources})
        files = {"ankigen.yaml": said, "g/a.yaml": yaml.safe_dump(held), "g/b.csv": "A,B\nk,l\n"}
        root = write_project(Path(folder), {**FRAME, **files})
        try:
            course, _ = config.load(root)
        except SourceError:  # whose text is shown elsewhere
            return
        found = source.load(course, notetype.built_in())
        assert found.entries or found.diagnostics
        assert all(str(d.span) and d.message for d in found.diagnostics)
        assert all(str(e.span("term")) and str(e.span("say", "x")) for e in found.entries)


@pytest.mark.parametrize("glob", ["/etc/*", "../*", "x/../../y", "C:\\x", "**x"])
def test_globs_stay_inside(tmp_path: Path, glob: str) -> None:
    """A path that leads outside is refused where it is written."""
    sources = source_of(", category: a").replace("g*/*", f"'{glob}'")
    root = write_project(tmp_path, {**FRAME, "ankigen.yaml": COURSE + sources})
    course, problems = config.load(root)
    assert [(str(d.span), d.code) for d in problems] == [("ankigen.yaml:5:12", "AG003")]
    assert course.sources == ()


def test_a_link_outside_is_refused(tmp_path: Path) -> None:
    """A foreign file is read with the same care as an own one."""
    outside = tmp_path / "outside.csv"
    outside.write_text("Nr,Begriff,Bedeutung,Themen\n")
    root = write_project(tmp_path / "p", {"glossary/x": b""})
    (root / "glossary/x").unlink()
    (root / "glossary/g.csv").symlink_to(outside)
    assert diagnosed(tmp_path / "p", GLOSSARY, {}) == [
        "glossary/g.csv AG003 this is a link that leads outside the project"
    ]


def test_a_source_is_checked(tmp_path: Path) -> None:
    """Unknown and missing keys of a source are mistakes of ``ankigen.yaml``."""
    root = write_project(
        tmp_path,
        {**FRAME, "ankigen.yaml": COURSE + "  - {glob: x, colums: {a: id}, columns: {}}\n"},
    )
    with pytest.raises(SourceError) as raised:
        config.load(root)
    assert sorted(d.code for d in raised.value.diagnostics) == ["AG101", "AG102", "AG104"]


def test_what_separates_values(tmp_path: Path) -> None:
    """Where another program wrote the list, its separator can be told."""
    sources = source_of(", category: a", MAPPED.replace("}", ", Themen: topics}"))
    table = "Nr,Begriff,Bedeutung,Themen\nk,k,x,a|b\n"
    [found] = load(tmp_path, sources, {"glossary/a.csv": table}).diagnostics
    assert found.hint == (
        "put ';' between the values of a list: a; b; or set 'separator' in ankigen.yaml"
    )
