"""Media that come along: where they go, what they are called, and which are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import mediafile
from ankigen.importing import stage
from ankigen.importing.mediaplan import MediaPlan
from support import SMALL, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ankigen.importing.stage import Stage


class Media:
    """Files in memory; one that is None cannot be read."""

    def __init__(self, files: Mapping[str, bytes | None]) -> None:
        self._files = files

    def sizes(self) -> Mapping[str, int]:
        """Bytes of each."""
        return {name: len(data or b"x") for name, data in self._files.items()}

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of one."""
        data = self._files[name]
        if data is None:
            raise OSError(5, "broken")
        yield data


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Stage]:
    """A project's copy with a picture."""
    root = write_project(tmp_path / "small", {**SMALL, "media/a.png": "old"})
    with stage.opened(root) as opened:
        yield opened


def plan(copy: Stage, **files: bytes | None) -> tuple[MediaPlan, list[tuple[str, str]]]:
    """A plan for files, whose names' dots are written as ``__``, and what it tells."""
    told: list[tuple[str, str]] = []
    named = {name.replace("__", "."): data for name, data in files.items()}
    return MediaPlan(Media(named), copy, lambda *what: told.append(what)), told


def test_in_html(copy: Stage) -> None:
    """A file keeps its name; what is there already is used, another of its name gets a new one."""
    made, told = plan(copy, b__png=b"b", a__png=b"old")
    assert (made.kept("b.png"), made.kept("a.png"), made.kept("c.png")) == ("b.png", "a.png", "")
    assert made.copied == ["media/b.png"]
    other, _ = plan(copy, a__png=b"new")
    assert other.kept("a.png") == "a-11507a0e.png"
    assert other.kept("a.png") == "a-11507a0e.png"
    assert other.copied == ["media/a-11507a0e.png"]
    assert told == []


def test_in_keys(copy: Stage) -> None:
    """What our own build named after its contents gets the same name at the next build."""
    made, told = plan(copy, **{"fan-0123456789ab__png": b"fan"}, x__png=b"x", x__mp3=b"y")
    assert made.named("fan-0123456789ab.png", "image") == "media/fan.png"
    assert made.named("x.png", "image") == "media/x.png"
    assert made.named("none.png", "image") == ""
    assert told == []
    assert made.named("x.mp3", "image") == ""
    assert told == [("the file is no image of Anki's", "x.mp3")]


def test_names(copy: Stage) -> None:
    """References are understood as Anki does; bad names are made good ones."""
    made, _ = plan(copy, **{"é b__png": b"1", "a[1]__png": b"2"})
    assert made.kept("e\u0301%20b.png") == "é b.png"
    assert made.kept("a[1].png").startswith("a-1")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a__exe", b"x", "the file is no medium of Anki's"),
        ("b__png", b"", "the file is empty or larger than 20,971,520 bytes"),
        ("b__png", None, "the file cannot be read ([Errno 5] broken)"),
    ],
)
def test_left(copy: Stage, name: str, data: bytes | None, message: str) -> None:
    """What is no medium, empty, or broken stays behind and is told once."""
    if data == b"":
        told: list[tuple[str, str]] = []
        made = MediaPlan(_Empty(), copy, lambda *what: told.append(what))
    else:
        made, told = plan(copy, **{name: data})
    wanted = name.replace("__", ".")
    assert (made.kept(wanted), made.kept(wanted)) == ("", "")
    assert told == [(message, wanted)]
    assert made.copied == []


class _Empty:
    def sizes(self) -> Mapping[str, int]:
        """An empty file."""
        return {"b.png": 0}

    def read(self, name: str) -> Iterator[bytes]:
        """Not asked for."""
        raise AssertionError(name)


def test_too_large(copy: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond what AnkiWeb takes is not even read."""
    monkeypatch.setattr(mediafile, "MAX_BYTES", 2)
    made, told = plan(copy, b__png=b"123")
    assert made.kept("b.png") == ""
    assert told == [("the file is empty or larger than 2 bytes", "b.png")]


def test_taken_back(copy: Stage) -> None:
    """Files that no note uses after all are not left behind, those of templates are."""
    made, _ = plan(copy, b__png=b"b", c__png=b"c", _d__ttf=b"d")
    made.kept("b.png")
    made.kept("c.png")
    made.beside(["_d.ttf"], "notetypes/basic")
    made.keep([copy.root / "media/c.png"])
    assert made.copied == ["media/c.png", "notetypes/basic/_d.ttf"]
    assert not copy.has("media/b.png")
    assert made.used == {"c.png", "_d.ttf"}
