"""Ids that are proposed: slugs of the words, unique, good for every note type."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import naming, notetype, schema, yamltext


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("operator fusion", "operator-fusion"),
        ("Don't repeat yourself!", "dont-repeat-yourself"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("R&D", "r-and-d"),
        ("crème brûlée", "creme-brulee"),
        ("Straße, Łódź", "strasse-lodz"),
        ("  sm_90 (Hopper) ", "sm-90-hopper"),
        ("½", "1-2"),
        ("чай", ""),
        ("", ""),
    ],
)
def test_a_slug_is_what_a_person_would_write(text: str, slug: str) -> None:
    """Accents go, signs that tell names apart are spelt, the rest becomes hyphens."""
    assert naming.slug(text) == slug


@given(st.text(), st.integers(1, 80))
def test_every_slug_is_an_id(text: str, longest: int) -> None:
    """Whatever the text, its slug is short enough, and may stand in a file as an id."""
    made = naming.slug(text, longest)
    assert not made or re.fullmatch(schema.SLUG, made)
    assert len(made) <= longest


def test_a_long_text_is_cut_between_words() -> None:
    """A slug ends with a whole word."""
    assert naming.slug("In a call, a colleague gave a latency, and you did not catch it.") == (
        "in-a-call-a-colleague-gave-a-latency-and"
    )
    assert naming.slug("a" * 100) == "a" * naming.LONGEST


@pytest.mark.parametrize(
    ("note_type", "proposed"),
    [
        ("terms", "operator-fusion"),
        ("sentences", "operator-fusion-1"),
        ("collocations", "approve-a-pr"),
        ("pronunciations", "cache-catch"),
    ],
)
def test_samples_get_the_ids_that_they_have(note_type: str, proposed: str) -> None:
    """An entry is called as the authors of its note type call theirs."""
    made = notetype.built_in()[note_type]
    document = yamltext.read(made.spec.sample, "sample")
    assert isinstance(document.value, list)
    entry = document.value[0]
    assert isinstance(entry, dict)
    assert naming.propose(made.spec, note_type, entry, ()) == proposed


@pytest.mark.parametrize("name", sorted(notetype.built_in()))
def test_every_sample_gets_an_id_of_words(name: str) -> None:
    """No note type falls back to numbers where there are words."""
    made = notetype.built_in()[name]
    document = yamltext.read(made.spec.sample, "sample")
    assert isinstance(document.value, list)
    for entry in document.value:
        assert isinstance(entry, dict)
        proposed = naming.propose(made.spec, name, entry, ())
        assert re.fullmatch(schema.SLUG, proposed)
        assert not proposed.startswith(name)


def test_an_id_is_never_one_that_is_taken() -> None:
    """The second of a name gets a two; what has no name is numbered from one."""
    spec = notetype.built_in()["terms"].spec
    assert naming.propose(spec, "terms", {"term": "**Fuse**"}, {"fuse", "fuse-2"}) == "fuse-3"
    assert naming.propose(spec, "terms", {"term": "чай"}, {"terms-1"}) == "terms-2"
    assert naming.propose(spec, "terms", {"term": ["x"], "definition": {}}, ()) == "x"
    sentences = notetype.built_in()["sentences"].spec
    values = {"terms": ["fuse", "tile"], "text": "We fuse."}
    assert naming.propose(sentences, "sentences", values, {"fuse-1"}) == "fuse-2"
    assert naming.propose(sentences, "sentences", {"text": "We {fuse}."}, ()) == "we-fuse"
