"""What Anki makes of a package's preset, and how the deck is studied with it and without it."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.decks import DeckConfigId, DeckId
from anki.scheduler.v3 import Scheduler

from ankigen.build import Options, build
from ankigen.verify import verify
from learner import GOOD, Learner, learner
from packages import read_zip, write_zip
from support import EPOCH, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anki.cards import Card

PARENT, FIRST, SECOND = "Small Course", "Small Course::Zeta", "Small Course::Alpha"
CONFIG = """\
id: small
name: Small Course
description: |
  - What it is.
categories: [zeta, alpha]
"""
STUDY = "study: {weeks: 2, retention: 0.85, preset: Small studies}\n"
TERMS = 30
EXPECTED: dict[str, Any] = {
    "name": "Small studies",
    "mod": 1_763_856_000,
    "autoplay": True,
    "timer": 0,
    "buryInterdayLearning": True,
    "newGatherPriority": 1,
    "newSortOrder": 1,
    "newMix": 0,
    "interdayLearningMix": 0,
    "reviewOrder": 0,
    "desiredRetention": 0.85,
}
NEW = {"perDay": 9, "delays": [1.0, 10.0], "bury": True}
REVIEWS = {"perDay": 200, "bury": True}
"""The preset of a course of 120 cards in two weeks; all else is as in Anki's own."""


def terms(category: str, count: int = TERMS) -> str:
    """A file of so many terms."""
    return "".join(
        f"- {{id: {category}-{i}, term: {category} {i}, definition: The word {i} of {category}.}}\n"
        for i in range(count)
    )


def write_course(root: Path, study: str = STUDY) -> Path:
    """A course whose first category comes last by name."""
    files = {"ankigen.yaml": CONFIG + study}
    for category in ("zeta", "alpha"):
        files[f"cards/{category}/category.yaml"] = (
            f"name: {category.title()}\ndescription: Words.\n"
        )
        files[f"cards/{category}/terms.yaml"] = terms(category)
    return write_project(root, files)


def release(root: Path, name: str = "dist") -> Path:
    """Build all packages without sound into a folder; return it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        build(root, Options(output=root / name, sound=False))
    return root / name


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the course's packages."""
    return release(write_course(tmp_path_factory.mktemp("course")))


@pytest.fixture
def someone(tmp_path: Path) -> Iterator[Learner]:
    """Somebody new to Anki."""
    with learner(tmp_path / "learner") as made:
        yield made


def imports_presets(someone: Learner, package: Path) -> None:
    """Import a package with "Import any deck presets" ticked."""
    options = ImportAnkiPackageOptions(with_deck_configs=True)
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    someone.collection.import_anki_package(request)


def deck_id(someone: Learner, name: str) -> DeckId:
    """The id of a deck that is there."""
    found = someone.collection.decks.id_for_name(name)
    assert found is not None
    return found


def options(someone: Learner, deck: str) -> dict[str, Any]:
    """The options that a deck has."""
    return dict(someone.collection.decks.config_dict_for_deck_id(deck_id(someone, deck)))


def presets(someone: Learner) -> dict[int, dict[str, Any]]:
    """All presets, by id."""
    return {preset["id"]: dict(preset) for preset in someone.collection.decks.all_config()}


def queue(someone: Learner, deck: str, most: int = 1000) -> list[Card]:
    """The cards that the scheduler has lined up for today in a deck."""
    collection = someone.collection
    collection.decks.select(deck_id(someone, deck))
    assert isinstance(collection.sched, Scheduler)
    queued = collection.sched.get_queued_cards(fetch_limit=most)
    return [collection.get_card(entry.card.id) for entry in queued.cards]


def keys(cards: Sequence[Card]) -> list[str]:
    """The keys of the cards' notes."""
    return [card.note().fields[-1] for card in cards]


def in_order(category: str, count: int = TERMS) -> list[str]:
    """The keys of a category's first terms."""
    return [f"terms/{category}-{i}" for i in range(count)]


def test_the_package_is_sound(packages: Path) -> None:
    """Our own check of packages has nothing to say."""
    found = [
        finding for path in sorted(packages.glob("*.apkg")) for finding in verify(path).findings
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "decks"),
    [("small", [PARENT, FIRST, SECOND]), ("zeta", [PARENT, FIRST]), ("alpha", [PARENT, SECOND])],
)
def test_presets_ticked(packages: Path, someone: Learner, name: str, decks: list[str]) -> None:
    """Every deck of every package has the same preset, with exactly our numbers."""
    default = presets(someone)[1]
    imports_presets(someone, packages / f"{name}.apkg")
    (ours,) = presets(someone).keys() - {1}
    groups = {"new": default["new"] | NEW, "rev": default["rev"] | REVIEWS}
    wanted = default | EXPECTED | groups | {"id": ours}
    for left in ("usn", "easyDaysPercentages"):  # of synchronisation; filled when first edited
        del wanted[left]
    for deck in decks:
        found = options(someone, deck)
        assert {key: found[key] for key in wanted} == wanted
    assert presets(someone)[1] == default


def test_one_preset_for_all_packages(packages: Path, someone: Learner) -> None:
    """One category after the other, then the whole course: there is still one."""
    for name in ("alpha", "zeta", "small", "small"):
        imports_presets(someone, packages / f"{name}.apkg")
    assert sorted(preset["name"] for preset in presets(someone).values()) == [
        "Default",
        "Small studies",
    ]
    assert {options(someone, deck)["name"] for deck in (PARENT, FIRST, SECOND)} == {"Small studies"}


def test_presets_not_ticked(packages: Path, someone: Learner) -> None:
    """No preset comes, and the learner's own is untouched."""
    default = presets(someone)
    someone.imports(packages / "small.apkg")
    assert presets(someone) == default
    assert {options(someone, deck)["id"] for deck in (PARENT, FIRST, SECOND)} == {1}


@pytest.mark.parametrize(("deck", "category"), [(FIRST, "zeta"), (SECOND, "alpha")])
def test_the_first_day_without_the_preset(
    packages: Path, someone: Learner, deck: str, category: str
) -> None:
    """Anki's own options show 20 new cards: of 20 notes, in study order."""
    someone.imports(packages / "small.apkg")
    assert keys(queue(someone, deck)) == in_order(category, 20)


def test_the_first_day_with_the_preset(packages: Path, someone: Learner) -> None:
    """The course's deck begins with its first category, though another comes first by name."""
    imports_presets(someone, packages / "small.apkg")
    assert keys(queue(someone, PARENT)) == in_order("zeta", 9)


def test_cards_of_a_note_are_apart(packages: Path, someone: Learner) -> None:
    """All in one day, twenty cards or more lie between any two, and firsts stay in study order."""
    someone.imports(packages / "small.apkg")
    (default,) = someone.collection.decks.all_config()
    default["new"]["perDay"] = 999
    default["newSortOrder"] = default["newGatherPriority"] = 1
    someone.collection.decks.update_config(default)
    cards = queue(someone, PARENT)
    found = keys(cards)
    assert [key for key, card in zip(found, cards, strict=True) if card.ord == 0] == [
        *in_order("zeta"),
        *in_order("alpha"),
    ]
    for key in set(found):
        places = [place for place, other in enumerate(found) if other == key]
        assert len(places) == 2
        assert all(after - before >= 20 for before, after in pairwise(places))


def next_day(someone: Learner) -> None:
    """Put the collection's beginning a day back, and open it as the morning after."""
    collection = someone.collection
    assert collection.db is not None
    collection.db.execute("update col set crt = crt - 86400")
    collection.db.execute("update cards set due = due - 86400 where queue = 1")
    collection.close()
    collection.reopen()
    collection.sched.deck_due_tree()  # what the list of decks asks for; it ends yesterday's burying


def study_today(someone: Learner) -> list[Card]:
    """Answer "Good" until the day is done; return the cards that were new."""
    new = []
    while cards := queue(someone, PARENT, 1):
        (card,) = cards
        if card.type == 0:
            new.append(card)
        card.start_timer()
        someone.collection.sched.answerCard(card, GOOD)  # type: ignore[arg-type] # 1 to 4
    return new


@pytest.mark.parametrize("fsrs", [False, True])
def test_the_course_is_finished_in_its_weeks(
    packages: Path, someone: Learner, *, fsrs: bool
) -> None:
    """Every day brings as many new cards as were promised, never two of one note."""
    imports_presets(someone, packages / "small.apkg")
    someone.collection.set_config("fsrs", fsrs)
    days: list[int] = []
    while someone.rows("select 1 from cards where type = 0 limit 1"):
        assert len(days) < 14
        new = study_today(someone)
        assert len(set(keys(new))) == len(new)
        days.append(len(new))
        next_day(someone)
    assert days == [9] * 13 + [3]


def test_changed_numbers_are_kept(packages: Path, someone: Learner) -> None:
    """A learner's own numbers in the preset survive the next import, ticked or not."""
    imports_presets(someone, packages / "small.apkg")
    (identifier,) = presets(someone).keys() - {1}
    mine = someone.collection.decks.get_config(DeckConfigId(identifier))
    assert mine is not None
    mine["name"], mine["new"]["perDay"], mine["desiredRetention"] = "Mine", 33, 0.8
    someone.collection.decks.update_config(mine)
    before = presets(someone)
    assert before[identifier]["new"]["perDay"] == 33
    imports_presets(someone, packages / "small.apkg")
    someone.imports(packages / "zeta.apkg")
    assert presets(someone) == before
    assert {options(someone, deck)["id"] for deck in (PARENT, FIRST, SECOND)} == {identifier}


def test_another_preset_is_kept(packages: Path, someone: Learner) -> None:
    """A deck that the learner gave other options keeps them where presets are not ticked."""
    imports_presets(someone, packages / "small.apkg")
    decks = someone.collection.decks
    mine = decks.add_config("Mine")
    deck = decks.get(deck_id(someone, FIRST))
    assert deck is not None
    decks.set_config_id_for_deck_dict(deck, mine["id"])
    before = presets(someone)
    someone.imports(packages / "small.apkg")
    assert presets(someone) == before
    assert options(someone, FIRST)["name"] == "Mine"
    assert options(someone, PARENT)["name"] == "Small studies"


def test_no_package_switches_fsrs_on(packages: Path, someone: Learner, tmp_path: Path) -> None:
    """Not even one whose own collection has it on: hence the deck's page asks for it."""
    entries = read_zip(packages / "small.apkg")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(entries["collection.anki2"])
        ((conf,),) = connection.execute("SELECT conf FROM col").fetchall()
        on = json.dumps({**json.loads(conf), "fsrs": True})
        connection.execute("UPDATE col SET conf = ?", (on,))
        entries["collection.anki2"] = connection.serialize()
    imports_presets(someone, write_zip(tmp_path / "fsrs.apkg", entries))
    assert someone.collection.card_count() == 4 * TERMS
    assert not someone.collection.get_config("fsrs")


@pytest.mark.parametrize(("name", "deck"), [("small", FIRST), ("alpha", SECOND)])
def test_what_the_deck_tells(packages: Path, someone: Learner, name: str, deck: str) -> None:
    """The course's deck says in each package how to study it, after its author's own words."""
    someone.imports(packages / f"{name}.apkg")
    decks = {deck["name"]: deck for deck in someone.collection.decks.all()}
    assert decks[deck]["desc"] == "Words."
    assert decks[PARENT]["md"] is True
    shown = someone.collection.render_markdown(decks[PARENT]["desc"])
    assert re.sub(r"\n", "", shown) == (
        "<ul><li>What it is.</li></ul>"
        "<p>Open this deck and study <strong>9 new cards a day</strong>: the whole course takes"
        " about 2 weeks.<br>"
        "When you first import it, tick <strong>Import any deck presets</strong>, which sets that"
        " number.<br>"
        "Switch on <strong>FSRS</strong> in the deck's options. An update of the deck keeps your"
        " progress.</p>"
    )
    assert someone.collection.tr.importing_with_deck_configs() in shown


def places(someone: Learner) -> dict[tuple[str, int], int]:
    """The position of each new card, by key and ordinal."""
    rows = someone.rows(
        "select n.flds, c.ord, c.due from cards c join notes n on n.id = c.nid where c.type = 0"
    )
    return {(fields.split("\x1f")[-1], ordinal): due for fields, ordinal, due in rows}


def test_appended_entries_move_no_card(tmp_path: Path, someone: Learner) -> None:
    """Who begins with the next release has every old card where it was, and the new ones after."""
    root = write_course(tmp_path / "course")
    someone.imports(release(root, "v1") / "small.apkg")
    before = places(someone)
    write_project(root, {"cards/zeta/terms.yaml": terms("zeta", TERMS + 5)})
    package = release(root, "v2") / "small.apkg"
    with learner(tmp_path / "another") as another:
        another.imports(package)
        after = places(another)
    assert {key: after[key] for key in before} == before
    assert [key for key in after if key not in before] == [
        (f"terms/zeta-{i}", ordinal) for i in range(TERMS, TERMS + 5) for ordinal in (0, 1)
    ]


def test_an_update_moves_no_card(tmp_path: Path, someone: Learner) -> None:
    """Where entries are put before others, cards that a learner has stay where they are."""
    root = write_course(tmp_path / "course")
    someone.imports(release(root, "v1") / "small.apkg")
    before = places(someone)
    more = "- {id: first, term: first, definition: Before all others.}\n" + terms("zeta")
    write_project(root, {"cards/zeta/terms.yaml": more})
    someone.imports(release(root, "v2") / "small.apkg")
    after = places(someone)
    assert {key: after[key] for key in before} == before
    assert after.keys() - before.keys() == {("terms/first", 0), ("terms/first", 1)}


def test_study_is_no_content(tmp_path: Path) -> None:
    """Another plan gives other packages, but no note is newer by it."""
    root = write_course(tmp_path / "course")
    old = {path.name: path.read_bytes() for path in release(root).glob("*.apkg")}
    lock = (root / "ankigen.lock").read_bytes()
    write_course(root, "study: {weeks: 1}\n")
    new = {path.name: path.read_bytes() for path in release(root).glob("*.apkg")}
    assert (root / "ankigen.lock").read_bytes() == lock
    assert old.keys() == new.keys() == {"small.apkg", "zeta.apkg", "alpha.apkg"}
    assert all(old[name] != new[name] for name in old)
    write_course(root)
    assert {path.name: path.read_bytes() for path in release(root).glob("*.apkg")} == old
