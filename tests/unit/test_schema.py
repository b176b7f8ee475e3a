"""Schemas: every complaint has a place, our words, and advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ankigen import notetype, schema, yamltext
from ankigen.config import CourseSpec
from ankigen.diagnostics import Code
from yamlpieces import TREES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ankigen.diagnostics import Diagnostic
    from ankigen.yamltext import Value

TERM = notetype.built_in()["terms"].entries
COURSE = TypeAdapter(CourseSpec)


def complaints(adapter: TypeAdapter[Any], text: str) -> list[Diagnostic]:
    """What is wrong with a YAML text."""
    document = yamltext.read(text, "f")
    assert document.value is not None
    checked = schema.validate(adapter, document.value, document.marks, "f")
    assert isinstance(checked, schema.Invalid)
    return sorted(checked.diagnostics)


GOOD = "id: a\nterm: b\ndefinition: c\n"
SIZE = "write a number and kB, MB or GB, as in '40 MB'"


@pytest.mark.parametrize(
    ("line", "place", "code", "message", "hint"),
    [
        ("pso: noun", "4:1", Code.UNKNOWN_KEY, "unknown key 'pso'", "did you mean 'pos'?"),
        ("zzzzzz: x", "4:1", Code.UNKNOWN_KEY, "unknown key 'zzzzzz'", "known keys: id, guid,"),
        ("'[key]': x", "4:1", Code.UNKNOWN_KEY, "unknown key '[key]'", "known keys:"),
        ("ipa: [a]", "4:6", Code.WRONG_TYPE, "'ipa' must be text, but here is a list", ""),
        ("say: {a: [b]}", "4:10", Code.WRONG_TYPE, "'a' must be text, but here is a list", ""),
        ("topics: x", "4:9", Code.WRONG_TYPE, "must be a list, but here is text", "write [x]"),
        ("topics:", "4:8", Code.WRONG_TYPE, "must be a list", "write the values in [brackets]"),
        ("topics: {a: b}", "4:9", Code.WRONG_TYPE, "must be a list, but here is a mapping", ""),
        ("topics: [a, [b]]", "4:13", Code.WRONG_TYPE, "'topics' must be text", ""),
        ("topics: []", "4:9", Code.BAD_VALUE, "'topics' needs at least 1 value", ""),
        ("topics: [a, B]", "4:13", Code.BAD_VALUE, "lower-case letters", "operator-fusion"),
        ("topics: ['a, b']", "4:10", Code.BAD_VALUE, "lower-case letters", "write [a, b]"),
        ("topics: ['']", "4:10", Code.BAD_VALUE, "'topics' is empty", "write a value"),
        ("voice: [b]", "4:8", Code.WRONG_TYPE, "'voice' must be text, but here is a list", ""),
        ("voice: B", "4:8", Code.BAD_VALUE, "'voice' must be lower-case letters", ""),
        ("say: ''", "4:6", Code.BAD_VALUE, "'say' is empty", "write a value"),
        ("say: [b]", "4:6", Code.WRONG_TYPE, "'say' must be text, but here is a list", ""),
        ("say: {term: ''}", "4:13", Code.BAD_VALUE, "'term' is empty", "write a value"),
        ("say: {term: [b]}", "4:13", Code.WRONG_TYPE, "'term' must be text", ""),
        ("ipa: ''", "4:6", Code.BAD_VALUE, "'ipa' is empty", "write a value"),
        ("pos: nuon", "4:6", Code.BAD_VALUE, "'pos' cannot be 'nuon'", "did you mean 'noun'?"),
        ("pos: xyzw", "4:6", Code.BAD_VALUE, "'pos' cannot be 'xyzw'", "choose one of noun, verb"),
        ("pos: [noun]", "4:6", Code.WRONG_TYPE, "'pos' must be text, but here is a list", ""),
        ("pos: ''", "4:6", Code.BAD_VALUE, "'pos' is empty", "write a value or leave the key out"),
        ("usage:", "4:7", Code.BAD_VALUE, "'usage' is empty", "write a value"),
        ("usage: '  '", "4:8", Code.BAD_VALUE, "'usage' is empty", "write a value"),
        ("tags: [a b]", "4:8", Code.BAD_VALUE, "must be one word without spaces", "week_1"),
        (f"related: [{'a' * 81}]", "4:11", Code.BAD_VALUE, "at most 80 characters", ""),
    ],
)
def test_complaints_about_an_entry(
    line: str, place: str, code: Code, message: str, hint: str
) -> None:
    """Each mistake in an entry has its code, its place and a hint that helps."""
    (found,) = complaints(TERM, GOOD + line)
    assert (str(found.span), found.code) == (f"f:{place}", code)
    assert message in found.message
    assert hint in found.hint


@pytest.mark.parametrize(("text", "place"), [("a", "1:1"), ("- a", "1:1"), ("# x\n\n- a", "3:1")])
def test_an_entry_is_a_mapping(text: str, place: str) -> None:
    """Text or a list in place of an entry is one complaint, not one for each key."""
    (found,) = complaints(TERM, text)
    assert (str(found.span), found.code) == (f"f:{place}", Code.WRONG_TYPE)
    assert "must be a mapping" in found.message


def test_every_missing_key_is_named() -> None:
    """A missing key is reported where the entry begins."""
    found = complaints(TERM, "# x\nipa: y\n")
    assert {str(d.span) for d in found} == {"f:2:1"}
    assert [(d.code, d.message, d.hint) for d in found] == [
        (Code.MISSING_KEY, f"the key '{key}' is missing", f"add '{key}:' to this entry")
        for key in ("definition", "id", "term")
    ]


@pytest.mark.parametrize(
    ("line", "place", "code", "message", "hint"),
    [
        ("voices: {Loud: {}}", "3:10", Code.BAD_VALUE, "lower-case letters", ""),
        ("voices: {a: {spede: 1}}", "3:14", Code.UNKNOWN_KEY, "'spede'", "did you mean 'speed'?"),
        (
            "voices: {a: {speed: fast}}",
            "3:21",
            Code.BAD_VALUE,
            "'speed' must be a number, but",
            "0.9",
        ),
        ("voices: {a: {speed: 9}}", "3:21", Code.BAD_VALUE, "less than or equal to 2", ""),
        ("voices: {a: {speed: nan}}", "3:21", Code.BAD_VALUE, "'speed' cannot be 'nan'", ""),
        ("voices: {a: x}", "3:13", Code.WRONG_TYPE, "'a' must be a mapping", ""),
        ("study: {weeks: two}", "3:16", Code.BAD_VALUE, "'weeks' must be a whole number", "digits"),
        ("study: {weeks: 2.5}", "3:16", Code.BAD_VALUE, "'weeks' must be a whole number", "digits"),
        ("language: english", "3:11", Code.BAD_VALUE, "tag of a language", "did you mean 'en'?"),
        ("language: en_GB", "3:11", Code.BAD_VALUE, "tag of a language", "did you mean 'en-GB'?"),
        (
            "language: Dothraki",
            "3:11",
            Code.BAD_VALUE,
            "is 'Dothraki'",
            "example: en-GB, de, pt-BR",
        ),
        ("voices: x", "3:9", Code.WRONG_TYPE, "'voices' must be a mapping", ""),
        ("authors: Ada", "3:10", Code.WRONG_TYPE, "'authors' must be a list", "write [Ada]"),
        ("voices: {a: {slow: 0.1}}", "3:20", Code.BAD_VALUE, "greater than or equal to 0.5", ""),
        (
            "voices: {a: {slow: fast}}",
            "3:20",
            Code.BAD_VALUE,
            "'slow' must be a number, but",
            "0.9",
        ),
        ("voices: {a: {fallback: B}}", "3:24", Code.BAD_VALUE, "lower-case letters", ""),
        ("voices: {a: {fallback: [b]}}", "3:24", Code.WRONG_TYPE, "'fallback' must be text", ""),
        ("voice: []", "3:8", Code.BAD_VALUE, "'voice' needs at least 1 value", ""),
        ("voice: [b, [c]]", "3:8", Code.WRONG_TYPE, "'voice' must be text", ""),
        ("voice: {terms: [b, B]}", "3:20", Code.BAD_VALUE, "'terms' must be lower-case", ""),
        ("voice: {terms: []}", "3:16", Code.BAD_VALUE, "'terms' needs at least 1 value", ""),
        ("ipa: us", "3:6", Code.WRONG_TYPE, "'ipa' must be a list, but here is text", "write [us]"),
        ("ipa: [us, uk]", "3:11", Code.BAD_VALUE, "'ipa' cannot be 'uk'", "choose one of us, gb"),
        ("ipa: [[us]]", "3:7", Code.WRONG_TYPE, "'ipa' must be text, but here is a list", ""),
        ("budget: 40", "3:9", Code.BAD_VALUE, f"'budget' cannot be '40': {SIZE}", ""),
        ("budget: 40 mb", "3:9", Code.BAD_VALUE, SIZE, ""),
        ("budget: 40 MiB", "3:9", Code.BAD_VALUE, SIZE, ""),
        ("budget: -1 kB", "3:9", Code.BAD_VALUE, SIZE, ""),
        ("budget: nan kB", "3:9", Code.BAD_VALUE, SIZE, ""),
        ("budget: 1,5 MB", "3:9", Code.BAD_VALUE, SIZE, ""),
        ("budget: ٣ MB", "3:9", Code.BAD_VALUE, SIZE, ""),
        ("budget:", "3:8", Code.BAD_VALUE, "'budget' is empty", "write a value"),
    ],
)
def test_complaints_about_a_course(
    line: str, place: str, code: Code, message: str, hint: str
) -> None:
    """Nested keys are placed and named as well, keys of free mappings included."""
    (found,) = complaints(COURSE, f"id: a\nname: b\n{line}\n")
    assert (str(found.span), found.code) == (f"f:{place}", code)
    assert message in found.message
    assert hint in found.hint


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("40 kB", 40_000),
        ("40kB", 40_000),
        ("1.5 MB", 1_500_000),
        ("0.0004 kB", 0),
        ("0 MB", 0),
        ("2 GB", 2_000_000_000),
        ("0.1 GB", 100_000_000),
    ],
)
def test_sizes(text: str, size: int) -> None:
    """A number and a unit are bytes, in powers of ten."""
    assert TypeAdapter(schema.Size).validate_python(text) == size


@given(st.text("0123456789.,-+e kKMGBib\n") | st.text())
def test_any_size_is_a_number_or_refused(text: str) -> None:
    """No text crashes, and none is a size of less than nothing."""
    try:
        size = TypeAdapter(schema.Size).validate_python(text)
    except ValidationError:
        return
    assert size >= 0
    assert text[-2:] in ("kB", "MB", "GB")


NAMES = st.sampled_from(["a", "b-2", "terms", "3"])


@given(
    NAMES, st.lists(NAMES, min_size=1), st.dictionaries(NAMES, NAMES | st.lists(NAMES, min_size=1))
)
def test_names_stand_alone_in_lists_or_by_note_type(
    name: str, names: list[str], by_type: dict[str, str | list[str]]
) -> None:
    """However they are written, they arrive as lists by note type."""
    adapter = TypeAdapter(schema.Names)
    assert adapter.validate_python(name) == {"": (name,)}
    assert adapter.validate_python(names) == {"": tuple(names)}
    assert adapter.validate_python(by_type) == {
        key: (said,) if isinstance(said, str) else tuple(said) for key, said in by_type.items()
    }


@given(TREES)
def test_any_tree_is_names_or_diagnosed(tree: Value) -> None:
    """Nothing crashes, and no list of names is empty."""
    checked = schema.validate(TypeAdapter(schema.Names), tree, yamltext.Marks(0), "f")
    if isinstance(checked, schema.Invalid):
        assert checked.diagnostics
    else:
        assert all(checked.values())


def test_a_text_or_a_text_per_key() -> None:
    """A text alone stands under the empty key, without white space around it."""
    adapter = TypeAdapter(schema.PerKey)
    assert adapter.validate_python(" a\n") == {"": "a"}
    assert adapter.validate_python({"term": " a\n", "text": "b"}) == {"term": "a", "text": "b"}


@pytest.mark.parametrize("line", ["voice: B", "voice: {terms: B}", "voice: [B]", "voice:"])
def test_a_bad_name_is_one_mistake(line: str) -> None:
    """It is not reported a second time for leaving no good one."""
    assert len(complaints(COURSE, f"id: a\nname: b\n{line}\n")) == 1


@pytest.mark.parametrize("line", ["budget: [40 kB]", "budget: {kB: 40}"])
def test_a_size_is_text(line: str) -> None:
    """What is no text at all is said in our words."""
    (found,) = complaints(COURSE, f"id: a\nname: b\n{line}\n")
    assert (str(found.span), found.code) == ("f:3:9", Code.WRONG_TYPE)
    assert "'budget' must be text, but here is a " in found.message


def test_a_long_value_is_shortened() -> None:
    """A message stays readable whatever was pasted."""
    (found,) = complaints(TERM, GOOD + f"pos: {'x' * 10_000}")
    assert len(found.message) < 80


def test_text_is_stripped_and_ids_are_not() -> None:
    """White space around text is the layout's; an id is exactly what is written."""
    checked = schema.validate(
        TERM, {"id": "a", "term": " b\n", "definition": "c"}, yamltext.Marks(0), "f"
    )
    assert checked == {"id": "a", "term": "b", "definition": "c"}
    spoilt = schema.validate(
        TERM, {"id": "a\n", "term": "b", "definition": "c"}, yamltext.Marks(0), "f"
    )
    assert isinstance(spoilt, schema.Invalid)


@given(st.from_regex(schema.SLUG, fullmatch=True).filter(lambda slug: len(slug) <= 80))
def test_slugs_are_ids(slug: str) -> None:
    """Whatever matches the pattern is an id as it is."""
    assert TypeAdapter(schema.Slug).validate_python(slug) == slug


KEYS = st.sampled_from(["id", "term", "definition", "pos", "topics", "related", "tags", "x"])
ENTRIES = st.dictionaries(KEYS, TREES) | TREES


@given(ENTRIES)
def test_any_tree_is_an_entry_or_diagnosed(tree: Value) -> None:
    """Any tree is checked without a crash; each complaint has words and the file's name."""
    checked: Mapping[str, Any] | schema.Invalid
    checked = schema.validate(TERM, tree, yamltext.Marks(0), "f")
    if isinstance(checked, schema.Invalid):
        assert checked.diagnostics
        assert all(d.message and d.span.file == "f" for d in checked.diagnostics)
    else:
        assert {"id", "term", "definition"} <= checked.keys()
