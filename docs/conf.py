"""How Sphinx makes a site of these pages: 'make docs-site' runs it.

The pages are Markdown that any forge shows. What only the site needs is made of them here: its
contents from the links of index.md, and words instead of links to what is not part of it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ankigen import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).parent

project = "ankigen"
version = release = __version__
extensions = ["myst_parser"]
myst_heading_anchors = 4
smartquotes = False
# Examples of spreadsheets, sounds and the like are in no language that can be coloured.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "ankigen"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
# Furo's stylesheet takes fonts from the reader's machine; nothing is fetched from anywhere.
html_theme_options = {"top_of_page_buttons": []}

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_PAGE = re.compile(r"\]\((?!\.\.)([^):#]+)\.md\)")
_OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+(?!docs/)[^)]*\)")


def contents(index: str) -> str:
    """What an index adds to the contents: a part for each section, with the pages it links to."""
    first, *parts = _SECTION.split(index)
    sections = [("", first), *zip(parts[::2], parts[1::2], strict=True)]
    trees = (
        ["```{toctree}", ":hidden:", *([f":caption: {title}"] if title else []), "", *pages, "```"]
        for title, text in sections
        if (pages := _PAGE.findall(text))
    )
    return "\n".join(line for tree in trees for line in tree)


def read_page(_app: Sphinx, name: str, source: list[str]) -> None:
    """Make what the site needs of a page's text."""
    text = _OUTSIDE.sub(r"\1", source[0])
    source[0] = f"{text}\n\n{contents(text)}\n" if Path(name).name == "index" else text


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", read_page)
