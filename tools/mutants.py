"""What ``make mutants`` does: change the code in small ways and see whether a test notices.

Usage:
    python tools/mutants.py              every mutant that is not yet tried
    python tools/mutants.py NAME...      those named, again, such as 'ankigen.lock.*'

What is changed and which tests are asked stands in pyproject.toml under ``[tool.mutmut]``. Every
change that no test noticed is shown; the exit status is 1 if a module has too many of them.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ENOUGH = 85
"""Per cent of each module's mutants that the tests are to kill."""

_KILLED = ("killed", "timeout")  # what never ends is noticed too


@dataclass(frozen=True, slots=True)
class Module:
    """What became of a module's mutants.

    Attributes:
        path: Its file.
        outcomes: By the mutant's name, in mutmut's words.
    """

    path: str
    outcomes: Mapping[str, str]

    @property
    def survivors(self) -> list[str]:
        """The mutants that no test noticed, and those that were not tried."""
        return [name for name, outcome in self.outcomes.items() if outcome not in _KILLED]

    @property
    def killed(self) -> float:
        """Per cent."""
        return 100 - 100 * len(self.survivors) / len(self.outcomes)

    def __str__(self) -> str:
        """A line of the report."""
        counts = Counter(self.outcomes.values()).most_common()
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts)
        return f"{self.path}: {self.killed:.1f} % of {len(self.outcomes)} ({told})"


def verdict(modules: Iterable[Module]) -> str | None:
    """What is wrong, for ``sys.exit``; None if enough mutants of each module are killed."""
    short = [module.path for module in modules if module.killed < ENOUGH]
    if not short:
        return None
    return f"fewer than {ENOUGH} % of the mutants are killed in {', '.join(short)}"


def _prepare() -> None:
    """Have mutmut 3.7, the last one for the click that gTTS wants, do what is needed here."""
    import libcst  # noqa: PLC0415 - only 'make mutants' installs it
    import pytest  # noqa: PLC0415
    from mutmut import __main__ as mutmut  # noqa: PLC0415
    from mutmut.mutation.file_mutation import MutationVisitor  # noqa: PLC0415

    skipped = MutationVisitor._skip_node_and_children  # noqa: SLF001 - there is no setting for it

    def skipped_but_dataclasses(visitor: Any, node: Any) -> bool:  # noqa: ANN401 - the tool's own
        """Leave other decorated classes alone; a dataclass's methods are as anyone's."""
        if isinstance(node, libcst.ClassDef) and node.decorators:
            code = (libcst.Module([]).code_for_node(item.decorator) for item in node.decorators)
            return not all(text.startswith("dataclass") for text in code)
        return bool(skipped(visitor, node))

    MutationVisitor._skip_node_and_children = skipped_but_dataclasses  # noqa: SLF001
    run_tests = mutmut.PytestRunner.run_tests

    def run_tests_read_anew(runner: Any, **said: Any) -> int:  # noqa: ANN401 - the tool's own
        """Have the mutant, too, work out what test files work out as they are imported."""
        for name in [name for name in sys.modules if name.startswith("test_")]:
            del sys.modules[name]
        try:
            return int(run_tests(runner, **said))
        except mutmut.BadTestExecutionCommandsException:
            if said["mutant_name"] is None:
                raise
            return 1  # a file could not even be imported

    mutmut.PytestRunner.run_tests = run_tests_read_anew
    if not hasattr(pytest.Item, "_nodeid"):  # from pytest 9.2 on; mutmut asks for it
        pytest.Item._nodeid = property(lambda item: item.nodeid)  # type: ignore[attr-defined]  # noqa: SLF001


def _modules() -> Iterator[Module]:
    """Those that were changed, as the last run left them."""
    from mutmut import __main__ as mutmut  # noqa: PLC0415
    from mutmut.mutation.data import SourceFileMutationData  # noqa: PLC0415

    for path in mutmut.walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        codes = data.exit_code_by_key.items()
        yield Module(str(path), {name: mutmut.status_by_exit_code[code] for name, code in codes})


def main(names: list[str]) -> str | None:
    """Run mutmut and report; return what is wrong."""
    from mutmut import __main__ as mutmut  # noqa: PLC0415

    _prepare()
    mutmut.cli(["run", "--max-children", "1", *names], standalone_mode=False)
    modules = list(_modules())
    for module in modules:
        for name in module.survivors:
            print(f"\n{name}\n{mutmut.get_diff_for_mutant(name)}")
    print("", *modules, sep="\n")
    return verdict(modules)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
