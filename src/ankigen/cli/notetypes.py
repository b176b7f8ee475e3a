"""``notetypes``: what entries may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ankigen.cli.session import Session, common, echo
from ankigen.cli.words import NOTE_TYPE, Group
from ankigen.diagnostics import SetupError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ankigen.notetype import NoteType


@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def notetypes(context: click.Context) -> None:
    """List the note types: those built in, and those of the course in this folder.

    \b
    Examples:
      ankigen notetypes
      ankigen notetypes show terms
    """  # noqa: D301 - \b keeps lines apart in click's help
    if context.invoked_subcommand is None:
        context.invoke(list_)


@notetypes.command("list")
@common
def list_(session: Session) -> None:
    """List the note types.

    \b
    Example:
      ankigen notetypes list
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import typereport  # noqa: PLC0415 - keeps --help instant

    echo(typereport.note_types(note_types_of(session)), err=False)


@notetypes.command()
@click.argument("name", type=NOTE_TYPE)
@common
def show(session: Session, *, name: str) -> None:
    """Explain the note type NAME: the keys of its entries, its cards, an example.

    \b
    Example:
      ankigen notetypes show terms
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import typereport  # noqa: PLC0415 - keeps --help instant

    found = note_types_of(session)
    if name not in found:
        hint = did_you_mean(name, found, f"choose from {', '.join(found)}")
        raise SetupError(f"there is no note type '{name}'", hint)
    echo(typereport.note_type(found[name]), err=False)


def note_types_of(session: Session) -> Mapping[str, NoteType]:
    """Those of the project; outside of one, those that are built in."""
    from ankigen import config, notetype, projecttypes  # noqa: PLC0415 - keeps --help instant

    try:
        config.find_project(session.start())
    except SetupError:
        if session.folder is not None:
            raise
        return notetype.built_in()
    with session.project() as root:
        return projecttypes.of_project(root)
