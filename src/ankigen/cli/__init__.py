"""The command line: parses, calls, reports, and turns what went wrong into an exit code.

Imports are kept to click and the standard library, so that ``--help`` is instant; each command
imports what it needs.
"""

from __future__ import annotations

import errno
import sys
from typing import NoReturn

import click

from ankigen import __version__
from ankigen.cli.audio import audio
from ankigen.cli.authoring import add, init
from ankigen.cli.building import build, doctor, lock
from ankigen.cli.checking import check, explain
from ankigen.cli.completion import completion
from ankigen.cli.helping import help_
from ankigen.cli.importing import import_
from ankigen.cli.notetypes import notetypes
from ankigen.cli.packages import diff, verify
from ankigen.cli.pushing import push
from ankigen.cli.schema import schema
from ankigen.cli.session import EXIT_INTERRUPTED, EXIT_SETUP, EXIT_SOURCES, echo, write_plainly
from ankigen.cli.sharing import serve, site
from ankigen.cli.stats import stats
from ankigen.cli.words import Group
from ankigen.diagnostics import AnkigenError, SetupError, SourceError, visible


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="ankigen %(version)s")
def cli() -> None:
    """Compile files of terms and example sentences into Anki decks with spoken audio.

    \b
    Example:
      ankigen build             every deck of the course in this folder, with sound
    """  # noqa: D301 - \b keeps lines apart in click's help


_WRITING = (init, add, import_, check, explain, schema, stats)
_BUILDING = (build, audio, lock)
_SHOWING = (serve, site, push)
_KNOWING = (notetypes, diff, verify, doctor, completion, help_)
for _command in (*_WRITING, *_BUILDING, *_SHOWING, *_KNOWING):
    cli.add_command(_command)


_REMEDIES = {
    errno.ENOSPC: "free some space on that disk",
    errno.EDQUOT: "free some space there: more is not yours to fill",
    errno.EFBIG: "free some space there: no larger file may be written",
    errno.EROFS: "nothing can be written there: choose a folder on another disk",
    errno.EACCES: "see whether you may read and write there",
}
"""What to do where the system cannot do what is asked of it."""


def main() -> NoReturn:
    """Run a command and exit: 0 done, 1 sources, 2 usage or setup, 130 interrupted."""
    write_plainly(sys.stdout, sys.stderr)
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
        name = str(error.filename or "the system")
        echo(visible(f"ankigen: {name}: {error.strerror or error}"))
        if hint := _REMEDIES.get(error.errno or 0):
            elsewhere = ", or write the decks elsewhere with --output DIR"
            echo(f"  help: {hint}{elsewhere if name.endswith('.apkg') else ''}")
        sys.exit(EXIT_SETUP)
    except (KeyboardInterrupt, click.Abort) as error:
        # click makes an Abort of the interrupt, which knows what is left of the work.
        kept = getattr(error.__cause__ or error, "__notes__", ())
        echo("; ".join(["Interrupted", *kept]) + ".")
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(0)
