"""What is shown: ``site`` to everybody, ``serve`` to oneself."""

from __future__ import annotations

from pathlib import Path

import click

from ankigen.cli.session import Session, common
from ankigen.diagnostics import SetupError, to_install


@click.command()
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the pages; the project's 'site' by default.",
)
@click.option(
    "--base-url",
    default="",
    metavar="URL",
    help="Where the pages will be: for a sitemap, a feed of releases and canonical addresses.",
)
@click.option(
    "--since",
    metavar="REV|FILE.apkg",
    help="Say what is new since this revision or package; the last tag by default.",
)
@click.option("--offline", is_flag=True, help="Never touch the network.")
@click.option("--locked", is_flag=True, help="Fail if ankigen.lock would change: for CI.")
@common
def site(
    session: Session,
    *,
    output: Path | None,
    base_url: str,
    since: str | None,
    offline: bool,
    locked: bool,
) -> None:
    """Write the page to share: decks to download, every card with its sound, practice, a glossary.

    The pages need no server: open index.html, put the folder on any web server, or publish it by
    GitHub Pages. The decks are built where they are not up to date.

    \b
    Examples:
      ankigen site
      ankigen site --output public --base-url https://example.org/course/
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import build, report  # noqa: PLC0415 - keeps --help instant
    from ankigen.site import output as writer  # noqa: PLC0415

    if base_url and not base_url.startswith(("https://", "http://")):
        raise click.BadParameter("begin it with https:// or http://", param_hint="--base-url")
    with session.project() as root, report.Bar(shown=session.interactive).drawn() as bar:
        written = writer.write(
            root,
            output.resolve() if output else None,
            base_url=f"{base_url.rstrip('/')}/" if base_url else "",
            since=since,
            options=build.Options(offline=offline, locked=locked),
            progress=bar,
        )
    session.show(written.built.warnings, root)
    session.say(
        f"{report.counted(written.pages, 'page')}, {report.counted(written.files, 'file')},"
        f" {written.bytes / 1e6:.1f} MB: open {written.folder / 'index.html'}"
    )


@click.command()
@click.option("--open", "opened", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    show_default=True,
    help="Of 127.0.0.1, where the page is; 0 for any that is free.",
)
@common
def serve(session: Session, *, opened: bool, port: int) -> None:
    """Show every card while you write: what you save is on the page within a second.

    The pages are those of 'ankigen site', with what 'ankigen check' finds beside each entry. Only
    this machine can see them. Ctrl-C ends it.

    \b
    Examples:
      ankigen serve --open
      ankigen serve --port 0
    """  # noqa: D301 - \b keeps lines apart in click's help
    try:
        from ankigen.serve import live  # noqa: PLC0415 - keeps --help instant
    except ModuleNotFoundError as error:
        raise SetupError(
            f"the preview needs {error.name}, which is not installed",
            to_install("serve"),
        ) from None

    def started(url: str) -> None:
        session.say(f"{url}  (Ctrl-C ends it)")
        if opened:
            click.launch(url)

    with session.project() as root:
        live.run(root, live.Options(port, started))
