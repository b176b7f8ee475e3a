"""The lock's file at a build: read, compared, written only where it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import lock, lockfile, notetype
from ankigen.diagnostics import Code, SetupError, Severity, SourceError
from ankigen.reading import read
from support import EPOCH

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.lockfile import Release


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


def prepare(root: Path, *, locked: bool = False, earlier: str = "") -> Release:
    """A release of a project as it is, whose course had an id when it was built before."""
    contents = read(root, sound=False)
    return lockfile.prepare(
        contents.course, contents.notes, contents.note_types, locked=locked, earlier=earlier
    )


def released(root: Path) -> Path:
    """Release a project; return the path of its lock."""
    prepare(root).write(root)
    return root / lock.FILE


def test_first_release(small: Path) -> None:
    """All notes are added; nothing is written until the caller says so."""
    made = prepare(small)
    assert len(made.changes.added) == 4
    assert made.changes.types == ("sentences", "terms")
    assert not made.warnings
    assert not (small / lock.FILE).exists()
    made.write(small)
    assert (small / lock.FILE).read_text() == str(made.lock)


def test_an_equal_lock_is_not_touched(small: Path) -> None:
    """Its file keeps its time, so that nothing is rebuilt for its sake."""
    path = released(small)
    before = path.stat()
    assert prepare(small).changes.none
    released(small)
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_mods(small: Path) -> None:
    """Notes are as old as the lock says, and a second older without their sound; types are not."""
    made = prepare(small)
    with_sound, mute = made.mods(sound=True), made.mods(sound=False)
    assert set(with_sound.notes) == set(made.changes.added)
    assert set(with_sound.notes.values()) == {int(EPOCH)}
    assert set(mute.notes.values()) == {int(EPOCH) - 1}
    assert with_sound.types == mute.types == dict.fromkeys(("terms", "sentences"), int(EPOCH))


def test_locked(small: Path) -> None:
    """A lock that is what the sources say passes; none at all names every note and type."""
    with pytest.raises(SourceError) as raised:
        prepare(small, locked=True)
    assert {d.code for d in raised.value.diagnostics} == {Code.STALE_LOCK}
    assert len(raised.value.diagnostics) == 6
    released(small)
    assert prepare(small, locked=True).changes.none


def test_after_a_merge(small: Path) -> None:
    """Two versions of a line are resolved with a warning, which a locked build does not allow."""
    path = released(small)
    text = path.read_text()
    path.write_text(text + "note terms/kernel x 0123456789abcdef 5\n")
    with pytest.raises(SourceError, match="a merge left two versions"):
        prepare(small, locked=True)
    made = prepare(small)
    (warning,) = made.warnings
    assert (warning.code, warning.severity) == (Code.LOCK, Severity.WARNING)
    made.write(small)
    assert path.read_text() == text


def test_a_lost_lock(small: Path) -> None:
    """It is missed where the course was built before, unless that was another course."""
    (warning,) = prepare(small, earlier="small").warnings
    assert (warning.code, warning.severity) == (Code.LOST_LOCK, Severity.WARNING)
    with pytest.raises(SourceError, match="the lock of earlier builds is gone"):
        prepare(small, locked=True, earlier="small")
    assert not prepare(small).warnings
    assert not prepare(small, earlier="other").warnings
    released(small)
    assert not prepare(small, earlier="small").warnings


@pytest.mark.parametrize("damage", [b"note terms/kernel\n", b"\xff\xfe", b"\0"])
def test_a_damaged_lock(small: Path, damage: bytes) -> None:
    """It stops the build rather than being forgotten: learners' edits hang on it."""
    path = released(small)
    path.write_bytes(path.read_bytes() + damage)
    before = path.read_bytes()
    with pytest.raises(SourceError, match=r"ankigen\.lock"):
        prepare(small)
    assert path.read_bytes() == before


def test_no_file(small: Path) -> None:
    """A folder of its name is refused as such."""
    (small / lock.FILE).mkdir()
    with pytest.raises(SourceError, match="this is not a file"):
        prepare(small)


def test_no_time(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release needs a time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "tomorrow")
    with pytest.raises(SetupError, match="SOURCE_DATE_EPOCH"):
        prepare(small)


def test_recovery(built: Path) -> None:
    """From a package and a file that is not even text the lock comes back, and is written."""
    path = built / lock.FILE
    before = path.read_bytes()
    path.write_bytes(before[:200] + b"\xff\n\0garbage")
    found = lockfile.recover(built, [built / "dist/small.apkg"], notetype.built_in())
    assert path.read_bytes() == before == str(found).encode()
