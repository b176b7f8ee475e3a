"""Rules about the course as a whole."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from ankigen.diagnostics import Code, Severity
from ankigen.rules.rule import Found, reported, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ankigen.model import Entry
    from ankigen.notetypespec import Role
    from ankigen.project import Project

_EXAMPLES = 2
_MOST = 0.75
_MANY = 10


@reported(Code.UNKNOWN_NOTE_TYPE, "note type that is not there")
def unknown_note_type() -> None:
    """A file's name, or a setting, names a note type that there is not.

    A file's name up to its first dot says what its entries are: `terms.yaml`,
    `terms.advanced.yaml`. `ankigen notetypes` lists them.

    Bad:
        cards/basics/term.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.NO_CATEGORY_FILE, "category without its category.yaml")
def no_category_file() -> None:
    """A folder of the course does not say what its deck is called.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/more/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/more/category.yaml
            name: More Words
        cards/more/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.UNKNOWN_CATEGORY, "category that has no folder")
def unknown_category() -> None:
    """`categories` names a folder that is not there, or there is none at all.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basic]

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
    """


@reported(Code.UNLISTED_CATEGORY, "category that is not listed")
def unlisted_category() -> None:
    """A folder under `cards/` is not in `categories`, so its place in the course is not known.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
        cards/more/category.yaml
            name: More Words

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/more/category.yaml
            name: More Words
    """


@reported(Code.STRAY, "file in no category's folder", severity=Severity.WARNING)
def stray() -> None:
    """A file of entries lies in `cards/` itself, where nothing reads it.

    Each category has a folder there. Folders within those are not read either:
    they may hold drafts.

    Bad:
        cards/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """


@reported(Code.NO_CARD, "entry without a card")
def no_card() -> None:
    """No card of an entry would show anything on its front.

    It happens with note types of one's own, and where `cards:` chooses only cards that an entry
    lacks the keys for.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            cards:
              collocations: [choose]
        cards/basics/collocations.yaml
            - id: approve-a-pr
              phrase: "{approve} a PR"

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            cards:
              collocations: [choose]
        cards/basics/collocations.yaml
            - id: approve-a-pr
              phrase: "{approve} a PR"
              wrong: [accept]
    """


@rule(Code.EMPTY_CATEGORY, "category without cards")
def empty_category(project: Project) -> Iterator[Found]:
    """A category has no entry, so that its deck is empty.

    Where there are some that cannot be used, only what is wrong with them is reported.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        cards/more/category.yaml
            name: More Words

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics, more]
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        cards/more/category.yaml
            name: More Words
        cards/more/terms.yaml
            - id: warp
              term: warp
              definition: A group of threads that run in step.
    """
    used = {entry.category for entry in project.entries}
    for category in project.course.categories:
        if category.id not in used | project.incomplete:
            message = f"there is no entry in '{category.id}', so its deck is empty"
            hint = "write some, or take it out of 'categories' and its folder away"
            yield Found(category.origin.span(), message, hint)


@rule(Code.FEW_EXAMPLES, "term with fewer than two sentences")
def few_examples(project: Project) -> Iterator[Found]:
    """A term has no sentence, or only one, to show how it is used.

    One sentence is learnt by heart; the second shows what changes and what stays. It counts
    wherever a sentence names the term, not only in first place. Courses without any sentence are
    not told.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        cards/basics/sentences.yaml
            - id: kernel-1
              terms: [kernel]
              text: Each {kernel} reads its own tile.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        cards/basics/sentences.yaml
            - id: kernel-1
              terms: [kernel]
              text: Each {kernel} reads its own tile.
            - id: kernel-2
              terms: [kernel]
              text: We launched the {kernel} twice.
    """
    uses = Counter((named.spec.to, named.text) for named in project.references("illustrates"))
    shown = {note_type for note_type, _ in uses}
    for entry in project.entries:
        count = uses[entry.note_type, entry.id]
        if entry.note_type in shown and count < _EXAMPLES:
            how = "no sentence shows" if not count else "only one sentence shows"
            yield Found(
                entry.span("id"),
                f"{how} how '{entry.id}' is used",
                "write one that one would really say or write",
            )


@rule(Code.UNSORTED, "entry without a level or topics")
def unsorted(project: Project) -> Iterator[Found]:
    """An entry has no level, or no topics, where most entries of its kind have them.

    Learners who study by level or topic do not meet it. "Most" are three of four.

    Bad:
        cards/basics/terms.yaml
            - {id: kernel, term: kernel, definition: A function of a device., level: core}
            - {id: warp, term: warp, definition: Threads that run in step., level: core}
            - {id: tile, term: tile, definition: A part of an array., level: working}
            - {id: lane, term: lane, definition: A thread's place in its warp., level: working}
            - {id: grid, term: grid, definition: All blocks of a launch.}

    Good:
        cards/basics/terms.yaml
            - {id: kernel, term: kernel, definition: A function of a device., level: core}
            - {id: warp, term: warp, definition: Threads that run in step., level: core}
            - {id: tile, term: tile, definition: A part of an array., level: working}
            - {id: lane, term: lane, definition: A thread's place in its warp., level: working}
            - {id: grid, term: grid, definition: All blocks of a launch., level: core}
    """
    by_type: dict[str, list[Entry]] = {}
    for entry in project.entries:
        by_type.setdefault(entry.note_type, []).append(entry)
    roles: tuple[Role, ...] = ("level", "topics")
    for note_type, entries in by_type.items():
        for key in [key for role in roles for key in project.keys(note_type, role)]:
            without = [entry for entry in entries if not entry.values.get(key)]
            if len(without) <= (1 - _MOST) * len(entries):
                for entry in without:
                    message = f"'{entry.id}' has no '{key}', which most {note_type} have"
                    yield Found(entry.span("id"), message, f"add '{key}:'")


@rule(Code.LEVEL_GAP, "category that leaves out a level")
def level_gap(project: Project) -> Iterator[Found]:
    """A category of ten entries or more has a lower and a higher level, and nothing between.

    Its learners have to leap. Levels are ordered as the note type names them.

    Bad:
        cards/basics/terms.yaml
            - {id: a, term: alias, definition: Another name., level: core}
            - {id: b, term: block, definition: A group of threads., level: core}
            - {id: c, term: cache, definition: Fast memory., level: core}
            - {id: d, term: device, definition: What runs kernels., level: core}
            - {id: e, term: epoch, definition: A pass over the data., level: core}
            - {id: f, term: fusion, definition: Making one of two., level: core}
            - {id: g, term: grid, definition: All blocks of a launch., level: core}
            - {id: h, term: host, definition: What launches kernels., level: core}
            - {id: i, term: intrinsic, definition: A built-in function., level: advanced}
            - {id: j, term: jitter, definition: Small delays., level: advanced}

    Good:
        cards/basics/terms.yaml
            - {id: a, term: alias, definition: Another name., level: core}
            - {id: b, term: block, definition: A group of threads., level: core}
            - {id: c, term: cache, definition: Fast memory., level: core}
            - {id: d, term: device, definition: What runs kernels., level: core}
            - {id: e, term: epoch, definition: A pass over the data., level: working}
            - {id: f, term: fusion, definition: Making one of two., level: working}
            - {id: g, term: grid, definition: All blocks of a launch., level: working}
            - {id: h, term: host, definition: What launches kernels., level: working}
            - {id: i, term: intrinsic, definition: A built-in function., level: advanced}
            - {id: j, term: jitter, definition: Small delays., level: advanced}
    """
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for level in project.values("level"):
        found.setdefault(level.entry.category, []).append((level.spec.choices, level.text))
    for category in project.course.categories:
        levels = found.get(category.id, [])
        used = {level for _, level in levels}
        for choices in dict.fromkeys(choices for choices, _ in levels):
            places = [index for index, level in enumerate(choices) if level in used]
            for low, high in pairwise(places if len(levels) >= _MANY else ()):
                if high > low + 1:
                    between = f"between '{choices[low]}' and '{choices[high]}'"
                    message = f"nothing in '{category.id}' is '{choices[low + 1]}', {between}"
                    hint = "add entries of that level, or look again at those beside it"
                    yield Found(category.origin.span(), message, hint)
