"""What every command shares: its options, its voice, its exit codes."""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from ankigen.diagnostics import Severity, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ankigen.diagnostics import Diagnostic

EXIT_SOURCES = 1
EXIT_SETUP = 2
EXIT_INTERRUPTED = 130

PACKAGE = click.Path(exists=True, dir_okay=False, path_type=Path)

F = TypeVar("F", bound="Callable[..., Any]")


@dataclass
class Session:
    """Options that every command knows."""

    folder: Path | None = None
    quiet: bool = False
    verbose: bool = False

    def start(self) -> Path:
        """Where the search for a project begins."""
        return self.folder or Path.cwd()

    @property
    def interactive(self) -> bool:
        """Whether a person watches progress."""
        return sys.stderr.isatty() and not self.quiet

    @contextlib.contextmanager
    def project(self) -> Iterator[Path]:
        """The project's folder; what is wrong in it is shown with its lines, and ends the run.

        Raises:
            SetupError: There is no project.
        """
        from ankigen import config  # noqa: PLC0415 - keeps --help instant

        # Reading a project makes a hundred thousand objects that all live to the end; looking for
        # garbage among them again and again is a sixth of a build's time.
        gc.set_threshold(200_000, 30, 30)
        root = config.find_project(self.start())
        try:
            yield root
        except SourceError as error:
            self.show(error.diagnostics, root)
            sys.exit(EXIT_SOURCES)
        finally:
            gc.freeze()  # nor at the end, where that takes as long again

    def show(self, found: Iterable[Diagnostic], root: Path) -> None:
        """Print what was found in a project's files; notes only for those who want more."""
        from ankigen import report  # noqa: PLC0415 - keeps --help instant

        told = [d for d in found if self.verbose or d.severity is not Severity.NOTE]
        if told:
            echo(report.diagnostics(told, root))

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


def write_plainly(*streams: IO[str]) -> None:
    """Have what goes to a file or a program be UTF-8 with plain line ends, on every system.

    Windows would write it in a code page, which has no IPA. A terminal keeps its encoding; what it
    cannot show is escaped.
    """
    for stream in streams:
        if not isinstance(stream, io.TextIOWrapper):
            continue  # there is none, or a test's
        stream.reconfigure(errors="backslashreplace")
        if not stream.isatty():
            stream.reconfigure(encoding="utf-8", newline="\n")


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
