"""What is wrong with ``sources:`` of ``ankigen.yaml``, as far as it shows before files are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.diagnostics import Code, Diagnostic, did_you_mean
from ankigen.notetypespec import required, shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from ankigen.diagnostics import Span
    from ankigen.model import Course, ForeignSource
    from ankigen.notetype import NoteType


def check(
    source: ForeignSource, course: Course, note_types: Mapping[str, NoteType]
) -> Iterator[Diagnostic]:
    """The mistakes of one source."""
    if bool(source.category) == bool(source.category_from):
        message = "a source needs one of 'category' and 'category_from'"
        hint = "name the category, or in 'category_from' the column that does"
        yield Diagnostic(source.span(), Code.BAD_VALUE, message, hint)
    elif source.category:
        yield from unknown_category(source.category, course, source.span("category"))
    note_type = note_types.get(source.note_type)
    if note_type:
        yield from _check_keys(source, note_type)
    else:
        message = f"there is no note type '{source.note_type}'"
        hint = did_you_mean(source.note_type, note_types, f"choose from {', '.join(note_types)}")
        yield Diagnostic(source.span("notetype"), Code.UNKNOWN_NOTE_TYPE, message, hint)


def unknown_category(name: str, course: Course, span: Span) -> Iterator[Diagnostic]:
    """A complaint where the course has no such category."""
    known = [category.id for category in course.categories]
    if name not in known:
        message = f"the course has no category '{name}'"
        hint = did_you_mean(name, known, f"choose from {', '.join(known)}")
        yield Diagnostic(span, Code.UNKNOWN_CATEGORY, message, hint)


def unmet(
    source: ForeignSource, expected: Iterable[str], keys: AbstractSet[str]
) -> Iterator[Diagnostic]:
    """Names that ought to be in foreign YAML and are in none of its entries.

    Args:
        source: That says so.
        expected: Names of columns or keys.
        keys: That the entries have; none where there is no YAML.
    """
    for name in expected:
        if keys and name not in keys:
            path: tuple[str, ...] = ("columns", name)
            if name not in source.columns:
                path = ("category_from",) if name == source.category_from else ("id_from",)
            message = f"no entry has the key '{name}'"
            hint = did_you_mean(name, keys, f"they have {', '.join(sorted(keys))}")
            yield Diagnostic(source.span(*path), Code.UNKNOWN_KEY, message, hint)


def _check_keys(source: ForeignSource, note_type: NoteType) -> Iterator[Diagnostic]:
    known = shapes(note_type.spec)
    given = {"id": "'id_from'"} if source.id_from else {}  # what gives each key, in words
    for group, key, name in (
        *(("columns", key, name) for name, key in source.columns.items()),
        *(("constants", key, key) for key in source.constants),
    ):
        whole, _, part = key.partition(".")
        span = source.span(group, name)
        if whole not in known or (part and (known[whole] != "mapping" or group == "constants")):
            hint = did_you_mean(key, known, f"known keys: {', '.join(known)}")
            yield Diagnostic(span, Code.UNKNOWN_KEY, f"unknown key '{key}'", hint)
        elif key in given:
            message = f"'{key}' is given by {given[key]} already"
            yield Diagnostic(span, Code.DUPLICATE_KEY, message, "keep one of them")
        elif key == "id" and group == "constants":
            message, hint = "'id' cannot be a constant", "all entries need ids of their own"
            yield Diagnostic(span, Code.BAD_VALUE, message, hint)
        given.setdefault(key, f"'{name}'")
    for key in required(note_type.spec):
        if key not in given:
            hint = f"map a column to '{key}', or give it under 'constants'"
            if key == "id":
                hint = "map a column of ids to 'id', or name in 'id_from' what never changes"
            span = source.span("columns")
            yield Diagnostic(span, Code.MISSING_KEY, f"nothing gives '{key}'", hint)
