"""Finding a term in a sentence, in its regular English forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankigen.inflection import has_braces, mark_gap, pattern


@pytest.mark.parametrize(
    ("term", "text", "marked"),
    [
        ("kernel", "Each kernel reads.", "Each {kernel} reads."),
        ("kernel", "Kernels read.", "{Kernels} read."),
        ("kernel", "the kernel's tile", "the {kernel's} tile"),
        ("kernel", "the kernel\u2019s tile", "the {kernel\u2019s} tile"),
        ("kernel", "a kernel and a kernel", "a {kernel} and a {kernel}"),
        ("pass", "two passes", "two {passes}"),
        ("lower", "We lowered it, lowering twice.", "We {lowered} it, {lowering} twice."),
        ("tile", "tiled, tiling, tiles", "{tiled}, {tiling}, {tiles}"),
        ("spill", "spilling, spilled", "{spilling}, {spilled}"),
        ("pin", "It pinned memory by pinning.", "It {pinned} memory by {pinning}."),
        ("copy", "copies, copied, copying", "{copies}, {copied}, {copying}"),
        ("analysis", "two analyses", "two {analyses}"),
        ("operator fusion", "Operator fusion wins.", "{Operator fusion} wins."),
        ("operator fusion", "operators fusion", "{operators fusion}"),
        ("operator fusion", "an operator-fusion pass", "an {operator-fusion} pass"),
        ("operator fusion", "operator\n  fusion", "{operator\n  fusion}"),
        ("ahead-of-time", "ahead of time", "{ahead of time}"),
        ("cuBLAS", "call cuBLAS", "call {cuBLAS}"),
        ("GPU", "many GPUs", "many {GPUs}"),
        ("-O3", "with -O3 on", "with {-O3} on"),
        ("C++", "in C++ code", "in {C++} code"),
        ("sm_90", "for sm_90 only", "for {sm_90} only"),
        ("na\u00efve", "A na\u00efve loop", "A {na\u00efve} loop"),
        ("kernel", "a `kernel` kernel", "a `kernel` {kernel}"),
        ("kernel", "``kernel ` x`` kernel", "``kernel ` x`` {kernel}"),
        ("kernel", "[kernel](http://x.org/kernel)", "[{kernel}](http://x.org/kernel)"),
        ("sub", "H<sub>2</sub> sub", "H<sub>2</sub> {sub}"),
    ],
)
def test_found(term: str, text: str, marked: str) -> None:
    """Plurals, pasts, -ing forms and spellings with a hyphen or a space."""
    assert mark_gap(text, term) == marked


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("kernel", "a microkernel, a kernelette"),
        ("GPU", "gpu"),
        ("cuBLAS", "CUBLAS"),
        ("tile", "tilt"),
        ("operator fusion", "fusion of operators"),
        ("C++", "C"),
        ("a.b", "acb"),
        ("run", "ran"),
        ("kernel", "only `kernel` in code"),
    ],
)
def test_not_found(term: str, text: str) -> None:
    """No part of another word, no other case of a name, no irregular form."""
    assert mark_gap(text, term) is None


@pytest.mark.parametrize(
    ("text", "braces"),
    [
        ("a {gap}", True),
        ("half a gap}", True),
        ("`{}` beside a {gap}", True),
        ("none", False),
        ("code `f{x}` alone", False),
        (r"\{escaped\}", False),
        ("[a](http://x.org/{b})", False),
    ],
)
def test_has_braces(text: str, *, braces: bool) -> None:
    """Braces mark a gap but where Markdown keeps them as they are."""
    assert has_braces(text) is braces


WORD = st.text(st.characters(categories=("L", "Nd", "P", "S")), min_size=1, max_size=8)


@given(st.lists(WORD, min_size=1, max_size=3).map(" ".join))
def test_a_term_is_found_as_it_is_written(term: str) -> None:
    """Any term, whatever its characters, is found in itself and nothing is added but braces."""
    assert pattern(term).fullmatch(term)
