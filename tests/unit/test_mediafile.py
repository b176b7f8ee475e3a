"""Pictures and sounds that entries name: which are found, and which never packed."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import mediafile
from ankigen.mediafile import MediaError
from support import write_project

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "cards/basics/pictures.yaml"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{12}\.[a-z0-9]+")


def refusal(root: Path, name: str, kind: str = "image") -> tuple[str, str]:
    """Why a file cannot be used, and what to do."""
    with pytest.raises(MediaError) as raised:
        mediafile.find(root, SOURCE, name, kind)
    return str(raised.value), raised.value.hint


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with some files."""
    files = {
        "cards/basics/fan.png": "beside",
        "cards/basics/deep/fan.png": "below",
        "media/fan.png": "media",
        "media/only.png": "only",
        "cards/other/fan.jpg": "other",
        "fan.gif": "top",
        "dist/fan.png": "built",
        "media/tool.svg": "<svg/>",
    }
    return write_project(tmp_path / "project", files)


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("fan.png", "beside"),
        ("./fan.png", "beside"),
        ("deep/fan.png", "below"),
        ("media/fan.png", "media"),
        ("cards/other/fan.jpg", "other"),
        ("media/tool.svg", "<svg/>"),
    ],
)
def test_where_files_are_found(root: Path, name: str, holds: str) -> None:
    """Beside the entry's file first, then from the project's folder."""
    found = mediafile.find(root, SOURCE, name, "image")
    assert found.path.read_text() == holds
    digest = hashlib.sha256(holds.encode()).hexdigest()[:12]
    assert found.name == f"{found.path.stem}-{digest}{found.path.suffix}"


def test_media_need_not_be_named_with_their_folder(root: Path) -> None:
    """What lies in ``media/`` is found by its bare name, unless one beside the entry has it."""
    for name in ("only.png", "media/only.png"):
        assert mediafile.find(root, SOURCE, name, "image").path == root / "media/only.png"
    assert mediafile.find(root, SOURCE, "fan.png", "image").path == root / "cards/basics/fan.png"


def test_names_come_from_contents(root: Path) -> None:
    """Equal files of one name have one name, another content another."""
    first = mediafile.find(root, SOURCE, "fan.png", "image")
    copy = root / "media/fan.png"
    copy.write_text("beside")
    assert mediafile.find(root, SOURCE, "media/fan.png", "image").name == first.name
    copy.write_text("beside!")
    assert mediafile.find(root, SOURCE, "media/fan.png", "image").name != first.name


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("/fan.png", "'/fan.png' is no path inside the project", "name it as in media/loop.png"),
        ("../../fan.png", "'../../fan.png' is no path inside the project", "media/loop.png"),
        ("media/../fan.png", "is no path inside the project", "media/loop.png"),
        ("media\\fan.png", "is no path inside the project", "media/loop.png"),
        ("c:fan.png", "is no path inside the project", "media/loop.png"),
        ("fan.gif", "'fan.gif' lies outside cards and media", "put a copy of it into media/"),
        ("dist/fan.png", "'dist/fan.png' lies outside cards and media", "into media/"),
        ("fan.tiff", "'fan.tiff' is no image that every Anki shows", "use one of .png, .jpg,"),
        ("fan", "'fan' is no image that every Anki shows", "use one of .png, .jpg,"),
        (".png", "'.png' is no image that every Anki shows", "use one of .png, .jpg,"),
        ("none.png", "there is no file 'none.png'", "beside the entry's file or in media/"),
    ],
)
def test_refused(root: Path, name: str, message: str, hint: str) -> None:
    """What is no file of the course, and what to do instead."""
    said, todo = refusal(root, name)
    assert message in said
    assert hint in todo


def test_names_in_html(root: Path) -> None:
    """HTML names files by the name that they keep: beside the entry's file or in media itself."""
    for name in ("a b.mp4", "é.png"):
        (root / "media" / name).write_bytes(b"x")
    assert mediafile.find(root, SOURCE, "fan.png", "html").path == root / "cards/basics/fan.png"
    assert mediafile.find(root, SOURCE, "a%20b.mp4", "html").name == "a b.mp4"
    assert mediafile.find(root, SOURCE, "e\u0301.png", "html").name == "é.png"
    for name in (
        "deep/fan.png",
        "../other/fan.jpg",
        "none.png",
        "pictures.yaml",
        "x" * 300 + ".png",
    ):
        message, hint = refusal(root, name, "html")
        assert message == f"there is no file '{name}'"
        assert hint == "put it beside the entry's file or into media/ itself"


def test_names_that_html_may_not_use(root: Path) -> None:
    """A file that Anki would call otherwise cannot be named, nor one that leads outside."""
    (root / "media/a[b].png").write_bytes(b"x")
    (root / "media/link.png").symlink_to("/etc/hostname")
    assert refusal(root, "a[b].png", "html") == (
        "the name 'a[b].png' holds '[', so Anki would change it",
        "rename it",
    )
    assert refusal(root, "link.png", "html")[0] == "'link.png' is no file of the project"


def test_kinds(root: Path) -> None:
    """A sound is no image, and the reverse."""
    write_project(root, {"media/fan.mp3": "x"})
    assert mediafile.find(root, SOURCE, "media/fan.mp3", "sound").name.startswith("fan-")
    assert refusal(root, "media/fan.mp3")[0].endswith("is no image that every Anki shows")
    assert refusal(root, "fan.png", "sound")[0].startswith("'fan.png' is no sound that every Anki")


def test_links(root: Path) -> None:
    """A link inside the project is followed; one that leads outside is refused."""
    outside = root.parent / "secret.png"
    outside.write_text("secret")
    (root / "media/out.png").symlink_to(outside)
    (root / "media/in.png").symlink_to(root / "cards/basics/fan.png")
    (root / "media/up.png").symlink_to(root / "dist/fan.png")
    (root / "media/loop.png").symlink_to("loop.png")
    (root / "cards/basics/sub").symlink_to(root.parent)
    assert mediafile.find(root, SOURCE, "media/in.png", "image").path.read_text() == "beside"
    for name in ("media/out.png", "media/up.png", "sub/secret.png"):
        assert refusal(root, name)[0] == f"'{name}' lies outside cards and media"
    assert refusal(root, "media/loop.png")[0] == "there is no file 'media/loop.png'"


def test_sizes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither nothing nor more than AnkiWeb takes."""
    (root / "media/empty.png").touch()
    assert refusal(root, "media/empty.png") == (
        "'media/empty.png' has 0 bytes; 1 to 20,971,520 can be used",
        "make it smaller",
    )
    monkeypatch.setattr(mediafile, "MAX_BYTES", len("beside"))
    assert mediafile.find(root, SOURCE, "fan.png", "image").name.startswith("fan-")
    monkeypatch.setattr(mediafile, "MAX_BYTES", len("beside") - 1)
    assert refusal(root, "fan.png")[0] == "'fan.png' has 6 bytes; 1 to 5 can be used"


@pytest.mark.parametrize(
    ("file", "stem"),
    [
        ("Fan 1.PNG", "fan-1"),
        ("été.png", "t"),
        ("图.png", "image"),
        ("---.png", "image"),
        ("[sound:x].png", ""),
        ("a_b (2).jpeg", "a-b-2"),
        ("x" * 100 + ".png", "x" * 40),
    ],
)
def test_names_that_anki_takes(root: Path, file: str, stem: str) -> None:
    """Small letters, digits and hyphens, whatever the file is called."""
    (root / "media" / file).write_text("x")
    if not stem:
        assert "is no path inside" in refusal(root, f"media/{file}")[0]
        return
    found = mediafile.find(root, SOURCE, f"media/{file}", "image")
    assert found.name.rpartition("-")[0] == stem
    assert NAME.fullmatch(found.name)


@given(st.text(max_size=30), st.sampled_from(["", ".png", ".PNG"]))
def test_any_name(tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str) -> None:
    """It is refused in words, never with a crash."""
    root = tmp_path_factory.getbasetemp().resolve()
    with pytest.raises(MediaError):
        mediafile.find(root, SOURCE, text + suffix, "image")


def test_a_name_that_is_too_long(root: Path) -> None:
    """It is told like that of any file which is not there."""
    refusal(root, "x" * 300 + ".png")
