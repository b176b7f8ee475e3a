"""Write the table of contents in docs/course.md from the course's files; 'make docs' runs it."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from ankigen import stats, studysets

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- contents: written by docs/make_course.py -->", "<!-- end of contents -->"


def contents() -> str:
    """The course in a table, a row a category, and what it comes to."""
    counted = stats.of_project(ROOT)
    sets = Counter(tag.removeprefix(studysets.TAG).rpartition("-")[0] for tag in _sets(counted))
    rows = ["| | category | notes | cards | sets |", "|---|---|---|---|---|"]
    for number, (name, count) in enumerate(counted.categories.items(), start=1):
        kinds = ", ".join(f"{n} {kind}" for kind, n in counted.contents[name].items())
        rows.append(
            f"| {number} | [{name}](../cards/{name}) | {kinds} | {count.cards} | {sets[name]} |"
        )
    total = counted.total
    rows.append(f"| | **all** | {total.notes:,} notes | {total.cards:,} | {sum(sets.values())} |")
    return "\n".join(rows)


def _sets(counted: stats.Stats) -> list[str]:
    return [tag for tag in counted.tags if tag.startswith(studysets.TAG)]


def written(page: str) -> str:
    """The page with its table as it should be now."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    return pattern.sub(lambda _: f"{BEGIN}\n{contents()}\n{END}", page)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("course.md")
    target.write_text(written(target.read_text(encoding="utf-8")), encoding="utf-8")
