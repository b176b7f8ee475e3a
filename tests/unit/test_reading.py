"""A project, read with and without raising what is wrong."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from ankigen import reading
from ankigen.diagnostics import SourceError
from support import REPOSITORY, SENTENCES, SMALL, TERMS, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ankigen.diagnostics import Diagnostic

T = "cards/basics/terms.yaml"
S = "cards/basics/sentences.yaml"

FAULTS: Mapping[str, Mapping[str, str]] = {
    "value": {T: f"- {{id: a, term: a}}\n{TERMS}"},
    "YAML": {T: f"{TERMS}- [\n"},
    "reference": {S: SENTENCES.replace("[kernel]", "[kernl]")},
    "gap": {S: SENTENCES.replace("{kernel}", "colonel")},
    "HTML": {T: TERMS.replace("A function", "A <video> function")},
    "unsayable": {T: TERMS.replace("term: kernel", "term: ядро"), S: "- {id: a, terms: [a]}\n"},
    "voice": {"ankigen.yaml": SMALL["ankigen.yaml"] + "voice: robin\n"},
    "cards": {"ankigen.yaml": SMALL["ankigen.yaml"] + "cards: {terms: [recal]}\n"},
    "lexicon": {"pronunciations.yaml": "CUDA: {}\n"},
    "recording": {"audio/recordings/terms/kernl.wav": "no sound"},
    "category": {"cards/more/terms.yaml": TERMS},
    "course": {"ankigen.yaml": "name: S\n"},
    "note type": {"notetypes/terms/notetype.yaml": "id: 1\n"},
    "own note type": {
        "notetypes/words/notetype.yaml": "id: 1\n",
        "cards/basics/words.yaml": "- id: a\n",
        "cards/basics/words.csv": "id\na\n",
    },
    "template": {"notetypes/terms/recognition.back.html": "{{Nothing}}"},
    "several": {T: f"- {{id: a, term: a}}\n{TERMS}", S: SENTENCES.replace("{kernel}", "colonel")},
}


def raised(root: Path) -> tuple[Diagnostic, ...]:
    """What reading says is wrong with a project."""
    with contextlib.suppress(SourceError):
        return reading.read(root, sound=True).diagnostics
    with pytest.raises(SourceError) as error:
        reading.read(root, sound=True)
    return error.value.diagnostics


@pytest.mark.parametrize("fault", FAULTS)
def test_a_survey_finds_what_reading_raises(tmp_path: Path, fault: str) -> None:
    """The same diagnostics in the same order, returned instead of raised."""
    root = write_project(tmp_path, {**SMALL, **FAULTS[fault]})
    found = reading.survey(root).diagnostics
    assert found
    assert raised(root) == found


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"course"}))
def test_a_survey_sees_the_rest(tmp_path: Path, fault: str) -> None:
    """What is not at fault is there for the rules."""
    project = reading.survey(write_project(tmp_path, {**SMALL, **FAULTS[fault]})).project
    assert project is not None
    assert project.course.name == "Small Course"
    assert {"kernel-1"} <= {e.id for e in project.entries} or fault == "unsayable"
    assert {"operator-fusion"} <= {e.id for e in project.entries} or fault == "YAML"


def test_a_clean_course() -> None:
    """The repository's own course has no mistake."""
    found = reading.survey(REPOSITORY)
    assert found.diagnostics == ()
    assert found.project is not None
    assert len(found.project.entries) == len(reading.read(REPOSITORY, sound=True).notes)
