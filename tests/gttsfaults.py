"""Answers of the online voice's server that never become good, and what people are told of them."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

import numpy as np
import soundfile

from ankigen.speech import SAMPLE_RATE
from ankigen.speech.google import MAX_ANSWER_BYTES
from gttsserver import Answer, packed, tone


def wav() -> bytes:
    """Sound, but no MP3."""
    stream = io.BytesIO()
    soundfile.write(stream, np.full(SAMPLE_RATE, 0.1), SAMPLE_RATE, format="WAV")
    return stream.getvalue()


@dataclass(frozen=True)
class Fault:
    """An answer, given as long as it is asked for, and what a person is told.

    Attributes:
        tries: How often it is asked for.
    """

    answer: Answer
    message: str
    hint: str
    tries: int = 1


FAULTS = {
    "too many requests": Fault(Answer(429), "blocks this machine", "wait an hour", 3),
    "too many, come back soon": Fault(
        Answer(429, headers={"Retry-After": "0"}), "blocks this machine", "wait an hour", 3
    ),
    "too many, come back late": Fault(
        Answer(429, headers={"Retry-After": "3600"}), "blocks this machine", "wait 60 minutes"
    ),
    "out of order": Fault(Answer(503), "status 503", "later", 3),
    "consent page": Fault(
        Answer(body=b"<title>Before you continue</title>", headers={"Content-Type": "text/html"}),
        "web page instead of sound: a consent page",
        "in a browser",
    ),
    "sound that says it is a page": Fault(
        Answer(headers={"Content-Type": "text/html; charset=utf-8"}), "web page", "in a browser"
    ),
    "redirect to a consent page": Fault(
        Answer(302, b"", {"Location": "https://consent.example/m?continue=x"}),
        "web page",
        "in a browser",
    ),
    "redirect to nowhere": Fault(Answer(307, b"", {"Location": "//[::"}), "web page", "browser"),
    "redirect of the blocked": Fault(
        Answer(302, b"", {"Location": "https://www.example/sorry/index?continue=x"}),
        "blocks this machine",
        "wait some hours",
    ),
    "forbidden": Fault(Answer(403), "status 403", "update ankigen"),
    "not found": Fault(Answer(404), "status 404", "update ankigen"),
    "another protocol": Fault(
        Answer(body=b'[["wrb.fr","jQ1olc",null,null,null,[5],"generic"]]'),
        "no sound for",
        "protocol may have changed",
    ),
    "empty": Fault(Answer(body=b""), "no sound for", "protocol may have changed"),
    "cut off and said to be whole": Fault(
        Answer(body=packed(tone(1))[:500]), "no sound for", "protocol may have changed"
    ),
    "cut off": Fault(Answer(cut=500), "broke off", "later", 3),
    "cut off among chunks": Fault(Answer(cut=500, chunked=True), "broke off", "later", 3),
    "reset": Fault(Answer(reset=True), "broke off", "later", 3),
    "noise": Fault(
        Answer(body=packed(random.Random(1).randbytes(5000))),  # noqa: S311 - no secret
        "is no sound",
        "protocol may have changed",
    ),
    "WAV": Fault(Answer(body=packed(wav())), "no mono MP3: WAV", "protocol may have changed"),
    "another rate": Fault(Answer(body=packed(tone(1, 44_100))), "44100 Hz", "protocol"),
    "silence": Fault(Answer(body=packed(tone(1, amplitude=0))), "silent", "other words"),
    "next to nothing": Fault(Answer(body=packed(tone(0.01))), "silent", "other words"),
    "endless": Fault(Answer(body=b"x" * (MAX_ANSWER_BYTES + 1)), "without end", "protocol"),
}
