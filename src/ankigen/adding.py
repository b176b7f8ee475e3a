"""A new entry put into the file where it belongs, if nothing is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ankigen import (
    config,
    draft,
    editorschema,
    files,
    naming,
    reading,
    source,
    yamledit,
    yamltext,
    yamlwriter,
)
from ankigen.diagnostics import SetupError, Severity, SourceError, did_you_mean
from ankigen.model import Entry
from ankigen.records import documents

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path, PurePath

    from ankigen.draft import Complaint
    from ankigen.notetype import NoteType
    from ankigen.project import Project
    from ankigen.yamltext import Value


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry is to go.

    Attributes:
        file: Relative to the project.
        exists: Whether the file is there.
    """

    note_type: NoteType
    category: str
    file: str
    exists: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What was written.

    Attributes:
        key: ``<note type>/<id>``.
        file: Relative to the project.
        line: Where it begins, counted from 1.
        text: The entry as it stands there.
    """

    key: str
    file: str
    line: int
    text: str


class Desk:
    """A project that entries are added to.

    Attributes:
        project: As far as it could be read.
        known: Ids of its entries, by note type.
    """

    def __init__(self, root: Path) -> None:
        """Read the project.

        Args:
            root: Its folder, resolved.

        Raises:
            SourceError: It cannot be used at all.
            SetupError: A voice is not to be had.
        """
        surveyed = reading.survey(root)
        if surveyed.project is None:
            raise SourceError(surveyed.diagnostics)
        self._root = root
        self.project: Project = surveyed.project
        self.known: Mapping[str, Collection[str]] = {
            name: {entry.id for entry in self.project.entries if entry.note_type == name}
            for name in self.project.note_types
        }

    @property
    def kinds(self) -> Mapping[str, str]:
        """What each note type of the project is, by name."""
        return {name: made.spec.help for name, made in self.project.note_types.items()}

    @property
    def categories(self) -> Mapping[str, str]:
        """What learners call each category, in study order."""
        return {category.id: category.name for category in self.project.course.categories}

    def note_type(self, name: str) -> NoteType:
        """The note type of that name.

        Raises:
            SetupError: There is none.
        """
        found = self.project.note_types.get(name)
        if found is None:
            known = sorted(self.project.note_types)
            hint = did_you_mean(name, known, f"choose from {', '.join(known)}")
            raise SetupError(f"there is no note type '{name}'", hint)
        return found

    def place(self, note_type: NoteType, category: str) -> Place:
        """The file of a category that entries of a note type go into.

        Raises:
            SetupError: There is no such category.
        """
        if category not in self.categories:
            hint = did_you_mean(
                category, self.categories, f"choose from {', '.join(self.categories)}"
            )
            raise SetupError(f"there is no category '{category}'", hint)
        name = note_type.name
        there = [
            path
            for path in source.source_files(self.project.course, category)
            if path.suffix.lower() in documents.SUFFIXES and path.name.split(".")[0] == name
        ]
        there.sort(key=lambda path: (path.stem != name, path.name))
        folder = self._root / config.SOURCES_FOLDER / category
        path = there[0] if there else folder / f"{name}{documents.SUFFIXES[0]}"
        return Place(note_type, category, files.relative(self._root, path), bool(there))

    def place_of(self, file: PurePath) -> Place:
        """The place that a file is.

        Args:
            file: Relative to the project.

        Raises:
            SetupError: No source file may be called so.
        """
        folder, *between, name = file.parts if len(file.parts) > 1 else ("", "", *file.parts)
        if folder != config.SOURCES_FOLDER or len(between) != 1:
            form = f"{config.SOURCES_FOLDER}/<category>/<note type>{documents.SUFFIXES[0]}"
            raise SetupError(f"'{file}' is no file of entries", f"name one as {form}")
        if not name.lower().endswith(documents.SUFFIXES):
            raise SetupError(f"entries are written into YAML files alone, not into '{name}'")
        found = self.place(self.note_type(name.split(".")[0]), between[0])
        return replace(found, file=file.as_posix(), exists=(self._root / file).exists())

    def propose_id(self, note_type: NoteType, values: Mapping[str, Value]) -> str:
        """An id for an entry that has these values."""
        return naming.propose(
            note_type.spec, note_type.name, values, self.known.get(note_type.name, ())
        )

    def complaints(self, place: Place, values: Mapping[str, Value]) -> list[Complaint]:
        """Everything that is wrong with an entry, by itself and among the others.

        Raises:
            SetupError: A voice is not to be had.
        """
        found = draft.complaints(place.note_type, values, self.known)
        if found:
            return found
        checked = place.note_type.entries.validate_python(dict(values))
        file = f"{place.file} (new)"  # beside the other, where its pictures are looked for
        entry = Entry(
            place.note_type.name,
            str(values["id"]),
            place.category,
            checked,
            file,
            draft.marks(values),
        )
        project = replace(self.project, entries=(*self.project.entries, entry))
        problems = [
            found
            for found in reading.problems(project)
            if found.span.file == file and found.severity is Severity.ERROR
        ]
        return list(draft.of_diagnostics(problems, values))

    def add(self, place: Place, values: Mapping[str, Value]) -> Added:
        """Write an entry behind the others of a file, which is made if it is not there.

        Args:
            place: Where it goes.
            values: Of which nothing is to be complained.

        Raises:
            SourceError: The file cannot be read.
            SetupError: Its layout does not allow it.
        """
        path = self._root / place.file
        if not files.inside(self._root, path):
            raise SetupError(f"{place.file} leads outside the project")
        entry = yamlwriter.ordered(values, place.note_type.spec.entry)
        old = files.read_source(self._root, path) if place.exists else self._heading(place)
        document = yamltext.read(old, place.file)
        if document.diagnostics:
            raise SourceError(document.diagnostics)
        layout = yamledit.Layout(old)
        edit = layout.append(entry)
        made, done = layout.apply([edit] if edit else [])
        if not done:
            message = f"no entry can be added to {place.file} without changing others"
            raise SetupError(message, "write it in yourself, or add it to another file by --file")
        files.write_source(path, made)
        marks = yamltext.read(made, place.file).marks
        text = yamlwriter.entries([entry])
        line, _ = marks.find((len(marks.children) - 1,))
        return Added(f"{place.note_type.name}/{values['id']}", place.file, line, text)

    def _heading(self, place: Place) -> str:
        """What a new file begins with: where its schema is, if the project has it."""
        name = place.note_type.name
        if not (self._root / editorschema.FOLDER / f"{name}.json").is_file():
            return ""
        return editorschema.modeline(place.file, name) + "\n"
