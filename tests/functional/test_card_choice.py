"""Which cards a course makes of its entries, and what may be changed once learners have them."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest

from ankigen import lock
from learner import Learner, learner
from refusal import refused
from releases import DAY
from support import ankigen, decks, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COURSE = "id: chosen\nname: Chosen\ncategories: [basics, more]\n"
TERMS = """\
- {id: loop, term: loop, definition: Code that runs again.}
- {id: lane, term: lane, definition: One of many.}
"""
COLLOCATIONS = """\
- {id: approve, phrase: "{approve} a PR", wrong: [accept]}
- {id: merge, phrase: "{merge} a branch"}
"""
FILES: Mapping[str, str] = {
    "ankigen.yaml": COURSE + "cards: {terms: [recognition, listening]}\n",
    "cards/basics/category.yaml": "name: Basics\n",
    "cards/basics/terms.yaml": TERMS,
    "cards/basics/collocations.yaml": COLLOCATIONS,
    "cards/more/category.yaml": "name: More\ncards: {terms: [production]}\n",
    "cards/more/terms.yaml": "- {id: tile, term: tile, definition: A part.}\n",
}
"""Two categories; the second makes another card of its terms than the course does."""

FIRST = {
    "terms/loop": {"Recognition", "Listening"},
    "terms/lane": {"Recognition", "Listening"},
    "collocations/approve": {"Gap", "Choose"},
    "collocations/merge": {"Gap"},
    "terms/tile": {"Production"},
}
"""The cards of the first release."""

ALL = {"Recognition", "Production", "Listening"}


def build(root: Path, name: str, when: float) -> Path:
    """Release a project at a time into the folder ``name``; return the course's package."""
    done = ankigen(
        "build", "--output", root / name, cwd=root, env={"SOURCE_DATE_EPOCH": str(int(when))}
    )
    assert done.returncode == 0, done.stderr
    return root / name / "chosen.apkg"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with its first release, of yesterday."""
    root = write_project(tmp_path_factory.mktemp("chosen") / "course", FILES)
    build(root, "dist", time.time() - DAY)
    return root


@pytest.fixture
def root(released: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(released, tmp_path / "course").resolve()


def held(someone: Learner) -> dict[str, set[str]]:
    """The cards that a learner has, by the key of their note."""
    found: dict[str, set[str]] = {}
    for identifier in someone.collection.find_cards(""):
        card = someone.collection.get_card(identifier)
        found.setdefault(card.note()["Key"], set()).add(str(card.template()["name"]))
    return found


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Replace what stands once in a source file."""
    path = root / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_only_chosen_cards_exist(released: Path, tmp_path: Path) -> None:
    """The category's choice beats the course's, other note types keep all, and Anki agrees."""
    with learner(tmp_path / "learner") as someone:
        someone.imports(released / "dist/chosen.apkg")
        assert held(someone) == FIRST
        before = someone.schedule()
        said, whole = someone.collection.fix_integrity()
        assert whole
        assert said == someone.collection.tr.database_check_rebuilt()
        assert someone.schedule() == before
        assert not someone.collection.get_empty_cards().notes


@pytest.mark.parametrize("merge", [False, True], ids=["default", "merge"])
def test_a_card_is_turned_on_later(root: Path, tmp_path: Path, *, merge: bool) -> None:
    """A learner gets exactly the new cards, and keeps the schedule of all others."""
    write_project(root, {"ankigen.yaml": COURSE})
    edit(root, "cards/basics/collocations.yaml", '"{merge} a branch"', '"{merge} it", wrong: [mix]')
    second = build(root, "v2", time.time() + 1000)
    with learner(tmp_path / "learner") as someone:
        someone.imports(root / "dist/chosen.apkg", merge=merge)
        assert someone.study("Chosen::Basics") == 7
        before, reviews = someone.schedule(), someone.reviews()
        log = someone.imports(second, merge=merge)
        assert not log.conflicting
        assert held(someone) == {
            **FIRST,
            "terms/loop": ALL,
            "terms/lane": ALL,
            "collocations/merge": {"Gap", "Choose"},
        }
        after = someone.schedule()
        assert {card: after[card] for card in before} == before
        assert all(row[3] == 0 for card, row in after.items() if card not in before)  # type: new
        assert someone.reviews() == reviews
        assert not someone.collection.get_empty_cards().notes


@pytest.mark.parametrize(
    ("file", "edits", "place", "message"),
    [
        pytest.param(
            "ankigen.yaml",
            (", listening]", "]"),
            "terms.yaml:1:3",
            "the released card 'Listening' of terms/loop and 1 more would be gone",
            id="course",
        ),
        pytest.param(
            "cards/basics/category.yaml",
            ("name: Basics\n", "name: Basics\ncards: {terms: [listening]}\n"),
            "terms.yaml:1:3",
            "the released card 'Recognition' of terms/loop and 1 more would be gone",
            id="category",
        ),
        pytest.param(
            "cards/basics/collocations.yaml",
            (", wrong: [accept]", ""),
            "collocations.yaml:1:3",
            "the released card 'Choose' of collocations/approve would be gone",
            id="key",
        ),
    ],
)
def test_a_card_is_never_turned_off(
    root: Path, file: str, edits: tuple[str, str], place: str, message: str
) -> None:
    """The build is refused at the entry, and decks and lock stay as they are."""
    before = (root / lock.FILE).read_bytes()
    edit(root, file, *edits)
    said = refused(root, [f"cards/basics/{place} AG604"])
    assert message in said
    assert "learners who have it would see a blank one" in said
    assert "help: put back what made it" in said
    assert (root / lock.FILE).read_bytes() == before


def test_the_other_way_out(root: Path, tmp_path: Path) -> None:
    """As the hint says, an entry of a new id may have fewer cards; the old one is left alone."""
    edit(
        root,
        "cards/basics/collocations.yaml",
        'id: approve, phrase: "{approve} a PR", wrong: [accept]',
        'id: approve-it, phrase: "{approve} a PR"',
    )
    second = build(root, "v2", time.time() + 1000)
    with learner(tmp_path / "learner") as someone:
        someone.imports(root / "dist/chosen.apkg")
        someone.imports(second)
        assert held(someone) == {**FIRST, "collocations/approve-it": {"Gap"}}


def test_new_entries_are_free(root: Path) -> None:
    """What no learner has may have any cards, beside released entries that keep theirs."""
    edit(
        root,
        "cards/basics/collocations.yaml",
        "- {id: merge",
        '- {id: close, phrase: "{close} an issue"}\n- {id: merge',
    )
    write_project(
        root,
        {
            "ankigen.yaml": FILES["ankigen.yaml"].replace("more]", "more, last]"),
            "cards/last/category.yaml": "name: Last\ncards: {terms: [recognition]}\n",
            "cards/last/terms.yaml": "- {id: axis, term: axis, definition: A direction.}\n",
        },
    )
    build(root, "v2", time.time() + 1000)
    lines = lock.parse((root / lock.FILE).read_text()).notes
    assert lines["collocations/close"].cards == (0,)
    assert lines["terms/axis"].cards == (0,)


def test_a_lock_from_packages_knows_the_cards(root: Path) -> None:
    """Rebuilt from what was published, it still refuses to lose a card."""
    before = (root / lock.FILE).read_text()
    (root / lock.FILE).unlink()
    done = ankigen("lock", "--from", "dist/chosen.apkg", cwd=root)
    assert done.returncode == 0, done.stderr
    assert (root / lock.FILE).read_text() == before
    edit(root, "ankigen.yaml", ", listening]", "]")
    refused(root, ["cards/basics/terms.yaml:1:3 AG604"])


def test_a_build_without_sound_is_no_loss(root: Path) -> None:
    """A quick look, which lacks the cards that one only hears, changes nothing of the release."""
    before = (root / lock.FILE).read_bytes()
    done = ankigen("build", "--no-audio", "--output", "mute", cwd=root)
    assert done.returncode == 0, done.stderr
    assert (root / lock.FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("said", "place", "message"),
    [
        (
            "{collocation: [gap]}",
            "15 AG301",
            (
                "'cards' names the note type 'collocation', which is not there\n"
                "  4 | cards: {collocation: [gap]}\n"
                "    |                      ^\n"
                "  help: did you mean 'collocations'?"
            ),
        ),
        (
            "{terms: [recognition, hearing]}",
            "23 AG104",
            (
                "terms have no card 'hearing'\n"
                "  4 | cards: {terms: [recognition, hearing]}\n"
                "    |                              ^\n"
                "  help: choose from recognition, production, listening"
            ),
        ),
        (
            "{terms: [recognition, lisening]}",
            "23 AG104",
            (
                "terms have no card 'lisening'\n"
                "  4 | cards: {terms: [recognition, lisening]}\n"
                "    |                              ^\n"
                "  help: did you mean 'listening'?"
            ),
        ),
        ("{terms: []}", "9 AG104", "'terms' needs at least 1 value\n"),
        ("{terms: listening}", "9 AG103", "'terms' must be a list, but here is text\n"),
        ("[terms]", "1 AG103", "'cards' must be a mapping, but here is a list\n"),
        ("{terms: [Listening]}", "10 AG104", "'terms' must be lower-case letters, digits and"),
    ],
)
@pytest.mark.parametrize("file", ["ankigen.yaml", "cards/basics/category.yaml"])
def test_mistakes(root: Path, file: str, said: str, place: str, message: str) -> None:
    """What is not there is named at its place, in the course's file and a category's."""
    head = {"ankigen.yaml": COURSE, "cards/basics/category.yaml": "name: Basics\n\n\n"}
    write_project(root, {file: f"{head[file]}cards: {said}\n"})
    column, code = place.split()
    span = f"{file}:4:{int(column) + len('cards: ')}"
    assert message in refused(root, [f"{span} {code}"])


def test_a_card_that_cannot_be_left_out(root: Path) -> None:
    """A note type of the project without a field that turns a card off keeps it."""
    write_project(
        root,
        {
            "notetypes/words/notetype.yaml": """\
id: 7
name: Word
help: A word.
entry:
  word: {type: text, required: true, help: The word.}
fields:
  - {id: 1, name: Word, key: word}
  - {id: 2, name: No back, off: back}
  - {id: 3, name: Key, template: "{{ key }}"}
cards:
  - {id: 4, name: See, front: f.html, back: f.html}
  - {id: 5, name: Back, front: b.html, back: f.html}
""",
            "notetypes/words/f.html": "{{Word}}",
            "notetypes/words/b.html": "{{^No back}}{{Word}}{{/No back}}",
            "cards/basics/words.yaml": "- {id: a, word: b}\n",
            "ankigen.yaml": FILES["ankigen.yaml"].replace("{terms", "{words: [back], terms"),
        },
    )
    said = refused(root, ["ankigen.yaml:4:16 AG104"])
    assert "the card 'see' of words cannot be left out\n" in said
    assert "help: add it, or give the note type a field with 'off: see'\n" in said
    edit(root, "ankigen.yaml", "[back]", "[see]")
    package = build(root, "dist", time.time())
    with learner(root / "learner") as someone:
        someone.imports(package)
        assert held(someone) == {**FIRST, "words/a": {"See"}}


@pytest.mark.parametrize(
    ("name", "entry", "card"),
    [
        ("collocations", 'phrase: "{approve} a PR"', "choose"),
        ("pronunciations", "word: cache, kind: vowel", "hear"),
    ],
)
def test_no_card_is_left(tmp_path: Path, name: str, entry: str, card: str) -> None:
    """An entry that cannot have any of the chosen cards is refused at its place."""
    root = write_project(
        tmp_path,
        {
            "ankigen.yaml": f"id: chosen\nname: Chosen\ncards: {{{name}: [{card}]}}\n",
            "cards/basics/category.yaml": "name: Basics\n",
            f"cards/basics/{name}.yaml": f"- {{id: a, {entry}}}\n",
        },
    )
    done = ankigen("build", cwd=root)
    assert done.returncode == 1
    head = f"cards/basics/{name}.yaml:1:3: AG305 {name}/a has no card that shows anything\n"
    assert done.stderr.startswith(head)
    assert "help: add the keys that its cards need, or more cards under 'cards'\n" in done.stderr
    assert not decks(root / "dist")


def test_without_sound_no_card_is_blank(tmp_path: Path) -> None:
    """A quick look at entries that one only hears shows no blank card."""
    root = write_project(
        tmp_path, {**FILES, "ankigen.yaml": COURSE + "cards: {terms: [listening]}\n"}
    )
    done = ankigen("build", "--no-audio", cwd=root)
    assert done.returncode == 0, done.stderr
    with learner(root / "learner") as someone:
        someone.imports(root / "dist/chosen.apkg")
        assert not someone.collection.get_empty_cards().notes


def test_an_entry_that_comes_back(root: Path) -> None:
    """Learners still have the cards that it had, so it may not come back with fewer."""
    whole = (root / "cards/basics/collocations.yaml").read_text()
    write_project(root, {"cards/basics/collocations.yaml": whole.splitlines(keepends=True)[1]})
    build(root, "dist", time.time())
    write_project(root, {"cards/basics/collocations.yaml": whole.replace(", wrong: [accept]", "")})
    refused(root, ["cards/basics/collocations.yaml:1:3 AG604"])
