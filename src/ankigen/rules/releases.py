"""Pages of what would harm learners who have an earlier release."""

from __future__ import annotations

from ankigen.diagnostics import Code
from ankigen.rules.rule import reported


@reported(Code.LOCK, "lock that cannot be read", elsewhere=True)
def lock() -> None:
    """`ankigen.lock` holds a line that no build writes; only a build says so.

    Take it back from version control, or make it anew from published packages with
    `ankigen lock --from basics.apkg`. Without it, learners would get notes twice or lose
    their changes.

    Bad:
        ankigen.lock
            note terms/kernel
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.STALE_LOCK, "lock that is out of date", elsewhere=True)
def stale_lock() -> None:
    """`build --locked` would change `ankigen.lock`; only a build says so.

    Run `ankigen build` and commit the lock with the sources.

    Bad:
        ankigen.lock
            # without the note terms/kernel
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        ankigen.lock
            # as 'ankigen build' has written it
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.SCHEMA, "note type that learners would lose", elsewhere=True)
def schema() -> None:
    """Fields or cards of a released note type were added, removed or put in another order.

    Learners would get no update of its notes any more. Rename and fill a spare field instead. Only
    a build says so.

    Bad:
        notetypes/words/notetype.yaml
            id: 1795000000001
            name: Word (small course)
            help: A word.
            entry:
              word: {type: text, required: true, help: The word.}
            fields:
              - {id: 1, name: Word, key: word}
              - {id: 3, name: Sound, speak: word}
              - {id: 2, name: Key, template: "{{ key }}"}
            cards: [{id: 1, name: Say it, front: front.html, back: back.html}]

    Good:
        notetypes/words/notetype.yaml
            id: 1795000000001
            name: Word (small course)
            help: A word.
            entry:
              word: {type: text, required: true, help: The word.}
            fields:
              - {id: 1, name: Word, key: word}
              - {id: 2, name: Key, template: "{{ key }}"}
            cards: [{id: 1, name: Say it, front: front.html, back: back.html}]
    """


@reported(Code.CARDS, "card that learners would see blank", elsewhere=True)
def cards() -> None:
    """A card that was released would be gone; only a build says so.

    A learner who has it would be shown an empty front. Put back what made it: a key of the entry,
    or `cards:`; or give the entry another id.

    Bad:
        cards/basics/collocations.yaml
            - id: approve-a-pr
              phrase: "{approve} a PR"

    Good:
        cards/basics/collocations.yaml
            - id: approve-a-pr
              phrase: "{approve} a PR"
              wrong: [accept]
    """
