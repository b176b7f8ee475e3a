"""The YAML writer: its text is read back as the same, and looks as a person would write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ankigen import yamltext, yamlwriter
from support import REPOSITORY
from yamlpieces import SCALARS, TREES

if TYPE_CHECKING:
    from ankigen.yamltext import Value

SIGNS = r"""no 1:30 null ~ - --- -O3 : # a: [x] {gap} it's "so" << = ? 👩‍👩‍👧 C:\dir `code` * %"""
WORDS = st.sampled_from(SIGNS.split())
PROSE = st.lists(
    WORDS | st.sampled_from(["word" * 9, "\xa0", "\u200b", " ", "\n", "\n\n", "- ", "\t", "\r\n"]),
    max_size=60,
).map(" ".join) | st.lists(WORDS, max_size=60).map("\n".join)
"""Texts of many words that mean something to YAML, in one line or in several."""
TEXTS = SCALARS | PROSE | st.text().filter(lambda text: not yamlwriter.unwritable(text))


def read(text: str) -> Value | None:
    """The value of a text that our reader accepts."""
    document = yamltext.read(text, "f")
    assert document.diagnostics == (), text
    return document.value


@given(TEXTS)
@example("a" * 120 + " b")
@example("word " * 30 + "\n")
@example("# remark " * 20)
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    """Whatever a text looks like to YAML, it comes back letter by letter."""
    written = yamlwriter.entries([{"id": "a", "text": text, "texts": [text, text, "b" * 90]}])
    assert read(written) == [{"id": "a", "text": text, "texts": [text, text, "b" * 90]}]


@given(st.lists(st.dictionaries(TEXTS.filter(lambda key: len(key) < 100), TREES, max_size=4)))
def test_any_entries_are_read_back_as_they_were(entries: list[dict[str, Value]]) -> None:
    """Lists and mappings within each other come back in the same order."""
    back = read(yamlwriter.entries(entries))
    assert back == (entries or None)
    assert repr(back) == repr(entries or None)


@given(TEXTS)
@example("a" * 93 + " b")
def test_whatever_can_be_broken_keeps_to_the_width(text: str) -> None:
    """A line is longer than the width only where it has no space to be broken at, or line ends."""
    assume(text == text.strip() and "\n" not in text and "\t" not in text)
    for line in yamlwriter.entries([{"id": "a", "text": text}]).splitlines():
        assert (
            len(line) <= yamlwriter.WIDTH
            or " " not in line.strip().removeprefix("text: ")
            or ("text: " in line and '"' in line)
        )


@pytest.mark.parametrize("name", ["terms", "sentences"])
def test_quotes_stand_only_where_a_person_put_them(name: str) -> None:
    """The repository's own entries get no more quotes than they have in their files."""
    for path in sorted(REPOSITORY.glob(f"cards/*/{name}.yaml")):
        text = path.read_text("utf-8")
        entries = read(text)
        assert isinstance(entries, list)
        written = yamlwriter.entries(entry for entry in entries if isinstance(entry, dict))
        assert read(written) == entries
        assert written.count(': "') <= text.count(': "'), path


def test_the_manner_of_a_course() -> None:
    """Plain words, short lists in one line, prose folded, quotes where a colon or a brace asks."""
    entry: dict[str, Value] = {
        "id": "operator-fusion",
        "term": "operator fusion",
        "definition": "Merging several operators into one kernel, so that what passes between them"
        " need not be written to memory.",
        "topics": ["fusion", "kernels"],
        "usage": 'Say it: "fuse with".',
        "text": "{Operator fusion} fires.",
        "ipa": {"gb": "fjuʒən"},
        "steps": "1. Match.\n2. Rewrite.",
        "flag": "no",
        "texts": [
            "One may say this.",
            "One may also say that: it is quite a bit longer.",
            "Or this, the last.",
        ],
    }
    assert yamlwriter.entries([entry, {"id": "b"}]) == (
        """\
- id: operator-fusion
  term: operator fusion
  definition: >-
    Merging several operators into one kernel, so that what passes between them need not be written
    to memory.
  topics: [fusion, kernels]
  usage: 'Say it: "fuse with".'
  text: "{Operator fusion} fires."
  ipa: {gb: fjuʒən}
  steps: |-
    1. Match.
    2. Rewrite.
  flag: no
  texts:
    - One may say this.
    - "One may also say that: it is quite a bit longer."
    - Or this, the last.
- id: b
"""
    )


def test_keys_are_put_in_the_note_types_order() -> None:
    """The id is first, then the note type's keys, then what any entry may have."""
    entry: dict[str, Value] = {"tags": ["x"], "definition": "d", "id": "a", "term": "t"}
    assert list(yamlwriter.ordered(entry, ("term", "pos", "definition"))) == [
        "id",
        "term",
        "definition",
        "tags",
    ]


@pytest.mark.parametrize("char", ["\x00", "\x1f", "\x7f", "\ud800", "\uffff"])
@pytest.mark.parametrize("text", ["{}", "a {} b", "word " * 30 + "{}"])
def test_characters_that_no_source_may_hold_are_refused(char: str, text: str) -> None:
    """A control character is named beforehand, and never written."""
    bad = text.format(char)
    assert yamlwriter.unwritable(bad) == char
    with pytest.raises(ValueError, match=r"no source may hold"):
        yamlwriter.entries([{"id": "a", "text": bad}])
    with pytest.raises(ValueError, match=r"no source may hold"):
        yamlwriter.entries([{"id": "a", "texts": [bad]}])
