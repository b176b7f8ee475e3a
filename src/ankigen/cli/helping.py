"""``help``: what ``--help`` of a command says, for those who ask so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from ankigen.cli.session import echo

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Words(click.ParamType):
    """The words that call a command; whether there is one, ``help_`` says itself."""

    name = "command"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Commands that begin so, after the words that have been given already."""
        found = ctx.find_root().command
        for word in ctx.params.get(param.name or "") or ():
            found = found.commands.get(word, found) if isinstance(found, click.Group) else found
        known: Iterable[str] = found.commands if isinstance(found, click.Group) else ()
        return [CompletionItem(name) for name in sorted(known) if name.startswith(incomplete)]


@click.command("help")
@click.argument("words", nargs=-1, metavar="[COMMAND]...", type=_Words())
@click.pass_context
def help_(context: click.Context, *, words: tuple[str, ...]) -> None:
    """Explain a COMMAND with its options and examples, as its --help does.

    \b
    Examples:
      ankigen help build
      ankigen help audio make
    """  # noqa: D301 - \b keeps lines apart in click's help
    asked = context.find_root()
    for word in words:
        group = asked.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"'{asked.command_path}' has no commands below it.", context)
        name, command, _ = group.resolve_command(asked, [word])
        assert command is not None  # noqa: S101 - or it would have been refused
        asked = command.context_class(command, info_name=name, parent=asked)
    echo(asked.get_help(), err=False)
