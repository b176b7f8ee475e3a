"""What ``notetype.yaml`` may say, and the schema of entries that follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypeAlias, cast

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter
from typing_extensions import TypedDict

from ankigen import schema
from ankigen.diagnostics import Code, Diagnostic, Span, did_you_mean
from ankigen.schema import Slug, Strict, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ankigen.yamltext import Marks

KEY_FIELD = "Key"
"""Name of the last field, by which a note is found in Anki: ``"Key:terms/operator-fusion"``."""

KeyType = Literal[
    "text",
    "prose",
    "texts",
    "plain",
    "choice",
    "flag",
    "slugs",
    "reference",
    "references",
    "gapped",
    "marked",
    "image",
    "sound",
    "html",
]
"""text: one paragraph of Markdown; prose: several; texts: a list of them; plain: no Markdown;
gapped: text with gaps; marked: text that may have some; image, sound: a file of the project;
html: what another program wrote."""

Role = Literal[
    "headword",
    "gloss",
    "definition",
    "example",
    "phrase",
    "utterance",
    "question",
    "answer",
    "situation",
    "cue",
    "note",
    "hint",
    "mistake",
    "level",
    "topics",
    "register",
    "genre",
    "illustrates",
    "related",
    "source",
]
"""What a key is to a learner, which is how the rules of ``check`` know it.

headword: the word to learn; gloss: what it means in a few words; definition: the same in full;
example: a sentence that uses it; phrase: words that go together and are no sentence; utterance:
what one says or writes, in any form; question, answer: spoken in full sentences; situation: told
before something is to be said; cue: a few words to begin from; note: a remark; hint: shown in a
gap; mistake: wrong on purpose; level, topics, register, genre: how entries are sorted;
illustrates: the entries that this one shows in use; related: those to compare it with; source:
where it is known from."""

FILES = ("image", "sound")
"""The types of keys whose values name files."""

REFERENCES = ("reference", "references")
"""The types of keys whose values are ids of other entries."""

TEXTS = ("text", "prose", "texts", "gapped", "marked")
"""The types of keys whose values are written in Markdown, for a person to read."""

Shape = Literal["one", "list", "mapping"]
"""What a key holds: one text, a list of them, or a text for each of several keys."""

_OF_EVERY_ENTRY: Mapping[str, Shape] = {
    "id": "one",
    "guid": "one",
    "tags": "list",
    "voice": "one",
    "say": "mapping",
    "ipa": "mapping",
}
_NOT_FREE = (*_OF_EVERY_ENTRY, "key")

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Tag = Annotated[str, StringConstraints(pattern=schema.WORD, max_length=400)]


class KeySpec(Strict):
    """One key of an entry."""

    type: KeyType
    help: Text
    role: Role | None = None
    required: bool = False
    choices: tuple[Text, ...] = ()
    to: str = ""  # reference(s): the note type referred to
    finds: str = ""  # gapped: "<key of references>.<key of theirs>" whose word becomes the gap


class GatherSpec(Strict):
    """Entries of another note type that refer to this one, shown on its cards."""

    source: str = Field(alias="from")
    by: Identifier
    first: bool = False  # only those that name this one before any other


AnkiId = Annotated[int, Field(gt=0, lt=2**63)]
"""Of a note type: a 64-bit number that never changes."""
PartId = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""Likewise of a field or a card; Anki's own are random, half of them negative."""

_WAYS = ("key", "speak", "lines", "ipa", "off", "template")


class FieldSpec(Strict):
    """One field of the Anki note, made in one of these ways; or spare, made in none."""

    id: PartId
    name: Text
    key: str = ""  # the value of a key
    speak: str = ""  # the sound of a key, or of "<references>.<key of the first of them>"
    pace: Literal["normal", "slow"] = "normal"  # of what is spoken
    lines: str = ""  # the sentences of a key, each with its sound
    ipa: str = ""  # the pronunciation of a key
    off: str = ""  # "1" where a card is turned off
    template: str = ""  # Jinja over the keys
    holds: str = ""  # of a template: the key, or what was gathered, that can be read back from it

    @property
    def spare(self) -> bool:
        """Whether it waits for a later release to name and fill it."""
        return not any(getattr(self, way) for way in _WAYS)


class CardSpec(Strict):
    """One card template of the Anki note type."""

    id: PartId
    name: Text
    front: Text
    back: Text
    seconds: int = Field(default=12, ge=1, le=600)  # that a right answer takes, its back read

    @property
    def slug(self) -> str:
        """What the files of a course call it: ``hear-the-other``."""
        return "-".join(self.name.lower().split())


class NoteTypeSpec(Strict):
    """``notetype.yaml``."""

    id: AnkiId
    name: Text
    help: Text
    sample: str = ""  # an entry, in YAML
    kind: Literal["standard", "cloze"] = "standard"
    adopted: bool = False  # made by Anki and kept as it is there: no Key, no look of ours
    entry: dict[Identifier, KeySpec]
    gather: dict[Identifier, GatherSpec] = Field(default_factory=dict)
    follows: str = ""  # the key of references after which an entry is studied
    fields: tuple[FieldSpec, ...] = Field(min_length=1)
    cards: tuple[CardSpec, ...] = Field(min_length=1)
    tags: dict[Identifier, Identifier] = Field(default_factory=dict)

    def card(self, ordinal: int) -> CardSpec:
        """Of a note's card, by its ordinal from 0: all of a cloze note are of one template."""
        return self.cards[0 if self.kind == "cloze" else ordinal]


def check(spec: NoteTypeSpec, marks: Marks, file: str) -> Iterator[Diagnostic]:
    """What pydantic cannot see: names that must exist, ids that must differ."""

    def wrong(path: tuple[str | int, ...], message: str, hint: str = "") -> Diagnostic:
        return Diagnostic(Span(file, *marks.find(path)), Code.NOTE_TYPE, message, hint)

    for part in (_check_identities, _check_slugs, _check_fields, _check_keys):
        for path, message, hint in part(spec):
            yield wrong(path, message, hint)


_Problem: TypeAlias = tuple[tuple[str | int, ...], str, str]


def _check_identities(spec: NoteTypeSpec) -> Iterator[_Problem]:
    for kind, items in (("fields", spec.fields), ("cards", spec.cards)):
        for what in ("id", "name"):
            seen: set[object] = set()
            for index, item in enumerate(items):
                value = getattr(item, what)
                if value in seen:
                    yield (kind, index, what), f"two {kind} have the {what} '{value}'", ""
                seen.add(value)


def _check_slugs(spec: NoteTypeSpec) -> Iterator[_Problem]:
    if spec.adopted:  # Anki tells "Card 1" and "card  1" apart; none of them can be turned off
        return
    seen: set[str] = set()
    for index, card in enumerate(spec.cards):
        if card.slug in seen:
            yield ("cards", index, "name"), f"two cards are called '{card.slug}' in 'cards:'", ""
        seen.add(card.slug)


def _check_fields(spec: NoteTypeSpec) -> Iterator[_Problem]:
    for index, made in enumerate(spec.fields):
        if sum(bool(getattr(made, way)) for way in _WAYS) > 1:
            yield (
                ("fields", index),
                f"the field '{made.name}' has more than one of {', '.join(_WAYS)}",
                "keep one",
            )
        for what in ("key", "speak", "lines", "ipa", "holds"):
            name = getattr(made, what)
            known: Iterable[str] = spec.entry
            if what == "speak" and "." in name:  # of another entry, whose keys are not known here
                name = name.partition(".")[0]
                known = [*spec.gather, *_references(spec)]
            if what == "holds":
                known = [*spec.entry, *spec.gather]
            if name and name not in known:
                hint = did_you_mean(name, known)
                yield ("fields", index, what), f"entries have no key '{name}'", hint
        if made.lines and spec.entry.get(made.lines) and spec.entry[made.lines].type not in _PROSE:
            yield ("fields", index, "lines"), f"'{made.lines}' is no text of sentences", ""
        cards = [card.slug for card in spec.cards]
        if made.off and made.off not in cards:
            hint = did_you_mean(made.off, cards, f"choose from {', '.join(cards)}")
            yield ("fields", index, "off"), f"there is no card '{made.off}'", hint
    if spec.fields[-1].name != KEY_FIELD and not spec.adopted:
        yield ("fields", len(spec.fields) - 1), f"the last field must be '{KEY_FIELD}'", ""


_PROSE = ("text", "prose")
_TAGGED = ("choice", "plain", "slugs", "text")


def _references(spec: NoteTypeSpec) -> list[str]:
    return [name for name, key in spec.entry.items() if key.type in REFERENCES]


def _check_keys(spec: NoteTypeSpec) -> Iterator[_Problem]:
    for name, key in spec.entry.items():
        if name in _NOT_FREE:
            yield ("entry", name), f"every entry has '{name}' already", "choose another name"
        found_by, _, _ = key.finds.partition(".")
        if found_by and (found_by not in spec.entry or spec.entry[found_by].type not in REFERENCES):
            yield ("entry", name, "finds"), f"'{found_by}' is no key of references", ""
        if key.type == "choice" and not key.choices:
            yield ("entry", name), f"the choice '{name}' has no choices", ""
        if key.type in REFERENCES and not key.to:
            yield ("entry", name), f"'{name}' does not say which note type it refers to", ""
    if spec.follows and (
        spec.follows not in spec.entry or spec.entry[spec.follows].type not in REFERENCES
    ):
        yield ("follows",), f"'{spec.follows}' is no key of references", ""
    for prefix, name in spec.tags.items():
        if name not in spec.entry:
            hint = did_you_mean(name, spec.entry)
            yield ("tags", prefix), f"entries have no key '{name}'", hint
        elif spec.entry[name].type not in _TAGGED:
            yield ("tags", prefix), f"'{name}' gives no tags", "name a choice, or a list of slugs"


_TYPES: dict[str, Any] = {
    "text": Text,
    "prose": Text,
    "plain": Text,
    "gapped": Text,
    "marked": Text,
    "image": Text,
    "sound": Text,
    "html": str,
    "texts": Annotated[list[Text], Field(min_length=1)],
    "slugs": Annotated[list[Slug], Field(min_length=1)],
    "reference": Slug,
    "references": Annotated[list[Slug], Field(min_length=1)],
    "flag": bool,
}


_LISTS = ("texts", "slugs", "references")


def shapes(spec: NoteTypeSpec) -> Mapping[str, Shape]:
    """What each key of an entry holds, those that every entry may have among them."""
    own: dict[str, Shape] = {
        name: "list" if key.type in _LISTS else "one" for name, key in spec.entry.items()
    }
    return {"id": "one", **own, **_OF_EVERY_ENTRY}


def required(spec: NoteTypeSpec) -> tuple[str, ...]:
    """The keys that no entry may lack."""
    return ("id", *(name for name, key in spec.entry.items() if key.required))


def entry_schema(name: str, spec: NoteTypeSpec) -> TypeAdapter[Mapping[str, Any]]:
    """The schema of one entry: its own keys and those that every entry may have."""
    keys: dict[str, Any] = {
        "id": Annotated[Slug, Field(description="Identity of the entry; never change it.")],
        "guid": NotRequired[
            Annotated[str, Field(min_length=1, description="Anki's GUID of an imported note.")]
        ],
        "tags": NotRequired[Annotated[list[Tag], Field(description="Tags of the note in Anki.")]],
        "voice": NotRequired[
            Annotated[Slug, Field(description="Name of the voice that speaks it.")]
        ],
        "say": NotRequired[
            Annotated[schema.PerKey, Field(description="What is said instead of what is written.")]
        ],
        "ipa": NotRequired[
            Annotated[schema.PerKey, Field(description="Shown instead of the derived IPA.")]
        ],
    }
    for key, said in spec.entry.items():
        kind: Any = Literal[said.choices] if said.type == "choice" else _TYPES[said.type]
        typed: Any = Annotated[kind, Field(description=said.help)]
        keys[key] = typed if said.required else NotRequired[typed]
    entry: Any = cast("Any", TypedDict)(name, keys)  # its keys are data, which mypy cannot see
    entry.__pydantic_config__ = ConfigDict(extra="forbid")
    return TypeAdapter(entry)
