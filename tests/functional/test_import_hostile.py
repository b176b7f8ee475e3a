"""Files of strangers, imported: whatever they hold, a course comes of it that does no harm."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ankigen.verify import verify
from packages import BASIC, CLOZE, Draft
from support import SMALL, ankigen, write_project

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "\x1b]0;x\x07\x9b1mA\u202eB\r"
FIELDS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<a href="javascript:alert(1)">a</a>',
    '<iframe src="https://a.b"></iframe>',
    '<img src="https://a.b/c.png">[sound:https://a.b/c.mp3][sound:../../x.mp3]',
    '<p style="background:url(//a.b/c)">a</p><style>@import "//a.b"</style>',
    '<a title="',
    '" onmouseover="alert(1)" x="',
    "<!-- a",
    "<b\u0338onclick=alert(1)>a",
    "{{c1::<script>alert(1)</script>::<img src=x onerror=y>}}",
    "[anki:play:q:0][latex]\\input{/etc/passwd}[/latex]",
    EVIL,
    "---\n- id: evil\n  term: !!python/object:os.system x\n",
    "*a* &b\n# c: {d} [e] !f | > %g @h `i` 'j' \"k\"",
    "=cmd|'/c calc'!A0",
    "\ud7ff\ufffd\U0010ffff\ufeff\u2028\u0085",
]
"""What a stranger may put into a field."""


def draft(*fields: str) -> Draft:
    """A package of such fields, each in front and back, of a standard and a cloze note type."""
    models = {
        "11": {**BASIC, "name": "Basic \u202e{evil}"},
        "12": {**CLOZE, "name": "../../Cloze"},
    }
    decks = {"1": {"id": 1, "name": f"../..::{EVIL}::-", "desc": "<script>x</script>"}}
    notes: list[tuple[Any, ...]] = []
    for at, text in enumerate(fields):
        tags = f" x::{at} --- &a *b {{c}} "
        front = f"{at}{text}\x1f{text}"
        notes.append((2 * at + 1, f"g{at}\"'\\ #&", 11, 7, tags, front))
        notes.append((2 * at + 2, f"- h{at}: ", 12, 7, "", f"{{{{c1::{at}}}}}{text}"))
    cards = [(1000 + note[0], note[0], 1, 0, 0, 0, 0, note[0]) for note in notes]
    return Draft(models=models, decks=decks, notes=notes, cards=cards)


def outside(folder: Path) -> list[str]:
    """Everything in a folder that is not the course, and what lies in its parent."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("way", [("--as-is",), ("--notetype", "terms"), ("--notetype", "phrases")])
def test_any_field(tmp_path: Path, way: tuple[str, ...]) -> None:
    """The course builds, its package passes our own check, and nothing is written elsewhere."""
    root = write_project(tmp_path / "course", {"ankigen.yaml": "id: x\nname: X\n"})
    package = draft(*FIELDS).write(tmp_path / "x.apkg")
    before = outside(tmp_path)
    said = ("--set", "channel=written") if "phrases" in way else ()
    done = ankigen("import", package, *way, *said, "-v", cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    assert not set("\x1b\x07\x9b\u202e\r") & set(done.stdout)
    assert outside(tmp_path) == before
    for path in root.rglob("*"):
        assert path.name.isprintable()
    built = ankigen("build", "--no-audio", cwd=root)
    assert built.returncode == 0, built.stderr
    names = {finding.code.name for finding in verify(root / "dist/x.apkg").findings}
    assert not names & {"SCRIPT", "EMBED", "REMOTE", "UNCLOSED_TAG", "SOUND", "DUPLICATE_GUID"}


@pytest.mark.parametrize("where", ["name", "flds", "tmpls"])
def test_names_with_control_characters(tmp_path: Path, where: str) -> None:
    """A note type whose names could not be written down is refused; it may still be mapped."""
    model: dict[str, Any] = json.loads(json.dumps(BASIC))
    if where == "name":
        model["name"] = EVIL
    else:
        model[where].append({**model[where][0], "name": EVIL})
    fields = "a\x1fb\x1fc" if where == "flds" else "a\x1fb"
    notes = [(1, "g", 11, 7, "", fields), (2, f"g{EVIL}", 11, 7, "", fields)]
    package = Draft(models={"11": model}, notes=notes).write(tmp_path / "x.apkg")
    root = write_project(tmp_path / "course", {"ankigen.yaml": "id: x\nname: X\n"})
    done = ankigen("import", package, "--as-is", cwd=root)
    assert done.returncode == 1
    assert "cannot be taken over: a name in it holds a control character" in done.stderr
    done = ankigen("import", package, "--notetype", "terms", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "its GUID holds a control character" in done.stdout
    assert not set("\x1b\x07\x9b\u202e\r") & set(done.stdout)


def test_hidden_places(tmp_path: Path) -> None:
    """Names of media, note types and decks lead nowhere else, links in the course neither."""
    media = {
        "0": "a b.png",
        "1": ".hidden.png",
        "2": "CON.png",
        "3": "a'&#%.png",
        "4": "x" * 200 + ".png",
    }
    html = "".join(f'<img src="{name}">' for name in media.values())
    made = draft(html)
    made.media = media
    made.entries = {number: f"picture {number}".encode() for number in media}
    package = made.write(tmp_path / "x.apkg")
    root = write_project(tmp_path / "course", SMALL)
    (tmp_path / "elsewhere").mkdir()
    (root / "media").symlink_to(tmp_path / "elsewhere")
    done = ankigen("import", package, "--as-is", cwd=root)
    assert done.returncode == 1
    assert "media: AG003 this is a link, and nothing is written through it" in done.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []
    (root / "media").unlink()
    done = ankigen("import", package, "--as-is", cwd=root)
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in (root / "media").iterdir())
    assert len(names) == 5
    assert all(not name.startswith(".") and len(name.encode()) <= 120 for name in names)
    built = ankigen("build", "--no-audio", cwd=root)
    assert built.returncode == 0, built.stderr


HUGE = {
    "broken marks": "<" * 300_000 + "[sound:" * 30_000 + "{{c1::" * 30_000,
    "deep": "<div>" * 50_000,
    "deep lists": "<ul><li>" * 30_000,
    "one word": "a" * 2_000_000,
    "many words": "a *b* <b>c</b> " * 30_000,
    "attributes": "<a " + 'x="' * 100_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_large_fields(tmp_path: Path, text: str) -> None:
    """A field of megabytes is taken over or told, before a command counts as hung."""
    root = write_project(tmp_path / "course", {"ankigen.yaml": "id: x\nname: X\n"})
    package = draft(text).write(tmp_path / "x.apkg")
    for way in (("--as-is",), ("--notetype", "terms")):
        done = ankigen("import", package, *way, "--dry-run", cwd=root)
        assert done.returncode in (0, 1)
        assert done.stderr == ""


def test_many_alike(tmp_path: Path) -> None:
    """Thousands of notes of one word get an id each."""
    root = write_project(tmp_path / "course", {"ankigen.yaml": "id: x\nname: X\n"})
    notes = [(at, f"g{at}", 11, 7, "", "same\x1fb") for at in range(1, 3001)]
    package = Draft(notes=notes, cards=[]).write(tmp_path / "x.apkg")
    done = ankigen("import", package, "--notetype", "terms", cwd=root)
    assert done.returncode == 0, done.stderr
    (path,) = root.glob("cards/*/terms.yaml")
    made = yaml.load(path.read_bytes(), yaml.CBaseLoader)  # noqa: S506 - all text
    assert len({entry["id"] for entry in made}) == 3000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deck", json.dumps({"name": "a", "notes": [{"guid": 1}]}).encode()),
        ("notes.txt", b"\xff\xfe\x00"),
        ("notes.txt", b""),
        ("words.csv", b""),
        ("words.xlsx", b"PK\x03\x04junk"),
        ("words.ods", b"junk"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0"),
    ],
)
def test_other_files(small: Path, name: str, data: bytes) -> None:
    """What cannot be imported is refused in a sentence, and nothing is written."""
    path = small.parent / name
    if name == "deck":
        path.mkdir()
        (path / "deck.json").write_bytes(data)
    else:
        path.write_bytes(data)
    before = sorted(small.rglob("*"))
    done = ankigen("import", path, "--as-is", cwd=small)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("ankigen: ")
    assert "Traceback" not in done.stderr
    assert sorted(small.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable(small: Path) -> None:
    """A file that may not be read is said to be."""
    path = small.parent / "x.txt"
    path.write_text("a\tb")
    path.chmod(0)
    done = ankigen("import", path, "--notetype", "terms", cwd=small)
    assert done.returncode in (1, 2)
    assert "x.txt" in done.stderr
