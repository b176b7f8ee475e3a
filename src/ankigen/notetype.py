"""Note types are data: a folder with ``notetype.yaml``, card templates and a stylesheet.

This module is the one loader of them. Nothing else in the program knows a note type by name.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypeAlias, cast

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter
from typing_extensions import TypedDict

from ankigen import ankitemplate, schema, yamltext
from ankigen.diagnostics import Code, Diagnostic, SourceError, Span, did_you_mean
from ankigen.schema import Slug, Strict, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from ankigen.yamltext import Marks

SPEC_FILE = "notetype.yaml"
STYLE_FILE = "style.css"
SHARED_STYLE = "shared.css"
"""The look that all built-in note types share, put before each one's own."""
KEY_FIELD = "Key"
"""Name of the last field, by which a note is found in Anki: ``"Key:terms/operator-fusion"``."""

KeyType = Literal[
    "text", "prose", "plain", "choice", "slugs", "reference", "references", "gapped", "flag"
]
"""text: one paragraph of Markdown; prose: several; plain: no Markdown; gapped: text with gaps."""

REFERENCES = ("reference", "references")
"""The types of keys whose values are ids of other entries."""

_EVERY_ENTRY = ("id", "key", "guid", "tags", "voice", "say", "ipa")

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Tag = Annotated[str, StringConstraints(pattern=schema.WORD, max_length=80)]


class KeySpec(Strict):
    """One key of an entry."""

    type: KeyType
    help: Text
    required: bool = False
    choices: tuple[Text, ...] = ()
    to: str = ""  # reference(s): the note type referred to
    finds: str = ""  # gapped: "<key of references>.<key of theirs>" whose word becomes the gap


class GatherSpec(Strict):
    """Entries of another note type that refer to this one, shown on its cards."""

    source: str = Field(alias="from")
    by: Identifier


class FieldSpec(Strict):
    """One field of the Anki note: from a key, spoken, in IPA, from a template, or spare."""

    id: int
    name: Text
    key: str = ""
    speak: str = ""
    pace: Literal["normal", "slow"] = "normal"  # of what is spoken
    ipa: str = ""
    template: str = ""

    @property
    def spare(self) -> bool:
        """Whether it waits for a later release to name and fill it."""
        return not (self.key or self.speak or self.ipa or self.template)


class CardSpec(Strict):
    """One card template of the Anki note type."""

    id: int
    name: Text
    front: Text
    back: Text


class NoteTypeSpec(Strict):
    """``notetype.yaml``."""

    id: int
    name: Text
    help: Text
    kind: Literal["standard", "cloze"] = "standard"
    entry: dict[Identifier, KeySpec]
    gather: dict[Identifier, GatherSpec] = Field(default_factory=dict)
    follows: str = ""  # the key of references after which an entry is studied
    fields: tuple[FieldSpec, ...] = Field(min_length=2)
    cards: tuple[CardSpec, ...] = Field(min_length=1)
    tags: dict[Identifier, Identifier] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    """A card template, read and parsed."""

    id: int
    name: str
    front: str
    back: str
    parsed_front: tuple[ankitemplate.Part, ...]


@dataclass(frozen=True, slots=True)
class NoteType:
    """A loaded note type.

    Attributes:
        name: Its folder's name, which is also the stem of its source files.
        spec: What ``notetype.yaml`` says.
        cards: In Anki's order.
        css: The cards' stylesheet.
        entries: Checks and types one entry of a source file.
    """

    name: str
    spec: NoteTypeSpec
    cards: tuple[Card, ...]
    css: str
    entries: TypeAdapter[Mapping[str, Any]] = field(compare=False, repr=False)

    def cards_of(self, fields: tuple[str, ...], *, tags: bool) -> tuple[int, ...]:
        """Ordinals of the cards that a note with these fields has in Anki."""
        if self.spec.kind == "cloze":
            return ankitemplate.cloze_cards(fields)
        named = dict(zip((f.name for f in self.spec.fields), fields, strict=True))
        return ankitemplate.standard_cards(
            [card.parsed_front for card in self.cards], named, tags=tags
        )

    @property
    def spoken(self) -> tuple[str, ...]:
        """The keys of an entry that are spoken, the main one first."""
        return tuple(dict.fromkeys(field.speak for field in self.spec.fields if field.speak))


_SPEC: TypeAdapter[NoteTypeSpec] = TypeAdapter(NoteTypeSpec)


@functools.cache
def built_in() -> Mapping[str, NoteType]:
    """The note types that come with ankigen, by name.

    Raises:
        SourceError: One of them is broken, which the test suite would have shown.
    """
    root = resources.files("ankigen") / "notetypes"
    folders = sorted((f for f in root.iterdir() if (f / SPEC_FILE).is_file()), key=lambda f: f.name)
    shared = (root / SHARED_STYLE).read_text("utf-8")
    return {folder.name: load(folder, shared) for folder in folders}


def load(folder: Traversable, shared_css: str = "") -> NoteType:
    """Read, check and compile the note type in a folder.

    Args:
        folder: With ``notetype.yaml``, the templates it names and, if it likes, ``style.css``.
        shared_css: Put before the folder's own stylesheet.

    Raises:
        SourceError: With every mistake in its files.
    """
    file = f"{folder.name}/{SPEC_FILE}"
    document = yamltext.read((folder / SPEC_FILE).read_text("utf-8"), file)
    if document.diagnostics or document.value is None:
        raise SourceError(
            document.diagnostics or [Diagnostic(Span(file), Code.EMPTY, "the file is empty")]
        )
    spec = schema.validate(_SPEC, document.value, document.marks, file)
    if isinstance(spec, schema.Invalid):
        raise SourceError(spec.diagnostics)
    problems = list(_check(spec, document.marks, file))
    cards = []
    for index, card in enumerate(spec.cards):
        texts = {}
        for side in ("front", "back"):
            name = getattr(card, side)
            template = folder / name
            if "/" in name or "\\" in name or not template.is_file():
                problems.append(
                    Diagnostic(
                        Span(file, *document.marks.find(("cards", index, side))),
                        Code.NOTE_TYPE,
                        f"there is no template '{name}' in this folder",
                    )
                )
                continue
            texts[side] = template.read_text("utf-8")
            problems += _check_template(texts[side], f"{folder.name}/{name}", spec)
        if len(texts) == 2 and not problems:  # noqa: PLR2004 - front and back
            parsed = ankitemplate.parse(texts["front"])
            cards.append(Card(card.id, card.name, texts["front"], texts["back"], parsed))
    if problems:
        raise SourceError(problems)
    style = folder / STYLE_FILE
    css = shared_css + (style.read_text("utf-8") if style.is_file() else "")
    return NoteType(folder.name, spec, tuple(cards), css, _entries(folder.name, spec))


def _check(spec: NoteTypeSpec, marks: Marks, file: str) -> Iterator[Diagnostic]:
    """What pydantic cannot see: names that must exist, ids that must differ."""

    def wrong(path: tuple[str | int, ...], message: str, hint: str = "") -> Diagnostic:
        return Diagnostic(Span(file, *marks.find(path)), Code.NOTE_TYPE, message, hint)

    for part in (_check_identities, _check_fields, _check_keys):
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


def _check_fields(spec: NoteTypeSpec) -> Iterator[_Problem]:
    for index, made in enumerate(spec.fields):
        if sum(map(bool, (made.key, made.speak, made.ipa, made.template))) > 1:
            yield (
                ("fields", index),
                f"the field '{made.name}' has more than one of key, speak, ipa, template",
                "keep one",
            )
        for what in ("key", "speak", "ipa"):
            name = getattr(made, what)
            if name and name not in spec.entry:
                hint = did_you_mean(name, spec.entry)
                yield ("fields", index, what), f"entries have no key '{name}'", hint
    if spec.fields[-1].name != KEY_FIELD:
        yield ("fields", len(spec.fields) - 1), f"the last field must be '{KEY_FIELD}'", ""


def _check_keys(spec: NoteTypeSpec) -> Iterator[_Problem]:
    for name, key in spec.entry.items():
        if name in _EVERY_ENTRY:
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


def _check_template(text: str, file: str, spec: NoteTypeSpec) -> Iterator[Diagnostic]:
    """Unknown fields and filters, which Anki would take in silence or show an error for."""

    def at(offset: int, message: str, hint: str = "") -> Diagnostic:
        line = text.count("\n", 0, offset) + 1
        column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        return Diagnostic(Span(file, line, column), Code.TEMPLATE, message, hint)

    try:
        parts = ankitemplate.parse(text)
    except ankitemplate.TemplateError as error:
        yield at(error.offset, str(error))
        return
    fields = {f.name for f in spec.fields}
    for part in ankitemplate.replacements(parts):
        if part.field not in fields | ankitemplate.SPECIAL_FIELDS:
            yield at(
                part.offset,
                f"the note type has no field '{part.field}'",
                did_you_mean(part.field, fields),
            )
        for name in getattr(part, "filters", ()):
            if name not in ankitemplate.FILTERS and not name.startswith("tts"):
                yield at(
                    part.offset,
                    f"Anki has no filter '{name}'",
                    did_you_mean(name, ankitemplate.FILTERS),
                )


_TYPES: dict[str, Any] = {
    "text": Text,
    "prose": Text,
    "plain": Text,
    "gapped": Text,
    "slugs": Annotated[list[Slug], Field(min_length=1)],
    "reference": Slug,
    "references": Annotated[list[Slug], Field(min_length=1)],
    "flag": bool,
}


def _entries(name: str, spec: NoteTypeSpec) -> TypeAdapter[Mapping[str, Any]]:
    """The schema of one entry: its own keys and those that every entry may have."""
    keys: dict[str, Any] = {
        "id": Annotated[Slug, Field(description="Identity of the entry; never change it.")],
        "guid": NotRequired[
            Annotated[Text, Field(description="Anki's GUID, kept from an imported note.")]
        ],
        "tags": NotRequired[Annotated[list[Tag], Field(description="Tags of the note in Anki.")]],
        "voice": NotRequired[
            Annotated[Slug, Field(description="Name of the voice that speaks it.")]
        ],
        "say": NotRequired[
            Annotated[schema.PerKey, Field(description="What is said instead of what is written.")]
        ],
        "ipa": NotRequired[Annotated[Text, Field(description="Pronunciation in IPA.")]],
    }
    for key, said in spec.entry.items():
        kind: Any = Literal[said.choices] if said.type == "choice" else _TYPES[said.type]
        typed: Any = Annotated[kind, Field(description=said.help)]
        keys[key] = typed if said.required else NotRequired[typed]
    entry: Any = cast("Any", TypedDict)(name, keys)  # its keys are data, which mypy cannot see
    entry.__pydantic_config__ = ConfigDict(extra="forbid")
    return TypeAdapter(entry)
