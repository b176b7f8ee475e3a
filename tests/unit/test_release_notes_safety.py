"""Whatever a package's texts hold, release notes show it as text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import click
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ankigen import release_notes
from ankigen.diagnostics import visible
from ankigen.diff import Difference, FieldChange, Move, NoteChange, TypeChange, edits
from ankigen.release import ReleasedNote, words

if TYPE_CHECKING:
    from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark").enable("strikethrough")
KNOWN = {
    *("heading", "paragraph", "bullet_list", "list_item", "inline"),
    *("text", "text_special", "code_inline", "strong", "em", "s"),
}
"""What release notes are made of; HTML, links, images and other blocks are not among it."""

# All that Markdown, HTML and terminals could take for their own, and letters between.
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(
            "*_~`[]()<>!&#|\\-+.:;=\"'{}/ \n\r\t\x1b\x9b\u2028\u202e\ud800a1é字\u3000,"
        ),
        st.characters(),
    ),
    max_size=30,
)
NOTES = st.builds(
    lambda key, title, name, deck, field: ReleasedNote(
        "guid", key, words(title), name, deck, {name: field}, ()
    ),
    *(HOSTILE,) * 5,
)
DIFFERENCES = st.builds(
    lambda note, fields, names: Difference(
        added=(note,),
        changed=(NoteChange(note, fields, names, names),),
        moved=(Move(note, names[0]),),
        removed=(note,),
        types=(TypeChange(names[0], names),),
        new_sounds=names,
        dropped_sounds=names,
    ),
    NOTES,
    st.tuples(st.builds(FieldChange, HOSTILE, HOSTILE, HOSTILE)),
    st.tuples(HOSTILE),
)


def parsed(markdown: str) -> list[Token]:
    """Blocks and what is inside them, one after another."""
    tokens = MARKDOWN.parse(markdown)
    return [t for token in tokens for t in (token, *(token.children or ()))]


@given(DIFFERENCES)
def test_markdown_of_anything(difference: Difference) -> None:
    """No text becomes HTML, a link or a block of its own: each stays in its list item."""
    tokens = parsed(release_notes.markdown(difference))
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= KNOWN
    # An item each for what is new, changed, its field, its tags, moved, removed, and the type.
    assert [t.type for t in tokens].count("list_item_open") == 7
    assert [t.type for t in tokens].count("heading_open") == 10
    assert [t.type for t in tokens].count("bullet_list_open") == 6


@given(HOSTILE, HOSTILE)
@example("a", "a, b")
@example("a b", "a ,b")
@example("a) b", "(a b")
def test_marks_hold(old: str, new: str) -> None:
    """What is struck out and what is emphasised is what Markdown renders so."""
    note = ReleasedNote("guid", "terms/a", "a", "Term", "Deck", {}, ())
    change = NoteChange(note, (FieldChange("F", old, new),), (), ())
    difference = Difference((), (change,), (), (), (), (), ())
    line = release_notes.markdown(difference).split("\n")[7]
    if words(old) == words(new):
        return
    inline = next(t for t in MARKDOWN.parse(line.strip()) if t.type == "inline")
    shown: dict[str, list[str]] = {"s": [], "strong": []}
    inside = ""
    for token in inline.children or ():
        if token.nesting == 1 and token.tag in shown:
            inside = token.tag
            shown[inside].append("")
        elif token.nesting == -1 and token.tag == inside:
            inside = ""
        elif inside:
            shown[inside][-1] += token.content
    for kind, tag in (("old", "s"), ("new", "strong")):
        expected = [visible(part).strip() for k, part in edits(old, new) if k == kind]
        assert shown[tag] == [part for part in expected if part]


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@given(DIFFERENCES)
def test_text_of_anything(difference: Difference) -> None:
    """Other people's text moves no cursor and ends no line."""
    text = click.unstyle(release_notes.text(difference))
    assert not CONTROL.search(text)
    assert len(text.split("\n")) == 15
    assert not CONTROL.search(release_notes.markdown(difference))


@given(DIFFERENCES)
def test_json_of_anything(difference: Difference) -> None:
    """Whatever the texts hold, they come back from JSON as they were."""
    said = json.loads(release_notes.as_json(difference))
    assert said["changed"][0]["fields"][0]["old"] == difference.changed[0].fields[0].old
    assert said["sounds"]["new"] == list(difference.new_sounds)
