"""YAML written piece by piece, so that tests know where each key and value stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ankigen.yamltext import Value

Path: TypeAlias = tuple["str | int", ...]

# Without what YAML forbids even in quotes: control characters, surrogates, non-characters.
SCALARS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff")
    | st.sampled_from("\n\t :#-'\"\\[]{}"),
    max_size=12,
)
TREES: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(SCALARS, below, max_size=4),
    max_leaves=12,
)

_FLOW_GAPS = ("", " ", "\n  ", "\r\n  ", " # a remark: [\n  ", "\n\n   ")
_BLOCK_GAPS = ("\n", "\r\n", "\n\n", " # a remark: 'x\n", "\n# a remark\n")


@dataclass
class Written:
    """A tree as text.

    Attributes:
        values: Offset of each value by its path.
        keys: Offset of each key by the path of its value.
    """

    tree: Value
    choose: Callable[[tuple[str, ...]], str] = field(repr=False)
    text: str = ""
    values: dict[Path, int] = field(default_factory=dict)
    keys: dict[Path, int] = field(default_factory=dict)

    def place(self, offset: int) -> tuple[int, int]:
        """1-based line and column of an offset."""
        before = self.text[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")

    def block(self, tree: Value, path: Path, indent: int) -> None:
        """Write a collection an item a line, anything else as flow."""
        if not tree or isinstance(tree, str) or self.choose(("flow", "block")) == "flow":
            self.flow(tree, path)
            return
        for key, below in _items(tree):
            if self.text:
                self.text += self.choose(_BLOCK_GAPS) + " " * indent
            self.values.setdefault(path, len(self.text))
            if isinstance(key, str):
                self._scalar(key, (*path, key), self.keys)
                self.text += ": "
            else:
                self.text += "- "
            self.block(below, (*path, key), indent + 2)

    def flow(self, tree: Value, path: Path) -> None:
        """Write a value in brackets, braces or quotes."""
        if isinstance(tree, str):
            self._scalar(tree, path, self.values)
            return
        self.values[path] = len(self.text)
        self.text += "[" if isinstance(tree, list) else "{"
        for index, (key, below) in enumerate(_items(tree)):
            self.text += ("," if index else "") + self.choose(_FLOW_GAPS)
            if isinstance(key, str):
                self._scalar(key, (*path, key), self.keys)
                self.text += ": " + self.choose(_FLOW_GAPS)
            self.flow(below, (*path, key))
            self.text += self.choose(_FLOW_GAPS)
        self.text += "]" if isinstance(tree, list) else "}"

    def _scalar(self, scalar: str, path: Path, places: dict[Path, int]) -> None:
        styles = ["double"]
        if scalar.isprintable():
            styles.append("single")
        if re.fullmatch(r"[^\W_](?:[\w ]*\w)?", scalar):
            styles.append("plain")
        style = self.choose(tuple(styles))
        places[path] = len(self.text)
        if style == "plain":
            self.text += scalar
        elif style == "single":
            self.text += "'" + scalar.replace("'", "''") + "'"
        else:
            self.text += '"' + "".join(map(_escaped, scalar)) + '"'


def _items(tree: list[Value] | dict[str, Value]) -> Iterable[tuple[str | int, Value]]:
    return tree.items() if isinstance(tree, dict) else enumerate(tree)


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    return char if char.isprintable() else f"\\U{ord(char):08X}"


@st.composite
def written(draw: st.DrawFn) -> Written:
    """Trees in random layout and quotes."""

    def choose(options: tuple[str, ...]) -> str:
        return draw(st.sampled_from(options))

    source = Written(draw(TREES), choose)
    source.block(source.tree, (), 0)
    return source
