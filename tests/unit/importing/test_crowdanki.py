"""Folders of CrowdAnki: decks in decks, note types by UUID, and files that lead nowhere else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.importing import crowdanki
from ankigen.importing.foreign import Foreign, ForeignError, Kind

if TYPE_CHECKING:
    from pathlib import Path

MODEL: dict[str, Any] = {
    "__type__": "NoteModel",
    "crowdanki_uuid": "model-1",
    "name": "Basic",
    "type": 0,
    "css": ".card {}",
    "flds": [{"name": "Front", "font": "Arial"}, {"name": "Back"}],
    "tmpls": [{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}", "ord": 0}],
}
NOTE: dict[str, Any] = {
    "__type__": "Note",
    "guid": "g1",
    "note_model_uuid": "model-1",
    "fields": ["a", '<img src="a.png">'],
    "tags": ["x", "y z"],
    "flags": 0,
}
CHILD: dict[str, Any] = {
    "__type__": "Deck",
    "name": "Verbs",
    "children": [],
    "notes": [{**NOTE, "guid": "g2"}],
    "media_files": ["b.mp3"],
}
DECK: dict[str, Any] = {
    "__type__": "Deck",
    "crowdanki_uuid": "deck-1",
    "name": "German",
    "desc": "All of <b>it</b>.",
    "children": [CHILD],
    "note_models": [MODEL],
    "notes": [NOTE],
    "media_files": ["a.png"],
}


def folder(root: Path, deck: object = DECK) -> Path:
    """A folder as CrowdAnki writes it."""
    (root / "media").mkdir(parents=True, exist_ok=True)
    (root / "deck.json").write_text(json.dumps(deck))
    (root / "media/a.png").write_bytes(b"png")
    (root / "media/b.mp3").write_bytes(b"mp3")
    return root


def read(root: Path, deck: object = DECK) -> Foreign:
    """The notes of a folder."""
    with crowdanki.opened(folder(root, deck)) as found:
        return found


def test_a_deck(tmp_path: Path) -> None:
    """Children have their parents' names before their own; tags come apart at spaces."""
    found = read(tmp_path / "German")
    assert (found.file, found.form) == ("German", "CrowdAnki folder")
    assert [(n.guid, n.deck, n.tags, n.mod) for n in found.notes] == [
        ("g1", "German", ("x", "y", "z"), None),
        ("g2", "German::Verbs", ("x", "y", "z"), None),
    ]
    assert found.decks["German"].description == "All of <b>it</b>."
    (kind,) = found.types.values()
    assert kind.anatomy is not None
    assert (kind.fields, kind.identified) == (("Front", "Back"), False)
    assert kind.anatomy.templates[0].front == "{{Front}}"
    assert dict(found.media.sizes()) == {"a.png": 3, "b.mp3": 3}
    assert b"".join(found.media.read("b.mp3")) == b"mp3"
    assert list(found.remarks) == []


def test_ids_come_from_the_uuid(tmp_path: Path) -> None:
    """A note type has the same id each time, another has another; one that is said counts."""

    def number(model: dict[str, Any]) -> int:
        deck = {**DECK, "note_models": [model], "children": []}
        uuid = model["crowdanki_uuid"]
        deck["notes"] = [{**NOTE, "note_model_uuid": uuid}]
        (kind,) = read(tmp_path, deck).types.values()
        assert kind.anatomy is not None
        return kind.anatomy.id

    assert number(MODEL) == number(MODEL)
    assert number(MODEL) != number({**MODEL, "crowdanki_uuid": "model-2"})
    assert number({**MODEL, "id": 7}) == 7


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"note_model_uuid": "no"}, "its note type is not in deck.json"),
        ({"fields": ["a"]}, "it has more or fewer fields than its note type"),
        ({"guid": "g2"}, "another note has its GUID"),
        ({"guid": ""}, "it has no GUID"),
    ],
)
def test_notes_that_do_not_fit(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    """They are left out and told."""
    found = read(tmp_path, {**DECK, "notes": [{**NOTE, "guid": "g2"}, {**NOTE, **change}]})
    found_first = [r for r in found.remarks if r.message != "another note has its GUID"] or [
        found.remarks[0]
    ]
    assert (found_first[0].kind, found_first[0].message) == (Kind.LEFT_OUT, told)


@pytest.mark.parametrize(
    "name", ["../deck.json", "/etc/hostname", "none.png", "", "..", "link.png", "a\0b", "x" * 300]
)
def test_media_that_are_not_there(tmp_path: Path, name: str) -> None:
    """No path, no link that leads out and no missing file is a medium."""
    root = folder(tmp_path, {**DECK, "media_files": [name], "children": []})
    (root / "media/link.png").symlink_to("/etc/hostname")
    with crowdanki.opened(root) as found:
        assert dict(found.media.sizes()) == {}
        assert [remark.detail for remark in found.remarks] == [name]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is no JSON"),
        ("{", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it is not what CrowdAnki writes"),
        ('{"name": 1}', "it is not what CrowdAnki writes (name: "),
        ('{"name": "a", "notes": {}}', "it is not what CrowdAnki writes (notes: "),
    ],
)
def test_other_files(tmp_path: Path, text: str, message: str) -> None:
    """What CrowdAnki does not write is refused in words, with the place."""
    (folder(tmp_path) / "deck.json").write_text(text)
    with pytest.raises(ForeignError) as raised, crowdanki.opened(tmp_path):
        pass
    assert message in str(raised.value)


def test_decks_without_end(tmp_path: Path) -> None:
    """Decks are nested only so deep."""
    deck: dict[str, Any] = {"name": "a"}
    for _ in range(100):
        deck = {"name": "a", "children": [deck]}
    with pytest.raises(ForeignError, match="nested more than"):
        read(tmp_path, deck)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KEYS = ["name", "desc", "children", "note_models", "notes", "media_files"]
DECKS = st.fixed_dictionaries(
    {},
    optional={**dict.fromkeys(KEYS, JSON), "notes": st.lists(JSON | st.just(NOTE)), "name": JSON},
)


@given(
    DECKS.map(lambda changes: {**DECK, **changes}),
    st.fixed_dictionaries({}, optional=dict.fromkeys(MODEL, JSON)),
    st.fixed_dictionaries({}, optional=dict.fromkeys(NOTE, JSON)),
)
def test_any_deck(
    tmp_path_factory: pytest.TempPathFactory,
    deck: dict[str, Any],
    model: dict[str, Any],
    note: dict[str, Any],
) -> None:
    """It is read, or refused in words; every note fits its note type."""
    if deck.get("notes") == [NOTE]:
        deck |= {"note_models": [{**MODEL, **model}], "notes": [{**NOTE, **note}]}
    try:
        found = read(tmp_path_factory.mktemp("any"), deck)
    except ForeignError as error:
        assert "deck.json" in str(error)  # noqa: PT017 - either way is right
        return
    for one in found.notes:
        assert len(one.fields) == len(found.types[one.type].fields)
        "".join(one.fields).encode()
