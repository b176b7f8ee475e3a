"""Rules about the course as a whole."""

from __future__ import annotations

from ankigen.diagnostics import Code
from ankigen.rules.rule import reported


@reported(Code.UNKNOWN_NOTE_TYPE, "note type that is not there")
def unknown_note_type() -> None:
    """A file's name, or a setting, names a note type that there is not.

    A file's name up to its first dot says what its entries are: `terms.yaml`,
    `terms.advanced.yaml`. `ankigen notetypes` lists them.

    Bad:
        cards/basics/term.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.NO_CATEGORY_FILE, "category without its category.yaml")
def no_category_file() -> None:
    """A folder of the course does not say what its deck is called.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/more/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/more/category.yaml
            name: More Words
        cards/more/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.UNKNOWN_CATEGORY, "category that has no folder")
def unknown_category() -> None:
    """`categories` names a folder that is not there, or there is none at all.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basic]

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
    """


@reported(Code.UNLISTED_CATEGORY, "category that is not listed")
def unlisted_category() -> None:
    """A folder under `cards/` is not in `categories`, so its place in the course is not known.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
        cards/more/category.yaml
            name: More Words

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/more/category.yaml
            name: More Words
    """


@reported(Code.NO_CARD, "entry without a card")
def no_card() -> None:
    """No card of an entry would show anything on its front.

    It happens with note types of one's own, and where `cards:` chooses only cards that an entry
    lacks the keys for.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            cards:
              collocations: [choose]
        cards/basics/collocations.yaml
            - id: approve-a-pr
              phrase: "{approve} a PR"

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            cards:
              collocations: [choose]
        cards/basics/collocations.yaml
            - id: approve-a-pr
              phrase: "{approve} a PR"
              wrong: [accept]
    """
