"""Entries are put where they belong, or nothing is written."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from ankigen import adding, editorschema
from ankigen.diagnostics import SetupError, SourceError
from support import SMALL, TERMS, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.yamltext import Value

WARP: dict[str, Value] = {"topics": ["a"], "definition": "Threads.", "id": "warp", "term": "warp"}
WRITTEN = "- id: warp\n  term: warp\n  definition: Threads.\n  topics: [a]\n"


def place(desk: adding.Desk, name: str = "terms") -> adding.Place:
    """Where entries of the small project go."""
    return desk.place(desk.note_type(name), "basics")


def test_an_entry_is_put_behind_the_others(small: Path) -> None:
    """In the order of the note type's keys; what was there stays as it was."""
    desk = adding.Desk(small)
    added = desk.add(place(desk), WARP)
    assert added == adding.Added("terms/warp", "cards/basics/terms.yaml", 11, WRITTEN)
    assert (small / added.file).read_text() == TERMS + WRITTEN


def test_a_byte_order_mark_and_line_ends_stay(tmp_path: Path) -> None:
    """A file from another editor goes on as it began."""
    old = b"\xef\xbb\xbf" + TERMS.replace("\n", "\r\n").encode()
    root = write_project(tmp_path, {**SMALL, "cards/basics/terms.yaml": old})
    desk = adding.Desk(root)
    desk.add(place(desk), WARP)
    written = (root / "cards/basics/terms.yaml").read_bytes()
    assert written == old + WRITTEN.replace("\n", "\r\n").encode()


def test_a_new_file_names_its_schema(small: Path) -> None:
    """Where the project has the schemas, and not otherwise."""
    phrase: dict[str, Value] = {"id": "hi", "situation": "s", "phrase": "Hi", "channel": "spoken"}
    desk = adding.Desk(small)
    at = place(desk, "phrases")
    assert at == adding.Place(
        desk.note_type("phrases"), "basics", "cards/basics/phrases.yaml", exists=False
    )
    assert desk.add(at, phrase).line == 1
    (small / at.file).unlink()
    editorschema.write(small, desk.project.note_types)
    assert desk.add(at, phrase).line == 2
    first = (small / at.file).read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../.ankigen/schema/phrases.json"


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        (["terms.yml"], "terms.yml"),
        (["terms.a.yaml", "terms.yaml"], "terms.yaml"),
        (["terms.b.yaml", "terms.a.yaml"], "terms.a.yaml"),
        (["termsheet.txt"], "terms.yaml"),
    ],
)
def test_the_file_is_the_one_that_is_there(tmp_path: Path, there: list[str], chosen: str) -> None:
    """The file of the plain name, else the first of the note type's, else a new one."""
    files = {name: text for name, text in SMALL.items() if "terms" not in name}
    files |= {
        f"cards/basics/{name}": f"- {{id: x{n}, term: x, definition: y}}\n"
        for n, name in enumerate(there)
    }
    desk = adding.Desk(write_project(tmp_path, files))
    assert place(desk).file == f"cards/basics/{chosen}"


def test_a_file_may_be_named(small: Path) -> None:
    """It tells the note type and the category, and need not be there."""
    desk = adding.Desk(small)
    at = desk.place_of(PurePosixPath("cards/basics/terms.advanced.yaml"))
    assert (at.note_type.name, at.category, at.exists) == ("terms", "basics", False)
    assert desk.place_of(PurePosixPath("cards/basics/terms.yaml")).exists


@pytest.mark.parametrize(
    "file",
    [
        "terms.yaml",
        "cards/terms.yaml",
        "cards/basics/below/terms.yaml",
        "other/basics/terms.yaml",
        "cards/basic/terms.yaml",
        "cards/basics/term.yaml",
        "cards/basics/terms.csv",
        "cards/basics/.yaml",
    ],
)
def test_a_file_that_is_none_of_entries_is_refused(small: Path, file: str) -> None:
    """Whatever its name lacks."""
    with pytest.raises(SetupError):
        adding.Desk(small).place_of(PurePosixPath(file))


def test_what_only_the_whole_course_shows_is_known_before(small: Path) -> None:
    """A sentence in which its term does not stand is not written; nor is what no voice can say."""
    desk = adding.Desk(small)
    values: dict[str, Value] = {"id": "kernel-2", "text": "No such word.", "terms": ["kernel"]}
    [found] = desk.complaints(place(desk, "sentences"), values)
    assert found.key == "text"
    assert "'kernel' is not found here" in found.message
    assert desk.complaints(place(desk, "sentences"), {**values, "text": "Kernels run."}) == []
    [found] = desk.complaints(place(desk), {**WARP, "term": "чай"})
    assert found.key == "term"


def test_ids_are_proposed_that_are_free(small: Path) -> None:
    """The course's entries are known."""
    desk = adding.Desk(small)
    assert desk.propose_id(desk.note_type("terms"), {"term": "Kernel"}) == "kernel-2"
    assert desk.propose_id(desk.note_type("sentences"), {"terms": ["kernel"]}) == "kernel-2"


@pytest.mark.parametrize("text", ["- &a {id: a, term: b, definition: c}\n- [\n", "*x\n"])
def test_a_file_that_is_wrong_is_not_written(small: Path, text: str) -> None:
    """Its mistakes are reported, and it stays as it is."""
    desk = adding.Desk(small)
    path = small / "cards/basics/terms.yaml"
    path.write_text(text)
    with pytest.raises(SourceError):
        desk.add(place(desk), WARP)
    assert path.read_text() == text


def test_a_layout_that_cannot_be_gone_on_with_is_left_alone(small: Path) -> None:
    """Text at the top of a file, or a list that stands for others."""
    desk = adding.Desk(small)
    path = small / "cards/basics/terms.yaml"
    for text in ("some text\n", "!!seq [{id: a}]\n"):
        path.write_text(text)
        with pytest.raises(SetupError, match="without changing others"):
            desk.add(place(desk), WARP)
        assert path.read_text() == text


def test_nothing_is_written_outside_the_project(small: Path, tmp_path: Path) -> None:
    """Not even through a link that somebody put there."""
    desk = adding.Desk(small)
    outside = tmp_path / "outside.yaml"
    (small / "cards/basics/terms.more.yaml").symlink_to(outside)
    at = desk.place_of(PurePosixPath("cards/basics/terms.more.yaml"))
    with pytest.raises(SetupError, match="outside"):
        desk.add(at, WARP)
    assert not outside.exists()


def test_a_course_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    """Its mistakes come before any question."""
    with pytest.raises(SourceError):
        adding.Desk(write_project(tmp_path, {**SMALL, "ankigen.yaml": "id: [\n"}))
