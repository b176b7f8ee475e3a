"""YAML text → plain lists, mappings and strings, each knowing its line and column.

Built from the events of PyYAML's C parser: no resolver and no constructor ever runs, so every
scalar is text (``no``, ``1:30`` and ``null`` are words here), no tag builds an object, and ten
thousand entries are read in a fraction of the time that ``yaml.load`` takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import yaml

from ankigen import yamlsyntax
from ankigen.diagnostics import Code, Diagnostic, Span
from ankigen.yamlsyntax import LINE_END

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

MAX_DEPTH = 32
"""Levels of nesting; a course needs four. Keeps hostile files from growing the stack."""

MAX_ALIASED = 10_000
"""Values that all aliases of a file may stand for together; "a billion laughs" asks for 10⁹."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no text may hold, although ``"\\x1f"`` could bring it in; Anki separates fields by one."""

_STR_TAGS = (None, "!", "tag:yaml.org,2002:str")


class Marks:
    """Places of a value, and of the keys and values below it.

    Places are packed as ``line << 24 | column`` (both 0-based): a course of 100,000 entries has
    millions of them.
    """

    __slots__ = ("children", "keys", "place")

    def __init__(self, place: int) -> None:
        self.place = place
        self.children: dict[str | int, Marks | int] = {}
        self.keys: dict[str, int] = {}

    def find(self, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """1-based line and column of the value at ``path``, as far down as it is known.

        Args:
            path: Keys and list indices from this value down.
            key: Find the key that ends the path instead of its value.
        """
        here: Marks | int = self
        for index, step in enumerate(path):
            if not isinstance(here, Marks):
                break
            if key and index == len(path) - 1 and step in here.keys:
                here = here.keys[str(step)]
                break
            below = here.children.get(step)
            if below is None:
                break
            here = below
        place = here.place if isinstance(here, Marks) else here
        return (place >> 24) + 1, (place & 0xFFFFFF) + 1

    def span(self, file: str, path: Sequence[str | int] = (), *, key: bool = False) -> Span:
        """The same as a place in a file."""
        return Span(file, *self.find(path, key=key))

    def called(self, key: str) -> str:
        """A key, in quotes."""
        return f"'{key}'"

    def missing(self, path: Sequence[str | int]) -> tuple[str, str]:
        """In words, that the key at ``path`` is not there; and what to do about it."""
        where = " to this entry" if len(path) == 1 else ""
        return f"the key '{path[-1]}' is missing", f"add '{path[-1]}:'{where}"

    def listed(self, values: Sequence[str]) -> str:
        """What to do where values of a list stand there as one."""
        return f"write [{', '.join(values)}]"


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its value (None when it holds none), its marks, and what was wrong with it."""

    value: Value | None
    marks: Marks
    diagnostics: tuple[Diagnostic, ...]


class _Refused(Exception):  # noqa: N818 - control flow inside this module, never seen outside
    """Reading cannot go on."""

    def __init__(self, place: int, code: Code, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place, self.code, self.message, self.hint = place, code, message, hint


def _place(event: yaml.Event) -> int:
    mark = event.start_mark
    # Typed as optional, but the parser sets it on every event.
    return (mark.line << 24) | (mark.column & 0xFFFFFF) if mark else 0


def line_starts(text: str) -> list[int]:
    """Offsets at which the lines begin, as YAML counts them."""
    return [0, *(end.end() for end in LINE_END.finditer(text))]


def read(text: str, file: str) -> Document:
    """Read one YAML document; never raises for what the text holds.

    Args:
        text: The whole file.
        file: Its name in diagnostics.
    """
    reader = _Reader(text)
    try:
        value, marks = reader.document()
    except _Refused as refused:
        line, column = (refused.place >> 24) + 1, (refused.place & 0xFFFFFF) + 1
        return Document(
            None,
            Marks(0),
            (Diagnostic(Span(file, line, column), refused.code, refused.message, refused.hint),),
        )
    except yaml.YAMLError as error:
        return Document(None, Marks(0), (_syntax(error, text, file),))
    found = tuple(
        Diagnostic(
            Span(file, (place >> 24) + 1, (place & 0xFFFFFF) + 1),
            Code.DUPLICATE_KEY,
            f"the key '{key}' stands twice here",
            f"the first is in line {(first >> 24) + 1}; keep one of them",
        )
        for key, place, first in reader.duplicates
    )
    return Document(value, marks if isinstance(marks, Marks) else Marks(marks), found)


class _Reader:
    """One pass over the events of one text."""

    def __init__(self, text: str) -> None:
        # What yaml.parse does, without a generator's step for each of a million events.
        loader = yaml.CBaseLoader(text)
        self._events: Iterator[yaml.Event] = iter(loader.get_event, None)
        self._next = self._events.__next__
        self._anchors: dict[str, tuple[Value, Marks | int, int] | None] = {}
        self._aliased = 0
        self._count = 0
        self._names: dict[str, str] = {}  # of keys, which every entry has alike
        self.duplicates: list[tuple[str, int, int]] = []

    def document(self) -> tuple[Value | None, Marks | int]:
        value: Value | None = None
        marks: Marks | int = 0
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused(
                        _place(event),
                        Code.YAML,
                        "a second YAML document starts here",
                        "put everything into one document, without '---' between",
                    )
            elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent | yaml.AliasEvent):
                value, marks = self._value(event, 0)
        return value, marks

    def _value(self, event: yaml.Event, depth: int) -> tuple[Value, Marks | int]:
        place = _place(event)
        self._count += 1
        if type(event) is yaml.ScalarEvent and event.anchor is event.tag is None:
            if event.style == '"':  # no other can spell what the parser does not take as it is
                _check_control(event.value, place)
            return event.value, place
        return self._rare(event, place, depth)

    def _rare(self, event: yaml.Event, place: int, depth: int) -> tuple[Value, Marks | int]:
        """Anything but a bare scalar: a collection, an alias, or what has an anchor or a tag."""
        if isinstance(event, yaml.AliasEvent):
            self._count -= 1
            return self._alias(event.anchor or "", place)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)  # noqa: S101 - no other event begins a value
        before = self._count
        anchor = event.anchor
        if anchor is not None:
            self._anchors[anchor] = None
        value: Value
        marks: Marks | int
        if isinstance(event, yaml.ScalarEvent):
            self._check_tag(event.tag, place, _STR_TAGS)
            value, marks = event.value, place
            _check_control(value, place)
        elif depth >= MAX_DEPTH:
            raise _Refused(
                place,
                Code.DEPTH,
                f"values are nested more than {MAX_DEPTH} levels deep",
                "an entry needs no more than four levels",
            )
        elif isinstance(event, yaml.MappingStartEvent):
            self._check_tag(event.tag, place, (None, "!", "tag:yaml.org,2002:map"))
            value, marks = self._mapping(place, depth)
        else:
            self._check_tag(event.tag, place, (None, "!", "tag:yaml.org,2002:seq"))
            value, marks = self._sequence(place, depth)
        if anchor is not None:
            self._anchors[anchor] = value, marks, self._count - before + 1
        return value, marks

    def _sequence(self, place: int, depth: int) -> tuple[list[Value], Marks]:
        items: list[Value] = []
        marks = Marks(place)
        children = marks.children
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            value, children[len(items)] = self._value(event, depth + 1)
            items.append(value)
        return items, marks

    def _mapping(self, place: int, depth: int) -> tuple[dict[str, Value], Marks]:
        mapping: dict[str, Value] = {}
        marks = Marks(place)
        keys, children = marks.keys, marks.children
        depth += 1
        # A course has a hundred thousand of these: what is usual is done here, without a call.
        following, names, scalar = self._next, self._names, yaml.ScalarEvent
        value: Value
        below: Marks | int
        while type(event := following()) is not yaml.MappingEndEvent:
            if type(event) is scalar and event.anchor is event.tag is None and event.style != '"':
                key = names.setdefault(event.value, event.value)
                mark = event.start_mark  # typed as optional, but set on every event
                key_place = (mark.line << 24) | (mark.column & 0xFFFFFF)  # type: ignore[union-attr]
                self._count += 1
            else:
                key, key_place = self._key(event, depth)
            event = following()
            if type(event) is scalar and event.anchor is event.tag is None and event.style != '"':
                value = event.value
                mark = event.start_mark
                below = (mark.line << 24) | (mark.column & 0xFFFFFF)  # type: ignore[union-attr]
                self._count += 1
            else:
                value, below = self._value(event, depth)
            if key in mapping:
                self.duplicates.append((key, key_place, keys[key]))
                continue
            mapping[key] = value
            keys[key] = key_place
            children[key] = below
        return mapping, marks

    def _key(self, event: yaml.Event, depth: int) -> tuple[str, int]:
        key, place = self._value(event, depth)
        if isinstance(key, str) and isinstance(place, int):
            return key, place
        raise _Refused(
            _place(event),
            Code.YAML,
            "a key must be a word, not a list or a mapping",
            "text that starts with [ or { must stand in quotes",
        )

    def _alias(self, anchor: str, place: int) -> tuple[Value, Marks | int]:
        if anchor not in self._anchors:
            raise _Refused(
                place,
                Code.ALIAS,
                f"'*{anchor}' has no anchor '&{anchor}' before it",
                "text that starts with * must stand in quotes",
            )
        target = self._anchors[anchor]
        if target is None:
            raise _Refused(
                place, Code.ALIAS, f"'*{anchor}' stands inside itself", "write the value out"
            )
        value, marks, size = target
        self._count += size
        self._aliased += size
        if self._aliased > MAX_ALIASED:
            raise _Refused(
                place,
                Code.ALIAS,
                f"the aliases up to here stand for more than {MAX_ALIASED:,} values",
                "write the values out instead of referring to them",
            )
        return value, marks

    @staticmethod
    def _check_tag(tag: str | None, place: int, allowed: Sequence[str | None]) -> None:
        if tag not in allowed:
            raise _Refused(
                place,
                Code.TAG,
                f"the YAML tag '{tag}' is not allowed here",
                "every value is plain text; text that starts with ! must stand in quotes",
            )


def _check_control(value: str, place: int) -> None:
    if CONTROL.search(value):
        raise _Refused(
            place,
            Code.YAML,
            "the text holds a control character",
            "remove the escape sequence that stands for it",
        )


def _syntax(error: yaml.YAMLError, text: str, file: str) -> Diagnostic:
    """The parser's complaint in our words."""
    fault = yamlsyntax.explain(error, text)
    code = Code.TAB if fault.is_tab else Code.YAML
    return Diagnostic(Span(file, *fault.place), code, fault.message, fault.hint)
