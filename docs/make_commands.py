"""Write docs/commands.md from the commands themselves; 'make docs' runs it."""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ankigen.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD = """\
# Commands

<!-- Made by 'make docs' from the commands in src/ankigen/cli; do not edit. -->

`--help` of each command says the same in a terminal. The exit code is 0 when all is done, 1 when
the sources (or the package that was looked at) are at fault, 2 for usage, configuration and the
machine, 130 after Ctrl-C. Data goes to stdout, everything else to stderr; `NO_COLOR` is obeyed.
"""

COMMON = ("project", "quiet", "verbose", "help")
"""Options of every command, told once."""


def commands(group: click.Group, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command with the words that call it, groups before what is in them."""
    for name, command in sorted(group.commands.items()):
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


def helps(command: click.Command) -> str:
    """The help of a command as Markdown: its paragraphs, and its examples as code."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(map(_paragraph, paragraphs))


def _paragraph(text: str) -> str:
    if not text.startswith("\b"):
        return _code(" ".join(text.split()))
    head, _, rest = text.removeprefix("\b\n").partition("\n")
    if head in ("Example:", "Examples:"):
        return f"```sh\n{textwrap.dedent(rest).rstrip()}\n```"
    return f"```text\n{head}\n{rest}".rstrip() + "\n```"


def _code(text: str) -> str:
    """Markdown, in which names that help quotes or spells out are code."""
    text = re.sub(r"'((?:ankigen )?[^' ]+)'|(?<![\w-])(--[a-z-]+)", r"`\1\2`", text)
    return text.replace("<", "\\<").replace("*", "\\*")


def options(command: click.Command, *, common: bool) -> Iterator[str]:
    """A row of a table for each option that is this command's own, or that all have."""
    above = cli.make_context("ankigen", [], resilient_parsing=True)
    context = click.Context(command, parent=above)
    for option in command.get_params(context):
        record = option.get_help_record(context)
        if record and (option.name in COMMON) is common:
            names, said = (cell.replace("|", "\\|") for cell in record)
            yield f"| `{names}` | {_code(said)} |"


def table(rows: Iterable[str]) -> str:
    """Options below their head."""
    return "\n".join(["| option | |", "|---|---|", *rows])


def section(words: tuple[str, ...], command: click.Command) -> Iterator[str]:
    """A command's part of the page."""
    context = click.Context(command, info_name=" ".join(("ankigen", *words)))
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield f"{'##' if len(words) == 1 else '###'} {' '.join(words)}"
    yield f"```text\n{' '.join(usage.split())}\n```"
    yield helps(command)
    rows = list(options(command, common=False))
    if rows:
        yield table(rows)


def page() -> Iterable[str]:
    """The paragraphs of docs/commands.md."""
    yield HEAD.rstrip()
    yield "## All commands"
    yield table(options(cli.commands["build"], common=True))
    for words, command in commands(cli):
        yield from section(words, command)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("commands.md")
    target.write_text("\n\n".join(page()) + "\n", encoding="utf-8")
