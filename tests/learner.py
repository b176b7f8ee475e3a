"""A learner in the real Anki: studies, edits, and imports one release after another."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend import empty_collection, import_package

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from anki.cards import CardId
    from anki.collection import Collection
    from anki.notes import Note, NoteId

    from backend import ImportLog

GOOD, EASY = 3, 4


@dataclass(frozen=True)
class Learner:
    """A collection and what its owner does in it."""

    collection: Collection

    def rows(self, sql: str) -> list[Sequence[Any]]:
        """What the collection's database answers."""
        assert self.collection.db is not None
        return self.collection.db.all(sql)

    def imports(self, package: Path, *, merge: bool = False) -> ImportLog:
        """Import a package with the desktop's defaults, "Merge note types" ticked or not."""
        log = import_package(self.collection, package, merge=merge)
        self.collection.models._clear_cache()  # noqa: SLF001 - only undo clears it by itself
        return log

    def ids(self, search: str) -> list[NoteId]:
        """The notes that Anki's browser finds."""
        return list(self.collection.find_notes(search))

    def note(self, key: str) -> Note:
        """The one note that a key finds."""
        (found,) = self.ids(f'"Key:{key}"')
        return self.collection.get_note(found)

    def cards(self, key: str) -> list[CardId]:
        """The cards of a note."""
        return list(self.note(key).card_ids())

    def edit(self, key: str, field: str, text: str) -> None:
        """Write something else into a field, by hand and now."""
        note = self.note(key)
        note[field] = text
        self.collection.update_note(note)

    def tag(self, key: str, tag: str) -> None:
        """Add a tag, by hand and now."""
        note = self.note(key)
        note.tags.append(tag)
        self.collection.update_note(note)

    def study(self, deck: str, most: int = 100, rating: int = EASY) -> int:
        """Answer at most so many cards that the scheduler shows; returns how many there were."""
        chosen = self.collection.decks.id_for_name(deck)
        if chosen is None:
            return 0
        self.collection.decks.select(chosen)
        for done in range(most):
            card = self.collection.sched.getCard()
            if card is None:
                return done
            self.collection.sched.answerCard(card, rating)  # type: ignore[arg-type] # 1 to 4
        return most

    def schedule(self) -> dict[int, Sequence[Any]]:
        """By card: note, template, deck, and all that the scheduler knows of it."""
        columns = "id, nid, ord, did, type, queue, due, ivl, factor, reps, lapses, flags, data"
        return {row[0]: row[1:] for row in self.rows(f"select {columns} from cards")}  # noqa: S608 - a constant

    def reviews(self) -> list[Sequence[Any]]:
        """The review log."""
        return self.rows("select * from revlog order by id")

    def content(self) -> dict[str, tuple[str, ...]]:
        """By GUID: note type, fields and tags of each note."""
        rows = self.rows("select guid, mid, flds, tags from notes")
        found = {guid: (str(mid), *fields.split("\x1f"), tags) for guid, mid, fields, tags in rows}
        assert len(found) == len(rows), "two notes have one GUID"
        return found

    def note_types(self) -> dict[str, dict[str, Any]]:
        """Those that came with our packages, by name."""
        return {
            model["name"]: model
            for model in self.collection.models.all()
            if "(ankigen)" in model["name"]
        }


@contextmanager
def learner(folder: Path) -> Iterator[Learner]:
    """Somebody new, with an empty collection in a folder that is made."""
    folder.mkdir(parents=True, exist_ok=True)
    with empty_collection(folder) as collection:
        yield Learner(collection)
