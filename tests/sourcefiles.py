"""Source files as people write them: entries in any layout, with remarks between."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIGNS = r"""tile fused it's “loop” "so" colour no 1:30 a: #1 C:\dir {gap} [x] * - é 😀 & ! ?"""
WORDS = st.sampled_from(SIGNS.split())
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@dataclass
class SourceFile:
    """A list of entries as text.

    Attributes:
        remarks: What its remarks say, in order.
    """

    choose: Callable[[tuple[str, ...]], str] = field(repr=False)
    text: str = ""
    remarks: list[str] = field(default_factory=list)

    def remark(self) -> str:
        """A new remark."""
        self.remarks.append(f"# remark {len(self.remarks)}: 'x")
        return self.remarks[-1]

    def between(self, pad: str) -> None:
        """Nothing, a blank line, or a remark in a line of its own."""
        kind = self.choose(("", "", "blank", "remark"))
        if kind:
            self.text += (pad + self.remark() if kind == "remark" else "") + "\n"

    def scalar(self, value: str, pad: str) -> None:
        """A value in one of the styles that can hold it, and the end of its line."""
        styles = ["double", "literal", "folded", "folded lines", "double lines"]
        if "'" not in value:
            styles.append("single")
        if re.fullmatch(r"[^\W_][\w ]*", value):
            styles += ["plain", "plain lines"]
        style = self.choose(tuple(styles))
        broken = value.replace(" ", f"\n{pad}  ") if style.endswith("lines") else value
        after = self.choose(("", " ", "remark"))
        after = " " + self.remark() if after == "remark" else after
        if style in ("literal", "folded", "folded lines"):
            header = "|" if style == "literal" else ">"
            self.text += f"{header}{self.choose(('', '-', '+'))}{after}\n{pad}  {broken}\n"
            return
        if style.startswith("double"):
            broken = '"' + re.sub(r'["\\]', r"\\\g<0>", broken) + '"'
        elif style == "single":
            broken = f"'{broken}'"
        self.text += broken + after + "\n"


@st.composite
def source_files(
    draw: st.DrawFn,
    keys: Sequence[str] = ("id", "term", "text", "usage"),
    values: st.SearchStrategy[str] = SENTENCES,
    *,
    whole: bool = False,
) -> SourceFile:
    """Files of up to four entries with any of some keys, and a list.

    Args:
        draw: Hypothesis's own.
        keys: Which keys an entry may have.
        values: What they may say.
        whole: Whether every entry has all of them but the first.
    """

    def choose(options: tuple[str, ...]) -> str:
        return draw(st.sampled_from(options))

    made = SourceFile(choose)
    outer = choose(("", "  "))
    for _ in range(draw(st.integers(1, 4))):
        made.between(outer)
        gap = choose((" ", "   "))
        made.text += outer + "-"
        pad = outer + " " + gap
        if choose(("same", "same", "remark")) == "remark":
            made.text += " " + made.remark() + "\n" + pad
        else:
            made.text += gap
        if not whole and choose(("block", "block", "flow")) == "flow":
            made.text += "{term: 'a, b'" + choose(("", ", definition: c d")) + "}\n"
            continue
        some = st.lists(st.sampled_from(keys), min_size=1, unique=True)
        for index, key in enumerate(draw(st.permutations(keys[1:]) if whole else some)):
            if index:
                made.between(pad)
                made.text += pad
            made.text += f"{key}: "
            made.scalar(draw(values), pad)
        if choose(("", "list")):
            made.text += f"{pad}topics: [a, 'b c', {made.remark()}\n{pad}  d]\n"
    made.between(outer)
    if choose(("lf", "crlf")) == "crlf":
        made.text = made.text.replace("\n", "\r\n")
    return made
