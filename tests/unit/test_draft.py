"""An entry while it is made: what a person means by a text, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import draft, notetype

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ankigen.yamltext import Value

TYPES = notetype.built_in()
KNOWN = {"terms": {"kernel", "warp"}, "phrases": {"hello"}}


@pytest.mark.parametrize("name", sorted(TYPES))
def test_what_is_required_is_asked_first(name: str) -> None:
    """Each key of the note type once, the required ones before all others."""
    keys = draft.order(TYPES[name])
    required = [TYPES[name].spec.entry[key].required for key in keys]
    assert sorted(keys) == sorted(TYPES[name].spec.entry)
    assert required == sorted(required, reverse=True)


@pytest.mark.parametrize(
    ("name", "key", "given", "value"),
    [
        ("terms", "term", ["operator fusion"], "operator fusion"),
        ("terms", "term", ["one", "two"], ["one", "two"]),
        ("terms", "topics", ["fusion, kernels tiling"], ["fusion", "kernels", "tiling"]),
        ("terms", "topics", ["fusion", "kernels"], ["fusion", "kernels"]),
        ("terms", "tags", ["a,b"], ["a", "b"]),
        ("sentences", "terms", ["kernel"], ["kernel"]),
        ("phrases", "alternatives", ["Well, no.", "No."], ["Well, no.", "No."]),
        ("phrases", "alternatives", ["Well, no."], ["Well, no."]),
        ("terms", "unknown", ["a,b"], "a,b"),
    ],
)
def test_lists_are_told_from_texts(name: str, key: str, given: Sequence[str], value: Value) -> None:
    """Commas part slugs, ids and tags, but never what may hold a comma of its own."""
    assert draft.value(TYPES[name], key, given) == value


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("terms", {"id": "a", "term": "a", "definition": "b"}, []),
        ("terms", {"id": "a", "term": "a"}, [("", "the key 'definition' is missing")]),
        (
            "terms",
            {"id": "kernel", "term": "a", "definition": "b"},
            [("id", "the id 'kernel' is taken")],
        ),
        (
            "terms",
            {"id": "A b", "term": "", "definition": "b", "level": "cor", "topic": "x"},
            [
                ("term", "'term' is empty"),
                (
                    "id",
                    "'id' must be lower-case letters, digits and single hyphens, but here is 'A b'",
                ),
                ("level", "'level' cannot be 'cor'"),
                ("topic", "unknown key 'topic'"),
            ],
        ),
        (
            "sentences",
            {"id": "a", "text": "A {b}.", "terms": ["kernel", "wrap"]},
            [("terms", "there is no 'wrap' among the terms")],
        ),
        (
            "terms",
            {"id": "a", "term": "a\x07", "definition": "b"},
            [("term", "'term' holds a control character")],
        ),
        (
            "phrases",
            {"id": "a", "situation": "b", "phrase": "c", "channel": "spoken", "avoid": ["", "x"]},
            [("avoid", "'avoid' is empty")],
        ),
    ],
)
def test_every_mistake_is_said_of_its_key(
    name: str, values: Mapping[str, Value], said: Sequence[tuple[str, str]]
) -> None:
    """What the note type and the other entries say against it, all at once."""
    found = draft.complaints(TYPES[name], values, KNOWN)
    assert sorted((one.key, one.message) for one in found) == sorted(said)


def test_hints_name_the_nearest() -> None:
    """A slip of an id or of a choice is known."""
    values: dict[str, Value] = {"id": "a", "text": "A {b}.", "terms": ["kernl"], "genre": "ema"}
    hints = {one.key: one.hint for one in draft.complaints(TYPES["sentences"], values, KNOWN)}
    assert hints == {"terms": "did you mean 'kernel'?", "genre": "did you mean 'email'?"}
