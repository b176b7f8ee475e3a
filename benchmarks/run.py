"""Print each measurement as a ratio to a peer, measured in the same run.

Usage: python benchmarks/run.py [--runs N] [NAME…]   (names: see BENCHMARKS)
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import projects
from measure import Command, Ratio, Run, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).resolve().parent
ANKIGEN = Path(sys.executable).with_name("ankigen")

Row = tuple[str, Ratio, float]


def build(folder: Path, runs: int) -> Iterator[Row]:
    """A cold build of 10,000 terms without sound."""
    project = folder / "build"
    file = projects.terms(project, 10_000)
    ours = Command(
        [ANKIGEN, "build", "--no-audio", "--project", project],
        folder,
        before=lambda: shutil.rmtree(project / "dist", ignore_errors=True),
    )
    wall, peak, mine, theirs = compare(ours, _genanki(file, folder), runs)
    _said("10,000 terms, cold", mine, theirs)
    yield "10,000 terms, cold: wall", wall, 2.0
    yield "10,000 terms, cold: peak memory", peak, 3.0


def unchanged(folder: Path, runs: int) -> Iterator[Row]:
    """The same build again, nothing changed."""
    project = folder / "unchanged"
    file = projects.terms(project, 10_000)
    ours = Command([ANKIGEN, "build", "--no-audio", "--project", project], folder)
    wall, _, mine, theirs = compare(ours, _genanki(file, folder), runs)
    _said("10,000 terms, unchanged", mine, theirs)
    yield "10,000 terms, unchanged: wall", wall, 0.5


def sound(folder: Path, runs: int) -> Iterator[Row]:
    """Two hundred sentences from nothing, packages included."""
    project = folder / "sound"
    texts = folder / "texts.txt"
    texts.write_text("\n".join(projects.sentences(project, 200)), encoding="utf-8")
    raw = folder / "raw"
    raw.mkdir()

    def forget() -> None:
        shutil.rmtree(project / "dist", ignore_errors=True)
        shutil.rmtree(project / "audio", ignore_errors=True)

    ours = Command([ANKIGEN, "build", "--jobs", "2", "--project", project], folder, before=forget)
    peer = Command([sys.executable, HERE / "peer_speech.py", texts, raw], folder)
    wall, _, mine, theirs = compare(ours, peer, runs)
    _said("200 sentences of sound", mine, theirs)
    yield "200 sentences of sound: wall", wall, 1.15


def help_(folder: Path, runs: int) -> Iterator[Row]:
    """``ankigen --help`` against importing click."""
    ours = Command([ANKIGEN, "--help"], folder)
    peer = Command([sys.executable, "-c", "import click"], folder)
    wall, _, mine, theirs = compare(ours, peer, runs * 4)
    _said("--help", mine, theirs)
    yield "--help: wall", wall, 2.0


def packages(folder: Path, runs: int) -> Iterator[Row]:
    """Comparing and checking packages against importing one into Anki."""
    old, new = folder / "old.apkg", folder / "new.apkg"
    projects.with_media(old, folder / "media")
    projects.with_media(new, folder / "media", changed=500)
    importing = Command([sys.executable, HERE / "peer_import.py", new], folder)
    for what, arguments in (("diff", [old, new]), ("verify", [new])):
        ours = Command([ANKIGEN, what, *arguments], folder)
        wall, _, mine, theirs = compare(ours, importing, runs)
        _said(f"{what}, 10,000 notes and 20,000 sounds", mine, theirs)
        yield f"{what}, 10,000 notes, 20,000 sounds", wall, 1.0


def locked(folder: Path, runs: int) -> Iterator[Row]:
    """A build of 10,000 spoken terms, all clips made and the lock up to date."""
    project = folder / "locked"
    projects.terms(project, 10_000)
    projects.spoken(project)
    ours = Command(
        [ANKIGEN, "build", "--project", project],
        folder,
        before=lambda: shutil.rmtree(project / "dist", ignore_errors=True),
    )
    ours.run()
    package = folder / "imported.apkg"
    shutil.copy(project / "dist" / "bench.apkg", package)
    importing = Command([sys.executable, HERE / "peer_import.py", package], folder)
    wall, _, mine, theirs = compare(ours, importing, runs)
    _said("10,000 spoken terms, lock and clips warm", mine, theirs)
    yield "10,000 spoken terms, lock warm", wall, 1.0


def _genanki(file: Path, folder: Path) -> Command:
    return Command([sys.executable, HERE / "peer_genanki.py", file, folder / "naive.apkg"], folder)


def _said(what: str, mine: Run, theirs: Run) -> None:
    print(
        f"{what}: {mine.wall:.3f} s, {mine.peak / 1e6:.0f} MB;"
        f" peer {theirs.wall:.3f} s, {theirs.peak / 1e6:.0f} MB",
        file=sys.stderr,
    )


BENCHMARKS: dict[str, Callable[[Path, int], Iterator[Row]]] = {
    "build": build,
    "unchanged": unchanged,
    "sound": sound,
    "help": help_,
    "packages": packages,
    "locked": locked,
}


def main() -> None:
    """Run the benchmarks asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []])
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}; ours / peer, median (range)")
    for name in asked.names or BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix="ankigen-bench-") as folder:
            for what, ratio, reach in BENCHMARKS[name](Path(folder), asked.runs):
                verdict = "reached" if ratio.median <= reach else "missed"
                print(f"{what:36} {ratio!s:24} reach ≤ {reach:<5} {verdict}")


if __name__ == "__main__":
    main()
