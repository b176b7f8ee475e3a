"""Note types of a project's own, and its changes of the look of those that are built in."""

from __future__ import annotations

import hashlib
import re
import shutil
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile

from ankigen import mediafile, notetype
from ankigen.build import Options, build
from ankigen.diagnostics import SourceError
from backend import empty_collection, import_package
from refusal import refused
from support import REPOSITORY, SMALL, ankigen, write_project

if TYPE_CHECKING:
    from collections.abc import Mapping

SPEC = """\
id: 1795000000001
name: Picture
help: A picture and what it sounds like.
entry:
  name: {type: text, required: true, help: What it shows.}
  picture: {type: image, required: true, help: The file.}
  noise: {type: sound, help: What one hears.}
fields:
  - {id: 1, name: Name, key: name}
  - {id: 2, name: Picture, key: picture}
  - {id: 3, name: Noise, key: noise}
  - {id: 4, name: Hint, template: "{{ name | initials }}"}
  - {id: 5, name: No noise, off: noise}
  - {id: 6, name: Spare 1}
  - {id: 7, name: Key, template: "{{ key }}"}
cards:
  - {id: 1, name: See, front: see.front.html, back: back.html}
  - {id: 2, name: Noise, front: noise.front.html, back: back.html}
tags: {}
"""


def png() -> bytes:
    """A picture of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    dot = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + dot + chunk(b"IEND", b"")


TYPE: Mapping[str, str] = {
    "notetypes/pictures/notetype.yaml": SPEC,
    "notetypes/pictures/see.front.html": "<p>{{Picture}}</p>\n{{hint:Hint}}\n",
    "notetypes/pictures/noise.front.html": "{{^No noise}}{{Noise}}{{/No noise}}\n",
    "notetypes/pictures/back.html": "{{FrontSide}}\n<h1>{{Name}}</h1>\n{{Picture}} {{Noise}}\n",
    "notetypes/pictures/style.css": ".picture { margin: 0 }\n",
}
ENTRIES = """\
- id: fan
  name: fan
  picture: Fan 1.PNG
  noise: media/fan.wav
- id: chip
  name: chip
  picture: media/chips/chip.png
- id: again
  name: chip again
  picture: media/chips/chip.png
"""
FILES: Mapping[str, str | bytes] = {
    **SMALL,
    **TYPE,
    "cards/basics/pictures.yaml": ENTRIES,
    "cards/basics/Fan 1.PNG": png(),
    "media/chips/chip.png": png() + b"\0",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a note type of its own, built with sound."""
    root = write_project(tmp_path_factory.mktemp("own") / "course", FILES)
    soundfile.write(root / "media/fan.wav", [0.0, 0.1] * 8000, 16_000)
    done = ankigen("build", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return shutil.copytree(made, tmp_path / "course", symlinks=True).resolve()


def content_name(path: Path, stem: str) -> str:
    """What a file of a project is called in a package."""
    return f"{stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix.lower()}"


def test_pictures_and_sounds(made: Path, tmp_path: Path) -> None:
    """They are in the package under names made from what they hold, and Anki finds them all."""
    fan = content_name(made / "cards/basics/Fan 1.PNG", "fan-1")
    chip = content_name(made / "media/chips/chip.png", "chip")
    noise = content_name(made / "media/fan.wav", "fan")
    with empty_collection(tmp_path) as collection:
        import_package(collection, made / "dist/small.apkg")
        notes = [collection.get_note(n) for n in collection.find_notes("note:Picture")]
        assert [note.fields for note in notes] == [
            [
                "fan",
                f'<img src="{fan}" alt="">',
                f"[sound:{noise}]",
                *("f…", "", "", "pictures/fan"),
            ],
            ["chip", f'<img src="{chip}" alt="">', "", "c…", "", "", "pictures/chip"],
            ["chip again", f'<img src="{chip}" alt="">', "", "c… a…", "", "", "pictures/again"],
        ]
        assert [[card.ord for card in note.cards()] for note in notes] == [[0, 1], [0], [0]]
        folder = Path(collection.media.dir())
        assert (folder / fan).read_bytes() == (made / "cards/basics/Fan 1.PNG").read_bytes()
        assert (folder / noise).read_bytes() == (made / "media/fan.wav").read_bytes()
        checked = collection.media.check()
        assert not checked.missing
        assert not checked.unused
        before = collection.card_count()
        said, whole = collection.fix_integrity()
        assert whole, said
        assert collection.card_count() == before
        assert not collection.get_empty_cards().notes
        for identifier in collection.find_cards("note:Picture"):
            rendered = collection._backend.render_existing_card(  # noqa: SLF001 - raises errors
                card_id=identifier, browser=False, partial_render=False
            )
            assert not rendered.is_empty
        (card,) = notes[1].cards()
        assert f'<img src="{chip}" alt="">' in card.answer()


def test_without_sound_pictures_stay(root: Path, tmp_path: Path) -> None:
    """A quick look lacks what voices say, not the files that the entries name."""
    done = ankigen("build", "--no-audio", cwd=root)
    assert done.returncode == 0, done.stderr
    with empty_collection(tmp_path) as collection:
        import_package(collection, root / "dist/small.apkg")
        assert len(collection.find_cards("note:Picture")) == 4
        assert len(list(Path(collection.media.dir()).iterdir())) == 3
        assert not collection.media.check().missing


def test_changed_media_are_built_again(root: Path) -> None:
    """A build that has nothing to do notices another picture or template."""
    assert "up to date" in ankigen("build", cwd=root).stderr
    (root / "media/chips/chip.png").write_bytes(png() + b"\0\0")
    assert "2 changed" in ankigen("build", cwd=root).stderr
    (root / "notetypes/pictures/back.html").write_text("{{Name}}{{Picture}}{{Noise}}")
    assert "up to date" not in ankigen("build", cwd=root).stderr


def test_one_entry_of_the_command_line(made: Path) -> None:
    """It is listed and explained like those that are built in."""
    listed = ankigen("notetypes", cwd=made)
    assert listed.returncode == 0
    assert re.search(r"^pictures +see, noise +A picture and what", listed.stdout, re.MULTILINE)
    shown = ankigen("notetypes", "show", "pictures", cwd=made)
    assert shown.returncode == 0
    assert "Entries stand in pictures.yaml. Their keys:" in shown.stdout
    assert "see (always made)" in shown.stdout
    unknown = ankigen("notetypes", "show", "picture", cwd=made)
    assert unknown.returncode == 2
    assert "there is no note type 'picture'" in unknown.stderr
    assert "did you mean 'pictures'?" in unknown.stderr


def test_another_look(root: Path, tmp_path: Path) -> None:
    """A template, the stylesheet of one note type and that of all are replaced by the project's."""
    write_project(
        root,
        {
            "notetypes/shared.css": ".shared-by-us {}\n",
            "notetypes/terms/style.css": ".only-terms {}\n",
            "notetypes/terms/recognition.back.html": "{{FrontSide}}<p>Ours: {{Definition}}</p>\n",
        },
    )
    done = ankigen("build", "--no-audio", cwd=root)
    assert done.returncode == 0, done.stderr
    with empty_collection(tmp_path) as collection:
        import_package(collection, root / "dist/small.apkg")
        models = {model["name"]: model for model in collection.models.all()}
        terms = models["Term (ankigen)"]
        assert terms["css"] == ".shared-by-us {}\n.only-terms {}\n"
        assert models["Sentence (ankigen)"]["css"] == ".shared-by-us {}\n"
        assert models["Picture"]["css"] == ".shared-by-us {}\n.picture { margin: 0 }\n"
        (note,) = collection.find_notes('"Key:terms/kernel"')
        card = collection.get_note(note).cards()[0]
        assert "<p>Ours: A function that the device runs.</p>" in card.answer()
        built_in = notetype.built_in()["terms"]
        assert [template["qfmt"] for template in terms["tmpls"]] == [
            made.front for made in built_in.cards
        ]


SPEC_FILE = "notetypes/pictures/notetype.yaml"
MISTAKES: Mapping[str, tuple[str, tuple[str, str], str, str]] = {
    "unknown field": (
        "notetypes/pictures/back.html",
        ("<h1>{{Name}}", "<h1>{{Nome}}"),
        "back.html:2:5 AG502",
        "the note type has no field 'Nome'",
    ),
    "unknown filter": (
        "notetypes/pictures/see.front.html",
        ("{{hint:Hint}}", "{{hnt:Hint}}"),
        "see.front.html:2:1 AG502",
        "Anki has no filter 'hnt'",
    ),
    "open section": (
        "notetypes/pictures/noise.front.html",
        ("{{/No noise}}", ""),
        "noise.front.html:1:1 AG502",
        "'{{^No noise}}' is not closed",
    ),
    "missing id": (
        SPEC_FILE,
        ("id: 1795000000001\n", ""),
        "notetype.yaml:1:1 AG102",
        "the key 'id' is missing",
    ),
    "id of a card": (
        SPEC_FILE,
        ("{id: 2, name: Noise, f", "{id: 1, name: Noise, f"),
        "notetype.yaml:18:10 AG501",
        "two cards have the id '1'",
    ),
    "name of a field": (
        SPEC_FILE,
        ("name: Spare 1", "name: Hint"),
        "notetype.yaml:14:19 AG501",
        "two fields have the name 'Hint'",
    ),
    "unknown key in a field": (
        SPEC_FILE,
        ("key: picture}", "kay: picture}"),
        "notetype.yaml:10:28 AG101",
        "unknown key 'kay'",
    ),
    "unknown key of entries": (
        SPEC_FILE,
        ("key: picture}", "key: image}"),
        "notetype.yaml:10:33 AG501",
        "entries have no key 'image'",
    ),
    "unknown card": (
        SPEC_FILE,
        ("off: noise", "off: hear"),
        "notetype.yaml:13:34 AG501",
        "there is no card 'hear'",
    ),
    "template missing": (
        SPEC_FILE,
        ("front: see.front.html", "front: look.html"),
        "notetype.yaml:17:31 AG501",
        "there is no template 'look.html' in this folder",
    ),
    "unknown reference": (
        SPEC_FILE,
        ("noise: {type: sound,", "noise: {type: reference, to: sounds,"),
        "notetype.yaml AG501",
        "it names the note type 'sounds', which is not there",
    ),
}
"""File, what stands in it, what instead, where the mistake is, and what is said of it."""


@pytest.mark.parametrize(("file", "edit", "place", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(root: Path, file: str, edit: tuple[str, str], place: str, said: str) -> None:
    """Each has its place; what was built before stays."""
    old, new = edit
    text = (root / file).read_text()
    assert text.count(old) == 1
    (root / file).write_text(text.replace(old, new))
    found = re.findall(r"^\S+: (AG\d+ .*)", refused_first(root, place), re.MULTILINE)
    assert any(said in line for line in found)


def refused_first(root: Path, place: str) -> str:
    """A refusal whose first complaint is at a place of the note type."""
    return refused(root, [f"notetypes/pictures/{place}"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: 1795000000001", "id: 1763856000101", "the id '1763856000101' is that of the note"),
        ("name: Picture\n", "name: Term (ankigen)\n", "the name 'Term (ankigen)' is that of the"),
    ],
)
def test_the_identity_of_another(root: Path, old: str, new: str, said: str) -> None:
    """Anki would take two note types of one id or name for one."""
    path = root / SPEC_FILE
    path.write_text(path.read_text().replace(old, new))
    found = refused_first(root, "notetype.yaml AG501")
    assert said in found
    assert "note type 'terms'" in found


def test_files_that_do_not_belong(root: Path) -> None:
    """A built-in note type is not redefined, and nothing lies about unused."""
    write_project(
        root,
        {
            "notetypes/terms/notetype.yaml": SPEC,
            "notetypes/sentences/gap.fornt.html": "{{cloze:Text}}",
            "notetypes/Bad Name/notetype.yaml": SPEC,
            "notetypes/readme.txt": "a note",
            "notetypes/term/front.html": "{{Term}}",
        },
    )
    said = refused(
        root,
        [
            "notetypes/Bad Name AG501",
            "notetypes/readme.txt AG501",
            "notetypes/sentences/gap.fornt.html AG501",
            "notetypes/term AG501",
            "notetypes/terms/notetype.yaml AG501",
        ],
    )
    assert "the note type 'terms' is built in: its keys, fields and cards stay as they are" in said
    assert "the note type 'sentences' has no file 'gap.fornt.html' to replace" in said
    assert "did you mean 'gap.front.html'?" in said
    assert "there is no notetype.yaml, and no built-in note type 'term'" in said
    assert "did you mean 'terms'?" in said


@pytest.mark.parametrize(
    "file",
    [
        SPEC_FILE,
        "notetypes/pictures/back.html",
        "notetypes/pictures/style.css",
        "notetypes/terms/style.css",
        "notetypes/terms/recognition.back.html",
        "notetypes/shared.css",
    ],
)
@pytest.mark.parametrize("how", ["outside", "bytes"])
def test_files_that_cannot_be_read(root: Path, file: str, how: str) -> None:
    """A link that leads outside, and bytes that are no text."""
    path = root / file
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if how == "outside":
        (root.parent / "outside").write_text("x")
        path.symlink_to(root.parent / "outside")
        refused(root, [f"{file} AG003"])
    else:
        path.write_bytes(b"a\nb \xff")
        refused(root, [f"{file}:2:3 AG004"])


@pytest.mark.parametrize("folder", ["notetypes", "notetypes/pictures"])
def test_folders_that_lead_outside(root: Path, folder: str) -> None:
    """No file of them is read."""
    (root / folder).rename(root.parent / "outside")
    (root / folder).symlink_to(root.parent / "outside")
    said = refused(root, [f"{SPEC_FILE} AG003"])
    assert "this is a link that leads outside the project" in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/passwd.png", "'/etc/passwd.png' is no path inside the project"),
        ("../secret.png", "'../secret.png' is no path inside the project"),
        ("media/../../secret.png", "is no path inside the project"),
        ("C:\\secret.png", "is no path inside the project"),
        ("https://example.org/a.png", "is no path inside the project"),
        ("dist/a.png", "'dist/a.png' lies outside cards and media"),
        ("media/link.png", "'media/link.png' lies outside cards and media"),
        ("media/none.png", "there is no file 'media/none.png'"),
        ("media", "'media' is no image that every Anki shows"),
        ("media/fan.wav", "'media/fan.wav' is no image that every Anki shows"),
        ("media/chip.tiff", "'media/chip.tiff' is no image that every Anki shows"),
        ("media/empty.png", "'media/empty.png' has 0 bytes; 1 to 20,971,520 can be used"),
        ("media/folder.png", "there is no file 'media/folder.png'"),
        ("media/loop.png", "there is no file 'media/loop.png'"),
    ],
)
def test_media_that_cannot_be_used(root: Path, name: str, said: str) -> None:
    """Nothing outside of cards/ and media/ is ever packed; each mistake is at the key."""
    (root.parent / "secret.png").write_bytes(png())
    (root / "dist/a.png").write_bytes(png())
    (root / "media/link.png").symlink_to(root.parent / "secret.png")
    (root / "media/loop.png").symlink_to("loop.png")
    (root / "media/empty.png").touch()
    (root / "media/folder.png").mkdir()
    path = root / "cards/basics/pictures.yaml"
    path.write_text(path.read_text().replace("Fan 1.PNG", name))
    assert said in refused(root, ["cards/basics/pictures.yaml:3:12 AG406"])


def test_a_sound_of_the_wrong_kind(root: Path) -> None:
    """A picture is no sound."""
    path = root / "cards/basics/pictures.yaml"
    path.write_text(path.read_text().replace("media/fan.wav", "Fan 1.PNG"))
    said = refused(root, ["cards/basics/pictures.yaml:4:10 AG406"])
    assert "'Fan 1.PNG' is no sound that every Anki shows" in said
    assert "help: use one of .mp3, .ogg, .wav, .flac, .m4a, .opus\n" in said


def test_a_file_that_is_too_large(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AnkiWeb would not take it."""
    monkeypatch.setattr(mediafile, "MAX_BYTES", 1000)
    with pytest.raises(SourceError) as raised:
        build(root, Options(sound=False))
    (found,) = raised.value.diagnostics
    assert str(found.span) == "cards/basics/pictures.yaml:4:10"
    assert "'media/fan.wav' has 32,044 bytes; 1 to 1,000 can be used" in found.message


WORDS = "{{ name | initials }}"
NOISE = "{type: sound, help: What one hears.}"
CRASHES: Mapping[str, tuple[str, str, int]] = {
    "no method": (WORDS, "{{ name.blank() }}", 12),
    "no division": (WORDS, "{{ 1 / 0 }}", 12),
    "no argument": (WORDS, "{{ name | choices }}", 12),
    "no attribute": (WORDS, "{{ name.__class__ }}", 12),
    "no loader": (WORDS, "{% include 'x' %}", 12),
    "no end": (WORDS, "{% for i in range(1000000) %}x{% endfor %}", 12),
    "great id": ("id: 1795000000001", f"id: {10**20}", 1),
    "tag of a flag": ("tags: {}", "tags: {loud: noise}", 19),
}
"""What stands in the note type, what instead, and in which line the mistake is."""


def test_a_broken_release_is_told_at_its_file(root: Path) -> None:
    """What may not change any more is named by a path that a person can open."""
    path = root / SPEC_FILE
    path.write_text(path.read_text().replace("id: 1795000000001", "id: 1795000000002"))
    refused(root, [f"{SPEC_FILE} AG603"])


@pytest.mark.parametrize(("old", "new", "line"), CRASHES.values(), ids=CRASHES)
def test_no_mistake_is_a_crash(root: Path, old: str, new: str, line: int) -> None:
    """What only shows when a note is made is told like any other mistake."""
    spec = (root / SPEC_FILE).read_text()
    if "loud" in new:
        spec = spec.replace(NOISE, "{type: flag, help: Loud.}").replace("key: noise}", "key: name}")
        write_project(root, {"cards/basics/pictures.yaml": ENTRIES.replace("media/fan.wav", "yes")})
    (root / SPEC_FILE).write_text(spec.replace(old, new))
    (root / "ankigen.lock").unlink()
    done = ankigen("build", "--no-audio", cwd=root)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"{SPEC_FILE}:{line}:" in done.stderr


@pytest.mark.parametrize("new", ["{{ nam }}", "{{ name", "{{ name | nofilter }}"])
def test_a_mistake_in_a_field_template_has_its_place(root: Path, new: str) -> None:
    """It is shown with its line, as mistakes of card templates are."""
    (root / SPEC_FILE).write_text((root / SPEC_FILE).read_text().replace(WORDS, new))
    refused(root, [f"{SPEC_FILE}:12:35 AG502"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: 1795000000001", "id: 0"),
        ("id: 1795000000001", "id: -5"),
        ("name: See,", "name: noise,"),
        ("tags: {}", "gather: {others: {from: terms, by: nothing}}"),
    ],
)
def test_mistakes_that_pass(root: Path, old: str, new: str) -> None:
    """An id that Anki would not keep, two cards of one slug, a key that is not there."""
    text = (root / SPEC_FILE).read_text()
    assert old in text
    (root / SPEC_FILE).write_text(text.replace(old, new))
    (root / "ankigen.lock").unlink()
    done = ankigen("build", "--no-audio", cwd=root)
    assert done.returncode == 1
    assert f"{SPEC_FILE}:" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    """The note type that docs/notetypes.md shows is whole, and builds as it stands there."""
    page = (REPOSITORY / "docs/notetypes.md").read_text()
    blocks = re.findall(r"^```(?:yaml|html)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    files = {}
    for block in blocks:
        head, _, text = block.partition("\n")
        named = re.fullmatch(r"(?:# |<!-- )(notetypes/\S+|cards/\S+)(?: -->)?", head)
        if named:
            files[named[1]] = text
    folders = {name.split("/")[1] for name in files if name.startswith("notetypes/")}
    assert len(folders) == 1
    spec = next(text for name, text in files.items() if name.endswith("notetype.yaml"))
    assert len(spec.splitlines()) <= 12
    root = write_project(tmp_path / "course", {**SMALL, **files, "media/loop.png": png()})
    done = ankigen("build", "--no-audio", cwd=root)
    assert done.returncode == 0, done.stderr
    with empty_collection(tmp_path) as collection:
        import_package(collection, root / "dist/small.apkg")
        (folder,) = folders
        (note,) = collection.find_notes(f'"Key:{folder}/*"')
        cards = collection.get_note(note).cards()
        assert cards
        assert not collection.media.check().missing
        assert not collection.get_empty_cards().notes
