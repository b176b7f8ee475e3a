"""Voices that stand in for others: an online voice that is there, is not, and comes back.

No host but loopback is asked: builds in this process ask a server of our own.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from ankigen import lock
from ankigen.audio import Studio, UnspokenError
from ankigen.build import Options, speak
from ankigen.clips import Store
from ankigen.diagnostics import Code, SetupError, Severity, SourceError
from ankigen.lexicon import Lexicon
from ankigen.model import Voice
from ankigen.speech.google import Google, Limits
from gttsserver import Answer, Authority, authority, packed
from standins import (
    COURSE,
    FILES,
    OFFLINE,
    PLACE,
    later,
    nobody_listens,
    notes,
    run,
    sounds,
    state,
    wanted,
    warning,
)
from support import EPOCH, SMALL, decks, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gttsserver import Server

QUICK = Limits(interval=0, read=20, answer=20, tries=2, backoff=0.01, patience=2)
FORBIDDEN = Answer(403)
"""A refusal of all that might be asked."""

WORDLESS = Answer(body=packed(b""))
"""No sound for one text."""

TWO: Mapping[str, str] = {
    **FILES,
    "cards/more/category.yaml": "name: More\n",
    "cards/more/terms.yaml": "- {id: tile, term: tile, definition: A part.}\n",
}
"""A second category, of one term."""


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificates of the servers here."""
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def server(signer: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server that the engine asks in this process, by a certificate that it trusts."""
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(signer.file))
    with signer.server() as running:
        monkeypatch.setattr("ankigen.speech.google.Google", lambda: Google(running.base, QUICK))
        yield running


@pytest.fixture(scope="module")
def stood_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A first release by the voice that stands in."""
    root = write_project(tmp_path_factory.mktemp("stand-ins") / "course", FILES)
    later(root, 0, Options(offline=True))
    return root


@pytest.fixture
def project(stood_in: Path, tmp_path: Path) -> Path:
    """A copy of that release."""
    return shutil.copytree(stood_in, tmp_path / "course").resolve()


def test_offline_asks_nobody(server: Server, tmp_path: Path) -> None:
    """A server that would answer is left alone, and the voice's place is named."""
    root = write_project(tmp_path / "course", FILES)
    (found,) = later(root, 0, Options(offline=True)).warnings
    assert server.asked == []
    assert (str(found.span), found.code, found.severity) == (
        PLACE,
        Code.STAND_IN,
        Severity.WARNING,
    )
    assert found.message == f"'heart' stands in for 'online' in 6 of the clips: {OFFLINE}"


def test_offline_with_some_clips_there(server: Server, tmp_path: Path) -> None:
    """What was fetched before is used; only what is missing is said by the other."""
    root = write_project(tmp_path / "course", FILES)
    later(root, 0)
    asked = wanted(root)
    gone = asked["sentences/kernel-1"][0]
    (root / "audio/clips" / gone).unlink()
    server.asked.clear()
    (found,) = later(root, 10, Options(offline=True)).warnings
    assert server.asked == []
    assert "in 1 of the clips" in found.message
    made = notes(root)
    changed = {"sentences/kernel-1", "terms/kernel"}  # whose example it is
    assert {key for key in made if sounds(made[key]) != asked[key]} == changed
    assert {key for key in made if made[key].mod != int(EPOCH)} == changed


def test_the_voice_comes_back(server: Server, project: Path) -> None:
    """Its clips are made, every note whose sound changed is new, and there is no warning."""
    before = notes(project)
    result = later(project, 10)
    assert result.warnings == ()
    assert result.audio.made == 6
    assert len({(asked.text, asked.slow) for asked in server.asked}) == len(server.asked) == 6
    assert [asked.slow for asked in server.asked].count(True) == 2
    after = notes(project)
    assert {key: sounds(note) for key, note in after.items()} == wanted(project)
    assert {note.mod for note in after.values()} == {int(EPOCH) + 10}
    for key, note in after.items():
        old = before[key]
        kept = [field for field in note.fields if "[sound:" not in field]
        assert kept == [field for field in old.fields if "[sound:" not in field]
        assert note.guid == old.guid
    server.asked.clear()
    assert later(project, 20).fresh
    assert server.asked == []


def test_the_voice_comes_back_for_some(server: Server, project: Path) -> None:
    """Only notes whose sound is another get a new time; the rest waits for the next build."""
    before = notes(project), lock.parse((project / lock.FILE).read_text()).notes
    # One is asked for and answered; then the server refuses everything.
    server.script += [Answer(), *[FORBIDDEN] * 10]
    (found,) = later(project, 10).warnings
    assert "in 5 of the clips: " in found.message
    after = notes(project), lock.parse((project / lock.FILE).read_text()).notes
    changed = {key for key in after[0] if after[0][key] != before[0][key]}
    assert len(changed) == 1
    assert {key for key in after[1] if after[1][key] != before[1][key]} == changed
    assert {after[0][key].mod for key in changed} == {int(EPOCH) + 10}

    server.script.clear()
    assert later(project, 20).warnings == ()
    last = notes(project)
    assert {key: sounds(note) for key, note in last.items()} == wanted(project)
    assert {note.mod for note in last.values()} <= {int(EPOCH) + 10, int(EPOCH) + 20}


def test_locked_and_another_voice(server: Server, tmp_path: Path) -> None:
    """A stand-in is not what was released: both that and why it stood in are said."""
    root = write_project(tmp_path / "course", FILES)
    assert later(root, 0).warnings == ()
    assert server.asked
    later(root, 0, Options(locked=True))
    shutil.rmtree(root / "audio")
    before = state(root)
    with nobody_listens() as env:
        said = run(root, env, "--locked", code=1)
    assert said.count("AG602") == 4
    assert warning(6, "the proxy does not let us through to translate.google.co.uk") in said
    assert state(root) == before


def test_locked_after_stand_ins(server: Server, project: Path) -> None:
    """What was released by a stand-in is built again by it: the lock would not change."""
    before = state(project)
    (found,) = later(project, 10, Options(locked=True, offline=True)).warnings
    assert found.code == Code.STAND_IN
    assert state(project) == before
    assert server.asked == []


CYRILLIC = "- {id: yadro, term: ядро, definition: The Russian for a kernel.}\n"


def test_a_text_that_the_first_cannot_say(server: Server, tmp_path: Path) -> None:
    """It goes to the one that can, the rest does not, and it is reported."""
    course = COURSE.replace("voice: online", "voice: heart")
    course = course.replace("  heart: {}", "  heart: {fallback: online}")
    course = course.replace("    fallback: heart\n", "")
    terms = SMALL["cards/basics/terms.yaml"] + CYRILLIC
    root = write_project(
        tmp_path / "course", {**FILES, "ankigen.yaml": course, "cards/basics/terms.yaml": terms}
    )
    (found,) = later(root, 0).warnings
    assert str(found.span) == "ankigen.yaml:4:10"
    assert found.message == (
        "'online' stands in for 'heart' in 2 of the clips: 'я' is not a Latin letter"
    )
    assert sorted((asked.text, asked.slow) for asked in server.asked) == [
        ("ядро", False),
        ("ядро", True),
    ]
    assert {key: sounds(note) for key, note in notes(root).items()} == wanted(root)
    server.asked.clear()
    (again,) = later(root, 10).warnings
    assert again == found
    assert server.asked == []


def test_a_text_that_none_can_say(server: Server, tmp_path: Path) -> None:
    """It is a mistake of the source, at its place, before anybody is asked."""
    terms = SMALL["cards/basics/terms.yaml"] + "- {id: dots, term: ….., definition: D.}\n"
    root = write_project(tmp_path / "course", {**FILES, "cards/basics/terms.yaml": terms})
    with pytest.raises(SourceError) as caught:
        later(root, 0)
    (found,) = caught.value.diagnostics
    assert (str(found.span), found.code) == ("cards/basics/terms.yaml:11:20", Code.UNSAYABLE)
    assert server.asked == []


def test_a_text_that_only_the_one_that_is_down_can_say(server: Server, tmp_path: Path) -> None:
    """Where nobody who can is to be had, the entry and its text are named."""
    terms = SMALL["cards/basics/terms.yaml"] + CYRILLIC
    root = write_project(tmp_path / "course", {**FILES, "cards/basics/terms.yaml": terms})
    server.script += [FORBIDDEN] * 50
    with pytest.raises(SetupError, match=r"no sound for 'ядро' \(terms/yadro\): .*status 403"):
        later(root, 0)
    assert state(root) == ({}, None)


@pytest.mark.parametrize(
    ("answer", "asked"), [(FORBIDDEN, 1), (Answer(503), 2)], ids=["refused", "out of order"]
)
def test_an_engine_that_is_down_is_asked_once(
    server: Server, tmp_path: Path, answer: Answer, asked: int
) -> None:
    """Not once a clip: whatever its patience is for one, the others do not wait again."""
    root = write_project(tmp_path / "course", FILES)
    server.script += [answer] * 50
    (found,) = later(root, 0).warnings
    assert len(server.asked) == asked
    assert "in 6 of the clips: " in found.message
    assert f"(status {answer.status})" in found.message
    assert later(root, 10).warnings == (found,)
    assert len(server.asked) == 2 * asked


def test_a_single_text_without_sound(server: Server, tmp_path: Path) -> None:
    """It is spoken by the other; the rest of the course is not."""
    root = write_project(tmp_path / "course", FILES)
    server.script += [Answer(), Answer(), WORDLESS]
    (found,) = later(root, 0).warnings
    assert "in 1 of the clips: Google gave no sound for '" in found.message
    assert len(server.asked) == 6
    asked = {name for names in wanted(root).values() for name in names}
    assert len(asked - {name for note in notes(root).values() for name in sounds(note)}) == 1


def test_each_reason_is_counted(server: Server, tmp_path: Path) -> None:
    """A text without sound and a server that is down thereafter are two warnings of one voice."""
    root = write_project(tmp_path / "course", FILES)
    server.script += [Answer(), WORDLESS, FORBIDDEN]
    found = later(root, 0).warnings
    assert sorted(d.message.partition(" of ")[0] for d in found) == [
        "'heart' stands in for 'online' in 1",
        "'heart' stands in for 'online' in 4",
    ]
    assert {str(d.span) for d in found} == {PLACE}
    assert len(server.asked) == 3


def test_several_in_a_row(server: Server, tmp_path: Path) -> None:
    """Who stands in may have somebody in turn; he who can is named, and what kept the first."""
    chain = COURSE.replace(
        "fallback: heart\n", "fallback: second\n  second: {engine: google, fallback: heart}\n"
    )
    root = write_project(tmp_path / "course", {**FILES, "ankigen.yaml": chain})
    server.script += [WORDLESS, *[FORBIDDEN] * 50]
    found = sorted(d.message for d in later(root, 0).warnings)
    refused = f"{server.base.removeprefix('https://')} refused the request (status 403)"
    assert [re.sub(r" for '[^']+'$", "", message) for message in found] == [
        "'heart' stands in for 'online' in 1 of the clips: Google gave no sound",
        f"'heart' stands in for 'online' in 5 of the clips: {refused}",
    ]
    assert len(server.asked) == 2


def test_only_the_voice_that_is_cast_is_asked(server: Server, tmp_path: Path) -> None:
    """A voice that nobody uses needs no server and has nobody stand in."""
    course = COURSE.replace("voice: online", "voice: {sentences: online}")
    root = write_project(tmp_path / "course", {**FILES, "ankigen.yaml": course})
    assert later(root, 0).warnings == ()
    assert len(server.asked) == 2
    server.asked.clear()
    nobody = COURSE.replace("voice: online\n", "")
    other = write_project(tmp_path / "other", {**FILES, "ankigen.yaml": nobody})
    assert later(other, 0).warnings == ()
    assert server.asked == []


def test_the_one_that_stands_in_is_also_asked_for(server: Server, tmp_path: Path) -> None:
    """A clip that one note has as its own and another as a stand-in is one clip."""
    more = "- {id: kernel-2, term: kernel, definition: A stone's., voice: heart}\n"
    terms = SMALL["cards/basics/terms.yaml"] + more
    root = write_project(tmp_path / "course", {**FILES, "cards/basics/terms.yaml": terms})
    server.script += [FORBIDDEN] * 50
    (found,) = later(root, 0, Options(jobs=4)).warnings
    assert "in 6 of the clips: " in found.message
    made = notes(root)
    assert sounds(made["terms/kernel"])[:2] == sounds(made["terms/kernel-2"])
    assert len(list((root / "audio/clips").glob("*.mp3"))) == 6
    first = state(root)
    server.script += [FORBIDDEN] * 50
    assert later(root, 10).audio.made == 0
    assert state(root) == first


def test_a_part_of_the_course(server: Server, tmp_path: Path) -> None:
    """Only the clips of what is built are spoken, and are counted."""
    root = write_project(tmp_path / "course", TWO)
    server.script += [FORBIDDEN] * 50
    (found,) = later(root, 0, Options(("more",), jobs=1)).warnings
    assert "in 2 of the clips: " in found.message
    assert decks(root / "dist").keys() == {"more.apkg"}
    (found,) = later(root, 10, Options(jobs=1)).warnings
    assert "in 8 of the clips: " in found.message
    assert all(sounds(note) for note in notes(root).values())


MIXED = [Answer(), *[FORBIDDEN] * 50]
"""The first clip is had: of a term that is then heard in both voices."""

CHAIN = COURSE.replace(
    "fallback: heart\n", "fallback: second\n  second: {engine: google, fallback: heart}\n"
)


@pytest.mark.parametrize(
    "options", [Options(sound=False), Options(("more",), jobs=1)], ids=["silent", "other"]
)
@pytest.mark.parametrize(
    ("course", "script"),
    [(COURSE, [FORBIDDEN] * 50), (COURSE, MIXED), (CHAIN, [FORBIDDEN] * 50), (COURSE, [])],
    ids=["all", "half a note", "second in line", "none"],
)
def test_a_build_without_those_sounds(
    server: Server, tmp_path: Path, course: str, script: list[Answer], options: Options
) -> None:
    """What does not speak in a build keeps what it was released with, whoever speaks it."""
    root = write_project(tmp_path / "course", {**TWO, "ankigen.yaml": course})
    server.script += script
    later(root, 0)
    before = state(root)
    server.script.clear()
    server.script += [FORBIDDEN] * 50
    later(root, 10, options)
    assert state(root)[1] == before[1]
    later(root, 20)
    assert state(root) == before


def test_an_edit_in_a_build_without_sound(server: Server, tmp_path: Path) -> None:
    """Only the note that was edited changes; the others keep what stands in."""
    root = write_project(tmp_path / "course", FILES)
    server.script += [FORBIDDEN] * 100
    later(root, 0)
    before = lock.parse((root / lock.FILE).read_text()).notes
    terms = SMALL["cards/basics/terms.yaml"].replace("A function", "Any function")
    write_project(root, {"cards/basics/terms.yaml": terms})
    later(root, 10, Options(sound=False))
    after = lock.parse((root / lock.FILE).read_text()).notes
    assert {key for key in after if after[key] != before[key]} == {"terms/kernel"}


def test_clips_alone(server: Server, tmp_path: Path) -> None:
    """Making sounds without decks stands in and warns alike."""
    root = write_project(tmp_path / "course", FILES)
    server.script += [FORBIDDEN] * 50
    spoken = speak(root, Options(jobs=1))
    assert spoken.audio.made == 6
    assert [d.code for d in spoken.warnings] == [Code.STAND_IN]
    assert not decks(root / "dist")
    server.script.clear()
    assert speak(root, Options(jobs=1)).warnings == ()


def test_a_studio_reports_who_stood_in(server: Server, tmp_path: Path) -> None:
    """By the names of the clips that were asked for, with those that are there."""
    voices = {
        "default": Voice("hibari"),
        "online": Voice("google", "us", fallback="default"),
    }
    studio = Studio(voices, Lexicon(), recordings=None)
    clips = [studio.clip(text, "online") for text in ("kernel", "tile")]
    server.script += [Answer(), FORBIDDEN]
    made = studio.make(clips, Store(tmp_path / "clips"), 1)
    (name,) = made.instead
    assert made.records.keys() == {clip.name for clip in clips}
    (clip,) = (clip for clip in clips if clip.name == name)
    assert made.instead[name] == clip.instead == studio.clip(clip.text, "default")
    (stand_in,) = made.stand_ins
    assert (stand_in.voice, stand_in.by, stand_in.clips) == ("online", "default", 1)


def test_advice_is_kept(server: Server, tmp_path: Path) -> None:
    """Whichever clip of an engine that is down ends the build, what to do about it is said."""
    voices = {
        "default": Voice("hibari"),
        "lenient": Voice("google", "us", fallback="default"),
        "strict": Voice("google", "us"),
    }
    studio = Studio(voices, Lexicon())
    clips = [studio.clip("kernel", "lenient"), studio.clip("tile", "strict")]
    server.script += [FORBIDDEN] * 50
    with pytest.raises(UnspokenError, match="status 403") as caught:
        studio.make(clips, Store(tmp_path / "clips"), 1)
    assert "update ankigen" in caught.value.hint
