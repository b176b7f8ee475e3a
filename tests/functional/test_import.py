"""Every package of the course, imported into the real Anki."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
import soundfile
import yaml

from ankigen import notetype
from backend import empty_collection, import_package
from support import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anki.cards import Card
    from anki.collection import Collection

    from backend import ImportLog


def _yaml(path: str) -> Any:
    return yaml.load((REPOSITORY / path).read_bytes(), yaml.CBaseLoader)  # noqa: S506 - all text


COURSE = _yaml("ankigen.yaml")
CATEGORIES: list[str] = COURSE["categories"]
DECKS = {category: _yaml(f"cards/{category}/category.yaml") for category in CATEGORIES}


def study_order(category: str) -> list[str]:
    """The keys of a category as they should be learnt, worked out from its files alone."""
    order: list[str] = []
    examples: dict[str, list[str]] = {}
    folder = f"cards/{category}"
    for path in sorted((REPOSITORY / folder).glob("*.yaml")):
        note_type = path.name.partition(".")[0]
        if note_type in ("category", "sentences"):
            continue
        order += [f"{note_type}/{entry['id']}" for entry in _yaml(f"{folder}/{path.name}")]
    place = {key: number for number, key in enumerate(order)}
    for path in sorted((REPOSITORY / folder).glob("sentences*.yaml")):
        for entry in _yaml(f"{folder}/{path.name}"):
            shown = [key for term in entry["terms"] if (key := f"terms/{term}") in place]
            last = max(shown, key=place.__getitem__)
            examples.setdefault(last, []).append(f"sentences/{entry['id']}")
    return [key for word in order for key in (word, *examples.get(word, ()))]


def cards_of(category: str, *, spoken: bool) -> int:
    """How many cards its entries make: one each, and one more to hear where two words differ."""
    if not spoken:
        return len(study_order(category))
    folder = REPOSITORY / f"cards/{category}"
    pairs = [
        entry
        for path in sorted(folder.glob("pronunciations*.yaml"))
        for entry in _yaml(f"cards/{category}/{path.name}")
        if "other" in entry
    ]
    return len(study_order(category)) + len(pairs)


def keys(categories: Sequence[str]) -> list[str]:
    """The keys of some categories' notes, in study order."""
    return [key for category in categories for key in study_order(category)]


@dataclass(frozen=True)
class Learner:
    """A collection, the packages imported into it, whether they have sound, and what was said."""

    collection: Collection
    packages: Sequence[str]
    categories: Sequence[str]
    spoken: bool
    logs: Sequence[ImportLog]

    @property
    def keys(self) -> list[str]:
        """The keys of all notes that should be there."""
        return keys(self.categories)

    def rows(self, sql: str) -> list[Sequence[Any]]:
        """What the collection's database answers."""
        assert self.collection.db is not None
        return self.collection.db.all(sql)

    def cards(self) -> list[Card]:
        """All cards."""
        return [
            self.collection.get_card(identifier) for identifier in self.collection.find_cards("")
        ]


TROUBLES = (
    "conflicting",
    "updated",
    "first_field_match",
    "missing_notetype",
    "missing_deck",
    "empty_first_field",
)
"""What an import must say of no note."""


IMPORTS: dict[str, tuple[list[str], list[str]]] = {
    **{category: ([category], [category]) for category in CATEGORIES},
    "categories-then-course": ([*CATEGORIES, COURSE["id"]], CATEGORIES),
    "course-then-categories": ([COURSE["id"], *CATEGORIES], CATEGORIES),
}
"""Packages to import into one collection, and the categories that it then holds."""


@pytest.fixture(scope="module", params=IMPORTS.values(), ids=list(IMPORTS))
def learner(
    request: pytest.FixtureRequest, course: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Learner]:
    """A fresh collection with some packages imported."""
    packages, categories = request.param
    with empty_collection(tmp_path_factory.mktemp("learner")) as collection:
        logs = [import_package(collection, course / "dist" / f"{name}.apkg") for name in packages]
        spoken = (course / "sound").is_symlink()
        yield Learner(collection, packages, categories, spoken, logs)


def test_packages_are_all_imported(course: Path) -> None:
    """The imports below leave out no package of the build."""
    built = {path.stem for path in (course / "dist").glob("*.apkg")}
    assert built == {name for packages, _ in IMPORTS.values() for name in packages}


def test_log_is_clean(learner: Learner) -> None:
    """Each note is new once; a package that brings it again finds it and changes nothing."""
    there: set[str] = set()
    for package, log in zip(learner.packages, learner.logs, strict=True):
        brought = set(keys(CATEGORIES if package == COURSE["id"] else [package]))
        assert len(log.new) == len(brought - there)
        assert len(log.duplicate) == len(brought & there)
        assert log.found_notes == len(brought)
        assert not any(getattr(log, trouble) for trouble in TROUBLES)
        there |= brought


def test_notes_and_cards(learner: Learner) -> None:
    """There is a note for each entry, each with all its cards and a GUID of its own."""
    assert learner.collection.note_count() == len(learner.keys)
    expected = sum(cards_of(one, spoken=learner.spoken) for one in learner.categories)
    assert learner.collection.card_count() == expected
    assert learner.rows("select count(distinct guid) from notes") == [[len(learner.keys)]]


def test_decks(learner: Learner) -> None:
    """There are the course's deck and one below it for each category, described in Markdown."""
    decks = {COURSE["name"]: COURSE["description"]}
    for category in learner.categories:
        decks[f"{COURSE['name']}::{DECKS[category]['name']}"] = DECKS[category]["description"]
    found = {deck["name"]: deck for deck in learner.collection.decks.all() if deck["id"] != 1}
    said = {name: deck["desc"].partition("\n\nOpen this deck ")[0] for name, deck in found.items()}
    assert said == decks
    assert all(deck["md"] is True for deck in found.values())


def test_each_deck_holds_its_categorys_notes(learner: Learner) -> None:
    """A note's cards are all in the deck of its category."""
    for category in learner.categories:
        deck = f"{COURSE['name']}::{DECKS[category]['name']}"
        notes = learner.collection.find_notes(f'deck:"{deck}"')
        keys = {learner.collection.get_note(note).fields[-1] for note in notes}
        assert keys == set(study_order(category))
    assert not learner.collection.find_cards("deck:Default")


def test_note_types(learner: Learner) -> None:
    """Notes have their note type's fields, ``Key`` the last; no second note type was made."""
    note_types = {kind.spec.name: kind for kind in notetype.built_in().values()}
    models = [model for model in learner.collection.models.all() if "ankigen" in model["name"]]
    used = {key.split("/")[0] for key in learner.keys}
    assert len(models) == len(used)
    for model in models:
        spec = note_types[model["name"]].spec
        names = [field["name"] for field in model["flds"]]
        assert names == [field.name for field in spec.fields]
        assert names[-1] == "Key"
        assert model["id"] == spec.id
    for fields, mid in learner.rows("select flds, mid from notes"):
        model = next(m for m in models if m["id"] == mid)
        assert fields.count("\x1f") + 1 == len(model["flds"])


def test_key_finds_its_note(learner: Learner) -> None:
    """Searching for a key finds exactly one note; of many, every ninth is tried."""
    for key in learner.keys[:: 9 if len(learner.keys) > 300 else 1]:
        assert len(learner.collection.find_notes(f'"Key:{key}"')) == 1


def test_every_card_renders(learner: Learner) -> None:
    """Front and back of every card render without an error and show words or play a sound."""
    for card in learner.cards():
        # The public render_output() turns errors into text; this call raises them.
        rendered = learner.collection._backend.render_existing_card(  # noqa: SLF001 - as said above
            card_id=card.id, browser=False, partial_render=False
        )
        assert not rendered.is_empty
        front, back = (
            "".join(node.text for node in nodes)
            for nodes in (rendered.question_nodes, rendered.answer_nodes)
        )
        for side in (front, back):
            assert _visible(side) or "[sound:" in side
            assert "{{" not in side
        assert len(_visible(back)) > len(_visible(front))


def _visible(side: str) -> str:
    bare = re.sub(r"<style.*?</style>|<[^>]*>|\[sound:[^\]]*\]", "", side, flags=re.DOTALL)
    return html.unescape(bare).strip()


def test_every_card_can_be_heard(course: Path, tmp_path: Path) -> None:
    """Each card of what is spoken plays a sound; each sound is whole and lasts 0.3 to 15 s."""
    with empty_collection(tmp_path) as collection:
        for package in sorted((course / "sound").glob("*.apkg")):
            import_package(collection, package)
        heard: set[str] = set()
        for identifier in collection.find_cards(""):
            output = collection.get_card(identifier).render_output()
            tags = [*output.question_av_tags, *output.answer_av_tags]
            names = [getattr(tag, "filename", "") for tag in tags]  # a TTS tag has none
            assert names
            assert all(names)
            heard.update(names)
        for name in heard:
            samples, rate = soundfile.read(f"{collection.media.dir()}/{name}")
            assert 0.3 <= len(samples) / rate <= 15, name
        checked = collection.media.check()
        assert not checked.missing
        assert not checked.unused


def test_media_are_complete(learner: Learner) -> None:
    """Anki's media check finds nothing missing and nothing unused."""
    checked = learner.collection.media.check()
    assert not checked.missing
    assert not checked.unused
    assert not checked.missing_media_notes


def test_no_card_is_empty(learner: Learner) -> None:
    """Anki's search for empty cards finds none."""
    assert not learner.collection.get_empty_cards().notes


def test_new_cards_are_in_study_order(learner: Learner) -> None:
    """Deck after deck, terms as written, each sentence after the last of its terms."""
    rows = learner.rows(
        "select n.flds, c.type, c.queue, c.due from cards c join notes n on n.id = c.nid"
        " where c.due in (select min(due) from cards group by nid having nid = n.id)"
        " order by c.due, c.ord"
    )
    assert all((kind, queue) == (0, 0) for _, kind, queue, _ in rows)
    order = [(fields.split("\x1f")[-1], due) for fields, _, _, due in rows]
    assert [key for key, _ in groupby(key for key, _ in order)] == learner.keys
    assert len({due for _, due in order}) == len(learner.keys)


def test_database_check_is_clean(learner: Learner) -> None:
    """Anki's database check finds no problem and adds or removes no card."""
    before = learner.rows("select id, nid, did, ord, due from cards order by id")
    said, ok = learner.collection.fix_integrity()
    assert ok
    assert said == learner.collection.tr.database_check_rebuilt()
    assert learner.rows("select id, nid, did, ord, due from cards order by id") == before
