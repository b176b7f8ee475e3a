"""What a person reads of a course in numbers, and of how long it takes to learn."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from ankigen import chart
from ankigen.diagnostics import visible
from ankigen.forecast import LONGEST
from ankigen.report import counted, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ankigen.forecast import Forecast, Outlook
    from ankigen.stats import Count, Shown, Stats

_WIDTH = 80
_WIDEST_NAME = 32
_MOST_TOPICS = 15
_MOST_THIN = 12
_NO_LEVEL = "none"
_FEW_HOURS = 10
_NEVER = f"not in {LONGEST // 365} years"


def text(said: Stats) -> str:
    """The course in tables."""
    total = said.total
    counts = f"{counted(total.notes, 'note')}, {counted(total.cards, 'card')}"
    sound = f"{counted(total.clips, 'clip')}, {_minutes(total)} minutes of sound"
    lines = [click.style(visible(said.course), bold=True), f"{counts}, {sound}"]
    groups = {"category": said.categories, "note type": said.note_types, "level": said.levels}
    for what, members in groups.items():
        if members.keys() - {""}:
            lines += ["", *_counts(what, members, total)]
    lines += _contents(said)
    lines += _topics(said)
    for shown in said.shown:
        lines += ["", *_thin(shown)]
    if total.missing:
        guess = f"≈ with an estimate for the {counted(total.missing, 'clip')} not made yet"
        lines += ["", guess]
    return "\n".join(lines)


def _counts(what: str, counts: Mapping[str, Count], total: Count) -> list[str]:
    rows = [(what, "notes", "cards", "share", "clips", "minutes")]
    rows += [
        (
            _short(name or _NO_LEVEL),
            f"{count.notes:,}",
            f"{count.cards:,}",
            f"{count.cards / total.cards:.0%}" if total.cards else "",
            f"{count.clips:,}",
            _minutes(count),
        )
        for name, count in counts.items()
    ]
    return table(rows, "<>>>>>")


def _contents(said: Stats) -> list[str]:
    """What the notes of each category are, where any has several kinds."""
    if all(len(members) == 1 for members in said.contents.values()):
        return []
    names = [_short(name) for name in said.contents]
    width = max(map(len, names)) + 2
    lines = ["", "category".ljust(width) + "notes of each type"]
    for name, members in zip(names, said.contents.values(), strict=True):
        listed = ", ".join(f"{_short(kind)} {number:,}" for kind, number in members.items())
        lines += textwrap.wrap(
            listed, _WIDTH, initial_indent=name.ljust(width), subsequent_indent=" " * width
        )
    return lines


def _minutes(count: Count) -> str:
    return f"{'≈' if count.missing else ''}{count.seconds / 60:,.1f}"


def _topics(said: Stats) -> list[str]:
    if not said.topics:
        return []
    used = {level for levels in said.topics.values() for level in levels}
    columns = [level for level in said.levels if level in used]
    rows = [("topic", "entries", *(_short(level or _NO_LEVEL) for level in columns))]
    rows += [
        (
            _short(topic),
            f"{sum(levels.values()):,}",
            *(f"{levels[level]:,}" if levels.get(level) else "·" for level in columns),
        )
        for topic, levels in list(said.topics.items())[:_MOST_TOPICS]
    ]
    more = len(said.topics) - _MOST_TOPICS
    rest = [f"and {counted(more, 'topic')} more, all in --format json"] if more > 0 else []
    return ["", *table(rows, "<" + ">" * (len(columns) + 1)), *rest]


def _thin(shown: Shown) -> list[str]:
    thin = list(shown.thin.items())
    line = f"{shown.note_type} with fewer than two {shown.by}: {len(thin):,} of"
    line += f" {len(shown.times):,}"
    if not thin:
        return [line]
    names = [f"{name} ({times})" for name, times in thin[:_MOST_THIN]]
    more = [f"and {len(thin) - _MOST_THIN:,} more"] if len(thin) > _MOST_THIN else []
    listed = ", ".join([*names, *more])
    return [line, *textwrap.wrap(listed, _WIDTH - 2, initial_indent="  ", subsequent_indent="  ")]


def _short(name: str) -> str:
    name = visible(name)
    return name if len(name) <= _WIDEST_NAME else name[: _WIDEST_NAME - 1] + "…"


def outlook(said: Outlook) -> str:
    """The forecast in a table, and its minutes of each day in bars."""
    knows = f" by one who knows {said.known:.0%} of the cards" if said.known else ""
    head = f"Forecast with {said.retention:.0%} of reviews remembered{knows}"
    head = click.style(head, bold=True)
    usual, other = said.by_number, said.by_time
    if not usual.seconds:
        return f"{head}\nThere is no card to learn."
    rows = [
        ("study", "all cards met", "learnt", "hours", "minutes a day", "at most"),
        (f"{counted(said.new_per_day, 'new card')} a day", *_days(usual)),
        (f"{said.minutes:g} minute{'' if said.minutes == 1 else 's'} a day", *_days(other)),
    ]
    bars = chart.bars([seconds / 60 for seconds in usual.seconds], width=_WIDTH)
    return "\n".join(
        [
            head,
            *table(rows, "<>>>>>"),
            "Learnt: nine in ten cards come back after three weeks or more.",
            "Minutes a day: on average until all cards are met.",
            "",
            f"minutes on each day at {rows[1][0]}",
            *bars,
        ]
    )


def _days(said: Forecast) -> tuple[str, ...]:
    most = max(said.seconds, default=0) / 60
    return (
        f"day {said.met:,}" if said.met else _NEVER,
        f"day {said.learnt:,}" if said.learnt else _NEVER,
        f"{said.hours:,.0f}" if said.hours >= _FEW_HOURS else f"{said.hours:.1f}",
        f"{said.minutes_a_day(1, said.met):.0f}",
        f"{most:.0f}",
    )


def picture(said: Outlook, course: str) -> str:
    """The minutes of each day as an SVG file."""
    usual = said.by_number
    minutes = [seconds / 60 for seconds in usual.seconds]
    habit = f"{counted(said.new_per_day, 'new card')} a day"
    met = f" Every card is met on day {usual.met}." if usual.met else ""
    learnt = f" The course is learnt on day {usual.learnt}." if usual.learnt else ""
    return chart.svg(
        minutes,
        title=f"{visible(course)}: study time at {habit}",
        description=f"Bars of minutes a day over {counted(len(minutes), 'day')}, at most"
        f" {max(minutes, default=0):.0f}.{met}{learnt}",
        unit="minutes",
        marks={usual.met: "every card is met"} if usual.met else {},
    )


def as_json(said: Stats, forecast: Outlook | None) -> str:
    """The object that ``stats --format json`` prints."""
    whole: dict[str, Any] = {
        "course": said.course,
        "total": _count(said.total, said.total),
        **{
            name: {key: _count(count, said.total) for key, count in counts.items()}
            for name, counts in (
                ("categories", said.categories),
                ("note_types", said.note_types),
                ("levels", said.levels),
            )
        },
        "contents": said.contents,
        "tags": said.tags,
        "topics": said.topics,
        "shown": [
            {
                "note_type": s.note_type,
                "by": s.by,
                "entries": len(s.times),
                "fewer_than_two": s.thin,
            }
            for s in said.shown
        ],
    }
    if forecast:
        whole["forecast"] = {
            "retention": forecast.retention,
            "known": forecast.known,
            "new_per_day": forecast.new_per_day,
            **_forecast(forecast.by_number),
            "minutes": [round(seconds / 60, 2) for seconds in forecast.by_number.seconds],
            "new": forecast.by_number.new,
            "at_minutes_a_day": {"minutes": forecast.minutes, **_forecast(forecast.by_time)},
        }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _count(count: Count, total: Count) -> dict[str, Any]:
    share = round(count.cards / total.cards, 4) if total.cards else 0.0
    return {**asdict(count), "seconds": round(count.seconds, 1), "share": share}


def _forecast(said: Forecast) -> dict[str, Any]:
    return {"met": said.met, "learnt": said.learnt, "hours": round(said.hours, 2)}
