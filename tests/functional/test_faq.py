"""What docs/faq.md says of Anki, where no other test shows it: Anki does so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from anki.import_export_pb2 import (
    IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

from learner import learner
from support import EPOCH, ankigen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from learner import Learner

OLD, NEW = "A function that the device runs.", "A function that runs on the device."


@pytest.fixture
def someone(tmp_path: Path) -> Iterator[Learner]:
    """A person with an empty collection."""
    with learner(tmp_path / "anki") as person:
        yield person


def release(root: Path, day: int) -> Path:
    """Build on a day, counted from the first."""
    env = {"SOURCE_DATE_EPOCH": str(int(EPOCH) + 86_400 * day)}
    done = ankigen("build", "--no-audio", cwd=root, env=env)
    assert done.returncode == 0, done.stderr
    return root / "dist/small.apkg"


def corrected(root: Path) -> Path:
    """The next release, with one definition in other words."""
    terms = root / "cards/basics/terms.yaml"
    terms.write_text(terms.read_text().replace(OLD, NEW))
    return release(root, 1)


def test_a_note_that_was_edited_later(small: Path, someone: Learner) -> None:
    """It stays as it is, until the person has notes updated always."""
    someone.imports(release(small, 0))
    package = corrected(small)
    someone.edit("terms/kernel", "Definition", "Mine.")
    someone.imports(package)
    assert someone.note("terms/kernel")["Definition"] == "Mine."
    options = ImportAnkiPackageOptions(update_notes=IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS)
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    someone.collection.import_anki_package(request)
    assert NEW in someone.note("terms/kernel")["Definition"]


def test_a_note_type_with_a_field_of_the_learners_own(small: Path, someone: Learner) -> None:
    """None of its notes is updated; Anki counts them as conflicts."""
    someone.imports(release(small, 0))
    models = someone.collection.models
    mine = someone.note("terms/kernel").note_type()
    assert mine is not None
    models.add_field(mine, models.new_field("Mine"))
    models.update_dict(mine)
    log = someone.imports(corrected(small))
    assert (len(log.updated), len(log.conflicting)) == (0, 2)
    assert OLD in someone.note("terms/kernel")["Definition"]
