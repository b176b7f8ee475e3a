"""Pages of a course that is all attack: in a browser, nothing of it does anything."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import yaml

from ankigen import reading
from ankigen.site import editions, output, pages
from ankigen.site.model import Release
from cardpages import ENTRIES, project
from hostile import HOSTILE_CARDS, HOSTILE_TEXTS
from sitepages import address_of, choice, chromium, visiting
from support import write_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

    from ankigen.reading import Contents

ADDRESS = "https://example.org/"
RELEASE = Release("v1<script>", "2026-01-01T00:00:00+00:00")
VECTORS = [re.sub(r"[\x00-\x08]", "", vector) for vector in (*HOSTILE_TEXTS, *HOSTILE_CARDS)]
"""All that the sanitiser's tests know, but for characters that no source file may hold."""

AMISS = r"""() => {
  const acting = /^(iframe|object|embed|base|applet|math|animate|audio|video|plaintext|xmp)$/;
  const ours = /^(script|style|link|meta|form|title|template|noscript|dialog|textarea)$/;
  const found = new Set();
  const trees = [document];
  for (const tree of trees) {
    for (const one of tree.querySelectorAll('*')) {
      if (one.shadowRoot) trees.push(one.shadowRoot);
      if (one.localName === 'template') trees.push(one.content);
      for (const {name, value} of one.attributes) {
        const place = `${name}=${value} of ${one.localName}`;
        if (/^on|^srcdoc$|^formaction$|^popover/.test(name)) found.add(place);
        if (/^(src|action|data)$/.test(name) && tree !== document
            && !/^(\.\.\/media\/|data:image)/.test(value)) found.add(place);
        if (/href$/.test(name) && tree !== document
            && !/^(https?:|mailto:|#|\/\/)/.test(value)) found.add(place);
      }
      if (acting.test(one.localName) || tree !== document && ours.test(one.localName))
        found.add(`<${one.localName}> in ${tree.host?.className ?? tree.nodeName}`);
    }
  }
  return [...found];
}"""
"""What is in a page, its templates and its cards that could act."""

SHAPE = """() => [
  [...document.head.children].map((one) => one.localName),
  [...document.body.children].map((one) => one.localName),
  [...document.querySelector('main').children].map((one) => one.localName),
  [...new Set([...document.querySelectorAll('.item')].map((one) =>
    `${one.parentElement.className || one.parentElement.localName}:`
    + [...one.children].map((part) => part.localName)))].sort(),
  document.querySelectorAll('script').length,
]"""
"""How a page is built, whatever its texts say."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser of this module."""
    with chromium() as opened:
        yield opened


def attacked(contents: Contents) -> Contents:
    """A course whose notes hold a vector in each field and tag, whatever sources would refuse.

    So do its note types, in the templates of their cards and in their stylesheets.
    """
    whole = " ".join(VECTORS)
    types = {
        name: replace(
            made,
            css=f"{made.css} </style><script>alert(1)</script> {whole}",
            cards=tuple(
                replace(card, front=f"{card.front}{whole}", back=f"{card.back}{whole}")
                for card in made.cards
            ),
        )
        for name, made in contents.note_types.items()
    }
    notes = []
    for note in contents.notes:
        if not note.key.endswith("/full"):
            continue
        kind = contents.note_types[note.note_type].spec.kind
        for number, vector in enumerate(VECTORS):
            text = f"{{{{c1::{vector}::{vector}}}}} {vector}" if kind == "cloze" else vector
            named = "".join(vector.split())
            notes.append(
                replace(
                    note,
                    key=f"{note.note_type}/v{number}",
                    fields=(text,) * len(note.fields),
                    tags=(*note.tags, f"topic::{named}", named),
                )
            )
    attacking = replace(contents.project, note_types=types)
    return replace(contents, project=attacking, notes=tuple(notes))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of such a course."""
    root = tmp_path_factory.mktemp("evil")
    whole = " ".join(VECTORS)
    said = {"name": whole, "description": whole}
    course = {"id": "evil", "categories": ["all"], "authors": VECTORS, "licence": whole, **said}
    files = project() | {
        "ankigen.yaml": yaml.safe_dump(course, allow_unicode=True),
        "cards/all/category.yaml": yaml.safe_dump(said, allow_unicode=True),
    }
    contents = attacked(reading.read(write_project(root, files), sound=False))
    folder = root / "site"
    made = pages.make(output.view(contents, None, editions.Editions(RELEASE)), ADDRESS)
    for path, content in made:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def dialogs_of(page: Page) -> list[str]:
    """What a page has asked in dialogs and windows of their own, which are closed."""
    asked: list[str] = []

    def close(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    page.on("popup", lambda popup: asked.append(popup.url))
    return asked


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """A page in which nothing may go wrong, ask for anything, be refused, or open a dialog."""
    with visiting(browser, address_of(site)) as opened:
        dialogs = dialogs_of(opened)
        opened.route("**/media/**", lambda route: route.fulfill(body=""))
        yield opened
        assert dialogs == []


def test_the_deck(page: Page, site: Path) -> None:
    """Every card of every note type, front and back, opened."""
    page.goto(f"{address_of(site)}decks/all.html")
    assert page.locator(".item").count() == len(VECTORS) * len(ENTRIES)
    page.evaluate("document.querySelectorAll('.items .face').forEach(dress)")
    page.evaluate(
        "document.querySelectorAll('.face').forEach((face) =>"
        " face.shadowRoot.querySelectorAll('a.hint').forEach((hint) => hint.click()))"
    )
    assert page.evaluate(AMISS) == []
    head, body, main, items, scripts = page.evaluate(SHAPE)
    assert set(head) == {"meta", "title", "link", "style", "script"}
    assert head.count("style") == len(ENTRIES)
    assert body == ["a", "header", "main", "footer"]
    assert main == ["section", "section", "section", "dialog"]
    assert items == ["items:header,details"]
    assert scripts == 4
    page.get_by_label("Search").fill("alert(1)")
    page.get_by_label("Topic").select_option(index=1)


def test_practice(page: Page, site: Path) -> None:
    """Answers that attack are but texts: on buttons, in messages, in what is kept."""
    page.goto(f"{address_of(site)}decks/all.html")
    page.get_by_role("button", name="Practise these").click()
    for mode in ("Reveal", "Type", "Choose"):
        choice(page, mode).click()
        for _ in range(10):
            page.locator("[data-answers] button").last.click()
    assert page.evaluate(AMISS) == []
    assert page.locator("[data-practice] > *").count() == 6
    assert page.locator("[data-answers] :not(button, kbd, form, input)").count() == 0
    assert page.locator("[data-said] *").count() == 0


def test_the_course_and_the_glossary(page: Page, site: Path) -> None:
    """Names, descriptions, authors; words, meanings and transcriptions."""
    page.goto(f"{address_of(site)}glossary.html")
    assert page.locator(".entry").count() >= len(VECTORS)
    assert page.evaluate(AMISS) == []
    assert page.evaluate(SHAPE)[1] == ["a", "header", "main", "footer"]
    assert set(page.evaluate(SHAPE)[3]) == {"dl:dt,dd"}
    page.goto(f"{address_of(site)}index.html")
    assert page.evaluate(AMISS) == []
    assert page.evaluate(SHAPE)[1:3] == [["a", "header", "main", "footer"], ["section"] * 4]
    for data in page.locator("script[type='application/ld+json']").all_text_contents():
        assert json.loads(data)["name"] == " ".join(VECTORS)
    for file in ("feed.xml", "sitemap.xml"):
        ET.parse(site / file)  # noqa: S314 - our own
    json.loads((site / "manifest.webmanifest").read_text())


def test_the_policy_would_hold(browser: Browser, site: Path) -> None:
    """A script that did get into a page would not run, and these tests would hear of it."""
    html = (site / "glossary.html").read_text("utf-8")
    spoilt = site / "spoilt.html"
    spoilt.write_text(html.replace("<dl>", "<dl><img src='media/x' onerror=alert(1)>", 1))
    heard: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: heard.append(message.text))
    dialogs = dialogs_of(page)
    page.goto(f"{address_of(site)}spoilt.html")
    page.evaluate("new Promise((later) => setTimeout(later, 200))")
    assert page.evaluate(AMISS) == ["onerror=alert(1) of img"]
    page.close()
    assert dialogs == []
    assert any("Content Security Policy" in one for one in heard)
