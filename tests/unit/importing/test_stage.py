"""The copy of a project: nothing reaches the project until it is carried over, then all or none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ankigen.diagnostics import SourceError
from ankigen.importing import stage
from support import SMALL, write_project

if TYPE_CHECKING:
    from pathlib import Path


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a project."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project with a file that is no source."""
    return write_project(tmp_path / "small", {**SMALL, "notes.txt": "mine", "media/a.png": "png"})


def test_a_copy(root: Path) -> None:
    """It holds the sources; what is written there does not show in the project."""
    before = contents(root)
    with stage.opened(root) as copy:
        assert contents(copy.root) == {k: v for k, v in before.items() if k != "notes.txt"}
        copy.write("cards/basics/terms.yaml", "new")
        copy.write("media/b.png", "b")
        (copy.root / "media/c.png").write_bytes(b"c")
        assert list(copy.written) == ["cards/basics/terms.yaml", "media/b.png"]
        assert copy.has("media/b.png")
        copy.drop("media/b.png")
        assert not copy.has("media/b.png")
        assert list(copy.written) == ["cards/basics/terms.yaml"]
        copy.forget("cards/basics/terms.yaml")
        copy.carry_over()
        folder = copy.root
    assert not folder.exists()
    assert contents(root) == before


def test_carried_over(root: Path) -> None:
    """New files, new folders and changed files are in the project; all else is as it was."""
    before = contents(root)
    with stage.opened(root) as copy:
        copy.write("cards/basics/terms.yaml", "new")
        copy.write("cards/more/deep/x.yaml", "x")
        copy.carry_over()
    assert contents(root) == {
        **before,
        "cards/basics/terms.yaml": b"new",
        "cards/more/deep/x.yaml": b"x",
    }


def test_all_or_nothing(root: Path) -> None:
    """Where one file cannot be written, none is, and no folder is left."""
    before = contents(root)
    with stage.opened(root) as copy:
        copy.write("cards/basics/terms.yaml", "new")
        copy.write("cards/more/x.yaml", "x")
        copy.write("notes.txt/y.yaml", "below a file")
        with pytest.raises(OSError, match=r"notes\.txt"):
            copy.carry_over()
    assert contents(root) == before
    assert not (root / "cards/more").exists()


def test_links(root: Path) -> None:
    """A link stays a link: what it leads to is neither copied nor written."""
    outside = root.parent / "outside.yaml"
    outside.write_text("outside")
    (root / "cards/basics/link.yaml").symlink_to(outside)
    with stage.opened(root) as copy:
        assert (copy.root / "cards/basics/link.yaml").is_symlink()
        copy.write("cards/basics/link.yaml", "new")
        copy.carry_over()
    assert outside.read_text() == "outside"
    assert (root / "cards/basics/link.yaml").read_text() == "new"


def test_links_that_are_folders(root: Path) -> None:
    """Nothing is written through a link, wherever it leads."""
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    for name in ("notetypes", "cards/more"):
        (root / name).symlink_to(elsewhere)
    with stage.opened(root) as copy:
        for name in ("notetypes", "cards/more"):
            with pytest.raises(SourceError, match=f"{name}: AG003 this is a link"):
                copy.write(f"{name}/deep/x.yaml", "x")
        assert list(copy.written) == []
    assert list(elsewhere.iterdir()) == []


def test_other_file_systems(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files cannot be shared, they are copied."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    with stage.opened(root) as copy:
        assert (copy.root / "media/a.png").read_bytes() == b"png"
