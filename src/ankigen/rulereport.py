"""What a person reads of the rules: one page, a list of all, the documentation."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from ankigen.diagnostics import Severity
from ankigen.report import table
from ankigen.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ankigen.diagnostics import Code
    from ankigen.rules import Rule
    from ankigen.rules.page import Sample

KINDS = {
    "AG0": "Files",
    "AG1": "Keys and values",
    "AG2": "Identity, references, gaps",
    "AG3": "The course",
    "AG4": "Text, sound and pictures",
    "AG5": "Note types",
    "AG6": "Releases",
    "AG7": "Language",
    "AG8": "The check itself",
}
"""What the rules are about, by how their codes begin."""

HOW_TO_IGNORE = """\
In a YAML file, `# ankigen: ignore {code} because …` behind a value or above an entry; elsewhere,
`check: ignore:` in `ankigen.yaml`."""


def listed() -> str:
    """A line each: code, severity, what it is."""
    rows = [("code", "", "what is wrong")]
    rows += [(str(code), str(rule.severity), rule.title) for code, rule in RULES.items()]
    return "\n".join(table(rows, "<<<"))


def page(code: Code) -> str:
    """All that is known of a rule."""
    rule, said = RULES[code], RULES[code].page
    head = f"{click.style(str(code), bold=True)}: {rule.title} ({', '.join(_marks(rule))})"
    parts = [head, said.summary, *([said.text] if said.text else [])]
    for name, colour, samples in (
        ("Bad", "red", said.bad),
        ("Good", "green", said.good),
    ):
        parts.append(click.style(f"{name}:", fg=colour, bold=True))
        for sample in samples:
            shown = textwrap.indent(sample.text.rstrip(), "    ")
            parts.append(f"  {click.style(sample.file, dim=True)}\n{shown}")
    if rule.severity is not Severity.ERROR:
        parts.append(HOW_TO_IGNORE.format(code=code))
    return "\n\n".join(parts)


def markdown() -> str:
    """docs/rules.md."""
    return "\n".join(_markdown()).rstrip() + "\n"


def _markdown() -> Iterator[str]:
    yield from (
        "# The rules",
        "",
        "<!-- Made by 'make docs' from the docstrings in src/ankigen/rules; do not edit. -->",
        "",
        "`ankigen check` puts a course to all of these; `ankigen explain AG203` prints one. An",
        "error stops a build; a warning does not, and fails `check --strict`.",
        "",
        HOW_TO_IGNORE.format(code="AG204"),
        "",
    )
    for begin, kind in KINDS.items():
        rules = [rule for code, rule in RULES.items() if code.startswith(begin)]
        if rules:
            yield from _kind(kind, rules)


def _kind(kind: str, rules: Iterable[Rule]) -> Iterator[str]:
    yield from (f"## {kind}", "")
    for rule in rules:
        yield from (f"### {rule.code}: {rule.title}", "", f"*{', '.join(_marks(rule))}*", "")
        said = rule.page
        yield from (said.summary, "")
        if said.text:
            yield from (said.text, "")
        yield from _samples("Bad", said.bad)
        yield from _samples("Good", said.good)


def _marks(rule: Rule) -> Iterator[str]:
    yield str(rule.severity)
    if rule.mend or rule.mend_of:
        yield "mended by --fix"


def _samples(name: str, samples: Iterable[Sample]) -> Iterator[str]:
    for sample in samples:
        language = sample.file.rpartition(".")[2]
        yield from (f"{name}, `{sample.file}`:", f"```{language}", sample.text.rstrip(), "```", "")
