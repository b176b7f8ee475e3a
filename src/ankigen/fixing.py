"""The whole of ``check --fix``: what is safe to mend is mended in the files, the rest is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import checking, files, fixes, reading, source, sourceglob, yamltext
from ankigen.diagnostics import Code, SourceError
from ankigen.records import documents
from ankigen.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ankigen.checking import Options, Result
    from ankigen.fixes import Fix
    from ankigen.notetype import NoteType
    from ankigen.project import Project

_ROUNDS = 5
"""How often what was mended is looked at again: a better spelling may break another rule."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done.

    Attributes:
        fixes: In the order in which they were made; their places are those of before.
        left: What is wrong after them.
        unwritten: How many mistakes could have been mended, but stand where we do not write, in
            spreadsheets and foreign files.
    """

    fixes: tuple[Fix, ...]
    left: Result
    unwritten: int


def fix(root: Path, options: Options) -> Outcome:
    """Mend a project's files.

    Args:
        root: The project's folder, resolved.
        options: What to mend and to report of it.

    Raises:
        SetupError: A voice is not to be had.
    """
    made = _fix_ids(root, options)
    for _ in range(_ROUNDS):
        left = checking.check(root, options)
        mended, unwritten = _fix_values(root, left)
        made += mended
        if not mended:
            return Outcome(tuple(made), left, unwritten)
    return Outcome(tuple(made), checking.check(root, options), unwritten)


def _fix_values(root: Path, found: Result) -> tuple[list[Fix], int]:
    """What was mended of what a check has found, and how much of it is where we do not write."""
    rules = {code for code, rule in RULES.items() if rule.mend or rule.mend_of}
    diagnostics = [d for d in found.diagnostics if d.code in rules]
    project = reading.survey(root).project if diagnostics else None
    if project is None:
        return [], 0
    mends = {code: RULES[code].mending(project) for code in {d.code for d in diagnostics}}
    foreign_files = {files.relative(root, path) for path in sourceglob.files_of(root)}
    made: list[Fix] = []
    unwritten = 0
    for file in sorted({d.span.file for d in diagnostics}):
        here = [d for d in diagnostics if d.span.file == file]
        if not file.lower().endswith(documents.SUFFIXES) or file in foreign_files:
            unwritten += len(here)
            continue
        path = root / file
        broken = [(d.span, d.code, mend) for d in here if (mend := mends[d.code])]
        text, done = fixes.values(files.read_source(root, path), broken)
        if done:
            files.write_source(path, text)
            made += done
    return made, unwritten


def _fix_ids(root: Path, options: Options) -> list[Fix]:
    project = reading.survey(root).project if options.counts(Code.MISSING_KEY) else None
    if project is None:
        return []
    taken: dict[str, set[str]] = {name: set() for name in project.note_types}
    for entry in project.entries:
        taken[entry.note_type].add(entry.id)
    texts = list(_texts(project))
    for file, note_type, text in texts:  # the ids of entries that have other mistakes
        value = yamltext.read(text, file).value
        for said in value if isinstance(value, list) else [value]:
            identifier = said.get("id") if isinstance(said, dict) else None
            if isinstance(identifier, str):
                taken[note_type.name].add(identifier)
    made: list[Fix] = []
    for file, note_type, text in texts:
        if options.reports(file):
            new, done = fixes.ids(text, file, note_type, taken[note_type.name])
            if done:
                files.write_source(root / file, new)
                made += done
    return made


def _texts(project: Project) -> Iterator[tuple[str, NoteType, str]]:
    """The YAML files of a project's entries, with the note type of each and what it says."""
    root = project.course.root
    for category in project.course.categories:
        for path in source.source_files(project.course, category.id):
            note_type = project.note_types.get(path.name.split(".")[0])
            if note_type and path.suffix.lower() in documents.SUFFIXES:
                try:
                    text = files.read_source(root, path)
                except SourceError:  # which the check reports
                    continue
                yield files.relative(root, path), note_type, text
