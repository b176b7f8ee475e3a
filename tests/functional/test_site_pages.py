"""Pages of the site in a browser: from a folder, and from a server under a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from cardpages import ENTRIES, PHONE
from sitepages import address_of, chromium, scrolls_sideways, visiting
from siteserver import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PAGES = ("index.html", "decks/all.html", "glossary.html")
DECK = "decks/all.html"
NOTES = sum(map(len, ENTRIES.values()))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of this module."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module", params=["folder", "server"])
def address(request: pytest.FixtureRequest, every_site: Path) -> Iterator[str]:
    """Where the site is."""
    if request.param == "folder":
        yield address_of(every_site)
    else:
        with serving(every_site) as served:
            yield served


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A visitor's page, in which nothing may go wrong."""
    with visiting(browser, address) as opened:
        yield opened


def titles(page: Page) -> list[str]:
    """The notes that are listed."""
    return page.locator(".item:visible h3").all_text_contents()


def test_one_finds_the_way(page: Page, address: str) -> None:
    """From the course to a deck, a card, a word, and back to its cards, which are open then."""
    page.goto(f"{address}index.html")
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator("h1")).to_have_text("All")
    item = page.locator("#terms-full")
    expect(item.locator(".face").first).not_to_be_visible()
    item.locator("summary").click()
    expect(item.get_by_text("Merging several operators").nth(1)).to_be_visible()
    item.get_by_role("button", name="Play: operator fusion").click()
    page.evaluate("() => new Promise(done => { player.onended = done; })")
    page.get_by_role("link", name="Glossary").click()
    page.get_by_role("link", name="Cards of operator fusion").click()
    expect(page).to_have_url(f"{address}{DECK}#terms-full")
    expect(page.locator("#terms-full .face").first).to_be_visible()
    hinting = page.locator("#terms-full [data-card='1'] .face").first
    hinting.get_by_role("button", name="Show initials").press("Space")
    expect(hinting.get_by_text("o… f…")).to_be_visible()


def test_search_filters_and_bookmarks(page: Page, address: str) -> None:
    """Each narrows the list by itself, all of them together; bookmarks outlive a reload."""
    page.goto(f"{address}{DECK}")
    count = page.locator("[data-count]")
    expect(count).to_have_text(f"{NOTES} in all")
    search = page.get_by_label("Search")
    search.fill("SLOWDOWN  kernel-by")
    assert titles(page) == []
    expect(page.get_by_text("No card fits.")).to_be_visible()
    search.fill("SLOWDOWN  by kérnel")
    assert "A model runs 20% slower after an update. How do you find out why?" in titles(page)
    expect(count).to_have_text(f"{len(titles(page))} of {NOTES}")
    search.fill("nowhere to be found")
    page.get_by_role("button", name="Clear the search").click()
    assert len(titles(page)) == NOTES
    page.get_by_label("Level").select_option("advanced")
    page.get_by_label("Topic").select_option("meetings")
    assert page.locator(".item:visible").evaluate_all("all => all.map(one => one.id)") == [
        "phrases-long"
    ]
    page.get_by_label("Topic").select_option("")
    page.get_by_label("Level").select_option("")
    sets = page.get_by_label("Set").locator("option").all()[1:]
    shown = 0
    for one in sets:
        page.get_by_label("Set").select_option(one.get_attribute("value"))
        shown += len(titles(page))
    assert shown == NOTES
    page.get_by_label("Set").select_option("")
    page.get_by_role("button", name="Bookmark: kernel").click()
    page.reload()
    expect(page.get_by_role("button", name="Bookmark: kernel")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_label("bookmarks only").check()
    assert titles(page) == ["kernel"]
    page.get_by_role("button", name="Bookmark: kernel").click()
    page.get_by_label("bookmarks only").uncheck()
    page.get_by_label("bookmarks only").check()
    assert titles(page) == []


def test_the_glossary_is_searched_and_linked(page: Page, address: str) -> None:
    """Each word has its place, which its own link names."""
    page.goto(f"{address}glossary.html")
    page.get_by_role("link", name="operator fusion", exact=True).click()
    expect(page).to_have_url(f"{address}glossary.html#terms-full")
    expect(page.locator("#terms-full")).to_be_in_viewport()
    page.get_by_label("Search").fill("device runs")
    assert page.locator(".entry:visible dt > a").all_text_contents() == ["kernel"]
    assert page.locator(".letter:visible").count() == 1


def test_all_cards_are_shown_at_once(page: Page, address: str) -> None:
    """By one button, which the browser remembers; fronts and backs by day and night."""
    page.goto(f"{address}{DECK}")
    page.get_by_role("button", name="Show the cards").click()
    page.reload()
    assert page.locator("details.cards:visible").count() == NOTES
    assert page.locator("details.cards:visible:not([open])").count() == 0
    card = page.locator(".face .card").first
    card.scroll_into_view_if_needed()
    expect(card).not_to_have_class("card card1 nightMode night_mode")
    page.get_by_role("button", name="Night").click()
    expect(card).to_have_class("card card1 nightMode night_mode")
    page.goto(f"{address}glossary.html")
    expect(page.get_by_role("button", name="Day")).to_be_visible()


def test_print(page: Page, address: str) -> None:
    """On paper there are words in columns and a sheet of cards, without what one presses."""
    page.goto(f"{address}glossary.html")
    page.emulate_media(media="print")
    assert page.locator(".entry:visible").count() == page.locator(".entry").count() > 0
    columns = "one => getComputedStyle(one).columnCount"
    assert page.locator(".letter dl").first.evaluate(columns) == "2"
    assert page.locator("button:visible, input:visible, nav a:visible").count() <= 1
    page.goto(f"{address}{DECK}")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert (
        page.locator("button:visible, select:visible").count()
        == page.locator(".face button:visible").count()
    )
    assert page.locator(".face:visible .card").count() >= 2 * NOTES
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_nothing_scrolls_sideways(browser: Browser, every_site: Path) -> None:
    """On no page of a phone, with all cards open, at twice the text too."""
    address = address_of(every_site)
    with visiting(browser, address, PHONE) as page:
        for path in PAGES:
            page.goto(f"{address}{path}")
            if path == DECK:
                page.get_by_role("button", name="Show the cards").click()
                page.locator(".face .card").first.wait_for()
            for size in ("", "200%"):
                page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
                assert scrolls_sideways(page) <= 0, (path, size)
