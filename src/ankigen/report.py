"""What a person sees: diagnostics with their line and a caret, progress, tables, JSON."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from ankigen import files
from ankigen.diagnostics import Severity, SourceError, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ankigen.build import Result, Sound
    from ankigen.diagnostics import Diagnostic, Span
    from ankigen.doctor import Finding
    from ankigen.verify import Verdict

_WIDEST_SOURCE = 160


def diagnostics(found: Sequence[Diagnostic], root: Path) -> str:
    """Each as ``file:line:column: CODE message`` with its source line, a caret and what to do."""
    return "\n".join([located(found, root), *_tally(found)])


def located(found: Sequence[Diagnostic], root: Path) -> str:
    """The same without their number."""
    lines = _Lines(root)
    return "\n".join(_diagnostic(d, lines) for d in found)


_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def _diagnostic(found: Diagnostic, lines: _Lines) -> str:
    colour = _COLOURS[found.severity]
    code = click.style(str(found.code), fg=colour, bold=True)
    kind = "" if found.severity is Severity.ERROR else f"{found.severity}: "
    span = click.style(visible(str(found.span)), bold=True)
    out = [f"{span}: {code} {kind}{visible(found.message)}"]
    source = lines.get(found.span)
    if source.strip() and found.span.column:
        number = str(found.span.line)
        text, at = _window(source, found.span.column - 1)
        # Tabs are kept in front of the caret, so that it stands under its character.
        pad = "".join("\t" if char == "\t" else " " for char in text[:at])
        out.append(f"  {number} | {visible(text)}")
        out.append(f"  {' ' * len(number)} | {pad}{click.style('^', fg=colour, bold=True)}")
    if found.hint:
        out.append(f"  help: {visible(found.hint)}")
    return "\n".join(out)


def _window(source: str, at: int) -> tuple[str, int]:
    """The part of a long line around a column, and the column in it."""
    source = source.rstrip("\r\n")
    if len(source) <= _WIDEST_SOURCE:
        return source, at
    start = max(at - _WIDEST_SOURCE // 2, 0)
    return source[start : start + _WIDEST_SOURCE], at - start


def _tally(found: Sequence[Diagnostic]) -> list[str]:
    errors = [d for d in found if d.severity is Severity.ERROR]
    warnings = sum(d.severity is Severity.WARNING for d in found)
    parts = []
    if errors:
        in_files = counted(len({d.span.file for d in errors}), "file")
        parts.append(f"{counted(len(errors), 'error')} in {in_files}; nothing was written")
    if warnings:
        parts.append(counted(warnings, "warning"))
    return parts


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number of things, in the singular or the plural."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


class _Lines:
    """Lines of the project's files, each file read once and with a reader's care."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, list[str]] = {}

    def get(self, span: Span) -> str:
        if span.sheet:  # of a workbook, which has no lines of text
            return ""
        if span.file not in self._files:
            self._files[span.file] = self._read(span.file)
        lines = self._files[span.file]
        return lines[span.line - 1] if 0 < span.line <= len(lines) else ""

    def _read(self, file: str) -> list[str]:
        from ankigen import tables, yamlsyntax  # noqa: PLC0415 - the doctor reports without YAML

        path = self._root / file
        if not path.is_file():
            return []
        try:
            if tables.is_text(file):
                return tables.lines(files.read_bytes(self._root, path))
            return yamlsyntax.lines(files.read_source(self._root, path))
        except SourceError:
            return []


class Bar:
    """Progress with an estimate, on a terminal only."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._bar: Any = None
        self._task: Any = None

    def clips(self, done: int, total: int) -> None:
        """Draw the bar from the first clip on."""
        if not self._shown:
            return
        if self._bar is None:
            self._bar, self._task = _start_bar(total)
        self._bar.update(self._task, completed=done)

    @contextmanager
    def drawn(self) -> Iterator[Bar]:
        """Take the bar off the screen at the end, however it comes."""
        try:
            yield self
        finally:
            if self._bar is not None:
                self._bar.stop()


def _start_bar(total: int) -> tuple[Any, Any]:
    from rich.console import Console  # noqa: PLC0415 - only long work needs it
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("Making clips"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("clips", total=total)
    bar.start()
    return bar, task


def summary(result: Result) -> str:
    """The table at the end of a build, and what the sounds cost."""
    rows = [("deck", "notes", "cards", "clips", "size")]
    rows += [
        (d.file, f"{d.notes:,}", f"{d.cards:,}", f"{d.clips:,}", size(d.bytes))
        for d in result.decks
    ]
    lines = table(rows, "<>>>>")
    counts = [(count, what) for what, count in asdict(result.notes).items() if count]
    if any(what != "unchanged" for _, what in counts):
        lines.append(f"Notes: {', '.join(f'{count:,} {what}' for count, what in counts)}.")
    if result.strays:
        lines.append(
            f"Left in {visible(result.output.name)} by earlier builds, of no category any more:"
            f" {visible(', '.join(result.strays))}. Delete what nobody needs."
        )
    if result.fresh:
        lines.append(f"Everything is up to date; no clip was made ({_seconds(result.seconds)}).")
    else:
        lines.append(f"Built in {_seconds(result.seconds)}: {clips_made(result.audio)}")
    return "\n".join(lines)


def table(rows: Sequence[Sequence[str]], aligned: str) -> list[str]:
    """Lines of a table whose first row is its head; ``aligned`` holds ``<`` or ``>`` a column."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            f"{cell:{side}{width}}" for cell, side, width in zip(row, aligned, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
    return [click.style(lines[0], dim=True), *lines[1:]]


def clips_made(sound: Sound) -> str:
    """What became of the clips, as a sentence."""
    made = f"{counted(sound.made, 'clip')} made" if sound.made else "no clip was made"
    reused = f", {sound.reused:,} reused" if sound.reused else ""
    minutes = f", {sound.seconds / 60:.1f} minutes of sound" if sound.seconds else ""
    return f"{made}{reused}{minutes}."


def as_json(result: Result) -> str:
    """The object that ``build --json`` prints."""
    return json.dumps(
        {
            "decks": [
                {**asdict(deck), "file": str(result.output / deck.file)} for deck in result.decks
            ],
            "notes": asdict(result.notes),
            "audio": asdict(result.audio),
            "seconds": round(result.seconds, 3),
        },
        indent=2,
    )


def findings(found: Iterable[Finding]) -> str:
    """The doctor's list."""
    lines = []
    for finding in found:
        mark = click.style("ok", fg="green") if finding.ok else click.style("no", fg="red")
        lines.append(f"{mark}  {finding.what}: {finding.said}")
        if finding.hint:
            lines.append(f"    help: {finding.hint}")
    return "\n".join(lines)


def verdict(found: Verdict) -> str:
    """What the check of a package found, and how much of it."""
    lines = []
    for finding in found.findings:
        colour = "red" if finding.severity is Severity.ERROR else "yellow"
        kind = "" if finding.severity is Severity.ERROR else "warning: "
        where = f"{visible(finding.where)}: " if finding.where else ""
        code = click.style(str(finding.code), fg=colour, bold=True)
        lines.append(f"{visible(found.file)}: {code} {kind}{where}{visible(finding.message)}")
        if finding.hint:
            lines.append(f"  help: {visible(finding.hint)}")
    for code, count in found.counts.items():
        listed = sum(finding.code == code for finding in found.findings)
        if count > listed:
            lines.append(f"{visible(found.file)}: {code} and {count - listed:,} more")
    held = (
        f"{counted(found.notes, 'note')}, {counted(found.cards, 'card')},"
        f" {counted(found.media, 'media file')}"
    )
    total = sum(found.counts.values())
    said = f"{counted(total, 'finding')}" if total else "nothing is wrong"
    lines.append(f"{visible(found.file)}: {held}: {said}")
    return "\n".join(lines)


def verdicts_as_json(found: Iterable[Verdict]) -> str:
    """The list that ``verify --format json`` prints."""
    return json.dumps(
        [
            {
                "file": verdict.file,
                "ok": verdict.ok,
                "notes": verdict.notes,
                "cards": verdict.cards,
                "media": verdict.media,
                "findings": [asdict(finding) for finding in verdict.findings],
                "counts": dict(verdict.counts),
            }
            for verdict in found
        ],
        indent=2,
    )


def size(count: int) -> str:
    """Bytes as a person reads them."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"  # noqa: PLR2004


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.1f} min"  # noqa: PLR2004
