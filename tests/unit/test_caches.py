"""What is kept between runs: for one project and fingerprint, and for a time."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from ankigen.caches import Cache, folder

if TYPE_CHECKING:
    import pytest

SAID = {"words": ["ü", "\udcff"], "many": 3}
VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)


@given(st.dictionaries(st.text().filter(lambda key: key != "fingerprint"), VALUES))
def test_it_comes_back(tmp_path_factory: pytest.TempPathFactory, said: dict[str, object]) -> None:
    """Whatever JSON can say."""
    cache = Cache(tmp_path_factory.getbasetemp() / "kept", Path("/x"), "f")
    cache.keep(said)
    assert cache.recall() == {"fingerprint": "f", **said}


def test_for_the_same_alone(tmp_path: Path) -> None:
    """Neither another project nor another fingerprint gets it."""
    Cache(tmp_path, Path("/x"), "f").keep(SAID)
    assert Cache(tmp_path, Path("/x"), "f").recall() is not None
    assert Cache(tmp_path, Path("/x"), "g").recall() is None
    assert Cache(tmp_path, Path("/y"), "f").recall() is None


def test_what_is_no_cache(tmp_path: Path) -> None:
    """A file that is torn, foreign, or made to overflow the stack is passed over."""
    cache = Cache(tmp_path, Path("/x"), "f")
    cache.keep(SAID)
    (file,) = tmp_path.iterdir()
    for data in (b"", b"{", b"\xff", b"[]", b'"f"', b"[" * 200_000, file.read_bytes()[:-5]):
        file.write_bytes(data)
        assert cache.recall() is None


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    """Work goes on without."""
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file", Path("/x"), "f")
    cache.keep(SAID)
    assert cache.recall() is None


def test_projects_that_are_gone(tmp_path: Path) -> None:
    """What nobody has asked for in a month is removed."""
    old, new = (Cache(tmp_path, Path(name), "f") for name in ("/old", "/new"))
    old.keep(SAID)
    (file,) = tmp_path.iterdir()
    long_ago = time.time() - 40 * 24 * 3600
    os.utime(file, (long_ago, long_ago))
    new.keep(SAID)
    assert old.recall() is None
    assert new.recall() is not None


def test_a_place_for_each_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are in the person's cache, beside one another."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert folder("notes") == tmp_path / "ankigen/notes"
