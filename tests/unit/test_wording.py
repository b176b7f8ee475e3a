"""The words of a course, and rules of language over any text."""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ankigen import projecttypes, source, wording, yamlsyntax
from ankigen.diagnostics import Code
from ankigen.lexicon import Lexicon
from ankigen.model import Category, Course, Voice
from ankigen.project import Project
from ankigen.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ankigen.diagnostics import Diagnostic
    from ankigen.wording import Wording

LANGUAGE = tuple(rule for code, rule in RULES.items() if code.startswith("AG7"))


def project(
    root: Path, files: Mapping[str, object], *, language: str = "en-GB", words: Sequence[str] = ()
) -> Project:
    """A course of one category, of entries given by the names of their files."""
    folder = root / "cards" / "basics"
    folder.mkdir(parents=True, exist_ok=True)
    for name, entries in files.items():
        text = entries if isinstance(entries, str) else yaml.dump(entries, allow_unicode=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    course = Course(
        root=root,
        id="x",
        name="X",
        description="",
        language=language,
        authors=(),
        licence="",
        url="",
        categories=(Category("basics", "Basics"),),
        voices={"default": Voice("hibari")},
        voice={},
        accents=(),
        budget=None,
    )
    note_types = projecttypes.of_project(root)
    entries = source.load(course, note_types)

    def lines(file: str) -> Sequence[str]:
        return yamlsyntax.lines((root / file).read_text(encoding="utf-8"))

    return Project(course, note_types, entries.entries, Lexicon(), (), frozenset(words), lines)


def term(definition: str, **others: str) -> list[dict[str, str]]:
    """The entries of a file with a single term."""
    return [{"id": "x", "term": "x", "definition": definition, **others}]


def said(found: Project, code: Code) -> list[str]:
    """The messages of a rule."""
    return [d.message for d in RULES[code].diagnostics(found)]


def test_places(tmp_path: Path) -> None:
    """A word is found where it is written, behind markup and in folded lines."""
    text = "- id: x\n  term: x\n  definition: >-\n    A **bold**\n    and `code` teh end.\n"
    found = list(RULES[Code.SPELLING].diagnostics(project(tmp_path, {"terms.yaml": text})))
    assert [(str(d.span), d.message) for d in found] == [
        ("cards/basics/terms.yaml:5:16", "'teh' is in no dictionary")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The `functoin` of https://example.org/functoin and tf.functoin or my_functoin.",
        "Said by Jukka at Zzyzx, who wrote LLVMs and MacOSes.",
        "A nai\u0308ve cafe\u0301 of Большой театр.",
        "A re-run, the *-ing* form of dtypes, s… t…",
        "Wir schreiben alles auf Deutsch, was man hier nicht lesen kann.",
    ],
)
def test_what_is_not_read(tmp_path: Path, text: str) -> None:
    """Code, names, endings, the course's words and other languages are no misspellings."""
    assert said(project(tmp_path, {"terms.yaml": term(text)}, words=["dtype"]), Code.SPELLING) == []


def test_notes_talk_about_mistakes(tmp_path: Path) -> None:
    """What is in quotes in a note is not corrected, but elsewhere it is."""
    note = 'Not "informations"; not "could of", and not "color".'
    noted = project(tmp_path / "a", {"terms.yaml": term("A thing.", usage=note)})
    defined = project(tmp_path / "b", {"terms.yaml": term(note)})
    codes = (Code.SPELLING, Code.SLIP, Code.VARIETY)
    assert [len(said(noted, code)) for code in codes] == [0, 0, 0]
    assert [len(said(defined, code)) for code in codes] == [0, 2, 1]


def test_mistakes_are_not_corrected(tmp_path: Path) -> None:
    """Wrong sentences of exercises are wrong on purpose."""
    entry = {
        "id": "x",
        "wrong": "He {gived teh} it.",
        "right": "He {gave} it to me.",
        "why": "Yes.",
    }
    found = project(tmp_path, {"corrections.yaml": [{**entry, "kind": "tense"}]})
    assert said(found, Code.SPELLING) == []


@pytest.mark.parametrize("language", ["de", "pt-BR", "zh-Hans"])
def test_other_languages(tmp_path: Path, language: str) -> None:
    """Of a course that is not in English nothing is said of its words."""
    text = "The teh teh color, an CPU, depends of it."
    found = project(tmp_path, {"terms.yaml": term(text)}, language=language)
    for code in (Code.SPELLING, Code.VARIETY, Code.REPEATED_WORD, Code.ARTICLE, Code.SLIP):
        assert said(found, code) == []


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en-GB", "'color' is not how British English spells it"),
        ("en-US", "'colour' is not how American English spells it"),
        ("en", "'color' is spelt in another way elsewhere in the course"),
    ],
)
def test_varieties(tmp_path: Path, language: str, message: str) -> None:
    """The course's variety decides; where it has none, the more frequent of two spellings."""
    text = "A colour, no colour, and a color."
    found = said(project(tmp_path, {"terms.yaml": term(text)}, language=language), Code.VARIETY)
    assert set(found) == {message}


@pytest.mark.parametrize(
    ("code", "language", "before", "after"),
    [
        (Code.VARIETY, "en-GB", "Analyze `color` **colors**.", "Analyse `color` **colours**."),
        (Code.VARIETY, "en-US", "Colours of {Labour} Day", "Colors of {Labour} Day"),
        (Code.VARIETY, "de", "colors", "colors"),
        (Code.SPACES, "en", "One  two , `a  ,b` x", "One two, `a  ,b` x"),
        (Code.QUOTES, "en", "“A” *it’s* `’`", '"A" *it\'s* `’`'),
    ],
)
def test_mending(tmp_path: Path, code: Code, language: str, before: str, after: str) -> None:
    """A mended text keeps its code and markup, and is not mended twice."""
    text = 'A "thing" that\'s here.'
    mend = RULES[code].mending(project(tmp_path, {"terms.yaml": term(text)}, language=language))
    if code is Code.VARIETY:
        mend = RULES[code].mending(
            project(tmp_path, {"terms.yaml": term(f"{text} {before}")}, language=language)
        )
    assert mend is not None
    assert mend(before) == after
    assert mend(after) == after


SIGNS = st.sampled_from([*" \t\n.,;:!?'\"()[]{}*_`<>&\\-–—…“”’/", "\u00e9", "\u4e00", "\U0001f600"])
WORDS = st.sampled_from(
    "a an A the The of more color teh Teh it's Kernel GPU re informations depends x 8 11".split()
)
TEXT = st.lists(SIGNS | WORDS | st.text(max_size=2), max_size=30).map("".join)


def _clean(text: str) -> str:
    return "".join(c for c in text if c in "\t\n" or c.isprintable())


@settings(deadline=None)
@given(texts=st.tuples(TEXT, TEXT, TEXT, TEXT), language=st.sampled_from(["en", "en-GB"]))
def test_any_text(
    tmp_path_factory: pytest.TempPathFactory, texts: tuple[str, str, str, str], language: str
) -> None:
    """No rule raises, whatever is written, nor leaves the file; mending settles at once."""
    definition, usage, sentence, hint = map(_clean, texts)
    root = tmp_path_factory.mktemp("course")
    found = project(
        root,
        {
            "terms.yaml": term(definition or "d", usage=usage or "u"),
            "sentences.yaml": [
                {"id": "s", "terms": ["x"], "text": f"{{x}} {sentence}", "hint": hint or "h"}
            ],
        },
        language=language,
    )
    for diagnostic in _all(found):
        lines = found.lines(diagnostic.span.file)
        assert 1 <= diagnostic.span.line <= len(lines)
        assert 1 <= diagnostic.span.column <= len(lines[diagnostic.span.line - 1])
    for rule in LANGUAGE:
        mend = rule.mending(found)
        if mend:
            once = mend(definition)
            assert mend(once) == once


def _all(found: Project) -> Iterator[Diagnostic]:
    for rule in LANGUAGE:
        yield from rule.diagnostics(found)


def test_the_concordance(tmp_path: Path) -> None:
    """Each word stands where it is said to."""
    words: Wording = wording.of(project(tmp_path, {"terms.yaml": term("The cat and the hat.")}))
    for word, places in words.concordance.items():
        assert all(words.text.startswith(word, place) for place in places)
    assert len(words.concordance["the"]) == 1
