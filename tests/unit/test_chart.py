"""Bars in a terminal, and as a picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from ankigen import chart

DAYS = st.lists(st.just(0.0) | st.floats(1e-3, 1e6) | st.integers(0, 90), max_size=400)
SVG = "{http://www.w3.org/2000/svg}"


def test_bars() -> None:
    """Round marks on both axes, eighths of a character, and something to see of any value."""
    assert chart.bars([0, 5, 10, 20, 0.01], width=20) == [
        "20 ┤         ███",
        "   │         ███",
        "15 ┤         ███",
        "   │         ███",
        "10 ┤      ██████",
        "   │      ██████",
        " 5 ┤   █████████",
        "   │   █████████▁▁▁",
        " 0 └───────────────",
        "    1  2  3  4  5",
    ]


def test_days_share_columns() -> None:
    """Where there are more days than columns, a column is an average."""
    lines = chart.bars([10.0, 0.0] * 100, width=54)
    full = "█" * 50
    assert lines[:2] == ["10 ┤", "   │"]
    half = lines[len(lines[:-2]) // 2 :]
    assert half[0].endswith(full)
    assert not any(full in line for line in lines[: len(lines[:-2]) // 2])


@given(values=DAYS, width=st.integers(40, 100))
def test_bars_fit(values: list[float], width: int) -> None:
    """No line is wider than asked for; each value has a place between 0 and the top mark."""
    lines = chart.bars(values, width=width)
    assert max(map(len, lines)) <= width
    assert lines[-2].lstrip().startswith("0 └")
    assert 5 <= len(lines) - 2 <= 8
    drawn = "".join(lines[:-2])
    assert any(char in drawn for char in "▁▂▃▄▅▆▇█") == any(values)


@given(values=DAYS, title=st.text(max_size=100), mark=st.integers(1, 400))
def test_pictures(values: list[float], title: str, mark: int) -> None:
    """It is XML with a title and a description that screen readers say, and stays in its frame."""
    title = re.sub(r"[^\x20-\ud7ff]", "", title)
    marks = {mark: "A & B"} if mark <= len(values) else {}
    text = chart.svg(values, title=title, description="<x>", unit="minutes", marks=marks)
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert root.get("role") == "img"
    names = {root.find(f"{SVG}{tag}").get("id"): tag for tag in ("title", "desc")}  # type: ignore[union-attr]
    assert str(root.get("aria-labelledby")).split() == list(names)
    assert (root.findtext(f"{SVG}title") or "") == title
    assert root.findtext(f"{SVG}desc") == "<x>"
    bars = root.find(f"{SVG}path[@class='bars']")
    assert bars is not None
    tops = [float(y) for y in re.findall(r"V([\d.]+)h", str(bars.get("d")))]
    assert len(tops) == len(values)
    assert all(60 <= top <= 248 for top in tops)
    assert len(root.findall(f"{SVG}path[@class='mark']")) == len(marks)


def test_colours() -> None:
    """Ink and bars have contrast enough on the paper, by day and by night (WCAG: 4.5 and 3)."""
    text = chart.svg([1], title="t", description="d", unit="u", marks={})
    schemes = re.findall(r"--paper: (#\w+); --ink: (#\w+);\s+--grid: #\w+; --bar: (#\w+)", text)
    assert len(schemes) == 2
    assert "prefers-color-scheme: dark" in text
    for paper, ink, bar in schemes:
        assert contrast(ink, paper) >= 7
        assert contrast(bar, paper) >= 3


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, as WCAG 2 defines it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Of #rgb or #rrggbb, as WCAG 2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
