"""What the pages show → their HTML and the small files around them."""

from __future__ import annotations

import functools
import itertools
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import jinja2
from markupsafe import Markup

from ankigen import cardhtml, studysets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ankigen.site.model import DeckPage, GlossaryEntry, Site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self';"
    " worker-src 'self'; base-uri 'none'; form-action 'none'"
)
"""Nothing runs but this site's own files, and nothing is fetched from any other host."""

PACKAGES = "packages/"
"""Folder of the decks to download."""

MEDIA = "media/"
"""Folder of sounds and pictures."""

_SUMMARY = 200
_KILO = 1000


@dataclass(frozen=True, slots=True)
class _Letter:
    id: str
    name: str
    entries: list[GlossaryEntry]


def make(site: Site, base_url: str = "") -> Iterator[tuple[str, bytes]]:
    """Every file of the site but sounds, pictures and packages, by its path.

    Args:
        site: What to show.
        base_url: Where it will be, with ``/`` at its end; without one, there is no feed, no sitemap
            and no canonical address.
    """
    pages = {"index.html": index(site, base_url)}
    for page in site.decks:
        pages[f"decks/{page.id}.html"] = deck(site, page, base_url)
    if site.glossary:
        pages["glossary.html"] = glossary(site, base_url)
    for path, html in pages.items():
        yield path, html.encode()
    for name, content in static().items():
        yield f"assets/{name}", content
    yield "manifest.webmanifest", _json(_manifest(site)).encode()
    if base_url:
        yield "sitemap.xml", _sitemap(pages, site, base_url).encode()
        yield "feed.xml", _feed(site, base_url).encode()


def index(site: Site, base_url: str = "") -> str:
    """The page of the course."""
    about = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": site.name,
        "description": cardhtml.plain(site.description),
        "inLanguage": site.language,
        "learningResourceType": "flashcards",
        "isAccessibleForFree": True,
        "version": site.release.name,
        "dateModified": site.release.date,
        **({"license": site.licence} if site.licence else {}),
        **({"url": base_url} if base_url else {}),
        "author": [{"@type": "Person", "name": name} for name in site.authors],
        "hasPart": [
            {"@type": "LearningResource", "name": page.name, "url": f"decks/{page.id}.html"}
            for page in site.decks
        ],
    }
    return _page(
        "index.html", site, "index.html", base_url, about=about, set_minutes=_usual_minutes(site)
    )


def deck(site: Site, page: DeckPage, base_url: str = "") -> str:
    """The page of a deck, with every card."""
    return _page("deck.html", site, f"decks/{page.id}.html", base_url, deck=page)


def glossary(site: Site, base_url: str = "") -> str:
    """The page of all words."""
    about = {
        "@context": "https://schema.org",
        "@type": "DefinedTermSet",
        "name": site.name,
        "inLanguage": site.language,
        "hasDefinedTerm": [
            {
                "@type": "DefinedTerm",
                "@id": f"#{entry.anchor}",
                "name": entry.word,
                "description": cardhtml.plain(entry.definition),
            }
            for entry in site.glossary
        ],
    }
    letters = [
        _Letter(name if name.isascii() else f"{ord(name):x}", name, [*group])
        for name, group in itertools.groupby(site.glossary, lambda entry: _letter(entry.word))
    ]
    return _page("glossary.html", site, "glossary.html", base_url, about=about, letters=letters)


@functools.cache
def static() -> Mapping[str, bytes]:
    """Scripts, the stylesheet and icons, by name."""
    folder = resources.files("ankigen.site") / "static"
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _page(template: str, site: Site, path: str, base_url: str, **values: Any) -> str:  # noqa: ANN401
    root = "../" * path.count("/")
    return (
        _environment()
        .get_template(template)
        .render(
            site=site,
            path=path,
            root=root,
            packages=f"{root}{PACKAGES}",
            base_url=base_url,
            policy=POLICY,
            summary=_words(site.description),
            **values,
        )
    )


@functools.cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("ankigen.site"),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters |= {"json": _json, "size": _size, "day": _day, "words": _words, "style": _style}
    return made


def _json(value: object) -> Markup:
    """JSON that cannot end the element it stands in."""
    said = json.dumps(value, ensure_ascii=False, indent=None)
    return Markup(said.replace("<", r"\u003c"))  # noqa: S704 - no tag is left


def _style(css: str) -> Markup:
    return Markup(css)  # noqa: S704 - views has taken care of what could end the element


def _size(count: int) -> str:
    if count < _KILO**2:
        return f"{max(count / _KILO, 1):.0f} kB"
    return f"{count / _KILO**2:.1f} MB"


def _day(iso: str) -> str:
    said = date.fromisoformat(iso[:10])
    return f"{said.day} {said:%B} {said.year}"


def _words(html: str) -> str:
    """The beginning of a text, for machines that list pages."""
    text = cardhtml.plain(html)
    if len(text) <= _SUMMARY:
        return text
    return text[:_SUMMARY].rpartition(" ")[0] + "…"


def _letter(word: str) -> str:
    """Under which a word stands: its first letter without accents, or a sign for all others."""
    first = unicodedata.normalize("NFD", word.lstrip("\"'([{-."))[:1].upper()
    return first if first.isalpha() else "#"


def _usual_minutes(site: Site) -> int:
    minutes = sorted(one.minutes for page in site.decks for one in page.sets)
    return minutes[len(minutes) // 2] if minutes else round(studysets.MINUTES)


def _manifest(site: Site) -> dict[str, Any]:
    return {
        "name": site.name,
        "short_name": site.name if len(site.name) < len("a short name") else site.name.split()[0],
        "lang": site.language,
        "start_url": "index.html",
        "scope": "./",
        "display": "standalone",
        "background_color": "#fdfdfb",
        "theme_color": "#0b5cad",
        "icons": [
            {"src": "assets/icon.svg", "sizes": "any", "type": "image/svg+xml"},
            {"src": "assets/icon.png", "sizes": "512x512", "type": "image/png"},
        ],
    }


def _sitemap(pages: Mapping[str, str], site: Site, base_url: str) -> str:
    urls = "".join(
        f"<url><loc>{escape(base_url + quote(path))}</loc>"
        f"<lastmod>{site.release.date[:10]}</lastmod></url>"
        for path in pages
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n'
    )


def _feed(site: Site, base_url: str) -> str:
    """Releases as Atom; the newest tells what is new."""
    entries = []
    for release in dict.fromkeys((site.release, *site.releases)):
        new = site.changes if release == site.release else ""
        content = f'<content type="html">{escape(new)}</content>' if new else ""
        entries.append(
            f"<entry><title>{escape(site.name)} {escape(release.name)}</title>"
            f"<id>{escape(base_url)}#{quote(release.name)}</id>"
            f'<link href="{escape(base_url)}"/><updated>{_moment(release.date)}</updated>'
            f"{content}</entry>"
        )
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in site.authors)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(site.name)}</title><id>{escape(base_url)}</id>"
        f'<link rel="self" href="{escape(base_url)}feed.xml"/><link href="{escape(base_url)}"/>'
        f"<updated>{_moment(site.release.date)}</updated>"
        f"{authors or '<author><name>' + escape(site.name) + '</name></author>'}"
        f"{''.join(entries)}</feed>\n"
    )


def _moment(iso: str) -> str:
    return iso if re.search(r"T.*(?:Z|[+-]\d\d:\d\d)$", iso) else f"{iso[:10]}T00:00:00Z"
