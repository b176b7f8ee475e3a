"""Notes as they were rendered last, for as long as nothing changes that they were made of."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any

from ankigen.diagnostics import Span
from ankigen.model import Clip, Note, Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ankigen.caches import Cache
    from ankigen.model import Entry

_EDGE = "\x1f"
"""Between fields, as Anki keeps them: no field can hold it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A rendered note.

    Attributes:
        made_of: By key, what stood in the entries that it shows, its own among them.
        note: Its place and its span may be others by now.
    """

    made_of: Mapping[str, str]
    note: Note


class Memory:
    """The notes of one project, those of the last run and those of this one."""

    def __init__(self, cache: Cache) -> None:
        """Take what was kept, if it can be read.

        Args:
            cache: Its fingerprint is of all that notes are made of, but for the entries.
        """
        self._cache = cache
        self._before: dict[str, _Kept] = {}
        self._now: dict[str, _Kept] = {}
        try:
            said = cache.recall()
            if said:
                voices = [Voice(*each) for each in said["voices"]]
                self._before = {key: _read(key, row, voices) for key, row in said["notes"].items()}
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            self._before = {}  # not one that this version can read

    def recall(self, entry: Entry, position: int, stands: Callable[[str], str]) -> Note | None:
        """The note of an entry, if rendering it would give the same as the last time.

        Args:
            entry: Its own.
            position: Its place in the study order.
            stands: What stands in the entry of a key now; empty where there is none.
        """
        kept = self._before.get(entry.key)
        if kept is None or any(stands(key) != then for key, then in kept.made_of.items()):
            return None
        self._now[entry.key] = kept
        return replace(kept.note, category=entry.category, position=position, span=entry.span())

    def keep(self, note: Note, made_of: Mapping[str, str]) -> None:
        """Remember a note and what stands in the entries that it was made of."""
        self._now[note.key] = _Kept(made_of, note)

    def write(self) -> None:
        """Keep the notes of this run, if they are others than those of the last."""
        if self._now.keys() == self._before.keys() and all(
            kept is self._before[key] for key, kept in self._now.items()
        ):
            return
        voices: dict[Voice, int] = {}
        notes = {key: _row(kept, voices) for key, kept in self._now.items()}
        self._cache.keep({"voices": [astuple(voice) for voice in voices], "notes": notes})


def _row(kept: _Kept, voices: dict[Voice, int]) -> list[Any]:
    def clip(one: Clip) -> list[Any]:
        voice = voices.setdefault(one.voice, len(voices))
        return [one.name, one.text, one.script, voice, one.instead and clip(one.instead)]

    note = kept.note
    clips = [clip(one) for one in note.clips]
    fields = _EDGE.join(note.fields)
    return [kept.made_of, note.guid, fields, note.tags, note.cards, clips]


def _read(key: str, row: list[Any], voices: list[Voice]) -> _Kept:
    def clip(name: str, text: str, script: str, voice: int, instead: list[Any] | None) -> Clip:
        return Clip(name, text, script, voices[voice], clip(*instead) if instead else None)

    made_of, guid, fields, tags, cards, clips = row
    note = Note(
        key=key,
        guid=guid,
        note_type=key.partition("/")[0],
        category="",
        fields=tuple(fields.split(_EDGE)),
        tags=tuple(tags),
        cards=tuple(cards),
        clips=tuple(clip(*one) for one in clips),
        position=0,
        span=Span(""),
    )
    return _Kept(made_of, note)
