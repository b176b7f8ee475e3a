"""What works on this machine: each part tried for real, the offline voice included."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ankigen.diagnostics import AnkigenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SAMPLE = "Everything on this machine works."


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the machine.

    Attributes:
        what: Which part.
        ok: Whether it works.
        said: What was found.
        hint: What to do where it does not work.
    """

    what: str
    ok: bool
    said: str
    hint: str = ""


def examine(start: Path, output: Path | None = None) -> Iterator[Finding]:
    """Try every part that a build needs.

    Args:
        start: Where to look for a project.
        output: Where its decks go; ``dist`` of the project by default.
    """
    yield _try("Python", _python, "install Python 3.11 or newer")
    yield _try("YAML", _yaml, "reinstall pyyaml from a wheel: it lacks its C parser")
    yield _try("Packages", _package, "reinstall genanki")
    yield _try("Offline voice", _voice, "reinstall hibari-tts, lameenc and numpy")
    yield _try("Project", lambda: _project(start, output), "change into a course's folder")


def _try(what: str, part: Callable[[], str], hint: str) -> Finding:
    try:
        return Finding(what, ok=True, said=part())
    except AnkigenError as error:
        return Finding(what, ok=False, said=str(error), hint=getattr(error, "hint", "") or hint)
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        return Finding(what, ok=False, said=f"{type(error).__name__}: {error}", hint=hint)


def _python() -> str:
    return f"{platform.python_version()} on {platform.platform(terse=True)}, {os.cpu_count()} cores"


def _yaml() -> str:
    import yaml  # noqa: PLC0415 - each part is loaded where it is tried

    list(yaml.parse("a: b", Loader=yaml.CBaseLoader))
    return f"PyYAML {yaml.__version__} with its C parser"


def _package() -> str:
    from ankigen import notetype, package  # noqa: PLC0415

    types = notetype.built_in()
    with tempfile.TemporaryFile() as stream:
        package.write(stream, [package.Deck("Doctor", "")], types, {})
    return f"note types {', '.join(types)}; SQLite {sqlite3.sqlite_version}"


def _voice() -> str:
    from ankigen import sound, speech  # noqa: PLC0415
    from ankigen.config import VoiceSpec  # noqa: PLC0415
    from ankigen.model import Voice  # noqa: PLC0415

    default = VoiceSpec()
    engine = speech.engine(default.engine)
    engine.prepare()
    started = time.perf_counter()
    voice = Voice(default.engine, engine.voices[0], default.speed)
    samples, seconds = sound.finish(engine.speak(_SAMPLE, voice), speech.SAMPLE_RATE)
    encoded = sound.encode(samples, speech.SAMPLE_RATE)
    taken = time.perf_counter() - started
    return (
        f"{engine.identity}, voice {voice.voice}: {seconds:.1f} s of sound in {taken:.2f} s,"
        f" {len(encoded):,} bytes of MP3"
    )


def _project(start: Path, output: Path | None) -> str:
    from ankigen import config  # noqa: PLC0415
    from ankigen.build import OUTPUT_FOLDER  # noqa: PLC0415

    root = config.find_project(start)
    course, problems = config.load(root)
    target = output or root / OUTPUT_FOLDER
    existing = target if target.exists() else target.parent
    if not os.access(existing, os.W_OK):
        raise OSError(f"{existing} cannot be written")
    broken = f", {len(problems)} problems: run 'ankigen build'" if problems else ""
    count = len(course.categories)
    return f"{course.name}, {count} {'category' if count == 1 else 'categories'}{broken}"


def usable(found: Finding) -> bool:
    """Whether a finding leaves the machine able to build: a missing project does."""
    return found.ok or found.what == "Project"
