"""The live preview of a course: from a save to the screen, and what two hundred saves leave behind.

Usage: PYTHONPATH=tests python serve.py PROJECT RUNS
Prints a line of seconds, one for each run, and a line of bytes. The project's files are changed.
"""

from __future__ import annotations

import itertools
import re
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from cardpages import ARGUMENTS, CHROMIUM
from serving import HANG, SEEN, Served, children, resident, serving

WARM_UP, SAVES = 20, 200
_FIRST = re.compile(r"^(- id: .*\n  term: .*)", re.MULTILINE)
_WORDS = ("new", "renewed", "later", "other", "longer", "shorter", "smaller", "second", "final")


class Edits:
    """Saves of a course's first term of a deck, each with another word."""

    def __init__(self, served: Served) -> None:
        files = served.root.glob("cards/*/terms.yaml")
        self.file = max(files, key=lambda path: path.stat().st_size)
        self.deck = f"/decks/{self.file.parent.name}.html"
        self._served = served
        self._text = self.file.read_text("utf-8")
        self._words = (" ".join(words) for words in itertools.permutations(_WORDS, 3))

    def word(self) -> str:
        """What the next save adds."""
        return next(self._words)

    def save(self, word: str) -> None:
        """Add it to the first term."""
        text = re.sub(
            r"^(- id: .*\n  term: .*)", rf"\1 {word}", self._text, count=1, flags=re.MULTILINE
        )
        if text == self._text:
            sys.exit(f"{self.file} does not begin with a term")
        self._served.write(str(self.file.relative_to(self._served.root)), text)


def seconds(served: Served, edits: Edits, runs: int) -> list[float]:
    """From each save to a card that shows it, but for the first, which loads dictionaries."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page()
        page.goto(served.url + edits.deck)
        page.locator(".live [role=status]", has_text="Up to date").wait_for()
        for _ in range(runs + 1):
            word = edits.word()
            page.evaluate(SEEN, word)
            saved = time.time()
            edits.save(word)
            found.append(page.evaluate("window.seen") / 1000 - saved)
            page.locator(".live [role=status]", has_text=re.compile("^Up to date$")).wait_for()
        browser.close()
    return found[1:]


def grown(served: Served, edits: Edits) -> int:
    """Bytes that the saves have cost, each with its page made."""
    before = 0
    for number in range(WARM_UP + SAVES):
        if number == WARM_UP:
            before = resident(served.process.pid)
        word = edits.word()
        edits.save(word)
        until = time.monotonic() + HANG
        while word.encode() not in served.ask(edits.deck).body:
            if time.monotonic() > until:
                sys.exit("a save did not come to the page")
            time.sleep(0.05)
    after = resident(served.process.pid)
    served.status(lambda said: said["checked"])
    if children(served.process.pid):
        sys.exit("a process is left")
    return after - before


def main(project: Path, runs: int) -> None:
    """Measure both."""
    with serving(project) as served:
        edits = Edits(served)
        print(*seconds(served, edits, runs))
        print(grown(served, edits))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
