"""The live preview in Debian's Chromium: what a teacher sees after each save."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from cardpages import ARGUMENTS, CHROMIUM
from serving import HANG, SEEN, Served, serving
from support import SMALL, TERMS, TIDY, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

TERMS_FILE = "cards/basics/terms.yaml"
SENTENCES_FILE = "cards/basics/sentences.yaml"
DECK = "/decks/basics.html"
MANY = TERMS + "".join(
    f"- {{id: word-{number}, term: word {number}, definition: The {number}th of them.}}\n"
    for number in range(30)
)
SOON = 3.0
"""Seconds, on a machine that also runs other tests; benchmarks/run.py holds it to one."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    expect.set_options(timeout=HANG * 1000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, served: Served, path: str = DECK) -> Iterator[Page]:
    """A page of a browser of its own, in which nothing goes wrong and nobody else is asked."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(HANG * 1000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(served.url) else wrong.append(asked.url),
    )
    page.goto(served.url + path)
    yield page
    context.close()
    assert wrong == []


def place(page: Page, selector: str) -> float:
    """How far an element is from the top of the window, once it stays there."""
    last, now = None, 0.0
    while last != now:
        page.wait_for_timeout(200)
        last, now = (
            now,
            page.evaluate(
                "selector => document.querySelector(selector).getBoundingClientRect().top", selector
            ),
        )
    return now


def status(page: Page) -> Locator:
    """Where the preview says how things stand."""
    return page.locator(".live [role=status]")


def up_to_date(page: Page) -> None:
    """Wait until all that was saved is shown."""
    expect(status(page)).to_have_text("Up to date")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A preview of a course that keeps every rule but one."""
    with serving(write_project(tmp_path / "tidy", TIDY)) as running:
        yield running


def test_a_saved_term_is_soon_on_the_screen(browser: Browser, served: Served) -> None:
    """The page is not loaded again; it stays scrolled and filtered, and says what has changed."""
    served.write(TERMS_FILE, MANY)
    with opened(browser, served) as page:
        up_to_date(page)
        page.get_by_label("Search").fill("word")
        expect(page.locator("[data-count]")).to_have_text("30 of 35")
        page.locator("#terms-word-20").scroll_into_view_if_needed()
        page.locator("#terms-word-20 .face").first.wait_for()
        page.evaluate("window.mine = 1")
        before = place(page, "#terms-word-20")

        page.evaluate(SEEN, "the twentieth")
        saved = time.time()
        served.write(TERMS_FILE, MANY.replace("The 20th", "Then the twentieth"))
        assert page.evaluate("window.seen") / 1000 - saved < SOON
        assert abs(place(page, "#terms-word-20") - before) < 2
        expect(page.locator(".changed a")).to_have_text("word 20")

        served.write(
            TERMS_FILE, MANY + "- {id: more, term: one more word, definition: The last.}\n"
        )
        expect(page.locator("[data-count]")).to_have_text("31 of 36")
        expect(page.locator(".hero .facts")).to_contain_text("36 notes")
        expect(page.get_by_label("Search")).to_have_value("word")
        served.write(TERMS_FILE, TERMS)
        expect(page.locator("[data-count]")).to_have_text("0 of 5")
        assert page.evaluate("window.mine") == 1
        assert page.locator(".item").count() == 5


def test_glossary(browser: Browser, served: Served) -> None:
    """Follows as a deck does, letters included."""
    with opened(browser, served, "/glossary.html") as page:
        up_to_date(page)
        page.evaluate("window.mine = 1")
        page.get_by_label("Search").fill("fusion")
        served.write(TERMS_FILE, MANY + "- {id: tile, term: tile fusion, definition: A part.}\n")
        expect(page.locator("[data-count]")).to_have_text("2 of 33")
        expect(page.locator("#terms-tile")).to_be_visible()
        expect(page.locator(".letters")).to_contain_text("T")
        served.replace(TERMS_FILE, "A part.", "Another part.")
        expect(page.locator("#terms-tile")).to_contain_text("Another part.")
        assert page.evaluate("window.mine") == 1


def test_a_broken_file(browser: Browser, served: Served) -> None:
    """Its mistakes lie over the page, which stays as it was, and go when they are mended."""
    with opened(browser, served) as page:
        up_to_date(page)
        served.replace(TERMS_FILE, "- id: kernel\n  term:", "- id: kernel\n  trem:")
        overlay = page.locator(".overlay")
        expect(overlay).to_contain_text("unknown key 'trem'")
        expect(overlay).to_contain_text(f"{TERMS_FILE}:2:3 AG101")
        expect(overlay).to_contain_text("did you mean 'term'?")
        expect(status(page)).to_have_text("2 mistakes")
        page.get_by_role("button", name="Look at the pages meanwhile").click()
        expect(overlay).to_be_hidden()
        expect(page.locator("#terms-kernel")).to_be_visible()
        served.replace(TERMS_FILE, "trem:", "term:")
        expect(overlay).to_have_count(0)
        expect(status(page)).not_to_have_class("bad")
        assert page.locator(".item").count() == 5


def test_broken_from_the_start(browser: Browser, tmp_path: Path) -> None:
    """Whatever page is open, the mistakes are there, by night too; then the cards come."""
    root = write_project(tmp_path / "small", {**SMALL, "ankigen.yaml": "id: small\nnaem: Small\n"})
    with serving(root) as served, opened(browser, served) as page:
        expect(page.get_by_role("heading", name="cannot be shown yet")).to_be_visible()
        expect(page.locator(".overlay")).to_contain_text("did you mean 'name'?")
        page.get_by_role("button", name="Night", exact=True).click()
        served.write("ankigen.yaml", SMALL["ankigen.yaml"])
        expect(page.locator("#terms-kernel")).to_be_visible()
        expect(page.locator(".overlay")).to_have_count(0)


def test_remarks(browser: Browser, served: Served) -> None:
    """Stand beside the entry that they are about, in order, and in a list; mended, they go."""
    with opened(browser, served) as page:
        up_to_date(page)
        remarks = page.locator("#terms-kernel .remark")
        expect(remarks).to_have_count(0)
        served.replace(TERMS_FILE, "A function that the", "A the the function of of the")
        expect(remarks).to_have_count(2)
        expect(remarks.nth(0)).to_contain_text("'the' stands twice")
        expect(remarks.nth(1)).to_contain_text("'of' stands twice")
        page.locator(".live summary").click()
        listed = page.locator(".live li", has_text="'of' stands twice")
        expect(listed.get_by_role("link")).to_have_attribute("href", "#terms-kernel")
        served.replace(TERMS_FILE, "A the the function of of the", "A function that the")
        expect(remarks).to_have_count(0)
        expect(listed).to_have_count(0)
        up_to_date(page)


def test_night_and_phone(browser: Browser, served: Served) -> None:
    """Cards and page change at once, and stay so."""
    with opened(browser, served) as page:
        up_to_date(page)
        page.get_by_role("button", name="Night", exact=True).click()
        face = page.locator("#terms-kernel .face").first
        expect(face.locator(".card")).to_have_class("card card1 nightMode night_mode")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        wide = face.bounding_box()
        page.get_by_role("button", name="Phone", exact=True).click()
        narrow = face.bounding_box()
        assert wide is not None
        assert narrow is not None
        assert narrow["width"] <= 393 < wide["width"]
        page.reload()
        expect(page.get_by_role("button", name="Phone", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        expect(page.get_by_role("button", name="Day", exact=True)).to_be_visible()
        # A new card is as the others are.
        served.replace(TERMS_FILE, "the device", "the GPU")
        expect(face.locator(".card")).to_have_class("card card1 nightMode night_mode")
        expect(page.locator("#terms-kernel .face").nth(1)).to_contain_text("the GPU")


def test_sounds(browser: Browser, served: Served) -> None:
    """Are made when they are played, and again when a teacher asks."""
    with opened(browser, served) as page:
        up_to_date(page)
        with page.expect_response("**/media/*.mp3?*") as answered:
            page.get_by_role("button", name="Play: kernel", exact=True).click()
        assert answered.value.status in {200, 206}
        (clip,) = (served.root / "audio/clips").glob("*.mp3")
        before = clip.stat().st_mtime_ns
        again = page.get_by_role("button", name="Make again: kernel", exact=True)
        with page.expect_response("**/media/*.mp3?*"):
            again.click()
        expect(status(page)).to_have_text("Made again.")
        expect(again).to_be_enabled()
        assert clip.stat().st_mtime_ns > before


def test_two_browsers_and_a_burst(browser: Browser, served: Served) -> None:
    """Each shows the last of many saves, whatever page it has open."""
    with opened(browser, served) as one, opened(browser, served, "/glossary.html") as other:
        up_to_date(one)
        up_to_date(other)
        for number in range(40):
            served.write(TERMS_FILE, TERMS.replace("the device", f"device number {number}"))
            one.wait_for_timeout(20)
        expect(one.locator("#terms-kernel .face").nth(1)).to_contain_text("device number 39")
        expect(other.locator("#terms-kernel")).to_contain_text("device number 39")
        up_to_date(one)
        up_to_date(other)


def test_a_preview_that_ends_and_comes_back(browser: Browser, tmp_path: Path) -> None:
    """A page says that it has ended; started again, it takes what was saved meanwhile."""
    root = write_project(tmp_path / "tidy", TIDY)
    context = browser.new_context()
    page = context.new_page()
    with serving(root) as served:
        page.goto(served.url + DECK)
        up_to_date(page)
    expect(status(page)).to_contain_text("has ended")
    served.replace(TERMS_FILE, "the device", "the GPU")
    with serving(root, "--port", str(served.port)):
        expect(page.locator("#terms-kernel .face").nth(1)).to_contain_text(
            "the GPU", timeout=HANG * 1000
        )
        up_to_date(page)
    context.close()
