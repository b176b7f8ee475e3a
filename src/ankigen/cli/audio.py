"""``audio``: the sounds of a course, one by one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ankigen.cli.session import EXIT_SOURCES, Session, common, echo
from ankigen.cli.words import CATEGORY, Group


@click.group(cls=Group)
def audio() -> None:
    """See, make, tidy and record the sounds of the course.

    \b
    Example:
      ankigen audio list --missing
    """  # noqa: D301 - \b keeps lines apart in click's help


@audio.command("list")
@click.option("--missing", is_flag=True, help="Only those that are not made yet.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@common
def list_(session: Session, *, missing: bool, as_json: bool) -> None:
    """List every sound: whether it is there, its length and size, its text, where it is used.

    \b
    Examples:
      ankigen audio list
      ankigen audio list --json | jq '.[] | select(.seconds > 10) | .used'
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import soundreport, stock  # noqa: PLC0415 - keeps --help instant

    with session.project() as root:
        sounds = stock.sounds(root)
    shown = [sound for sound in sounds if not (missing and sound.record)]
    echo(soundreport.sounds_as_json(shown) if as_json else soundreport.sounds(shown), err=False)


@audio.command()
@click.argument("categories", nargs=-1, metavar="[CATEGORY]...", type=CATEGORY)
@click.option("--offline", is_flag=True, help="Never touch the network.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), help="Threads that make sound; one a core by default."
)
@common
def make(session: Session, *, categories: tuple[str, ...], offline: bool, jobs: int | None) -> None:
    """Make the sounds that are missing, of each CATEGORY or of all; write no deck.

    \b
    Examples:
      ankigen audio make
      ankigen audio make hardware --jobs 2
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import build, report  # noqa: PLC0415 - keeps --help instant

    options = build.Options(categories=categories, jobs=jobs, offline=offline)
    with session.project() as root, report.Bar(shown=session.interactive).drawn() as bar:
        spoken = build.speak(root, options, bar)
    session.show(spoken.warnings, root)
    session.say(report.clips_made(spoken.audio))


@audio.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@common
def prune(session: Session, *, dry_run: bool) -> None:
    """Remove the made sounds that no entry uses any more. Recordings are never removed.

    \b
    Example:
      ankigen audio prune --dry-run
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import soundreport, stock  # noqa: PLC0415 - keeps --help instant

    with session.project() as root:
        unused = stock.prune(root, dry_run=dry_run)
    if session.verbose or dry_run:
        for name in unused:
            echo(name, err=False)
    session.say(soundreport.pruned(unused, dry_run=dry_run))


@audio.command("export-script")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The sheet's file; stdout by default.",
)
@click.option("--all", "everything", is_flag=True, help="Also what has been recorded already.")
@common
def export_script(session: Session, *, output: Path | None, everything: bool) -> None:
    """Write a sheet (CSV) for a person who records the sounds: what to say, in which file.

    \b
    Example:
      ankigen audio export-script --output script.csv
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import files, report, script  # noqa: PLC0415 - keeps --help instant

    with session.project() as root:
        rows = script.rows(root, everything=everything)
    text = script.sheet(rows)
    if output is None:
        echo(text.rstrip("\r\n"), err=False)
        return
    with files.atomic_write(output.absolute()) as stream:
        stream.write(text.encode("utf-8-sig"))  # without the mark, Excel takes it for Latin-1
    session.say(f"{report.counted(len(rows), 'text')} to record, in {output}")


@audio.command("import-recordings")
@click.argument(
    "recordings",
    nargs=-1,
    required=True,
    metavar="FILE|FOLDER...",
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--script",
    "sheet",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The sheet whose numbers the files' names begin with.",
)
@click.option("--replace", is_flag=True, help="Replace recordings that are there.")
@click.option("--dry-run", is_flag=True, help="Only say what belongs where.")
@common
def import_recordings(
    session: Session,
    *,
    recordings: tuple[Path, ...],
    sheet: Path | None,
    replace: bool,
    dry_run: bool,
) -> None:
    """Copy recordings to where the build finds them, matched by number, entry or text.

    \b
    Examples:
      ankigen audio import-recordings ~/takes --script script.csv
      ankigen audio import-recordings "operator fusion.wav" --dry-run
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import script, soundreport  # noqa: PLC0415 - keeps --help instant

    with session.project() as root:
        taken = script.take_in(root, recordings, sheet, overwrite=replace, dry_run=dry_run)
    echo(soundreport.taken(taken, dry_run=dry_run), err=False)
    if any(one.problem for one in taken):
        sys.exit(EXIT_SOURCES)
