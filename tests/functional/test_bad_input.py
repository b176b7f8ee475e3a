"""Mistakes in what people write: each is named, placed and explained, and no deck is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from refusal import refused
from support import SENTENCES, TERMS, write_project

if TYPE_CHECKING:
    from pathlib import Path

T = "cards/basics/terms.yaml"
X = "cards/basics/terms.extra.yaml"
S = "cards/basics/sentences.yaml"
C = "cards/basics/category.yaml"
P = "ankigen.yaml"

ENTRY = "- id: tile\n  term: tile\n  definition: A part of an array.\n"
"""An entry that may be added to the terms; the next line is the fourth."""


def more(line: str) -> str:
    """The small project's terms after an entry with one line more, the file's fourth."""
    return f"{ENTRY}  {line}\n{TERMS}"


def sentence(text: str, terms: str = "kernel") -> str:
    """A file of one sentence more than the small project's; its text is in line 3."""
    return f"- id: tile-1\n  terms: [{terms}]\n  text: {text}\n{SENTENCES}"


LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


GUIDS = f"""{ENTRY}  guid: g
- {{id: warp, term: warp, definition: Threads in step., guid: g}}
{TERMS}"""


@pytest.mark.parametrize(
    ("file", "text", "expected", "says"),
    [
        pytest.param(T, "- id: [tile\n", f"{T}:1:12 AG010", "not valid YAML", id="broken"),
        pytest.param(T, "- id: 'tile\n", f"{T}:1:7 AG010", "never closed", id="open quote"),
        pytest.param(T, more("usage: say: tile"), f"{T}:4:13 AG010", "': '", id="colon"),
        pytest.param(T, more("usage: `tile`"), f"{T}:4:10 AG010", "quotes", id="backtick"),
        pytest.param(T, f"{TERMS}---\n{ENTRY}", f"{T}:11:1 AG010", "second", id="documents"),
        pytest.param(T, more("usage: a\x1b[31mb"), f"{T}:4:11 AG010", "control", id="control"),
        pytest.param(T, more(r'usage: "a\x1fb"'), f"{T}:4:10 AG010", "control", id="escape"),
        pytest.param(T, more("\tusage: tile"), f"{T}:4:3 AG011", "two spaces", id="tab"),
        pytest.param(T, f"-\tid: tile\n\tterm: x\n{TERMS}", f"{T}:1:2 AG011", "tab", id="all tabs"),
        pytest.param(
            T, more("term: tiles"), f"{T}:4:3 AG012", "the first is in line 2", id="twice"
        ),
        pytest.param(T, LAUGHS, f"{T}:5:20 AG013", "10,000 values", id="billion laughs"),
        pytest.param(
            T, more("topics: &t [*t]"), f"{T}:4:15 AG013", "inside itself", id="recursive"
        ),
        pytest.param(T, more("usage: *tile"), f"{T}:4:10 AG013", "quotes", id="no anchor"),
        pytest.param(
            T, more("usage: !!python/object:os.system x"), f"{T}:4:10 AG014", "tag", id="tag"
        ),
        pytest.param(T, f"- {'[' * 40}{']' * 40}", f"{T}:1:34 AG015", "32 levels", id="deep"),
        pytest.param(
            T, more("usgae: x"), f"{T}:4:3 AG101", "did you mean 'usage'?", id="unknown key"
        ),
        pytest.param(
            T,
            f"- id: tile\n  term: x\n{TERMS}",
            f"{T}:1:3 AG102",
            "'definition:'",
            id="missing key",
        ),
        pytest.param(
            T, more("usage: [a]"), f"{T}:4:10 AG103", "text, but here is a list", id="list for text"
        ),
        pytest.param(T, more("topics: a"), f"{T}:4:11 AG103", "write [a]", id="text for list"),
        pytest.param(
            T, more("topics: {a: b}"), f"{T}:4:11 AG103", "a mapping", id="mapping for list"
        ),
        pytest.param(T, "tile", f"{T}:1:1 AG103", "- id:", id="text for file"),
        pytest.param(T, f"- tile\n{TERMS}", f"{T}:1:3 AG103", "a mapping", id="text for entry"),
        pytest.param(
            T, more("pos: nuon"), f"{T}:4:8 AG104", "did you mean 'noun'?", id="bad choice"
        ),
        pytest.param(
            T, more("pos: [noun]"), f"{T}:4:8 AG103", "must be text", id="list for choice"
        ),
        pytest.param(T, more("usage:"), f"{T}:4:9 AG104", "leave the key out", id="empty value"),
        pytest.param(T, more("topics: []"), f"{T}:4:11 AG104", "at least 1", id="empty list"),
        pytest.param(
            T, more("tags: [two words]"), f"{T}:4:10 AG104", "without spaces", id="bad tag"
        ),
        pytest.param(
            T,
            ENTRY.replace("id: tile", "id: Tile!") + TERMS,
            f"{T}:1:7 AG104",
            "lower-case",
            id="bad id",
        ),
        pytest.param(
            T,
            ENTRY.replace("id: tile", "id: kernel") + TERMS,
            f"{T}:4:7 AG201",
            f"{T}:1:7",
            id="id twice",
        ),
        pytest.param(
            X,
            ENTRY.replace("id: tile", "id: kernel"),
            f"{T}:1:7 AG201",
            f"{X}:1:7",
            id="id in two files",
        ),
        pytest.param(
            T, more("related: [kernl]"), f"{T}:4:13 AG202", "did you mean 'kernel'?", id="related"
        ),
        pytest.param(T, GUIDS, f"{T}:5:3 AG201", "'g' of terms/tile", id="guid clash"),
        pytest.param(
            S,
            sentence("A {kernel}.", "kernl"),
            f"{S}:2:11 AG202",
            "did you mean 'kernel'?",
            id="unknown term",
        ),
        pytest.param(
            S, sentence("A colonel."), f"{S}:3:9 AG203", "'kernel' is not found", id="no gap"
        ),
        pytest.param(S, sentence("A {kernel."), f"{S}:3:9 AG203", "pair up", id="open brace"),
        pytest.param(S, sentence("A kernel}."), f"{S}:3:9 AG203", "pair up", id="closing brace"),
        pytest.param(S, sentence("A {{kernel}}."), f"{S}:3:9 AG203", "pair up", id="double braces"),
        pytest.param(
            S, sentence("A { } kernel."), f"{S}:3:9 AG203", "hold nothing", id="empty gap"
        ),
        pytest.param(S, sentence("'A *{ker*nel}.'"), f"{S}:3:9 AG203", "pair up", id="crossed gap"),
        pytest.param(T, "", f"{T} AG005", "empty", id="empty file"),
        pytest.param(T, "# later\n\n", f"{T} AG005", "empty", id="comments"),
        pytest.param(T, TERMS.encode("utf-16"), f"{T}:1:1 AG004", "UTF-16", id="UTF-16"),
        pytest.param(
            T, more("usage: caf\xe9").encode("latin-1"), f"{T}:4:13 AG004", "UTF-8", id="Latin-1"
        ),
        pytest.param(
            "cards/basics/words.yaml",
            ENTRY,
            "cards/basics/words.yaml AG301",
            "sentences, terms",
            id="note type",
        ),
        pytest.param(
            "cards/basics/trems.yaml",
            ENTRY,
            "cards/basics/trems.yaml AG301",
            "did you mean 'terms'?",
            id="note type slip",
        ),
        pytest.param(
            "cards/basics/terms.csv",
            "id,term\n",
            "cards/basics/terms.csv:1:1 AG102",
            "there is no column 'definition'",
            id="CSV",
        ),
        pytest.param(
            "cards/more/terms.yaml", ENTRY, f"{P}:3:1 AG304", "'cards/more'", id="unlisted category"
        ),
        pytest.param(C, "name:\n", f"{C}:1:6 AG104", "'name' is empty", id="nameless category"),
        pytest.param(P, "id: Small\nname: S\n", f"{P}:1:5 AG104", "lower-case", id="course id"),
        pytest.param(P, "id: small\n", f"{P}:1:1 AG102", "'name'", id="course name"),
        pytest.param(P, "", f"{P} AG005", "empty", id="empty course"),
        pytest.param(
            P,
            "id: s\nname: S\ncategory: [basics]\n",
            f"{P}:3:1 AG101",
            "'categories'",
            id="course key",
        ),
    ],
)
def test_a_mistake(built: Path, file: str, text: str | bytes, expected: str, says: str) -> None:
    """One mistake gives one diagnostic: its code, its exact place, and words that help."""
    write_project(built, {file: text})
    assert says in refused(built, [expected])
