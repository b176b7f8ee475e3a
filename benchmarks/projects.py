"""Projects to measure: generated entries, the same at every run."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from ankigen import build, notetype, package
from ankigen.clips import Store
from ankigen.diagnostics import Span
from ankigen.model import Note

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


def spoken(root: Path) -> None:
    """Fill a project's clip store, so that a build finds every clip made."""
    store = Store(root / build.CLIPS_FOLDER)
    contents, _ = build.read(root, sound=True)
    for note in contents.notes:
        for clip in note.clips:
            store.add(clip, "bench", clip.name.encode() * 40, 1.0)
    store.tidy()


def with_media(target: Path, folder: Path, changed: int = 0) -> None:
    """A package of 10,000 notes that play two sounds each; of ``changed`` the text differs."""
    folder.mkdir(exist_ok=True)
    terms = notetype.built_in()["terms"]
    blank = ("",) * (len(terms.spec.fields) - 3)
    notes = []
    for number in range(10_000):
        names = [f"sound-{number}-{take}.mp3" for take in "ab"]
        for name in names:
            (folder / name).write_bytes(name.encode() * 40)
        sounds = "".join(f"[sound:{name}]" for name in names)
        text = "other words" if number < changed else "words"
        key = f"terms/term-{number}"
        fields = (f"term {number}", sounds, *blank[1:], f"A definition of {text}.", key)
        guid = package.guid_for("bench", "terms", str(number))
        span = Span("terms.yaml")
        notes.append(Note(key, guid, "terms", "bench", fields, (), (0, 2), (), number, span))
    deck = package.Deck("Bench", "", notes)
    with target.open("wb") as stream:
        package.write(
            stream, [deck], {"terms": terms}, {path.name: path for path in folder.iterdir()}
        )
