"""The dictionaries of the voice, which it reads a second long whenever it is loaded anew."""

from __future__ import annotations

import functools
import importlib


def keep() -> None:
    """Have this process read each of them once; nobody changes what was read."""
    rules = importlib.import_module("hibari.g2p")
    rules._load_json = functools.cache(rules._load_json)  # type: ignore[attr-defined] # noqa: SLF001
