"""Changes of a released note type that a build refuses, and what they would do to learners."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest

from ankigen import lock
from ankigen.diagnostics import SourceError
from learner import learner
from notetypes import BREAKS, OTHER_KIND, edited
from releases import BASICS, first_release, release
from support import write_project

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.notetype import NoteType

NAME = "Term (ankigen)"
EDITED = {
    "cards/basics/terms.yaml": BASICS.replace("A function", "A program")
    + "- {id: axis, term: axis, definition: A direction of an array.}\n"
}
"""One term is changed, one is new."""

breaks = pytest.mark.parametrize(("old", "new", "said"), BREAKS.values(), ids=list(BREAKS))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course with its first release."""
    return first_release(tmp_path_factory.mktemp("first") / "course", sound=False)


def broken(folder: Path, old: str, new: str) -> dict[str, NoteType]:
    """The note types with an edit of that of terms."""
    return edited(folder, "terms", {"notetype.yaml": (old, new)})


def forget_terms(root: Path) -> None:
    """Take the note type and the cards of terms out of the lock, so that any change passes."""
    path = root / lock.FILE
    lines = [line for line in path.read_text().splitlines() if not line.startswith("type terms ")]
    # The first line is a comment; a note's cards follow its mod.
    path.write_text(
        "\n".join(
            [
                lines[0],
                *(
                    " ".join(line.split()[:5]) if line.startswith("note terms/") else line
                    for line in lines[1:]
                ),
            ]
        )
        + "\n"
    )


@breaks
def test_refused(first: Path, tmp_path: Path, old: str, new: str, said: str) -> None:
    """The build says what learners would see, and writes nothing."""
    root = write_project(shutil.copytree(first, tmp_path / "course"), EDITED)
    before = (root / lock.FILE).read_bytes()
    with pytest.raises(SourceError) as raised:
        release(root, "v2", int(time.time()), broken(tmp_path, old, new), sound=False)
    (found,) = raised.value.diagnostics
    assert said in found.message
    assert f"no update of any of its notes, and a second '{NAME}+'" in found.message
    assert (root / lock.FILE).read_bytes() == before
    assert not (root / "v2").exists()


@breaks
def test_what_it_spares_learners(
    first: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    """The message tells the truth: without a lock, learners would get just that."""
    assert said
    root = write_project(shutil.copytree(first, tmp_path / "course"), EDITED)
    forget_terms(root)
    types = broken(tmp_path, old, new)
    package = release(root, "v2", int(time.time()) + 1000, types, sound=False)
    with learner(tmp_path / "learner") as someone:
        someone.imports(root / "v1/small.apkg")
        before = someone.content()
        log = someone.imports(package)
        assert len(log.conflicting) == 6
        assert not log.updated
        assert {guid: someone.content()[guid] for guid in before} == before
        names = {name for name in someone.note_types() if name.startswith(NAME)}
        assert names == {NAME, f"{NAME}+"}
        axis = someone.note("terms/axis").note_type()
        assert axis is not None
        assert axis["name"] == f"{NAME}+"


def test_another_kind(first: Path, tmp_path: Path) -> None:
    """It is refused because Anki would take it over, and find all cards of terms empty."""
    root = shutil.copytree(first, tmp_path / "course").resolve()
    types = broken(tmp_path, *OTHER_KIND)
    with pytest.raises(SourceError, match="its kind changed"):
        release(root, "v2", int(time.time()), types, sound=False)
    forget_terms(root)
    package = release(root, "v2", int(time.time()) + 1000, types, sound=False)
    with learner(tmp_path / "learner") as someone:
        someone.imports(root / "v1/small.apkg")
        assert not someone.collection.get_empty_cards().notes
        assert not someone.imports(package).conflicting
        assert len(someone.collection.get_empty_cards().notes) == 6


def test_the_way_to_a_new_field(first: Path, tmp_path: Path) -> None:
    """What the hint proposes is allowed, and reaches the learner."""
    root = shutil.copytree(first, tmp_path / "course").resolve()
    old = "name: Spare 1}"
    types = broken(tmp_path, old, 'name: Shout, template: "{{ term }}!"}')
    package = release(root, "v2", int(time.time()) + 1000, types, sound=False)
    with learner(tmp_path / "learner") as someone:
        someone.imports(root / "v1/small.apkg")
        assert len(someone.imports(package).updated) == 6
        assert someone.note("terms/fuse")["Shout"] == "fuse!"
