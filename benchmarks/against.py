"""Builds against what a user would pick instead, from a thousand notes to a hundred thousand."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import projects
import yaml
from measure import Command, Ratio, Run, apart, compare, median

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).resolve().parent
ANKIGEN = Path(sys.executable).with_name("ankigen")
TOOL = "anki-yaml-tool==0.4.0"
"""Another tool that makes packages of YAML; it wants a click of its own, so a venv of its own."""

Row = tuple[str, Ratio, float | None]
"""What was measured, how it compares, and what is to be reached, if anything is."""

LARGEST = 100_000
"""Notes of which one run is enough."""


def naive(folder: Path, runs: int) -> Iterator[Row]:
    """Cold builds without sound against a script with genanki, another tool, and Anki itself."""
    tool = _tool(folder)
    for count in (1_000, 10_000, LARGEST):
        project = folder / f"of{count}"
        file = apart(projects.terms, project, count)
        ours = _cold(project, folder)
        times = runs if count < LARGEST else 1
        out = folder / "out.apkg"
        script: list[str | Path] = [sys.executable, HERE / "peer_genanki.py", file, out]
        peers = {
            "naive script": Command([*script, "safe"], folder),
            "script by C loader": Command(script, folder),
            "anki package": Command([sys.executable, HERE / "peer_anki.py", file, out], folder),
        }
        if tool:
            deck = folder / f"{count}.yaml"
            _deck(file, deck)
            peers[TOOL] = Command(
                [tool, "build", "--file", deck, "--output", folder / "tool.apkg"], folder
            )
        for name, peer in peers.items():
            wall, peak, mine, theirs = compare(ours, peer, times)
            said(f"{count:,} notes, {name}", mine, theirs)
            asked = 1.0 if name == "naive script" and count == 10_000 else None
            yield f"{count:,} notes / {name}", wall, asked
            if name == "naive script":
                asked = 2.0 if count == LARGEST else None
                yield f"{count:,} notes, peak / {name}", peak, asked


def growth(folder: Path, runs: int) -> Iterator[Row]:
    """Ten times as many notes: time and memory against those of ten thousand."""
    small, large = folder / "small", folder / "large"
    apart(projects.terms, small, 10_000)
    apart(projects.terms, large, LARGEST)
    of_small = median([_cold(small, folder).run() for _ in range(runs)])
    of_large = _cold(large, folder).run()
    said("100,000 notes, and 10,000", of_large, of_small)
    yield "10k to 100k notes: time", Ratio((of_large.wall / of_small.wall,)), 11.0
    yield "10k to 100k notes: memory", Ratio((of_large.peak / of_small.peak,)), 11.0


def again(folder: Path, runs: int) -> Iterator[Row]:
    """Builds of 10,000 notes where nothing has changed, and where one entry has."""
    project = folder / "again"
    file = apart(projects.terms, project, 10_000)
    peer = Command(
        [sys.executable, HERE / "peer_genanki.py", file, folder / "out.apkg", "safe"], folder
    )
    build: list[str | Path] = [ANKIGEN, "build", "--no-audio", "--project", project]
    for what, before, reach in (
        ("unchanged", lambda: None, 0.15),
        ("one entry changed", partial(_change, file), 0.3),
    ):
        wall, _, mine, theirs = compare(Command(build, folder, before), peer, runs)
        said(f"10,000 notes, {what}", mine, theirs)
        yield f"10,000 notes, {what} / naive script", wall, reach


def media(folder: Path, runs: int) -> Iterator[Row]:
    """A package of 20,000 sounds against a bare copy into a zip."""
    lines = subprocess.check_output(
        [sys.executable, HERE / "peer_zip.py", folder, str(runs)], text=True
    ).splitlines()
    pairs = [[float(part) for part in line.split()] for line in lines]
    yield "20,000 sounds / bare zip", Ratio(tuple(ours / peer for ours, peer in pairs)), 1.2


def said(what: str, mine: Run, theirs: Run | None = None) -> None:
    """Tell what a ratio is made of."""
    peer = f"; peer {theirs}" if theirs else ""
    print(f"{what}: {mine}{peer}", file=sys.stderr)


def _cold(project: Path, folder: Path) -> Command:
    build: list[str | Path] = [ANKIGEN, "build", "--no-audio", "--project", project]
    return cold(build, folder, project / "dist", project / "audio")


def cold(arguments: Sequence[str | Path], folder: Path, *made: Path) -> Command:
    """A command that finds nothing of what it kept before.

    Args:
        arguments: Of the process.
        folder: Where it runs, and has caches of its own.
        made: Folders that go before each run.
    """
    caches = folder / "cold"

    def forget() -> None:
        for path in (caches, *made):
            shutil.rmtree(path, ignore_errors=True)

    return Command(arguments, folder, forget, {"XDG_CACHE_HOME": str(caches)})


def _change(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    at = text.index("  definition: The ") + len("  definition: The ")
    file.write_text(f"{text[:at]}x{text[at:]}", encoding="utf-8")


def _tool(folder: Path) -> Path | None:
    """The other tool, installed apart; None where it is not to be had."""
    home = folder / "tool"
    venv.create(home, with_pip=True)
    done = subprocess.run(
        [home / "bin/python", "-m", "pip", "install", "--quiet", TOOL], check=False
    )
    return home / "bin/anki-yaml-tool" if done.returncode == 0 else None


def _deck(source: Path, target: Path) -> None:
    """The entries in the other tool's format."""
    entries = yaml.load(source.read_bytes(), Loader=yaml.CSafeLoader)
    fields = ["term", "ipa", "pos", "level", "definition", "usage", "id"]
    data = [{**{name: str(e[name]) for name in fields}, "tags": e["topics"]} for e in entries]
    templates = [
        {"name": "Recognition", "qfmt": "{{term}}", "afmt": "{{FrontSide}}{{definition}}"},
        {"name": "Production", "qfmt": "{{definition}}", "afmt": "{{FrontSide}}{{term}}"},
    ]
    config = {"name": "Term", "fields": fields, "templates": templates, "css": ""}
    said = {"config": config, "deck-name": "Bench", "data": data}
    target.write_text(yaml.dump(said, Dumper=yaml.CSafeDumper), encoding="utf-8")
