"""``stats``: a course in numbers, and how long it takes to learn."""

from __future__ import annotations

from pathlib import Path

import click

from ankigen.cli.session import Session, common, echo
from ankigen.cli.words import Choice


@click.command()
@click.option(
    "--format", "form", type=Choice(["text", "json"]), default="text", help="How to say it."
)
@click.option("--forecast", "wanted", is_flag=True, help="Also say how long the course takes.")
@click.option(
    "--new",
    type=click.IntRange(1, 9999),
    metavar="N",
    help="Forecast with N new cards a day; those of 'study:' by default.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(1, 1440),
    metavar="M",
    help="Forecast for M minutes a day too; 30 by default.",
)
@click.option(
    "--retention",
    type=click.FloatRange(0.7, 0.97),
    metavar="R",
    help="Forecast with this share of reviews remembered; that of 'study:' by default.",
)
@click.option(
    "--known",
    type=click.FloatRange(0, 1),
    metavar="K",
    help="Forecast for a learner who knows this share of the cards; that of 'study:' by default.",
)
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the forecast's minutes of each day as a picture.",
)
@common
def stats(
    session: Session,
    *,
    form: str,
    wanted: bool,
    new: int | None,
    minutes: float | None,
    retention: float | None,
    known: float | None,
    svg: Path | None,
) -> None:
    """Count notes, cards and sound, show what is thin, and forecast the time to learn it all.

    \b
    Examples:
      ankigen stats
      ankigen stats --forecast --new 20 --minutes 15 --svg forecast.svg
      ankigen stats --format json | jq .categories
    """  # noqa: D301 - \b keeps lines apart in click's help
    from ankigen import files, forecast, statsreport  # noqa: PLC0415 - keeps --help instant
    from ankigen import stats as counting  # noqa: PLC0415

    with session.project() as root:
        counted = counting.of_project(root)
    outlook = None
    if wanted or any(given is not None for given in (new, minutes, retention, known, svg)):
        outlook = forecast.outlook(
            counted.seconds,
            retention=retention or counted.preset.retention,
            new_per_day=new or counted.preset.new_per_day,
            minutes=minutes or 30,
            known=counted.known if known is None else known,
        )
    if form == "json":
        echo(statsreport.as_json(counted, outlook), err=False)
    else:
        echo(statsreport.text(counted), err=False)
        if outlook:
            echo("\n" + statsreport.outlook(outlook), err=False)
    if outlook and svg:
        with files.atomic_write(svg.absolute()) as stream:
            stream.write(statsreport.picture(outlook, counted.course).encode())
