"""Practice on the site, from a set's first card to its tick, and the progress that it leaves."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from cardpages import PHONE
from sitepages import (
    MODES,
    address_of,
    answer,
    choice,
    chromium,
    practise,
    scrolls_sideways,
    visiting,
)
from siteserver import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

DECK = "decks/all.html"
FORMAT = "ankigen-progress-1"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of this module."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(every_site: Path) -> str:
    """Of the site: a folder, where the browser keeps progress as well."""
    return address_of(every_site)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The deck, opened by a new visitor."""
    with visiting(browser, address) as opened:
        opened.goto(f"{address}{DECK}")
        yield opened


def place(page: Page) -> tuple[int, int]:
    """How many cards are done, and how many there are."""
    done, total = page.locator("[data-place]").inner_text().split(" of ")
    return int(done), int(total)


def buttons(page: Page) -> Locator:
    """What can be pressed below the card."""
    return page.locator("[data-answers] button")


def typed(page: Page) -> Locator:
    """The box into which one types."""
    return page.locator("[data-answers] input")


def card(page: Page) -> str:
    """The card that is asked."""
    said: str = page.evaluate("`${round.now?.item.id}, ${round.now?.pair.dataset.card}`")
    return said


def right_choice(page: Page) -> int:
    """The place of the right one among the buttons, from 0."""
    texts = [text.partition("\n")[0] for text in buttons(page).all_inner_texts()]
    options = page.locator("[data-stage] label:has([value=right])")
    wanted = (options.text_content() or "").strip() if options.count() else answer(page)
    found = [at for at, text in enumerate(texts) if re.sub(r"\s*\d$", "", text) == wanted]
    assert len(found) == 1, (texts, wanted)
    return found[0]


def by_keyboard(page: Page, mode: str, *, right: bool) -> None:
    """Answer the card that is asked, and go on."""
    if mode in {"Reveal", "Listen"}:
        page.keyboard.press("Space")
        page.keyboard.press("2" if right else "1")
    elif mode == "Type":
        page.keyboard.type(answer(page).upper() if right else "r 1 2")
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
    else:
        at = right_choice(page)
        page.keyboard.press(str((at if right else at - 1 if at else 1) + 1))
        page.keyboard.press("Space")


@pytest.mark.parametrize("mode", MODES)
def test_a_set_to_its_end_by_keyboard(page: Page, mode: str, address: str) -> None:
    """What was wrong comes again; the end ticks the set, which outlives a reload."""
    practise(page, mode)
    _, total = place(page)
    asked = card(page)
    by_keyboard(page, mode, right=False)
    assert place(page) == (0, total)
    again = 0
    for _ in range(total):
        again += card(page) == asked
        by_keyboard(page, mode, right=True)
    assert again == 1
    expect(page.get_by_text("Done.")).to_be_visible()
    assert place(page) == (total, total)
    expect(page.get_by_text(f"{total - 1} of {total} cards right at once.")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert place(page)[0] == 0
    page.keyboard.press("Escape")
    expect(page.locator("[data-practice]")).not_to_be_visible()
    assert page.locator("[data-tick]:visible").count() == 1
    page.reload()
    assert page.locator("[data-tick]:visible").count() == 1
    page.goto(f"{address}index.html")
    expect(page.get_by_text(re.compile(r"✓ 1 of \d+ done"))).to_be_visible()
    expect(page.get_by_text("1 set finished")).to_be_visible()


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    """From the top of the page into a set, to another mode and out, by Tab, Space and Enter."""
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.practise") is not None:
            break
    page.keyboard.press("Enter")
    expect(page.locator("[data-practice]")).to_be_visible()
    expect(buttons(page).first).to_be_focused()
    asked = card(page)
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "Choose":
            break
    page.keyboard.press("Space")
    expect(choice(page, "Choose")).to_have_attribute("aria-pressed", "true")
    assert card(page) == asked
    page.keyboard.press("Escape")
    expect(page.locator("[data-practise]").first).to_be_focused()


def test_a_key_of_the_card_is_the_cards(page: Page) -> None:
    """Space opens a hint that has the focus; where one types, r is a letter."""
    practise(page, "Type")
    expect(typed(page)).to_be_focused()
    page.keyboard.type("r")
    expect(typed(page)).to_have_value("r")
    choice(page, "Reveal").click()
    while not page.locator("[data-stage] a.hint").count():
        by_keyboard(page, "Reveal", right=True)
    page.locator("[data-stage] a.hint").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-stage] div.hint")).to_be_visible()
    expect(buttons(page).first).to_contain_text("Show the answer")
    page.keyboard.press("2")
    expect(buttons(page).first).to_contain_text("Show the answer")


def test_what_is_typed_is_compared_kindly(page: Page) -> None:
    """Capitals, quotes, spaces and hyphens make no difference; the answer is told."""
    practise(page, "Type")
    wanted = answer(page)
    typed(page).fill("something else")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-said]")).to_have_text(f"It is “{wanted}”, not “something else”.")
    buttons(page).click()
    typed(page).fill(f"  {answer(page).upper().replace(' ', ' - ')} ")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-said]")).to_have_text("Right.")
    buttons(page).click()
    wanted = answer(page)
    page.get_by_role("button", name="I don't know").press("Enter")
    expect(page.locator("[data-said]")).to_have_text(f"It is “{wanted}”.")


def test_what_the_filters_show_is_practised(page: Page) -> None:
    """No set is ticked by it."""
    page.get_by_label("Search").fill("device runs")
    page.get_by_role("button", name="Practise these").click()
    while place(page)[0] < place(page)[1]:
        by_keyboard(page, "Reveal", right=True)
    expect(page.get_by_text("Done.")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    assert page.locator("[data-tick]:visible").count() == 0


@pytest.mark.parametrize("mode", MODES)
def test_a_set_to_its_end_by_touch(browser: Browser, address: str, mode: str) -> None:
    """On a phone of 360 px, where nothing scrolls sideways and all buttons are large enough."""
    with visiting(browser, address, PHONE) as page:
        page.goto(f"{address}{DECK}")
        practise(page, mode)
        wide, small = [], []
        while not page.locator(".end").count():
            for _ in range(2):
                wide.append(scrolls_sideways(page))
                boxes = [button.bounding_box() for button in buttons(page).all()]
                small += [box for box in boxes if box is None or box["height"] < 44]
                if mode == "Type" and typed(page).count():
                    typed(page).fill(answer(page))
                    buttons(page).first.tap()
                elif mode == "Choose" and buttons(page).count() > 1:
                    buttons(page).nth(right_choice(page)).tap()
                else:
                    buttons(page).last.tap()
        assert set(wide) == {0}
        assert not small
        page.get_by_role("button", name="Close").tap()
        assert page.locator("[data-tick]:visible").count() == 1


def progress(page: Page) -> Any:
    """All that the browser keeps."""
    return page.evaluate("() => ({...localStorage})")


def load(page: Page, content: bytes) -> None:
    """Load a file of progress."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Load from a file").click()
    chooser.value.set_files({"name": "x.json", "mimeType": "application/json", "buffer": content})


def test_progress_is_taken_elsewhere(browser: Browser, address: str, tmp_path: Path) -> None:
    """Saved to a file, forgotten, loaded again: all of it is there, in another browser too."""
    with visiting(browser, address) as page:
        page.goto(f"{address}{DECK}")
        page.get_by_role("button", name="Bookmark: kernel").click()
        practise(page, "Type")
        while not page.locator(".end").count():
            by_keyboard(page, "Type", right=True)
        page.goto(f"{address}index.html")
        line = page.locator("[data-progress-line]")
        expect(line).to_contain_text("1 set finished; 1 bookmark.")
        before = line.inner_text()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save to a file").click()
        saved = tmp_path / "saved.json"
        download.value.save_as(saved)
        assert download.value.suggested_filename == "look-progress.json"
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("button", name="Forget everything").click()
        expect(line).to_have_text(before)
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Forget everything").click()
        expect(line).to_have_text("Nothing practised yet.")
        page.goto(f"{address}{DECK}")
        assert page.locator("[data-tick]:visible").count() == 0
        page.goto(f"{address}index.html")
        load(page, saved.read_bytes())
        expect(line).to_have_text(before)
    with visiting(browser, address) as page:
        page.goto(f"{address}index.html")
        load(page, saved.read_bytes())
        expect(page.locator("[data-progress-line]")).to_have_text(before)


BAD = (
    b"",
    b"\x00\xff{",
    b"null",
    b"[]",
    b'"ankigen-progress-1"',
    json.dumps({"format": FORMAT, "course": "another", "marks": ["terms/full"]}).encode(),
    json.dumps({"format": "another", "course": "look", "marks": ["terms/full"]}).encode(),
    json.dumps({"format": FORMAT, "course": "look", "marks": HOSTILE, "known": 7}).encode(),
    json.dumps(
        {
            "format": FORMAT,
            "course": "look",
            "marks": [1, None, {}],
            "known": {"terms/full": HOSTILE, "__proto__": {"x": 1}, "terms/least": 1e9},
            "sets": {"all-1": HOSTILE, "all-2": True},
            "theme": "dark",
        }
    ).encode(),
    b'{"format": "ankigen-progress-1", "course": "look", "__proto__": {"marks": ["x"]}}',
)


def test_other_files_change_nothing(browser: Browser, address: str) -> None:
    """Neither a file of another course nor one that somebody made up, and the page tells it."""
    with visiting(browser, address) as page:
        page.goto(f"{address}{DECK}")
        page.get_by_role("button", name="Bookmark: kernel").click()
        page.goto(f"{address}index.html")
        before = {**progress(page), "ankigen:look:known": "{}", "ankigen:look:sets": "{}"}
        for content in BAD:
            load(page, content)
            expect(page.locator("[data-progress-said]")).not_to_be_empty()
            page.evaluate("document.querySelector('[data-progress-said]').textContent = ''")
            assert {**before, **progress(page)} == before, content
        expect(page.locator("[data-progress-line]")).to_have_text("Nothing practised yet.")


def test_storage_that_is_spoilt_or_refused(browser: Browser, every_site: Path) -> None:
    """Pages work whatever another page of their host left there, and where nothing is kept."""
    spoilt = ("5", "null", "[1]", '"x"', "{", '{"a": {}}')
    with serving(every_site) as address, visiting(browser, address) as page:
        page.goto(f"{address}index.html")
        for value in spoilt:
            page.evaluate(
                "value => { for (const key of ['marks', 'known', 'sets', 'mode', 'theme', 'open'])"
                " localStorage.setItem(`ankigen:look:${key}`, value) }",
                value,
            )
            page.goto(f"{address}index.html")
            expect(page.get_by_role("button", name="Save to a file")).to_be_visible()
            page.goto(f"{address}{DECK}")
            practise(page, "Reveal")
            by_keyboard(page, "Reveal", right=True)
            assert place(page)[0] == 1
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
        )
        page.goto(f"{address}{DECK}")
        practise(page, "Reveal")
        by_keyboard(page, "Reveal", right=True)
        assert place(page)[0] == 1
