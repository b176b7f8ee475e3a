"""What the last check found, kept for as long as nothing changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.caches import Cache, folder
from ankigen.checkcache import Found, keep, recall
from ankigen.checking import check
from ankigen.diagnostics import Code, Diagnostic, Severity, Span
from ankigen.suppression import Suppression
from support import ankigen

if TYPE_CHECKING:
    from collections.abc import Callable

FOUND = Found(
    (
        Diagnostic(Span("a/ü.yaml", 3, 7), Code.GAP, "no gap", "a hint"),
        Diagnostic(Span("b.xlsx", 7, 2, sheet="S"), Code.HTML, "m", severity=Severity.WARNING),
        Diagnostic(Span("\udcff"), Code.LOCK, "m", severity=Severity.NOTE),
    ),
    (Suppression(Span("a.yaml", 1, 2), "AG2", "*", 3, 5), Suppression(Span("b"), "AG", "b")),
    12,
    3,
)


def only(cache: Path) -> Path:
    """The one file in a cache."""
    (file,) = cache.iterdir()
    return file


def test_what_was_found_comes_back(tmp_path: Path) -> None:
    """All of it, for the same fingerprint alone."""
    cache, root = tmp_path / "cache", tmp_path / "course"
    keep(Cache(cache, root, "f"), FOUND)
    assert recall(Cache(cache, root, "f")) == FOUND
    assert recall(Cache(cache, root, "g")) is None


@given(
    st.one_of(
        st.binary(max_size=40),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["diagnostics", "span", "code", "file"]), inner)
            ),
            max_leaves=6,
        ).map(
            lambda found: json.dumps(
                {
                    "fingerprint": "f",
                    "diagnostics": found,
                    "suppressions": found,
                    "entries": found,
                    "files": 1,
                }
            ).encode()
        ),
    )
)
def test_a_torn_or_foreign_file(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever lies in the cache, it is used or passed over."""
    cache = tmp_path_factory.mktemp("cache")
    kept = Cache(cache, Path("/x"), "f")
    keep(kept, FOUND)
    only(cache).write_bytes(data)
    recalled = recall(kept)
    assert recalled is None or isinstance(recalled, Found)


def marked(cache: Path) -> None:
    """Change what the cache remembers, so that it is seen to be asked."""
    file = only(cache)
    said = json.loads(file.read_bytes())
    for diagnostic in said["diagnostics"]:
        diagnostic["message"] = "from the cache"
    file.write_text(json.dumps(said))


def messages(root: Path, cache: Path) -> set[str]:
    """What a check says."""
    return {d.message for d in check(root, cache=cache).diagnostics}


def test_a_second_check(tidy: Path, tmp_path: Path) -> None:
    """Where nothing changed, what was found is taken from the cache, and filtered anew."""
    cache = tmp_path / "cache"
    assert messages(tidy, cache) == {"no other entry is about 'fusion'"}
    marked(cache)
    assert messages(tidy, cache) == {"from the cache"}


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "cards/basics/terms.yaml").open("a").write("\n"),
        lambda root: (root / "cards/basics/category.yaml").write_text("name: Other\n"),
        lambda root: (root / "cards/basics/terms.more.yaml").write_text("- id: a\n"),
        lambda root: (root / "ankigen.yaml").open("a").write("check: {ignore: [AG1]}\n"),
        lambda root: (root / "pronunciations.yaml").write_text("A: {say: b}\n"),
        lambda root: (root / "words.txt").write_text("kernels\n"),
        lambda root: (root / "media").mkdir() or (root / "media/a.png").write_bytes(b"a"),
        lambda root: (root / "audio/recordings/terms").mkdir(parents=True),
        lambda root: (root / "notetypes").mkdir() or (root / "notetypes/shared.css").write_text(""),
    ],
)
def test_whatever_changes(tidy: Path, tmp_path: Path, change: Callable[[Path], object]) -> None:
    """Any change of what is read makes a check look again."""
    cache = tmp_path / "cache"
    messages(tidy, cache)
    marked(cache)
    change(tidy)
    assert "from the cache" not in messages(tidy, cache)


def test_where_it_is_kept(tidy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command keeps it in the person's cache, and nothing in the project."""
    before = sorted(tidy.rglob("*"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert folder("check") == tmp_path / "home/ankigen/check"
    first, second = ankigen("check", cwd=tidy), ankigen("check", cwd=tidy)
    assert first.stdout == second.stdout != ""
    assert only(tmp_path / "home/ankigen/check").suffix == ".json"
    assert sorted(tidy.rglob("*")) == before
