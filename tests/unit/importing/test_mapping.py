"""Which field becomes which key: what the person says, then names, then what is usual."""

from __future__ import annotations

import pytest

from ankigen import notetype
from ankigen.diagnostics import SetupError
from ankigen.importing import mapping
from ankigen.importing.foreign import ForeignType


def mapped(note_type: str, *fields: str, said: tuple[str, ...] = ()) -> dict[str, str]:
    """The key that each field becomes."""
    kind = ForeignType("Foreign", fields)
    found = mapping.propose(kind, notetype.built_in()[note_type], mapping.parse(said))
    assert [one.field for one in found] == list(fields)
    assert all(one.why for one in found)
    return {one.field: one.key for one in found}


@pytest.mark.parametrize(
    ("note_type", "fields", "keys"),
    [
        ("terms", ("Front", "Back"), ("term", "definition")),
        ("terms", ("Back", "Front"), ("definition", "term")),
        ("terms", ("TERM", "Definition", "part_of_speech"), ("term", "definition", "pos")),
        ("terms", ("Word", "Meaning", "Notes", "Tags"), ("term", "definition", "usage", "tags")),
        ("terms", ("Definiton", "Usagee", "Term"), ("definition", "usage", "term")),
        ("terms", ("Deutsch", "Englisch"), ("term", "definition")),
        ("terms", ("Wort", "Definition", "Bild"), ("term", "definition", "-")),
        ("collocations", ("Text", "Back Extra"), ("phrase", "note")),
        ("interview", ("Front", "Back"), ("question", "answer")),
        ("pronunciations", ("Word", "Translation", "Sentence"), ("word", "meaning", "example")),
    ],
)
def test_found(note_type: str, fields: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Equal names, our fields' names, usual names, near names; the first field if nothing fits."""
    assert tuple(mapped(note_type, *fields).values()) == keys


def test_said() -> None:
    """What the person says goes before all names; fields may be left out or become tags or ids."""
    said = ("Front=definition", "back=term", "A=B=tags", "Nr=id", "Extra=-")
    assert mapped("terms", "Front", "Back", "A=B", "Nr", "Extra", said=said) == {
        "Front": "definition",
        "Back": "term",
        "A=B": "tags",
        "Nr": "id",
        "Extra": "-",
    }


def test_two_fields_for_one_key() -> None:
    """Texts of several paragraphs take more than one field, others do not."""
    both = mapped("terms", "A", "B", "C", said=("A=definition", "B=definition", "C=term"))
    assert both["A"] == both["B"] == "definition"
    with pytest.raises(SetupError, match="two fields are to become 'term': 'A' and 'B'"):
        mapped("terms", "A", "B", said=("A=term", "B=term"))


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ("Fron=term", "'Foreign' has no field 'Fron'", "did you mean 'Front'?"),
        ("Front=tem", "terms have no key 'tem'", "did you mean 'term'?"),
        ("Front", "'--map Front' is not FIELD=key", 'write for example "Front=term"'),
        ("=term", "'--map =term' is not FIELD=key", 'write for example "Front=term"'),
    ],
)
def test_slips(said: str, message: str, hint: str) -> None:
    """A name that is not there is refused, and the nearest named."""
    with pytest.raises(SetupError, match=r"Fron|tem|term") as raised:
        mapped("terms", "Front", "Back", said=(said,))
    assert (str(raised.value), raised.value.hint) == (message, hint)


def test_constants() -> None:
    """A value may hold an equals sign; a pair without one is refused."""
    assert mapping.parse_constants(["source=https://a.b/?c=d"]) == [("source", "https://a.b/?c=d")]
    for said in ("level", "level=", "=core"):
        with pytest.raises(SetupError, match="is not KEY=value"):
            mapping.parse_constants([said])
