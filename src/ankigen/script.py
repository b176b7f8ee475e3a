"""A sheet for a person who records a course's texts, and taking in what they recorded.

The sheet is a CSV file with a numbered row for each text. A recording finds its text by that
number, by the entry's name, or by the text itself.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ankigen import files, reading, sound
from ankigen.diagnostics import Code, Diagnostic, SourceError, Span, nearest
from ankigen.model import Voice
from ankigen.speech import SAMPLE_RATE, SpeechError, recordings

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
        key: The key whose text it is.
        main: Whether that is the first key that its note type speaks.
    """

    number: int
    file: str
    text: str
    said: str
    slow: bool
    entry: str
    key: str
    main: bool


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
    contents = reading.read(root, sound=False, transcribed=False)
    found = []
    for number, line in enumerate(contents.lines, start=1):
        parts = [line.entry, *([] if line.main else [line.key]), *(["slow"] if line.slow else [])]
        said = line.said if line.said != line.clip.text else ""
        row = Row(
            number=number,
            file=".".join(parts),
            text=line.clip.text,
            said=said,
            slow=line.slow,
            entry=line.entry,
            key=line.key,
            main=line.main,
        )
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
    known = rows(root, everything=True)
    index = _Index(known, _numbers(numbered) if numbered else {})
    recorded = _recorded(root, known)
    taken: list[Taken] = []
    owners: dict[str, Path] = {}
    for source in _files(sources):
        row = index.find(source)
        if isinstance(row, Taken):
            taken.append(row)
        elif row.file in owners:
            problem = f"'{owners[row.file].name}' is of the same text"
            taken.append(Taken(source, problem=problem, hint="keep one of them"))
        else:
            there = recorded.get((row.entry, row.key, row.slow), [])
            found = _judge(source, row, [] if overwrite else there)
            if not (found.problem or dry_run):
                _put(root, found, there)
            if not found.problem:
                owners[row.file] = source
            taken.append(found)
    return taken


def _recorded(root: Path, found: Iterable[Row]) -> dict[tuple[str, str, bool], list[str]]:
    """The recordings that a project has of each text."""
    main = {row.entry: row.key for row in found if row.main}
    there: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for recording in recordings.find(root)[0]:
        key = recording.key or main.get(recording.entry, "")
        there[recording.entry, key, recording.slow].append(recording.file)
    return there


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for source in sources:
        inside = sorted(path for path in source.rglob("*") if path.is_file() and not _note(path))
        for path in inside if source.is_dir() else [source]:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _note(path: Path) -> bool:
    """Whether a file in a folder of recordings is none: a person's notes, a system's."""
    return path.name.startswith((".", "README")) or path.suffix.lower() in recordings.NOTES


def _numbers(path: Path) -> dict[int, str]:
    """The file that each number of a sheet stands for.

    Raises:
        SourceError: It is no such sheet.
    """
    reader = csv.DictReader(io.StringIO(files.decode(path.read_bytes(), path.name)))
    numbers: dict[int, str] = {}
    with contextlib.suppress(KeyError, ValueError, TypeError, AttributeError, csv.Error):
        numbers = {int(row["number"]): row["file"].rpartition(".")[0] for row in reader}
    if not numbers:
        message = "this is no sheet that 'ankigen audio export-script' has written"
        hint = "keep its columns 'number' and 'file' as they were"
        span = Span(path.name, reader.line_num)
        raise SourceError([Diagnostic(span, Code.BAD_VALUE, message, hint)])
    return numbers


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
        if source.suffix.lower() not in recordings.SUFFIXES:
            problem = "only WAV, FLAC, OGG and MP3 files are read"
            return Taken(source, problem=problem, hint="save it as WAV")
        number = _NUMBER.match(source.stem) if self._numbers else None
        if number and number[0] == source.stem:
            return self._numbered(source, int(number[1]))
        folder = f"{source.parent.name}/{source.stem}"
        for name in (folder, source.stem):
            named = sorted(self._named.get(_plain(name), ()))
            if len(named) == 1:
                return self._files[named[0]]
            if named:
                problem = f"it may be of {', '.join(named[:_NAMED])}"
                return Taken(source, problem=problem, hint=f"name it {named[0]}{source.suffix}")
        if number:
            return self._numbered(source, int(number[1]))
        like = nearest(_plain(source.stem), self._named)
        meant = min(self._named[like]) if like else ""
        hint = f"did you mean '{meant}'?" if meant else "name it as the sheet does, or as its text"
        return Taken(source, problem="no text has this name", hint=hint)

    def _numbered(self, source: Path, number: int) -> Row | Taken:
        file = self._numbers.get(number, "")
        if file in self._files:
            return self._files[file]
        problem = f"the sheet has no text of the number {number}"
        return Taken(source, problem=problem, hint="use the sheet that was recorded from")


def _plain(name: str) -> str:
    """A name without case and signs."""
    return _NOT_WORD.sub(" ", name.casefold()).strip()


def _judge(source: Path, row: Row, there: Sequence[str]) -> Taken:
    """What becomes of a recording, by what is heard in it; ``there`` are those in its place."""
    found = Taken(source, f"{recordings.FOLDER}/{row.file}{source.suffix.lower()}")
    if there:
        problem = f"there is {there[0]} already"
        return replace(found, problem=problem, hint="use --replace to put this one in its place")
    engine = recordings.Recordings(source.parent)
    try:
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        samples = engine.speak(digest, Voice("recordings", source.name))
    except OSError as error:
        return replace(found, problem=f"it cannot be read: {error.strerror}")
    except SpeechError as error:
        return replace(found, problem=str(error), hint=error.hint)
    if not len(sound.trim(samples, SAMPLE_RATE)):
        return replace(found, problem="only silence is heard", hint="record it again")
    return replace(found, flaw="; it ".join(recordings.faults(samples, row.text, slow=row.slow)))


def _put(root: Path, found: Taken, there: Iterable[str]) -> None:
    """Copy a recording to its place, and remove those that had it."""
    with files.atomic_write(root / found.file) as stream:
        stream.write(found.source.read_bytes())
    for file in there:
        if file != found.file:
            (root / file).unlink()
