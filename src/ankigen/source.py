"""Files → entries: every source file of the course read, typed and its identities checked."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import config, files, portable, schema, sourceglob, tables
from ankigen.diagnostics import Code, Diagnostic, Severity, SourceError, Span, did_you_mean
from ankigen.model import Entry
from ankigen.notetypespec import REFERENCES
from ankigen.records import documents, foreign, spreadsheets
from ankigen.records.names import Naming
from ankigen.records.record import Records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from ankigen.diagnostics import Places
    from ankigen.model import Course, ForeignSource
    from ankigen.notetype import NoteType
    from ankigen.records.record import Record

SUFFIXES = (*documents.SUFFIXES, *tables.SUFFIXES)
_UNREAD = (".xls", ".xlsm", ".xlsb", ".fods", ".numbers", ".json")


@dataclass(frozen=True, slots=True)
class Entries:
    """All entries of a course and what is wrong with its files.

    Attributes:
        entries: In study order of the categories, then as the files are named and written; those of
            foreign files come after the others of their category.
        diagnostics: In no order.
        incomplete: Ids of the categories some of whose entries are there but cannot be used.
    """

    entries: tuple[Entry, ...]
    diagnostics: tuple[Diagnostic, ...]
    incomplete: frozenset[str]


def load(
    course: Course, note_types: Mapping[str, NoteType], broken: Collection[str] = ()
) -> Entries:
    """Read every source file of the course.

    Args:
        course: Whose files.
        note_types: By name.
        broken: Names of others that are there but cannot be used; their files are passed over.
    """
    reader = _Reader(course, note_types, broken)
    for category in course.categories:
        for path in source_files(course, category.id):
            with reader.filling([category.id]):
                reader.own(path, category.id)
    everywhere = [category.id for category in course.categories]
    for source in course.sources:
        filled = [source.category] if source.category else everywhere
        if source.note_type in broken:
            reader.incomplete.update(filled)
            continue
        with reader.filling(filled):
            reader.foreign(source, sourceglob.matches(course.root, source.glob))
    order = {category.id: place for place, category in enumerate(course.categories)}
    entries = sorted(reader.entries, key=lambda entry: order[entry.category])
    found = (*reader.diagnostics, *reader.check_references(), *_strays(course))
    return Entries(tuple(entries), found, frozenset(reader.incomplete))


def source_files(course: Course, category: str) -> list[Path]:
    """What stands in a category's folder, but its ``category.yaml``, hidden and foreign files."""
    folder = course.root / config.SOURCES_FOLDER / category
    foreign_files = _foreign_files(course)
    return portable.in_order(
        path
        for path in folder.iterdir()
        if path.name != config.CATEGORY_FILE
        and not sourceglob.is_aside(path.name)
        and path not in foreign_files
    )


def _foreign_files(course: Course) -> set[Path]:
    return {
        path for source in course.sources for path in sourceglob.matches(course.root, source.glob)
    }


def _strays(course: Course) -> Iterator[Diagnostic]:
    """Files beside the categories' folders; folders within those may hold drafts."""
    folder = course.root / config.SOURCES_FOLDER
    foreign_files = _foreign_files(course)
    for path in portable.in_order(folder.iterdir() if folder.is_dir() else ()):
        source = path.suffix.lower() in SUFFIXES and path.is_file()
        if source and path not in foreign_files and not sourceglob.is_aside(path.name):
            within = next((category.id for category in course.categories), "basics")
            yield Diagnostic(
                Span(files.relative(course.root, path)),
                Code.STRAY,
                "nothing reads this file, because it lies in no category's folder",
                f"move it into one, for example {config.SOURCES_FOLDER}/{within}",
                Severity.WARNING,
            )


class _Reader:
    """The state of one run over the files."""

    def __init__(
        self, course: Course, note_types: Mapping[str, NoteType], broken: Collection[str]
    ) -> None:
        self._course = course
        self._broken = broken
        self._note_types = note_types
        self.entries: list[Entry] = []
        self.diagnostics: list[Diagnostic] = []
        self.incomplete: set[str] = set()
        # Where each id first stands; entries with mistakes count, so that they are not also
        # reported as unknown wherever they are named.
        self._ids: dict[str, dict[str, tuple[str, Places]]] = {name: {} for name in note_types}
        self._unread = set(broken)  # note types of which some ids are not known

    @contextlib.contextmanager
    def filling(self, categories: Collection[str]) -> Iterator[None]:
        """While files are read, note whether what they hold for some categories cannot be used."""
        before = len(self.diagnostics)
        yield
        if any(d.severity is Severity.ERROR for d in self.diagnostics[before:]):
            self.incomplete.update(categories)

    def own(self, path: Path, category: str) -> None:
        """Read a file in a category's folder, if it is a source."""
        suffix = path.suffix.lower()
        if suffix in _UNREAD:
            self._unreadable(path)
        if suffix not in SUFFIXES:
            return
        stem = path.name.partition(".")[0]
        note_type = self._note_types.get(stem)
        if stem in self._broken:
            self.incomplete.add(category)
            return
        if note_type is None:
            known = sorted(self._note_types)
            hint = did_you_mean(stem, known, f"the file's name begins with {', '.join(known)}")
            self._report(path, Code.UNKNOWN_NOTE_TYPE, f"there is no note type '{stem}'", hint)
            return
        naming, file = Naming(note_type), files.relative(self._course.root, path)
        records = self._read(path, file, naming)
        for record in records.records:
            named = record if suffix in documents.SUFFIXES else naming.apply(record)
            self._entry(named, file, naming.note_type, category, records)

    def foreign(self, source: ForeignSource, paths: Sequence[Path]) -> None:
        """Read the files that one of ``sources:`` means."""
        wrong = list(foreign.check(source, self._course, self._note_types))
        if not paths:
            hint = "see whether the files are there, and how their folder is written"
            message = f"'{source.glob}' names no file"
            wrong.append(Diagnostic(source.span("glob"), Code.UNREADABLE, message, hint))
        if wrong:
            self.diagnostics += wrong
            self._unread.add(source.note_type)
            return
        naming = Naming(self._note_types[source.note_type], source)
        held: list[tuple[str, Records]] = []
        keys: set[str] = set()  # of YAML, where an entry may leave out most of them
        for path in paths:
            if path.suffix.lower() not in SUFFIXES:
                self._unreadable(path)
                continue
            file = files.relative(self._course.root, path)
            records = self._read(path, file, naming)
            held.append((file, records))
            if path.suffix.lower() in documents.SUFFIXES:
                keys.update(
                    key for r in records.records if isinstance(r.value, dict) for key in r.value
                )
        unmet = list(foreign.unmet(source, naming.expected, keys))
        if unmet:
            self.diagnostics += unmet
            self._unread.add(source.note_type)
            return
        for file, records in held:
            for record in records.records:
                named = naming.apply(record)
                category = source.category or self._category(named.category, record, file, source)
                if category:
                    self._entry(named, file, naming.note_type, category, records)

    def _read(self, path: Path, file: str, naming: Naming) -> Records:
        try:
            data = files.read_bytes(self._course.root, path)
            if path.suffix.lower() in documents.SUFFIXES:
                made = documents.read(files.decode(data, file), file)
            else:
                made = spreadsheets.read(tables.read(data, file), file, naming)
        except SourceError as error:
            made = Records((), error.diagnostics, whole=False)
        self.diagnostics += made.diagnostics
        if not made.whole:
            self._unread.add(naming.note_type.name)
        return made

    def _unreadable(self, path: Path) -> None:
        hint = f"save it as {path.stem}.xlsx, {path.stem}.csv or {path.stem}.yaml"
        self._report(path, Code.NOT_A_SOURCE, f"'{path.suffix}' files are not read", hint)

    def _report(self, path: Path, code: Code, message: str, hint: str) -> None:
        span = Span(files.relative(self._course.root, path))
        self.diagnostics.append(Diagnostic(span, code, message, hint))

    def _category(self, name: str, record: Record, file: str, source: ForeignSource) -> str:
        """The category that a foreign entry names; empty where the course has none of that name."""
        where = (source.category_from,)
        span = record.places.span(file, where)
        if name:
            wrong = list(foreign.unknown_category(name, self._course, span))
        else:
            wrong = [Diagnostic(span, Code.MISSING_KEY, *record.places.missing(where))]
        self.diagnostics += wrong
        if wrong:
            self._unread.add(source.note_type)
        return "" if wrong else name

    def _entry(
        self, record: Record, file: str, note_type: NoteType, category: str, records: Records
    ) -> None:
        value, places = record.value, record.places
        checked = schema.validate(note_type.entries, value, places, file)
        identifier = value.get("id") if isinstance(value, dict) else None
        if isinstance(identifier, str) and identifier:
            here = (file, places)
            first = self._ids[note_type.name].setdefault(identifier, here)
            if first is not here:
                self.diagnostics.append(
                    Diagnostic(
                        places.span(file, ("id",)),
                        Code.DUPLICATE_ID,
                        f"the id '{identifier}' is taken",
                        f"the first is at {first[1].span(first[0], ('id',))};"
                        f" ids are unique among all {note_type.name}",
                    )
                )
                return
        if isinstance(checked, schema.Invalid):
            known = records.flawed
            self.diagnostics += [d for d in checked.diagnostics if d.span not in known]
            return
        self.entries.append(Entry(note_type.name, checked["id"], category, checked, file, places))

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
        known = self._ids[to]
        for index, identifier in enumerate(named):
            if identifier not in known:
                path = (key,) if isinstance(value, str) else (key, index)
                yield Diagnostic(
                    entry.span(*path),
                    Code.UNKNOWN_REFERENCE,
                    f"there is no '{identifier}' among the {to}",
                    did_you_mean(identifier, known, f"add it to the {to}, or remove it here"),
                )
