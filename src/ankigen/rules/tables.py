"""Pages of what keeps a spreadsheet from being read as it is meant."""

from __future__ import annotations

from ankigen.diagnostics import Code, Severity
from ankigen.rules.rule import reported


@reported(Code.TABLE, "table that cannot be read")
def table() -> None:
    """A CSV, TSV, XLSX or ODS file is damaged, protected, or not what its name says.

    Open it in a spreadsheet program and save it again. In CSV, a quotation mark inside of quotes is
    written twice.

    Bad:
        cards/basics/terms.csv
            id,term,definition
            kernel,kernel,"A function that an accelerator runs.

    Good:
        cards/basics/terms.csv
            id,term,definition
            kernel,kernel,"A function that an accelerator runs."
    """


@reported(Code.FORMULA, "formula without its text")
def formula() -> None:
    """A cell holds a formula whose result is an error, or not in the file.

    No formula is ever evaluated: what counts is the result that was saved with it.

    Bad:
        cards/basics/terms.xlsx
            id      term    definition
            kernel  kernel  =VLOOKUP(…)

    Good:
        cards/basics/terms.csv
            id,term,definition
            kernel,kernel,A function that an accelerator runs.
    """


@reported(Code.MERGED, "merged cells")
def merged() -> None:
    """Several cells of a table are merged into one, and only the first of them holds the text.

    Bad:
        cards/basics/terms.xlsx
            id      term         definition
            kernel  kernel       A function that an accelerator runs.
            warp    (the same)   A group of threads that run in step.

    Good:
        cards/basics/terms.csv
            id,term,definition
            kernel,kernel,A function that an accelerator runs.
            warp,warp,A group of threads that run in step.
    """


@reported(Code.HEADER, "header that does not name its columns")
def header() -> None:
    """The first row of a table leaves a column without a name, or names two alike.

    A cell under no name, in a row that is longer than the first one, often shows a text with a
    comma that does not stand in quotes. A column whose name begins with `_` is left aside.

    Bad:
        cards/basics/terms.csv
            id,term,term
            kernel,kernel,A function that an accelerator runs.

    Good:
        cards/basics/terms.csv
            id,term,definition
            kernel,kernel,A function that an accelerator runs.
    """


@reported(Code.DETECTED, "table read by guess", severity=Severity.WARNING)
def detected() -> None:
    """A table is in an old encoding, which can only be guessed.

    See that its accented letters are right; UTF-8 needs no guess. That a table has other delimiters
    than its name promises, or is UTF-16, is a note.

    Bad:
        cards/basics/terms.csv
            id,term,definition
            cafe,café,"Where ideas come from, in Windows-1252."

    Good:
        cards/basics/terms.csv
            id,term,definition
            cafe,café,"Where ideas come from, in UTF-8."
    """
