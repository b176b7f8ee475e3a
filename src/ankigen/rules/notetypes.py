"""Pages of what may be wrong with a note type of the course's own."""

from __future__ import annotations

from ankigen.diagnostics import Code
from ankigen.rules.rule import reported


@reported(Code.NOTE_TYPE, "note type that does not fit together")
def note_type() -> None:
    """A note type names what it does not have, has two of what must differ, or replaces nothing.

    Bad:
        notetypes/words/notetype.yaml
            id: 1795000000001
            name: Word (small course)
            help: A word.
            entry:
              word: {type: text, required: true, help: The word.}
            fields:
              - {id: 1, name: Word, key: wrod}
              - {id: 2, name: Key, template: "{{ key }}"}
            cards: [{id: 1, name: Say it, front: front.html, back: back.html}]
        notetypes/words/front.html
            {{Word}}
        notetypes/words/back.html
            {{FrontSide}}

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
        notetypes/words/front.html
            {{Word}}
        notetypes/words/back.html
            {{FrontSide}}
    """


@reported(Code.TEMPLATE, "template that fails")
def template() -> None:
    """A card or a field's template is not valid, or uses what is not there.

    Anki would show an error on the card, or nothing.

    Bad:
        notetypes/terms/recognition.back.html
            {{FrontSide}} {{Defintion}}

    Good:
        notetypes/terms/recognition.back.html
            {{FrontSide}} {{Definition}}
    """
