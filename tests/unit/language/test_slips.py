"""Slips that are wrong in any sentence."""

from __future__ import annotations

import pytest

from ankigen.language import slips
from ankigen.language.prose import WORD


def found(text: str) -> list[tuple[str, str]]:
    """What is wrong in a text, and what is right."""
    met = {
        slip
        for match in WORD.finditer(text)
        if match[0].lower() in slips.TRIGGERS
        for slip in slips.find(text, match[0].lower(), match.start())
    }
    return [(slip.wrong, slip.right) for slip in sorted(met)]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("It could of failed.", "could of", "could have"),
        ("This allows to fuse them.", "allows to fuse", "'allow someone to …', or a noun"),
        ("It depends of the cache.", "depends of", "depends on"),
        ("Let us discuss about it.", "discuss about", "discuss"),
        ("I look forward to hear from you.", "forward to hear", "forward to hearing"),
        ("The informations are wrong.", "informations", "information, which has no plural"),
        ("She gave me an advice.", "an advice", "advice, or 'a piece of advice'"),
        ("It didn't worked.", "didn't worked", "the plain form after 'did not'"),
        ("It has ran twice.", "has ran", "the participle of 'ran'"),
        ("That is more faster than before.", "more faster", "faster"),
        ("We wait since two hours.", "since two hours", "for two hours"),
        ("The loop has it's own tile.", "it's own", "its own"),
        ("See how it looks like.", "how it looks like", "'what … looks like', or 'how … looks'"),
        ("The bug was happened twice.", "was happened", "happened, without a form of 'be'"),
    ],
)
def test_slips(text: str, wrong: str, right: str) -> None:
    """Each is found, with what to write instead."""
    assert found(text) == [(wrong, right)]


@pytest.mark.parametrize(
    "text",
    [
        "We could, of course, fuse them.",
        "The might of the machine.",
        "The kernels we allow to run.",
        "It launches more smaller kernels.",
        "A software update and a hardware bug.",
        "It did not need that, and does not exceed it.",
        "We have waited since 2 hours ago.",
        "Make the most of the cache.",
        "It is what it looks like.",
        "This depends on the cache, of which it knows.",
        "Does it pass? Does this mean that it failed?",
    ],
)
def test_what_is_right(text: str) -> None:
    """What looks like a slip and is none is left alone."""
    assert found(text) == []
