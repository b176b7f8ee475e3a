"""What the rules find and what they leave alone, beyond the examples of their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen.checking import Options, check
from ankigen.diagnostics import Code, Severity
from ankigen.markup import links
from support import SMALL, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

T = "cards/basics/terms.yaml"
S = "cards/basics/sentences.yaml"
FOREIGN = """\
id: small
name: Small
categories: [basics, more]
sources: [{glob: glossary.csv, notetype: terms, category: more, columns: {Wort: id}}]
"""
TWO = "id: small\nname: Small\ncategories: [basics, more]\n"


def found(root: Path, code: Code, files: Mapping[str, str | bytes]) -> list[str]:
    """Place and message of what a rule finds in a course without entries of its own."""
    base = {name: SMALL[name] for name in ("ankigen.yaml", "cards/basics/category.yaml")}
    result = check(write_project(root, {**base, **files}), Options(select=(code,)))
    return [f"{d.span}: {d.message}" for d in result.diagnostics]


def terms(*lines: str) -> dict[str, str]:
    """A file of terms, each with its id, its definition and what else it has."""
    entries = (f"- {{id: t{n}, definition: A word., {line}}}\n" for n, line in enumerate(lines, 1))
    return {T: "".join(entries)}


@pytest.mark.parametrize(
    ("topics", "slips"),
    [
        (["kernels"] * 2 + ["kernel"], ["'kernel' is nearly a topic of others"]),
        (["auto-tuning"] * 2 + ["autotuning"], ["'autotuning' is nearly"]),
        (["memory"] * 2 + ["memories"], ["'memories' is nearly"]),
        (["caching"] * 3 + ["cachnig"], ["'cachnig' is nearly"]),
        (["caching"] * 3 + ["cachin"], ["'cachin' is nearly"]),
        (["caching"] * 2 + ["catching"], []),
        (["caching"] * 3 + ["catching"] * 2, []),
        (["cash"] * 3 + ["cache"], []),
        (["bus"] * 2 + ["bu"], []),
        (["pass", "pass", "passes"], ["'passes' is nearly"]),
    ],
)
def test_topics(tmp_path: Path, topics: list[str], slips: list[str]) -> None:
    """Plurals, hyphens and single letters are slips; words of their own are not."""
    files = terms(*(f"term: word, topics: [{topic}]" for topic in topics))
    said = found(tmp_path, Code.TOPIC_SLIP, files)
    assert len(said) == len(slips)
    assert all(slip in message for slip, message in zip(slips, said, strict=True))


def test_a_lone_topic_of_one_entry(tmp_path: Path) -> None:
    """A topic that an entry names twice is still one entry's; a slip is told once, as a slip."""
    files = terms("term: a, topics: [lone, lone]", "term: b, topics: [kernels]", "term: c")
    files[T] += "- {id: x, term: x, definition: d, topics: [kernel]}\n"
    assert found(tmp_path, Code.LONE_TOPIC, files) == [
        f"{T}:1:51: no other entry is about 'lone'",
        f"{T}:2:51: no other entry is about 'kernels'",
    ]


def test_far_examples(tmp_path: Path) -> None:
    """The first term counts; one that is not there is another rule's."""
    files = {
        "ankigen.yaml": TWO,
        "cards/more/category.yaml": "name: More\n",
        T: "- {id: kernel, term: kernel, definition: d}\n",
        "cards/more/terms.yaml": "- {id: warp, term: warp, definition: d}\n",
        "cards/more/sentences.yaml": (
            "- {id: a, terms: [warp, kernel], text: 'A {warp}.'}\n"
            "- {id: b, terms: [kernel, warp], text: 'A {kernel}.'}\n"
            "- {id: c, terms: [kernle], text: 'A {kernel}.'}\n"
        ),
    }
    assert found(tmp_path, Code.FAR_EXAMPLE, files) == [
        "cards/more/sentences.yaml:2:19: 'kernel' is taught in another category, 'basics'"
    ]


def test_few_examples(tmp_path: Path) -> None:
    """Every place among the terms counts; a course without sentences is not told."""
    files = terms("term: one", "term: two")
    assert found(tmp_path / "a", Code.FEW_EXAMPLES, files) == []
    files[S] = "- {id: a, terms: [t1], text: 'A {b}.'}\n- {id: b, terms: [t2, t1], text: '{c}.'}\n"
    assert found(tmp_path / "b", Code.FEW_EXAMPLES, files) == [
        f"{T}:2:8: only one sentence shows how 't2' is used"
    ]


def test_unsorted(tmp_path: Path) -> None:
    """Three of four are most; two of three are not, and none has to begin."""
    with_level, without = "term: a, level: core", "term: b"
    for number, lines in enumerate([[without], [with_level] * 2 + [without], [with_level] * 4]):
        assert found(tmp_path / str(number), Code.UNSORTED, terms(*lines)) == []
    said = found(tmp_path / "most", Code.UNSORTED, terms(*[with_level] * 3, without))
    assert said == [f"{T}:4:8: 't4' has no 'level', which most terms have"]


@pytest.mark.parametrize(
    ("levels", "gaps"),
    [
        (["core"] * 9 + ["advanced"], 1),
        (["core"] * 8 + ["advanced"], 0),
        (["core"] * 9 + ["working"], 0),
        (["working"] * 9 + ["advanced"], 0),
        (["core"] * 20, 0),
        (["core"] * 9 + ["working", "advanced"], 0),
    ],
)
def test_level_gaps(tmp_path: Path, levels: list[str], gaps: int) -> None:
    """A level is missed between two others, in categories that are large enough."""
    files = terms(*(f"term: a, level: {level}" for level in levels))
    assert len(found(tmp_path, Code.LEVEL_GAP, files)) == gaps


@pytest.mark.parametrize(
    ("entry", "forms"),
    [
        ("term: GELU", ["GELU"]),
        ("term: cuBLAS calls", ["cuBLAS"]),
        ("term: two FPGAs", ["FPGA"]),
        ("term: 'an `LDS` bank'", ["LDS"]),
        ("term: A NaN", ["NaN"]),
        ("term: Kernel", []),
        ("term: A Word", []),
        ("term: M-L-I-R", []),
        ("term: CUDA", []),
        ("term: the CUDAs", []),
        ("term: GELU, say: gell you", []),
        ("term: GELU, say: {term: gell you}", []),
        ("term: a, usage: GELU", []),
        ("term: H100", []),
        ("term: GELU and TPU", ["GELU", "TPU"]),
    ],
)
def test_forms(tmp_path: Path, entry: str, forms: list[str]) -> None:
    """Words with two capitals that are spoken, unless the lexicon or the entry knows them."""
    files = {**terms(entry), "pronunciations.yaml": "CUDA: {say: kooda}\n"}
    said = found(tmp_path, Code.UNKNOWN_FORM, files)
    assert [message.split("'")[1] for message in said] == forms


def test_where_a_form_stands(tmp_path: Path) -> None:
    """The word itself is pointed at, on whatever line of its value."""
    text = "- id: a\n  terms: [b]\n  text: >-\n    We {fuse} it\n    by GELU.\n"
    files = {S: text, T: "- {id: b, term: fuse, definition: d}\n"}
    assert found(tmp_path, Code.UNKNOWN_FORM, files) == [f"{S}:5:8: nothing says how to say 'GELU'"]


def test_a_form_is_told_once(tmp_path: Path) -> None:
    """A form that comes again is counted where it comes first."""
    files = terms("term: GELU", "term: a GELU", "term: GELU GELU")
    assert found(tmp_path, Code.UNKNOWN_FORM, files) == [
        f"{T}:1:39: nothing says how to say 'GELU' (and in 2 more)"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a](https://example.org)", []),
        ("[a](http://example.org/b(c)) and [b](<https://example.org/a b>)", []),
        ("<https://example.org>", []),
        ("[](https://example.org)", ["has no words to tap on"]),
        ("[ ](https://example.org)", ["has no words to tap on"]),
        ("[`a`](https://example.org)", []),
        ("[a](mailto:a@example.org)", ["the link to 'mailto:a@example.org' is not"]),
        ("[a](javascript:alert)", ["the link to 'javascript:alert' is not"]),
        ("[a](/b)", ["the link to '/b' is not"]),
        ("[a]()", ["the link to '' is not"]),
        ("<a href='ftp://example.org'>a</a>", ["the link to 'ftp://example.org' is not"]),
        ("`[a](b)` and \\[a\\](b c)", []),
        ("an index a[i](j) here", ["the link to 'j' is not"]),
        ("a < b and b > c", []),
        ("![a pot](pot.png)", ["no text can hold a picture, as 'pot.png'"]),
        ("See ![a](https://example.org/a.png)!", ["no text can hold a picture"]),
        ("Look! [a](https://example.org/)", []),
    ],
)
def test_links(tmp_path: Path, text: str, said: list[str]) -> None:
    """Links to pages with words are right, others are not; code is no link."""
    files = {T: f"- id: a\n  term: a\n  definition: |\n    {text}\n"}
    messages = found(tmp_path, Code.LINK, files)
    assert len(messages) == len(said), messages
    assert all(part in message for part, message in zip(said, messages, strict=True))


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("https://example.org/a", 0),
        ("RFC 9562", 0),
        ("doi:10.1000/1", 0),
        ("the handbook: page 7", 0),
        ("htps://example.org", 1),
        ("https://example", 1),
        ("ftp://example.org/x", 1),
    ],
)
def test_sources(tmp_path: Path, source: str, count: int) -> None:
    """What looks like an address has to be one; other sources are free."""
    assert len(found(tmp_path, Code.LINK, terms(f"term: a, source: '{source}'"))) == count


def test_links_of_a_text() -> None:
    """Addresses come with their words, in order."""
    assert list(links("[a *b*](https://x.y) and <https://z.y>")) == [
        ("https://x.y", "a b", False),
        ("https://z.y", "https://z.y", False),
    ]


PICTURES: Mapping[str, str | bytes] = {
    "notetypes/pictures/notetype.yaml": (
        "id: 1795000000001\nname: Picture\nhelp: A picture.\nentry:\n"
        "  word: {type: text, required: true, help: A word.}\n"
        "  picture: {type: image, help: A file.}\n"
        "  back: {type: html, help: Of Anki.}\n"
        "fields:\n  - {id: 1, name: Word, key: word}\n  - {id: 2, name: Picture, key: picture}\n"
        "  - {id: 4, name: Back, key: back}\n"
        "  - {id: 3, name: Key, template: '{{ key }}'}\n"
        "cards: [{id: 1, name: Name it, front: front.html, back: back.html}]\n"
    ),
    "notetypes/pictures/front.html": "{{Word}} {{Picture}}",
    "notetypes/pictures/back.html": "{{FrontSide}} {{Back}}",
    "cards/basics/pictures.yaml": (
        "- {id: a, word: a, picture: beside.png}\n"
        "- {id: b, word: b, picture: media/deep/below.png}\n"
        "- {id: c, word: c, back: '<img src=\"an%20image.png\">'}\n"
    ),
    "cards/basics/beside.png": b"\x89PNG",
    "media/deep/below.png": b"\x89PNG",
    "media/an image.png": b"\x89PNG",
}


def test_media_that_is_used(tmp_path: Path) -> None:
    """Files are named from beside their entry, from the project, or in HTML by their name alone."""
    assert found(tmp_path, Code.UNUSED_MEDIA, PICTURES) == []


def test_media_that_is_not_used(tmp_path: Path) -> None:
    """Of other files only pictures and sounds are told, and nothing hidden."""
    more: Mapping[str, str | bytes] = {
        "media/beside.png": b"\x89PNG",
        "cards/basics/LICENSE.txt": "",
        "media/README.md": "",
        "media/.hidden.png": b"",
        "media/.git/a.png": b"",
        "cards/basics/b.MP3": b"ID3",
    }
    said = found(tmp_path, Code.UNUSED_MEDIA, {**PICTURES, **more})
    assert [message.split(":")[0] for message in said] == ["cards/basics/b.MP3", "media/beside.png"]


def test_media_of_a_template(tmp_path: Path) -> None:
    """A file that a template or a stylesheet names is used."""
    css = {"notetypes/pictures/style.css": ".card { background: url(an%20image.png) }"}
    files: Mapping[str, str | bytes] = {
        **PICTURES,
        **css,
        "cards/basics/pictures.yaml": "- {id: a, word: a}\n",
    }
    said = found(tmp_path, Code.UNUSED_MEDIA, files)
    assert [message.split(":")[0] for message in said] == [
        "cards/basics/beside.png",
        "media/deep/below.png",
    ]


@pytest.mark.parametrize(
    ("wrong", "right", "same"),
    [
        ("We {yesterday} merged it.", "{Yesterday} we merged it.", True),
        ("It depends {of} the size!", "It depends {on} the size.", True),
        ("It depends {of} the size.", "That depends {on} the size.", False),
        ("It depends of the size.", "This depends on the size.", True),  # nothing is marked
        ("A \\{x\\} {of} y.", "A \\{x\\} {on} y.", True),
    ],
)
def test_what_a_correction_changes(tmp_path: Path, wrong: str, right: str, same: bool) -> None:  # noqa: FBT001 - a parameter
    """Words may move, and signs may change; other words outside of the braces may not."""
    entry = f"- {{id: a, wrong: '{wrong}', right: '{right}', why: So., kind: preposition}}\n"
    files = {"cards/basics/corrections.yaml": entry}
    assert (found(tmp_path, Code.UNMARKED_CHANGE, files) == []) is same


@pytest.mark.parametrize(
    ("phrase", "there"),
    [
        ("first I make sure", True),
        ("I make … the slowdown", True),
        ("… is *real*.", True),
        ("I made sure", False),
        ("First … fast", False),
    ],
)
def test_key_phrases(tmp_path: Path, phrase: str, there: bool) -> None:  # noqa: FBT001 - a parameter
    """Whatever stands for what varies, and however it is written."""
    entry = (
        "- {id: a, question: Why?, answer: First I make sure that the slowdown is **real**.,"
        f" phrases: ['{phrase}']}}\n"
    )
    files = {"cards/basics/interview.yaml": entry}
    assert (found(tmp_path, Code.KEY_PHRASE, files) == []) is there


@pytest.mark.parametrize(
    ("text", "named", "absent"),
    [
        ("They {dug} a hole for the pond.", "[dig]", []),
        ("They dug a {hole} for the pond.", "[dig]", []),
        ("They {dug} a hole for the pond.", "[hole, dig]", ["dig"]),
        ("They dig a hole `{dug}` there.", "[hole, pond]", ["pond"]),
    ],
)
def test_terms_of_sentences(tmp_path: Path, text: str, named: str, absent: list[str]) -> None:
    """What an author puts in braces is a form of the first term, and of no other."""
    files = {
        T: "".join(
            f"- {{id: {w}, term: {w}, definition: A word.}}\n" for w in ("dig", "hole", "pond")
        ),
        S: f"- {{id: a, terms: {named}, text: '{text}'}}\n",
    }
    said = found(tmp_path, Code.TERM_ABSENT, files)
    assert [message.split("'")[1] for message in said] == absent


@pytest.mark.parametrize(
    "files",
    [
        {"cards/more/terms.yaml": "- id: 'a\n"},
        {"cards/more/terms.yaml": "- {id: a, trem: a, definition: A word.}\n"},
        {"cards/more/term.yaml": "- {id: a, term: a, definition: A word.}\n"},
        {"cards/more/terms.csv": "id,trem\na,a\n"},
        {"cards/more/words.yaml": "[]", "notetypes/words/notetype.yaml": "name:\n"},
        {"glossary.csv": "Word\nwarp\n", "ankigen.yaml": FOREIGN},
    ],
)
def test_a_category_that_is_not_empty(tmp_path: Path, files: dict[str, str]) -> None:
    """A category is not called empty where what is there cannot be used."""
    base = {"ankigen.yaml": TWO, "cards/more/category.yaml": "name: More\n", **terms("term: a")}
    assert found(tmp_path / "empty", Code.EMPTY_CATEGORY, base)
    root = write_project(tmp_path / "course", {**SMALL, **base, **files})
    assert Code.EMPTY_CATEGORY not in {d.code for d in check(root).diagnostics}
    assert Severity.ERROR in {d.severity for d in check(root).diagnostics}
