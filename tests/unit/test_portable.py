"""Names that every system can have."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from ankigen import portable


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("cards/basics/terms.yaml", ""),
        ("cards/console/auxiliary.yaml", ""),
        ("media/.hidden", ""),
        ("cards/con/terms.yaml", "'con' is the name of a device there"),
        ("media/Aux.png", "'Aux.png' is the name of a device there"),
        ("media/lpt1", "'lpt1' is the name of a device there"),
        ("media/nul.tar.gz", "'nul.tar.gz' is the name of a device there"),
        ("media/why?.png", "'why?.png' holds '?'"),
        ("media/a\\b.png", "'a\\b.png' holds '\\\\'"),
        ("media/tab\t.png", "'tab\t.png' holds '\\t'"),
        ("media /a.png", "'media ' ends with a dot or a space"),
        ("media/etc.", "'etc.' ends with a dot or a space"),
    ],
)
def test_names(path: str, problem: str) -> None:
    """Each name of a path counts, folders too; a device stays one with any ending."""
    assert portable.problem(path) == problem


def test_twins() -> None:
    """Case and the form of accents make no other name."""
    paths = [
        "a/Loop.png",
        "a/loop.png",
        "b/loop.png",
        "caf\u00e9",
        "cafe\u0301",
        "STRASSE",
        "straße",
    ]
    assert list(portable.twins(paths)) == [
        ("a/loop.png", "a/Loop.png"),
        ("cafe\u0301", "caf\u00e9"),
        ("straße", "STRASSE"),
    ]


def test_one_order() -> None:
    """As Linux sorts paths, which is by folder and with capitals first; Windows would not."""
    names = ["a/b.yaml", "B.yaml", "a.yaml", "a-b/c.yaml", "A/c.yaml"]
    wanted = ["A/c.yaml", "B.yaml", "a/b.yaml", "a-b/c.yaml", "a.yaml"]
    assert [str(path) for path in portable.in_order(map(Path, names))] == wanted
    assert sorted(map(PurePosixPath, names)) == list(map(PurePosixPath, wanted))
    windows = sorted(map(PureWindowsPath, names), key=lambda path: path.parts)
    assert [path.as_posix() for path in windows] == wanted
    assert sorted(windows) != windows
