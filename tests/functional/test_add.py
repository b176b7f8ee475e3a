"""``ankigen add`` from scripts and at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import SENTENCES, SMALL, TERMS, ankigen, write_project
from terminal import answer

if TYPE_CHECKING:
    from pathlib import Path

TERM = ("--set", "term=warp", "--set", "definition=Threads: in step.")


def sources(root: Path) -> dict[str, str]:
    """The texts of a project's files."""
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_script_adds_a_term_and_a_sentence(small: Path) -> None:
    """What was written is said, stands behind the rest, and builds."""
    done = ankigen("add", "terms", *TERM, "--set", "topics=a,b", cwd=small)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith('- id: warp\n  term: warp\n  definition: "Threads: in step."\n')
    assert "Added terms/warp to cards/basics/terms.yaml, line 11.\n" in done.stderr
    done = ankigen(
        "add", "sentences", "--set", "terms=warp", "--set", "text=A warp waits.", cwd=small
    )
    assert done.returncode == 0, done.stderr
    assert sources(small) == {
        **SMALL,
        "cards/basics/terms.yaml": TERMS
        + '- id: warp\n  term: warp\n  definition: "Threads: in step."\n  topics: [a, b]\n',
        "cards/basics/sentences.yaml": SENTENCES
        + "- id: warp-1\n  text: A warp waits.\n  terms: [warp]\n",
    }
    done = ankigen("build", "--no-audio", cwd=small)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["terms", *TERM, "--set", "level=cor"], ["'level' cannot be 'cor'", "'core'"]),
        (["terms", *TERM, "--set", "id=kernel"], ["the id 'kernel' is taken"]),
        (["terms", "--set", "term=x"], ["the key 'definition' is missing"]),
        (["terms", *TERM, "--set", "foo=1", "--set", "pos=x"], ["key 'foo'", "'pos' cannot"]),
        (["sentences", "--set", "terms=kernel", "--set", "text=No."], ["'kernel' is not found"]),
        (["sentences", "--set", "terms=k", "--set", "text={No}."], ["no 'k' among the terms"]),
        (["terms", "--set", "x"], ["--set takes KEY=VALUE"]),
        (["term", *TERM], ["no note type 'term'", "did you mean 'terms'?"]),
        ([*TERM], ["name a note type", "sentences"]),
        (["terms", *TERM, "--category", "basic"], ["no category 'basic'", "'basics'"]),
        (["terms", *TERM, "--file", "../terms.yaml"], ["is not in the course's folder"]),
        (["terms", *TERM, "--file", "cards/basics/sentences.yaml"], ["is a file of sentences"]),
        (["terms"], ["the key 'term' is missing"]),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    small: Path, arguments: list[str], said: list[str]
) -> None:
    """Every mistake is a clear sentence, exit 2, and no file is touched."""
    done = ankigen("add", *arguments, cwd=small)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for words in said:
        assert words in done.stderr
    assert sources(small) == SMALL


def test_the_category_is_the_one_whose_folder_it_is(tmp_path: Path) -> None:
    """Or the one that is named; with several, it must be known."""
    more = {"ankigen.yaml": "id: small\nname: S\n", "cards/more/category.yaml": "name: More\n"}
    root = write_project(tmp_path, {**SMALL, **more})
    done = ankigen("add", "terms", *TERM, cwd=root)
    assert done.returncode == 2
    assert "choose from basics, more" in done.stderr
    done = ankigen("add", "terms", *TERM, cwd=root / "cards/more")
    assert done.returncode == 0, done.stderr
    assert (root / "cards/more/terms.yaml").is_file()


def test_warnings_about_the_entry_are_shown(small: Path) -> None:
    """What a rule says of what was written is told at once; what it says of the rest is not."""
    done = ankigen("add", "terms", *TERM, "--set", "topics=lonely", cwd=small)
    assert done.returncode == 0
    assert "cards/basics/terms.yaml:14:12: AG204" in done.stderr
    assert "'fusion'" not in done.stderr


def test_a_person_is_asked(small: Path) -> None:
    """Key by key, again where a value is wrong; Enter leaves out what is not required."""
    done = answer(
        ["add"],
        ["terms", "", "warp", "Threads in step.", "nuon", "noun", "", "", "kernl", "", "", "", ""],
        small,
    )
    assert done.returncode == 0, done.text
    assert "'term' is empty" in done.text
    assert "did you mean 'noun'?" in done.text
    assert "did you mean 'kernel'?" in done.text
    assert "Enter takes warp" in done.text
    written = (small / "cards/basics/terms.yaml").read_text()
    assert (
        written == TERMS + "- id: warp\n  term: warp\n  pos: noun\n  definition: Threads in step.\n"
    )


def test_a_person_is_asked_again_for_what_the_course_refuses(small: Path) -> None:
    """A sentence without its term is put right without typing all of it anew."""
    answers = ["No such word.", "kernel", "", "", "", "own-id", "Each kernel."]
    done = answer(["add", "sentences"], answers, small)
    assert done.returncode == 0, done.text
    written = (small / "cards/basics/sentences.yaml").read_text()
    assert written == SENTENCES + "- id: own-id\n  text: Each kernel.\n  terms: [kernel]\n"


def test_lists_of_texts_are_asked_line_by_line(small: Path) -> None:
    """An empty line ends them; a comma in them is a comma."""
    answers = ["You meet.", "Hello!", "spoken", "", "", "Hi, you.", "Good day.", "", *[""] * 5]
    done = answer(["add", "phrases"], answers, small)
    assert done.returncode == 0, done.text
    assert (small / "cards/basics/phrases.yaml").read_text() == (
        "- id: hello\n  situation: You meet.\n  phrase: Hello!\n  channel: spoken\n"
        '  alternatives: ["Hi, you.", Good day.]\n'
    )


def test_giving_up_writes_nothing(small: Path) -> None:
    """Ctrl-C at any question ends it, and is said so."""
    done = answer(["add", "terms"], ["warp", "\x03"], small)
    assert done.returncode == 130
    assert "Nothing was written." in done.text
    assert sources(small) == SMALL
