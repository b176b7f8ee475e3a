"""A difference in words: for a terminal, for learners (Markdown), for programs (JSON)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import click

from ankigen.diagnostics import visible
from ankigen.diff import edits
from ankigen.notetypespec import KEY_FIELD
from ankigen.release import SOUND, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ankigen.diff import Difference, Edit, FieldChange, Move, NoteChange
    from ankigen.release import ReleasedNote

_CONTEXT = 6
"""Words kept on either side of a change; the rest of a long text is left out."""

_HOW_TO_UPDATE = (
    "Open the new package with Anki. Your schedule stays, and so do your own edits of all cards"
    " that are not listed as changed."
)

_MOVED = (
    "Cards that you have stay in the deck where they are, with their schedule; only those who get"
    " them for the first time find them in the other one. You need not do anything. To move yours"
    " as well, open Anki's browser, click the old deck in the side bar, select these cards, and"
    " choose *Cards > Change Deck*."
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>~#|&])")
_MARKS = {"same": "", "old": "~~", "new": "**"}


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
            yield f"    {visible(field.name)}: {_what(field, _in_colour)}"
        for sign, colour, tags in (
            ("+", "green", change.tags_added),
            ("-", "red", change.tags_removed),
        ):
            yield from (f"    tag {click.style(sign + visible(tag), fg=colour)}" for tag in tags)
    for move in difference.moved:
        old, new = (visible(deck) or "no deck" for deck in (move.old, move.note.deck))
        yield f"> {_name(move.note)}"
        yield f"    from {old} to {new}"
    if difference.moved:
        yield "  Learners who have these keep them in the old deck, and need not do anything."
        yield "  To move them: select them in Anki's browser, Cards > Change Deck."
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
        lines += ["## Moved", "", _MOVED, "", *_by_move(difference.moved)]
    if difference.removed:
        lines += [
            "## Removed",
            "",
            "You keep these. To delete one, paste its search into Anki's browser.",
            "",
            *(f"- {_title(note)}: {_code(search(note))}" for note in difference.removed),
            "",
        ]
    if difference.types:
        lines += ["## Note types", ""]
        lines += [
            f"- **{_escape(k.name)}**: {_escape('; '.join(k.what))}" for k in difference.types
        ]
        lines.append("")
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
        yield from (f"### {_deck(deck)}", "", *lines, "")


def _by_move(moves: Iterable[Move]) -> Iterator[str]:
    """Notes below their old and new deck, in full: a course with another name moves all of them."""
    decks: dict[tuple[str, str], list[str]] = {}
    for move in moves:
        decks.setdefault((move.old, move.note.deck), []).append(_listed(move.note))
    for (old, new), lines in decks.items():
        names = (_escape(deck.strip()) or "no deck" for deck in (old, new))
        yield from (f"### From {' to '.join(names)}", "", *lines, "")


def _listed(note: ReleasedNote) -> str:
    return f"- {_title(note)}"


def _changed(change: NoteChange) -> str:
    lines = [
        f"  - *{_escape(field.name.strip() or '?')}*: {_what(field, _in_markdown)}"
        for field in change.fields
    ]
    if change.tags_added or change.tags_removed:
        lines.append("  - tags")
    return "\n".join([f"- {_title(change.note)}", *lines])


def _what(field: FieldChange, show: Callable[[Iterable[Edit]], str]) -> str:
    """How a field changed: word by word, or in a few words where its words stayed."""
    if words(field.old) != words(field.new):
        return show(edits(field.old, field.new))
    sounds = SOUND.findall(field.new)
    if sounds == SOUND.findall(field.old):
        return "looks different"
    return "new sound" if sounds else "no sound any more"


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
    name, html = next(iter(note.fields.items()), ("", ""))
    said, value = (KEY_FIELD, note.key) if note.key else (name, html)
    # In a search, quotes end the term and these characters mean something; '_' is any character,
    # also one that cannot be shown.
    said, value = (
        visible(re.sub(r'([\\"*_:])', r"\\\1", part)).replace("\N{REPLACEMENT CHARACTER}", "_")
        for part in (said, value)
    )
    return f'"{said}:{value}"'


def _name(note: ReleasedNote) -> str:
    return visible(f"{note.key or note.note_type}: {note.title}")


def _title(note: ReleasedNote) -> str:
    return f"**{_escape(note.title)}**" if note.title else _code(visible(note.key or note.guid))


def _deck(name: str) -> str:
    return _escape(name.rsplit("::", 1)[-1].strip()) or "No deck"


def _escape(plain: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(plain))


def _code(plain: str) -> str:
    """As it is, backticks included."""
    fence = "`" * (1 + max(map(len, re.findall("`+", plain)), default=0))
    space = " " if plain.strip("`") != plain else ""
    return f"{fence}{space}{plain}{space}{fence}"


def _in_colour(found: Iterable[Edit]) -> str:
    shown = []
    for kind, part in _shortened(found):
        match kind:
            case "same":
                shown.append(part)
            case "old":
                shown.append(click.style(_around(part, "[-", "-]"), fg="red"))
            case "new":
                shown.append(click.style(_around(part, "{+", "+}"), fg="green"))
    return "".join(shown)


def _in_markdown(found: Iterable[Edit]) -> str:
    shown, ended = "", ""  # the second is what stands before a mark that has just ended
    for kind, plain in _shortened(found):
        core, part = plain.strip(), _escape(plain)
        mark = _MARKS[kind] if core else ""
        inside = core[0] if mark else ended
        # Only beside a letter or a space is a mark one, and two of them would run together.
        crowded = inside and (not inside.isalnum() or (mark and ended))
        if shown and crowded and not (shown[-1].isspace() or part[0].isspace()):
            shown += " "
        shown += _around(part, mark, mark)
        ended = core[-1] if mark else ""
    return shown


def _around(part: str, before: str, after: str) -> str:
    """Marks around a part, but for the spaces at its ends."""
    core = part.strip()
    return part.replace(core, f"{before}{core}{after}") if core else part


def _shortened(found: Iterable[Edit]) -> Iterator[Edit]:
    for kind, text in found:
        part = visible(text)
        pieces = part.split(" ")
        if kind == "same" and len(pieces) > 2 * _CONTEXT:
            yield kind, f"{' '.join(pieces[:_CONTEXT])} … {' '.join(pieces[-_CONTEXT:])}"
        else:
            yield kind, part
