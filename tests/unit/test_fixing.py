"""``check --fix`` with the rules that there are: it mends what they find, once, and safely."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankigen import fixing, yamltext
from ankigen.checking import Options
from ankigen.rules import RULES
from sourcefiles import SourceFile, source_files
from support import SMALL, write_project

if TYPE_CHECKING:
    from ankigen.diagnostics import Code

BASE = {name: SMALL[name] for name in ("ankigen.yaml", "cards/basics/category.yaml")}
TERMS = "cards/basics/terms.yaml"
MENDING = [code for code, rule in RULES.items() if rule.mend or rule.mend_of]

SLIPS = st.lists(
    st.sampled_from(
        """a “tile”|the "host"|it\u2019s|doesn't|color|colour|fused  kernel|here ,|`color  code`
        |*optimise*|optimize|[a  link](https://example.org/a,b)|( it )""".replace("\n", "").split(
            "|"
        )
    ),
    min_size=1,
    max_size=8,
).map(lambda parts: " ".join(map(str.strip, parts)))
"""Texts that break every rule that mends, and texts that must stay as they are."""


def texts(root: Path) -> dict[str, bytes]:
    """What the files of a project hold."""
    return {str(path): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("code", MENDING)
def test_each_rule_mends_its_own_bad_example(tmp_path: Path, code: Code) -> None:
    """Nothing of it is left to report; remarks stay; a second run changes nothing."""
    bad = {sample.file: f"# why\n{sample.text}# end\n" for sample in RULES[code].page.bad}
    root = write_project(tmp_path, {**BASE, **bad})
    options = Options(select=(code,))
    outcome = fixing.fix(root, options)
    assert outcome.fixes
    assert {fix.code for fix in outcome.fixes} == {code}
    assert outcome.left.diagnostics == ()
    after = texts(root)
    for file in bad:
        text = (root / file).read_text("utf-8")
        assert text.startswith("# why\n")
        assert text.endswith("# end\n")
    assert fixing.fix(root, options).fixes == ()
    assert texts(root) == after


@settings(max_examples=25)
@given(source_files(("id", "term", "definition", "usage"), SLIPS, whole=True))
def test_any_course_is_mended_once(source: SourceFile) -> None:
    """Whatever the layout: ids are there, remarks stay, and a second run finds nothing to do."""
    with tempfile.TemporaryDirectory() as folder:
        root = write_project(Path(folder), {**BASE, TERMS: source.text})
        fixing.fix(root, Options())
        made = (root / TERMS).read_bytes().decode()
        before, after = yamltext.read(source.text, TERMS), yamltext.read(made, TERMS)
        assert after.diagnostics == ()
        assert isinstance(before.value, list)
        assert isinstance(after.value, list)
        for old, new in zip(before.value, after.value, strict=True):
            assert isinstance(old, dict)
            assert isinstance(new, dict)
            assert list(new) == ["id", *old]
            assert new.get("topics") == old.get("topics")
        places = [made.find(remark) for remark in source.remarks]
        assert -1 not in places
        assert places == sorted(places)
        assert fixing.fix(root, Options()).fixes == ()
        assert (root / TERMS).read_bytes().decode() == made


def test_spreadsheets_are_not_written(tmp_path: Path) -> None:
    """What could be mended in them is counted, and stays for a person."""
    table = 'id,term,definition\ntile,tile,A  part of a tensor .\nloop,loop,"What  repeats ."\n'
    file = "cards/basics/terms.csv"
    root = write_project(tmp_path, {**BASE, file: table})
    outcome = fixing.fix(root, Options())
    assert outcome.fixes == ()
    assert outcome.unwritten == 4
    assert (root / file).read_text() == table


def test_foreign_files_are_not_written(tmp_path: Path) -> None:
    """They belong to somebody else, even in a category's folder."""
    course = (
        f"{BASE['ankigen.yaml']}sources:\n"
        "  - {glob: cards/basics/terms.other.yaml, notetype: terms, category: basics,\n"
        "     columns: {word: term, sense: definition}, id_from: word}\n"
    )
    text = "word: tile\nsense: A  part of a tensor .\n"
    file = "cards/basics/terms.other.yaml"
    root = write_project(tmp_path, {**BASE, "ankigen.yaml": course, file: text})
    outcome = fixing.fix(root, Options())
    assert outcome.fixes == ()
    assert outcome.unwritten == 2
    assert (root / file).read_text() == text


def test_what_somebody_wants_so_is_left_alone(tmp_path: Path) -> None:
    """A warning that does not count is not mended either."""
    text = (
        "- id: tile\n  term: tile\n"
        "  definition: A  part of a tensor.  # ankigen: ignore AG733 because it is aligned\n"
    )
    root = write_project(tmp_path, {**BASE, TERMS: text})
    assert fixing.fix(root, Options()).fixes == ()
    assert (root / TERMS).read_text() == text
