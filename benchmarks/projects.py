"""Projects to measure: generated entries, the same at every run."""

from __future__ import annotations

import csv
import random
from typing import TYPE_CHECKING

import numpy as np
import yaml
from openpyxl import Workbook

from ankigen import notetype, package, reading, sound, speech
from ankigen.clips import Store
from ankigen.diagnostics import Span
from ankigen.model import Note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_WORDS = (
    *("kernel", "tile", "fuse", "lower", "memory", "graph", "tensor", "layout", "thread", "warp"),
    *("shape", "pass", "dialect", "value", "operand", "block", "loop", "buffer", "cache", "load"),
    *("store", "compiler", "device", "backend", "schedule", "trace"),
)
_NOUNS = (
    *("kernel", "graph", "tensor", "layout", "thread", "pass", "dialect", "value", "operand"),
    *("block", "loop", "buffer", "cache", "store", "compiler", "device", "backend", "schedule"),
    *("trace", "address", "register", "queue", "stream", "driver", "vector", "matrix", "counter"),
    *("symbol", "branch", "window", "packet", "socket", "folder", "engine", "parser", "lexer"),
    *("module", "server", "client", "worker", "batch", "sample", "model", "layer", "gradient"),
    *("weight", "signal", "channel", "sensor", "filter", "mirror", "ticket", "record", "bridge"),
)
_THINGS = (
    *("table", "planner", "monitor", "limit", "border", "copy", "budget", "barrier", "group"),
    *("report", "check", "guard", "test", "switch", "handle", "owner", "family", "history"),
    *("margin", "map", "pool", "scale", "rank", "mask", "slice", "span", "shape", "list"),
    *("order", "label", "rule", "phase", "state", "stage", "event", "error", "change", "choice"),
    *("result", "source", "target", "frame", "field", "format", "score", "cost", "rate", "size"),
    *("length", "depth", "width", "height", "angle", "view", "node", "edge", "path", "root"),
    *("leaf", "tree", "stack", "chain"),
)
_VERBS = (
    *("holds", "moves", "copies", "reads", "writes", "keeps", "splits", "joins", "checks"),
    *("follows", "measures", "replaces", "orders", "counts", "hides", "shares", "sends", "opens"),
)
_KINDS = (
    *("small", "large", "new", "old", "first", "last", "slow", "fast", "local", "remote"),
    *("empty", "full", "simple", "whole", "broken", "former"),
)
_HOW = ("before", "after", "without", "instead of", "together with", "next to", "far from")
_TOPICS = ("memory", "compilation", "hardware", "networks", "testing", "planning", "models")
_SIX_SECONDS = range(16, 17)
_MIXED = range(8, 41)
AS_IN_COURSE = (*[*range(14, 25)] * 93, *range(40, 61))
"""Words of a sentence: as the repository's course has them, and two in a hundred long ones."""
_TERM_SECONDS = 1.8


def _project(root: Path, category: str, settings: str = "") -> Path:
    folder = root / "cards" / category
    folder.mkdir(parents=True)
    (root / "ankigen.yaml").write_text(f"id: bench\nname: Bench\n{settings}", encoding="utf-8")
    (folder / "category.yaml").write_text("name: Terms\n", encoding="utf-8")
    return folder


def terms(root: Path, count: int, *, transcribed: bool = True) -> Path:
    """A project of ``count`` terms in one file, which is returned.

    As in the repository's course, the usage notes hold Markdown and the definitions do not.

    Args:
        root: The project's folder, made here.
        count: How many.
        transcribed: Whether each has its IPA written, and none is derived; by default a course
            derives what is not written.
    """
    chance = random.Random(count)  # noqa: S311 - words to measure with, no secret

    def words(number: int) -> str:
        return " ".join(drawn.pop() for _ in range(number))

    file = _project(root, "terms", "ipa: []\n" if transcribed else "") / "terms.yaml"
    with file.open("w", encoding="utf-8") as stream:
        for number in range(count):
            drawn = chance.sample(_WORDS, len(_WORDS))  # no word twice, as a check would say
            stream.write(
                f"- id: term-{number}\n"
                f"  term: {words(2)} {number}\n"
                "  pos: noun\n"
                "  level: working\n"
                f"  definition: The {words(9)} that avoids the {words(6)}.\n"
                f"  topics: [{words(1)}, {words(1)}]\n"
                f"  related: [term-{(number + 1) % count}]\n"
                f'  usage: Say "{words(4)}", **not** "{words(3)}".\n'
            )
            if transcribed:
                stream.write(f"  ipa: /{chance.choice(_WORDS)} {number}/\n")
    return file


def course(root: Path, sentences: int = 0) -> list[Path]:
    """A project of 10,000 entries in ten files, which are returned.

    They are written as people write them, and keep every rule of ``check``.

    Args:
        root: The project's folder, made here.
        sentences: For each term; there are so many fewer terms.
    """
    chance = random.Random(10_000)  # noqa: S311 - words to measure with, no secret
    folder = _project(root, "words", "language: en-GB\n")
    terms = 10_000 // (1 + sentences)
    files = 10 if not sentences else 4
    made = []
    for kind, entries, parts in (
        ("terms", [_term(chance, number, terms) for number in range(terms)], files),
        (
            "sentences",
            [_sentence(chance, number, terms) for number in range(10_000 - terms)],
            10 - files,
        ),
    ):
        for part in range(parts):
            made.append(folder / f"{kind}.{part}.yaml")
            made[-1].write_text("".join(entries[part::parts]), encoding="utf-8")
    return made


def tabled(root: Path, files: Sequence[Path], kind: str) -> None:
    """A project of the same entries as in YAML files, as spreadsheets of a kind.

    Args:
        root: Of the project that is made.
        files: Of the other one.
        kind: ``csv`` or ``xlsx``.
    """
    folder = _project(root, "words", "language: en-GB\n")
    for file in files:
        entries = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
        header = list(dict.fromkeys(key for entry in entries for key in entry))
        rows = [header, *([_cell(entry.get(key, "")) for key in header] for entry in entries)]
        target = folder / f"{file.stem}.{kind}"
        if kind == "csv":
            with target.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(rows)
        else:
            book = Workbook(write_only=True)
            sheet = book.create_sheet("Words")
            for row in rows:
                sheet.append(row)
            book.save(target)


def _cell(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _name(number: int) -> str:
    """A term of three words, another for each number."""
    number, thing = divmod(number, len(_THINGS))
    kind, noun = divmod(number, len(_NOUNS))
    return f"{_KINDS[kind]} {_NOUNS[noun]} {_THINGS[thing]}"


def _clause(chance: random.Random) -> str:
    one, two, three = chance.sample(_NOUNS, 3)
    verb, how = chance.choice(_VERBS), chance.choice(_HOW)
    return f"{verb} the {chance.choice(_KINDS)} {one} of the {two} {how} the {three}"


def _term(chance: random.Random, number: int, terms: int) -> str:
    one, two = chance.sample(_TOPICS, 2)
    return (
        f"- id: {_name(number).replace(' ', '-')}\n"
        f"  term: {_name(number)}\n"
        "  pos: noun\n"
        f"  level: {chance.choice(('core', 'working', 'advanced'))}\n"
        "  definition: >-\n"
        f"    Something that {_clause(chance)},\n"
        f"    and {_clause(chance)}.\n"
        f"  topics: [{one}, {two}]\n"
        f"  related: [{_name((number + 1) % terms).replace(' ', '-')}]\n"
        f"  usage: Say that it {_clause(chance)}, **not** that it works.\n"
        "  source: https://example.org/guide\n"
    )


def _sentence(chance: random.Random, number: int, terms: int) -> str:
    name = _name(number % terms)
    return (
        f"- id: s-{number}\n"
        f"  terms: [{name.replace(' ', '-')}]\n"
        f"  text: We saw that the {{{name}}} {_clause(chance)}.\n"
        "  genre: review\n"
    )


def sentences(root: Path, count: int, lengths: Sequence[int] = _SIX_SECONDS) -> None:
    """A project of one term and ``count`` sentences.

    Args:
        root: The project's folder, made here.
        count: How many.
        lengths: In words, of which each sentence draws one; by default about six seconds.
    """
    folder = _project(root, "sentences")
    (folder / "terms.yaml").write_text(
        "- {id: kernel, term: kernel, definition: A function that the device runs.}\n",
        encoding="utf-8",
    )
    _add_sentences(folder, "kernel", count, lengths)


def mixed(root: Path) -> None:
    """A project of 300 clips: a hundred terms, said twice, and a hundred sentences."""
    file = terms(root, 100, transcribed=False)
    _add_sentences(file.parent, "term-0", 100, _MIXED)


def _add_sentences(folder: Path, term: str, count: int, lengths: Sequence[int]) -> None:
    chance = random.Random(count)  # noqa: S311 - words to measure with, no secret
    with (folder / "sentences.yaml").open("w", encoding="utf-8") as stream:
        for number in range(count):
            first = chance.choice(_WORDS)
            rest = " ".join(chance.choice(_WORDS) for _ in range(chance.choice(lengths) - 7))
            text = f"The {first} and the {{kernel}} {rest} number {number}."
            stream.write(f'- {{id: s-{number}, terms: [{term}], text: "{text}"}}\n')


def write_script(root: Path, file: Path) -> None:
    """Write what the clips of a project say, for a peer to say the same."""
    contents = reading.read(root, sound=True)
    clips = {clip.name: clip for note in contents.notes for clip in note.clips}
    lines = [f"{clip.voice.speed}\t{clip.text}\n" for clip in clips.values()]
    file.write_text("".join(lines), encoding="utf-8")


def spoken(root: Path) -> None:
    """Fill a project's clip store, so that a build finds every clip made.

    All play the same noise, as long as terms are on average at their two speeds; an ID3v1 tag
    with the clip's name tells each file from the others.
    """
    length = int(_TERM_SECONDS * speech.SAMPLE_RATE)
    noise = np.random.default_rng(0).normal(0, 0.1, length).astype(np.float32)
    data = sound.encode(noise, speech.SAMPLE_RATE)
    store = Store(root / reading.CLIPS_FOLDER)
    contents = reading.read(root, sound=True)
    for note in contents.notes:
        for clip in note.clips:
            tag = b"TAG" + clip.name.encode().ljust(125, b"\0")
            store.add(clip, "bench", data + tag, _TERM_SECONDS)
    store.tidy()


def media(
    folder: Path, changed: int = 0
) -> tuple[package.Deck, dict[str, notetype.NoteType], dict[str, Path]]:
    """10,000 notes that play two sounds each; of ``changed`` the text differs."""
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
    return deck, {"terms": terms}, {path.name: path for path in folder.iterdir()}


def with_media(target: Path, folder: Path, changed: int = 0) -> None:
    """A package of them."""
    deck, note_types, sounds = media(folder, changed)
    with target.open("wb") as stream:
        package.write(stream, [deck], note_types, sounds)
