"""Notes → entries in the making, with ids, references and media of the project they go into."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from ankigen import markup, package, rawhtml, yamlwriter
from ankigen.importing import conversion, ours, safenames
from ankigen.importing.foreign import Kind, Remark
from ankigen.importing.mapping import NOTHING
from ankigen.importing.routes import Way
from ankigen.notetypespec import REFERENCES, TEXTS
from ankigen.release import SOUND, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ankigen.importing.foreign import Foreign, ForeignNote
    from ankigen.importing.mediaplan import MediaPlan
    from ankigen.importing.routes import Route
    from ankigen.model import Course, Entry
    from ankigen.notetype import NoteType
    from ankigen.yamltext import Value

_SOURCE = re.compile(r"""(\bsrc\s*=\s*["']?|\[sound:)([^"'<>\[\]]+)""", re.IGNORECASE)


@dataclass(slots=True)
class Draft:
    """An entry in the making.

    Attributes:
        note: The note that it is made of.
        route: How.
        title: What a person knows the note by.
        id: Its own; empty until it is known.
        values: What the source file will hold, but for ``id`` and ``guid``.
        guid: What the source file will say of it; empty where the id gives it.
        existing: The entry of the project that is the same note.
        shown: By name of a gathering: the HTML of entries that its note shows, in their order.
    """

    note: ForeignNote
    route: Route
    title: str
    id: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    guid: str = ""
    existing: Entry | None = None
    shown: dict[str, list[str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What finds the note in Anki: ``terms/operator-fusion``."""
        return f"{self.route.note_type.name}/{self.id}"

    def entry(self) -> dict[str, Value]:
        """What the source file will hold."""
        said: dict[str, Value] = {"id": self.id, **self.values}
        if self.guid:
            said["guid"] = self.guid
        return yamlwriter.ordered(said, self.route.note_type.spec.entry)


class Drafting:
    """Makes the drafts of one file.

    Attributes:
        remarks: What did not fit.
    """

    def __init__(
        self,
        course: Course,
        entries: Iterable[Entry],
        note_types: Mapping[str, NoteType],
        media: MediaPlan,
    ) -> None:
        """Take what is there.

        Args:
            course: That the entries go into.
            entries: Those that it has.
            note_types: Of the project, those that are taken over among them.
            media: Where files are taken from.
        """
        self._course = course
        self._types = note_types
        self._media = media
        self._ids = {name: safenames.Unique() for name in note_types}
        self._by_id: dict[tuple[str, str], Entry] = {}
        self._by_guid: dict[str, Entry] = {}
        self._titles: dict[str, dict[str, list[str]]] = {name: {} for name in note_types}
        self._by_words: dict[str, dict[str, str]] = {name: {} for name in note_types}
        self._pending: list[tuple[Draft, ours.Restored | conversion.Made]] = []
        self.remarks: list[Remark] = []
        for entry in entries:
            self._know(entry)

    def _know(self, entry: Entry) -> None:
        self._ids[entry.note_type].name(entry.id)
        self._by_id[entry.note_type, entry.id] = entry
        own = package.guid_for(self._course.id, entry.note_type, entry.id)
        self._by_guid[entry.values.get("guid") or own] = entry
        key = title_key(self._types[entry.note_type])
        text = entry.values.get(key)
        if isinstance(text, str):
            rich = markup.inline(text)
            self._titles[entry.note_type].setdefault(str(rich.html), []).append(entry.id)
            self._by_words[entry.note_type].setdefault(safenames.slug(rich.plain), entry.id)

    def tell(
        self, draft: Draft, kind: Kind, message: str, name: str = "", detail: str = ""
    ) -> None:
        """Remember what did not fit of a note."""
        note = draft.note
        self.remarks.append(Remark(kind, message, note.place, draft.title, name, detail))

    def drafts(
        self, foreign: Foreign, routes: Mapping[str, Route], constants: Mapping[str, str]
    ) -> list[Draft]:
        """The entries of all notes that are to be imported, in the order of the file."""
        made = []
        for note in foreign.notes:
            route = routes.get(note.type)
            if route is None:
                continue
            draft = Draft(note, route, words(note.fields[0]))
            if yamlwriter.unwritable(note.guid):
                self.tell(draft, Kind.LEFT_OUT, "its GUID holds a control character")
                continue
            if route.way is Way.MAPPED:
                made_of = conversion.convert(
                    note, route.fields, route.note_type, foreign.writing, constants
                )
                self._take_mapped(draft, made_of)
            else:
                held = ours.fields(note, route.kind, route.note_type)
                self._take_own(draft, ours.restore(held, note.tags, route.note_type), held)
            made.append(draft)
        for draft, pending in self._pending:
            self._refer(draft, pending)
        return made

    # Notes of our own note types

    def _take_own(self, draft: Draft, made: ours.Restored, held: Mapping[str, str]) -> None:
        note_type = draft.route.note_type
        self._identify(draft, made.id)
        if draft.existing:
            return
        for name, message, detail in made.problems:
            self.tell(draft, Kind.LOST, message, name, detail)
        draft.values = self._writable(draft, made.values)
        draft.shown = made.gathered
        for spec in note_type.spec.fields:
            if spec.speak or spec.lines:
                self._media.pass_over(SOUND.findall(held.get(spec.name, "")))
            value = draft.values.get(spec.key)
            if isinstance(value, str) and note_type.spec.entry[spec.key].type == "html":
                draft.values[spec.key] = self._kept(draft, spec.name, value)
        self._take_files(draft, made.files)
        title = held.get(ours.title_field(note_type), "")
        if title:
            self._titles[note_type.name].setdefault(title, []).append(draft.id)
            self._by_words[note_type.name].setdefault(safenames.slug(words(title)), draft.id)
        self._pending.append((draft, made))

    def _kept(self, draft: Draft, name: str, html: str) -> str:
        """HTML as far as it is harmless, its files brought along."""
        kept = rawhtml.kept(html)
        for refused in kept.refused:
            told = "what could do harm, or is not known to be harmless, is left out"
            self.tell(draft, Kind.LOST, told, name, refused)
        renamed = {}
        for file in kept.files:
            if not self._media.meant(file):
                self.tell(draft, Kind.TOLD, "it names a file that did not come along", name, file)
                continue
            final = self._media.kept(file)
            if final and final != self._media.meant(file):
                told = "a file has another name, which is safe and free"
                self.tell(draft, Kind.CHANGED, told, name, f"{file} → {final}")
                renamed[file] = final

        def rename(found: re.Match[str]) -> str:
            return found[1] + renamed.get(unescape(found[2]), found[2])

        return _SOURCE.sub(rename, kept.html) if renamed else kept.html

    # Notes of others

    def _take_mapped(self, draft: Draft, made: conversion.Made) -> None:
        note_type = draft.route.note_type
        text = made.values.get(title_key(note_type))
        rich = markup.inline(text) if isinstance(text, str) else None
        if rich is not None:
            draft.title = rich.plain.replace("{", "").replace("}", "")
        self._identify(draft, made.id)
        if draft.existing:
            draft.values = made.values
            return
        for kind, name, message, detail in made.problems:
            self.tell(draft, kind, message, name, detail)
        for mapped in draft.route.fields:
            shown = words(draft.note.fields[mapped.place])
            if mapped.key == NOTHING and shown:
                self.tell(draft, Kind.LEFT_OUT, "no key takes the field", mapped.field, shown)
        draft.values = self._writable(draft, made.values)
        self._take_files(draft, made.files)
        if rich is not None:
            self._titles[note_type.name].setdefault(str(rich.html), []).append(draft.id)
            self._by_words[note_type.name].setdefault(safenames.slug(draft.title), draft.id)
        self._pending.append((draft, made))

    # Both

    def _writable(self, draft: Draft, values: Mapping[str, Value]) -> dict[str, Value]:
        """Values without characters that no source may hold, and without empty ones."""
        made: dict[str, Value] = {}
        for key, value in values.items():
            cleaned = _clean(value)
            if cleaned != value:
                self.tell(draft, Kind.CHANGED, f"'{key}' held control characters")
            if cleaned:
                made[key] = cleaned
        return made

    def _take_files(self, draft: Draft, found: Mapping[str, str]) -> None:
        for key, name in found.items():
            path = self._media.named(name, draft.route.note_type.spec.entry[key].type)
            if path:
                draft.values[key] = path
            elif not self._media.meant(name):
                self.tell(draft, Kind.LOST, f"the file for '{key}' did not come along", "", name)

    def _identify(self, draft: Draft, own: str) -> None:
        """Give a draft its id, or find the entry that it is."""
        name = draft.route.note_type.name
        wanted = own or safenames.identifier(draft.title, draft.note.guid or draft.title)
        known = self._by_guid.get(draft.note.guid) if draft.note.guid else None
        if known is None and not draft.note.guid:
            same = self._by_id.get((name, wanted))
            if same is not None and (own or self._titled(same) == safenames.slug(draft.title)):
                known = same
        if known is not None:
            draft.existing, draft.id = known, known.id
            for html in draft.note.fields:
                self._media.pass_over(unescape(name) for _, name in _SOURCE.findall(html))
            return
        draft.id = self._ids[name].name(wanted)
        made = package.guid_for(self._course.id, name, draft.id)
        draft.guid = draft.note.guid if draft.note.guid != made else ""

    def _titled(self, entry: Entry) -> str:
        text = entry.values.get(title_key(self._types[entry.note_type]))
        return safenames.slug(markup.inline(text).plain) if isinstance(text, str) else ""

    def _refer(self, draft: Draft, made: ours.Restored | conversion.Made) -> None:
        """Ids in place of the names of other entries, now that all have one."""
        entry = draft.route.note_type.spec.entry
        if isinstance(made, ours.Restored):
            for key, html in made.names.items():
                found, strange = ours.resolve(html, self._titles.get(entry[key].to, {}), draft.id)
                self._set_reference(draft, key, found, [words(name) for name in strange])
            return
        for key, spec in entry.items():
            if spec.type not in REFERENCES:
                continue
            known = self._by_words.get(spec.to, {})
            names = made.names.get(key, [])
            if not names and spec.required:  # what is to be filled in is the word it is about
                gaps = [markup.inline(gap).plain for gap in made.gaps]
                names = [gap for gap in gaps if safenames.slug(gap) in known]
            found = [known[safenames.slug(name)] for name in names if safenames.slug(name) in known]
            ids = self._ids.get(spec.to)
            found += [n for n in names if safenames.slug(n) not in known and ids and ids.has(n)]
            strange = [n for n in names if safenames.slug(n) not in known and n not in found]
            self._set_reference(draft, key, found, strange)

    def _set_reference(self, draft: Draft, key: str, found: list[str], strange: list[str]) -> None:
        spec = draft.route.note_type.spec.entry[key]
        unique = list(dict.fromkeys(found))
        if unique:
            draft.values[key] = unique[0] if spec.type == "reference" else list(unique)
        for name in strange:
            told = f"'{key}' names an entry that is not among the {spec.to}"
            self.tell(draft, Kind.LOST, told, "", name)


def title_key(note_type: NoteType) -> str:
    """The key by which a person knows an entry."""
    entry = note_type.spec.entry
    texts = [key for key, said in entry.items() if said.type in (*TEXTS, "plain")]
    headwords = [key for key in texts if entry[key].role == "headword"]
    required = [key for key in texts if entry[key].required]
    return next(iter((*headwords, *required, *texts)), "")


def _clean(value: Value) -> Value:
    if isinstance(value, list):
        return [cleaned for item in value if (cleaned := _clean(item))]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return safenames.writable(value)
