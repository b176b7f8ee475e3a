"""What one reads of Markdown."""

# Typographic signs and phonetic letters are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.language import prose
from ankigen.language.prose import BREAK, OPAQUE, WORD

SIGNS = [*"ab c.\n*_`[](){}<>&;\\-1/:", "http://x", "&amp;", "<b>"]
MARKUP = st.lists(st.sampled_from(SIGNS)).map("".join)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Plain words.", "Plain words."),
        ("You **launch** a `kernel`, {lower}ed.", f"You launch a {OPAQUE}, lowered."),
        ("See [the op](https://x.org/a_(b)) at https://x.org/c.", f"See the op at {OPAQUE}."),
        ("- one\n- two\n\nlast", f"one{BREAK}two{BREAK}last"),
        (r"A \{brace\}, snake_case, _em_ &amp; H<sub>2</sub>", "A {brace}, snake_case, em & H2"),
        ("`` a `b` `` and <kbd>Ctrl</kbd>", f"{OPAQUE} and {OPAQUE}"),
        ("x [1] < 2", "x [1] < 2"),
    ],
)
def test_reading(source: str, text: str) -> None:
    """Markup vanishes, code and addresses become one sign, paragraphs and items part."""
    assert prose.read(source).text == text


@given(source=MARKUP)
def test_places_lie_in_the_source(source: str) -> None:
    """Each letter that is read is the letter that stands at its place in the source."""
    read = prose.read(source)
    places = [read.place(offset) for offset in range(len(read.text) + 1)]
    assert places == sorted(places)
    assert places[-1] <= len(source)
    for offset, sign in enumerate(read.text):
        if sign in "abc":
            assert source[places[offset]] == sign


def test_words() -> None:
    """Apostrophes are inside words; hyphens, digits and signs part them."""
    assert WORD.findall("It's re-run 16th, don’t.") == ["It's", "re", "run", "th", "don’t"]
