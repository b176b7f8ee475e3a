"""Mappings from files, checked by pydantic, with every complaint placed and in our words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from ankigen import languagetag
from ankigen.diagnostics import Code, Diagnostic, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

    from ankigen.diagnostics import Places
    from ankigen.yamltext import Value

SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
"""Ids, topics and folder names: safe as file names, tags and search terms everywhere."""

WORD = r"^\S+$"
"""Tags, which Anki keeps apart with spaces."""

_UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}
_SIZE = rf"^([0-9]+(?:\.[0-9]+)?) ?({'|'.join(_UNITS)})$"

_BETWEEN = re.compile(r"\s*[,;|]\s*")  # what people put between the values of a list

_PATTERNS = {
    SLUG: ("lower-case letters, digits and single hyphens", "operator-fusion"),
    WORD: ("one word without spaces", "week_1"),
    _SIZE: ("a number and kB, MB or GB", "40 MB"),
    languagetag.PATTERN: ("the tag of a language", "en-GB, de, pt-BR"),
}
_MEANT = {languagetag.PATTERN: languagetag.meant}  # what is meant by what does not match

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Language = Annotated[str, StringConstraints(pattern=languagetag.PATTERN)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _by_name(value: object) -> object:
    """What stands without a name, under the empty one."""
    return value if isinstance(value, dict) else {"": value}


def _names(value: object) -> object:
    named = _by_name(value)
    assert isinstance(named, dict)  # noqa: S101 - for mypy
    return {key: [v] if isinstance(v, str) else v for key, v in named.items()}


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names, of which there is one; asked after each was found good, so as not to say it twice."""
    if not names:
        context = {"field_type": "Tuple", "min_length": 1, "actual_length": 0}
        raise PydanticKnownError("too_short", context)
    return names


def _bytes(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticKnownError("string_type")
    match = re.fullmatch(_SIZE, value)
    if not match:
        raise PydanticCustomError("size", "write a number and kB, MB or GB, as in '40 MB'")
    return round(float(match[1]) * _UNITS[match[2]])


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


PerKey = Annotated[
    dict[str, Text], BeforeValidator(_by_name, json_schema_input_type=Text | dict[str, Text])
]
"""A text, or a text for each of several keys."""
Slugs = Annotated[tuple[Slug, ...], AfterValidator(_some), Field(json_schema_extra={"minItems": 1})]
_Name = Slug | Slugs
Names = Annotated[
    dict[str, Slugs], BeforeValidator(_names, json_schema_input_type=_Name | dict[str, _Name])
]
"""A name or a list of names, or such for each of several note types."""
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(_listed, json_schema_input_type=Text | tuple[Text, ...])
]
"""A text or a list of texts."""
_Written = Annotated[str, StringConstraints(pattern=_SIZE)]
Size = Annotated[int, BeforeValidator(_bytes, json_schema_input_type=_Written)]
"""Bytes, written with a unit."""


class Strict(BaseModel):
    """A mapping of a file: unknown keys are mistakes, values do not change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Invalid:
    """What is wrong with a value."""

    diagnostics: tuple[Diagnostic, ...]


def validate(adapter: TypeAdapter[T], value: Value, marks: Places, file: str) -> T | Invalid:
    """The value as the adapter's type, or everything that is wrong with it."""
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        return Invalid(
            tuple(
                _complaint(found, adapter, marks, file) for found in error.errors(include_url=False)
            )
        )


_KINDS = {
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


_NUMBERS = {
    "int_parsing": ("a whole number", "6"),
    "int_from_float": ("a whole number", "6"),
    "float_parsing": ("a number", "0.9"),
    "finite_number": ("a number", "0.9"),
}


def expected(pattern: str) -> str:
    """What a pattern asks for, in words; empty where it is none of ours."""
    wanted, example = _PATTERNS.get(pattern, ("", ""))
    return f"{wanted}, for example {example}" if wanted else ""


def kind_of(value: object) -> str:
    """What a YAML value is, in words."""
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"


def _complaint(  # noqa: C901, PLR0911 - a table of cases reads best as one
    found: ErrorDetails, adapter: TypeAdapter[Any], marks: Places, file: str
) -> Diagnostic:
    given, kind, context = found["input"], found["type"], found.get("ctx", {})
    path = found["loc"]
    # pydantic ends the path of a mapping's key with '[key]'; marks know only real steps.
    of_key = path[-1:] == ("[key]",) and kind != "extra_forbidden"
    if of_key:
        path = path[:-1]
    named = next((step for step in reversed(path) if step and isinstance(step, str)), "")
    quoted = marks.called(named) if named else "this"

    def at(code: Code, message: str, hint: str = "", *, key: bool = of_key) -> Diagnostic:
        return Diagnostic(marks.span(file, path, key=key), code, message, hint)

    if kind == "extra_forbidden":
        known = _keys(adapter, path[:-1])
        return at(
            Code.UNKNOWN_KEY,
            f"unknown key '{path[-1]}'",
            did_you_mean(str(path[-1]), known, f"known keys: {', '.join(known)}"),
            key=True,
        )
    if kind == "missing":
        return at(Code.MISSING_KEY, *marks.missing(path))
    if kind in _KINDS:
        hint = ""
        if _KINDS[kind] == "a list" and isinstance(given, str):
            hint = f"write [{given}]" if given else "write the values in [brackets]"
        return at(
            Code.WRONG_TYPE,
            f"{quoted} must be {_KINDS[kind]}, but here is {kind_of(given)}",
            hint,
        )
    if kind in _NUMBERS:
        wanted, example = _NUMBERS[kind]
        message = f"{quoted} must be {wanted}, but here is '{_short(given)}'"
        return at(Code.BAD_VALUE, message, f"write it in digits, for example {example}")
    if kind in ("literal_error", "enum") and not isinstance(given, str):
        return at(Code.WRONG_TYPE, f"{quoted} must be text, but here is {kind_of(given)}")
    if kind == "string_too_short" or given == "":
        return at(Code.BAD_VALUE, f"{quoted} is empty", "write a value or leave the key out")
    if kind == "too_short":
        message = f"{quoted} needs at least {context['min_length']} value"
        return at(Code.BAD_VALUE, message, "write one or leave the key out")
    if kind == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
        wanted, _ = _PATTERNS[context["pattern"]]
        message = f"{quoted} must be {wanted}, but here is '{_short(given)}'"
        several = _BETWEEN.split(given.strip()) if isinstance(path[-1], int) else []
        return at(Code.BAD_VALUE, message, _instead(given, context["pattern"], several, marks))
    if kind in ("literal_error", "enum"):
        choices = [c.strip("' ") for c in context["expected"].replace(" or ", ",").split(",")]
        return at(
            Code.BAD_VALUE,
            f"{quoted} cannot be '{_short(given)}'",
            did_you_mean(str(given), choices, f"choose one of {', '.join(choices)}"),
        )
    return at(Code.BAD_VALUE, f"{quoted} cannot be '{_short(given)}': {found['msg']}")


def _instead(given: str, pattern: str, several: Sequence[str], marks: Places) -> str:
    """What to write for a text that does not match, which may be several values of a list."""
    values = [value for value in several if value]
    if len(values) > 1:
        return marks.listed(values)
    meant = _MEANT[pattern](given) if pattern in _MEANT else ""
    return f"did you mean '{meant}'?" if meant else f"for example: {_PATTERNS[pattern][1]}"


def _short(given: object) -> str:
    text = str(given)
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004 - fits beside the message


def _keys(adapter: TypeAdapter[Any], path: tuple[str | int, ...]) -> list[str]:
    """Keys that the mapping at ``path`` may have, by descending the type's own JSON Schema."""
    schema = adapter.json_schema()
    definitions = schema.get("$defs", {})
    here: dict[str, Any] = schema

    def resolve(part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            part = definitions[part["$ref"].rsplit("/", 1)[-1]]
        return part

    for step in path:
        here = resolve(here)
        if isinstance(step, int):
            here = here.get("items", {})
        elif step in here.get("properties", {}):
            here = here["properties"][step]
        else:  # a mapping of any keys
            patterns = here.get("patternProperties", {}).values()
            here = next(iter(patterns), here.get("additionalProperties") or {})
    return list(resolve(here).get("properties", {}))
