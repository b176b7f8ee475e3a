"""Projects to measure: generated entries, the same at every run."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_WORDS = (
    *("kernel", "tile", "fuse", "lower", "memory", "graph", "tensor", "layout", "thread", "warp"),
    *("shape", "pass", "dialect", "value", "operand", "block", "loop", "buffer", "cache", "load"),
    *("store", "compiler", "device", "backend", "schedule", "trace"),
)


def _project(root: Path, category: str) -> Path:
    folder = root / "cards" / category
    folder.mkdir(parents=True)
    (root / "ankigen.yaml").write_text("id: bench\nname: Bench\n", encoding="utf-8")
    (folder / "category.yaml").write_text("name: Terms\n", encoding="utf-8")
    return folder


def terms(root: Path, count: int) -> Path:
    """A project of ``count`` terms in one file, which is returned.

    As in the repository's course, the usage notes hold Markdown and the definitions do not.
    """
    chance = random.Random(count)  # noqa: S311 - words to measure with, no secret

    def words(number: int) -> str:
        return " ".join(chance.choice(_WORDS) for _ in range(number))

    file = _project(root, "terms") / "terms.yaml"
    with file.open("w", encoding="utf-8") as stream:
        for number in range(count):
            stream.write(
                f"- id: term-{number}\n"
                f"  term: {words(2)} {number}\n"
                "  pos: noun\n"
                "  level: working\n"
                f"  definition: A {words(9)} that avoids the {words(6)}.\n"
                f"  topics: [{words(1)}, {words(1)}]\n"
                f"  related: [term-{(number + 1) % count}]\n"
                f"  ipa: /{words(1)} {number}/\n"
                f'  usage: Say "{words(4)}", **not** "{words(3)}".\n'
            )
    return file


def sentences(root: Path, count: int) -> list[str]:
    """A project whose only clips are ``count`` sentences of about six seconds; their texts."""
    chance = random.Random(count)  # noqa: S311 - words to measure with, no secret
    folder = _project(root, "sentences")
    (folder / "terms.yaml").write_text(
        "- {id: kernel, term: kernel, definition: A function that the device runs.}\n",
        encoding="utf-8",
    )
    texts = [
        f"The {chance.choice(_WORDS)} and the kernel"
        f" {' '.join(chance.choice(_WORDS) for _ in range(9))} number {number}."
        for number in range(count - 1)
    ]
    with (folder / "sentences.yaml").open("w", encoding="utf-8") as stream:
        for number, text in enumerate(texts):
            marked = text.replace("the kernel ", "the {kernel} ", 1)
            stream.write(f'- {{id: s-{number}, terms: [kernel], text: "{marked}"}}\n')
    return ["kernel", *texts]
