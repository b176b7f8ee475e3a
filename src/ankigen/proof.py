"""What rendering would complain of, found without rendering most of the entries.

Most entries are seen to be right at a glance: their texts hold nothing that could be refused, their
gap is where it should be, the voice can say them, and a card's front shows a key that every entry
has. Only the others are rendered, whose complaints are then exactly those of a build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ankigen import inflection, markup, notetype, relations, render
from ankigen.ankitemplate import Replacement, Section
from ankigen.diagnostics import SourceError
from ankigen.notetypespec import FILES, REFERENCES, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ankigen.ankitemplate import Part
    from ankigen.diagnostics import Diagnostic
    from ankigen.model import Entry
    from ankigen.notetype import NoteType
    from ankigen.notetypespec import FieldSpec
    from ankigen.render import Maker

    Sayable: TypeAlias = Callable[[Entry, str, str], bool]

# A field's template that is filled where the one key that it writes out is.
_WRITES_OUT = re.compile(r"(?:[^{]|\{(?![{%]))*\{\{\s*(\w+)(?:\.\w+\([\w, ]*\))?\s*\}\}[^{]*")
_DOUBTFUL = re.compile("<[a-zA-Z/!?]|&[#a-zA-Z]")  # could be HTML, or the name of a character


def examine(
    entries: Sequence[Entry],
    note_types: Mapping[str, NoteType],
    maker: Maker,
    sayable: Sayable,
) -> list[Diagnostic]:
    """Everything that rendering these entries would complain of.

    Args:
        entries: All of the course.
        note_types: By name.
        maker: What rendering needs.
        sayable: For an entry, a key of it and the key's text: whether it is known that its voice
            can say it.
    """
    glance = _Glance(entries, note_types, maker, sayable)
    doubtful = [entry for entry in entries if not glance.is_right(entry)]
    found: list[Diagnostic] = []
    if doubtful or glance.own:
        try:
            found += render.complaints(entries, note_types, maker, doubtful)
        except SourceError as error:  # a field's template
            found += error.diagnostics
    if any("guid" in entry.values for entry in entries):
        order = relations.study_order(entries, note_types)
        found += render.clashes(
            (
                entry.key,
                entry.values.get("guid") or maker.guid(entry.note_type, entry.id),
                entry.span(),
            )
            for _, some in order
            for entry in some
        )
    return found


@dataclass(frozen=True, slots=True)
class _Kind:
    """What matters of a note type.

    Attributes:
        texts: Keys of texts that reach the note, their types, and whether they are spoken.
        lines: Keys that are spoken sentence by sentence.
        deep: Keys whose values are known to be right only when they are rendered.
        references: Keys of references, and of which note type.
        finds: By key of a gapped text: the reference and its key that give the gap.
        required: Keys that every entry has, of texts.
    """

    spec: NoteType
    texts: tuple[tuple[str, str, bool], ...]
    lines: tuple[str, ...]
    deep: frozenset[str]
    references: tuple[tuple[str, str], ...]
    finds: Mapping[str, tuple[str, str]]
    required: frozenset[str]


class _Glance:
    """What can be seen of entries at a glance."""

    def __init__(
        self,
        entries: Sequence[Entry],
        note_types: Mapping[str, NoteType],
        maker: Maker,
        sayable: Sayable,
    ) -> None:
        known = notetype.built_in()
        self.own = [name for name in note_types if name not in known]
        self._off = maker.off
        self._sayable = sayable
        self._entries = {(entry.note_type, entry.id): entry for entry in entries}
        self._kinds = {
            name: _kind(made, note_types) for name, made in note_types.items() if name in known
        }
        self._shown: dict[tuple[str, frozenset[str]], bool] = {}

    def is_right(self, entry: Entry) -> bool:
        """Whether rendering an entry certainly finds nothing wrong; False where that is not known.

        A course's own note types may do anything with an entry, and are always rendered.
        """
        kind = self._kinds.get(entry.note_type)
        if kind is None or not self._is_shown(entry, kind):
            return False
        return self._has_targets(entry, kind) and self._has_right_values(entry, kind)

    def _has_targets(self, entry: Entry, kind: _Kind) -> bool:
        return all(
            (to, name) in self._entries
            for key, to in kind.references
            if key in entry.values
            for name in relations.named(entry, key)
        )

    def _has_right_values(self, entry: Entry, kind: _Kind) -> bool:
        values = entry.values
        if not kind.deep.isdisjoint(values):
            return False
        for key, made, spoken in kind.texts:
            value = values.get(key)
            if value and not self._is_right_text(entry, kind, key, made, value, spoken=spoken):
                return False
        return all(self._are_right_lines(entry, k, values[k]) for k in kind.lines if k in values)

    def _is_right_text(
        self, entry: Entry, kind: _Kind, key: str, made: str, value: str, *, spoken: bool
    ) -> bool:
        if made == "texts":
            return not any(map(_DOUBTFUL.search, value))
        if _DOUBTFUL.search(value):
            return False
        if made == "gapped" or (made == "marked" and inflection.has_braces(value)):
            gapped = self._gapped(entry, kind, key, value)
            return gapped is not None and not (spoken and not self._sayable(entry, key, gapped))
        if not spoken:
            return True
        plain = (markup.block if made == "prose" else markup.inline)(value).plain
        return self._sayable(entry, key, plain)

    def _gapped(self, entry: Entry, kind: _Kind, key: str, value: str) -> str | None:
        """The words of a text with a gap; None where it has none for sure."""
        if not inflection.has_braces(value):
            reference, of = kind.finds.get(key, ("", ""))
            named = relations.named(entry, reference) if reference else ()
            if not named:
                return None
            target = self._entries[kind.spec.spec.entry[reference].to, named[0]]
            term = target.values.get(of)
            if not isinstance(term, str) or _DOUBTFUL.search(term):
                return None
            marked = inflection.mark_gap(value, markup.inline(term).plain)
            if marked is None:
                return None
            value = marked
        made = markup.gapped(value)
        return made.plain if made else None

    def _are_right_lines(self, entry: Entry, key: str, value: str) -> bool:
        return not _DOUBTFUL.search(value) and all(
            self._sayable(entry, f"{key}_{number}", line.plain)
            for number, line in enumerate(markup.lines(value), start=1)
        )

    def _is_shown(self, entry: Entry, kind: _Kind) -> bool:
        """Whether a card of an entry certainly shows something on its front."""
        if kind.spec.spec.kind == "cloze":
            return True
        off = self._off(entry)
        shown = self._shown.get((entry.note_type, off))
        if shown is None:
            shown = self._shown[entry.note_type, off] = _shows(kind, off)
        return shown


def _kind(made: NoteType, note_types: Mapping[str, NoteType]) -> _Kind:
    spec = made.spec
    lines = tuple(field.lines for field in spec.fields if field.lines)
    spoken = {field.speak for field in spec.fields if field.speak} | set(
        _spoken_abroad(made, note_types)
    )
    texts = [
        (key, said.type, key in spoken)
        for key, said in spec.entry.items()
        if said.type in TEXTS and key not in lines
    ]
    return _Kind(
        spec=made,
        texts=tuple(texts),
        lines=lines,
        deep=frozenset(k for k, said in spec.entry.items() if said.type in (*FILES, "html")),
        references=tuple((k, said.to) for k, said in spec.entry.items() if said.type in REFERENCES),
        finds={
            key: (reference, of)
            for key, said in spec.entry.items()
            for reference, dot, of in [said.finds.partition(".")]
            if dot
        },
        required=frozenset(k for k, s in spec.entry.items() if s.required and s.type in TEXTS),
    )


def _spoken_abroad(made: NoteType, note_types: Mapping[str, NoteType]) -> Iterator[str]:
    """Keys of a note type that notes of others speak."""
    for other in note_types.values():
        for field in other.spec.fields:
            reference, dot, key = field.speak.partition(".")
            if dot:
                gathered = other.spec.gather.get(reference)
                to = gathered.source if gathered else other.spec.entry[reference].to
                if to == made.name:
                    yield key


def _shows(kind: _Kind, off: frozenset[str]) -> bool:
    """Whether every entry that is right has a card whose front shows something."""
    filled: set[str] = set()
    empty: set[str] = set()
    for field in kind.spec.spec.fields:
        if field.off:
            (filled if field.off in off else empty).add(field.name)
        elif field.spare:
            empty.add(field.name)
        elif _source(field) in kind.required:
            filled.add(field.name)
    return any(_reaches(card.parsed_front, filled, empty) for card in kind.spec.cards)


def _source(field: FieldSpec) -> str:
    """The key of a text that fills a field; empty where it is not that simple."""
    written = _WRITES_OUT.fullmatch(field.template)
    return written[1] if written else field.key or field.speak or field.lines


def _reaches(parts: Sequence[Part], filled: set[str], empty: set[str]) -> bool:
    """Whether a front certainly shows something, other fields being filled or not."""
    for part in parts:
        if isinstance(part, Replacement):
            if part.field in filled:
                return True
        elif (
            isinstance(part, Section)
            and part.field in (empty if part.negated else filled)
            and _reaches(part.children, filled, empty)
        ):
            return True
    return False
