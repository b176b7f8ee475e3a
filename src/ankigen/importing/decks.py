"""Decks → categories: each that holds notes is one, nested ones keep their levels in the name."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen import yamltext
from ankigen.config import PROJECT_FILE
from ankigen.importing import safenames
from ankigen.importing.foreign import ForeignError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ankigen.model import Course

SEPARATOR = "::"
_UNNAMED = "Imported"


@dataclass(frozen=True, slots=True)
class Place:
    """A category that notes go into.

    Attributes:
        id: Of its folder.
        name: Last part of its deck's name; it may have levels of its own.
        new: Whether its folder is to be made.
        deck: Full name of the deck, where that does not stand below the course's; else empty.
    """

    id: str
    name: str
    new: bool
    deck: str = ""


def places(
    decks: Mapping[str, bool], course: Course, folders: Iterable[str], category: str = ""
) -> dict[str, Place]:
    """The category of each deck, by the deck's full name.

    Args:
        decks: Full names, in the order in which they are to be studied, each with whether learners
            may have the notes there already: then it keeps its name.
        course: With its categories.
        folders: Names that are taken.
        category: Id of the one for all decks; empty for one each.

    Raises:
        ForeignError: ``category`` cannot be a folder's name.
    """
    wanted = list(dict.fromkeys(decks))
    by_id = {known.id: known for known in course.categories}
    if category:
        if safenames.slug(category) != category:
            hint = f"name it '{safenames.slug(category) or 'words'}'"
            raise ForeignError(f"'{category}' cannot be the name of a category's folder", hint)
        known = by_id.get(category)
        name = known.name if known else category.replace("-", " ").capitalize()
        return dict.fromkeys(wanted, Place(category, name, known is None))
    by_deck = {known.deck_name(course.name): known for known in course.categories}
    by_name = {known.name: known for known in course.categories}
    unique = safenames.Unique({*folders, course.id})
    made = {}
    for deck, name in _names(wanted, course.name).items():
        kept = decks[deck] and bool(deck) and safenames.writable(deck) == deck
        known = by_deck.get(deck) or (None if kept else by_name.get(name))
        if known is not None:
            made[deck] = Place(known.id, known.name, new=False)
        else:
            own = deck if kept and deck != f"{course.name}{SEPARATOR}{name}" else ""
            digest = hashlib.sha256(name.encode()).hexdigest()[:8]
            identifier = unique.name(safenames.slug(name) or f"deck-{digest}")
            made[deck] = Place(identifier, name, new=True, deck=own)
    return made


def _names(decks: Sequence[str], course: str) -> dict[str, str]:
    """Names of decks below the course's, as short as tells them apart.

    What stands in the deck of the course keeps its full name in Anki.
    """
    paths = {deck: tuple(deck.split(SEPARATOR)) for deck in decks if deck}
    own = tuple(course.split(SEPARATOR))
    if paths and all(path[: len(own)] == own for path in paths.values()):
        shared = len(own)
    else:
        levels = zip(*paths.values(), strict=False)
        shared = sum(1 for _ in itertools.takewhile(lambda level: len(set(level)) == 1, levels))
    shared = min(shared, *(len(path) - 1 for path in paths.values())) if paths else 0
    below = {deck: SEPARATOR.join(path[shared:]) for deck, path in paths.items()}
    found = {deck: safenames.writable(name).strip() or _UNNAMED for deck, name in below.items()}
    return {deck: found.get(deck, _UNNAMED) for deck in decks}


def listed(text: str, ids: Sequence[str]) -> str:
    """``ankigen.yaml`` with more categories behind those that it lists.

    Args:
        text: The file, which is good.
        ids: Of the categories.

    Raises:
        ForeignError: The list is written in a way that cannot be added to.
    """
    document = yamltext.read(text, PROJECT_FILE)
    value = document.value
    before = value.get("categories") if isinstance(value, dict) else None
    if not isinstance(before, list) or not before or not isinstance(value, dict):
        return text  # all folders are categories
    line, column = document.marks.find(("categories", len(before) - 1))
    lines = text.split("\n")
    written = lines[line - 1]
    start = written[: column - 1]
    if start.strip() == "-":
        added = [start + identifier for identifier in ids]
        made = [*lines[:line], *added, *lines[line:]]
        if written.endswith("\r"):
            made[line : line + len(ids)] = [f"{item}\r" for item in added]
    else:
        last = str(before[-1])
        found = written.find(last, column - 1)
        end = found + len(last) if found >= 0 else len(written)
        end += written[end : end + 1] in ("'", '"') and written[column - 1] in ("'", '"')
        made = list(lines)
        made[line - 1] = written[:end] + "".join(f", {i}" for i in ids) + written[end:]
    result = "\n".join(made)
    expected: Mapping[str, object] = {**value, "categories": [*before, *ids]}
    if yamltext.read(result, PROJECT_FILE).value != expected:
        message = f"'categories' of {PROJECT_FILE} cannot be added to as it is written"
        raise ForeignError(message, f"add {', '.join(ids)} to it yourself, then import again")
    return result
