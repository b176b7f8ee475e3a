"""The site without a network: pages, practice and sounds, once they were loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from sitepages import chromium, practise, visiting
from siteserver import serving
from support import ankigen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

KEPT = """async (wanted) => {
  for (;;) {
    const name = (await caches.keys()).find((one) => one.endsWith('#sounds'));
    const kept = name ? await (await caches.open(name)).keys() : [];
    if (kept.length >= wanted) return kept.length;
    await new Promise((later) => setTimeout(later, 50));
  }
}"""
"""Waits until so many sounds are kept."""

UPDATED = """async () => {
  const changed = new Promise((done) => {
    navigator.serviceWorker.addEventListener('controllerchange', done);
  });
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  await changed;
}"""
"""Waits for the worker of another version."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of this module."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def site(built: Path) -> Path:
    """The site of the small project, to be changed."""
    done = ankigen("site", cwd=built)
    assert done.returncode == 0, done.stderr
    return built / "site"


def load_all(page: Page, address: str, site: Path) -> None:
    """Open the course and a deck, and wait until both are kept."""
    page.goto(f"{address}index.html")
    page.evaluate("async () => { await navigator.serviceWorker.ready }")
    page.goto(f"{address}decks/basics.html")
    assert page.evaluate(KEPT, len(list((site / "media").iterdir()))) == 6


def test_all_is_there_without_a_network(browser: Browser, site: Path) -> None:
    """Every page, a sound and a whole set, with the server gone as well."""
    with serving(site) as address, visiting(browser, address) as page:
        load_all(page, address, site)
        page.context.set_offline(True)
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Small Course")
        page.goto(f"{address}glossary.html")
        page.get_by_role("button", name="Play: kernel").click()
        page.evaluate("() => new Promise((done) => { player.onended = done; })")
        page.goto(f"{address}decks/basics.html")
        practise(page, "Listen")
        while not page.locator(".end").count():
            page.locator("[data-answers] button").last.click()
        page.get_by_role("button", name="Close").click()
        assert page.locator("[data-tick]:visible").count() == 1


def test_another_version_takes_over(browser: Browser, site: Path) -> None:
    """What changed is on the pages after the next visit, offline too; nothing old is kept."""
    root = site.parent
    with serving(site) as address, visiting(browser, address) as page:
        load_all(page, address, site)
        terms = root / "cards/basics/terms.yaml"
        terms.write_text(terms.read_text().replace("that the device runs", "of another version"))
        done = ankigen("site", cwd=root)
        assert done.returncode == 0, done.stderr
        page.evaluate(UPDATED)
        page.context.set_offline(True)
        page.goto(f"{address}glossary.html")
        expect(page.locator("#terms-kernel")).to_contain_text("of another version")
        assert len(page.evaluate("caches.keys()")) == 2


def test_it_can_be_installed(browser: Browser, site: Path) -> None:
    """Chromium finds nothing missing in the manifest, the icons and the worker."""
    with serving(site) as address, visiting(browser, address) as page:
        page.goto(f"{address}index.html")
        page.evaluate("async () => { await navigator.serviceWorker.ready }")
        session = page.context.new_cdp_session(page)
        found = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [one["errorId"] for one in found if one["errorId"] != "in-incognito"] == []
        manifest = session.send("Page.getAppManifest")
        assert manifest["errors"] == []
