"""Renders a card of every note type in Anki and Chromium, and writes them to docs/cards.webp.

Run it from the repository's root, after `make check` has installed what it needs:

    PYTHONPATH=tests .venv/bin/python docs/make_contact_sheet.py
"""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

from cardpages import CardKey, Client, browser_page, render, show

SHEET = Path(__file__).with_name("cards.webp")

COLUMNS = 4
WIDTH = 440
HEIGHT = 700
GAP = 24
SCALE = 1.4
QUALITY = 0.8

SHOWN = (
    (CardKey("terms", 0, "full"), "back", False),
    (CardKey("sentences", 0, "full"), "back", True),
    (CardKey("collocations", 1, "full"), "front", False),
    (CardKey("phrases", 0, "full"), "back", True),
    (CardKey("terms", 1, "full"), "front", True),
    (CardKey("pronunciations", 0, "full"), "back", False),
    (CardKey("corrections", 0, "full"), "back", True),
    (CardKey("interview", 0, "full"), "back", False),
)
"""Cards, their sides, and whether by night; row by row."""

# Draws pictures into a grid and returns it as WebP, which Chromium writes and playwright does not.
DRAW = """async ([pictures, columns, width, height, gap, quality]) => {
  const canvas = document.createElement('canvas');
  const rows = Math.ceil(pictures.length / columns);
  canvas.width = columns * (width + gap) + gap;
  canvas.height = rows * (height + gap) + gap;
  const context = canvas.getContext('2d');
  context.fillStyle = '#8d97a6';
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const [index, picture] of pictures.entries()) {
    const image = new Image();
    image.src = 'data:image/png;base64,' + picture;
    await image.decode();
    const column = index % columns;
    const row = Math.floor(index / columns);
    context.drawImage(image, gap + column * (width + gap), gap + row * (height + gap));
  }
  return canvas.toDataURL('image/webp', quality).split(',')[1];
}"""


def make_sheet() -> bytes:
    """The contact sheet as WebP."""
    with tempfile.TemporaryDirectory() as folder, browser_page(SCALE) as page:
        cards = render(Path(folder))
        pictures = []
        for key, side, night in SHOWN:
            client = Client("sheet", WIDTH, HEIGHT, mobile=True)
            show(page, getattr(cards[key], side), key.ordinal, client, night=night)
            pictures.append(base64.b64encode(page.screenshot()).decode())
        page.set_content("")
        sizes = [round(size * SCALE) for size in (WIDTH, HEIGHT, GAP)]
        return base64.b64decode(page.evaluate(DRAW, [pictures, COLUMNS, *sizes, QUALITY]))


if __name__ == "__main__":
    SHEET.write_bytes(make_sheet())
