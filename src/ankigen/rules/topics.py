"""Rules about topics, which become tags."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen.diagnostics import Code
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ankigen.project import Project, Written


@rule(Code.LONE_TOPIC, "topic of one entry")
def lone_topic(project: Project) -> Iterator[Found]:
    """A topic that one entry alone is about.

    Topics become tags, and a learner studies or searches by them. One that leads to a single note
    helps nobody; most often it is a topic that other entries call otherwise.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              topics: [kernels]
            - id: warp
              term: warp
              definition: A group of threads that run in step.
              topics: [kernels, threading]

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              topics: [kernels]
            - id: warp
              term: warp
              definition: A group of threads that run in step.
              topics: [kernels]
    """
    found = _read(project)
    for topic, count in found.counts.items():
        if count == 1 and topic not in found.slips:
            yield Found(
                found.uses[topic][0].span,
                f"no other entry is about '{topic}'",
                "use a topic of other entries, or remove this one",
            )


@rule(Code.TOPIC_SLIP, "topic that is nearly another")
def topic_slip(project: Project) -> Iterator[Found]:
    """A topic differs from another by its plural, a hyphen or a letter.

    Each becomes a tag of its own, and a learner finds only half of the notes.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              topics: [kernels, threads]
            - id: warp
              term: warp
              definition: A group of threads that run in step.
              topics: [kernels, threads]
            - id: block
              term: block
              definition: A group of warps that share memory.
              topics: [kernel, threads]

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              topics: [kernels, threads]
            - id: warp
              term: warp
              definition: A group of threads that run in step.
              topics: [kernels, threads]
            - id: block
              term: block
              definition: A group of warps that share memory.
              topics: [kernels, threads]
    """
    found = _read(project)
    for slip, usual in found.slips.items():
        for use in found.uses[slip]:
            often = f"{found.counts[usual]:,} entries are about '{usual}'"
            yield Found(
                use.span, f"'{slip}' is nearly a topic of others: {often}", f"use '{usual}'"
            )


@dataclass(frozen=True, slots=True)
class _Topics:
    """The topics of a course.

    Attributes:
        uses: Where each stands.
        counts: How many entries are about each.
        slips: Those that are most likely meant to be another, and which.
    """

    uses: Mapping[str, Sequence[Written]]
    counts: Mapping[str, int]
    slips: Mapping[str, str]


@functools.lru_cache(maxsize=1)
def _read(project: Project) -> _Topics:
    uses: dict[str, list[Written]] = {}
    for use in project.values("topics"):
        uses.setdefault(use.text, []).append(use)
    # Each entry is one object, which is told apart faster than what it holds.
    counts = {topic: len({id(use.entry) for use in some}) for topic, some in uses.items()}
    return _Topics(uses, counts, _slips(counts))


_LONG = 6
"""Letters of topics that one letter hardly turns into another: of *caching*, not of *cash*."""
_OFTEN = 3
"""Entries about a topic, for which one that a single entry has may be a slip of it."""


def _slips(counts: Mapping[str, int]) -> Mapping[str, str]:
    alike: dict[str, set[str]] = {}
    for topic in counts:
        for form in {_plain(topic), *_without_a_letter(topic)}:
            alike.setdefault(form, set()).add(topic)
    slips: dict[str, str] = {}
    for form, topics in alike.items():
        usual = max(topics, key=lambda topic: (counts[topic], topic))
        for topic in topics - {usual}:
            same = _plain(topic) == _plain(usual) == form
            if same or (counts[topic] == 1 and counts[usual] >= _OFTEN):
                slips[topic] = usual
    return slips


def _plain(topic: str) -> str:
    """What is left without hyphens and the plural; only that is told apart from other forms."""
    joined = topic.replace("-", "")
    for ending, singular in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if joined.endswith(ending) and not joined.endswith(("ss", "us", "is")):
            return joined.removesuffix(ending) + singular
    return joined


def _without_a_letter(topic: str) -> Iterator[str]:
    """Forms that it shares with every word that differs by a letter; marked as no topic is."""
    if len(topic) >= _LONG:
        yield f"{topic}?"
        yield from (f"{topic[:at]}{topic[at + 1 :]}?" for at in range(1, len(topic)))
