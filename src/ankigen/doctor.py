"""What works on this machine: each part tried for real, the voices of the project included."""

from __future__ import annotations

import contextlib
import os
import platform
import sqlite3
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ankigen.diagnostics import AnkigenError, SetupError, Severity, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ankigen.model import Voice

_SAMPLE = "Everything on this machine works."


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the machine, or of the project.

    Attributes:
        what: Which part.
        ok: Whether it works.
        said: What was found.
        hint: What to do where it does not work.
        needed: Whether a build does not go on without it.
    """

    what: str
    ok: bool
    said: str
    hint: str = ""
    needed: bool = True


def examine(start: Path, output: Path | None = None, *, named: bool = False) -> Iterator[Finding]:
    """Try every part that a build needs, and what the project asks for.

    Args:
        start: Where to look for a project.
        output: Where its decks go; ``dist`` of the project by default.
        named: Whether a person said that the project is there; else there need be none.
    """
    yield _try("Python", _python, "install Python 3.11 or newer")
    yield _try("YAML", _yaml, "reinstall pyyaml from a wheel: it lacks its C parser")
    yield _try("Packages", _package, "reinstall genanki")
    yield _try("Offline voice", _voice, "reinstall hibari-tts, lameenc and numpy")
    yield from _project(start, output, named=named)


def _try(what: str, part: Callable[[], str], hint: str, *, needed: bool = True) -> Finding:
    try:
        return Finding(what, ok=True, said=part())
    except SourceError as error:
        first, *others = error.diagnostics
        more = f" (and {len(others)} more: 'ankigen check' lists them)" if others else ""
        said = f"{first.span}: {first.code} {first.message}{more}"
        return Finding(what, ok=False, said=said, hint=first.hint)
    except AnkigenError as error:
        said, hint = str(error), getattr(error, "hint", "") or hint
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        said = f"{type(error).__name__}: {error}"
    return Finding(what, ok=False, said=said, hint=hint, needed=needed)


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
    from ankigen.config import VoiceSpec  # noqa: PLC0415
    from ankigen.model import Voice  # noqa: PLC0415

    default = VoiceSpec()
    return _speak(Voice(default.engine, default.voice, default.speed))


def _speak(wanted: Voice) -> str:
    """Have a voice say something, unless it would have to ask for it on the network."""
    from ankigen import sound, speech  # noqa: PLC0415

    engine = speech.engine(wanted.engine)
    voice = replace(wanted, voice=wanted.voice or engine.voices[0])
    engine.check(voice)
    if engine.online:
        return f"{engine.identity}, voice {voice.voice}: speaks where the network is there"
    engine.prepare()
    started = time.perf_counter()
    samples, seconds = sound.finish(engine.speak(_SAMPLE, voice), speech.SAMPLE_RATE)
    encoded = sound.encode(samples, speech.SAMPLE_RATE)
    taken = time.perf_counter() - started
    return (
        f"{engine.identity}, voice {voice.voice}: {seconds:.1f} s of sound in {taken:.2f} s,"
        f" {len(encoded):,} bytes of MP3"
    )


def _project(start: Path, output: Path | None, *, named: bool) -> Iterator[Finding]:
    """The project and its own voices."""
    try:
        from ankigen import config  # noqa: PLC0415
        from ankigen.model import Voice  # noqa: PLC0415
    except ImportError:
        return  # what is missing has been told
    try:
        root = config.find_project(start)
    except SetupError as error:
        if named:
            yield Finding("Project", ok=False, said=str(error), hint=error.hint)
        else:
            hint = "'ankigen init' starts one; --project DIR tries one that is elsewhere"
            yield Finding("Project", ok=True, said="there is none here", hint=hint)
        return
    yield _try("Project", lambda: _course(root, output), "see who may write there")
    with contextlib.suppress(SourceError):
        for name, voice in config.load(root)[0].voices.items():
            if voice != Voice(config.VoiceSpec().engine):  # which was tried
                hint = "see docs/voices.md for what it needs"
                needed = not voice.fallback
                yield _try(f"Voice '{name}'", partial(_speak, voice), hint, needed=needed)


def _course(root: Path, output: Path | None) -> str:
    from ankigen import config  # noqa: PLC0415
    from ankigen.build import OUTPUT_FOLDER  # noqa: PLC0415

    course, problems = config.load(root)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise SourceError(problems)
    target = output or root / OUTPUT_FOLDER
    existing = target if target.exists() else target.parent
    if not os.access(existing, os.W_OK):
        raise OSError(f"{existing} cannot be written")
    count = len(course.categories)
    return f"{course.name}, {count} {'category' if count == 1 else 'categories'}"
