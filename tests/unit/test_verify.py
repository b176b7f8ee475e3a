"""Each finding of the check has a package that brings it, and a clean package has none."""

from __future__ import annotations

import json
import sqlite3
import warnings
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import nh3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen import medianame
from ankigen.diagnostics import Severity
from ankigen.verify import Code, Finding, findings, verify, webscan
from ankigen.verify.webscan import Danger, scan_css, scan_html
from packages import BASIC, CLOZE, SOUND, Draft, compress, media_entry, varint, write_zip
from support import ankigen, decks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def found(draft: Draft, folder: Path) -> list[Finding]:
    """The findings of a draft."""
    return list(verify(draft.write(folder / "a.apkg")).findings)


def template(front: str = "{{Front}}", back: str = "{{Back}}", css: str = "") -> Draft:
    """A draft with another card template."""
    card = {"name": "Card 1", "qfmt": front, "afmt": back}
    return Draft(models={"11": {**BASIC, "tmpls": [card], "css": css}})


def media(name: str) -> Draft:
    """A draft whose sound has another name, in the note too."""
    return Draft(media={"0": name}).note(f"[sound:{name}]\x1fback")


def two_notes(second: tuple[Any, ...]) -> Draft:
    """A draft with a second note, which has a card of the first template."""
    draft = Draft()
    draft.notes.append(second)
    draft.cards.append((102, second[0], 1, 0, 0, 0, 0, 4))
    return draft


def description(html: str, *, markdown: bool = False) -> Draft:
    """A draft whose deck has a description."""
    return Draft(decks={"1": {"id": 1, "name": "A::B", "desc": html, "md": markdown}})


def field(html: str) -> Draft:
    """A draft whose note has another back, and the sound on its front."""
    return Draft().note(f"[sound:a.mp3]\x1f{html}")


def test_clean_draft(tmp_path: Path) -> None:
    """The draft that the other tests spoil has no finding, and everything in it was counted."""
    verdict = verify(Draft().write(tmp_path / "a.apkg"))
    assert verdict.ok
    assert verdict.findings == ()
    assert verdict.counts == {}
    assert (verdict.notes, verdict.cards, verdict.media) == (1, 1, 1)


@pytest.mark.parametrize("options", [["--no-audio"], []], ids=["silent", "spoken"])
def test_own_packages_are_clean(small: Path, options: list[str]) -> None:
    """What this project builds has no finding, with sound and without."""
    built = ankigen("build", *options, cwd=small)
    assert built.returncode == 0, built.stderr
    assert decks(small / "dist")
    for name in decks(small / "dist"):
        verdict = verify(small / "dist" / name)
        assert verdict.findings == ()
        assert verdict.notes == 4


SPOILT: dict[Code, tuple[Draft, Severity, str]] = {
    Code.EXTRA_ENTRY: (
        Draft(entries={"0": SOUND, "../evil": b"x"}),
        Severity.WARNING,
        "../evil",
    ),
    Code.MISSING_ENTRY: (Draft(entries={}), Severity.ERROR, "a.mp3"),
    Code.MEDIA_NAME: (media("cafe\u0301.mp3"), Severity.WARNING, "cafe\u0301.mp3"),
    Code.UNUSED_MEDIA: (Draft().note("front\x1fback"), Severity.WARNING, "a.mp3"),
    Code.MISSING_MEDIA: (field("<img src='b.png'>"), Severity.ERROR, "note guid-1, Back"),
    Code.TEMPLATE_MEDIA: (
        template(back='{{Back}}<img src="a.mp3">').note("front\x1fback"),
        Severity.WARNING,
        "a.mp3",
    ),
    Code.SOUND: (field("[sound:a.mp3"), Severity.ERROR, "note guid-1, Back"),
    Code.DATABASE: (
        Draft(
            sql="CREATE INDEX ix ON notes (guid); PRAGMA writable_schema=ON;"
            " UPDATE sqlite_master SET sql = 'CREATE INDEX ix ON notes (mod)' WHERE name = 'ix'"
        ),
        Severity.ERROR,
        "",
    ),
    Code.DUPLICATE_GUID: (
        two_notes((2, "guid-1", 11, 7, "", "a\x1fb")),
        Severity.ERROR,
        "note guid-1",
    ),
    Code.UNKNOWN_NOTE_TYPE: (
        two_notes((2, "guid-2", 99, 7, "", "a\x1fb")),
        Severity.ERROR,
        "note guid-2",
    ),
    Code.FIELD_COUNT: (two_notes((2, "guid-2", 11, 7, "", "a")), Severity.ERROR, "note guid-2"),
    Code.NO_CARDS: (Draft(cards=[]), Severity.ERROR, "note guid-1"),
    Code.NO_NOTE: (
        Draft(cards=[(101, 1, 1, 0, 0, 0, 0, 1), (102, 9, 1, 0, 0, 0, 0, 1)]),
        Severity.ERROR,
        "card 102",
    ),
    Code.NO_DECK: (Draft(cards=[(101, 1, 8, 0, 0, 0, 0, 1)]), Severity.ERROR, "note guid-1"),
    Code.EMPTY_CARD: (
        Draft().note("<br> \x1f[sound:a.mp3]"),
        Severity.WARNING,
        "note guid-1",
    ),
    Code.ABSENT_CARD: (
        Draft().note("{{c1::a}} {{c3::b}} [sound:a.mp3]", model=12),
        Severity.WARNING,
        "note guid-1",
    ),
    Code.TEMPLATE: (template("{{#Front}}x"), Severity.ERROR, "Basic, Card 1, front"),
    Code.UNKNOWN_FIELD: (template("{{Front}}{{Fornt}}"), Severity.ERROR, "Basic, Card 1, front"),
    Code.UNKNOWN_FILTER: (
        template("{{Front}}{{edit:Front}}"),
        Severity.WARNING,
        "Basic, Card 1, front",
    ),
    Code.SCRIPT: (field("<script>alert(1)</script>"), Severity.ERROR, "note guid-1, Back"),
    Code.EMBED: (field("<iframe srcdoc=x></iframe>"), Severity.ERROR, "note guid-1, Back"),
    Code.REMOTE: (
        field("<img src=https://example.org/x.png>"),
        Severity.ERROR,
        "note guid-1, Back",
    ),
    Code.UNCLOSED_TAG: (field("if a <b then"), Severity.WARNING, "note guid-1, Back"),
    Code.DESCRIPTION: (description("<img src=x onerror=alert(1)>"), Severity.ERROR, "A::B"),
}
"""A draft for each finding, with nothing else wrong in it."""


@pytest.mark.parametrize("code", SPOILT)
def test_spoilt_drafts(tmp_path: Path, code: Code) -> None:
    """A draft with one thing wrong has one finding, which says where and what to do."""
    draft, severity, where = SPOILT[code]
    [finding] = found(draft, tmp_path)
    assert (finding.code, finding.severity, finding.where) == (code, severity, where)
    assert finding.message
    assert finding.hint


def repeated_entry(path: Path) -> None:
    """Two entries of one name."""
    Draft().write(path)
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("0", SOUND)


def repeated_media(path: Path) -> None:
    """Two entries for one media file."""
    Draft(media={"0": "a.mp3", "1": "a.mp3"}, entries={"0": SOUND, "1": SOUND}).write(path)


def modern_database() -> bytes:
    """An empty collection of schema 18."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            "CREATE TABLE notetypes (id, name, mtime_secs, config);"
            "CREATE TABLE fields (ntid, ord, name, config);"
            "CREATE TABLE templates (ntid, ord, name, config);"
            "CREATE TABLE decks (id, name, kind);"
            "CREATE TABLE notes (id, guid, mid, mod, tags, flds);"
            "CREATE TABLE cards (id, nid, did, odid, ord, type, queue, due);"
        )
        return connection.serialize()


def modern(path: Path, *, meta: bool = True, name: str = "_a.mp3", data: bytes = SOUND) -> None:
    """A modern package of one media file."""
    entries = {
        "collection.anki21b": compress(modern_database()),
        "media": compress(media_entry(name, SOUND)),
        "0": compress(data),
    }
    if meta:
        entries["meta"] = varint(8) + varint(3)
    write_zip(path, entries)


WRITTEN: dict[Code, Callable[[Path], object]] = {
    Code.UNREADABLE: lambda path: path.write_bytes(b"hello"),
    Code.REPEATED_ENTRY: repeated_entry,
    Code.REPEATED_MEDIA: repeated_media,
    Code.NO_META: lambda path: modern(path, meta=False),
    Code.BROKEN_MEDIA: lambda path: modern(path, data=b"something else"),
    Code.MEDIA_NAME: lambda path: modern(path, name="_con?.mp3"),
}
"""What writes a package for each finding that no draft can have."""


@pytest.mark.parametrize("code", WRITTEN)
def test_spoilt_packages(tmp_path: Path, code: Code) -> None:
    """A package with one thing wrong has one finding, an error."""
    WRITTEN[code](tmp_path / "a.apkg")
    verdict = verify(tmp_path / "a.apkg")
    assert [finding.code for finding in verdict.findings] == [code]
    assert not verdict.ok


def test_clean_modern_package(tmp_path: Path) -> None:
    """The modern package that the test above spoils has no finding."""
    modern(tmp_path / "a.apkg")
    assert verify(tmp_path / "a.apkg").findings == ()


def test_every_code_is_tried() -> None:
    """No finding is without a package that brings it."""
    assert {*SPOILT, *WRITTEN} == set(Code)


def test_what_was_read_before_a_fault_counts(tmp_path: Path) -> None:
    """A package that breaks off keeps the findings up to there."""
    draft = two_notes((2, "guid-2", 11, 7, "", b"\x00"))
    draft.note("<script></script>[sound:a.mp3]\x1f")
    assert {finding.code for finding in found(draft, tmp_path)} == {Code.SCRIPT, Code.UNREADABLE}


def test_findings_are_bounded(tmp_path: Path) -> None:
    """Of a thousand findings of a kind fifty are listed and all are counted."""
    notes = [(n, "same", 11, 7, "", "[sound:a.mp3]\x1fb") for n in range(1, 1002)]
    cards = [(n, n, 1, 0, 0, 0, 0, 0) for n in range(1, 1002)]
    verdict = verify(Draft(notes=notes, cards=cards).write(tmp_path / "a.apkg"))
    assert len(verdict.findings) == findings.MAX_LISTED
    assert verdict.counts == {Code.DUPLICATE_GUID: 1000}
    assert verdict.notes == 1001


# Cards


def with_cards(fields: str, ordinals: list[int], *, model: int = 11, tags: str = "") -> Draft:
    """A draft whose note has cards of these ordinals, and no media."""
    cards = [(100 + ordinal, 1, 1, 0, ordinal, 0, 0, 0) for ordinal in ordinals]
    two = [
        {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "x"},
        {"name": "Card 2", "qfmt": "{{#Back}}{{Tags}}{{/Back}}", "afmt": "x"},
    ]
    return Draft(
        models={"11": {**BASIC, "tmpls": two}, "12": CLOZE},
        notes=[(1, "g", model, 7, tags, fields)],
        cards=cards,
        media={},
        entries={},
    )


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (with_cards("a\x1f", [0]), []),
        (with_cards("a\x1fb", [0]), []),
        (with_cards("a\x1fb", [0], tags="t"), [(Code.ABSENT_CARD, 2)]),
        (with_cards("a\x1fb", [0, 1], tags="t"), []),
        (with_cards("a\x1f", [0, 1], tags="t"), [(Code.EMPTY_CARD, 2)]),
        (with_cards("a\x1f", [0, 7]), [(Code.EMPTY_CARD, 8)]),
        (with_cards("\x1fb", [1], tags="t"), []),
        (with_cards("\x1f", [0]), [(Code.EMPTY_CARD, 1)]),
        (with_cards("{{c1::a}}", [0], model=12), []),
        (with_cards("a", [0], model=12), [(Code.EMPTY_CARD, 1)]),
        (with_cards("{{c2::a}}", [1], model=12), []),
        (with_cards("{{c2::a}}", [0, 1], model=12), [(Code.EMPTY_CARD, 1)]),
        (with_cards("{{c1,2::a}}", [0], model=12), [(Code.ABSENT_CARD, 2)]),
    ],
)
def test_cards(tmp_path: Path, draft: Draft, expected: list[tuple[Code, int]]) -> None:
    """Cards are empty or missing by Anki's own rule."""
    said = [(f.code, int(f.message.split()[1])) for f in found(draft, tmp_path)]
    assert said == expected


def test_card_of_a_filtered_deck(tmp_path: Path) -> None:
    """A card in a filtered deck is where it returns to."""
    draft = Draft(cards=[(101, 1, 8, 1, 0, 0, 0, 1)])
    assert found(draft, tmp_path) == []


def test_notes_are_named_by_their_key(tmp_path: Path) -> None:
    """Where the note type has a field ``Key``, a finding names it instead of the GUID."""
    model = {**BASIC, "flds": [{"name": "Front"}, {"name": "Key"}]}
    draft = Draft(
        models={"11": {**model, "tmpls": [{"name": "C", "qfmt": "{{Front}}", "afmt": ""}]}}
    )
    draft.note("[sound:a.mp3][sound:]\x1fterms/kernel")
    assert [f.where for f in found(draft, tmp_path)] == ["terms/kernel, Front"]


# Templates


@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("{{Front}}{{tts en_US:Front}}{{tts-voices:}}", "{{FrontSide}}{{hint:Back}}"),
        ("{{#Tags}}{{Front}}{{/Tags}}{{type:nc:Front}}", "{{^Back}}x{{/Back}}{{Deck}}"),
        ("{{Front}}<!-- {{Nothing}} -->", "{{furigana:Back}}{{Card}}{{Type}}{{Subdeck}}"),
        (
            '{{Front}}<img src="{{Back}}">',
            '[sound:{{Back}}]<a href="https://x.org/{{Front}}">x</a>',
        ),
    ],
)
def test_templates_that_are_fine(tmp_path: Path, front: str, back: str) -> None:
    """Special fields, known filters and comments bring no finding."""
    draft = template(front, back)
    draft.notes[0] = (1, "g", 11, 7, " t ", "[sound:a.mp3]\x1fb")
    assert found(draft, tmp_path) == []


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (template("{{Front}}<script>x</script>"), (Severity.WARNING, Code.SCRIPT)),
        (template("{{Front}}<b onclick=x>y</b>"), (Severity.WARNING, Code.SCRIPT)),
        (template("{{Front}}<iframe></iframe>"), (Severity.WARNING, Code.EMBED)),
        (template("{{Front}}<img src=//x.org/x.png>"), (Severity.ERROR, Code.REMOTE)),
        (template(css="@import url(https://x.org/x.css);"), (Severity.ERROR, Code.REMOTE)),
        (template(css="</style><script>"), (Severity.WARNING, Code.SCRIPT)),
        (template(css="a{background:url(_none.png)}"), (Severity.ERROR, Code.MISSING_MEDIA)),
        (template("{{#Front}}" * 200 + "{{/Front}}" * 200), (Severity.ERROR, Code.TEMPLATE)),
        (template("{{Front}}" * 5000), (Severity.ERROR, Code.TEMPLATE)),
        (Draft(models={"11": {**BASIC, "tmpls": []}}), (Severity.ERROR, Code.TEMPLATE)),
    ],
)
def test_templates_with_a_fault(
    tmp_path: Path, draft: Draft, expected: tuple[Severity, Code]
) -> None:
    """Scripts of a template's author are warned of, what they load from the net is an error."""
    said = {(f.severity, f.code) for f in found(draft, tmp_path)}
    assert expected in said
    assert {code for _, code in said} == {expected[1]}


def test_cloze_note_type_without_cloze(tmp_path: Path) -> None:
    """The front of a cloze note type must show its deletions."""
    model = {**CLOZE, "tmpls": [{"name": "C", "qfmt": "{{#c1}}{{Text}}{{/c1}}", "afmt": ""}]}
    assert [f.code for f in found(Draft(models={"11": BASIC, "12": model}), tmp_path)] == [
        Code.TEMPLATE
    ]


# Media


@pytest.mark.parametrize(
    "html",
    ["<img src=a.mp3>", '<audio src="a%2Emp3">', "[sound:a&period;mp3]", "<img srcset='a.mp3 2x'>"],
)
def test_ways_to_name_a_file(tmp_path: Path, html: str) -> None:
    """A file is used by ``[sound:…]``, ``src`` and ``srcset``, with entities and percent signs."""
    assert found(Draft().note(f"front{html}\x1fback"), tmp_path) == []


@pytest.mark.parametrize("name", ["_a.mp3", "latex-" + "0" * 40 + ".svg"])
def test_files_used_without_a_name(tmp_path: Path, name: str) -> None:
    """Files of templates and pictures of LaTeX need not be named."""
    assert found(Draft(media={"0": name}).note("front\x1fback"), tmp_path) == []


@pytest.mark.parametrize(
    "sound", ["[sound:]", "[sound: ]", "[sound:../a.mp3]", "[sound:http://x.org/a.mp3]"]
)
def test_broken_sounds(tmp_path: Path, sound: str) -> None:
    """A sound without a name, or with a path or an address for one, cannot be played."""
    assert [f.code for f in found(field(sound), tmp_path)] == [Code.SOUND]


@pytest.mark.parametrize(
    "name", ["a[b].mp3", "a:b.mp3", "a?.mp3", "x" * 121, "a.", "a ", "con", "NUL.mp3", "e\u0301"]
)
def test_names_that_anki_changes(name: str) -> None:
    """Each of Anki's rules for names has a word for what is wrong."""
    assert medianame.problem(name)


@pytest.mark.parametrize("name", ["a.mp3", "_a b.mp3", "é.mp3", "x" * 120, "console.mp3", "音.mp3"])
def test_names_that_anki_keeps(name: str) -> None:
    """Ordinary names are kept, spaces and other alphabets included."""
    assert medianame.problem(name) == ""


# HTML


@pytest.mark.parametrize(
    ("html", "danger"),
    [
        ("<SCRIPT/x>1</script>", Danger.SCRIPT),
        ("<img src=x onerror=alert(1)>", Danger.SCRIPT),
        ("<b>x</b><img/src='x'onerror=alert(1)", Danger.SCRIPT),
        ("<a href=' java\tscript&colon;alert(1)'>x</a>", Danger.SCRIPT),
        ("<a href='data:text/html,x'>x</a>", Danger.SCRIPT),
        ("<svg><a xlink:href='javascript:x'>y</a></svg>", Danger.SCRIPT),
        ("<svg><set attributeName=onclick to=x /></svg>", Danger.SCRIPT),
        ("<form><button formaction=javascript:x>y</button></form>", Danger.SCRIPT),
        ("<!--><img src=x onerror=y>-->", Danger.SCRIPT),
        ("<!-- --!><img src=x onerror=y>-->", Danger.SCRIPT),
        ("<svg><style><img src=x onerror=y></style></svg>", Danger.SCRIPT),
        ("<style></style x><img src=x onerror=y>", Danger.SCRIPT),
        ("<noscript><p title='</noscript><img src=x onerror=y>'></noscript>", Danger.SCRIPT),
        ("<![CDATA[><img src=x onerror=y>]]>", Danger.SCRIPT),
        ("<![x[<img src=x onerror=y>", Danger.SCRIPT),
        ("<b>\u0338 onclick=x>y</b>", Danger.SCRIPT),
        ("<object data=x></object>", Danger.EMBED),
        ("<embed src=x>", Danger.EMBED),
        ("<base href=x>", Danger.EMBED),
        ("<meta http-equiv=refresh content='0;url=x'>", Danger.EMBED),
        ("<img src=//x.org/y>", Danger.REMOTE),
        ("<img src='\\\\x.org\\y'>", Danger.REMOTE),
        ("<img src='ht\ntps://x.org/y'>", Danger.REMOTE),
        ("<img srcset='a.png 1x, https://x.org/y 2x'>", Danger.REMOTE),
        ("<video poster=https://x.org/y></video>", Danger.REMOTE),
        ("<table background=https://x.org/y></table>", Danger.REMOTE),
        ("<svg><image href=https://x.org/y /></svg>", Danger.REMOTE),
        ("<b style='background:u\\72l(https://x.org/y)'>x</b>", Danger.REMOTE),
        ("<style>@import 'https://x.org/y'</style>", Danger.REMOTE),
        ("<link rel=stylesheet href=https://x.org/y>", Danger.REMOTE),
        ("<img src=file:///etc/passwd>", Danger.REMOTE),
        ("<a title='x", Danger.UNCLOSED),
        ("<!-- x", Danger.UNCLOSED),
        ("<style>b {}", Danger.UNCLOSED),
        ("<b x=y>" * 60_000, Danger.UNCLOSED),
        ("<b x='" * 5_000, Danger.UNCLOSED),
    ],
)
def test_dangers_are_seen(html: str, danger: Danger) -> None:
    """Ways to run, embed and load, among them those that parsers disagree on."""
    assert danger in {kind for kind, _ in scan_html(html).dangers}


@pytest.mark.parametrize(
    "html",
    [
        "",
        "1 < 2 && 3 > 2",
        'a<br>b<div class="x">c</div>',
        "<a href='https://x.org'>x</a>",
        "<img src='data:image/png;base64,AAAA'>",
        "<p title='javascript: the good parts'>x</p>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<code>onclick=x</code>",
        "<!-- <script>x</script> -->",
        "<b style='color: red'>x</b>",
    ],
)
def test_harmless_html(html: str) -> None:
    """Ordinary HTML is no danger and names no file."""
    assert scan_html(html) == webscan.Scan()


def test_css() -> None:
    """A style sheet's fonts and pictures are files; comments are none."""
    css = "@import '_b.css'; /* url(x) */ a { src: url( '_c.woff' ), url(_d.png), url(data:x) }"
    assert scan_css(css) == webscan.Scan(files=("_b.css", "_c.woff", "_d.png"))


PIECES = st.sampled_from(
    [
        *("<", ">", "/", "'", '"', "=", " ", "!", "-", "--", "[", "]", "x", "&", ";", "\n"),
        *("<img ", "src=", "onerror=", "alert(1)", "<a ", "href=", "javascript:", "<!--", "-->"),
        *("--!>", "<style>", "</style>", "<svg>", "</svg>", "<p ", "title=", "<![CDATA[", "]]>"),
        *("<title>", "</title>", "<textarea>", "</textarea>", "<math>", "<b>", "</b>", "\u0338"),
    ]
)


def seen_by_a_browsers_parser(html: str) -> bool:
    """Whether html5ever, which reads HTML as browsers do, finds a handler or a script's address."""
    seen: list[str] = []

    def note(_: str, attribute: str, value: str) -> str:
        if attribute.startswith("onerror") or (
            attribute == "href" and value.strip().lower().startswith("javascript:")
        ):
            seen.append(attribute)
        return value

    tags = {"img", "a", "svg", "p", "title", "textarea", "math", "b", "style"}
    nh3.clean(
        html,
        tags=tags,
        clean_content_tags=set(),
        attributes={tag: {"onerror", "href", "src", "title", "x"} for tag in tags},
        attribute_filter=note,
        url_schemes={"javascript", "http"},
        link_rel=None,
    )
    return bool(seen)


@given(st.lists(PIECES, max_size=25).map("".join))
@example("<img src=x onerror=alert(1)>")
@example("<svg><style>x<img onerror=x>")
@example("<p onerror=\u0338x>")
@example("<img title== onerror=x>")
@example("<img = onerror=x>")
def test_no_parser_sees_more(html: str) -> None:
    """What a browser's parser finds to run is found here too, however broken the HTML is."""
    if seen_by_a_browsers_parser(html):
        assert scan_html(html).dangers


@given(st.lists(PIECES, max_size=25).map("".join) | st.text())
def test_any_text_is_read(text: str) -> None:
    """No text breaks the scanners."""
    scan_html(text)
    scan_css(text)
    list(webscan.sounds(text))


def test_markdown_descriptions_are_sanitised(tmp_path: Path) -> None:
    """A description in Markdown is Anki's to sanitise."""
    assert found(description("<script>x</script>", markdown=True), tmp_path) == []


def test_verdict_is_plain_data(tmp_path: Path) -> None:
    """What the command line prints can be made of a verdict."""
    verdict = verify(Draft(entries={}).write(tmp_path / "a.apkg"))
    assert json.dumps({str(code): count for code, count in verdict.counts.items()}) == (
        '{"AP010": 1}'
    )
