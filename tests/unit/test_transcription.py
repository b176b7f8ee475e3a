"""The IPA of texts: forms of the lexicon, the rest, the cache."""

# Phonetic letters and typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen import ipa, lexicon
from ankigen.lexicon import Ipa, Lexicon, Pronunciation
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


def _replace(cache: Path, where: tuple[str, ...], value: object) -> None:
    data: Any = json.loads(cache.read_bytes())
    inner = data
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = value
    cache.write_text(json.dumps(data), encoding="utf-8")
