"""Completion in real shells: what a person gets by the tab key."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ankigen.diagnostics import Code
from support import ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROGRAMS = Path(sys.executable).parent
LOAD = {
    "bash": 'eval "$(ankigen completion bash)"\n',
    "zsh": 'autoload -Uz compinit && compinit -u -D; eval "$(ankigen completion zsh)"\n',
}
SHELLS: Mapping[str, Sequence[str]] = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}
OWN = {
    "notetypes/pictures/notetype.yaml": "not even read",
    "cards/more-words/category.yaml": "name: More\n",
    "given.apkg": "",
}

LINES = [
    ("stat", "stats"),
    ("audio exp", "export-script"),
    ("build --off", "--offline"),
    ("build mo", "more-words"),
    ("build more-words bas", "basics"),
    ("audio make bas", "basics"),
    ("notetypes show sent", "sentences"),
    ("notetypes show pic", "pictures"),
    ("schema ank", "ankigen.yaml"),
    ("stats --format js", "json"),
    ("verify giv", "given.apkg"),
    ("completion fi", "fish"),
]
"""What is typed after the program's name, and what the last word becomes."""


@pytest.fixture
def project(small: Path) -> Path:
    """The small project with a category and a note type more, which need not be right."""
    return write_project(small, OWN)


def environment(home: Path) -> dict[str, str]:
    """A shell's, without its owner's settings."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "HOME": str(home), "TERM": "xterm", "NO_COLOR": "1"}


def needs(shell: str) -> None:
    """Leave out a shell that this machine lacks; CI installs all three."""
    if not shutil.which(shell) and "CI" not in os.environ:
        pytest.skip(f"{shell} is not installed")


def tabbed(shell: str, typed: Sequence[str], cwd: Path) -> list[str]:
    """The last word of each line that was typed into a shell, after the tab key.

    The line is then run as the arguments of a command that prints its last one.
    """
    parent, child = pty.openpty()
    process = subprocess.Popen(
        SHELLS[shell],
        cwd=cwd,
        env=environment(cwd),
        stdin=child,
        stdout=child,
        stderr=child,
        start_new_session=True,
    )
    os.close(child)
    said = ""
    try:
        os.write(parent, (LOAD[shell] + 'last() { echo "<${@: -1}>"; }\n').encode())
        for index, line in enumerate(typed, 1):
            os.write(parent, f"ankigen {line}\t\x01last \n".encode())  # \x01: to the line's start
            end = time.monotonic() + 60
            while len(re.findall("<[^$<>]*>", said)) < index:
                assert select.select([parent], [], [], end - time.monotonic())[0], said
                said += os.read(parent, 65536).decode(errors="replace")
    finally:
        process.kill()
        process.wait()
        os.close(parent)
    return re.findall("<([^$<>]*)>", said)


@pytest.mark.parametrize("shell", SHELLS)
def test_tab(project: Path, shell: str) -> None:
    """The tab key completes commands, options, choices, categories, note types and files."""
    needs(shell)
    assert tabbed(shell, [line for line, _ in LINES], project) == [word for _, word in LINES]


def fish(line: str, cwd: Path) -> list[str]:
    """What fish offers for a line, by its own command that tells."""
    code = f"ankigen completion fish | source; complete -C '{line}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", code],
        cwd=cwd,
        env=environment(cwd),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [offer.split("\t")[0] for offer in done.stdout.splitlines()]


@pytest.mark.parametrize(("line", "word"), LINES)
def test_fish(project: Path, line: str, word: str) -> None:
    """Fish offers the same."""
    needs("fish")
    assert fish(f"ankigen {line}", project) == [word]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script(tmp_path: Path, shell: str) -> None:
    """The script comes alone on stdout, wherever one is, whatever shells there are."""
    done = ankigen("completion", shell, cwd=tmp_path, env={"PATH": ""})
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_ANKIGEN_COMPLETE={shell}_complete" in done.stdout


def asked(line: str, cwd: Path) -> list[str]:
    """What the program answers to a shell."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    done = subprocess.run(
        [PROGRAMS / "ankigen"],
        cwd=cwd,
        env={**environment(cwd), "_ANKIGEN_COMPLETE": "bash_complete", **words},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [offer.removeprefix("plain,") for offer in done.stdout.split()]


def test_names(project: Path, tmp_path: Path) -> None:
    """Names are those of the project that is named, or where one is; none is offered twice."""
    assert asked("ankigen build ", project / "cards") == ["basics", "more-words"]
    assert asked("ankigen build basics ", project) == ["more-words"]
    assert asked("ankigen build ", tmp_path) == []
    assert asked(f"ankigen build --project {project} ", tmp_path) == ["basics", "more-words"]
    codes = asked("ankigen explain AG20", tmp_path)
    assert codes == [code for code in Code if code.startswith("AG20")]
    assert asked("ankigen check --ignore ag20", tmp_path) == codes
    built_in = asked("ankigen notetypes show ", tmp_path)
    assert "terms" in built_in
    assert "pictures" not in built_in
    assert asked("ankigen notetypes show ", project) == sorted([*built_in, "pictures"])
