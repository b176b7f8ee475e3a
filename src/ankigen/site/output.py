"""A project → the folder of its site."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ankigen import audio, build, files, markup, reading, sounding, study
from ankigen.clips import Store
from ankigen.diagnostics import SetupError
from ankigen.site import editions, pages
from ankigen.site.model import Site
from ankigen.site.views import Views
from ankigen.stats import length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ankigen.build import Progress, Result
    from ankigen.model import Clip, Note
    from ankigen.reading import Contents
    from ankigen.site.editions import Editions

OUTPUT_FOLDER = "site"
_MARK = ".ankigen-site"
"""Says that a folder was written here, so that what is left over in it may be deleted."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        files: How many.
        bytes: Of all, sounds and packages included.
    """

    folder: Path
    pages: int
    files: int
    bytes: int
    built: Result


def write(
    root: Path,
    folder: Path | None = None,
    *,
    base_url: str = "",
    since: str | None = None,
    options: build.Options = build.Options(),  # noqa: B008 - frozen
    progress: Progress = build.Silent(),  # noqa: B008 - stateless
) -> Written:
    """Build a project's decks where they are not up to date, and its site.

    Args:
        root: The project's folder, resolved.
        folder: Where the site goes; ``site`` of the project by default.
        base_url: Where it will be published, if that is known.
        since: Git revision or package to compare with; the last tag by default.
        options: Of the build of the decks.
        progress: Told of long work.

    Raises:
        SourceError: The sources are at fault; the site that is there is untouched.
        SetupError: The options or the machine are at fault; likewise.
    """
    folder = folder or root / OUTPUT_FOLDER
    built = build.build(root, options, progress)
    contents = _as_built(build.contents(root, options))
    site = view(contents, built, editions.find(root, contents, since))
    made = dict(pages.make(site, base_url))
    placed = dict(_placed(contents, built))
    made["sw.js"] = _worker(made, placed)
    return _write(folder, made, placed, built)


def view(contents: Contents, built: Result | None, found: Editions) -> Site:
    """What the pages of a project show.

    Args:
        contents: Of the project.
        built: Its decks, for download; None where there are none.
        found: Its releases.
    """
    course = contents.course
    store = Store(course.root / reading.CLIPS_FOLDER)
    seconds = functools.cache(lambda clip: length(clip, store)[0])  # each asks the file system
    views = Views(contents, seconds)
    packages = {deck.category: deck for deck in built.decks} if built else {}
    clips = {clip.name: clip for note in contents.notes for clip in note.clips}
    cards = sum(len(note.cards) for note in contents.notes)
    preset = study.preset(course, cards)
    return Site(
        id=course.id,
        name=course.name,
        language=course.language,
        description=markup.block(course.description).html,
        guide=markup.block(study.guide(preset, cards)).html,
        authors=course.authors,
        licence=course.licence,
        url=course.url,
        decks=tuple(views.deck(one, packages.get(one.id)) for one in course.categories),
        whole=packages.get(None),
        minutes=sum(map(seconds, clips.values())) / 60,
        release=found.current,
        releases=found.past,
        changes=found.changes,
        glossary=views.glossary(),
    )


def _as_built(contents: Contents) -> Contents:
    """With the sounds that the decks play, where others stand in for those that were asked for."""
    store = Store(contents.course.root / reading.CLIPS_FOLDER)

    def instead(note: Note) -> Mapping[str, Clip]:
        lines = {clip.name: audio.line(clip) for clip in note.clips if clip.instead}
        there = {name: next(filter(store.get, line), None) for name, line in lines.items()}
        return {name: clip for name, clip in there.items() if clip}

    return replace(
        contents, notes=tuple(sounding.recast(note, instead(note)) for note in contents.notes)
    )


def _placed(contents: Contents, built: Result) -> Iterator[tuple[str, Path]]:
    """Files that are taken over as they are: sounds, pictures, packages."""
    store = Store(contents.course.root / reading.CLIPS_FOLDER)
    for note in contents.notes:
        for clip in note.clips:
            yield f"{pages.MEDIA}{clip.name}", store.path(clip)
        for media in note.media:
            yield f"{pages.MEDIA}{media.name}", media.path
    for made in contents.note_types.values():
        for media in made.media:
            yield f"{pages.MEDIA}{media.name}", media.path
    for deck in built.decks:
        yield f"{pages.PACKAGES}{deck.file}", built.output / deck.file


def _worker(made: Mapping[str, bytes], placed: Mapping[str, Path]) -> bytes:
    """The service worker, which knows every page by a hash of them all."""
    known = [path for path in made if not path.endswith((".xml", ".png"))]
    digest = hashlib.sha256(b"".join(made[path] for path in known))
    digest.update("".join(sorted(placed)).encode())
    said = {"version": digest.hexdigest()[:16], "pages": known}
    return b"const SITE = " + json.dumps(said).encode() + b";\n" + made["assets/worker.js"]


def _write(
    folder: Path, made: Mapping[str, bytes], placed: Mapping[str, Path], built: Result
) -> Written:
    """Bring the folder up to date; what another site left in it goes, other people's files stay."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        raise SetupError(
            f"{folder} holds other files",
            "name an empty folder with --output, or empty this one",
        )
    kept = {*made, *placed, _MARK}
    before = _lines(folder / _MARK)
    _note(folder, before | kept)  # what is interrupted here is ours to go on with
    size = 0
    for path, content in made.items():
        target = folder / path
        if not _holds(target, content):
            with files.atomic_write(target) as stream:
                stream.write(content)
        size += len(content)
    for path, source in placed.items():
        size += _place(source, folder / path)
    for path in before - kept:
        (folder / path).unlink(missing_ok=True)
    _note(folder, kept)
    shown = sum(path.endswith(".html") for path in made)
    return Written(folder, shown, len(made) + len(placed), size, built)


def _note(folder: Path, paths: Iterable[str]) -> None:
    """Remember what was written to the folder."""
    with files.atomic_write(folder / _MARK) as stream:
        stream.write("".join(f"{path}\n" for path in sorted({*paths} - {_MARK})).encode())


def _holds(target: Path, content: bytes) -> bool:
    try:
        return target.stat().st_size == len(content) and target.read_bytes() == content
    except OSError:
        return False


def _lines(path: Path) -> set[str]:
    """Paths of files that were written here before, none of which leads out of the folder."""
    said = path.read_text("utf-8").splitlines() if path.is_file() else []
    return {line for line in said if line and not _leads_out(line)}


def _leads_out(path: str) -> bool:
    return path.startswith("/") or "\\" in path or ".." in path.split("/")


def _place(source: Path, target: Path) -> int:
    """A second name of a file, which is never changed in place; or a copy, where that cannot be."""
    stat = source.stat()
    try:
        there = target.stat()
        if there.st_ino == stat.st_ino and there.st_dev == stat.st_dev:
            return stat.st_size
        target.unlink()
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    return stat.st_size
