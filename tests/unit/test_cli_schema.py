"""``ankigen schema`` as a person meets it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ankigen import editorschema, notetype
from support import ankigen, write_project

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = editorschema.all_of(notetype.built_in())
OWN = {
    "notetypes/own/notetype.yaml": """\
id: 1795000000001
name: Own
help: Any.
entry: {word: {type: text, required: true, help: Which.}}
fields: [{id: 1, name: Word, key: word}, {id: 2, name: Key, template: "{{ key }}"}]
cards: [{id: 1, name: Card, front: front.html, back: front.html}]
""",
    "notetypes/own/front.html": "{{Word}}",
}


def test_list(tmp_path: Path) -> None:
    """Without a name, a line each; outside of a project, those that are built in."""
    done = ankigen("schema", cwd=tmp_path)
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == list(SCHEMAS)


def test_one(tmp_path: Path) -> None:
    """A name prints its schema alone on stdout."""
    done = ankigen("schema", "terms", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == SCHEMAS["terms"]


def test_write(small: Path) -> None:
    """All are written into the project, its own note type among them."""
    write_project(small, OWN)
    done = ankigen("schema", "--write", cwd=small / "cards")
    assert (done.returncode, done.stdout) == (0, "")
    assert "11 schemas in .ankigen/schema" in done.stderr
    written = {path.name for path in (small / ".ankigen/schema").iterdir()}
    assert written == {f"{name}.json" for name in (*SCHEMAS, "own")}
    said = json.loads((small / ".ankigen/schema/ankigen.yaml.json").read_text())
    assert "own" in said["properties"]["cards"]["properties"]


def test_unknown(small: Path) -> None:
    """A wrong name, and a name too many, are mistakes of usage."""
    done = ankigen("schema", "trems", cwd=small)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no schema of 'trems'" in done.stderr
    assert "did you mean 'terms'?" in done.stderr
    assert ankigen("schema", "terms", "--write", cwd=small).returncode == 2
    assert ankigen("schema", "--write", cwd=small.parent).returncode == 2
