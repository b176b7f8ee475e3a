"""The Jinja templates by which a note type makes fields from an entry, compiled and sandboxed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ankigen import markup
from ankigen.diagnostics import Code, Diagnostic, SourceError, Span, did_you_mean
from ankigen.markup import Gapped, Rich
from ankigen.notetypespec import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from ankigen.notetype import NoteType

BUILT_IN_NAMES = frozenset({"id", "key"})
"""Attributes of every entry that templates may name like keys."""

_KEPT = 256
"""Templates that are kept compiled, for one who reads projects again and again."""

_EDGE = "\x1f"  # between fields, as Anki keeps them: no YAML text can hold it


class Compiled:
    """A note type ready to render."""

    def __init__(self, note_type: NoteType) -> None:
        self.note_type = note_type
        self.keys = note_type.spec.entry
        self.gather = note_type.spec.gather
        self.references = [(k, s.to) for k, s in self.keys.items() if s.type in REFERENCES]
        self.raw = [k for k, s in self.keys.items() if s.type == "html"]
        known = frozenset({*self.keys, *self.gather, *BUILT_IN_NAMES})
        names: set[str] = set()
        self._fields = [
            (spec, note_type.origin.span("fields", index, "template"))
            for index, spec in enumerate(note_type.spec.fields)
            if spec.template
        ]
        for spec, span in self._fields:
            names |= _names(spec.name, spec.template, known, span)
        self._names = sorted(names)
        # One template a note is several times faster than one a field.
        self._template = _template(_EDGE.join(spec.template for spec, _ in self._fields))

    def templates(self, value: Callable[[str], object]) -> list[str]:
        """What the fields with templates hold, in order, ``value`` giving that of a key."""
        values = {name: value(name) for name in self._names}
        try:
            text = self._template.render(values)
        except Exception as error:  # noqa: BLE001 - a template may fail in any way
            raise self._failure(values, error) from None
        return [part.strip() for part in text.split(_EDGE)]

    def _failure(self, values: Mapping[str, object], error: Exception) -> SourceError:
        """Which field's template fails."""
        place = Span(self.note_type.origin.file)
        for spec, span in self._fields:
            try:
                _template(spec.template).render(values)
            except Exception as found:  # noqa: BLE001 - likewise
                place, error = span, found
                break
        message = f"a field's template fails: {type(error).__name__}: {error}"
        hint = "see docs/notetypes.md for what a template may use"
        return SourceError([Diagnostic(place, Code.TEMPLATE, message, hint)])


def words(value: object) -> str:
    """The words of a rendered value, as a person reads them."""
    return value.plain if isinstance(value, Rich | Gapped) else str(value)


@functools.cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Late: a check compiles no template where it sees at a glance that all is right.
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.filters |= {
        "initials": lambda value: markup.initials(words(value)),
        "opening": lambda value: markup.opening(words(value)),
        "choices": markup.choices,
    }
    return environment


@functools.lru_cache(maxsize=_KEPT)
def _template(text: str) -> Template:
    return _environment().from_string(text)


@functools.lru_cache(maxsize=_KEPT)
def _names(field: str, template: str, known: frozenset[str], span: Span) -> frozenset[str]:
    """The keys that a field's template uses.

    Raises:
        SourceError: The template is not valid, or uses a key that entries do not have.
    """
    from jinja2 import TemplateError, meta  # noqa: PLC0415 - likewise

    where = f"the template of the field '{field}'"
    try:
        names = meta.find_undeclared_variables(_environment().parse(template))
    except TemplateError as error:
        raise SourceError(
            [Diagnostic(span, Code.TEMPLATE, f"{where} is not valid: {error}")]
        ) from None
    unknown = sorted(names - known)
    if unknown:
        raise SourceError(
            Diagnostic(
                span,
                Code.TEMPLATE,
                f"{where} names '{name}', which entries do not have",
                did_you_mean(name, known),
            )
            for name in unknown
        )
    return frozenset(names)
