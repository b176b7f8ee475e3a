"""Who speaks what: voices, wordings and printed pronunciations of entries."""

# Phonetic letters are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankigen import lexicon
from ankigen.diagnostics import Code, SourceError
from ankigen.lexicon import PHONEMES_HINT
from ankigen.reading import read
from support import write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ankigen.casting import Line
    from ankigen.reading import Contents

SPEEDS = {"one": 1.1, "two": 1.2, "three": 1.3, "four": 1.4, "five": 1.5, "default": 1.0}
"""Voices that are told apart by their pace."""

NAMES = {speed: name for name, speed in SPEEDS.items()}
HEAD = "id: small\nname: Small\n"
VOICES = "voices: {" + ", ".join(f"{n}: {{speed: {s}}}" for n, s in SPEEDS.items()) + "}\n"
MUTE_IPA = "ipa: []\n"
TERM = "- id: kernel\n  term: kernel\n  definition: A function.\n"
SENTENCE = '- id: kernel-1\n  terms: [kernel]\n  text: "Each {kernel} runs."\n'


def contents(
    root: Path,
    *,
    course: str = "",
    category: str = "",
    term: str = "",
    more: Mapping[str, str] | None = None,
) -> Contents:
    """A course of a term and a sentence, read; each argument is more lines of a file."""
    files = {
        "ankigen.yaml": HEAD + VOICES + MUTE_IPA + course,
        "cards/a/category.yaml": f"name: A\n{category}",
        "cards/a/terms.yaml": TERM + term,
        "cards/a/sentences.yaml": SENTENCE,
        **(more or {}),
    }
    return read(write_project(root, files), sound=True)


def wrong(root: Path, **lines: str) -> list[tuple[str, str, str, str]]:
    """Place, code, message and hint of everything that is wrong with such a course."""
    with pytest.raises(SourceError) as caught:
        contents(root, **lines)  # type: ignore[arg-type] # texts only
    return [(str(d.span), d.code, d.message, d.hint) for d in caught.value.diagnostics]


def speakers(made: Contents) -> dict[str, str]:
    """The name of the voice of each entry."""
    return {line.entry: NAMES[line.clip.voice.speed] for line in made.lines if not line.slow}


def spoken(made: Contents, *, slow: bool = False) -> Line:
    """What is spoken of the term."""
    (line,) = (x for x in made.lines if (x.entry, x.slow) == ("terms/kernel", slow))
    return line


def ipa(made: Contents) -> str:
    """The term's field of that name."""
    (note,) = (note for note in made.notes if note.key == "terms/kernel")
    names = [spec.name for spec in made.note_types["terms"].spec.fields]
    return note.fields[names.index("IPA")]


@pytest.mark.parametrize("said", list(product([True, False], repeat=5)))
def test_the_nearest_word_on_the_voice_counts(tmp_path: Path, said: tuple[bool, ...]) -> None:
    """Entry, then category, then course; in each the note type before the rest."""

    def casts(of_type: str, rest: str) -> str:
        pairs = [f"{key}: {name}" for key, name in (("terms", of_type), ('""', rest)) if name]
        return f"voice: {{{', '.join(pairs)}}}\n" if pairs else ""

    own, *others = (
        name if there else "" for name, there in zip(NAMES.values(), said, strict=False)
    )
    made = contents(
        tmp_path,
        course=casts(others[2], others[3]),
        category=casts(others[0], others[1]),
        term=f"  voice: {own}\n" if own else "",
    )
    assert speakers(made) == {
        "terms/kernel": next(filter(None, [own, *others]), "default"),
        "sentences/kernel-1": others[1] or others[3] or "default",
    }


def test_a_name_without_a_note_type_is_for_all(tmp_path: Path) -> None:
    """It may be written without a mapping, in the course and in a category."""
    made = contents(tmp_path / "1", course="voice: one\n")
    assert set(speakers(made).values()) == {"one"}
    made = contents(tmp_path / "2", course="voice: one\n", category="voice: [two]\n")
    assert set(speakers(made).values()) == {"two"}


def test_categories_do_not_speak_for_each_other(tmp_path: Path) -> None:
    """The voice of one category leaves the next to the course's."""
    more = {
        "cards/b/category.yaml": "name: B\n",
        "cards/b/terms.yaml": "- {id: lane, term: lane, definition: A path.}\n",
    }
    made = contents(tmp_path, course="voice: one\n", category="voice: two\n", more=more)
    assert speakers(made) == {
        "terms/kernel": "two",
        "sentences/kernel-1": "two",
        "terms/lane": "one",
    }


def many(root: Path, ids: list[str], voice: str = "[one, two]") -> dict[str, str]:
    """The voices of terms with these ids, where several may speak."""
    text = "".join(f"- {{id: {name}, term: {name}, definition: D.}}\n" for name in ids)
    course = f"voice: {{terms: {voice}}}\n"
    return speakers(contents(root, course=course, more={"cards/a/terms.yaml": TERM + text}))


@pytest.mark.parametrize("voices", [["one", "two"], ["one", "two", "three"]])
def test_several_voices_share_the_entries(tmp_path: Path, voices: list[str]) -> None:
    """Over 200 entries each is heard about as often as another."""
    found = many(tmp_path, [f"term-{number}" for number in range(200)], f"[{', '.join(voices)}]")
    del found["sentences/kernel-1"]
    counts = Counter(found.values())
    assert set(counts) == set(voices)
    assert min(counts.values()) > 0.75 * len(found) / len(voices)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([f"term-{number}" for number in range(30)]), st.integers(1, 30))
def test_an_entry_keeps_its_voice(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], kept: int
) -> None:
    """Whatever is added, removed or moved around it."""
    root = tmp_path_factory.mktemp("many")
    voices = "[one, two, three]"
    everyone = many(root, sorted(order), voices)
    assert many(root, order[:kept], voices).items() <= everyone.items()


def test_terms_and_sentences_of_one_id_choose_by_themselves(tmp_path: Path) -> None:
    """The note type takes part in the choice, as it does in an entry's key."""
    ids = [f"term-{number}" for number in range(30)]
    sentences = "".join(
        f'- {{id: {name}, terms: [kernel], text: "The {{kernel}} {name}."}}\n' for name in ids
    )
    terms = "".join(f"- {{id: {name}, term: {name}, definition: D.}}\n" for name in ids)
    made = speakers(
        contents(
            tmp_path,
            course="voice: [one, two]\n",
            more={"cards/a/terms.yaml": TERM + terms, "cards/a/sentences.yaml": sentences},
        )
    )
    pairs = {(made[f"terms/{name}"], made[f"sentences/{name}"]) for name in ids}
    assert pairs == set(product(["one", "two"], repeat=2))


KNOWN = ", ".join(["default", *(name for name in SPEEDS if name != "default")])
NO_VOICE = "there is no voice 'zzz'", f"choose one of {KNOWN}"
UNKNOWN_TYPE = "'voice' names the note type 'trems', which is not there", "did you mean 'terms'?"


@pytest.mark.parametrize(
    ("level", "line", "place", "told"),
    [
        ("course", "voice: zzz", "ankigen.yaml:5:8 AG104", NO_VOICE),
        ("course", "voice: [one, zzz]", "ankigen.yaml:5:14 AG104", NO_VOICE),
        ("course", "voice: {terms: zzz}", "ankigen.yaml:5:16 AG104", NO_VOICE),
        ("course", "voice: {terms: [one, zzz]}", "ankigen.yaml:5:22 AG104", NO_VOICE),
        (
            "course",
            "voice: thre",
            "ankigen.yaml:5:8 AG104",
            ("there is no voice 'thre'", "did you mean 'three'?"),
        ),
        ("course", "voice: {trems: one}", "ankigen.yaml:5:16 AG301", UNKNOWN_TYPE),
        ("category", "voice: zzz", "cards/a/category.yaml:2:8 AG104", NO_VOICE),
        (
            "category",
            "voice: {sentences: [one, zzz]}",
            "cards/a/category.yaml:2:26 AG104",
            NO_VOICE,
        ),
        ("category", "voice: {trems: one}", "cards/a/category.yaml:2:16 AG301", UNKNOWN_TYPE),
        ("term", "  voice: zzz", "cards/a/terms.yaml:4:10 AG104", NO_VOICE),
        (
            "term",
            "  say: {tern: x}",
            "cards/a/terms.yaml:4:8 AG101",
            ("'tern' is not spoken in terms", "what is spoken: term"),
        ),
        (
            "term",
            "  say: {definition: x}",
            "cards/a/terms.yaml:4:8 AG101",
            ("'definition' is not spoken in terms", "what is spoken: term"),
        ),
        (
            "term",
            "  say: /kˈ$nəl@/",
            "cards/a/terms.yaml:4:8 AG104",
            ("no voice knows '$@' in the phonemes of terms/kernel", PHONEMES_HINT),
        ),
        (
            "term",
            "  say: {term: /kˈ$/}",
            "cards/a/terms.yaml:4:15 AG104",
            ("no voice knows '$' in the phonemes of terms/kernel", PHONEMES_HINT),
        ),
    ],
)
def test_what_is_not_there(
    tmp_path: Path, level: str, line: str, place: str, told: tuple[str, str]
) -> None:
    """Each name that leads nowhere has one diagnostic, where it stands."""
    assert wrong(tmp_path, **{level: line + "\n"}) == [(*place.split(), *told)]


def test_an_entry_names_one_voice(tmp_path: Path) -> None:
    """A list of voices is for those who cast many entries."""
    (found,) = wrong(tmp_path, term="  voice: [one]\n")
    assert found[:2] == ("cards/a/terms.yaml:4:10", Code.WRONG_TYPE)


def test_all_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    """One run, every place."""
    found = wrong(tmp_path, course="voice: xx\n", category="voice: yy\n", term="  voice: zz\n")
    assert [place for place, *_ in found] == [
        "ankigen.yaml:5:8",
        "cards/a/category.yaml:2:8",
        "cards/a/terms.yaml:4:10",
    ]


@pytest.mark.parametrize(
    ("line", "script"),
    [
        ("say: colonel", "colonel"),
        ("say: {term: colonel}", "colonel"),
        ("say: The CUDA one", "The [CUDA](/kˈudə/) one"),
        ("say: /kˈɜɹnəl/", "[kernel](/kˈɜɹnəl/)"),
        ("say: {term: /kˈɜɹnəl/}", "[kernel](/kˈɜɹnəl/)"),
        ("say: '[kernel](/mˈu/)'", "(kernel)(/mˈu/)"),
    ],
)
def test_an_own_wording(tmp_path: Path, line: str, script: str) -> None:
    """It is what the voice is given, at both paces; the card's text stays."""
    more = {lexicon.LEXICON_FILE: "CUDA: {phonemes: kˈudə}\n"}
    plain = contents(tmp_path / "plain", more=more)
    made = contents(tmp_path / "own", term=f"  {line}\n", more=more)
    for slow in (False, True):
        line_of, before = spoken(made, slow=slow), spoken(plain, slow=slow)
        assert line_of.clip.script == script
        assert line_of.clip.text == "kernel"
        assert line_of.clip.name != before.clip.name
        assert line_of.clip.name.startswith("kernel-")
    before_note, note = plain.notes[0], made.notes[0]
    changed = {
        plain.note_types["terms"].spec.fields[index].name
        for index, (old, new) in enumerate(zip(before_note.fields, note.fields, strict=True))
        if old != new
    }
    assert changed == {"Audio", "Slow audio"}
    assert made.notes[1].fields == plain.notes[1].fields


def test_a_wording_of_a_text_that_no_voice_could_say(tmp_path: Path) -> None:
    """``say`` is what is judged, not the card's text."""
    text = "- {id: kernel, term: 核, definition: D."
    more = {"cards/a/terms.yaml": text + "}\n", "cards/a/sentences.yaml": SENTENCE}
    with pytest.raises(SourceError) as caught:
        contents(tmp_path, more=more)
    assert [d.code for d in caught.value.diagnostics] == [Code.UNSAYABLE]
    more["cards/a/terms.yaml"] = text + ", say: kernel}\n"
    assert spoken(contents(tmp_path, more=more)).clip.script == "kernel"


def test_a_wording_that_no_voice_can_say(tmp_path: Path) -> None:
    """It is refused as such a text would be."""
    (found,) = wrong(tmp_path, term="  say: 核\n")
    assert found[1] == Code.UNSAYABLE


def test_a_term_is_spoken_twice(tmp_path: Path) -> None:
    """Once at its voice's pace, once at that voice's slow one; a sentence once."""
    voices = "voices: {default: {speed: 0.9, slow: 0.6}}\n"
    files = {"ankigen.yaml": HEAD + voices + MUTE_IPA}
    lines = contents(tmp_path, more=files).lines
    assert [(line.entry, line.key, line.main, line.slow) for line in lines] == [
        ("terms/kernel", "term", True, False),
        ("terms/kernel", "term", True, True),
        ("sentences/kernel-1", "text", True, False),
    ]
    assert [line.clip.voice.speed for line in lines] == [0.9, 0.6, 0.9]
    assert len({line.clip.name for line in lines}) == 3


TAG = re.compile("</?(?:b|span)>")
"""Ours, around an accent and its name."""

US, GB = "ˈkɝnəl", "ˈkɜːnəl"


@pytest.mark.parametrize(
    ("course", "term", "words", "field"),
    [
        ("", "", "", f"US /{US}/ UK /{GB}/"),
        ("ipa: [us, gb]", "", "", f"US /{US}/ UK /{GB}/"),
        ("ipa: [gb, us]", "", "", f"UK /{GB}/ US /{US}/"),
        ("ipa: [us]", "", "", f"/{US}/"),
        ("ipa: [gb]", "", "", f"/{GB}/"),
        ("ipa: []", "", "", ""),
        ("language: de", "", "", ""),
        ("language: en-GB\nipa: [gb]", "", "", f"/{GB}/"),
        ("language: de\nipa: [us]", "", "", f"/{US}/"),
        ("", "", "kernel: {say: x, ipa: {us: a, gb: b}}", "US /a/ UK /b/"),
        ("", "", "kernel: {say: x, ipa: {us: same, gb: same}}", "/same/"),
        ("ipa: [gb]", "", "kernel: {say: x, ipa: {us: a, gb: b}}", "/b/"),
        ("", "ipa: own", "kernel: {say: x, ipa: {us: a, gb: b}}", "/own/"),
        ("", "ipa: /own/", "", "/own/"),
        ("", "ipa: '[own]'", "", "/own/"),
        ("ipa: []", "ipa: own", "", "/own/"),
        ("language: de", "ipa: own", "", "/own/"),
        ("", "say: /tˈIl/", "", "/taɪl/"),
        ("", "say: /tˈIl/", "kernel: {say: x, ipa: {us: a, gb: b}}", "/taɪl/"),
        ("", "{say: /tˈIl/, ipa: own}", "", "/own/"),
        ("ipa: [us]", "say: tile", "", "/taɪl/"),
        ("ipa: []", "say: /tˈIl/", "", ""),
    ],
)
def test_printed_pronunciations(
    tmp_path: Path, course: str, term: str, words: str, field: str
) -> None:
    """The entry's beats the lexicon's, which beats the derived; equal ones are shown once."""
    own = term.strip("{}").replace(", ipa", "\n  ipa")
    files = {"ankigen.yaml": HEAD + course + "\n"}
    if words:
        files[lexicon.LEXICON_FILE] = words + "\n"
    made = ipa(contents(tmp_path, term=f"  {own}\n" if own else "", more=files))
    assert TAG.sub("", made) == field


HOSTILE = "<img src=x onerror=alert(1)>{{Front}}</b><script>x</script>&lt;"
INERT = (
    "/&lt;img src=x onerror=alert(1)&gt;{{Front}}&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;&amp;lt;/"
)


def test_a_hostile_pronunciation_is_only_shown(tmp_path: Path) -> None:
    """No HTML of it acts, whether an entry's or a lexicon's."""
    made = contents(tmp_path / "entry", term=f"  ipa: '{HOSTILE}'\n")
    assert ipa(made) == INERT
    said = f"kernel: {{say: x, ipa: {{us: '{HOSTILE}', gb: '{HOSTILE}'}}}}\n"
    more = {"ankigen.yaml": HEAD, lexicon.LEXICON_FILE: said}
    assert ipa(contents(tmp_path / "lexicon", more=more)) == INERT


@pytest.mark.parametrize("say", [HOSTILE, "x[sound:/etc/passwd]", "../../x", "{{c1::x}}"])
def test_a_hostile_wording_reaches_no_field(tmp_path: Path, say: str) -> None:
    """It is told to the voice, and nowhere else."""
    plain = contents(tmp_path / "plain")
    made = contents(tmp_path / "own", term=f"  say: '{say}'\n")
    for note, before in zip(made.notes, plain.notes, strict=True):
        fields = note.fields
        for clip, old in zip(note.clips, before.clips, strict=True):
            assert re.fullmatch(r"[a-z-]+-[0-9a-f]{12}\.mp3", clip.name)
            fields = tuple(field.replace(clip.name, old.name) for field in fields)
        assert fields == before.fields


def test_a_wording_is_transcribed_and_does_not_act(tmp_path: Path) -> None:
    """Its letters are read, its signs are not."""
    made = contents(tmp_path, term=f"  say: '{HOSTILE}'\n", more={"ankigen.yaml": HEAD})
    assert not set("<>{}&") & set(TAG.sub("", ipa(made)))


@pytest.mark.parametrize(
    ("course", "recorded", "warns"),
    [
        ("language: de\n", (), True),
        ("language: de\n", ("terms/kernel",), True),
        ("language: de\n", ("terms/kernel", "sentences/kernel-1"), False),
        ("language: EN-au\n", (), False),
        ("", (), False),
    ],
)
def test_a_voice_of_another_language(
    tmp_path: Path, course: str, recorded: tuple[str, ...], *, warns: bool
) -> None:
    """Is told once, unless people have recorded whatever it would read."""
    more = {f"audio/recordings/{name}.wav": "sound" for name in recorded}
    made = contents(tmp_path, course=course, more=more)
    found = [d.message for d in made.diagnostics if d.code is Code.VOICE_LANGUAGE]
    assert found == ["the voice 'default' speaks English, and the course is in German"] * warns
    silent = read(tmp_path, sound=False)
    assert Code.VOICE_LANGUAGE not in {d.code for d in silent.diagnostics}
