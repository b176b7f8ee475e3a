"""What every kind of file gives."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ankigen.diagnostics import Diagnostic, Places, Span
    from ankigen.yamltext import Value


class Record(NamedTuple):
    """An entry as it is written.

    Attributes:
        value: A mapping, where the file is right.
        places: Where its keys and values stand.
        category: The folder to which the file puts it; empty where it does not say.
    """

    value: Value
    places: Places
    category: str = ""


@dataclass(frozen=True)
class Records:
    """What a file holds.

    Attributes:
        records: In the order of the file.
        diagnostics: What is wrong with it, and how it was understood.
        whole: Whether these are all; else there may be more entries than are known.
    """

    records: tuple[Record, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    whole: bool = True

    @functools.cached_property
    def flawed(self) -> frozenset[Span]:
        """Places of which something is said already."""
        return frozenset(found.span for found in self.diagnostics)
