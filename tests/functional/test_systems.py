"""What Windows and macOS do otherwise than Linux, as far as it can be tried here."""

from __future__ import annotations

import codecs
import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ankigen import portable
from support import EPOCH, REPOSITORY, ankigen, decks, git, write_project

if TYPE_CHECKING:
    from pathlib import Path

# As Windows has it: text that names no encoding is in a code page, and that is an error here.
CODE_PAGE = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252", "LC_ALL": "C"}
STRICT = ("-X", "warn_default_encoding", "-W", "error::EncodingWarning")

COMMANDS = [
    "check --format json",
    "check --format sarif",
    "build --no-audio --json",
    "build --json",
    "stats --forecast",
    "stats --format json",
    "audio list",
    "site",
    "notetypes show terms",
    "explain AG203",
    "schema terms",
    "schema --write",
    "diff dist/demo.apkg dist/cooking.apkg --format markdown",
    "verify dist/demo.apkg",
    "add terms --category cooking --set term=crepe --set definition=Batter.",
    "check --fix",
    "import words.csv --notetype terms --category cooking",
    "lock --from dist/demo.apkg",
    "help",
]


def run(command: str, cwd: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command where nothing is UTF-8 unless the program says so."""
    return subprocess.run(
        [sys.executable, *options, "-m", "ankigen", *command.split()],
        cwd=cwd,
        env={**os.environ, **CODE_PAGE, "SOURCE_DATE_EPOCH": EPOCH},
        capture_output=True,
        check=False,
    )


@pytest.fixture
def course(demo: Path, tmp_path: Path) -> Path:
    """A course with what no code page has."""
    root = shutil.copytree(demo, tmp_path / "demo")
    terms = root / "cards/cooking/terms.yaml"
    more = "\n- id: roux\n  term: roux\n  definition: Flour and butter, ½ each → ŵ.\n"
    terms.write_text(terms.read_text("utf-8") + more, "utf-8")
    (root / "words.csv").write_text(
        "term,definition\nsauté,To fry quickly in a pan → a wok.\n", "utf-8"
    )
    return root


def test_no_text_is_in_a_code_page(course: Path) -> None:
    """Each command names the encoding of all that it reads, writes and says."""
    for command in COMMANDS:
        done = run(command, course, *STRICT)
        assert done.returncode == 0, f"{command}\n{done.stderr.decode('utf-8')}"
        for said in (done.stdout, done.stderr):
            said.decode("utf-8")
            assert not said.startswith(codecs.BOM_UTF8)
    text = "".join(path.read_text("utf-8") for path in (course / "cards/cooking").iterdir())
    assert "term: crepe" in text
    assert "½ each → ŵ" in text
    assert "→ a wok" in text


def test_what_is_piped_is_utf8(course: Path) -> None:
    """JSON and charts come out whole where the code page lacks their signs."""
    assert "┤" in run("stats --forecast", course).stdout.decode("utf-8")
    (course / "cards/cooking/terms.yaml").write_text("- id: x\n  →ŵ: x\n", "utf-8")
    said = json.loads(run("check --format json", course).stdout)
    assert "→ŵ" in json.dumps(said, ensure_ascii=False)


def crlf(root: Path) -> None:
    """Give every text of a course the line ends that git gives it on Windows."""
    for path in [
        path for path in root.rglob("*") if path.suffix in (".yaml", ".txt", ".lock", ".csv")
    ]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def test_line_ends_make_no_difference(demo: Path, tmp_path: Path) -> None:
    """A checkout with the line ends of Windows gives the same packages, by the same lock."""
    one, other = (shutil.copytree(demo, tmp_path / name) for name in ("one", "other"))
    crlf(other)
    assert b"\r\n" in (other / "ankigen.lock").read_bytes()
    for root in (one, other):
        done = ankigen("build", "--locked", cwd=root)
        assert done.returncode == 0, done.stderr
    assert decks(other / "dist") == decks(one / "dist")
    assert ankigen("check", "--strict", cwd=other).returncode == 0


def test_git_leaves_line_ends_alone(demo: Path, tmp_path: Path) -> None:
    """Where git is set up as on Windows, a clone has the bytes that pictures are named after."""
    root = shutil.copytree(demo, tmp_path / "demo")
    write_project(root, {"media/loop.svg": "<svg>\n</svg>\n", "notetypes/shared.css": "i {\n}\n"})
    windows = "core.autocrlf=true"
    git(root, "init", "--quiet")
    git(root, "-c", windows, "add", "--all")
    git(root, "commit", "--quiet", "--message=all")
    git(tmp_path, "clone", "--quiet", "-c", windows, str(root), "clone")
    names = git(root, "ls-files", "-z").split("\0")[:-1]
    assert {"media/loop.svg", "cards/cooking/terms.yaml"} < set(names)
    for name in names:
        assert (tmp_path / "clone" / name).read_bytes() == (root / name).read_bytes(), name


def test_names_that_linux_alone_can_have(tmp_path: Path) -> None:
    """Each is told before somebody else's clone lacks it: files, pictures, a deck."""
    entry = "- id: {0}\n  term: {0}\n  definition: A word.\n"
    root = write_project(
        tmp_path,
        {
            "ankigen.yaml": "id: prn\nname: Prn\ncategories: [con]\n",
            "cards/con/category.yaml": "name: Con\n",
            "cards/con/terms.yaml": entry.format("kernel"),
            "cards/con/terms.A.yaml": entry.format("warp"),
            "cards/con/terms.a.yaml": entry.format("lane"),
            "media/Loop.png": b"1",
            "media/loop.png": b"1",
        },
    )
    done = ankigen("check", "--select", "AG007", "--format", "json", cwd=root)
    assert done.returncode == 0
    said = [(one["file"], one["message"]) for one in json.loads(done.stdout)["diagnostics"]]
    device = "Windows cannot have this file: 'con' is the name of a device there"
    twin = "Windows and macOS take this file for '{}'"
    assert sorted(said) == sorted(
        [
            (
                "ankigen.yaml",
                "no deck can be called so on Windows: 'prn' is the name of a device there",
            ),
            *(
                (f"cards/con/{name}", device)
                for name in ("terms.A.yaml", "terms.a.yaml", "terms.yaml")
            ),
            ("cards/con/terms.a.yaml", twin.format("cards/con/terms.A.yaml")),
            ("media/loop.png", twin.format("media/Loop.png")),
        ]
    )


def test_a_course_called_after_a_device(tmp_path: Path) -> None:
    """``init`` gives it an id whose deck every system can hold."""
    assert ankigen("init", "--name", "Con", cwd=tmp_path).returncode == 0
    assert "id: con-course" in (tmp_path / "ankigen.yaml").read_text("utf-8")


def test_every_file_of_the_repository_can_be_checked_out_anywhere() -> None:
    """Its own names are such, and no two differ in case alone."""
    names = git(REPOSITORY, "ls-files", "-z").split("\0")
    assert not [name for name in names if portable.problem(name)]
    assert not list(portable.twins(names))
