"""Rules about topics, which become tags."""

from __future__ import annotations

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
    found = _by_topic(project)
    for topic, uses in found.items():
        if _entries(uses) == 1 and topic not in _slips(found):
            yield Found(
                uses[0].span,
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
    found = _by_topic(project)
    for slip, usual in _slips(found).items():
        for use in found[slip]:
            often = f"{_entries(found[usual]):,} entries are about '{usual}'"
            yield Found(
                use.span, f"'{slip}' is nearly a topic of others: {often}", f"use '{usual}'"
            )


_LONG = 6
"""Letters of topics that one letter hardly turns into another: of *caching*, not of *cash*."""


def _slips(found: Mapping[str, Sequence[Written]]) -> Mapping[str, str]:
    """Topics that are most likely meant to be another, and which."""
    alike: dict[str, set[str]] = {}
    for topic in found:
        for form in {_plain(topic), *_without_a_letter(topic)}:
            alike.setdefault(form, set()).add(topic)
    slips: dict[str, str] = {}
    for form, topics in alike.items():
        usual = max(topics, key=lambda topic: (_entries(found[topic]), topic))
        for topic in topics - {usual}:
            same = _plain(topic) == _plain(usual) == form
            lone = _entries(found[topic]) == 1 and _entries(found[usual]) > 2  # noqa: PLR2004
            if same or lone:
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


def _entries(uses: Sequence[Written]) -> int:
    return len({use.entry.key for use in uses})


def _by_topic(project: Project) -> dict[str, list[Written]]:
    found: dict[str, list[Written]] = {}
    for topic in project.values("topics"):
        found.setdefault(topic.text, []).append(topic)
    return found
