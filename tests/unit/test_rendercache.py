"""Notes that need not be rendered again are those that rendering would give."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ankigen import build, caches, reading
from ankigen.caches import Cache
from ankigen.diagnostics import SourceError, Span
from ankigen.model import Clip, Entry, Note, Voice
from ankigen.rendercache import Memory
from ankigen.yamltext import Marks
from support import write_project

if TYPE_CHECKING:
    from collections.abc import Callable


Course: TypeAlias = dict[str, dict[str, dict[str, Any]]]
"""Note type, id, and the entry's other keys."""

CHAIN = """\
id: 1763856099001
name: Chain
help: A word in a row.
entry:
  word: {type: text, required: true, help: The word.}
  next: {type: references, to: chains, help: What comes after it.}
  picture: {type: image, help: What it looks like.}
fields:
  - {id: 1, name: Word, key: word}
  - id: 2
    name: Third
    template: "{% for a in next %}{% for b in a.next %}{{ b.word }}{% endfor %}{% endfor %}"
  - {id: 3, name: Picture, key: picture}
  - {id: 4, name: Key, template: "{{ key }}"}
cards:
  - {id: 1, name: Card, front: f.html, back: f.html}
"""
"""A note type whose notes show what the entries say that the entries they name name."""

NAMES = ["a", "b", "c", "d"]
SOME = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)
WORDS = st.sampled_from(["loop", "tile", "kernel *call*", "<b>warp</b>", "tile <script>x</script>"])
NOTE_TYPES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "terms": st.fixed_dictionaries(
        {"term": st.sampled_from(["loop", "tile", "grid"]), "definition": WORDS},
        optional={
            "related": SOME,
            "topics": st.lists(st.sampled_from(["x", "y"]), min_size=1, unique=True),
            "say": st.just("l oop"),
            "usage": WORDS,
        },
    ),
    "sentences": st.fixed_dictionaries(
        {
            "terms": SOME,
            "text": st.sampled_from(["The loop, the grid and the tile.", "One {tile}."]),
        },
        optional={"voice": st.just("other")},
    ),
    "chains": st.fixed_dictionaries(
        {"word": WORDS}, optional={"next": SOME, "picture": st.just("x.png")}
    ),
}
COURSES = st.fixed_dictionaries(
    {name: st.fixed_dictionaries(dict.fromkeys(NAMES, entry)) for name, entry in NOTE_TYPES.items()}
)
GONE: st.SearchStrategy[dict[str, Any]] = st.just({})
EDITS = st.sampled_from(sorted(NOTE_TYPES)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.sampled_from(NAMES),
        NOTE_TYPES[name] | GONE if name == "sentences" else NOTE_TYPES[name],
    )
)
"""An entry is written anew; a sentence, which nothing names, may go."""

FRAME: dict[str, str | bytes] = {
    "ankigen.yaml": (
        "id: edited\nname: Edited\ncategories: [basics]\nipa: []\nvoices: {other: {speed: 0.9}}\n"
    ),
    "cards/basics/category.yaml": "name: Basics\n",
    "cards/basics/x.png": b"\x89PNG\r\n\x1a\n" + b"x" * 40,
    "notetypes/chains/notetype.yaml": CHAIN,
    "notetypes/chains/f.html": "{{Word}}{{Third}}{{Picture}}",
}


def write(root: Path, course: Course) -> None:
    """Write the entries of a course."""
    for note_type, entries in course.items():
        rows = [{"id": name, **values} for name, values in sorted(entries.items()) if values]
        (root / f"cards/basics/{note_type}.yaml").write_text(yaml.safe_dump(rows))


@given(course=COURSES, edits=st.lists(st.lists(EDITS, max_size=2), min_size=1, max_size=4))
@settings(max_examples=30)
def test_any_edits(
    tmp_path_factory: pytest.TempPathFactory,
    course: Course,
    edits: list[list[tuple[str, str, dict[str, Any]]]],
) -> None:
    """After each, the notes and what is said of them are as if nothing had been remembered."""
    root = write_project(tmp_path_factory.mktemp("edited"), FRAME)
    for some in [[], *edits]:
        for note_type, name, entry in some:
            course[note_type][name] = entry
        write(root, course)
        anew = reading.read(root, sound=True)
        contents = build.contents(root)
        assert contents.notes == anew.notes
        assert contents.diagnostics == anew.diagnostics


def test_flaws_are_told_each_time(tmp_path: Path) -> None:
    """Even if the note in which a flaw was seen first is gone."""
    root = write_project(tmp_path, FRAME)
    chains = {"a": {"next": ["b"]}, "b": {"next": ["c"]}, "c": {}}
    words = {"a": "first", "b": "second", "c": "tile <script>x</script>"}
    course = {"chains": {name: {"word": words[name], **chains[name]} for name in chains}}
    write(root, course)
    said = {d.message for d in build.contents(root).diagnostics}
    assert said == {
        f"the HTML '{tag}' does not reach the card" for tag in ("<script>", "</script>")
    }
    del course["chains"]["a"]
    write(root, course)
    assert {d.message for d in build.contents(root).diagnostics} == said


@pytest.fixture
def recalled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of the notes that were not rendered again."""
    keys: list[str] = []
    ask = Memory.recall

    def told(
        self: Memory, entry: Entry, position: int, stands: Callable[[str], str]
    ) -> Note | None:
        note = ask(self, entry, position, stands)
        keys.extend([entry.key] if note else [])
        return note

    monkeypatch.setattr(Memory, "recall", told)
    return keys


APART = "- {id: grid, term: grid, definition: All the blocks of a launch.}\n"
ALL = [
    *("sentences/kernel-1", "sentences/operator-fusion-1"),
    *("terms/grid", "terms/kernel", "terms/operator-fusion"),
]


@pytest.fixture
def larger(small: Path) -> Path:
    """The small project with a term that no other entry names."""
    with (small / "cards/basics/terms.yaml").open("a") as file:
        file.write(APART)
    return small


def test_nothing_is_rendered_twice(larger: Path, recalled: list[str]) -> None:
    """Where nothing changed, all notes are those of the last time."""
    first = build.contents(larger)
    assert recalled == []
    assert build.contents(larger).notes == first.notes
    assert sorted(recalled) == ALL


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ("A function that", "Code that", [ALL[2]]),
        ("topics: [fusion]", "topics: [other]", [ALL[0], ALL[2]]),
        (APART, APART.replace("All", "Each of"), [*ALL[:2], *ALL[3:]]),
        (APART, "", [*ALL[:2], *ALL[3:]]),
        ("- id: operator-fusion", "# A remark\n\n- id: operator-fusion", ALL),
    ],
)
def test_what_one_edit_touches(
    larger: Path, recalled: list[str], old: str, new: str, left: list[str]
) -> None:
    """Only notes that show the entry are rendered again; an entry that only moved is not."""
    build.contents(larger)
    file = larger / "cards/basics/terms.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    notes = {note.key: note for note in build.contents(larger).notes}
    assert sorted(recalled) == left
    assert notes == {note.key: note for note in reading.read(larger, sound=True).notes}


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "ankigen.yaml").open("a").write("voice: other\nvoices: {other: {}}\n"),
        lambda root: (root / "cards/basics/category.yaml").open("a").write("cards: {}\n"),
        lambda root: (root / "pronunciations.yaml").write_text("kernel: {say: colonel}\n"),
        lambda root: write_project(root, {"notetypes/terms/recognition.front.html": "{{Term}}"}),
    ],
)
def test_what_touches_all(
    larger: Path, recalled: list[str], change: Callable[[Path], object]
) -> None:
    """What notes are made with, apart from entries, makes all of them anew."""
    build.contents(larger)
    change(larger)
    build.contents(larger)
    assert recalled == []


def test_voices_that_stand_in(larger: Path, recalled: list[str]) -> None:
    """Where one may, it is asked each time which voices this machine has."""
    with (larger / "ankigen.yaml").open("a") as file:
        file.write("voice: other\nvoices: {other: {engine: google, fallback: default}}\n")
    first = build.contents(larger)
    assert build.contents(larger).notes == first.notes
    assert recalled == []


def test_with_and_without_sound(larger: Path, recalled: list[str]) -> None:
    """What may stay unsaid in a silent build is a mistake in one that speaks."""
    (larger / "cards/basics/terms.yaml").write_text("- {id: a, term: 操作, definition: X}\n")
    (larger / "cards/basics/sentences.yaml").unlink()
    assert len(build.contents(larger, build.Options(sound=False)).notes) == 1
    with pytest.raises(SourceError, match="cannot say"):
        build.contents(larger)
    assert recalled == []


@given(
    row=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=6)
            | st.dictionaries(st.sampled_from(["terms/kernel", "voices", "notes"]), inner)
        ),
        max_leaves=12,
    )
)
def test_a_foreign_cache(tmp_path_factory: pytest.TempPathFactory, row: object) -> None:
    """Whatever lies in the cache, it is used or passed over."""
    cache = Cache(tmp_path_factory.mktemp("cache"), Path("/x"), "f")
    for said in ({"voices": [], "notes": {"terms/kernel": row}}, {"voices": row, "notes": row}):
        cache.keep(said)
        Memory(cache).write()


def test_all_of_a_note(tmp_path: Path) -> None:
    """What is kept of a note comes back, stand-ins too; its place is that of today."""
    voice, other = Voice("hibari", speed=0.9), Voice("joe", fallback="default")
    clip = Clip("a.mp3", "é", "e", voice, instead=Clip("b.mp3", "é", "f", other))
    then, now = Span("a.yaml", 3), Span("b.yaml", 9, 1)
    note = Note("terms/x", "g", "terms", "c", ("é", ""), ("t",), (0, 2), (clip,), 4, then)
    cache = Cache(tmp_path, Path("/x"), "f")
    memory = Memory(cache)
    memory.keep(note, {"terms/x": "h", "terms/y": "i"})
    memory.write()
    entry = Entry("terms", "x", "c", {}, now.file, Marks(8 << 24))
    for stands, expected in (
        ({"terms/x": "h", "terms/y": "i"}, replace(note, position=7, span=now)),
        ({"terms/x": "h", "terms/y": "j"}, None),
        ({"terms/x": "h"}, None),
    ):
        stand = defaultdict(str, stands)
        assert Memory(cache).recall(entry, 7, stand.__getitem__) == expected


def test_where_it_is_kept(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the person's cache; nothing in a project can put a note there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    before = {path for path in small.rglob("*") if path.name != ".ipa.json"}
    build.contents(small)
    (file,) = caches.folder("notes").iterdir()
    assert len(json.loads(file.read_text())["notes"]) == 4
    assert {path for path in small.rglob("*") if path.name != ".ipa.json"} == before
