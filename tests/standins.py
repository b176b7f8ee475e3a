"""A course whose online voice another may stand in for, and what its releases play."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

import pytest

from ankigen import apkg, lock
from ankigen.build import Options, build
from ankigen.reading import read
from support import EPOCH, SMALL, ankigen, decks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ankigen.apkg import Note
    from ankigen.build import Result

COURSE = """\
id: small
name: Small Course
voices:
  heart: {}
  online:
    engine: google
    voice: co.uk
    fallback: heart
voice: online
"""
FILES: Mapping[str, str] = {**SMALL, "ankigen.yaml": COURSE}
"""Four notes and six clips, all spoken online."""

PLACE = "ankigen.yaml:6:5"
"""Where the online voice stands."""

OFFLINE = "--offline keeps it from the network"


@contextlib.contextmanager
def nobody_listens() -> Iterator[Mapping[str, str]]:
    """An environment whose proxy is a port of loopback that answers nobody."""
    with socket.socket() as held:  # bound, so that nobody else gets it; not listening
        held.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{held.getsockname()[1]}"
        yield {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "no_proxy": ""}


def run(root: Path, env: Mapping[str, str], *arguments: str, code: int = 0) -> str:
    """A build by the command line; returns what it said."""
    done = ankigen("build", *arguments, cwd=root, env=env)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def later(root: Path, seconds: int, options: Options | None = None) -> Result:
    """A build in this process, some seconds after the first release."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(EPOCH) + seconds))
        return build(root.resolve(), options or Options(jobs=1))


def notes(root: Path) -> dict[str, Note]:
    """The notes of the course's package, by key."""
    with apkg.opened(root / "dist/small.apkg") as package:
        found = {note.fields[-1]: note for note in package.notes()}
        assert {name for note in found.values() for name in sounds(note)} == set(package.media)
    return found


def sounds(note: Note) -> list[str]:
    """The names of the clips that a note plays."""
    parts = [part for field in note.fields for part in field.split("[sound:")[1:]]
    return [part.partition("]")[0] for part in parts]


def wanted(root: Path) -> dict[str, list[str]]:
    """The clips that the sources ask for, by the note's key."""
    return {note.key: [c.name for c in note.clips] for note in read(root, sound=True).notes}


def state(root: Path) -> tuple[dict[str, bytes], bytes | None]:
    """The decks and the lock."""
    file = root / lock.FILE
    return decks(root / "dist"), file.read_bytes() if file.exists() else None


def warning(count: int, why: str) -> str:
    """What is said of clips that another voice speaks."""
    return (
        f"{PLACE}: AG404 warning: 'heart' stands in for 'online' in {count} of the clips: {why}\n"
    )
