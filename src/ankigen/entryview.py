"""Entries as field templates see them: every key turned into safe HTML once, by its type."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

from markupsafe import Markup

from ankigen import inflection, markup, relations
from ankigen.diagnostics import Code, Diagnostic, Severity
from ankigen.fieldtemplate import BUILT_IN_NAMES, Compiled, words
from ankigen.markup import Gapped, Rich
from ankigen.mediafile import MediaError
from ankigen.notetypespec import FILES, REFERENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ankigen.model import Entry, Media
    from ankigen.notetype import NoteType
    from ankigen.notetypespec import KeySpec

EMPTY = Rich(Markup(), "")
NO_GAP = Gapped(("",), "", ())
"""A gapped text that was left out or refused."""

Rendered: TypeAlias = "Rich | Gapped | tuple[Rich, ...] | tuple[View, ...] | bool"


class View:
    """An entry as a field template sees it: ``entry.definition`` is safe HTML, made once.

    Its keys are all that a template can reach of it, so that it is known what a note is made of.
    """

    __slots__ = ("_made", "_views")

    def __init__(self, views: Views) -> None:
        self._views = views
        self._made: dict[str, Rendered] = {}

    def __getitem__(self, key: str) -> Rendered:
        """The rendered value of a key, empty where the entry leaves it out.

        Raises:
            KeyError: The note type has no such key.
        """
        self._views.used.add(self)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._views.value(self, key)
        return made


class Views:
    """Those of all entries of a course, and what is found wrong with their values.

    Attributes:
        types: Note types ready to render, by name.
        problems: In the order that they are found.
        media: Files that entries show or play, by their names in a package.
        used: Views that were asked for a value since this was set.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        note_types: Mapping[str, NoteType],
        find: Callable[[Entry, str, str], Media],
    ) -> None:
        """Take the entries of a course.

        Args:
            entries: All of them.
            note_types: By name.
            find: For an entry, a file that it names, and the type of the key that does: the file.

        Raises:
            SourceError: A note type's field templates are at fault.
        """
        self.types = {name: Compiled(note_type) for name, note_type in note_types.items()}
        self.problems: list[Diagnostic] = []
        self.media: dict[str, Media] = {}
        self.used: set[View] = set()
        self._find = find
        self._views = {(e.note_type, e.id): View(self) for e in entries}
        self._entries = {self._views[e.note_type, e.id]: e for e in entries}
        self._gathered = relations.gather(entries, note_types)
        self._behind: dict[View, set[View]] = {}
        self._flawed: set[View] = set()
        self._hashes: dict[View, str] = {}

    def of(self, entry: Entry) -> View:
        """The view of an entry."""
        return self._views[entry.note_type, entry.id]

    def entry(self, view: View) -> Entry:
        """The entry of a view."""
        return self._entries[view]

    def made_of(self, used: set[View]) -> dict[str, str] | None:
        """By key, what stands in the entries that some views, and those behind them, were made of.

        Returns:
            None where a value of theirs has a flaw, which is to be reported each time.
        """
        found = used
        if any(view in self._behind for view in used):
            found, left = set(), [*used]
            while left:
                view = left.pop()
                if view not in found:
                    found.add(view)
                    left += self._behind.get(view, ())
        if not found.isdisjoint(self._flawed):
            return None
        return {self._entries[view].key: self._stands(view) for view in found}

    def stands(self, key: str) -> str:
        """A hash of all that values of the entry of a key are made of, other entries' values aside.

        Args:
            key: ``<note type>/<entry id>``.

        Returns:
            Nothing where there is no such entry.
        """
        note_type, _, identifier = key.partition("/")
        view = self._views.get((note_type, identifier))
        return self._stands(view) if view else ""

    def _stands(self, view: View) -> str:
        known = self._hashes.get(view)
        if known is None:
            known = self._hashes[view] = self._hash(self._entries[view])
        return known

    def _hash(self, entry: Entry) -> str:
        gathered = [
            [other.key for other in self._gathered.get((entry.note_type, entry.id, name), ())]
            for name in self.types[entry.note_type].gather
        ]
        said = repr((entry.category, entry.values, gathered))
        return hashlib.blake2b(said.encode(errors="surrogatepass"), digest_size=8).hexdigest()

    def value(self, view: View, key: str) -> Rendered:  # noqa: PLR0911 - a return a type
        """The value of a key, made anew; its view keeps it."""
        entry = self._entries[view]
        compiled = self.types[entry.note_type]
        if key in compiled.gather:
            found = self._gathered.get((entry.note_type, entry.id, key), ())
            return tuple(self._views[other.note_type, other.id] for other in found)
        if key in BUILT_IN_NAMES:
            return markup.plain(getattr(entry, key))
        spec = compiled.keys[key]
        value = entry.values.get(key)
        if spec.type == "flag":
            return bool(value)
        if spec.type == "texts":
            return tuple(self._rich(entry, key, markup.inline(text)) for text in value or ())
        if spec.type in FILES:
            return self._file(entry, key, spec.type)
        if spec.type == "html":
            return self._kept(entry, key, value or "")
        if spec.type in REFERENCES:
            names = ((spec.to, name) for name in relations.named(entry, key))
            return tuple(self._views[name] for name in names if name in self._views)
        if spec.type == "slugs":
            return tuple(markup.plain(item) for item in value or ())
        return self._text(entry, key, spec, value)

    def _text(self, entry: Entry, key: str, spec: KeySpec, value: str | None) -> Rich | Gapped:
        if value is None:
            return NO_GAP if spec.type in ("gapped", "marked") else EMPTY
        if spec.type in ("gapped", "marked"):
            return self._gapped(entry, key, spec, value)
        make = {"text": markup.inline, "prose": markup.block}.get(spec.type, markup.plain)
        return self._rich(entry, key, make(value))

    def _rich(self, entry: Entry, key: str, rich: Rich) -> Rich:
        self.report_refused(entry, key, rich.refused)
        return rich

    def _file(self, entry: Entry, key: str, kind: str) -> Rich:
        """What shows or plays a file; nothing where there is none that can be used."""
        name = entry.values.get(key)
        if name is None:
            return EMPTY
        try:
            media = self._find(entry, name, kind)
        except MediaError as error:
            place = entry.span(key)
            self._complain(entry, Diagnostic(place, Code.MEDIA, str(error), error.hint))
            return EMPTY
        self.media[media.name] = media
        tag = f'<img src="{media.name}" alt="">' if kind == "image" else f"[sound:{media.name}]"
        return Rich(Markup(tag), "")  # noqa: S704 - the name is made of letters and digits

    def _kept(self, entry: Entry, key: str, text: str) -> Rich:
        """HTML of another program, as far as it is harmless, and the files that it names."""
        from ankigen import rawhtml  # noqa: PLC0415 - late: few courses hold any

        made = rawhtml.kept(text)
        self.report_refused(entry, key, made.refused)
        found = []
        for name in made.files:
            try:
                media = self._find(entry, name, "html")
            except MediaError as error:
                report = Diagnostic(
                    entry.span(key), Code.MEDIA, str(error), error.hint, Severity.WARNING
                )
                self._complain(entry, report)
                continue
            other = self.media.setdefault(media.name, media)
            if other.path != media.path:
                message = f"there are two files '{media.name}', and Anki keeps one"
                hint = f"the other is {other.path}; give one another name"
                self._complain(entry, Diagnostic(entry.span(key), Code.MEDIA, message, hint))
            found.append(media.name)
        html = Markup(made.html)  # noqa: S704 - what could do harm is gone
        return Rich(html, markup.words(made.html), made.refused, tuple(found))

    def report_refused(self, entry: Entry, key: str, refused: Iterable[str]) -> None:
        """Say which HTML of a key is not shown."""
        for tag in refused:
            self._complain(
                entry,
                Diagnostic(
                    entry.span(key),
                    Code.HTML,
                    f"the HTML '{tag}' does not reach the card",
                    "to show it as text, put it into `backticks`",
                    Severity.WARNING,
                ),
            )

    def _gapped(self, entry: Entry, key: str, spec: KeySpec, text: str) -> Gapped:
        if spec.type == "marked" or inflection.has_braces(text):
            made = markup.marked(text) if spec.type == "marked" else markup.gapped(text)
            if made is None:
                self._complain_gap(
                    entry,
                    key,
                    "the braces around the gap do not pair up or hold nothing",
                    "write {word} once; a brace that is meant as such is \\{ or in `code`",
                )
                return NO_GAP
        elif not self.resolved(entry):
            return NO_GAP  # which word is meant is not known, and why has been reported
        else:
            term = self._term(entry, spec.finds)
            marked = inflection.mark_gap(text, term) if term else None
            made = markup.gapped(marked) if marked else None
            if made is None:
                self._complain_gap(
                    entry,
                    key,
                    f"'{term}' is not found here, so there is no gap"
                    if term
                    else "there is no gap here",
                    "put {braces} around the word to learn",
                )
                return NO_GAP
        self.report_refused(entry, key, made.refused)
        return made

    def _complain_gap(self, entry: Entry, key: str, message: str, hint: str) -> None:
        self._complain(entry, Diagnostic(entry.span(key), Code.GAP, message, hint))

    def _term(self, entry: Entry, finds: str) -> str:
        """The words that a gap is found by: ``terms.term`` is ``term`` of the first ``terms``."""
        reference, _, key = finds.partition(".")
        if not key:
            return ""
        view = self.of(entry)
        targets = self.value(view, reference)
        first = targets[0] if isinstance(targets, tuple) and targets else None
        if not isinstance(first, View):
            return ""
        self._behind.setdefault(view, set()).add(first)  # for all who see the gap
        return words(first[key])

    def resolved(self, entry: Entry) -> bool:
        """Whether all entries that this one names are there; those that are not were reported."""
        return all(
            (to, name) in self._views
            for key, to in self.types[entry.note_type].references
            for name in relations.named(entry, key)
        )

    def _complain(self, entry: Entry, problem: Diagnostic) -> None:
        """Report what is wrong with a value of an entry, which then has a flaw."""
        self.problems.append(problem)
        self._flawed.add(self.of(entry))
