"""Locks rebuilt from packages: what each says, which of several counts, what is passed over."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ankigen import lock, notetype, recovery
from ankigen.apkg import PackageError
from ankigen.build import Options, build
from packages import BASIC, Draft
from support import EPOCH, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from ankigen.lock import Lock

KEYED = {**BASIC, "flds": [{"name": "Front"}, {"name": "Key"}]}
"""A note type of another maker whose last field is called as ours is."""


def recovered(*packages: Path, damaged: str = "") -> Lock:
    """The lock that some packages give."""
    return recovery.recover(packages, notetype.built_in(), damaged)


def release(root: Path, name: str, when: int, terms: str) -> Path:
    """Release a course of some terms; return its package."""
    files = {
        "ankigen.yaml": "id: small\nname: Small\ncategories: [basics]\n",
        "cards/basics/category.yaml": "name: Basics\n",
        "cards/basics/terms.yaml": terms,
    }
    write_project(root, files)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(when))
        build(root, Options(output=root / name, sound=True))
    return root / name / "small.apkg"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Lock]:
    """Two packages of a course that changed one note and removed another; its lock."""
    root = tmp_path_factory.mktemp("releases")
    a = "- {id: a, term: a word, definition: x}\n"
    b = "- {id: b, term: another, definition: x}\n"
    gone = "- {id: c, term: gone, definition: x}\n"
    first = release(root, "v1", int(EPOCH), a + b + gone)
    second = release(root, "v2", int(EPOCH) + 10, a + b.replace("x", "y"))
    return first, second, lock.parse((root / lock.FILE).read_text())


def test_built_project(built_small: Path) -> None:
    """The course's package holds all of the lock, and so do those of its categories."""
    written = (built_small / lock.FILE).read_text()
    for name in ("small", "basics"):
        assert str(recovered(built_small / f"dist/{name}.apkg")) == written


def test_the_latest_release_counts(releases: tuple[Path, Path, Lock]) -> None:
    """In whatever order packages are given, each note is as it was released last."""
    first, second, written = releases
    both = recovered(first, second)
    assert str(both) == str(recovered(second, first))
    assert {key: line.mod - int(EPOCH) for key, line in both.notes.items()} == {
        "terms/a": 0,
        "terms/b": 10,
        "terms/c": 0,
    }
    known = {key: line for key, line in both.notes.items() if key != "terms/c"}
    assert known == {key: written.notes[key] for key in known}


def test_what_is_left_of_the_old_lock(releases: tuple[Path, Path, Lock]) -> None:
    """It remembers what the last package no longer has; broken lines of it do no harm."""
    _, second, written = releases
    assert written.notes["terms/c"].removed
    assert str(recovered(second, damaged=str(written))) == str(written)
    torn = "".join(
        line if "terms/c" in line else line[: len(line) // 2] + "\n"
        for line in str(written).splitlines(keepends=True)
    )
    assert str(recovered(second, damaged=torn)) == str(written)


def test_what_had_left_the_course(releases: tuple[Path, Path, Lock]) -> None:
    """A package from before does not bring it back into a lock that knows of it."""
    first, second, written = releases
    for packages in ((first,), (first, second), (second, first)):
        assert str(recovered(*packages, damaged=str(written))) == str(written)
    line = written.notes["terms/c"]
    older = str(written).replace(str(line), str(replace(line, mod=line.mod - 1)))
    assert not recovered(first, damaged=older).notes["terms/c"].removed


def test_other_makers(tmp_path: Path) -> None:
    """Notes without a key of ours, and note types that are not ours, are passed over."""
    other = Draft().note("front\x1fterms/a")  # in a field of another name
    assert not recovered(other.write(tmp_path / "other.apkg")).notes
    draft = Draft(models={"11": KEYED})
    for key in ("no key", "terms/", "/a", "terms/a b", "Terms/a", "terms/a\n", "a/b/c"):
        found = recovered(draft.note(f"front\x1f{key}").write(tmp_path / "key.apkg"))
        assert not found.notes
        assert not found.types
    found = recovered(draft.note("front\x1fterms/a").write(tmp_path / "key.apkg"))
    assert list(found.notes) == ["terms/a"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE notes SET guid = ''",
        "UPDATE notes SET mod = -1",
        "UPDATE notes SET mod = 9223372036854775807",
    ],
)
def test_what_no_line_can_hold(tmp_path: Path, sql: str) -> None:
    """A strange package gives no lock that a build would then refuse."""
    draft = Draft(models={"11": KEYED}, sql=sql).note("front\x1fterms/a")
    found = recovered(draft.write(tmp_path / "strange.apkg"))
    assert not found.notes
    assert lock.parse(str(found)) == found


def test_strange_guids(tmp_path: Path) -> None:
    """Spaces and line ends of a GUID do not reach the file as such."""
    draft = Draft(models={"11": KEYED}).note("front\x1fterms/a", guid="a b\n\u2028%")
    found = recovered(draft.write(tmp_path / "strange.apkg"))
    assert found.notes["terms/a"].guid == "a b\n\u2028%"
    assert lock.parse(str(found)) == found


def test_note_types_without_ids(tmp_path: Path) -> None:
    """A note type with our id but no ids of fields, as others would write it, is no record."""
    spec = notetype.built_in()["terms"].spec
    models = json.loads(json.dumps({str(spec.id): {**KEYED, "id": spec.id}}))
    draft = Draft(models=models).note("front\x1fterms/a", model=spec.id)
    found = recovered(draft.write(tmp_path / "bare.apkg"))
    assert not found.types
    assert list(found.notes) == ["terms/a"]


def test_no_package(tmp_path: Path) -> None:
    """A file that is none is refused."""
    (tmp_path / "x.apkg").write_bytes(b"no zip")
    with pytest.raises(PackageError):
        recovered(tmp_path / "x.apkg")
