"""Phonemes of the offline voice → IPA, as dictionaries print it.

hibari writes the alphabet of misaki: one letter a sound (``A`` is eɪ, ``ʤ`` is dʒ), and a stress
mark right before its vowel. IPA writes the mark where the stressed syllable begins; here that is
with the largest onset that English allows: ``sˌʌbɪkspɹˈɛʃən`` → ``ˌsʌbɪkˈspɹɛʃən``.

What the marks say is that of ``pronunciations.yaml``:

* a word of one syllable has no primary stress, and no stress at all where it begins the text;
* letters that are spelled out are syllables of their own (``ˌɛfpˈi`` → ``ˌɛfˈpi``), and of theirs
  only the first and the main stress are marked (``ˌApˌiˈI`` → ``ˌeɪpiˈaɪ``).
"""

# Phonetic letters are meant.
# ruff: noqa: RUF001, RUF002, RUF003

from __future__ import annotations

import re

VERSION = 1
"""Of what this module makes of the same phonemes: raise it with every change that shows."""

SYMBOLS = frozenset(
    "abcdefhijklmnopqrstuvwxyzæçðøŋœɐɑɒɔɕɖəɚɛɜɝɟɡɣɤɥɨɪɯɰɲɳɴɸɹɻɽɾʁʂʃʈʊʋʌʎʒʔʝʑβθχˈˌː "
)
"""All that a transcription may hold: letters of the IPA, stress marks, length, spaces."""

_VOWELS = "aeiouyæøœɐɑɒɔəɛɜɤɨɪɯʊʌAIOQWYᵊᵻ"
_CONSONANTS = "bcdfhjklmnpqstvwxzçðŋɕɖɟɡɣɥɰɲɳɴɸɹɻɽɾʁʂʃʈʋʎʒʔʝβθχʣʤʥʦʧʨꭧT"
_OTHER = re.compile(rf"[^{_VOWELS}{_CONSONANTS}ˈˌː]+")  # punctuation, tones, what is no sound

# Applied in this order, after the stress marks have moved: əˈɹeɪ is no ɚ.
_AFFRICATES = (
    *(("ʤ", "dʒ"), ("ʧ", "tʃ"), ("ʣ", "dz"), ("ʥ", "dʑ")),
    *(("ʦ", "ts"), ("ʨ", "tɕ"), ("ꭧ", "tʂ")),
)
_DIPHTHONGS = (("A", "eɪ"), ("I", "aɪ"), ("O", "oʊ"), ("Q", "əʊ"), ("W", "aʊ"), ("Y", "ɔɪ"))
_REDUCED = (("T", "ɾ"), ("ᵊ", "ə"), ("ᵻ", "ɪ"), ("ɐ", "ə"))
# A doubled ɹ is a slip of the rules for unknown words.
_AMERICAN = (("ɹɹ", "ɹ"), ("ɜɹ", "ɝ"), ("əɹ", "ɚ"), *_AFFRICATES, *_DIPHTHONGS, *_REDUCED)
# The British dictionary writes the vowel of "nurse" both ɜː and əː.
_BRITISH = (("a", "æ"), ("ɛː", "eə"), ("əː", "ɜː"), *_AFFRICATES, *_DIPHTHONGS, *_REDUCED)

# The onsets of English words: Giegerich, English Phonology (1992), ch. 6; with those before j of
# British "tune", "dune", "new". ŋ and the flap begin no stressed syllable.
_ONSETS = frozenset(
    [
        "b",
        "d",
        "f",
        "h",
        "j",
        "k",
        "l",
        "m",
        "n",
        "p",
        "s",
        "t",
        "v",
        "w",
        "z",
        "ð",
        "ɡ",
        "ɹ",
        "ʃ",
        "ʒ",
        "ʤ",
        "ʧ",
        "θ",
        "pl",
        "pɹ",
        "pj",
        "bl",
        "bɹ",
        "bj",
        "tɹ",
        "tw",
        "tj",
        "dɹ",
        "dw",
        "dj",
        "kl",
        "kɹ",
        "kw",
        "kj",
        "ɡl",
        "ɡɹ",
        "ɡw",
        "ɡj",
        "fl",
        "fɹ",
        "fj",
        "vj",
        "θɹ",
        "θw",
        "θj",
        "ʃɹ",
        "hj",
        "mj",
        "nj",
        "lj",
        "sj",
        "zj",
        "sl",
        "sw",
        "sm",
        "sn",
        "sf",
        "sp",
        "st",
        "sk",
        "spl",
        "spɹ",
        "spj",
        "stɹ",
        "stj",
        "skl",
        "skɹ",
        "skw",
        "skj",
    ]
)

# Second parts of compounds that would else take a consonant from the first: work.load, back.up.
# They are the ones that are common in the field, as misaki's American dictionary writes them; its
# British one marks no stress on them.
_HEADS = re.compile(
    "(?:"
    "lˌIn|lˌOd|lˌɑk|lˌɔɡ|lˌIt|lˌIf|lˌænd|lˌɪst|lˌɪŋk|lˌup|lˌʊk|lˌɛvᵊl|lˌAbᵊl"
    "|wˌɜɹk|wˌɛɹ|wˌIz|wˌA|wˌɪdθ|wˌɜɹd|wˌAt|wˌɔl|wˌIəɹ|wˌɔk|ɹˌum|ɹˌAl|ɹˌOd"
    "|pˌɔɹt|pˌYnt|plˌAt|tˌIm|ˌʌp|ˌWt|ˌɔf|ˌɔn|ˌɪn|ˌOvəɹ|(?<=[kt])ˌɛnd"
    ")(?:[szdt]|ᵻz|ᵻd|ɪŋ|əɹz?)?"
)

_NUCLEUS = re.compile(rf"[ɪʊ]ə|[{_VOWELS}]ː?")
_EARLY = re.compile(rf"([ˈˌ])([{_CONSONANTS}]+)(?=[{_VOWELS}])")
_STRESSED = re.compile(rf"([{_CONSONANTS}]*)([ˈˌ])(?=[{_VOWELS}])")
_LOST = re.compile(rf"[ˈˌ](?![{_CONSONANTS}]*[{_VOWELS}])")

# A letter's name in both accents; each has its stress.
_LETTER = (
    "[ˈˌ]Aʧ|[ʤk]?[ˈˌ]A|[bsdʤptvz]?[ˈˌ]iː?|z[ˈˌ]ɛd|[ˈˌ]ɛ(?:ks|[flmns])|w?[ˈˌ]I|[ˈˌ][OQ]"
    "|k?j[ˈˌ]uː?|[ˈˌ]ɑ[ɹː]|d[ˈˌ]ʌbᵊljuː?"
)
_SPELT = re.compile(rf"(?:{_LETTER}){{2,}}(?:s|[ᵻɪ]?z)?")
_LETTERS = re.compile(_LETTER)

_SIBILANT = re.compile("[szʃʒ]ː?\\Z")
_VOICELESS = re.compile("[ptkfθ]ː?\\Z")


def american(phonemes: str) -> str:
    """IPA of American phonemes, of one or several words; empty where there is no sound."""
    return _written(phonemes, _AMERICAN)


def british(phonemes: str) -> str:
    """IPA of British phonemes, of one or several words; empty where there is no sound."""
    return _written(phonemes, _BRITISH)


def plural(ipa: str) -> str:
    """IPA with the sound of a final s: ``ɪz`` after a sibilant, else ``s`` or ``z``."""
    if not _SIBILANT.search(ipa):
        return f"{ipa}s" if _VOICELESS.search(ipa) else f"{ipa}z" if ipa else ""
    before, space, word = ipa.rpartition(" ")
    # The word gets a second syllable, and so a stress to be told.
    mark = "" if "ˈ" in word or "ˌ" in word else "ˈ"
    return f"{before}{space}{mark}{word}ɪz"


def _written(phonemes: str, letters: tuple[tuple[str, str], ...]) -> str:
    words: list[str] = []
    for word in _OTHER.sub(" ", phonemes).split():
        stressed = _syllables(_LOST.sub("", word), first=not words)
        if stressed.strip("ː"):
            words.append(stressed)
    ipa = " ".join(words)
    for sound, symbols in letters:
        ipa = ipa.replace(sound, symbols)
    return ipa


def _syllables(word: str, *, first: bool) -> str:
    """The word with its stress marks at the onsets of their syllables."""
    if len(_NUCLEUS.findall(word)) < 2:  # noqa: PLR2004 - one syllable
        return re.sub("[ˈˌ]" if first else "ˈ", "", _STRESSED.sub(r"\2\1", word))
    if _SPELT.fullmatch(word):
        return _spelt(word)
    return _STRESSED.sub(_moved, _EARLY.sub(r"\2\1", word))


def _moved(match: re.Match[str]) -> str:
    """A mark from before its vowel to before the onset."""
    consonants, mark = match.groups()
    starts = range(len(consonants) + 1)
    seam = match.start() and next(
        (at for at in starts if _HEADS.fullmatch(match.string, match.start() + at)), None
    )
    if seam is None:
        seam = next((at for at in starts if consonants[at:] in _ONSETS), len(consonants))
    return f"{consonants[:seam]}{mark}{consonants[seam:]}"


def _spelt(word: str) -> str:
    """Each letter's name begins with its mark, if that is the first of all or primary."""
    plain = _LETTERS.sub(lambda match: re.sub("(.*)([ˈˌ])", r"\2\1", match[0]), word)
    return plain[0] + plain[1:].replace("ˌ", "")
