"""``completion``: what a shell needs to complete commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from ankigen.cli.session import echo
from ankigen.cli.words import Choice

_PROGRAM = "ankigen"
_ASKS = "_ANKIGEN_COMPLETE"
"""The variable by which the shell's script asks for completions, as click spells it."""


@click.command()
@click.argument("shell", type=Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, *, shell: str) -> None:
    """Print the script by which SHELL completes commands, options, categories and other names.

    \b
    Examples:
      eval "$(ankigen completion bash)"          in ~/.bashrc
      eval "$(ankigen completion zsh)"           in ~/.zshrc, after compinit
      ankigen completion fish | source           in ~/.config/fish/config.fish
    """  # noqa: D301 - \b keeps lines apart in click's help
    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 - click has all three
    script = made(context.find_root().command, {}, _PROGRAM, _ASKS)
    # Not its own 'source', which asks the bash that comes first on the path for its version.
    echo(ShellComplete.source(script), err=False)
