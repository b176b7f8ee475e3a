"""What the pages of a project are now.

A change marks every page as old, and a page is made when it is asked for, from the notes of its own
category: one save of one file costs reading the sources and one page, whatever the course's size.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ankigen import config, reading
from ankigen.audio import UnspokenError
from ankigen.clips import Store
from ankigen.diagnostics import (
    AnkigenError,
    Code,
    Diagnostic,
    SetupError,
    Severity,
    SourceError,
    Span,
)
from ankigen.site import output, pages
from ankigen.site.editions import Editions
from ankigen.site.model import Release

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from pathlib import Path

    from ankigen.audio import Studio
    from ankigen.model import Clip
    from ankigen.reading import Opened
    from ankigen.site.model import Site

_EDITION = Editions(Release("preview", "1970-01-01"))
_DECK = "decks/"
_HTML = ".html"


@dataclass(frozen=True, slots=True)
class State:
    """How things stand after a change.

    Attributes:
        number: Of the change, from 1.
        errors: Why the pages are still those before it; none where they are of it.
    """

    number: int
    errors: tuple[Diagnostic, ...] = ()


class Preview:
    """The pages of a project; safe to use from several threads."""

    def __init__(self, root: Path) -> None:
        """Begin with nothing.

        Args:
            root: The project's folder, resolved.
        """
        self.root = root
        self._lock = threading.Lock()
        self._state = State(0)
        self._opened: Opened | None = None
        self._pages: dict[str, bytes] = {}
        self._clips: dict[str, Clip] = {}
        self._media: dict[str, Path] = {}
        self._studio: Studio | None = None

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
        with self._lock:
            number = self._state.number + 1
            opened, errors = self._read(saved)
            if opened is not None and not errors:
                self._opened = opened
                self._pages.clear()
            self._state = State(number, errors)
            return self._state

    def _read(self, saved: Container[str] | None) -> tuple[Opened | None, tuple[Diagnostic, ...]]:
        """The sources, and what is wrong with them."""
        try:
            opened = reading.opened(self.root)
            if saved is not None:
                self._render(opened, saved)
        except SourceError as error:
            return None, error.diagnostics
        except SetupError as error:
            wrong = Diagnostic(Span(config.PROJECT_FILE), Code.VOICE, str(error), error.hint)
            return None, (wrong,)
        return opened, tuple(d for d in opened.diagnostics if d.severity is Severity.ERROR)

    def page(self, path: str) -> bytes | None:
        """A page as it is now, or as it was before the sources broke; None where there is none.

        Args:
            path: From the root of the site.

        Raises:
            SourceError: It was never whole.
        """
        with self._lock:
            if self._opened is None:
                return None
            if path not in self._pages:
                made = self._made(self._opened, path)
                if made is None:
                    return None
                self._pages[path] = made
            return self._pages[path]

    def file(self, name: str) -> Path | None:
        """A sound or picture of a page that was made; a sound that is not there yet is made.

        Raises:
            AnkigenError: It cannot be made.
        """
        with self._lock:
            clip = self._clips.get(name)
            if clip is not None:
                return self._heard(clip)
            path = self._media.get(name)
            return path if path and path.resolve().is_relative_to(self.root) else None

    def remake(self, name: str) -> Path | None:
        """Make a sound again, as a person asked; None where no page has it.

        Raises:
            AnkigenError: It cannot be made; the old one stays.
        """
        with self._lock:
            clip = self._clips.get(name)
            if clip is None:
                return None
            store = Store(self.root / reading.CLIPS_FOLDER)
            old = store.get(clip)
            data = store.path(clip).read_bytes() if old else b""
            store.remove([name])
            try:
                return self._heard(clip)
            except AnkigenError:
                if old:
                    store.add(clip, old.engine, data, old.seconds, old.flaw)
                raise

    def entries(self) -> Mapping[str, list[tuple[int, str]]]:
        """Where entries begin: line and key, by file, in the order of the lines."""
        with self._lock:
            found: dict[str, list[tuple[int, str]]] = {}
            for entry in self._opened.project.entries if self._opened else ():
                found.setdefault(entry.file, []).append((entry.span().line, entry.key))
        return {file: sorted(lines) for file, lines in found.items()}

    def _made(self, opened: Opened, path: str) -> bytes | None:
        course = opened.project.course
        if path.startswith(_DECK) and path.endswith(_HTML):
            wanted = path.removeprefix(_DECK).removesuffix(_HTML)
            if wanted not in {category.id for category in course.categories}:
                return None
            site = self._view(opened, {wanted})
            deck = next(deck for deck in site.decks if deck.id == wanted)
            return pages.deck(site, deck).encode()
        if path not in {"index.html", "glossary.html"}:
            return None
        site = self._view(opened, None)
        make = pages.index if path == "index.html" else pages.glossary
        return make(site).encode()

    def _view(self, opened: Opened, only: Container[str] | None) -> Site:
        return replace(output.view(self._render(opened, only), None, _EDITION), kept=False)

    def _render(self, opened: Opened, only: Container[str] | None) -> reading.Contents:
        contents = reading.rendered(opened, sound=False, only=only)
        contents.transcriber.remember()
        contents.transcriber.close()
        for note in contents.notes:
            self._clips |= {clip.name: clip for clip in note.clips}
            self._media |= {media.name: media.path for media in note.media}
        for made in contents.note_types.values():
            self._media |= {media.name: media.path for media in made.media}
        self._studio = contents.studio
        return contents

    def _heard(self, clip: Clip) -> Path:
        assert self._studio is not None  # noqa: S101 - a clip is known from a rendering
        store = Store(self.root / reading.CLIPS_FOLDER)
        try:
            made = self._studio.make([clip], store, jobs=1)
        except UnspokenError as error:
            raise SetupError(f"no sound for '{clip.text}': {error}", error.hint) from None
        return store.path(made.instead.get(clip.name, clip))
