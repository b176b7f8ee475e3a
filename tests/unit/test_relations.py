"""Which entries name which, and the order in which they are studied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import notetype, relations
from ankigen.model import Entry
from ankigen.yamltext import Marks

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPES = notetype.built_in()


def entry(key: str, category: str = "one", **values: Any) -> Entry:
    """``terms/a`` in a category, with values."""
    name, _, identifier = key.partition("/")
    return Entry(name, identifier, category, values, "f", Marks(0))


def term(name: str, category: str = "one") -> Entry:
    """A term."""
    return entry(f"terms/{name}", category)


def sentence(name: str, *terms: str, category: str = "one") -> Entry:
    """A sentence of some terms."""
    return entry(f"sentences/{name}", category, terms=list(terms))


@pytest.mark.parametrize(
    ("values", "found"),
    [({}, ()), ({"to": "a"}, ("a",)), ({"to": ["a", "b"]}, ("a", "b")), ({"to": []}, ())],
)
def test_named(values: dict[str, Any], found: Sequence[str]) -> None:
    """The ids of one reference or of several; none where the key is left out."""
    assert tuple(relations.named(entry("x/y", **values), "to")) == found


def test_gather() -> None:
    """A term has the sentences that name it: those that do so first come first."""
    entries = [
        sentence("one", "b", "a"),
        term("a"),
        sentence("two", "a"),
        term("b"),
        sentence("three", "a", "b"),
    ]
    found = relations.gather(entries, TYPES)
    ids = {key: [e.id for e in those] for key, those in found.items()}
    assert ids == {
        ("terms", "a", "sentences"): ["two", "three", "one"],
        ("terms", "a", "own"): ["two", "three"],
        ("terms", "b", "sentences"): ["one", "three"],
        ("terms", "b", "own"): ["one"],
    }


def test_gather_across_categories() -> None:
    """Sentences of any category count."""
    found = relations.gather([term("a"), sentence("s", "a", category="two")], TYPES)
    assert [e.id for e in found["terms", "a", "own"]] == ["s"]


def order(*entries: Entry) -> list[tuple[str, list[str]]]:
    """The study order, by ids."""
    return [(c, [e.id for e in those]) for c, those in relations.study_order(entries, TYPES)]


def test_a_sentence_follows_the_last_of_its_terms() -> None:
    """Others stay in the order of the files."""
    assert order(
        sentence("of-both", "a", "b"),
        sentence("of-a", "a"),
        term("a"),
        sentence("of-a-too", "a"),
        term("b"),
        entry("phrases/p"),
    ) == [("one", ["a", "of-a", "of-a-too", "b", "of-both", "p"])]


def test_categories_stay_in_order() -> None:
    """A sentence whose terms are all elsewhere comes at the end of its own category."""
    assert order(
        sentence("far", "b"),
        term("a"),
        term("b", "two"),
        sentence("half", "b", "c", category="two"),
        term("c", "two"),
        sentence("here", "a", "b"),
    ) == [("one", ["a", "here", "far"]), ("two", ["b", "c", "half"])]


def test_equal_ids_of_two_note_types() -> None:
    """An id is one only within its note type."""
    assert order(entry("phrases/a"), sentence("s", "a"), term("a")) == [("one", ["a", "a", "s"])]


MADE = st.lists(
    st.one_of(
        st.builds(term, st.sampled_from("abc"), st.sampled_from(["one", "two"])),
        st.builds(
            lambda name, terms, category: sentence(name, *terms, category=category),
            st.sampled_from("uvw"),
            st.lists(st.sampled_from("abcd"), min_size=1, max_size=3),
            st.sampled_from(["one", "two"]),
        ),
    ),
    unique_by=lambda made: made.key,
)


@given(MADE)
def test_any_order(entries: list[Entry]) -> None:
    """No entry is lost or doubled, and each sentence stands after its terms of the category."""
    found = list(relations.study_order(entries, TYPES))
    assert sorted(e.key for _, those in found for e in those) == sorted(e.key for e in entries)
    for category, those in found:
        assert {e.category for e in those} == {category}
        places = {e.key: place for place, e in enumerate(those)}
        for made in those:
            for name in relations.named(made, "terms"):
                assert places.get(f"terms/{name}", -1) < places[made.key]
        terms = [e for e in those if e.note_type == "terms"]
        assert terms == [e for e in entries if e in terms]
