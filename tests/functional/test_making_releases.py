"""What is published: wheel and sdist, and the release of a commit that deserves it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

import environments
from ankigen import __version__
from support import EPOCH, REPOSITORY, ankigen, git
from workflows import Runner, read

if TYPE_CHECKING:
    from pathlib import Path

NEW_COURSE = "src/ankigen/template/_github/workflows/decks.yml"
TAG = f"v{__version__}"
CHANGES = f"""\
# Changelog

## Unreleased

## {__version__} (2027-01-31)

### Added
- Everything.

## 0.0.1

Nothing.
"""


def build(root: Path, output: Path, *options: str, epoch: str = "") -> dict[str, bytes]:
    """The files that a build of the repository makes, by name."""
    command = [sys.executable, "-m", "build", "--no-isolation", f"--outdir={output}", *options]
    env = {**os.environ, **({"SOURCE_DATE_EPOCH": epoch} if epoch else {})}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.name: path.read_bytes() for path in output.iterdir()}


@pytest.fixture(scope="module")
def built(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with wheel and sdist of a clean clone."""
    folder = tmp_path_factory.mktemp("python")
    build(clone, folder, epoch=EPOCH)
    return folder


def test_wheel_and_sdist_are_reproducible(clone: Path, built: Path, tmp_path: Path) -> None:
    """Another clone, made later by somebody with other permissions, gives the same bytes."""
    other = tmp_path / "elsewhere"
    shutil.copytree(clone, other, copy_function=shutil.copyfile)
    for path in [path for path in other.rglob("*") if path.is_file()]:
        path.chmod(0o600)
    again = build(other, tmp_path / "again", epoch=EPOCH)
    assert again == {path.name: path.read_bytes() for path in built.iterdir()}
    assert sorted(again) == [
        f"ankigen-{__version__}-py3-none-any.whl",
        f"ankigen-{__version__}.tar.gz",
    ]
    # The wheel above was built from the sdist; from the clone itself it is the same.
    straight = build(other, tmp_path / "straight", "--wheel", epoch=EPOCH)
    assert straight.items() <= again.items()


def test_they_hold_what_they_should(clone: Path, built: Path) -> None:
    """The wheel has every file of the package and nothing else, the sdist tests and texts too."""
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    sources = clone / "src"
    assert packed == {
        path.relative_to(sources).as_posix() for path in sources.rglob("*") if path.is_file()
    }
    with tarfile.open(next(built.glob("*.tar.gz"))) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"README.md", "CHANGELOG.md", "LICENSE", "tests/support.py", "docs/start.md"} <= names
    assert not [name for name in names if name.startswith(("cards/", "audio/", "dist/"))]


def test_the_wheel_alone_builds_a_course(built: Path, tmp_path: Path) -> None:
    """In an environment with what it requires and nothing else, as a new user has it."""
    programs = environments.make(tmp_path / "venv")
    env = {**os.environ, **environments.ALONE, "PATH": f"{programs}:{os.environ['PATH']}"}

    def said(*command: str | Path, cwd: Path = tmp_path) -> str:
        done = subprocess.run(
            command, cwd=cwd, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    pip = (sys.executable, "-m", "pip", "--python", programs / "python")
    said(*pip, "install", "--no-index", "--no-deps", *built.glob("*.whl"))
    said(*pip, "check")
    where = said("python", "-c", "import ankigen; print(ankigen.__file__)")
    assert where.startswith(str(tmp_path / "venv"))
    asked = "from importlib.metadata import version; print(version('ankigen'))"
    assert said("python", "-c", asked).strip() == __version__
    assert said("ankigen", "--version") == f"ankigen {__version__}\n"
    assert said("python", "-m", "ankigen", "--version") == f"ankigen {__version__}\n"
    said("ankigen", "doctor")
    said("ankigen", "init", "demo")
    demo = tmp_path / "demo"
    said("ankigen", "check", "--strict", cwd=demo)
    said("ankigen", "build", "--offline", cwd=demo)
    said("ankigen", "verify", *sorted((demo / "dist").glob("*.apkg")), cwd=demo)
    assert len(list((demo / "audio/clips").glob("*.mp3"))) > 30


def test_the_version_stands_in_one_place() -> None:
    """The package says it, and everything else asks the package."""
    project = environments.PYPROJECT["project"]
    assert "version" not in project
    assert project["dynamic"] == ["version"]
    assert environments.PYPROJECT["tool"]["hatch"]["version"] == {"path": "src/ankigen/__init__.py"}


@pytest.fixture
def repository(clone: Path, demo: Path, tmp_path: Path) -> Path:
    """A clone whose course is a small one, and which has been released before."""
    root = shutil.copytree(clone, tmp_path / "repository")
    for name in ("ankigen.yaml", "ankigen.lock", "pronunciations.yaml", "words.txt"):
        (root / name).unlink()
    shutil.rmtree(root / "cards")
    for name in ("ankigen.yaml", "ankigen.lock", "pronunciations.yaml", "words.txt"):
        shutil.copy(demo / name, root)
    for name in ("cards", "audio"):
        shutil.copytree(demo / name, root / name)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=first")
    git(root, "tag", "v0.0.1")
    git(root, "tag", "v0")
    return root


def release(root: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the release tool."""
    return subprocess.run(
        [sys.executable, "tools/release.py", command],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_in_the_way_of_a_release_is_told(repository: Path) -> None:
    """All at once, and nothing once it is mended."""
    (repository / "stray.txt").write_text("not committed")
    done = release(repository, "check")
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("no release: ")]
    assert [line.partition(": ")[2] for line in lines] == [
        "there are changes that are not committed:",
        f"this commit has no tag {TAG}; make it with: git tag {TAG}",
        f"CHANGELOG.md says nothing under '## {__version__}'",
        "ci/gitlab.yml still says OWNER_HERE; write under whose name it is published",
        f"{NEW_COURSE} still says OWNER_HERE; write under whose name it is published",
    ]
    assert "?? stray.txt" in done.stderr
    ready(repository)
    done = release(repository, "check")
    assert (done.returncode, done.stderr) == (0, "")


def ready(root: Path) -> None:
    """Make a release of a repository: an entry more, the changes told, the commit tagged."""
    (root / "stray.txt").unlink(missing_ok=True)
    terms = root / "cards/cooking/terms.yaml"
    more = "\n- id: sieve\n  term: sieve\n  definition: A bowl of wire to strain with.\n"
    terms.write_text(terms.read_text("utf-8") + more, "utf-8")
    assert ankigen("build", cwd=root).returncode == 0
    (root / "CHANGELOG.md").write_text(CHANGES)
    for name in ("ci/gitlab.yml", NEW_COURSE):
        file = root / name
        file.write_text(file.read_text("utf-8").replace("OWNER_HERE", "somebody"), "utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=release")
    git(root, "tag", TAG)


def test_a_release_is_made_and_published(repository: Path, built: Path, tmp_path: Path) -> None:
    """Packages, wheel and sdist with checksums that fit, and notes that tell learners what is new.

    The workflow's commands publish just these; in place of GitHub's own there is one that looks
    whether the files that it is given exist.
    """
    ready(repository)
    shutil.copytree(built, repository / "build/python")
    done = release(repository, "collect")
    assert done.returncode == 0, done.stderr
    folder = repository / "build/release"
    lines = (folder / "files/SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert {"demo.apkg", "cooking.apkg", "at-the-table.apkg"} < set(sums)
    assert len([name for name in sums if name.endswith((".whl", ".tar.gz"))]) == 2
    for name, digest in sums.items():
        assert hashlib.sha256((folder / "files" / name).read_bytes()).hexdigest() == digest
    notes = (folder / "notes.md").read_text("utf-8")
    assert notes.startswith("### Added\n- Everything.\n\n# The course, since v0.0.1\n")
    assert "sieve" in notes
    assert "Nothing." not in notes
    assert git(repository, "status", "--porcelain") == ""

    jobs = read(REPOSITORY / ".github/workflows/release.yml")["jobs"]
    assert read(REPOSITORY / ".github/workflows/release.yml")["permissions"] == {}
    assert jobs["publish"]["needs"] == "make"
    programs = tmp_path / "programs"
    programs.mkdir()
    asked = tmp_path / "asked"
    (programs / "gh").write_text(
        f'#!/bin/sh\necho "$@" >> {asked}\nfor file; do case "$file" in'
        ' release/*) test -s "$file" || exit 1;; esac; done\n'
    )
    (programs / "gh").chmod(0o755)
    (tmp_path / "kept").mkdir()
    env = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GITHUB_WORKSPACE": str(repository),
        "GITHUB_REF_NAME": TAG,
        "GITHUB_SHA": git(repository, "rev-parse", "HEAD"),
    }
    runner = Runner(repository, env, tmp_path / "kept", repository)
    runner.job(jobs["make"], {})
    runner.work = tmp_path / "publisher"
    runner.work.mkdir()
    values = {"github.token": "secret", "github.repository": "somebody/ankigen"}
    runner.job(jobs["publish"], values)
    created, moved = asked.read_text().splitlines()
    assert created.startswith(f"release create {TAG} --verify-tag")
    assert {name for name in [*sums, "SHA256SUMS"] if f"release/files/{name}" in created} == {
        *sums,
        "SHA256SUMS",
    }
    assert "repos/somebody/ankigen/git/refs/tags/v0 " in moved


def test_the_first_release_has_nothing_to_compare(repository: Path, built: Path) -> None:
    """Its notes are those of the tool alone."""
    git(repository, "tag", "--delete", "v0.0.1")
    ready(repository)
    shutil.copytree(built, repository / "build/python")
    done = release(repository, "collect")
    assert done.returncode == 0, done.stderr
    assert (repository / "build/release/notes.md").read_text() == "### Added\n- Everything.\n"
