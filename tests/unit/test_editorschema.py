"""JSON Schemas for editors: never stricter than ankigen, and as strict as they can be."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

import everytype
from ankigen import editorschema, notetype, schema, yamltext
from ankigen.config import CategorySpec, CourseSpec
from ankigen.lexicon import load
from support import REPOSITORY, SMALL, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMAS = editorschema.all_of(notetype.built_in())
CHECKS: Mapping[str, TypeAdapter[Any]] = {
    "ankigen.yaml": TypeAdapter(CourseSpec),
    "category.yaml": TypeAdapter(CategorySpec),
    **{name: made.entries for name, made in notetype.built_in().items()},
}


class Editor(yaml.SafeLoader):
    """YAML as editors read it: with numbers, booleans and nulls; keys are words."""


def _mapping(loader: Editor, node: yaml.MappingNode) -> dict[str, Any]:
    return {key.value: loader.construct_object(below, deep=True) for key, below in node.value}


def _date(_: Editor, node: yaml.ScalarNode) -> str:
    return str(node.value)


Editor.add_constructor("tag:yaml.org,2002:map", _mapping)
Editor.add_constructor("tag:yaml.org,2002:timestamp", _date)


def edited(text: str) -> object:
    """The value of a file in an editor."""
    return yaml.load(text, Editor)  # noqa: S506 - it is a safe one


def complaints(name: str, text: str) -> list[str]:
    """What an editor would underline."""
    validator = jsonschema.Draft7Validator(SCHEMAS[name])
    return [error.message for error in validator.iter_errors(edited(text))]


def accepted(name: str, text: str) -> bool:
    """Whether ankigen itself takes a file for good, as far as one file can tell."""
    document = yamltext.read(text, name)
    if document.diagnostics or document.value is None:
        return False
    if name == "pronunciations.yaml":
        return not load(document, name)[1]
    one = name.endswith(".yaml") or not isinstance(document.value, list)
    values = [document.value] if one else document.value
    return not any(
        isinstance(schema.validate(CHECKS[name], value, document.marks, name), schema.Invalid)
        for value in values
    )


def schema_of(path: str) -> str:
    """The name of the schema of a project's file."""
    name = Path(path).name
    whole = ("ankigen.yaml", "category.yaml")
    return name if name in whole or "/" not in path else name.split(".")[0]


def sources() -> Iterator[tuple[str, str]]:
    """Files of the repository, of the tests' projects, and those that README shows."""
    for path in (
        REPOSITORY / "ankigen.yaml",
        REPOSITORY / "pronunciations.yaml",
        *REPOSITORY.glob("cards/*/*.yaml"),
    ):
        yield str(path.relative_to(REPOSITORY)), path.read_text()
    yield from SMALL.items()
    yield from everytype.files().items()
    for made in notetype.built_in().values():
        yield f"cards/x/{made.name}.yaml", made.spec.sample
    for page in (REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")):
        for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
            named = re.match(r"# ((?:cards/\S+/)?(\w+)\.yaml)\n", block)
            if named and (named[2] in SCHEMAS or f"{named[2]}.yaml" in SCHEMAS):
                yield named[1], block


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_schemas(name: str) -> None:
    """Each is one of draft 7, refers to nothing, and survives being written."""
    jsonschema.Draft7Validator.check_schema(SCHEMAS[name])
    text = editorschema.text(SCHEMAS[name])
    assert "$ref" not in text
    assert json.loads(text) == SCHEMAS[name]


def keys(part: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every key that a mapping in a schema may have."""
    if isinstance(part, dict):
        for key, below in part.get("properties", {}).items():
            yield f"{path}.{key}", below
        for key, below in part.items():
            yield from keys(below, f"{path}.{key}")
    elif isinstance(part, list):
        for index, below in enumerate(part):
            yield from keys(below, f"{path}[{index}]")


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_is_explained(name: str) -> None:
    """An editor shows a sentence about each."""
    assert SCHEMAS[name]["description"].endswith(".")
    for path, said in keys(SCHEMAS[name]):
        assert re.fullmatch(r".*[.…]", said.get("description", ""), re.DOTALL), path


@pytest.mark.parametrize(("path", "text"), [pytest.param(*one, id=one[0]) for one in sources()])
def test_good_files(path: str, text: str) -> None:
    """Nothing is underlined in what builds."""
    assert complaints(schema_of(path), text) == []


TERM = "id: a\nterm: b\ndefinition: c\n"
COURSE = "id: a\nname: b\n"
SOURCE = "glob: a/*.csv, notetype: terms, category: a, columns: {A: term, 2: definition}"
RIGHT = [
    ("terms", "id: 2020\nterm: no\ndefinition: 2.0\n"),
    ("terms", "id: true\nterm: null\ndefinition: 1:30\n"),
    ("terms", "id: 1e3\nterm: ~\ndefinition: 2026-01-01\n"),
    ("terms", TERM + "tags: [1, yes, 1.5]\ntopics: [3, null]\nrelated: [on]\n"),
    ("terms", TERM + "say: {term: 5}\nipa: no\n"),
    ("terms", f"- {TERM}- {TERM}".replace("\n", "\n  ").replace("\n  - ", "\n- ").rstrip()),
    ("terms", "[]"),
    ("ankigen.yaml", COURSE + "study: {weeks: '6', retention: '0.9', new_per_day: 6.0}\n"),
    ("ankigen.yaml", COURSE + "voices: {a: {speed: ' 1 ', slow: .7}}\nvoice: a\n"),
    ("ankigen.yaml", COURSE + "voice: [a, b]\nbudget: 40 MB\n"),
    ("ankigen.yaml", COURSE + "voice: {terms: a, sentences: [a, b]}\n"),
    ("ankigen.yaml", COURSE + "description: ''\nauthors: []\nlicence:\nurl: 5\n"),
    ("category.yaml", "name: 3\ncards: {terms: [listening]}\n"),
    ("ankigen.yaml", f"{COURSE}sources: [{{{SOURCE}, sheet: 1, id_from: [A, 2]}}]\n"),
    (
        "ankigen.yaml",
        f"{COURSE}sources: [{{{SOURCE}, constants: {{tags: [no], say: {{x: 1}}}}}}]\n",
    ),
    ("pronunciations.yaml", "no: {say: 5}\n8.5: {phonemes: no, ipa: {us: 1}}\n"),
]


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_words_that_editors_read_otherwise(name: str, text: str) -> None:
    """What is text for ankigen, and a number, a boolean or nothing for an editor, is welcome."""
    assert accepted(name, text)
    assert complaints(name, text) == []


WRONG = [
    ("terms", "- a\n"),
    ("terms", "just text"),
    ("terms", f"{TERM}trem: x\n"),
    ("terms", "id: a\nterm: b\n"),
    ("terms", "- id: a\n  term: b\n  definition: [c]\n"),
    ("terms", "id: A B\nterm: b\ndefinition: c\n"),
    ("terms", f"id: {'a' * 81}\nterm: b\ndefinition: c\n"),
    ("terms", "id: a\nterm: ' '\ndefinition: c\n"),
    ("terms", f"{TERM}pos: nuon\n"),
    ("terms", f"{TERM}topics: x\n"),
    ("terms", f"{TERM}topics: []\n"),
    ("terms", f"{TERM}tags: [a b]\n"),
    ("terms", f"{TERM}say: [a]\n"),
    ("terms", f"{TERM}say: {{term: ''}}\n"),
    ("ankigen.yaml", "name: a\n"),
    ("ankigen.yaml", "- id: a\n  name: b\n"),
    ("ankigen.yaml", COURSE + "nmae: c\n"),
    ("ankigen.yaml", COURSE + "ipa: [fr]\n"),
    ("ankigen.yaml", COURSE + "budget: 40\n"),
    ("ankigen.yaml", COURSE + "study: {weeks: 0}\n"),
    ("ankigen.yaml", COURSE + "study: {weeks: many}\n"),
    ("ankigen.yaml", COURSE + "study: {retention: 0.2}\n"),
    ("ankigen.yaml", COURSE + "voices: {A: {engine: hibari}}\n"),
    ("ankigen.yaml", COURSE + "voices: {a: {speed: fast}}\n"),
    ("ankigen.yaml", COURSE + "voice: {terms: []}\n"),
    ("ankigen.yaml", COURSE + "cards: {terms: recognition}\n"),
    ("category.yaml", "description: a\n"),
    ("pronunciations.yaml", "CUDA: kooda\n"),
    ("pronunciations.yaml", "CUDA: {source: here}\n"),
    ("pronunciations.yaml", "CUDA: {phonemes: '!'}\n"),
    ("pronunciations.yaml", "' CUDA': {say: kooda}\n"),
]
OF_THE_PROJECT = [
    ("ankigen.yaml", COURSE + "cards: {terms: [listning]}\n"),
    ("ankigen.yaml", f"{COURSE}sources: [{{glob: a, notetype: trems, columns: {{a: id}}}}]\n"),
    ("category.yaml", "name: a\ncards: {trems: [listening]}\n"),
    ("ankigen.yaml", COURSE + "budget: 40.MB\n"),
]
"""Refused for what more than a file's own values tell."""


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_wrong_files(name: str, text: str) -> None:
    """What ankigen refuses for its values is underlined."""
    assert not accepted(name, text)
    assert complaints(name, text)


@pytest.mark.parametrize(("name", "text"), OF_THE_PROJECT)
def test_cards_of_the_project(name: str, text: str) -> None:
    """Note types and cards that the project does not have are underlined."""
    assert complaints(name, text)


WORDS = st.sampled_from(
    [
        *("a", "A b", "no", "Yes", "off", "true", "null", "~", "1", "0", "6.0", "-3", "1_000"),
        *(".5", "1e3", "0x1F", "010", "1:30", "2026-01-01", ".inf", ".nan", "''", "' '", "'1'"),
        *("40 MB", "us", "noun", "hibari", "0.9", "recognition", "written", "kudə"),
    ]
)
LISTS = st.lists(WORDS, max_size=3).map(lambda found: f"[{', '.join(found)}]")
VALUES = WORDS | LISTS | WORDS.map("{{terms: {}}}".format) | LISTS.map("{{a: {}}}".format)


@given(data=st.data(), name=st.sampled_from(sorted(SCHEMAS)))
def test_never_stricter(data: st.DataObject, name: str) -> None:
    """Whatever ankigen accepts, editors do."""
    if name == "pronunciations.yaml":
        known = list(SCHEMAS[name]["additionalProperties"]["properties"])
        entry = data.draw(st.dictionaries(st.sampled_from(known), VALUES, min_size=1))
        text = f"{data.draw(WORDS)}: {{{', '.join(f'{k}: {v}' for k, v in entry.items())}}}\n"
    else:
        needed = dict.fromkeys(SCHEMAS[name]["required"], WORDS | LISTS)
        known = [key for key in SCHEMAS[name]["properties"] if key not in needed]
        optional = data.draw(st.dictionaries(st.sampled_from(known), VALUES, max_size=3))
        said = {**{key: data.draw(values) for key, values in needed.items()}, **optional}
        text = "".join(f"{key}: {value}\n" for key, value in said.items())
    if accepted(name, text):
        assert complaints(name, text) == [], text


OWN = """\
id: 1795000000001
name: Own
help: Any.
entry:
  answer: {type: choice, choices: ["no", "yes", "1e3", "~", 'a: b'], required: true, help: Which.}
  sure: {type: flag, help: Whether.}
fields: [{id: 1, name: Answer, key: answer}, {id: 2, name: Key, template: "{{ key }}"}]
cards: [{id: 1, name: Card, front: front.html, back: front.html}]
"""


def test_own_note_type(tmp_path: Path) -> None:
    """A project's own has a schema too; choices and flags may be words that editors read."""
    write_project(tmp_path, {"own/notetype.yaml": OWN, "own/front.html": "{{Answer}}"})
    made = notetype.load(tmp_path / "own")
    adapter: TypeAdapter[Any] = made.entries
    said = editorschema.all_of({"own": made})
    validator = jsonschema.Draft7Validator(said["own"])
    flags = ["yes", "TRUE", "off", "'n'", "0", "1", "'F'", "true"]
    for text in [
        *("answer: no", "answer: 'no'", "answer: 1e3", "answer: ~", "answer: 'a: b'"),
        *(f"answer: yes\nsure: {flag}" for flag in flags),
    ]:
        read = yamltext.read(f"id: a\n{text}", "f")
        assert read.value is not None
        assert not isinstance(schema.validate(adapter, read.value, read.marks, "f"), schema.Invalid)
        assert validator.is_valid(edited(f"id: a\n{text}")), text
        assert validator.is_valid({"id": "a", "answer": 1000}), "as YAML 1.2 reads 1e3"
    for text in ("answer: of", "answer: yes\nsure: perhaps", "answer: yes\nsure: 2"):
        assert not validator.is_valid(edited(f"id: a\n{text}")), text


def test_written_where_the_modeline_points(tmp_path: Path) -> None:
    """From whichever file, its first line leads to the schema that was written."""
    written = editorschema.write(tmp_path, notetype.built_in())
    assert len(written) == len(SCHEMAS) == len(set(written))
    for file in ("ankigen.yaml", "cards/a/terms.more.yaml", "cards/a/category.yaml"):
        line = editorschema.modeline(file, schema_of(file))
        said = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", line)
        assert said
        found = ((tmp_path / file).parent / said[1]).resolve()
        assert json.loads(found.read_text()) == SCHEMAS[schema_of(file)]
