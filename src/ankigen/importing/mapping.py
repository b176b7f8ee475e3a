"""Which field of a foreign note type becomes which key of ours."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen.diagnostics import SetupError, did_you_mean
from ankigen.notetypespec import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.importing.foreign import ForeignType
    from ankigen.notetype import NoteType

SAID = "as you said"
"""Why a field becomes what it becomes."""

TAGS, ID, NOTHING = "tags", "id", "-"
"""What a field may also become: tags, the entry's id, or nothing at all."""

_NOT_A_WORD = re.compile(r"[\W_]+")
_NEAR = 85.0  # per cent: "Definiton" is 95, "Back" and "Bank" 75
_MANY = ("prose", "texts", "slugs")
"""Types of keys that take more than one field."""

_CALLED: Mapping[str, tuple[str, ...]] = {
    "headword": ("word", "term", "headword", "expression", "vocabulary", "vocab", "lemma", "front"),
    "definition": ("definition", "meaning", "explanation", "translation", "english", "back"),
    "gloss": ("gloss", "meaning", "translation", "definition"),
    "example": ("example", "sentence", "example sentence", "context", "text"),
    "phrase": ("phrase", "collocation", "expression", "text", "front"),
    "utterance": ("phrase", "answer", "back"),
    "question": ("question", "front"),
    "answer": ("answer", "back"),
    "situation": ("situation", "context", "front"),
    "note": ("note", "notes", "remark", "remarks", "comment", "usage", "extra", "back extra"),
    "hint": ("hint", "clue"),
    "mistake": ("wrong", "mistake", "error"),
    "source": ("source", "reference", "url", "link"),
    "topics": ("topic", "topics", "category"),
    "level": ("level", "difficulty"),
    "genre": ("genre",),
    "register": ("register", "formality"),
    "image": ("picture", "image", "photo"),
    "sound": ("audio", "sound", "pronunciation", "recording"),
}
"""What fields of that role, or of that type of key, are called in the decks that people share."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A field and what becomes of it.

    Attributes:
        place: Of the field in its note type, from 0.
        key: Of ours, or one of ``TAGS``, ``ID`` and ``NOTHING``.
        why: How that was found out, in words.
    """

    place: int
    field: str
    key: str
    why: str


def parse(said: Iterable[str]) -> list[tuple[str, str]]:
    """``--map "Front=term"`` as pairs.

    Raises:
        SetupError: One has no ``=``.
    """
    pairs = []
    for one in said:
        field, equals, key = one.rpartition("=")
        if not equals or not field.strip() or not key.strip():
            raise SetupError(f"'--map {one}' is not FIELD=key", 'write for example "Front=term"')
        pairs.append((field.strip(), key.strip()))
    return pairs


def parse_constants(said: Iterable[str]) -> list[tuple[str, str]]:
    """``--set "channel=spoken"`` as pairs.

    Raises:
        SetupError: One has no ``=``.
    """
    pairs = []
    for one in said:
        key, equals, value = one.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise SetupError(f"'--set {one}' is not KEY=value", 'write for example "level=core"')
        pairs.append((key.strip(), value.strip()))
    return pairs


def propose(
    kind: ForeignType, note_type: NoteType, said: Sequence[tuple[str, str]]
) -> tuple[Mapped, ...]:
    """What becomes of each field, in their order.

    Args:
        kind: The foreign note type.
        note_type: Ours.
        said: What the person said, which must name fields and keys that are there.

    Raises:
        SetupError: It does not.
    """
    return _Proposal(kind, note_type).fields(said)


class _Proposal:
    """The state of one search."""

    def __init__(self, kind: ForeignType, note_type: NoteType) -> None:
        self._kind = kind
        self._type = note_type
        self._keys = note_type.spec.entry
        self._made: dict[int, Mapped] = {}

    def fields(self, said: Sequence[tuple[str, str]]) -> tuple[Mapped, ...]:
        self._take_said(said)
        self._take_named()
        self._take_called()
        self._take_rest()
        nothing = "no key fits; name one with --map"
        return tuple(
            self._made.get(at, Mapped(at, name, NOTHING, nothing))
            for at, name in enumerate(self._kind.fields)
        )

    def _map(self, place: int, key: str, why: str) -> None:
        self._made[place] = Mapped(place, self._kind.fields[place], key, why)

    def _free(self) -> Iterator[tuple[int, str]]:
        return (item for item in enumerate(self._kind.fields) if item[0] not in self._made)

    def _open(self) -> list[str]:
        taken = {mapped.key for mapped in self._made.values()}
        return [key for key in self._keys if key not in taken]

    def _take_said(self, said: Sequence[tuple[str, str]]) -> None:
        for field, key in said:
            exact = [at for at, name in enumerate(self._kind.fields) if name == field]
            loose = [at for at, name in enumerate(self._kind.fields) if _same(name, field)]
            if not exact and len(loose) != 1:
                known = self._kind.fields
                hint = did_you_mean(field, known, f"it has {', '.join(known)}")
                raise SetupError(f"'{self._kind.name}' has no field '{field}'", hint)
            known_keys = [*self._keys, TAGS, ID, NOTHING]
            if key not in known_keys:
                hint = did_you_mean(key, self._keys, f"it has {', '.join(self._keys)}")
                raise SetupError(f"{self._type.name} have no key '{key}'", hint)
            before = [m for m in self._made.values() if m.key == key and key != NOTHING]
            many = key == TAGS or (key in self._keys and self._keys[key].type in _MANY)
            if before and not many:
                message = f"two fields are to become '{key}': '{before[0].field}' and '{field}'"
                raise SetupError(message, "map one of them to another key, or to -")
            self._map((exact or loose)[0], key, SAID)

    def _take_named(self) -> None:
        """Fields that are called as a key, or as our own field of that key."""
        called = {key: key for key in self._keys}
        called |= {f.name: f.key for f in self._type.spec.fields if f.key}
        for at, name in list(self._free()):
            if _same(name, TAGS):
                self._map(at, TAGS, "the same name")
                continue
            for other, key in called.items():
                if _same(name, other) and key in self._open():
                    self._map(at, key, "the same name")
                    break

    def _take_called(self) -> None:
        """Fields that are called as fields of that role often are, or nearly as a key."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - slow to load, and few need it

        for rank in range(max(map(len, _CALLED.values()))):
            for key in self._open():
                spec = self._keys[key]
                names = _CALLED.get(spec.role or spec.type, ())
                wanted = names[rank] if rank < len(names) else ""
                for at, name in list(self._free()):
                    if wanted and _same(name, wanted) and key in self._open():
                        self._map(at, key, "what such a field is often called")
        for at, name in list(self._free()):
            found = process.extractOne(
                _plain(name), self._open(), scorer=fuzz.ratio, score_cutoff=_NEAR
            )
            if found:
                self._map(at, found[0], "a name that is nearly the same")

    def _take_rest(self) -> None:
        """The first field is what one looks for, the next what it means."""
        wanted = [
            key
            for key in self._open()
            if self._keys[key].required and self._keys[key].type in (*TEXTS, "plain")
        ]
        if all(mapped.key in (TAGS, ID, NOTHING) for mapped in self._made.values()):
            order = iter(wanted)
        else:  # of fields with names of their own, only the first is taken on trust
            order = iter(wanted[:1])
        for (at, _), key in zip(list(self._free()), order, strict=False):
            self._map(at, key, "the first field" if not at else "the next field in order")


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return _NOT_A_WORD.sub(" ", folded).strip()
