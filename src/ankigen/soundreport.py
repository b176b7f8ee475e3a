"""What a person sees of the sounds of a course: what there is, what was removed, what was taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ankigen.diagnostics import visible
from ankigen.report import counted, size, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ankigen.script import Taken
    from ankigen.stock import Stocked

_WIDEST_TEXT = 50


def sounds(found: Sequence[Stocked]) -> str:
    """A table of clips and what they come to."""
    rows = [("seconds", "bytes", "voice", "used by", "text")]
    for one in found:
        voice = one.clip.voice
        speed = "" if voice.speed == 1 else f" ×{voice.speed:g}"  # noqa: RUF001 - a times sign
        seconds = f"{one.record.seconds:.2f}" if one.record else "missing"
        volume = f"{one.record.bytes:,}" if one.record else ""
        more = f" +{len(one.used) - 1}" if len(one.used) > 1 else ""
        text = visible(_short(one.clip.text))
        spoken = f"{voice.engine} {visible(voice.voice)}{speed}"
        rows.append((seconds, volume, spoken, one.used[0] + more, text))
    made = [one.record for one in found if one.record]
    total = f"{counted(len(found), 'clip')}: {len(made):,} made, {len(found) - len(made):,} missing"
    minutes = sum(record.seconds for record in made) / 60
    length = f"{minutes:.1f} minutes, {size(sum(record.bytes for record in made))}"
    return "\n".join([*(table(rows, ">><<<") if found else []), f"{total}; {length}."])


def sounds_as_json(found: Sequence[Stocked]) -> str:
    """The list that ``audio list --json`` prints."""
    return json.dumps(
        [
            {
                "file": one.clip.name,
                "text": one.clip.text,
                "engine": one.clip.voice.engine,
                "voice": one.clip.voice.voice,
                "speed": one.clip.voice.speed,
                "used": one.used,
                "made": one.record is not None,
                "seconds": one.record.seconds if one.record else None,
                "bytes": one.record.bytes if one.record else None,
            }
            for one in found
        ],
        indent=2,
        ensure_ascii=False,
    )


def pruned(unused: Mapping[str, int], *, dry_run: bool) -> str:
    """How many clips went, or would go."""
    if not unused:
        return "Every clip is in use."
    what = f"{counted(len(unused), 'clip')} that no entry uses ({size(sum(unused.values()))})"
    return f"Would remove {what}." if dry_run else f"Removed {what}."


def taken(found: Sequence[Taken], *, dry_run: bool) -> str:
    """What became of each recording."""
    lines = []
    for one in found:
        name = visible(str(one.source))
        if one.problem:
            lines.append(f"{name}: {click.style('not taken', fg='red')}: {visible(one.problem)}")
            if one.hint:
                lines.append(f"  help: {visible(one.hint)}")
        else:
            lines.append(f"{name} → {one.file}")
            if one.flaw:
                lines.append(f"  {click.style('warning:', fg='yellow')} it {one.flaw}")
    good = sum(not one.problem for one in found)
    verb = "Would take" if dry_run else "Took"
    lines.append(f"{verb} {good:,} of {counted(len(found), 'recording')}.")
    return "\n".join(lines)


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST_TEXT else text[: _WIDEST_TEXT - 1] + "…"
