"""``ankigen.yaml`` and each ``category.yaml``: finding the project and what it says of itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field, TypeAdapter

from ankigen import files, languagetag, schema, sourceglob, yamltext
from ankigen.diagnostics import Code, Diagnostic, SetupError, SourceError, Span, did_you_mean
from ankigen.model import (
    Category,
    Checks,
    Course,
    ForeignSource,
    Ignored,
    Origin,
    Study,
    Voice,
)
from ankigen.schema import Slug, Strict, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ankigen.yamltext import Document, Marks

PROJECT_FILE = "ankigen.yaml"
CATEGORY_FILE = "category.yaml"
SOURCES_FOLDER = "cards"
DEFAULT_VOICE = "default"

T = TypeVar("T")


class VoiceSpec(Strict):
    """One of ``voices:``."""

    engine: Text = Field(default="hibari", description="What speaks: hibari, google, joe.")
    voice: str = Field(default="", description="The engine's name of the voice.")
    speed: float = Field(default=1.0, ge=0.5, le=2.0, description="1 is the voice's own pace.")
    slow: float = Field(default=0.7, ge=0.5, le=2.0, description="Speed of what is said slowly.")
    fallback: Slug | None = Field(default=None, description="The voice that stands in for it.")


class StudySpec(Strict):
    """``study:``."""

    weeks: int = Field(default=6, ge=1, le=520, description="Weeks in which all cards are met.")
    new_per_day: int | None = Field(
        default=None, ge=1, le=999, description="New cards a day, whatever 'weeks' says."
    )
    retention: float = Field(default=0.9, ge=0.7, le=0.97, description="Desired retention.")
    known: float = Field(
        default=0.0, ge=0, le=1, description="Share of the cards that learners know before."
    )
    preset: Text | None = Field(default=None, description="Name of the deck's options in Anki.")


class IgnoreSpec(Strict):
    """One of ``check: ignore:``; a code alone stands for all files."""

    code: Text = Field(description="Of a rule, or how those of several begin.")
    files: Text = Field(default="*", description="Pattern of the files, from the project down.")
    because: str = Field(default="", description="Why it is right there.")


def _code(value: object) -> object:
    return {"code": value} if isinstance(value, str) else value


class CheckSpec(Strict):
    """``check:``."""

    ignore: tuple[Annotated[IgnoreSpec, BeforeValidator(_code)], ...] = Field(
        default=(), description="Codes of rules, or how they begin, that do not count here."
    )


class SourceSpec(Strict):
    """One of ``sources:``."""

    glob: Text = Field(description="The files, for example glossary/*.xlsx.")
    notetype: Slug = Field(description="What their entries are.")
    category: Slug | None = Field(default=None, description="To which category they go.")
    category_from: Text | None = Field(
        default=None, description="The column that names each entry's category instead."
    )
    columns: dict[Text, Text] = Field(
        min_length=1, description="By the name of a column, or of a key in YAML: the key it gives."
    )
    constants: dict[Text, Text | list[Text] | dict[str, Text]] = Field(
        default_factory=dict, description="Keys that are the same in all entries."
    )
    separator: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="What stands between the values of a list; ';' by default."
    )
    sheet: schema.Texts = Field(default=(), description="Sheets to read; all by default.")
    id_from: schema.Texts = Field(
        default=(), description="Columns that ids are made of, where the files have none."
    )


class CourseSpec(Strict):
    """``ankigen.yaml``."""

    id: Slug = Field(description="Identity of the course; learners' notes hang on it.")
    name: Text = Field(description="Name of the parent deck.")
    description: str = Field(default="", description="Markdown on the deck's page in Anki.")
    language: schema.Language = Field(
        default="en", description="Of the course's texts, such as en-GB."
    )
    authors: tuple[Text, ...] = Field(default=(), description="Who made it.")
    licence: str = Field(default="", description="How it may be used.")
    url: str = Field(default="", description="Where it is published.")
    categories: tuple[Slug, ...] = Field(
        default=(), description="Folders under cards/ in study order; all, where left out."
    )
    voices: dict[Slug, VoiceSpec] = Field(
        default_factory=dict, description="Voices by the names that the course gives them."
    )
    voice: schema.Names = Field(default_factory=dict, description="Who speaks, by note type.")
    ipa: tuple[Literal["us", "gb"], ...] | None = Field(
        default=None, description="Accents whose IPA the cards show."
    )
    budget: schema.Size | None = Field(default=None, description="Largest size of a package.")
    cards: dict[Slug, schema.Slugs] = Field(
        default_factory=dict, description="Cards to make, by note type."
    )
    study: StudySpec = Field(default=StudySpec(), description="How to study it in Anki.")
    check: CheckSpec = Field(default=CheckSpec(), description="What 'ankigen check' leaves out.")
    sources: tuple[SourceSpec, ...] = Field(
        default=(), description="Files of other programs that hold entries."
    )


class CategorySpec(Strict):
    """``category.yaml``."""

    name: Text = Field(description="Last part of the deck's name.")
    description: str = Field(default="", description="Markdown on the deck's page in Anki.")
    voice: schema.Names = Field(default_factory=dict, description="Who speaks, by note type.")
    budget: schema.Size | None = Field(default=None, description="Largest size of its package.")
    cards: dict[Slug, schema.Slugs] = Field(
        default_factory=dict, description="Cards to make, by note type."
    )
    deck: str = Field(
        default="", description="Full name of its deck, if it is not to be below the course's."
    )


_COURSE: TypeAdapter[CourseSpec] = TypeAdapter(CourseSpec)
_CATEGORY: TypeAdapter[CategorySpec] = TypeAdapter(CategorySpec)


def find_project(start: Path) -> Path:
    """The nearest folder from ``start`` upwards that holds ``ankigen.yaml``, resolved.

    Raises:
        SetupError: There is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise SetupError(
        f"there is no {PROJECT_FILE} in {start} or above it",
        "change into a course's folder, or name it with --project DIR",
    )


def load(root: Path) -> tuple[Course, list[Diagnostic]]:
    """The course and everything wrong with its categories.

    Raises:
        SourceError: ``ankigen.yaml`` itself cannot be used, so there is no course to speak of.
    """
    spec, marks = _read(root, root / PROJECT_FILE, _COURSE)
    problems: list[Diagnostic] = []
    categories: list[Category] = []
    for identifier in _categories(root, spec, marks, problems):
        path = root / SOURCES_FOLDER / identifier / CATEGORY_FILE
        if not path.is_file():
            problems.append(
                Diagnostic(
                    Span(files.relative(root, path)),
                    Code.NO_CATEGORY_FILE,
                    f"the folder '{identifier}' has no {CATEGORY_FILE}",
                    f"create it with one line, for example 'name: {_title(identifier)}'",
                )
            )
            continue
        try:
            said, below = _read(root, path, _CATEGORY)
        except SourceError as error:
            problems += error.diagnostics
        else:
            categories.append(
                Category(
                    id=identifier,
                    name=said.name,
                    description=said.description,
                    voice=said.voice,
                    budget=said.budget,
                    cards=said.cards,
                    deck=said.deck,
                    origin=Origin(files.relative(root, path), below),
                )
            )
    named = {DEFAULT_VOICE: VoiceSpec()} | spec.voices
    problems += _fallbacks(named, marks)
    voices = {
        name: Voice(said.engine, said.voice, said.speed, said.slow, _known(said.fallback, named))
        for name, said in named.items()
    }
    accents: tuple[str, ...] | None = spec.ipa
    if accents is None:  # derived from English spelling, so right for English alone
        accents = ("us", "gb") if languagetag.primary(spec.language) == "en" else ()
    origin = Origin(PROJECT_FILE, marks)
    course = Course(
        root=root,
        id=spec.id,
        name=spec.name,
        description=spec.description,
        language=spec.language,
        authors=spec.authors,
        licence=spec.licence,
        url=spec.url,
        categories=tuple(categories),
        voices=voices,
        voice=spec.voice,
        accents=accents,
        budget=spec.budget,
        cards=spec.cards,
        study=_study(spec.study),
        checks=_checks(spec.check),
        sources=tuple(_sources(spec.sources, origin, problems)),
        origin=origin,
    )
    return course, problems


def _study(spec: StudySpec) -> Study:
    return Study(spec.weeks, spec.new_per_day, spec.retention, spec.known, spec.preset or "")


def _checks(spec: CheckSpec) -> Checks:
    return Checks(tuple(Ignored(i.code, i.files, i.because) for i in spec.ignore))


def _sources(
    specs: Sequence[SourceSpec], origin: Origin, problems: list[Diagnostic]
) -> Iterator[ForeignSource]:
    for index, spec in enumerate(specs):
        fault = sourceglob.fault(spec.glob)
        if fault:
            span = origin.span("sources", index, "glob")
            hint = "write a path from here on, for example glossary/*.xlsx"
            problems.append(Diagnostic(span, Code.OUTSIDE, f"'{spec.glob}' {fault}", hint))
            continue
        yield ForeignSource(
            glob=spec.glob,
            note_type=spec.notetype,
            category=spec.category or "",
            category_from=spec.category_from or "",
            columns=spec.columns,
            constants=spec.constants,
            separator=spec.separator or "",
            sheets=spec.sheet,
            id_from=spec.id_from,
            origin=origin,
            index=index,
        )


def _known(name: str | None, voices: Mapping[str, VoiceSpec]) -> str:
    return name if name and name in voices else ""


def _fallbacks(voices: Mapping[str, VoiceSpec], marks: Marks) -> Iterator[Diagnostic]:
    """Voices whose stand-in is not there, or is at last themselves."""
    for name, spec in voices.items():
        span = Span(PROJECT_FILE, *marks.find(("voices", name, "fallback")))
        following: list[str] = []
        after = spec.fallback or ""
        while after in voices and after not in following:
            following.append(after)
            after = voices[after].fallback or ""
        if spec.fallback and not following:
            hint = did_you_mean(spec.fallback, voices, f"choose one of {', '.join(voices)}")
            message = f"there is no voice '{spec.fallback}' to stand in for '{name}'"
            yield Diagnostic(span, Code.BAD_VALUE, message, hint)
        elif name in following:
            message = f"the voice '{name}' would stand in for itself"
            yield Diagnostic(span, Code.BAD_VALUE, message, "remove one of these fallbacks")


def _categories(
    root: Path, spec: CourseSpec, marks: Marks, problems: list[Diagnostic]
) -> list[str]:
    """Ids of the categories that have a folder, in study order."""
    folders = category_folders(root, problems)
    if not (spec.categories or folders or problems):
        problems.append(
            Diagnostic(
                Span(PROJECT_FILE),
                Code.UNKNOWN_CATEGORY,
                f"there is no category in the folder '{SOURCES_FOLDER}'",
                f"create {SOURCES_FOLDER}/<category>/{CATEGORY_FILE} and terms.yaml beside it",
            )
        )
    named = spec.categories or folders
    found: list[str] = []
    for index, name in enumerate(named):
        span = Span(PROJECT_FILE, *marks.find(("categories", index)))
        if name not in folders:
            problems.append(
                Diagnostic(
                    span,
                    Code.UNKNOWN_CATEGORY,
                    f"there is no folder '{SOURCES_FOLDER}/{name}'",
                    did_you_mean(name, folders, "create the folder or remove this line"),
                )
            )
        elif name in found:
            problems.append(
                Diagnostic(
                    span, Code.DUPLICATE_ID, f"the category '{name}' stands twice", "keep one"
                )
            )
        elif name == spec.id:
            problems.append(
                Diagnostic(
                    span,
                    Code.DUPLICATE_ID,
                    f"the category '{name}' has the id of the course, so both decks would be"
                    f" called {name}.apkg",
                    "rename the category's folder",
                )
            )
        else:
            found.append(name)
    problems.extend(
        Diagnostic(
            Span(PROJECT_FILE, *marks.find(("categories",), key=True)),
            Code.UNLISTED_CATEGORY,
            f"the folder '{SOURCES_FOLDER}/{name}' is not in 'categories'",
            f"add '{name}' where it belongs in the study order, or move the folder away",
        )
        for name in folders
        if name not in named
    )
    return found


def category_folders(root: Path, problems: list[Diagnostic]) -> list[str]:
    """Names of the folders that may be categories, sorted."""
    sources = root / SOURCES_FOLDER
    if not sources.is_dir() or not files.inside(root, sources):
        return []
    names = sorted(f.name for f in sources.iterdir() if f.is_dir() and not f.name.startswith("."))
    good = [name for name in names if re.fullmatch(schema.SLUG, name)]
    problems.extend(
        Diagnostic(
            Span(f"{SOURCES_FOLDER}/{name}"),
            Code.BAD_VALUE,
            "the name of a category's folder must be lower-case letters, digits and single hyphens",
            f"rename it; learners see the 'name' in its {CATEGORY_FILE}",
        )
        for name in names
        if name not in good
    )
    return good


def _read(root: Path, path: Path, adapter: TypeAdapter[T]) -> tuple[T, Marks]:
    """A mapping file, checked.

    Raises:
        SourceError: With everything wrong with it.
    """
    name = files.relative(root, path)
    document = yamltext.read(files.read_source(root, path), name)
    value, diagnostics = _mapping(document, name)
    if value is None:
        raise SourceError(diagnostics)
    checked = schema.validate(adapter, value, document.marks, name)
    if isinstance(checked, schema.Invalid):
        raise SourceError([*diagnostics, *checked.diagnostics])
    if diagnostics:
        raise SourceError(diagnostics)
    return checked, document.marks


def _mapping(document: Document, name: str) -> tuple[yamltext.Value | None, list[Diagnostic]]:
    diagnostics = list(document.diagnostics)
    if document.value is None and not diagnostics:
        diagnostics.append(
            Diagnostic(Span(name), Code.EMPTY, "the file is empty", "write 'name:' and a name")
        )
    return document.value, diagnostics


def _title(identifier: str) -> str:
    return identifier.replace("-", " ").title()
