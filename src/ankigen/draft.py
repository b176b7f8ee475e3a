"""An entry while it is being made: which keys it may have, and what is wrong with what is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import schema, yamlwriter
from ankigen.diagnostics import did_you_mean
from ankigen.notetypespec import REFERENCES
from ankigen.yamltext import Marks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ankigen.diagnostics import Diagnostic
    from ankigen.notetype import NoteType
    from ankigen.yamltext import Value

_LISTS_OF_WORDS = ("slugs", "references")
_TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with the value of a key.

    Attributes:
        key: Empty for the entry as a whole.
        message: What is wrong, one sentence without a full stop.
        hint: What to do about it; may be empty.
    """

    key: str
    message: str
    hint: str = ""


def order(note_type: NoteType) -> tuple[str, ...]:
    """The note type's own keys as a person is asked for them: what is required first."""
    keys = note_type.spec.entry.items()
    return tuple(key for key, _ in sorted(keys, key=lambda item: not item[1].required))


def holds_words(note_type: NoteType, key: str) -> bool:
    """Whether a key takes a list of words, which are told apart by commas."""
    said = note_type.spec.entry.get(key)
    return key == _TAGS or (said is not None and said.type in _LISTS_OF_WORDS)


def holds_texts(note_type: NoteType, key: str) -> bool:
    """Whether a key takes a list of texts, which are given one by one."""
    said = note_type.spec.entry.get(key)
    return said is not None and said.type == "texts"


def value(note_type: NoteType, key: str, given: Sequence[str]) -> Value:
    """The value that a person means by what was given for a key, once or several times."""
    if holds_words(note_type, key):
        return [word for text in given for word in text.replace(",", " ").split()]
    return list(given) if holds_texts(note_type, key) or len(given) != 1 else given[0]


def complaints(
    note_type: NoteType, values: Mapping[str, Value], known: Mapping[str, Collection[str]]
) -> list[Complaint]:
    """Everything that the note type and the other entries' ids say against an entry.

    Args:
        note_type: What it is to be.
        values: What it has so far.
        known: Ids of the course's entries, by note type.
    """
    unwritable = [
        Complaint(key, f"'{key}' holds a control character", "type it again")
        for key, said in values.items()
        if any(map(yamlwriter.unwritable, _strings(said)))
    ]
    if unwritable:
        return unwritable
    checked = schema.validate(note_type.entries, dict(values), marks(values), "")
    wrong = checked.diagnostics if isinstance(checked, schema.Invalid) else ()
    found = list(of_diagnostics(wrong, values))
    told = {complaint.key for complaint in found}
    among = [*_taken(note_type, values, known), *_unknown(note_type, values, known)]
    return found + [complaint for complaint in among if complaint.key not in told]


def marks(values: Mapping[str, Value]) -> Marks:
    """Places by which ``of_diagnostics`` knows what a diagnostic is about: a line a key."""
    made = Marks(0)
    for line, key in enumerate(values, 1):
        made.keys[key] = made.children[key] = line << 24
    return made


def of_diagnostics(found: Iterable[Diagnostic], values: Mapping[str, Value]) -> Iterator[Complaint]:
    """Diagnostics of an entry whose places are ``marks(values)``, as complaints."""
    keys = ["", *values]
    for diagnostic in found:
        yield Complaint(keys[diagnostic.span.line - 1], diagnostic.message, diagnostic.hint)


def _taken(
    note_type: NoteType, values: Mapping[str, Value], known: Mapping[str, Collection[str]]
) -> Iterator[Complaint]:
    if values.get("id") in known.get(note_type.name, ()):
        message = f"the id '{values['id']}' is taken"
        yield Complaint("id", message, f"ids are unique among all {note_type.name}")


def _unknown(
    note_type: NoteType, values: Mapping[str, Value], known: Mapping[str, Collection[str]]
) -> Iterator[Complaint]:
    """Entries that it names, but which are not there."""
    for key, said in note_type.spec.entry.items():
        if said.type in REFERENCES and key in values:
            there = known.get(said.to, ())
            for named in _strings(values[key]):
                if named not in there:
                    hint = did_you_mean(named, there, f"add it to the {said.to} first")
                    yield Complaint(key, f"there is no '{named}' among the {said.to}", hint)


def _strings(value: Value) -> list[str]:
    if isinstance(value, str):
        return [value]
    below = value.values() if isinstance(value, dict) else value
    return [text for item in below for text in _strings(item)]
