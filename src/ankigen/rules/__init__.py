"""Everything that can be wrong with a course, a rule each: its page, and what finds it.

A rule is a generator with a decorator; its docstring is its page. To add one, give it a code in
``diagnostics.Code``, write it into the module of its kind, and add a row to the table of
``tests/unit/test_rules.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen.rules import (
    cards,
    course,
    definitions,
    exercises,
    files,
    grammar,
    links,
    media,
    notetypes,
    references,
    releases,
    sentences,
    speech,
    spelling,
    suppressions,
    tables,
    topics,
    typography,
    values,
)
from ankigen.rules.rule import Found, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ankigen.diagnostics import Code

__all__ = ["RULES", "Found", "Rule"]

_MODULES = (
    *(files, tables, values),
    *(references, topics),
    course,
    *(cards, media, speech, links),
    notetypes,
    releases,
    *(spelling, grammar, definitions, sentences, exercises, typography),
    suppressions,
)

RULES: Mapping[Code, Rule] = {
    rule.code: rule
    for rule in sorted(
        (
            found
            for module in _MODULES
            for found in vars(module).values()
            if isinstance(found, Rule)
        ),
        key=lambda rule: rule.code,
    )
}
"""Every rule, by its code and in the order of the codes."""
