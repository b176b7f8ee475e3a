"""What rendering would complain of, found without it: the same as rendering itself finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import everytype
from ankigen import notetype, projecttypes, proof, render
from ankigen.diagnostics import Code, SourceError
from ankigen.mediafile import MediaError
from ankigen.model import Clip, Entry, Voice
from ankigen.yamltext import Marks
from support import write_project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ankigen.diagnostics import Diagnostic
    from ankigen.notetype import NoteType

BUILT_IN = notetype.built_in()
FRAGMENTS = [
    *("kernel", "Kernels", "fused op", "a", "The ", " ", ".", "1. ", "- ", "\n", "\n\n", "字"),
    *("{kernel}", "{a} {b}", "{", "}", "{ }", "\\{", "`{`", "*{ker*nel}", "**b**", "`c`", "_"),
    *("<b>", "</b>", "<video>", "<", "&nbsp;", "&", "&lt;i&gt;", "[a](b)", "…", "-> ", "[sound:x]"),
]
texts = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=5).map("".join)


def entry(note_type: NoteType, identifier: str, values: Mapping[str, Any]) -> Entry | None:
    """An entry as it is read; None where its values would not pass."""
    try:
        checked = note_type.entries.validate_python({"id": identifier, **values})
    except ValidationError:
        return None
    return Entry(note_type.name, identifier, "basics", checked, "x.yaml", Marks(0))


def sayable(_entry: Entry, _key: str, text: str) -> bool:
    """A voice that knows ASCII letters and digits."""
    return text.isascii() and any(map(str.isalnum, text))


def maker(off: Callable[[Entry], frozenset[str]] = lambda _: frozenset()) -> render.Maker:
    """What rendering needs, with no media."""

    def clip(one: Entry, key: str, text: str, _slow: bool) -> Clip | str:  # noqa: FBT001 - render's
        return Clip("x.mp3", text, text, Voice("x")) if sayable(one, key, text) else "it is none"

    def media(_entry: Entry, name: str, _kind: str) -> Any:
        raise MediaError(f"no {name}", "")

    return render.Maker(
        guid=lambda note_type, identifier: f"{note_type}/{identifier}",
        clip=clip,
        ipa=lambda *_: (),
        off=off,
        media=media,
    )


def both(
    entries: Sequence[Entry], note_types: Mapping[str, NoteType], made: render.Maker
) -> tuple[set[Diagnostic], set[Diagnostic]]:
    """What is found at a glance, and by rendering all."""
    seen = set(proof.examine(entries, note_types, made, sayable))
    try:
        return seen, set(render.render(entries, note_types, made).diagnostics)
    except SourceError as error:
        return seen, set(error.diagnostics)


@st.composite
def courses(draw: st.DrawFn) -> list[Entry]:
    """Entries of every built-in note type, some of whose texts are strange."""
    found = []
    for name, note_type in BUILT_IN.items():
        for number in range(draw(st.integers(0, 2))):
            values = dict(draw(st.sampled_from(list(everytype.variants(name).values()))))
            for key, said in note_type.spec.entry.items():
                if said.type in ("text", "prose", "gapped", "marked") and draw(st.booleans()):
                    values[key] = draw(texts)
                elif said.type == "texts" and draw(st.booleans()):
                    values[key] = draw(st.lists(texts, max_size=2))
                elif said.type == "references" and draw(st.booleans()):
                    values[key] = draw(st.sampled_from([["t-0"], ["t-1", "t-0"], ["t-9"]]))
            identifier = f"t-{number}" if name == "terms" else f"{name}-{number}"
            made = entry(note_type, identifier, values)
            found += [made] if made else []
    return found


@given(courses(), st.sampled_from([(), ("production",), ("choose", "recognition", "hear")]))
def test_the_same_as_rendering(entries: list[Entry], off: tuple[str, ...]) -> None:
    """Whatever the texts, and whichever cards are off, nothing is missed and nothing made up."""
    seen, rendered = both(entries, BUILT_IN, maker(lambda _: frozenset(off)))
    assert seen == rendered


def test_only_the_doubtful_are_rendered() -> None:
    """Entries as people write them are known to be right without rendering."""
    entries = [
        one
        for name, note_type in BUILT_IN.items()
        for identifier, values in everytype.variants(name).items()
        if (one := entry(note_type, identifier, values))
    ]
    assert len(entries) > 40

    def never(one: Entry, key: str, text: str, _slow: bool) -> str:  # noqa: FBT001 - render's
        pytest.fail(f"{one.key} is rendered: {key}: {text}")

    made = maker()
    asked = render.Maker(made.guid, never, made.ipa, made.off, made.media)
    assert proof.examine(entries, BUILT_IN, asked, sayable) == []


def test_clashing_guids() -> None:
    """Two notes of one GUID are found, the first in the order of study keeping it."""
    terms = BUILT_IN["terms"]
    values = {"term": "a", "definition": "b"}
    entries = [
        entry(terms, "one", {**values, "guid": "terms/two"}),
        entry(terms, "two", values),
        entry(terms, "three", {**values, "guid": "terms/two"}),
    ]
    seen, rendered = both([one for one in entries if one], BUILT_IN, maker())
    assert seen == rendered
    assert [d.code for d in seen] == [Code.DUPLICATE_ID] * 2


OWN = {
    "notetypes/words/notetype.yaml": (
        "id: 1795000000001\nname: Word\nhelp: A word.\nentry:\n"
        "  word: {type: text, required: true, help: A word.}\n"
        "  other: {type: references, to: words, help: Others.}\n"
        "fields:\n  - {id: 1, name: Word, template: '%s'}\n"
        "  - {id: 3, name: Key, template: '{{ key }}'}\n"
        "cards: [{id: 1, name: Name it, front: front.html, back: back.html}]\n"
    ),
    "notetypes/words/front.html": "{{Word}}",
    "notetypes/words/back.html": "{{FrontSide}}",
}


@pytest.mark.parametrize(
    ("template", "codes"),
    [
        ("{{ word }}", []),
        ('{{ word if word.plain == "b" }}', ["AG305"]),
        ("{{ 1 / 0 }}", ["AG502"]),
        ("{{ nothing }}", ["AG502"]),
    ],
)
def test_own_note_types(tmp_path: Path, template: str, codes: list[str]) -> None:
    """Of a course's own note types nothing is taken for granted."""
    spec = OWN["notetypes/words/notetype.yaml"] % template.replace("'", "''")
    write_project(tmp_path, {**OWN, "notetypes/words/notetype.yaml": spec})
    note_types = projecttypes.of_project(Path(tmp_path).resolve())
    one = entry(note_types["words"], "a", {"word": "a"})
    assert one is not None
    seen, rendered = both([one], note_types, maker())
    assert seen == rendered
    assert [d.code for d in seen] == codes
