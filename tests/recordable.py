"""A course whose texts people record."""

from __future__ import annotations

from ankigen.speech.recordings import FOLDER
from support import SMALL

TERMS = f"{FOLDER}/terms"

COURSE = {
    **SMALL,
    "ankigen.yaml": "id: small\nname: Small Course\ncategories: [more, basics]\n",
    "pronunciations.yaml": "CUDA: {say: kooda}\n",
    "cards/more/category.yaml": "name: More\n",
    "cards/more/terms.yaml": (
        "- {id: cuda, term: CUDA, definition: A language for kernels.}\n"
        "- {id: core, term: kernel, definition: The middle of it.}\n"
    ),
}
"""Two terms of the second category, studied first, of which one reads as one of the other's."""

FILES = [
    "terms/cuda",
    "terms/cuda.slow",
    "terms/core",
    "terms/core.slow",
    "terms/kernel",
    "terms/kernel.slow",
    "sentences/kernel-1",
    "terms/operator-fusion",
    "terms/operator-fusion.slow",
    "sentences/operator-fusion-1",
]
"""Where the recordings of its texts belong, in study order."""
