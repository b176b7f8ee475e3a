"""What is wrong, where, and what to do: the one shape of every message about a person's files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Code(StrEnum):
    """Stable names of the mistakes; a code never changes its meaning once released."""

    # Files
    UNREADABLE = "AG001"
    TOO_LARGE = "AG002"
    OUTSIDE = "AG003"
    NOT_UTF8 = "AG004"
    EMPTY = "AG005"
    NOT_A_SOURCE = "AG006"
    FILE_NAME = "AG007"
    # YAML
    YAML = "AG010"
    TAB = "AG011"
    DUPLICATE_KEY = "AG012"
    ALIAS = "AG013"
    TAG = "AG014"
    DEPTH = "AG015"
    # Tables
    TABLE = "AG020"
    FORMULA = "AG021"
    MERGED = "AG022"
    HEADER = "AG023"
    DETECTED = "AG024"
    # Values
    UNKNOWN_KEY = "AG101"
    MISSING_KEY = "AG102"
    WRONG_TYPE = "AG103"
    BAD_VALUE = "AG104"
    # Identity and references
    DUPLICATE_ID = "AG201"
    UNKNOWN_REFERENCE = "AG202"
    GAP = "AG203"
    LONE_TOPIC = "AG204"
    TOPIC_SLIP = "AG205"
    FAR_EXAMPLE = "AG206"
    # The course
    UNKNOWN_NOTE_TYPE = "AG301"
    NO_CATEGORY_FILE = "AG302"
    UNKNOWN_CATEGORY = "AG303"
    UNLISTED_CATEGORY = "AG304"
    NO_CARD = "AG305"
    EMPTY_CATEGORY = "AG306"
    FEW_EXAMPLES = "AG307"
    UNSORTED = "AG308"
    LEVEL_GAP = "AG309"
    STRAY = "AG310"
    # Rendering and speech
    HTML = "AG401"
    UNSAYABLE = "AG402"
    RECORDING = "AG403"
    STAND_IN = "AG404"
    BUDGET = "AG405"
    MEDIA = "AG406"
    UNUSED_MEDIA = "AG407"
    LARGE_MEDIA = "AG408"
    UNKNOWN_FORM = "AG409"
    LINK = "AG410"
    VOICE = "AG411"
    VOICE_LANGUAGE = "AG412"
    # Note types
    NOTE_TYPE = "AG501"
    TEMPLATE = "AG502"
    # Releases
    LOCK = "AG601"
    STALE_LOCK = "AG602"
    SCHEMA = "AG603"
    CARDS = "AG604"
    GUID = "AG605"
    LOST_LOCK = "AG606"
    # Language
    SPELLING = "AG701"
    VARIETY = "AG702"
    NAME = "AG703"
    HYPHEN = "AG704"
    REPEATED_WORD = "AG705"
    ARTICLE = "AG706"
    SLIP = "AG707"
    CIRCULAR = "AG711"
    LONG_DEFINITION = "AG712"
    HARD_WORD = "AG713"
    SENTENCE_LENGTH = "AG721"
    NO_SENTENCE = "AG722"
    TERM_ABSENT = "AG723"
    REPEATED_TEXT = "AG724"
    HINT_TELLS = "AG725"
    KEY_PHRASE = "AG726"
    UNMARKED_CHANGE = "AG727"
    QUOTES = "AG731"
    DASHES = "AG732"
    SPACES = "AG733"
    PUNCTUATION = "AG734"
    # The check itself
    SUPPRESSION = "AG801"
    UNUSED_SUPPRESSION = "AG802"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file.

    Attributes:
        file: Path as a person would type it, relative to the project with ``/``.
        sheet: Of a workbook, whose lines are rows and whose columns have letters; empty for text.
        line: 1-based line; 0 when the whole file or sheet is meant.
        column: 1-based column, of a text in characters; 0 when the whole line or file is meant.
    """

    file: str
    sheet: str = field(default="", kw_only=True)  # stands here for the order
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """``file:line:column`` or ``file!sheet:B7``, leaving out what is not known."""
        place = self.file
        if self.sheet:
            place += f"!{self.sheet}"
            if self.line:
                place += f":{column_letters(self.column)}{self.line}"
        elif self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return place


def column_letters(column: int) -> str:
    """What spreadsheets call a 1-based column: A, B … Z, AA; nothing for 0."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


class Places(Protocol):
    """Where the keys and values of an entry stand, whatever kind of file holds it."""

    def span(self, file: str, path: Sequence[str | int] = (), *, key: bool = False) -> Span:
        """The place of the value at ``path``, as far down as it is known.

        Args:
            file: The file, as messages name it.
            path: Keys and list indices.
            key: The key that ends the path is meant instead of its value.
        """

    def called(self, key: str) -> str:
        """A key in quotes, and what the file calls it where that is another name."""

    def missing(self, path: Sequence[str | int]) -> tuple[str, str]:
        """In words, that there is no value at ``path``; and what to do about it."""

    def listed(self, values: Sequence[str]) -> str:
        """What to do where values of a list stand there as one."""


class Severity(StrEnum):
    """Whether a mistake stops the build."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    """No mistake: how a file was understood, for those who want to know more."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One mistake.

    Attributes:
        span: Where it is.
        code: Which kind it is.
        message: What is wrong, one sentence without a full stop.
        hint: What to do about it, one sentence; may be empty.
        severity: An error stops the build, a warning does not, a note is told only when asked for.
    """

    span: Span
    code: Code
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR


_ALIKE = 60.0  # per cent; "defintion" and "definition" are 95


class AnkigenError(Exception):
    """Base of every error that is not a bug of ours."""


class SourceError(AnkigenError):
    """The sources are at fault; carries every diagnostic of the run, sorted and without repeats."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(set(diagnostics)))
        super().__init__("\n".join(f"{d.span}: {d.code} {d.message}" for d in self.diagnostics))


class SetupError(AnkigenError):
    """Usage, configuration or environment is at fault, not a source.

    Attributes:
        hint: What to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def to_install(extra: str) -> str:
    """A hint: how what is optional comes to an ankigen that was installed without it."""
    checkout = f"pipx install --force '.[{extra}]' where the sources of ankigen are"
    return f"{checkout}, or pip install 'ankigen[{extra}]'"


# But the tab: control characters, other line ends, direction marks, bytes of broken file names.
_CONTROL = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str) -> str:
    """Other people's text on a terminal: it ends no line, moves no cursor, turns no text around."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` is most likely a slip of, or None."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a mistake needs it

    match = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return match[0] if match else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint naming the nearest known word, or ``otherwise``."""
    match = nearest(word, known)
    return f"did you mean '{match}'?" if match else otherwise
