"""Any sequence of releases, imported one after another or not, with reviews in between."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankigen import lock
from learner import GOOD, Learner, learner
from releases import release
from support import write_project

if TYPE_CHECKING:
    from collections.abc import Sequence

CATEGORIES = ("basics", "more")
IDS = ("a", "b", "c", "d", "e")
WORDS = ("kernel", "lane", "tile")
TEXTS = ("One.", "Two.", "Three.")


@dataclass(frozen=True)
class Term:
    """What an author writes of a term.

    Attributes:
        sentence: Whether one shows it.
    """

    category: str = CATEGORIES[0]
    word: str = WORDS[0]
    text: str = TEXTS[0]
    tags: tuple[str, ...] = ()
    sentence: bool = False


@dataclass
class Author:
    """A course in the making, and every state it has been released in."""

    root: Path
    terms: dict[str, Term] = field(default_factory=dict)
    history: list[dict[str, Term]] = field(default_factory=list)

    def edit(self, how: str, name: str, choice: int) -> None:
        """Do something to a term; what cannot be done to it adds it."""
        term = self.terms.get(name)
        if how == "revert":
            earlier = self.history[choice % len(self.history)] if self.history else {}
            self.terms = {**self.terms, **({name: earlier[name]} if name in earlier else {})}
        elif how == "remove":
            self.terms.pop(name, None)
        elif term is None:
            self.terms[name] = Term(CATEGORIES[choice % 2], WORDS[choice % 3], TEXTS[choice % 3])
        elif how == "move":
            self.terms[name] = replace(term, category=CATEGORIES[term.category == CATEGORIES[0]])
        elif how == "rename":
            self.terms[name] = replace(term, word=WORDS[choice % 3])
        elif how == "change":
            self.terms[name] = replace(term, text=TEXTS[choice % 3])
        elif how == "tag":
            self.terms[name] = replace(term, tags=(f"t{choice}",))
        else:
            self.terms[name] = replace(term, sentence=not term.sentence)

    def release(self, when: int) -> Path:
        """Write the sources and build them; return the course's package."""
        shutil.rmtree(self.root / "cards", ignore_errors=True)
        course = {"id": "small", "name": "Small", "categories": CATEGORIES}
        files: dict[str, Any] = {"ankigen.yaml": course}
        for category in CATEGORIES:
            files[f"cards/{category}/category.yaml"] = {"name": category.title()}
        for name, term in self.terms.items():
            entry = {"id": name, "term": term.word, "definition": term.text, "tags": term.tags}
            files.setdefault(f"cards/{term.category}/terms.yaml", []).append(entry)
            if term.sentence:
                entry = {"id": name, "terms": [name], "text": f"Here is a {{{term.word}}}."}
                files.setdefault(f"cards/{term.category}/sentences.yaml", []).append(entry)
        # JSON is YAML.
        write_project(self.root, {path: json.dumps(said) for path, said in files.items()})
        self.history.append(dict(self.terms))
        return release(self.root, f"v{len(self.history)}", when, sound=False)


EDITS = st.tuples(
    st.sampled_from(["add", "change", "rename", "move", "tag", "sentence", "remove", "revert"]),
    st.sampled_from(IDS),
    st.integers(0, 5),
)


@dataclass(frozen=True)
class Step:
    """A release and what a learner does after it.

    Attributes:
        clock: Seconds from the last release; clocks may go backwards.
        imported: Whether the learner takes this release.
        merge: Whether "Merge note types" is ticked.
        reviews: How many cards are answered.
    """

    edits: Sequence[tuple[str, str, int]]
    clock: int
    imported: bool
    merge: bool
    reviews: int


STEPS = st.lists(
    st.builds(
        Step,
        st.lists(EDITS, min_size=1, max_size=5),
        st.integers(-50, 100),
        st.booleans(),
        st.booleans(),
        st.integers(0, 6),
    ),
    min_size=1,
    max_size=6,
)


def imports(someone: Learner, author: Author, package: Path, *, merge: bool) -> None:
    """Import a release; nothing that was reviewed changes, and all content is the release's."""
    schedule, reviews = someone.schedule(), someone.reviews()
    log = someone.imports(package, merge=merge)
    assert not log.conflicting
    assert not log.first_field_match
    after = someone.schedule()
    assert {card: after[card] for card in schedule} == schedule
    assert someone.reviews() == reviews
    with tempfile.TemporaryDirectory() as folder, learner(Path(folder)) as newcomer:
        newcomer.imports(package)
        wanted = newcomer.content()
    found = someone.content()  # which sees to it that no GUID is there twice
    assert {guid: found[guid] for guid in wanted} == wanted
    lines = lock.parse((author.root / lock.FILE).read_text()).notes
    assert {line.guid for line in lines.values() if not line.removed} == set(wanted)
    assert {line.guid for line in lines.values()} >= set(found)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_a_learner_keeps_up(steps: Sequence[Step]) -> None:
    """After each import the collection is what a newcomer gets, removed notes aside.

    Nobody's reviews are touched, however many releases were skipped and whatever the clocks said.
    """
    when = int(time.time()) - 10_000
    with tempfile.TemporaryDirectory() as folder, learner(Path(folder, "learner")) as someone:
        author = Author(Path(folder, "course").resolve())
        for number, step in enumerate(steps, start=1):
            for edit in step.edits:
                author.edit(*edit)
            when += step.clock
            package = author.release(when)
            if step.imported or number == len(steps):
                imports(someone, author, package, merge=step.merge)
                someone.study("Small", step.reviews, GOOD)
