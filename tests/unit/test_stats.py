"""A course in numbers, counted from its sources and its store of clips."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ankigen import stats
from ankigen.clips import Store
from ankigen.diagnostics import SourceError
from ankigen.reading import CLIPS_FOLDER, read
from ankigen.stats import Count, Shown
from support import SMALL, write_project

if TYPE_CHECKING:
    from pathlib import Path

MORE = {
    **SMALL,
    "ankigen.yaml": "id: small\nname: Small Course\ncategories: [more, basics]\n",
    "cards/more/category.yaml": "name: More\n",
    "cards/more/terms.yaml": (
        "- {id: tile, term: tile, definition: A part., level: working, topics: [fusion, memory]}\n"
        "- {id: core, term: kernel, definition: The middle., topics: [memory]}\n"
    ),
    "cards/more/sentences.yaml": (
        "- {id: tile-1, terms: [tile, kernel], text: 'A {tile} of a kernel.'}\n"
        "- {id: tile-2, terms: [tile, tile], text: 'One {tile}.'}\n"
    ),
    "cards/more/interview.yaml": (
        "- {id: why, question: Why is it slow?, answer: First I measure., kind: debugging}\n"
    ),
}


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Two categories; a sound that both play."""
    return write_project(tmp_path, MORE)


def test_counts(small: Path) -> None:
    """Notes, cards, and each sound once."""
    found = stats.of_project(small)
    assert found.course == "Small Course"
    assert (found.total.notes, found.total.cards, found.total.clips) == (4, 8, 6)
    assert found.total.missing == 6
    assert found.categories == {"basics": found.total}
    assert {name: count.notes for name, count in found.note_types.items()} == {
        "sentences": 2,
        "terms": 2,
    }


def test_groups(more: Path) -> None:
    """In study order; a sound of two categories counts in each, and once in all."""
    found = stats.of_project(more)
    assert list(found.categories) == ["more", "basics"]
    assert [count.notes for count in found.categories.values()] == [5, 4]
    assert sum(count.notes for count in found.note_types.values()) == 9
    assert sum(count.clips for count in found.categories.values()) == found.total.clips + 2
    assert found.contents == {
        "more": {"interview": 1, "sentences": 2, "terms": 2},
        "basics": {"sentences": 2, "terms": 2},
    }
    assert found.tags["kind::debugging"] == 1
    assert found.tags["topic::memory"] == 2
    assert found.preset.new_per_day == 5
    assert found.preset.retention == 0.9


def test_levels(more: Path) -> None:
    """Entries without a level have that of what they show first; the rest stand last."""
    levels = stats.of_project(more).levels
    assert list(levels) == ["core", "working", ""]
    # operator-fusion and its sentence; tile and its two; kernel, its sentence, core, why.
    assert [count.notes for count in levels.values()] == [2, 3, 4]


def test_topics(more: Path) -> None:
    """How many entries of each level are about a topic, the most frequent first."""
    found = stats.of_project(more).topics
    assert list(found) == ["fusion", "memory"]
    assert found == {"fusion": {"core": 1, "working": 1}, "memory": {"working": 1, "": 1}}


def test_thin_terms(more: Path) -> None:
    """A sentence that names a term twice shows it once."""
    [shown] = stats.of_project(more).shown
    times = {"tile": 2, "core": 0, "kernel": 3, "operator-fusion": 1}
    assert shown == Shown("terms", "sentences", times)
    assert shown.thin == {"core": 0, "operator-fusion": 1}


def test_seconds_in_study_order(more: Path) -> None:
    """What each card takes, as its note type says: a note's further cards come twenty later."""
    seconds = stats.of_project(more).seconds
    assert len(seconds) == stats.of_project(more).total.cards
    # more: tile, its sentences, core, the answer, then two further cards of each term
    assert sorted(seconds[:5]) == [12, 12, 15, 15, 75]
    assert sorted(seconds[5:9]) == [12, 12, 16, 16]
    assert sorted(seconds[9:13]) == [12, 12, 15, 15]


def test_sound_that_is_made(built: Path) -> None:
    """Made clips have the length of the store, the rest an estimate."""
    found = stats.of_project(built).total
    manifest = (built / CLIPS_FOLDER / "manifest.jsonl").read_text().splitlines()
    length = sum(json.loads(line)["seconds"] for line in manifest)
    assert found.seconds == pytest.approx(length)
    assert found == Count(4, 8, 6, found.seconds, 0)
    contents = read(built, sound=False)
    [clip, *_] = [clip for note in contents.notes for clip in note.clips]
    Store(built / CLIPS_FOLDER).remove([clip.name])
    assert stats.of_project(built).total.missing == 1


def test_estimates(built: Path) -> None:
    """Without any clip, the sum is off by a quarter at most."""
    made = stats.of_project(built).total.seconds
    for clip in (built / CLIPS_FOLDER).glob("*.mp3"):
        clip.unlink()
    guessed = stats.of_project(built).total
    assert guessed.missing == guessed.clips
    assert guessed.seconds == pytest.approx(made, rel=0.25)


def test_no_voice_is_loaded(small: Path) -> None:
    """Counting neither speaks nor derives IPA, and leaves the project as it was."""
    before = sorted(small.rglob("*"))
    code = (
        "import sys, pathlib\n"
        "from ankigen import stats, statsreport\n"
        "stats.of_project(pathlib.Path.cwd().resolve())\n"
        "print({'hibari', 'onnxruntime', 'torch', 'numpy'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=small, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
    assert sorted(small.rglob("*")) == before


def test_mistakes(small: Path) -> None:
    """What cannot be read cannot be counted."""
    (small / "cards/basics/terms.yaml").write_text("- id: kernel\n")
    with pytest.raises(SourceError):
        stats.of_project(small)


def test_nothing(tmp_path: Path) -> None:
    """A category without entries comes to nothing."""
    files = {name: text for name, text in SMALL.items() if "sentences" not in name}
    root = write_project(tmp_path, {**files, "cards/basics/terms.yaml": "[]\n"})
    found = stats.of_project(root)
    assert found.total == Count(0, 0, 0, 0, 0)
    assert (found.categories, found.levels, found.topics, found.shown) == ({}, {}, {}, ())
