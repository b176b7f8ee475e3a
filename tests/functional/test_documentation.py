"""docs/ is true: its commands run, its YAML is read, its generated pages and its site are whole."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
import yaml
from click.testing import CliRunner

import ankiconnectserver
from ankigen import reading
from ankigen.cli import cli
from ankigen.config import CourseSpec
from ankigen.diagnostics import Severity
from guides import lines
from learner import learner
from packages import Draft
from serving import serving
from support import EPOCH, REPOSITORY, SMALL, write_project
from terminal import answer
from workbooks import xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DOCS = REPOSITORY / "docs"
README = REPOSITORY / "README.md"
OTHERS = {
    "rules.md",  # tests/unit/test_rules.py puts each example to its rule
    "ci.md",  # of workflows, not of courses
}
GUIDES = [page for page in sorted(DOCS.rglob("*.md")) if page.name not in OTHERS]

_FILES = re.compile(r"^```(yaml|html)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

SCENE: Mapping[str, str | bytes] = {
    **SMALL,
    "ankigen.yaml": "id: small\nname: My Course\ncategories: [basics, hardware]\n",
    "cards/hardware/category.yaml": "name: Hardware\n",
    "cards/hardware/terms.yaml": "- id: warp\n  term: warp\n  definition: Threads in step.\n",
    "media/loop.png": b"\x89PNG\r\n\x1a\n",
    "words.xlsx": xlsx({"Words": [["term", "definition"], ["tile", "A part of a matrix."]]}),
    "glossary/a.xlsx": xlsx(
        {"Liste": [["Nr", "Begriff", "Bedeutung", "Themen"], ["n1", "lane", "One thread.", "a,b"]]}
    ),
    "notes/a.yaml": "Begriff: block\nErklärung: Some warps.\nKapitel: hardware\n",
}
"""A course of two categories, and files beside it that pages name."""

ANSWERS = {
    "terms": ["whisk", "A tool of bent wires for beating eggs or cream.", *[""] * 8],
    "sentences": ["Beat the eggs with a {whisk}.", "whisk", *[""] * 5],
}
"""What a person answers where they are asked for the keys of an entry."""


@pytest.fixture(scope="module")
def built_scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course of the pages, built with sound; not to be changed."""
    root = write_project(tmp_path_factory.mktemp("scene") / "course", SCENE)
    CliRunner().invoke(cli, ["build", "--project", str(root)], catch_exceptions=False)
    shutil.copy(root / "dist/small.apkg", root / "dist/my-course.apkg")
    shutil.copy(root / "dist/small.apkg", root / "my-course.apkg")
    for name in ("shared", "mydeck"):
        Draft().note(f"{name}\x1fback", guid=name).write(root / f"{name}.apkg")
    return root


@pytest.fixture
def scene(built_scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, the folder one is in, and at home a recording."""
    takes = tmp_path / "home/takes"
    takes.mkdir(parents=True)
    tone = 0.2 * np.sin(np.arange(24_000) * 0.06)
    soundfile.write(takes / "001.wav", tone, 24_000)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.setenv("BROWSER", "true")
    root = shutil.copytree(built_scene, tmp_path / "course")
    monkeypatch.chdir(root)
    return root.resolve()


def run(words: list[str], root: Path) -> None:
    """Do what a line of a page says, in a folder; it must go well."""
    command, *rest = words
    if command == "serve":
        with serving(root, *rest) as served:
            assert served.ask("/").status == 200
        return
    if command == "add" and "--set" not in rest:
        folder = next(root.glob(f"cards/*/{rest[0]}.yaml")).parent
        said = answer(words, ANSWERS[rest[0]], folder)
        assert said.returncode == 0, said.text
        return
    if command == "push":
        with (
            learner(root.parent / "anki") as person,
            ankiconnectserver.serving(person.collection) as anki,
        ):
            run(["build", "--quiet"], root)
            done = CliRunner().invoke(cli, [*words, "--url", anki.url])
            assert (done.exit_code, len(anki.logs)) == (0, 1), done.output
        return
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, f"{words}: {done.exception!r}\n{done.output}"


@pytest.mark.parametrize(
    "page", [page for page in GUIDES if lines(page.read_text("utf-8"))], ids=lambda page: page.name
)
def test_commands_run(page: Path, scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page shows in a terminal works, line after line."""
    root = scene
    for program, *words in lines(page.read_text("utf-8")):
        if program == "cd":
            root = root / words[0]
            monkeypatch.chdir(root)
        elif program == "ankigen":
            run([os.path.expanduser(word) for word in words], root)  # noqa: PTH111 - as shells do


def course_files(page: str) -> dict[str, str | bytes]:
    """The course with all that a page shows of one, each block in the file where it belongs."""
    files = dict(SCENE)
    for index, (language, block) in enumerate(_FILES.findall(page)):
        head, _, rest = block.partition("\n")
        if named := re.fullmatch(r"(?:# |<!-- )([\w-]+/\S+?)(?: -->)?", head):
            files[named[1]] = rest
            continue
        if language == "html":
            raise AssertionError(block)
        found = yaml.safe_load(block) or []
        if isinstance(found, list):
            text = block if found else f"{block}- id: example\n"
            keys = found[-1] if found else {}
            missing = (key for key in ("term", "definition") if key not in keys)
            text += "".join(f"  {key}: An example.\n" for key in missing)
            files[f"cards/basics/terms.{index}.yaml"] = text
        elif set(found) <= set(CourseSpec.model_fields):
            files["ankigen.yaml"] = f"{files['ankigen.yaml']!s}{block}"
        else:
            files["pronunciations.yaml"] = block
    return files


@pytest.mark.parametrize(
    "page",
    [page for page in (*GUIDES, README) if _FILES.search(page.read_text("utf-8"))],
    ids=lambda page: page.name,
)
def test_yaml_is_read(page: Path, tmp_path: Path) -> None:
    """What a page shows of a course's files is right, and all of it is used."""
    root = write_project(tmp_path / "course", course_files(page.read_text("utf-8")))
    found = [one for one in reading.survey(root).diagnostics if one.severity is Severity.ERROR]
    assert not found
    reading.read(root, sound=False)


def test_what_is_wrong_in_yaml_is_seen(tmp_path: Path) -> None:
    """A slip in any kind of block would be found by the test above."""
    for block in ("card: {terms: [recognition]}", "- {id: x, trem: x}", "cards: {term: [x]}"):
        shutil.rmtree(tmp_path / "course", ignore_errors=True)
        page = f"```yaml\n{block}\n```\n"
        root = write_project(tmp_path / "course", course_files(page))
        assert any(d.severity is Severity.ERROR for d in reading.survey(root).diagnostics), block


@pytest.mark.parametrize(
    ("script", "made"), [("make_commands.py", "commands.md"), ("make_layers.py", "layers.svg")]
)
def test_generated_pages_are_current(script: str, made: str, tmp_path: Path) -> None:
    """They are what 'make docs' makes."""
    subprocess.run([sys.executable, DOCS / script, tmp_path / made], check=True)
    assert (tmp_path / made).read_text("utf-8") == (DOCS / made).read_text("utf-8"), "make docs"


def test_every_page_is_in_the_contents() -> None:
    """The site's contents are the links of docs/index.md, so each page stands there."""
    linked: set[Path] = set()
    for index in DOCS.rglob("index.md"):
        names = re.findall(r"\]\(([\w./-]+\.md)\)", index.read_text("utf-8"))
        linked |= {index, *((index.parent / name).resolve() for name in names)}
    assert set(DOCS.rglob("*.md")) <= linked, "name the new page in docs/index.md"


def test_pictures_are_few_and_small() -> None:
    """Each screenshot is shown by a page, and together they weigh less than a photograph."""
    shots = list((DOCS / "screenshots").iterdir())
    texts = "".join(page.read_text("utf-8") for page in GUIDES)
    assert [shot.name for shot in shots if f"screenshots/{shot.name})" not in texts] == []
    assert sum(shot.stat().st_size for shot in shots) < 400_000


def test_site_of_the_documentation(tmp_path: Path) -> None:
    """It builds without a warning and without a network; its pages fetch nothing from elsewhere."""
    options = ("--quiet", "--fail-on-warning", "--keep-going", "--nitpicky")
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, DOCS, tmp_path],
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert {"faq.html", "security.html", "commands.html"} <= {page.name for page in pages}
    fetched = re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=.(?:https?:)?//[^>]*"
    )
    assert [found for page in pages for found in fetched.findall(page.read_text("utf-8"))] == []
