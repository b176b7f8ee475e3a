"""Drafts → the source files of a project, each entry's place in them known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ankigen import files, yamltext, yamlwriter
from ankigen.config import CATEGORY_FILE, PROJECT_FILE, SOURCES_FOLDER
from ankigen.diagnostics import SetupError
from ankigen.importing import decks, markdown, safenames
from ankigen.importing.foreign import ForeignError, Kind, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ankigen.importing.decks import Place
    from ankigen.importing.drafts import Draft
    from ankigen.importing.foreign import Foreign
    from ankigen.importing.stage import Stage
    from ankigen.yamltext import Value


@dataclass(frozen=True, slots=True)
class Target:
    """The one file that a person wants all entries in.

    Attributes:
        name: Relative to the project.
    """

    name: str
    category: str
    note_type: str


def target(root: Path, path: Path) -> Target:
    """What a file would be in a project.

    Args:
        root: The project's folder, resolved.
        path: The file, absolute.

    Raises:
        SetupError: No source file may be called so.
    """
    form = f"{SOURCES_FOLDER}/<category>/<note type>.yaml"
    try:
        name = path.parent.resolve().relative_to(root) / path.name
    except ValueError:
        raise SetupError(f"'{path}' lies outside the course", f"name it as {form}") from None
    if len(name.parts) != 3 or name.parts[0] != SOURCES_FOLDER or name.suffix != ".yaml":  # noqa: PLR2004 - as in form
        raise SetupError(f"'{name.as_posix()}' is no file of entries", f"name it as {form}")
    return Target(name.as_posix(), name.parts[1], name.name.split(".")[0])


@dataclass(slots=True)
class SourceFile:
    """A file of entries.

    Attributes:
        name: Relative to the project.
        before: What it holds already; nothing where it is new.
        drafts: In their order.
        lines: The line in which each begins, once it is written.
    """

    name: str
    before: str = ""
    drafts: list[Draft] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def at(self, line: int) -> Draft | None:
        """The draft that a line belongs to."""
        found = None
        for draft, start in zip(self.drafts, self.lines, strict=True):
            if start <= line:
                found = draft
        return found

    def text(self, remark: str) -> str:
        """The file's text; notes in which lines the drafts begin."""
        head = self.before or f"# {remark}\n"
        if not head.endswith("\n"):
            head += "\n"
        line = head.count("\n") + 1
        self.lines, parts = [], [head]
        for draft in self.drafts:
            self.lines.append(line)
            parts.append(yamlwriter.entries([draft.entry()]))
            line += parts[-1].count("\n")
        return "".join(parts)


def arranged(
    stage: Stage,
    drafts: Iterable[Draft],
    places: Mapping[str, Place],
    wanted: Target | None,
    *,
    append: bool,
) -> list[SourceFile]:
    """The files that drafts go into, one for each category and note type.

    Args:
        stage: Tells which files there are.
        drafts: Those that are new in the project.
        places: Categories by deck.
        wanted: The one file for all.
        append: Whether files that are there may grow.

    Raises:
        ForeignError: A file cannot be added to as it is written.
        SetupError: The file is there, or entries of another note type would go into it.
    """
    made: dict[tuple[str, str], SourceFile] = {}
    for draft in drafts:
        key = places[draft.note.deck].id, draft.route.note_type.name
        if wanted and key != (wanted.category, wanted.note_type):
            message = f"{wanted.name} is for {wanted.note_type}, but there are also {key[1]}"
            raise SetupError(message, "choose with --only, or leave --output out")
        if key not in made:
            made[key] = _file(stage, *key, wanted, append=append)
        made[key].drafts.append(draft)
    return list(made.values())


def _file(
    stage: Stage, category: str, note_type: str, wanted: Target | None, *, append: bool
) -> SourceFile:
    folder = f"{SOURCES_FOLDER}/{category}"
    name = wanted.name if wanted else f"{folder}/{note_type}.yaml"
    if not stage.has(name):
        return SourceFile(name)
    if append:
        text = files.read_source(stage.root, stage.root / name)
        value = yamltext.read(text, name).value
        added = yamltext.read(SourceFile(name, text).text("") + "- id: x\n", name).value
        if not isinstance(value, list) or added != [*value, {"id": "x"}]:
            hint = "write it as a list of entries, each beginning with '- ' in the first column"
            raise ForeignError(f"{name} cannot be added to as it is written", hint)
        return SourceFile(name, text)
    if wanted:
        raise SetupError(f"{name} is there already", "add to it with --append, or name another")
    number = 1
    while stage.has(name):
        more = f"-{number}" if number > 1 else ""
        name = f"{folder}/{note_type}.imported{more}.yaml"
        number += 1
    return SourceFile(name)


class Categories:
    """The folders of new categories, and their places in the study order.

    Attributes:
        remarks: What did not fit of their decks' descriptions.
    """

    def __init__(self, project: Path, stage: Stage, foreign: Foreign) -> None:
        """Prepare.

        Args:
            project: The project's folder.
            stage: Its copy, where they are made.
            foreign: Its decks may be described.
        """
        self._project = project
        self._stage = stage
        self._foreign = foreign
        self._made: list[str] = []
        self.remarks: list[Remark] = []

    def write(
        self, places: Mapping[str, Place], cards: Mapping[str, Mapping[str, Sequence[str]]]
    ) -> None:
        """Make those of these places that are new, and no others.

        Args:
            places: By deck.
            cards: Of each category, by note type: the cards to make.

        Raises:
            ForeignError: ``ankigen.yaml`` cannot be added to as it is written.
        """
        for identifier in self._made:
            self._stage.drop(f"{SOURCES_FOLDER}/{identifier}/{CATEGORY_FILE}")
        self.remarks.clear()
        new = {place.id: (deck, place) for deck, place in places.items() if place.new}
        self._made = list(new)
        for identifier, (deck, place) in new.items():
            said: dict[str, Value] = {"name": place.name, "deck": place.deck}
            said["description"] = self._description(deck)
            chosen = cards.get(identifier, {})
            said["cards"] = {name: list(slugs) for name, slugs in chosen.items()}
            text = yamlwriter.mapping({key: value for key, value in said.items() if value})
            self._stage.write(f"{SOURCES_FOLDER}/{identifier}/{CATEGORY_FILE}", text)
        before = files.read_source(self._project, self._project / PROJECT_FILE)
        after = decks.listed(before, self._made)
        self._stage.write(PROJECT_FILE, after)
        if after == before:
            self._stage.forget(PROJECT_FILE)

    def _description(self, deck: str) -> str:
        """Of a category, as its deck was described."""
        described = self._foreign.decks.get(deck)
        if described is None:
            return ""
        text = described.description
        if not described.markdown:
            made = markdown.convert(text, "prose")
            where = f"deck {deck}"
            self.remarks += [
                Remark(Kind.LOST, what, where, field="description") for what in made.lost
            ]
            text = made.text
        return safenames.writable(text).strip()


def remark(foreign: Foreign) -> str:
    """What stands at the top of a new file."""
    shown = "".join(char for char in foreign.file if char.isprintable())
    return f"Imported from {shown}."
