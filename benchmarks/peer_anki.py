"""The same notes by Anki's own package: added to a collection and exported.

Usage: python peer_anki.py TERMS.yaml OUT.apkg
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml
from anki.collection import AddNoteRequest, Collection, ExportAnkiPackageOptions
from peer_genanki import FIELDS


def main(source: Path, target: Path) -> None:
    """Read the entries as most scripts do, and export one package of them."""
    entries = yaml.safe_load(source.read_text(encoding="utf-8"))
    by_id = {entry["id"]: entry for entry in entries}
    with tempfile.TemporaryDirectory(prefix="ankigen-bench-") as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        models = collection.models
        model = models.new("Term")
        for name in FIELDS:
            models.add_field(model, models.new_field(name))
        for name, front, back in (
            ("Recognition", "{{Term}}", "{{FrontSide}}{{Definition}}"),
            ("Production", "{{Definition}}", "{{FrontSide}}{{Term}}"),
        ):
            template = models.new_template(name)
            template["qfmt"], template["afmt"] = front, back
            models.add_template(model, template)
        model_id = models.add_dict(model).id
        made = models.get(model_id)  # type: ignore[arg-type] # an id is one
        deck = collection.decks.id("Bench::Terms")
        if made is None or deck is None:
            sys.exit("Anki has not made the note type or the deck")
        requests = []
        for entry in entries:
            note = collection.new_note(made)
            note["Term"], note["Definition"] = str(entry["term"]), entry["definition"]
            note["IPA"], note["Part"] = str(entry.get("ipa", "")), entry["pos"]
            note["Level"], note["Usage"] = entry["level"], entry["usage"]
            note["Related"] = ", ".join(str(by_id[other]["term"]) for other in entry["related"])
            note["Key"] = f"terms/{entry['id']}"
            note.tags = [f"level::{entry['level']}", *(f"topic::{t}" for t in entry["topics"])]
            requests.append(AddNoteRequest(note, deck))
        collection.add_notes(requests)
        collection.export_anki_package(
            out_path=str(target), options=ExportAnkiPackageOptions(legacy=True), limit=None
        )
        collection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
