"""docs/security.md: each threat has what stops it, and a test that shows it."""

from __future__ import annotations

import ast
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from ankigen import reading
from ankigen.cli import cli
from ankigen.diagnostics import SourceError
from support import REPOSITORY, SMALL, decks, write_project

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (REPOSITORY / "docs/security.md").read_text("utf-8")

_ROW = re.compile(r"^\|.+$", re.MULTILINE)

PEOPLE = {
    "A contributor's pull request",
    "A spreadsheet",
    "A shared package",
    "A speech server, or somebody between",
    "A web page while `ankigen serve` runs",
    "What visitors of the site meet",
    "AnkiConnect's side",
}

SPEC = """\
id: 1795000000001
name: Picture
help: A picture.
entry:
  word: {type: text, required: true, help: What it shows.}
fields:
  - {id: 1, name: Word, key: word}
  - {id: 2, name: Mine, template: "TEMPLATE"}
  - {id: 3, name: Key, template: "{{ key }}"}
cards: [{id: 1, name: See, front: front.html, back: front.html}]
"""


def tables() -> dict[str, list[list[str]]]:
    """The cells of each line of each table, by its heading."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)[1:]
    return {
        title: rows
        for title, text in zip(parts[::2], parts[1::2], strict=True)
        if (
            rows := [
                line.strip("| ").split(" | ") for line in re.findall(r"^\|.+$", text, re.MULTILINE)
            ]
        )
    }


def existing() -> set[str]:
    """Every test, as the page names it."""
    return {
        f"{path.name}::{part.name}"
        for path in (REPOSITORY / "tests").rglob("test_*.py")
        for part in ast.parse(path.read_text("utf-8")).body
        if isinstance(part, ast.FunctionDef) and part.name.startswith("test_")
    }


def test_every_line_has_its_tests() -> None:
    """Whoever may be hostile has a table; each of its lines names tests, and all of them exist."""
    found = tables()
    assert set(found) == PEOPLE
    there = existing()
    for title, (_, _, *lines) in found.items():
        assert lines, title
        for cells in lines:
            assert len(cells) == 3, cells
            *words, tests = cells
            assert all(words), cells
            named = tests.split(", ")
            assert [name.strip("`") for name in named if name.strip("`") not in there] == []


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ word.__init__.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ word|attr('__class__') }}",
        "{{ '{0.__class__.__init__.__globals__}'.format(word) }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}{{ os }}",
        "{{ range(1000000000)|list }}",
    ],
)
def test_a_field_template_gets_at_nothing(template: str, tmp_path: Path) -> None:
    """Of a note type in a pull request: no attribute of Python's own, no file, no module."""
    root = write_project(
        tmp_path / "course",
        {
            **SMALL,
            "notetypes/pictures/notetype.yaml": SPEC.replace("TEMPLATE", template),
            "notetypes/pictures/front.html": "{{Word}} {{Mine}}",
            "cards/basics/pictures.yaml": "- id: loop\n  word: loop\n",
        },
    )
    with pytest.raises(SourceError) as caught:
        reading.read(root, sound=False)
    [found] = caught.value.diagnostics
    assert (found.span.file, found.span.line) == ("notetypes/pictures/notetype.yaml", 8)


def test_decks_that_somebody_committed_are_built_anew(small: Path, tmp_path: Path) -> None:
    """A checkout gives files new times, so what lies in ``dist`` is not believed."""
    build = ["build", "--no-audio", "--quiet", "--project"]
    assert CliRunner().invoke(cli, [*build, str(small)]).exit_code == 0
    honest = decks(small / "dist")
    clone = shutil.copytree(small, tmp_path / "clone", copy_function=shutil.copyfile)
    deck = clone / "dist/small.apkg"
    deck.write_bytes(honest[deck.name][:-1] + b"!")
    assert CliRunner().invoke(cli, [*build, str(clone)]).exit_code == 0
    assert decks(clone / "dist") == honest
