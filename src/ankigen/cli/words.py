"""The words of the command line: how they are completed, and what was meant by a slip of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ankigen.diagnostics import AnkigenError, Code, SetupError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Group(click.Group):
    """Commands, of which the nearest is named to whoever misses one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names.

        Raises:
            click.UsageError: There is none.
        """
        name = args[0]
        if self.get_command(ctx, name) or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        below = {
            sub: f"{command.name} {sub}"
            for command in self.commands.values()
            if isinstance(command, click.Group)
            for sub in command.commands
        }
        known = {**below, **{command: command for command in self.commands}}
        raise click.UsageError(f"No such command '{name}'.{_meant(name, known)}", ctx)


class Choice(click.Choice):
    """One of several words, of which the nearest is named to whoever misses one."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - click's own
        """The word.

        Raises:
            click.BadParameter: It is none of them.
        """
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            error.message += _meant(str(value), {choice: choice for choice in self.choices})
            raise


def _meant(word: str, known: Mapping[str, str]) -> str:
    """A sentence that names the nearest of the known words in full, or nothing."""
    match = nearest(word, known)
    return f" Did you mean '{known[match]}'?" if match else ""


class Name(click.ParamType):
    """A name whose command says itself whether it is there; here it is only completed."""

    def __init__(self, name: str, known: Callable[[Path], Iterable[str]]) -> None:
        """Take what it is the name of.

        Args:
            name: What messages call it.
            known: The names that may be meant, seen from a folder.
        """
        self.name = name
        self._known = known

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Names that begin so, without those that have been given already."""
        given = ctx.params.get(param.name or "") or ()
        start = ctx.params.get("project") or Path.cwd()
        try:
            names = list(self._known(start))
        except (AnkigenError, OSError):  # whatever is wrong, the command itself says it better
            return []
        begun = [name for name in names if name.lower().startswith(incomplete.lower())]
        return [CompletionItem(name) for name in begun if name not in given]


def _categories(start: Path) -> Iterable[str]:
    from ankigen import config  # noqa: PLC0415 - keeps --help instant

    return config.category_folders(config.find_project(start), [])


def _note_types(start: Path) -> Iterable[str]:
    from ankigen import config, projecttypes  # noqa: PLC0415 - keeps --help instant

    try:
        return projecttypes.names(config.find_project(start))
    except SetupError:
        return projecttypes.names()


def _schemas(start: Path) -> Iterable[str]:
    from ankigen import editorschema  # noqa: PLC0415 - keeps --help instant

    return [*editorschema.FILES, *_note_types(start)]


CATEGORY = Name("category", _categories)
NOTE_TYPE = Name("note type", _note_types)
SCHEMA = Name("schema", _schemas)
CODE = Name("code", lambda _: Code)
