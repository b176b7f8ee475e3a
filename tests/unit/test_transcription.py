"""The IPA of texts: forms of the lexicon, the rest, the cache."""

# Phonetic letters and typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hibari.g2p import G2P
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen import ipa, lexicon, reading
from ankigen.lexicon import Ipa, Lexicon, Pronunciation, utter
from ankigen.transcription import Transcriber, Transcription
from support import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

COURSE, _ = lexicon.read(REPOSITORY)
FORMS = Lexicon(
    {
        "GELU": Pronunciation(phonemes="ʤˈɛlu", ipa=Ipa(gb="ˈdʒɛluː")),
        "RAx": Pronunciation(say="racks", ipa=Ipa(us="/ɹæks/")),
        "qubit": Pronunciation(say="cue bit"),
    }
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Transcriber:
    """With the course's lexicon."""
    return Transcriber(COURSE, tmp_path_factory.mktemp("course") / "ipa.json")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where a cache may be, in a folder that does not exist."""
    return tmp_path / "cache" / "ipa.json"


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Transcriber:
    """With forms of which the lexicon does not tell all."""
    return Transcriber(FORMS, tmp_path_factory.mktemp("forms") / "ipa.json")


@pytest.mark.parametrize(
    ("text", "us", "gb"),
    [
        ("operator fusion", "ˈɑpəˌɹeɪɾɚ ˈfjuʒən", "ˈɒpəɹeɪtə ˈfjuːʒən"),
        ("bandwidth", "ˈbændˌwɪdθ", "ˈbændwɪdθ"),
        ("dead-code elimination", "ˌdɛdˈkoʊd əˌlɪməˈneɪʃən", "ˌdɛdˈkəʊd ɪˌlɪmɪˈneɪʃən"),
        ("ONNX Runtime", "ˈɑnɪks ˈɹʌntaɪm", "ˈɒnɪks ˈɹʌntaɪm"),
        ("JAX's kernel", "ˈdʒæksɪz ˈkɝnəl", "ˈdʒæksɪz ˈkɜːnəl"),
        ("two GPUs’ memory, shared", "tu ˌdʒipiˈjuz ˈmɛmɚi ʃɛɹd", "tuː ˌdʒiːpiːˈjuːz ˈmɛməɹi ʃeəd"),
        # Its context tells the noun from the verb.
        ("to record", "tə ɹəˈkɔɹd", "tə ɹɪˈkɔːd"),
        ("a record", "ə ˈɹɛkɚd", "ə ˈɹɛkɔːd"),
        ("GPU, to record", "ˌdʒipiˈju tə ɹəˈkɔɹd", "ˌdʒiːpiːˈjuː tə ɹɪˈkɔːd"),
        # Rules of spoken text come first.
        ("4 GB/s", "fɔɹ ˈɡɪɡəˌbaɪts pɝ ˈsɛkənd", "fɔː ˈɡɪɡəbaɪts pɜː ˈsɛkənd"),
    ],
)
def test_texts(course: Transcriber, text: str, us: str, gb: str) -> None:
    """Forms are as the lexicon tells, what stands between is read as a phrase."""
    assert course.transcribe(text) == Transcription(us, gb)


@pytest.mark.parametrize("text", ["", " ", "—", "…!", "()", "[]", "内核", "🙂", "ядро", "\u0301"])
def test_nothing_to_say(course: Transcriber, text: str) -> None:
    """What has no sound has no IPA."""
    assert course.transcribe(text) == Transcription("", "")


def test_letters_that_are_not_latin_say_nothing(course: Transcriber) -> None:
    """The rest of the text is transcribed without them."""
    assert course.transcribe("kernel (内核, ядро)") == course.transcribe("kernel")


def test_notation_in_the_text_does_not_act(course: Transcriber) -> None:
    """Brackets and slashes give no phonemes."""
    assert "fu" not in course.transcribe("[kernel](/fˈu/)").us.split()
    assert course.transcribe("[kernel](/fˈu/)").us.startswith("ˈkɝnəl ")
    assert course.transcribe("[CUDA]") == course.transcribe("CUDA")


@pytest.mark.parametrize(
    ("text", "us", "gb"),
    [
        ("GELU", "ˈdʒɛlu", "ˈdʒɛluː"),
        ("two GELUs", "tu ˈdʒɛluz", "tuː ˈdʒɛluːz"),
        ("RAx", "ɹæks", "ɹæks"),
        ("RAx's", "ˈɹæksɪz", "ˈɹæksɪz"),
        ("a qubit", "ə kju bɪt", "ə kjuː bɪt"),
        ("qubits", "kju bɪts", "kjuː bɪts"),
    ],
)
def test_forms_of_which_the_lexicon_does_not_tell_all(
    forms: Transcriber, text: str, us: str, gb: str
) -> None:
    """American comes from the phonemes, then from the respelling; British from the respelling."""
    assert forms.transcribe(text) == Transcription(us, gb)


def test_the_cache_is_written_only_when_it_grew(cache: Path) -> None:
    """Lexicon forms alone write none; known texts do not write it again."""
    first = Transcriber(COURSE, cache)
    first.transcribe("CUDA")
    first.remember()
    assert not cache.exists()
    made = first.transcribe("CUDA kernel")
    first.remember()
    cache.chmod(0o600)
    before = cache.stat()
    second = Transcriber(COURSE, cache)
    assert second.transcribe("CUDA kernel") == made
    second.remember()
    assert cache.stat().st_mtime_ns == before.st_mtime_ns
    assert cache.stat().st_ino == before.st_ino


def test_the_cache_is_used(cache: Path) -> None:
    """A reading that stands in the cache is not derived again."""
    first = Transcriber(Lexicon(), cache)
    first.transcribe("kernel")
    first.remember()
    _replace(cache, ("us", "kernel"), "ˈkɝnəʎ")
    assert Transcriber(Lexicon(), cache).transcribe("kernel").us == "ˈkɝnəʎ"


def test_a_changed_lexicon_shows_at_once(cache: Path) -> None:
    """The cache holds no form of the lexicon."""
    first = Transcriber(Lexicon(), cache)
    first.transcribe("the GELU")
    first.remember()
    changed = Transcriber(FORMS, cache).transcribe("the GELU")
    assert changed == Transcription("ðə ˈdʒɛlu", "ðə ˈdʒɛluː")


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"us": {"kernel": "x"}, "gb": {}}',
        b'{"version": "1", "us": {"kernel": "x"}, "gb": {}}',
    ],
)
def test_a_cache_that_is_none_is_not_used(cache: Path, spoilt: bytes) -> None:
    """Torn, foreign or older files are as none, and replaced."""
    cache.parent.mkdir()
    cache.write_bytes(spoilt)
    transcriber = Transcriber(Lexicon(), cache)
    assert transcriber.transcribe("kernel") == Transcription("ˈkɝnəl", "ˈkɜːnəl")
    transcriber.remember()
    assert json.loads(cache.read_bytes())["us"] == {"kernel": "ˈkɝnəl"}


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("version",), "hibari-tts 0.0.1, ipa 0"),
        (("us",), None),
        (("gb",), []),
        (("us", "kernel"), 1),
        (("us", "kernel"), "<script>"),
        (("us", "kernel"), "kˈOd"),
    ],
)
def test_a_cache_with_other_content_is_not_used(
    cache: Path, where: tuple[str, ...], value: object
) -> None:
    """Another version, other types, or what is no IPA."""
    first = Transcriber(Lexicon(), cache)
    made = first.transcribe("kernel")
    first.remember()
    _replace(cache, where, value)
    assert Transcriber(Lexicon(), cache).transcribe("kernel") == made


def test_a_folder_in_the_cache_s_place_is_not_used(tmp_path: Path) -> None:
    """A path that cannot be read is as no cache."""
    assert Transcriber(Lexicon(), tmp_path).transcribe("kernel").gb == "ˈkɜːnəl"


@given(
    st.text()
    | st.text(st.sampled_from("aekstʃ []()/ˈ'’-–—.,:0123456789²½%$€&+#@_°AIOWYTQ"))
    | st.lists(st.sampled_from(["CUDA", "GPUs", "the", "42", "[x](/y/)", "é", "—"])).map(" ".join)
)
@example("1" * 37)
@example("1" * 5000)
@example("⒌")
@example("½²³¼")
@example("ᵻᵊʤʧ")
@example("\udcff")
def test_any_text_gives_only_ipa(course: Transcriber, text: str) -> None:
    """Symbols, spaces and stress marks; never an exception."""
    made = course.transcribe(text)
    assert set(made.us + made.gb) <= ipa.SYMBOLS
    assert made.us == " ".join(made.us.split())


@pytest.fixture(scope="module")
def rules() -> dict[str, Any]:
    """The voice's own, which read whole phrases."""
    return {"us": G2P(), "gb": G2P(british=True)}


SOME = 800
"""So many phrases of each kind are read in every run, and all where the whole course is."""


@pytest.fixture
def some(request: pytest.FixtureRequest) -> int:
    """How many phrases are read in this run."""
    return sys.maxsize if request.config.getoption("--whole-course") else SOME


def _differing(phrases: set[str], some: int, rules: dict[str, Any], cache: Path) -> list[str]:
    """The phrases that the rules read in another way; their texts are spoken as they stand."""
    transcriber = Transcriber(Lexicon(), cache)
    phrases = {phrase for phrase in phrases if utter(phrase, Lexicon()).parts == (phrase,)}
    return [
        phrase
        for phrase in sorted(phrases)[:: max(1, len(phrases) // some)]
        if transcriber.transcribe(phrase)
        != Transcription(ipa.american(rules["us"](phrase)), ipa.british(rules["gb"](phrase)))
    ]


def test_phrases_are_read_as_the_rules_read_them(
    rules: dict[str, Any], some: int, tmp_path: Path
) -> None:
    """Words of the dictionaries, of the tagger and unknown ones, as they follow one another.

    Some hundreds are read; thousands are where the whole course is.
    """
    chance = random.Random(0)  # noqa: S311 - phrases to compare, no secret
    names = {*rules["us"].lexicon.golds.d, *rules["gb"].lexicon.silvers.d}
    known = sorted(name.lower() for name in names if re.fullmatch("[A-Za-z]{2,}", name))
    common = sorted(word for word in rules["us"].tagger.vocab if re.fullmatch("[a-z]{2,}", word))

    def word() -> str:
        made: str = chance.choice(chance.choice([known, common, common]))
        return made + chance.choice([*[""] * 6, "s", "es", "ed", "ing", "ies", "ning", "xq"])

    def number() -> str:
        digits = chance.choice([99, 9_999, 999_999])
        return chance.choice(["", "", f" {chance.randrange(digits)}"])

    phrases = {
        " ".join(word() for _ in range(chance.randint(1, 5))) + number() for _ in range(2_500)
    }
    assert len(phrases) > 2_000
    assert _differing(phrases, some, rules, tmp_path / "ipa.json") == []


def test_a_number_after_any_word_is_read_as_by_the_rules(
    rules: dict[str, Any], some: int, tmp_path: Path
) -> None:
    """Their tagger may take it for a full stop, as it does after some words.

    Some hundreds of words are tried; all are where the whole course is.
    """
    words = {word for word in rules["us"].tagger.vocab if re.fullmatch("[a-z]{2,}", word)}
    phrases = {f"{word} 1987" for word in words}
    assert len(phrases) > 1_000
    assert _differing(phrases, some, rules, tmp_path / "ipa.json") == []


def test_the_course_is_read_as_by_the_rules(
    rules: dict[str, Any], some: int, tmp_path: Path
) -> None:
    """What its clips say, whether its words stand alone or not.

    Some hundreds of phrases are read; all are where the whole course is.
    """
    clips = [
        clip.text
        for note in reading.read(REPOSITORY, sound=False, transcribed=False).notes
        for clip in note.clips
    ]
    parts = {part for text in clips for part in utter(text, COURSE).parts if isinstance(part, str)}
    phrases = {part.strip() for part in parts} | set(" ".join(parts).split())
    phrases -= {phrase for phrase in phrases if set(phrase) & set("[]") or not phrase.isascii()}
    phrases = {phrase for phrase in phrases if any(map(str.isalnum, phrase))}
    assert len(phrases) > 500
    assert _differing(phrases, some, rules, tmp_path / "ipa.json") == []


@pytest.mark.parametrize(
    ("phrase", "loaded"),
    [
        ("fuse the kernel", {"hibari.g2p"}),
        ("operator fusion", set()),
        ("operator fusion 2", {"hibari.g2p"}),
    ],
)
def test_words_that_stand_alone_need_no_rules(cache: Path, phrase: str, loaded: set[str]) -> None:
    """Only dictionaries are read for them."""
    code = (
        "import sys; from pathlib import Path; from ankigen.lexicon import Lexicon;"
        "from ankigen.transcription import Transcriber;"
        "Transcriber(Lexicon(), Path(sys.argv[1])).transcribe(sys.argv[2]);"
        "print(*{'hibari.g2p'} & sys.modules.keys())"
    )
    command = [sys.executable, "-c", code, str(cache), phrase]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(made.stdout.split()) == loaded


def test_a_closed_transcriber_can_be_used_again(cache: Path) -> None:
    """It loads what it let go of, and remembers what it has read."""
    transcriber = Transcriber(Lexicon(), cache)
    made = transcriber.transcribe("to record the kernel")
    transcriber.close()
    assert transcriber.transcribe("to record the kernel") == made
    assert transcriber.transcribe("a record") == Transcription("ə ˈɹɛkɚd", "ə ˈɹɛkɔːd")


def _replace(cache: Path, where: tuple[str, ...], value: object) -> None:
    data: Any = json.loads(cache.read_bytes())
    inner = data
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = value
    cache.write_text(json.dumps(data), encoding="utf-8")
