"""A note type of another program → the folder of a note type of the project's own.

Its ids, names, templates and stylesheet stay as they are, so that Anki takes both for one; each
field is a key of the type ``html``.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from ankigen import ankitemplate, yamlwriter
from ankigen.apkg import Kind
from ankigen.importing import safenames
from ankigen.importing.foreign import ForeignError
from ankigen.notetype import SPEC_FILE, STYLE_FILE
from ankigen.projecttypes import FOLDER
from ankigen.verify.webscan import scan_css, scan_html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ankigen.apkg import NoteType as AnkiType
    from ankigen.importing.foreign import ForeignType
    from ankigen.notetype import NoteType
    from ankigen.yamltext import Value

_RESERVED = frozenset({"id", "key", "guid", "tags", "voice", "say", "ipa"})
_FIELD = re.compile(r"[^:{}\"]+")


def files(kind: ForeignType, name: str) -> dict[str, str]:
    """The files of the note type, by their paths in the project.

    Args:
        kind: The foreign note type.
        name: Of its folder.

    Raises:
        ForeignError: It cannot be used as it is; says why.
    """
    anatomy = kind.anatomy
    if anatomy is None:
        message = f"the file does not hold the cards of '{kind.name}'"
        hint = "choose a note type with --notetype, or export an .apkg from Anki"
        raise ForeignError(message, hint)
    problem = next(_problems(anatomy), "")
    if problem:
        hint = "put it right in Anki and export again, or choose a note type with --notetype"
        raise ForeignError(f"the note type '{kind.name}' cannot be taken over: {problem}", hint)
    unique = safenames.Unique()
    stems = [unique.name(safenames.slug(card.name) or "card") for card in anatomy.templates]
    folder = f"{FOLDER}/{name}"
    made = {f"{folder}/{SPEC_FILE}": _spec(anatomy, stems)}
    for stem, card in zip(stems, anatomy.templates, strict=True):
        made[f"{folder}/{stem}.front.html"] = card.front
        made[f"{folder}/{stem}.back.html"] = card.back
    if anatomy.css:
        made[f"{folder}/{STYLE_FILE}"] = anatomy.css
    return made


def _problems(anatomy: AnkiType) -> Iterator[str]:
    """Why our loader would take a note type otherwise than Anki does."""
    names = [field.name for field in anatomy.fields]
    if not anatomy.fields or not anatomy.templates:
        yield "it has no fields or no cards"
    called = (anatomy.name, *names, *(card.name for card in anatomy.templates))
    if any(map(yamlwriter.unwritable, called)):
        yield "a name in it holds a control character"
    if any(name != name.strip() or not _FIELD.fullmatch(name) for name in names):
        yield "a field's name holds a sign that Anki does not allow"
    if len(set(names)) < len(names):
        yield "two fields have one name"
    if not 0 < anatomy.id < 2**63:
        yield "its id is no number that Anki gives"
    yield from _template_problems(anatomy, {*names, *ankitemplate.SPECIAL_FIELDS})


def _template_problems(anatomy: AnkiType, known: set[str]) -> Iterator[str]:
    for card in anatomy.templates:
        for side in (card.front, card.back):
            try:
                parts = ankitemplate.parse(side)
            except ankitemplate.TemplateError as error:
                yield f"the template of '{card.name}' is broken: {error}"
                continue
            for part in ankitemplate.replacements(parts):
                if part.field not in known:
                    yield f"the template of '{card.name}' names '{part.field}', which is no field"


def _spec(anatomy: AnkiType, stems: Sequence[str]) -> str:
    unique = safenames.Unique(set(_RESERVED))
    keys = [unique.name(safenames.key(field.name), "_") for field in anatomy.fields]
    entry: dict[str, Value] = {
        key: {"type": "html", "help": field.name}
        for key, field in zip(keys, anatomy.fields, strict=True)
    }
    fields: list[Value] = [
        {"id": str(_id(field.id, anatomy, field.name)), "name": field.name, "key": key}
        for key, field in zip(keys, anatomy.fields, strict=True)
    ]
    cards: list[Value] = [
        {
            "id": str(_id(card.id, anatomy, card.name)),
            "name": card.name,
            "front": f"{stem}.front.html",
            "back": f"{stem}.back.html",
        }
        for stem, card in zip(stems, anatomy.templates, strict=True)
    ]
    said: dict[str, Value] = {
        "id": str(anatomy.id),
        "name": anatomy.name,
        "help": f"Taken over from Anki's note type '{anatomy.name}'.",
        "adopted": "true",
        "kind": "cloze" if anatomy.kind is Kind.CLOZE else "standard",
        "entry": entry,
        "fields": fields,
        "cards": cards,
    }
    head = "# Taken over from Anki, which matches note type, fields and cards by their ids.\n"
    return head + yamlwriter.mapping(said)


def _id(given: int | None, anatomy: AnkiType, name: str) -> int:
    """The id of a field or card; one of its own where Anki gave none, as older versions did not.

    Where one side has no ids, Anki compares names.
    """
    if given is not None:
        return given
    digest = hashlib.sha256(f"{anatomy.id}\x1f{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def differences(kind: ForeignType, made: NoteType) -> list[str]:
    """What of a note type did not come through as it was; nothing, or Anki takes them for two."""
    anatomy = kind.anatomy
    assert anatomy is not None  # noqa: S101 - files() has refused it
    found = []
    if [field.name for field in anatomy.fields] != [field.name for field in made.spec.fields]:
        found.append("the names of its fields")
    if [card.name for card in anatomy.templates] != [card.name for card in made.cards]:
        found.append("the names of its cards")
    sides = [(card.front, card.back) for card in anatomy.templates]
    if sides != [(card.front, card.back) for card in made.cards]:
        found.append("its templates")
    if anatomy.css != made.css:
        found.append("its stylesheet")
    if anatomy.name != made.spec.name:
        found.append("its name")
    return found


def dangers(kind: ForeignType) -> Iterator[tuple[str, str]]:
    """What templates and stylesheet would do besides showing a card: where, and what."""
    anatomy = kind.anatomy
    if anatomy is None:
        return
    for card in anatomy.templates:
        for html in (card.front, card.back):
            for danger, shown in scan_html(html).dangers:
                yield f"{card.name}", f"{danger}: {shown}"
    for danger, shown in scan_css(anatomy.css).dangers:
        yield "stylesheet", f"{danger}: {shown}"


def templated(kind: ForeignType, names: Mapping[str, int]) -> list[str]:
    """Files that only templates and stylesheets use: Anki lets their names begin with ``_``."""
    anatomy = kind.anatomy
    if anatomy is None:
        return []
    text = anatomy.css + "".join(card.front + card.back for card in anatomy.templates)
    return [name for name in names if name.startswith("_") and name in text]
