"""A sheet for a person who records a course's texts, and taking in what they recorded.

The sheet is a CSV file with a numbered row for each text. A recording finds its text by that
number, by the entry's name, or by the text itself.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ankigen import build, files
from ankigen.diagnostics import Code, Diagnostic, SourceError, Span, did_you_mean
from ankigen.model import Voice
from ankigen.speech import SpeechError, recordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_COLUMNS = ("number", "file", "text", "said", "pace", "entry")
_NUMBER = re.compile(r"0*([0-9]+)(?![0-9])")
_NOT_WORD = re.compile(r"[\W_]+")
_SLOW = " slow"
_NAMED = 3  # texts that a file may be of, in a message


@dataclass(frozen=True, slots=True)
class Row:
    """A text that a person may record.

    Attributes:
        number: From 1, in study order.
        file: Where its recording belongs, under ``audio/recordings`` and without its suffix.
        text: As it is written.
        said: As it is said, where that differs.
        slow: Whether it is to be said slowly.
        entry: ``<note type>/<entry id>``.
    """

    number: int
    file: str
    text: str
    said: str
    slow: bool
    entry: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a recording that a person brought.

    Attributes:
        source: The person's file.
        file: Where it belongs in the project; empty where that is not known.
        flaw: What a person should hear again, as the end of a sentence.
        problem: Why it was not taken; empty where it was.
        hint: What to do about that.
    """

    source: Path
    file: str = ""
    flaw: str = ""
    problem: str = ""
    hint: str = ""


def rows(root: Path, *, everything: bool) -> list[Row]:
    """What there is to record in a project.

    Args:
        root: The project's folder, resolved.
        everything: Also what has been recorded.

    Raises:
        SourceError: The sources are at fault.
        SetupError: A voice is not to be had.
    """
    contents = build.read(root, sound=False)
    found = []
    for number, line in enumerate(contents.lines, start=1):
        parts = [line.entry, *([] if line.main else [line.key]), *(["slow"] if line.slow else [])]
        said = line.said if line.said != line.clip.text else ""
        row = Row(number, ".".join(parts), line.clip.text, said, line.slow, line.entry)
        if everything or line.clip.voice.engine != "recordings":
            found.append(row)
    return found


def sheet(found: Iterable[Row]) -> str:
    """The rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for row in found:
        pace = "slow" if row.slow else "normal"
        file = f"{row.file}.wav"
        writer.writerow([row.number, file, *map(_inert, (row.text, row.said)), pace, row.entry])
    return text.getvalue()


def _inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def take_in(
    root: Path,
    sources: Iterable[Path],
    numbered: Path | None = None,
    *,
    overwrite: bool = False,
    dry_run: bool = False,
) -> list[Taken]:
    """Copy recordings to where a build finds them.

    Args:
        root: The project's folder, resolved.
        sources: Files, or folders of files.
        numbered: A sheet whose numbers the files' names begin with.
        overwrite: Replace recordings that are there.
        dry_run: Copy nothing.

    Raises:
        SourceError: The project's sources or the sheet are at fault.
        SetupError: A voice is not to be had.
    """
    index = _Index(rows(root, everything=True), _numbers(numbered) if numbered else {})
    taken: list[Taken] = []
    owners: dict[str, Path] = {}
    for source in _files(sources):
        row = index.find(source)
        if isinstance(row, Taken):
            taken.append(row)
        elif (owner := owners.setdefault(row.file, source)) != source:
            problem = f"'{owner.name}' is of the same text"
            taken.append(Taken(source, problem=problem, hint="keep one of them"))
        else:
            taken.append(_copy(root, source, row, overwrite=overwrite, dry_run=dry_run))
    return taken


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    for source in sources:
        if source.is_dir():
            yield from sorted(
                path
                for path in source.rglob("*")
                if path.suffix.lower() in recordings.SUFFIXES and path.is_file()
            )
        else:
            yield source


def _numbers(path: Path) -> dict[int, str]:
    """The file that each number of a sheet stands for.

    Raises:
        SourceError: It is no such sheet.
    """
    reader = csv.DictReader(io.StringIO(files.decode(path.read_bytes(), path.name)))
    try:
        return {int(row["number"]): row["file"].rpartition(".")[0] for row in reader}
    except (KeyError, ValueError, TypeError, AttributeError, csv.Error):
        message = "this is no sheet that 'ankigen audio export-script' has written"
        hint = "keep its columns 'number' and 'file' as they were"
        span = Span(path.name, reader.line_num)
        raise SourceError([Diagnostic(span, Code.BAD_VALUE, message, hint)]) from None


class _Index:
    """The ways in which a file's name may say what it is a recording of."""

    def __init__(self, found: Sequence[Row], numbers: Mapping[int, str]) -> None:
        self._numbers = numbers
        self._files = {row.file: row for row in found}
        self._named: dict[str, set[str]] = defaultdict(set)
        for row in found:
            identifier = row.file.partition("/")[2]
            for name in (row.file, identifier, row.text + _SLOW * row.slow):
                self._named[_plain(name)].add(row.file)

    def find(self, source: Path) -> Row | Taken:
        """The text that a file is of, or why that is not known."""
        number = _NUMBER.match(source.stem)
        if self._numbers and number:
            file = self._numbers.get(int(number[1]), "")
            if file in self._files:
                return self._files[file]
            problem = f"the sheet has no text of the number {number[1]}"
            return Taken(source, problem=problem, hint="use the sheet that was recorded from")
        folder = f"{source.parent.name}/{source.stem}"
        for name in (folder, source.stem):
            named = sorted(self._named.get(_plain(name), ()))
            if len(named) == 1:
                return self._files[named[0]]
            if named:
                problem = f"it may be of {', '.join(named[:_NAMED])}"
                return Taken(source, problem=problem, hint=f"name it {named[0]}{source.suffix}")
        known = [row.file for row in self._files.values()]
        hint = did_you_mean(source.stem, known, "name it as the sheet does, or after its text")
        return Taken(source, problem="no text has this name", hint=hint)


def _plain(name: str) -> str:
    """A name without case and signs."""
    return _NOT_WORD.sub(" ", name.casefold()).strip()


def _copy(root: Path, source: Path, row: Row, *, overwrite: bool, dry_run: bool) -> Taken:
    """Check a recording, and put it where it belongs."""
    found = Taken(source, f"{recordings.FOLDER}/{row.file}{source.suffix.lower()}")
    places = [root / recordings.FOLDER / f"{row.file}{end}" for end in recordings.SUFFIXES]
    there = [path for path in places if path.exists()]
    if there and not overwrite:
        problem = f"there is {files.relative(root, there[0])} already"
        return replace(found, problem=problem, hint="use --replace to put this one in its place")
    try:
        data = source.read_bytes()
    except OSError as error:
        return replace(found, problem=f"it cannot be read: {error.strerror}")
    voice = Voice("recordings", source.name)
    try:
        engine = recordings.Recordings(source.parent)
        samples = engine.speak(hashlib.sha256(data).hexdigest(), voice)
    except SpeechError as error:
        return replace(found, problem=str(error), hint=error.hint)
    if not dry_run:
        with files.atomic_write(root / found.file) as stream:
            stream.write(data)
        for path in there:
            if path != root / found.file:
                path.unlink()
    return replace(found, flaw="; it ".join(recordings.faults(samples, row.text, slow=row.slow)))
