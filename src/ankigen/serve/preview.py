"""What the pages of a project are now.

A change marks every page as old, and a page is made when it is asked for, from the notes of its own
category: one save of one file costs reading the sources and one page, whatever the course's size.
An old page stays until its successor is there: for its sounds, and while the sources are broken.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ankigen import config, files, reading, speech, transcription
from ankigen.audio import UnspokenError
from ankigen.clips import Store
from ankigen.diagnostics import Code, Diagnostic, SetupError, Severity, SourceError, Span
from ankigen.site import output, pages
from ankigen.site.editions import Editions
from ankigen.site.model import Release

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from pathlib import Path

    from ankigen.audio import Studio
    from ankigen.model import Clip
    from ankigen.reading import Opened

_EDITION = Editions(Release("preview", "1970-01-01"))
INDEX, GLOSSARY = "index.html", "glossary.html"
_SWEPT = 10
"""Changes after which what is left of old readings goes; a tenth of a second in a large course."""

_DECK, _HTML = "decks/", ".html"


@dataclass(frozen=True, slots=True)
class State:
    """How things stand after a change.

    Attributes:
        number: Of the change, from 1.
        errors: Why the pages are still those before it; none where they are of it.
    """

    number: int
    errors: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that was made.

    Attributes:
        reading: Of the sources, by its number.
        clips: What can be heard on it, by name.
        media: Its other files, by name.
        studio: What speaks its clips.
    """

    reading: int
    html: bytes
    clips: Mapping[str, Clip]
    media: Mapping[str, Path]
    studio: Studio


class Preview:
    """The pages of a project; safe to use from several threads."""

    def __init__(self, root: Path) -> None:
        """Begin with nothing.

        Args:
            root: The project's folder, resolved.
        """
        self.root = root
        # Sounds take long, and no page waits for them.
        self._making, self._speaking = threading.Lock(), threading.Lock()
        self._state = State(0)
        self._opened: Opened | None = None
        self._reading = 0
        # Exchanged, never changed: a sound is looked up while a page is made.
        self._pages: Mapping[str, _Page] = {}
        self._loaded = reading.Loaded(functools.cache(speech.engine), transcription.new_readers())
        self._over = False

    @property
    def state(self) -> State:
        """After the last change."""
        return self._state

    def change(self, saved: Container[str] | None = None) -> State:
        """Read the sources again.

        Args:
            saved: Ids of the categories whose files were saved, where it was no other file; their
                notes are rendered at once, so that what is wrong with them is known.
        """
        with self._making:
            number = self._state.number + 1
            if number % _SWEPT == 0:
                gc.collect()
            opened, errors = self._read(saved)
            if opened is not None and not errors:
                self._opened, self._reading = opened, number
                kept = _paths(opened)
                self._pages = {path: old for path, old in self._pages.items() if path in kept}
            self._state = State(number, errors)
            return self._state

    def _read(self, saved: Container[str] | None) -> tuple[Opened | None, tuple[Diagnostic, ...]]:
        """The sources, and what is wrong with them."""
        try:
            opened = reading.opened(self.root)
            if saved is not None:
                self._render(opened, saved)
        except (SourceError, SetupError) as error:
            return None, _wrong(error)
        return opened, tuple(d for d in opened.diagnostics if d.severity is Severity.ERROR)

    def page(self, path: str) -> bytes | None:
        """A page as it is now, or as it was before the sources broke; None where there is none.

        Where its notes turn out to be broken, ``state`` says so from then on.

        Args:
            path: From the root of the site.
        """
        with self._making:
            before = self._pages.get(path)
            if self._opened is None or path not in _paths(self._opened) or self._over:
                return None
            if before is not None and before.reading == self._reading:
                return before.html
            try:
                made = self._made(self._opened, path)
            except (SourceError, SetupError) as error:
                self._state = replace(self._state, errors=_wrong(error))
                return before.html if before else None
            self._pages = {**self._pages, path: made}
            return made.html

    def file(self, name: str) -> Path | None:
        """A sound or picture of a page that was made; a sound that is not there yet is made.

        Raises:
            AnkigenError: It cannot be made.
        """
        for page in self._pages.values():
            if clip := page.clips.get(name):
                return self._own(self._heard(clip, page.studio))
            if name in page.media:
                return self._own(page.media[name])
        return None

    def remake(self, name: str) -> Path | None:
        """Make a sound again, as a person asked; None where no page has it.

        Raises:
            AnkigenError: It cannot be made; the old one stays.
        """
        for page in self._pages.values():
            if clip := page.clips.get(name):
                return self._again(clip, page.studio)
        return None

    def entries(self) -> Mapping[str, list[tuple[int, str]]]:
        """Where entries begin: line and key, by file, in the order of the lines."""
        opened = self._opened
        found: dict[str, list[tuple[int, str]]] = {}
        for entry in opened.project.entries if opened else ():
            found.setdefault(entry.file, []).append((entry.span().line, entry.key))
        return {file: sorted(lines) for file, lines in found.items()}

    def close(self) -> None:
        """Make nothing any more: who waits for a page or a sound gets none."""
        self._over = True

    def _made(self, opened: Opened, path: str) -> _Page:
        category = path.removeprefix(_DECK).removesuffix(_HTML) if path.startswith(_DECK) else ""
        contents = self._render(opened, {category} if category else None)
        site = replace(output.view(contents, None, _EDITION), kept=False)
        if category:
            html = pages.deck(site, next(deck for deck in site.decks if deck.id == category))
        else:
            html = pages.index(site) if path == INDEX else pages.glossary(site)
        media = [
            *(one for note in contents.notes for one in note.media),
            *(one for made in contents.note_types.values() for one in made.media),
        ]
        return _Page(
            reading=self._reading,
            html=html.encode(),
            clips={clip.name: clip for note in contents.notes for clip in note.clips},
            media={one.name: one.path for one in media},
            studio=contents.studio,
        )

    def _render(self, opened: Opened, only: Container[str] | None) -> reading.Contents:
        contents = reading.rendered(opened, sound=False, only=only, loaded=self._loaded)
        with contextlib.suppress(OSError):  # a folder that cannot be written: derived again
            contents.transcriber.remember()
        return contents

    def _store(self) -> Store:
        return Store(self.root / reading.CLIPS_FOLDER)

    def _again(self, clip: Clip, studio: Studio) -> Path | None:
        with self._speaking:
            store = self._store()
            old = store.get(clip)
            data = store.path(clip).read_bytes() if old else b""
            store.remove([clip.name])
            try:
                return self._speak(clip, studio, store)
            finally:
                if old and not store.get(clip):  # failed, or another voice stands in
                    store.add(clip, old.engine, data, old.seconds, old.flaw)

    def _heard(self, clip: Clip, studio: Studio) -> Path | None:
        with self._speaking:
            return self._speak(clip, studio, self._store())

    def _speak(self, clip: Clip, studio: Studio, store: Store) -> Path | None:
        if self._over:
            return None
        try:
            made = studio.make([clip], store, jobs=1)
        except UnspokenError as error:
            raise SetupError(f"no sound for '{clip.text}': {error}", error.hint) from None
        return store.path(made.instead.get(clip.name, clip))

    def _own(self, path: Path | None) -> Path | None:
        """Nothing that lies elsewhere, whatever links lead there."""
        return path if path and path.is_file() and files.inside(self.root, path) else None


def _paths(opened: Opened) -> Container[str]:
    """Every page of a project."""
    return {
        INDEX,
        GLOSSARY,
        *(f"{_DECK}{category.id}{_HTML}" for category in opened.project.course.categories),
    }


def _wrong(error: SourceError | SetupError) -> tuple[Diagnostic, ...]:
    if isinstance(error, SourceError):
        return tuple(error.diagnostics)
    return (Diagnostic(Span(config.PROJECT_FILE), Code.VOICE, str(error), error.hint),)
