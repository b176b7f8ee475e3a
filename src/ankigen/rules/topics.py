"""Rules about topics, which become tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.diagnostics import Code
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    for topic, uses in _by_topic(project).items():
        if len({use.entry.key for use in uses}) == 1:
            yield Found(
                uses[0].span,
                f"no other entry is about '{topic}'",
                "use a topic of other entries, or remove this one",
            )


def _by_topic(project: Project) -> dict[str, list[Written]]:
    found: dict[str, list[Written]] = {}
    for topic in project.values("topics"):
        found.setdefault(topic.text, []).append(topic)
    return found
