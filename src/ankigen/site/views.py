"""A rendered course → what its pages show."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from ankigen import cardhtml, markup, notetype, release, studysets
from ankigen.site.model import DeckPage, Face, GlossaryEntry, Item, Look, StudySet
from ankigen.stats import levels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ankigen.cardhtml import Template
    from ankigen.model import BuiltDeck, Category, Clip, Note
    from ankigen.notetype import NoteType
    from ankigen.notetypespec import NoteTypeSpec, Role
    from ankigen.reading import Contents

MEDIA = "../media/"
"""Where sounds and pictures are, from the page of a deck."""

_TOP_MEDIA = "media/"
"""Likewise, from a page at the top of the site."""

_GIST: Sequence[Role] = ("definition", "gloss", "utterance", "answer", "example")
"""What tells most about a note beside its first field."""

_GIST_LENGTH = 160
"""Characters: two lines, or four on a phone."""

_SRC = re.compile(r'(<img(?:\s+[\w-]+="[^"]*")*?\s+src=")(?!data:)([^"]*")')
_URL = re.compile(r"""url\(\s*(["']?)(_[^"')]+)\1\s*\)""")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is worked out once for a note type.

    Attributes:
        switches: Indices of the fields that turn a card off.
        topics: How tags begin that come of its topics.
    """

    made: NoteType
    names: tuple[str, ...]
    templates: tuple[Template, ...]
    switches: frozenset[int]
    topics: tuple[str, ...]


class Views:
    """Makes the views of a course, each note's but once."""

    def __init__(self, contents: Contents, length: Callable[[Clip], float]) -> None:
        """Take what was rendered.

        Args:
            contents: Of the project.
            length: Seconds of a sound.
        """
        self._contents = contents
        self._length = length
        self._levels = levels(contents.project)
        self._kinds = {name: _kind(made) for name, made in contents.note_types.items()}
        self._borrowed = self._topics_of_examples()

    def deck(self, category: Category, package: BuiltDeck | None) -> DeckPage:
        """The page of a category."""
        notes = self.notes(category)
        sets = studysets.cut(category.id, notes, self._seconds, self._follows)
        set_of = {note.key: one.id for one in sets for note in one.notes}
        items = tuple(self._item(note, category, set_of[note.key]) for note in notes)
        used = sorted({note.note_type for note in notes})
        sounds = {clip.name: clip for note in notes for clip in note.clips}
        return DeckPage(
            id=category.id,
            name=category.name,
            description=markup.block(category.description).html,
            items=items,
            sets=tuple(
                StudySet(one.id, f"Set {number}", len(one.notes), max(round(one.minutes), 1))
                for number, one in enumerate(sets, start=1)
            ),
            minutes=sum(map(self._length, sounds.values())) / 60,
            package=package,
            note_types={name: _look(self._kinds[name].made) for name in used},
        )

    def notes(self, category: Category) -> list[Note]:
        """Those of a category, in study order."""
        notes = [note for note in self._contents.notes if note.category == category.id]
        return sorted(notes, key=lambda note: note.position)

    def glossary(self) -> tuple[GlossaryEntry, ...]:
        """Every note that explains a word, by the alphabet."""
        found = [
            entry
            for note in self._contents.notes
            if (entry := self._explained(note, self._kinds[note.note_type])) is not None
        ]
        return tuple(sorted(found, key=lambda one: (one.word.casefold(), one.anchor)))

    def _explained(self, note: Note, kind: _Kind) -> GlossaryEntry | None:
        spec = kind.made.spec
        word, definition = _key(spec, "headword"), _key(spec, "definition")
        if not word or not definition:
            return None
        held = _fields_of(spec, note)
        said = cardhtml.sounds(held.get(("speak", word), ""))
        return GlossaryEntry(
            anchor=_anchor(note.key),
            word=cardhtml.plain(held.get(("key", word), "") or note.fields[0]),
            definition=_placed(cardhtml.field(held.get(("key", definition), "")), _TOP_MEDIA),
            ipa=_placed(cardhtml.field(held.get(("ipa", word), "")), _TOP_MEDIA),
            sound=said[0] if said else "",
            level=self._levels.get(note.key, ""),
            item=f"decks/{note.category}.html#{_anchor(note.key)}",
        )

    def _item(self, note: Note, category: Category, study_set: str) -> Item:
        kind = self._kinds[note.note_type]
        fields = dict(zip(kind.names, note.fields, strict=True)) | {
            "Tags": " ".join(note.tags),
            "Type": kind.made.spec.name,
            "Deck": category.deck_name(self._contents.course.name),
            "Subdeck": category.name,
        }
        title = release.words(note.fields[0])
        return Item(
            key=note.key,
            anchor=_anchor(note.key),
            note_type=note.note_type,
            title=title,
            mistaken=_begins_wrong(kind.made.spec),
            gist=_gist(kind.made.spec, note),
            sound=note.clips[0].name if note.clips else "",
            level=self._levels.get(note.key, ""),
            topics=self._borrowed.get(note.key) or _tagged(note, kind.topics),
            set=study_set,
            faces=tuple(_faces(note, kind, fields, title)),
            span=note.span,
        )

    def _follows(self, note: Note) -> bool:
        return bool(self._contents.note_types[note.note_type].spec.follows)

    def _seconds(self, note: Note) -> float:
        spec = self._contents.note_types[note.note_type].spec
        return sum(spec.card(ordinal).seconds for ordinal in note.cards)

    def _topics_of_examples(self) -> dict[str, tuple[str, ...]]:
        """Topics of entries that have none: those of what they show in use first."""
        own: dict[str, list[str]] = {}
        for one in self._contents.project.values("topics"):
            own.setdefault(one.entry.key, []).append(one.text)
        first = self._contents.project.shown_first()
        return {key: tuple(own[shown]) for key, shown in first.items() if shown in own}


def _kind(made: NoteType) -> _Kind:
    spec = made.spec
    switches = set(made.switches.values())
    names = tuple(field.name for field in spec.fields)
    # Its fields are what `markup` made of a person's text, unless another program wrote them.
    written = any(key.type == "html" for key in spec.entry.values())
    own = made == notetype.built_in().get(made.name) and not written
    cloze = spec.kind == "cloze"
    return _Kind(
        made=made,
        names=names,
        templates=tuple(
            cardhtml.Template.of(card.name, card.front, card.back, cloze=cloze, own=own)
            for card in made.cards
        ),
        switches=frozenset(i for i, name in enumerate(names) if name in switches),
        topics=tuple(
            f"{prefix}::"
            for prefix, key in spec.tags.items()
            if key in spec.entry and spec.entry[key].role == "topics"
        ),
    )


def _faces(note: Note, kind: _Kind, fields: Mapping[str, str], title: str) -> list[Face]:
    """The note's cards, and those that were turned off, for practice."""
    cloze = kind.made.spec.kind == "cloze"
    on = {**fields, **{kind.names[index]: "" for index in kind.switches}}
    asked = note.cards
    if kind.switches and not cloze:
        values = tuple(on[name] for name in kind.names)
        asked = kind.made.cards_of(values, tags=bool(note.tags))
    faces = []
    for ordinal in sorted({*asked, *note.cards}):
        template = kind.templates[0 if cloze else ordinal]
        sides = cardhtml.render(template, on, ordinal)
        answer = cardhtml.answer(template, on, ordinal)
        faces.append(
            Face(
                name=template.name,
                ordinal=ordinal,
                front=_placed(sides.front),
                back=_placed(sides.back),
                answer=answer,
                modes=tuple(_modes(sides.front, answer, title)),
                in_deck=ordinal in note.cards,
            )
        )
    return faces


def _modes(front: str, answer: str, title: str) -> list[str]:
    chosen = 'type="radio"' in front
    modes = ["reveal"]
    if answer:
        modes.append("type")
    if answer or chosen:
        modes.append("choose")
    if "data-sound=" in front and title and title not in cardhtml.plain(front):
        modes.append("listen")
    return modes


def _placed(html: str, media: str = MEDIA) -> Markup:
    """With the paths of this site."""
    return Markup(_SRC.sub(rf"\1{media}\2", html))  # noqa: S704 - cardhtml has sanitised it


def _look(made: NoteType) -> Look:
    """Its style cannot end the element it stands in, and finds its files."""
    css = _URL.sub(lambda found: f'url("{MEDIA}{found[2]}")', made.css)
    return Look(made.spec.name.partition(" (")[0], css.replace("</", r"<\/"))


def _anchor(key: str) -> str:
    return key.replace("/", "-")


def _tagged(note: Note, prefixes: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        tag.removeprefix(prefix)
        for tag in note.tags
        for prefix in prefixes
        if tag.startswith(prefix)
    )


def _begins_wrong(spec: NoteTypeSpec) -> bool:
    """Whether the first thing that an entry says is what one should not say."""
    return next(iter(spec.entry.values())).role == "mistake"


def _gist(spec: NoteTypeSpec, note: Note) -> str:
    """The first of what the note says apart from its first field, as plain text."""
    held = _fields_of(spec, note)
    for role in _GIST:
        key = _key(spec, role)
        html = held.get(("key", key), "") if key else ""
        if html and html != note.fields[0]:
            return textwrap.shorten(cardhtml.plain(html), _GIST_LENGTH, placeholder=" …")
    return ""


def _key(spec: NoteTypeSpec, role: Role) -> str:
    return next((key for key, said in spec.entry.items() if said.role == role), "")


def _fields_of(spec: NoteTypeSpec, note: Note) -> dict[tuple[str, str], str]:
    """Fields by what they hold: a key's value, its sound, its IPA."""
    found: dict[tuple[str, str], str] = {}
    for field, html in zip(spec.fields, note.fields, strict=True):
        for way in ("key", "speak", "ipa"):
            if key := getattr(field, way):
                found.setdefault((way, key), html)
        if field.holds:
            found.setdefault(("key", field.holds), html)
    return found
