"""google: the online voice of Google Translate, by gTTS (MIT), which knows the wire protocol.

gTTS would send its requests without checking the certificate, without a timeout, and would take an
answer without sound for a success. So it only prepares them; sending them and judging the answers
is ours.
"""

from __future__ import annotations

import base64
import binascii
import functools
import io
import math
import re
import ssl
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from ankigen.diagnostics import SetupError
from ankigen.speech import SAMPLE_RATE, SpeechError, UnavailableError
from ankigen.speech.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray
    from requests import PreparedRequest, Response, Session

    from ankigen.lexicon import Utterance
    from ankigen.model import Voice

ACCENTS: tuple[str, ...] = ("co.uk", "com.au", "us", "ca", "co.in", "ie", "co.za", "com.ng")
"""Top-level domains that speak the same from everywhere; that of ``com`` depends on the place."""

SLOW = 0.7
"""The one speed beside 1.0. The service knows "slow" and no numbers."""

MAX_CHARACTERS = 100
"""Of one request; the service takes no more."""

MAX_ANSWER_BYTES = 2 * 1024 * 1024
"""So many characters, spoken slowly, take a fifth of a megabyte."""

_LEAST_SECONDS = 0.1
_LEAST_PEAK = 0.001  # of full scale: -60 dB
_READ_BYTES = 65_536
_MINUTE = 60

_CLAUSE = re.compile(r"(?<=[.,;:!?—])\s+")

_RETRIED = (429, 500, 502, 503, 504)
_TOO_MANY = 429

# A JSON text inside a JSON text; the padding may be escaped, and need not be there.
_AUDIO = re.compile(rb'"jQ1olc","\[\\"([A-Za-z0-9+/]+)(?:=|\\+u003[dD])*\\"\]"')

_KEPT = "the clips made so far are kept, and the next run asks for the rest"
_CHANGED = "its protocol may have changed: update ankigen, or choose the engine hibari meanwhile"

E = TypeVar("E", bound=BaseException)


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient we are, in seconds. Google's own limits are undocumented.

    Attributes:
        interval: Between one request and the next, of all threads together. People report to be
            blocked beyond one a second.
        connect: For a connection.
        read: For the next bytes of an answer.
        answer: For a whole answer.
        tries: How often to ask for the same, at most.
        backoff: Before the second try; twice as long before each further one.
        patience: The longest wait that the server may ask for.
    """

    interval: float = 1.0
    connect: float = 5.0
    read: float = 15.0
    answer: float = 30.0
    tries: int = 4
    backoff: float = 2.0
    patience: float = 60.0


class _TemporaryError(UnavailableError):
    """Asking again may help.

    Attributes:
        wait: Seconds that the server asked for; None where it did not say.
    """

    def __init__(self, message: str, hint: str = "", wait: float | None = None) -> None:
        super().__init__(message, hint)
        self.wait = wait


class Google:
    """One session and one throttle, shared by all threads."""

    online = True
    language = "en"
    voices = ACCENTS

    def __init__(self, base: str = "", limits: Limits = Limits()) -> None:
        """Send nothing yet.

        Args:
            base: Where to ask instead of Google: ``https://localhost:8443``.
            limits: Patience with the server.

        Raises:
            SetupError: gTTS is not installed.
        """
        try:
            self.identity = f"google gTTS-{version('gTTS')}"
        except PackageNotFoundError:
            raise SetupError(
                "the engine google needs gTTS, which is not installed", "pip install gTTS"
            ) from None
        self._base = base
        self._limits = limits
        self._throttle = Throttle(limits.interval)

    def check(self, voice: Voice) -> None:
        """Refuse accents and speeds that are not known."""
        if voice.voice not in ACCENTS:
            raise SetupError(
                f"the engine google has no accent '{voice.voice}'",
                f"choose one of {', '.join(ACCENTS)}",
            )
        if voice.speed not in (1.0, SLOW):
            raise SetupError(
                f"the engine google cannot speak at speed {voice.speed:g}",
                f"choose 1.0, or {SLOW} for its slow one",
            )

    def unsayable(self, text: str) -> str:
        """It reads any letter and any digit."""
        return "" if any(char.isalnum() for char in text) else "it holds no word"

    def prepare(self) -> None:
        """Load what talks to the server; ask nothing."""
        import gtts  # noqa: F401, PLC0415 - late: what is not used costs nothing

        _ = self._session
        self._throttle.open()

    @functools.cached_property
    def _session(self) -> Session:
        import requests  # noqa: PLC0415 - late, likewise

        return requests.Session()

    def close(self) -> None:
        """Stop: whoever waits for a turn is turned away at once."""
        self._throttle.close()

    def script(self, utterance: Utterance) -> str:
        """Respellings where the lexicon knows better."""
        return utterance.plain

    def speak(self, script: str, voice: Voice) -> NDArray[np.float32]:
        """Ask for the sound of a text, in parts of 100 characters; thread-safe.

        Raises:
            SpeechError: There is no such sound to be had now.
        """
        import numpy as np  # noqa: PLC0415 - late, likewise

        if why := self.unsayable(script):
            raise SpeechError(f"'{script}' cannot be said: {why}", "give it a word")
        requests = _requests(script, voice, self._base)
        return np.concatenate([self._insist(request, script) for request in requests])

    def _insist(self, request: PreparedRequest, text: str) -> NDArray[np.float32]:
        """The sound of one part, after as many tries as it takes."""
        backoff = self._limits.backoff
        tries = 0
        while True:
            self._throttle.take()
            tries += 1
            try:
                return _decode(self._ask(request), text)
            except _TemporaryError as error:
                wait = max(backoff, error.wait or 0)
                if tries >= self._limits.tries or wait > self._limits.patience:
                    raise
            self._throttle.pause(wait)  # all threads: what hit one will hit the next
            backoff *= 2

    def _ask(self, request: PreparedRequest) -> bytes:
        """The body of the answer to one request."""
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - late, likewise

        url = str(request.url)
        host = urlsplit(url).netloc
        # Certificates of REQUESTS_CA_BUNDLE or certifi; proxies as the environment names them.
        settings = self._session.merge_environment_settings(
            url, {}, stream=True, verify=True, cert=None
        )
        limits = self._limits
        try:
            # The adapter, not the session: that follows redirects, or at least reads them.
            with self._session.get_adapter(url).send(
                request, timeout=(limits.connect, limits.read), **settings
            ) as response:
                _refuse(response, host)
                return self._read(response, host)
        except (OSError, HTTPError) as error:
            raise _fault(error, host) from error

    def _read(self, response: Response, host: str) -> bytes:
        """The whole body, as long as it comes in time and is not endless."""
        if "html" in response.headers.get("Content-Type", ""):
            raise _webpage(host)
        until = time.monotonic() + self._limits.answer
        body = bytearray()
        while data := response.raw.read1(_READ_BYTES, decode_content=True):
            body += data
            if len(body) > MAX_ANSWER_BYTES:
                raise SpeechError(f"{host} gave an answer without end", _CHANGED)
            if time.monotonic() > until:
                raise _TemporaryError(f"{host} is too slow", f"try again later; {_KEPT}")
        return bytes(body)


def _requests(text: str, voice: Voice, base: str) -> Iterator[PreparedRequest]:
    """What is to be asked for a text, one request a part."""
    from gtts import gTTS  # noqa: PLC0415 - late, likewise

    slow = voice.speed == SLOW
    spoken = gTTS(text, voice.voice, "en", slow, lang_check=False, tokenizer_func=_parts)
    request: PreparedRequest
    for request in spoken._prepare_requests():  # noqa: SLF001 - all else of gTTS sends them too
        if base:
            request.url = base + request.path_url
        yield request


def _parts(text: str) -> list[str]:
    """A long text's clauses, as many together as one request takes.

    gTTS itself would cut at each comma, which is heard, and drop it. It does cut longer clauses.
    """
    parts = [""]
    for clause in _CLAUSE.split(text):
        joined = f"{parts[-1]} {clause}".strip()
        if len(joined) <= MAX_CHARACTERS:
            parts[-1] = joined
        else:
            parts.append(clause)
    return parts


def _refuse(response: Response, host: str) -> None:
    """Nothing, if the server did what was asked.

    Raises:
        SpeechError: It did not.
    """
    status = response.status_code
    target = response.headers.get("Location", "")
    if status == _TOO_MANY:
        wait = _retry_after(response)
        raise _blocked(host, _in_words(wait) if wait else "an hour", wait)
    if status in _RETRIED:
        raise _TemporaryError(
            f"{host} is out of order (status {status})",
            f"try again later; {_KEPT}",
            _retry_after(response),
        )
    if response.is_redirect and "/sorry" in target:
        raise _blocked(host, "some hours", math.inf)
    if response.is_redirect:
        raise _webpage(host)
    if not response.ok:
        raise UnavailableError(f"{host} refused the request (status {status})", _CHANGED)


def _decode(body: bytes, text: str) -> NDArray[np.float32]:
    """The samples in an answer.

    Raises:
        SpeechError: It holds no sound, or none that one could hear.
    """
    import soundfile  # noqa: PLC0415 - late, likewise

    found = _AUDIO.search(body)
    if not found:
        raise SpeechError(f"Google gave no sound for '{text}'", _CHANGED)
    coded = found[1]
    try:
        data = base64.b64decode(coded + b"=" * (-len(coded) % 4), validate=True)
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            kind = (sound.format, sound.samplerate, sound.channels)
            samples: NDArray[np.float32] = sound.read(dtype="float32")
    except (binascii.Error, soundfile.LibsndfileError) as error:
        raise SpeechError(f"what Google gave for '{text}' is no sound: {error}", _CHANGED) from None
    if kind != ("MP3", SAMPLE_RATE, 1):
        said = "{}, {} Hz, channels: {}".format(*kind)
        raise SpeechError(f"what Google gave for '{text}' is no mono MP3: {said}", _CHANGED)
    if len(samples) < _LEAST_SECONDS * SAMPLE_RATE or abs(samples).max() < _LEAST_PEAK:
        raise SpeechError(f"Google was silent for '{text}'", "say it in other words")
    return samples


def _fault(error: Exception, host: str) -> SpeechError:
    """What a person is told of an error of requests or urllib3."""
    import requests  # noqa: PLC0415 - late, likewise
    from urllib3.exceptions import HTTPError, NewConnectionError, TimeoutError  # noqa: A004, PLC0415

    tls = _because(error, ssl.SSLError)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return UnavailableError(
            f"{host} did not prove its identity: {tls.verify_message}",
            "sign in to this network if it asks for that; where a proxy of your organisation reads"
            " along, name its certificates in REQUESTS_CA_BUNDLE",
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return UnavailableError(
            f"the proxy does not let us through to {host}", "correct HTTPS_PROXY, or NO_PROXY"
        )
    if _because(error, NewConnectionError):
        return UnavailableError(
            f"{host} cannot be reached: this machine seems to be offline",
            f"connect it and run again ({_KEPT}), or choose the engine hibari, which needs no"
            " network",
        )
    if _because(error, TimeoutError):
        return _TemporaryError(f"{host} is too slow", f"try again later; {_KEPT}")
    unread = not isinstance(error, requests.RequestException | HTTPError)
    if unread or (tls and tls.library in ("X509", "PEM")):
        return UnavailableError(
            f"no certificate can be checked: {tls or error}", "correct REQUESTS_CA_BUNDLE"
        )
    return _TemporaryError(f"{host} broke off its answer", f"try again later; {_KEPT}")


def _because(error: BaseException | None, kind: type[E]) -> E | None:
    """The error of that kind that led to ``error``, if one did."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error


def _blocked(host: str, long: str, wait: float | None) -> _TemporaryError:
    return _TemporaryError(
        f"{host} blocks this machine: too many requests",
        f"wait {long} and run again; {_KEPT}",
        wait,
    )


def _webpage(host: str) -> UnavailableError:
    return UnavailableError(
        f"{host} gave a web page instead of sound: a consent page, or a network's sign-in",
        f"open https://{host} in a browser, answer what it asks, and run again; if there is"
        " nothing to answer, choose the engine hibari",
    )


def _retry_after(response: Response) -> float | None:
    """Seconds that the server wants to be left alone."""
    from urllib3 import Retry  # noqa: PLC0415 - late, likewise
    from urllib3.exceptions import InvalidHeader  # noqa: PLC0415

    try:
        return Retry().parse_retry_after(response.headers["Retry-After"])
    except (KeyError, InvalidHeader, ValueError, OverflowError):
        return None


def _in_words(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{math.ceil(seconds)} seconds"
    return f"{math.ceil(seconds / _MINUTE)} minutes"
