"""Globs of foreign files: inside the project, and none of the course's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen import sourceglob
from support import write_project

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "ankigen.yaml": "sources: [{glob: 'notes/*.yaml'}, {glob: '*.csv'}]",
    "pronunciations.yaml": "",
    "b.csv": "",
    "a.csv": "",
    ".hidden.csv": "",
    "~$a.csv": "",
    ".git/x.csv": "",
    "notes/x.yaml": "",
    "notes/deep/y.yaml": "",
    "cards/a/category.yaml": "",
    "cards/a/terms.csv": "",
}


@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("*.csv", ["a.csv", "b.csv"]),
        ("**/*.csv", ["a.csv", "b.csv", "cards/a/terms.csv"]),
        ("**/*.yaml", ["notes/deep/y.yaml", "notes/x.yaml"]),
        ("notes", []),
        ("notes/x.yaml", ["notes/x.yaml"]),
        ("none/*.csv", []),
        ("../*.csv", []),
    ],
)
def test_matches(tmp_path: Path, glob: str, names: list[str]) -> None:
    """Files of that name but hidden ones, those of open programs and the course's own."""
    root = write_project(tmp_path / "p", FILES)
    (tmp_path / "other.csv").touch()
    found = sourceglob.matches(root, glob)
    assert [path.relative_to(root).as_posix() for path in found] == names


@pytest.mark.parametrize(
    "glob", ["/etc/passwd", "../x", "a/../../x", "C:/x", "a\\b", "", ".", "a/**b/c", "\\\\host\\x"]
)
def test_faults(glob: str) -> None:
    """What may lead outside, or is no pattern, is told so."""
    assert sourceglob.fault(glob)


@given(st.text("a*?[]!./\\:~$-", max_size=8))
@example("[")
@example("a[")
def test_any_glob(tmp_path_factory: pytest.TempPathFactory, glob: str) -> None:
    """Each is at fault, or finds files of the project."""
    root = tmp_path_factory.getbasetemp().resolve()
    assert sourceglob.fault(glob) or all(
        path.is_relative_to(root) for path in sourceglob.matches(root, glob)
    )


@pytest.mark.parametrize(
    ("text", "globs"),
    [
        ("sources: [{glob: a}, {glob: b, x: [}]", ()),
        ("sources: [{glob: a}, {glob: ../b}, {glob: [c]}, x, {d: e}]", ("a",)),
        ("sources: x", ()),
        ("- sources", ()),
        ("", ()),
    ],
)
def test_said(text: str, globs: tuple[str, ...]) -> None:
    """Whatever else is wrong with a file, its good globs are known."""
    assert sourceglob.said(text) == globs


def test_files_of_a_project(tmp_path: Path) -> None:
    """Those of all globs; without an ``ankigen.yaml`` there are none."""
    root = write_project(tmp_path / "p", FILES)
    found = [path.relative_to(root).as_posix() for path in sourceglob.files_of(root)]
    assert found == ["a.csv", "b.csv", "notes/x.yaml"]
    (root / "ankigen.yaml").unlink()
    assert sourceglob.files_of(root) == []


def test_tops() -> None:
    """What of the project's folder holds the files of globs."""
    names = ["a.csv", "b.yaml", "notes", "glossary"]
    assert sourceglob.tops(["notes/*.yaml"], names) == ["notes"]
    assert sourceglob.tops(["*.csv", "g*/x"], names) == ["a.csv", "glossary"]
    assert sourceglob.tops(["**/x.yaml"], names) == names
