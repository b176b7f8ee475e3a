"""Drafts, written into the copy of the project and rendered: what of them is good, what differs.

An entry that could not be built is not written; a field that comes out otherwise is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from ankigen import lock, reading
from ankigen.apkg import Kind as AnkiKind
from ankigen.diagnostics import Severity, SourceError
from ankigen.importing import ours
from ankigen.importing.foreign import ForeignError, Kind, Remark
from ankigen.importing.routes import Way
from ankigen.notetypespec import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ankigen.diagnostics import Diagnostic
    from ankigen.importing.drafts import Draft
    from ankigen.importing.routes import Route
    from ankigen.importing.sources import SourceFile
    from ankigen.importing.stage import Stage
    from ankigen.model import Note
    from ankigen.notetypespec import FieldSpec
    from ankigen.reading import Contents
    from ankigen.yamltext import Value

_ROUNDS = 20
"""Mistakes come to light in two or three: in the values, then in what entries make together."""

_SOUND = re.compile(r" ?\[sound:[^\[\]]*\]")
_IPA = re.compile(r"/([^/<>]+)/\Z")


@dataclass(slots=True)
class Trial:
    """What came of it.

    Attributes:
        files: Those that were written, with the drafts that are good.
        contents: The project with them.
        remarks: What did not fit.
    """

    files: list[SourceFile]
    contents: Contents
    remarks: list[Remark] = field(default_factory=list)


def run(
    stage: Stage, files: Sequence[SourceFile], routes: Iterable[Route], remark: str, cache: Path
) -> Trial:
    """Write drafts and render the project with them, until all that is left of them is good.

    Args:
        stage: The copy of the project.
        files: What to write.
        routes: The ways of all notes, also of those that are in the project already.
        remark: At the top of new files.
        cache: Folder of derived IPA.

    Raises:
        SourceError: Something else in the project is at fault.
    """
    remarks: list[Remark] = []
    known = [route.note_type.spec for route in routes if route.way is not Way.MAPPED]
    transcribed = any(field.ipa for spec in known for field in spec.fields)  # which is slow
    spoken = False
    for _ in range(_ROUNDS):
        _write(stage, files, remark)
        try:
            contents = reading.read(stage.root, sound=False, transcribed=transcribed, cache=cache)
        except SourceError as error:
            if not _drop(files, error.diagnostics, remarks):
                raise
            continue
        if transcribed and not spoken and _take_ipa(files, contents):
            spoken = True
            continue
        return Trial([file for file in files if file.drafts], contents, remarks)
    raise ForeignError("the entries do not come right", "import fewer notes at a time")


def _write(stage: Stage, files: Iterable[SourceFile], remark: str) -> None:
    for file in files:
        if file.drafts:
            stage.write(file.name, file.text(remark))
        elif file.before:
            stage.write(file.name, file.before)
            stage.forget(file.name)
        else:
            stage.drop(file.name)


def _drop(files: Iterable[SourceFile], found: Iterable[Diagnostic], remarks: list[Remark]) -> bool:
    """Take out the drafts that cannot be built; whether there were any."""
    by_name = {file.name: file for file in files}
    bad: dict[str, list[Draft]] = {}
    for problem in found:
        file = by_name.get(problem.span.file)
        draft = file.at(problem.span.line) if file else None
        if file is None or draft is None or problem.severity is not Severity.ERROR:
            continue
        if draft not in bad.setdefault(file.name, []):
            bad[file.name].append(draft)
            told = f"it would be no good entry: {problem.message}"
            remarks.append(Remark(Kind.LEFT_OUT, told, draft.note.place, draft.title))
    gone = [draft for drafts in bad.values() for draft in drafts]
    while gone:
        keys = {draft.key for draft in gone}
        for file in by_name.values():
            file.drafts[:] = [draft for draft in file.drafts if draft.key not in keys]
        gone = [d for file in by_name.values() for d in file.drafts if not _without(d, keys)]
        told = "it needs an entry that is not there"
        remarks += [Remark(Kind.LEFT_OUT, told, d.note.place, d.title) for d in gone]
    return bool(bad)


def _without(draft: Draft, keys: set[str]) -> bool:
    """Let a draft no longer name entries that are gone; whether it can be without them."""
    for key, spec in draft.route.note_type.spec.entry.items():
        value = draft.values.get(key)
        if spec.type not in REFERENCES or value is None:
            continue
        names = [value] if isinstance(value, str) else list(value)
        left = [name for name in names if f"{spec.to}/{name}" not in keys]
        if left and left != names:
            draft.values[key] = left
        elif not left:
            del draft.values[key]
            if spec.required:
                return False
    return True


def _take_ipa(files: Iterable[SourceFile], contents: Contents) -> bool:
    """Let entries say IPA that is not what would be derived; whether any does."""
    notes = {note.key: note for note in contents.notes}
    said = False
    for file in files:
        for draft in file.drafts:
            note = notes.get(draft.key)
            if note is None or draft.route.way is Way.MAPPED:
                continue
            own: dict[str, Value] = {}
            main = next(iter(draft.route.note_type.spoken), "")
            for spec, was, is_now in _fields(draft, note):
                alone = _IPA.match(was)
                if spec.ipa and was != is_now and alone:
                    own[spec.ipa] = unescape(alone[1])
            if own:
                draft.values["ipa"] = own[main] if set(own) == {main} else dict(own)
                said = True
    return said


def _fields(draft: Draft, note: Note) -> Iterator[tuple[FieldSpec, str, str]]:
    """Each field of a draft's note: what it held, and what it would."""
    note_type = draft.route.note_type
    held = ours.fields(draft.note, draft.route.kind, note_type)
    for spec, is_now in zip(note_type.spec.fields, note.fields, strict=True):
        yield spec, held.get(spec.name, ""), is_now


def differences(drafts: Iterable[Draft], contents: Contents) -> Iterator[Remark]:
    """What of the notes of our own note types would not be as it was."""
    notes = {note.key: note for note in contents.notes}
    for draft in drafts:
        note = notes.get(draft.key)
        if note is None or draft.route.way is Way.MAPPED:
            continue
        place, title = draft.note.place, draft.title
        for spec, was, is_now in _fields(draft, note):
            if was != is_now:
                detail = "" if "[sound:" in was else f"{was} → {is_now}"
                told = _why(spec, was, is_now)
                yield Remark(Kind.CHANGED, told, place, title, spec.name, detail)
        if set(note.tags) != set(draft.note.tags):
            detail = f"{' '.join(draft.note.tags)} → {' '.join(note.tags)}"
            yield Remark(Kind.CHANGED, "other tags", place, title, "", detail)
        known = {spec.name for spec in draft.route.note_type.spec.fields}
        for name, html in zip(draft.route.kind.fields, draft.note.fields, strict=False):
            anatomy = draft.route.kind.anatomy
            if anatomy and name not in known and html and len(anatomy.fields) != len(known):
                yield Remark(Kind.LOST, "the note type has no such field", place, title, name, html)


def _why(spec: FieldSpec, was: str, is_now: str) -> str:
    if spec.off:
        return "cards are chosen otherwise ('cards:')"
    if spec.ipa:
        return "the pronunciation is derived anew"
    if _SOUND.sub("", was) == _SOUND.sub("", is_now):
        return "the sound is made anew, as this course says it"
    if spec.template and not spec.holds:
        return "it is made of other entries, or by another version of the note type"
    return "the field comes out otherwise"


def released(drafts: Iterable[Draft], contents: Contents) -> list[lock.NoteLine | lock.TypeLine]:
    """What the lock knows of notes that keep their note type, as if we had released them.

    A note that comes out as it was keeps its ``mod``, so that nobody gets it as an update.
    """
    notes = {note.key: note for note in contents.notes}
    lines: list[lock.NoteLine | lock.TypeLine] = []
    types: dict[str, Draft] = {}
    for draft in drafts:
        note, was = notes.get(draft.key), draft.note
        if note is None or draft.route.way is Way.MAPPED or was.mod is None:
            continue
        types.setdefault(draft.route.note_type.name, draft)
        content = lock.content_hash(was.fields, was.tags)
        # Cards that Anki keeps though they show nothing are not ours to keep.
        cards = tuple(sorted(set(was.cards) & set(note.cards)))
        lines.append(lock.NoteLine(draft.key, note.guid, content, max(was.mod, 0), cards=cards))
    for name, draft in types.items():
        line = _type_line(name, draft)
        if line is not None:
            lines.append(line)
    # What no line can hold, such as a time beyond 32 bits, is not known after all.
    return list(lock.whole_lines("\n".join(map(str, lines))))


def _type_line(name: str, draft: Draft) -> lock.TypeLine | None:
    anatomy = draft.route.kind.anatomy
    if anatomy is None or not draft.route.kind.identified:
        return None
    ours_now = lock.anatomy(draft.route.note_type)
    given = [f.id for f in anatomy.fields] + [t.id for t in anatomy.templates]
    if None in given:  # older versions of Anki gave no ids
        return ours_now.line(name, max(anatomy.mod, 0))
    was = lock.Anatomy(
        anatomy.id,
        anatomy.name,
        "cloze" if anatomy.kind is AnkiKind.CLOZE else "standard",
        tuple((item.id or 0, item.name) for item in anatomy.fields),
        tuple((t.id or 0, t.name, t.front, t.back) for t in anatomy.templates),
        anatomy.css,
    )
    return was.line(name, max(anatomy.mod, 0))
