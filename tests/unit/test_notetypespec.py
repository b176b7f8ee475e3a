"""What a note type may say of itself, and which entries follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ankigen import notetypespec, schema, yamltext
from ankigen.diagnostics import Code
from ankigen.notetypespec import CardSpec, FieldSpec, NoteTypeSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

SPEC = """\
id: 1
name: Word
help: A word.
entry:
  word: {type: text, required: true, help: The word.}
  like: {type: references, to: words, help: Others.}
fields:
  - {id: 11, name: Word, key: word}
  - {id: 12, name: Other}
  - {id: 13, name: Key, template: "{{ key }}"}
cards:
  - {id: 21, name: See, front: f.html, back: b.html}
  - {id: 22, name: Hear it, front: f.html, back: b.html}
"""
OTHER = "name: Other}"
_SPEC: TypeAdapter[NoteTypeSpec] = TypeAdapter(NoteTypeSpec)


def complaints(text: str) -> list[str]:
    """What is wrong with a specification, as a person reads it."""
    document = yamltext.read(text, "f")
    assert document.value is not None
    spec = schema.validate(_SPEC, document.value, document.marks, "f")
    assert isinstance(spec, NoteTypeSpec), spec
    found = list(notetypespec.check(spec, document.marks, "f"))
    assert all(d.code is Code.NOTE_TYPE for d in found)
    return [f"{d.span}: {d.message} ({d.hint})" for d in found]


def test_a_good_one() -> None:
    """Nothing is said of it."""
    assert complaints(SPEC) == []


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (
            "name: Other, lines: ward}",
            "f:9:34: entries have no key 'ward' (did you mean 'word'?)",
        ),
        ("name: Other, ipa: nothing}", "f:9:32: entries have no key 'nothing' ()"),
        ("name: Other, speak: lake.word}", "f:9:34: entries have no key 'lake' (did you mean"),
        ("name: Other, speak: word.word}", "f:9:34: entries have no key 'word' ()"),
        (
            "name: Other, off: hear}",
            "f:9:32: there is no card 'hear' (did you mean 'hear-it'?)",
        ),
        (
            "name: Other, off: Hear it}",
            "f:9:32: there is no card 'Hear it' (did you mean 'hear-it'?)",
        ),
        (
            "name: Other, off: x}",
            "f:9:32: there is no card 'x' (choose from see, hear-it)",
        ),
        (
            "name: Other, off: see, ipa: word}",
            "f:9:5: the field 'Other' has more than one of key, speak, lines, ipa, off, template",
        ),
        ("name: Word}", "f:9:20: two fields have the name 'Word' ()"),
    ],
)
def test_mistakes_in_a_field(new: str, said: str) -> None:
    """Each is said once, at its place."""
    (found,) = complaints(SPEC.replace(OTHER, new))
    assert found.startswith(said)


@pytest.mark.parametrize(
    "new",
    [
        "name: Other, speak: like.word}",
        "name: Other, off: hear-it}",
        "name: Other, lines: word}",
        "name: Other, speak: word, pace: slow}",
    ],
)
def test_ways_to_make_a_field(new: str) -> None:
    """Of another entry, by a card's slug, and the rest."""
    assert complaints(SPEC.replace(OTHER, new)) == []


def test_cards_of_one_id() -> None:
    """They are told apart by it."""
    (found,) = complaints(SPEC.replace("id: 22", "id: 21"))
    assert found == "f:13:10: two cards have the id '21' ()"


def test_all_at_once() -> None:
    """No mistake hides another."""
    spoilt = SPEC.replace("id: 22", "id: 21").replace(OTHER, "name: Other, ipa: x}")
    assert len(complaints(spoilt + "follows: word\ntags: {a: b}\n")) == 4


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Gap", "gap"), ("Hear the other", "hear-the-other"), ("  A   B ", "a-b")],
)
def test_slug(name: str, slug: str) -> None:
    """What the files of a course call a card."""
    assert CardSpec(id=1, name=name, front="f", back="b").slug == slug


@pytest.mark.parametrize("way", ["key", "speak", "lines", "ipa", "off", "template"])
def test_spare(way: str) -> None:
    """A field that is made in no way waits for a later release."""
    assert FieldSpec(id=1, name="a").spare
    assert FieldSpec(id=1, name="a", pace="slow").spare
    assert not FieldSpec.model_validate({"id": 1, "name": "a", way: "x"}).spare


KEYS: Mapping[str, tuple[list[Any], list[Any]]] = {
    "text": (["a", " a "], ["", " ", ["a"], {}]),
    "prose": (["a\n\nb"], ["", ["a"]]),
    "plain": (["a"], ["", ["a"]]),
    "texts": ([["a"], ["a", "b c"]], [[], "a", [""], [["a"]]]),
    "choice": (["one", "two words"], ["three", "", "One", ["one"]]),
    "flag": (["true", "false", "yes", "no", "1", "0"], ["", "maybe", ["true"]]),
    "slugs": ([["a", "b-c"]], [[], ["B"], ["a b"], "a"]),
    "reference": (["a-b"], ["A", "", ["a"]]),
    "references": ([["a-b"]], [[], "a", ["A"]]),
    "gapped": (["a {b}"], ["", ["a"]]),
    "marked": (["a"], [""]),
    "image": (["a.png"], ["", ["a.png"]]),
    "sound": (["a.mp3"], [""]),
    "html": (["", " a<br>", "\n"], [["a"]]),
}
"""By type of a key: what an entry may hold, as YAML gives it, and what it may not."""


def entries(kind: str, *, required: bool = False) -> TypeAdapter[Mapping[str, Any]]:
    """The schema of entries with one key."""
    key = {"type": kind, "help": "x", "required": required}
    key |= {"choices": ["one", "two words"]} if kind == "choice" else {}
    document = yamltext.read(SPEC, "f").value
    assert isinstance(document, dict)
    spec = _SPEC.validate_python({**document, "entry": {"it": key}})
    return notetypespec.entry_schema("words", spec)


def test_adopted() -> None:
    """A note type of Anki's own needs no Key, and takes its random ids and its names of cards."""
    text = SPEC.replace('  - {id: 13, name: Key, template: "{{ key }}"}\n', "")
    text = text.replace("id: 11,", "id: -9223372036854775808,").replace("Hear it", "see")
    assert len(complaints(text)) == 2
    assert complaints(f"adopted: true\n{text}") == []


def test_long_tags() -> None:
    """Anki's hierarchies of tags are long."""
    tag = "::".join(["a" * 20] * 15)
    assert entries("text").validate_python({"id": "a", "tags": [tag]})["tags"] == [tag]


def test_guids_are_kept_as_they_are() -> None:
    """A GUID may begin with a space."""
    assert entries("text").validate_python({"id": "a", "guid": " g "})["guid"] == " g "


def test_every_type_of_key_is_here() -> None:
    """The table leaves out none."""
    assert set(get_args(notetypespec.KeyType)) == KEYS.keys()


@pytest.mark.parametrize("kind", KEYS)
def test_types_of_keys(kind: str) -> None:
    """Each takes what it should and refuses the rest."""
    good, bad = KEYS[kind]
    adapter = entries(kind)
    for value in good:
        assert "it" in adapter.validate_python({"id": "a", "it": value})
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python({"id": "a", "it": value})


def test_flags_are_true_or_false() -> None:
    """Words of YAML 1.1 mean what they meant there."""
    adapter = entries("flag")
    said = ["true", "yes", "false", "no"]
    assert [adapter.validate_python({"id": "a", "it": word})["it"] for word in said] == [
        *(True, True),
        *(False, False),
    ]


def test_required_keys() -> None:
    """Only they have to be there."""
    assert entries("text").validate_python({"id": "a"}) == {"id": "a"}
    with pytest.raises(ValidationError, match="Field required"):
        entries("text", required=True).validate_python({"id": "a"})


def test_what_every_entry_may_have() -> None:
    """Its identity, tags, voice and wording; nothing that is not known."""
    adapter = entries("text")
    whole = {
        "id": "a",
        "guid": "g",
        "tags": ["x::y"],
        "voice": "joe",
        "say": {"": "b"},
        "ipa": {"it": "c"},
    }
    assert adapter.validate_python(whole) == whole
    for extra in ({"tag": ["a"]}, {"guid": ""}, {"tags": ["a b"]}, {"voice": "A"}, {"say": ""}):
        with pytest.raises(ValidationError):
            adapter.validate_python({"id": "a", **extra})
    with pytest.raises(ValidationError):
        adapter.validate_python({"it": "no id"})


def test_keys_are_explained() -> None:
    """The help of a key stands in the schema that editors read."""
    found = entries("text").json_schema()
    assert found["properties"]["it"]["description"] == "x"
    assert found["additionalProperties"] is False


VALUES = st.recursive(
    st.text(max_size=5) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@given(st.sampled_from(sorted(KEYS)), VALUES)
def test_any_value(kind: str, value: object) -> None:
    """It is taken or refused, never a crash."""
    try:
        checked = entries(kind).validate_python({"id": "a", "it": value})
    except ValidationError as error:
        assert error.error_count()  # noqa: PT017 - either way is right
    else:
        assert checked.keys() == {"id", "it"}
