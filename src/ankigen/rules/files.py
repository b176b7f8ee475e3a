"""Names of files, and pages of what keeps one from being read, and of YAML that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen import portable
from ankigen.diagnostics import Code, Span
from ankigen.rules.rule import Found, reported, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.project import Project


@reported(Code.UNREADABLE, "file that cannot be read")
def unreadable() -> None:
    """Something with the name of a source is not a file, or may not be read.

    Look at its permissions; a folder or a pipe has to have another name.

    Bad:
        cards/basics/terms.yaml/terms.yaml
            # a folder called terms.yaml

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.TOO_LARGE, "file that is too large")
def too_large() -> None:
    """A source has more than 64 MB, or a recording does.

    A file of 100,000 entries has about 40 MB. Split it: `terms.a.yaml` and `terms.b.yaml` hold
    entries of the same note type.

    Bad:
        cards/basics/terms.yaml
            # 100 MB of entries

    Good:
        cards/basics/terms.a.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        cards/basics/terms.b.yaml
            - id: warp
              term: warp
              definition: A group of threads that run in step.
    """


@reported(Code.OUTSIDE, "link that leads outside")
def outside() -> None:
    """A file of the project is a link to somewhere outside of it.

    Another person's clone has no such file, and a project from elsewhere could read yours.

    Bad:
        cards/basics/terms.yaml
            # a link to ~/words/terms.yaml

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.NOT_UTF8, "file that is not UTF-8")
def not_utf8() -> None:
    """A YAML file holds bytes that are not UTF-8.

    Save it as UTF-8; a byte order mark does no harm.

    Bad:
        cards/basics/terms.yaml
            # saved as Windows-1252
            - id: cafe
              term: café
              definition: Where ideas come from.

    Good:
        cards/basics/terms.yaml
            # saved as UTF-8
            - id: cafe
              term: café
              definition: Where ideas come from.
    """


@reported(Code.EMPTY, "empty file")
def empty() -> None:
    """A source holds nothing, or nothing but comments.

    Bad:
        cards/basics/terms.yaml
            # later

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.NOT_A_SOURCE, "file of another kind")
def not_a_source() -> None:
    """A category's folder holds a file that looks like entries and is not read.

    Bad:
        cards/basics/terms.json
            [{"id": "kernel", "term": "kernel"}]

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@rule(Code.FILE_NAME, "name that not every system can have")
def file_name(project: Project) -> Iterator[Found]:
    """A file or a folder has a name that Windows or macOS cannot have, or cannot tell from another.

    Who gets the course there, by git or in an archive, lacks the file, or one of the two. The same
    goes for the deck that would be called after a category, or after the `id` of the course.

    Bad:
        cards/basics/terms.aux:1.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        cards/basics/terms.aux-1.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """
    if problem := portable.problem(project.course.id):
        message = f"no deck can be called so on Windows: {problem}"
        yield Found(Span("ankigen.yaml"), message, "choose another id, unless it is published")
    files = sorted({*(one.file for one in project.entries), *(one.name for one in project.media)})
    for file in files:
        if problem := portable.problem(file):
            yield Found(Span(file), f"Windows cannot have this file: {problem}", "rename it")
    for file, other in portable.twins(files):
        message = f"Windows and macOS take this file for '{other}'"
        yield Found(Span(file), message, "rename one of them")


@reported(Code.YAML, "text that is not YAML")
def yaml() -> None:
    """A quote, a bracket, a colon or an indentation is not where YAML expects it.

    Text that contains `: ` or ` #`, or that starts with a quote, a bracket, a brace or a backtick,
    stands in quotes or after `>-`.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: In short: a function that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: "In short: a function that an accelerator runs."
    """


@reported(Code.TAB, "tab")
def tab() -> None:
    """A tab stands where YAML allows only spaces.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
            <tab>term: kernel

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.DUPLICATE_KEY, "key that stands twice")
def duplicate_key() -> None:
    """An entry has a key twice; YAML would keep one of them in silence.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              definition: A function for a GPU.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.ALIAS, "alias that cannot be followed")
def alias() -> None:
    """An alias has no anchor before it, stands inside itself, or grows without measure.

    Text that starts with `*` or `&` stands in quotes.

    Bad:
        cards/basics/terms.yaml
            - id: pointer
              term: pointer
              definition: An address.
              usage: *p is what it points to.

    Good:
        cards/basics/terms.yaml
            - id: pointer
              term: pointer
              definition: An address.
              usage: "`*p` is what it points to."
    """


@reported(Code.TAG, "YAML tag")
def tag() -> None:
    """A value has a tag, which could ask for more than text; all values are text here.

    Text that starts with `!` stands in quotes.

    Bad:
        cards/basics/terms.yaml
            - id: negation
              term: negation
              definition: !x is true where x is false.

    Good:
        cards/basics/terms.yaml
            - id: negation
              term: negation
              definition: "`!x` is true where x is false."
    """


@reported(Code.DEPTH, "values nested too deep")
def depth() -> None:
    """Lists or mappings stand in each other more than 32 levels deep; an entry needs four.

    Bad:
        cards/basics/terms.yaml
            - [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[kernel]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """
