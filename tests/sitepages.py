"""The site as visitors meet it: Debian's Chromium, which tells whatever goes wrong in a page."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from cardpages import ARGUMENTS, CHROMIUM, DESKTOP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from cardpages import Client

OWN_SCHEMES = ("data:", "blob:")

# Where axe cannot tell a contrast it says so apart from violations: that too is to be looked at,
# unless it is of a sign alone.
AXE = """async () => {
  const {violations, incomplete} = await axe.run(document, {preload: false});
  const unknown = incomplete.filter(({id}) => id === 'color-contrast').map(({id, nodes}) =>
    ({id, nodes: nodes.filter(({any}) =>
      !['nonBmp', 'shortTextContent'].includes(any[0]?.data?.messageKey))}));
  return [...violations, ...unknown].flatMap(({id, nodes}) => nodes.map(({target, html, any}) =>
    `${id}: ${html.slice(0, 100)} at ${target.flat().join(' ')} ${any[0]?.message ?? ''}`));
}"""

MODES = ("Reveal", "Type", "Choose", "Listen")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the tests of a module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def visiting(
    browser: Browser, address: str, client: Client = DESKTOP, *, dark: bool = False
) -> Iterator[Page]:
    """A page of a new visitor, in which by the end nothing may have gone wrong.

    Args:
        browser: To be used.
        address: Of the site: nothing else may be asked for.
        client: The visitor's window.
        dark: Whether the visitor's machine is set to dark.
    """
    context = browser.new_context(
        viewport={"width": client.width, "height": client.height},
        is_mobile=client.mobile,
        has_touch=client.mobile,
        color_scheme="dark" if dark else "light",
    )
    heard: list[str] = []

    def hear_request(request: Any) -> None:
        if not request.url.startswith((address, *OWN_SCHEMES)):
            heard.append(f"asked for {request.url}")

    context.on("request", hear_request)
    context.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda error: heard.append(str(error.error)))
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
    assert not heard, "\n".join(heard)


def address_of(folder: Path) -> str:
    """A site opened from its folder."""
    return f"{folder.as_uri()}/"


def axe(page: Page) -> str:
    """What axe-core finds in a page, a line each: the rule, the element, where it is, and why."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text())
    return "\n".join(page.evaluate(AXE))


def scrolls_sideways(page: Page) -> int:
    """How many pixels the page, or the card that is practised, is wider than its window."""
    wider: int = page.evaluate(
        "() => Math.max(...[document.documentElement, document.querySelector('[data-stage]')]"
        ".filter(Boolean).map(one => one.scrollWidth - one.clientWidth))"
    )
    return wider


def practise(page: Page, mode: str) -> None:
    """Begin the first set that can be practised in a mode, where no set has been begun."""
    for button in page.locator(".sets [data-practise]").all():
        button.click()
        if choice(page, mode).count():
            choice(page, mode).click()
            return
        page.locator("[data-leave]").click()
    raise AssertionError(mode)


def choice(page: Page, mode: str) -> Locator:
    """The button of a mode."""
    return page.locator("[data-modes-bar] button", has_text=mode)


def answer(page: Page) -> str:
    """What is asked for."""
    said: str = page.evaluate("round.now.pair.dataset.answer ?? ''")
    return said
