"""What a rule's docstring says, taken apart: what it is for, a bad example and a good one.

The same text is printed by ``ankigen explain``, put into docs/rules.md, and run by the tests::

    A topic that one entry alone is about.

    Learners study by topic, and …

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              topics: [kernel]

    Good:
        cards/basics/terms.yaml
            - id: kernel
              topics: [kernels]
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from textwrap import dedent

_SECTION = re.compile(r"^(Bad|Good):[ ]*\n((?:[ ]{4}.*\n|[ ]*\n)+)", re.MULTILINE)
_FILE = re.compile(r"^(\S.*)\n((?:[ ]{4}.*\n|[ ]*\n)+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of an example.

    Attributes:
        file: Its name, relative to the project.
        text: What it holds.
    """

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of a rule in words.

    Attributes:
        summary: What is wrong, in one sentence.
        text: Why that matters and what to do, in Markdown; may be empty.
        bad: Files that break the rule.
        good: The same files as they should be.
    """

    summary: str
    text: str
    bad: tuple[Sample, ...]
    good: tuple[Sample, ...]


def parse(docstring: str) -> Page:
    """The page of a rule.

    Raises:
        ValueError: The docstring lacks its summary or one of its examples.
    """
    said = inspect.cleandoc(docstring) + "\n"
    samples = {name: _samples(text) for name, text in _SECTION.findall(said)}
    summary, _, text = _SECTION.sub("", said).strip().partition("\n\n")
    if not summary or not all(samples.get(name) for name in ("Bad", "Good")):
        raise ValueError(f"a rule's docstring needs a summary, 'Bad:' and 'Good:': {summary}")
    return Page(summary, text.strip(), samples["Bad"], samples["Good"])


def _samples(text: str) -> tuple[Sample, ...]:
    return tuple(
        Sample(file, dedent(body).strip("\n") + "\n")
        for file, body in _FILE.findall(dedent(text) + "\n")
    )
