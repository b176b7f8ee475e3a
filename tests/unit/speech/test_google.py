"""The online voice, as far as it goes without a server: requests, answers, patience."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from itertools import pairwise
from urllib.parse import parse_qs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import PreparedRequest, Response

from ankigen.diagnostics import SetupError
from ankigen.model import Voice
from ankigen.speech import SAMPLE_RATE, SpeechError
from ankigen.speech.google import (
    ACCENTS,
    SLOW,
    Google,
    Limits,
    _decode,
    _in_words,
    _parts,
    _requests,
    _retry_after,
)
from gttsserver import packed, tone

BRITISH = Voice("google", "co.uk")
HANG = 30.0
"""Seconds after which a thread counts as hung."""


def asked_for(request: PreparedRequest) -> list[object]:
    """Text, language and slowness of a request."""
    assert isinstance(request.body, str)
    [[[name, parameters, _, _]]] = json.loads(parse_qs(request.body)["f.req"][0])
    assert name == "jQ1olc"
    text, language, slow, _ = json.loads(parameters)
    return [text, language, slow]


def test_import_loads_no_library() -> None:
    """What a course does not use costs it nothing: gTTS and requests are loaded late."""
    code = (
        "import sys; from ankigen.speech.google import Google; Google();"
        " print({'gtts', 'requests', 'numpy', 'soundfile'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_identity_names_the_version() -> None:
    """Clips of another version of gTTS are other clips."""
    name, version = Google().identity.split("-")
    assert name == "google gTTS"
    assert version[0].isdigit()


@pytest.mark.parametrize("accent", ACCENTS)
def test_accents(accent: str) -> None:
    """Each accent that is accepted is a host of its own, always over TLS."""
    voice = Voice("google", accent)
    Google().check(voice)
    [request] = _requests("kernel", voice, "")
    assert str(request.url).startswith(f"https://translate.google.{accent}/_/")


@pytest.mark.parametrize("accent", ["com", "heart", "", "de", "co.uk.evil.example", "CO.UK"])
def test_unknown_accents(accent: str) -> None:
    """Others are refused with the list of those known, ``com`` among the refused."""
    with pytest.raises(SetupError, match=f"no accent '{accent}'") as caught:
        Google().check(Voice("google", accent))
    assert all(known in caught.value.hint for known in ACCENTS)


def test_speeds() -> None:
    """Normal and slow are what the service knows; other numbers are refused."""
    for speed, slow in ((1.0, None), (SLOW, True)):
        voice = Voice("google", "us", speed)
        Google().check(voice)
        [request] = _requests("kernel", voice, "")
        assert asked_for(request) == ["kernel", "en", slow]
    with pytest.raises(SetupError, match=r"speed 1\.2") as caught:
        Google().check(Voice("google", "us", 1.2))
    assert str(SLOW) in caught.value.hint


@pytest.mark.parametrize("text", ["", " ", "—", "?!", "…", "≥", "🚀", "\ud800"])
def test_unsayable(text: str) -> None:
    """A text without letter or digit is refused with a reason, and is never asked for."""
    assert "no word" in Google().unsayable(text)
    with pytest.raises(SpeechError, match="cannot be said"):
        Google("https://localhost:1").speak(text, BRITISH)


@given(st.text(st.characters(), max_size=400))
def test_any_sayable_text_can_be_asked_for(text: str) -> None:
    """There is at least one part in what is accepted, and none over 100 characters."""
    if not Google().unsayable(text):
        parts = [asked_for(request)[0] for request in _requests(text, BRITISH, "")]
        assert parts
        assert all(isinstance(part, str) and 0 < len(part) <= 100 for part in parts)


def test_long_texts_are_cut_at_clauses() -> None:
    """Clauses stay whole, with their commas, as many in a request as it takes."""
    first = "The compiler fuses both kernels into one, so the tensor never leaves on-chip memory;"
    second = "whether this pays off depends on the size of the tile, and on std::vector."
    sent = [asked_for(request)[0] for request in _requests(f"{first} {second}", BRITISH, "")]
    assert sent == [first, second]


@given(st.lists(st.sampled_from(["tile", "fuse,", "lower;", "launch:", "one.", "—"]), max_size=99))
def test_cutting_loses_nothing(words: list[str]) -> None:
    """The parts are together the text; no two fit into one, and only a clause is too long."""
    parts = _parts(" ".join(words))
    assert " ".join(parts).split() == words
    assert all(len(f"{part} {following}") > 100 for part, following in pairwise(parts))
    assert all(len(part) <= 100 or not set(part[:-1]) & set(",;:.—") for part in parts)


@pytest.mark.parametrize("surplus", [0, 1, 2])
@pytest.mark.parametrize("padding", ["=", "\\\\u003d", "\\\\u003D", ""])
def test_padding(surplus: int, padding: str) -> None:
    """The sound's base64 may be padded, with its padding escaped, or not padded at all."""
    sound = tone(0.5)
    sound += bytes((surplus - len(sound)) % 3)
    coded = packed(sound)
    assert coded.count(b"=") == -surplus % 3
    samples = _decode(coded.replace(b"=", padding.encode()), "kernel")
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) / SAMPLE_RATE == pytest.approx(0.5, abs=0.1)
    assert abs(samples).max() == pytest.approx(0.3, abs=0.05)


@given(st.binary(max_size=300))
def test_no_answer_makes_it_raise_anything_else(data: bytes) -> None:
    """Bytes of any kind, bare or packed as sound, are an error that a person can read."""
    for body in (data, packed(data), b'"jQ1olc","[\\"' + base64.b64encode(data) + b'A\\"]"'):
        with pytest.raises(SpeechError, match="'kernel'"):
            _decode(body, "kernel")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        (formatdate(0, usegmt=True), 0.0),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("9" * 5000, None),
        (None, None),
    ],
)
def test_retry_after(said: str | None, seconds: float | None) -> None:
    """It is a number of seconds or a date, and what is neither is no reason to fail."""
    response = Response()
    if said is not None:
        response.headers["Retry-After"] = said
    assert _retry_after(response) == seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 seconds"), (90, "90 seconds"), (120, "2 minutes"), (3601, "61 minutes")],
)
def test_durations(seconds: float, words: str) -> None:
    """A wait is never said to be shorter than it is."""
    assert _in_words(seconds) == words


def test_close_wakes_who_waits() -> None:
    """A stopped engine turns away who waits for a turn, however long that would have been."""
    engine = Google("https://localhost:1", Limits(interval=3600))
    with pytest.raises(SpeechError, match="offline"):
        engine.speak("kernel", BRITISH)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(engine.speak, "kernel", BRITISH)
        engine.close()
        with pytest.raises(SpeechError, match="stopped"):
            waiting.result(HANG)
