"""Every command of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ankigen.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator


def paths(group: click.Group, *above: str) -> Iterator[list[str]]:
    """The words that call each command of a group, and of the groups in it."""
    for name, command in sorted(group.commands.items()):
        yield [*above, name]
        if isinstance(command, click.Group):
            yield from paths(command, *above, name)


COMMANDS = [[], *paths(cli)]
"""The words after the program's name, of itself and of each command."""
