"""A naive peer: what PyYAML itself takes to load the same files.

Usage: python benchmarks/peer_yaml.py FILE…
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

for name in sys.argv[1:]:
    with Path(name).open(encoding="utf-8") as stream:
        yaml.load(stream, yaml.CSafeLoader)
