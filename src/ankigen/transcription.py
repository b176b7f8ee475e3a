"""The IPA of a text: of the lexicon's forms as it tells, of the rest as the offline voice reads it.

What the voice's reading gives is kept in a cache, which holds derivations only: forms of the
lexicon are looked up each time, so a changed lexicon shows at once.
"""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import functools
import json
import unicodedata
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

from ankigen import files, ipa
from ankigen.lexicon import Said, utter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ankigen.lexicon import Lexicon

    Accent = Literal["us", "gb"]
    Readings = dict[str, dict[str, str]]

_BRACKETS = str.maketrans("[]", "()")  # [word](/phonemes/) is notation for the voice
_SILENT = " \t\n,.;:!?()-–—…'\"‘’“”/"


@dataclass(frozen=True, slots=True)
class Transcription:
    """IPA without slashes; empty where there is none.

    Attributes:
        us: American.
        gb: British.
    """

    us: str
    gb: str


class Transcriber:
    """Transcribes texts, with what it derived before at hand.

    Args:
        lexicon: The forms that a course says in its own way.
        cache: A JSON file of derivations. It need not exist; one that is torn, foreign or of
            another version is not used.
    """

    def __init__(self, lexicon: Lexicon, cache: Path) -> None:
        self._lexicon = lexicon
        self._cache = cache
        self._version = f"hibari-tts {version('hibari-tts')}, ipa {ipa.VERSION}"
        self._readings = _read(cache, self._version)
        self._added = False

    def transcribe(self, text: str) -> Transcription:
        """The IPA of a text without markup.

        Text between two forms of the lexicon is read as one phrase: "record" is not the same
        after "to" as after "a".
        """
        parts = utter(text, self._lexicon).parts
        return Transcription(
            us=" ".join(filter(None, self._words(parts, "us"))),
            gb=" ".join(filter(None, self._words(parts, "gb"))),
        )

    def remember(self) -> None:
        """Write the cache, whole or not at all, if something was derived that it lacked.

        Raises:
            OSError: The file cannot be written.
        """
        if self._added:
            with files.atomic_write(self._cache) as stream:
                stream.write(json.dumps({"version": self._version, **self._readings}).encode())
            self._added = False

    def _words(self, parts: tuple[str | Said, ...], accent: Accent) -> Iterator[str]:
        phrase = ""
        for part in parts:
            if isinstance(part, str):
                phrase += part
            elif known := self._known(part, accent):
                yield self._derived(phrase, accent)
                yield known
                phrase = ""
            else:
                phrase += part.say
        yield self._derived(phrase, accent)

    def _known(self, said: Said, accent: Accent) -> str:
        """What the lexicon knows of a form; empty where only its respelling tells."""
        written = getattr(self._lexicon.entries[said.form].ipa, accent)
        if written:
            written = str(written).strip("/[] ")
            return ipa.plural(written) if said.ending else written
        return ipa.american(said.phonemes) if accent == "us" else ""

    def _derived(self, phrase: str, accent: Accent) -> str:
        phrase = _readable(phrase).strip()
        if not phrase.strip(_SILENT):
            return ""
        readings = self._readings[accent]
        if phrase not in readings:
            try:
                phonemes = _reader(accent)(phrase)
            except (IndexError, ValueError):  # a number of more than 36 digits, or one like ⒌
                phonemes = ""
            readings[phrase] = ipa.american(phonemes) if accent == "us" else ipa.british(phonemes)
            self._added = True
        return readings[phrase]


@functools.cache
def _reader(accent: Accent) -> Any:  # noqa: ANN401 - it publishes no types
    """The voice's rules for an accent, loaded when first needed (half a second)."""
    from hibari.g2p import G2P  # noqa: PLC0415 - loads dictionaries

    return G2P(british=accent == "gb")


def _readable(text: str) -> str:
    """The text without what would act as notation, and without letters that are not Latin.

    The voice's rules would name those letters or give them sounds at random.
    """
    text = text.translate(_BRACKETS)
    if text.isascii():
        return text
    return "".join(
        char if not char.isalpha() or unicodedata.name(char, "").startswith("LATIN") else " "
        for char in unicodedata.normalize("NFC", text)
    )


def _read(cache: Path, expected: str) -> Readings:
    """The readings of a cache; empty ones where it cannot be used."""
    empty: Readings = {"us": {}, "gb": {}}
    try:
        data = json.loads(cache.read_bytes())
    except (OSError, ValueError, RecursionError):
        return empty
    if not isinstance(data, dict) or data.get("version") != expected:
        return empty
    readings: Readings = {}
    for accent in empty:
        known = data.get(accent)
        if not isinstance(known, dict) or not all(isinstance(made, str) for made in known.values()):
            return empty
        if not ipa.SYMBOLS.issuperset("".join(known.values())):
            return empty
        readings[accent] = known
    return readings
