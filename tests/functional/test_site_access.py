"""Every kind of page of the site as axe-core judges it: by day and night, on a phone and a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cardpages import DESKTOP, PHONE
from sitepages import MODES, address_of, axe, chromium, practise, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from cardpages import Client

DECK = "decks/all.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of this module."""
    with chromium() as opened:
        yield opened


@pytest.fixture(
    params=[(c, d) for c in (PHONE, DESKTOP) for d in (False, True)],
    ids=lambda look: f"{look[0].name}-{'dark' if look[1] else 'light'}",
)
def look(request: pytest.FixtureRequest) -> tuple[Client, bool]:
    """A window, and whether it is night."""
    found: tuple[Client, bool] = request.param
    return found


@pytest.fixture
def page(browser: Browser, every_site: Path, look: tuple[Client, bool]) -> Iterator[Page]:
    """A page that looks so."""
    client, dark = look
    with visiting(browser, address_of(every_site), client, dark=dark) as opened:
        yield opened


def test_pages(page: Page, every_site: Path) -> None:
    """The course, a deck with a card open and a bookmark, the glossary."""
    address = address_of(every_site)
    page.goto(f"{address}index.html")
    page.locator("summary").click()
    assert not axe(page)
    page.goto(f"{address}glossary.html")
    assert not axe(page)
    page.goto(f"{address}{DECK}")
    page.locator(".mark").first.click()
    page.add_style_tag(content=".item { content-visibility: visible !important }")
    for note in ("terms-full", "sentences-full", "collocations-full"):
        page.locator(f"#{note} summary").click()
        page.locator(f"#{note} .face").last.scroll_into_view_if_needed()
        page.locator(f"#{note} .face[data-side=back] .card").last.wait_for()
    assert not axe(page)
    page.get_by_label("Search").fill("nothing like this")
    assert not axe(page)


def test_practice(page: Page, every_site: Path) -> None:
    """Fronts and backs in each mode, and the end of a set."""
    page.goto(f"{address_of(every_site)}{DECK}")
    for mode in MODES:
        practise(page, mode)
        assert not axe(page)
        page.locator("[data-answers] button").last.click()
        assert not axe(page)
        page.locator("[data-leave]").click()
    practise(page, "Reveal")
    page.keyboard.press("Space")
    page.keyboard.press("1")
    while not page.locator(".end").count():
        page.locator("[data-answers] button").last.click()
    assert not axe(page)
