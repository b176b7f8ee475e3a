"""A note of a foreign note type → the values of an entry, field by field as they were mapped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING

from ankigen.importing import markdown, safenames
from ankigen.importing.foreign import Kind, Writing
from ankigen.importing.mapping import ID, NOTHING, SAID, TAGS
from ankigen.notetypespec import FILES, REFERENCES
from ankigen.schema import SLUG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ankigen.importing.foreign import ForeignNote
    from ankigen.importing.mapping import Mapped
    from ankigen.importing.markdown import Converted
    from ankigen.notetype import NoteType
    from ankigen.notetypespec import KeySpec
    from ankigen.yamltext import Value

_LIST = re.compile(r"\s*[,;]\s*|\s*<br ?/?>\s*|\n+")
_TRUE = frozenset({"1", "true", "x", "y", "yes"})


@dataclass(slots=True)
class Made:
    """An entry in the making.

    Attributes:
        id: What a field says of it; empty where none does.
        values: By key.
        names: By key of references: ids or words that name them.
        files: By key: the name of a file that comes with the notes.
        gaps: The words of the gaps.
        problems: What became of it, field, what of it is not in the entry, and what it is.
    """

    id: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    problems: list[tuple[Kind, str, str, str]] = field(default_factory=list)


def convert(
    note: ForeignNote,
    fields: Sequence[Mapped],
    note_type: NoteType,
    writing: Writing,
    constants: Mapping[str, str],
) -> Made:
    """The entry of a note.

    Args:
        note: The foreign note.
        fields: What becomes of each of its fields.
        note_type: Ours.
        writing: How its fields are written.
        constants: Values of keys that are the same in all entries.
    """
    return _Conversion(note_type, writing).entry(note, fields, constants)


class _Conversion:
    """The state of one note's."""

    def __init__(self, note_type: NoteType, writing: Writing) -> None:
        self._type = note_type
        self._keys = note_type.spec.entry
        self._writing = writing
        self._made = Made()
        self._pictures: list[tuple[str, str]] = []
        self._sounds: list[tuple[str, str]] = []

    def entry(
        self, note: ForeignNote, fields: Sequence[Mapped], constants: Mapping[str, str]
    ) -> Made:
        tags = list(note.tags)
        for mapped in fields:
            text = note.fields[mapped.place]
            if mapped.key == TAGS:
                tags += self._words(text).replace(",", " ").split()
            elif mapped.key == ID:
                self._made.id = safenames.slug(self._words(text))
            elif mapped.key != NOTHING and text.strip():
                self._take(mapped, text)
            elif mapped.why != SAID and self._writing is Writing.HTML:
                self._note_files(mapped.field, markdown.convert(text, "plain"))
        for key, value in constants.items():
            spec = self._keys[key]
            many = spec.type in ("slugs", "texts")
            self._made.values.setdefault(key, _LIST.split(value) if many else value)
        self._place_files()
        if tags:
            self._made.values["tags"] = list(dict.fromkeys(tags))
        return self._made

    def _take(self, mapped: Mapped, text: str) -> None:
        spec = self._keys[mapped.key]
        if spec.type == "html":
            self._made.values[mapped.key] = self._html(text)
        elif spec.type in FILES:
            self._take_file(mapped, spec, markdown.convert(self._html(text), "text"))
        elif spec.type in REFERENCES:
            words = _LIST.split(self._words(text))
            self._made.names[mapped.key] = [word for word in words if word]
        elif spec.type == "texts":
            self._take_texts(mapped, text)
        elif spec.type in ("choice", "flag", "slugs"):
            self._take_word(mapped, spec, self._words(text))
        else:
            self._take_text(mapped, spec, text)

    def _take_text(self, mapped: Mapped, spec: KeySpec, text: str) -> None:
        if self._writing is Writing.SOURCE:
            made = text.strip()
        else:
            converted = markdown.convert(self._html(text), spec.type)
            self._lose(mapped.field, converted)
            self._take_gaps(mapped, spec, converted)
            made = converted.text
        before = self._made.values.get(mapped.key)
        if made:
            both = isinstance(before, str)
            self._made.values[mapped.key] = f"{before}\n\n{made}" if both else made

    def _take_texts(self, mapped: Mapped, text: str) -> None:
        if self._writing is Writing.SOURCE:
            found = [part for part in re.split(r"\s*[;\n]\s*", text) if part]
        else:
            converted = markdown.items(self._html(text))
            for one in converted:
                self._lose(mapped.field, one)
            found = [one.text for one in converted]
        before = self._made.values.get(mapped.key)
        if found:
            self._made.values[mapped.key] = [*(before if isinstance(before, list) else []), *found]

    def _take_word(self, mapped: Mapped, spec: KeySpec, words: str) -> None:
        if spec.type == "flag":
            self._made.values[mapped.key] = "true" if words.lower() in _TRUE else "false"
        elif spec.type == "choice":
            plain = {safenames.slug(choice): choice for choice in spec.choices}
            chosen = plain.get(safenames.slug(words))
            if chosen is not None:
                self._made.values[mapped.key] = chosen
            elif words:
                told = f"'{mapped.key}' is one of {', '.join(spec.choices)}"
                self._made.problems.append((Kind.LOST, mapped.field, told, words))
        else:
            slugs = [safenames.slug(part) for part in _LIST.split(words)]
            before = self._made.values.get(mapped.key)
            found = [*(before if isinstance(before, list) else []), *filter(None, slugs)]
            if found:
                self._made.values[mapped.key] = list(dict.fromkeys(found))

    def _take_gaps(self, mapped: Mapped, spec: KeySpec, converted: Converted) -> None:
        if spec.type not in ("gapped", "marked") or not converted.clozes:
            return
        if len(set(converted.clozes)) > 1:
            told = "its cloze deletions become gaps of one card"
            self._made.problems.append(
                (Kind.CHANGED, mapped.field, told, ", ".join(converted.clozes))
            )
        self._made.gaps += re.findall(r"(?<!\\)\{((?:[^{}\\]|\\.)*)\}", converted.text)
        hints = list(dict.fromkeys(hint for hint in converted.hints if hint))
        key = next((k for k, said in self._keys.items() if said.role == "hint"), "")
        if hints and key and key not in self._made.values and len(hints) == 1:
            self._made.values[key] = markdown.convert(escape(hints[0], quote=False), "text").text
        elif hints:
            self._made.problems.append((Kind.LOST, mapped.field, "a gap's hint", "; ".join(hints)))

    def _lose(self, name: str, converted: Converted) -> None:
        for what in converted.lost:
            self._made.problems.append((Kind.LOST, name, what, ""))
        self._note_files(name, converted)

    def _note_files(self, name: str, converted: Converted) -> None:
        self._pictures += [(name, picture) for picture in converted.images]
        self._sounds += [(name, sound) for sound in converted.sounds]

    def _take_file(self, mapped: Mapped, spec: KeySpec, converted: Converted) -> None:
        """The file of a field; what else it says is not in the entry."""
        own = converted.images if spec.type == "image" else converted.sounds
        if own:
            self._made.files[mapped.key] = own[0]
        if converted.text:
            told = f"text where '{mapped.key}' names a file only"
            self._made.problems.append((Kind.LOST, mapped.field, told, converted.text))
        if spec.type == "image":
            converted = replace(converted, images=own[1:])
        else:
            converted = replace(converted, sounds=own[1:])
        self._lose(mapped.field, converted)

    def _place_files(self) -> None:
        """Pictures and sounds, wherever they were, become the keys that are made for them."""
        for kind, found in (("image", self._pictures), ("sound", self._sounds)):
            left = list(dict.fromkeys(found))
            for key, spec in self._keys.items():
                if left and spec.type == kind and key not in self._made.files:
                    self._made.files[key] = left.pop(0)[1]
            what = "a picture" if kind == "image" else "a sound"
            self._made.problems += [(Kind.LOST, name, what, file) for name, file in left]

    def _html(self, text: str) -> str:
        """A field as HTML, however it is written."""
        if self._writing is Writing.HTML:
            return text
        return escape(text, quote=False).replace("\n", "<br>")

    def _words(self, text: str) -> str:
        if self._writing is Writing.HTML:
            return markdown.convert(text, "plain").text
        return " ".join(text.split())


def is_slug(text: str) -> bool:
    """Whether a text may be an id."""
    return re.fullmatch(SLUG, text) is not None and len(text) <= 80  # noqa: PLR2004 - as schema says
