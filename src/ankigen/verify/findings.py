"""What a package's check finds: stable codes, and a list that a broken package cannot flood."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from ankigen.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LISTED = 50
"""Findings of one code that are kept; the others are counted."""


class Code(StrEnum):
    """Stable names of the findings; a code never changes its meaning once released."""

    # The zip
    UNREADABLE = "AP001"
    REPEATED_ENTRY = "AP002"
    EXTRA_ENTRY = "AP003"
    NO_META = "AP004"
    # Media
    MISSING_ENTRY = "AP010"
    BROKEN_MEDIA = "AP011"
    REPEATED_MEDIA = "AP012"
    MEDIA_NAME = "AP013"
    UNUSED_MEDIA = "AP014"
    MISSING_MEDIA = "AP015"
    TEMPLATE_MEDIA = "AP016"
    SOUND = "AP017"
    # Notes and cards
    DATABASE = "AP020"
    DUPLICATE_GUID = "AP021"
    UNKNOWN_NOTE_TYPE = "AP022"
    FIELD_COUNT = "AP023"
    NO_CARDS = "AP024"
    NO_NOTE = "AP025"
    NO_DECK = "AP026"
    EMPTY_CARD = "AP027"
    ABSENT_CARD = "AP028"
    # Templates
    TEMPLATE = "AP030"
    UNKNOWN_FIELD = "AP031"
    UNKNOWN_FILTER = "AP032"
    # Safety
    SCRIPT = "AP040"
    EMBED = "AP041"
    REMOTE = "AP042"
    UNCLOSED_TAG = "AP043"
    DESCRIPTION = "AP044"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a package.

    Attributes:
        severity: An error harms a learner or makes Anki refuse the package; a warning may be meant.
        code: Which kind it is.
        where: The note's key or GUID, the template, deck or media file; "" for the whole package.
        message: What is wrong, one sentence without a full stop.
        hint: What to do about it; may be empty.
    """

    severity: Severity
    code: Code
    where: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of a package found.

    Attributes:
        file: The package, as the caller named it.
        notes: How many were read.
        cards: How many were read.
        media: How many the media map names.
        findings: By code, at most ``MAX_LISTED`` of each.
        counts: All findings, by code.
    """

    file: str
    notes: int
    cards: int
    media: int
    findings: tuple[Finding, ...]
    counts: Mapping[Code, int]

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


class Tally:
    """Collects findings as they come: the first of each code, and how many there are."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Code, Severity], list[Finding]] = {}
        self._counts: Counter[Code] = Counter()

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it if it is among the first of its code and severity."""
        self._counts[finding.code] += 1
        kept = self._kept.setdefault((finding.code, finding.severity), [])
        if len(kept) < MAX_LISTED:
            kept.append(finding)

    def findings(self) -> tuple[Finding, ...]:
        """Those that were kept, by code, errors first."""
        return tuple(finding for _, found in sorted(self._kept.items()) for finding in found)

    def counts(self) -> Mapping[Code, int]:
        """How many there were of each code."""
        return MappingProxyType(dict(sorted(self._counts.items())))
