"""The limit for a plan of clips that are all there: reading each file and hashing it.

Usage: python peer_hash.py FOLDER
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Hash every MP3 file of a folder."""
    for path in folder.glob("*.mp3"):
        hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
