"""The Jinja templates by which a note type makes fields from an entry, compiled and sandboxed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ankigen.diagnostics import Code, Diagnostic, SourceError, Span, did_you_mean
from ankigen.notetype import REFERENCES, SPEC_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ankigen.notetype import FieldSpec, NoteType

BUILT_IN_NAMES = frozenset({"id", "key"})
"""Attributes of every entry that templates may name like keys."""

_EDGE = "\x1f"  # between fields, as Anki keeps them: no YAML text can hold it


class Compiled:
    """A note type ready to render."""

    def __init__(self, note_type: NoteType) -> None:
        self.note_type = note_type
        self.keys = note_type.spec.entry
        self.gather = note_type.spec.gather
        self.references = [(k, s.to) for k, s in self.keys.items() if s.type in REFERENCES]
        known = {*self.keys, *self.gather, *BUILT_IN_NAMES}
        environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        names: set[str] = set()
        fields = [spec for spec in note_type.spec.fields if spec.template]
        for spec in fields:
            names |= _names(environment, spec, known, note_type.name)
        self._names = sorted(names)
        # One template a note is several times faster than one a field.
        self._template = environment.from_string(_EDGE.join(spec.template for spec in fields))

    def templates(self, value: Callable[[str], object]) -> list[str]:
        """What the fields with templates hold, in order, ``value`` giving that of a key."""
        text = self._template.render({name: value(name) for name in self._names})
        return [part.strip() for part in text.split(_EDGE)]


def _names(
    environment: ImmutableSandboxedEnvironment, spec: FieldSpec, known: set[str], note_type: str
) -> set[str]:
    """The keys that a field's template uses.

    Raises:
        SourceError: The template is not valid, or uses a key that entries do not have.
    """
    span = Span(f"{note_type}/{SPEC_FILE}")
    where = f"the template of the field '{spec.name}'"
    try:
        names: set[str] = meta.find_undeclared_variables(environment.parse(spec.template))
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
    return names
