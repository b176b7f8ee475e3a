"""A whole check, from sources to diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import build
from ankigen.checking import Options, check
from ankigen.diagnostics import Code, SetupError, Severity
from support import REPOSITORY, TERMS, TIDY, write_project

if TYPE_CHECKING:
    from pathlib import Path

T = "cards/basics/terms.yaml"
CLEAN = TERMS.replace("  topics: [fusion]\n", "")
LONE = "no other entry is about 'fusion'"
REASON = "because more will come"


def found(root: Path, **options: tuple[str, ...]) -> list[str]:
    """Place and code of everything found."""
    return [f"{d.span} {d.code}" for d in check(root, Options(**options)).diagnostics]


def written(root: Path, terms: str = TERMS, settings: str = "") -> Path:
    """The small project with other terms or more settings."""
    return write_project(root, {**TIDY, T: terms, "ankigen.yaml": TIDY["ankigen.yaml"] + settings})


def test_rules_see_the_rest(tmp_path: Path) -> None:
    """A mistake in one entry keeps no rule from looking at the others; all is sorted."""
    root = written(tmp_path, f"- {{id: tile, term: tile, topics: [tiles]}}\n{TERMS}")
    assert found(root) == [f"{T}:1:3 AG102", f"{T}:10:12 AG204"]


def test_counts(tidy: Path) -> None:
    """A result tells how much was looked at, and how much of each severity was found."""
    result = check(tidy)
    assert (result.entries, result.files) == (5, 2)
    assert (result.count(Severity.ERROR), result.count(Severity.WARNING)) == (0, 1)
    assert check(tidy, Options(ignore=("AG204",))).diagnostics == ()


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({}, ["AG102", "AG204"]),
        ({"select": ("AG2",)}, ["AG204"]),
        ({"select": ("AG2", "AG102")}, ["AG102", "AG204"]),
        ({"ignore": ("AG1",)}, ["AG204"]),
        ({"select": ("AG",), "ignore": ("AG204",)}, ["AG102"]),
        ({"paths": (T,)}, ["AG102", "AG204"]),
        ({"paths": ("cards/basics",)}, ["AG102", "AG204"]),
        ({"paths": (".",)}, ["AG102", "AG204"]),
        ({"paths": ("cards/basic",)}, []),
        ({"paths": ("cards/basics/sentences.yaml",)}, []),
    ],
)
def test_what_is_asked_for(
    tmp_path: Path, options: dict[str, tuple[str, ...]], codes: list[str]
) -> None:
    """Codes, or how they begin, and paths choose what is reported."""
    root = written(tmp_path, f"- {{id: tile, term: tile}}\n{TERMS}")
    assert [place.split()[-1] for place in found(root, **options)] == codes


@pytest.mark.parametrize("option", ["select", "ignore"])
def test_a_code_that_is_not_there(option: str) -> None:
    """A slip of a code is answered with the nearest."""
    with pytest.raises(SetupError, match="there is no rule 'AG20T'") as raised:
        Options(**{option: ("AG20T",)})
    assert raised.value.hint.startswith("did you mean 'AG")


def test_the_lock(tidy: Path) -> None:
    """What a build would say of the lock is said, also by a check whose findings are kept."""
    cache = tidy.parent / "cache"
    build.build(tidy, build.Options(sound=False))
    path, before = tidy / "ankigen.lock", check(tidy, cache=cache)
    assert "AG601" not in {d.code for d in before.diagnostics}
    text = path.read_text()
    row = next(line for line in text.splitlines() if line.startswith("note "))
    for damage, place, severity in (
        (f"<<<<<<< HEAD\n{text}", "ankigen.lock", Severity.WARNING),
        (f"{text}{row}\n", "ankigen.lock", Severity.WARNING),
        (f"note x\n{text}", "ankigen.lock:1:1", Severity.ERROR),
    ):
        path.write_text(damage)
        said = [d for d in check(tidy, cache=cache).diagnostics if d.code == Code.LOCK]
        assert [(str(d.span), d.severity) for d in said] == [(place, severity)]
    path.write_bytes(b"\xff")
    assert "ankigen.lock:1:1 AG004" in found(tidy)
    (tidy / "ankigen.yaml").write_text("- no course\n")
    assert "ankigen.lock:1:1 AG004" in found(tidy)
    path.unlink()
    assert {d.span.file for d in check(tidy).diagnostics} == {"ankigen.yaml"}


def test_a_comment(tmp_path: Path) -> None:
    """A comment with a reason takes back a warning, and is reported where none is left."""
    terms = TERMS.replace("[fusion]", f"[fusion]  # ankigen: ignore AG204 {REASON}")
    root = written(tmp_path, terms)
    assert found(root) == []
    written(tmp_path, terms.replace("[fusion]", "[]").replace("  topics: []  ", "  pos: verb "))
    written(tmp_path, terms.replace("topics: [fusion]", "source: here"))
    assert found(root) == [f"{T}:9:17 AG802"]
    assert found(root, select=("AG1",)) == []
    assert found(root, ignore=("AG802",)) == []
    assert found(root, paths=("cards/basics/sentences.yaml",)) == []


def test_a_policy(tmp_path: Path) -> None:
    """A code in ``check: ignore:`` is never reported, unless it is asked for by name."""
    root = written(tmp_path, settings="check: {ignore: [AG2]}\n")
    assert found(root) == []
    assert found(root, select=("AG204",)) == [f"{T}:9:12 AG204"]


def test_a_pattern(tmp_path: Path) -> None:
    """Files are excepted by a pattern with a reason."""
    rule = "check: {ignore: [{code: AG204, files: 'cards/*.yaml', because: so}]}\n"
    assert found(written(tmp_path, settings=rule)) == []
    other = rule.replace("cards/*.yaml", "cards/*.csv")
    assert found(written(tmp_path, settings=other)) == [
        "ankigen.yaml:4:18 AG802",
        f"{T}:9:12 AG204",
    ]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("[AG2O4]", "there is no rule 'AG2O4'"),
        ("[{code: AG204, files: 'cards/*'}]", "there is no reason why AG204 is ignored here"),
    ],
)
def test_a_policy_that_is_wrong(tmp_path: Path, said: str, message: str) -> None:
    """A slip, or a pattern without a reason, is reported and leaves nothing out."""
    root = written(tmp_path, settings=f"check: {{ignore: {said}}}\n")
    first, second = check(root).diagnostics
    assert (first.code, first.message) == (Code.SUPPRESSION, message)
    assert second.message == LONE


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("{ignore: AG204}", "4:17"),
        ("{ignore: [{because: so}]}", "4:18"),
        ("{ignroe: []}", "4:9"),
        ("{ignore: [{code: AG204, file: x}]}", "4:32"),
    ],
)
def test_settings_of_another_shape(tmp_path: Path, said: str, place: str) -> None:
    """What cannot be read of ``check:`` is a mistake of ankigen.yaml with its place."""
    root = written(tmp_path, settings=f"check: {said}\n")
    assert [line.split()[0] for line in found(root)] == [f"ankigen.yaml:{place}"]


def test_errors_cannot_be_ignored(tmp_path: Path) -> None:
    """Neither a comment nor a pattern hides what stops a build."""
    rule = "check: {ignore: [{code: AG1, files: '*.yaml', because: so}]}\n"
    root = written(
        tmp_path, f"# ankigen: ignore AG102 because so\n- id: tile\n  term: t\n{TERMS}", rule
    )
    assert f"{T}:2:3 AG102" in found(root)
    assert f"{T}:1:1 AG801" in found(root)


def test_a_voice_of_another_machine(tmp_path: Path) -> None:
    """A voice that is not here is told, and keeps nothing else from being found."""
    voices = "voices: {default: {engine: hibari, voice: hart}, b: {voice: hurt, fallback: default}}"
    root = written(tmp_path, f"- {{id: tile, term: плитка, definition: x}}\n{TERMS}", f"{voices}\n")
    assert found(root) == [
        "ankigen.yaml:4:19 AG411",
        f"{T}:1:8 AG307",
        f"{T}:1:20 AG402",
        f"{T}:10:12 AG204",
    ]


def test_a_build_ignores_the_same(tmp_path: Path) -> None:
    """What a check is told to ignore, no build warns of; it is then up to date."""
    terms = CLEAN.replace("A function", "A <video> function")
    options = build.Options(sound=False)
    root = written(tmp_path, terms)
    assert [d.code for d in build.build(root, options).warnings] == [Code.HTML]
    written(root, terms.replace("device runs.", "device runs.  # ankigen: ignore AG401 because so"))
    assert build.build(root, options).warnings == ()
    assert build.build(root, options).fresh
    assert found(root, select=("AG401", "AG8")) == []


@pytest.mark.parametrize("code", ["AG404", "AG403"])
def test_what_only_a_build_finds(tmp_path: Path, code: str) -> None:
    """A check does not say that nothing needs an exception that a build may need."""
    comment = f"# ankigen: ignore {code} because the voice is slow to come\n"
    assert found(written(tmp_path, CLEAN, f"{comment}voices: {{default: {{}}}}\n")) == []


def test_a_project_that_cannot_be_read(tmp_path: Path) -> None:
    """Without a course there is what is wrong with it, and nothing was looked at."""
    result = check(write_project(tmp_path, {**TIDY, "ankigen.yaml": "name: x\n"}))
    assert [d.code for d in result.diagnostics] == [Code.MISSING_KEY]
    assert (result.entries, result.files) == (0, 0)


def test_this_repository() -> None:
    """The course that lives here keeps every rule."""
    assert check(REPOSITORY).diagnostics == ()
