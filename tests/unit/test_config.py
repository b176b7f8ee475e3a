"""The course's own files: finding them, what they mean, what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ankigen import config
from ankigen.diagnostics import Code, SetupError, SourceError
from ankigen.model import Category, Voice
from support import write_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ankigen.diagnostics import Diagnostic

A = {"cards/a/category.yaml": "name: A\n"}
B = {"cards/b/category.yaml": "name: B\ndescription: Second.\n"}


def course_file(text: str) -> dict[str, str]:
    """An ``ankigen.yaml`` that has what is required."""
    return {config.PROJECT_FILE: "id: x\nname: X\n" + text}


def found(root: Path) -> list[Diagnostic]:
    """Everything wrong with the course, sorted."""
    try:
        return sorted(config.load(root)[1])
    except SourceError as error:
        return list(error.diagnostics)


@pytest.mark.parametrize("start", [".", "cards", "cards/a"])
def test_the_project_is_found_upwards(tmp_path: Path, start: str) -> None:
    """From any folder of a project its root is found."""
    root = write_project(tmp_path, {**course_file(""), **A})
    assert config.find_project(root / start) == root


def test_the_nearest_project_wins(tmp_path: Path) -> None:
    """A project inside another is its own."""
    write_project(tmp_path, course_file(""))
    inner = write_project(tmp_path / "inner", course_file(""))
    assert config.find_project(inner) == inner


def test_no_project_says_where_it_looked(tmp_path: Path) -> None:
    """A folder of that name is no project; the message names the start and what to do."""
    (tmp_path / config.PROJECT_FILE).mkdir()
    with pytest.raises(SetupError, match=str(tmp_path)) as caught:
        config.find_project(tmp_path)
    assert "--project" in caught.value.hint


def test_the_least_course(tmp_path: Path) -> None:
    """An id and a name suffice: folders are categories by name, and there is a voice."""
    root = write_project(tmp_path, {**course_file(""), **B, **A, "cards/.git/x": "", "cards/x": ""})
    course, problems = config.load(root)
    assert problems == []
    assert course.categories == (Category("a", "A"), Category("b", "B", "Second."))
    assert course.voices == {"default": Voice("hibari")}
    assert (course.root, course.id, course.name, course.language) == (root, "x", "X", "en")


def test_a_full_course(tmp_path: Path) -> None:
    """Every key arrives; categories are in the order of study that the file gives."""
    text = """\
description: |
  What it is.
language: en-GB
authors: [Ada, "no"]
licence: CC-BY-4.0
url: https://example.org
categories: [b, a]
voices:
  default: {speed: 0.8}
  slow: {engine: hibari, voice: heart, speed: "0.5"}
"""
    course, problems = config.load(write_project(tmp_path, {**course_file(text), **A, **B}))
    assert problems == []
    assert course.description == "What it is.\n"
    assert (course.language, course.licence) == ("en-GB", "CC-BY-4.0")
    assert (course.authors, course.url) == (("Ada", "no"), "https://example.org")
    assert [category.id for category in course.categories] == ["b", "a"]
    assert course.voices["default"].speed == 0.8
    assert course.voices["slow"] == Voice("hibari", "heart", 0.5)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (course_file("") | A | {"ankigen.yaml": ""}, "ankigen.yaml AG005"),
        (course_file("") | A | {"ankigen.yaml": "# only\n"}, "ankigen.yaml AG005"),
        (A | {"ankigen.yaml": "text"}, "ankigen.yaml:1:1 AG103"),
        (A | {"ankigen.yaml": "- id: x"}, "ankigen.yaml:1:1 AG103"),
        (A | {"ankigen.yaml": "id: x"}, "ankigen.yaml:1:1 AG102"),
        (A | {"ankigen.yaml": "id: X 1\nname: y"}, "ankigen.yaml:1:5 AG104"),
        (A | {"ankigen.yaml": "id: x\nname: [y"}, "ankigen.yaml:2:9 AG010"),
        (course_file("name: Y\n") | A, "ankigen.yaml:3:1 AG012"),
        (course_file("nmae: Y\n") | A, "ankigen.yaml:3:1 AG101"),
        (course_file(""), "ankigen.yaml AG303"),
        (course_file("") | {"cards": "a file"}, "ankigen.yaml AG303"),
        (course_file("categories: [a, c]\n") | A, "ankigen.yaml:3:17 AG303"),
        (course_file("categories: [a, a]\n") | A, "ankigen.yaml:3:17 AG201"),
        (course_file("categories: [a]\n") | A | B, "ankigen.yaml:3:1 AG304"),
        (course_file("categories: [../a]\n") | A, "ankigen.yaml:3:14 AG104"),
        (
            course_file("categories: [x]\n") | {"cards/x/category.yaml": ""},
            "ankigen.yaml:3:14 AG201",
        ),
        (course_file("") | {"cards/a/terms.yaml": ""}, "cards/a/category.yaml AG302"),
        (course_file("") | {"cards/a/category.yaml": ""}, "cards/a/category.yaml AG005"),
        (course_file("") | {"cards/a/category.yaml": "name:"}, "cards/a/category.yaml:1:6 AG104"),
        (
            course_file("") | {"cards/a/category.yaml": b"name: \xe9"},
            "cards/a/category.yaml:1:7 AG004",
        ),
    ],
)
def test_what_is_wrong_with_a_course(
    tmp_path: Path, files: Mapping[str, str | bytes], expected: str
) -> None:
    """Each mistake has one diagnostic with its code and place, and a hint."""
    (only,) = found(write_project(tmp_path, files))
    assert f"{only.span} {only.code}" == expected


def test_a_course_named_like_a_category_without_a_list(tmp_path: Path) -> None:
    """Two decks would overwrite each other, whether or not the categories are listed."""
    root = write_project(tmp_path, {**course_file(""), "cards/x/category.yaml": "name: X\n"})
    assert [d.code for d in found(root)] == [Code.DUPLICATE_ID]


def test_a_folder_that_is_no_id_is_refused(tmp_path: Path) -> None:
    """The folder names the deck's file, so it must be safe as a name everywhere."""
    root = write_project(tmp_path, {**course_file(""), "cards/My Words/category.yaml": "name: X\n"})
    assert [d.code for d in found(root)] == [Code.BAD_VALUE]


def test_all_mistakes_of_all_files_are_told(tmp_path: Path) -> None:
    """A broken category does not hide another."""
    files = {
        **course_file("categories: [a, b, c]\n"),
        "cards/a/category.yaml": "title: A\n",
        "cards/b/category.yaml": "name: [\n",
    }
    assert [f"{d.span} {d.code}" for d in found(write_project(tmp_path, files))] == [
        "ankigen.yaml:3:20 AG303",
        "cards/a/category.yaml:1:1 AG101",
        "cards/a/category.yaml:1:1 AG102",
        "cards/b/category.yaml:1:8 AG010",
    ]


def test_who_speaks(tmp_path: Path) -> None:
    """Names stand alone, in lists or by note type; what a file leaves out has its default."""
    text = """\
voices:
  heart: {}
  online: {engine: google, voice: us, slow: 0.6, fallback: heart}
voice: {terms: [heart, online], sentences: online}
ipa: [gb]
budget: 1.5 MB
"""
    category = {"cards/a/category.yaml": "name: A\nvoice: heart\nbudget: 40kB\n"}
    course, problems = config.load(write_project(tmp_path, {**course_file(text), **category, **B}))
    assert problems == []
    assert course.voices == {
        "default": Voice("hibari", "", 1.0, 0.7),
        "heart": Voice("hibari", "", 1.0, 0.7),
        "online": Voice("google", "us", 1.0, 0.6, "heart"),
    }
    assert course.voice == {"terms": ("heart", "online"), "sentences": ("online",)}
    assert (course.accents, course.budget) == (("gb",), 1_500_000)
    one, other = course.categories
    assert (one.voice, one.budget) == ({"": ("heart",)}, 40_000)
    assert (other.voice, other.budget) == ({}, None)
    assert str(course.origin.span("voice", "terms", 1)) == "ankigen.yaml:6:24"
    assert str(one.origin.span("budget")) == "cards/a/category.yaml:3:9"


@pytest.mark.parametrize(
    ("text", "accents"),
    [
        ("", ("us", "gb")),
        ("language: en", ("us", "gb")),
        ("language: en-GB", ("us", "gb")),
        ("language: de", ()),
        ("language: enm", ()),
        ("language: EN-gb", ("us", "gb")),
        ("ipa: [us]", ("us",)),
        ("ipa: [gb, us]", ("gb", "us")),
        ("ipa: []", ()),
        ("language: de\nipa: [gb]", ("gb",)),
    ],
)
def test_accents(tmp_path: Path, text: str, accents: tuple[str, ...]) -> None:
    """Those that the course names; else both for English, and none for another language."""
    course, problems = config.load(write_project(tmp_path, {**course_file(text), **A}))
    assert (course.accents, problems) == (accents, [])


ITSELF = "would stand in for itself"


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        ("{a: {fallback: default}}", {}),
        ("{a: {fallback: b}, b: {fallback: default}}", {}),
        (
            "{a: {fallback: zzz}}",
            {"3:24": "there is no voice 'zzz' to stand in for 'a'; choose one of default, a"},
        ),
        (
            "{a: {fallback: defualt}}",
            {"3:24": "there is no voice 'defualt' to stand in for 'a'; did you mean 'default'?"},
        ),
        (
            "{a: {fallback: b}, b: {fallback: zzz}}",
            {"3:42": "there is no voice 'zzz' to stand in for 'b'; choose one of default, a, b"},
        ),
        ("{a: {fallback: a}}", {"3:24": f"the voice 'a' {ITSELF}"}),
        (
            "{a: {fallback: b}, b: {fallback: a}}",
            {"3:24": f"the voice 'a' {ITSELF}", "3:42": f"the voice 'b' {ITSELF}"},
        ),
        (
            "{a: {fallback: b}, b: {fallback: c}, c: {fallback: a}}",
            {
                f"3:{c}": f"the voice '{name}' {ITSELF}"
                for c, name in ((24, "a"), (42, "b"), (60, "c"))
            },
        ),
        (
            "{default: {fallback: a}, a: {fallback: a}}",
            {"3:48": f"the voice 'a' {ITSELF}"},
        ),
    ],
)
def test_stand_ins(tmp_path: Path, voices: str, expected: Mapping[str, str]) -> None:
    """Each voice that names one that is not there, or at last itself, is told with its place."""
    again = "; remove one of these fallbacks"
    problems = found(write_project(tmp_path, {**course_file(f"voices: {voices}\n"), **A}))
    assert {str(d.span): f"{d.message}; {d.hint}" for d in problems} == {
        f"ankigen.yaml:{place}": said + (again if said.endswith(ITSELF) else "")
        for place, said in expected.items()
    }
    assert {d.code for d in problems} <= {Code.BAD_VALUE}
