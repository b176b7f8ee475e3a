"""Takes the pictures in docs/screenshots: a course's page, practice, the live preview.

Run it from the repository's root, after `make check` has installed what it needs:

    PYTHONPATH=tests .venv/bin/python docs/make_screenshots.py
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cardpages import Client
from serving import serving
from sitepages import address_of, chromium, practise, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
SHOTS = Path(__file__).with_name("screenshots")

DESKTOP = Client("desktop", 1080, 720, mobile=False)
PHONE = Client("phone", 390, 780, mobile=True)
CATEGORY = "hardware"
ENTRY = "#terms-latency"
QUALITY = 0.75

# Chromium writes WebP, which playwright does not.
ENCODE = """async ([picture, quality]) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + picture;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', quality).split(',')[1];
}"""


def course(root: Path) -> Path:
    """A copy of the repository's course, with the sounds that an earlier build has made."""
    for name in ("ankigen.yaml", "ankigen.lock", "pronunciations.yaml", "words.txt"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "cards", root / "cards")
    if (ROOT / "audio/clips").is_dir():
        shutil.copytree(ROOT / "audio/clips", root / "audio/clips")
    return root


def save(name: str, page: Page, browser: Browser) -> None:
    """Take a picture of what the window shows."""
    picture = base64.b64encode(page.screenshot()).decode()
    blank = browser.new_page()
    data = base64.b64decode(blank.evaluate(ENCODE, [picture, QUALITY]))
    blank.close()
    (SHOTS / f"{name}.webp").write_bytes(data)


def open_cards(page: Page) -> None:
    """Open the cards of an entry, and bring it to the top of the window."""
    entry = page.locator(ENTRY)
    entry.locator("summary").first.click()
    entry.locator(".face").first.wait_for(state="visible")
    entry.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 90)")


def site(root: Path, browser: Browser) -> None:
    """The page to share, and practice on it."""
    subprocess.run([sys.executable, "-m", "ankigen", "site", "--offline"], cwd=root, check=True)
    address = address_of(root / "site")
    for client in (DESKTOP, PHONE):
        dark = client is PHONE
        with visiting(browser, address, client, dark=dark) as page:
            page.goto(f"{address}index.html")
            save(f"course-{client.name}", page, browser)
            page.goto(f"{address}decks/{CATEGORY}.html")
            open_cards(page)
            save(f"cards-{client.name}", page, browser)
            page.goto(f"{address}decks/{CATEGORY}.html")
            practise(page, "Choose")
            page.locator("[data-stage]").scroll_into_view_if_needed()
            save(f"practice-{client.name}", page, browser)


def preview(root: Path, browser: Browser) -> None:
    """The live preview, with a slip that was just saved."""
    with serving(root) as served, visiting(browser, served.url, DESKTOP) as page:
        page.goto(f"{served.url}/decks/{CATEGORY}.html")
        served.replace(
            f"cards/{CATEGORY}/terms.yaml", "such as a memory load", "such as a memroy load"
        )
        page.locator(f"{ENTRY} .remark").wait_for(timeout=120_000)
        open_cards(page)
        save("preview", page, browser)


if __name__ == "__main__":
    SHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        made = course(Path(folder).resolve())
        site(made, browser)
        preview(made, browser)
