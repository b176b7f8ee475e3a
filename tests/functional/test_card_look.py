"""Cards as learners see them: rendered by the real Anki, looked at in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from ankigen import notetype
from backend import empty_collection, import_package
from support import ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Page, Request

TERMS = """\
- id: kernel
  term: kernel
  definition: A function that the device runs.
- id: operator-fusion
  term: operator fusion
  pos: noun
  level: core
  definition: |
    Merging *several* operators into **one** `kernel<<<grid, block>>>`:

    - fewer launches
    - less traffic to [memory](https://example.org/a/very/long/address/that/never/ends/at/all)
  ipa: /əʊə/
  topics: [fusion]
  related: [kernel]
  usage: |
    Say "fuse A **with** B", not `tensorflow::grappler::remapper::FusedBatchNormAndActivationXLA`.

    - H<sub>2</sub>O and <mark>marked</mark>, <kbd>Ctrl</kbd>
  source: https://example.org/source
"""

SENTENCES = """\
- id: kernel-1
  terms: [kernel]
  text: Each {kernel} reads `tile[threadIdx.x + blockIdx.x * blockDim.x]` of its own.
  genre: documentation
  hint: a *function*
  note: Not <b>the</b> kernel of an operating system; see [there](https://example.org).
- id: operator-fusion-1
  terms: [operator-fusion, kernel]
  text: Does operator fusion still fire here?
"""

FILES = {
    "ankigen.yaml": "id: look\nname: Look\ncategories: [all]\n",
    "cards/all/category.yaml": "name: All\n",
    "cards/all/terms.yaml": TERMS,
    "cards/all/sentences.yaml": SENTENCES,
}

LEAST_CONTRAST = 4.5
LEAST_TARGET = 44

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]

# What Anki's reviewer puts into a card.
REPLAY = (
    '<a class="replay-button soundLink" href=#><svg class="playImage" viewBox="0 0 64 64">'
    '<circle cx="32" cy="32" r="29"/>'
    '<path d="M56.502,32.301l-37.502,20.101l0.329,-40.804l37.173,20.703Z"/></svg></a>'
)
ASKED = "<center><input type=text id=typeans></center>"
COMPARED = (
    "<div><code id=typeans><span class=typeGood>opera</span><span class=typeBad>x</span><br>"
    "<span id=typearrow>&darr;</span><br><span class=typeGood>opera</span>"
    "<span class=typeMissed>tor</span></code></div>"
)

SIDES = [
    (name, ordinal, side)
    for name, made in notetype.built_in().items()
    for ordinal in range(len(made.cards))
    for side in ("front", "back")
]

# The least contrast between a text and what is behind it (WCAG 2.2, 1.4.3), of every text shown.
CONTRASTS = """() => {
  const rgba = text => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r*a + R*(1-a), g*a + G*(1-a), b*a + B*(1-a), 1];
  const behind = element => {
    if (!element) return [255, 255, 255, 1];
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || element.closest('style, script') || !element.checkVisibility()) continue;
    const paper = behind(element);
    const ink = over(rgba(getComputedStyle(element).color), paper);
    const [low, high] = [light(ink), light(paper)].sort((a, b) => a - b);
    found.push([text, (high + 0.05) / (low + 0.05)]);
  }
  return found;
}"""

WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

BUTTONS = """() => [...document.querySelectorAll('.replay-button')]
  .map(button => button.getBoundingClientRect()).map(box => [box.width, box.height])"""


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, int, str], list[str]]:
    """The HTML of every card's sides, by note type, card and side; one for each note."""
    root = write_project(tmp_path_factory.mktemp("look"), FILES)
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    found: dict[tuple[str, int, str], list[str]] = {}
    with empty_collection(root) as collection:
        import_package(collection, root / "dist/look.apkg")
        for identifier in collection.find_cards(""):
            card = collection.get_card(identifier)
            note_type = card.note()["Key"].partition("/")[0]
            for side, html, typed in (
                ("front", card.question(), ASKED),
                ("back", card.answer(), COMPARED),
            ):
                shown = re.sub(r"\[anki:play:[qa]:\d+\]", REPLAY, html)
                shown = re.sub(r"\[\[type:[^\]]*\]\]", typed, shown)
                found.setdefault((note_type, card.ord, side), []).append(shown)
    return found


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser.new_page()
        browser.close()


def look(page: Page, body: str, width: int = 360) -> dict[str, Any]:
    """What there is to say about a document at a width."""
    asked: list[str] = []

    def note_request(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note_request)
    page.set_viewport_size({"width": width, "height": 720})
    page.set_content(
        f"<!doctype html><html lang=en><meta name=viewport content='width=device-width'>{body}",
        wait_until="load",
    )
    page.remove_listener("request", note_request)
    contrasts = page.evaluate(CONTRASTS)
    return {
        "wider by": page.evaluate(WIDER),
        "texts": [text for text, _ in contrasts],
        "faint": [(text, round(ratio, 2)) for text, ratio in contrasts if ratio < LEAST_CONTRAST],
        "small": [size for size in page.evaluate(BUTTONS) if min(size) < LEAST_TARGET],
        "buttons": len(page.evaluate(BUTTONS)),
        "requests": asked,
    }


@pytest.mark.parametrize("night", [False, True], ids=["light", "night"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("key", SIDES, ids=lambda key: "-".join(map(str, key)))
def test_card(
    page: Page,
    sides: Mapping[tuple[str, int, str], list[str]],
    key: tuple[str, int, str],
    width: int,
    *,
    night: bool,
) -> None:
    """No card scrolls sideways, has faint text or a small button, or asks the network."""
    note_type, ordinal, side = key
    mode = "nightMode night_mode" if night else ""
    speaks = "{{Audio}}" in getattr(notetype.built_in()[note_type].cards[ordinal], side)
    shown = sides[key]
    assert len(shown) == 2
    for html in shown:
        body = f"<body class='card card{ordinal + 1} {mode}'><div id=qa>{html}</div>"
        seen = look(page, body, width)
        assert seen["texts"]
        assert seen["wider by"] <= 0
        assert seen["faint"] == []
        assert seen["small"] == []
        assert seen["requests"] == []
        assert seen["buttons"] >= speaks


def test_the_look_sees(page: Page) -> None:
    """What the test above looks for would be found."""
    seen = look(
        page,
        "<body><p style='width: 999px; color: #999; background: #fff8'>faint</p>"
        f"{REPLAY.replace('<svg', '<svg width=20 height=20')}<img src='http://127.0.0.1:9/x.png'>",
    )
    assert seen["wider by"] > 600
    assert seen["faint"] == [("faint", 2.85)]
    assert len(seen["small"]) == 1
    assert seen["requests"] == ["http://127.0.0.1:9/x.png"]
