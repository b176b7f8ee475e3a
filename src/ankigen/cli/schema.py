"""``schema``: what editors need to complete, explain and check a course's files."""

from __future__ import annotations

import click

from ankigen.cli.notetypes import note_types_of
from ankigen.cli.session import Session, common, echo
from ankigen.cli.words import SCHEMA
from ankigen.diagnostics import SetupError, did_you_mean


@click.command()
@click.argument("name", required=False, type=SCHEMA, metavar="[NAME]")
@click.option("--write", is_flag=True, help="Write them all into the project's .ankigen/schema.")
@common
def schema(session: Session, *, name: str | None, write: bool) -> None:
    """Print the JSON Schema of NAME: a file of the project, or the entries of a note type.

    Without NAME, list what there is one of. Editors find what --write has written by a comment in
    the first line of a file: docs/editors.md has them all.

    \b
      # yaml-language-server: $schema=../../.ankigen/schema/terms.json

    \b
    Examples:
      ankigen schema terms
      ankigen schema ankigen.yaml
      ankigen schema --write
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import editorschema, projecttypes, report  # noqa: PLC0415 - keeps --help instant

    if write:
        if name is not None:
            raise click.UsageError("--write writes them all; leave the name out")
        with session.project() as root:
            written = editorschema.write(root, projecttypes.of_project(root))
        session.say(f"{report.counted(len(written), 'schema')} in {editorschema.FOLDER}")
        return
    schemas = editorschema.all_of(note_types_of(session))
    if name is None:
        rows = [("name", "what it is")]
        rows += [(key, said["description"]) for key, said in schemas.items()]
        echo("\n".join(report.table(rows, "<<")), err=False)
        return
    if name not in schemas:
        hint = did_you_mean(name, schemas, f"choose from {', '.join(schemas)}")
        raise SetupError(f"there is no schema of '{name}'", hint)
    echo(editorschema.text(schemas[name]).rstrip("\n"), err=False)
