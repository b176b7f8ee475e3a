"""What the last check of a project found, for as long as nothing changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ankigen.diagnostics import Code, Diagnostic, Severity, Span
from ankigen.suppression import Suppression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ankigen.caches import Cache


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that is wrong with a project's files, whoever asks.

    Attributes:
        diagnostics: Of all rules, whether or not they count.
        suppressions: What is not to count of them.
        entries: How many entries there are.
        files: How many files hold them.
    """

    diagnostics: tuple[Diagnostic, ...]
    suppressions: tuple[Suppression, ...]
    entries: int = 0
    files: int = 0


def recall(cache: Cache) -> Found | None:
    """What the last check found, if one now would find the same."""
    try:
        said = cache.recall()
        if said is None:
            return None
        return Found(
            tuple(map(_diagnostic, said["diagnostics"])),
            tuple(
                Suppression(**{**one, "span": _span(one["span"])}) for one in said["suppressions"]
            ),
            int(said["entries"]),
            int(said["files"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None  # not one that this version can read


def keep(cache: Cache, found: Found) -> None:
    """Remember a check."""
    cache.keep(asdict(found))


def _diagnostic(said: Mapping[str, Any]) -> Diagnostic:
    return Diagnostic(
        _span(said["span"]),
        Code(said["code"]),
        str(said["message"]),
        str(said["hint"]),
        Severity(said["severity"]),
    )


def _span(said: Mapping[str, Any]) -> Span:
    return Span(str(said["file"]), int(said["line"]), int(said["column"]), sheet=str(said["sheet"]))
