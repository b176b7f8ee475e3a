"""What ``--fix`` changes in the text of a source file, each change where its value stands."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypeAlias

from ankigen import naming
from ankigen.diagnostics import Code, Span
from ankigen.yamledit import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ankigen.notetype import NoteType
    from ankigen.yamledit import Edit
    from ankigen.yamlplaces import Path, Scalar
    from ankigen.yamltext import Value

Mend: TypeAlias = "Callable[[str], str]"

_SHOWN = 3
"""Changes of a value that are shown; the others are counted."""


@dataclass(frozen=True, slots=True, order=True)
class Fix:
    """A change that was made.

    Attributes:
        span: Where it was made, in the file as it was before.
        code: Of the rule.
        said: What has become what.
    """

    span: Span
    code: Code
    said: str


def values(text: str, broken: Iterable[tuple[Span, Code, Mend]]) -> tuple[str, list[Fix]]:
    """Mend the values of a file in which rules are broken.

    Args:
        text: Of the file, without a byte order mark.
        broken: Places in it, the rule that is broken there, and what mends the value that the place
            lies in. A value that breaks several rules is mended in the order of their codes.

    Returns:
        The text, and what was changed in it: nothing where it is no YAML.
    """
    try:
        layout = Layout(text)
    except ValueError:
        return text, []
    mends: dict[int, tuple[Scalar, dict[Code, tuple[Span, Mend]]]] = {}
    for span, code, mend in broken:
        scalar = layout.scalar_at(span.line, span.column)
        if scalar:
            mends.setdefault(scalar.start, (scalar, {}))[1].setdefault(code, (span, mend))
    wanted: list[tuple[Edit, list[Fix]]] = []
    for scalar, by_code in mends.values():
        now, made = scalar.text, []
        for code, (span, mend) in sorted(by_code.items()):
            core = now.strip()  # what rules see of it
            better = now.replace(core, mend(core), 1) if core else now
            if better != now:
                made.append(Fix(span, code, _difference(now, better)))
                now = better
        edit = layout.replace(scalar, now)
        if edit:
            wanted.append((edit, made))
    new, done = layout.apply(edit for edit, _ in wanted)
    starts = {edit.start for edit in done}
    return new, [fix for edit, made in wanted if edit.start in starts for fix in made]


def ids(text: str, file: str, note_type: NoteType, taken: set[str]) -> tuple[str, list[Fix]]:
    """Give an id to each entry of a file that has none.

    Args:
        text: Of the file, without a byte order mark.
        file: Its name in spans.
        note_type: Of its entries.
        taken: Ids of that note type; those that are given come to it.

    Returns:
        The text, and what was changed in it: nothing where it is no YAML.
    """
    try:
        layout = Layout(text)
    except ValueError:
        return text, []
    top = layout.value
    entries: list[tuple[Path, Value | None]] = [((), top)]
    if isinstance(top, list):
        entries = [((index,), entry) for index, entry in enumerate(top)]
    edits: dict[int, tuple[Edit, Fix]] = {}
    for path, entry in entries:
        if isinstance(entry, dict) and entry and "id" not in entry:
            identifier = naming.propose(note_type.spec, note_type.name, entry, taken)
            edit = layout.insert(path, "id", identifier)
            if edit:
                taken.add(identifier)
                said = f"id: {identifier}"
                span = Span(file, *layout.place(edit.start))
                edits[edit.start] = edit, Fix(span, Code.MISSING_KEY, said)
    new, done = layout.apply(edit for edit, _ in edits.values())
    return new, [edits[edit.start][1] for edit in done]


def _difference(old: str, new: str) -> str:
    """The words that have changed: ``“colour” → "colour"``."""
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    changes = [
        f"{' '.join(before[start:end])} → {' '.join(after[first:last])}"
        for kind, start, end, first, last in matcher.get_opcodes()
        if kind != "equal"
    ]
    if not changes:
        return "spaces"
    more = len(changes) - _SHOWN
    return "; ".join(changes[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
