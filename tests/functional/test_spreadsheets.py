"""Spreadsheets and foreign files: built, imported into Anki, changed, compared by git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backend import empty_collection, import_package
from support import SMALL, ankigen, decks, git, write_project
from workbooks import Formula, ods, xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from workbooks import Cell

TERMS: Sequence[Sequence[Cell]] = [
    ("id", "term", "pos", "level", "definition", "topics", "related"),
    ("kernel", "kernel", None, None, "A function that the device runs."),
    (
        *("operator-fusion", "operator fusion", "noun", "core"),
        *("Merging several operators into one kernel.", "fusion", "kernel"),
    ),
]
CSV = "".join(";".join(str(cell or "") for cell in row) + "\r\n" for row in TERMS)
KINDS: Mapping[str, bytes] = {
    "terms.csv": CSV.encode("utf-8-sig"),
    "terms.tsv": CSV.replace(";", "\t").encode("utf-16"),
    "terms.xlsx": xlsx({"Terms": TERMS}),
    "terms.ods": ods({"Terms": TERMS}),
}
YAML = "cards/basics/terms.yaml"


def with_terms(name: str, data: bytes) -> dict[str, str | bytes]:
    """The small course with its terms in another file."""
    return {key: text for key, text in SMALL.items() if key != YAML} | {
        f"cards/basics/{name}": data
    }


@pytest.mark.parametrize("name", KINDS)
def test_the_same_decks(tmp_path: Path, name: str) -> None:
    """Terms in a spreadsheet make the very packages and the lock that they make in YAML."""
    ours = write_project(tmp_path / "table", with_terms(name, KINDS[name]))
    theirs = write_project(tmp_path / "yaml", SMALL)
    for root in (ours, theirs):
        done = ankigen("build", "--no-audio", cwd=root)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert "AG" not in done.stderr
    assert decks(ours / "dist") == decks(theirs / "dist")
    assert (ours / "ankigen.lock").read_bytes() == (theirs / "ankigen.lock").read_bytes()


def test_what_learners_get(tmp_path: Path) -> None:
    """Spreadsheets of every kind and foreign files come to Anki, every note with its cards."""
    files: dict[str, str | bytes] = {
        "ankigen.yaml": "id: mixed\nname: Mixed\ncategories: [basics, more]\nsources:\n"
        "  - {glob: 'glossary/*', notetype: terms, category: more, id_from: Begriff,\n"
        "     columns: {Begriff: term, Bedeutung: definition}, constants: {level: core}}\n",
        "cards/basics/category.yaml": "name: Basics\n",
        "cards/more/category.yaml": "name: More\n",
        "cards/basics/terms.xlsx": KINDS["terms.xlsx"],
        "cards/basics/sentences.csv": "id,terms,text\ns,kernel,Each {kernel} reads =1+1.\n",
        "cards/more/collocations.ods": ods(
            {"A": [("id", "phrase", "wrong"), ("c", "{approve} a PR", "accept; agree")]}
        ),
        "glossary/a.xlsx": xlsx(
            {"G": [("Begriff", "Bedeutung"), ("warp", Formula("A1", "Threads in step."))]}
        ),
        "glossary/b.yaml": "Begriff: lane\nBedeutung: One of a warp.\n",
    }
    root = write_project(tmp_path / "course", files)
    done = ankigen("build", "--no-audio", cwd=root)
    assert done.returncode == 0, done.stderr
    with empty_collection(tmp_path) as collection:
        import_package(collection, root / "dist/mixed.apkg")
        notes = {note["Key"]: note for note in map(collection.get_note, collection.find_notes(""))}
        assert set(notes) == {
            *("terms/kernel", "terms/operator-fusion", "terms/warp", "terms/lane"),
            *("sentences/s", "collocations/c"),
        }
        assert notes["terms/warp"]["Definition"] == "Threads in step."
        assert notes["terms/warp"].tags == ["level::core"]
        assert "=1+1" in notes["sentences/s"]["Text"]
        assert all(note.cards() for note in notes.values())
        found = collection.find_cards('deck:"Mixed::More"')
        assert {collection.get_card(card).note()["Key"] for card in found} == {
            *("terms/warp", "terms/lane", "collocations/c")
        }


def test_how_a_file_was_read(tmp_path: Path) -> None:
    """A guess is a warning at each build; what is sure is told by ``-v`` only."""
    sure = write_project(tmp_path / "sure", with_terms("terms.csv", KINDS["terms.csv"]))
    assert "AG" not in ankigen("build", "--no-audio", cwd=sure).stderr
    assert "Everything is up to date" in ankigen("build", "--no-audio", cwd=sure).stderr
    said = ankigen("check", "-v", cwd=sure).stderr + ankigen("check", "-v", cwd=sure).stdout
    assert "cards/basics/terms.csv: AG024 note: the file is read as UTF-8 with a byte order" in said
    guess = CSV.replace("device", "caf\u00e9").encode("cp1252")
    guessed = write_project(tmp_path / "guessed", with_terms("terms.csv", guess))
    for _ in range(2):
        done = ankigen("build", "--no-audio", cwd=guessed)
        assert done.returncode == 0
        assert "AG024 warning: the file is not UTF-8, so it is read as Windows-1252" in done.stderr


def test_a_caret_under_the_cell(tmp_path: Path) -> None:
    """A mistake in a text shows its line, in whatever encoding; one in a workbook its cell."""
    text = CSV.replace("noun", "nuon").encode("utf-16")
    root = write_project(tmp_path, with_terms("terms.csv", text))
    assert ankigen("build", cwd=root).stderr.splitlines()[:3] == [
        "cards/basics/terms.csv:3:33: AG104 'pos' cannot be 'nuon'",
        f"  3 | {CSV.splitlines()[2].replace('noun', 'nuon')}",
        f"    | {' ' * 32}^",
    ]
    (root / "cards/basics/terms.csv").unlink()
    book = xlsx({"Unit 1": [*TERMS[:1], ("fusion", "fusion", "nuon", None, "Merging.")]})
    (root / "cards/basics/terms.xlsx").write_bytes(book)
    assert "terms.xlsx!Unit 1:C2: AG104 'pos' cannot be 'nuon'" in ankigen("build", cwd=root).stderr


@pytest.mark.parametrize("folder", ["", "courses/x"])
def test_revisions(tmp_path: Path, folder: str) -> None:
    """A change in a spreadsheet, or in a foreign file, is a difference between two revisions."""
    repository = tmp_path / "r"
    repository.mkdir()
    git(repository, "init", "--quiet")
    source = (
        "sources: [{glob: '*/[a-m]*.csv', notetype: terms, category: basics,"
        " columns: {Nr: id, Wort: term, Sinn: definition}}]\n"
    )
    files = with_terms("terms.xlsx", KINDS["terms.xlsx"])
    files["ankigen.yaml"] = str(files["ankigen.yaml"]) + source
    files["glossary/list.csv"] = "Nr,Wort,Sinn\nwarp,warp,Threads in step.\n"
    root = write_project(repository / folder, files)
    git(repository, "add", "-A")
    git(repository, "commit", "--quiet", "-m", "one")
    (root / "glossary/list.csv").write_text("Nr,Wort,Sinn\nwarp,warp,Threads in *lockstep*.\n")
    book = xlsx({"Terms": [*TERMS[:1], ("kernel", "kernel", None, None, "Code."), *TERMS[2:]]})
    (root / "cards/basics/terms.xlsx").write_bytes(book)
    done = ankigen("diff", "--rev", "HEAD..", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "Threads in [-step-] {+lockstep+}." in done.stdout
    assert "+Code" in done.stdout
