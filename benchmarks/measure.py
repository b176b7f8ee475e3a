"""Whole-process measurements, a command against its peer, in turn within one run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """What one process took.

    Attributes:
        wall: Seconds.
        cpu: Seconds of all its threads, which a busy machine changes less.
        peak: Largest resident set, bytes.
    """

    wall: float
    cpu: float
    peak: int

    def __str__(self) -> str:
        """All three, as a person reads them."""
        return f"{self.wall:.3f} s ({self.cpu:.2f} s of CPU), {self.peak / 1e6:.0f} MB"


@dataclass(frozen=True)
class Ratio:
    """Ours over the peer's, pair by pair."""

    pairs: tuple[float, ...]

    def __str__(self) -> str:
        """Median, with the least and the greatest pair."""
        return f"{self.median:5.2f}  ({min(self.pairs):.2f}-{max(self.pairs):.2f})"

    @property
    def median(self) -> float:
        """The pair in the middle."""
        return statistics.median(self.pairs)


@dataclass(frozen=True)
class Command:
    """Something to run.

    Attributes:
        arguments: Of the process; its output is thrown away.
        cwd: Its working directory.
        before: Called before each run, outside the measurement.
        env: Variables of the process besides ours.
    """

    arguments: Sequence[str | Path]
    cwd: Path
    before: Callable[[], None] = lambda: None
    env: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> Run:
        """Run once.

        Raises:
            SystemExit: The process failed, so there is nothing to measure.
        """
        self.before()
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in self.arguments],
            cwd=self.cwd,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, **self.env},
        )
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        if status:
            sys.exit(f"{self.arguments} failed:\n{said.decode(errors='replace')}")
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def compare(ours: Command, peer: Command, runs: int) -> tuple[Ratio, Ratio, Run, Run]:
    """Run both in turn, after one warm-up each.

    Returns:
        Ratios of wall time and of peak memory, then the median run of each.
    """
    ours.run(), peer.run()
    pairs = [(ours.run(), peer.run()) for _ in range(runs)]
    wall = Ratio(tuple(a.wall / b.wall for a, b in pairs))
    peak = Ratio(tuple(a.peak / b.peak for a, b in pairs))
    return wall, peak, median([a for a, _ in pairs]), median([b for _, b in pairs])


def apart(prepare: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Prepare in a process of its own.

    Linux starts a process's peak memory at that of the process that started it, so ours must stay
    small: a project of 10,000 notes would else count in all that is measured after it.
    """
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(prepare, *args, **kwargs).result()


def median(runs: Sequence[Run]) -> Run:
    """The run in the middle, of each measure by itself."""
    return Run(
        statistics.median(run.wall for run in runs),
        statistics.median(run.cpu for run in runs),
        round(statistics.median(run.peak for run in runs)),
    )
