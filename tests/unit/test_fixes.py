"""What ``--fix`` writes: ids and mended values, and nothing else."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from hypothesis import given

from ankigen import fixes, notetype, schema, yamltext
from ankigen.diagnostics import Code, Span
from sourcefiles import SourceFile, source_files

if TYPE_CHECKING:
    from ankigen.fixes import Mend
    from ankigen.yamltext import Marks, Value

TERMS = notetype.built_in()["terms"]


def straight(text: str) -> str:
    """Typographic quotes as straight ones."""
    return re.sub("[“”]", '"', text)


def british(text: str) -> str:
    """One word as the British spell it."""
    return re.sub(r"\bcolor\b", "colour", text)


def american(text: str) -> str:
    """One word as Americans spell it."""
    return re.sub(r"\bcolour\b", "color", text)


def broken(text: str, mends: dict[Code, Mend]) -> list[tuple[Span, Code, Mend]]:
    """Every value of a text, as if it broke every rule."""
    document = yamltext.read(text, "f")
    found: list[tuple[Span, Code, Mend]] = []

    def visit(value: Value, path: tuple[str | int, ...], marks: Marks) -> None:
        if isinstance(value, str):
            span = Span("f", *marks.find(path))
            found.extend((span, code, mend) for code, mend in mends.items())
            return
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        for step, below in steps:
            visit(below, (*path, step), marks)

    if document.value is not None:
        visit(document.value, (), document.marks)
    return found


def everywhere(value: Value, mend: Mend) -> Value:
    """A value whose every text is mended."""
    if isinstance(value, str):
        return value.replace(value.strip(), mend(value.strip())) if value.strip() else value
    if isinstance(value, list):
        return [everywhere(item, mend) for item in value]
    return {key: everywhere(item, mend) for key, item in value.items()}


@given(source_files())
def test_values_are_mended_and_nothing_else_changes(source: SourceFile) -> None:
    """Whatever the layout: the file means what the rules make of it, and keeps its remarks."""
    mends: dict[Code, Mend] = {Code.HTML: straight, Code.GAP: american}
    made, done = fixes.values(source.text, broken(source.text, mends))
    document = yamltext.read(made, "f")
    before = yamltext.read(source.text, "f").value
    assert before is not None
    assert document.value == everywhere(before, lambda text: straight(american(text)))
    places = [made.find(remark) for remark in source.remarks]
    assert places == sorted(places)
    assert -1 not in places
    assert bool(done) == (made != source.text)
    assert fixes.values(made, broken(made, mends)) == (made, [])


@given(source_files())
def test_every_entry_gets_an_id_of_its_own(source: SourceFile) -> None:
    """Entries that have one keep it; a second run finds nothing to do."""
    taken = {"tile", "fused", "terms-1"}
    made, done = fixes.ids(source.text, "f", TERMS, taken)
    old, new = yamltext.read(source.text, "f").value, yamltext.read(made, "f").value
    assert isinstance(old, list)
    assert isinstance(new, list)
    given_ids = []
    for before, after in zip(deepcopy(old), new, strict=True):
        assert isinstance(before, dict)
        assert isinstance(after, dict)
        identifier = after["id"]
        assert isinstance(identifier, str)
        if "id" not in before:
            given_ids.append(identifier)
            assert re.fullmatch(schema.SLUG, identifier)
        assert before | {"id": identifier} == after
    assert [fix.said for fix in done] == [f"id: {identifier}" for identifier in given_ids]
    assert len(set(given_ids)) == len(given_ids)
    assert not {"tile", "fused", "terms-1"} & set(given_ids)
    assert taken >= set(given_ids)
    assert fixes.ids(made, "f", TERMS, taken) == (made, [])


def test_a_value_is_mended_by_one_rule_after_another() -> None:
    """In the order of their codes; each tells what it has changed."""
    text = "- definition: >-\n    A “nice” colour,\n    and a colour.\n"
    found = broken(text, {Code.GAP: american, Code.HTML: straight})
    made, done = fixes.values(text, [*reversed(found), *found])
    assert made == '- definition: >-\n    A "nice" color,\n    and a color.\n'
    assert [(fix.code, fix.said) for fix in done] == [
        (Code.GAP, "colour, → color,; colour. → color."),
        (Code.HTML, '“nice” → "nice"'),
    ]


def test_what_cannot_be_mended_stays() -> None:
    """An anchor's value, a mend that changes nothing, a place of no value, a file that is wrong."""
    text = "- a: &x colour\n- b: *x\n- c: color\n"
    assert fixes.values(text, broken(text, {Code.GAP: american})) == (text, [])
    span = Span("f", 1, 3)
    assert fixes.values("- a: colour\n", [(span, Code.GAP, american)]) == ("- a: colour\n", [])
    assert fixes.values("- a: [\n", [(span, Code.GAP, american)]) == ("- a: [\n", [])
    assert fixes.ids("- a: [\n", "f", TERMS, set()) == ("- a: [\n", [])
    assert fixes.ids("- &x {term: a}\n- *x\n- text\n- {}\n", "f", TERMS, set())[1] == []


def test_a_file_of_one_entry_gets_an_id() -> None:
    """A mapping at the top of a file is an entry, too."""
    made, [fix] = fixes.ids("# why\nterm: Warp\n", "f", TERMS, {"warp"})
    assert made == "# why\nid: warp-2\nterm: Warp\n"
    assert fix == fixes.Fix(Span("f", 2, 1), Code.MISSING_KEY, "id: warp-2")


def test_many_changes_are_counted() -> None:
    """Three words are shown, the others are counted; spaces are called so."""
    text = "- " + "colour x " * 5 + "end\n"
    [fix] = fixes.values(text, broken(text, {Code.GAP: american}))[1]
    assert fix.said == "colour → color; colour → color; colour → color and 2 more"
    text = "- a  b\n"
    [fix] = fixes.values(text, broken(text, {Code.GAP: lambda said: " ".join(said.split())}))[1]
    assert fix.said == "spaces"
