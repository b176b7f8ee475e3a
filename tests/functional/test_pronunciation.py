"""Sentences of the field, spoken with and without the lexicon, and understood by a recogniser."""

# Phonetic letters and typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from rapidfuzz.distance import Levenshtein

from ankigen import lexicon, yamltext
from ankigen.lexicon import Said
from ankigen.model import Voice
from ankigen.speech.hibari import Hibari
from recogniser import Recogniser, word_of, words
from support import REPOSITORY

if TYPE_CHECKING:
    from ankigen.lexicon import Lexicon

INTELLIGIBLE = 0.35
"""Mean word error rate that clear speech stays below; see test_voice.py."""

AS_WRITTEN = (
    # From the course
    "Could we leave this peephole to LLVM?",
    (
        "Yesterday I rebased our dialects onto upstream MLIR, and half the conversion patterns no"
        " longer build because a rewriter API changed."
    ),
    "Has anyone rewritten the softmax kernel in Triton yet?",
    (
        "Dumping the HLO before and after optimisation shows that XLA did not fuse the transpose"
        " into the reduction."
    ),
    (
        "As every new input shape makes XLA recompile our JAX step, I suggest padding the batches"
        " to a few fixed sizes."
    ),
    "We are evaluating Apache TVM for the edge board.",
    (
        "Export the model to StableHLO if both XLA and IREE should be able to compile it, whichever"
        " framework produced it."
    ),
    "Did you rebuild the TensorRT engine on the new card?",
    "Profiling shows that the convolutions already go through cuDNN.",
    "On small batches the GPU sits idle most of the time.",
    "For the phone demo I would try IREE first, because it is built on MLIR and can target Vulkan.",
    (
        "Data that several threads of a block reuse should be staged in shared memory rather than"
        " fetched from DRAM each time."
    ),
    "On the CPU back end, would wider SIMD registers help us at all?",
    "Only three nodes are assigned to the GPU.",
    "GPUs hide memory latency by switching to another warp that is ready.",
    # More of the field's words
    "The CUDA kernel runs out of registers on the smaller card.",
    "NVIDIA's CUDA compiler is called nvcc and it emits PTX.",
    "We replaced the GEMM in cuBLAS by one that we wrote with CUTLASS.",
    "The driver translates PTX into SASS when the program is loaded.",
    "Most of the time is spent in one large GEMM and two small ones.",
    "Fuse the bias and the GELU into the end of the matrix multiply.",
    "A ReLU is cheaper than a GELU because it only compares with zero.",
    "The new model uses SwiGLU in place of ReLU.",
    "Could you port this kernel from CUDA to HIP and test it on ROCm?",
    "Export the network to ONNX and load it in another framework.",
    "The ONNX file holds an operator that the importer does not know.",
    "NCCL hangs when one of the nodes is restarted.",
    "We use NCCL on their cards and RCCL on ours.",
    "SYCL lets you write the host and the device code in one file.",
    "The matmul and the LayerNorm should run in one kernel.",
    "I rewrote the einsum as a matmul and it became twice as fast.",
    "The PyTorch model is compiled by TorchInductor.",
    "NumPy and SciPy are only needed by the tests.",
    "The YAML file names the target and the JSON file holds the results.",
    "FlashAttention keeps the scores in SRAM and never writes them to memory.",
    "LoRA trains only a small part of the weights.",
    "The JIT compiler runs when the function is called for the first time.",
    "An ASIC does one thing well, and a GPU does many.",
)
"""Said word for word, but for the forms of the lexicon."""

READ_OUT = {
    "The fused kernel is 2.3× faster.": "the fused kernel is two point three times faster",
    "This is 10x slower than before.": "this is ten times slower than before",
    "A 16x16 tile fits into registers.": "a sixteen by sixteen tile fits into registers",
    "It saves ~30% of the time.": "it saves about thirty percent of the time",
    "Batch sizes ≥ 8 are split in two.": (
        "batch sizes greater than or equal to eight are split in two"
    ),
    "Use the slow path for n ≤ 4.": "use the slow path for n less than or equal to four",
    "Compile it with -O3 and try again.": "compile it with dash o three and try again",
    "The naive version takes O(n²) time.": "the naive version takes o of n squared time",
    "The copy reaches 900 GB/s on this card.": (
        "the copy reaches nine hundred gigabytes per second on this card"
    ),
    "One launch costs 5 µs.": "one launch costs five microseconds",
    "Use 8–16 threads for each row.": "use eight to sixteen threads for each row",
    "It needs 40 GiB of memory.": "it needs forty gibibytes of memory",
    "The model has 70B parameters.": "the model has seventy billion parameters",
    "Its address is base + 4 * index.": "its address is base plus four times index",
    "The map goes from input → output.": "the map goes from input to output",
    "Sort the keys by size, e.g. with a heap.": ("sort the keys by size for example with a heap"),
    "Run it w/o the cache first.": "run it without the cache first",
    "The ratio of loads to stores is 4:1.": "the ratio of loads to stores is four to one",
    "Please set BLOCK_SIZE to 128.": "please set block size to one hundred twenty eight",
    "The result is stored in foo.output.shape.": "the result is stored in foo dot output dot shape",
    "Its cost grows as n³.": "its cost grows as n cubed",
    "Use bf16 for the weights and fp8 for the inputs.": (
        "use {bf16} for the weights and {fp8} for the inputs"
    ),
    "We trained it on an H100 for two days.": "we trained it on an {H100} for two days",
    "The old code runs on the A100 only.": "the old code runs on the {A100} only",
    "Read the file with tf.data and cache it.": "read the file with {tf.data} and cache it",
    "The kernel was built for sm_90 only.": "the kernel was built for {sm_90} only",
    "Call the C++ function from C#.": "call the {C++} function from {C#}",
    "Quantise the weights to int4.": "quantise the weights to {int4}",
    "The data moves over PCIe and then over NVLink.": (
        "the data moves over {PCIe} and then over {NVLink}"
    ),
    "Is HBM3 any faster than HBM2?": "is {HBM3} any faster than {HBM2}",
    "The step takes 3–5 ms, i.e. too long.": (
        "the step takes three to five milliseconds that is too long"
    ),
    "The unit reaches 300 TFLOP/s in theory.": "the unit reaches three hundred teraflops in theory",
}
"""Texts with signs, numbers and code, and what is said; forms of the lexicon in braces."""

NOT_IN_THE_RECOGNISER = {
    "microseconds": "mˈIkɹOsˌɛkəndz",
    "gibibytes": "ɡˈɪbibˌIts",
    "teraflops": "tˈɛɹəflˌɑps",
}
"""Units that its dictionary lacks."""


@pytest.fixture(scope="module")
def course_lexicon() -> Lexicon:
    """The course's own."""
    text = (REPOSITORY / lexicon.LEXICON_FILE).read_text(encoding="utf-8")
    loaded, problems = lexicon.load(yamltext.read(text, lexicon.LEXICON_FILE), "")
    assert problems == []
    return loaded


@pytest.fixture(scope="module")
def references(course_lexicon: Lexicon) -> dict[str, list[str]]:
    """What is said in each text."""
    as_written = {
        text: "".join(
            f"{{{part.written}}}" if isinstance(part, Said) else part
            for part in course_lexicon.split(text)
        )
        for text in AS_WRITTEN
    }
    return {text: words(said) for text, said in (as_written | READ_OUT).items()}


@pytest.fixture(scope="module")
def decoder(course_lexicon: Lexicon) -> Recogniser:
    """A recogniser of American English that also knows the field's words."""
    extra = dict(NOT_IN_THE_RECOGNISER)
    for form in re.findall(r"\{(.*?)\}", " ".join(READ_OUT.values())):
        extra[word_of(form)] = course_lexicon.entries[form].phonemes or ""
    for text in AS_WRITTEN:
        for part in course_lexicon.split(text):
            if isinstance(part, Said):
                extra[word_of(part.written)] = part.phonemes
    return Recogniser(extra)


def error_rate(decoder: Recogniser, spoken: list[str], references: list[list[str]]) -> float:
    """Mean word error rate of texts as hibari speaks them."""
    engine = Hibari()
    engine.prepare()

    def pcm(text: str) -> bytes:
        samples = engine.speak(text, Voice("hibari", "heart", 1.0))
        command = ["ffmpeg", "-v", "error", "-f", "f32le", "-ar", "24000", "-ac", "1", "-i", "-"]
        command += ["-ar", "16000", "-f", "s16le", "-"]
        return subprocess.run(
            command, input=samples.tobytes(), capture_output=True, check=True
        ).stdout

    with ThreadPoolExecutor(2) as pool:
        sounds = list(pool.map(pcm, spoken))
    rates = []
    for sound, reference, text in zip(sounds, references, spoken, strict=True):
        understood = decoder.words(sound)
        rates.append(Levenshtein.distance(reference, understood) / len(reference))
        heard = " ".join(understood)
        print(f"{rates[-1]:.2f}  {text}\n   →  {heard}")  # noqa: T201 - shown on failure
    return sum(rates) / len(rates)


def test_the_lexicon_makes_sentences_understood(
    request: pytest.FixtureRequest,
    decoder: Recogniser,
    course_lexicon: Lexicon,
    references: dict[str, list[str]],
) -> None:
    """With it, a recogniser that knows the field's words understands more than without.

    Every fourth text is enough; all are taken where the whole course is.
    """
    step = 1 if request.config.getoption("--whole-course") else 4
    texts = list(references)[::step]
    assert len(texts) >= 60 // step
    said = list(references.values())[::step]
    without = error_rate(decoder, texts, said)
    notations = [lexicon.utter(text, course_lexicon).notation() for text in texts]
    with_lexicon = error_rate(decoder, notations, said)
    print(f"word error rate {with_lexicon:.3f}, without {without:.3f}")  # noqa: T201 - the result
    assert with_lexicon <= INTELLIGIBLE
    assert with_lexicon < without - 0.05
