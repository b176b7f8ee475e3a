"""Engines that speak: one protocol, one module for each engine, loaded when it is first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ankigen.diagnostics import AnkigenError, SetupError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ankigen.lexicon import Utterance
    from ankigen.model import Voice

SAMPLE_RATE = 24_000
"""Hz of every engine's samples and of every clip."""


class SpeechError(AnkigenError):
    """An engine could not say a text.

    Attributes:
        hint: What to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class TextError(SpeechError):
    """A text cannot be said, and another can."""


class UnavailableError(SpeechError):
    """An engine cannot say anything now, whatever the text."""


class Speech(Protocol):
    """An engine. Cheap to make; it loads its model when it first speaks, or in ``prepare``."""

    online: bool
    """Whether it needs the network to speak."""

    language: str
    """What its voices speak, as the first part of a BCP 47 tag; empty for any language."""

    voices: tuple[str, ...]
    """Names of its voices; the first is meant where none is named."""

    @property
    def identity(self) -> str:
        """Name and version; clips of another identity are other clips."""

    def check(self, voice: Voice) -> None:
        """Refuse a voice that this engine does not have on this machine.

        Raises:
            SetupError: With what to do.
        """

    def unsayable(self, text: str) -> str:
        """Why the engine cannot say a text; empty where it can. Does not load the model."""

    def script(self, utterance: Utterance) -> str:
        """What ``speak`` is to be given for a text, in the engine's own notation."""

    def prepare(self) -> None:
        """Load everything, so that ``speak`` may be called from several threads.

        An engine that was closed can be used again.
        """

    def speak(self, script: str, voice: Voice) -> NDArray[np.float32]:
        """Mono samples in [-1, 1] at ``SAMPLE_RATE``; offline, the same at every call.

        Raises:
            SpeechError: It could not be said.
        """

    def close(self) -> None:
        """Give up whatever is waited for; nothing is spoken until it is prepared again."""


ENGINES = ("hibari", "google", "joe")


def engine(name: str) -> Speech:
    """The engine of that name.

    Raises:
        SetupError: There is none.
    """
    if name == "hibari":
        from ankigen.speech.hibari import Hibari  # noqa: PLC0415 - late: what is not used costs nothing

        return Hibari()
    if name == "google":
        from ankigen.speech.google import Google  # noqa: PLC0415 - likewise

        return Google()
    if name == "joe":
        from ankigen.speech.joe import Joe  # noqa: PLC0415 - likewise

        return Joe()
    raise SetupError(
        f"there is no speech engine '{name}'",
        did_you_mean(name, ENGINES, f"choose one of {', '.join(ENGINES)}"),
    )
