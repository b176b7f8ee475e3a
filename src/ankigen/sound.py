"""Samples → a clip worth hearing: trimmed, of one loudness, encoded as MP3.

Loudness is ITU-R BS.1770-4's integrated loudness; its K-weighting is applied in the frequency
domain, which for clips of a few seconds is faster than filtering and needs NumPy alone. MP3 is the
one format that every Anki client plays.
"""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING

import lameenc
import numpy as np
import soundfile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

TARGET_LUFS = -19.0
"""Speech on a phone: loud enough beside other apps, with room for its peaks."""

# By PESQ (wideband) speech at 32 kbit/s has 3.5, at 48 3.8, at 24 2.8. At 32, 22.05 kHz and quality
# 5 are as good as 24 kHz and quality 2, with half a decibel less above the peaks.
_BIT_RATE = 32
_ENCODED_RATE = 22_050
_LAME_QUALITY = 5
_LAME_SCALE = 0.95  # LAME turns everything down by this; we turn it up first
_KNEE = 10 ** (-7 / 20)
_CEILING = 10 ** (-3.2 / 20)  # encoding adds up to 2.1 dB, and -1 dBFS is what must hold
_TRIM_DB = -40.0
_FRAME_SECONDS = 0.005
_LEAD_SECONDS = 0.020
_TAIL_SECONDS = 0.150
_SHORT_SECONDS = 3.0  # a clip whose loudness the encoder's silence can change
_TOO_FAR = 0.5  # decibels from what is wanted, for such a clip

_HOP_SECONDS, _HOPS = 0.1, 4  # a block is four hops long
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_NEAR_ENOUGH = 0.05
_ROUNDS = 8


def finish(samples: Samples, rate: int) -> tuple[Samples, float]:
    """Trim and level.

    Args:
        samples: Mono, in [-1, 1].
        rate: Hz.

    Returns:
        The finished samples and their length in seconds; none where there is only silence.
    """
    kept = trim(samples, rate)
    if not len(kept):
        return kept, 0.0
    return level(kept, rate), len(kept) / rate


def trim(samples: Samples, rate: int) -> Samples:
    """Without the silence at both ends, but for a breath of it; nothing where all is silence."""
    frame = int(rate * _FRAME_SECONDS)
    count = len(samples) // frame
    if not count:
        return samples[:0]
    power = np.square(samples[: count * frame].reshape(count, frame)).mean(axis=1)
    loudest = float(power.max())
    if loudest <= 10 ** (_ABSOLUTE_GATE / 10):
        return samples[:0]
    heard = np.flatnonzero(power > loudest * 10 ** (_TRIM_DB / 10))
    start = max(int(heard[0]) * frame - int(_LEAD_SECONDS * rate), 0)
    end = min((int(heard[-1]) + 1) * frame + int(_TAIL_SECONDS * rate), len(samples))
    return samples[start:end]


def level(samples: Samples, rate: int) -> Samples:
    """At ``TARGET_LUFS``, peaks bent below the ceiling."""
    measured = loudness(samples, rate)
    if not np.isfinite(measured):
        return samples
    gain = TARGET_LUFS - measured
    for _ in range(_ROUNDS):
        levelled, lost = _amplify(samples, gain)
        if lost < _NEAR_ENOUGH:  # decibels of all that is heard: no need to measure it again
            break
        error = TARGET_LUFS - loudness(levelled, rate)
        if abs(error) < _NEAR_ENOUGH:
            break
        gain += error
    return levelled


def _amplify(samples: Samples, gain: float) -> tuple[Samples, float]:
    """By ``gain`` decibels: what is below the knee as it is, the rest bent towards the ceiling.

    Returns:
        The samples, and how many decibels of their energy the bending took.
    """
    louder = samples * np.float32(10 ** (gain / 20))
    size = np.abs(louder)
    peaks = np.flatnonzero(size > _KNEE)  # few: most of speech is far below its peaks
    if not len(peaks):
        return louder, 0.0
    straight = size[peaks].astype(np.float64)
    room = _CEILING - _KNEE
    bent = _KNEE + room * np.tanh((straight - _KNEE) / room)
    energy = float(np.dot(louder, louder))
    louder[peaks] = np.copysign(bent, louder[peaks])
    return louder, -10 * float(np.log10(np.dot(louder, louder) / energy))


def loudness(samples: Samples, rate: int) -> float:
    """Integrated loudness in LUFS; a clip shorter than a block is measured as if it repeated."""
    hop = int(_HOP_SECONDS * rate)
    block = _HOPS * hop
    if not len(samples):
        return float("-inf")
    if len(samples) < block:
        samples = np.tile(samples, -(-block // len(samples)))
    size = _fast_length(len(samples) + rate // 10)
    spectrum = np.fft.rfft(samples, size)
    spectrum *= _k_weighting(size, rate)
    weighted = np.fft.irfft(spectrum, size)[: len(samples) // hop * hop].reshape(-1, hop)
    energy = np.einsum("ij,ij->i", weighted, weighted).astype(np.float64)
    power = np.convolve(energy, np.ones(_HOPS), "valid") / block
    loud = power[power > _power(_ABSOLUTE_GATE)]
    if not len(loud):
        return float("-inf")
    loud = loud[loud > loud.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return float(-0.691 + 10 * np.log10(loud.mean()))


def encode(samples: Samples, rate: int) -> bytes:
    """MP3 of constant bit rate, as loud as the samples are meant to be.

    The silence that the encoder adds moves the blocks in which loudness is measured: few words are
    a decibel or more off by that, and are encoded again.
    """
    data = _encoded(samples, rate)
    if not _HOPS * _HOP_SECONDS <= len(samples) / rate < _SHORT_SECONDS:
        return data
    heard = loudness(*soundfile.read(io.BytesIO(data), dtype="float32"))
    error = loudness(samples, rate) - heard
    if not np.isfinite(error) or abs(error) < _TOO_FAR:
        return data
    return _encoded(_amplify(samples, error)[0], rate)


def _encoded(samples: Samples, rate: int) -> bytes:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(_BIT_RATE)
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(_ENCODED_RATE)
    encoder.set_channels(1)
    encoder.set_quality(_LAME_QUALITY)
    pcm = (np.clip(samples / _LAME_SCALE, -1.0, 1.0) * 32767).astype("<i2").tobytes()
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def _fast_length(needed: int) -> int:
    """The next length of 2ⁿ or 3·2ⁿ, which the FFT likes and which keeps the filters few."""
    power = 1 << (needed - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= needed else power


@functools.lru_cache(maxsize=32)
def _k_weighting(size: int, rate: int) -> NDArray[np.complex64]:
    """BS.1770's two filters at the frequencies of a real FFT.

    The recommendation gives coefficients for 48 kHz; the analogue values behind them are those of
    libebur128 (https://github.com/jiixyj/libebur128, ebur128_init_filter).
    """
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    shelf_k = np.tan(np.pi * 1681.974450955533 / rate)
    shelf_q = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    shelf = (
        (high + band * shelf_k / shelf_q + shelf_k**2)
        + 2 * (shelf_k**2 - high) * z
        + (high - band * shelf_k / shelf_q + shelf_k**2) * z**2
    ) / _denominator(shelf_k, shelf_q, z)
    pass_k = np.tan(np.pi * 38.13547087602444 / rate)
    pass_q = 0.5003270373238773
    # Normalised by the first coefficient of its denominator, as libebur128 does.
    first = 1 + pass_k / pass_q + pass_k**2
    high_pass = (1 - 2 * z + z**2) * first / _denominator(pass_k, pass_q, z)
    return np.asarray(shelf * high_pass, np.complex64)  # as the spectrum of what is heard


def _denominator(k: float, q: float, z: NDArray[np.complex128]) -> NDArray[np.complex128]:
    return np.asarray((1 + k / q + k**2) + 2 * (k**2 - 1) * z + (1 - k / q + k**2) * z**2)
