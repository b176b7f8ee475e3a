"""Rules about entries that name each other, and pages of ids and gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.diagnostics import Code
from ankigen.rules.rule import Found, reported, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.project import Project


@reported(Code.DUPLICATE_ID, "id that is taken")
def duplicate_id() -> None:
    """Two entries of a note type have one id, two notes one GUID, or two decks one name.

    Anki would take both for one note. Ids are unique in their note type over the whole course.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
            - id: kernel
              term: kernel
              definition: The core of an operating system.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
            - id: os-kernel
              term: kernel
              definition: The core of an operating system.
    """


@reported(Code.UNKNOWN_REFERENCE, "entry that is not there")
def unknown_reference() -> None:
    """An entry names another by an id that no entry has.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              related: [wrap]
            - id: warp
              term: warp
              definition: A group of threads that run in step.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              related: [warp]
            - id: warp
              term: warp
              definition: A group of threads that run in step.
    """


@reported(Code.GAP, "sentence without its gap")
def gap() -> None:
    r"""A sentence has no gap: its braces do not pair up, or the term does not stand in it.

    Without braces, the gap is where the first of `terms` stands, in any regular form. A brace that
    is meant as such stands in `` `code` `` or is written `\{`.

    Bad:
        cards/basics/terms.yaml
            - id: lowering
              term: lowering
              definition: Rewriting operations into less abstract ones.
        cards/basics/sentences.yaml
            - id: lowering-1
              terms: [lowering]
              text: First we lower the graph to loops.

    Good:
        cards/basics/terms.yaml
            - id: lowering
              term: lowering
              definition: Rewriting operations into less abstract ones.
        cards/basics/sentences.yaml
            - id: lowering-1
              terms: [lowering]
              text: First we {lower} the graph to loops.
    """


@rule(Code.FAR_EXAMPLE, "example in another deck than its term")
def far_example(project: Project) -> Iterator[Found]:
    """A sentence stands in another category than the term that it is an example of.

    Who studies one deck alone meets the sentence without its term, and the term without it. What
    counts is the first of the terms that a sentence names.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        cards/more/category.yaml
            name: More Words
        cards/more/sentences.yaml
            - id: kernel-1
              terms: [kernel]
              text: Each {kernel} reads its own tile.

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        cards/basics/sentences.yaml
            - id: kernel-1
              terms: [kernel]
              text: Each {kernel} reads its own tile.
        cards/more/category.yaml
            name: More Words
    """
    category = {(e.note_type, e.id): e.category for e in project.entries}
    for named in project.references("illustrates"):
        home = category.get((named.spec.to, named.text), named.entry.category)
        if named.path[-1] in (0, named.path[0]) and home != named.entry.category:
            message = f"'{named.text}' is taught in another category, '{home}'"
            hint = f"move the example to cards/{home}, or name a term of its own category first"
            yield Found(named.span, message, hint)
