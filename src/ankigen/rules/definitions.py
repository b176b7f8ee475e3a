"""Rules about definitions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ankigen import wording
from ankigen.diagnostics import Code
from ankigen.language import dictionary, families, levels
from ankigen.language.levels import Level
from ankigen.language.prose import WORD
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.notetypespec import Role
    from ankigen.project import Project
    from ankigen.wording import Passage, Wording

DEFINING: tuple[Role, ...] = ("definition", "gloss")
LONGEST = 35
"""Words of a definition; one that is longer is not remembered."""

_HARD = Level.C2
_HARD_AT_FIRST = Level.C1  # in entries of the first of the note type's levels
_SHORTEST = 3  # letters of a term; a shorter one is a word by chance: "C", "Go"
_FIELD = 3  # entries that use a word of the field
_OF_MANY = 200  # … or one entry in so many


@rule(Code.CIRCULAR, "definition by the term itself")
def circular(project: Project) -> Iterator[Found]:
    """A definition uses the term that it defines.

    Who does not know the term learns nothing from it, and who sees the definition on a card reads
    the answer there. *A kernel is a function …* is such a definition too: begin with *A function*.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A kernel that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """
    words = wording.of(project)
    if words.variety is None:
        return
    for passage, term in _terms(project, words):
        sought = families.bases(term.words)
        if not sought or len(term.text) < _SHORTEST:
            continue
        text = passage.text.lower()
        if not all(part[:_SHORTEST] in text for part in sought):  # as is most often so
            continue
        found = families.bases(passage.words)
        at = families.index(sought, found) if sought[0] in found else None
        if at is not None:
            offset = [match.start() for match in WORD.finditer(passage.text)][at]
            yield Found(
                words.span(passage.start + offset),
                f"the definition of '{term.text}' uses the term itself",
                "say it in other words",
            )


@rule(Code.LONG_DEFINITION, "long definition")
def long_definition(project: Project) -> Iterator[Found]:
    """A definition has more than 35 words.

    A card is answered in seconds. What is worth knowing beyond the definition has its place in a
    note, as `usage`.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: >-
                A function that the host launches and an accelerator runs, in very many threads at
                once, each of which works on its own part of the data, while the host goes on with
                its own work until it needs the results.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: >-
                A function that the host launches and an accelerator runs, in very many threads at
                once, each of which works on its own part of the data.
    """
    for passage in wording.of(project).of_roles("definition"):
        length = len(passage.text.split())
        if length > LONGEST:
            yield Found(
                passage.span,
                f"this definition has {length} words",
                f"keep to {LONGEST}, and put the rest into a note",
            )


@rule(Code.HARD_WORD, "hard word in a definition")
def hard_word(project: Project) -> Iterator[Found]:
    """A definition is written in words that its readers are unlikely to know.

    Definitions are for readers of level B2. Reported are rare words of level C2 in the European
    framework, and of C1 where the entry is of the first of its levels. The words of the field are
    not: headwords, those of `words.txt`, and those that at least three entries use.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: The quintessence of work on an accelerator.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: The usual unit of work on an accelerator.
    """
    words = wording.of(project)
    if words.variety is None:
        return
    candidates = _rare(words)
    if not candidates:
        return
    field = _field(project, words, candidates)
    for offset, word in words.find(candidates - field):
        passage = words.passage(offset)
        if passage.role not in DEFINING:
            continue
        level = levels.of(word)
        if level is not None and level >= (
            _HARD_AT_FIRST if _level(project, passage) == 0 else _HARD
        ):
            yield Found(
                words.span(offset),
                f"'{word}' is a word of level {level.name}",
                "use a plainer word, or list it in words.txt where it is one of the field's",
            )


def _terms(project: Project, words: Wording) -> Iterator[tuple[Passage, Passage]]:
    """Each definition with its term: the second of an entry belongs to its second term."""
    terms = {(id(term.source), term.path[0]): term for term in words.of_roles("headword")}
    pairs: dict[tuple[str, str | int], str] = {}
    for name in project.note_types:
        headwords = project.keys(name, "headword")
        for role in DEFINING:
            for index, key in enumerate(project.keys(name, role) if headwords else ()):
                pairs[name, key] = headwords[min(index, len(headwords) - 1)]
    for passage in words.of_roles(*DEFINING):
        entry = passage.entry
        headword = pairs.get((entry.note_type, passage.path[0])) if entry else None
        term = terms.get((id(entry), headword)) if entry and headword else None
        if term is not None:
            yield passage, term


def _rare(words: Wording) -> set[str]:
    """Words of level C1 or C2, but the most common and the course's own."""
    return {
        word
        for word in words.concordance
        if word.islower()
        and not dictionary.is_usual(word)
        and not words.dictionary.is_own(word)
        and not any(map(dictionary.is_usual, _same(word)))
        and (levels.of(word) or Level.A1) >= Level.C1
        and dictionary.is_english(word)  # misspellings are in the list of levels, too
    }


def _same(word: str) -> set[str]:
    """The forms of a word that may be more common than it is, in either spelling."""
    stems = {
        word.removesuffix(ending) for ending in ("s", "d", "es", "ed", "ing", "r", "er", "able")
    }
    forms = stems | {stem + "e" for stem in stems} | {re.sub("ices$", "ix", word)}
    return forms | {form.replace("is", "iz") for form in forms} - {""}


def _field(project: Project, words: Wording, candidates: set[str]) -> set[str]:
    """Those that several entries use."""
    entries: dict[str, set[int]] = {}
    for word in candidates:
        uses = entries.setdefault(families.base(word), set())
        uses.update(id(words.passage(offset).source) for offset in words.concordance[word])
    enough = max(_FIELD, len(project.entries) // _OF_MANY)
    return {word for word in candidates if len(entries[families.base(word)]) >= enough}


def _level(project: Project, passage: Passage) -> int | None:
    """Which of its note type's levels an entry is of, from 0."""
    entry = passage.entry
    if entry is None:
        return None
    for key in project.keys(entry.note_type, "level"):
        value = entry.values.get(key)
        choices = project.note_types[entry.note_type].spec.entry[key].choices
        if value in choices:
            return choices.index(value)
    return None
