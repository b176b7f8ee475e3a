"""Which version of the course this is, which came before, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from ankigen import diff, lockfile, markup, reading, release, release_notes, revisions
from ankigen.diagnostics import SetupError
from ankigen.site.model import Release

_UNKNOWN = 0
_CUT = "\n## How to update"
"""From here on, release notes tell what the page says elsewhere."""

if TYPE_CHECKING:
    from ankigen.reading import Contents


@dataclass(frozen=True, slots=True)
class Editions:
    """The releases of a course.

    Attributes:
        current: What is shown.
        past: Those before, the newest first.
        changes: Since the last of them, HTML; empty where there is none.
    """

    current: Release
    past: tuple[Release, ...] = ()
    changes: Markup = Markup()  # noqa: RUF009 - a frozen str


def find(root: Path, contents: Contents, since: str | None = None) -> Editions:
    """The releases of a project, which are the tags of its repository.

    Args:
        root: The project's folder.
        contents: What it holds now.
        since: Git revision or package to compare with; the last tag by default, if there is one.

    Raises:
        SourceError: The sources of the revision are at fault.
        SetupError: There is no such revision or package.
    """
    tags = revisions.tags(root)
    here = revisions.tag_here(root)
    past = tuple(Release(tag.name, tag.date) for tag in tags if tag.name != here)
    current = next((Release(tag.name, tag.date) for tag in tags if tag.name == here), None)
    before = since or (past[0].name if past else None)
    return Editions(
        current or _dated(root),
        past,
        _changes(root, contents, before) if before else Markup(),
    )


def _dated(root: Path) -> Release:
    """Named by the day on which a learner's card last changed, as the lock has it."""
    mods = [line.mod for line in lockfile.read(root).notes.values()]
    day = datetime.fromtimestamp(max(mods, default=_UNKNOWN), UTC)
    return Release(f"{day:%Y.%m.%d}", day.isoformat())


def _changes(root: Path, contents: Contents, before: str) -> Markup:
    now = release.of_sources(contents.course, contents.notes, contents.note_types)
    package = Path(before)
    if before.endswith(".apkg"):
        if not package.is_file():
            raise SetupError(f"there is no file {before}", "name a package or a git revision")
        then = release.of_package(package)
    else:
        then = reading.released(root, before)
    said = release_notes.markdown(diff.compare(then, now)).partition(_CUT)[0]
    return markup.document(said.removeprefix("# What is new"))
