"""Draw docs/layers.svg from the layers in pyproject.toml; 'make docs' runs it."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DOCS = Path(__file__).parent

WIDTH = 900
ROW = 44
GAP = 8
LEFT = 60
LETTER = 7.2
PAD = 20

HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" \
font-family="system-ui, sans-serif" font-size="13">
<title>The layers of ankigen: a module imports only what stands below it</title>
<rect width="{width}" height="{height}" fill="#fff"/>
<defs><marker id="tip" viewBox="0 0 8 8" refX="4" refY="7" markerWidth="8" markerHeight="8">\
<path d="M0 0h8l-4 8z" fill="#5b6472"/></marker></defs>
<path d="M26 16V{end}" stroke="#5b6472" stroke-width="2" marker-end="url(#tip)"/>
<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle" fill="#5b6472">imports\
</text>"""


def layers() -> list[list[str]]:
    """The modules of each layer, the highest first."""
    settings = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    [listed] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return [layer.split(" | ") for layer in listed if layer != "__main__"]


def rows(found: Sequence[Sequence[str]]) -> Iterator[str]:
    """A band for each layer, with its number and a box for each module."""
    for index, modules in enumerate(found):
        top = 12 + index * ROW
        yield (
            f'<rect x="{LEFT - 16}" y="{top}" width="{WIDTH - LEFT + 6}" height="{ROW - GAP}"'
            ' rx="6" fill="#eef2f7"/>'
        )
        number = len(found) - 1 - index
        yield f'<text x="{LEFT - 8}" y="{top + 23}" fill="#5b6472">{number}</text>'
        left = LEFT + 22.0
        spare = WIDTH - left - 16 - GAP * (len(modules) - 1)
        wanted = [LETTER * len(module) + PAD for module in modules]
        scale = min(1.0, spare / sum(wanted))
        for module, width in zip(modules, (scale * one for one in wanted), strict=True):
            yield (
                f'<rect x="{left:.1f}" y="{top + 6}" width="{width:.1f}" height="{ROW - GAP - 12}"'
                ' rx="4" fill="#0b5cad"/>'
                f'<text x="{left + width / 2:.1f}" y="{top + 22.5}" fill="#fff"'
                f' text-anchor="middle">{module}</text>'
            )
            left += width + GAP


def drawing() -> str:
    """The layers as SVG."""
    found = layers()
    height = 12 + len(found) * ROW + 4
    head = HEAD.format(width=WIDTH, height=height, end=height - 18, middle=height // 2)
    return "\n".join([head, *rows(found), "</svg>\n"])


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "layers.svg"
    target.write_text(drawing(), encoding="utf-8")
