"""The commands that read packages, as a person or a script meets them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from packages import BASIC, Draft
from support import ankigen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Packages = tuple["Path", "Path"]


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    """``old.apkg``, and a ``new.apkg`` of other contents, which lacks its sound."""
    templates = [*BASIC["tmpls"], {**BASIC["tmpls"][0], "name": "B"}]
    new = Draft(models={"11": {**BASIC, "css": "", "tmpls": templates}}, entries={})
    new.note("another front[sound:a.mp3]\x1fback")
    return Draft().write(tmp_path / "old.apkg"), new.write(tmp_path / "new.apkg")


def test_diff(packages: Packages, tmp_path: Path) -> None:
    """The difference goes to stdout, and that there is one is no failure."""
    done = ankigen("diff", *packages, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "    Front: {+another+} front\n" in done.stdout
    assert done.stdout.endswith("Sounds: 0 new, 0 dropped.\n")


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_exit_code(packages: Packages, tmp_path: Path, form: str) -> None:
    """A script learns from the exit code whether two packages differ, in every format."""
    old, new = packages
    for pair, code in (((old, new), 1), ((old, old), 0)):
        done = ankigen("diff", *pair, "--exit-code", "--format", form, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (code, "")
        assert done.stdout


def test_quiet_diff(packages: Packages, tmp_path: Path) -> None:
    """Quiet takes nothing from what was asked for."""
    loud = ankigen("diff", *packages, cwd=tmp_path)
    assert ankigen("diff", "-q", *packages, cwd=tmp_path).stdout == loud.stdout


def test_diff_as_json(packages: Packages, tmp_path: Path) -> None:
    """One object, the same in every run, whatever order sets have."""
    said = {
        ankigen(
            "diff", *packages, "--format", "json", cwd=tmp_path, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
    found = json.loads(said.pop())
    assert set(found) == {
        *("added", "changed", "moved", "removed", "note_types", "sounds"),
    }
    assert found["changed"][0]["tags"] == {"added": [], "removed": ["one", "two"]}
    assert found["note_types"][0]["what"] == ["card 'B' is new", "has another stylesheet"]


def test_diff_as_markdown(packages: Packages, tmp_path: Path) -> None:
    """Release notes alone, to be written to a file."""
    done = ankigen("diff", *packages, "--format", "markdown", cwd=tmp_path)
    assert done.stdout.startswith("# What is new\n\n## Changed cards\n\n### B\n")
    assert done.stdout.endswith("\n")


def test_verify(packages: Packages, tmp_path: Path) -> None:
    """A line a package that is clean; the exit code says so too."""
    old, new = packages
    done = ankigen("verify", old, new, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"{old}: 1 note, 1 card, 1 media file: nothing is wrong"
    assert lines[1].startswith(f"{new}: AP010 a.mp3: ")
    assert ankigen("verify", old, cwd=tmp_path).returncode == 0


def test_quiet_verify(packages: Packages, tmp_path: Path) -> None:
    """Quiet says nothing of packages in which nothing is wrong."""
    old, new = packages
    done = ankigen("verify", "-q", old, new, cwd=tmp_path)
    assert f"{old}: " not in done.stdout
    assert f"{new}: " in done.stdout
    assert ankigen("verify", "-q", old, cwd=tmp_path).stdout == ""


def test_verify_with_warnings(tmp_path: Path) -> None:
    """A warning is said and fails nothing."""
    package = Draft(entries={**Draft().entries, "extra": b"x"}).write(tmp_path / "a.apkg")
    done = ankigen("verify", package, cwd=tmp_path)
    assert done.returncode == 0
    assert "AP003 warning: extra: " in done.stdout


def test_verify_as_json(packages: Packages, tmp_path: Path) -> None:
    """A list of one object a package, in the order of the command line, the same in every run."""
    old, new = packages
    said = [
        ankigen("verify", new, old, "--format", "json", cwd=tmp_path, env={"PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    ]
    assert said[0].stdout == said[1].stdout
    assert [done.returncode for done in said] == [1, 1]
    found = json.loads(said[0].stdout)
    assert [(item["file"], item["ok"]) for item in found] == [(str(new), False), (str(old), True)]
    assert found[1] == {
        "file": str(old),
        "ok": True,
        "notes": 1,
        "cards": 1,
        "media": 1,
        "findings": [],
        "counts": {},
    }
    assert set(found[0]["findings"][0]) == {"severity", "code", "where", "message", "hint"}


def test_lock(built: Path) -> None:
    """The lock comes back from what was published, and a person is told; stdout stays empty."""
    lock = built / "ankigen.lock"
    before = lock.read_text()
    lock.unlink()
    done = ankigen("lock", "--from", "dist/basics.apkg", "dist/small.apkg", cwd=built)
    assert (done.returncode, done.stdout) == (0, "")
    assert "ankigen.lock now holds 4 notes and 2 note types" in done.stderr
    assert lock.read_text() == before
    done = ankigen("lock", "-q", "--from", "dist/small.apkg", cwd=built)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff"], "name two packages, or two revisions with --rev OLD..NEW"),
        (["diff", "old.apkg"], "name two packages"),
        (["diff", "old.apkg", "new.apkg", "--rev", "a..b"], "name two packages"),
        (["diff", "old.apkg", "--rev", "a..b"], "name two packages"),
        (["diff", "old.apkg", "new.apkg", "old.apkg"], "unexpected extra argument"),
        (["diff", "old.apkg", "gone.apkg"], "'gone.apkg' does not exist"),
        (["diff", "old.apkg", "."], "'.' is a directory"),
        (["diff", "old.apkg", "new.apkg", "--format", "html"], "'html' is not one of"),
        (["diff", "--rev", "a..b"], "there is no ankigen.yaml"),
        (["verify"], "Missing argument 'FILE.apkg...'"),
        (["verify", "old.apkg", "gone.apkg"], "'gone.apkg' does not exist"),
        (["verify", "old.apkg", "--format", "markdown"], "'markdown' is not one of"),
        (["lock"], "Missing option '--from'"),
        (["lock", "--from", "gone.apkg"], "'gone.apkg' does not exist"),
        (["lock", "--from", "old.apkg"], "there is no ankigen.yaml"),
    ],
)
@pytest.mark.usefixtures("packages")
def test_wrong_usage(tmp_path: Path, arguments: list[str], said: str) -> None:
    """Exit code 2 and what to do instead, never a traceback, nothing on stdout."""
    done = ankigen(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def on_terminal(*arguments: str | Path, cwd: Path, env: Mapping[str, str]) -> str:
    """What a command says to a person at a terminal."""
    parent, child = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "ankigen", *arguments],
            cwd=cwd,
            env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **env},
            stdin=subprocess.DEVNULL,
            stdout=child,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
        return os.read(parent, 65536).decode()
    finally:
        os.close(parent)
        os.close(child)


@pytest.mark.parametrize("command", ["diff", "verify"])
def test_colour(packages: Packages, tmp_path: Path, command: str) -> None:
    """A terminal gets colour, unless its owner asked for none; a pipe gets none."""
    assert "\x1b[" in on_terminal(command, *packages, cwd=tmp_path, env={})
    assert "\x1b[" not in on_terminal(command, *packages, cwd=tmp_path, env={"NO_COLOR": "1"})
    piped = ankigen(command, *packages, cwd=tmp_path, env={"NO_COLOR": ""})
    assert piped.stdout
    assert "\x1b[" not in piped.stdout


@pytest.mark.parametrize("command", ["diff", "verify"])
def test_a_reader_that_leaves(packages: Packages, tmp_path: Path, command: str) -> None:
    """A pipe that closes early is no reason for a traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ankigen", command, *packages],
            cwd=tmp_path,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (2, "")
