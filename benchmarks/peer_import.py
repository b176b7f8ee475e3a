"""What a learner's Anki does with a package: import it into an empty collection.

Usage: python peer_import.py FILE.apkg
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


def main(package: Path) -> None:
    """Import once."""
    with tempfile.TemporaryDirectory(prefix="ankigen-bench-") as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        options = ImportAnkiPackageOptions()
        request = ImportAnkiPackageRequest(package_path=str(package), options=options)
        collection.import_anki_package(request)
        collection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
