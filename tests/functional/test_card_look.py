"""Cards as learners see them: rendered by the real Anki, looked at in a real browser."""

from __future__ import annotations

import math
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from ankigen import notetype
from cardpages import (
    CLIENTS,
    DESKTOP,
    ENTRIES,
    PHONE,
    REPLAY,
    Card,
    CardKey,
    browser_page,
    dress,
    render,
    show,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Page

    from cardpages import Client

    Place = tuple[str, float, float]

LEAST_FONT = 16
LEAST_TARGET = 44

CARDS = [
    (name, ordinal)
    for name, made in notetype.built_in().items()
    for ordinal in range(len(made.cards))
]
SIDES = [(name, ordinal, side) for name, ordinal in CARDS for side in ("front", "back")]
CHOICES = [
    (name, ordinal)
    for name, ordinal in CARDS
    if "ptions}}" in notetype.built_in()[name].cards[ordinal].front
]


def in_words(value: object) -> str | None:
    """How a parameter is called in a test's id."""
    return "-".join(map(str, value)) if isinstance(value, tuple) else None


# What axe finds in elements that Anki makes: the link that plays a sound and the box to type in
# have no names; an arrow by itself is too short for axe to judge its contrast.
OF_ANKI = (
    ("link-name", ".replay-button"),
    ("label", "#typeans"),
    ("color-contrast", "#typearrow"),
)

# Rules about whole pages, of which a card is a part: Anki makes the page's landmarks and headings,
# its title, language and zoom.
OF_WHOLE_PAGES = (
    *("bypass", "landmark-one-main", "page-has-heading-one", "region"),
    *("document-title", "html-has-lang", "html-lang-valid", "meta-viewport"),
)

# Where axe cannot tell a contrast it says so apart from violations: that too is to be looked at.
AXE = """async ([ofAnki, ofPages]) => {
  const {violations, incomplete} = await axe.run(document, {
    rules: Object.fromEntries(ofPages.map(rule => [rule, {enabled: false}])),
  });
  return [...violations, ...incomplete.filter(({id}) => id === 'color-contrast')]
    .flatMap(({id, nodes}) => nodes.map(({target, html}) => [id, target.join(' '), html]))
    .filter(([id, target]) => !ofAnki.some(([rule, made]) =>
      rule === id && document.querySelector(target).matches(made)));
}"""

# What a page shows amiss: [what, where] of each.
AMISS = """([leastFont, leastTarget]) => {
  const found = [];
  const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wider > 0) found.push(['scrolls sideways', `${wider} px`]);
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    const text = node.textContent.trim();
    if (!text || element.closest('style, script') || !element.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < leastFont && !element.closest('sub, sup'))
      found.push(['small text', `${size} px: ${text}`]);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const {left, right, top, bottom, height} of range.getClientRects()) {
      // A line's box is higher than its letters; a fifth of it at each end may lie over another.
      boxes.push([text, left, right, top + height / 5, bottom - height / 5]);
      if (left < 0 || right > document.documentElement.clientWidth + 1)
        found.push(['beside the page', text]);
    }
  }
  for (const button of document.querySelectorAll('svg, input[type=text]')) {
    const {left, right, top, bottom} = button.getBoundingClientRect();
    boxes.push([button.tagName, left, right, top, bottom]);
  }
  boxes.forEach(([text, left, right, top, bottom], index) => {
    for (const [other, Left, Right, Top, Bottom] of boxes.slice(index + 1))
      if (Math.min(right, Right) - Math.max(left, Left) > 1
          && Math.min(bottom, Bottom) - Math.max(top, Top) > 1)
        found.push(['overlap', `${text} | ${other}`]);
  });
  const targets = 'a.replay-button, a.hint, .option, input[type=text]';
  for (const target of document.querySelectorAll(targets)) {
    const {width, height} = target.getBoundingClientRect();
    if (target.checkVisibility() && Math.min(width, height) < leastTarget)
      found.push(['small target', `${target.className || target.id}: ${width} by ${height} px`]);
  }
  return found;
}"""

# Where each word and button is, in the first part of the page. The text of a gap and what follows
# it in its paragraph are left out: filling a gap moves them, as do the letters of what was typed.
PLACES = """() => {
  const found = [];
  const place = (what, {left, top}) =>
    found.push([what, left + scrollX, top + scrollY]);
  const part = document.querySelector('.ag');
  const gap = part.querySelector('.cloze');
  const filled = gap && gap.closest('p');
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.checkVisibility() || node.parentElement.closest('#typeans')) continue;
    if (filled && filled.contains(node)
        && !(gap.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING)) continue;
    for (const {0: word, index} of node.textContent.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      place(word, range.getClientRects()[0]);
    }
  }
  for (const button of part.querySelectorAll('.replay-button'))
    place('(sound)', button.getBoundingClientRect());
  return found;
}"""

MARKED = """option => [
  getComputedStyle(option.querySelector('span')).color,
  getComputedStyle(option.querySelector('span'), '::after').content,
]"""


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Mapping[CardKey, Card]:
    """All cards of a course of every note type."""
    return render(tmp_path_factory.mktemp("look"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    """A page that all tests here share."""
    with browser_page() as page:
        yield page


@pytest.fixture
def page(browser: Page) -> Iterator[Page]:
    """The page, which by the end of a test may have neither asked for nor said anything."""
    heard: list[str] = []
    listeners: dict[Any, Any] = {
        "request": lambda request: heard.append(request.url),
        "console": lambda message: heard.append(message.text),
        "pageerror": lambda error: heard.append(str(error)),
    }
    for event, listener in listeners.items():
        browser.on(event, listener)
    yield browser
    for event, listener in listeners.items():
        browser.remove_listener(event, listener)
    assert heard == []


def of_type(
    cards: Mapping[CardKey, Card], note_type: str, ordinal: int
) -> Iterator[tuple[str, Card]]:
    """A card of a note type with each content that has it."""
    for key, card in cards.items():
        if key[:2] == (note_type, ordinal):
            yield key.content, card


def test_the_course_has_every_key_of_every_note_type() -> None:
    """No key is left out of what the tests below look at, and every required one is alone once."""
    assert set(ENTRIES) == set(notetype.built_in())
    for name, made in notetype.built_in().items():
        keys = made.spec.entry
        assert set(ENTRIES[name]["full"]) == set(keys), name
        assert set(ENTRIES[name]["least"]) == {key for key in keys if keys[key].required}, name


@pytest.mark.parametrize("key", SIDES, ids=in_words)
def test_everything_can_be_read_and_touched(
    page: Page, cards: Mapping[CardKey, Card], key: tuple[str, int, str]
) -> None:
    """Nothing scrolls sideways, overlaps or is too small, in any window, at twice the text too."""
    note_type, ordinal, side = key
    amiss = []
    shown = list(of_type(cards, note_type, ordinal))
    assert len(shown) >= 2
    for content, card in shown:
        show(page, getattr(card, side), ordinal, PHONE)
        for client in CLIENTS:
            dress(page, ordinal, client, night=False)
            for zoom in ("", "200%"):
                page.evaluate("zoom => { document.documentElement.style.fontSize = zoom }", zoom)
                amiss += [
                    (content, client.name, zoom, *what)
                    for what in page.evaluate(AMISS, [LEAST_FONT, LEAST_TARGET])
                ]
    assert not amiss, "\n".join(map(str, amiss))


@pytest.mark.parametrize("key", SIDES, ids=in_words)
def test_axe_finds_nothing_by_day_or_night(
    page: Page, cards: Mapping[CardKey, Card], key: tuple[str, int, str]
) -> None:
    """AA contrast, names, roles and structure are as axe-core wants them."""
    note_type, ordinal, side = key
    amiss = []
    for content, card in of_type(cards, note_type, ordinal):
        show(page, getattr(card, side), ordinal, PHONE)
        for night in (False, True):
            dress(page, ordinal, PHONE, night=night)
            amiss += [(content, night, *found) for found in axe(page)]
    assert not amiss, "\n".join(map(str, amiss))


@pytest.mark.parametrize("client", [PHONE, DESKTOP], ids=lambda client: client.name)
@pytest.mark.parametrize("key", CARDS, ids=in_words)
def test_what_the_front_shows_stays_where_it_is(
    page: Page, cards: Mapping[CardKey, Card], key: tuple[str, int], client: Client
) -> None:
    """No word and no button of the front is anywhere else on the back."""
    jumped = []
    for content, card in of_type(cards, *key):
        show(page, card.front, key[1], client)
        before = page.evaluate(PLACES)
        assert before
        show(page, card.back, key[1], client)
        jumped += [(content, *jump) for jump in jumps(before, page.evaluate(PLACES))]
    assert not jumped, "\n".join(map(str, jumped))


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("key", CHOICES, ids=in_words)
def test_a_tap_marks_a_choice_right_or_wrong(
    page: Page, cards: Mapping[CardKey, Card], key: tuple[str, int], *, night: bool
) -> None:
    """A tap shows by colour and sign which it is, and a second tap elsewhere takes it over."""
    note_type, ordinal = key
    show(page, cards[CardKey(note_type, ordinal, "full")].front, ordinal, PHONE, night=night)
    right = page.locator(".option:has([value=right])")
    wrong = page.locator(".option:has([value=wrong])").first
    assert right.count() == 1
    untouched = right.evaluate(MARKED)
    assert wrong.evaluate(MARKED) == untouched
    assert untouched[1] == "none"
    wrong.click()
    marked_wrong = wrong.evaluate(MARKED)
    assert right.evaluate(MARKED) == untouched
    right.click()
    marked_right = right.evaluate(MARKED)
    assert wrong.evaluate(MARKED) == untouched
    assert (marked_wrong[1], marked_right[1]) == ('"✗"', '"✓"')
    assert len({untouched[0], marked_wrong[0], marked_right[0]}) == 3
    assert axe(page) == []


def jumps(before: list[Place], after: list[Place]) -> Iterator[tuple[str, float]]:
    """What is a pixel or more from where it was, and how far its nearest like is now."""
    for what, left, top in before:
        moved = [max(abs(x - left), abs(y - top)) for other, x, y in after if other == what]
        if min(moved, default=math.inf) >= 1:
            yield what, min(moved, default=math.inf)


def axe(page: Page) -> list[list[str]]:
    """What axe-core finds in a page: the rule, the element's selector and its HTML."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text())
    found: list[list[str]] = page.evaluate(AXE, [OF_ANKI, OF_WHOLE_PAGES])
    return found


def test_the_look_sees_what_is_amiss(page: Page) -> None:
    """What the tests above look for would be found."""
    show(
        page,
        "<p style='width: 999px; font-size: 12px'>small</p><p style='color: #999'>faint</p>"
        "<div style='height: 20px'><p style='height: 0; margin: 0'>over</p>under</div>"
        f"{REPLAY}"
        "<img alt='' src='data:,'><input type=text id=typeans><input type=text id=ours>",
        0,
        PHONE,
    )
    seen = {what for what, _ in page.evaluate(AMISS, [LEAST_FONT, LEAST_TARGET])}
    assert seen == {"scrolls sideways", "small text", "overlap", "small target"}
    assert {(rule, target) for rule, target, _ in axe(page)} == {
        ("color-contrast", "p:nth-child(2)"),
        ("color-contrast", "#qa > div > p"),
        ("label", "#ours"),
    }


def test_the_look_hears_requests_and_errors(browser: Page) -> None:
    """What a page asks for and says is heard."""
    heard: list[str] = []
    listeners: dict[Any, Any] = {
        "request": lambda request: heard.append(request.url),
        "console": lambda message: heard.append(message.text),
    }
    for event, listener in listeners.items():
        browser.on(event, listener)
    show(
        browser,
        "<img src='http://127.0.0.1:9/x.png'><script>console.log('said')</script>",
        0,
        PHONE,
    )
    for event, listener in listeners.items():
        browser.remove_listener(event, listener)
    assert "http://127.0.0.1:9/x.png" in heard
    assert "said" in heard
