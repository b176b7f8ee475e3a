"""What the pages of the documentation show: blocks of code, commands in them and in the text."""

from __future__ import annotations

import re
import shlex

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
"""A block of code: its language, and its text."""


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a language."""
    return [text for name, text in BLOCK.findall(page) if name == language]


def lines(page: str) -> list[list[str]]:
    """The words of each command that a page's console blocks show."""
    return [
        shlex.split(line.removeprefix("$ "))
        for block in blocks(page, "console")
        for line in block.splitlines()
        if line.startswith("$ ")
    ]


def named(page: str) -> list[list[str]]:
    """The words of each ``ankigen`` command that a page names in its text or shows."""
    text = BLOCK.sub("", page)
    # What another program is given of it is not its own.
    inline = [words.split() for words in re.findall(r"`(ankigen [^`|\\]+)[^`]*`", text)]
    shown = [line for line in lines(page) if line[0] == "ankigen"]
    return [*inline, *shown, *examples(page)]


def examples(page: str) -> list[list[str]]:
    """The words of each ``ankigen`` command in a page's shell blocks, up to a pipe or a file."""
    found = [line for block in blocks(page, "sh") for line in block.splitlines()]
    return [
        shlex.split(re.split(r" [|>] ", line)[0]) for line in found if line.startswith("ankigen ")
    ]
