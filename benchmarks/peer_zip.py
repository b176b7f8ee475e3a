"""A package of 20,000 sounds, against a bare copy of the same files into a zip, in one process.

Usage: python peer_zip.py FOLDER RUNS
Prints a line a run: seconds of the package, and of the copy.
"""

from __future__ import annotations

import sys
import time
import zipfile
from pathlib import Path

import projects

from ankigen import package


def main(folder: Path, runs: int) -> None:
    """Measure in turn, after one run that is not counted."""
    deck, note_types, media = projects.media(folder / "media")

    def packed() -> None:
        with (folder / "packed.apkg").open("wb") as stream:
            package.write(stream, [deck], note_types, media)

    def copied() -> None:
        with zipfile.ZipFile(folder / "copied.zip", "w", zipfile.ZIP_STORED) as archive:
            for name, path in media.items():
                archive.write(path, name)

    for run in range(runs + 1):
        taken = []
        for work in (packed, copied):
            started = time.perf_counter()
            work()
            taken.append(time.perf_counter() - started)
        if run:
            print(*taken)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
