"""The text of a lock: written, read, merged by git, damaged."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import lock, locking
from ankigen.diagnostics import Code, SetupError, SourceError, Span
from ankigen.lock import Lock, NoteLine, TypeLine

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from pathlib import Path

SLUGS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,2}", fullmatch=True)
HASHES = st.text("0123456789abcdef", min_size=16, max_size=16)
TIMES = st.integers(0, 2**32 - 1)
IDS = st.lists(st.integers(1, 2**53), min_size=1, max_size=4).map(tuple)
NOTES = st.builds(
    NoteLine,
    st.builds("{}/{}".format, SLUGS, SLUGS),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    HASHES,
    TIMES,
    st.booleans(),
    st.lists(st.integers(0, 500), unique=True).map(sorted).map(tuple),
)
TYPES = st.builds(TypeLine, SLUGS, st.integers(1, 2**53), HASHES, HASHES, TIMES, IDS, IDS)
LOCKS = st.builds(
    lambda notes, types: Lock({n.key: n for n in notes}, {t.name: t for t in types}),
    st.lists(NOTES),
    st.lists(TYPES, max_size=3),
)

KERNEL = NoteLine("terms/kernel", "g1", "aaaa", 10)
TILE = NoteLine("terms/tile", "g2", "bbbb", 10)
TERMS = TypeLine("terms", 1, "cccc", "dddd", 10, (1, 2), (3,))


def written(*lines: NoteLine | TypeLine) -> str:
    """The text of a lock of some lines."""
    return str(lock.gather(lines))


def cards(found: Lock) -> dict[str, tuple[int, ...]]:
    """Those of each note."""
    return {key: line.cards for key, line in found.notes.items()}


@given(LOCKS)
def test_what_is_written_is_read(wanted: Lock) -> None:
    """A lock is read back from its text, whatever its GUIDs hold."""
    found = lock.parse(str(wanted))
    assert found == wanted
    assert cards(found) == cards(wanted)  # which do not count where lines are compared


@given(LOCKS, st.randoms(use_true_random=False))
def test_text_is_one_for_equal_locks(wanted: Lock, chance: random.Random) -> None:
    """The order of the notes does not show, and lines may stand anywhere in the file."""
    notes = list(wanted.notes.items())
    chance.shuffle(notes)
    assert str(replace(wanted, notes=dict(notes))) == str(wanted)
    lines = str(wanted).splitlines()
    chance.shuffle(lines)
    assert lock.parse("\r\n".join(lines)) == wanted


def test_text() -> None:
    """A comment, then a sorted line a note and a note type; a removed note says so.

    Anki's own GUIDs stand there as they are; others as far as they leave the columns alone.
    """
    gone = NoteLine("sentences/a", "x y%V>o.", "eeee", 7, removed=True)
    assert written(TERMS, TILE, KERNEL, gone).splitlines() == [
        lock.HEADER,
        "note sentences/a x%20y%25V>o. eeee 7 removed",
        "note terms/kernel g1 aaaa 10",
        "note terms/tile g2 bbbb 10",
        "type terms 1 cccc dddd 10 1,2 3",
    ]


@pytest.mark.parametrize(
    ("line", "columns", "removed"),
    [
        ("note terms/a g c 7", (), False),
        ("note terms/a g c 7 0", (0,), False),
        ("note terms/a g c 7 0,2", (0, 2), False),
        ("note terms/a g c 7 removed", (), True),
        ("note terms/a g c 7 0,2 removed", (0, 2), True),
    ],
)
def test_cards_of_a_note(line: str, columns: tuple[int, ...], removed: bool) -> None:  # noqa: FBT001 - a case's value
    """They are a column of their own; a lock of old has none."""
    (found,) = lock.whole_lines(line)
    assert isinstance(found, NoteLine)
    assert (found.cards, found.removed) == (columns, removed)
    assert str(found) == line


def test_cards_do_not_make_a_conflict() -> None:
    """Lines that differ in them alone are one: the build works them out anyway."""
    found = lock.parse(f"{KERNEL}\n{replace(KERNEL, cards=(0, 1))}\n")
    assert found.notes.keys() == {KERNEL.key}
    assert found.notes[KERNEL.key].content == KERNEL.content


@pytest.mark.parametrize("mods", [(20, 20), (20, 30), (30, 20)])
def test_a_merge_keeps_the_cards_of_both(mods: tuple[int, int]) -> None:
    """What either branch released may be with learners, whichever is later."""
    ours = replace(KERNEL, content="1", mod=mods[0], cards=(0, 1))
    theirs = replace(KERNEL, content="2", mod=mods[1], cards=(0, 2))
    for lines in ((ours, theirs), (theirs, ours)):
        assert lock.gather(lines).notes[KERNEL.key].cards == (0, 1, 2)


def test_no_lock() -> None:
    """A course that was never released has an empty one."""
    assert lock.parse("") == Lock()
    assert lock.parse(str(Lock())) == Lock()


def merged(folder: Path, base: str, ours: str, theirs: str, *options: str) -> str:
    """What git's merge leaves of two versions of a file."""
    for name, text in (("ours", ours), ("base", base), ("theirs", theirs)):
        (folder / name).write_text(text)
    done = subprocess.run(
        ["git", "merge-file", "-p", *options, "ours", "base", "theirs"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.stdout


STYLES = pytest.mark.parametrize(
    "style", [(), ("--diff3",), ("--zdiff3",), ("--union",)], ids="".join
)
WARP = NoteLine("terms/warp", "g3", "ffff", 20)
WAVE = NoteLine("terms/wave", "g4", "9999", 30)


@STYLES
@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        pytest.param([KERNEL, WARP], [KERNEL, WAVE], [KERNEL, WARP, WAVE], id="added"),
        pytest.param(
            [replace(KERNEL, content="1", mod=30)],
            [replace(KERNEL, content="2", mod=20)],
            [replace(KERNEL, content="1", mod=30)],
            id="ours-later",
        ),
        pytest.param(
            [replace(KERNEL, content="1", mod=20)],
            [replace(KERNEL, content="2", mod=30)],
            [replace(KERNEL, content="2", mod=30)],
            id="theirs-later",
        ),
        pytest.param(
            [replace(KERNEL, content="1", mod=20)],
            [replace(KERNEL, content="2", mod=20)],
            [replace(KERNEL, content="-", mod=20)],
            id="neither-later",
        ),
        pytest.param(
            [replace(KERNEL, removed=True), WARP],
            [replace(KERNEL, content="2", mod=20), WAVE],
            [replace(KERNEL, content="2", mod=20), WARP, WAVE],
            id="removed-and-changed",
        ),
        pytest.param(
            [replace(KERNEL, removed=True), WARP],
            [KERNEL, WAVE],
            [KERNEL, WARP, WAVE],
            id="removed-beside-a-conflict",
        ),
        pytest.param(
            [replace(KERNEL, content="1", mod=20, removed=True)],
            [replace(KERNEL, content="2", mod=20, removed=True)],
            [replace(KERNEL, content="-", mod=20, removed=True)],
            id="removed-by-both",
        ),
        pytest.param(
            [KERNEL, replace(TERMS, look="1", mod=20)],
            [KERNEL, replace(TERMS, look="2", mod=30)],
            [KERNEL, replace(TERMS, look="2", mod=30)],
            id="look-theirs-later",
        ),
        pytest.param(
            [KERNEL, replace(TERMS, look="1", mod=20)],
            [KERNEL, replace(TERMS, look="2", mod=20)],
            [KERNEL, replace(TERMS, look="-", mod=20)],
            id="look-neither-later",
        ),
    ],
)
def test_merges(
    tmp_path: Path,
    style: Sequence[str],
    ours: Sequence[NoteLine],
    theirs: Sequence[NoteLine],
    both: Sequence[NoteLine],
) -> None:
    """Of two branches' lines the later counts; if neither is, the next build decides.

    A note that neither branch changed keeps its content, so that no learner gets it anew.
    """
    text = merged(tmp_path, written(KERNEL), written(*ours), written(*theirs), *style)
    found = lock.parse(text)
    assert str(found) == written(*both)
    repeated = len({str(line) for line in text.splitlines()}) > len(str(found).splitlines())
    assert found.conflicted == (repeated or "<<<<" in text)


def test_a_repeated_note_type_is_told_whatever_follows() -> None:
    """Note types that stand there once do not hide that a merge left two lines of another."""
    changed, other = replace(TERMS, look="1", mod=20), replace(TERMS, name="words", id=2)
    assert lock.gather([TERMS, changed, other]).conflicted
    assert not lock.gather([TERMS, other]).conflicted


def test_the_base_of_a_conflict_does_not_count(tmp_path: Path) -> None:
    """What both branches removed stays out even where git shows it between them."""
    text = merged(tmp_path, written(KERNEL), written(WARP), written(WAVE), "--diff3")
    assert str(KERNEL) in text
    assert lock.parse(text).notes.keys() == {WARP.key, WAVE.key}


BROKEN = [
    "note",
    "note terms/kernel g1 aaaa",
    "note terms/kernel g1 aaaa ten",
    "note terms/kernel g1 aaaa -1",
    "note terms/kernel g1 aaaa 17950000000",
    "note terms/kernel g1 aaaa 1795000000000",
    "note terms/kernel g1 aaaa 10 remov",
    "note terms/kernel g1 aaaa 10 removed now",
    "note terms/kernel g1 aaaa 10 removed 0",
    "note terms/kernel g1 aaaa 10 0 1",
    "note terms/kernel g1 aaaa 10 0,one",
    "type terms 1 cccc dddd 10 1,2",
    "type terms 1 cccc dddd 10 1,,2 3",
    "type terms one cccc dddd 10 1,2 3",
    "deck terms/kernel g1 aaaa 10",
    "\x00\x00\x00",
]


@pytest.mark.parametrize("line", BROKEN)
def test_a_damaged_line(line: str) -> None:
    """It is refused with its place and the way out; the other lines can still be had."""
    text = f"{lock.HEADER}\n{KERNEL}\n{line}\n\n{TERMS}\n"
    with pytest.raises(SourceError) as raised:
        lock.parse(text)
    (found,) = raised.value.diagnostics
    assert (found.span, found.code) == (Span("ankigen.lock", 3, 1), Code.LOCK)
    assert found.message
    assert "ankigen lock --from" in found.hint
    assert list(lock.whole_lines(text)) == [KERNEL, TERMS]


def test_all_damaged_lines() -> None:
    """None hides another."""
    with pytest.raises(SourceError) as raised:
        lock.parse("\n".join(BROKEN))
    assert [d.span.line for d in raised.value.diagnostics] == list(range(1, len(BROKEN) + 1))


@given(st.text())
def test_any_text(text: str) -> None:
    """Whatever the file holds, it is a lock or a mistake of its own, never a crash."""
    try:
        found = lock.parse(text)
    except SourceError as error:
        assert error.diagnostics  # noqa: PT017 - either way is right
    else:
        assert replace(lock.parse(str(found)), conflicted=found.conflicted) == found


def test_hashes_stay_what_they_are() -> None:
    """Other ones for the same content would give every learner every note anew."""
    assert lock.content_hash(["kernel", "A <b>program</b>."], ["b", "a"]) == "78dd51dd6945b974"
    cards = ((7, "Recall", "{{Front}}", "{{Back}}"), (8, "Reverse", "{{Back}}", "{{Front}}"))
    anatomy = lock.Anatomy(1, "Term", "standard", ((5, "Front"), (6, "Back")), cards, "p {}")
    line = TypeLine("terms", 1, "db474964811bbacd", "e4c0622d56e2bb8b", 10, (5, 6), (7, 8))
    assert anatomy.line("terms", 10) == line


def test_time_of_a_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what SOURCE_DATE_EPOCH says, and the clock's otherwise."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert locking.now() == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    assert locking.now() == 1_795_000_000
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = locking.now()
    assert before > 1_763_856_000
    assert locking.now() >= before


@pytest.mark.parametrize(
    "said", ["", " 1", "-1", "1.5", "0x10", "today", "²", "1795000000000", "9" * 5000]
)
def test_no_time(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """What is no number of seconds is refused, milliseconds included."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", said)
    with pytest.raises(SetupError, match="SOURCE_DATE_EPOCH is '") as raised:
        locking.now()
    assert "seconds since 1970" in raised.value.hint
