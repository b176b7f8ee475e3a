"""``import``: notes of other programs into the course."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ankigen.cli.session import EXIT_SOURCES, Session, common, echo
from ankigen.cli.words import CATEGORY, NOTE_TYPE, Choice


@click.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--notetype", type=NOTE_TYPE, default="", help="What notes become, as terms.")
@click.option(
    "--map",
    "fields",
    multiple=True,
    metavar="FIELD=KEY",
    help="What a field becomes: a key, tags, id, or - for nothing.",
)
@click.option(
    "--set",
    "constants",
    multiple=True,
    metavar="KEY=VALUE",
    help="A value that all entries get, as level=core.",
)
@click.option("--only", multiple=True, metavar="NAME", help="Import these note types of it alone.")
@click.option("--as-is", is_flag=True, help="Take its note types over, cards, look and all.")
@click.option(
    "--category", type=CATEGORY, default="", help="Where to, if not a category for each deck."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The source file to write, as cards/basics/terms.school.yaml.",
)
@click.option("--append", is_flag=True, help="Add to source files that are there.")
@click.option("--dry-run", is_flag=True, help="Report what would be done, and change nothing.")
@click.option(
    "--format", "form", type=Choice(["text", "json"]), default="text", help="How to report."
)
@common
def import_(
    session: Session,
    *,
    file: Path,
    notetype: str,
    fields: tuple[str, ...],
    constants: tuple[str, ...],
    only: tuple[str, ...],
    as_is: bool,
    category: str,
    output: Path | None,
    append: bool,
    dry_run: bool,
    form: str,
) -> None:
    """Turn FILE into source files: a spreadsheet, an Anki package or text export, or CrowdAnki.

    GUIDs are kept, media are copied, and what did not fit is reported. Notes of note types that the
    course has are read back as they were; others are mapped onto the keys of --notetype, or keep
    their note type with --as-is. Files that are there are not touched, unless --append says so.

    \b
    Examples:
      ankigen import words.xlsx --notetype terms --category basics
      ankigen import shared.apkg --notetype terms --map "Front=term" --map "Back=definition"
      ankigen import mydeck.apkg --as-is --dry-run
      ankigen import dist/my-course.apkg
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import importreport  # noqa: PLC0415 - keeps --help instant
    from ankigen.importing import job, mapping  # noqa: PLC0415
    from ankigen.importing.outcome import Options  # noqa: PLC0415
    from ankigen.importing.routes import Wanted  # noqa: PLC0415

    options = Options(
        output=output.absolute() if output else None,
        wanted=Wanted(notetype, only, as_is, tuple(mapping.parse(fields))),
        category=category,
        constants=tuple(mapping.parse_constants(constants)),
        append=append,
        dry_run=dry_run,
    )
    with session.project() as root:
        report = job.run(root, file, options)
    if form == "json":
        echo(importreport.as_json(report), err=False)
    elif not session.quiet:
        echo(importreport.text(report, verbose=session.verbose), err=False)
    if not report.files and not report.same:
        sys.exit(EXIT_SOURCES)
