"""Which way the notes of a file go, and what is asked where it cannot be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import notetype
from ankigen.apkg import Field, Kind, NoteType, Template
from ankigen.diagnostics import SetupError
from ankigen.importing import routes
from ankigen.importing.foreign import Foreign, ForeignType, Writing
from ankigen.importing.routes import Plan, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = notetype.built_in()


def kind(name: str, number: int = 1) -> ForeignType:
    """A note type of a package."""
    card = Template("Card", 1, "{{A}}", "{{A}}")
    anatomy = NoteType(number, name, Kind.STANDARD, (Field("A", 1),), (card,), "", 0)
    return ForeignType(name, ("A",), anatomy)


OURS = kind("Term (ankigen)", TYPES["terms"].spec.id)
ALL: Mapping[str, ForeignType] = {
    "1": kind("Basic"),
    "2": kind("Cloze"),
    "3": OURS,
    "4": kind("正面"),
}


def plan(types: Mapping[str, ForeignType], **wanted: object) -> Plan:
    """What is done with these note types."""
    foreign = Foreign("x.apkg", "package", Writing.HTML, types, ())
    return routes.plan(foreign, TYPES, Wanted(**wanted))  # type: ignore[arg-type] # a test's own


def test_known() -> None:
    """Notes of a note type that is there need no word."""
    assert plan({"3": OURS}) == Plan({"3": "terms"}, {}, {}, [])
    assert plan({"3": OURS}, note_type="terms") == Plan({"3": "terms"}, {}, {}, [])


def test_mapped() -> None:
    """All others become what is said; a known one as well, where it is said to become another."""
    made = plan(ALL, note_type="terms")
    assert (made.known, made.taken) == ({"3": "terms"}, {})
    assert made.mapped == {"1": "terms", "2": "terms", "4": "terms"}
    assert plan({"3": OURS}, note_type="phrases").mapped == {"3": "phrases"}


def test_taken_over() -> None:
    """Each is called after itself, or as is said where there is one."""
    assert plan(ALL, as_is=True).taken == {"1": "basic", "2": "cloze", "4": "anki"}
    assert plan({"1": kind("Terms")}, as_is=True).taken == {"1": "terms-2"}
    assert plan({"1": kind("Basic")}, as_is=True, note_type="cards").taken == {"1": "cards"}


def test_only() -> None:
    """The rest is left."""
    made = plan(ALL, only=("Cloze",), note_type="terms")
    assert (made.mapped, made.left) == ({"2": "terms"}, ["Basic", "Term (ankigen)", "正面"])


@pytest.mark.parametrize(
    ("types", "wanted", "message", "hint"),
    [
        ({"1": kind("Basic")}, {}, "x.apkg holds notes of 'Basic' (A)", "or --as-is to keep"),
        ({"1": ForeignType("W", ("A",))}, {}, "x.apkg holds notes of 'W' (A)", "say --notetype"),
        (ALL, {"note_type": "trems"}, "there is no note type 'trems'", "did you mean 'terms'?"),
        (ALL, {"note_type": "cards", "as_is": True}, "can be the name of one", "leave --notetype"),
        ({"1": kind("B")}, {"note_type": "My Cards", "as_is": True}, "cannot be", "'my-cards'"),
        (ALL, {"only": ("Basi",)}, "x.apkg has no note type 'Basi'", "did you mean 'Basic'?"),
    ],
)
def test_asked(
    types: Mapping[str, ForeignType], wanted: Mapping[str, object], message: str, hint: str
) -> None:
    """What is not clear is asked, and what was meant by a slip is named."""
    with pytest.raises(SetupError) as raised:
        plan(types, **wanted)
    assert message in str(raised.value)
    assert hint in raised.value.hint
