"""Coverage-guided fuzzing of everything that reads other people's files.

Usage: python tests/fuzz/readers.py READER FOLDER [libFuzzer's options]
FOLDER keeps what was found worth trying, and a file for each input that fails. A reader may refuse
an input by its own errors; any other exception, more than 5 seconds or more than 1 GB is a failure.
``make fuzz`` gives each reader ten minutes.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

with atheris.instrument_imports(include=["ankigen"]):
    from ankigen import tables, yamltext
    from ankigen.diagnostics import AnkigenError
    from ankigen.importing import crowdanki, packages, textexport

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS, MEGABYTES = 5, 1024

_XLSX = {
    "_rels/.rels": '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="b.xml"/>'
    "</Relationships>",
    "b.xml": '<workbook><sheets><sheet name="S" r:id="s"/></sheets></workbook>',
    "_rels/b.xml.rels": '<Relationships><Relationship Id="s" Type="x/worksheet" Target="s.xml"/>'
    '<Relationship Id="t" Type="x/sharedStrings" Target="t.xml"/>'
    '<Relationship Id="y" Type="x/styles" Target="y.xml"/></Relationships>',
    "s.xml": '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1">'
    "<f>1+1</f><v>2.5</v></c></row></sheetData><mergeCells><mergeCell "
    'ref="A1:B2"/></mergeCells></worksheet>',
    "t.xml": "<sst><si><t>id</t></si></sst>",
    "y.xml": '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy"/></numFmts><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
}
_ODS = {
    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
    "content.xml": "<office:document-content><office:body><office:spreadsheet><table:table "
    'table:name="S"><table:table-row table:number-rows-repeated="2"><table:table-cell '
    'office:value-type="float" office:value="1" table:number-columns-repeated="2"><text:p>1'
    "</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>"
    "</office:body></office:document-content>",
}
_YAML = (
    "- id: a\n  term: 'b'\n  definition: >-\n    c\n    d\n  topics: [e, \"f\"]\n"
    "- &x {id: g}\n- *x\n"
)
_CSV = 'id;term;definition\n1;"a ""b""\nc";d\n2;e\n'
_EXPORT = (
    "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n"
    '#tags column:6\nabc\tBasic\tA::B\tfront\t"back\nmore"\tt1 t2\n'
)
_CROWD = json.dumps(
    {
        "__type__": "Deck",
        "name": "A",
        "children": [],
        "note_models": [
            {
                "__type__": "NoteModel",
                "crowdanki_uuid": "m",
                "name": "Basic",
                "type": 0,
                "css": "",
                "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}],
                "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
            }
        ],
        "notes": [
            {
                "__type__": "Note",
                "fields": ["a", "b"],
                "guid": "g",
                "note_model_uuid": "m",
                "tags": ["t"],
            }
        ],
    }
)


def _packed(parts: dict[str, str], name: str, data: bytes) -> bytes:
    """A workbook of sound parts but for one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, data if part == name else text)
    return stream.getvalue()


def _workbook(parts: dict[str, str], suffix: str) -> Callable[[bytes], None]:
    """Reads the rest of the input as the part that its first byte chooses, or as the whole file."""
    names = sorted(parts)

    def read(data: bytes) -> None:
        which = data[0] if data else 0
        if which < len(names):
            data = _packed(parts, names[which], data[1:])
        tables.read(data, f"x{suffix}")

    return read


def _seeds(parts: dict[str, str]) -> list[bytes]:
    names = sorted(parts)
    return [
        *(bytes([index]) + parts[name].encode() for index, name in enumerate(names)),
        _packed(parts, "", b""),
    ]


def _yaml(data: bytes) -> None:
    yamltext.read(data.decode(errors="ignore"), "x.yaml")


def _csv(data: bytes) -> None:
    tables.read(data, "x.csv")


def _export(data: bytes) -> None:
    textexport.read(data.decode(errors="replace"), "x.txt")


def _crowd(data: bytes) -> None:
    (_FOLDER / "deck.json").write_bytes(data)
    with crowdanki.opened(_FOLDER) as foreign:
        list(foreign.notes)


def _package(data: bytes) -> None:
    path = _FOLDER / "x.apkg"
    path.write_bytes(data)
    with packages.opened(path) as foreign:
        list(foreign.notes)


def _anki_package() -> bytes:
    """A small package, as a seed."""
    import genanki  # noqa: PLC0415 - one reader's seed alone needs it

    note_type = genanki.Model(
        1, "Basic", fields=[{"name": "Front"}, {"name": "Back"}], templates=[
            {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}"}
        ]
    )  # fmt: skip
    deck = genanki.Deck(2, "A::B")
    deck.add_note(genanki.Note(note_type, ["a", "b"], guid="g"))
    path = _FOLDER / "seed.apkg"
    genanki.Package(deck).write_to_file(path)
    return path.read_bytes()


_FOLDER = Path(tempfile.mkdtemp(prefix="ankigen-fuzz-"))

READERS: dict[str, tuple[Callable[[bytes], None], Callable[[], list[bytes]]]] = {
    "yaml": (_yaml, lambda: [_YAML.encode()]),
    "csv": (_csv, lambda: [_CSV.encode(), _CSV.encode("utf-16"), _CSV.encode("cp1252")]),
    "xlsx": (_workbook(_XLSX, ".xlsx"), lambda: _seeds(_XLSX)),
    "ods": (_workbook(_ODS, ".ods"), lambda: _seeds(_ODS)),
    "export": (_export, lambda: [_EXPORT.encode()]),
    "crowdanki": (_crowd, lambda: [_CROWD.encode()]),
    "apkg": (_package, lambda: [_anki_package()]),
}


def main(reader: str, corpus: Path, options: list[str]) -> None:
    """Fuzz one reader until libFuzzer's options say to stop."""
    read, seeds = READERS[reader]
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)

    def one(data: bytes) -> None:
        with contextlib.suppress(AnkigenError):  # refused, as it may be
            read(data)

    limits = [f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}", f"-artifact_prefix={corpus}/"]
    atheris.Setup([sys.argv[0], *limits, *options, os.fspath(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
