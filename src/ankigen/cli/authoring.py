"""``add`` and ``init``: what writes into a course's files."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ankigen.cli.session import EXIT_INTERRUPTED, EXIT_SETUP, Session, common, echo
from ankigen.cli.words import CATEGORY, NOTE_TYPE
from ankigen.diagnostics import SetupError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ankigen.adding import Desk, Place
    from ankigen.notetype import NoteType
    from ankigen.yamltext import Value


@click.command()
@click.argument("notetype", required=False, type=NOTE_TYPE)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="KEY=VALUE",
    help="The value of a key; of a list, by commas or by the option again.",
)
@click.option(
    "--category",
    type=CATEGORY,
    help="Where it goes; by default the one in whose folder you are, or the only one.",
)
@click.option("--file", type=click.Path(path_type=Path), help="The file it goes into.")
@common
def add(
    session: Session,
    *,
    notetype: str | None,
    given: tuple[str, ...],
    category: str | None,
    file: Path | None,
) -> None:
    """Add an entry of NOTETYPE to the course: ask for its keys, or take them from --set.

    Its id is made from its words unless you give one. It is checked before it is written, and
    nothing else changes in the file that it goes into.

    \b
    Examples:
      ankigen add terms
      ankigen add terms --category hardware --set term=warp --set "definition=Threads in step."
      ankigen add --file cards/hardware/terms.advanced.yaml
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import adding, checking  # noqa: PLC0415 - keeps --help instant
    from ankigen.cli import form  # noqa: PLC0415

    asking = sys.stdin.isatty() and not given
    with session.project() as root:
        desk = adding.Desk(root)
        try:
            place = _place(desk, root, notetype, category, file, asking=asking)
            values = form.fill(desk, place) if asking else _values(place.note_type, given)
        except click.Abort:
            echo("\nNothing was written.")
            sys.exit(EXIT_INTERRUPTED)
        values.setdefault("id", desk.propose_id(place.note_type, values))
        found = desk.complaints(place, values)
        if found:
            echo("Nothing was written:\n" + "\n".join(f"  {form.say(one)}" for one in found))
            sys.exit(EXIT_SETUP)
        added = desk.add(place, values)
        session.say(f"{added.text}\nAdded {added.key} to {added.file}, line {added.line}.")
        result = checking.check(root, checking.Options(paths=(added.file,)))
        session.show([d for d in result.diagnostics if d.span.line >= added.line], root)


def _place(
    desk: Desk,
    root: Path,
    notetype: str | None,
    category: str | None,
    file: Path | None,
    *,
    asking: bool,
) -> Place:
    """Where the entry is to go, asked for where it was not said.

    Raises:
        SetupError: There is no such place, or it was not said and nobody can be asked.
    """
    from ankigen.cli import form  # noqa: PLC0415 - keeps --help instant

    if file is not None:
        whole = Path(os.path.abspath(file))  # noqa: PTH100 - links stay as messages name them
        if not whole.is_relative_to(root):
            raise SetupError(f"'{file}' is not in the course's folder, {root}")
        place = desk.place_of(whole.relative_to(root))
        for said, is_ in ((notetype, place.note_type.name), (category, place.category)):
            if said not in (None, is_):
                raise SetupError(f"{place.file} is a file of {is_}, not of {said}")
        return place
    name = notetype or form.choose("a note type", desk.kinds, asking=asking)
    note_type = desk.note_type(name)
    if category is None:
        here = [part for part in Path.cwd().parts if part in desk.categories]
        inside = Path.cwd().is_relative_to(root) and here
        category = here[-1] if inside else None
    if category is None:
        category = form.choose("a category", desk.categories, asking=asking)
    return desk.place(note_type, category)


def _values(note_type: NoteType, given: Sequence[str]) -> dict[str, Value]:
    """The values that ``--set`` gives.

    Raises:
        click.UsageError: One is no key with a value.
    """
    from ankigen import draft  # noqa: PLC0415 - keeps --help instant

    texts: dict[str, list[str]] = {}
    for pair in given:
        key, sign, text = pair.partition("=")
        if not sign or not key.strip():
            raise click.UsageError(f"--set takes KEY=VALUE, but here is '{pair}'")
        texts.setdefault(key.strip(), []).append(text)
    return {key: draft.value(note_type, key, said) for key, said in texts.items()}


@click.command()
@click.argument(
    "folder",
    metavar="[DIR]",
    default=Path(),
    type=click.Path(file_okay=False, path_type=Path),
)
@click.option("--name", default="", help="Name of the course; the folder's by default.")
@click.option("--language", default="", help="Language of its texts; en-GB by default.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong.")
def init(*, folder: Path, name: str, language: str, quiet: bool) -> None:
    """Start a course in DIR: a small one that builds, with a remark wherever you need one.

    It has terms, sentences and phrases to put yours in place of, pronunciations, a word list,
    schemas for your editor, and a workflow that builds the decks on GitHub. Nothing that is
    there already is written over.

    \b
    Examples:
      ankigen init
      ankigen init welding --name "English for Welders" --language en-US
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import scaffold  # noqa: PLC0415 - keeps --help instant

    session = Session(quiet=quiet)
    written = scaffold.start(folder, name, language)
    session.say("\n".join(f"  {file}" for file in written))
    steps = ["ankigen check --strict", "ankigen build"]
    if folder.resolve() != Path.cwd():
        steps.insert(0, f"cd {shlex.quote(str(folder))}")
    session.say("\n".join(["The course is there. Now:", *(f"  {step}" for step in steps)]))
