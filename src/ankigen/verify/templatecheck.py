"""Card templates of a package: what Anki would show an error for or pass over in silence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import ankitemplate
from ankigen.ankitemplate import Replacement, Section, TemplateError
from ankigen.apkg import Kind
from ankigen.diagnostics import did_you_mean
from ankigen.verify.findings import Code, Finding
from ankigen.verify.inspection import ERROR, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ankigen.ankitemplate import Part
    from ankigen.apkg import NoteType
    from ankigen.verify.inspection import Inspector

_MAX_CHARACTERS = 1 << 20
_MAX_TOKENS = 2000
_MAX_DEPTH = 100
_CLOZE_SECTION = re.compile(r"c[0-9]{1,5}")
_ARGUED = ("tts ", "tts-voices")


@dataclass(frozen=True, slots=True)
class Fronts:
    """A note type with its templates read.

    Attributes:
        note_type: As the package has it.
        parsed: Front of each template; None where one of them cannot be read.
    """

    note_type: NoteType
    parsed: tuple[tuple[Part, ...], ...] | None


def read(note_type: NoteType) -> Fronts:
    """Parse the fronts of a note type."""
    try:
        parsed = tuple(_parse(template.front) for template in note_type.templates)
    except TemplateError:
        return Fronts(note_type, None)
    return Fronts(note_type, parsed or None)


def check(note_type: NoteType, inspector: Inspector) -> Iterator[Finding]:
    """Everything about a note type's templates and style sheet."""
    name = note_type.name
    if not note_type.templates or not note_type.fields:
        lacks = "fields" if note_type.templates else "card templates"
        yield Finding(ERROR, Code.TEMPLATE, name, f"the note type has no {lacks}", "add one")
    yield from inspector.css(note_type.css, f"{name}, styling")
    for template in note_type.templates:
        for side, html in (("front", template.front), ("back", template.back)):
            where = f"{name}, {template.name}, {side}"
            yield from inspector.template(html, where)
            try:
                parts = _parse(html)
            except TemplateError as error:
                yield Finding(ERROR, Code.TEMPLATE, where, str(error), "correct the template")
                continue
            yield from _parts(parts, note_type, where)
            if side == "front" and note_type.kind is Kind.CLOZE:
                yield from _cloze(parts, where)


def _parse(template: str) -> tuple[Part, ...]:
    tokens = template.count("{{") + template.count("<%") + template.count("<!--")
    if len(template) > _MAX_CHARACTERS or tokens > _MAX_TOKENS:
        raise TemplateError("it is larger than any template should be", 0)
    parts = ankitemplate.parse(template)
    if _too_deep(parts, _MAX_DEPTH):
        raise TemplateError(f"its sections are nested more than {_MAX_DEPTH} deep", 0)
    return parts


def _too_deep(parts: Sequence[Part], left: int) -> bool:
    return left == 0 or any(
        isinstance(part, Section) and _too_deep(part.children, left - 1) for part in parts
    )


def _parts(parts: Sequence[Part], note_type: NoteType, where: str) -> Iterator[Finding]:
    names = [field.name for field in note_type.fields]
    known = ankitemplate.SPECIAL_FIELDS.union(names)
    unknown: dict[tuple[Code, str], None] = {}
    for part in ankitemplate.replacements(parts):
        if isinstance(part, Section):
            conditional = note_type.kind is Kind.CLOZE and _CLOZE_SECTION.fullmatch(part.field)
            if part.field not in known and not conditional:
                unknown[Code.UNKNOWN_FIELD, part.field] = None
            continue
        if part.field not in known and not (part.filters and not part.field):
            unknown[Code.UNKNOWN_FIELD, part.field] = None
        for name in part.filters:
            if name and name not in ankitemplate.FILTERS and not name.startswith(_ARGUED):
                unknown[Code.UNKNOWN_FILTER, name] = None
    for code, name in unknown:
        if code is Code.UNKNOWN_FIELD:
            hint = did_you_mean(name, names, "add the field, or correct its name")
            yield Finding(ERROR, code, where, f"there is no field '{name}'", hint)
        else:
            hint = did_you_mean(name, ankitemplate.FILTERS, "it may come from an add-on")
            yield Finding(WARNING, code, where, f"Anki has no filter '{name}'", hint)


def _cloze(parts: Sequence[Part], where: str) -> Iterator[Finding]:
    if not any(
        isinstance(part, Replacement) and not {"cloze", "cloze-only"}.isdisjoint(part.filters)
        for part in ankitemplate.replacements(parts)
    ):
        message = "the front of a cloze note type shows no cloze deletion"
        yield Finding(ERROR, Code.TEMPLATE, where, message, "write {{cloze:Field}}")
