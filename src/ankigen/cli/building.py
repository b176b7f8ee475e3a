"""``build``, and what one needs around it: ``lock`` and ``doctor``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ankigen.cli.session import EXIT_SETUP, PACKAGE, Session, common, echo
from ankigen.cli.words import CATEGORY


@click.command()
@click.argument("categories", nargs=-1, metavar="[CATEGORY]...", type=CATEGORY)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the decks; the project's dist by default.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was built as JSON on stdout.")
@click.option("--no-audio", is_flag=True, help="Build without sound, for a quick look.")
@click.option("--offline", is_flag=True, help="Never touch the network.")
@click.option("--locked", is_flag=True, help="Fail if ankigen.lock would change: for CI.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), help="Threads that make sound; one a core by default."
)
@common
def build(
    session: Session,
    *,
    categories: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    no_audio: bool,
    locked: bool,
    offline: bool,
    jobs: int | None,
) -> None:
    """Write the decks: one package a CATEGORY, and one of the whole course.

    \b
    Examples:
      ankigen build
      ankigen build hardware --output /tmp/decks
      ankigen build --json | jq '.decks[].sha256'
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import build as builder  # noqa: PLC0415 - keeps --help instant
    from ankigen import report  # noqa: PLC0415

    options = builder.Options(
        categories=categories,
        output=output.resolve() if output else None,
        sound=not no_audio,
        jobs=jobs,
        locked=locked,
        offline=offline,
    )
    with session.project() as root, report.Bar(shown=session.interactive).drawn() as bar:
        result = builder.build(root, options, bar)
    session.show(result.warnings, root)
    session.say(report.summary(result))
    if session.verbose:
        for deck in result.decks:
            echo(f"{deck.sha256}  {result.output / deck.file}")
    if as_json:
        echo(report.as_json(result), err=False)


@click.command()
@common
def doctor(session: Session) -> None:
    """Try everything that a build needs on this machine, and the voices of the course.

    \b
    Examples:
      ankigen doctor
      ankigen doctor --project courses/welding
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import doctor as examination  # noqa: PLC0415 - keeps --help instant
    from ankigen import report  # noqa: PLC0415

    usable = True
    for finding in examination.examine(session.start(), named=session.folder is not None):
        if not (session.quiet and finding.ok):
            echo(report.findings([finding]), err=False)
        usable = usable and (finding.ok or not finding.needed)
    if not usable:
        sys.exit(EXIT_SETUP)


@click.command()
@click.option(
    "--from",
    "first",
    required=True,
    metavar="FILE.apkg",
    type=PACKAGE,
    help="A published package; more may follow.",
)
@click.argument(
    "more",
    nargs=-1,
    metavar="[FILE.apkg]...",
    type=PACKAGE,
)
@common
def lock(session: Session, *, first: Path, more: tuple[Path, ...]) -> None:
    """Rebuild a lost or damaged ankigen.lock from the packages that were published.

    \b
    Example:
      ankigen lock --from releases/*.apkg
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import config, lockfile, projecttypes  # noqa: PLC0415 - keeps --help instant

    root = config.find_project(session.start())
    recovered = lockfile.recover(root, [first, *more], projecttypes.of_project(root))
    session.say(
        f"ankigen.lock now holds {len(recovered.notes):,} notes and {len(recovered.types)} note"
        " types; run 'ankigen build' to bring it up to date"
    )
