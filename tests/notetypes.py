"""Built-in note types as a later release might change them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ankigen import notetype
from support import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ankigen.notetype import NoteType

FOLDERS = REPOSITORY / "src" / "ankigen" / "notetypes"

SPARE = "{id: 5108316200112, name: Spare 1}"
"""The first spare field of a term."""

LISTENING = (
    "  - {id: 5108316200153, name: Listening, front: listening.front.html,"
    " back: listening.back.html}\n"
)
_TERMS = (FOLDERS / "terms" / "notetype.yaml").read_text()
_SWITCH = ", off: listening}"
_SWITCHED = _TERMS[_TERMS.index(_SWITCH) : _TERMS.index(LISTENING) + len(LISTENING)]
_GONE = "}" + _SWITCHED.removeprefix(_SWITCH).removesuffix(LISTENING)
NEXT_SPARE = "{id: 5108316200113, name: Spare 2}"
OUR_ID = "id: 1763856000101"
OTHER_KIND = (OUR_ID, f"kind: cloze\n{OUR_ID}")
"""An edit that makes a cloze of terms."""

BREAKS: Mapping[str, tuple[str, str, str]] = {
    "field-added": (SPARE, f"{{id: 7, name: New}}\n  - {SPARE}", "the field 'New' is new"),
    "field-removed": (f"  - {SPARE}\n", "", "the field with the id 5108316200112 is gone"),
    "fields-reordered": (
        f"{SPARE}\n  - {NEXT_SPARE}",
        f"{NEXT_SPARE}\n  - {SPARE}",
        "the fields are in another order",
    ),
    "field-id": (
        "id: 5108316200112,",
        "id: 7,",
        "the field 'Spare 1' is new; the field with the id 5108316200112 is gone",
    ),
    "card-added": (
        LISTENING,
        LISTENING + LISTENING.replace("5108316200153, name: L", "8, name: Second l"),
        "the card 'Second listening' is new",
    ),
    "card-removed": (_SWITCHED, _GONE, "the card with the id 5108316200153 is gone"),
    "id": (OUR_ID, "id: 9", "its id was 1763856000101 and is 9"),
}
"""Edits of the note type of terms that may not be made once it is released: what stands in its
``notetype.yaml``, what instead, and what is said of it. A learner would get no update of any term,
and a second note type for new ones."""


def edited(folder: Path, name: str, edits: Mapping[str, tuple[str, str]]) -> dict[str, NoteType]:
    """All note types, with the files of one edited.

    Args:
        folder: Gets the copy.
        name: Of the note type to edit.
        edits: By file: what stands there once, and what instead; appended where that is empty.
    """
    copy = shutil.copytree(FOLDERS / name, folder / name)
    for file, (old, new) in edits.items():
        path = copy / file
        text = path.read_text() if path.exists() else ""
        assert not old or text.count(old) == 1, f"{old} in {file}"
        path.write_text(text.replace(old, new) if old else text + new)
    shared = (FOLDERS / notetype.SHARED_STYLE).read_text()
    return {**notetype.built_in(), name: notetype.load(copy, shared)}
