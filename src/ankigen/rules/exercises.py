"""Rules about answers with key phrases, and about mistakes that are put right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ankigen import markup
from ankigen.diagnostics import Code
from ankigen.language.prose import WORD
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ankigen.project import Project

_MARKED = re.compile(r"(?<!\\)\{[^{}]*\}")
_VARIES = re.compile(r"\s*(?:…|\.\.\.)\s*")


@rule(Code.KEY_PHRASE, "key phrase that is not in its answer")
def key_phrase(project: Project) -> Iterator[Found]:
    """A key phrase is to be used in one's own answer, but the model answer does not use it.

    What varies is left out of a phrase with dots: *the first thing I'd check is …*.

    Bad:
        cards/basics/interview.yaml
            - id: slow
              question: The model became slow. What do you do?
              answer: First I make sure that the slowdown is real.
              phrases: [First of all I make sure that …]

    Good:
        cards/basics/interview.yaml
            - id: slow
              question: The model became slow. What do you do?
              answer: First I make sure that the slowdown is real.
              phrases: [First I make sure that …]
    """
    for name in project.note_types:
        answers, phrases = (project.keys(name, role) for role in ("answer", "phrase"))
        if not answers or not phrases:
            continue
        for entry in project.of_type(name):
            said = " ".join(entry.values.get(key, "") for key in answers)
            spoken = _bare(said)
            for key in phrases:
                values = entry.values.get(key, ())
                for index, phrase in enumerate([values] if isinstance(values, str) else values):
                    if not all(_bare(part) in spoken for part in _VARIES.split(phrase)):
                        yield Found(
                            entry.span(key, index),
                            f"the answer does not say '{phrase}'",
                            "quote it from the answer, with '…' for what varies",
                        )


@rule(Code.UNMARKED_CHANGE, "correction that changes more than it marks")
def unmarked_change(project: Project) -> Iterator[Found]:
    """A mistake and its correction differ outside of their braces.

    Who compares the two looks for what is marked, and takes any other difference for part of the
    rule. Words may move; capitals and signs do not count.

    Bad:
        cards/basics/corrections.yaml
            - id: feedback
              wrong: We got {many feedbacks} on the design.
              right: We got {a lot of feedback} on this design.
              why: "*Feedback* is uncountable."
              kind: countability

    Good:
        cards/basics/corrections.yaml
            - id: feedback
              wrong: We got {many feedbacks} on the design.
              right: We got {a lot of feedback} on the design.
              why: "*Feedback* is uncountable."
              kind: countability
    """
    for name, note_type in project.note_types.items():
        marked = [key for key, spec in note_type.spec.entry.items() if spec.type == "marked"]
        wrong = [key for key in project.keys(name, "mistake") if key in marked]
        right = [key for key in project.keys(name, "example") if key in marked]
        if len(wrong) != 1 or len(right) != 1:
            continue
        for entry in project.of_type(name):
            before, after = (entry.values.get(key, "") for key in (*wrong, *right))
            if not (_MARKED.search(before) and _MARKED.search(after)):
                continue
            if _unmarked(before) != _unmarked(after):
                yield Found(
                    entry.span(*right),
                    "it differs from the mistake outside of the braces too",
                    "mark all that changes, and change nothing else",
                )


def _unmarked(text: str) -> Sequence[str]:
    return [word.casefold() for word in WORD.findall(_MARKED.sub(" ", text))]


def _bare(text: str) -> str:
    """Its words, without formatting, capitals and the signs at its ends."""
    return " ".join(markup.inline(text).plain.split()).strip(" .,;:?!").casefold()
