"""What the pages of a project are after each save."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest

from ankigen.diagnostics import AnkigenError, Code
from ankigen.serve.preview import Preview
from standins import FILES, nobody_listens
from support import SENTENCES, SMALL, TERMS, write_project

if TYPE_CHECKING:
    from pathlib import Path

DECK = "decks/basics.html"
TERMS_FILE = "cards/basics/terms.yaml"
SENTENCES_FILE = "cards/basics/sentences.yaml"
BROKEN = SENTENCES.replace("Does operator fusion", "Does it")
"""Well formed, but one has no gap for its term."""


@pytest.fixture
def preview(small: Path) -> Preview:
    """Of the small project, read once."""
    made = Preview(small)
    made.change()
    return made


def page(preview: Preview, path: str = DECK) -> str:
    """A page that is there."""
    html = preview.page(path)
    assert html is not None
    return html.decode()


def sounds(html: str) -> set[str]:
    """The sounds on a page."""
    return set(re.findall(r'data-sound="([^"]+)"', html))


def test_nothing_before_it_is_read(small: Path) -> None:
    """Until then there are no pages, no entries and no sounds, and nothing is wrong."""
    preview = Preview(small)
    assert (preview.state.number, preview.state.errors) == (0, ())
    assert preview.page(DECK) is None
    assert preview.entries() == {}
    assert preview.file("kernel.mp3") is None
    assert preview.remake("kernel.mp3") is None


def test_pages_are_made_once_a_change(preview: Preview) -> None:
    """And known by name alone."""
    first = preview.page(DECK)
    assert preview.page(DECK) is first
    preview.change(frozenset({"basics"}))
    again = preview.page(DECK)
    assert again == first
    assert again is not first
    for path in (
        "",
        "decks/none.html",
        "decks/",
        "../ankigen.yaml",
        "decks/../index.html",
        "sw.js",
    ):
        assert preview.page(path) is None


def test_mistakes_in_what_was_saved_are_known_at_once(preview: Preview) -> None:
    """The page stays as it was; each change has a number, whatever comes of it."""
    before = page(preview)
    write_project(preview.root, {SENTENCES_FILE: BROKEN})
    state = preview.change(frozenset({"basics"}))
    assert state.number == 2
    assert [error.code for error in state.errors] == [Code.GAP]
    assert page(preview) == before
    write_project(preview.root, {SENTENCES_FILE: SENTENCES.replace("Each", "Every")})
    assert preview.change(frozenset({"basics"})).errors == ()
    assert "Every" in page(preview)


def test_mistakes_elsewhere_are_known_when_a_page_is_made(preview: Preview) -> None:
    """It stays as it was, or is none where it never was whole; others are made."""
    write_project(
        preview.root,
        {
            "ankigen.yaml": SMALL["ankigen.yaml"].replace("basics", "basics, more"),
            "cards/more/category.yaml": "name: More\n",
            "cards/more/terms.yaml": "- {id: tile, term: tile, definition: A part.}\n",
        },
    )
    preview.change()
    before = page(preview)
    write_project(preview.root, {SENTENCES_FILE: BROKEN})
    assert preview.change().errors == ()
    assert "tile" in page(preview, "decks/more.html")
    assert not preview.state.errors
    assert page(preview) == before
    assert [error.code for error in preview.state.errors] == [Code.GAP]
    fresh = Preview(preview.root)
    fresh.change()
    assert fresh.page(DECK) is None
    assert [error.code for error in fresh.state.errors] == [Code.GAP]


def test_a_voice_that_is_not_there(preview: Preview) -> None:
    """Is a mistake of the project's file."""
    course = SMALL["ankigen.yaml"]
    write_project(
        preview.root, {"ankigen.yaml": f"{course}voices: {{default: {{engine: nobody}}}}\n"}
    )
    preview.change()
    preview.page("index.html")
    (wrong,) = preview.state.errors
    assert wrong.span.file == "ankigen.yaml"
    assert "nobody" in wrong.message


def test_what_no_page_names_is_forgotten(preview: Preview) -> None:
    """Sounds of old texts and pages of categories that are gone; those of open pages stay."""
    old = sounds(page(preview))
    write_project(preview.root, {TERMS_FILE: TERMS.replace("term: kernel", "term: shader")})
    preview.change(frozenset({"basics"}))
    gone = old - sounds(page(preview))
    assert gone
    assert preview._pages[DECK].clips.keys() == sounds(page(preview))  # noqa: SLF001
    assert all(preview.remake(name) is None for name in gone)
    (preview.root / "cards/basics").rename(preview.root / "cards/other")
    write_project(preview.root, {"ankigen.yaml": SMALL["ankigen.yaml"].replace("basics", "other")})
    assert preview.change().errors == ()
    assert preview.page(DECK) is None
    assert preview._pages == {}  # noqa: SLF001


def test_sounds_are_made_and_made_again(preview: Preview) -> None:
    """By one engine for all readings; the files are those of a build."""
    name = next(one for one in sorted(sounds(page(preview))) if one.startswith("kernel"))
    made = preview.file(name)
    assert made == preview.root / "audio/clips" / name
    data, stamp = made.read_bytes(), made.stat().st_mtime_ns
    assert preview.file(name) == made
    assert made.stat().st_mtime_ns == stamp
    preview.change()
    page(preview)
    assert preview.remake(name) == made
    assert made.read_bytes() == data
    assert made.stat().st_mtime_ns != stamp


def test_a_sound_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens: another voice stands in, and what the first one said before is kept."""
    root = write_project(tmp_path / "online", FILES)
    preview = Preview(root)
    preview.change()
    names = sorted(one for one in sounds(page(preview)) if one.startswith("kernel"))
    with nobody_listens() as env:
        for key, value in env.items():
            monkeypatch.setenv(key, value)
        stood_in = [preview.file(name) for name in names]
        assert all(path is not None and path.name not in names for path in stood_in)
        clip = preview._pages[DECK].clips[names[0]]  # noqa: SLF001
        preview._store().add(clip, "google", b"said online", 1.0)  # noqa: SLF001
        remade = preview.remake(names[0])
    assert remade == stood_in[0]
    kept = preview.file(names[0])
    assert kept is not None
    assert (kept.name, kept.read_bytes()) == (names[0], b"said online")


def test_a_sound_that_nobody_can_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one to stand in, it is told why."""
    files = {**FILES, "ankigen.yaml": FILES["ankigen.yaml"].replace("    fallback: heart\n", "")}
    preview = Preview(write_project(tmp_path / "online", files))
    preview.change()
    name = min(sounds(page(preview)))
    with nobody_listens() as env:
        for key, value in env.items():
            monkeypatch.setenv(key, value)
        with pytest.raises(AnkigenError, match="no sound for 'Does operator fusion"):
            preview.file(name)


def test_entries_say_where_they_begin(preview: Preview) -> None:
    """By file, in the order of their lines."""
    found = preview.entries()
    assert found[TERMS_FILE] == [(1, "terms/kernel"), (4, "terms/operator-fusion")]
    assert found.keys() == {TERMS_FILE, SENTENCES_FILE}


def test_a_folder_that_cannot_be_written(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    """Costs only that IPA is derived anew."""

    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("ankigen.files.atomic_write", refuse)
    assert "operator fusion" in page(preview)


def test_closed(preview: Preview) -> None:
    """Nothing is made any more."""
    name = min(sounds(page(preview)))
    preview.close()
    assert preview.page("index.html") is None
    assert preview.file(name) is None


def test_many_threads(preview: Preview) -> None:
    """Changes, pages and lookups of sounds at the same time: each page is whole, none fails."""
    failed: list[BaseException] = []
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                html = page(preview)
                assert html.endswith("</html>")
                preview.remake("none.mp3")
                preview.entries()
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(15):
        write_project(preview.root, {TERMS_FILE: TERMS.replace("the device", f"device {number}")})
        preview.change(frozenset({"basics"}) if number % 2 else None)
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert "device 14" in page(preview)
