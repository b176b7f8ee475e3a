"""A difference in words: for a terminal, for learners (Markdown), for programs (JSON)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import click

from ankigen.diagnostics import visible
from ankigen.diff import edits
from ankigen.release import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ankigen.diff import Difference, Edit, NoteChange
    from ankigen.release import ReleasedNote

_CONTEXT = 6
"""Words kept on either side of a change; the rest of a long text is left out."""

_HOW_TO_UPDATE = (
    "Open the new package with Anki. Your schedule stays, and so do your own edits of all cards"
    " that are not listed above."
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>~#|])")


def text(difference: Difference) -> str:
    """For a person at a terminal, in colour."""
    if not difference:
        return "Nothing differs."
    lines = list(_text(difference))
    return "\n".join([*lines, _tally(difference)])


def _text(difference: Difference) -> Iterator[str]:
    for note in difference.added:
        yield click.style(f"+ {_name(note)}", fg="green")
    for change in difference.changed:
        yield click.style(f"~ {_name(change.note)}", fg="yellow")
        for field in change.fields:
            yield f"    {visible(field.name)}: {_in_colour(edits(field.old, field.new))}"
        for sign, colour, tags in (
            ("+", "green", change.tags_added),
            ("-", "red", change.tags_removed),
        ):
            yield from (f"    tag {click.style(sign + visible(tag), fg=colour)}" for tag in tags)
    for move in difference.moved:
        old, new = (visible(deck) or "no deck" for deck in (move.old, move.note.deck))
        yield f"> {_name(move.note)}: from {old} to {new}"
    for note in difference.removed:
        yield click.style(f"- {_name(note)}", fg="red")
        yield f"    learners find it with {search(note)}"
    for kind in difference.types:
        yield visible(f"note type {kind.name}: {'; '.join(kind.what)}")
    for sign, colour, names in (
        ("+", "green", difference.new_sounds),
        ("-", "red", difference.dropped_sounds),
    ):
        yield from (click.style(f"{sign} sound {visible(name)}", fg=colour) for name in names)


def _tally(difference: Difference) -> str:
    counts = [
        (len(difference.added), "added"),
        (len(difference.changed), "changed"),
        (len(difference.moved), "moved"),
        (len(difference.removed), "removed"),
    ]
    notes = ", ".join(f"{count:,} {what}" for count, what in counts)
    new, dropped = len(difference.new_sounds), len(difference.dropped_sounds)
    return f"Notes: {notes}. Sounds: {new:,} new, {dropped:,} dropped."


def markdown(difference: Difference) -> str:
    """Release notes for learners."""
    lines = ["# What is new", ""]
    if not difference:
        return "\n".join([*lines, "Nothing has changed.", ""])
    lines += list(_by_deck("New cards", difference.added, _listed))
    changed = {change.note.guid: change for change in difference.changed}
    lines += _by_deck(
        "Changed cards",
        [change.note for change in difference.changed],
        lambda note: _changed(changed[note.guid]),
    )
    if difference.moved:
        lines += ["## Moved", "", "Cards that you have stay in the deck where they are.", ""]
        lines += [
            f"- {_title(move.note)}: now in {_escape(move.note.deck)}" for move in difference.moved
        ]
        lines.append("")
    if difference.removed:
        lines += [
            "## Removed",
            "",
            "You keep these. To delete one, paste its search into Anki's browser.",
            "",
            *(f"- {_title(note)}: `{search(note)}`" for note in difference.removed),
            "",
        ]
    lines += [
        "## How to update",
        "",
        _HOW_TO_UPDATE,
        "",
    ]
    return "\n".join(lines)


def _by_deck(
    heading: str, notes: Iterable[ReleasedNote], line: Callable[[ReleasedNote], str]
) -> Iterator[str]:
    decks: dict[str, list[str]] = {}
    for note in notes:
        decks.setdefault(note.deck, []).append(line(note))
    if not decks:
        return
    yield from (f"## {heading}", "")
    for deck, lines in decks.items():
        yield from (f"### {_escape(deck.rsplit('::', 1)[-1]) or 'No deck'}", "", *lines, "")


def _listed(note: ReleasedNote) -> str:
    return f"- {_title(note)}"


def _changed(change: NoteChange) -> str:
    parts = []
    for field in change.fields:
        if not words(field.old) and not words(field.new):
            parts.append("new sound" if "[sound:" in field.new else "no sound any more")
        else:
            parts.append(f"{_escape(field.name)}: {_in_markdown(edits(field.old, field.new))}")
    if change.tags_added or change.tags_removed:
        parts.append("tags")
    return f"- {_title(change.note)} ({'; '.join(parts)})"


def as_json(difference: Difference) -> str:
    """For programs."""

    def note(item: ReleasedNote) -> dict[str, str]:
        return {
            "key": item.key,
            "guid": item.guid,
            "title": item.title,
            "note_type": item.note_type,
            "deck": item.deck,
        }

    return json.dumps(
        {
            "added": [note(item) for item in difference.added],
            "changed": [
                {
                    **note(change.note),
                    "fields": [
                        {"name": field.name, "old": field.old, "new": field.new}
                        for field in change.fields
                    ],
                    "tags": {
                        "added": list(change.tags_added),
                        "removed": list(change.tags_removed),
                    },
                }
                for change in difference.changed
            ],
            "moved": [{**note(move.note), "from": move.old} for move in difference.moved],
            "removed": [{**note(item), "search": search(item)} for item in difference.removed],
            "note_types": [
                {"name": kind.name, "what": list(kind.what)} for kind in difference.types
            ],
            "sounds": {
                "new": list(difference.new_sounds),
                "dropped": list(difference.dropped_sounds),
            },
        },
        indent=2,
    )


def search(note: ReleasedNote) -> str:
    """What finds the note in Anki's browser: its key, or else its first field."""
    said, value = ("Key", note.key) if note.key else (next(iter(note.fields), ""), note.title)
    # In a search, quotes end the term and these characters mean something.
    quoted = re.sub(r'([\\"*_:])', r"\\\1", value)
    return visible(f'"{said}:{quoted}"')


def _name(note: ReleasedNote) -> str:
    return visible(f"{note.key or note.note_type}: {note.title}")


def _title(note: ReleasedNote) -> str:
    return f"**{_escape(note.title)}**" if note.title else f"`{note.key or note.guid}`"


def _escape(plain: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(plain))


def _in_colour(found: Iterable[Edit]) -> str:
    shown = []
    for kind, part in _shortened(found):
        match kind:
            case "same":
                shown.append(part)
            case "old":
                shown.append(click.style(f"[-{part}-]", fg="red"))
            case "new":
                shown.append(click.style(f"{{+{part}+}}", fg="green"))
    return "".join(shown)


def _in_markdown(found: Iterable[Edit]) -> str:
    shown = []
    for kind, part in _shortened(found):
        # Emphasis must not begin or end with a space.
        core = _escape(part.strip())
        marks = {"same": "", "old": "~~", "new": "**"}[kind]
        before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
        shown.append(f"{before}{marks}{core}{marks}{after}" if core else part)
    return "".join(shown)


def _shortened(found: Iterable[Edit]) -> Iterator[Edit]:
    for kind, text in found:
        part = visible(text)
        pieces = part.split(" ")
        if kind == "same" and len(pieces) > 2 * _CONTEXT:
            yield kind, f"{' '.join(pieces[:_CONTEXT])} … {' '.join(pieces[-_CONTEXT:])}"
        else:
            yield kind, part
