"""Print each measurement as a ratio to a peer, measured in the same run.

Usage: python benchmarks/run.py [--runs N] [NAME…]   (names: see BENCHMARKS)
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import against
import projects
from against import ANKIGEN, HERE, Row, cold
from against import said as _said
from measure import Command, Ratio, apart, compare, median

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DECK = "site/decks/terms.html"


def build(folder: Path, runs: int) -> Iterator[Row]:
    """A cold build of 10,000 terms without sound, whose IPA is written as it is in the peer's.

    Then the same without: by default it is derived, which the peer does not do.
    """
    for what, transcribed in (("", True), (", IPA derived", False)):
        project = folder / f"build{transcribed}"
        file = apart(projects.terms, project, 10_000, transcribed=transcribed)
        build: list[str | Path] = [ANKIGEN, "build", "--no-audio", "--project", project]
        ours = cold(build, folder, project / "dist", project / "audio")
        wall, peak, mine, theirs = compare(ours, _genanki(file, folder), runs)
        _said(f"10,000 terms, cold{what}", mine, theirs)
        yield f"10,000 terms, cold{what}: wall", wall, 2.0
        yield f"10,000 terms, cold{what}: peak", peak, 3.0


def unchanged(folder: Path, runs: int) -> Iterator[Row]:
    """The same build again, nothing changed."""
    project = folder / "unchanged"
    file = apart(projects.terms, project, 10_000)
    ours = Command([ANKIGEN, "build", "--no-audio", "--project", project], folder)
    wall, _, mine, theirs = compare(ours, _genanki(file, folder), runs)
    _said("10,000 terms, unchanged", mine, theirs)
    yield "10,000 terms, unchanged: wall", wall, 0.5


def sound(folder: Path, runs: int) -> Iterator[Row]:
    """Two hundred sentences from nothing, packages included."""
    project = folder / "sound"
    apart(projects.sentences, project, 200)
    yield _spoken("200 sentences of sound", ["build"], project, runs)


def mixed(folder: Path, runs: int) -> Iterator[Row]:
    """A hundred terms at two speeds and a hundred sentences from nothing, without packages."""
    project = folder / "mixed"
    apart(projects.mixed, project)
    yield _spoken("300 mixed clips", ["audio", "make"], project, runs)


def _spoken(what: str, command: Sequence[str], project: Path, runs: int) -> Row:
    script, raw = project / "script.tsv", project / "raw"
    apart(projects.write_script, project, script)
    raw.mkdir()
    arguments: list[str | Path] = [ANKIGEN, *command, "--jobs", "2", "--project", project]
    ours = cold(arguments, project, project / "dist", project / "audio")
    peer = Command([sys.executable, HERE / "peer_speech.py", script, raw], project)
    wall, _, mine, theirs = compare(ours, peer, runs)
    _said(what, mine, theirs)
    return f"{what}: wall", wall, 1.15


def warm(folder: Path, runs: int) -> Iterator[Row]:
    """The plan of 20,000 clips that are all there, against hashing their files.

    First with every file to be read, then with what the run before has checked.
    """
    project = folder / "warm"
    apart(projects.terms, project, 10_000, transcribed=False)
    apart(projects.spoken, project)
    whole = Command([ANKIGEN, "audio", "make", "--project", project], folder).run()
    _said("20,000 clips, all there, sources read and all", whole)
    measured = subprocess.check_output(
        [sys.executable, HERE / "plan.py", project, str(runs)], text=True
    )
    seconds = [[float(part) for part in line.split()] for line in measured.splitlines()]
    unchecked = Ratio(tuple(ours / peer for ours, _, peer in seconds))
    print(f"the plan with every clip read: {unchecked} of hashing", file=sys.stderr)
    yield "plan of 20,000 clips", Ratio(tuple(ours / peer for _, ours, peer in seconds)), 0.5


def memory(folder: Path, runs: int) -> Iterator[Row]:
    """The peak of making 2,000 sentences, some of 60 words, against what it may be."""
    project = folder / "memory"
    apart(projects.sentences, project, 2_000, projects.AS_IN_COURSE)
    arguments: list[str | Path] = [ANKIGEN, "audio", "make", "--jobs", "2", "--project", project]
    ours = cold(arguments, folder, project / "audio")
    made = [ours.run() for _ in range(runs)]
    _said("2,000 sentences of sound", median(made))
    yield "2,000 sentences: peak / 400 MB", Ratio(tuple(r.peak / 400e6 for r in made)), 1.0


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
    apart(projects.with_media, old, folder / "media")
    apart(projects.with_media, new, folder / "media", changed=500)
    importing = Command([sys.executable, HERE / "peer_import.py", new], folder)
    for what, arguments in (("diff", [old, new]), ("verify", [new])):
        ours = Command([ANKIGEN, what, *arguments], folder)
        wall, _, mine, theirs = compare(ours, importing, runs)
        _said(f"{what}, 10,000 notes and 20,000 sounds", mine, theirs)
        yield f"{what}, 10,000 notes, 20,000 sounds", wall, 1.0


def locked(folder: Path, runs: int) -> Iterator[Row]:
    """A build of 10,000 spoken terms, all clips made and the lock up to date."""
    project = folder / "locked"
    apart(projects.terms, project, 10_000)
    apart(projects.spoken, project)
    ours = cold([ANKIGEN, "build", "--project", project], folder, project / "dist")
    ours.run()
    package = folder / "imported.apkg"
    shutil.copy(project / "dist" / "bench.apkg", package)
    importing = Command([sys.executable, HERE / "peer_import.py", package], folder)
    wall, _, mine, theirs = compare(ours, importing, runs)
    _said("10,000 spoken terms, lock and clips warm", mine, theirs)
    yield "10,000 spoken terms, lock warm", wall, 1.0


def checked(folder: Path, runs: int) -> Iterator[Row]:
    """A check of 10,000 entries in ten files: all to be done, then nothing changed."""
    for kind, sentences in (("terms", 0), ("terms and sentences", 2)):
        project = folder / f"checked{sentences}"
        files = apart(projects.course, project, sentences)
        peer = Command([sys.executable, HERE / "peer_yaml.py", *files], folder)
        most = 6 * sum(path.stat().st_size for path in files) + 80e6
        check: list[str | Path] = [ANKIGEN, "check", "--project", project]
        for what, ours, reach in (
            ("cold", cold(check, folder), 2.0),
            ("unchanged", Command(check, folder), 0.5),
        ):
            wall, _, mine, theirs = compare(ours, peer, runs)
            _said(f"check of 10,000 {kind}, {what}", mine, theirs)
            yield f"check of 10,000 {kind}, {what}", wall, reach
            if what == "cold":
                yield "check: peak / (6 * files + 80 MB)", Ratio((mine.peak / most,)), 1.0


def tabled(folder: Path, runs: int) -> Iterator[Row]:
    """A cold check of the same 10,000 entries in ten spreadsheets, against that of YAML."""
    files = apart(projects.course, folder / "written")
    peer = Command([sys.executable, HERE / "peer_yaml.py", *files], folder)
    for kind in ("csv", "xlsx"):
        project = folder / kind
        apart(projects.tabled, project, files, kind)
        ours = cold([ANKIGEN, "check", "--project", project], folder)
        wall, _, mine, theirs = compare(ours, peer, runs)
        _said(f"check of 10,000 entries as {kind}", mine, theirs)
        yield f"check of 10,000 entries as {kind}: wall", wall, 2.0


def site(folder: Path, runs: int) -> Iterator[Row]:
    """The site of the repository's own course, against the build of its decks without sound.

    Then its first page, and a deck of 500 notes, in a browser.
    """
    course, silent, long = folder / "course", folder / "silent", folder / "long"
    for root in (course, silent):
        _copy_course(root)
    apart(projects.terms, long, 500)
    for root in (course, long):
        apart(projects.spoken, root)
        Command([ANKIGEN, "site", "--project", root], folder).run()
    forget = partial(shutil.rmtree, course / "site", ignore_errors=True)
    ours = Command([ANKIGEN, "site", "--project", course], folder, before=forget)
    build: list[str | Path] = [ANKIGEN, "build", "--no-audio", "--project", silent]
    peer = cold(build, folder, silent / "dist")
    wall, _, mine, theirs = compare(ours, peer, runs)
    _said("site of the course, decks built", mine, theirs)
    yield "site of the course: wall", wall, 1.0
    said = subprocess.check_output(
        [sys.executable, HERE / "browse.py", course / "site", long / DECK, str(runs)], text=True
    )
    rows = [map(float, line.split()) for line in said.splitlines()]
    sizes, painted, closed, opened = zip(*rows, strict=True)
    yield "first page / 100 kB", Ratio(tuple(size / 100e3 for size in sizes)), 1.0
    yield "largest paint / 1 s, slow processor", Ratio(tuple(ms / 1000 for ms in painted)), 1.0
    yield "longest frame / 100 ms, 500 notes", Ratio(tuple(ms / 100 for ms in closed)), 1.0
    yield "longest frame / 100 ms, all open", Ratio(tuple(ms / 100 for ms in opened)), 1.0


def served(folder: Path, runs: int) -> Iterator[Row]:
    """The preview of the repository's course: seconds from a save to the screen, memory of 200."""
    project = folder / "course"
    _copy_course(project)
    paths = os.pathsep.join([str(HERE.parent / "tests"), os.environ.get("PYTHONPATH", "")])
    times, grown = subprocess.check_output(
        [sys.executable, HERE / "serve.py", project, str(runs)],
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ).splitlines()
    yield "preview: save to screen / 1 s", Ratio(tuple(map(float, times.split()))), 1.0
    yield "preview: 200 saves / 20 MB", Ratio((int(grown) / 20e6,)), 1.0


def _genanki(file: Path, folder: Path) -> Command:
    return Command([sys.executable, HERE / "peer_genanki.py", file, folder / "naive.apkg"], folder)


def _copy_course(root: Path) -> None:
    """The repository's own course, without what was made of it."""
    shutil.copytree(HERE.parent / "cards", root / "cards")
    for name in ("ankigen.yaml", "ankigen.lock", "pronunciations.yaml", "words.txt"):
        shutil.copy(HERE.parent / name, root)


BENCHMARKS: dict[str, Callable[[Path, int], Iterator[Row]]] = {
    "build": build,
    "unchanged": unchanged,
    "sound": sound,
    "mixed": mixed,
    "warm": warm,
    "memory": memory,
    "check": checked,
    "tables": tabled,
    "help": help_,
    "packages": packages,
    "locked": locked,
    "site": site,
    "naive": against.naive,
    "growth": against.growth,
    "again": against.again,
    "media": against.media,
    "serve": served,
}

MINUTES = ("memory", "naive", "growth", "serve")
"""Those that take minutes a run: unless they are asked for by name, one of each is enough."""

VERSIONS = ("anki", "genanki", "PyYAML", "jinja2", "onnxruntime", "click")
"""What the ratios may depend on."""


def _machine() -> str:
    """The processor, as far as the system tells."""
    said = Path("/proc/cpuinfo")
    text = said.read_text(encoding="utf-8") if said.is_file() else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    name = model[1] if model else platform.machine()
    return f"{os.cpu_count()} cores of {name}, {platform.system()}"


def _versions() -> str:
    used = [f"{name} {version(name)}" for name in VERSIONS]
    return ", ".join([f"Python {platform.python_version()}", *used])


def main() -> None:
    """Run the benchmarks asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []])
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a person's Python compiles a module once
    print(f"{date.today()}; {_machine()}; {_versions()}")  # noqa: DTZ011 - the reader's day
    print("ours / peer, median (range)")
    for name in asked.names or BENCHMARKS:
        runs = asked.runs if asked.names or name not in MINUTES else 1
        with tempfile.TemporaryDirectory(prefix="ankigen-bench-") as folder:
            os.environ["XDG_CACHE_HOME"] = f"{folder}/caches"  # and not the person's
            for what, ratio, reach in BENCHMARKS[name](Path(folder), runs):
                verdict = ""
                if reach is not None:
                    verdict = "reached" if ratio.median <= reach else "missed"
                    verdict = f"reach ≤ {reach:<5} {verdict}"
                print(f"{what:42} {ratio!s:24} {verdict}".rstrip())


if __name__ == "__main__":
    main()
