"""Entries → notes: the fields, tags, cards, sounds and study order of each.

A field is a key of the entry, what is spoken of a key, or a Jinja template over the keys; templates
run sandboxed and escape what is not HTML already.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import escape

from ankigen import markup, relations
from ankigen.diagnostics import Code, Diagnostic, Severity
from ankigen.entryview import EMPTY, NO_GAP, View, Views
from ankigen.fieldtemplate import words as _words
from ankigen.markup import Rich
from ankigen.model import Clip, Note

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from ankigen.diagnostics import Span
    from ankigen.entryview import Rendered
    from ankigen.fieldtemplate import Compiled
    from ankigen.model import Entry, Media
    from ankigen.notetype import NoteType
    from ankigen.notetypespec import FieldSpec
    from ankigen.rendercache import Memory

# As `entryview` writes it; without what stands before, a long word would take forever.
_MEDIA_NAME = re.compile(r'(?:src="|\[sound:)([a-z0-9-]+-[0-9a-f]{12}\.[a-z0-9]+)')


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
    memory: Memory | None = None,
) -> Notes:
    """Render every entry whose values allow it.

    Args:
        entries: Of the whole course.
        note_types: By name.
        maker: What notes are made with.
        only: Ids of the categories whose notes are wanted; all where it is None.
        memory: Gives the notes whose rendering would give the same as the last time, and gets the
            others.

    Raises:
        SourceError: A note type's field templates are at fault.
    """
    return _Run(entries, note_types, maker, memory).notes(only)


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


class _Run:
    """One rendering, and what it finds wrong."""

    def __init__(
        self,
        entries: Sequence[Entry],
        note_types: Mapping[str, NoteType],
        maker: Maker,
        memory: Memory | None = None,
    ) -> None:
        self._entries = entries
        self._note_types = note_types
        self._maker = maker
        self._memory = memory
        self._views = Views(entries, note_types, maker.media)
        self._problems = self._views.problems

    def notes(self, only: Container[str] | None) -> Notes:
        made = []
        for category, entries in relations.study_order(self._entries, self._note_types):
            if only is not None and category not in only:
                continue
            for position, entry in enumerate(entries):
                note = self._remembered(entry, position) or self._note(entry, category, position)
                if note is not None:
                    made.append(note)
        self._problems += clashes((note.key, note.guid, note.span) for note in made)
        return Notes(tuple(made), tuple(self._problems))

    def complaints(self, entries: Iterable[Entry]) -> tuple[Diagnostic, ...]:
        for entry in entries:
            self._note(entry, entry.category, 0)
        return tuple(self._problems)

    def _remembered(self, entry: Entry, position: int) -> Note | None:
        if self._memory is None:
            return None
        return self._memory.recall(entry, position, self._views.stands)

    def _note(self, entry: Entry, category: str, position: int) -> Note | None:
        compiled = self._views.types[entry.note_type]
        view = self._views.of(entry)
        before = len(self._problems)
        whole = self._views.resolved(entry)
        self._views.used = {view}
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
        media = self._views.media
        named = _MEDIA_NAME.findall("".join(fields))
        for key in compiled.raw:
            named += getattr(view[key], "files", ())
        note = Note(
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
            media=tuple(media[name] for name in dict.fromkeys(named) if name in media),
        )
        if self._memory is not None and len(self._problems) == before and not note.media:
            made_of = self._views.made_of(self._views.used)
            if made_of is not None:
                self._memory.keep(note, made_of)
        return note

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
            entry, view = self._views.entry(first), first
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
            self._views.report_refused(entry, key, line.refused)
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
