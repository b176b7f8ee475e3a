"""The command line: parses, calls, reports, and turns what went wrong into an exit code.

Imports of this module are kept to click and the standard library, so that ``--help`` is instant;
each command imports what it needs.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from ankigen import __version__
from ankigen.diagnostics import AnkigenError, SetupError, SourceError, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from ankigen.release import Release

EXIT_SOURCES = 1
EXIT_SETUP = 2
EXIT_INTERRUPTED = 130

PACKAGE = click.Path(exists=True, dir_okay=False, path_type=Path)

F = TypeVar("F", bound="Callable[..., Any]")


@dataclass
class Session:
    """Options that every command knows."""

    project: Path | None = None
    quiet: bool = False
    verbose: bool = False

    def start(self) -> Path:
        """Where the search for a project begins."""
        return self.project or Path.cwd()

    def say(self, text: str) -> None:
        """Tell a person something, unless they asked for quiet."""
        if not self.quiet:
            echo(text)


def echo(text: str, *, err: bool = True) -> None:
    """Print; in colour only on a terminal and where ``NO_COLOR`` is not set."""
    try:
        click.echo(text, err=err, color=False if os.environ.get("NO_COLOR") else None)
    except BrokenPipeError:  # the reader of our output has left
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - silences the flush at exit
        sys.exit(EXIT_SETUP)


def common(command: F) -> F:
    """Give a command ``--project``, ``-q`` and ``-v``, and the session they make."""

    @click.option(
        "--project",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The course's folder; found upwards from here by default.",
    )
    @click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong.")
    @click.option("-v", "--verbose", is_flag=True, help="Say more.")
    @functools.wraps(command)
    def wrapped(project: Path | None, *, quiet: bool, verbose: bool, **rest: Any) -> Any:  # noqa: ANN401
        return command(Session(project, quiet, verbose), **rest)

    return wrapped  # type: ignore[return-value] # click keeps its options on the function


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="ankigen %(version)s")
def cli() -> None:
    """Compile files of terms and example sentences into Anki decks with spoken audio.

    \b
    Example:
      ankigen build             every deck of the course in this folder, with sound
    """  # noqa: D301 - \b keeps lines apart in click's help


@cli.command()
@click.argument("categories", nargs=-1, metavar="[CATEGORY]...")
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
    from ankigen import config, report  # noqa: PLC0415

    # A build makes a hundred thousand objects that all live to its end; looking for garbage among
    # them again and again is a sixth of its time.
    gc.set_threshold(200_000, 30, 30)
    root = config.find_project(session.start())
    options = builder.Options(
        categories=categories,
        output=output.resolve() if output else None,
        sound=not no_audio,
        jobs=jobs,
        locked=locked,
        offline=offline,
    )
    shown = sys.stderr.isatty() and not session.quiet
    try:
        with report.Bar(shown=shown).drawn() as bar:
            result = builder.build(root, options, bar)
    except SourceError as error:
        echo(report.diagnostics(error.diagnostics, root))
        sys.exit(EXIT_SOURCES)
    if result.warnings:
        echo(report.diagnostics(result.warnings, root))
    session.say(report.summary(result))
    if session.verbose:
        for deck in result.decks:
            echo(f"{deck.sha256}  {result.output / deck.file}")
    if as_json:
        echo(report.as_json(result), err=False)


@cli.command()
@common
def doctor(session: Session) -> None:
    """Try everything that a build needs on this machine, the offline voice included.

    \b
    Example:
      ankigen doctor
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import doctor as examination  # noqa: PLC0415 - keeps --help instant
    from ankigen import report  # noqa: PLC0415

    usable = True
    for finding in examination.examine(session.start()):
        if not (session.quiet and finding.ok):
            echo(report.findings([finding]), err=False)
        usable = usable and examination.usable(finding)
    if not usable:
        sys.exit(EXIT_SETUP)


@cli.command()
@click.argument("old", required=False, type=PACKAGE)
@click.argument("new", required=False, type=PACKAGE)
@click.option(
    "--rev", help="Two revisions of the project, OLD..NEW; NEW is the files here if empty."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
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
    from ankigen import build  # noqa: PLC0415 - keeps --help instant

    try:
        return build.released(root, revision)
    except SourceError:
        if revision:  # whose files are not those that lie here
            echo(visible(f"In the revision '{revision}':"))
        raise


@cli.command()
@click.argument(
    "packages",
    nargs=-1,
    required=True,
    metavar="FILE.apkg...",
    type=PACKAGE,
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to say it."
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


@cli.command()
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
    from ankigen import config, lockfile, notetype  # noqa: PLC0415 - keeps --help instant

    root = config.find_project(session.start())
    recovered = lockfile.recover(root, [first, *more], notetype.built_in())
    session.say(
        f"ankigen.lock now holds {len(recovered.notes):,} notes and {len(recovered.types)} note"
        " types; run 'ankigen build' to bring it up to date"
    )


def main() -> NoReturn:
    """Run a command and exit: 0 done, 1 sources, 2 usage or setup, 130 interrupted."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SourceError as error:  # before a project is known
        for found in error.diagnostics:
            echo(visible(f"{found.span}: {found.code} {found.message}"))
            if found.hint:
                echo(f"  help: {visible(found.hint)}")
        sys.exit(EXIT_SOURCES)
    except SetupError as error:
        echo(
            visible(f"ankigen: {error}")
            + (f"\n  help: {visible(error.hint)}" if error.hint else "")
        )
        sys.exit(EXIT_SETUP)
    except AnkigenError as error:
        echo(visible(f"ankigen: {error}"))
        sys.exit(EXIT_SOURCES)
    except OSError as error:
        echo(f"ankigen: {error.filename or 'the system'}: {error.strerror or error}")
        sys.exit(EXIT_SETUP)
    except (KeyboardInterrupt, click.Abort):
        echo("Interrupted; the clips made so far are kept.")
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(0)
