"""Where the values of a YAML text stand, so that they may be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

Path: TypeAlias = "tuple[str | int, ...]"
"""Keys and list indices that lead to a value from the top of a file."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text where it stands in a file.

    Attributes:
        path: Where it is among the values.
        start: Offset of its first character, quotes and block headers included.
        end: Offset behind its last.
        text: What it says.
        style: Its quote, ``|`` or ``>``; empty for none.
        in_flow: Whether it stands in brackets or braces.
    """

    path: Path
    start: int
    end: int
    text: str
    style: str
    in_flow: bool


@dataclass(frozen=True, slots=True)
class Collection:
    """A list or a mapping where it stands in a file.

    Attributes:
        start: Offset of its bracket, or of its first item or key.
        end: Offset of its closing bracket, or of what comes after it.
        keyed: Whether it is a mapping.
        in_flow: Whether it stands in brackets or braces, its own included.
        items: Where the values of a list or the keys of a mapping begin and end.
    """

    start: int
    end: int
    keyed: bool
    in_flow: bool
    items: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Places:
    """What may be changed of a text: all but aliases, and what has an anchor or a tag.

    Attributes:
        scalars: In the order of the text.
        collections: By their paths; the empty path is that of the whole text.
    """

    scalars: tuple[Scalar, ...]
    collections: dict[Path, Collection]


def find(text: str) -> Places:
    """The places of the values in a text that ``yamltext`` finds nothing wrong with."""
    walk = _Walk(text)
    walk.document()
    return Places(tuple(walk.scalars), walk.collections)


class _Walk:
    """One pass over the events of a text."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = iter(yaml.CBaseLoader(text).get_event, None)
        self.scalars: list[Scalar] = []
        self.collections: dict[Path, Collection] = {}

    def document(self) -> None:
        for event in self._events:
            if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
                self._value(event, (), in_flow=False, fixed=False)

    def _value(
        self, event: yaml.Event, path: Path, *, in_flow: bool, fixed: bool
    ) -> tuple[int, int]:
        """Note a value and those in it, unless they are fixed; where it begins and ends."""
        start, end = _offsets(event)
        fixed = fixed or any(getattr(event, what, None) is not None for what in ("anchor", "tag"))
        if isinstance(event, yaml.ScalarEvent):
            if not fixed:
                style = event.style or ""
                self.scalars.append(Scalar(path, start, end, event.value, style, in_flow))
            return start, end
        if not isinstance(event, yaml.CollectionStartEvent):  # an alias
            return start, end
        in_flow = in_flow or bool(event.flow_style)
        keyed = isinstance(event, yaml.MappingStartEvent)
        items: list[tuple[int, int]] = []
        for below in self._events:
            if isinstance(below, yaml.CollectionEndEvent):
                closing, end = _offsets(below)
                break
            step: str | int = len(items)
            items.append(_offsets(below))
            if keyed:
                step = below.value if isinstance(below, yaml.ScalarEvent) else ""
                fixed_below = fixed or not isinstance(below, yaml.ScalarEvent)  # a key by alias
                self._value(next(self._events), (*path, step), in_flow=in_flow, fixed=fixed_below)
            else:
                items[-1] = self._value(below, (*path, step), in_flow=in_flow, fixed=fixed)
        if not fixed:
            self.collections[path] = Collection(start, closing, keyed, in_flow, tuple(items))
        return start, end


def _offsets(event: yaml.Event) -> tuple[int, int]:
    first, last = event.start_mark, event.end_mark
    assert first is not None  # noqa: S101 - the parser sets them on every event
    assert last is not None  # noqa: S101
    return first.index, last.index
