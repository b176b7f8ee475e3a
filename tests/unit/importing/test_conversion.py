"""Fields of others → values of our keys, by the type of each key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import TypeAdapter

from ankigen import notetype
from ankigen.importing import conversion
from ankigen.importing.foreign import ForeignNote, Kind, Writing
from ankigen.importing.mapping import Mapped
from ankigen.model import Origin
from ankigen.notetypespec import NoteTypeSpec, entry_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

SPEC = {
    "id": "1",
    "name": "All",
    "help": "All types of keys.",
    "entry": {
        "word": {"type": "text", "help": "x", "required": "true"},
        "more": {"type": "prose", "help": "x"},
        "list": {"type": "texts", "help": "x"},
        "bare": {"type": "plain", "help": "x"},
        "kind": {"type": "choice", "choices": ["verb + noun", "other"], "help": "x"},
        "flag": {"type": "flag", "help": "x"},
        "topics": {"type": "slugs", "help": "x"},
        "others": {"type": "references", "to": "alls", "help": "x"},
        "gap": {"type": "gapped", "help": "x"},
        "hint": {"type": "text", "role": "hint", "help": "x"},
        "picture": {"type": "image", "help": "x"},
        "noise": {"type": "sound", "help": "x"},
        "raw": {"type": "html", "help": "x"},
    },
    "fields": [{"id": "1", "name": "Word", "key": "word"}, {"id": "2", "name": "Key"}],
    "cards": [{"id": "3", "name": "See", "front": "f", "back": "b"}],
}
_SPEC = TypeAdapter(NoteTypeSpec).validate_python(SPEC)
ALL = notetype.NoteType("alls", Origin("x"), _SPEC, (), "", entry_schema("alls", _SPEC))


def made(
    writing: Writing = Writing.HTML, constants: Mapping[str, str] | None = None, **texts: str
) -> conversion.Made:
    """The entry of a note with a field for each key; ``__`` begins the names that are no keys."""
    fields = [
        Mapped(at, key.strip("_"), key.replace("__", ""), "said") for at, key in enumerate(texts)
    ]
    fields = [
        Mapped(f.place, f.field, "-" if f.field == "nothing" else f.key, f.why) for f in fields
    ]
    note = ForeignNote("note g", "g", "t", "", ("own",), tuple(texts.values()))
    return conversion.convert(note, fields, ALL, writing, constants or {})


def test_each_type() -> None:
    """Text in Markdown, lists, words of a choice, slugs, ids, HTML as it is."""
    found = made(
        word="a <b>b</b>",
        more="<p>c</p><p>d</p>",
        list="<ul><li>e</li><li><i>f</i></li></ul>",
        bare="<b>g</b> &amp; *h*",
        kind="Verb + Noun",
        flag="x",
        topics="Machine learning, compilers; GPUs",
        others="one, two",
        raw="<i>i</i>",
        __tags="p, q r",
        __id="My id",
        __nothing="gone",
    )
    assert found.values == {
        "word": "a **b**",
        "more": "c\n\nd",
        "list": ["e", "*f*"],
        "bare": "g & *h*",
        "kind": "verb + noun",
        "flag": "true",
        "topics": ["machine-learning", "compilers", "gpus"],
        "raw": "<i>i</i>",
        "tags": ["own", "p", "q", "r"],
    }
    assert (found.id, found.names, found.problems) == ("my-id", {"others": ["one", "two"]}, [])


def test_gaps() -> None:
    """A cloze deletion becomes a gap and its hint the key for hints; more than one is told."""
    found = made(gap="a {{c1::b::<i>h</i>}} c")
    assert found.values == {"gap": "a {b} c", "hint": "h", "tags": ["own"]}
    assert found.gaps == ["b"]
    found = made(gap="{{c1::a::h}} {{c2::b::i}}")
    assert found.values["gap"] == "{a} {b}"
    assert found.problems == [
        (Kind.CHANGED, "gap", "its cloze deletions become gaps of one card", "1, 2"),
        (Kind.LOST, "gap", "a gap's hint", "h; i"),
    ]


def test_media() -> None:
    """A file goes to the key that is mapped, else to the first that is free; others are told."""
    found = made(word='a <img src="1.png">[sound:1.mp3]', picture='<img src="2.png"> so')
    assert found.files == {"picture": "2.png", "noise": "1.mp3"}
    assert found.problems == [
        (Kind.LOST, "picture", "text where 'picture' names a file only", "so"),
        (Kind.LOST, "word", "a picture", "1.png"),
    ]
    assert made(word="a [sound:1.mp3][sound:2.mp3]").problems == [
        (Kind.LOST, "word", "a sound", "2.mp3")
    ]


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("kind", "verb", ("'kind' is one of verb + noun, other", "verb")),
        ("word", "<font color=red>a</font>", ("colours", "")),
    ],
)
def test_what_is_lost(key: str, text: str, told: tuple[str, str]) -> None:
    """It is told with the field."""
    assert made(Writing.HTML, {}, **{key: text}).problems == [(Kind.LOST, key, *told)]


def test_plain_text() -> None:
    """What is no HTML is not read as such, and its lines stay apart."""
    found = made(Writing.PLAIN, word="a <b> *c*", more="d\ne", list="f\ng", bare="<h>")
    assert found.values == {
        "word": r"a \<b\> \*c\*",
        "more": "d<br>e",
        "list": ["f", "g"],
        "bare": "<h>",
        "tags": ["own"],
    }


def test_our_own_writing() -> None:
    """A spreadsheet's texts are Markdown already."""
    found = made(Writing.SOURCE, word=" a *b* ", more="c\n\nd", list="e; f\ng", gap="h {i}")
    assert found.values == {
        "word": "a *b*",
        "more": "c\n\nd",
        "list": ["e", "f", "g"],
        "gap": "h {i}",
        "tags": ["own"],
    }


def test_constants() -> None:
    """They fill what no field fills."""
    found = made(constants={"kind": "other", "topics": "x, y", "bare": "z"}, bare="own")
    assert found.values == {
        "kind": "other",
        "topics": ["x", "y"],
        "bare": "own",
        "tags": ["own"],
    }


def test_two_fields_of_one_key() -> None:
    """Their texts stand one below the other."""
    note = ForeignNote("", "", "", "", (), ("a", "b"))
    fields = [Mapped(0, "A", "more", ""), Mapped(1, "B", "more", "")]
    found = conversion.convert(note, fields, ALL, Writing.HTML, {})
    assert found.values == {"more": "a\n\nb"}
