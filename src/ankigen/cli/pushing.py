"""``push``: the decks into a running Anki."""

from __future__ import annotations

import click

from ankigen.cli.session import Session, common
from ankigen.cli.words import CATEGORY


@click.command()
@click.argument("categories", nargs=-1, metavar="[CATEGORY]...", type=CATEGORY)
@click.option(
    "--url", help="Where AnkiConnect listens on this machine; http://127.0.0.1:8765 by default."
)
@click.option(
    "--key",
    envvar="ANKICONNECT_KEY",
    help="AnkiConnect's apiKey; ANKICONNECT_KEY keeps it out of your shell's history.",
)
@click.option("--sync", is_flag=True, help="Let Anki sync with AnkiWeb afterwards.")
@common
def push(
    session: Session, *, categories: tuple[str, ...], url: str | None, key: str | None, sync: bool
) -> None:
    """Build what is not up to date, and import it into the Anki that runs on this machine.

    The course's package is imported, or that of each CATEGORY. Anki needs the add-on AnkiConnect
    (code 2055492159). Pushing again imports only what is new or changed.

    \b
    Examples:
      ankigen push
      ankigen push hardware --sync
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import build as builder  # noqa: PLC0415 - keeps --help instant
    from ankigen import report  # noqa: PLC0415
    from ankigen.ankiconnect import URL, Anki  # noqa: PLC0415

    anki = Anki(url or URL, key or "")
    with session.project() as root, report.Bar(shown=session.interactive).drawn() as bar:
        anki.check()  # before a build that may take minutes
        result = builder.build(root, builder.Options(categories=categories), bar)
    session.show(result.warnings, root)
    if not result.fresh:
        session.say(report.summary(result))
    for deck in result.decks:
        if categories or deck.category is None:
            anki.import_package(result.output / deck.file)
            session.say(
                f"Anki has imported {deck.file}: of its {report.counted(deck.notes, 'note')}, those"
                " that are new or changed"
            )
    if sync:
        anki.sync()
        session.say("Anki has synced with AnkiWeb")
