"""Rules about what is heard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ankigen import markup
from ankigen.diagnostics import Code
from ankigen.lexicon import utter
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.lexicon import Lexicon
    from ankigen.project import Project, Written

_FORM = re.compile(r"(?<!\w)(?=\w*[A-Z]\w*[A-Z])[A-Za-z]\w*")
_ENDING = re.compile(r"(?<=[A-Z])s\Z")


@rule(Code.UNKNOWN_FORM, "word in capitals that nobody said how to say")
def unknown_form(project: Project) -> Iterator[Found]:
    """A word in capitals or camel case is spoken, and neither the lexicon nor its entry says how.

    A voice spells such words letter by letter, reads them as words, or mangles them: GELU, cuBLAS.
    Say it in `pronunciations.yaml` for the whole course, or with `say:` for one entry. Each word is
    reported where it comes first.

    Bad:
        cards/basics/terms.yaml
            - id: swiglu
              term: SwiGLU
              definition: A gated activation function.

    Good:
        cards/basics/terms.yaml
            - id: swiglu
              term: SwiGLU
              definition: A gated activation function.
        pronunciations.yaml
            SwiGLU:
              say: swee gloo
    """
    first: dict[str, Written] = {}
    entries: dict[str, set[str]] = {}
    spoken = {name: note_type.spoken for name, note_type in project.note_types.items()}
    for text in project.texts():
        keys, said = spoken[text.entry.note_type], text.entry.values.get("say", {})
        key = text.path[0]
        if key in keys and key not in said and not ("" in said and key == keys[0]):
            for form in _unknown(text.text, project.lexicon):
                first.setdefault(form, text)
                entries.setdefault(form, set()).add(text.entry.key)
    for form, text in first.items():
        others = len(entries[form]) - 1
        more = f" (and in {others:,} more)" if others else ""
        yield Found(
            project.place(text.span, text.text, text.text.find(form)),
            f"nothing says how to say '{form}'{more}",
            "add it to pronunciations.yaml, or 'say:' to the entry",
        )


def _unknown(text: str, lexicon: Lexicon) -> Iterator[str]:
    """Forms that a voice is left alone with."""
    if not _FORM.search(text):
        return
    plain = markup.inline(text.replace("{", "").replace("}", "")).plain
    for part in utter(plain, lexicon).parts:
        if isinstance(part, str):
            yield from (_ENDING.sub("", form) for form in _FORM.findall(part))
