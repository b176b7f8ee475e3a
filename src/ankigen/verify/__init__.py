"""What is wrong with an Anki package of any maker: structure, media, notes, templates, safety.

Each subject is a generator of findings; a broken or hostile package is a finding too, never an
exception.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ankigen import apkg, medianame
from ankigen.apkg import Format, PackageError
from ankigen.verify import templatecheck, webscan
from ankigen.verify.findings import Code, Finding, Tally, Verdict
from ankigen.verify.inspection import ERROR, WARNING, Inspector
from ankigen.verify.notecheck import Notes
from ankigen.verify.webscan import Danger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ankigen.apkg import Package

__all__ = ["Code", "Finding", "Verdict", "verify"]


def verify(path: Path) -> Verdict:
    """Check a package, its media's bytes included.

    Nothing is raised: what cannot be read is the finding ``Code.UNREADABLE``, beside those of
    what could be.
    """
    tally = Tally()
    notes: Notes | None = None
    media = 0
    try:
        with apkg.opened(path) as package:
            media = len(package.media)
            inspector = Inspector(package.media)
            notes = Notes(package, inspector)
            for subject in (
                entries(package),
                media_names(package),
                database(package),
                templates(package, inspector),
                notes.check(),
                media_use(package, inspector),
                descriptions(package),
                media_bytes(package),
            ):
                for finding in subject:
                    tally.add(finding)
    except PackageError as error:
        tally.add(Finding(ERROR, Code.UNREADABLE, "", error.problem, error.hint))
    return Verdict(
        file=str(path),
        notes=notes.notes if notes else 0,
        cards=notes.cards if notes else 0,
        media=media,
        findings=tally.findings(),
        counts=tally.counts(),
    )


def entries(package: Package) -> Iterator[Finding]:
    """The zip and the media map agree."""
    for name in package.repeated_entries:
        message = "the zip has two entries of this name: programs may read either"
        yield Finding(ERROR, Code.REPEATED_ENTRY, name, message, "export the package again")
    for name in package.extra_entries:
        message = "the zip holds this entry, which nothing in the package names"
        yield Finding(WARNING, Code.EXTRA_ENTRY, name, message, "remove it")
    if package.format is Format.MODERN and not package.has_meta:
        message = "the package lacks 'meta', so that Anki reads an older collection than this one"
        yield Finding(ERROR, Code.NO_META, "", message, "export the package again")
    for name in package.repeated_media:
        message = "the media map gives this name to two entries"
        yield Finding(ERROR, Code.REPEATED_MEDIA, name, message, "name them differently")
    for file in package.media.values():
        if file.missing:
            message = f"the zip lacks its entry '{file.entry}': Anki refuses the whole package"
            yield Finding(ERROR, Code.MISSING_ENTRY, file.name, message, "export it again")


def media_names(package: Package) -> Iterator[Finding]:
    """Anki would keep the names as they are."""
    modern = package.format is Format.MODERN
    for name in package.media:
        problem = medianame.problem(name)
        if problem:
            then = "refuses the whole package" if modern else "changes it"
            yield Finding(
                ERROR if modern else WARNING,
                Code.MEDIA_NAME,
                name,
                f"the name {problem}: Anki {then}",
                "rename the file, and what names it",
            )


def database(package: Package) -> Iterator[Finding]:
    """SQLite finds the database whole."""
    for problem in package.database_problems():
        message = f"the database is damaged: {problem}"
        yield Finding(ERROR, Code.DATABASE, "", message, "run Tools → Check Database and export")


def templates(package: Package, inspector: Inspector) -> Iterator[Finding]:
    """Templates and style sheets of every note type."""
    for note_type in package.note_types.values():
        yield from templatecheck.check(note_type, inspector)


def media_use(package: Package, inspector: Inspector) -> Iterator[Finding]:
    """Something uses every file; what was named is known once notes and templates are read."""
    for name in package.media:
        if name in inspector.noted or medianame.is_implied(name):
            continue
        if name in inspector.templated:
            message = "only a template names it, and Anki imports such a file only as '_…'"
            yield Finding(WARNING, Code.TEMPLATE_MEDIA, name, message, f"name it '_{name}'")
        else:
            message = "no note, template or style sheet names it: Anki does not import it"
            yield Finding(WARNING, Code.UNUSED_MEDIA, name, message, "remove it")


def descriptions(package: Package) -> Iterator[Finding]:
    """No deck's description would run or load anything: Anki sanitises only Markdown."""
    for deck in package.decks.values():
        if deck.markdown:
            continue
        for danger, shown in webscan.scan_html(deck.description).dangers:
            if danger is not Danger.UNCLOSED:
                message = f"its description runs or loads something when it is looked at: {shown}"
                yield Finding(ERROR, Code.DESCRIPTION, deck.name, message, "write it in Markdown")


def media_bytes(package: Package) -> Iterator[Finding]:
    """Every file can be unpacked and is what its size and hash promise."""
    for file in package.media.values():
        if file.missing:
            continue
        try:
            deque(package.open_media(file.name), maxlen=0)
        except PackageError as error:
            yield Finding(ERROR, Code.BROKEN_MEDIA, file.name, error.problem, error.hint)
