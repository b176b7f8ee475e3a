"""Commands about finished packages: ``diff`` and ``verify``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ankigen.cli.session import EXIT_SOURCES, PACKAGE, Session, common, echo
from ankigen.cli.words import Choice
from ankigen.diagnostics import SourceError, visible

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.release import Release


@click.command()
@click.argument("old", required=False, type=PACKAGE)
@click.argument("new", required=False, type=PACKAGE)
@click.option(
    "--rev", help="Two revisions of the project, OLD..NEW; NEW is the files here if empty."
)
@click.option(
    "--format",
    "form",
    type=Choice(["text", "markdown", "json"]),
    default="text",
    help="markdown gives release notes for learners.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if they differ.")
@common
def diff(
    session: Session,
    *,
    old: Path | None,
    new: Path | None,
    rev: str | None,
    form: str,
    exit_code: bool,
) -> None:
    """Say what learners will meet between two packages, or two git revisions of the project.

    \b
    Examples:
      ankigen diff v1/course.apkg dist/course.apkg
      ankigen diff --rev v1.0..HEAD --format markdown
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import config, release, release_notes  # noqa: PLC0415 - keeps --help instant
    from ankigen import diff as differ  # noqa: PLC0415

    if rev is not None and old is None:
        root = config.find_project(session.start())
        before, _, after = rev.partition("..")
        releases = _released(root, before or "HEAD"), _released(root, after)
    elif old is not None and new is not None and rev is None:
        releases = release.of_package(old), release.of_package(new)
    else:
        raise click.UsageError("name two packages, or two revisions with --rev OLD..NEW")
    difference = differ.compare(*releases)
    show = {
        "text": release_notes.text,
        "markdown": release_notes.markdown,
        "json": release_notes.as_json,
    }
    echo(show[form](difference), err=False)
    if exit_code and difference:
        sys.exit(EXIT_SOURCES)


def _released(root: Path, revision: str) -> Release:
    from ankigen import reading  # noqa: PLC0415 - keeps --help instant

    try:
        return reading.released(root, revision)
    except SourceError:
        if revision:  # whose files are not those that lie here
            echo(visible(f"In the revision '{revision}':"))
        raise


@click.command()
@click.argument(
    "packages",
    nargs=-1,
    required=True,
    metavar="FILE.apkg...",
    type=PACKAGE,
)
@click.option(
    "--format", "form", type=Choice(["text", "json"]), default="text", help="How to say it."
)
@common
def verify(session: Session, *, packages: tuple[Path, ...], form: str) -> None:
    """Check packages of any maker: structure, media, cards, templates, safety.

    \b
    Examples:
      ankigen verify dist/*.apkg
      ankigen verify shared.apkg --format json
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import report  # noqa: PLC0415 - keeps --help instant
    from ankigen.verify import verify as check  # noqa: PLC0415

    verdicts = [check(package) for package in packages]
    if form == "json":
        echo(report.verdicts_as_json(verdicts), err=False)
    else:
        for verdict in verdicts:
            if not (session.quiet and not verdict.findings):
                echo(report.verdict(verdict), err=False)
    if not all(verdict.ok for verdict in verdicts):
        sys.exit(EXIT_SOURCES)
