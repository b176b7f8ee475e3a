"""A learner who has studied and edited imports the next release into the real Anki."""

from __future__ import annotations

import functools
import re
import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anki.consts import QUEUE_TYPE_SUSPENDED

from ankigen import lock
from ankigen.build import Options, build
from learner import learner
from notetypes import SPARE, edited
from releases import BASICS, DECK, FILES, MORE, Played, first_release, played, release
from support import ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Play = Callable[[str], Played]

CHANGED_ENTRIES = {
    "cards/basics/terms.yaml": """\
- {id: kernel, term: kernel, definition: A program for the device., topics: [compute]}
- {id: block, term: block, definition: Threads that share memory.}
- {id: lane, term: lane, definition: One of many parallel paths.}
- {id: tile, term: tiling, definition: A part of an array.}
- {id: axis, term: axis, definition: A direction of an array.}
""",
    "cards/more/terms.yaml": MORE + BASICS.splitlines(keepends=True)[3],
}
"""kernel is changed, tile renamed, stride moved, warp removed, block and axis are new."""

Edits = dict[str, tuple[str, str]]
RELEASES: Mapping[str, tuple[Mapping[str, str], Edits]] = {
    "entries": (CHANGED_ENTRIES, {}),
    "voice": ({"ankigen.yaml": FILES["ankigen.yaml"] + "voices: {default: {speed: 0.9}}\n"}, {}),
    "style": ({}, {"style.css": ("", ".card { color: navy }")}),
    "template": ({}, {"recognition.back.html": ("", '<p class="new">Well?</p>')}),
    "spare": (
        {},
        {"notetype.yaml": (SPARE, SPARE.replace("Spare 1", 'Shout, template: "{{ term }}!"'))},
    ),
}
"""What the second release changes, one at a time: sources, and files of the note type of terms."""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its first release, of yesterday."""
    return first_release(tmp_path_factory.mktemp("first") / "course")


@pytest.fixture(scope="module")
def second(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes projects with both releases; the second comes after whatever the learner does."""

    @functools.cache
    def released(scenario: str) -> Path:
        folder = tmp_path_factory.mktemp(scenario)
        root = shutil.copytree(first, folder / "course").resolve()
        sources, types = RELEASES[scenario]
        write_project(root, sources)
        release(root, "v2", int(time.time()) + 1000, edited(folder / "types", "terms", types))
        return root

    return released


@pytest.fixture(scope="module", params=[False, True], ids=["default", "merge"])
def play(
    request: pytest.FixtureRequest,
    second: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Play]:
    """Plays the import of a second release, with "Merge note types" off and on."""
    with ExitStack() as stack:

        @functools.cache
        def once(scenario: str) -> Played:
            folder = tmp_path_factory.mktemp("learner")
            return stack.enter_context(played(second(scenario), folder, merge=request.param))

        yield once


@pytest.mark.parametrize("scenario", RELEASES)
def test_nothing_is_lost_or_doubled(play: Play, scenario: str) -> None:
    """No conflict, no second note or note type; every card keeps its place and its schedule."""
    now = play(scenario)
    assert not now.log.conflicting
    assert not now.log.first_field_match
    assert not now.log.missing_notetype
    content = now.learner.content()  # which sees to it that no GUID is there twice
    assert content.keys() >= now.before.content.keys()
    assert len(now.learner.ids("")) == len(content)
    assert now.learner.note_types().keys() == {"Term (ankigen)", "Sentence (ankigen)"}
    schedule = now.learner.schedule()
    assert {card: schedule[card] for card in now.before.schedule} == now.before.schedule
    assert now.learner.reviews() == now.before.reviews
    assert len(now.before.reviews) == 19 + 3  # setting a date is logged, too
    studied = [row for row in schedule.values() if row[8]]
    assert len(studied) == 16
    assert all(row[6] > 0 for row in studied)
    said, whole = now.learner.collection.fix_integrity()
    assert whole, said


def test_changed_entry(play: Play) -> None:
    """It has its new text and tags and its old place; the learner's edit of it is replaced."""
    now = play("entries")
    note = now.learner.note("terms/kernel")
    assert note.id == now.before.ids["terms/kernel"]
    assert note["Definition"] == "A program for the device."
    assert note["Usage"] == ""
    assert note.tags == ["topic::compute"]
    assert len(now.log.updated) == 2
    moved, suspended, _ = (now.learner.collection.get_card(card) for card in note.card_ids())
    assert now.learner.collection.decks.name(moved.did) == "Mine"
    assert suspended.queue == QUEUE_TYPE_SUSPENDED


def test_entry_left_alone(play: Play) -> None:
    """It keeps what the learner made of it, although the release is later than the edit."""
    now = play("entries")
    note = now.learner.note("terms/lane")
    assert note["Definition"] == "My own words on a lane."
    assert note.tags == ["mine"]
    assert note.mod == now.before.mods["terms/lane"]
    made = lock.parse((now.root / lock.FILE).read_text()).notes
    assert made["terms/lane"].mod < note.mod < made["terms/kernel"].mod


def test_renamed_term(play: Play) -> None:
    """It is the same note with the new word and its sound."""
    note = play("entries").learner.note("terms/tile")
    assert note.id == play("entries").before.ids["terms/tile"]
    assert note["Term"] == "tiling"
    assert note["Audio"].startswith("[sound:tiling-")
    assert not play("entries").learner.ids("Term:tile")


def test_moved_entry(play: Play) -> None:
    """It is the same note, and its cards stay where the learner has them."""
    now = play("entries")
    note = now.learner.note("terms/stride")
    assert note.id == now.before.ids["terms/stride"]
    decks = {now.learner.collection.decks.name(card.did) for card in note.cards()}
    assert decks == {DECK}
    assert note.mod == now.before.mods["terms/stride"]


def test_removed_entry(play: Play) -> None:
    """It stays; the release's diff names it with a search that finds it and nothing else."""
    now = play("entries")
    note = now.learner.note("terms/warp")
    assert note.id == now.before.ids["terms/warp"]
    done = ankigen("diff", "v1/small.apkg", "v2/small.apkg", cwd=now.root)
    assert done.returncode == 0, done.stderr
    (search,) = set(re.findall(r'"Key:[^"]*"', done.stdout))
    assert now.learner.ids(search) == [note.id]


def test_new_entries(play: Play) -> None:
    """They are new cards of their deck, shown in study order."""
    now = play("entries")
    assert len(now.log.new) == 2
    new = [
        (now.learner.collection.get_note(nid).fields[-1], due)
        for nid, due in now.learner.rows("select nid, due from cards where type = 0 order by due")
    ]
    assert new == [
        ("terms/block", 3),
        ("terms/axis", 6),
        ("terms/block", 23),
        ("terms/axis", 26),
        ("terms/block", 43),
        ("terms/axis", 46),
        *[("terms/fuse", due) for due in (100_001, 100_021, 100_041)],
    ]


def test_another_voice(play: Play) -> None:
    """Every note plays its new sound, whose file is there; the old one is no longer used."""
    now = play("voice")
    assert len(now.log.updated) == len(now.before.ids)
    checked = now.learner.collection.media.check()
    assert not checked.missing
    names = [fields[1] for fields in (now.learner.note(key).fields for key in now.before.ids)]
    sounds = {match for name in names for match in re.findall(r"\[sound:(.+)\]", name)}
    old = {
        match for row in now.before.content.values() for match in re.findall(r"d:(.+)\]", row[2])
    }
    assert len(sounds) == len(old) == len(now.before.ids)
    assert set(checked.unused) == old
    folder = Path(now.learner.collection.media.dir())
    for sound in sounds:
        clip = now.root / "audio/clips" / sound
        assert (folder / sound).read_bytes() == clip.read_bytes()


@pytest.mark.parametrize(
    ("scenario", "said"), [("style", "color: navy"), ("template", '<p class="new">Well?')]
)
def test_another_look(play: Play, scenario: str, said: str) -> None:
    """The learner sees it, and no note is touched: neither its time nor an edit of it."""
    now = play(scenario)
    assert not now.log.updated
    assert now.learner.content() == now.before.content
    for key, mod in now.before.mods.items():
        assert now.learner.note(key).mod == mod
    model = now.learner.note_types()["Term (ankigen)"]
    assert said in (model["css"] if scenario == "style" else model["tmpls"][0]["afmt"])


def test_spare_field(play: Play) -> None:
    """Renamed and filled, it reaches every note as an update, and the notes stay of one type."""
    now = play("spare")
    terms = [key for key in now.before.ids if key.startswith("terms/")]
    assert len(now.log.updated) == len(terms)
    assert {key: now.learner.note(key)["Shout"] for key in terms} == {
        key: f"{key.removeprefix('terms/')}!" for key in terms
    }
    names = [field["name"] for field in now.learner.note_types()["Term (ankigen)"]["flds"]]
    assert names[-5:-1] == ["Shout", "Spare 2", "Spare 3", "Spare 4"]


@pytest.mark.parametrize("merge", [False, True])
def test_an_edit_later_than_the_release(first: Path, tmp_path: Path, *, merge: bool) -> None:
    """Anki keeps it until the entry changes again; that release then reaches the learner."""
    root = shutil.copytree(first, tmp_path / "course").resolve()
    now = int(time.time())
    terms = root / "cards/basics/terms.yaml"
    with learner(tmp_path / "learner") as someone:
        someone.imports(root / "v1/small.apkg", merge=merge)
        someone.edit("terms/lane", "Definition", "My own words.")
        for name, when, text in (("v2", now - 500, "Second."), ("v3", now + 1000, "Third.")):
            terms.write_text(BASICS.replace("One of many parallel paths.", text))
            release(root, name, when)
        someone.imports(root / "v2/small.apkg", merge=merge)
        assert someone.note("terms/lane")["Definition"] == "My own words."
        someone.imports(root / "v3/small.apkg", merge=merge)
        assert someone.note("terms/lane")["Definition"] == "Third."


def test_sound_after_a_quick_look(first: Path, tmp_path: Path) -> None:
    """A release replaces its own build without sound, and is not replaced by it."""
    root = shutil.copytree(first, tmp_path / "course").resolve()
    build(root, Options(output=root / "mute", sound=False))
    packages = [root / "mute/small.apkg", root / "v1/small.apkg"]
    contents = []
    for order in (packages, packages[::-1]):
        with learner(tmp_path / order[0].parent.name) as someone:
            for package in order:
                assert not someone.imports(package).conflicting
            contents.append(someone.content())
            assert len(someone.schedule()) == 6 * 3 + 1
            assert not someone.collection.media.check().missing
    assert contents[0] == contents[1]
    assert all("[sound:" in row[2] for row in contents[0].values())
