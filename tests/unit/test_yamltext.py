"""The YAML reader: text comes back as written, every mark is right, nothing else is raised."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ankigen import files, yamlsyntax, yamltext
from ankigen.diagnostics import Code, SourceError
from yamlpieces import TREES, Written, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ankigen.diagnostics import Diagnostic
    from ankigen.yamltext import Value

YAML_CODES = {Code.YAML, Code.TAB, Code.DUPLICATE_KEY, Code.ALIAS, Code.TAG, Code.DEPTH}

SYNTAX = st.text(
    alphabet="ab01 :-[]{}&*!|>'\"%@`#?,.~<=\n\r\t\\\x85\u2028\ufeff\x00\x1fé😀", max_size=40
)
"""Texts in which every other character means something to YAML."""


def check(text: str) -> yamltext.Document:
    """Read a text and check what holds for every text."""
    document = yamltext.read(text, "f")
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
    for found in document.diagnostics:
        assert found.code in YAML_CODES
        assert found.message
        assert 1 <= found.span.line <= len(lines), (found, text)
        assert 1 <= found.span.column <= len(lines[found.span.line - 1]) + 1, (found, text)
    if any(found.code is not Code.DUPLICATE_KEY for found in document.diagnostics):
        assert document.value is None
    return document


def only(text: str) -> Diagnostic:
    """The one diagnostic of a text."""
    (found,) = check(text).diagnostics
    return found


@given(st.text() | SYNTAX)
def test_any_text_is_read_or_diagnosed(text: str) -> None:
    """No text raises, and every diagnostic lies inside the text."""
    check(text)


@given(st.binary() | SYNTAX.map(str.encode))
def test_any_bytes_are_read_or_diagnosed(data: bytes) -> None:
    """From bytes on disk, too, only diagnostics come."""
    try:
        text = files.decode(data, "f")
    except SourceError:
        return
    check(text)


@given(SYNTAX)
def test_what_is_accepted_means_what_yaml_says(text: str) -> None:
    """A text without diagnostics has the value that PyYAML's own loader builds from strings."""
    document = check(text)
    if not document.diagnostics:
        assert document.value == yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - builds only strings


@given(written())
def test_values_and_marks_are_where_they_were_written(source: Written) -> None:
    """Every scalar is the text that was written, every mark its first character."""
    document = check(source.text)
    assert document.diagnostics == ()
    assert document.value == source.tree
    found = {path: document.marks.find(path) for path in source.values}
    assert found == {path: source.place(at) for path, at in source.values.items()}
    keys = {path: document.marks.find(path, key=True) for path in source.keys}
    assert keys == {path: source.place(at) for path, at in source.keys.items()}


STYLES: dict[str, st.SearchStrategy[Any]] = {
    "default_style": st.sampled_from([None, "'", '"', "|"]),
    "default_flow_style": st.sampled_from([True, False, None]),
    "width": st.sampled_from([20, 80, 10**9]),
    "indent": st.integers(2, 6),
    "allow_unicode": st.booleans(),
    "explicit_start": st.booleans(),
    "line_break": st.sampled_from(["\n", "\r\n"]),
}


@given(st.data(), st.lists(TREES, min_size=1, max_size=3), st.fixed_dictionaries(STYLES))
def test_dumped_trees_come_back(data: st.DataObject, pool: list[Value], style: Any) -> None:
    """In every style of PyYAML's dumper, shared values as anchors and aliases, nothing changes."""
    tree = data.draw(st.lists(st.sampled_from(pool), max_size=5))
    document = check(yaml.dump(tree, sort_keys=False, **style))
    assert document.diagnostics == ()
    assert document.value == tree


@pytest.mark.parametrize(
    "word",
    ["no", "on", "true", "null", "~", "1:30", "012", "0x1F", "1_000", ".inf", "2024-01-01", "<<"],
)
def test_every_scalar_is_text(word: str) -> None:
    """What YAML resolves to a flag, a number or a date is a word here, as key and as value."""
    assert check(f"{word}: {word}").value == {word: word}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# only a remark\n", None),
        ("---\n...\n", ""),
        ("a:\n", {"a": ""}),
        ("a: !!str 5\n", {"a": "5"}),
        ("a: ! x\n", {"a": "x"}),
        ("a: &n x\nb: *n\n*n : c\n", {"a": "x", "b": "x", "x": "c"}),
        ("a: &n [x]\nb: &n y\nc: *n\n", {"a": ["x"], "b": "y", "c": "y"}),
        ("a: >-\n  one\n  two\nb: |\n  three\n", {"a": "one two", "b": "three\n"}),
        ("- a\r\n- b\n- |\r\n  c\n  d\r\n", ["a", "b", "c\nd\n"]),
        ("\ufeffa: b", {"a": "b"}),
    ],
)
def test_values(text: str, value: Value | None) -> None:
    """What common and odd texts mean."""
    document = check(text)
    assert (document.value, document.diagnostics) == (value, ())


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("a: [b\n", "f:1:6", Code.YAML),
        ("a: 'b\n\n\n", "f:1:4", Code.YAML),
        ("a: b: c\n", "f:1:5", Code.YAML),
        ("- a\n  b: c\n", "f:2:4", Code.YAML),
        ("term: `x`\n", "f:1:7", Code.YAML),
        ("é: 'é' \x07\n", "f:1:8", Code.YAML),
        ('é: "\\x1f"\n', "f:1:4", Code.YAML),
        ('a: "\\uD800"\n', "f:1:7", Code.YAML),
        ("a: b\n---\nc: d\n", "f:2:1", Code.YAML),
        ("[a]: b\n", "f:1:1", Code.YAML),
        ("%YAML 3.0\n---\na\n", "f:1:1", Code.YAML),
        ("a:\n\tb: c\n", "f:2:1", Code.TAB),
        ("a:\n  b: c\n  \td: e\n", "f:3:3", Code.TAB),
        ("a: b\nc: d\na: e\n", "f:3:1", Code.DUPLICATE_KEY),
        ("{a: b, 'a': c}\n", "f:1:8", Code.DUPLICATE_KEY),
        ("a: *b\n", "f:1:4", Code.ALIAS),
        ("a: &b [x, *b]\n", "f:1:11", Code.ALIAS),
        ("- &a {k: *a}\n", "f:1:10", Code.ALIAS),
        ("a: !!python/object/apply:os.system [ls]\n", "f:1:4", Code.TAG),
        ("- !!map [a]\n", "f:1:3", Code.TAG),
        ("- !important\n", "f:1:3", Code.TAG),
        ("a: !!int 5\n", "f:1:4", Code.TAG),
        ("[" * 33 + "]" * 33, "f:1:33", Code.DEPTH),
        ("a: [\x85\u2028b: [}", "f:3:5", Code.YAML),
    ],
)
def test_mistakes_are_placed(text: str, place: str, code: Code) -> None:
    """Each mistake has its code, and its place counts characters; an end is the last word's."""
    found = only(text)
    assert (str(found.span), found.code) == (place, code)


def test_the_deepest_nesting_is_read() -> None:
    """The limit itself is still allowed."""
    depth = yamltext.MAX_DEPTH
    assert check("[" * depth + "]" * depth).diagnostics == ()


def test_all_duplicate_keys_are_found() -> None:
    """Each later one is reported, the first value is kept and named."""
    document = check("a: 1\nb: {c: 2, c: 3}\na: 4\n")
    assert document.value == {"a": "1", "b": {"c": "2"}}
    assert [(str(d.span), d.hint) for d in document.diagnostics] == [
        ("f:2:11", "the first is in line 2; keep one of them"),
        ("f:3:1", "the first is in line 1; keep one of them"),
    ]


@pytest.mark.parametrize("levels", [9, 40, 10_000])
def test_a_billion_laughs_are_refused(levels: int) -> None:
    """Aliases of aliases do not grow beyond the limit, however many lines they take."""
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    found = only("\n".join(lines))
    assert (found.code, found.span.line) == (Code.ALIAS, 4)


def test_plenty_of_harmless_aliases_are_read() -> None:
    """A word that a hundred entries share is no bomb."""
    document = check("- &a word\n" + "- *a\n" * 100)
    assert document.value == ["word"] * 101


@pytest.mark.parametrize(
    ("path", "key", "place"),
    [
        ((), False, (1, 1)),
        ((0, "id"), False, (1, 7)),
        ((0, "id"), True, (1, 3)),
        ((0, "topics", 1), False, (2, 15)),
        ((0, "topics", 9), False, (2, 11)),
        ((0, "absent"), False, (1, 3)),
        ((0, "absent"), True, (1, 3)),
        ((0, "id", "deeper"), False, (1, 7)),
        ((7, "id"), False, (1, 1)),
        ((1,), False, (3, 3)),
    ],
)
def test_a_place_is_known_as_far_down_as_the_file_goes(
    path: Sequence[str | int], *, key: bool, place: tuple[int, int]
) -> None:
    """What a file leaves out is placed at what would hold it."""
    document = check("- id: a\n  topics: [x, y]\n- &b b\n")
    assert document.marks.find(path, key=key) == place


def test_lines_are_yamls() -> None:
    """A form feed ends no line, a next-line character does, CR LF is one end."""
    assert yamlsyntax.lines("a\r\nb\rc\x0cd\x85e\u2028f\n") == ["a", "b", "c\x0cd", "e", "f", ""]
