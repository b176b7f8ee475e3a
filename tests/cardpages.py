"""Cards of every note type as pages of a browser: the real Anki renders, Debian's Chromium shows.

Anki's own page is around them: its classes and the rules of its stylesheet that meet a card's.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import yaml
from playwright.sync_api import sync_playwright

from backend import empty_collection, import_package
from support import ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Page

Side = Literal["front", "back"]
Content = Literal["full", "least", "long"]

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)

LONG_WORD = "pneumonoultramicroscopicsilicovolcanoconiosisreinitialisation"
LONG_CODE = (
    "tensorflow::grappler::remapper::FusedBatchNormAndActivationXLA<__nv_bfloat16,256,128,32>"
)
LONG_ANSWER = (
    "First I make sure that the slowdown is real: the same machine, the same clocks, and enough"
    " runs to see the noise. Then I profile both versions and compare them kernel by kernel. If one"
    f" kernel got slower, I look at what the compiler emitted for it, for instance `{LONG_CODE}`,"
    " and bisect the passes between the two releases. If all of them did, I look at what they"
    " share: the clocks, the driver, the allocator. At the end I write down what I ruled out, so"
    " that nobody has to do it again, and add a benchmark that would have caught it."
)

ENTRIES: Mapping[str, Mapping[Content, Mapping[str, object]]] = {
    "terms": {
        "full": {
            "term": "operator fusion",
            "pos": "noun",
            "level": "core",
            "definition": "Merging several operators into one kernel, so that what passes between"
            " them never travels through memory.",
            "topics": ["fusion"],
            "related": ["least"],
            "usage": "One fuses A **with** B, or A **into** B.",
            "source": "https://example.org/glossary/fusion",
        },
        "least": {"term": "kernel", "definition": "A function that the device runs."},
        "long": {
            "term": LONG_WORD,
            "pos": "abbreviation",
            "level": "advanced",
            "definition": f"Merging *several* operators into **one** `{LONG_CODE}`:\n\n"
            "- fewer launches\n- less traffic to"
            " [memory](https://example.org/a/very/long/address/that/never/ends/at/all)\n\n"
            f"H<sub>2</sub>O and <mark>marked</mark>, <kbd>Ctrl</kbd>. {LONG_ANSWER}",
            "topics": ["fusion"],
            "related": ["full", "least"],
            "usage": f'Say "fuse A **with** B", not `{LONG_CODE}`.',
            "source": "https://example.org/a/very/long/address/that/never/ends/at/all/of/it",
        },
    },
    "sentences": {
        "full": {
            "text": "Does {operator fusion} still fire when one operator has two consumers?",
            "terms": ["full", "least"],
            "genre": "review",
            "hint": "two words",
            "note": "A rewrite that applies *fires*.",
        },
        "least": {"text": "Each kernel reads its own tile.", "terms": ["least"]},
        "long": {
            "text": f"Why does {{{LONG_WORD}}} read `tile[threadIdx.x + blockIdx.x * blockDim.x]`"
            " of its own, although nobody ever asked it to?",
            "terms": ["long"],
            "genre": "documentation",
            "hint": "what only a very long and patient explanation could ever hint at",
            "note": f"Not <b>the</b> kernel of a system; see [there](https://example.org) and"
            f" `{LONG_CODE}`.",
        },
    },
    "collocations": {
        "full": {
            "phrase": "{approve} a PR",
            "wrong": ["accept", "agree"],
            "meaning": "To say in a review that a change may be merged.",
            "example": "Two people have to {approve the PR} before it can be merged.",
            "pattern": "verb + noun",
            "register": "neutral",
            "level": "core",
            "topics": ["review"],
            "note": "One *accepts* an invitation; one *agrees **with*** a reviewer.",
            "source": "The handbook of the project",
        },
        "least": {"phrase": "{run} a benchmark"},
        "long": {
            "phrase": f"{{be held responsible}} for {LONG_WORD} {{in front of}} the committee",
            "wrong": ["be made the responsible … before", f"{LONG_WORD} … at"],
            "meaning": f"To have to explain `{LONG_CODE}` to people who do not know it.",
            "example": f"Nobody wants to {{be held responsible}} for `{LONG_CODE}` in front of it.",
            "pattern": "adjective + preposition",
            "register": "informal",
            "level": "advanced",
            "topics": ["review"],
            "note": LONG_ANSWER,
            "source": "https://example.org/a/very/long/address/that/never/ends/at/all/of/it",
        },
    },
    "phrases": {
        "full": {
            "situation": "In a call, a colleague gave a latency, and you did not catch the number.",
            "phrase": "{Sorry, I didn't catch} the number. {Was that} 15 or 50 milliseconds?",
            "channel": "spoken",
            "register": "neutral",
            "genre": "call",
            "alternatives": ["Could you say the number again, please?"],
            "avoid": ["Repeat, please."],
            "level": "core",
            "topics": ["meetings"],
            "note": "Offering two numbers to choose from gets a clear answer at once.",
        },
        "least": {
            "situation": "You agree to merge a change.",
            "phrase": "Looks good to me.",
            "channel": "written",
        },
        "long": {
            "situation": LONG_ANSWER,
            "phrase": f"{{Before we go on}}, could you say how `{LONG_CODE}` would {{affect}}"
            " everybody who still uses the version from before the last release?",
            "channel": "spoken",
            "register": "informal",
            "genre": "design proposal",
            "alternatives": [f"What about {LONG_WORD}?", LONG_ANSWER],
            "avoid": [f"{LONG_WORD}, please.", "I have a doubt that I would want to ask you now."],
            "level": "advanced",
            "topics": ["meetings"],
            "note": LONG_ANSWER,
        },
    },
    "pronunciations": {
        "full": {
            "word": "cache",
            "kind": "minimal pair",
            "other": "catch",
            "meaning": "fast memory for what is used again",
            "other_meaning": "to take hold of something",
            "example": "The {cache} was cold.",
            "tip": "*Cache* sounds like *cash*; *catch* ends like *match*.",
            "level": "core",
            "topics": ["memory"],
            "source": "The Carnegie Mellon dictionary",
        },
        "least": {"word": "queue", "kind": "silent letter"},
        "long": {
            "word": "heterogeneous multiprocessing",
            "kind": "minimal pair",
            "other": "homogeneous multiprogramming",
            "meaning": f"fast memory for what is used again, {LONG_WORD}",
            "other_meaning": "to take hold of something that will not let one take hold of it",
            "example": f"No {{heterogeneous multiprocessing}} of `{LONG_CODE}`.",
            "tip": LONG_ANSWER,
            "level": "advanced",
            "topics": ["memory"],
            "source": "https://example.org/a/very/long/address/that/never/ends/at/all/of/it",
        },
    },
    "corrections": {
        "full": {
            "wrong": "The log gives {many informations} about the crash.",
            "right": "The log gives {a lot of information} about the crash.",
            "why": "*Information* is uncountable: no plural, no *an*; *a piece of information*"
            " counts it.",
            "kind": "countability",
            "l1": ["es", "fr", "de"],
            "level": "core",
            "topics": ["logs"],
        },
        "least": {
            "wrong": "I am agree.",
            "right": "I agree.",
            "why": "*Agree* is a verb.",
            "kind": "word form",
        },
        "long": {
            "wrong": f"We {{have discussed about}} `{LONG_CODE}` {{since}} three hours, and nobody"
            f" {{did understood}} {LONG_WORD}.",
            "right": f"We {{have been discussing}} `{LONG_CODE}` {{for}} three hours, and nobody"
            f" {{understood}} {LONG_WORD}.",
            "why": LONG_ANSWER,
            "kind": "preposition",
            "l1": ["es", "pl"],
            "level": "advanced",
            "topics": ["logs"],
        },
    },
    "interview": {
        "full": {
            "question": "A model runs 20% slower after an update. How do you find out why?",
            "answer": "First I make sure that the slowdown is real: the same machine, the same"
            " clocks, and enough runs to see the noise. Then I profile both versions and compare"
            " them kernel by kernel.",
            "kind": "debugging",
            "phrases": ["First I make sure that …", "compare them kernel by kernel"],
            "structure": ["reproduce", "compare", "narrow down"],
            "tip": "They want to hear *how* you look, not what you find.",
            "level": "core",
            "topics": ["performance"],
        },
        "least": {
            "question": "What do you want to know from us?",
            "answer": "How do you decide what goes into a release?",
        },
        "long": {
            "question": f"How would you explain {LONG_WORD} to somebody who has never seen"
            f" {LONG_CODE}, and why would you?",
            "answer": LONG_ANSWER,
            "kind": "questions to ask",
            "phrases": ["First I make sure that the slowdown is real", LONG_CODE],
            "structure": ["reproduce it on the same machine", LONG_WORD, "narrow it down"],
            "tip": LONG_ANSWER,
            "level": "advanced",
            "topics": ["performance"],
        },
    },
}
"""Three entries of every note type: with all keys, with the required ones, with long content."""


class CardKey(NamedTuple):
    """A card of the project: its note type, its ordinal from 0, its entry."""

    note_type: str
    ordinal: int
    content: str


class Card(NamedTuple):
    """The HTML of a card's sides as Anki's reviewer shows them."""

    front: str
    back: str


@dataclass(frozen=True, slots=True)
class Client:
    """A window in which somebody studies.

    Attributes:
        name: What to call it.
        width: Of the window, in CSS pixels.
        height: Of the window, in CSS pixels.
        mobile: Whether it is AnkiDroid or AnkiMobile.
    """

    name: str
    width: int
    height: int
    mobile: bool


PHONE = Client("phone", 360, 720, mobile=True)
TABLET = Client("tablet", 768, 1024, mobile=True)
DESKTOP = Client("desktop", 1280, 720, mobile=False)
CLIENTS = (PHONE, TABLET, DESKTOP)

# What the reviewer puts where sound is played, where one types, and where typing is compared.
REPLAY = (
    '<a class="replay-button soundLink" href=# draggable=false>'
    '<svg class=playImage viewBox="0 0 64 64"><circle cx=32 cy=32 r=29 />'
    '<path d="M56.502,32.301l-37.502,20.101l0.329,-40.804l37.173,20.703Z"/></svg></a>'
)
ASKED = "<center><input type=text id=typeans></center>"
COMPARED = (
    "<div><code id=typeans><span class=typeGood>opera</span><span class=typeBad>x</span><br>"
    "<span id=typearrow>&darr;</span><br><span class=typeGood>opera</span>"
    "<span class=typeMissed>tor</span></code></div>"
)

# The rules of the reviewer's page that a card's stylesheet has to live with or overrule
# (webview.css and reviewer.css of Anki 25.09 to 26.09). A rem is 15 px on the desktop.
REVIEWER = """
:root { --canvas: #f5f5f5; --fg: #020202 }
:root.night-mode { --canvas: #2c2c2c; --fg: #fcfcfc }
html:where(:not(.mobile)) { font-size: 15px }
* { box-sizing: content-box }
body, body.nightMode { background-color: var(--canvas); color: var(--fg) }
body { margin: 20px; overflow-wrap: break-word }
a { color: #1d4ed8; text-decoration: none }
.night-mode a { color: #bfdbfe }
h1 { margin-bottom: .2em }
hr { margin: 1em 0; border: none; height: 1px; background-color: #737373 }
li { text-align: start }
#typeans { width: 100%; box-sizing: border-box; line-height: 1.75 }
code#typeans { white-space: pre-wrap; font-variant-ligatures: none }
.typeGood, .typeBad, .typeMissed { color: #000 }
.typeGood { background: #afa } .typeBad { background: #faa } .typeMissed { background: #ccc }
.replay-button { display: inline-flex; vertical-align: middle; margin: 3px; text-decoration: none }
.replay-button svg { width: 40px; height: 40px }
.replay-button svg circle { fill: #fff; stroke: #414141 }
.replay-button svg path { fill: #414141 }
"""


def project() -> dict[str, str]:
    """The files of a course with the entries above."""
    files = {
        "ankigen.yaml": "id: look\nname: Look\ncategories: [all]\n",
        "cards/all/category.yaml": "name: All\n",
    }
    for note_type, entries in ENTRIES.items():
        listed = [{"id": content, **entry} for content, entry in entries.items()]
        files[f"cards/all/{note_type}.yaml"] = yaml.safe_dump(listed, allow_unicode=True)
    return files


def render(folder: Path) -> dict[CardKey, Card]:
    """Build the course in a folder, import it into Anki, and return all its cards."""
    root = write_project(folder, project())
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    found: dict[CardKey, Card] = {}
    with empty_collection(root) as collection:
        import_package(collection, root / "dist/look.apkg")
        for identifier in collection.find_cards(""):
            card = collection.get_card(identifier)
            note_type, _, content = card.note()["Key"].partition("/")
            found[CardKey(note_type, card.ord, content)] = Card(
                _as_reviewed(card.question(), ASKED), _as_reviewed(card.answer(), COMPARED)
            )
    return found


def _as_reviewed(html: str, typed: str) -> str:
    shown = re.sub(r"\[anki:play:[qa]:\d+\]", REPLAY, html)
    return re.sub(r"\[\[type:[^\]]*\]\]", typed, shown)


@contextmanager
def browser_page(scale: float = 1) -> Iterator[Page]:
    """An empty page of Debian's Chromium, with so many device pixels to a CSS pixel."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser.new_page(device_scale_factor=scale)
        browser.close()


def show(page: Page, html: str, ordinal: int, client: Client, *, night: bool = False) -> None:
    """Show a side of a card in a page as a client does."""
    page.set_content(
        "<!doctype html><html lang=en><head><title>Anki</title>"
        "<meta name=viewport content='width=device-width'>"
        f"<style>{REVIEWER}</style></head><body><div id=qa dir=auto>{html}</div>",
        wait_until="load",
    )
    dress(page, ordinal, client, night=night)


def dress(page: Page, ordinal: int, client: Client, *, night: bool) -> None:
    """Give the page that is shown the width and the classes of another client or time of day."""
    page.set_viewport_size({"width": client.width, "height": client.height})
    root = ("mobile " if client.mobile else "") + ("night-mode" if night else "")
    body = f"card card{ordinal + 1}" + (" nightMode night_mode" if night else "")
    page.evaluate(
        "([root, body]) => {"
        " document.documentElement.className = root; document.body.className = body; }",
        [root, body],
    )
