"""The site of the repository's own course, whole, as a visitor gets it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from backend import empty_collection, import_package
from cardpages import PHONE
from sitepages import axe, chromium, practise, scrolls_sideways, visiting
from siteserver import serving
from support import ankigen

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.whole
def test_the_whole_course(course: Path, tmp_path: Path) -> None:
    """Downloads are what their page says, and Anki imports them; a large deck works on a phone."""
    done = ankigen("site", "--locked", "--output", tmp_path / "site", cwd=course)
    assert done.returncode == 0, done.stderr
    with (
        chromium() as browser,
        serving(tmp_path / "site") as address,
        visiting(browser, address, PHONE) as page,
    ):
        page.goto(address)
        page.get_by_text("SHA-256 of each file").click()
        rows = page.locator(".sums tbody tr").all()
        sums = {row.locator("td").first.inner_text(): row.locator("code") for row in rows}
        links = page.locator("a[download]").all()
        assert len(links) == len(sums) == page.locator(".deck").count() + 1
        for link in links:
            with page.expect_download() as download:
                link.click()
            file = tmp_path / download.value.suggested_filename
            download.value.save_as(file)
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            assert sums[file.name].inner_text() == digest
        largest = max((tmp_path / "site/decks").iterdir(), key=lambda one: one.stat().st_size)
        page.goto(f"{address}decks/{largest.name}")
        expect(page.locator("[data-count]")).to_contain_text("in all")
        assert scrolls_sideways(page) == 0
        practise(page, "Choose")
        assert not axe(page)
        page.goto(f"{address}glossary.html")
        assert scrolls_sideways(page) == 0
    packages = sorted(tmp_path.glob("*.apkg"), key=lambda one: one.stat().st_size)
    with empty_collection(tmp_path) as collection:
        assert import_package(collection, packages[-1]).new
        notes = collection.note_count()
        for package in packages[:-1]:
            assert not import_package(collection, package).new
        assert collection.note_count() == notes
