"""The repository's own course: what it promises to hold, and that it is understood."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hibari.g2p import G2P
from rapidfuzz.distance import Levenshtein

from ankigen import lexicon, reading, studysets, yamltext
from ankigen.lexicon import Said
from recogniser import Recogniser, word_of, words
from support import REPOSITORY, ankigen

if TYPE_CHECKING:
    from pathlib import Path

TERMS = {
    "compilation-concepts": 60,
    "frameworks": 40,
    "hardware": 50,
    "xla-compilation": 25,
    "tvm-relay-ir": 25,
    "mlir-dialects": 25,
    "operator-fusion": 20,
    "kernel-optimisation": 35,
    "backend-integration": 25,
}
"""Categories of terms, and how many at least."""

OTHERS: dict[str, dict[tuple[str, ...], int]] = {
    "code-review": {("collocations", "phrases"): 60},
    "collocations": {("collocations",): 80},
    "written-english": {("phrases",): 100},
    "spoken-english": {("phrases",): 100},
    "interview": {("interview",): 50},
}
"""Of other categories, notes of some types together."""

KINDS: dict[str, dict[tuple[str, ...], int]] = {
    "pronunciation": {
        ("letters", "acronym"): 50,
        ("silent letter",): 30,
        ("word stress",): 50,
        ("minimal pair",): 40,
    },
    "common-mistakes": {
        ("collocation",): 30,
        ("false friend",): 40,
        ("tense",): 30,
        ("register",): 30,
        ("article", "countability"): 30,
    },
}
"""And of those whose entries say of which kind they are."""

SCENARIOS = ("design-proposal", "benchmarks", "dialect-documentation", "vendor-debugging")
LEVELS = ("core", "working", "advanced")
INTELLIGIBLE = 0.35
"""Mean word error rate that clear speech stays below; see test_voice.py."""


def entries(category: str, note_type: str) -> list[dict[str, Any]]:
    """All entries of a note type in a category, from the files alone."""
    return [
        entry
        for path in sorted((REPOSITORY / "cards" / category).glob(f"{note_type}*.yaml"))
        for entry in yaml.load(path.read_bytes(), yaml.CBaseLoader)  # noqa: S506 - all text
    ]


@pytest.fixture(scope="module")
def counted() -> dict[str, Any]:
    """What ``stats`` says of the course."""
    done = ankigen("stats", "--format", "json", "--forecast", cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_every_category_holds_what_it_should(counted: dict[str, Any]) -> None:
    """Counted by ``stats``; the kinds of entries by the files."""
    contents = counted["contents"]
    assert {name: contents[name]["terms"] for name, least in TERMS.items()} == {
        name: max(least, contents[name]["terms"]) for name, least in TERMS.items()
    }
    for category, parts in OTHERS.items():
        for types, least in parts.items():
            assert sum(contents[category].get(name, 0) for name in types) >= least, category
    for category, kinds in KINDS.items():
        (note_type,) = contents[category]
        found = Counter(entry["kind"] for entry in entries(category, note_type))
        for names, least in kinds.items():
            assert sum(found[name] for name in names) >= least, names
    for name in SCENARIOS:
        assert counted["tags"][f"scenario::{name}"] >= 15
    assert contents.keys() == {*TERMS, *OTHERS, *KINDS, "scenarios"}


def test_every_term_is_shown_in_two_kinds_of_text() -> None:
    """At least two sentences, not all of one genre."""
    for category in [*TERMS, "code-review"]:
        genres: dict[str, set[str]] = defaultdict(set)
        number: Counter[str] = Counter()
        for sentence in entries(category, "sentences"):
            genres[sentence["terms"][0]].add(sentence["genre"])
            number[sentence["terms"][0]] += 1
        for term in entries(category, "terms"):
            assert number[term["id"]] >= 2, term["id"]
            assert len(genres[term["id"]]) >= 2, term["id"]
            assert {"pos", "level", "topics", "related", "usage"} <= term.keys(), term["id"]


def test_levels() -> None:
    """Each topic and each category of terms has terms of all three levels."""
    by_topic: dict[str, set[str]] = defaultdict(set)
    for category in [*TERMS, "code-review"]:
        terms = entries(category, "terms")
        assert {term["level"] for term in terms} == set(LEVELS), category
        for term in terms:
            for topic in term["topics"]:
                by_topic[topic].add(term["level"])
    for path in (REPOSITORY / "cards").rglob("*.yaml"):
        if path.name != "category.yaml":
            for entry in yaml.load(path.read_bytes(), yaml.CBaseLoader):  # noqa: S506 - all text
                for topic in entry.get("topics", ()):
                    assert by_topic[topic] == set(LEVELS), topic


def test_interview_answers_can_be_spoken() -> None:
    """60 to 120 words, and the key phrases occur in them as they are written."""
    for entry in entries("interview", "interview"):
        answer = " ".join(entry["answer"].split())
        assert 60 <= len(answer.split()) <= 120, entry["id"]
        for phrase in entry["phrases"]:
            parts = [part.strip(" .,;:?!") for part in re.split("…", phrase)]
            assert all(part.lower() in answer.lower() for part in parts), (entry["id"], phrase)


def test_sets() -> None:
    """Every note is in a set of its category; sets follow each other, and take a sitting."""
    contents = reading.read(REPOSITORY, sound=False, transcribed=False)
    for category in contents.course.categories:
        notes = [note for note in contents.notes if note.category == category.id]
        notes.sort(key=lambda note: note.position)
        tags = [[tag for tag in note.tags if tag.startswith(studysets.TAG)] for note in notes]
        assert all(len(named) == 1 for named in tags)
        order = list(dict.fromkeys(named[0] for named in tags))
        assert order == [f"set::{category.id}-{n}" for n in range(1, len(order) + 1)]
        specs = contents.note_types

        def seconds(note: Any) -> float:
            spec = specs[note.note_type].spec  # noqa: B023 - called within the loop
            return sum(spec.card(ordinal).seconds for ordinal in note.cards)

        sets = studysets.cut(category.id, notes, seconds)
        assert {one.id: one.minutes for one in sets if not 8 <= one.minutes <= 16} == {}


def test_its_page_is_up_to_date(tmp_path: Path) -> None:
    """The table of contents in docs/course.md is what 'make docs' writes."""
    page = REPOSITORY / "docs/course.md"
    copy = tmp_path / "course.md"
    copy.write_text(page.read_text("utf-8"), "utf-8")
    script = REPOSITORY / "docs/make_course.py"
    subprocess.run([sys.executable, str(script), str(copy)], check=True)
    assert copy.read_text("utf-8") == page.read_text("utf-8")


def test_the_time_it_takes(counted: dict[str, Any]) -> None:
    """Twenty to forty hours, at thirty minutes a day."""
    forecast = counted["forecast"]["at_minutes_a_day"]
    assert forecast["minutes"] == 30
    assert 20 <= forecast["hours"] <= 40


@pytest.mark.whole
def test_it_fits(course: Path) -> None:
    """Its whole package is under 60 MB, and another build has nothing to do."""
    assert (course / "dist/english-for-ml-compiler-engineers.apkg").stat().st_size < 60e6
    done = ankigen("build", "--locked", cwd=course)
    assert "Everything is up to date" in done.stderr


@pytest.mark.whole
def test_sentences_are_understood(course: Path) -> None:
    """A recogniser that has the field's words in its dictionary understands a random hundred."""
    seed = 1 if "CI" in os.environ else random.randrange(10**6)  # noqa: S311 - not for secrets
    text = (REPOSITORY / lexicon.LEXICON_FILE).read_text(encoding="utf-8")
    known, _ = lexicon.load(yamltext.read(text, lexicon.LEXICON_FILE), "")
    manifest = (course / "audio/clips/manifest.jsonl").read_text().splitlines()
    clips = {record["text"]: record["name"] for record in map(json.loads, manifest)}
    said: dict[str, list[str]] = {}
    extra: dict[str, str] = {}
    for category in [*TERMS, "code-review"]:
        for entry in entries(category, "sentences"):
            shown = " ".join(re.sub(r"[{}`*]", "", entry["text"]).split())
            parts = lexicon.utter(shown, known).parts
            if any(char.isdigit() for p in parts if not isinstance(p, Said) for char in p):
                continue  # figures are read out in words that are not in the text
            extra |= {word_of(p.written): p.phonemes for p in parts if isinstance(p, Said)}
            said[shown] = words(
                "".join(f"{{{p.written}}}" if isinstance(p, Said) else p for p in parts)
            )
    chosen = random.Random(seed).sample(sorted(said), 100)  # noqa: S311 - likewise
    common, read = Recogniser({}), G2P()
    unknown = {w for one in chosen for w in said[one] if not common.knows(w)} - extra.keys()
    recogniser = Recogniser(extra | {word: read(word) for word in sorted(unknown)})
    rates = []
    for one in chosen:
        command = ["ffmpeg", "-v", "error", "-i", str(course / "audio/clips" / clips[one])]
        command += ["-ar", "16000", "-ac", "1", "-f", "s16le", "-"]
        pcm = subprocess.run(command, capture_output=True, check=True).stdout
        understood = recogniser.words(pcm)
        rates.append(Levenshtein.distance(said[one], understood) / len(said[one]))
        print(f"{rates[-1]:.2f}  {one}\n   →  {' '.join(understood)}")  # noqa: T201 - on failure
    mean = sum(rates) / len(rates)
    print(f"seed {seed}: mean word error rate {mean:.3f}")  # noqa: T201 - the result
    assert mean <= INTELLIGIBLE
