"""Rules about pictures and sounds of the project."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from ankigen import mediafile
from ankigen.diagnostics import Code, Span
from ankigen.notetypespec import FILES
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.project import Project

LARGE = 2_000_000
"""Bytes. A photograph that fills a telephone has 0.3 MB, a minute of speech 0.4 MB."""


@rule(Code.UNUSED_MEDIA, "file that no entry uses")
def unused_media(project: Project) -> Iterator[Found]:
    """A picture or a sound under `media/` or `cards/` is named by no entry and no template.

    It is not packed: either it can go, or an entry has forgotten it.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        media/loop.svg
            <svg xmlns="http://www.w3.org/2000/svg"/>

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """
    if not project.media:
        return
    lying = {file.name for file in project.media}
    named, texts = set(), []
    for value in project.values():
        if value.spec.type in FILES:
            may_be = map(str, mediafile.places(value.entry.file, value.text))
            named.add(next((path for path in may_be if path in lying), ""))
        elif value.spec.type == "html":
            texts.append(value.text)
    for note_type in project.note_types.values():
        texts += [note_type.css, *(side for c in note_type.cards for side in (c.front, c.back))]
    for file in project.media:
        name = PurePosixPath(file.name).name
        if file.name in named or any(n in text for n in (name, quote(name)) for text in texts):
            continue
        message = "no entry and no template uses this file, so it is not packed"
        yield Found(Span(file.name), message, "name it in an entry, or remove it")


@rule(Code.LARGE_MEDIA, "large picture or sound")
def large_media(project: Project) -> Iterator[Found]:
    """A picture or a sound has more than 2 MB, which learners download and keep on their phones.

    Scale a picture to 1,200 pixels, save photographs as WebP or JPEG, and a sound as MP3.

    Bad:
        media/loop.png
            # 3 MB

    Good:
        media/loop.png
            # 0.1 MB
    """
    for file in project.media:
        if file.bytes > LARGE:
            message = f"this file has {file.bytes / 1e6:.1f} MB; 2 MB are plenty for a card"
            hint = "scale it down, or save it in a format that compresses"
            yield Found(Span(file.name), message, hint)
