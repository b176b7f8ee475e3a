"""Whatever a project holds, reading it gives notes or diagnostics, never another exception."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankigen import reading, speech, transcription
from ankigen.diagnostics import SetupError, SourceError
from support import SMALL, write_project
from yamlpieces import TREES

if TYPE_CHECKING:
    from collections.abc import Mapping

IDS = st.sampled_from(["kernel", "tile", "a-b", "s1", "Bad id", ""])
WORDS = st.one_of(
    st.sampled_from(
        ["kernel", "kernels", "{", "}", "{kernel}", "{{c1::x}}", "::", "[sound:x.mp3]"]
    ),
    st.sampled_from(
        ["*", "**", "`", "<b>", "<script>", "</div>", "[a]", "(b)", "\\", "&amp;", "$"]
    ),
    st.sampled_from(["\n", "\n\n", "- ", "1. ", "#", "|", ">", "!", "~", "_", "'", '"', "-"]),
    st.sampled_from(["é", "ß", "核", "🚀", "\u200b", "\xa0", "\x85"]),
)
TEXTS = st.lists(WORDS, max_size=6).map(" ".join) | st.lists(WORDS, max_size=6).map("".join)
VALUES = TEXTS | st.lists(TEXTS | IDS, max_size=3) | TREES
NAMES = st.lists(IDS, min_size=1, max_size=3) | VALUES


def entries(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Lists of entries: most keys of the right kind, some left out, some odd."""
    known = st.fixed_dictionaries({"id": IDS}, optional=keys)
    return st.lists(known | st.dictionaries(TEXTS, VALUES, max_size=3), max_size=4)


TERMS = entries(
    term=TEXTS,
    definition=TEXTS,
    pos=st.just("noun") | VALUES,
    topics=NAMES,
    related=NAMES,
    usage=VALUES,
    tags=NAMES,
    guid=TEXTS,
)
SENTENCES = entries(
    text=TEXTS, terms=NAMES, genre=st.just("review") | VALUES, hint=TEXTS, note=VALUES
)
CATEGORY = st.fixed_dictionaries({"name": TEXTS}, optional={"description": VALUES})
COURSE = st.fixed_dictionaries(
    {"id": IDS, "name": TEXTS},
    optional={
        "categories": st.just(["basics"]) | NAMES,
        "voices": st.dictionaries(IDS, st.just({"speed": "0.9"}) | VALUES, max_size=2) | VALUES,
        "authors": VALUES,
        "language": VALUES,
    },
)


def dumped(trees: st.SearchStrategy[Any], good: str) -> st.SearchStrategy[str]:
    """A file's text: of a tree, or the good text with a piece replaced, or no matter what."""
    spoilt = st.builds(
        lambda at, length, piece: good[:at] + piece + good[at + length :],
        st.integers(0, len(good)),
        st.integers(0, 9),
        WORDS | st.sampled_from(["\t", "\n  ", ":", "&a ", "*a", "%", "@", "? ", "\x00", "\ufeff"]),
    )
    flow = st.sampled_from([True, False, None])
    tree = st.builds(
        lambda value, style: yaml.safe_dump(value, default_flow_style=style, sort_keys=False),
        trees,
        flow,
    )
    return st.just(good) | tree | spoilt | st.text(max_size=20)


PROJECTS = st.fixed_dictionaries(
    {
        "ankigen.yaml": dumped(COURSE, SMALL["ankigen.yaml"]),
        "cards/basics/category.yaml": dumped(CATEGORY, SMALL["cards/basics/category.yaml"]),
        "cards/basics/terms.yaml": dumped(TERMS, SMALL["cards/basics/terms.yaml"]),
        "cards/basics/sentences.yaml": dumped(SENTENCES, SMALL["cards/basics/sentences.yaml"]),
    }
)


FULL = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
"""Texts that mostly pass the schema and reach rendering."""

GOOD_TERMS = st.tuples(
    *(
        st.fixed_dictionaries(
            {"id": st.just(name), "term": st.just(name) | FULL, "definition": FULL},
            optional={"usage": FULL, "ipa": FULL, "related": st.just(["kernel"])},
        )
        for name in ("kernel", "tile")
    )
)
GOOD_SENTENCE = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["s1", "s2", "s3"]),
        "terms": st.lists(st.sampled_from(["kernel", "tile"]), min_size=1, max_size=2),
        "text": FULL | FULL.map("A {{kernel}} and {}".format),
    },
    optional={"hint": FULL, "note": FULL},
)
RENDERED = st.builds(
    lambda terms, sentences: {
        **SMALL,
        "cards/basics/terms.yaml": yaml.safe_dump(list(terms)),
        "cards/basics/sentences.yaml": yaml.safe_dump(sentences),
    },
    GOOD_TERMS,
    st.lists(GOOD_SENTENCE, max_size=3, unique_by=lambda sentence: str(sentence["id"])),
)
ONE_SPOILT = st.builds(
    lambda good, spoilt, name: {**good, name: spoilt[name]},
    RENDERED,
    PROJECTS,
    st.sampled_from(sorted(SMALL)),
)


LOADED = reading.Loaded(functools.cache(speech.engine), transcription.new_readers())
"""The voices and their dictionaries, which each project would load anew."""


@example(files=SMALL, sound=True)
@example(files={**SMALL, "cards/basics/terms.yaml": "- '[key]': x\n"}, sound=True)
@example(files={**SMALL, "cards/basics/terms.yaml": "- {id: kernel, term: a}\n"}, sound=False)
@settings(max_examples=150)
@given(files=PROJECTS | RENDERED | ONE_SPOILT, sound=st.booleans())
def test_any_project_is_read_or_diagnosed(*, files: Mapping[str, str], sound: bool) -> None:
    """Only the two errors that carry a message for a person come out of reading."""
    with tempfile.TemporaryDirectory() as folder:
        root = write_project(Path(folder), files)
        try:
            contents = reading.rendered(reading.opened(root), sound=sound, loaded=LOADED)
        except (SourceError, SetupError) as error:
            problem = error
        else:
            check(contents)
            return
        assert str(problem)
        found = problem.diagnostics if isinstance(problem, SourceError) else ()
        assert all((root / d.span.file).exists() and d.message for d in found)


def check(contents: reading.Contents) -> None:
    """What holds of every project that is read."""
    widths = {name: len(kind.spec.fields) for name, kind in contents.note_types.items()}
    assert all(len(note.fields) == widths[note.note_type] for note in contents.notes)
    assert all(note.clips for note in contents.notes)
    assert len({note.guid for note in contents.notes}) == len(contents.notes)
