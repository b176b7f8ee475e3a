"""Print what a browser measures of a site, a line a run.

Usage: python browse.py COURSE DECK RUNS

COURSE is a site whose first page is loaded on a processor four times as slow: bytes of all that it
asks for, its largest contentful paint in milliseconds. DECK is a page that is scrolled and searched
with its cards closed, then scrolled with all of them open: the longest frame of each, likewise.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

SLOWER = 4

PAINTED = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true});
})"""

LONGEST = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  let longest = 0;
  let last = await frame();
  const shown = async () => {
    const now = await frame();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const scroll = async () => {
    for (let top = 0; top < document.body.scrollHeight; top += innerHeight / 2) {
      scrollTo(0, top);
      await shown();
    }
    scrollTo(0, 0);
    await shown();
  };
  const say = async (name, value) => {
    filters.elements[name].value = value;
    filters.dispatchEvent(new Event('input'));
    await shown();
    await shown();
  };
  await scroll();
  for (const text of ['k', 'ke', 'ker', 'kernel', 'kernel x', '', 'term 4', ''])
    await say('text', text);
  for (const name of ['level', 'topic', 'set']) {
    for (const {value} of [...filters.elements[name].options].slice(0, 4)) await say(name, value);
    await say(name, '');
  }
  const closed = longest;
  openAll(true);
  await frame();
  last = await frame();
  longest = 0;
  await scroll();
  return [closed, longest];
}"""


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def _first(browser: Browser, address: str) -> tuple[int, float]:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="networkidle")
    painted: float = page.evaluate(PAINTED)
    context.close()
    return sum(sizes), painted


def _longest_frames(browser: Browser, address: str) -> tuple[float, float]:
    page = browser.new_page()
    page.goto(address, wait_until="networkidle")
    closed, opened = page.evaluate(LONGEST)
    page.close()
    return closed, opened


def main() -> None:
    """Measure, and print the numbers."""
    course, deck = (Path(argument) for argument in sys.argv[1:3])
    with (
        sync_playwright() as playwright,
        _serving(course) as first,
        _serving(deck.parent.parent) as other,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(int(sys.argv[3])):
            size, painted = _first(browser, first)
            closed, opened = _longest_frames(browser, f"{other}{deck.parent.name}/{deck.name}")
            print(size, painted, closed, opened)
        browser.close()


if __name__ == "__main__":
    main()
