"""The site as files: what is there, what it says, and what a run leaves of the last one."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from backend import empty_collection, import_package
from standins import FILES, nobody_listens
from support import ankigen, write_project

ATOM = "{http://www.w3.org/2005/Atom}"
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Links(HTMLParser):
    """Collects what a page points to, and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.ids: list[str] = []
        self.sounds: set[str] = set()
        self.inline: list[str] = []
        self.inert = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down links, ids outside of templates, and whatever would run."""
        said = {name: value or "" for name, value in attrs}
        self.inert += tag == "template"
        self.targets |= {said[name] for name in ("href", "src") if name in said}
        if "id" in said and not self.inert:
            self.ids.append(said["id"])
        if "data-sound" in said:
            self.sounds.add(said["data-sound"])
        if tag == "script" and "src" not in said and said.get("type") != "application/ld+json":
            self.inline.append(tag)
        self.inline += [name for name in said if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        """Leave a template."""
        self.inert -= tag == "template"


@pytest.fixture
def site(built: Path) -> Path:
    """The site of the small project."""
    done = ankigen("site", cwd=built)
    assert done.returncode == 0, done.stderr
    return built / "site"


def pages(site: Path) -> dict[Path, Links]:
    """Every page, read."""
    return {page: Links(page.read_text("utf-8")) for page in site.rglob("*.html")}


def test_every_link_leads_somewhere(site: Path) -> None:
    """To a file of the site, to a place on a page, or to the web; ids are unique on a page."""
    found = pages(site)
    assert {page.relative_to(site).as_posix() for page in found} == {
        "index.html",
        "glossary.html",
        "decks/basics.html",
    }
    for page, links in found.items():
        assert len(links.ids) == len(set(links.ids)), page
        for target in links.targets - {"#"}:
            path, _, place = target.partition("#")
            if path.startswith(("https://", "http://")):
                continue
            there = (page.parent / path).resolve() if path else page
            assert there.is_file(), (page, target)
            assert not place or place in found[there].ids, (page, target)
        for sound in links.sounds:
            assert (site / "media" / sound).read_bytes()[:2] in {b"\xff\xfb", b"\xff\xf3", b"ID"}


def test_nothing_runs_but_the_sites_own_files(site: Path) -> None:
    """No page has a script or a handler in it, and a policy on each forbids any."""
    for page, links in pages(site).items():
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page.read_text())
        assert policy is not None
        assert "script-src &#39;self&#39;;" in policy[1]
        assert links.inline == []


def test_downloads_are_what_the_page_says(site: Path, tmp_path: Path) -> None:
    """Their SHA-256 is on the page, and Anki imports them."""
    said = (site / "index.html").read_text("utf-8")
    packages = sorted((site / "packages").iterdir())
    assert [package.name for package in packages] == ["basics.apkg", "small.apkg"]
    for package in packages:
        assert hashlib.sha256(package.read_bytes()).hexdigest() in said
    with empty_collection(tmp_path) as collection:
        assert len(import_package(collection, packages[1]).new) == 4


def test_metadata(site: Path) -> None:
    """What machines read of the pages is true JSON of the right kinds."""
    kinds = {}
    for page in ("index.html", "glossary.html"):
        html = (site / page).read_text("utf-8")
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
        kinds[page] = json.loads(data)
        assert '<meta property="og:title"' in html
        assert '<html lang="en">' in html
    assert kinds["index.html"]["@type"] == "LearningResource"
    assert kinds["index.html"]["name"] == "Small Course"
    terms = kinds["glossary.html"]["hasDefinedTerm"]
    assert {term["name"] for term in terms} == {"kernel", "operator fusion"}
    assert not (site / "feed.xml").exists()
    json.loads((site / "manifest.webmanifest").read_text())


def test_where_the_site_will_be(built: Path) -> None:
    """An address makes a sitemap, a feed and canonical links; anything else is refused."""
    done = ankigen("site", "--base-url", "https://example.org/course", cwd=built)
    assert done.returncode == 0, done.stderr
    site = built / "site"
    listed = [one.text for one in ET.parse(site / "sitemap.xml").iter(f"{MAPS}loc")]  # noqa: S314 - our own
    assert listed == [
        f"https://example.org/course/{page}"
        for page in ("index.html", "decks/basics.html", "glossary.html")
    ]
    feed = ET.parse(site / "feed.xml").getroot()  # noqa: S314 - our own
    assert feed.findtext(f"{ATOM}title") == "Small Course"
    assert len(feed.findall(f"{ATOM}entry")) == 1
    assert 'rel="canonical" href="https://example.org/course/decks/basics.html"' in (
        site / "decks/basics.html"
    ).read_text("utf-8")
    done = ankigen("site", "--base-url", "javascript:alert(1)", cwd=built)
    assert done.returncode == 2


def test_a_second_run_changes_nothing(site: Path) -> None:
    """Equal sources give equal files, none of them written again."""
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    done = ankigen("site", cwd=site.parent)
    assert done.returncode == 0, done.stderr
    after = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}
    assert {path for path in before if before[path] != after[path]} <= {site / ".ankigen-site"}
    assert before.keys() == after.keys()


def test_what_is_gone_goes(site: Path) -> None:
    """A page of a category that is no more is deleted, a file of somebody else is not."""
    (site / "CNAME").write_text("example.org")
    root = site.parent
    (root / "cards/basics").rename(root / "cards/other")
    course = root / "ankigen.yaml"
    course.write_text(course.read_text().replace("basics", "other"))
    done = ankigen("site", cwd=root)
    assert done.returncode == 0, done.stderr
    assert not (site / "decks/basics.html").exists()
    assert not (site / "packages/basics.apkg").exists()
    assert (site / "decks/other.html").is_file()
    assert (site / "CNAME").is_file()


def test_a_folder_of_others_is_not_touched(built: Path) -> None:
    """A folder that holds something else is refused, as is a record that leads out of it."""
    folder = built / "public"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    done = ankigen("site", "--output", folder, cwd=built)
    assert done.returncode == 2
    assert "holds other files" in done.stderr
    (folder / ".ankigen-site").write_text("../ankigen.yaml\n/etc/hostname\nmine.txt\n")
    done = ankigen("site", "--output", folder, cwd=built)
    assert done.returncode == 0, done.stderr
    assert (built / "ankigen.yaml").is_file()
    assert Path("/etc/hostname").exists()


def test_a_mistake_leaves_the_last_site(site: Path) -> None:
    """It is told as a build tells it."""
    before = (site / "index.html").read_bytes()
    (site.parent / "cards/basics/terms.yaml").write_text("- id: kernel\n")
    done = ankigen("site", cwd=site.parent)
    assert done.returncode == 1
    assert "AG102" in done.stderr
    assert (site / "index.html").read_bytes() == before


def test_what_is_new(built: Path) -> None:
    """Since the last tag, or since whatever is named; the tag here names the version."""
    git = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "One"], ["tag", "v1.0"]):
        subprocess.run([*git, *command], cwd=built, check=True)
    done = ankigen("site", cwd=built)
    assert done.returncode == 0, done.stderr
    html = (built / "site/index.html").read_text("utf-8")
    assert "v1.0" in html
    assert "What is new" not in html
    terms = built / "cards/basics/terms.yaml"
    terms.write_text(terms.read_text() + "- {id: tile, term: tile, definition: A <b>part</b>.}\n")
    subprocess.run([*git, "commit", "-qam", "Two"], cwd=built, check=True)
    done = ankigen("site", "--base-url", "https://example.org/", cwd=built)
    assert done.returncode == 0, done.stderr
    html = (built / "site/index.html").read_text("utf-8")
    assert "<strong>tile</strong>" in html
    entries = ET.parse(built / "site/feed.xml").getroot().findall(f"{ATOM}entry")  # noqa: S314 - our own
    assert [(entry.findtext(f"{ATOM}title") or "").split()[-1] for entry in entries][1:] == ["v1.0"]
    done = ankigen("site", "--since", "nowhere", cwd=built)
    assert done.returncode == 2
    assert "nowhere" in done.stderr


def test_voices_that_stand_in(tmp_path: Path) -> None:
    """Where another voice speaks in a deck, it speaks on its page."""
    root = write_project(tmp_path / "course", FILES)
    with nobody_listens() as env:
        done = ankigen("site", cwd=root, env=env)
    assert done.returncode == 0, done.stderr
    played = set().union(*(links.sounds for links in pages(root / "site").values()))
    assert played
    assert played <= {sound.name for sound in (root / "site/media").iterdir()}


def test_a_site_that_was_not_finished(site: Path) -> None:
    """What was written before it ended is known, and the next run goes on with it."""
    sound = next((site / "media").iterdir()).name
    shutil.rmtree(site)
    (site / "media" / sound).mkdir(parents=True)
    (site / ".ankigen-site").touch()
    done = ankigen("site", cwd=site.parent)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "index.html" in (site / ".ankigen-site").read_text().splitlines()
    (site / "media" / sound).rmdir()
    done = ankigen("site", cwd=site.parent)
    assert done.returncode == 0, done.stderr
    assert (site / "media" / sound).is_file()
