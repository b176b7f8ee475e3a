"""JSON Schemas of a course's files, by which editors complete, explain and check while one writes.

They are made from what checks the files in earnest, and are laxer in one way: editors read ``no``,
``1:30``, ``2.0`` and ``null`` as other things than text, while here every value is text as it is
written. A file that ankigen accepts is never refused by them. They are written in draft 7, which
the language servers of YAML know best.
"""

from __future__ import annotations

import json
import math
import posixpath
import re
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from ankigen import config, files, lexicon, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pydantic_core import core_schema

    from ankigen.notetype import NoteType

FOLDER = ".ankigen/schema"
"""Where a project keeps them, relative to its own folder."""

FILES = (config.PROJECT_FILE, config.CATEGORY_FILE, lexicon.LEXICON_FILE)
"""The files of a project that have one, by which it is called."""

_DIALECT = "http://json-schema.org/draft-07/schema#"

JsonSchema: TypeAlias = "dict[str, Any]"


def all_of(note_types: Mapping[str, NoteType]) -> dict[str, JsonSchema]:
    """Every schema, by what it is of: a file of the project, or the entries of a note type.

    The files have their full names, so that ``pronunciations.yaml``, of the course's own words, and
    ``pronunciations``, a note type, are told apart.
    """
    course, category, words = FILES
    made = {
        course: _of_mapping(config.CourseSpec, "The course.", note_types),
        category: _of_mapping(config.CategorySpec, "One deck of it.", note_types),
        words: _of_lexicon(),
        **{name: _of_entries(note_type) for name, note_type in note_types.items()},
    }
    return {name: {"$schema": _DIALECT, **said} for name, said in made.items()}


def text(said: JsonSchema) -> str:
    """A schema as a file."""
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def write(root: Path, note_types: Mapping[str, NoteType]) -> list[str]:
    """Write all of them into a project.

    Args:
        root: The project's folder, resolved.
        note_types: Of the project.

    Returns:
        The files, relative to the project.
    """
    written = []
    for name, said in all_of(note_types).items():
        file = _file(name)
        with files.atomic_write(root / file) as stream:
            stream.write(text(said).encode())
        written.append(file)
    return written


def modeline(file: str, name: str) -> str:
    """The comment by which a source file tells its editor the schema.

    Args:
        file: The source file, relative to the project.
        name: Of the schema.
    """
    path = posixpath.relpath(_file(name), posixpath.dirname(file) or ".")
    return f"# yaml-language-server: $schema={path}"


def _file(name: str) -> str:
    return f"{FOLDER}/{name}.json"


def _of_mapping(
    spec: type[schema.Strict], description: str, note_types: Mapping[str, NoteType]
) -> JsonSchema:
    """Of ``ankigen.yaml`` or ``category.yaml``; its note types and cards are the project's."""
    said = {**_lenient(TypeAdapter(spec)), "description": description}
    cards = {
        name: {
            "description": note_type.spec.help,
            "type": "array",
            "minItems": 1,
            "items": {"enum": [card.slug for card in note_type.spec.cards]},
        }
        for name, note_type in note_types.items()
    }
    said["properties"]["cards"] |= {"properties": cards, "additionalProperties": False}
    del said["properties"]["cards"]["patternProperties"]
    if "sources" in said["properties"]:
        source = said["properties"]["sources"]["items"]["properties"]
        help_ = source["notetype"]["description"]
        source["notetype"] = {"description": help_, "enum": list(note_types)}
    return said


def _of_lexicon() -> JsonSchema:
    entry = _lenient(TypeAdapter(lexicon.Pronunciation))
    sounds = "".join(sorted(lexicon.PHONEMES))
    entry["properties"]["phonemes"] |= {
        "pattern": f"^[{sounds}]+$",
        "patternErrorMessage": f"{lexicon.PHONEMES_HINT.capitalize()}.",
    }
    entry["anyOf"] = [{"required": ["say"]}, {"required": ["phonemes"]}]
    return {
        "description": "How the course's own words are said.",
        "type": "object",
        "propertyNames": {"pattern": r"^\S(?:.*\S)?$"},
        "additionalProperties": entry,
    }


def _of_entries(note_type: NoteType) -> JsonSchema:
    """Of a source file: a list of entries, or a single one."""
    entry = _lenient(note_type.entries)
    entry["description"] = note_type.spec.help
    # Keywords for mappings say nothing of lists, and the other way round: an editor's complaints
    # are better than those of 'anyOf'.
    return {**entry, "type": ["array", "object"], "items": entry}


class _Plain(GenerateJsonSchema):
    """As pydantic says it, but for what files cannot hold and people need not read."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchema:
        """A key that may be absent; no value is None."""
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the key again
        """Never."""
        return False


def _lenient(kind: TypeAdapter[Any]) -> JsonSchema:
    """The schema of a type for values as editors read them, without references."""
    said = kind.json_schema(schema_generator=_Plain)
    return _without(_relaxed(said, said.get("$defs", {})), "$defs", "title")


def _relaxed(part: JsonSchema, classes: Mapping[str, JsonSchema]) -> JsonSchema:
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[-1]
        part = {**_without(classes[name], "title"), **_without(part, "$ref")}
    part = _with_parts(part, lambda below: _relaxed(below, classes))
    if not isinstance(part.get("default"), int | float | str) or part["default"] == "":
        part = _without(part, "default")  # that of a key that may be absent
    if "patternProperties" in part:
        part.setdefault("additionalProperties", False)
    widen = _of_choice if "enum" in part or "const" in part else _SCALARS.get(part.get("type", ""))
    return widen(part) if widen else part


def _with_parts(part: JsonSchema, change: Callable[[JsonSchema], JsonSchema]) -> JsonSchema:
    """A schema with each schema in it changed."""
    part = dict(part)
    for keyword in ("properties", "patternProperties"):
        if keyword in part:
            part[keyword] = {key: change(below) for key, below in part[keyword].items()}
    for keyword in ("items", "additionalProperties"):
        if isinstance(part.get(keyword), dict):
            part[keyword] = change(part[keyword])
    if "anyOf" in part:
        part["anyOf"] = [change(below) for below in part["anyOf"]]
    return part


def _without(part: JsonSchema, *keywords: str) -> JsonSchema:
    return {keyword: said for keyword, said in part.items() if keyword not in keywords}


def _of_text(part: JsonSchema) -> JsonSchema:
    """Anything but a list or a mapping.

    A list of types would say the same, but then editors offer ``true`` and ``null`` for each text.
    """
    part = dict(part)
    if part.pop("minLength", 0):  # of what is left without the spaces around it
        part |= {"pattern": r"\S", "patternErrorMessage": "Write a value or leave the key out."}
    elif "pattern" in part:
        wanted = schema.expected(part["pattern"])
        part |= {"patternErrorMessage": f"Write {wanted}."} if wanted else {}
        if not any(re.search(part["pattern"], word) for word in _NO_TEXT):
            return part
    part = _without(part, "type")
    return {**part, "anyOf": [_NEITHER_LIST_NOR_MAPPING]}


_NEITHER_LIST_NOR_MAPPING = {"if": {"type": ["array", "object"]}, "then": {"type": "string"}}
"""Complains as if only text were allowed; inside ``anyOf``, after a key an editor puts a colon."""

_NO_TEXT = ("1", "1.5", "true", "null")
"""Words that editors do not read as text, one of each kind."""


def _of_choice(part: JsonSchema) -> JsonSchema:
    """One of several words, or what an editor takes such a word for."""
    words = part.pop("enum", None) or [part.pop("const")]
    return _without(part, "type") | {"enum": [*words, *(v for w in words for v in _values(w))]}


def _values(word: str) -> Iterator[object]:
    """What YAML 1.1 and 1.2 read where ``word`` is written, if it is not text."""
    readers: tuple[Callable[[str], object], ...] = (yaml.safe_load, json.loads)
    found: list[object] = []
    for read in readers:
        try:
            value = read(word)
        except (ValueError, yaml.YAMLError):
            continue
        number = isinstance(value, bool | int | float) and math.isfinite(value)
        if (number or value is None) and value not in found:
            found.append(value)
    yield from found


def _of_number(digits: str) -> Callable[[JsonSchema], JsonSchema]:
    def widen(part: JsonSchema) -> JsonSchema:
        return {**part, "type": [part["type"], "string"], "pattern": digits}

    return widen


def _of_flag(part: JsonSchema) -> JsonSchema:
    words = "|".join("".join(f"[{c}{c.upper()}]" for c in word) for word in _FLAGS)
    pattern = f"^(?:{words}|0|1)$"
    types = ["boolean", "integer", "string"]
    return {**part, "type": types, "minimum": 0, "maximum": 1, "pattern": pattern}


_FLAGS = ("true", "false", "yes", "no", "on", "off", "t", "f", "y", "n")
"""What pydantic takes for a boolean, in any case, beside 0 and 1."""

_SCALARS: Mapping[str, Callable[[JsonSchema], JsonSchema]] = {
    "string": _of_text,
    "integer": _of_number(r"^\s*[+-]?\d[\d_]*(?:\.0+)?\s*$"),
    "number": _of_number(r"^\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$"),
    "boolean": _of_flag,
}
