"""The lexicon: its file, what is said for its forms, and what voices are given."""

# Phonetic letters and typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import lexicon, yamltext
from ankigen.diagnostics import Code
from ankigen.lexicon import PHONEMES, Lexicon, Pronunciation, Said, Utterance, utter
from support import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

COURSE, PROBLEMS = lexicon.load(
    yamltext.read((REPOSITORY / lexicon.LEXICON_FILE).read_text(encoding="utf-8"), "p"), "p"
)

TO_IPA = (
    *(
        ("ɜɹ", "ɝ"),
        ("əɹ(?!ˈ)", "ɚ"),
        ("ʤ", "dʒ"),
        ("ʧ", "tʃ"),
        ("A", "eɪ"),
        ("I", "aɪ"),
        ("O", "oʊ"),
    ),
    *(("W", "aʊ"), ("Y", "ɔɪ"), ("T", "ɾ"), ("ᵊ", "ə"), ("ᵻ", "ɪ")),
)
"""hibari's alphabet in IPA, in this order."""


@pytest.fixture(scope="module")
def phonemes() -> Callable[[str], str]:
    """What hibari makes of a text."""
    import hibari  # noqa: PLC0415 - loads onnxruntime

    made: Any = hibari.Hibari().g2p
    return made  # type: ignore[no-any-return]  # it publishes no types


def test_the_course_has_its_forms() -> None:
    """Nothing is wrong with the course's lexicon, and every form has both IPAs and a source."""
    assert PROBLEMS == []
    assert len(COURSE.entries) >= 150
    for form, entry in COURSE.entries.items():
        assert entry.ipa.us, form
        assert entry.ipa.gb, form
        assert entry.source, form


def test_the_alphabet_is_that_of_the_engine() -> None:
    """Its vocabulary is our sounds, punctuation and tones; no other."""
    vocabulary = set(json.loads((files("hibari") / "assets" / "vocab.json").read_text()))
    assert vocabulary - PHONEMES == set(';:,.!?—…"()“”→↓↗↘')
    assert vocabulary >= PHONEMES


@pytest.mark.parametrize("form", COURSE.entries)
def test_what_the_engine_is_given(form: str, phonemes: Callable[[str], str]) -> None:
    """The engine says each form's phonemes, alone and in a sentence, and its IPA says the same."""
    entry = COURSE.entries[form]
    (said,) = utter(form, COURSE).parts
    assert said == Said(form, entry.say or form, entry.phonemes or "")
    assert phonemes(said.notation()) == entry.phonemes
    sentence = utter(f"Now use {form} here.", COURSE)
    assert f" {entry.phonemes} " in phonemes(sentence.notation())
    ipa = entry.phonemes or ""
    for sound, letter in TO_IPA:
        ipa = re.sub(sound, letter, ipa)
    assert re.sub("[ˈˌ ]", "", entry.ipa.us or "") == re.sub("[ˈˌ ]", "", ipa)


@pytest.mark.parametrize(
    ("text", "plain", "said"),
    [
        ("two GPUs", "two GPUs", "ʤˌipˌijˈuz"),
        ("a TPU's core", "a TPU's core", "tˌipˌijˈuz"),
        ("a TPU’s core", "a TPU’s core", "tˌipˌijˈuz"),
        ("both GPUs' fans", "both GPUs' fans", "ʤˌipˌijˈuz"),
        ("three ISAs", "three I.S.A's", "ˌIˌɛsˈAz"),
        ("two ASICs", "two A-sicks", "ˈAsɪks"),
        ("JAX's jit", "jacks's jit", "ʤˈæksᵻz"),
    ],
)
def test_plurals_and_possessives(text: str, plain: str, said: str) -> None:
    """They follow the last sound, without an entry of their own."""
    utterance = utter(text, COURSE)
    assert utterance.plain == plain
    assert [part.phonemes for part in utterance.parts if isinstance(part, Said)][0:1] == [said]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("CUDA-aware and non-CUDA", "cooda aware and non cooda"),
        ("CUDA/HIP", "cooda hip"),
        ("jax.jit", "jacks dot jit"),
        ("tf.data.Dataset.map()", "T.F dot data dot Dataset dot map"),
        ("tf.linalg.generic", "T.F dot lin-alj dot generic"),
        ("std::linalg::affine", "std lin-alj affine"),
        ("mlir.affine or MLIR. CUDA", "M.L.I.R dot affine or M.L.I.R. cooda"),
        ("NCCL_DEBUG=INFO", "nickel debug equals INFO"),
        ("8xH100", "8 H100"),
        ("2.2× and 2×", "2.2 times and two times"),
        ("~30% and ~30.5%", "about thirty per cent and about 30.5%"),
        ("-O3 or -O1", "dash O three or dash O 1"),
        ("sm_90a or sm_91", "S.M 90-A or sm 91"),
        ("cudamon CUDAx XCUDA Cuda", "cudamon CUDAx XCUDA Cuda"),
        ("n≥8", "n greater than or equal to 8"),
    ],
)
def test_forms_in_text(text: str, plain: str) -> None:
    """Longest first, on word boundaries, case-sensitively; the rest by rule."""
    assert utter(text, COURSE).plain == plain


def test_notation_by_accident() -> None:
    """Text that looks like the engine's notation is text."""
    assert utter("see [a](/b/) and [CUDA](/x/)", COURSE).notation().count("](") == 1


def test_notation() -> None:
    """A word each, so that a long text may be cut at any space; respellings where that is all."""
    small = Lexicon({"a b]": Pronunciation(phonemes="ɐ bˈi"), "x": Pronunciation(say="ex [1]")})
    assert utter("Say a b] or x.", small) == Utterance(
        ("Say ", Said("a b]", "a b]", "ɐ bˈi"), " or ", Said("x", "ex [1]"), ".")
    )
    assert utter("a b] x", small).notation() == "[a_b)](/ɐ/) [a_b)](/bˈi/) ex (1)"


@pytest.mark.parametrize(
    ("text", "place", "code", "message", "hint"),
    [
        ("A: {sya: x}", "1:5", Code.UNKNOWN_KEY, "unknown key 'sya'", "did you mean 'say'?"),
        ("A: {say: x, ipa: {uk: x}}", "1:19", Code.UNKNOWN_KEY, "'uk'", "us"),
        ("A: x", "1:4", Code.WRONG_TYPE, "'A' must be a mapping", ""),
        ("A: {source: x}", "1:1", Code.MISSING_KEY, "'A' does not tell", "'say:' or 'phonemes:'"),
        ("A: {phonemes: eй1}", "1:15", Code.BAD_VALUE, "no voice knows '1й'", "hibari"),
        ("A: {say: x}\nA: {say: y}", "2:1", Code.DUPLICATE_KEY, "'A'", ""),
        ("' A': {say: x}", "1:1", Code.BAD_VALUE, "spaces around it", "write the word"),
        ("- A", "1:1", Code.WRONG_TYPE, "must be a mapping", ""),
        ("A: {say: ''}", "1:10", Code.BAD_VALUE, "'say' is empty", "write a value"),
    ],
)
def test_mistakes_have_places(text: str, place: str, code: Code, message: str, hint: str) -> None:
    """Each is told once, where it is, with what to do."""
    loaded, (problem,) = lexicon.load(yamltext.read(text, "f"), "f")
    assert loaded == Lexicon()
    assert str(problem.span) == f"f:{place}"
    assert problem.code is code
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file(text: str) -> None:
    """It is a lexicon without forms, in which nothing is found."""
    loaded, problems = lexicon.load(yamltext.read(text, "f"), "f")
    assert problems == []
    assert utter("CUDA is here", loaded).parts == ("CUDA is here",)


WORDS = st.lists(st.from_regex("[a-z]{1,9}|[A-Z]{2,5}", fullmatch=True), min_size=1).map(" ".join)


@given(st.text())
def test_any_text(text: str) -> None:
    """Nothing raises, and no notation arises but our own."""
    utterance = utter(text, COURSE)
    links = re.findall(r"\]\(", utterance.notation())
    forms = [part for part in utterance.parts if isinstance(part, Said)]
    assert len(links) == sum(len(part.phonemes.split()) for part in forms)


@given(WORDS)
def test_no_word_is_lost(text: str) -> None:
    """Ordinary words are all in the parts, in order."""
    written = "".join(
        part if isinstance(part, str) else part.written for part in utter(text, COURSE).parts
    )
    assert written == text


@given(WORDS)
def test_twice_is_once(text: str) -> None:
    """What was made ready for an empty lexicon is ready."""
    once = utter(text, Lexicon()).plain
    assert utter(once, Lexicon()).plain == once == text
