"""The online voice against a server on loopback that does everything wrong, one thing at a time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ankigen.audio import Studio, UnspokenError
from ankigen.clips import CHECKED, MANIFEST, Store
from ankigen.lexicon import Lexicon
from ankigen.model import Voice
from ankigen.speech import SAMPLE_RATE, SpeechError
from ankigen.speech.google import SLOW, Google, Limits
from gttsfaults import FAULTS
from gttsserver import SECONDS_A_LETTER, Answer, Authority, authority, packed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gttsserver import Server

BRITISH = Voice("google", "co.uk")
VOICES = {"default": BRITISH, "slow": replace(BRITISH, speed=SLOW)}
QUICK = Limits(interval=0, read=20, answer=20, tries=3, backoff=0.01, patience=2)
STALL = 3.0
"""Seconds that a server may stall; far beyond the limit that a test sets."""

LONG = (
    "The compiler fuses both kernels into one, so the intermediate tensor never leaves on-chip"
    " memory; whether this pays off depends on the size of the tile, the number of registers"
    " that are left, and the bandwidth of the device that runs it."
)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the certificates of the servers here."""
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def environment(signer: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signer is trusted, as an organisation's would be, and no proxy stands between."""
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(signer.file))


@pytest.fixture
def server(signer: Authority) -> Iterator[Server]:
    """A server that nobody has asked yet."""
    with signer.server() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "clips")


def studio(engine: Google) -> Studio:
    """A studio whose voices are spoken by this engine."""
    return Studio(VOICES, Lexicon(), lambda _name: engine)


def test_success(server: Server) -> None:
    """A text is asked for once, as gTTS asks, and comes back as samples of its sound."""
    samples = Google(server.base, QUICK).speak("operator fusion", BRITISH)
    [asked] = server.asked
    assert (asked.text, asked.language, asked.slow) == ("operator fusion", "en", False)
    assert asked.agent.startswith("Mozilla/")
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) / SAMPLE_RATE == pytest.approx(15 * SECONDS_A_LETTER, abs=0.1)
    assert abs(samples).max() == pytest.approx(0.3, abs=0.05)


def test_chunked_success(server: Server) -> None:
    """An answer of unknown length, as Google's are, gives the same sound."""
    engine = Google(server.base, QUICK)
    server.script.append(Answer(chunked=True))
    chunked = engine.speak("operator fusion", BRITISH)
    assert np.array_equal(engine.speak("operator fusion", BRITISH), chunked)


def test_slow(server: Server) -> None:
    """The slow voice is asked for by its flag."""
    Google(server.base, QUICK).speak("kernel", VOICES["slow"])
    assert [asked.slow for asked in server.asked] == [True]


def test_long_text(server: Server) -> None:
    """It is asked for in parts that lose no word, and sounds as they do one after another."""
    engine = Google(server.base, QUICK)
    samples = engine.speak(LONG, BRITISH)
    parts = [asked.text for asked in server.asked]
    assert len(parts) > 2
    assert " ".join(parts).split() == LONG.split()
    assert np.array_equal(samples, np.concatenate([engine.speak(part, BRITISH) for part in parts]))


def test_a_part_without_sound_spoils_the_text(server: Server) -> None:
    """A long text is never half spoken."""
    server.script += [Answer(), Answer(body=packed(b""))]
    with pytest.raises(SpeechError, match="no sound"):
        Google(server.base, QUICK).speak(LONG, BRITISH)


@pytest.mark.parametrize(
    "passing",
    [
        Answer(429),
        Answer(500),
        Answer(502),
        Answer(503),
        Answer(504),
        Answer(503, headers={"Retry-After": "soon"}),
        Answer(reset=True),
        Answer(cut=1),
        Answer(cut=100, chunked=True),
    ],
    ids=str,
)
def test_passing_faults(server: Server, passing: Answer) -> None:
    """What passes is asked for again, and then is as if nothing had been."""
    server.script += [passing, passing]
    samples = Google(server.base, QUICK).speak("kernel", BRITISH)
    assert len(samples) / SAMPLE_RATE == pytest.approx(6 * SECONDS_A_LETTER, abs=0.1)
    assert [asked.text for asked in server.asked] == ["kernel"] * 3


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(server: Server, status: int) -> None:
    """A server that wants to be left alone for a second is."""
    server.script.append(Answer(status, headers={"Retry-After": "1"}))
    Google(server.base, QUICK).speak("kernel", BRITISH)
    first, second = (asked.at for asked in server.asked)
    assert second - first >= 1


@pytest.mark.parametrize("name", FAULTS)
def test_faults(server: Server, store: Store, name: str) -> None:
    """A fault says what to do, leaves no half file, costs no finished clip, and can be resumed."""
    fault = FAULTS[name]
    room = studio(Google(server.base, QUICK))
    good, bad, late = clips = [room.clip(text) for text in ("kernel", "tile", "operator fusion")]
    server.script += [Answer(), *[fault.answer] * fault.tries]
    with pytest.raises(UnspokenError, match=fault.message) as caught:
        room.make(clips, store, 1)
    assert fault.hint in caught.value.hint
    assert [asked.text for asked in server.asked].count(bad.text) == fault.tries

    # The third may have been under way when the second failed.
    kept = {path.name for path in store.folder.iterdir()} - {MANIFEST, CHECKED}
    assert kept in ({good.name}, {good.name, late.name})
    again = Store(store.folder)
    assert {clip.name for clip in clips if again.get(clip)} == kept

    server.asked.clear()
    made = studio(Google(server.base, QUICK)).make(clips, again, 1)
    assert (made.made, made.reused) == (3 - len(kept), len(kept))
    assert [asked.text for asked in server.asked] == [
        clip.text for clip in clips if clip.name not in kept
    ]
    assert all(again.get(clip) for clip in clips)


@pytest.mark.parametrize(
    ("late", "limits"),
    [
        (Answer(delay=STALL), replace(QUICK, read=0.1)),
        (Answer(drip=True), replace(QUICK, answer=0.1)),
        (Answer(drip=True, chunked=True), replace(QUICK, answer=0.1)),
    ],
    ids=["nothing", "drip", "drip of chunks"],
)
def test_too_slow(server: Server, late: Answer, limits: Limits) -> None:
    """Neither a silent server nor one that sends a byte now and then holds us up for long."""
    server.script += [late] * limits.tries
    with pytest.raises(SpeechError, match="too slow"):
        Google(server.base, limits).speak("kernel", BRITISH)
    assert len(server.asked) == limits.tries


def test_threads_share_the_throttle(server: Server, store: Store) -> None:
    """Whatever the number of threads, the nth request comes no sooner than n intervals."""
    room = studio(Google(server.base, replace(QUICK, interval=0.05)))
    start = time.monotonic()
    room.make([room.clip(f"kernel {number}") for number in range(10)], store, 5)
    for number, at in enumerate(sorted(asked.at for asked in server.asked)):
        assert at >= start + number * 0.05
    assert len(server.asked) == 10


def test_threads_among_faults(server: Server, store: Store) -> None:
    """Several threads with faults in between make every clip, each as if made alone."""
    room = studio(Google(server.base, replace(QUICK, tries=10)))
    clips = [room.clip(f"kernel {'x' * n}", voice) for n in range(1, 11) for voice in VOICES]
    faults = [Answer(503), Answer(reset=True), Answer(cut=9), Answer(429)]
    server.script += [Answer(), *faults, Answer(), Answer(chunked=True)] * 2
    made = room.make(clips, store, 4)
    assert made.made == len(clips)
    assert len(server.asked) == len(clips) + 2 * len(faults)
    for clip in clips:
        pace = 2 if clip.voice.speed == SLOW else 1
        expected = len(clip.text) * SECONDS_A_LETTER * pace
        assert made.records[clip.name].seconds == pytest.approx(expected, abs=0.15)


def test_unknown_authority_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that nobody vouches for ends it before anything is asked."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(SpeechError, match="did not prove its identity") as caught:
        Google(server.base, QUICK).speak("kernel", BRITISH)
    assert "REQUESTS_CA_BUNDLE" in caught.value.hint
    assert server.asked == []


def test_certificate_of_another_host_is_refused(signer: Authority) -> None:
    """So does one that is good, but another's."""
    with (
        signer.server("elsewhere.example") as other,
        pytest.raises(SpeechError, match="did not prove its identity: Hostname mismatch"),
    ):
        Google(other.base, QUICK).speak("kernel", BRITISH)
    assert other.asked == []


@pytest.mark.parametrize(
    "content",
    [None, "", "none", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"],
    ids=["missing", "empty", "text", "spoilt"],
)
def test_bundle_that_is_none(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    """A file of certificates that is missing or holds none is named, not passed over."""
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with pytest.raises(SpeechError, match="certificate") as caught:
        Google(server.base, QUICK).speak("kernel", BRITISH)
    assert "REQUESTS_CA_BUNDLE" in caught.value.hint
    assert server.asked == []


def test_offline(signer: Authority) -> None:
    """Where nothing listens one is told so at once, and what works without a network."""
    with signer.server() as gone:
        pass
    with pytest.raises(SpeechError, match="seems to be offline") as caught:
        Google(gone.base, replace(QUICK, backoff=3600, patience=7200)).speak("kernel", BRITISH)
    assert "hibari" in caught.value.hint


def test_proxy(server: Server, signer: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that the environment names is used, and named where it does not work."""
    with signer.server() as gone:
        pass
    monkeypatch.setenv("HTTPS_PROXY", gone.base.replace("https:", "http:"))
    engine = Google(server.base, QUICK)
    with pytest.raises(SpeechError, match="proxy") as caught:
        engine.speak("kernel", BRITISH)
    assert "HTTPS_PROXY" in caught.value.hint
    assert server.asked == []
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert len(engine.speak("kernel", BRITISH))
