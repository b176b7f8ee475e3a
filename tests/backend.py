"""The real Anki, opened on a collection of its own."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.consts import MODEL_CLOZE, MODEL_STD
from anki.decks import DeckId
from anki.models import NotetypeId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from anki.import_export_pb2 import ImportResponse
    from anki.notes import Note

    ImportLog = ImportResponse.Log

DEFAULT_DECK = DeckId(1)


@contextmanager
def empty_collection(folder: Path) -> Iterator[Collection]:
    """A new collection in a folder, closed at the end."""
    collection = Collection(str(folder / "collection.anki2"))
    try:
        yield collection
    finally:
        collection.close()


def import_package(collection: Collection, package: Path, *, merge: bool = False) -> ImportLog:
    """Import a package with the defaults of the desktop's dialog; return what it says.

    Args:
        collection: Of the learner.
        package: The file.
        merge: Whether "Merge note types" is ticked.
    """
    options = ImportAnkiPackageOptions(merge_notetypes=merge)
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    return collection.import_anki_package(request).log


def import_by_add_on(collection: Collection, package: Path) -> ImportLog:
    """Import a package as AnkiConnect lets Anki 26.09 do it; return what it says.

    These are the options of ``_LegacyAnkiPackageImporter`` in Anki's ``anki/importing.py``.
    """
    options = ImportAnkiPackageOptions(
        merge_notetypes=True, with_scheduling=True, with_deck_configs=True
    )
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    return collection.import_anki_package(request).log


def add_note_type(
    collection: Collection,
    name: str,
    fields: Sequence[str],
    fronts: Sequence[str],
    *,
    cloze: bool = False,
) -> NotetypeId:
    """A note type with any front templates, even those that Anki's editor would refuse."""
    models = collection.models
    made = models.new(name)
    made["type"] = MODEL_CLOZE if cloze else MODEL_STD
    for field in fields:
        models.add_field(made, models.new_field(field))
    show = f"{{{{{'cloze:' if cloze else ''}{fields[0]}}}}}"
    for index, _ in enumerate(fronts):
        template = models.new_template(f"Card {index + 1}")
        template["qfmt"] = template["afmt"] = f"{show} {index}"
        models.add_template(made, template)
    identifier = NotetypeId(models.add_dict(made).id)
    stored = models.get(identifier)
    assert stored is not None
    for template, front in zip(stored["tmpls"], fronts, strict=True):
        template["qfmt"] = front
    collection._backend.update_notetype_legacy(  # noqa: SLF001 - the one way past the editor's checks
        json=json.dumps(stored).encode(), skip_checks=True
    )
    return identifier


def add_note(
    collection: Collection,
    note_type: NotetypeId,
    fields: Mapping[str, str],
    *,
    tags: Sequence[str] = (),
) -> Note:
    """A new note, with the cards that Anki makes for it."""
    stored = collection.models.get(note_type)
    assert stored is not None
    note = collection.new_note(stored)
    for name, value in fields.items():
        note[name] = value
    note.tags = list(tags)
    collection.add_note(note, DEFAULT_DECK)
    note.load()
    return note
