"""A new course: what it is called, that every file explains itself, and that nothing is lost."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from ankigen import build, config, notetype, reading, scaffold, yamltext
from ankigen.diagnostics import SetupError
from ankigen.site import output
from support import REPOSITORY, write_project

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


def all_files(root: Path) -> set[str]:
    """Every file of a project."""
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def course_of(root: Path) -> tuple[str, str, str]:
    """Id, name and language."""
    course, problems = config.load(root.resolve())
    assert problems == []
    return course.id, course.name, course.language


@pytest.mark.parametrize(
    ("folder", "name", "language", "expected"),
    [
        ("demo", "", "", ("demo", "Demo", "en-GB")),
        ("my_welding-course", "", "", ("my-welding-course", "My welding course", "en-GB")),
        ("demo", "Über: “Schweißen”", "de", ("uber-schweissen", "Über: “Schweißen”", "de")),
        ("demo", "  no # remark ", "en-US", ("no-sharp-remark", "no # remark", "en-US")),
        ("чай", "", "", ("course-6618bddc", "Чай", "en-GB")),
        ("日本", "", "", ("course-cf2abf0c", "日本", "en-GB")),
        ("cooking", "", "", ("cooking-course", "Cooking", "en-GB")),
    ],
)
def test_a_course_is_called_as_asked(
    tmp_path: Path, folder: str, name: str, language: str, expected: tuple[str, str, str]
) -> None:
    """By the name that is given, or by the folder's; its id follows, and never is a category's."""
    scaffold.start(tmp_path / folder, name, language)
    assert course_of(tmp_path / folder) == expected


def test_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    """Every entry is read, of three note types at least, in two categories."""
    scaffold.start(tmp_path / "demo")
    surveyed = reading.survey((tmp_path / "demo").resolve())
    assert surveyed.diagnostics == ()
    assert surveyed.project is not None
    assert len({entry.note_type for entry in surveyed.project.entries}) >= 3
    assert len(surveyed.project.course.categories) == 2


def test_every_file_names_a_schema_that_takes_it(tmp_path: Path) -> None:
    """An editor finds the schema where the first line says, and underlines nothing."""
    written = scaffold.start(tmp_path)
    sources = [file for file in written if file.endswith(".yaml")]
    assert len(sources) >= 7
    for file in sources:
        text = (tmp_path / file).read_text("utf-8")
        modeline = MODELINE.match(text)
        assert modeline, file
        schema = json.loads(((tmp_path / file).parent / modeline[1]).read_text("utf-8"))
        jsonschema.Draft7Validator(schema).validate(yaml.safe_load(text))


def test_every_key_of_the_course_is_explained(tmp_path: Path) -> None:
    """A newcomer finds a remark above each key of ankigen.yaml, and for each key of a term."""
    scaffold.start(tmp_path)
    lines = (tmp_path / "ankigen.yaml").read_text("utf-8").splitlines()
    keys = [number for number, line in enumerate(lines) if re.match(r"[a-z]+:", line)]
    explained = [number for number in keys if lines[number - 1].startswith("# ")]
    assert [lines[number] for number in keys if number not in explained] == [
        "licence: CC BY-SA 4.0"
    ]
    text = (tmp_path / "cards/cooking/terms.yaml").read_text("utf-8")
    terms = notetype.built_in()["terms"].spec
    for key in ("id", *terms.entry):
        if re.search(rf"(?m)^[- ] {key}:", text):
            assert re.search(rf"(?m)^[- ] {key}: .* # ", text), key


def test_what_is_made_is_not_kept_in_git(tmp_path: Path) -> None:
    """Decks, pages and clips are published or cached, and never committed."""
    scaffold.start(tmp_path)
    ignored = (tmp_path / ".gitignore").read_text("utf-8").splitlines()
    made = (build.OUTPUT_FOLDER, output.OUTPUT_FOLDER, reading.CLIPS_FOLDER)
    assert {f"/{folder}/" for folder in made} <= set(ignored)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (["ankigen.yaml", "words.txt"], "ankigen.yaml, words.txt"),
        ([".gitignore"], ".gitignore"),
        (["cards/mine/category.yaml"], "cards"),
        ([".github"], ".github/workflows/decks.yml"),
    ],
)
def test_nothing_is_written_over(tmp_path: Path, there: Iterable[str], said: str) -> None:
    """What is in the way is named, all of it, and stays as it was."""
    write_project(tmp_path, dict.fromkeys(there, "mine"))
    with pytest.raises(SetupError) as refused:
        scaffold.start(tmp_path)
    assert str(refused.value).endswith(f"already has {said}")
    assert all_files(tmp_path) == set(there)
    assert {(tmp_path / file).read_text() for file in there} == {"mine"}


def test_no_course_in_a_course(tmp_path: Path) -> None:
    """One would be taken for a part of the other."""
    write_project(tmp_path, {"ankigen.yaml": "id: outer\n"})
    with pytest.raises(SetupError, match="would lie among the cards of"):
        scaffold.start(tmp_path / "cards/inner")
    assert all_files(tmp_path) == {"ankigen.yaml"}


def test_other_files_may_be_there(tmp_path: Path) -> None:
    """A README and a repository are no hindrance."""
    write_project(tmp_path, {"README.md": "mine", ".git/config": "", ".github/CODEOWNERS": "me"})
    scaffold.start(tmp_path)
    assert (tmp_path / "README.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "language"), [("\x07", ""), (" ", ""), ("a\nb", ""), ("a", "foo_bar"), ("a", "e")]
)
def test_what_cannot_be_said_is_refused(tmp_path: Path, name: str, language: str) -> None:
    """No course is begun with a name or a language that its files could not hold."""
    with pytest.raises(SetupError):
        scaffold.start(tmp_path, name, language)
    assert all_files(tmp_path) == set()


def test_no_tool_takes_the_template_for_its_own() -> None:
    """No file of the template is hidden, so that git and the wheel's builder take each as it is."""
    template = REPOSITORY / "src/ankigen/template"
    assert not [path for path in template.rglob("*") if path.name.startswith(".")]
    for path in template.rglob("*.yaml"):
        assert yamltext.read(path.read_text("utf-8"), str(path)).diagnostics == ()
