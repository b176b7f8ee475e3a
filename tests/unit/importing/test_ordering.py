"""The order of entries in their files, found out from what notes show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from ankigen import notetype
from ankigen.importing import ordering
from ankigen.importing.drafts import Draft
from ankigen.importing.foreign import ForeignNote, ForeignType
from ankigen.importing.routes import Route, Way

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPES = notetype.built_in()
ROUTES = {
    name: Route(ForeignType(name, ()), Way.READ_BACK, TYPES[name])
    for name in ("terms", "sentences")
}


def term(name: str, *shown: str) -> Draft:
    """A term whose note shows sentences."""
    note = ForeignNote("", name, "", "deck", (), ())
    html = {"sentences": [f'<b class="gap">{one}</b>' for one in shown]}
    return Draft(note, ROUTES["terms"], name, name, {"term": name}, shown=html)


def sentence(name: str, *terms: str) -> Draft:
    """A sentence of some terms."""
    note = ForeignNote("", name, "", "deck", (), ())
    values = {"text": f"{{{name}}}", "terms": list(terms)}
    return Draft(note, ROUTES["sentences"], name, name, values)  # type: ignore[arg-type] # a test's own


def order(*drafts: Draft) -> str:
    """The ids of sentences and terms in the order of the files."""
    return " ".join(draft.id for draft in ordering.ordered(drafts))


def test_as_they_are_studied() -> None:
    """Where notes show nothing, nothing is known."""
    assert order(term("a"), sentence("x", "a"), term("b"), sentence("y", "b")) == "a x b y"


def test_as_they_are_shown() -> None:
    """A sentence that is studied late and shown first stood first in its file."""
    drafts = [term("a", "y", "x"), sentence("x", "a"), term("b"), sentence("y", "a", "b")]
    assert order(*drafts) == "a b y x"


def test_those_that_name_it_first() -> None:
    """They are shown first whatever the files say, so nothing follows from that."""
    drafts = [term("a", "y", "x"), term("b"), sentence("x", "b", "a"), sentence("y", "a", "b")]
    assert order(*drafts) == "a b x y"


def test_contradictions() -> None:
    """What contradicts itself is not believed."""
    drafts = [term("a", "x", "y"), sentence("x", "a"), term("b", "y", "x"), sentence("y", "a")]
    drafts[3].values["terms"] = ["b", "a"]
    drafts[1].values["terms"] = ["b", "a"]
    assert order(*drafts).split() == [draft.id for draft in drafts]


@given(st.permutations(range(6)), st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_files_come_back(places: Sequence[int], last: list[int]) -> None:
    """Whatever the order in the file was, it comes back as far as it shows."""
    names = [f"s{number}" for number in places]
    of = {name: ["t0", f"t{end}"] if end else ["t0"] for name, end in zip(names, last, strict=True)}
    drafts: list[Draft] = []
    for at in range(3):
        shown = [name for name in names if at == 0]
        drafts.append(term(f"t{at}", *shown))
        drafts += [sentence(n, *of[n]) for n in names if of[n][-1] == f"t{at}"]
    found = [draft.id for draft in ordering.ordered(drafts) if draft.id.startswith("s")]
    assert found == names
