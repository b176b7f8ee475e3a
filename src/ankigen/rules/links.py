"""Rules about links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ankigen import markup
from ankigen.diagnostics import Code
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.project import Project

_WEB = re.compile(r"https?://[^\s/.]+\.\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:/", re.IGNORECASE)


@rule(Code.LINK, "link that leads nowhere")
def link(project: Project) -> Iterator[Found]:
    """A link is not to a page on the web, or has no words to tap on.

    Only links to `http` and `https` reach a card. The same goes for an address under `source`. A
    picture is no part of a text: it stands under a key of the type `image`, which a note type of
    your own may have.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function, as [the guide](guide.html) says.
              source: htps://example.org/kernels

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function, as [the guide](https://example.org/guide.html) says.
              source: https://example.org/kernels
    """
    for text in project.texts():
        if "](" in text.text or "<" in text.text:
            for address, words, is_picture in markup.links(text.text):
                if is_picture:
                    hint = "give a note type of yours a key of the type 'image': docs/notetypes.md"
                    yield Found(text.span, f"no text can hold a picture, as '{address}'", hint)
                elif not _WEB.match(address):
                    message = f"the link to '{address}' is not to a page on the web"
                    yield Found(text.span, message, "write the whole address, with https://")
                elif not words:
                    message = f"the link to '{address}' has no words to tap on"
                    yield Found(text.span, message, "write them into the [brackets]")
    for source in project.values("source"):
        if _ADDRESS.match(source.text) and not _WEB.match(source.text):
            message = f"'{source.text}' is no address of a page on the web"
            yield Found(source.span, message, "write it as in https://example.org/page")
