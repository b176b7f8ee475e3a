"""What README and the other pages promise, done as they say it."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ankigen.cli import cli
from commands import COMMANDS
from guides import BLOCK, blocks, lines, named
from support import REPOSITORY, ankigen, decks

if TYPE_CHECKING:
    from pathlib import Path

README = (REPOSITORY / "README.md").read_text()
UPDATES = (REPOSITORY / "docs/updates.md").read_text()
GUIDES = [
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").rglob("*.md")),
]
PAGES = [*GUIDES, REPOSITORY / "CHANGELOG.md"]

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ID = re.compile(r"[^a-z0-9 -]")


def test_write_your_own(tmp_path: Path) -> None:
    """README's commands start a course of the files that it names, and build the decks."""
    root = tmp_path
    commands = [line for line in lines(README) if line[0] in ("ankigen", "cd")]
    assert commands[0] == ["ankigen", "doctor"]
    for command, *rest in commands:
        if command == "cd":
            root = root / rest[0]
            continue
        done = ankigen(*rest, cwd=root)
        assert done.returncode == 0, done.stdout + done.stderr
    [layout] = [block for block in blocks(README, "") if "ankigen.yaml" in block]
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert {line.split()[0] for line in layout.splitlines()} <= there
    [entry] = blocks(README, "yaml")
    assert entry in (root / "cards/cooking/terms.yaml").read_text("utf-8")
    promised = set(re.findall(r"`dist/([\w-]+\.apkg)`", README))
    assert promised == set(decks(root / "dist"))
    assert len(promised) == 3
    before = decks(root / "dist")
    (root / "cards/cooking/terms.yaml").write_text("- id: x\n  trem: x\n")
    broken = ankigen("build", cwd=root)
    assert broken.returncode == 1
    assert "cards/cooking/terms.yaml:2:3: " in broken.stderr
    assert decks(root / "dist") == before


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_other_commands(page: Path) -> None:
    """Every console line names a target of the Makefile, this package or one of its commands."""
    makefile = (REPOSITORY / "Makefile").read_text()
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    text = page.read_text()
    for program, *rest in lines(text):
        if program == "make":
            assert set(rest) <= targets
        elif program == "pipx":
            command, what = rest
            assert command == "install"
            extra = re.fullmatch(r"\.(?:\[(\w+)\])?", what)
            assert extra is not None
            assert extra[1] is None or extra[1] in project["optional-dependencies"]
            assert project["scripts"] == {"ankigen": "ankigen.cli:main"}
        else:
            assert program in ("ankigen", "cd")
    assert set(re.findall(r"`make (\w+)`", text)) <= targets


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_commands_exist(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command that a page names exists, and takes the options that it is given there."""
    monkeypatch.chdir(tmp_path)
    above = cli.make_context("ankigen", [], resilient_parsing=True)
    for _, name, *rest in named(page.read_text()):
        for before, word in pairwise([name, *rest]):
            if before == "--project":
                (tmp_path / word).mkdir(parents=True, exist_ok=True)
            if word.endswith((".apkg", ".xlsx")):
                (tmp_path / word).parent.mkdir(exist_ok=True)
                (tmp_path / word).touch()
        # Parses as on the command line, and runs nothing.
        words = [word for word in rest if word != "--help"]
        cli.commands[name].make_context(name, words, parent=above)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_commands_are_documented(command: list[str]) -> None:
    """Every command is shown or named, in full, by a page for its users."""
    length = len(command) + 1
    pages = [page for page in GUIDES if page.name not in ("CONTRIBUTING.md", "architecture.md")]
    assert ["ankigen", *command] in [
        words[:length] for page in pages for words in named(page.read_text())
    ]


def test_updates_names_its_commands() -> None:
    """The page on updates shows the commands of a release."""
    assert {words[1] for words in named(UPDATES)} >= {"build", "diff", "lock"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links(page: Path) -> None:
    """Every link to a file of the repository leads to one, and to a heading that it has."""
    for link in _LINK.findall(BLOCK.sub("", page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, heading = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        if heading:
            headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            ids = {_ID.sub("", title.lower()).replace(" ", "-") for title in headings}
            assert heading in ids, link
