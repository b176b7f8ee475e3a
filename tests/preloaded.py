"""What takes a command long before it does anything; imported by the process that is forked."""

from __future__ import annotations

import gc
import importlib
from pathlib import Path

from hibari.g2p import G2P

import ankigen
import dictionaries

_SOURCES = Path(ankigen.__file__).parent
_LATE = (
    *("genanki", "gtts", "jinja2.sandbox", "lameenc", "markdown_it", "onnxruntime", "rapidfuzz"),
    *("requests", "rich.progress", "soundfile", "soxr"),
)
"""What commands import only when they come to it."""

for _path in sorted(_SOURCES.rglob("*.py")):
    if not _path.stem.startswith("__"):
        _below = _path.relative_to(_SOURCES).with_suffix("")
        importlib.import_module(".".join(("ankigen", *_below.parts)))
for _name in _LATE:
    importlib.import_module(_name)

dictionaries.keep()
for _british in (False, True):
    G2P(british=_british)

gc.freeze()  # a child that looks for garbage there would copy it all
