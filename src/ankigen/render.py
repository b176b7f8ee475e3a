"""Entries → notes: the fields, tags, cards, sounds and study order of each.

Every key of an entry is turned into safe HTML once, by its type. A field is then a key, what is
spoken of a key, or a Jinja template over the keys; templates run sandboxed and escape what is not
HTML already.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from markupsafe import Markup, escape

from ankigen import inflection, markup, relations
from ankigen.diagnostics import Code, Diagnostic, Severity
from ankigen.fieldtemplate import BUILT_IN_NAMES, Compiled
from ankigen.fieldtemplate import words as _words
from ankigen.markup import Gapped, Rich
from ankigen.mediafile import MediaError
from ankigen.model import Clip, Note
from ankigen.notetypespec import FILES, REFERENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from ankigen.diagnostics import Span
    from ankigen.model import Entry, Media
    from ankigen.notetype import NoteType
    from ankigen.notetypespec import FieldSpec, KeySpec

# As ``_file`` writes it; without what stands before, a long word would take forever.
_MEDIA_NAME = re.compile(r'(?:src="|\[sound:)([a-z0-9-]+-[0-9a-f]{12}\.[a-z0-9]+)')

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
        ipa: For an entry, a key and its text: pronunciations, each with the name of its accent.
        off: Slugs of the cards that an entry's note is to be without.
        media: For an entry, a file that it names, and the type of the key that does: the file.
    """

    guid: Callable[[str, str], str]
    clip: Callable[[Entry, str, str, bool], Clip | str]
    ipa: Callable[[Entry, str, str], Sequence[tuple[str, str]]]
    off: Callable[[Entry], frozenset[str]]
    media: Callable[[Entry, str, str], Media]


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a course, by category and then in study order, and what was wrong."""

    notes: tuple[Note, ...]
    diagnostics: tuple[Diagnostic, ...]


def render(
    entries: Sequence[Entry],
    note_types: Mapping[str, NoteType],
    maker: Maker,
    only: Container[str] | None = None,
) -> Notes:
    """Render every entry whose values allow it.

    Args:
        entries: Of the whole course.
        note_types: By name.
        maker: What notes are made with.
        only: Ids of the categories whose notes are wanted; all where it is None.

    Raises:
        SourceError: A note type's field templates are at fault.
    """
    return _Run(entries, note_types, maker).notes(only)


def complaints(
    entries: Sequence[Entry],
    note_types: Mapping[str, NoteType],
    maker: Maker,
    only: Iterable[Entry],
) -> tuple[Diagnostic, ...]:
    """What rendering some of the entries finds wrong with each; ``clashes`` are for all to see.

    Raises:
        SourceError: A note type's field templates are at fault.
    """
    return _Run(entries, note_types, maker).complaints(only)


def clashes(notes: Iterable[tuple[str, str, Span]]) -> Iterator[Diagnostic]:
    """Notes of one GUID, which would be imported as two, and never be updated again.

    Args:
        notes: Key, GUID and place of each.
    """
    first: dict[str, tuple[str, Span]] = {}
    for key, guid, span in notes:
        other, there = first.setdefault(guid, (key, span))
        if other != key:
            message = f"{key} has the GUID '{guid}' of {other}"
            hint = f"that one is at {there}; give one of them another 'guid', or none"
            yield Diagnostic(span, Code.DUPLICATE_ID, message, hint)


class View:
    """An entry as a field template sees it: ``entry.definition`` is safe HTML, made once."""

    __slots__ = ("_made", "_run", "entry")

    def __init__(self, run: _Run, entry: Entry) -> None:
        self._run = run
        self.entry = entry
        self._made: dict[str, Rendered] = {}

    def __getitem__(self, key: str) -> Rendered:
        """The rendered value of a key, empty where the entry leaves it out.

        Raises:
            KeyError: The note type has no such key.
        """
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._run.value(self.entry, key)
        return made


class _Run:
    """One rendering: its indices over the entries, and what it finds wrong."""

    def __init__(
        self, entries: Sequence[Entry], note_types: Mapping[str, NoteType], maker: Maker
    ) -> None:
        self._entries = entries
        self._note_types = note_types
        self._maker = maker
        self._types = {name: Compiled(note_type) for name, note_type in note_types.items()}
        self._views = {(e.note_type, e.id): View(self, e) for e in entries}
        self._gathered = relations.gather(entries, note_types)
        self._problems: list[Diagnostic] = []
        self._media: dict[str, Media] = {}

    def notes(self, only: Container[str] | None) -> Notes:
        made = []
        for category, entries in relations.study_order(self._entries, self._note_types):
            if only is not None and category not in only:
                continue
            for position, entry in enumerate(entries):
                note = self._note(entry, category, position)
                if note is not None:
                    made.append(note)
        self._problems += clashes((note.key, note.guid, note.span) for note in made)
        return Notes(tuple(made), tuple(self._problems))

    def complaints(self, entries: Iterable[Entry]) -> tuple[Diagnostic, ...]:
        for entry in entries:
            self._note(entry, entry.category, 0)
        return tuple(self._problems)

    def value(self, entry: Entry, key: str) -> Rendered:  # noqa: PLR0911 - a return a type
        """The value of a key of an entry, as a view keeps it."""
        compiled = self._types[entry.note_type]
        if key in compiled.gather:
            found = self._gathered.get((entry.note_type, entry.id, key), ())
            return tuple(self._views[other.note_type, other.id] for other in found)
        if key in BUILT_IN_NAMES:
            return markup.plain(getattr(entry, key))
        spec = compiled.keys[key]
        value = entry.values.get(key)
        if spec.type == "flag":
            return bool(value)
        if spec.type == "texts":
            return tuple(self._rich(entry, key, markup.inline(text)) for text in value or ())
        if spec.type in FILES:
            return self._file(entry, key, spec.type)
        if spec.type == "html":
            return self._kept(entry, key, value or "")
        if spec.type in REFERENCES:
            names = ((spec.to, name) for name in relations.named(entry, key))
            return tuple(self._views[name] for name in names if name in self._views)
        if spec.type == "slugs":
            return tuple(markup.plain(item) for item in value or ())
        return self._text(entry, key, spec, value)

    def _text(self, entry: Entry, key: str, spec: KeySpec, value: str | None) -> Rich | Gapped:
        if value is None:
            return NO_GAP if spec.type in ("gapped", "marked") else EMPTY
        if spec.type in ("gapped", "marked"):
            return self._gapped(entry, key, spec, value)
        make = {"text": markup.inline, "prose": markup.block}.get(spec.type, markup.plain)
        return self._rich(entry, key, make(value))

    def _rich(self, entry: Entry, key: str, rich: Rich) -> Rich:
        self._report_refused(entry, key, rich.refused)
        return rich

    def _file(self, entry: Entry, key: str, kind: str) -> Rich:
        """What shows or plays a file; nothing where there is none that can be used."""
        name = entry.values.get(key)
        if name is None:
            return EMPTY
        try:
            media = self._maker.media(entry, name, kind)
        except MediaError as error:
            place = entry.span(key)
            self._problems.append(Diagnostic(place, Code.MEDIA, str(error), error.hint))
            return EMPTY
        self._media[media.name] = media
        tag = f'<img src="{media.name}" alt="">' if kind == "image" else f"[sound:{media.name}]"
        return Rich(Markup(tag), "")  # noqa: S704 - the name is made of letters and digits

    def _kept(self, entry: Entry, key: str, text: str) -> Rich:
        """HTML of another program, as far as it is harmless, and the files that it names."""
        from ankigen import rawhtml  # noqa: PLC0415 - late: few courses hold any

        made = rawhtml.kept(text)
        self._report_refused(entry, key, made.refused)
        found = []
        for name in made.files:
            try:
                media = self._maker.media(entry, name, "html")
            except MediaError as error:
                report = Diagnostic(
                    entry.span(key), Code.MEDIA, str(error), error.hint, Severity.WARNING
                )
                self._problems.append(report)
                continue
            other = self._media.setdefault(media.name, media)
            if other.path != media.path:
                message = f"there are two files '{media.name}', and Anki keeps one"
                hint = f"the other is {other.path}; give one another name"
                self._problems.append(Diagnostic(entry.span(key), Code.MEDIA, message, hint))
            found.append(media.name)
        html = Markup(made.html)  # noqa: S704 - what could do harm is gone
        return Rich(html, markup.words(made.html), made.refused, tuple(found))

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
        if spec.type == "marked" or inflection.has_braces(text):
            made = markup.marked(text) if spec.type == "marked" else markup.gapped(text)
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
            for name in relations.named(entry, key)
        )

    def _note(self, entry: Entry, category: str, position: int) -> Note | None:
        compiled = self._types[entry.note_type]
        view = self._views[entry.note_type, entry.id]
        before = len(self._problems)
        whole = self._resolved(entry)
        clips: list[Clip] = []
        templated = iter(compiled.templates(view.__getitem__) if whole else ())
        fields = tuple(self._fields(entry, view, compiled, templated, clips))
        if not whole or any(d.severity is Severity.ERROR for d in self._problems[before:]):
            return None
        tags = self._tags(entry, compiled)
        cards = compiled.note_type.cards_of(fields, tags=bool(tags))
        if cards == (0,) and compiled.note_type.is_blank(fields, tags=bool(tags)):
            self._complain_blank(entry, adopted=compiled.note_type.spec.adopted)
            if not compiled.note_type.spec.adopted:
                return None
        named = _MEDIA_NAME.findall("".join(fields))
        for key in compiled.raw:
            named += getattr(view[key], "files", ())
        return Note(
            key=entry.key,
            guid=entry.values.get("guid") or self._maker.guid(entry.note_type, entry.id),
            note_type=entry.note_type,
            category=category,
            fields=fields,
            tags=tags,
            cards=cards,
            clips=tuple(clips),
            position=position,
            span=entry.span(),
            media=tuple(self._media[name] for name in dict.fromkeys(named) if name in self._media),
        )

    def _fields(
        self,
        entry: Entry,
        view: View,
        compiled: Compiled,
        templated: Iterator[str],
        clips: list[Clip],
    ) -> Iterator[str]:
        """What each field holds; its sounds are added to ``clips``."""
        off = self._maker.off(entry)
        shown_on = compiled.note_type.shown_on if off else {}
        for spec in compiled.note_type.spec.fields:
            if spec.speak and spec.name in shown_on and shown_on[spec.name] <= off:
                yield ""  # no card plays it
            elif spec.template:
                yield next(templated, "")
            elif spec.speak:
                yield self._speak(entry, view, spec, clips)
            elif spec.lines:
                yield self._lines(entry, spec.lines, clips)
            elif spec.ipa:
                text = _words(view[spec.ipa])
                yield _transcribed(self._maker.ipa(entry, spec.ipa, text))
            elif spec.off:
                yield "1" if spec.off in off else ""
            elif spec.key:
                yield _html(view[spec.key])
            else:
                yield ""

    def _complain_blank(self, entry: Entry, *, adopted: bool) -> None:
        """Of a note whose cards would all be blank; Anki has such notes, and keeps one card."""
        severity = Severity.WARNING if adopted else Severity.ERROR
        message = f"{entry.key} has no card that shows anything"
        hint = "add the keys that its cards need, or more cards under 'cards'"
        self._problems.append(Diagnostic(entry.span(), Code.NO_CARD, message, hint, severity))

    def _speak(self, entry: Entry, view: View, spec: FieldSpec, clips: list[Clip]) -> str:
        reference, dot, key = spec.speak.partition(".")
        if dot:
            targets = view[reference]
            first = targets[0] if isinstance(targets, tuple) and targets else None
            if not isinstance(first, View):
                return ""
            entry, view = first.entry, first
        else:
            key = reference
        value = view[key]
        if value is EMPTY or value is NO_GAP:
            return ""  # left out, or already reported
        return self._sound(entry, key, _words(value), clips, slow=spec.pace == "slow")

    def _lines(self, entry: Entry, key: str, clips: list[Clip]) -> str:
        """The sentences of a key, each a paragraph with its sound."""
        made = []
        for number, line in enumerate(markup.lines(entry.values.get(key, "")), start=1):
            self._report_refused(entry, key, line.refused)
            sound = self._sound(entry, f"{key}_{number}", line.plain, clips)
            made.append(f'<p class="line">{line.html} {sound}</p>')
        return "".join(made)

    def _sound(
        self, entry: Entry, key: str, text: str, clips: list[Clip], *, slow: bool = False
    ) -> str:
        """What plays a text of an entry; nothing where it cannot be said."""
        clip = self._maker.clip(entry, key, text, slow)
        if isinstance(clip, str):
            problem = Diagnostic(
                entry.span("say" if "say" in entry.values else key),
                Code.UNSAYABLE,
                f"the voice cannot say '{key}' of {entry.key}: {clip}",
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
