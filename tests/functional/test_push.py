"""Pushing a course into a running Anki, as a person does it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from ankiconnectserver import serving
from learner import learner
from support import TERMS, ankigen, ankigen_anew, decks

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from ankiconnectserver import Server
    from learner import Learner

DECK = "Small Course::Basics"


@pytest.fixture
def someone(tmp_path: Path) -> Iterator[Learner]:
    """A person with an empty collection."""
    with learner(tmp_path / "anki") as person:
        yield person


@pytest.fixture
def server(someone: Learner) -> Iterator[Server]:
    """Their running Anki."""
    with serving(someone.collection) as running:
        yield running


def push(
    server: Server, *arguments: str, cwd: Path, key: str = "", when: int = 0
) -> subprocess.CompletedProcess[str]:
    """Push into that Anki."""
    env = {"ANKICONNECT_KEY": key, "SOURCE_DATE_EPOCH": str(when or int(time.time()))}
    return ankigen("push", "--url", server.url, *arguments, cwd=cwd, env=env)


def test_twice(small: Path, server: Server, someone: Learner) -> None:
    """A push builds and imports the whole course; the second does neither again."""
    done = push(server, cwd=small)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "Built in " in done.stderr
    assert "Anki has imported small.apkg: of its 4 notes, those that are new" in done.stderr
    assert set(decks(small / "dist")) == {"basics.apkg", "small.apkg"}
    content = someone.content()
    assert len(content) == 4
    again = ankigen_anew("push", "--url", server.url, cwd=small)
    assert again.returncode == 0, again.stderr
    assert "Built in " not in again.stderr
    assert [(len(log.new), len(log.updated)) for log in server.logs] == [(4, 0), (0, 0)]
    assert someone.content() == content
    assert server.syncs == 0


def test_a_changed_course(small: Path, server: Server, someone: Learner) -> None:
    """The next push updates what changed and keeps what was learnt and edited."""
    assert push(server, cwd=small, when=int(time.time()) - 86_400).returncode == 0
    assert someone.study(DECK) > 0
    someone.edit("terms/operator-fusion", "Definition", "My own words.")
    schedule, reviews = someone.schedule(), someone.reviews()
    changed = TERMS.replace("A function that the device runs.", "A program for the device.")
    (small / "cards/basics/terms.yaml").write_text(changed)
    done = push(server, cwd=small, when=int(time.time()) + 1000)
    assert done.returncode == 0, done.stderr
    assert (len(server.logs[1].new), len(server.logs[1].updated)) == (0, 1)
    assert "A program for the device." in someone.note("terms/kernel").fields
    assert "My own words." in someone.note("terms/operator-fusion").fields
    assert (someone.schedule(), someone.reviews()) == (schedule, reviews)


def test_preset(small: Path, server: Server, someone: Learner) -> None:
    """The add-on's import brings the course's preset, at each push, as docs/updates.md says."""
    assert push(server, cwd=small).returncode == 0
    manager = someone.collection.decks
    deck = manager.by_name(DECK)
    assert deck is not None
    assert manager.config_dict_for_deck_id(deck["id"])["name"] == "Small Course"
    deck["conf"] = manager.add_config_returning_id("Mine")
    manager.save(deck)
    assert manager.config_dict_for_deck_id(deck["id"])["name"] == "Mine"
    assert push(server, cwd=small).returncode == 0
    assert manager.config_dict_for_deck_id(deck["id"])["name"] == "Small Course"


def test_a_category(small: Path, server: Server) -> None:
    """Only the package of the category is built and imported, then Anki syncs, with its key."""
    server.key = "secret"
    done = push(server, "basics", "--sync", cwd=small, key="secret")
    assert done.returncode == 0, done.stderr
    assert "Anki has imported basics.apkg" in done.stderr
    assert done.stderr.endswith("Anki has synced with AnkiWeb\n")
    assert set(decks(small / "dist")) == {"basics.apkg"}
    assert server.syncs == 1
    assert {request["key"] for request in server.asked} == {"secret"}


def test_quiet(built: Path, server: Server) -> None:
    """Quiet says nothing of what went well."""
    done = push(server, "-q", "--sync", cwd=built)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_anki_is_not_there(small: Path, server: Server) -> None:
    """Exit code 2 and what to do, before anything is built."""
    server.shutdown()
    server.server_close()
    done = push(server, cwd=small)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("ankigen: Anki is not there: nothing listens at 127.0.0.1:")
    assert "  help: start Anki and install the add-on AnkiConnect (code 2055492159)" in done.stderr
    assert not (small / "dist").exists()


def test_wrong_key(built: Path, server: Server) -> None:
    """A key that is asked for or refused is the machine's matter: exit code 2."""
    server.key = "secret"
    assert (push(server, cwd=built).returncode, server.logs) == (2, [])
    done = push(server, "--key", "guess", cwd=built)
    assert done.returncode == 2
    assert "ankigen: AnkiConnect does not take this key" in done.stderr
    assert "guess" not in done.stderr


def test_hostile_error(built: Path, server: Server) -> None:
    """What answers cannot move the cursor of the terminal."""
    server.refusals["importPackage"] = "bad\x1b[2J\u202e file"
    done = push(server, cwd=built)
    assert done.returncode == 2
    assert "Anki could not import small.apkg: bad\N{REPLACEMENT CHARACTER}[2J" in done.stderr
    assert "\x1b" not in done.stderr


def test_mistakes_in_the_sources(small: Path, server: Server) -> None:
    """Exit code 1 as at a build, and nothing is imported."""
    (small / "cards/basics/terms.yaml").write_text("- id: x\n  trem: x\n")
    done = push(server, cwd=small)
    assert done.returncode == 1
    assert "cards/basics/terms.yaml:2:3: AG101" in done.stderr
    assert server.logs == []


def test_another_machine(small: Path) -> None:
    """Another machine is refused before anything is sent or built."""
    done = ankigen("push", "--url", "http://192.0.2.1:8765", cwd=small, env=dict(os.environ))
    assert done.returncode == 2
    assert "is not on this machine" in done.stderr
    assert not (small / "dist").exists()
