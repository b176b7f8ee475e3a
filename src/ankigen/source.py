"""Files → entries: every source file of the course read, typed and its identities checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import config, files, schema, yamltext
from ankigen.diagnostics import Code, Diagnostic, SourceError, Span, did_you_mean
from ankigen.model import Entry
from ankigen.notetypespec import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ankigen.model import Course
    from ankigen.notetype import NoteType
    from ankigen.yamltext import Marks, Value

SUFFIXES = (".yaml", ".yml")
_TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".json")


@dataclass(frozen=True, slots=True)
class Entries:
    """All entries of a course and what is wrong with its files.

    Attributes:
        entries: In study order of the categories, then as the files are named and written.
        diagnostics: In no order.
    """

    entries: tuple[Entry, ...]
    diagnostics: tuple[Diagnostic, ...]


def load(course: Course, note_types: Mapping[str, NoteType]) -> Entries:
    """Read every source file of the course."""
    reader = _Reader(course.root, note_types)
    for category in course.categories:
        reader.category(category.id)
    return Entries(tuple(reader.entries), (*reader.diagnostics, *reader.check_references()))


def source_files(root: Path, category: str) -> list[Path]:
    """What stands in a category's folder, but its ``category.yaml`` and hidden files."""
    folder = root / config.SOURCES_FOLDER / category
    return sorted(
        path
        for path in folder.iterdir()
        if path.name != config.CATEGORY_FILE and not path.name.startswith(".")
    )


class _Reader:
    """The state of one run over the files."""

    def __init__(self, root: Path, note_types: Mapping[str, NoteType]) -> None:
        self._root = root
        self._note_types = note_types
        self.entries: list[Entry] = []
        self.diagnostics: list[Diagnostic] = []
        # Where each id first stands; entries with mistakes count, so that they are not also
        # reported as unknown wherever they are named.
        self._ids: dict[str, dict[str, Span]] = {name: {} for name in note_types}
        self._unread: set[str] = set()  # note types of which some ids are not known

    def category(self, category: str) -> None:
        for path in source_files(self._root, category):
            name = files.relative(self._root, path)
            if path.suffix.lower() not in SUFFIXES:
                if path.suffix.lower() in _TABLES:
                    self._report(
                        name,
                        Code.NOT_A_SOURCE,
                        f"'{path.suffix}' files are not read",
                        f"save the entries as {path.name.split('.')[0]}.yaml",
                    )
                continue
            stem = path.name.split(".", maxsplit=1)[0]
            note_type = self._note_types.get(stem)
            if note_type is None:
                known = sorted(self._note_types)
                self._report(
                    name,
                    Code.UNKNOWN_NOTE_TYPE,
                    f"there is no note type '{stem}'",
                    did_you_mean(stem, known, f"the file's name begins with {', '.join(known)}"),
                )
                continue
            try:
                text = files.read_source(self._root, path)
            except SourceError as error:
                self.diagnostics += error.diagnostics
                self._unread.add(stem)
                continue
            self._file(text, name, note_type, category)

    def _report(self, file: str, code: Code, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(Span(file), code, message, hint))

    def _file(self, text: str, file: str, note_type: NoteType, category: str) -> None:
        document = yamltext.read(text, file)
        self.diagnostics += document.diagnostics
        if document.value is None or document.value == "":
            self._unread.add(note_type.name)
            if not document.diagnostics:
                self._report(file, Code.EMPTY, "the file is empty", "write an entry or remove it")
            return
        if isinstance(document.value, str):
            self._unread.add(note_type.name)
            line, column = document.marks.find(())
            self.diagnostics.append(
                Diagnostic(
                    Span(file, line, column),
                    Code.WRONG_TYPE,
                    "the file must hold a list of entries, but here is text",
                    "begin each entry with '- id: …'",
                )
            )
            return
        for value, marks in _items(document.value, document.marks):
            self._entry(value, marks, file, note_type, category)

    def _entry(
        self, value: Value, marks: Marks, file: str, note_type: NoteType, category: str
    ) -> None:
        checked = schema.validate(note_type.entries, value, marks, file)
        identifier = value.get("id") if isinstance(value, dict) else None
        if isinstance(identifier, str) and identifier:
            span = Span(file, *marks.find(("id",)))
            first = self._ids[note_type.name].setdefault(identifier, span)
            if first is not span:
                self.diagnostics.append(
                    Diagnostic(
                        span,
                        Code.DUPLICATE_ID,
                        f"the id '{identifier}' is taken",
                        f"the first is at {first}; ids are unique among all {note_type.name}",
                    )
                )
                return
        if isinstance(checked, schema.Invalid):
            self.diagnostics += checked.diagnostics
            return
        self.entries.append(Entry(note_type.name, checked["id"], category, checked, file, marks))

    def check_references(self) -> Iterator[Diagnostic]:
        """Entries that name an entry which does not exist."""
        for name, note_type in self._note_types.items():
            keys = [
                (key, spec.to)
                for key, spec in note_type.spec.entry.items()
                if spec.type in REFERENCES
            ]
            if not keys:
                continue
            for entry in self.entries:
                if entry.note_type != name:
                    continue
                for key, to in keys:
                    yield from self._unknown(entry, key, to)

    def _unknown(self, entry: Entry, key: str, to: str) -> Iterator[Diagnostic]:
        if to in self._unread:
            return
        value = entry.values.get(key, ())
        named: Sequence[str] = [value] if isinstance(value, str) else value
        known = self._ids.get(to, {})
        for index, identifier in enumerate(named):
            if identifier not in known:
                path = (key,) if isinstance(value, str) else (key, index)
                yield Diagnostic(
                    entry.span(*path),
                    Code.UNKNOWN_REFERENCE,
                    f"there is no '{identifier}' among the {to}",
                    did_you_mean(identifier, known, f"add it to a {to}.yaml or remove it here"),
                )


def _items(value: list[Value] | dict[str, Value], marks: Marks) -> Iterable[tuple[Value, Marks]]:
    """The entries of a file, each with its marks; a file may be one entry."""
    if isinstance(value, dict):
        return [(value, marks)]
    below = (marks.children[index] for index in range(len(value)))
    return (
        (item, mark if isinstance(mark, yamltext.Marks) else yamltext.Marks(mark))
        for item, mark in zip(value, below, strict=True)
    )
