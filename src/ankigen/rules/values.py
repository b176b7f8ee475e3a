"""Pages of keys and values that a note type does not have."""

from __future__ import annotations

from ankigen.diagnostics import Code
from ankigen.rules.rule import reported


@reported(Code.UNKNOWN_KEY, "unknown key")
def unknown_key() -> None:
    """A file has a key that nothing reads: most often a slip.

    `ankigen notetypes show terms` lists the keys of a note type.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              defintion: A function that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.MISSING_KEY, "missing key")
def missing_key() -> None:
    """An entry or a file lacks a key that it must have.

    A build never makes an `id` from the text: learners' notes hang on it, and texts change.
    `ankigen check --fix` writes the ids that are missing into the files, once and for all.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.WRONG_TYPE, "text where a list belongs, or the like")
def wrong_type() -> None:
    """A value is text, a list or a mapping where another of these is read.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              topics: kernels

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              topics: [kernels]
    """


@reported(Code.BAD_VALUE, "value that cannot be")
def bad_value() -> None:
    """A value is none of those that its key may have.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              pos: nuon
              definition: A function that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              pos: noun
              definition: A function that an accelerator runs.
    """
