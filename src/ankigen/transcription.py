"""The IPA of a text: of the lexicon's forms as it tells, of the rest as the offline voice reads it.

What the voice's reading gives is kept in a cache, which holds derivations only: forms of the
lexicon are looked up each time, so a changed lexicon shows at once.

The voice's rules tag each word of a phrase with its part of speech, which is slow. Most words are
read alike whatever stands around them, and a phrase of such words is put together from theirs.
"""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import functools
import gzip
import importlib.util
import json
import re
import unicodedata
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ankigen import files, ipa
from ankigen.lexicon import Said, utter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ankigen.lexicon import Lexicon

    Accent = Literal["us", "gb"]
    Readers = Mapping[Accent, "Reader"]
    Readings = dict[str, dict[str, str]]

_BRACKETS = str.maketrans("[]", "()")  # [word](/phonemes/) is notation for the voice
_SILENT = " \t\n,.;:!?()-–—…'\"‘’“”/"

# What the voice's rules for numbers, units, dates and signs leave as it is. "no" before a number
# may be tagged as the end of a sentence, and the number as a full stop.
_PLAIN = re.compile(r"[a-z]{2,}(?: [a-z]{2,})*(?:(?<!\bno) [0-9]{1,6})?")
_YEAR_DIGITS = 4

_IN_CONTEXT = frozenset(["aka", "am", "an", "by", "in", "the", "to", "used", "vs"])
"""Words that are read by what follows, or by their part of speech: get_special_case of hibari 0.2.1
(``g2p/lexicon.py``). Others of that kind have several readings in its dictionaries."""

_STEMS = ((1, ""), (2, ""), (3, ""), (3, "e"), (3, "y"), (4, ""))
"""What the rules put for endings such as -s, -ies, -ed, -ing, -ning: letters cut, letters added."""


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
        readers: Those of another, with what they have loaded.
    """

    def __init__(self, lexicon: Lexicon, cache: Path, readers: Readers | None = None) -> None:
        self._lexicon = lexicon
        self._cache = cache
        self._readers = readers or new_readers()
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

    def close(self) -> None:
        """Let go of the dictionaries and rules; what is transcribed later loads them again."""
        self._readers = new_readers()

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
            readings[phrase] = self._readers[accent].read(phrase)
            self._added = True
        return readings[phrase]


class Reader:
    """How the voice reads in an accent; loads only what the phrases need."""

    def __init__(self, accent: Accent) -> None:
        self._accent = accent
        self._written = ipa.american if accent == "us" else ipa.british
        self._words: dict[str, str] = {}

    def read(self, phrase: str) -> str:
        """IPA of a phrase; empty where it has no sound."""
        if _PLAIN.fullmatch(phrase):
            words = phrase.split()
            if words[-1].isdigit():
                words[-1:] = _number(words[-1])
            found = [self._word(word) for word in words]
            if all(found):
                return " ".join(found)
        try:
            phonemes = self._rules(phrase)
        except (IndexError, ValueError):  # a number of more than 36 digits, or one like ⒌
            phonemes = ""
        return self._written(phonemes)

    def _word(self, word: str) -> str:
        """IPA of a word that is the same in every phrase; empty where it is not, or not known."""
        made = self._words.get(word)
        if made is None:
            made = self._words[word] = self._derived(word)
        return made

    def _derived(self, word: str) -> str:
        if word in _IN_CONTEXT or word in _contractions():
            return ""
        found = _entry(self._gold, word)
        if not isinstance(found, str):
            # What the rules may look up for it, until one is known: its singular, its infinitive.
            looked_up = (word, *(word[:-cut] + end for cut, end in _STEMS))
            if any(isinstance(_entry(self._gold, form), dict) for form in looked_up) or any(
                isinstance(_entry(self._silver, form), dict) for form in looked_up
            ):
                return ""
            # With no such word, neither a part of speech nor a neighbour is asked for.
            found = self._lexicon.get_word(word, "NN", None, None)[0] or self._unknown(word) or ""
        phonemes = found.replace("ɾ", "T").replace("ʔ", "t")  # as the rules do at last
        alone = self._written(phonemes)
        # Where it is not the first, a word of one syllable may be stressed.
        return alone if self._written(f"ə {phonemes}") == f"ə {alone}" else ""

    @functools.cached_property
    def _gold(self) -> dict[str, Any]:
        return _asset(f"lexicon_{self._accent}_gold.json.gz")

    @functools.cached_property
    def _silver(self) -> dict[str, Any]:
        return _asset(f"lexicon_{self._accent}_silver.json.gz")

    @functools.cached_property
    def _lexicon(self) -> Any:  # noqa: ANN401 - it publishes no types
        from hibari.g2p.lexicon import Lexicon  # noqa: PLC0415 - loads numpy

        return Lexicon(self._gold, self._silver, british=self._accent == "gb")

    @functools.cached_property
    def _unknown(self) -> Any:  # noqa: ANN401 - likewise
        """The net for words that are in no dictionary."""
        from hibari.g2p.oov import OOV  # noqa: PLC0415 - loads onnxruntime

        return OOV(str(_assets() / ("oov.onnx" if self._accent == "us" else "oov_gb.onnx")))

    @functools.cached_property
    def _rules(self) -> Any:  # noqa: ANN401 - it publishes no types
        from hibari.g2p import G2P  # noqa: PLC0415 - loads dictionaries and a tagger

        return G2P(british=self._accent == "gb")


def new_readers() -> Readers:
    """A reader for each accent, with nothing loaded."""
    return {"us": Reader("us"), "gb": Reader("gb")}


def _entry(dictionary: dict[str, Any], word: str) -> object:
    """What a dictionary has for a lower-case word, which may be entered as a name."""
    return dictionary.get(word) or dictionary.get(word.capitalize())


@functools.cache
def _contractions() -> frozenset[str]:
    """Words that the voice takes apart: "cannot", "gonna"."""
    return frozenset(_asset("tokenizer_exceptions.json"))


def _asset(name: str) -> dict[str, Any]:
    """A JSON object of the voice's."""
    data = (_assets() / name).read_bytes()
    read: dict[str, Any] = json.loads(gzip.decompress(data) if name.endswith(".gz") else data)
    return read


def _assets() -> Path:
    """The folder inside the voice's wheel, found without loading the voice."""
    (folder,) = importlib.util.find_spec("hibari").submodule_search_locations  # type: ignore[union-attr, misc] # it is required
    return Path(folder) / "assets"


@functools.lru_cache(2)  # asked for by one accent after the other
def _number(digits: str) -> list[str]:
    """The words of a number as the voice says it."""
    from hibari.g2p import numbers  # noqa: PLC0415 - loads numpy

    number = int(digits)
    said = numbers.year(number) if len(digits) == _YEAR_DIGITS else numbers.cardinal(number)
    return [word for word in re.split("[^a-z]+", said) if word != "and"]


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
