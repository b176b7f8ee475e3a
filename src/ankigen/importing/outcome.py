"""What an import is asked for, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ankigen.importing.routes import Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.importing.foreign import Remark
    from ankigen.importing.mapping import Mapped
    from ankigen.importing.routes import Way


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for.

    Attributes:
        wanted: Of note types.
        category: Id of the category that all notes go to; empty for one for each deck.
        output: The source file that all go to, absolute; None for one for each note type.
        constants: Keys with the value that every mapped entry gets.
        append: Whether source files that are there may grow.
        dry_run: Whether to change nothing.
    """

    wanted: Wanted = field(default_factory=Wanted)
    category: str = ""
    output: Path | None = None
    constants: tuple[tuple[str, str], ...] = ()
    append: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class TypeReport:
    """What became of a foreign note type.

    Attributes:
        name: As the file names it.
        notes: How many it has.
        way: How they became entries.
        note_type: Name of ours.
        fields: What became of each field, where they were mapped.
    """

    name: str
    notes: int
    way: Way
    note_type: str
    fields: tuple[Mapped, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """A source file and how many entries were put into it."""

    name: str
    entries: int
    appended: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do.

    Attributes:
        file: What was imported.
        form: What it is, in words.
        notes: How many it holds.
        types: Its note types.
        files: Source files with new entries.
        others: Other files that were written, but for media.
        media: Paths of the files that were copied.
        same: Keys of entries that were in the course already and are the same.
        remarks: What did not fit.
        dry_run: Whether nothing was changed.
    """

    file: str
    form: str
    notes: int
    types: tuple[TypeReport, ...]
    files: tuple[FileReport, ...] = ()
    others: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    dry_run: bool = False

    @property
    def entries(self) -> int:
        """How many are new."""
        return sum(file.entries for file in self.files)
