"""The limit for sound: raw synthesis and encoding on two threads, nothing kept.

Usage: python peer_speech.py SCRIPT.tsv OUT_DIRECTORY
Each line of the script holds a speed, a tab and what is said.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hibari
import lameenc
import numpy as np


def main(script: Path, target: Path) -> None:
    """Speak each line of a file into an MP3 of its own."""
    lines = script.read_text(encoding="utf-8").splitlines()
    voice = hibari.Hibari(threads=1)
    _ = voice.g2p.oov

    def speak(numbered: tuple[int, str]) -> None:
        number, line = numbered
        speed, text = line.split("\t")
        samples = voice(text, speed=float(speed), seed=0)
        encoder = lameenc.Encoder()
        encoder.silence()
        encoder.set_bit_rate(48)
        encoder.set_in_sample_rate(hibari.SAMPLE_RATE)
        encoder.set_channels(1)
        encoder.set_quality(2)
        pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        (target / f"{number}.mp3").write_bytes(encoder.encode(pcm) + encoder.flush())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(speak, enumerate(lines)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
