"""Engines that speak: one protocol, one module for each engine, loaded when it is first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ankigen.diagnostics import SetupError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ankigen.model import Voice

SAMPLE_RATE = 24_000
"""Hz of every engine's samples and of every clip."""


class Speech(Protocol):
    """An engine. Cheap to make; it loads its model when it first speaks, or in ``prepare``."""

    identity: str
    """Name and version; clips of another identity are other clips."""

    def check(self, voice: Voice) -> None:
        """Refuse a voice that this engine does not have on this machine.

        Raises:
            SetupError: With what to do.
        """

    def unsayable(self, text: str) -> str:
        """Why the engine cannot say a text; empty where it can. Does not load the model."""

    def prepare(self) -> None:
        """Load everything, so that ``speak`` may be called from several threads."""

    def speak(self, text: str, voice: Voice) -> NDArray[np.float32]:
        """The text as mono samples in [-1, 1] at ``SAMPLE_RATE``, the same at every call."""


ENGINES = ("hibari",)


def engine(name: str) -> Speech:
    """The engine of that name.

    Raises:
        SetupError: There is none.
    """
    if name == "hibari":
        from ankigen.speech.hibari import Hibari  # noqa: PLC0415 - late: what is not used costs nothing

        return Hibari()
    raise SetupError(
        f"there is no speech engine '{name}'",
        did_you_mean(name, ENGINES, f"choose one of {', '.join(ENGINES)}"),
    )
