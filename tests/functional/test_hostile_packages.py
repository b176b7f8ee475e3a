"""Broken and hostile packages on the command line: a message and exit code 1, never more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from packages import Draft, compress, read_zip, varint, write_zip
from support import ankigen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = Draft()


def sql(statements: str) -> Callable[[Path], Path]:
    """A package whose database was spoilt."""
    return Draft(sql=statements).write


def entry(name: str, data: bytes) -> Callable[[Path], Path]:
    """A package with another entry, or with one more."""
    return lambda path: write_zip(path, {**read_zip(GOOD.write(path)), name: data})


def of_bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """A package whose bytes were changed."""

    def make(path: Path) -> Path:
        path.write_bytes(change(GOOD.write(path).read_bytes()))
        return path

    return make


ENDLESS = """
DROP TABLE notes;
CREATE VIEW notes AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
SELECT id, id AS guid, 11 AS mid, 1 AS mod, '' AS tags, 'a' AS flds FROM n
"""

UNREADABLE: dict[str, Callable[[Path], Path]] = {
    "empty": of_bytes(lambda _: b""),
    "no zip": of_bytes(lambda _: b"junk" * 100),
    "cut off": of_bytes(lambda data: data[: len(data) // 2]),
    "another zip": lambda path: write_zip(path, {"word/document.xml": b"<a/>"}),
    "no database": entry("collection.anki2", b"junk" * 1000),
    "cut database": entry("collection.anki2", GOOD.database()[:5000]),
    "no zstd": entry("collection.anki21b", b"junk" * 100),
    "no modern database": entry("collection.anki21b", compress(b"junk" * 100)),
    "of the future": entry("meta", varint(1 << 3) + varint(99)),
    "two collections": entry("meta", varint(1 << 3) + varint(3)),
    "no tables": sql("DROP TABLE notes"),
    "endless notes": sql(ENDLESS),
    "bytes for text": sql("UPDATE notes SET flds = x'ff00ff'"),
    "text for a number": sql("UPDATE notes SET mid = 'Basic'"),
    "models that are none": Draft(models=[1, 2]).write,
    "decks that are none": Draft(decks="x").write,
    "media map of a list": Draft(media=["a.mp3"]).write,
    "media map too large": entry("media", b" " * (33 << 20)),
    "a way out": Draft(media={"0": "../../evil.mp3"}).write,
}


@pytest.mark.parametrize("make", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable(make: Callable[[Path], Path], small: Path) -> None:
    """Each command that needs a package names the file that is none; nothing is written."""
    bad = make(small / "bad.apkg")
    good = Draft().write(small / "good.apkg")
    before = sorted(small.rglob("*"))
    commands = (("diff", good, bad), ("lock", "--from", good, bad), ("import", bad, "--as-is"))
    for command in commands:
        done = ankigen(*command, cwd=small)
        assert (done.returncode, done.stdout) == (1, ""), command
        assert done.stderr.startswith(f"ankigen: {bad}: ")
        assert len(done.stderr.splitlines()) == 1
    assert sorted(small.rglob("*")) == before


def test_verify_reads_on(tmp_path: Path) -> None:
    """Whatever a package is, the check says what is wrong with it and goes on to the next."""
    packages = [
        make(tmp_path / f"{number}.apkg") for number, make in enumerate(UNREADABLE.values())
    ]
    good = Draft().write(tmp_path / "good.apkg")
    done = ankigen("verify", *packages, good, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    for package in packages:
        assert f"{package}: AP001 " in done.stdout
    assert done.stdout.endswith(f"{good}: 1 note, 1 card, 1 media file: nothing is wrong\n")


EVIL = "\x1b]0;x\x07\x9b1mA\u202eB\r"
TEXTS = {
    "controls": EVIL,
    "broken marks": "<" * 100_000 + "[sound:" * 50_000 + "{{c1::" * 50_000,
    "one long word": "a" * 1_000_000,
    "many words": "a b " * 100_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_texts(text: str, tmp_path: Path) -> None:
    """What a package's texts hold reaches a terminal as text only, and soon."""
    models = {"11": {**GOOD.models["11"], "name": EVIL}}
    decks = {"1": {"id": 1, "name": f"A::{EVIL}", "desc": ""}}
    old = Draft().note(f"front\x1f{text}").write(tmp_path / "old.apkg")
    draft = Draft(models=models, decks=decks).note(f"{text}x\x1fx{text[::-1]}")
    new = draft.write(tmp_path / "new.apkg")
    commands: list[list[str | Path]] = [
        ["diff", old, new],
        ["diff", new, old, "--format", "markdown"],
        ["verify", new],
    ]
    for command in commands:
        done = ankigen(*command, cwd=tmp_path)
        assert done.stderr == ""
        assert done.returncode == 0 or command[0] == "verify"
        assert done.stdout.strip()
        assert not set("\x1b\x07\x9b\u202e") & set(done.stdout)
