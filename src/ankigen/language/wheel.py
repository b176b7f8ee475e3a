"""Word lists inside the wheels of other packages, read without importing the packages.

Each of them takes a tenth of a second or more to import, and only its list is wanted.
"""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path


def path(package: str, name: str) -> Path:
    """Where a file of an installed package is.

    Args:
        package: As it is imported.
        name: Of the file, relative to the package.

    Raises:
        FileNotFoundError: The package is not installed, or has no such file.
    """
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        found = Path(folder) / name
        if found.is_file():
            return found
    raise FileNotFoundError(f"{name} of the package {package}")


def data(package: str, name: str) -> bytes:
    """What a file holds, unpacked where its name ends in ``.gz``."""
    held = path(package, name).read_bytes()
    return gzip.decompress(held) if name.endswith(".gz") else held


def read(package: str, name: str) -> str:
    """The text of a file in UTF-8."""
    return data(package, name).decode("utf-8-sig")
