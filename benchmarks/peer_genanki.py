"""What a user would write instead: PyYAML's loader and plain genanki, the same notes.

Usage: python peer_genanki.py TERMS.yaml OUT.apkg [safe]
It validates nothing, renders no Markdown and sanitises nothing. ``safe`` reads by
``yaml.safe_load``, as PyYAML's documentation does and most scripts do; the C loader, which few know
of, is used otherwise.
"""

from __future__ import annotations

import sys
from pathlib import Path

import genanki
import yaml

FIELDS = (
    *("Term", "Audio", "IPA", "Part", "Level", "Definition", "Cue", "Examples", "Usage"),
    *("Related", "Source", "S1", "S2", "S3", "S4", "Key"),
)


def main(source: Path, target: Path, loader: type[yaml.CSafeLoader | yaml.SafeLoader]) -> None:
    """Read the entries and write one package of them."""
    with source.open(encoding="utf-8") as stream:
        entries = yaml.load(stream, Loader=loader)  # noqa: S506 - both are safe
    by_id = {entry["id"]: entry for entry in entries}
    model = genanki.Model(
        1763856000901,
        "Term",
        fields=[{"name": name} for name in FIELDS],
        templates=[
            {"name": "Recognition", "qfmt": "{{Term}}", "afmt": "{{FrontSide}}{{Definition}}"},
            {"name": "Production", "qfmt": "{{Definition}}", "afmt": "{{FrontSide}}{{Term}}"},
        ],
    )
    deck = genanki.Deck(1763856000902, "Bench::Terms")
    for position, entry in enumerate(entries):
        related = ", ".join(str(by_id[other]["term"]) for other in entry["related"])
        values = {
            "Term": entry["term"],
            "IPA": entry.get("ipa", ""),
            "Part": entry["pos"],
            "Level": entry["level"],
            "Definition": entry["definition"],
            "Usage": entry["usage"],
            "Related": related,
            "Key": f"terms/{entry['id']}",
        }
        deck.add_note(
            genanki.Note(
                model=model,
                fields=[str(values.get(name, "")) for name in FIELDS],
                tags=[f"level::{entry['level']}", *(f"topic::{t}" for t in entry["topics"])],
                guid=genanki.guid_for("bench", "terms", entry["id"]),
                due=position,
            )
        )
    genanki.Package(deck).write_to_file(target)


if __name__ == "__main__":
    usual = sys.argv[3:] == ["safe"]
    main(Path(sys.argv[1]), Path(sys.argv[2]), yaml.SafeLoader if usual else yaml.CSafeLoader)
