"""Text for speech: signs, numbers, units and code become words; ordinary text stays."""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen import spokentext
from ankigen.spokentext import spoken

WORD = st.from_regex(r"[a-z]{1,8}|[A-Z][a-z]{1,8}|[A-Z]{2,4}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # Factors, shapes, ranges
        ("It is 2.3× faster.", "It is 2.3 times faster."),
        ("a 10x gain", "a 10 times gain"),
        ("a 16x16 tile", "a 16 by 16 tile"),
        ("3 x 4 and 16×16×8", "3 by 4 and 16 by 16 by 8"),
        ("an M×N matrix", "an M by N matrix"),
        ("an MxN matrix", "an M by N matrix"),
        ("8xH100", "8 H100"),
        ("8–16 threads", "8 to 16 threads"),
        ("5-10%", "5 to 10%"),
        ("1.5–2×", "1.5 to 2 times"),
        ("50%–60%", "50% to 60%"),
        ("2:4 sparsity", "2 to 4 sparsity"),
        # Comparisons, arithmetic, arrows
        ("~30% slower", "about 30% slower"),
        ("n≥8", "n greater than or equal to 8"),
        ("n <= 8", "n less than or equal to 8"),
        ("n != 8", "n not equal to 8"),
        ("n == 8", "n equals 8"),
        ("5 < 6 > 4", "5 less than 6 greater than 4"),
        ("a + b", "a plus b"),
        ("a * b", "a times b"),
        ("n-1", "n minus 1"),
        ("−5", "minus 5"),
        ("±3", "plus or minus 3"),
        ("a → b -> c", "a to b to c"),
        # Powers, order, Greek
        ("O(n²)", "O of n squared"),
        ("O(log(n))", "O of log of n"),
        ("n³", "n cubed"),
        ("2^20", "2 to the power of 20"),
        ("10⁻⁶", "10 to the power of minus 6"),
        ("x₁", "x 1"),
        ("λ and Σ", "lambda and sigma"),
        # Numbers
        ("0.20", "0 point 2 0"),
        ("v1.2.3", "version 1 point 2 point 3"),
        ("version 3.11", "version 3 point 11"),
        ("1e-3", "1 e minus 3"),
        ("0xFF", "hex F F"),
        ("70B parameters", "70 billion parameters"),
        ("24/7", "24 7"),
        ("12/31", "12 over 31"),
        ("N/2", "N over 2"),
        # Units
        ("900 GB/s", "900 gigabytes per second"),
        ("1 GB", "1 gigabyte"),
        ("40 GiB", "40 gibibytes"),
        ("12 µs, 12 μs, 12us", "12 microseconds, 12 microseconds, 12 microseconds"),
        ("5ms", "5 milliseconds"),
        ("64 kB", "64 kilobytes"),
        ("1.5 TFLOP/s", "1.5 teraflops"),
        ("312 TFLOPS", "312 teraflops"),
        ("tokens/s", "tokens per second"),
        ("ops/byte", "ops per byte"),
        ("GB/s", "gigabytes per second"),
        # Code
        ("-O3", "dash O 3"),
        ("--fast-math", "dash dash fast-math"),
        ("tf.linalg.generic", "tf dot linalg dot generic"),
        (".vmfb", "dot vmfb"),
        (".item()", "dot item"),
        ("a `.onnx` file", "a dot onnx file"),
        ("TORCH_LOGS=output_code", "torch logs equals output code"),
        ("BLOCK_SIZE", "block size"),
        ("int8_t", "int8 t"),
        ("f(x)", "f of x"),
        ("a[i]", "a of i"),
        ("kernel(s)", "kernels"),
        ("tensor<4x?xf32>", "tensor of 4 by dynamic by f32"),
        ("std::vector", "std vector"),
        ("blockDim.x", "block Dim dot x"),
        ("C++ and C#", "C plus plus and C sharp"),
        ("#pragma", "hash pragma"),
        ("$HOME", "dollar HOME"),
        ("/usr/lib", "slash usr slash lib"),
        ("https://mlir.llvm.org/docs", "mlir dot llvm dot org slash docs"),
        ("*.py", "star dot py"),
        # Abbreviations
        ("e.g. this", "for example this"),
        ("that is it, i.e.", "that is it, that is."),
        ("w/o it and w/ it", "without it and with it"),
        ("and/or", "and or"),
    ],
)
def test_signs_become_words(text: str, said: str) -> None:
    """What voices drop or misread is spelt out."""
    assert spoken(text).strip() == said


@pytest.mark.parametrize(
    "text",
    [
        "92% of peak; 3/4 of it, $5 and 100 °C.",
        "a 64-wide, 99th-percentile, half-precision U.S. thing at 10 a.m.",
        "In 2048 or 2024-06-01, 1,024 of 65536.",
        "vs. approx. I/O, A/B, client/server",
        "L2, x86, 3D and 16-bit",
        "He said (twice): “Don't – or do!”",
        "",
        "…",
    ],
)
def test_what_voices_read_right_stays(text: str) -> None:
    """Percentages, fractions, currencies, dates and hyphens are left to the voice."""
    assert spoken(text) == text


@given(st.text())
def test_any_text(text: str) -> None:
    """Nothing raises."""
    spoken(text)


@given(st.lists(WORD, min_size=1).map(" ".join))
def test_ordinary_words_stay(text: str) -> None:
    """No rule finds anything in words."""
    assert spoken(text) == text


@given(st.lists(WORD, min_size=1).map(" ".join), st.integers(0, 999_999), st.sampled_from(".?! "))
def test_final_number_stays(words: str, number: int, end: str) -> None:
    """The shortcut for a number at the end is one: no rule would find anything in it."""
    text = f"{words} {number}{end}".strip()
    said = text
    for pattern, replacement in spokentext._RULES:  # noqa: SLF001 - the shortcut passes them by
        said = pattern.sub(replacement, said)
    assert spoken(text) == said == text


@given(st.lists(WORD, min_size=1), st.sampled_from("×≥→+=*/~^µ²[](){}<>_.:#$%&@|"))
def test_no_word_is_lost(words: list[str], sign: str) -> None:
    """Words between signs are all still there, in order."""
    said = iter(re.findall("[A-Za-z]+", spoken(f" {sign} ".join(words))))
    assert all(word in said for word in words)
