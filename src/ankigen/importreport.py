"""What a person sees of an import: what became of each note type, and what did not fit."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ankigen.diagnostics import visible
from ankigen.importing.foreign import Kind
from ankigen.importing.mapping import NOTHING
from ankigen.importing.routes import Way

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ankigen.importing.foreign import Remark
    from ankigen.importing.outcome import Report

_SHOWN = 3
_WIDTH = 100
_CELL = 60

_WAYS = {
    Way.READ_BACK: "read back as {}",
    Way.TAKEN_OVER: "taken over as the note type {}",
    Way.MAPPED: "became {}",
}
_KINDS = {
    Kind.LEFT_OUT: ("Left out", "red"),
    Kind.LOST: ("Lost", "yellow"),
    Kind.CHANGED: ("Changed", "yellow"),
    Kind.TOLD: ("Please note", "cyan"),
}


def text(report: Report, *, verbose: bool = False) -> str:
    """The report for a person.

    Args:
        report: Of the import.
        verbose: Whether to show every place at which something did not fit.
    """
    lines = [f"{visible(report.file)}: {report.form}, {_count(report.notes, 'note')}", ""]
    for kind in report.types:
        way = _WAYS[kind.way].format(kind.note_type)
        name = click.style(visible(kind.name), bold=True)
        lines.append(f"{name}: {_count(kind.notes, 'note')} {way}")
        lines += _columns(
            [(f.field, "→", "(nothing)" if f.key == NOTHING else f.key, f.why) for f in kind.fields]
        )
    lines += ["", *_written(report)]
    if report.same:
        were = "was" if len(report.same) == 1 else "were"
        lines.append(f"{_count(len(report.same), 'note')} {were} in the course already, the same.")
    for kind_of in Kind:
        found = [remark for remark in report.remarks if remark.kind is kind_of]
        if found:
            heading, colour = _KINDS[kind_of]
            lines += ["", click.style(f"{heading}:", fg=colour, bold=True)]
            lines += _remarks(found, None if verbose else _SHOWN)
    return "\n".join(lines)


def _written(report: Report) -> Iterator[str]:
    if not report.files:
        yield "Nothing was imported." if not report.same else "Nothing is new."
        return
    yield "Would write:" if report.dry_run else "Written:"
    rows = [
        (file.name, ("+" if file.appended else "") + _count(file.entries, "entry"))
        for file in report.files
    ]
    rows += [(name, "") for name in report.others]
    if report.media:
        rows.append(("media", _count(len(report.media), "file")))
    yield from _columns(rows)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with their cells below one another."""
    shown = [[visible(_short(cell, _CELL)) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    return [
        "  " + "  ".join(f"{c:{w}}" for c, w in zip(row, widths, strict=True)).rstrip()
        for row in shown
    ]


def _remarks(found: Sequence[Remark], most: int | None) -> Iterator[str]:
    """Remarks of a kind, those of one message together."""
    grouped: dict[str, list[Remark]] = {}
    for remark in found:
        grouped.setdefault(remark.message, []).append(remark)
    for message, remarks in grouped.items():
        placed = [remark for remark in remarks if remark.place or remark.detail]
        times = f" ({len(remarks):,} times)" if len(remarks) > 1 else ""
        yield f"  {visible(message)}{times}"
        for remark in placed[:most]:
            yield f"    {visible(_short(_place(remark)))}"
        if most is not None and len(placed) > most:
            yield f"    … and {len(placed) - most:,} more; -v shows all"


def _place(remark: Remark) -> str:
    parts = [remark.place, f"'{_short(remark.title, 40)}'" if remark.title else "", remark.field]
    where = ", ".join(filter(None, parts))
    return ": ".join(filter(None, (where, remark.detail)))


def _short(words: str, width: int = _WIDTH) -> str:
    line = " ".join(words.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _count(number: int, what: str) -> str:
    if number == 1:
        return f"1 {what}"
    return f"{number:,} {what[:-1]}ies" if what.endswith("y") else f"{number:,} {what}s"


def as_json(report: Report) -> str:
    """All of the report, for programs."""
    said = {**asdict(report), "entries": report.entries}
    return json.dumps(said, ensure_ascii=False, indent=2)
