"""What a person and a program see of an import."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from ankigen import importreport
from ankigen.importing.foreign import Kind, Remark
from ankigen.importing.mapping import Mapped
from ankigen.importing.outcome import FileReport, Report, TypeReport
from ankigen.importing.routes import Way

FIELDS = (Mapped(0, "Front", "term", "the same name"), Mapped(1, "Ba\x1bck", "-", "no key fits"))
REPORT = Report(
    file="x\x1b.apkg",
    form="Anki package",
    notes=1,
    types=(TypeReport("Basic", 1, Way.MAPPED, "terms", FIELDS),),
    files=(FileReport("cards/a/terms.yaml", 1, appended=True),),
    others=("ankigen.lock",),
    media=("media/a.png", "media/b.png"),
    same=("terms/a", "terms/b"),
    remarks=(
        *(
            Remark(Kind.LOST, "colours", f"note {n}", f"a\n{'b' * 200}", "Front")
            for n in range(1, 6)
        ),
        Remark(Kind.LEFT_OUT, "scheduling", detail="3 cards"),
        Remark(Kind.TOLD, "by the way"),
    ),
)


def test_text() -> None:
    """Fields, files, and remarks of one kind together, the first of them with their places."""
    said = click.unstyle(importreport.text(REPORT))
    assert said.splitlines()[:5] == [
        "x\N{REPLACEMENT CHARACTER}.apkg: Anki package, 1 note",
        "",
        "Basic: 1 note became terms",
        "  Front  →  term       the same name",
        "  Ba\N{REPLACEMENT CHARACTER}ck  →  (nothing)  no key fits",
    ]
    assert "  cards/a/terms.yaml  +1 entry\n  ankigen.lock\n  media" in said
    assert "2 notes were in the course already, the same." in said
    assert "  colours (5 times)\n    note 1, 'a bbb" in said
    assert "    … and 2 more; -v shows all" in said
    assert "  scheduling\n    3 cards" in said
    assert said.endswith("  by the way")
    assert max(map(len, said.splitlines())) <= 110
    assert "note 5" in importreport.text(REPORT, verbose=True)


def test_nothing() -> None:
    """A report of nothing says so."""
    empty = replace(REPORT, files=(), others=(), media=(), same=(), remarks=())
    assert importreport.text(empty).endswith("\n\nNothing was imported.")
    assert importreport.text(replace(empty, same=("a",))).endswith(
        "Nothing is new.\n1 note was in the course already, the same."
    )
    assert "Would write:" in importreport.text(replace(REPORT, dry_run=True))


def test_json() -> None:
    """All of it, as it is."""
    said = json.loads(importreport.as_json(REPORT))
    assert said["entries"] == 1
    assert said["remarks"][0] == {
        "kind": "lost",
        "message": "colours",
        "place": "note 1",
        "title": f"a\n{'b' * 200}",
        "field": "Front",
        "detail": "",
    }
    assert said["types"][0]["fields"][1] == {
        "place": 1,
        "field": "Ba\x1bck",
        "key": "-",
        "why": "no key fits",
    }
