"""Which files a preview follows, and what it tells its pages."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ankigen.serve.live import Live, is_source, saved
from support import TERMS

ROOT = Path("/course")
TERMS_FILE = "cards/basics/terms.yaml"


@pytest.mark.parametrize(
    "path",
    [
        "ankigen.yaml",
        "pronunciations.yaml",
        "words.txt",
        TERMS_FILE,
        "cards/basics/site/terms.csv",
        "notetypes/mine/front.html",
        "media/loop.png",
        "audio/recordings/terms/kernel.wav",
        "siteplan.yaml",
    ],
)
def test_sources(path: str) -> None:
    """Whatever a page may be made from is followed."""
    assert is_source(ROOT, str(ROOT / path))


@pytest.mark.parametrize(
    "path",
    [
        "dist/small.apkg",
        "site/index.html",
        "audio",
        "audio/clips/kernel.mp3",
        "audio/clips/.ipa.json",
        ".git/index",
        ".ankigen/schema/terms.json",
        "cards/basics/.terms.yaml.swp",
        "cards/.hidden/terms.yaml",
        ".venv/lib/x.py",
        "node_modules/x.js",
        "src/__pycache__/../.x",
    ],
)
def test_other_files(path: str) -> None:
    """What is made from the sources, what is hidden and what belongs to tools is not."""
    assert not is_source(ROOT, f"{ROOT}/{path}")


@pytest.mark.parametrize(
    ("paths", "categories"),
    [
        ([TERMS_FILE], {"basics"}),
        (
            [TERMS_FILE, "cards/basics/deep/terms.yaml", "cards/more/category.yaml"],
            {"basics", "more"},
        ),
        ([TERMS_FILE, "ankigen.yaml"], None),
        (["notetypes/mine/front.html"], None),
        (["cards/basics"], None),
        (["media/loop.png"], None),
    ],
)
def test_saved(paths: list[str], categories: set[str] | None) -> None:
    """Only files of categories concern these alone."""
    assert saved(ROOT, [f"{ROOT}/{path}" for path in paths]) == categories


def test_windows_paths() -> None:
    """Are read like others."""
    root = "C:\\course"
    assert saved(root, [f"{root}\\cards\\basics\\terms.yaml"]) == frozenset({"basics"})  # type: ignore[arg-type]
    assert not is_source(root, f"{root}\\audio\\clips\\kernel.mp3")  # type: ignore[arg-type]


def test_it_follows_until_it_is_stopped(small: Path) -> None:
    """A save while the sources are first read is not missed; stopped, all who wait are woken."""

    async def run() -> None:
        live = Live(small)
        assert live.status() == {"number": 0, "errors": [], "checked": False, "remarks": []}
        following = asyncio.create_task(live.follow())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        (small / TERMS_FILE).write_text(TERMS.replace("the device", "the GPU"))
        async with asyncio.timeout(30):
            while live.status()["number"] < 2:
                await live.changed(live.news)
        page = live.preview.page("decks/basics.html")
        assert page is not None
        assert b"the GPU" in page
        news = live.news
        waiting = asyncio.create_task(live.changed(news))
        await asyncio.sleep(0)
        await live.tell()
        await waiting
        assert live.news == news + 1
        waiting = asyncio.create_task(live.changed(live.news))
        await asyncio.sleep(0)
        await live.stop()
        async with asyncio.timeout(30):
            await waiting
            await following
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())
