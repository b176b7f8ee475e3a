"""The clips of a course: which it needs, which are there, which nobody needs any more."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from ankigen import stock
from ankigen.clips import CHECKED, MANIFEST, Store
from ankigen.diagnostics import SetupError, SourceError
from support import SMALL, write_project

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ankigen.model import Clip

ENGINE = "hibari 0.2.1"
DATA = b"\xff\xf3 not really a sound"

TWO = {
    **SMALL,
    "ankigen.yaml": "id: small\nname: Small Course\ncategories: [more, basics]\n",
    "cards/more/category.yaml": "name: More\n",
    "cards/more/terms.yaml": (
        "- {id: core, term: kernel, definition: The middle of it.}\n"
        "- {id: tile, term: tile, definition: A part.}\n"
    ),
}
"""A second category, studied first, one of whose two terms reads as one of the other's."""

ORDER = [
    ("kernel", 1.0, ("terms/core", "terms/kernel")),
    ("kernel", 0.7, ("terms/core", "terms/kernel")),
    ("tile", 1.0, ("terms/tile",)),
    ("tile", 0.7, ("terms/tile",)),
    ("Each kernel reads its own tile.", 1.0, ("terms/kernel", "sentences/kernel-1")),
    ("operator fusion", 1.0, ("terms/operator-fusion",)),
    ("operator fusion", 0.7, ("terms/operator-fusion",)),
    (
        "Does operator fusion still fire for this kernel?",
        1.0,
        ("terms/operator-fusion", "sentences/operator-fusion-1"),
    ),
]
"""The clips of both as they are studied: text, speed, users."""

STAND_IN = (
    "id: small\nname: Small Course\ncategories: [basics]\n"
    "voices:\n  default: {engine: google, voice: co.uk, fallback: plain}\n"
    "  plain: {engine: hibari, voice: heart}\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Both categories, without a clip."""
    return write_project(tmp_path / "two", TWO)


def fill(root: Path, clips: Iterable[Clip]) -> Store:
    """The project's store with something in it for each clip."""
    store = Store(root / "audio" / "clips")
    for clip in clips:
        store.add(clip, ENGINE, DATA + clip.name.encode(), 1.5)
    store.tidy()
    store.remember()
    return store


def filled(root: Path) -> list[Clip]:
    """All clips of a project, which are then there."""
    clips = [sound.clip for sound in stock.sounds(root)]
    fill(root, clips)
    return clips


def mp3s(root: Path) -> set[str]:
    """Names of the sounds in the store's folder."""
    return {path.name for path in (root / "audio" / "clips").glob("*.mp3")}


def in_manifest(root: Path) -> list[str]:
    """Names in the manifest, in its order."""
    lines = (root / "audio" / "clips" / MANIFEST).read_bytes().splitlines()
    return [json.loads(line)["name"] for line in lines]


def shorten(root: Path) -> None:
    """Change a term and drop a sentence: three clips are needed no more."""
    write_project(
        root,
        {
            "cards/more/terms.yaml": TWO["cards/more/terms.yaml"].replace(
                "term: tile", "term: til"
            ),
            "cards/basics/sentences.yaml": SMALL["cards/basics/sentences.yaml"].partition(
                "- id: op"
            )[0],
        },
    )


def test_sounds_before_a_build(root: Path) -> None:
    """Every clip once in study order, with all its users, and missing; none is made for it."""
    sounds = stock.sounds(root)
    assert [(s.clip.text, s.clip.voice.speed, s.used) for s in sounds] == ORDER
    assert [s.record for s in sounds] == [None] * len(ORDER)
    assert mp3s(root) == set()


def test_sounds_that_are_there(root: Path) -> None:
    """What is in the store is told with its length and size, the rest is missing."""
    store = fill(root, [sound.clip for sound in stock.sounds(root)[2:5]])
    sounds = stock.sounds(root)
    assert [i for i, sound in enumerate(sounds) if sound.record] == [2, 3, 4]
    for sound in sounds[2:5]:
        assert sound.record == store.get(sound.clip)
        assert sound.record is not None
        assert sound.record.seconds == 1.5


@pytest.mark.parametrize("left", [b"", DATA])
def test_damaged_clip_is_missing(root: Path, left: bytes) -> None:
    """A file that is not what the manifest says is none."""
    clips = filled(root)
    (root / "audio" / "clips" / clips[3].name).write_bytes(left)
    assert [i for i, sound in enumerate(stock.sounds(root)) if not sound.record] == [3]


def test_recorded_text_is_listed_as_recorded(root: Path) -> None:
    """Its file stands for its voice, for its own entry alone."""
    file = "audio/recordings/terms/core.wav"
    write_project(root, {file: b"sound"})
    kernels = [sound for sound in stock.sounds(root) if sound.clip.text == "kernel"]
    assert [(k.clip.voice.engine, k.clip.voice.voice, k.used) for k in kernels] == [
        ("recordings", file, ("terms/core",)),
        ("hibari", "heart", ("terms/core", "terms/kernel")),
        ("hibari", "heart", ("terms/kernel",)),
    ]


def test_sound_that_stands_in_is_there(tmp_path: Path) -> None:
    """It is told instead of what is missing; what was asked for goes before it."""
    root = write_project(tmp_path, {**SMALL, "ankigen.yaml": STAND_IN})
    asked = [sound.clip for sound in stock.sounds(root)]
    users = [sound.used for sound in stock.sounds(root)]
    instead = [clip.instead for clip in asked if clip.instead]
    store = fill(root, [*instead[:4], asked[0]])
    sounds = stock.sounds(root)
    assert [sound.clip for sound in sounds] == [asked[0], *instead[1:4], *asked[4:]]
    assert [sound.record for sound in sounds] == [
        *(store.get(sound.clip) for sound in sounds[:4]),
        *(None for _ in asked[4:]),
    ]
    assert all(sound.record for sound in sounds[:4])
    assert [sound.used for sound in sounds] == users


def test_sound_of_one_that_stands_in_for_another(tmp_path: Path) -> None:
    """A clip that is an entry's own and another's stand-in is listed once, with both."""
    more = "- {id: kernel-2, term: kernel, definition: A stone's., voice: plain}\n"
    terms = SMALL["cards/basics/terms.yaml"] + more
    files = {**SMALL, "ankigen.yaml": STAND_IN, "cards/basics/terms.yaml": terms}
    root = write_project(tmp_path, files)
    own = [s.clip for s in stock.sounds(root) if s.used == ("terms/kernel-2",)]
    fill(root, own)
    there = [(s.clip, s.used) for s in stock.sounds(root) if s.record]
    assert there == [(clip, ("terms/kernel", "terms/kernel-2")) for clip in own]


def test_nothing_to_prune(root: Path) -> None:
    """A course that uses all its clips keeps all, before and after there are any."""
    assert stock.prune(root) == {}
    clips = filled(root)
    assert stock.prune(root) == {}
    assert mp3s(root) == {clip.name for clip in clips}


def test_prune_removes_what_no_entry_uses(root: Path) -> None:
    """After an edit its old clips go, with their lines; the others stay as they were."""
    before = filled(root)
    shorten(root)
    kept = {c.name for c in before} & {sound.clip.name for sound in stock.sounds(root)}
    gone = [c.name for c in before if c.name not in kept]
    assert len(gone) == 3
    sizes = {name: len(DATA) + len(name) for name in gone}

    assert stock.prune(root, dry_run=True) == sizes
    assert mp3s(root) == {clip.name for clip in before}
    assert set(in_manifest(root)) == mp3s(root)

    assert stock.prune(root) == sizes
    assert mp3s(root) == kept
    assert in_manifest(root) == sorted(kept)
    assert {s.clip.name for s in stock.sounds(root) if s.record} == kept
    assert stock.prune(root) == {}


def test_clip_of_two_entries_stays_for_one(root: Path) -> None:
    """It is needed until nobody uses it."""
    filled(root)
    others = "- {id: tile, term: tile, definition: A part.}\n"
    write_project(root, {"cards/more/terms.yaml": others})
    assert stock.prune(root) == {}


def test_prune_removes_a_clip_without_a_line(root: Path) -> None:
    """What a killed run left between its file and its line goes, too."""
    filled(root)
    stray = "kernel-0123456789ab.mp3"
    write_project(root, {f"audio/clips/{stray}": DATA})
    assert stock.prune(root) == {stray: len(DATA)}
    assert stray not in mp3s(root)


def test_prune_forgets_lines_without_a_file(root: Path) -> None:
    """Of clips that nobody uses; a needed one is made again, and keeps its line until then."""
    before = filled(root)
    shorten(root)
    needed = {sound.clip.name for sound in stock.sounds(root)}
    gone = [clip.name for clip in before if clip.name not in needed]
    for name in (*gone, before[0].name):
        (root / "audio" / "clips" / name).unlink()
    kept = sorted(needed & {clip.name for clip in before})
    assert before[0].name in kept

    lines = in_manifest(root)
    assert stock.prune(root, dry_run=True) == dict.fromkeys(gone, 0)
    assert in_manifest(root) == lines
    assert stock.prune(root) == dict.fromkeys(gone, 0)
    assert in_manifest(root) == kept
    assert stock.prune(root) == {}


@pytest.mark.parametrize("name", ["mine.mp3", "../../cards/basics/terms.yaml", "older", ""])
def test_prune_removes_no_file_because_a_manifest_names_it(root: Path, name: str) -> None:
    """Whoever wrote its lines: only what looks like a clip of ours is removed."""
    clips = filled(root)
    folder = root / "audio" / "clips"
    write_project(root, {"audio/clips/mine.mp3": b"mine", "audio/clips/older/x.mp3": b"mine"})
    lines = (folder / MANIFEST).read_text().splitlines(keepends=True)
    line = json.dumps(json.loads(lines[0]) | {"name": name}, sort_keys=True)
    (folder / MANIFEST).write_text("".join([*lines, line + "\n"]))
    others = {path for path in root.rglob("*") if path.name not in (MANIFEST, CHECKED)}
    stock.prune(root)
    assert {path for path in root.rglob("*") if path.name not in (MANIFEST, CHECKED)} == others
    assert mp3s(root) == {clip.name for clip in clips} | {"mine.mp3"}


def test_prune_leaves_alone_what_is_not_a_clip_of_ours(root: Path) -> None:
    """Other people's files stay, wherever they lie and however much they look like clips."""
    filled(root)
    shorten(root)
    digest = "0123456789ab"
    others = {
        "audio/clips/mine.mp3": b"mine",
        "audio/clips/notes.txt": b"mine",
        f"audio/clips/my take-{digest}.mp3": b"mine",
        f"audio/clips/kernel-{digest}.wav": b"mine",
        f"audio/clips/kernel-{digest}.mp3.bak": b"mine",
        f"audio/clips/kernel-{digest}0.mp3": b"mine",
        f"audio/clips/kernel-{digest.upper()}.mp3": b"mine",
        f"audio/clips/older/kernel-{digest}.mp3": b"mine",
        f"audio/recordings/terms/tile-{digest}.mp3": b"mine",
        "audio/recordings/terms/tile.wav": b"mine",
        f"audio/kernel-{digest}.mp3": b"mine",
        f"kernel-{digest}.mp3": b"mine",
    }
    write_project(root, others)
    assert len(stock.prune(root)) == 3
    for name, content in others.items():
        assert (root / name).read_bytes() == content, name


def test_prune_keeps_clips_that_stand_in(tmp_path: Path) -> None:
    """What another voice had to say is needed as long as that voice may be missing."""
    root = write_project(tmp_path, {**SMALL, "ankigen.yaml": STAND_IN})
    asked = [sound.clip for sound in stock.sounds(root)]
    instead = [clip.instead for clip in asked if clip.instead]
    assert {clip.voice.engine for clip in asked} == {"google"}
    assert {clip.voice.engine for clip in instead} == {"hibari"}
    fill(root, [*asked, *instead])
    assert stock.prune(root) == {}
    assert mp3s(root) == {clip.name for clip in (*asked, *instead)}


def test_prune_removes_stand_ins_of_what_is_gone(tmp_path: Path) -> None:
    """Both voices' clips of a text go with the text."""
    root = write_project(tmp_path, {**SMALL, "ankigen.yaml": STAND_IN})
    asked = [sound.clip for sound in stock.sounds(root)]
    fill(root, [*asked, *(clip.instead for clip in asked if clip.instead)])
    (root / "cards" / "basics" / "sentences.yaml").unlink()
    sentences = [clip for clip in asked if clip.text.endswith((".", "?"))]
    assert len(sentences) == 2
    assert stock.prune(root).keys() == {
        name for clip in sentences if clip.instead for name in (clip.name, clip.instead.name)
    }


@pytest.mark.parametrize(
    ("file", "content", "error"),
    [
        ("cards/basics/terms.yaml", "- id: kernel\n  trem: kernel\n", SourceError),
        ("cards/basics/sentences.yaml", "- [", SourceError),
        ("cards/basics/category.yaml", "", SourceError),
        ("ankigen.yaml", "name: [", SourceError),
        ("ankigen.yaml", f"{TWO['ankigen.yaml']}voices: {{default: {{engine: no}}}}\n", SetupError),
    ],
    ids=["key", "yaml", "category", "course", "voice"],
)
def test_broken_sources_remove_nothing(
    root: Path, file: str, content: str, error: type[Exception]
) -> None:
    """What they would use is not known, so every clip stays."""
    filled(root)
    folder = root / "audio" / "clips"
    write_project(root, {"audio/clips/kernel-0123456789ab.mp3": DATA, file: content})
    before = {path: hashlib.sha256(path.read_bytes()).digest() for path in folder.iterdir()}
    for attempt in (stock.prune, stock.sounds):
        with pytest.raises(error):
            attempt(root)
    assert {p: hashlib.sha256(p.read_bytes()).digest() for p in folder.iterdir()} == before
