"""``pronunciations.yaml``: what is said for a written form, and a text made ready for a voice.

Forms are matched case-sensitively on word boundaries, the longest first, with their plurals and
possessives; what stands between them is said by the rules of ``spokentext``.
"""

# Phonetic letters and typographic signs are meant.
# ruff: noqa: RUF001, RUF003

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from pydantic import Field, TypeAdapter

from ankigen import files, schema, yamltext
from ankigen.diagnostics import Code, Diagnostic, SourceError, Span
from ankigen.schema import Strict, Text
from ankigen.spokentext import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ankigen.yamltext import Document

LEXICON_FILE = "pronunciations.yaml"

PHONEMES = frozenset(
    " ̃ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔ"
    "ˈˌːʰʲᵻ"
)
"""The sounds that hibari 0.2.1 knows (``assets/vocab.json`` of its wheel, without punctuation and
tones); it drops every other character in silence. They are those of misaki: A is eɪ, I aɪ, O oʊ,
W aʊ, Y ɔɪ, T the flap, and a stress mark stands before the vowel."""

PHONEMES_HINT = (
    "use the phonemes of hibari: ˈ before the stressed vowel; A I O W Y are the diphthongs of day,"
    " my, go, now, boy"
)
"""What to do about a wrong one."""

# What joins a form to the name before it in code, where the rules see no word behind it.
_JOINTS = {".": " dot ", "_": " ", "::": " "}
_JOINT = re.compile(r"(?:\A|(?<=\w))(\.|::|_)\Z")

_SIBILANTS = "szʃʒʧʤ"
_VOICELESS = "ptkfθ"
_BRACKETS = str.maketrans("[]", "()")


class Ipa(Strict):
    """What the card shows."""

    us: Text | None = Field(default=None, description="American.")
    gb: Text | None = Field(default=None, description="British.")


class Pronunciation(Strict):
    """How one written form is said."""

    say: Text | None = Field(default=None, description="A respelling that any voice reads right.")
    phonemes: Text | None = Field(default=None, description="In the alphabet of hibari.")
    ipa: Ipa = Field(default_factory=Ipa, description="What the card shows, by accent.")
    source: Text | None = Field(default=None, description="Where this is known from.")


@dataclass(frozen=True, slots=True)
class Said:
    """A form in a text.

    Attributes:
        written: As it stands in the text.
        say: What a voice that reads text is given.
        phonemes: In the alphabet of hibari; empty where ``say`` tells enough.
        form: Under which the lexicon has it; empty where an entry has a wording of its own.
        ending: Of a plural or possessive, which follows the form.
    """

    written: str
    say: str
    phonemes: str = ""
    form: str = field(default="", compare=False)
    ending: str = field(default="", compare=False)

    def notation(self) -> str:
        """For hibari: ``[written](/phonemes/)`` for each word, so text may be cut at spaces."""
        if not self.phonemes:
            return self.say.translate(_BRACKETS)
        name = "_".join(self.written.translate(_BRACKETS).split())
        return " ".join(f"[{name}](/{word}/)" for word in self.phonemes.split())


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text as a voice is to say it.

    Attributes:
        parts: Ordinary text and forms of the lexicon, in order; joined without anything between.
    """

    parts: tuple[str | Said, ...]

    @property
    def plain(self) -> str:
        """For a voice that reads text: respellings in place of the forms."""
        return "".join(part if isinstance(part, str) else part.say for part in self.parts)

    def notation(self) -> str:
        """For hibari: phonemes in its notation; text that looks like it does not act."""
        return "".join(
            part.translate(_BRACKETS) if isinstance(part, str) else part.notation()
            for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The forms that a course says in its own way.

    Attributes:
        entries: By written form.
    """

    entries: Mapping[str, Pronunciation] = field(default_factory=dict)
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Grouped by the first character: most words are told apart by that alone.
        longest_first = sorted(self.entries, key=lambda form: (form[:1], -len(form), form))
        groups = [
            rf"{re.escape(first)}(?:{'|'.join(re.escape(form[1:]) for form in alike)})"
            for first, alike in groupby(longest_first, key=lambda form: form[:1])
        ]
        forms = "|".join(groups) or "(?!)"
        # Not inside a word or a decimal number: no '2×' in '1.2×'. Words meet at '_' in code.
        pattern = rf"(?<![^\W_])(?<!\d[.,])({forms})((?<=\w)(?:['’]s|s['’]?))?(?![^\W_]|\.\d)"
        object.__setattr__(self, "_pattern", re.compile(pattern))

    def split(self, text: str) -> Iterator[str | Said]:
        """The text and the forms in it, in order; no text is empty."""
        start = 0
        for match in self._pattern.finditer(text):
            if match.start() > start:
                yield text[start : match.start()]
            yield _said(match[1], match[2] or "", self.entries[match[1]])
            start = match.end()
        if start < len(text):
            yield text[start:]


def read(root: Path) -> tuple[Lexicon, list[Diagnostic]]:
    """The lexicon of a project, empty where it has none.

    Args:
        root: The project's folder, resolved.
    """
    path = root / LEXICON_FILE
    if not path.exists():
        return Lexicon(), []
    try:
        text = files.read_source(root, path)
    except SourceError as error:
        return Lexicon(), list(error.diagnostics)
    return load(yamltext.read(text, LEXICON_FILE), LEXICON_FILE)


def load(document: Document, file: str) -> tuple[Lexicon, list[Diagnostic]]:
    """The lexicon of a file, empty where the file cannot be used, and what is wrong with it."""
    problems = list(document.diagnostics)
    if document.value is None:
        return Lexicon(), problems
    entries = schema.validate(_ENTRIES, document.value, document.marks, file)
    if isinstance(entries, schema.Invalid):
        return Lexicon(), [*problems, *entries.diagnostics]
    for form, entry in entries.items():
        key = Span(file, *document.marks.find((form,), key=True))
        if form != form.strip() or not form:
            problems.append(
                Diagnostic(
                    key,
                    Code.BAD_VALUE,
                    f"the form '{form}' is empty or has spaces around it",
                    "write the word as it stands in the text",
                )
            )
        if not (entry.say or entry.phonemes):
            problems.append(
                Diagnostic(
                    key,
                    Code.MISSING_KEY,
                    f"'{form}' does not tell how it is said",
                    "add 'say:' or 'phonemes:'",
                )
            )
        unknown = unknown_phonemes(entry.phonemes or "")
        if unknown:
            problems.append(
                Diagnostic(
                    Span(file, *document.marks.find((form, "phonemes"))),
                    Code.BAD_VALUE,
                    f"no voice knows '{unknown}' in the phonemes of '{form}'",
                    PHONEMES_HINT,
                )
            )
    return (Lexicon(), problems) if problems else (Lexicon(entries), [])


def unknown_phonemes(phonemes: str) -> str:
    """The characters that are no phonemes, each once."""
    return "".join(sorted(set(phonemes) - PHONEMES))


def phonemes_of(say: str) -> str:
    """What stands between the slashes of ``/…/``; empty where it is not in slashes."""
    return say[1:-1] if len(say) > 2 and say[0] == say[-1] == "/" else ""  # noqa: PLR2004


def reword(text: str, say: str, lexicon: Lexicon) -> Utterance:
    """What is said for a text that has a wording of its own: a respelling, or /phonemes/."""
    phonemes = phonemes_of(say)
    return Utterance((Said(text, text, phonemes),)) if phonemes else utter(say, lexicon)


def utter(text: str, lexicon: Lexicon) -> Utterance:
    """What is said for a text without markup."""
    parts: list[str | Said] = []
    found = list(lexicon.split(text))
    for index, part in enumerate(found):
        if isinstance(part, Said):
            parts.append(part)
            continue
        between = part
        # A hyphen joins a form to a word; it would else be read as a flag's, or fuse the two.
        if index > 0:
            between = re.sub(r"\A[-–/](?=\w|\Z)", " ", between)
        if index + 1 < len(found):
            between = re.sub(r"(?<=\w)[-–/]\Z", " ", between)
            between = _JOINT.sub(lambda match: _JOINTS[match[1]], between)
        said = spoken(between)
        # Names in code come apart into words, which may be forms themselves.
        parts += [part] if said == part else lexicon.split(said)
    return Utterance(tuple(_stripped(parts)))


def _said(form: str, ending: str, entry: Pronunciation) -> Said:
    say, phonemes = entry.say or form, entry.phonemes or ""
    if ending:
        # 'A P I' + 's' would be read 'A P is'.
        letter = re.search(r"(?:\b[A-Z]|\d)\Z", say) and ending == "s"
        say += "'s" if letter else ending
        phonemes += _plural(phonemes) if phonemes else ""
    return Said(form + ending, say, phonemes, form, ending)


def _plural(phonemes: str) -> str:
    """The sound of a final s, by what it follows."""
    if phonemes[-1] in _SIBILANTS:
        return "ᵻz"
    return "s" if phonemes[-1] in _VOICELESS else "z"


def _stripped(parts: list[str | Said]) -> Iterator[str | Said]:
    for index, part in enumerate(parts):
        if isinstance(part, str):
            stripped = part.lstrip() if index == 0 else part
            stripped = stripped.rstrip() if index == len(parts) - 1 else stripped
            if stripped:
                yield stripped
        else:
            yield part


_ENTRIES: TypeAdapter[dict[str, Pronunciation]] = TypeAdapter(dict[str, Pronunciation])
