"""Rendered notes with other sounds than they asked for, or with none."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ankigen.model import Clip, Note
    from ankigen.notetype import NoteType

_SOUND = re.compile(r" \[sound:[^\]]*\]")


def mute(note: Note, note_type: NoteType) -> Note:
    """The note without sound, and without the cards that only sound would make."""
    fields = tuple(
        "" if spec.speak else _SOUND.sub("", text) if spec.lines else text
        for spec, text in zip(note_type.spec.fields, note.fields, strict=True)
    )
    cards = note_type.cards_of(fields, tags=bool(note.tags))
    return replace(note, fields=fields, cards=cards, clips=())


def muted(notes: Iterable[Note], note_types: Mapping[str, NoteType]) -> list[Note]:
    """The notes without sound, but for those that would show nothing then."""
    silent = [mute(note, note_types[note.note_type]) for note in notes]
    return [
        note
        for note in silent
        if note.cards != (0,)
        or not note_types[note.note_type].is_blank(note.fields, tags=bool(note.tags))
    ]


def recast(note: Note, instead: Mapping[str, Clip]) -> Note:
    """The note with the clips that stand in for its own, by the names of these."""
    if not any(clip.name in instead for clip in note.clips):
        return note
    clips = tuple(instead.get(clip.name, clip) for clip in note.clips)
    fields = note.fields
    for old, new in zip(note.clips, clips, strict=True):
        fields = tuple(
            text.replace(f"[sound:{old.name}]", f"[sound:{new.name}]") for text in fields
        )
    return replace(note, fields=fields, clips=clips)
