"""The whole of a check, from sources to diagnostics; says what it does only to its caller."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ankigen import checkcache, files, freshness, lock, suppression
from ankigen.caches import Cache
from ankigen.checkcache import Found
from ankigen.diagnostics import Diagnostic, SetupError, Severity, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ankigen.diagnostics import Code
    from ankigen.project import Project
    from ankigen.suppression import Suppression

_INPUTS = ("words.txt", lock.FILE)
"""What a check reads of a project besides that of which decks are made."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for.

    Attributes:
        paths: Files and folders to report on, relative to the project with ``/``; all where empty.
        select: Codes of the rules that count, or how they begin; all where empty.
        ignore: Likewise of those that do not.
    """

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for code in (*self.select, *self.ignore):
            wrong = suppression.unknown(code)
            if wrong:
                raise SetupError(*wrong)

    def counts(self, code: str) -> bool:
        """Whether a rule is asked for."""
        return code.startswith(self.select or "") and not (
            self.ignore and code.startswith(self.ignore)
        )

    def reports(self, file: str) -> bool:
        """Whether a file is among those asked for."""
        return not self.paths or any(
            path in (".", file) or file.startswith(f"{path}/") for path in self.paths
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found.

    Attributes:
        diagnostics: Those asked for, by file and line.
        entries: How many entries were looked at.
        files: How many files hold them.
    """

    diagnostics: tuple[Diagnostic, ...]
    entries: int
    files: int

    def count(self, severity: Severity) -> int:
        """How many there are of a severity."""
        return sum(d.severity is severity for d in self.diagnostics)

    def without(self, severity: Severity) -> Result:
        """The same, but those of a severity."""
        kept = tuple(d for d in self.diagnostics if d.severity is not severity)
        return replace(self, diagnostics=kept)


def check(root: Path, options: Options = Options(), cache: Path | None = None) -> Result:
    """Look for everything that is wrong with a project.

    Args:
        root: The project's folder, resolved.
        options: What to report of it.
        cache: Folder where what was found is kept for as long as nothing changes; None for none.
    """
    found = _found(root, cache)
    asked = [one for one in found.suppressions if not (one.policy and options.select)]
    counting = (d for d in found.diagnostics if options.counts(d.code))
    left = suppression.apply(counting, asked, lambda code: _surely_found(code, options))
    told = sorted(d for d in {*left} if options.counts(d.code) and options.reports(d.span.file))
    return Result(tuple(told), found.entries, found.files)


def _surely_found(code: str, options: Options) -> bool:
    """Whether what a suppression is about would have been found, if it were there."""
    from ankigen.rules import RULES  # noqa: PLC0415 - slow to load, and hardly ever asked

    return options.counts(code) and not any(
        rule.elsewhere for known, rule in RULES.items() if known.startswith(code)
    )


def _found(root: Path, cache: Path | None) -> Found:
    if cache is None:
        return look(root)
    kept = Cache(cache, root, freshness.fingerprint(root, _libraries(), _INPUTS))
    found = checkcache.recall(kept)
    if found is None:
        found = look(root)
        checkcache.keep(kept, found)
    return found


def _libraries() -> Iterator[str]:
    """Names and versions of all libraries that this program might use."""
    yield sys.version
    for folder in sys.path:
        with contextlib.suppress(OSError):
            yield from sorted(path.name for path in Path(folder).glob("*.dist-info"))


def look(root: Path) -> Found:
    """Read a project and put it to every rule.

    Args:
        root: The project's folder, resolved.
    """
    from ankigen import reading  # noqa: PLC0415 - slow to load, and not asked where nothing changed
    from ankigen.rules import RULES  # noqa: PLC0415

    surveyed = reading.survey(root)
    project = surveyed.project
    found = [*surveyed.diagnostics, *_of_lock(root)]
    if project is None:
        return Found(tuple(found), ())
    for rule in RULES.values():
        found += rule.diagnostics(project)
    suppressions = []
    for said in _said(project, lambda code: RULES[code].severity):
        if isinstance(said, Diagnostic):
            found.append(said)
        else:
            suppressions.append(said)
    sources = {entry.file for entry in project.entries}
    return Found(tuple(found), tuple(suppressions), len(project.entries), len(sources))


def _of_lock(root: Path) -> Iterable[Diagnostic]:
    path = root / lock.FILE
    try:
        return lock.complaints(files.read_source(root, path)) if path.exists() else ()
    except SourceError as error:
        return error.diagnostics


def _said(
    project: Project, severity: Callable[[Code], Severity]
) -> Iterator[Suppression | Diagnostic]:
    """What a project's files say of what is to be left out."""
    from ankigen import config, lexicon  # noqa: PLC0415 - likewise

    course = project.course
    yield from suppression.of_course(course)
    said = {
        config.PROJECT_FILE,
        lexicon.LEXICON_FILE,
        *(category.origin.file for category in course.categories),
        *(entry.file for entry in project.entries),
    }
    for file in sorted(said):
        yield from suppression.of_file(course.root, file, severity)
