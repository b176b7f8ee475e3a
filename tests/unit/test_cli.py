"""The command line as a person or a script meets it, each time in a process of its own."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from ankigen.cli import cli
from ankigen.cli.session import write_plainly
from ankigen.cli.words import CATEGORY, CODE, NOTE_TYPE, Choice
from commands import COMMANDS
from support import SMALL, ankigen, decks, unmeasured, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


NAMES = {
    **dict.fromkeys(("category", "categories"), CATEGORY),
    **dict.fromkeys(("notetype", "note_type"), NOTE_TYPE),
    **dict.fromkeys(("code", "select", "ignore"), CODE),
}
HEAVY = {
    *("genanki", "gtts", "onnxruntime", "pydantic", "numpy", "rich", "jinja2", "yaml", "nh3"),
    *("fsrs", "markdown_it", "rapidfuzz", "sqlite3", "zstandard"),
}


def build(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A build without sound."""
    return ankigen("build", "--no-audio", *arguments, cwd=cwd)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help(command: list[str]) -> None:
    """Every command says in a sentence what it does, and calls itself in an example."""
    done = CliRunner().invoke(cli, [*command, "--help"], terminal_width=100)
    assert done.exit_code == 0
    _, purpose, *_ = done.output.split("\n\n")
    assert re.match(r"  [A-Z][^.]+[.:]", purpose), purpose
    named = " ".join(["ankigen", *command])
    assert re.search(rf"Examples?:\n  +(.*\()?{named} ?", done.output), done.output
    assert "\\b" not in done.output
    assert max(map(len, done.output.splitlines())) <= 100
    assert CliRunner().invoke(cli, [*command, "-h"], terminal_width=100).output == done.output


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_option_is_explained(command: list[str]) -> None:
    """Each has a sentence of its own."""
    for option in parameters(command):
        if isinstance(option, click.Option):
            assert re.fullmatch(r"[A-Za-z].*[.)]", option.help or ""), option.name


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_name_is_completed(command: list[str]) -> None:
    """Names of categories, note types and codes are; a slip in a choice names the nearest."""
    for parameter in parameters(command):
        if isinstance(parameter.type, click.Choice):
            assert isinstance(parameter.type, Choice), parameter.name
        if parameter.name in NAMES:
            assert parameter.type is NAMES[parameter.name], parameter.name


def parameters(command: list[str]) -> list[click.Parameter]:
    """The options and arguments of a command."""
    found: click.Command = cli
    for name in command:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    return found.params


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_instant(tmp_path: Path, command: list[str]) -> None:
    """Asking for help loads none of the heavy libraries."""
    code = (
        "import atexit, json, sys\n"
        "from ankigen.cli import main\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command, "--help"],
        cwd=tmp_path,
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert HEAVY & set(json.loads(done.stderr)) == set()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_may_be_asked_for_in_words(command: list[str]) -> None:
    """``ankigen help audio make`` says what ``ankigen audio make --help`` says."""
    asked = CliRunner().invoke(cli, ["help", *command], terminal_width=100)
    usual = CliRunner().invoke(cli, [*command, "--help"], terminal_width=100)
    assert (asked.exit_code, asked.output) == (0, usual.output)


def test_help_for_what_is_no_command() -> None:
    """The nearest is named; a command that has none below it says so."""
    slip = CliRunner().invoke(cli, ["help", "biuld"])
    assert (slip.exit_code, "Did you mean 'build'?" in slip.output) == (2, True)
    below = CliRunner().invoke(cli, ["help", "build", "hardware"])
    assert below.exit_code == 2
    assert "'cli build' has no commands below it." in below.output


def test_commands_are_completed_after_help() -> None:
    """Those of the program, then those of a group; nothing after a command that has none."""

    def completed(*words: str) -> list[str]:
        made = ShellComplete(cli, {}, "ankigen", "_ANKIGEN_COMPLETE")
        return [item.value for item in made.get_completions(["help", *words[:-1]], words[-1])]

    assert completed("che") == ["check"]
    assert completed("audio", "p") == ["prune"]
    assert completed("build", "") == []


class Terminal(io.TextIOWrapper):
    """A terminal of some encoding."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_a_terminal_that_cannot_show_a_sign() -> None:
    """It is escaped where it would have ended the program; what can be shown stays."""
    there = Terminal(io.BytesIO(), encoding="cp1252")
    write_plainly(there)
    there.write("café ŋ")
    there.flush()
    assert there.buffer.getvalue() == b"caf\xe9 \\u014b"  # type: ignore[attr-defined]


def test_version(tmp_path: Path) -> None:
    """The version is one line."""
    done = ankigen("--version", cwd=tmp_path)
    assert done.returncode == 0
    assert re.fullmatch(r"ankigen \d+\.\d+\.\d+\n", done.stdout)


def test_build(small: Path) -> None:
    """A build writes a package a category and one of the course, and says so to a person."""
    done = build(cwd=small)
    assert (done.returncode, done.stdout) == (0, "")
    assert set(decks(small / "dist")) == {"basics.apkg", "small.apkg"}
    assert re.search(r"^basics\.apkg +4 +6 +0 +\d+ kB$", done.stderr, re.MULTILINE)
    assert "Built in " in done.stderr


def test_build_from_below(small: Path) -> None:
    """The project is found upwards from the working directory."""
    assert build(cwd=small / "cards/basics").returncode == 0
    assert set(decks(small / "dist")) == {"basics.apkg", "small.apkg"}


def test_project(small: Path, tmp_path: Path) -> None:
    """A project elsewhere is named."""
    assert build("--project", small, cwd=tmp_path).returncode == 0
    assert set(decks(small / "dist")) == {"basics.apkg", "small.apkg"}


def test_output(small: Path, tmp_path: Path) -> None:
    """Decks go where they are asked to, relative to the working directory, made if need be."""
    work = tmp_path / "work"
    work.mkdir()
    done = build("--project", small, "--output", "new/decks", cwd=work)
    assert done.returncode == 0, done.stderr
    assert set(decks(work / "new/decks")) == {"basics.apkg", "small.apkg"}
    assert not (small / "dist").exists()


def test_one_category(tmp_path: Path) -> None:
    """Only the package that is asked for is written."""
    more = {"cards/more/category.yaml": "name: More\n"}
    text = "id: small\nname: Small\ncategories: [basics, more]\n"
    root = write_project(tmp_path, {**SMALL, **more, "ankigen.yaml": text})
    assert build("basics", cwd=root).returncode == 0
    assert set(decks(root / "dist")) == {"basics.apkg"}


def test_json(small: Path) -> None:
    """One object on stdout and nothing else there; the rest is on stderr."""
    done = build("--json", cwd=small)
    said = json.loads(done.stdout)
    assert set(said) == {"decks", "notes", "audio", "seconds"}
    assert [deck["category"] for deck in said["decks"]] == ["basics", None]
    for deck in said["decks"]:
        assert set(deck) == {"category", "file", "notes", "cards", "clips", "bytes", "sha256"}
        assert deck["bytes"] == len((small / deck["file"]).read_bytes())
    assert said["audio"] == {"made": 0, "reused": 0, "seconds": 0.0}
    assert "Built in " in done.stderr
    assert said["notes"] == {"added": 4, "changed": 0, "unchanged": 0, "removed": 0}
    again = json.loads(build("--json", "-q", cwd=small).stdout)
    assert again["notes"] == {"added": 0, "changed": 0, "unchanged": 4, "removed": 0}
    assert again["decks"] == said["decks"]


def test_quiet_and_verbose(small: Path) -> None:
    """Quiet says nothing of what went well; verbose names every file with its digest."""
    done = build("-q", cwd=small)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    loud = build("-v", cwd=small)
    assert re.search(
        rf"^[0-9a-f]{{64}}  {re.escape(str(small))}/dist/basics\.apkg$", loud.stderr, re.MULTILINE
    )


def test_up_to_date(small: Path) -> None:
    """The second build has nothing to do and touches nothing."""
    build(cwd=small)
    before = {path: path.stat().st_mtime_ns for path in (small / "dist").iterdir()}
    assert "Everything is up to date" in build(cwd=small).stderr
    assert {path: path.stat().st_mtime_ns for path in (small / "dist").iterdir()} == before


def test_mistakes_in_the_sources(small: Path) -> None:
    """Exit code 1, every mistake with its place, even where quiet was asked for; no deck."""
    (small / "cards/basics/terms.yaml").write_text(
        "- id: kernel\n  trem: kernel\n  definition: x\n"
    )
    done = build("-q", cwd=small)
    assert (done.returncode, done.stdout) == (1, "")
    assert "cards/basics/terms.yaml:2:3: AG101 unknown key 'trem'" in done.stderr
    assert "  2 |   trem: kernel\n    |   ^" in done.stderr
    assert "help: did you mean 'term'?" in done.stderr
    assert "nothing was written" in done.stderr
    assert not (small / "dist").exists()


def test_warnings(small: Path) -> None:
    """A warning is shown at every build and stops none."""
    terms = SMALL["cards/basics/terms.yaml"].replace("A function", "A <video> function")
    (small / "cards/basics/terms.yaml").write_text(terms)
    for _ in range(2):
        done = build("-q", cwd=small)
        assert done.returncode == 0
        assert "AG401 warning: the HTML '<video>' does not reach the card" in done.stderr
    assert "basics.apkg" in decks(small / "dist")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "basic"], ["the course has no category 'basic'", "did you mean 'basics'?"]),
        (["build", "zzz"], ["the course has no category 'zzz'", "choose from basics"]),
        (["build", "--nope"], ["No such option: --nope"]),
        (["build", "--jobs", "0"], ["0 is not in the range 1<=x<=64"]),
        (["build", "--jobs", "x"], ["'x' is not a valid integer"]),
        (["build", "--project", "gone"], ["'gone' does not exist"]),
        (["build", "--project", "ankigen.yaml"], ["'ankigen.yaml' is a file"]),
        (["build", "--no-audio", "--output", "ankigen.yaml"], ["is a file"]),
        (["build", "--no-audio", "--output", "ankigen.yaml/x"], ["ankigen: ", "Not a directory"]),
        (["biuld"], ["No such command 'biuld'. Did you mean 'build'?"]),
        (["mkae"], ["No such command 'mkae'. Did you mean 'audio make'?"]),
        (["audio", "lsit"], ["No such command 'lsit'. Did you mean 'list'?"]),
        (["zzz"], ["No such command 'zzz'.\n"]),
        (["--hlep"], ["No such option: --hlep Did you mean --help?"]),
        (["build", "--offlin"], ["No such option: --offlin Did you mean --offline?"]),
        (["stats", "--format", "jsn"], ["is not one of 'text', 'json'. Did you mean 'json'?"]),
        (["stats", "--format", "zzz"], ["is not one of 'text', 'json'.\n"]),
        (["notetypes", "show", "trems"], ["there is no note type 'trems'", "mean 'terms'?"]),
    ],
)
def test_wrong_usage(small: Path, arguments: list[str], said: list[str]) -> None:
    """Exit code 2 and what to do instead, never a traceback."""
    done = ankigen(*arguments, cwd=small)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(words in done.stderr for words in said), done.stderr
    assert "Traceback" not in done.stderr


def test_no_project(tmp_path: Path) -> None:
    """Outside a course there is nothing to build."""
    done = build(cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no ankigen.yaml" in done.stderr
    assert "--project DIR" in done.stderr


def test_no_command(tmp_path: Path) -> None:
    """Without a command the help is shown."""
    assert "Commands:" in ankigen(cwd=tmp_path).stdout


def on_terminal(root: Path, env: Mapping[str, str]) -> str:
    """What a build says to a person at a terminal."""
    parent, child = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "ankigen", "build", "--no-audio"],
            cwd=root,
            env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **env},
            stdin=subprocess.DEVNULL,
            stdout=child,
            stderr=child,
        )
        said = b""
        process.wait(60)
        while b"Built in" not in said:
            said += os.read(parent, 65536)
        return said.decode()
    finally:
        os.close(parent)
        os.close(child)


def test_colour_on_a_terminal(small: Path) -> None:
    """A terminal gets colour."""
    assert "\x1b[" in on_terminal(small, {})


def test_no_color(small: Path) -> None:
    """Unless its owner asked for none."""
    assert "\x1b[" not in on_terminal(small, {"NO_COLOR": "1"})


def test_a_reader_that_leaves(small: Path) -> None:
    """A pipe that closes early is no reason for a traceback."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ankigen", "build", "--no-audio", "--json"],
        cwd=small,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 2
    assert "Traceback" not in said
    assert "Exception" not in said
