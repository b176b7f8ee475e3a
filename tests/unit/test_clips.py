"""The store of clips believes its files, not its manifest, and survives whatever that holds."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.clips import CHECKED, MANIFEST, Store
from ankigen.model import Clip, Voice

if TYPE_CHECKING:
    from collections.abc import Callable

VOICE = Voice("hibari", "heart", 0.9)
ENGINE = "hibari 0.2.1"
DATA = b"\xff\xf3 not really a sound"


def clip(name: str = "kernel-1.mp3", text: str = "kernel") -> Clip:
    """A clip of that name."""
    return Clip(name, text, text, VOICE)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store whose folder does not exist yet."""
    return Store(tmp_path / "audio" / "clips")


def lines(store: Store) -> list[dict[str, Any]]:
    """The manifest as it stands."""
    return [json.loads(line) for line in (store.folder / MANIFEST).read_bytes().splitlines()]


def test_new_store_is_empty_and_writes_nothing(store: Store) -> None:
    """Looking for a clip makes no folder."""
    assert store.get(clip()) is None
    assert not store.folder.exists()


def test_added_clip_is_there_for_this_and_the_next_run(store: Store) -> None:
    """The file, its record and its line in the manifest."""
    record = store.add(clip(), ENGINE, DATA, 1.23456)
    assert store.path(clip()).read_bytes() == DATA
    assert (record.seconds, record.bytes, record.speed) == (1.235, len(DATA), 0.9)
    assert (record.engine, record.voice, record.text) == (ENGINE, "heart", "kernel")
    assert store.get(clip()) == record
    assert Store(store.folder).get(clip()) == record
    assert [line["name"] for line in lines(store)] == ["kernel-1.mp3"]


def test_checked_file_is_read_again_only_when_touched(store: Store) -> None:
    """A file of the size and time at which it was found whole is taken for whole, unread."""
    store.add(clip(), ENGINE, DATA, 1.0)
    store.remember()
    path = store.path(clip())
    found = path.stat().st_mtime_ns
    path.write_bytes(DATA[::-1])
    os.utime(path, ns=(found, found))
    assert Store(store.folder).get(clip()) is not None
    os.utime(path, ns=(found, found + 1))
    assert Store(store.folder).get(clip()) is None


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"kernel-1.mp3": 1}', b"[" * 100_000, b"\xff"])
def test_broken_shortcut_is_no_harm(store: Store, content: bytes) -> None:
    """What is known of files is only a shortcut: without it they are read."""
    store.add(clip(), ENGINE, DATA, 1.0)
    (store.folder / CHECKED).write_bytes(content)
    again = Store(store.folder)
    assert again.get(clip()) is not None
    again.remember()
    assert json.loads((store.folder / CHECKED).read_bytes()).keys() == {"kernel-1.mp3"}


def test_added_again_replaces(store: Store) -> None:
    """The newer clip counts, in this run and in the next."""
    store.add(clip(), ENGINE, DATA, 1.0)
    record = store.add(clip(), ENGINE, DATA * 2, 2.0)
    assert store.get(clip()) == Store(store.folder).get(clip()) == record


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(DATA[:-1]),
        lambda path: path.write_bytes(DATA[:-1] + b"!"),
        lambda path: path.write_bytes(DATA + b"!"),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["deleted", "empty", "truncated", "changed", "longer", "a folder"],
)
def test_damaged_file_counts_as_missing(store: Store, damage: Callable[[Path], object]) -> None:
    """A file that is not what its line says is not used."""
    store.add(clip(), ENGINE, DATA, 1.0)
    damage(store.path(clip()))
    assert store.get(clip()) is None
    assert Store(store.folder).get(clip()) is None


def test_file_without_a_line_counts_as_missing(store: Store) -> None:
    """Nobody knows what such a file says."""
    store.add(clip(), ENGINE, DATA, 1.0)
    store.path(clip("other-1.mp3")).write_bytes(DATA)
    assert Store(store.folder).get(clip("other-1.mp3")) is None


def test_tidy_sorts_and_drops_repeats(store: Store) -> None:
    """The manifest is sorted by name, a line a clip; tidying twice changes nothing."""
    for name in ("b.mp3", "c.mp3", "a.mp3", "b.mp3"):
        store.add(clip(name), ENGINE, DATA, 1.0)
    assert len(lines(store)) == 4
    store.tidy()
    assert [line["name"] for line in lines(store)] == ["a.mp3", "b.mp3", "c.mp3"]
    tidied = (store.folder / MANIFEST).read_bytes()
    Store(store.folder).tidy()
    assert (store.folder / MANIFEST).read_bytes() == tidied


def test_text_is_readable_in_the_manifest(store: Store) -> None:
    """A person can search it for what is spoken, whatever the language."""
    store.add(clip(text="straße, naïve — fusion"), ENGINE, DATA, 1.0)
    assert "straße, naïve — fusion" in (store.folder / MANIFEST).read_text(encoding="utf-8")


@pytest.mark.parametrize("left", [1, 20, 60])
def test_torn_line_costs_only_its_clip(store: Store, left: int) -> None:
    """A run killed in mid-line loses that line; the next one does not run on behind it."""
    first = store.add(clip("a.mp3"), ENGINE, DATA, 1.0)
    store.add(clip("b.mp3"), ENGINE, DATA, 1.0)
    manifest = store.folder / MANIFEST
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[: whole.index(b"\n") + 1 + left])
    again = Store(store.folder)
    assert again.get(clip("a.mp3")) == first
    assert again.get(clip("b.mp3")) is None
    third = again.add(clip("c.mp3"), ENGINE, DATA, 1.0)
    last = Store(store.folder)
    assert (last.get(clip("a.mp3")), last.get(clip("c.mp3"))) == (first, third)


def test_manifest_without_last_newline(store: Store) -> None:
    """Torn right before its line end, the line counts and the next one stands alone."""
    first = store.add(clip("a.mp3"), ENGINE, DATA, 1.0)
    manifest = store.folder / MANIFEST
    manifest.write_bytes(manifest.read_bytes().rstrip(b"\n"))
    second = Store(store.folder).add(clip("b.mp3"), ENGINE, DATA, 1.0)
    last = Store(store.folder)
    assert (last.get(clip("a.mp3")), last.get(clip("b.mp3"))) == (first, second)


def _line(**changes: object) -> bytes:
    record = {
        "name": "kernel-1.mp3",
        "text": "kernel",
        "engine": ENGINE,
        "voice": "heart",
        "speed": 1.0,
        "seconds": 1.0,
        "bytes": len(DATA),
        "sha256": "0" * 64,
        "flaw": "",
    }
    return json.dumps({**record, **changes}).encode() + b"\n"


@pytest.mark.parametrize(
    "manifest",
    [
        b"\n\n\n",
        b"null\n[]\n{}\n1\n",
        b"<<<<<<< ours\n=======\n>>>>>>> theirs\n",
        b"\xff\xfe\x00",
        b"[" * 200_000 + b"\n",
        b'{"name":' * 200_000 + b"\n",
        b"9" * 10_000 + b"\n",
        _line(bytes="many"),
        _line(seconds=None),
        _line(name=["a"]),
        _line(more=1),
        _line(flaw=None),
        _line().replace(b', "flaw": ""', b""),
        _line(text="\ud800"),
        _line(seconds=float("nan")),
    ],
)
def test_foreign_manifest(tmp_path: Path, manifest: bytes) -> None:
    """Lines that are not ours are passed over; clips can be added after them."""
    (tmp_path / MANIFEST).write_bytes(manifest)
    store = Store(tmp_path)
    assert store.get(clip()) is None
    record = store.add(clip("b.mp3"), ENGINE, DATA, 1.0)
    assert Store(tmp_path).get(clip("b.mp3")) == record


def _survives(manifest: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / MANIFEST).write_bytes(manifest)
        store = Store(Path(folder))
        assert store.get(clip()) is None
        record = store.add(clip(), ENGINE, DATA, 1.0)
        store.tidy()
        assert Store(Path(folder)).get(clip()) == record


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(manifest: bytes) -> None:
    """No manifest whatever makes the store raise or lose what is added."""
    _survives(manifest)


KEYS = st.sampled_from(sorted(json.loads(_line())))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=3), below),
    max_leaves=4,
)


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=3), max_size=4))
def test_any_records_are_survived(records: list[dict[str, Any]]) -> None:
    """Nor do lines of the right shape with any values."""
    _survives(b"".join(_line(**changes) for changes in records))


def test_whole_line_of_ours_counts(tmp_path: Path) -> None:
    """The line that the tests above spoil is a good one before."""
    (tmp_path / "kernel-1.mp3").write_bytes(DATA)
    (tmp_path / MANIFEST).write_bytes(_line(sha256=hashlib.sha256(DATA).hexdigest()))
    assert Store(tmp_path).get(clip()) is not None


def test_flaw_is_kept(store: Store) -> None:
    """What a person should hear again is known in the next run, too."""
    plain = store.add(clip("a.mp3"), ENGINE, DATA, 1.0)
    flawed = store.add(clip("b.mp3"), ENGINE, DATA, 1.0, "is very quiet")
    assert (plain.flaw, flawed.flaw) == ("", "is very quiet")
    store.tidy()
    again = Store(store.folder)
    assert [again.get(clip(name)) for name in ("a.mp3", "b.mp3")] == [plain, flawed]


def test_removed_clips_are_gone(store: Store) -> None:
    """File, line and shortcut, in this run and in the next; the others stay as they were."""
    for name in ("c.mp3", "a.mp3", "b.mp3"):
        store.add(clip(name), ENGINE, DATA, 1.0)
    store.remove(["c.mp3", "a.mp3"])
    for one in (store, Store(store.folder)):
        assert [one.get(clip(name)) is None for name in ("a.mp3", "b.mp3", "c.mp3")] == [1, 0, 1]
    assert [line["name"] for line in lines(store)] == ["b.mp3"]
    assert json.loads((store.folder / CHECKED).read_bytes()).keys() == {"b.mp3"}
    assert {path.name for path in store.folder.glob("*.mp3")} == {"b.mp3"}


def test_removed_clip_can_be_added_again(store: Store) -> None:
    """Its new line is the only one."""
    store.add(clip(), ENGINE, DATA, 1.0)
    store.remove(["kernel-1.mp3"])
    record = store.add(clip(), ENGINE, DATA * 2, 2.0)
    assert Store(store.folder).get(clip()) == record
    assert len(lines(store)) == 1


def test_removing_what_is_half_there(store: Store) -> None:
    """A file without a line goes, as does a line without a file; what is neither is no error."""
    store.add(clip("line.mp3"), ENGINE, DATA, 1.0)
    store.path(clip("line.mp3")).unlink()
    store.path(clip("file.mp3")).write_bytes(DATA)
    store.remove(["line.mp3", "file.mp3", "neither.mp3"])
    assert lines(store) == []
    assert list(store.folder.glob("*.mp3")) == []


def test_removing_tidies(store: Store) -> None:
    """Torn and foreign lines go with it."""
    store.add(clip(), ENGINE, DATA, 1.0)
    with (store.folder / MANIFEST).open("ab") as manifest:
        manifest.write(b'{"name": "torn')
    Store(store.folder).remove(["other-1.mp3"])
    assert [line["name"] for line in lines(store)] == ["kernel-1.mp3"]


def test_threads(store: Store) -> None:
    """Clips added by several threads at once all get their own whole line."""
    names = [f"clip-{number}.mp3" for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        records = list(
            pool.map(lambda name: store.add(clip(name), ENGINE, DATA + name.encode(), 1.0), names)
        )
    assert {line["name"] for line in lines(store)} == set(names)
    again = Store(store.folder)
    assert [again.get(clip(name)) for name in names] == records
