"""Files: what may be read, what text they hold, and writing whole or not at all."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import files
from ankigen.diagnostics import Code, Diagnostic, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def refusal(root: Path, path: Path) -> Diagnostic:
    """The one diagnostic of a file that is not read."""
    with pytest.raises(SourceError) as caught:
        files.read_source(root, path)
    (found,) = caught.value.diagnostics
    return found


def too_large(path: Path) -> None:
    """A sparse file, a byte over the limit."""
    with path.open("wb") as stream:
        stream.truncate(files.MAX_SOURCE_BYTES + 1)


def loop(path: Path) -> None:
    """A link to itself."""
    path.symlink_to(path.name)


def outside(path: Path) -> None:
    """A link to a file beside the project."""
    secret = path.parent.parent / "secret.yaml"
    secret.write_text("- id: secret\n")
    path.symlink_to(secret)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (too_large, Code.TOO_LARGE),
        (loop, Code.OUTSIDE),
        (outside, Code.OUTSIDE),
        (lambda path: path.mkdir(), Code.UNREADABLE),
        (os.mkfifo, Code.UNREADABLE),
        (lambda path: path.symlink_to("nothing.yaml"), Code.UNREADABLE),
        (lambda _path: None, Code.UNREADABLE),
    ],
    ids=["too large", "loop", "outside", "folder", "pipe", "dangling", "missing"],
)
def test_what_is_not_read(tmp_path: Path, make: Callable[[Path], object], code: Code) -> None:
    """What is no ordinary file of the project is refused by its name and with advice."""
    root = tmp_path / "course"
    root.mkdir()
    make(root / "terms.yaml")
    found = refusal(root, root / "terms.yaml")
    assert (found.code, str(found.span)) == (code, "terms.yaml")
    assert found.hint


def test_a_link_inside_the_project_is_read(tmp_path: Path) -> None:
    """Sharing a file between two places of a project is fine."""
    (tmp_path / "a.yaml").write_text("x")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert files.read_source(tmp_path, tmp_path / "b.yaml") == "x"


def test_a_file_of_the_greatest_size_is_read(tmp_path: Path) -> None:
    """The limit itself is still allowed."""
    path = tmp_path / "terms.yaml"
    with path.open("wb") as stream:
        stream.truncate(files.MAX_SOURCE_BYTES)
    assert len(files.read_source(tmp_path, path)) == files.MAX_SOURCE_BYTES


def test_names_have_forward_slashes(tmp_path: Path) -> None:
    """Messages name a file relative to the project."""
    assert files.relative(tmp_path, tmp_path / "cards" / "a" / "terms.yaml") == "cards/a/terms.yaml"


@given(st.text())
def test_utf8_is_read_as_it_is(text: str) -> None:
    """Text comes back as written, line ends included; a byte order mark is no part of it."""
    written = text.removeprefix("\ufeff")
    assert files.decode(written.encode(), "f") == written
    assert files.decode(b"\xef\xbb\xbf" + written.encode(), "f") == written


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"ab\xff", "f:1:3"),
        ("term: élan\n".encode() + b"pos: \xe9", "f:2:6"),
        ("a: é".encode() + b"\xe9", "f:1:5"),
        (b"one\r\ntwo\r\n\xc3", "f:3:1"),
        (b"cut: \xf0\x9f\x98", "f:1:6"),
    ],
)
def test_the_first_bad_byte_is_placed(mark: bytes, data: bytes, place: str) -> None:
    """Columns count characters, not bytes, and not the byte order mark."""
    with pytest.raises(SourceError) as caught:
        files.decode(mark + data, "f")
    (found,) = caught.value.diagnostics
    assert (str(found.span), found.code) == (place, Code.NOT_UTF8)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_named(codec: str) -> None:
    """A file saved as "Unicode" by an old editor is told from any other bad byte."""
    mark = "" if codec == "utf-16" else "\ufeff"
    with pytest.raises(SourceError, match="UTF-16"):
        files.decode(f"{mark}- id: x\n".encode(codec), "f")


@given(st.binary())
def test_bytes_are_text_or_refused(data: bytes) -> None:
    """Any bytes are either UTF-8 or one diagnostic that lies in them."""
    try:
        text = files.decode(data, "f")
    except SourceError as error:
        (found,) = error.diagnostics
        assert found.code is Code.NOT_UTF8
        assert 1 <= found.span.line <= data.count(b"\n") + 1
        assert 1 <= found.span.column <= len(data)
    else:
        assert text.encode() == data.removeprefix(b"\xef\xbb\xbf")


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    """The folder is made, the bytes are there, nothing is left beside them."""
    path = tmp_path / "new" / "deck.apkg"
    umask = os.umask(0o027)
    try:
        with files.atomic_write(path) as stream:
            stream.write(b"deck")
    finally:
        os.umask(umask)
    assert path.read_bytes() == b"deck"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failed_write_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    """What goes wrong half-way, Ctrl-C included, changes nothing."""
    path = tmp_path / "deck.apkg"
    path.write_bytes(b"old")

    def write() -> None:
        with files.atomic_write(path) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(error):
        write()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_only_old_leftovers_are_swept(tmp_path: Path) -> None:
    """Temporary files over an hour old go; a running build's, and other people's, stay."""
    old, young, foreign = (tmp_path / name for name in (".a.x.tmp", ".b.x.tmp", "c.tmp"))
    for path in (old, young, foreign):
        path.touch()
    os.utime(old, (0, 0))
    os.utime(foreign, (0, 0))
    files.sweep(tmp_path)
    assert not old.exists()
    assert young.exists()
    assert foreign.exists()


def test_a_source_is_written_as_it_was_marked(tmp_path: Path) -> None:
    """A byte order mark stays, a link stays a link, and line ends are written as they are."""
    plain, marked, link = (tmp_path / name for name in ("plain", "marked", "link"))
    marked.write_bytes(b"\xef\xbb\xbfold")
    link.symlink_to("plain")
    files.write_source(marked, "a\r\n")
    files.write_source(link, "é\n")
    assert marked.read_bytes() == b"\xef\xbb\xbfa\r\n"
    assert plain.read_bytes() == "é\n".encode()
    assert link.is_symlink()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """An error names the file that was asked for, whatever became of the temporary one."""
    long = tmp_path / ("x" * 250)
    with pytest.raises(OSError, match="too long") as raised, files.atomic_write(long):
        pass
    assert raised.value.filename == str(long)
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory") as raised:  # noqa: SIM117 - raised at its end
        with files.atomic_write(tmp_path / "folder"):
            pass
    assert raised.value.filename == str(tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
