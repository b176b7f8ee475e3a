"""Write docs/rules.md from the docstrings of the rules; 'make docs' runs it."""

from __future__ import annotations

import sys
from pathlib import Path

from ankigen import rulereport

if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("rules.md")
    target.write_text(rulereport.markdown(), encoding="utf-8")
