"""Edits of YAML text change what was asked and nothing else, whatever the layout."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import yamltext
from ankigen.yamledit import Edit, Layout
from sourcefiles import SENTENCES, SourceFile, source_files
from yamlpieces import SCALARS, TREES, Written, written

if TYPE_CHECKING:
    from ankigen.yamltext import Value

ENTRY: dict[str, Value] = {
    "id": "new",
    "term": "no: one",
    "topics": ["a", "b"],
    "usage": "so " * 50,
}


def replaced(text: str, line: int, column: int, new: str) -> str:
    """A text with the scalar at a place saying something else."""
    layout = Layout(text)
    scalar = layout.scalar_at(line, column)
    assert scalar is not None
    edit = layout.replace(scalar, new)
    assert edit is not None
    made, done = layout.apply([edit])
    assert done == (edit,)
    return made


def check_layout(source: SourceFile, made: str) -> None:
    """Remarks are all there in their order, and lines end as they did."""
    places = [made.find(remark) for remark in source.remarks]
    assert -1 not in places
    assert places == sorted(places)
    if "\r" in source.text:
        assert made.count("\r") == made.count("\n") == made.count("\r\n")
    else:
        assert "\r" not in made


@given(source_files(), st.data())
def test_a_word_is_exchanged_where_it_stands(source: SourceFile, data: st.DataObject) -> None:
    """A plain word for another changes one line of the file, and only that word in it."""
    layout = Layout(source.text)
    scalar = data.draw(st.sampled_from(layout.scalars))
    words = scalar.text.split(" ")
    index = data.draw(st.integers(0, len(words) - 1))
    if not words[index].isalpha():
        return
    words[index] = "xyz"
    edit = layout.replace(scalar, " ".join(words))
    assert edit is not None
    made, done = layout.apply([edit])
    assert done == (edit,)
    before, after = source.text.splitlines(), made.splitlines()
    assert len(before) == len(after)
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1
    check_layout(source, made)


@given(source_files(), SENTENCES | SCALARS, st.data())
def test_any_text_may_take_the_place_of_another(
    source: SourceFile, new: str, data: st.DataObject
) -> None:
    """Where a text can be said in the style of another, the file means just that."""
    layout = Layout(source.text)
    scalar = data.draw(st.sampled_from(layout.scalars))
    edit = layout.replace(scalar, new)
    assert (
        (edit is not None)
        or scalar.style in ("|", ">")
        or new in ("", scalar.text)
        or (not new.strip())
    )
    if edit is None:
        return
    made, done = layout.apply([edit])
    assert done == (edit,)
    check_layout(source, made)


@given(source_files())
def test_missing_ids_are_put_first(source: SourceFile) -> None:
    """Each entry that has no id gets one before its other keys, and is else what it was."""
    layout = Layout(source.text)
    assert isinstance(layout.value, list)
    expected: list[Value] = deepcopy(layout.value)
    edits = []
    for index, entry in enumerate(expected):
        assert isinstance(entry, dict)
        if "id" not in entry:
            edit = layout.insert((index,), "id", f"new-{index}")
            assert edit is not None
            edits.append(edit)
            entry["id"] = f"new-{index}"
    made, done = layout.apply(edits)
    assert len(done) == len(edits)
    assert yamltext.read(made, "f").value == expected
    check_layout(source, made)


@given(source_files())
def test_an_entry_is_put_behind_the_others(source: SourceFile) -> None:
    """The old text stands before it letter by letter."""
    layout = Layout(source.text)
    assert isinstance(layout.value, list)
    edit = layout.append(ENTRY)
    assert edit is not None
    made, done = layout.apply([edit])
    assert done == (edit,)
    assert made.startswith(source.text)
    assert yamltext.read(made, "f").value == [*layout.value, ENTRY]
    check_layout(source, made)


@given(written(), TREES, SCALARS, st.data())
def test_no_edit_of_any_yaml_changes_anything_else(
    source: Written, tree: Value, new: str, data: st.DataObject
) -> None:
    """Lists, mappings and quotes in any order: what is done is what was asked, or nothing is."""
    layout = Layout(source.text)
    edits: list[Edit | None] = [layout.append({"id": new, "tree": tree})]
    if layout.scalars:
        scalar = data.draw(st.sampled_from(layout.scalars))
        edits = [layout.replace(scalar, new)]
        assert layout.scalar_at(*source.place(scalar.start)) == scalar
    paths = sorted(layout._places.collections, key=repr)  # noqa: SLF001
    path = data.draw(st.sampled_from([None, *paths]))
    if path is not None:
        edits = [layout.insert(path, "fresh", new)]
    made, done = layout.apply(edit for edit in edits if edit)
    if not done:
        assert made == source.text
    else:
        assert yamltext.read(made, "f").value != layout.value


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("- term: it\u2019s  # why\n", "- term: it's  # why\n"),
        ("- term: “so” on # why\n", "- term: '\"so\" on' # why\n"),
        ("- term: 'it\u2019s'\n", "- term: 'it''s'\n"),
        ('- term: "a\\tb “so”"\n', '- term: "a\\tb \\"so\\""\n'),
        ("- term: [it\u2019s, “a”]\n", "- term: [it's, '\"a\"']\n"),
        (
            "- term: >- # why\n    it\u2019s\n    it\n\n# end\n",
            "- term: >- # why\n    it's\n    it\n\n# end\n",
        ),
        ("- term: |2-\n     it\u2019s\n    it\n", "- term: |2-\n     it's\n    it\n"),
        ("- term: it\u2019s\n    it # a\n", "- term: it's\n    it # a\n"),
    ],
)
def test_a_mended_word_keeps_the_style(text: str, made: str) -> None:
    """Quotes come only where the new text needs them, and remarks stay where they are."""
    layout = Layout(text)
    table = str.maketrans("“”\u2019", '""\'')
    edits = [layout.replace(scalar, scalar.text.translate(table)) for scalar in layout.scalars]
    assert layout.apply(edit for edit in edits if edit)[0] == made


@pytest.mark.parametrize(
    ("text", "new", "made"),
    [
        ("- >-\n   one  two \n   six  \n", "one two six", "- >-\n   one two\n   six\n"),
        ("- |\n   one \n   two\n", "one\ntwo\n", "- |\n   one\n   two\n"),
        ("- |\n   one \n   two\n", "one two\n", "- |\n   one two\n"),
        ("- 'one\n  two '", "one two", "- 'one\n  two'"),
        ("- one\n  two", "one\ntwo", '- "one\\ntwo"'),
        ("- >\n   one two\n", "one\n\ntwo\n", "- >\n   one\n\n\n   two\n"),
    ],
)
def test_spaces_are_mended_in_the_lines_that_are_there(text: str, new: str, made: str) -> None:
    """Lines stay broken where they were, or the text is broken anew in its style."""
    assert replaced(text, 1, 3, new) == made


def test_a_text_that_is_broken_anew_keeps_its_indent_and_its_width() -> None:
    """A folded text is as wide as it was, where that is wider than what the writer would do."""
    wide = "one two " * 14 + "six"
    old = f"- a: >-\n      {wide}\n      three\n"
    new = f"{wide} three\n{wide} four"
    lines = ["- a: >-", wide, "three", "", wide, "four"]
    assert (
        replaced(old, 1, 6, new)
        == "\n".join(
            line and ("      " if index else "") + line for index, line in enumerate(lines)
        )
        + "\n"
    )


@pytest.mark.parametrize(
    ("text", "new"),
    [("- >-\n  one\n", "one\n two"), ("- |\n  one\n", "one"), ("- |\n  one\n", "a\tb \n")],
)
def test_what_a_block_cannot_hold_is_not_written(text: str, new: str) -> None:
    """A block keeps its header, so the text stays as it was."""
    layout = Layout(text)
    assert layout.replace(layout.scalars[0], new) is None


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", "- id: b\n"),
        ("# why\n", "# why\n- id: b\n"),
        ("# why", "# why\n- id: b\n"),
        ("---\n", "---\n- id: b\n"),
        ("[]\n", "[{id: b}]\n"),
        ("[{id: a}, # why\n]\n", "[{id: a}, {id: b}, # why\n]\n"),
        ("- id: a", "- id: a\n- id: b\n"),
        ("- id: a\r\n", "- id: a\r\n- id: b\r\n"),
        ("- id: a\n\n- id: c\n", "- id: a\n\n- id: c\n\n- id: b\n"),
        ("- id: a\n\n# c\n-  id: c\n\n", "- id: a\n\n# c\n-  id: c\n\n- id: b\n"),
        ("- id: a\n- id: c\n# end", "- id: a\n- id: c\n# end\n- id: b\n"),
        ("  - id: a\n...\n", "  - id: a\n  - id: b\n...\n"),
        ("# why\nid: a\nt: |\n  x\n\n   y\n", "# why\n- id: a\n  t: |\n    x\n\n     y\n- id: b\n"),
    ],
)
def test_an_entry_is_appended_in_the_files_manner(text: str, made: str) -> None:
    """Blank lines, indents, line ends and brackets go on as they were."""
    layout = Layout(text)
    edit = layout.append({"id": "b"})
    assert edit is not None
    assert layout.apply([edit]) == (made, (edit,))


@pytest.mark.parametrize("text", ["- &a {t: x}\n- *a\n", "- !!map {t: x}\n", "- &a\n  t: x\n"])
def test_what_stands_for_other_places_is_not_changed(text: str) -> None:
    """An anchor's value is that of its aliases, too, so neither it nor what is in it is touched."""
    layout = Layout(text)
    assert layout.scalars == ()
    assert layout.insert((0,), "id", "a") is None
    assert layout.insert((1,), "id", "a") is None


def test_a_single_edit_that_would_do_harm_is_left_out() -> None:
    """The others are made all the same."""
    layout = Layout("- a\n- b\n")
    good = Edit(2, 3, "x", (0,), "x")
    bad = Edit(6, 7, "[x", (1,), "x")
    assert layout.apply([bad, good]) == ("- x\n- b\n", (good,))
    assert layout.apply([Edit(2, 3, "y", (0,), "x")]) == ("- a\n- b\n", ())
    assert layout.apply([]) == ("- a\n- b\n", ())
    many = Layout("- a\n" * 9)
    edits = [Edit(i * 4 + 2, i * 4 + 3, "x" if i % 4 else "[", (i,), "x") for i in range(9)]
    made, done = many.apply(edits)
    assert made == "- a\n" + "- x\n" * 3 + "- a\n" + "- x\n" * 3 + "- a\n"
    assert [edit.path for edit in done] == [(1,), (2,), (3,), (5,), (6,), (7,)]


@pytest.mark.parametrize("text", ["a: [", "a: 1\na: 2\n", "a: !x 1\n"])
def test_a_file_that_is_wrong_is_not_edited(text: str) -> None:
    """What the reader reports is left for a person."""
    with pytest.raises(ValueError, match=r"."):
        Layout(text)
