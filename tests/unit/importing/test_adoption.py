"""Note types of Anki as note types of a project: the same, byte for byte, or refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import projecttypes
from ankigen.apkg import Field, Kind, NoteType, Template
from ankigen.diagnostics import SourceError
from ankigen.importing import adoption
from ankigen.importing.foreign import ForeignError, ForeignType
from support import write_project

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.notetype import NoteType as Loaded

BASIC = NoteType(
    id=1795636778138,
    name="Basic: my own",
    kind=Kind.STANDARD,
    fields=(Field("Front", -5), Field("Tags", 6), Field("正面", None)),
    templates=(
        Template("Card 1", 7, "{{Front}}\r\n", "{{FrontSide}}<hr id=answer>{{正面}}"),
        Template("card 1", None, "{{hint:Tags}}", ""),
    ),
    css=".card { color: red }",
    mod=3,
)


def kind(**changes: Any) -> ForeignType:
    """A note type of a file."""
    made = NoteType(**{**{key: getattr(BASIC, key) for key in BASIC.__slots__}, **changes})
    return ForeignType(made.name, tuple(field.name for field in made.fields), made)


def loaded(root: Path, foreign: ForeignType) -> Loaded:
    """What a project makes of it."""
    write_project(root, adoption.files(foreign, "own"))
    return projecttypes.of_project(root)["own"]


def test_taken_over(tmp_path: Path) -> None:
    """Names, ids, templates and stylesheet are what they were; each field is a key."""
    made = loaded(tmp_path, kind())
    assert adoption.differences(kind(), made) == []
    assert (made.spec.id, made.spec.name, made.css) == (BASIC.id, BASIC.name, BASIC.css)
    assert [(f.id, f.name, f.key) for f in made.spec.fields][:2] == [
        (-5, "Front", "front"),
        (6, "Tags", "tags_2"),
    ]
    assert [(c.name, c.front, c.back) for c in made.cards] == [
        (t.name, t.front, t.back) for t in BASIC.templates
    ]
    assert made.cards[0].id == 7
    assert made.spec.adopted


def test_ids_that_older_versions_did_not_give(tmp_path: Path) -> None:
    """They are made from names, so that they are the same each time."""
    one, other = (loaded(tmp_path / name, kind()) for name in "ab")
    assert one.spec.fields[2].id == other.spec.fields[2].id
    assert len({field.id for field in one.spec.fields}) == 3
    assert one.spec.cards == other.spec.cards


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"fields": ()}, "it has no fields or no cards"),
        ({"templates": ()}, "it has no fields or no cards"),
        ({"fields": (Field("a:b", 1),)}, "a field's name holds a sign"),
        ({"fields": (Field(" a", 1),)}, "a field's name holds a sign"),
        ({"fields": (Field("a", 1), Field("a", 2))}, "two fields have one name"),
        ({"id": -1}, "its id is no number that Anki gives"),
        ({"id": 2**63}, "its id is no number that Anki gives"),
        ({"templates": (Template("c", 1, "{{#Front}}", ""),)}, "the template of 'c' is broken"),
        ({"templates": (Template("c", 1, "{{Frnt}}", ""),)}, "names 'Frnt', which is no field"),
    ],
)
def test_refused(changes: dict[str, Any], why: str) -> None:
    """What we would take otherwise than Anki is not taken."""
    with pytest.raises(ForeignError, match="cannot be taken over") as raised:
        adoption.files(kind(**changes), "own")
    assert why in str(raised.value)


def test_without_cards() -> None:
    """A file that does not hold them cannot give them."""
    with pytest.raises(ForeignError, match="does not hold the cards of 'Words'"):
        adoption.files(ForeignType("Words", ("a",)), "own")


def test_dangers() -> None:
    """Scripts and what is loaded from the net are named with their place."""
    found = kind(
        templates=(Template("c", 1, "<script>x</script>{{Front}}", '<img src="http://a/b">'),),
        css="@import 'http://a/c';",
    )
    assert [where for where, _ in adoption.dangers(found)] == ["c", "c", "stylesheet"]
    assert list(adoption.dangers(kind())) == []


def test_files_of_templates() -> None:
    """Those that templates and stylesheets name, and no others."""
    sizes = {"_a.ttf": 1, "_b.js": 1, "_c.png": 1, "a.png": 1}
    found = kind(css="url(_a.ttf)", templates=(Template("c", 1, "{{Front}}<i src=_b.js>", ""),))
    assert adoption.templated(found, sizes) == ["_a.ttf", "_b.js"]


NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters=':{}"#^/'), min_size=1
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}<\ufeff\0"))


@given(
    st.lists(NAMES, min_size=1, max_size=5, unique_by=str.casefold),
    st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=3, unique_by=lambda t: t[0]),
    TEXTS,
    st.tuples(st.text(min_size=1).filter(str.strip), st.sampled_from(Kind)),
)
def test_any_note_type(
    tmp_path_factory: pytest.TempPathFactory,
    fields: list[str],
    cards: list[tuple[str, str]],
    css: str,
    rest: tuple[str, Kind],
) -> None:
    """Whatever it is called and holds, it comes through as it was, or is seen not to have."""
    name, made_as = rest
    foreign = kind(
        name=name,
        kind=made_as,
        css=css,
        fields=tuple(Field(field, at) for at, field in enumerate(fields)),
        templates=tuple(
            Template(card, at, f"{{{{{fields[0]}}}}}{text}", text)
            for at, (card, text) in enumerate(cards)
        ),
    )
    try:
        made = loaded(tmp_path_factory.mktemp("any"), foreign)
    except (ForeignError, ValueError):  # a name that YAML cannot hold
        return
    except SourceError:
        return
    changed = adoption.differences(foreign, made)
    assert set(changed) <= {"its name"}
    assert changed == [] or name != name.strip()
