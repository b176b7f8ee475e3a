"""What is said of the bad example of each rule about language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.diagnostics import Code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TERMS = "cards/basics/terms.yaml"
SENTENCES = "cards/basics/sentences.yaml"

SAID: Mapping[Code, Sequence[tuple[str, str, str]]] = {
    Code.SPELLING: [
        (
            f"{TERMS}:3:17",
            "'functoin' is in no dictionary",
            "did you mean 'function'? if it is right, add it to words.txt",
        ),
    ],
    Code.VARIETY: [
        (f"{TERMS}:3:45", "'analyzes' is not how British English spells it", "write 'analyses'"),
    ],
    Code.NAME: [
        (
            f"{TERMS}:3:39",
            "'Pytorch' is written in other letters elsewhere",
            "write 'PyTorch', or put it in backticks where it is code",
        ),
    ],
    Code.HYPHEN: [
        (
            f"{TERMS}:4:14",
            "'speed-up' is written 'speedup' elsewhere",
            "write it in one way throughout the course",
        ),
    ],
    Code.REPEATED_WORD: [
        (f"{TERMS}:3:31", "'the' stands twice in a row", "remove one of the two"),
    ],
    Code.ARTICLE: [
        (
            f"{TERMS}:3:39",
            "'a' stands before 'accelerator'",
            "write 'an accelerator', as it is said",
        ),
    ],
    Code.SLIP: [
        (f"{TERMS}:3:56", "'depends of' is not English", "write 'depends on'"),
    ],
    Code.CIRCULAR: [
        (
            f"{TERMS}:3:17",
            "the definition of 'kernel' uses the term itself",
            "say it in other words",
        ),
    ],
    Code.LONG_DEFINITION: [
        (
            f"{TERMS}:3:15",
            "this definition has 41 words",
            "keep to 35, and put the rest into a note",
        ),
    ],
    Code.HARD_WORD: [
        (
            f"{TERMS}:3:19",
            "'quintessence' is a word of level C2",
            "use a plainer word, or list it in words.txt where it is one of the field's",
        ),
    ],
    Code.SENTENCE_LENGTH: [
        (
            f"{SENTENCES}:3:9",
            "this example has 3 words",
            "show how the term is used: with what, by whom, what for",
        ),
    ],
    Code.NO_SENTENCE: [
        (f"{SENTENCES}:3:9", "this sentence begins with a small letter", "write a capital"),
        (
            f"{SENTENCES}:3:9",
            "this sentence ends without a full stop",
            "end it with a full stop, a question mark or an exclamation mark",
        ),
    ],
    Code.TERM_ABSENT: [
        (
            f"{SENTENCES}:2:17",
            "the sentence does not use 'kernel'",
            "use the term in it, or do not name it here",
        ),
    ],
    Code.REPEATED_TEXT: [
        (
            f"{SENTENCES}:6:9",
            f"nearly the same as the example at {SENTENCES}:3:9",
            "write another, or let one sentence show both terms",
        ),
    ],
    Code.HINT_TELLS: [
        (f"{SENTENCES}:4:9", "the hint tells the answer, 'fuse'", "say something about it instead"),
    ],
    Code.KEY_PHRASE: [
        (
            "cards/basics/interview.yaml:4:13",
            "the answer does not say 'First of all I make sure that …'",
            "quote it from the answer, with '…' for what varies",
        ),
    ],
    Code.UNMARKED_CHANGE: [
        (
            "cards/basics/corrections.yaml:3:10",
            "it differs from the mistake outside of the braces too",
            "mark all that changes, and change nothing else",
        ),
    ],
    Code.QUOTES: [
        (f"{TERMS}:6:24", "these quotes are typographic", "elsewhere in the course: straight"),
        (f"{TERMS}:6:47", "this apostrophe is typographic", "elsewhere in the course: straight"),
    ],
    Code.DASHES: [
        (
            f"{TERMS}:6:38",
            "this dash is a hyphen between spaces",
            "elsewhere in the course: an en dash between spaces",
        ),
    ],
    Code.SPACES: [
        (
            f"{TERMS}:3:38",
            "there is a space before the sign",
            "in English it stands right behind the word",
        ),
        (f"{TERMS}:3:57", "there are two spaces", "one is enough"),
    ],
    Code.PUNCTUATION: [
        (f"{TERMS}:3:38", "'(' is never closed", "add the other, or remove this one"),
        (f"{TERMS}:3:75", "'..' is one sign too many", "keep one"),
    ],
}
"""Place, message and hint of each diagnostic, by rule."""
