"""Runs the jobs of workflows as GitHub would, as far as they consist of commands.

Of the actions that they use, those that hand files on do so; the others are not needed here. A
command that tests or builds all of this repository is only looked at: it has to name what exists.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_IDLE = ("actions/checkout@", "actions/setup-python@", "actions/cache@")
_HEAVY = re.compile(r"(?:make|(\.ci/run))(?: (\w+))?")


def read(path: Path) -> dict[str, Any]:
    """What a YAML file holds."""
    said = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(said, dict)
    return said


@dataclass
class Runner:
    """A machine with a clean clone.

    Attributes:
        clone: The repository; jobs run in ``work``, which is the same unless said otherwise.
        env: What its commands see beside what the tests see.
        kept: Where artefacts are, a folder each.
        ran: The commands that were run or looked at, in order.
    """

    clone: Path
    env: Mapping[str, str]
    kept: Path
    work: Path
    ran: list[str] = field(default_factory=list)

    def job(self, job: Mapping[str, Any], values: Mapping[str, str]) -> None:
        """Run a job.

        Args:
            job: As in the workflow.
            values: Of all expressions that it may use; another is an error.
        """
        for step in job["steps"]:
            self._step(step, values, job.get("env", {}))

    def action(self, inputs: Mapping[str, str]) -> None:
        """Run this repository's action."""
        said = read(self.clone / "action.yml")
        assert set(inputs) <= set(said["inputs"])
        given = {name: spec["default"] for name, spec in said["inputs"].items()} | dict(inputs)
        values = {f"inputs.{name}": value for name, value in given.items()}
        values |= {"runner.os": "Linux"}
        output = self.kept.parent / "output"
        for step in said["runs"]["steps"]:
            output.write_text("")
            # A literal of the language: the only form that its conditions have.
            wanted, negated, literal = _condition(step.get("if", "'' == ''"))
            if (values.get(wanted, "") == literal) is negated:
                continue
            self._step(step, values, {"GITHUB_OUTPUT": str(output)})
            for line in output.read_text().splitlines():
                name, _, value = line.partition("=")
                assert value
                values[f"steps.{step['id']}.outputs.{name}"] = value

    def _step(
        self, step: Mapping[str, Any], values: Mapping[str, str], env: Mapping[str, str]
    ) -> None:
        if "run" in step:
            assert "${{" not in step["run"], "what somebody wrote would be run"
            own = {name: _said(value, values) for name, value in step.get("env", {}).items()}
            self._run(step["run"], {**{n: _said(v, values) for n, v in env.items()}, **own})
            return
        uses = step["uses"]
        given = {name: _said(value, values) for name, value in step.get("with", {}).items()}
        if uses == "./":
            self.action(given)
        elif uses.startswith("actions/upload-artifact@"):
            self._keep(given["name"], sorted(self.work.glob(given["path"])))
        elif uses.startswith("actions/upload-pages-artifact@"):
            self._keep("github-pages", [self.work / given["path"]])
        elif uses.startswith("actions/download-artifact@"):
            self._fetch(given)
        else:
            assert uses.startswith(_IDLE), uses

    def _keep(self, name: str, paths: Iterable[Path]) -> None:
        folder = self.kept / name
        folder.mkdir()
        for path in paths:
            if path.is_dir():
                shutil.copytree(path, folder, dirs_exist_ok=True)
            else:
                shutil.copy(path, folder)
        assert any(folder.iterdir()), name

    def _fetch(self, given: Mapping[str, str]) -> None:
        if "name" in given:
            shutil.copytree(self.kept / given["name"], self.work / given["path"])
            return
        for folder in self.kept.glob(given["pattern"]):
            shutil.copytree(folder, self.work / folder.name)

    def _run(self, script: str, env: Mapping[str, str]) -> None:
        script = script.strip()
        self.ran.append(script)
        if heavy := _HEAVY.fullmatch(script):
            if heavy[1]:
                self._shell(f"test -x {heavy[1]} && bash -n {heavy[1]}", env)
            script = f"make --dry-run {heavy[2] or 'test'}"
        self._shell(script, env)

    def _shell(self, script: str, env: Mapping[str, str]) -> None:
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.work,
            env={**os.environ, **self.env, **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"


def _condition(text: str) -> tuple[str, bool, str]:
    found = re.fullmatch(r"([\w.-]+|'') (==|!=) '(\w*)'", text)
    assert found is not None, text
    return found[1], found[2] == "!=", found[3]


def _said(value: object, values: Mapping[str, str]) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _EXPRESSION.sub(lambda found: _value(found[1], values), text)


def _value(expression: str, values: Mapping[str, str]) -> str:
    return "hash" if expression.startswith("hashFiles(") else values[expression]
