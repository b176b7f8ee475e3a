"""The clips a course needs, those it has, and those it no longer uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import audio, reading
from ankigen.clips import Store

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.clips import Record
    from ankigen.model import Clip

_CLIP_FILE = re.compile(r"[a-z0-9-]+-[0-9a-f]{12}\.mp3")


@dataclass(frozen=True, slots=True)
class Stocked:
    """A clip that the course needs.

    Attributes:
        clip: The one that is there: it may stand in for another.
        record: What is in the store; None where it is missing.
        used: Keys of the notes that play it.
    """

    clip: Clip
    record: Record | None
    used: tuple[str, ...]


def sounds(root: Path) -> list[Stocked]:
    """Every clip of a project once, in study order.

    Args:
        root: The project's folder, resolved.

    Raises:
        SourceError: The sources are at fault.
        SetupError: A voice is not to be had.
    """
    contents = reading.read(root, sound=True, transcribed=False)
    store = Store(root / reading.CLIPS_FOLDER)
    found: dict[str, Clip] = {}
    used: dict[str, list[str]] = {}
    for note in contents.notes:
        for wanted in note.clips:
            clip = next((one for one in audio.line(wanted) if store.get(one)), wanted)
            found[clip.name] = clip
            used.setdefault(clip.name, []).append(note.key)
    stocked = [Stocked(c, store.get(c), tuple(used[name])) for name, c in found.items()]
    store.remember()
    return stocked


def prune(root: Path, *, dry_run: bool = False) -> dict[str, int]:
    """Remove the clips that no note plays, and that stand in for none.

    Args:
        root: The project's folder, resolved.
        dry_run: Remove nothing.

    Returns:
        The size in bytes of each removed file, by name.

    Raises:
        SourceError: The sources are at fault: what they use is not known.
        SetupError: A voice is not to be had.
    """
    contents = reading.read(root, sound=True, transcribed=False)
    needed = {c.name for note in contents.notes for clip in note.clips for c in audio.line(clip)}
    store = Store(root / reading.CLIPS_FOLDER)
    folder = store.folder
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    # Whatever else a person may keep in that folder is not ours to remove.
    unused = {
        path.name: path.stat().st_size
        for path in found
        if path.name not in needed and _CLIP_FILE.fullmatch(path.name)
    }
    forgotten = store.names - unused.keys() - needed
    unused |= {name: 0 for name in forgotten if _CLIP_FILE.fullmatch(name)}
    if unused and not dry_run:
        store.remove(unused)
    return unused
