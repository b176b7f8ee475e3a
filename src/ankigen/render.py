"""Entries → notes: the fields, tags, cards, sounds and study order of each.

Every key of an entry is turned into safe HTML once, by its type. A field is then a key, what is
spoken of a key, or a Jinja template over the keys; templates run sandboxed and escape what is not
HTML already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from markupsafe import Markup, escape

from ankigen import inflection, markup
from ankigen.diagnostics import Code, Diagnostic, Severity
from ankigen.fieldtemplate import BUILT_IN_NAMES, Compiled
from ankigen.markup import Gapped, Rich
from ankigen.model import Clip, Note
from ankigen.notetype import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ankigen.model import Entry
    from ankigen.notetype import FieldSpec, KeySpec, NoteType

EMPTY = Rich(Markup(), "")
NO_GAP = Gapped(("",), "", ())
"""A gapped text that was left out or refused."""

Rendered: TypeAlias = "Rich | Gapped | tuple[Rich, ...] | tuple[View, ...] | bool"


@dataclass(frozen=True, slots=True)
class Maker:
    """What rendering needs of the layers above it.

    Attributes:
        guid: Anki's identity for a note type's name and an entry's id.
        clip: For an entry, a key of it, the key's text and whether it is said slowly: the clip
            that speaks it, or why there is none.
        ipa: For an entry and a text of it: its pronunciations, each with the name of its accent.
    """

    guid: Callable[[str, str], str]
    clip: Callable[[Entry, str, str, bool], Clip | str]
    ipa: Callable[[Entry, str], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a course, by category and then in study order, and what was wrong."""

    notes: tuple[Note, ...]
    diagnostics: tuple[Diagnostic, ...]


def render(entries: Sequence[Entry], note_types: Mapping[str, NoteType], maker: Maker) -> Notes:
    """Render every entry whose values allow it.

    Raises:
        SourceError: A note type's field templates are at fault.
    """
    return _Run(entries, note_types, maker).notes()


def mute(note: Note, note_type: NoteType) -> Note:
    """The note without sound, and without the cards that only sound would make."""
    fields = tuple(
        "" if spec.speak else text
        for spec, text in zip(note_type.spec.fields, note.fields, strict=True)
    )
    cards = note_type.cards_of(fields, tags=bool(note.tags))
    return replace(note, fields=fields, cards=cards, clips=())


def recast(note: Note, instead: Mapping[str, Clip]) -> Note:
    """The note with the clips that stand in for its own, by the names of these."""
    if not any(clip.name in instead for clip in note.clips):
        return note
    clips = tuple(instead.get(clip.name, clip) for clip in note.clips)
    fields = note.fields
    for old, new in zip(note.clips, clips, strict=True):
        fields = tuple(
            text.replace(f"[sound:{old.name}]", f"[sound:{new.name}]") for text in fields
        )
    return replace(note, fields=fields, clips=clips)


class View:
    """An entry as a field template sees it: ``entry.definition`` is safe HTML, made once."""

    __slots__ = ("_entry", "_made", "_run")

    def __init__(self, run: _Run, entry: Entry) -> None:
        self._run = run
        self._entry = entry
        self._made: dict[str, Rendered] = {}

    def __getitem__(self, key: str) -> Rendered:
        """The rendered value of a key, empty where the entry leaves it out.

        Raises:
            KeyError: The note type has no such key.
        """
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._run.value(self._entry, key)
        return made


class _Run:
    """One rendering: its indices over the entries, and what it finds wrong."""

    def __init__(
        self, entries: Sequence[Entry], note_types: Mapping[str, NoteType], maker: Maker
    ) -> None:
        self._entries = entries
        self._maker = maker
        self._types = {name: Compiled(note_type) for name, note_type in note_types.items()}
        self._views = {(e.note_type, e.id): View(self, e) for e in entries}
        self._gathered = self._gather()
        self._problems: list[Diagnostic] = []

    def notes(self) -> Notes:
        made = []
        for category, entries in self._study_order():
            for position, entry in enumerate(entries):
                note = self._note(entry, category, position)
                if note is not None:
                    made.append(note)
        self._check_guids(made)
        return Notes(tuple(made), tuple(self._problems))

    def _check_guids(self, notes: Iterable[Note]) -> None:
        """Two notes of one GUID would be imported as two, and never be updated again."""
        first: dict[str, Note] = {}
        for note in notes:
            other = first.setdefault(note.guid, note)
            if other is not note:
                self._problems.append(
                    Diagnostic(
                        note.span,
                        Code.DUPLICATE_ID,
                        f"{note.key} has the GUID '{note.guid}' of {other.key}",
                        f"that one is at {other.span}; give one of them another 'guid', or none",
                    )
                )

    def value(self, entry: Entry, key: str) -> Rendered:
        """The value of a key of an entry, as a view keeps it."""
        compiled = self._types[entry.note_type]
        if key in compiled.gather:
            return tuple(self._gathered.get((entry.note_type, entry.id, key), ()))
        if key in BUILT_IN_NAMES:
            return markup.plain(getattr(entry, key))
        spec = compiled.keys[key]
        value = entry.values.get(key)
        if spec.type == "flag":
            return bool(value)
        if spec.type in REFERENCES:
            names = ((spec.to, name) for name in _named(entry, key))
            return tuple(self._views[name] for name in names if name in self._views)
        if spec.type == "slugs":
            return tuple(markup.plain(item) for item in value or ())
        return self._text(entry, key, spec, value)

    def _text(self, entry: Entry, key: str, spec: KeySpec, value: str | None) -> Rich | Gapped:
        if value is None:
            return NO_GAP if spec.type == "gapped" else EMPTY
        if spec.type == "gapped":
            return self._gapped(entry, key, spec, value)
        make = {"text": markup.inline, "prose": markup.block}.get(spec.type, markup.plain)
        rich = make(value)
        self._report_refused(entry, key, rich.refused)
        return rich

    def _report_refused(self, entry: Entry, key: str, refused: Iterable[str]) -> None:
        for tag in refused:
            self._problems.append(
                Diagnostic(
                    entry.span(key),
                    Code.HTML,
                    f"the HTML '{tag}' does not reach the card",
                    "to show it as text, put it into `backticks`",
                    Severity.WARNING,
                )
            )

    def _gapped(self, entry: Entry, key: str, spec: KeySpec, text: str) -> Gapped:
        if inflection.has_braces(text):
            made = markup.gapped(text)
            if made is None:
                self._complain_gap(
                    entry,
                    key,
                    "the braces around the gap do not pair up or hold nothing",
                    "write {word} once; a brace that is meant as such is \\{ or in `code`",
                )
                return NO_GAP
        elif not self._resolved(entry):
            return NO_GAP  # which word is meant is not known, and why has been reported
        else:
            term = self._term(entry, spec.finds)
            marked = inflection.mark_gap(text, term) if term else None
            made = markup.gapped(marked) if marked else None
            if made is None:
                self._complain_gap(
                    entry,
                    key,
                    f"'{term}' is not found here, so there is no gap"
                    if term
                    else "there is no gap here",
                    "put {braces} around the word to learn",
                )
                return NO_GAP
        self._report_refused(entry, key, made.refused)
        return made

    def _complain_gap(self, entry: Entry, key: str, message: str, hint: str) -> None:
        self._problems.append(Diagnostic(entry.span(key), Code.GAP, message, hint))

    def _term(self, entry: Entry, finds: str) -> str:
        """The words that a gap is found by: ``terms.term`` is ``term`` of the first ``terms``."""
        reference, _, key = finds.partition(".")
        if not key:
            return ""
        targets = self.value(entry, reference)
        first = targets[0] if isinstance(targets, tuple) and targets else None
        return _words(first[key]) if isinstance(first, View) else ""

    def _resolved(self, entry: Entry) -> bool:
        """Whether all entries that this one names are there; those that are not were reported."""
        return all(
            (to, name) in self._views
            for key, to in self._types[entry.note_type].references
            for name in _named(entry, key)
        )

    def _note(self, entry: Entry, category: str, position: int) -> Note | None:
        compiled = self._types[entry.note_type]
        view = self._views[entry.note_type, entry.id]
        before = len(self._problems)
        whole = self._resolved(entry)
        clips: list[Clip] = []
        templated = iter(compiled.templates(view.__getitem__) if whole else ())
        fields = []
        for spec in compiled.note_type.spec.fields:
            if spec.template:
                fields.append(next(templated, ""))
            elif spec.speak:
                fields.append(self._speak(entry, view, spec, clips))
            elif spec.ipa:
                fields.append(_transcribed(self._maker.ipa(entry, _words(view[spec.ipa]))))
            elif spec.key:
                fields.append(_html(view[spec.key]))
            else:
                fields.append("")
        if not whole or any(d.severity is Severity.ERROR for d in self._problems[before:]):
            return None
        tags = self._tags(entry, compiled)
        return Note(
            key=entry.key,
            guid=entry.values.get("guid") or self._maker.guid(entry.note_type, entry.id),
            note_type=entry.note_type,
            category=category,
            fields=tuple(fields),
            tags=tags,
            cards=compiled.note_type.cards_of(tuple(fields), tags=bool(tags)),
            clips=tuple(clips),
            position=position,
            span=entry.span(),
        )

    def _speak(self, entry: Entry, view: View, spec: FieldSpec, clips: list[Clip]) -> str:
        value = view[spec.speak]
        text = _words(value)
        if value is EMPTY or value is NO_GAP:
            return ""  # left out, or already reported
        clip = self._maker.clip(entry, spec.speak, text, spec.pace == "slow")
        if isinstance(clip, str):
            problem = Diagnostic(
                entry.span("say" if "say" in entry.values else spec.speak),
                Code.UNSAYABLE,
                f"the voice cannot say '{spec.speak}' of {entry.key}: {clip}",
                "write it in Latin letters, or add 'say:' with what is to be said",
            )
            if problem not in self._problems[-2:]:  # a slow clip fails as the normal one did
                self._problems.append(problem)
            return ""
        clips.append(clip)
        return f"[sound:{clip.name}]"

    def _tags(self, entry: Entry, compiled: Compiled) -> tuple[str, ...]:
        tags = list(entry.values.get("tags", ()))
        for prefix, key in compiled.note_type.spec.tags.items():
            value = entry.values.get(key, ())
            tags += [f"{prefix}::{v}" for v in ([value] if isinstance(value, str) else value)]
        return tuple(sorted({"_".join(tag.split()) for tag in tags}))

    def _gather(self) -> dict[tuple[str, str, str], list[View]]:
        """For each entry and gathering name: the entries that refer to it, in their order."""
        found: dict[tuple[str, str, str], list[View]] = {}
        wanted = [
            (name, gathered, said.source, said.by)
            for name, compiled in self._types.items()
            for gathered, said in compiled.note_type.spec.gather.items()
        ]
        for name, gathered, source, by in wanted:
            for entry in self._entries:
                if entry.note_type == source:
                    view = self._views[source, entry.id]
                    for target in entry.values.get(by, ()):
                        found.setdefault((name, target, gathered), []).append(view)
        return found

    def _study_order(self) -> Iterable[tuple[str, list[Entry]]]:
        """Categories in order; in each, an entry comes right after the last one it follows."""
        by_category: dict[str, list[Entry]] = {}
        for entry in self._entries:
            by_category.setdefault(entry.category, []).append(entry)
        for category, entries in by_category.items():
            places = {(e.note_type, e.id): index for index, e in enumerate(entries)}

            def order(
                entry: Entry, places: Mapping[tuple[str, str], int] = places
            ) -> tuple[int, int, int]:
                own = places[entry.note_type, entry.id]
                spec = self._types[entry.note_type].note_type.spec
                if not spec.follows:
                    return own, 0, own
                to = spec.entry[spec.follows].to
                named = entry.values.get(spec.follows, ())
                anchors = [places[to, n] for n in named if (to, n) in places]
                return max(anchors, default=len(places)), 1, own

            yield category, sorted(entries, key=order)


def _named(entry: Entry, key: str) -> Sequence[str]:
    """The ids under a key of one or more references."""
    value: str | Sequence[str] = entry.values.get(key, ())
    return (value,) if isinstance(value, str) else value


def _html(value: Rendered) -> str:
    if isinstance(value, Rich):
        return str(value.html)
    if isinstance(value, tuple):
        return ", ".join(_html(item) for item in value if isinstance(item, Rich))
    if isinstance(value, bool):
        return "1" if value else ""
    return str(escape(value))


def _transcribed(ipa: Sequence[tuple[str, str]]) -> str:
    """Pronunciations between slashes, the accents named where there are several."""
    if len({sounds for _, sounds in ipa}) == 1:
        return f"/{escape(ipa[0][1])}/"
    return " ".join(
        f"<span><b>{escape(accent)}</b> /{escape(sounds)}/</span>" for accent, sounds in ipa
    )


def _words(value: Rendered) -> str:
    return value.plain if isinstance(value, Rich | Gapped) else ""
