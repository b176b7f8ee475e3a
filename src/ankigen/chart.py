"""A chart of one number a day: bars for a terminal, and the same as a picture (SVG)."""

from __future__ import annotations

import math
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_MOST_MARKS = 4
_WIDEST_BAR = 3  # characters

_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 700, 60, 248
"""Of the picture and, in it, of the bars, in pixels."""
_WIDEST_TITLE = 80

_STYLE = """\
svg { color-scheme: light dark; font: 13px system-ui, sans-serif; --paper: #fff; --ink: #1f2328;
  --grid: #d1d9e0; --bar: #0969da }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --ink: #f0f6fc; --grid: #3d444d; --bar: #4493f8 } }
.paper { fill: var(--paper) } text { fill: var(--ink) } .title { font-size: 16px; font-weight: 600 }
.grid { stroke: var(--grid) } .mark { stroke: var(--ink); stroke-dasharray: 4 3 }
.bars { fill: var(--bar) }"""


def bars(values: Sequence[float], *, width: int = 72) -> list[str]:
    """Lines of text: an axis of values on the left, one of days below.

    Args:
        values: One a day from day 1 on, none negative; days share a column where there is no room.
        width: The most characters of a line.
    """
    step, steps = _scale(values)
    rows_a_step = max(8 // steps, 1)
    height = steps * rows_a_step
    labels = [f"{step * number:g}" for number in range(steps + 1)]
    margin = max(map(len, labels))
    room = width - margin - 2
    columns = _columns(values, min(room, len(values) * _WIDEST_BAR))
    lines = []
    for row in range(height, 0, -1):
        number, between = divmod(row, rows_a_step)
        axis = f"{'':{margin}} │" if between else f"{labels[number]:>{margin}} ┤"
        filled = (value / step * rows_a_step - row + 1 for value in columns)
        lines.append((axis + "".join(map(_cell, filled))).rstrip())
    days = ""
    for day in _days(len(values)):
        at = round((day - 1) / len(values) * len(columns))
        if not days or (at > len(days) and at + len(str(day)) <= room):
            days = f"{days:{at}}{day}"
    lines.append(f"{0:>{margin}} └{'─' * len(columns)}")
    lines.append(f"{'':{margin}}  {days}")
    return lines


def svg(
    values: Sequence[float], *, title: str, description: str, unit: str, marks: Mapping[int, str]
) -> str:
    """A picture that stands by itself, for light pages and dark ones.

    Args:
        values: One a day from day 1 on, none negative.
        title: Shown above, and read to those who do not see it.
        description: What the picture shows, for those who do not see it.
        unit: Of the values, at their axis.
        marks: What happens at the end of a day.
    """
    step, steps = _scale(values)
    wide = (_RIGHT - _LEFT) / max(len(values), 1)
    high = (_BOTTOM - _TOP) / (step * steps)
    frame = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="title description"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(description)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{_HEIGHT}"/>',
        f'<text class="title" x="8" y="24">{escape(_short(title))}</text>',
        f'<text x="8" y="{_TOP - 8}">{escape(unit)}</text>',
    ]
    for number in range(steps + 1):
        y = f"{_BOTTOM - number * step * high:.1f}"
        out.append(f'<path class="grid" d="M{_LEFT} {y}H{_RIGHT}"/>')
        label = f"{number * step:g}"
        out.append(f'<text x="{_LEFT - 8}" y="{y}" dy=".35em" text-anchor="end">{label}</text>')
    tops = "".join(f"V{_BOTTOM - value * high:.1f}h{wide:.2f}" for value in values)
    out.append(f'<path class="bars" d="M{_LEFT} {_BOTTOM}{tops}V{_BOTTOM}Z"/>')
    for day in _days(len(values)):
        x = f"{_LEFT + (day - 0.5) * wide:.1f}"
        out.append(f'<text x="{x}" y="{_BOTTOM + 20}" text-anchor="middle">{day}</text>')
    middle = (_LEFT + _RIGHT) / 2
    out.append(f'<text x="{middle:g}" y="{_BOTTOM + 42}" text-anchor="middle">day</text>')
    for day, what in marks.items():
        at = _LEFT + day * wide
        anchor, beside = ("end", at - 6) if day > len(values) / 2 else ("start", at + 6)
        out.append(f'<path class="mark" d="M{at:.1f} {_TOP - 16}V{_BOTTOM}"/>')
        place = f'x="{beside:.1f}" y="{_TOP - 8}" text-anchor="{anchor}"'
        out.append(f"<text {place}>{escape(what)}</text>")
    return "\n".join([*out, "</svg>", ""])


def _short(title: str) -> str:
    return title if len(title) <= _WIDEST_TITLE else title[: _WIDEST_TITLE - 1] + "…"


def _scale(values: Iterable[float]) -> tuple[float, int]:
    """A round step between marks, and how many steps hold all values."""
    step = _round_up(max(values, default=0) / _MOST_MARKS)
    return step, max(math.ceil(max(values, default=0) / step), 1)


def _round_up(number: float) -> float:
    """To 1, 2 or 5 times a power of ten."""
    if number <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(number))
    return next(digit * power for digit in (1, 2, 5, 10) if digit * power >= number * (1 - 1e-9))


def _days(count: int) -> list[int]:
    """The days that are named below the bars: the first, and round ones."""
    step = max(round(_round_up(count / 8)), 1)
    return [1, *range(step, count + 1, step)] if step > 1 else list(range(1, count + 1))


def _columns(values: Sequence[float], count: int) -> list[float]:
    """The values, each repeated, or the averages of as many as have to share a column."""
    edges = [number * len(values) / count for number in range(count + 1)] if values else []
    return [
        sum(part) / len(part)
        for start, end in pairwise(edges)
        if (part := values[int(start) : max(int(end), int(start) + 1)])
    ]


def _cell(filled: float) -> str:
    """A character that is filled from below by a part of it, at least a little by any."""
    if filled <= 0:
        return " "
    return _EIGHTHS[min(max(round(filled * 8), 1), 8)]
