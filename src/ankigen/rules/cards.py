"""Pages of what does not reach a card, or is not heard there."""

from __future__ import annotations

from ankigen.diagnostics import Code, Severity
from ankigen.rules.rule import reported


@reported(Code.HTML, "HTML that does not reach the card", severity=Severity.WARNING)
def html() -> None:
    """A text holds HTML that is removed, because it could load, embed or run something.

    Text-level HTML such as `<sub>` and `<kbd>` is kept. What is meant as text stands in backticks.

    Bad:
        cards/basics/terms.yaml
            - id: stream
              term: stream
              definition: A queue of work, as in <iostream>.

    Good:
        cards/basics/terms.yaml
            - id: stream
              term: stream
              definition: A queue of work, as in `<iostream>`.
    """


@reported(Code.UNSAYABLE, "text that cannot be said")
def unsayable() -> None:
    """The voice has no way to say a text: other letters than its own, or signs alone.

    Write it in Latin letters, or say with `say:` what is to be heard.

    Bad:
        cards/basics/terms.yaml
            - id: arrow
              term: "->"
              definition: It leads from a pointer to a member.

    Good:
        cards/basics/terms.yaml
            - id: arrow
              term: "->"
              say: arrow
              definition: It leads from a pointer to a member.
    """


@reported(Code.RECORDING, "recording that is not used", severity=Severity.WARNING, elsewhere=True)
def recording() -> None:
    """A file under `audio/recordings/` belongs to no entry, or is not as it should be.

    `audio/recordings/terms/kernel.wav` is a recording of the entry `kernel` in `terms.yaml`. One
    that cannot be decoded is an error.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        audio/recordings/terms/kernle.wav
            # sound

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        audio/recordings/terms/kernel.wav
            # sound
    """


@reported(
    Code.STAND_IN, "voice that another stood in for", severity=Severity.WARNING, elsewhere=True
)
def stand_in() -> None:
    """A build could not use a voice, and spoke by its `fallback`.

    Only a build says so. Build again when the voice can speak: learners then get its sound as an
    update.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            voices:
              default: {engine: hibari, voice: nobody, fallback: other}
              other: {engine: hibari, voice: heart}
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            voices:
              default: {engine: hibari, voice: heart}
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.BUDGET, "package over its budget", elsewhere=True)
def budget() -> None:
    """A package would be larger than `budget:` allows; only a build says so.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            budget: 1 kB
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            budget: 40 MB
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.VOICE, "voice that this machine lacks", severity=Severity.WARNING)
def voice() -> None:
    """A voice is not installed here, or its engine has none of that name.

    Another machine may have it, so a check goes on, and asks of each text whether the default
    engine could say it. A build that needs the voice does not go on.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            voices:
              default: {engine: hibari, voice: hart}
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            voices:
              default: {engine: hibari, voice: heart}
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.VOICE_LANGUAGE, "voice of another language", severity=Severity.WARNING)
def voice_language() -> None:
    """A voice reads a course aloud whose `language` is not its own.

    It reads German as an Englishman would who never learnt it. All voices speak English: record the
    texts yourself, build with `--no-audio`, or say `check: ignore: [AG412]` where only the words
    that are spoken are English.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            language: de
        cards/basics/terms.yaml
            - id: pfanne
              term: Pfanne
              definition: Darin wird gebraten.

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            language: en-GB
        cards/basics/terms.yaml
            - id: pan
              term: pan
              definition: What one fries in.
    """


@reported(Code.MEDIA, "picture or sound that cannot be used")
def media() -> None:
    """A file that an entry names is not there, lies outside the project, or is of no use to Anki.

    Put it beside the entry's file or into `media/`, and name it from there.

    Bad:
        notetypes/pictures/notetype.yaml
            id: 1795000000001
            name: Picture (small course)
            help: A picture and the word for it.
            entry:
              word: {type: text, required: true, help: What it shows.}
              picture: {type: image, required: true, help: The file.}
            fields:
              - {id: 1, name: Word, key: word}
              - {id: 2, name: Picture, key: picture}
              - {id: 3, name: Key, template: "{{ key }}"}
            cards: [{id: 1, name: Name it, front: front.html, back: back.html}]
        notetypes/pictures/front.html
            {{Picture}}
        notetypes/pictures/back.html
            {{FrontSide}} {{Word}}
        cards/basics/pictures.yaml
            - id: loop
              word: loop
              picture: media/lop.svg

    Good:
        notetypes/pictures/notetype.yaml
            id: 1795000000001
            name: Picture (small course)
            help: A picture and the word for it.
            entry:
              word: {type: text, required: true, help: What it shows.}
              picture: {type: image, required: true, help: The file.}
            fields:
              - {id: 1, name: Word, key: word}
              - {id: 2, name: Picture, key: picture}
              - {id: 3, name: Key, template: "{{ key }}"}
            cards: [{id: 1, name: Name it, front: front.html, back: back.html}]
        notetypes/pictures/front.html
            {{Picture}}
        notetypes/pictures/back.html
            {{FrontSide}} {{Word}}
        media/loop.svg
            <svg xmlns="http://www.w3.org/2000/svg"/>
        cards/basics/pictures.yaml
            - id: loop
              word: loop
              picture: media/loop.svg
    """
