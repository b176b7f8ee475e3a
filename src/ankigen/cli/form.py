"""Questions at the terminal, by which an entry is filled in key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ankigen import draft
from ankigen.cli.session import echo
from ankigen.cli.words import Choice
from ankigen.diagnostics import SetupError, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ankigen.adding import Desk, Place
    from ankigen.draft import Complaint
    from ankigen.yamltext import Value


def say(found: Complaint) -> str:
    """A complaint as a person reads it."""
    about = f"{found.key}: " if found.key and f"'{found.key}'" not in found.message else ""
    hint = f" ({visible(found.hint)})" if found.hint else ""
    return f"{about}{visible(found.message)}{hint}"


def choose(what: str, known: Mapping[str, str], *, asking: bool) -> str:
    """One of several names: the only one, or the one that a person chooses.

    Args:
        what: They are the names of, with its article.
        known: The names, and what each stands for.
        asking: Whether there is somebody to ask.

    Raises:
        SetupError: There is nobody, or there is nothing to choose from.
    """
    if len(known) == 1:
        return next(iter(known))
    if not asking or not known:
        names = f"choose from {', '.join(known)}" if known else "there is none yet"
        raise SetupError(f"name {what}", names)
    width = max(map(len, known))
    echo(f"Choose {what}:")
    for name, meaning in known.items():
        echo(f"  {click.style(name.ljust(width), bold=True)}  {visible(meaning)}")
    choice = Choice(list(known))
    return str(click.prompt(">", type=choice, show_choices=False, prompt_suffix=" ", err=True))


def fill(desk: Desk, place: Place) -> dict[str, Value]:
    """Ask for each key of an entry, and for its id at the end.

    Raises:
        click.Abort: The person has given up.
    """
    spec = place.note_type.spec
    state = "" if place.exists else ", which will be made"
    echo(f"{spec.help} It goes into {place.file}{state}.")
    echo("Enter leaves out a key that is not required; Ctrl-C writes nothing.")
    values: dict[str, Value] = {}
    for key in draft.order(place.note_type):
        _fill_key(desk, place, key, values)
    proposed = desk.propose_id(place.note_type, values)
    _explain("id", "Identity of the entry; never change it.", [f"Enter takes {proposed}"])
    values["id"] = _ask(desk, place, "id", values, required=False) or proposed
    while found := [one for one in desk.complaints(place, values) if one.key in spec.entry]:
        echo("")
        for one in found:
            _object(one)
        for key in dict.fromkeys(one.key for one in found):
            _fill_key(desk, place, key, values)
    return values


def _fill_key(desk: Desk, place: Place, key: str, values: dict[str, Value]) -> None:
    said = place.note_type.spec.entry[key]
    notes = ["required"] if said.required else []
    notes += [" | ".join(said.choices)] if said.choices else []
    notes += ["yes or no"] if said.type == "flag" else []
    notes += ["by commas"] if draft.holds_words(place.note_type, key) else []
    notes += ["one a line"] if draft.holds_texts(place.note_type, key) else []
    _explain(key, said.help, notes)
    values.pop(key, None)
    value = _ask(desk, place, key, values, required=said.required)
    if value is not None:
        values[key] = value


def _explain(key: str, meaning: str, notes: list[str]) -> None:
    marks = f" [{'; '.join(notes)}]" if notes else ""
    echo(f"\n{click.style(key, bold=True)}: {meaning}{click.style(marks, dim=True)}")


def _ask(
    desk: Desk, place: Place, key: str, values: Mapping[str, Value], *, required: bool
) -> Value | None:
    """A value of which nothing is to be complained; None for none."""
    while True:
        texts = [_line()]
        while texts[-1] and draft.holds_texts(place.note_type, key):
            texts.append(_line())
        given = [text for text in texts if text]
        if not given and not required:
            return None
        value = draft.value(place.note_type, key, given or [""])
        now = draft.complaints(place.note_type, {**values, key: value}, desk.known)
        wrong = [found for found in now if found.key == key]
        if not wrong:
            return value
        for found in wrong:
            _object(found)


def _object(found: Complaint) -> None:
    echo(click.style(f"  {say(found)}", fg="red"))


def _line() -> str:
    return str(
        click.prompt(">", default="", show_default=False, prompt_suffix=" ", err=True)
    ).strip()
