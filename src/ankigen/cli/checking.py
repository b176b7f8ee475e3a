"""``check`` and ``explain``."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ankigen.cli.session import EXIT_SOURCES, Session, common, echo
from ankigen.cli.words import CODE, Choice
from ankigen.diagnostics import SetupError, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ankigen.checking import Options, Result

FORMATS = ("text", "json", "github", "sarif")


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=Choice(FORMATS),
    help="How to say it: text, or github inside GitHub Actions, by default.",
)
@click.option("--fix", is_flag=True, help="Mend what is safe to mend, and report what is left.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option(
    "--select",
    multiple=True,
    metavar="CODE",
    type=CODE,
    help="Only rules whose codes begin so.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODE",
    type=CODE,
    help="All but rules whose codes begin so.",
)
@common
def check(
    session: Session,
    *,
    paths: tuple[Path, ...],
    form: str | None,
    fix: bool,
    strict: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> None:
    """Look for everything that is wrong with the course; report on each PATH, or on all of it.

    \b
    Examples:
      ankigen check --strict
      ankigen check --fix
      ankigen check cards/hardware --ignore AG7
      ankigen check --format sarif > check.sarif
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import caches, checking, checkreport  # noqa: PLC0415 - keeps --help instant
    from ankigen.diagnostics import Severity  # noqa: PLC0415

    started = time.perf_counter()
    with session.project() as root:
        options = checking.Options(_inside(root, paths), _codes(select), _codes(ignore))
        if fix:
            result = _fixed(session, root, options)
        else:
            result = checking.check(root, options, caches.folder("check"))
    if not session.verbose:
        result = result.without(Severity.NOTE)
    above = _above(root)
    show = {
        "text": lambda: checkreport.text(result, root),
        "json": lambda: checkreport.as_json(result),
        "github": lambda: checkreport.github(result, above),
        "sarif": lambda: checkreport.sarif(result, above),
    }
    said = show[form or _usual()]()
    if said:
        echo(said, err=False)
    session.say(checkreport.summary(result, time.perf_counter() - started))
    if result.count(Severity.ERROR) or (strict and result.count(Severity.WARNING)):
        sys.exit(EXIT_SOURCES)


def _fixed(session: Session, root: Path, options: Options) -> Result:
    """What is wrong after all was mended that can be, and has been told."""
    from ankigen import fixing, report  # noqa: PLC0415 - keeps --help instant

    outcome = fixing.fix(root, options)
    for fix in outcome.fixes:
        session.say(visible(f"{fix.span}: {fix.code} fixed: {fix.said}"))
    files = {fix.span.file for fix in outcome.fixes}
    if files:
        many = report.counted(len(outcome.fixes), "fix", "fixes")
        session.say(f"{many} in {report.counted(len(files), 'file')}")
    if outcome.unwritten:
        many = report.counted(outcome.unwritten, "mistake")
        session.say(
            f"{many} could be mended, but spreadsheets and foreign files are never written:\n"
            "  help: mend them there, or turn the file into YAML with 'ankigen import'"
        )
    return outcome.left


def _usual() -> str:
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    """Codes, of which one option may name several."""
    return tuple(code.upper() for text in given for code in text.replace(",", " ").split())


def _inside(root: Path, paths: Sequence[Path]) -> tuple[str, ...]:
    """Paths from here as paths from the project.

    Raises:
        SetupError: One is not there, or not in the project.
    """
    found = []
    for path in paths:
        if not path.exists():
            raise SetupError(f"there is no file or folder '{path}'")
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - links stay as messages name them
        here = next((p for p in (whole, path.resolve()) if p.is_relative_to(root)), None)
        if here is None:
            raise SetupError(f"'{path}' is not in the course's folder, {root}")
        found.append(here.relative_to(root).as_posix())
    return tuple(found)


def _above(root: Path) -> str:
    """Folders from the repository that GitHub checked out down to the project."""
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or root).resolve()
    if workspace == root or not root.is_relative_to(workspace):
        return ""
    return f"{root.relative_to(workspace).as_posix()}/"


@click.command()
@click.argument("code", required=False, type=CODE, metavar="[CODE]")
@common
def explain(session: Session, *, code: str | None) -> None:  # noqa: ARG001 - common to all
    """Explain the rule CODE with a bad and a good example; without one, list all rules.

    \b
    Examples:
      ankigen explain AG203
      ankigen explain
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import rulereport, suppression  # noqa: PLC0415 - keeps --help instant
    from ankigen.diagnostics import Code  # noqa: PLC0415

    if code is None:
        echo(rulereport.listed(), err=False)
        return
    wrong = suppression.unknown(code.upper(), whole=True)
    if wrong:
        raise SetupError(*wrong)
    echo(rulereport.page(Code(code.upper())), err=False)
