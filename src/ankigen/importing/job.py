"""An import from end to end: read, plan, try in a copy, carry over. Says nothing; returns."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from ankigen import config, lock, projecttypes, source
from ankigen import files as projectfiles
from ankigen.diagnostics import SetupError, SourceError, did_you_mean
from ankigen.importing import (
    adoption,
    crowdanki,
    decks,
    ordering,
    ours,
    packages,
    routes,
    sources,
    spreadsheets,
    stage,
    textexport,
    trial,
)
from ankigen.importing.drafts import Draft, Drafting
from ankigen.importing.foreign import Foreign, ForeignError, Kind, Remark
from ankigen.importing.mediaplan import MediaPlan
from ankigen.importing.outcome import FileReport, Report, TypeReport
from ankigen.importing.routes import Way
from ankigen.reading import CLIPS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ankigen.importing.outcome import Options
    from ankigen.importing.routes import Route
    from ankigen.importing.stage import Stage
    from ankigen.model import Course, Entry
    from ankigen.notetype import NoteType
    from ankigen.reading import Contents


@contextmanager
def opened(path: Path) -> Iterator[Foreign]:
    """Open whatever can be imported.

    Raises:
        PackageError: It is a package that cannot be read.
        ForeignError: It is something else that cannot be.
    """
    if path.is_dir() or path.name == crowdanki.FILE:
        folder = path if path.is_dir() else path.parent
        if not (folder / crowdanki.FILE).is_file():
            hint = "give a folder that CrowdAnki exported, or a file"
            raise ForeignError(f"{path}: there is no {crowdanki.FILE} in this folder", hint)
        with crowdanki.opened(folder) as found:
            yield found
    elif path.suffix.lower() in spreadsheets.SUFFIXES:
        with spreadsheets.opened(path) as found:
            yield found
    elif path.suffix.lower() in (".apkg", ".colpkg", ".zip"):
        with packages.opened(path) as found:
            yield found
    else:
        with textexport.opened(path) as found:
            yield found


def run(root: Path, path: Path, options: Options) -> Report:
    """Import a file into a project.

    Args:
        root: The project's folder, resolved.
        path: The file or folder.
        options: What the person asked for.

    Raises:
        PackageError: The file is a package that cannot be read.
        ForeignError: The file cannot be imported.
        SourceError: The project itself is at fault.
        SetupError: The options do not fit.
    """
    with opened(path) as foreign, stage.opened(root) as copy:
        report = _Job(root, foreign, copy, options).run()
        if not options.dry_run and report.files:
            copy.carry_over()
        return report


class _Job:
    """The state of one import."""

    def __init__(self, root: Path, foreign: Foreign, copy: Stage, options: Options) -> None:
        self._root = root
        self._foreign = foreign
        self._copy = copy
        self._options = options
        self._remarks: list[Remark] = [*foreign.remarks]

    def run(self) -> Report:
        if not self._foreign.notes:
            raise ForeignError(f"{self._foreign.file}: there are no notes in it")
        course, entries, note_types = self._project()
        target = sources.target(self._root, self._options.output) if self._options.output else None
        wanted = self._options.wanted
        if target and not wanted.note_type:
            wanted = replace(wanted, note_type=target.note_type)
        plan = routes.plan(self._foreign, note_types, wanted)
        if plan.taken:
            note_types = self._take_over(plan.taken, note_types)
        ways = routes.routes(self._foreign, plan, note_types, wanted)
        self._check_constants(ways.values())
        for name in plan.left:
            told = "its notes were not asked for"
            self._remarks.append(Remark(Kind.LEFT_OUT, told, f"note type {name}"))
        media = MediaPlan(self._foreign.media, self._copy, self._tell_of_file)
        drafting = Drafting(course, entries, note_types, media)
        drafts = drafting.drafts(self._foreign, ways, dict(self._options.constants))
        new = [draft for draft in drafts if draft.existing is None]
        for key in plan.taken:
            kind = self._foreign.types[key]
            folder = f"{projecttypes.FOLDER}/{plan.taken[key]}"
            media.beside(adoption.templated(kind, media.sizes), folder)
        places = self._places(course, new, target)
        categories = sources.Categories(self._root, self._copy, self._foreign)
        categories.write(places, _cards(new, places))
        files = sources.arranged(
            self._copy, ordering.ordered(new), places, target, append=self._options.append
        )
        head = sources.remark(self._foreign)
        tried = trial.run(self._copy, files, ways.values(), head, self._root / CLIPS_FOLDER)
        written = [draft for file in tried.files for draft in file.drafts]
        used = {draft.note.deck: places[draft.note.deck] for draft in written}
        categories.write(used, _cards(written, used))
        media.keep(file.path for note in tried.contents.notes for file in note.media)
        self._remarks += categories.remarks
        self._remarks += drafting.remarks
        self._remarks += tried.remarks
        self._remarks += trial.differences(written, tried.contents)
        same = self._compare([d for d in drafts if d.existing], tried.contents)
        self._record(written, tried.contents)
        self._tell_of_all(ways.values(), media)
        return self._report(ways, tried, media, same)

    def _project(self) -> tuple[Course, Sequence[Entry], Mapping[str, NoteType]]:
        course, _ = config.load(self._root)  # what is wrong with it is found when it is tried
        note_types = projecttypes.of_project(self._root)
        return course, source.load(course, note_types).entries, note_types

    def _take_over(
        self, taken: Mapping[str, str], before: Mapping[str, NoteType]
    ) -> Mapping[str, NoteType]:
        """The project's note types and those that it gets.

        Raises:
            ForeignError: One cannot be taken over as it is.
        """
        for key, name in taken.items():
            kind = self._foreign.types[key]
            for known, made in before.items():
                if kind.anatomy and made.spec.id == kind.anatomy.id:
                    message = f"the note type '{kind.name}' is here already: {known}"
                    raise ForeignError(message, f"import it with --notetype {known}")
            for path, text in adoption.files(kind, name).items():
                self._copy.write(path, text)
            for where, what in dict.fromkeys(adoption.dangers(kind)):
                told = "a template or stylesheet does more than to show a card; read it"
                self._remarks.append(
                    Remark(Kind.TOLD, told, f"note type {kind.name}", "", where, what)
                )
        try:
            note_types = projecttypes.of_project(self._copy.root)
        except SourceError as error:
            first = error.diagnostics[0]
            message = f"the note types cannot be taken over: {first.message}"
            raise ForeignError(message, first.hint) from None
        for key, name in taken.items():
            kind = self._foreign.types[key]
            changed = adoption.differences(kind, note_types[name])
            if changed:
                message = f"the note type '{kind.name}' cannot be taken over: {changed[0]} changed"
                raise ForeignError(message, "choose a note type with --notetype")
        return note_types

    def _check_constants(self, ways: Iterable[Route]) -> None:
        for key, _ in self._options.constants:
            for route in ways:
                entry = route.note_type.spec.entry
                if route.way is Way.MAPPED and key not in entry:
                    hint = did_you_mean(key, entry, f"it has {', '.join(entry)}")
                    raise SetupError(f"{route.note_type.name} have no key '{key}'", hint)

    def _places(
        self, course: Course, new: Sequence[Draft], target: sources.Target | None
    ) -> Mapping[str, decks.Place]:
        names: dict[str, bool] = {}
        for draft in new:
            adopted = draft.route.note_type.spec.adopted
            names[draft.note.deck] = names.get(draft.note.deck, False) or adopted
        category = target.category if target else self._options.category
        if not category and list(names) == [""] and course.categories:
            if len(course.categories) > 1:
                known = ", ".join(c.id for c in course.categories)
                raise SetupError(
                    f"{self._foreign.file} does not say which decks its notes are in",
                    f"name the category with --category: {known}, or a new one",
                )
            category = course.categories[0].id
        folder = self._root / config.SOURCES_FOLDER
        taken = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        return decks.places(names, course, taken, category)

    def _compare(self, drafts: Iterable[Draft], contents: Contents) -> tuple[str, ...]:
        """Keys of entries that are there and the same; those that differ are told."""
        same = []
        notes = {note.key: note for note in contents.notes}
        for draft in drafts:
            entry = draft.existing
            assert entry is not None  # noqa: S101 - of these alone
            if entry.note_type != draft.route.note_type.name:
                told = f"its GUID is that of {entry.key}"
                self._remarks.append(Remark(Kind.LEFT_OUT, told, draft.note.place, draft.title))
                continue
            note = notes.get(entry.key)
            if draft.route.way is Way.MAPPED:
                differing = [k for k, v in draft.values.items() if entry.values.get(k) != v]
            else:
                known = replace(draft, id=entry.id)
                found = trial.differences([known], contents) if note else ()
                differing = [remark.field or "tags" for remark in found]
            if differing:
                told = "the course has this note, and another text of it: it was not changed"
                detail = ", ".join(dict.fromkeys(differing))
                self._remarks.append(
                    Remark(Kind.LEFT_OUT, told, draft.note.place, draft.title, "", detail)
                )
            else:
                same.append(entry.key)
        return tuple(same)

    def _record(self, written: Iterable[Draft], contents: Contents) -> None:
        """Let the lock know what learners may have already."""
        lines = trial.released(written, contents)
        if not lines:
            return
        path = self._copy.root / lock.FILE
        before = lock.parse(
            projectfiles.read_source(self._copy.root, path) if path.exists() else ""
        )
        after = lock.gather([*before.notes.values(), *before.types.values(), *lines])
        self._copy.write(lock.FILE, str(replace(after, conflicted=False)))

    def _tell_of_file(self, message: str, name: str) -> None:
        self._remarks.append(Remark(Kind.LEFT_OUT, message, f"file {name}"))

    def _tell_of_all(self, ways: Iterable[Route], media: MediaPlan) -> None:
        """What holds for the whole file."""
        if self._foreign.scheduled:
            told = "scheduling is not imported: it is a learner's, and stays in their Anki"
            count = f"{self._foreign.scheduled:,} cards that have been studied"
            self._remarks.append(Remark(Kind.LEFT_OUT, told, detail=count))
        ways = list(ways)
        if any(route.way is Way.MAPPED for route in ways) and any(
            note.guid for note in self._foreign.notes
        ):
            told = (
                "notes have another note type now: learners who have them from elsewhere keep"
                " those, and Anki does not update them"
            )
            self._remarks.append(Remark(Kind.TOLD, told))
        for route in ways:
            if route.way is not Way.MAPPED and not route.kind.identified and route.kind.anatomy:
                told = "the file does not say Anki's id of the note type, so it has a new one"
                self._remarks.append(Remark(Kind.TOLD, told, f"note type {route.kind.name}"))
        unused = [name for name in media.sizes if name not in media.used]
        for name in unused:
            told = "no entry uses the file"
            self._remarks.append(Remark(Kind.LEFT_OUT, told, f"file {name}"))

    def _report(
        self,
        ways: Mapping[str, Route],
        tried: trial.Trial,
        media: MediaPlan,
        same: tuple[str, ...],
    ) -> Report:
        counted = Counter(note.type for note in self._foreign.notes)
        files = tuple(
            FileReport(file.name, len(file.drafts), bool(file.before)) for file in tried.files
        )
        names = {file.name for file in files}
        copied = tuple(media.copied)
        others = tuple(
            name for name in self._copy.written if name not in names and name not in copied
        )
        return Report(
            file=self._foreign.file,
            form=self._foreign.form,
            notes=len(self._foreign.notes) + _lost(self._foreign),
            types=tuple(
                TypeReport(
                    route.kind.name, counted[key], route.way, route.note_type.name, route.fields
                )
                for key, route in ways.items()
            ),
            files=files,
            others=others,
            media=copied,
            same=same,
            remarks=tuple(dict.fromkeys(self._remarks)),
            dry_run=self._options.dry_run,
        )


def _lost(foreign: Foreign) -> int:
    """Notes that could not even be read."""
    return sum(r.kind is Kind.LEFT_OUT and bool(r.place) for r in foreign.remarks)


def _cards(
    drafts: Iterable[Draft], places: Mapping[str, decks.Place]
) -> dict[str, dict[str, list[str]]]:
    """The cards of each category and note type, where its notes are all without the same ones."""
    off: dict[tuple[str, str], set[frozenset[str]]] = {}
    types: dict[str, NoteType] = {}
    for draft in drafts:
        note_type = draft.route.note_type
        if draft.route.way is Way.MAPPED or not note_type.switches:
            continue
        held = ours.fields(draft.note, draft.route.kind, note_type)
        gone = frozenset(slug for slug, name in note_type.switches.items() if held.get(name))
        off.setdefault((places[draft.note.deck].id, note_type.name), set()).add(gone)
        types[note_type.name] = note_type
    made: dict[str, dict[str, list[str]]] = {}
    for (category, name), sets in off.items():
        gone = next(iter(sets))
        cards = [card.slug for card in types[name].spec.cards]
        if len(sets) == 1 and gone and len(gone) < len(cards):
            made.setdefault(category, {})[name] = [slug for slug in cards if slug not in gone]
    return made
