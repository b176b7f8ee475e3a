"""What the report on mutants makes of their outcomes."""

from __future__ import annotations

import mutants
from mutants import Module


def module(**counts: int) -> Module:
    """A module whose mutants came to some ends."""
    ends = [outcome.replace("_", " ") for outcome, count in counts.items() for _ in range(count)]
    return Module("src/x.py", {f"x_{number}": outcome for number, outcome in enumerate(ends)})


def test_enough() -> None:
    """As many as are wanted are enough; what never ends counts as noticed."""
    found = module(killed=80, timeout=5, survived=15)
    assert len(found.survivors) == 15
    assert str(found) == "src/x.py: 85.0 % of 100 (80 killed, 15 survived, 5 timeout)"
    assert mutants.verdict([found]) is None  # which ends the process with 0


def test_too_few() -> None:
    """What no test ran, or what was not tried, is not killed; the module is named."""
    found = module(killed=84, survived=3, no_tests=10, not_checked=3)
    assert len(found.survivors) == 16
    assert "src/x.py" in (mutants.verdict([module(killed=1), found]) or "")
