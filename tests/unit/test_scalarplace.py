"""Where a character of a YAML value stands in its file."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ankigen import scalarplace, yamlsyntax, yamltext


def place_of(text: str, value: str, offset: int) -> tuple[int, int] | None:
    """Of a character of the value under the key ``k`` of a file."""
    document = yamltext.read(text, "x.yaml")
    assert document.value == {"k": value}
    begins = document.marks.find(("k",))
    return scalarplace.find(yamlsyntax.lines(text), begins, value, offset)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("k: teh end\n", "teh end"),
        ("k: 'it''s teh end'\n", "it's teh end"),
        ('k: "a \\"b\\" \\u00e9 teh \\\n  end"\n', 'a "b" é teh end'),
        ("k: >-\n  a\n  b teh\n  end\n", "a b teh end"),
        ("k: |2-\n    a\n  b: teh\n", "  a\nb: teh"),
        ("k: > # said\n  # teh no comment\n\n  a teh\n", "# teh no comment\na teh\n"),
        ("k: &anchor plain\n  goes on teh\n", "plain goes on teh"),
        ("k: !!str teh\n", "teh"),
    ],
)
def test_each_way_of_writing(text: str, value: str) -> None:
    """A word is found in plain, quoted, folded and literal values alike."""
    found = place_of(text, value, value.rindex("teh"))
    assert found is not None
    line, column = found
    assert text.splitlines()[line - 1][column - 1 :].startswith("teh")


def test_what_does_not_agree_is_not_told() -> None:
    """A place that holds another text, as one changed since it was read, gives none."""
    assert scalarplace.find(["k: some other"], (1, 4), "some words", 5) is None
    assert scalarplace.find([], (1, 1), "word", 0) is None
    assert scalarplace.find(["k: word"], (1, 4), "wor d", 3) is None


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")) | st.just("\n"),
    min_size=1,
    max_size=60,
)


@given(value=TEXTS, style=st.sampled_from([None, "'", '"', ">", "|"]), data=st.data())
def test_any_value(value: str, style: str | None, data: st.DataObject) -> None:
    """What PyYAML writes in any style, folded at any width, is found sign by sign."""
    text = yaml.dump({"k": value}, default_style=style, width=20, allow_unicode=True)
    document = yamltext.read(text, "x.yaml")
    signs = [at for at, sign in enumerate(value) if not sign.isspace() and sign.isprintable()]
    if not isinstance(document.value, dict) or document.value != {"k": value} or not signs:
        return
    offset = data.draw(st.sampled_from(signs))
    found = scalarplace.find(yamlsyntax.lines(text), document.marks.find(("k",)), value, offset)
    assert found is not None
    line, column = found
    shown = yamlsyntax.lines(text)[line - 1][column - 1 :]
    assert shown.startswith((value[offset], "\\"))
