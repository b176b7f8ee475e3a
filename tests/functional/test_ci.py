"""The CI kit: each file is what its forge takes, and each step does its work in a clean clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import environments
from support import EPOCH, REPOSITORY, ankigen, git
from workflows import Runner, read

WORKFLOWS = REPOSITORY / ".github/workflows"
ACTION = read(REPOSITORY / "action.yml")
NEW_COURSE = REPOSITORY / "src/ankigen/template/_github/workflows/decks.yml"
PAGE = (REPOSITORY / "docs/ci.md").read_text("utf-8")
OWNER = "OWNER_HERE"  # no name that GitHub would give to anybody
PROGRAMS = Path(sys.executable).parent


def run(*arguments: str | Path, cwd: Path = REPOSITORY) -> str:
    """Run a program of the tests' environment, which has to succeed, and return what it said."""
    done = subprocess.run(
        [PROGRAMS / arguments[0], *arguments[1:]],
        cwd=cwd,
        env={**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs of a Python that has pip, but not yet ankigen."""
    return environments.make(tmp_path_factory.mktemp("python") / "venv", "pip", "hatchling")


@pytest.fixture
def work(demo: Path, tmp_path: Path) -> Path:
    """A teacher's repository, with the clips that an earlier run has cached."""
    return shutil.copytree(demo, tmp_path / "repository")


@pytest.fixture
def runner(clone: Path, programs: Path, tmp_path: Path) -> Runner:
    """A machine that has the clone, and a home of its own."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "home").mkdir()
    env = {
        **environments.ALONE,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path / "home"),
        "GITHUB_WORKSPACE": str(clone),
        "GITHUB_ACTION_PATH": str(clone),
        "SOURCE_DATE_EPOCH": EPOCH,
    }
    return Runner(clone, env, tmp_path / "kept", clone)


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", [*sorted(WORKFLOWS.glob("*.yml")), NEW_COURSE]),
        ("github-actions", [REPOSITORY / "action.yml"]),
        ("dependabot", [REPOSITORY / ".github/dependabot.yml"]),
        ("gitlab-ci", [REPOSITORY / "ci/gitlab.yml"]),
    ],
)
def test_files_keep_their_schemas(schema: str, files: list[Path]) -> None:
    """Each file is what GitHub or GitLab says that it has to be."""
    tags = ["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else []
    run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *tags, *files)


def test_workflows_are_safe(clone: Path, tmp_path: Path) -> None:
    """Least permissions, no text of others in a shell, no credentials left behind, all pinned.

    The workflow of a new course is looked at where it will stand.
    """
    options = ("--offline", "--no-progress", "--strict-collection")
    said = run("zizmor", *options, clone)
    for file in [*WORKFLOWS.glob("*.yml"), REPOSITORY / "action.yml"]:
        assert file.name in said
    assert ankigen("init", "course", cwd=tmp_path).returncode == 0
    config = clone / ".github/zizmor.yml"
    text = config.read_text("utf-8").replace(
        '"actions/*"', f'"{OWNER}/*": ref-pin\n        "actions/*"'
    )
    (tmp_path / "zizmor.yml").write_text(text, "utf-8")
    run("zizmor", *options, "--config", tmp_path / "zizmor.yml", tmp_path / "course")


def test_jobs_have_a_limit() -> None:
    """No job runs on for the six hours that GitHub would let it."""
    for file in WORKFLOWS.glob("*.yml"):
        for name, job in read(file)["jobs"].items():
            assert job["timeout-minutes"] <= 180, f"{file.name}: {name}"


def test_the_tool_is_checked_everywhere(runner: Runner, demo: Path) -> None:
    """Each step of the tool's own jobs runs, from a fresh Python to packages of the same bytes."""
    shutil.copytree(demo / "audio", runner.clone / "demo/audio")  # made before, for speed
    jobs = read(WORKFLOWS / "ci.yml")["jobs"]
    values = {"matrix.python": "3.13", "matrix.system": "ubuntu-latest"}
    for name in ("check", "test", "systems"):
        runner.job(jobs[name], values)
    for other in ("macos-latest", "windows-latest"):
        shutil.copytree(runner.kept / "silent-ubuntu-latest", runner.kept / f"silent-{other}")
    runner.job(jobs["same-bytes"], values)
    assert runner.ran.count("make check") == 1
    assert runner.ran.count(".ci/run") == 1
    versions = {f"Programming Language :: Python :: {python}" for python in pythons()}
    assert versions == {
        name
        for name in environments.PYPROJECT["project"]["classifiers"]
        if name.startswith("Programming Language :: Python :: 3.")
    }
    assert [f">={pythons()[0]}"] == [environments.PYPROJECT["project"]["requires-python"]]
    for name in ("demo", "silent", *(f"silent-{system}" for system in systems())):
        shutil.rmtree(runner.clone / name)


def pythons() -> list[str]:
    """The versions that the tests run on."""
    found: list[str] = read(WORKFLOWS / "ci.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    return found


def systems() -> list[str]:
    """The systems on which a new user's first steps are tried."""
    matrix = read(WORKFLOWS / "ci.yml")["jobs"]["systems"]["strategy"]["matrix"]
    found: list[str] = matrix["system"]
    return found


def test_a_course_in_five_lines(runner: Runner, work: Path) -> None:
    """What ``init`` writes for GitHub checks the course, builds its decks and keeps them."""
    [job] = read(work / ".github/workflows/decks.yml")["jobs"].values()
    checkout, step = job["steps"]
    assert checkout["uses"].startswith("actions/checkout@")
    assert step == {"uses": f"{OWNER}/ankigen@{major()}"}
    runner.work = work
    runner.action({})
    kept = {path.name for path in (runner.kept / "decks").iterdir()}
    assert kept == {"demo.apkg", "cooking.apkg", "at-the-table.apkg"}
    assert "ankigen check" in runner.ran[-2]
    assert "ankigen build" in runner.ran[-1]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("cards/cooking/terms.yaml", "- id: x\n  trem: x\n", "cards/cooking/terms.yaml,line=2"),
        (
            "cards/cooking/terms.yaml",
            "- id: x\n  term: x\n  definition: A colour, a color.\n",
            "AG702",
        ),
        ("ankigen.lock", "", "ankigen.lock"),
    ],
)
def test_a_course_that_fails(runner: Runner, work: Path, file: str, text: str, said: str) -> None:
    """A mistake, a warning, and a lock that was not committed each turn the run red."""
    (work / file).write_text(text)
    runner.work = work
    with pytest.raises(AssertionError) as failed:
        runner.action({})
    assert said in str(failed.value)
    assert not list(runner.kept.iterdir())


def test_a_course_elsewhere_in_the_repository(runner: Runner, demo: Path, tmp_path: Path) -> None:
    """Each input does what its description says: here, all other than by default."""
    runner.work = tmp_path / "repository"
    shutil.copytree(demo, runner.work / "my course")
    with (runner.work / "my course/cards/cooking/terms.yaml").open("a") as terms:
        terms.write("\n- {id: pan, term: pan, definition: A colour or a color.}\n")
    inputs = {
        "project": "my course",
        "strict": "false",
        "locked": "false",
        "audio": "false",
        "site": "true",
        "base-url": "https://example.org/course/",
        "artifact": "silent",
        "python-version": "3.11",
    }
    assert set(inputs) == set(ACTION["inputs"])
    runner.action(inputs)
    assert len(list((runner.kept / "silent").iterdir())) == 3
    page = (runner.kept / "github-pages/index.html").read_text("utf-8")
    assert "https://example.org/course/" in page


def test_the_course_of_this_repository(runner: Runner, work: Path) -> None:
    """Its workflow uses the action as it stands here, and only a push to main is published."""
    jobs = read(WORKFLOWS / "course.yml")["jobs"]
    _, step = jobs["decks"]["steps"]
    assert step["uses"] == "./"
    assert set(step["with"]) <= set(ACTION["inputs"])
    runner.work = work
    values = {"github.repository_owner": "me", "github.event.repository.name": "words"}
    runner.job(jobs["decks"], values)
    assert (runner.kept / "github-pages/sitemap.xml").is_file()
    assert jobs["site"]["if"] == "github.ref == 'refs/heads/main'"
    assert jobs["site"]["needs"] == "decks"


def test_gitlab(clone: Path, programs: Path, work: Path) -> None:
    """The commands of GitLab's jobs, with the variables that the file gives them."""
    said = read(clone / "ci/gitlab.yml")
    shared = said[".ankigen"]
    variables = {name: value["value"] for name, value in said["variables"].items()}
    assert f"@{major()}" in variables["ANKIGEN"]
    env = {**os.environ, **environments.ALONE, **variables, "CI_PAGES_URL": "https://example.org"}
    env |= {"PATH": f"{programs}:{env['PATH']}", "ANKIGEN": str(clone), "CI_PROJECT_DIR": str(work)}
    env |= {name: value for name, value in shared["variables"].items() if "$" not in value}
    jobs = said["ankigen"], said["pages"]
    for command in [*shared["before_script"], *(line for job in jobs for line in job["script"])]:
        done = subprocess.run(["bash", "-ec", command], cwd=work, env=env, check=False)
        assert done.returncode == 0, command
    for path in [path for job in jobs for path in job["artifacts"]["paths"]]:
        assert list(work.glob(path.replace("$ANKIGEN_PROJECT", ".")))


def test_pre_commit(tmp_path: Path) -> None:
    """The hook is one, runs when a file of a course changes, and tells what is wrong."""
    run("pre-commit", "validate-manifest", REPOSITORY / ".pre-commit-hooks.yaml")
    run("pre-commit", "validate-config", REPOSITORY / ".pre-commit-config.yaml")
    [hook] = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["language"] == "python"  # pre-commit installs ankigen; here it is there already
    assert hook["entry"].split()[0] in environments.PYPROJECT["project"]["scripts"]
    here = {**hook, "language": "system", "entry": f"{sys.executable} -m {hook['entry']}"}
    config = yaml.safe_dump({"repos": [{"repo": "local", "hooks": [here]}]})
    assert ankigen("init", cwd=tmp_path).returncode == 0
    (tmp_path / ".pre-commit-config.yaml").write_text(config)
    git(tmp_path, "init", "--quiet")
    (tmp_path / "notes.md").write_text("Nothing of the course.\n")
    git(tmp_path, "add", "notes.md", ".pre-commit-config.yaml")
    assert "Skipped" in run("pre-commit", "run", cwd=tmp_path)
    git(tmp_path, "add", "--all")
    assert "Passed" in run("pre-commit", "run", cwd=tmp_path)
    terms = tmp_path / "cards/cooking/terms.yaml"
    terms.write_text("- id: x\n  trem: x\n")
    git(tmp_path, "add", "--all")
    with pytest.raises(AssertionError, match=r"cards/cooking/terms\.yaml:2:3: "):
        run("pre-commit", "run", cwd=tmp_path)


def major() -> str:
    """The tag that others name: of the major version."""
    version = ankigen("--version", cwd=REPOSITORY).stdout.split()[1]
    return f"v{version.split('.')[0]}"


def test_the_page_lists_the_inputs() -> None:
    """docs/ci.md has a row for each input and output of the action, with its words."""
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.+?) \|$", PAGE, re.MULTILINE))
    said = {
        name: f"{spec['description']} | {_default(spec['default'])}"
        for name, spec in ACTION["inputs"].items()
    } | {name: spec["description"] for name, spec in ACTION["outputs"].items()}
    assert rows == said


def _default(value: str) -> str:
    return f"`{value}`" if value else "empty"


def test_the_page_shows_files_that_are_right(tmp_path: Path) -> None:
    """Each YAML of docs/ci.md is what its forge takes, and names what there is."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    kinds = {"jobs": "github-workflows", "include": "gitlab-ci", "repos": ""}
    met = set()
    for number, block in enumerate(blocks):
        [kind] = [key for key in kinds if key in yaml.safe_load(block)]
        met.add(kind)
        file = tmp_path / f"{number}.yml"
        file.write_text(block, "utf-8")
        if kinds[kind]:
            run("check-jsonschema", "--builtin-schema", f"vendor.{kinds[kind]}", file)
        else:
            run("pre-commit", "validate-config", file)
            assert re.search(rf"rev: {major()}\.\d+\.\d+\n", block)
        for uses in re.findall(r"uses: \S+/ankigen@(\S+)", block):
            assert uses == major()
        for inputs in re.findall(r"ankigen@\S+\n +with:\n((?: +[\w-]+: .*\n)+)", block):
            assert set(yaml.safe_load(inputs)) <= set(ACTION["inputs"])
    assert met == set(kinds)
