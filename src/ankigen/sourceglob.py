"""The globs of ``sources:``: which files of a project they mean, and none outside of it."""

from __future__ import annotations

import fnmatch
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ankigen import files, portable, yamltext
from ankigen.diagnostics import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_OWN = ("ankigen.yaml", "pronunciations.yaml", "category.yaml", "notetype.yaml")
_ASIDE = (".", "~$")  # what is hidden, and what Excel writes beside a file that is open


def fault(glob: str) -> str:
    """What is wrong with a glob, empty where nothing is."""
    path = PurePosixPath(glob)
    if path.is_absolute() or ".." in path.parts or "\\" in glob or ":" in glob:
        return "must stay inside the project"
    if not path.parts or any("**" in part and part != "**" for part in path.parts):
        return "is no pattern of files"
    return ""


def matches(root: Path, glob: str) -> list[Path]:
    """The files that a glob means, sorted; those of the course itself and hidden ones are not.

    Args:
        root: The project's folder, resolved.
        glob: Relative to it.
    """
    if fault(glob):
        return []
    return portable.in_order(
        path
        for path in root.glob(glob)
        if path.is_file()
        and path.name not in _OWN
        and not is_aside(path.relative_to(root).as_posix())
    )


def is_aside(name: str) -> bool:
    """Whether a path, relative to the project, is hidden, or lies in a folder that is."""
    return any(part.startswith(_ASIDE) for part in PurePosixPath(name).parts)


def said(text: str) -> tuple[str, ...]:
    """The globs in the text of an ``ankigen.yaml``, whatever else may be wrong with it."""
    value = yamltext.read(text, "").value
    sources = value.get("sources") if isinstance(value, dict) else None
    globs = [
        source.get("glob")
        for source in (sources if isinstance(sources, list) else [])
        if isinstance(source, dict)
    ]
    return tuple(glob for glob in globs if isinstance(glob, str) and not fault(glob))


def files_of(root: Path) -> list[Path]:
    """All files that the globs of a project mean, read or not."""
    path = root / "ankigen.yaml"
    try:
        globs = said(files.read_source(root, path))
    except SourceError:
        return []
    return portable.in_order({path for glob in globs for path in matches(root, glob)})


def tops(globs: Iterable[str], names: Iterable[str]) -> list[str]:
    """Of the names in a project's folder, those in or under which the globs' files are."""
    first = {PurePosixPath(glob).parts[0] for glob in globs}
    return [name for name in names if any(fnmatch.fnmatch(name, part) for part in first)]
