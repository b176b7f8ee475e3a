"""What a rule is: a code, a page that explains it, and what finds its mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ankigen.diagnostics import Diagnostic, Severity
from ankigen.rules.page import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ankigen.diagnostics import Code, Span
    from ankigen.project import Project
    from ankigen.rules.page import Page


class Found(NamedTuple):
    """A place where a rule is broken.

    Attributes:
        span: Where.
        message: What is wrong, one clause without a full stop.
        hint: What to do about it, likewise; may be empty.
    """

    span: Span
    message: str
    hint: str = ""


Check: TypeAlias = "Callable[[Project], Iterator[Found]]"
Mend: TypeAlias = "Callable[[str], str]"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the course's files.

    Attributes:
        code: What messages call it.
        title: Its name in words.
        severity: Whether breaking it stops a build.
        docstring: What it is for, with examples; ``page`` takes it apart.
        check: Finds where it is broken; None where reading or building reports that.
        mend: From the text of a value to the text that keeps the rule, where that is safe; a text
            that keeps it already comes back as it is.
        mend_of: Makes that of a course, where it depends on the course what is right.
        elsewhere: Whether a build finds it where a check does not look.
    """

    code: Code
    title: str
    severity: Severity
    docstring: str
    check: Check | None = None
    mend: Mend | None = None
    mend_of: Callable[[Project], Mend] | None = None
    elsewhere: bool = False

    @property
    def page(self) -> Page:
        """What it is for, with examples; taken apart only where somebody reads it.

        Raises:
            ValueError: It lacks its summary or one of its examples.
        """
        return parse(self.docstring)

    def mending(self, project: Project) -> Mend | None:
        """What mends the values of a course in which it is broken; None where nothing safe does."""
        return self.mend_of(project) if self.mend_of else self.mend

    def diagnostics(self, project: Project) -> Iterator[Diagnostic]:
        """Every place where it is broken."""
        for found in self.check(project) if self.check else ():
            yield Diagnostic(found.span, self.code, found.message, found.hint, self.severity)


def rule(
    code: Code,
    title: str,
    *,
    severity: Severity = Severity.WARNING,
    mend: Mend | None = None,
    mend_of: Callable[[Project], Mend] | None = None,
) -> Callable[[Check], Rule]:
    """Make a rule of the generator that finds where it is broken; its docstring is the page."""

    def made(check: Check) -> Rule:
        return Rule(code, title, severity, check.__doc__ or "", check, mend, mend_of)

    return made


def reported(
    code: Code, title: str, *, severity: Severity = Severity.ERROR, elsewhere: bool = False
) -> Callable[[Callable[[], None]], Rule]:
    """Make the page of a mistake that is reported by whatever meets it: a function of no body."""

    def made(explained: Callable[[], None]) -> Rule:
        return Rule(code, title, severity, explained.__doc__ or "", elsewhere=elsewhere)

    return made
