"""Equal sources give equal bytes, on any machine and after any mishap."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support import REPOSITORY, SENTENCES, TERMS, ankigen, ankigen_anew, decks, write_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

HERE: Mapping[str, str] = {
    "TZ": "Pacific/Kiritimati",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "1",
}
ELSEWHERE: Mapping[str, str] = {
    "TZ": "America/St_Johns",
    "LANG": "C",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "4711",
    # Without these Python would make UTF-8 of the C locale.
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
}
"""Two machines that differ in all that a process can be told."""


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Run the body, and the processes that it starts, with another umask."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def build(root: Path, *options: str, env: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Build a project; return what ``--json`` says and, as ``said``, what a person reads."""
    done = ankigen("build", "--json", *options, cwd=root, env=env)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return {**result, "said": done.stderr}


def touch_everything(root: Path, when: int) -> None:
    """Give every file of a project one time."""
    for path in root.rglob("*"):
        os.utime(path, (when, when))


def copy_course(root: Path) -> Path:
    """The repository's course, not built."""
    root.mkdir(parents=True)
    shutil.copy(REPOSITORY / "ankigen.yaml", root)
    shutil.copytree(REPOSITORY / "cards", root / "cards")
    return root


def copy_excerpt(root: Path) -> Path:
    """The course with one category alone, and of that three terms and their sentences."""
    copy_course(root)
    config = yaml.load((root / "ankigen.yaml").read_bytes(), yaml.CBaseLoader)  # noqa: S506 - all text
    config["categories"] = ["operator-fusion"]
    folder = root / "cards" / config["categories"][0]
    terms, sentences = (
        yaml.load((folder / name).read_bytes(), yaml.CBaseLoader)  # noqa: S506 - all text
        for name in ("terms.yaml", "sentences.yaml")
    )
    terms = [{key: term[key] for key in term if key != "related"} for term in terms[:3]]
    kept = {term["id"] for term in terms}
    sentences = [sentence for sentence in sentences if kept.issuperset(sentence["terms"])]
    assert sentences
    write_project(
        root,
        {
            "ankigen.yaml": yaml.safe_dump(config, allow_unicode=True),
            f"{folder.relative_to(root)}/terms.yaml": yaml.safe_dump(terms, allow_unicode=True),
            f"{folder.relative_to(root)}/sentences.yaml": yaml.safe_dump(
                sentences, allow_unicode=True
            ),
        },
    )
    for other in set((root / "cards").iterdir()) - {folder}:
        shutil.rmtree(other)
    return root


@pytest.mark.parametrize(
    ("copy", "options"),
    [(copy_excerpt, ()), (copy_course, ("--no-audio",))],
    ids=["excerpt-with-sound", "course-without-sound"],
)
def test_two_machines_give_the_same_bytes(
    tmp_path: Path, copy: Callable[[Path], Path], options: tuple[str, ...]
) -> None:
    """Path, time zone, locale, umask, hash seed, file times and clips made anew: all the same."""
    first, second = copy(tmp_path / "a"), copy(tmp_path / "another place" / "Kürs ñ")
    touch_everything(first, 1_000_000_000)
    touch_everything(second, 1_700_000_001)
    with umask(0o022):
        here = build(first, *options, "--jobs", "1", env=HERE)
    with umask(0o077):
        there = build(second, *options, "--jobs", "2", env=ELSEWHERE)
    assert here["audio"]["made"] == there["audio"]["made"]
    assert bool(here["audio"]["made"]) is not bool(options)
    assert [deck["sha256"] for deck in here["decks"]] == [deck["sha256"] for deck in there["decks"]]
    assert decks(first / "dist") == decks(second / "dist")
    assert len(decks(first / "dist")) == len(here["decks"]) > 1


def test_second_build_does_nothing_and_says_so(built: Path) -> None:
    """Where nothing changed no clip is made and no file is written."""
    before = decks(built / "dist")
    stamps = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    result = build(built)
    assert result["audio"]["made"] == 0
    assert result["audio"]["reused"] == 6
    assert "no clip was made" in result["said"]
    assert decks(built / "dist") == before
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == stamps


def test_touched_sources_keep_the_bytes(built: Path) -> None:
    """New times alone, of sources, clips and decks, change no byte and make no clip."""
    before = decks(built / "dist")
    touch_everything(built, 1_000_000_000)
    assert build(built)["audio"]["made"] == 0
    assert decks(built / "dist") == before


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_jobs_change_no_byte(tmp_path: Path, built: Path, jobs: int) -> None:
    """Clips made by one thread or by several are the same."""
    before = decks(built / "dist")
    other = write_project(tmp_path / "other")
    assert build(other, "--jobs", str(jobs))["audio"]["made"] == 6
    assert decks(other / "dist") == before


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_permissions_follow_the_umask(small: Path, mask: int, mode: int) -> None:
    """All that is written gets the permissions of any new file, not a temporary one's."""
    with umask(mask):
        done = ankigen_anew("build", cwd=small)
    assert done.returncode == 0, done.stderr
    written = [
        *(small / "dist").glob("*.apkg"),
        *(path for path in (small / "audio").rglob("*") if path.is_file()),
    ]
    assert len(written) == 2 + 6 + 3
    assert {path.stat().st_mode & 0o777 for path in written} == {mode}


@pytest.mark.parametrize(
    ("file", "content", "made"),
    [
        ("cards/basics/terms.yaml", TERMS.replace("the device runs", "a device runs"), 0),
        ("cards/basics/terms.yaml", TERMS.replace("pos: noun", "pos: verb"), 0),
        ("cards/basics/sentences.yaml", SENTENCES.replace("own tile", "own block"), 1),
        ("cards/basics/category.yaml", "name: Basics\ndescription: Other words.\n", 0),
        ("ankigen.yaml", "id: small\nname: Short Course\ncategories: [basics]\n", 0),
    ],
    ids=["definition", "same-length", "sentence", "category", "course"],
)
def test_changed_source_gives_new_bytes(built: Path, file: str, content: str, made: int) -> None:
    """A change reaches every package; going back, lock and all, brings the old bytes back."""
    before = decks(built / "dist")
    old = {name: (built / name).read_bytes() for name in (file, "ankigen.lock")}
    time = (built / file).stat().st_mtime_ns
    (built / file).write_text(content)
    os.utime(built / file, ns=(time, time))
    assert build(built)["audio"]["made"] == made
    after = decks(built / "dist")
    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in before)
    for name, released in old.items():
        (built / name).write_bytes(released)
    assert build(built)["audio"]["made"] == 0
    assert decks(built / "dist") == before


def delete_decks(root: Path) -> None:
    """Delete one package."""
    (root / "dist" / "basics.apkg").unlink()


def empty_deck(root: Path) -> None:
    """Leave one package empty."""
    (root / "dist" / "small.apkg").write_bytes(b"")


def damage_state(root: Path) -> None:
    """Tear the file in which a build remembers what it did."""
    state = root / "dist" / ".ankigen-state.json"
    state.write_bytes(state.read_bytes()[:-20])


def stored(root: Path) -> dict[str, bytes]:
    """The clips and their manifest; the hidden file holds times, which differ at every run."""
    return {p.name: p.read_bytes() for p in (root / "audio/clips").iterdir() if p.name[0] != "."}


def _clip(root: Path) -> Path:
    return sorted((root / "audio" / "clips").glob("*.mp3"))[1]


def flip_byte(root: Path) -> None:
    """Change one byte in the middle of a clip."""
    data = bytearray(_clip(root).read_bytes())
    data[len(data) // 2] ^= 0xFF
    _clip(root).write_bytes(data)


def truncate_clip(root: Path) -> None:
    """Cut a clip's second half off."""
    data = _clip(root).read_bytes()
    _clip(root).write_bytes(data[: len(data) // 2])


def delete_clip(root: Path) -> None:
    """Delete a clip."""
    _clip(root).unlink()


def tear_manifest(root: Path) -> None:
    """Cut the manifest inside its last line, as a killed build may; the decks are gone, too."""
    manifest = root / "audio" / "clips" / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-30])
    shutil.rmtree(root / "dist")


def delete_manifest(root: Path) -> None:
    """Delete the manifest and the decks."""
    (root / "audio" / "clips" / "manifest.jsonl").unlink()
    shutil.rmtree(root / "dist")


@pytest.mark.parametrize(
    ("damage", "made"),
    [
        (delete_decks, 0),
        (empty_deck, 0),
        (damage_state, 0),
        (flip_byte, 1),
        (truncate_clip, 1),
        (delete_clip, 1),
        (tear_manifest, 1),
        (delete_manifest, 6),
    ],
)
def test_damage_is_mended(built: Path, damage: Callable[[Path], None], made: int) -> None:
    """What is lost is made again and nothing else, and every byte is as it was."""
    before = decks(built / "dist")
    clips = stored(built)
    damage(built)
    result = build(built)
    assert (result["audio"]["made"], result["audio"]["reused"]) == (made, 6 - made)
    assert decks(built / "dist") == before
    assert stored(built) == clips
