"""Pages of what would harm learners who have an earlier release."""

from __future__ import annotations

from ankigen.diagnostics import Code, Severity
from ankigen.rules.rule import reported


@reported(Code.LOCK, "lock that cannot be read")
def lock() -> None:
    """`ankigen.lock` holds a line that no build writes, or what a merge left behind.

    The latter is a warning: of two versions of a line the later counts, and the next build writes
    the file without the other. Otherwise take it back from version control, or make it anew from
    published packages with `ankigen lock --from basics.apkg`. Without it, learners would get notes
    twice or lose their changes.

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


@reported(Code.GUID, "note that learners would get twice", elsewhere=True)
def guid() -> None:
    """A released note would get another GUID, by which Anki knows it; only a build says so.

    Learners would meet it a second time as a new card, and what they have learnt would stay with a
    card that no release updates. GUIDs are made from the course's `id`, the note type and the
    entry's `id`, unless the entry has a `guid:` of its own: put back the one that was changed. A
    GUID may go on under another id.

    Only if nobody has the decks yet, or for another course, which shares no card with the one that
    was released, delete `ankigen.lock` and keep the new `id`.

    Bad:
        ankigen.yaml
            id: small-course
            name: Small Course
            categories: [basics]
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.LOST_LOCK, "lock that is gone", severity=Severity.WARNING, elsewhere=True)
def lost_lock() -> None:
    """`ankigen.lock` is gone, though its course was built before; only a build says so.

    Without it, a build cannot tell what was released. It counts every note as changed, so the
    next import would replace the edits that learners have made of their own, and it refuses
    nothing of what would harm them. The lock that it writes is right for a first release only.

    Before you publish, restore the lock that you committed (`git checkout -- ankigen.lock`). If
    there is none, delete the new one and make it anew from the packages that learners have:
    `ankigen lock --from basics.apkg`. Then build again.

    Bad:
        .gitignore
            ankigen.lock
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        .gitignore
            dist/
            audio/clips/
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """
