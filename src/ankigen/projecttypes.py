"""The note types of a project: those built in, its own, and what it changes of the look.

``notetypes/<name>/`` with a ``notetype.yaml`` is a note type of the project's own. Without one, it
is named after a built-in note type and holds templates that replace its templates, and a
``style.css`` that is put after its stylesheet. ``notetypes/shared.css`` replaces the stylesheet
that all note types share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING

from ankigen import files, mediafile, notetype, portable, schema
from ankigen.diagnostics import Code, Diagnostic, SourceError, Span, did_you_mean
from ankigen.notetype import SHARED_STYLE, SPEC_FILE, STYLE_FILE
from ankigen.notetypespec import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ankigen.model import Media
    from ankigen.notetype import File, Folder, NoteType

FOLDER = "notetypes"


def names(root: Path | None = None) -> list[str]:
    """Names of the note types that a project has, or that are built in, without reading them."""
    folders = [*(resources.files("ankigen") / "notetypes").iterdir()]
    if root and (root / FOLDER).is_dir():
        folders += (root / FOLDER).iterdir()
    return sorted({folder.name for folder in folders if (folder / SPEC_FILE).is_file()})


@dataclass(frozen=True, slots=True)
class Found:
    """The note types of a project, and what is wrong with its own.

    Attributes:
        note_types: By name, those that can be used.
        broken: Names of those that cannot.
        diagnostics: In no order.
    """

    note_types: Mapping[str, NoteType]
    broken: frozenset[str] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()


def of_project(root: Path) -> Mapping[str, NoteType]:
    """All note types that a project's entries may be of, by name.

    Args:
        root: The project's folder, resolved.

    Raises:
        SourceError: With everything that is wrong with the project's own.
    """
    found = find(root)
    if found.diagnostics:
        raise SourceError(found.diagnostics)
    return found.note_types


def find(root: Path) -> Found:
    """The note types of a project as far as they can be used.

    A built-in note type whose look cannot be changed as the project wants keeps its own.

    Args:
        root: The project's folder, resolved.
    """
    built_in = notetype.built_in()
    folder = root / FOLDER
    if not folder.is_dir():
        return Found(built_in)
    found = dict(built_in)
    problems: list[Diagnostic] = []
    broken: set[str] = set()
    shared = _shared(root, problems)
    if shared is not None:
        found = {name: _Overlaid(root, name).load(shared) for name in found}
    for path in portable.in_order(folder.iterdir()):
        if path.name.startswith(".") or path.name == SHARED_STYLE:
            continue
        try:
            found[path.name] = _load(root, path, shared)
        except SourceError as error:
            problems += error.diagnostics
            broken.add(path.name)
    clashes = list(_clashes(found))
    broken |= {name for name in found for d in clashes if d.span.file == _spec(name).file}
    broken -= built_in.keys()
    usable = {name: made for name, made in found.items() if name not in broken}
    return Found(usable, frozenset(broken), (*problems, *clashes))


def _shared(root: Path, problems: list[Diagnostic]) -> str | None:
    path = root / FOLDER / SHARED_STYLE
    if not path.exists():
        return None
    try:
        return files.read_source(root, path)
    except SourceError as error:
        problems += error.diagnostics
        return None


def _load(root: Path, path: Path, shared: str | None) -> NoteType:
    """The note type of a folder.

    Raises:
        SourceError: With what is wrong in it.
    """
    name = path.name
    span = Span(files.relative(root, path))
    if not path.is_dir() or not re.fullmatch(schema.SLUG, name):
        raise SourceError(
            [
                Diagnostic(
                    span,
                    Code.NOTE_TYPE,
                    "in here, each note type has a folder named in lower-case letters and digits",
                    f"move it, or name it as in {FOLDER}/pictures",
                )
            ]
        )
    built_in = name in notetype.built_in()
    own = (path / SPEC_FILE).exists()
    if built_in and own:
        message = f"the note type '{name}' is built in: its keys, fields and cards stay as they are"
        hint = f"replace its templates here without a {SPEC_FILE}, or give yours another name"
        raise SourceError(
            [Diagnostic(Span(f"{span.file}/{SPEC_FILE}"), Code.NOTE_TYPE, message, hint)]
        )
    if not built_in and not own:
        hint = did_you_mean(name, notetype.built_in(), f"write {FOLDER}/{name}/{SPEC_FILE}")
        message = f"there is no {SPEC_FILE}, and no built-in note type '{name}'"
        raise SourceError([Diagnostic(span, Code.NOTE_TYPE, message, hint)])
    style = _built_in_style() if shared is None else shared
    if own:
        made = notetype.load(_Own(root, path), style, f"{FOLDER}/")
        return replace(made, media=_media(root, path))
    return _Overlaid(root, name).load(style)


def _media(root: Path, folder: Path) -> tuple[Media, ...]:
    """What templates and stylesheets use: Anki packs and keeps only names that begin with ``_``.

    Raises:
        SourceError: A file cannot be used.
    """
    found, problems = [], []
    for path in portable.in_order(folder.glob("_*")):
        try:
            found.append(mediafile.named(root, path))
        except mediafile.MediaError as error:
            span = Span(files.relative(root, path))
            problems.append(Diagnostic(span, Code.MEDIA, str(error), error.hint))
    if problems:
        raise SourceError(problems)
    return tuple(found)


def _built_in_style() -> str:
    return (resources.files("ankigen") / "notetypes" / SHARED_STYLE).read_text("utf-8")


class _ProjectFile:
    """A file of a project, read with care."""

    def __init__(self, root: Path, path: Path) -> None:
        self._root = root
        self._path = path

    def is_file(self) -> bool:
        return self._path.is_file()

    def read_text(self, encoding: str) -> str:  # noqa: ARG002 - a source is UTF-8
        """Raises SourceError where it is no text, or lies outside."""
        return files.read_source(self._root, self._path)


class _Own:
    """The folder of a project's own note type."""

    def __init__(self, root: Path, path: Path) -> None:
        self._root = root
        self._path = path
        self.name = path.name

    def __truediv__(self, name: str) -> File:
        return _ProjectFile(self._root, self._path / name)


class _Overlaid:
    """A built-in note type, files of the project's folder in place of its own."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self._root = root
        self._over = root / FOLDER / name
        self._under = resources.files("ankigen") / "notetypes" / name

    def __truediv__(self, name: str) -> File:
        over = self._over / name
        if name != STYLE_FILE and over.exists():
            return _ProjectFile(self._root, over)
        return self._under / name

    def load(self, shared: str) -> NoteType:
        """The note type as the project shows it.

        Raises:
            SourceError: A file replaces none, or a template is at fault.
        """
        folder: Folder = self
        made = notetype.load(folder, shared, f"{FOLDER}/")
        known = {STYLE_FILE} | {
            side for card in made.spec.cards for side in (card.front, card.back)
        }
        stray = [path for path in self._files() if path.name not in known]
        if stray:
            raise SourceError(
                Diagnostic(
                    Span(files.relative(self._root, path)),
                    Code.NOTE_TYPE,
                    f"the note type '{self.name}' has no file '{path.name}' to replace",
                    did_you_mean(path.name, known, f"it has {', '.join(sorted(known))}"),
                )
                for path in stray
            )
        style = self._over / STYLE_FILE
        if style.exists():
            css = made.css + files.read_source(self._root, style)
            return replace(made, css=css)
        return made

    def _files(self) -> list[Path]:
        found = portable.in_order(self._over.iterdir()) if self._over.is_dir() else []
        return [path for path in found if not path.name.startswith(".")]


def _clashes(found: Mapping[str, NoteType]) -> Iterator[Diagnostic]:
    """Ids and names that two note types have, and note types that are named but not there."""
    for what in ("id", "name"):
        first: dict[object, str] = {}
        for name, made in found.items():
            value = getattr(made.spec, what)
            other = first.setdefault(value, name)
            if other != name:
                message = f"the {what} '{value}' is that of the note type '{other}'"
                hint = "choose another: Anki would take both for one"
                yield Diagnostic(_spec(name), Code.NOTE_TYPE, message, hint)
    for name, made in found.items():
        yield from _check_relations(name, made, found)
        targets = [key.to for key in made.spec.entry.values() if key.type in REFERENCES]
        for target in (*targets, *(gathered.source for gathered in made.spec.gather.values())):
            if target not in found:
                message = f"it names the note type '{target}', which is not there"
                yield Diagnostic(_spec(name), Code.NOTE_TYPE, message, did_you_mean(target, found))


def _check_relations(
    name: str, made: NoteType, found: Mapping[str, NoteType]
) -> Iterator[Diagnostic]:
    """Keys of other note types that it names."""
    sources = {gathered: said.source for gathered, said in made.spec.gather.items()}
    named = [(said.source, said.by) for said in made.spec.gather.values()]
    for field in made.spec.fields:
        reference, dot, key = field.speak.partition(".")
        if dot:
            known = made.spec.entry.get(reference)
            named.append((sources.get(reference) or (known.to if known else ""), key))
    for target, key in named:
        if target in found and key not in found[target].spec.entry:
            message = f"it names the key '{key}', which {target} do not have"
            hint = did_you_mean(key, found[target].spec.entry)
            yield Diagnostic(_spec(name), Code.NOTE_TYPE, message, hint)


def _spec(name: str) -> Span:
    return Span(f"{FOLDER}/{name}/{SPEC_FILE}")
