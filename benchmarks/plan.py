"""The plan of clips that are all there, against reading each file and hashing it, in one process.

Usage: python plan.py PROJECT RUNS
Prints a line a run: seconds of the plan that trusts nothing, of the plan that knows what the run
before has checked, and of hashing.
"""

from __future__ import annotations

import gc
import hashlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ankigen import clips, reading

if TYPE_CHECKING:
    from collections.abc import Callable


def main(project: Path, runs: int) -> None:
    """Measure in turn, after one run that is not counted."""
    gc.set_threshold(200_000, 30, 30)  # as the commands do
    contents = reading.read(project, sound=True, transcribed=False)
    wanted = [clip for note in contents.notes for clip in note.clips]
    folder = project / reading.CLIPS_FOLDER
    checked = folder / clips.CHECKED

    def plan() -> None:
        made = contents.studio.make(wanted, clips.Store(folder))
        if made.made or made.reused != len({clip.name for clip in wanted}):
            sys.exit("the plan did not find all clips made")

    def unchecked() -> None:
        checked.unlink(missing_ok=True)
        plan()

    def hashing() -> None:
        for path in folder.glob("*.mp3"):
            hashlib.sha256(path.read_bytes()).hexdigest()

    for run in range(runs + 1):
        taken = [_seconds(work) for work in (unchecked, plan, hashing)]
        if run:
            print(*taken)


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
