"""A project with every built-in note type, each of its optional keys present and absent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ankigen import notetype

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENTRIES: Mapping[str, Mapping[str, Any]] = {
    "terms": {
        "term": "loop",
        "definition": "Code that runs again.\n\nAnd *again*.",
        "pos": "noun",
        "level": "core",
        "topics": ["control-flow"],
        "related": ["loop-least"],
        "usage": "One **enters** a loop.",
        "source": "https://example.org/loop?a=1&b=2",
    },
    "sentences": {
        "text": "The {loop} ends.",
        "terms": ["loop-all"],
        "genre": "review",
        "hint": "it *repeats*",
        "note": "Not *finishes*.",
    },
    "collocations": {
        "phrase": "{approve} a PR",
        "wrong": ["accept", "agree & sign"],
        "meaning": "To say that it may be merged.",
        "example": "Please {approve} it.",
        "pattern": "verb + noun",
        "register": "neutral",
        "level": "core",
        "topics": ["reviews"],
        "note": "One *accepts* an invitation.",
        "source": "a handbook",
    },
    "phrases": {
        "situation": "You did not hear the number.",
        "phrase": "{Sorry}, which number?",
        "channel": "spoken",
        "register": "neutral",
        "genre": "call",
        "alternatives": ["Once more, please?", "Say it again?"],
        "avoid": ["Repeat."],
        "level": "core",
        "topics": ["calls"],
        "note": "Be polite.",
    },
    "pronunciations": {
        "word": "cache",
        "kind": "minimal pair",
        "other": "catch",
        "meaning": "fast memory",
        "other_meaning": "to take hold of",
        "example": "The {cache} was cold.",
        "tip": "It sounds like *cash*.",
        "level": "core",
        "topics": ["memory"],
        "source": "a dictionary",
    },
    "corrections": {
        "wrong": "The log gives {many informations}.",
        "right": "The log gives {much information}.",
        "why": "*Information* is uncountable.",
        "kind": "countability",
        "l1": ["es", "fr"],
        "level": "core",
        "topics": ["logs"],
    },
    "interview": {
        "question": "Why is it slow?",
        "answer": "First I measure. Then I compare.\n\nIn the end I know.",
        "kind": "debugging",
        "phrases": ["First I …", "Then I …"],
        "structure": ["measure", "compare"],
        "tip": "They listen for a method.",
        "level": "core",
        "topics": ["speed"],
    },
}
"""Of each note type, an entry with all of its keys."""

STEMS = {name: "loop" if name == "terms" else name.removesuffix("s") for name in ENTRIES}
"""What the ids of a note type's entries begin with."""


def optional(name: str) -> list[str]:
    """The keys that an entry of a note type may leave out."""
    return [key for key, said in notetype.built_in()[name].spec.entry.items() if not said.required]


def variants(name: str) -> dict[str, dict[str, Any]]:
    """Entries by id: with all keys, with the required ones only, and without each other one."""
    whole, stem, spare = dict(ENTRIES[name]), STEMS[name], optional(name)
    made = {f"{stem}-all": whole}
    made[f"{stem}-least"] = {key: value for key, value in whole.items() if key not in spare}
    for absent in spare:
        identifier = f"{stem}-no-{absent.replace('_', '-')}"
        made[identifier] = {key: value for key, value in whole.items() if key != absent}
    return made


def entries() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All of them, by what finds the note in Anki: ``terms/loop-all``."""
    for name in ENTRIES:
        for identifier, values in variants(name).items():
            yield f"{name}/{identifier}", values


def as_yaml(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Entries as a source file; JSON is YAML."""
    return "".join(
        f"- {json.dumps({'id': identifier, **values}, ensure_ascii=False)}\n"
        for identifier, values in found.items()
    )


def files() -> dict[str, str]:
    """The project's files; its id is ``every``."""
    sources = {f"cards/all/{name}.yaml": as_yaml(variants(name)) for name in ENTRIES}
    return {
        "ankigen.yaml": "id: every\nname: Every\ncategories: [all]\n",
        "cards/all/category.yaml": "name: All\n",
        **sources,
    }
