"""Why a text is no YAML: what was meant, at the place where it went wrong."""

from __future__ import annotations

import pytest
import yaml

from ankigen import yamlsyntax


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("- id: a\n  pos: noun\n   level: core\n", (3, 4), "indented further than the one above"),
        ("- id: a\n   term: b\n", (2, 4), "indented further than the one above"),
        ("a: b\n c: d\n", (2, 2), "indented further than the one above"),
        ("- a: in\n    short\n    so: b\n", (3, 5), "indented further than line 1"),
        ("- id: a\n  pos: In short: b\n", (2, 16), "mapping values are not allowed"),
        ("- id: a\n  pos: In\n    short to say: b\n", (3, 17), "mapping values are not allowed"),
        ("- a: 'A pipe.\n  b: c\n", (1, 6), "the quote that opens here is never closed"),
        ('- a: "A pipe.\n  b: c\n- d: "e"\n', (1, 6), "opens here is closed only in line 3"),
        ('- a: "A pipe.\n  b: "@x"\n', (1, 6), "opens here is closed only in line 2"),
        ('- a: ["b\n  c: "d", "e"]\n', (1, 7), "opens here is closed only in line 2"),
        ("- a: 'It's so'\n", (1, 10), "the text in quotes that begins in column 6 ends before"),
        ('- a: "foo" bar\n', (1, 12), "the text in quotes that begins in column 6 ends before"),
        ("- a: ![b](c) d\n", (1, 6), "'!' at the beginning of a text"),
        ("- a: **b** c\n", (1, 6), "'*' at the beginning of a text"),
        ("- a: `b` c\n", (1, 6), "'`' at the beginning of a text"),
        ("- a: > 5 c\n", (1, 6), "'>' at the beginning of a text"),
        ('- a: "b \\d"\n', (1, 9), "found unknown escape character"),
    ],
)
def test_where_a_mistake_was_made(text: str, place: tuple[int, int], message: str) -> None:
    """A quote is reported where it opens, an indentation as one, a colon in a text as such."""
    with pytest.raises(yaml.YAMLError) as raised:
        list(yaml.parse(text, yaml.CBaseLoader))
    fault = yamlsyntax.explain(raised.value, text)
    assert message in fault.message
    assert fault.place == place
    assert fault.hint
    assert not fault.is_tab
