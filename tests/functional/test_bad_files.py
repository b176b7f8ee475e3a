"""Files and folders that are not what they should be, and several mistakes in one run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from refusal import refused
from support import SENTENCES, SMALL, TERMS, ankigen, decks, unmeasured, write_project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

T = "cards/basics/terms.yaml"
S = "cards/basics/sentences.yaml"
C = "cards/basics/category.yaml"
P = "ankigen.yaml"


def huge(root: Path) -> None:
    """100 MB, of which the disk holds nothing."""
    with (root / T).open("r+b") as stream:
        stream.truncate(100_000_000)


def linked_file(root: Path) -> None:
    """Terms that are a link to a file beside the project."""
    (root / T).rename(root.parent / "terms.yaml")
    (root / T).symlink_to(root.parent / "terms.yaml")


def linked_folder(root: Path) -> None:
    """A category that is a link to a folder beside the project."""
    (root / "cards/basics").rename(root.parent / "basics")
    (root / "cards/basics").symlink_to(root.parent / "basics")


def linked_course(root: Path) -> None:
    """An ``ankigen.yaml`` that is a link out of the project."""
    (root / P).rename(root.parent / P)
    (root / P).symlink_to(root.parent / P)


def folder(root: Path) -> None:
    """A folder with the name of a source."""
    (root / T).unlink()
    (root / T).mkdir()


def pipe(root: Path) -> None:
    """A pipe that nobody writes to; reading it would wait for ever."""
    (root / T).unlink()
    os.mkfifo(root / T)


def loop(root: Path) -> None:
    """A link to itself."""
    (root / T).unlink()
    (root / T).symlink_to("terms.yaml")


@pytest.mark.parametrize(
    ("spoil", "expected", "says"),
    [
        (huge, f"{T} AG002", "100 MB"),
        (linked_file, f"{T} AG003", "outside the project"),
        (linked_folder, f"{C} AG003", "outside the project"),
        (linked_course, f"{P} AG003", "outside the project"),
        (loop, f"{T} AG003", "link"),
        (folder, f"{T} AG001", "not a file"),
        (pipe, f"{T} AG001", "not a file"),
        (lambda root: (root / C).unlink(), f"{C} AG302", "'name: Basics'"),
        (lambda root: (root / "cards/My Words").mkdir(), "cards/My Words AG104", "rename"),
        (lambda root: shutil.rmtree(root / "cards"), f"{P}:3:14 AG303", "create the folder"),
    ],
)
def test_a_file_that_is_none(
    built: Path, spoil: Callable[[Path], object], expected: str, says: str
) -> None:
    """What cannot or must not be read is one diagnostic, and nothing of it is shown."""
    spoil(built)
    assert says in refused(built, [expected])


def test_a_file_without_permission(built: Path) -> None:
    """A file that this user may not read is named, root's own powers laid down."""
    (built / T).chmod(0)
    dropped = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root reads every file, and there is no setpriv to stop being almighty")
    before = decks(built / "dist")
    done = subprocess.run(
        [*(dropped if os.geteuid() == 0 else []), sys.executable, "-m", "ankigen", "build"],
        cwd=built,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"{T}: AG001 the file cannot be read: Permission denied\n")
    assert "Traceback" not in done.stderr
    assert decks(built / "dist") == before


@pytest.mark.skipif(sys.platform == "darwin", reason="its file names are always UTF-8")
def test_a_file_name_that_is_no_text(built: Path) -> None:
    """A name in an old encoding is shown as well as it can be."""
    (built / os.fsdecode(b"cards/basics/caf\xe9.yaml")).touch()
    assert "no note type" in refused(built, ["cards/basics/caf\ufffd.yaml AG301"])


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("'**'", "2:9", "no word"),
        ("…", "2:9", "no word"),
        ("''", "2:9", "'term' is empty"),
        ("カーネル", "2:9", "not a Latin letter"),
        ("融合 kernel", "2:9", "not a Latin letter"),
        ("ядро", "2:9", "not a Latin letter"),
        ("πυρήνας", "2:9", "not a Latin letter"),
        ("kernel 🚀", "2:9", "has no sound"),
        ("🚀", "2:9", "has no sound"),
    ],
)
def test_what_the_voice_cannot_say(built: Path, text: str, place: str, says: str) -> None:
    """Silence and noise never reach a deck: the entry is named instead."""
    entry = f"- id: unsayable\n  term: {text}\n  definition: Not said.\n"
    write_project(built, {T: entry + TERMS})
    code = "AG104" if text == "''" else "AG402"
    said = refused(built, [f"{T}:{place} {code}"])
    assert says in said
    assert code == "AG104" or "'term' of terms/unsayable" in said


def test_a_voice_is_not_needed_without_sound(built: Path) -> None:
    """What cannot be said may still be written."""
    write_project(built, {T: f"- id: x\n  term: ядро\n  definition: y\n{TERMS}"})
    assert ankigen("build", "--no-audio", cwd=built).returncode == 0


OTHER: Mapping[str, str] = {
    P: "id: small\nname: Small Course\ncategories: [basics, other, odd]\n",
    "cards/other/category.yaml": "name: Other\n",
    "cards/other/terms.yaml": "- {id: kernel, term: kernel, definition: Another}\n",
    "cards/other/sentences.yaml": "- {id: s, terms: [kernl], text: 'A {kernel}.'}\n",
    "cards/odd/sentences.yaml": SENTENCES,
}


def test_all_mistakes_in_one_run(built: Path) -> None:
    """Every file's mistakes are told together, by file, then line as a number, then column."""
    terms = TERMS + "".join(f"- id: t{n}\n  term: t\n  defintion: x\n" for n in (1, 2))
    write_project(
        built, {**OTHER, T: terms.replace("pos: noun", "pos: nuon"), S: SENTENCES + "- 1\n"}
    )
    said = refused(
        built,
        [
            "cards/basics/sentences.yaml:8:3 AG103",
            "cards/basics/terms.yaml:6:8 AG104",
            "cards/basics/terms.yaml:11:3 AG102",
            "cards/basics/terms.yaml:13:3 AG101",
            "cards/basics/terms.yaml:14:3 AG102",
            "cards/basics/terms.yaml:16:3 AG101",
            "cards/odd/category.yaml AG302",
            "cards/other/sentences.yaml:1:19 AG202",
            "cards/other/terms.yaml:1:8 AG201",
        ],
    )
    assert "9 errors in 5 files; nothing was written" in said


def test_one_mistake_draws_no_others(built: Path) -> None:
    """A term with a mistake is not also unknown to its sentences, nor their gaps lost."""
    write_project(built, {T: TERMS.replace("level: core", "level: cor")})
    refused(built, ["cards/basics/terms.yaml:7:10 AG104"])


def test_a_slip_in_a_category(built: Path) -> None:
    """The list names a folder that is not there, and leaves out the one that is."""
    write_project(built, {P: SMALL[P].replace("basics", "basic")})
    assert "did you mean 'basics'?" in refused(built, [f"{P}:3:1 AG304", f"{P}:3:14 AG303"])


LONG, TABS = "long " * 100, "ä\t" * 300


@pytest.mark.parametrize(
    "entry",
    [
        "- {id: tile,\tterm: tile,\tdefinition: x,\tusgae: y}",
        f"- {{id: tile, term: tile, usgae: y, definition: '{LONG}'}}",
        f"- {{id: tile, term: tile, definition: '{LONG}', usgae: '{LONG}'}}",
        f"- {{id: tile, term: tile, definition: '{TABS}', usgae: '{TABS}'}}",
        f"- {{id: tile, term: tile, definition: '{LONG}', usgae: y}}",
        f"- {{id: tile, term: tile, definition: '{LONG}', {LONG.strip()}: y, usgae: y}}",
    ],
)
def test_the_caret_stands_under_its_character(built: Path, entry: str) -> None:
    """Behind tabs and in long lines, too, the line is shown around the mistake."""
    write_project(built, {T: f"{entry}\n{TERMS}"})
    unknown = [name for name in (LONG.strip(), "usgae") if f"{name}: " in entry]
    said = refused(built, [f"{T}:1:{entry.index(f'{name}: ') + 1} AG101" for name in unknown])
    assert said.count("^\n") == len(unknown)


def test_hostile_text_does_not_reach_the_terminal(built: Path) -> None:
    """A value cannot colour, overwrite or reverse what a person reads, nor fake a line."""
    write_project(
        built, {T: f'- id: x\n  "\\eA\\n\u202eB": y\n  term: x\n  definition: y\n{TERMS}'}
    )
    done = ankigen("build", cwd=built)
    assert done.returncode == 1
    assert not {"\x1b", "\u202e"} & set(done.stderr)


@pytest.mark.parametrize(
    ("course", "says"),
    [
        ("voices: {default: {engine: hibary}}", "did you mean 'hibari'?"),
        ("voices: {default: {voice: af_sky}}", "no voice 'af_sky'"),
    ],
)
def test_a_voice_that_is_not_there(built: Path, course: str, says: str) -> None:
    """An engine or a voice that this machine lacks is a matter of setup: exit 2."""
    write_project(built, {P: SMALL[P] + course})
    before = decks(built / "dist")
    done = ankigen("build", cwd=built)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert decks(built / "dist") == before


def test_no_course(built: Path) -> None:
    """Without ``ankigen.yaml`` there is no project: exit 2, and what to do."""
    (built / P).unlink()
    done = ankigen("build", cwd=built)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no ankigen.yaml" in done.stderr
    assert "--project" in done.stderr


@pytest.mark.parametrize("arguments", [["bsics"], ["--project", "cards/nothing"], ["--jobs", "0"]])
def test_wrong_usage(built: Path, arguments: list[str]) -> None:
    """What the command line got wrong is usage: exit 2."""
    before = decks(built / "dist")
    done = ankigen("build", *arguments, cwd=built)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert decks(built / "dist") == before


@pytest.mark.parametrize(
    "written",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r\n", 3).encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: b"\xef\xbb\xbf# x\r\n" + text.replace("\n", "\r\n").encode() + b"\r\n\r\n",
        lambda text: b"%YAML 1.1\n---\n" + text.encode() + b"...\n",
    ],
    ids=["BOM", "CRLF", "mixed", "CR", "BOM and CRLF", "document marks"],
)
def test_other_editors_are_fine(built: Path, written: Callable[[str], bytes]) -> None:
    """A byte order mark and other line ends change no byte of a deck."""
    before = decks(built / "dist")
    shutil.rmtree(built / "dist")
    write_project(built, {name: written(text) for name, text in SMALL.items()})
    done = ankigen("build", cwd=built)
    assert done.returncode == 0, done.stderr
    assert decks(built / "dist") == before


def test_a_disk_that_is_full(built: Path) -> None:
    """What could not be written is named, with what to do; the last decks stay."""
    before = decks(built / "dist")
    (built / T).write_text(TERMS.replace("Merging", "The merging"))
    limited = 'ulimit -f 8; exec "$0" -m ankigen build --no-audio'  # half a kilobyte each
    done = subprocess.run(
        ["sh", "-c", limited, sys.executable],
        cwd=built,
        # Nor may Python keep half of a module that it compiled.
        env={**unmeasured(), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "\n  help: free some space" in done.stderr
    assert "Traceback" not in done.stderr
    assert decks(built / "dist") == before
    assert not list((built / "dist").glob(".*.tmp"))
