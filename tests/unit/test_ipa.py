"""Phonemes to IPA: letters, stress marks, the final s."""

# Phonetic letters are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import ipa, lexicon, yamltext
from ankigen.lexicon import PHONEMES
from support import REPOSITORY

COURSE, _ = lexicon.load(
    yamltext.read((REPOSITORY / lexicon.LEXICON_FILE).read_text(encoding="utf-8"), "p"), "p"
)
SOUNDS = st.text(st.sampled_from(sorted(PHONEMES | set(" ,.!?—()“”→"))), max_size=30)


@pytest.mark.parametrize(
    ("phonemes", "expected"),
    [
        # The mark goes to the largest onset that is English.
        ("kˈɑmən ˈɑpəɹˌATəɹ", "ˈkɑmən ˈɑpəˌɹeɪɾɚ"),
        ("sˌʌbɪkspɹˈɛʃən", "ˌsʌbɪkˈspɹɛʃən"),
        ("ˌɪntəɹkənˈɛkt", "ˌɪntɚkəˈnɛkt"),
        ("əɹˈA", "əˈɹeɪ"),
        ("ɪnstɹˈʌkʃən", "ɪnˈstɹʌkʃən"),
        ("kˌɑnfəɡjəɹˈAʃən", "ˌkɑnfəɡjəˈɹeɪʃən"),
        ("ɪntˈɜɹpɹəTəɹ", "ɪnˈtɝpɹəɾɚ"),
        ("bətwˈin", "bəˈtwin"),
        # What no onset can be stays behind: a flap, ŋ, a foreign cluster.
        ("sˈɛTˌʌp", "ˈsɛɾˌʌp"),
        ("lˈɔŋˌɛst", "ˈlɔŋˌɛst"),
        ("sfˈinA", "ˈsfineɪ"),
        # Second parts of compounds keep what is theirs, and no more.
        ("bˈændwˌɪdθ", "ˈbændˌwɪdθ"),
        ("nˈɛtwˌɜɹk", "ˈnɛtˌwɝk"),
        ("wˈɜɹklˌOdz", "ˈwɝkˌloʊdz"),
        ("ɹˈuflˌIn", "ˈɹufˌlaɪn"),
        ("bˈækˌɛnd", "ˈbækˌɛnd"),
        ("dˈɪvədˌɛnd", "ˈdɪvəˌdɛnd"),
        ("ˈɪntəɡɹˌAt", "ˈɪntəˌɡɹeɪt"),
        # One syllable needs no stress; a weak one after a word is told.
        ("kˈOd", "koʊd"),
        ("ˌʌp", "ʌp"),
        ("sˈɪmd ˌɔn", "sɪmd ˌɔn"),
        # Letters that are spelled out are syllables of their own.
        ("ˌApˌiˈI", "ˌeɪpiˈaɪ"),
        ("ʤˌipˌitˌikjˈu", "ˌdʒipitiˈkju"),
        ("ˌɛksˌɛlˈA", "ˌɛksɛlˈeɪ"),
        ("ʤˌipˌijˈuz", "ˌdʒipiˈjuz"),
        ("ˌɛsdˌiˈɛksᵻz", "ˌɛsdiˈɛksɪz"),
        # Slips of the voice's rules
        ("bˌʌfəɹɹəzˈAʃən", "ˌbʌfɚəˈzeɪʃən"),
        ("ɐ ˈkɛɹnᵊl", "ə ˈkɛɹnəl"),
        ("kˈɑˈ", "kɑ"),
        # What is no sound
        ("həlˈO,  wˈɜɹld—ðˈɛɹ!", "həˈloʊ wɝld ðɛɹ"),
        ("()", ""),
        ("", ""),
    ],
)
def test_american(phonemes: str, expected: str) -> None:
    """Letters and marks are those of an American dictionary."""
    assert ipa.american(phonemes) == expected


@pytest.mark.parametrize(
    ("phonemes", "expected"),
    [
        ("fˈɜːmwɛː", "ˈfɜːmweə"),
        ("nˈɛtwəːk", "ˈnɛtwɜːk"),
        ("stˈatɪk", "ˈstætɪk"),
        ("kQəlˈɛsɪŋ", "kəʊəˈlɛsɪŋ"),
        ("ˌɔːtQtjˈuːnɪŋ", "ˌɔːtəʊˈtjuːnɪŋ"),
        ("ˈɑːkɪtɛkʧə", "ˈɑːkɪtɛktʃə"),
        ("kQd ʤˌɛnəɹˈAʃᵊn", "kəʊd ˌdʒɛnəˈɹeɪʃən"),
        ("spˈɪə", "spɪə"),
        ("IdˈɪəlY", "aɪˈdɪəlɔɪ"),
        ("ʤˌiːpˌiːjˈuː", "ˌdʒiːpiːˈjuː"),
        ("ˌɛmˌɛlˌIˈɑː", "ˌɛmɛlaɪˈɑː"),
        ("ˌAtˌuːzˈɛd", "ˌeɪˌtuːˈzɛd"),
    ],
)
def test_british(phonemes: str, expected: str) -> None:
    """Letters and marks are those of a British dictionary."""
    assert ipa.british(phonemes) == expected


def test_the_course_s_forms() -> None:
    """What the course's lexicon shows is what its phonemes give."""
    shown = {form: entry.ipa.us for form, entry in COURSE.entries.items() if entry.phonemes}
    made = {form: ipa.american(COURSE.entries[form].phonemes or "") for form in shown}
    assert len(made) > 300
    # Its lexicon puts the mark of this one after the s.
    assert {form for form in made if made[form] != shown[form]} == set()


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("ˈkɝnəl", "ˈkɝnəlz"),
        ("ˌdʒipiˈju", "ˌdʒipiˈjuz"),
        ("ˌdʒiːpiːˈjuː", "ˌdʒiːpiːˈjuːz"),
        ("ˈeɪsɪk", "ˈeɪsɪks"),
        ("dʒæks", "ˈdʒæksɪz"),
        ("kæʃ", "ˈkæʃɪz"),
        ("ˈɪnˌdɛks", "ˈɪnˌdɛksɪz"),
        ("tɔɹtʃ", "ˈtɔɹtʃɪz"),
        ("ˌɛmˈaɪ dʒæks", "ˌɛmˈaɪ ˈdʒæksɪz"),
        ("mæθ", "mæθs"),
        ("", ""),
    ],
)
def test_plural(form: str, expected: str) -> None:
    """The sound of a final s follows the last sound."""
    assert ipa.plural(form) == expected


@given(SOUNDS)
def test_only_ipa_comes_out(phonemes: str) -> None:
    """Nothing of misaki's own alphabet gets through, and each mark begins a syllable."""
    for made in (ipa.american(phonemes), ipa.british(phonemes)):
        assert set(made) <= ipa.SYMBOLS
        assert made == " ".join(made.split())
        assert not re.search("[ˈˌ](?: |$)", made)


@given(SOUNDS)
def test_a_sound_more_or_less_is_never_due_to_stress(phonemes: str) -> None:
    """Without their marks, stressed and unstressed phonemes give the same words."""
    bare = re.sub("[ˈˌ]", "", phonemes)
    made = re.sub("[ˈˌ]", "", ipa.british(phonemes))
    assert made.replace(" ", "") == ipa.british(bare).replace(" ", "")


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    """What is no phoneme is no reason to fail."""
    assert set(ipa.american(text)) <= ipa.SYMBOLS
    assert set(ipa.plural(ipa.british(text))) <= ipa.SYMBOLS
