"""Notes of our own note types → entries: nothing that an entry says may be out of reach."""

from __future__ import annotations

import pytest

from ankigen import notetype
from ankigen.apkg import Field, Kind, NoteType, Template
from ankigen.importing import ours
from ankigen.importing.foreign import ForeignNote, ForeignType

TYPES = notetype.built_in()


@pytest.mark.parametrize("name", TYPES)
def test_every_key_can_be_read_back(name: str) -> None:
    """Each key of the built-in note types is in a field, in a tag, or a gap's hint."""
    spec = TYPES[name].spec
    held = {field.key or field.lines or field.holds for field in spec.fields}
    held |= set(spec.tags.values())
    held |= {key for key, said in spec.entry.items() if said.role == "hint"}
    assert set(spec.entry) <= held


def restored(name: str, tags: tuple[str, ...] = (), **held: str) -> ours.Restored:
    """The entry of a note whose fields hold something."""
    return ours.restore({key.replace("_", " "): v for key, v in held.items()}, tags, TYPES[name])


def test_a_term() -> None:
    """Fields and tags become values; tags that no key makes stay tags."""
    made = restored(
        "terms",
        ("level::core", "topic::b", "topic::a", "topic::Not a slug", "mine", "level::odd"),
        Term="a <em>b</em>",
        Definition="x",
        Level="core",
        Related="c, d",
        Source="https://a.b/?x=1&amp;y=2",
        Examples="<li>e</li><li>f</li>",
        Key="terms/a-b",
    )
    assert (made.id, made.problems) == ("a-b", [])
    assert made.values == {
        "term": "a *b*",
        "definition": "x",
        "level": "core",
        "topics": ["b", "a"],
        "source": "https://a.b/?x=1&y=2",
        "tags": ["topic::Not a slug", "mine", "level::odd"],
    }
    assert made.names == {"related": "c, d"}
    assert made.gathered == {"sentences": ["e", "f"]}


@pytest.mark.parametrize(
    ("html", "text", "hint"),
    [
        ("a {{c1::b c::b… c…}} d", "a {b c} d", None),
        ("{{c1::b::it is}} {{c1::c::it is}}", "{b} {c}", "it is"),
        ("{{c1::std&#58;&#58;x::s…}} &#123;", r"{std::x} \{", None),
        ("{{c1::b::a *b*}}", "{b}", r"a \*b\*"),
    ],
)
def test_gaps(html: str, text: str, hint: str | None) -> None:
    """A cloze deletion becomes a gap; its hint is said where it is not what is shown anyway."""
    made = restored("sentences", Text=html)
    assert (made.values["text"], made.values.get("hint")) == (text, hint)


def test_what_cannot_be_read_back() -> None:
    """It is told, with the field and what it holds."""
    made = restored("terms", Term="<img src=x>", Part_of_speech="nuon", Level="core")
    assert made.values == {"level": "core"}
    assert made.problems == [
        ("Term", "'term' cannot be read back from the field", "<img src=x>"),
        ("Part of speech", "'pos' cannot be read back from the field", "nuon"),
    ]


def test_lines() -> None:
    """Sentences that were spoken one by one stand together again, if they come apart the same."""
    line = '<p class="line">{} [sound:a.mp3]</p>'.format
    made = restored("interview", Answer=line("First I measure.") + line("Then <em>I</em> look."))
    assert made.values["answer"] == "First I measure. Then *I* look."
    made = restored("interview", Answer=line("one") + line("two"))
    assert made.values["answer"] == "one\n\ntwo"


def test_names_of_others() -> None:
    """The longest name counts, a comma in it or not; of two of one name, not the entry itself."""
    known = {"a": ["x"], "a, b": ["y"], "c": ["own", "z"]}
    assert ours.resolve("a, b, c", known, "own") == (["y", "z"], [])
    assert ours.resolve("c, a, d", known, "z") == (["own", "x"], ["d"])
    assert ours.resolve("", {}, "") == ([], [""])


def anatomy(**changes: object) -> NoteType:
    """A note type of a package."""
    said: dict[str, object] = {
        "id": 1,
        "name": "Basic",
        "kind": Kind.STANDARD,
        "fields": (Field("A", 11), Field("B", None)),
        "templates": (Template("Card", None, "{{A}}", "{{B}}"),),
        "css": "",
        "mod": 0,
    }
    return NoteType(**{**said, **changes})  # type: ignore[arg-type] # a test's own


def test_whose_it_is() -> None:
    """By the id where it is Anki's, else by name and fields."""
    terms = TYPES["terms"]
    names = tuple(field.name for field in terms.spec.fields)
    own = anatomy(id=terms.spec.id)
    assert ours.is_of(ForeignType("x", ("A", "B"), own), terms)
    assert not ours.is_of(ForeignType(terms.spec.name, names, anatomy()), terms)
    assert ours.is_of(ForeignType(terms.spec.name, names, anatomy(), identified=False), terms)
    assert ours.is_of(ForeignType(terms.spec.name, ("Field 1", "Field 2")), terms)
    assert not ours.is_of(ForeignType(terms.spec.name, ("Term", "Field 2")), terms)
    assert not ours.is_of(ForeignType("Term", names), terms)


def test_fields_by_id() -> None:
    """A field that was renamed is known by its id; one without an id by its name."""
    terms = TYPES["terms"]
    first, second = terms.spec.fields[:2]
    kind = anatomy(fields=(Field(second.name, None), Field("Old name", first.id)))
    note = ForeignNote("note g", "g", "1", "", (), ("sound", "word"))
    held = ours.fields(note, ForeignType("x", ("A", "B"), kind), terms)
    assert held[first.name] == "word"
    assert held[second.name] == "sound"
    assert held["Definition"] == ""
