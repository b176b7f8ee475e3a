"""Entries → notes: fields, tags, sounds, order, and what is said about entries that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import audio, config, mediafile, notetype, render, sounding, source
from ankigen.diagnostics import Code, Severity, SourceError
from ankigen.lexicon import Lexicon
from ankigen.model import Media
from support import SMALL, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.model import Clip, Entry, Note
    from ankigen.render import Notes


def rendered(root: Path, **files: str) -> Notes:
    """The notes of the small course with some of its files written anew."""
    written = {f"cards/basics/{name}.yaml": text for name, text in files.items()}
    course, problems = config.load(write_project(root, {**SMALL, **written}))
    types = notetype.built_in()
    entries = source.load(course, types)
    assert not problems
    studio = audio.Studio(course.voices, Lexicon())

    def clip(_entry: Entry, _key: str, text: str, slow: bool) -> Clip | str:  # noqa: FBT001
        return studio.unsayable(text) or studio.clip(text, slow=slow)

    maker = render.Maker(
        guid=lambda note_type, identifier: f"{note_type} {identifier}",
        clip=clip,
        ipa=lambda _entry, _key, text: [("US", "lup"), ("UK", "loop")] if text == "loop" else (),
        off=lambda _entry: frozenset(),
        media=lambda entry, name, kind: mediafile.find(root.resolve(), entry.file, name, kind),
    )
    return render.render(entries.entries, types, maker)


def fields(note: Note) -> dict[str, str]:
    """The fields of a note that hold something, by name."""
    names = [field.name for field in notetype.built_in()[note.note_type].spec.fields]
    return {name: text for name, text in zip(names, note.fields, strict=True) if text}


def by_key(notes: Notes) -> dict[str, Note]:
    """Each note under its key."""
    return {note.key: note for note in notes.notes}


def test_a_term(tmp_path: Path) -> None:
    """Keys become fields; sentences of the term and related terms are gathered into its own."""
    note = by_key(rendered(tmp_path))["terms/operator-fusion"]
    clip, slow, example = note.clips
    assert fields(note) == {
        "Term": "operator fusion",
        "Audio": f"[sound:{clip.name}]",
        "Slow audio": f"[sound:{slow.name}]",
        "Part of speech": "noun",
        "Level": "core",
        "Initials": "o… f…",
        "Definition": "Merging several operators into one kernel.",
        "Cue": 'Does <span class="blank">_____</span> still fire for this kernel?',
        "Examples": '<li>Does <b class="gap">operator fusion</b> still fire for this kernel?</li>',
        "Example audio": f"[sound:{example.name}]",
        "Related": "kernel",
        "Key": "terms/operator-fusion",
    }
    assert clip.text == "operator fusion"
    assert note.tags == ("level::core", "topic::fusion")
    assert note.cards == (0, 1, 2)
    assert note.guid == "terms operator-fusion"


def test_a_sentence(tmp_path: Path) -> None:
    """Its gap is found by the first of its terms, and its sound speaks the words alone."""
    note = by_key(rendered(tmp_path))["sentences/operator-fusion-1"]
    (clip,) = note.clips
    assert fields(note) == {
        "Text": "Does {{c1::operator fusion::o… f…}} still fire for this kernel?",
        "Audio": f"[sound:{clip.name}]",
        "Genre": "review",
        "Terms": "operator fusion, kernel",
        "Key": "sentences/operator-fusion-1",
    }
    assert clip.text == "Does operator fusion still fire for this kernel?"
    assert note.cards == (0,)


def test_study_order(tmp_path: Path) -> None:
    """A sentence is studied right after the last of its terms."""
    sentences = """\
- {id: both, terms: [kernel, operator-fusion], text: "One {kernel} after operator fusion."}
- {id: one, terms: [kernel], text: "A {kernel}."}
"""
    notes = rendered(tmp_path, sentences=sentences).notes
    assert [(note.position, note.key) for note in notes] == [
        (0, "terms/kernel"),
        (1, "sentences/one"),
        (2, "terms/operator-fusion"),
        (3, "sentences/both"),
    ]


def test_without_sound(tmp_path: Path) -> None:
    """A muted note has empty fields of sound, and not the cards that only sound makes."""
    note = by_key(rendered(tmp_path))["terms/kernel"]
    assert note.cards == (0, 1, 2)
    muted = sounding.mute(note, notetype.built_in()["terms"])
    assert not muted.clips
    assert "Audio" not in fields(muted)
    assert muted.cards == (0, 1)


def test_tags_and_guid(tmp_path: Path) -> None:
    """An entry's own tags and GUID are kept."""
    terms = (
        "- {id: kernel, term: kernel, definition: x, tags: [b, a::c, b], guid: 'x{}<'}\n"
        "- {id: operator-fusion, term: operator fusion, definition: x}\n"
    )
    note = by_key(rendered(tmp_path, terms=terms))["terms/kernel"]
    assert note.tags == ("a::c", "b")
    assert note.guid == "x{}<"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (
            "*A* `kernel<<<1>>>` {kernel}.",
            "<em>A</em> <code>kernel&lt;&lt;&lt;1&gt;&gt;&gt;</code> ",
        ),
        ("Braces `{}` beside a kernel.", "Braces <code>&#123;&#125;</code> beside a {{c1::kernel"),
        ("A `kernel` is a kernel.", "A <code>kernel</code> is a {{c1::kernel::k…}}."),
        ("[The kernel](http://x.org/kernel)", 'href="http://x.org/kernel"'),
        ("<b>Kernels</b> run.", "<b>{{c1::Kernels::K…}}</b> run."),
    ],
)
def test_gaps_among_markup(tmp_path: Path, text: str, field: str) -> None:
    """A gap is found among words, never in code, addresses or tags."""
    sentences = f"- id: a\n  terms: [kernel]\n  text: '{text}'\n"
    made = rendered(tmp_path, sentences=sentences)
    assert made.diagnostics == ()
    assert field in fields(by_key(made)["sentences/a"])["Text"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("Nothing here.", "3:9", "'kernel' is not found here, so there is no gap"),
        ("A {kernel", "3:9", "the braces around the gap do not pair up or hold nothing"),
        ("A {} kernel", "3:9", "the braces around the gap do not pair up or hold nothing"),
        ("Only `kernel`.", "3:9", "'kernel' is not found here, so there is no gap"),
    ],
)
def test_no_gap(tmp_path: Path, text: str, place: str, message: str) -> None:
    """A sentence without a gap is an error at its text, said once however often it is shown."""
    made = rendered(tmp_path, sentences=f"- id: a\n  terms: [kernel]\n  text: '{text}'\n")
    (found,) = made.diagnostics
    assert (str(found.span), found.code) == (f"cards/basics/sentences.yaml:{place}", Code.GAP)
    assert found.message == message


def test_refused_html(tmp_path: Path) -> None:
    """HTML that does not reach the card is a warning, said once, and the note is made."""
    terms = """\
- id: kernel
  term: kernel
  definition: A <video src=x> function.
- {id: operator-fusion, term: operator fusion, definition: x, related: [kernel]}
"""
    made = rendered(tmp_path, terms=terms)
    (found,) = made.diagnostics
    assert (found.code, found.severity) == (Code.HTML, Severity.WARNING)
    assert str(found.span) == "cards/basics/terms.yaml:3:15"
    assert "<video src=x>" in found.message
    assert fields(by_key(made)["terms/kernel"])["Definition"] == "A  function."


@pytest.mark.parametrize("term", ["\u6838", "\u044f\u0434\u0440\u043e", "'!'", "'**'"])
def test_unsayable(tmp_path: Path, term: str) -> None:
    """What the voice cannot say is an error at the key it would speak."""
    terms = f"- id: kernel\n  term: {term}\n  definition: x\n"
    made = rendered(tmp_path, terms=terms, sentences="- {id: a, terms: [kernel], text: 'a {b}'}")
    (found,) = made.diagnostics
    assert (str(found.span), found.code) == ("cards/basics/terms.yaml:2:9", Code.UNSAYABLE)


def test_one_guid_twice(tmp_path: Path) -> None:
    """Two notes of one GUID would be imported as two, so that is refused."""
    terms = """\
- {id: kernel, term: kernel, definition: x, guid: same}
- {id: operator-fusion, term: operator fusion, definition: x, guid: same}
"""
    (found,) = rendered(tmp_path, terms=terms).diagnostics
    assert found.code is Code.DUPLICATE_ID
    assert found.message == "terms/operator-fusion has the GUID 'same' of terms/kernel"
    assert "cards/basics/terms.yaml:1" in found.hint


SPEC = """\
id: 1
name: Word
help: A word.
entry:
  word: {type: text, required: true, help: The word.}
fields:
  - {id: 11, name: Word, template: 'TEMPLATE'}
  - {id: 12, name: Key, template: '{{ key }}'}
cards:
  - {id: 21, name: See, front: see.html, back: see.html}
"""


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ wurd }}", "the template of the field 'Word' names 'wurd', which entries do not have"),
        ("{{ word", "the template of the field 'Word' is not valid"),
        ("{% nope %}", "the template of the field 'Word' is not valid"),
    ],
)
def test_mistakes_in_field_templates(tmp_path: Path, template: str, message: str) -> None:
    """A note type whose fields cannot be made is refused before any entry is rendered."""
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "see.html").write_text("{{Word}}")
    (folder / "notetype.yaml").write_text(SPEC.replace("TEMPLATE", template))
    maker = render.Maker(
        guid=lambda _type, _id: "",
        clip=lambda *_: "silent",
        ipa=lambda *_: (),
        off=lambda _entry: frozenset(),
        media=lambda *_: Media("", tmp_path),
    )
    with pytest.raises(SourceError, match="AG502") as raised:
        render.render([], {"words": notetype.load(folder)}, maker)
    assert message in str(raised.value)
