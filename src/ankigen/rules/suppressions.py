"""Pages of what is wrong with what is left out."""

from __future__ import annotations

from ankigen.diagnostics import Code, Severity
from ankigen.rules.rule import reported


@reported(Code.SUPPRESSION, "exception without its rule or reason", severity=Severity.WARNING)
def suppression() -> None:
    """A rule is to be ignored, and it is not said which or why, or it is none that may be.

    A comment behind a value speaks of it; one that stands alone, of the key or entry that begins in
    the next line. `check: ignore:` in `ankigen.yaml` speaks of files, spreadsheets among them.
    Errors cannot be ignored: no deck is built of them.

    Bad:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
            check:
              ignore:
                - {code: AG204, files: "cards/*/terms.csv"}
        cards/basics/terms.yaml
            # ankigen: ignore AG204
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              topics: [kernels]

    Good:
        ankigen.yaml
            id: small
            name: Small Course
            categories: [basics]
        cards/basics/terms.yaml
            # ankigen: ignore AG204 because more kernels will come
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
              topics: [kernels]
    """


@reported(Code.UNUSED_SUPPRESSION, "exception that nothing needs", severity=Severity.WARNING)
def unused_suppression() -> None:
    """A rule is to be ignored where nothing breaks it.

    Bad:
        cards/basics/terms.yaml
            # ankigen: ignore AG204 because more kernels will come
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
    """
