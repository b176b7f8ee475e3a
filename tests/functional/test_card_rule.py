"""Which cards a note has: our rule against the real Anki's, over templates and fields."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankigen import ankitemplate, package
from ankigen.diagnostics import Span
from ankigen.model import Note, Origin
from ankigen.notetype import Card, NoteType
from ankigen.notetypespec import NoteTypeSpec, entry_schema
from backend import add_note, add_note_type, empty_collection, import_package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from anki.collection import Collection

FIELDS = ("Front", "Back", "Control")
NAMES = itertools.count()
FILLED = {"Front": "x", "Back": ""}


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection that the tests of this file share."""
    with empty_collection(tmp_path_factory.mktemp("rule")) as opened:
        yield opened


def ankis(
    collection: Collection,
    fronts: Sequence[str],
    fields: Mapping[str, str],
    tags: Sequence[str] = (),
    *,
    cloze: bool = False,
) -> set[int]:
    """The cards that Anki makes for a new note."""
    name = f"Rule {next(NAMES)}"
    note_type = add_note_type(collection, name, list(fields), fronts, cloze=cloze)
    return {card.ord for card in add_note(collection, note_type, fields, tags=tags).cards()}


def ours(fronts: Sequence[str], fields: Mapping[str, str], tags: Sequence[str] = ()) -> set[int]:
    """The cards that we write; a template that Anki cannot read makes none."""
    parsed = []
    for front in fronts:
        try:
            parsed.append(ankitemplate.parse(front))
        except ankitemplate.TemplateError:
            parsed.append(())
    return set(ankitemplate.standard_cards(parsed, fields, tags=bool(tags)))


def assert_same(
    collection: Collection, front: str, filling: Mapping[str, str], tags: Sequence[str] = ()
) -> None:
    """Compare on a note type whose first card always exists, so that the second tells."""
    fronts = ["{{Control}}", front]
    fields = {name: {**FILLED, "Control": "z", **filling}[name] for name in FIELDS}
    assert ours(fronts, fields, tags) == ankis(collection, fronts, fields, tags)


TEMPLATES = [
    *("{{Front}}", "{{Back}}", "no field", ""),
    "{{ Front }}",
    "{{\u00a0Front\u00a0}}",
    "{{front}}",
    "{{Front",
    "{{Front}} {{Back",
    "{{Front}}{{",
    "{{}}",
    "{{:Front}}",
    "{{{Front}}}",
    "{{{{Front}}}}",
    "{{ {Front}}",
    "x }} {{Front}}",
    "{{Fro\nnt}}",
    # Filters
    "{{type:Front}}",
    "{{type:nc:Front}}",
    "{{hint:Front}}",
    "{{text:Front}}",
    "{{text: Front}}",
    "{{ text:Front}}",
    "{{furigana:Front}}",
    "{{kana:hint:Front}}",
    "{{cloze:Front}}",
    "{{cloze-only:Front}}",
    "{{tts en_US voices=a,b:Front}}",
    "{{tts-voices:}}",
    "{{unknown:Front}}",
    "{{type:Back}}",
    # Sections
    "{{#Front}}{{Front}}{{/Front}}",
    "{{#Front}}text alone{{/Front}}",
    "{{#Back}}{{Front}}{{/Back}}",
    "{{^Back}}{{Front}}{{/Back}}",
    "{{^Front}}{{Front}}{{/Front}}",
    "{{# Front }}{{Front}}{{/ Front }}",
    "{{#Front}}{{Back}}{{^Back}}{{Control}}{{/Back}}{{/Front}}",
    "{{#Front}}{{#Back}}{{Front}}{{/Back}}{{/Front}}",
    "{{^Nope}}{{Front}}{{/Nope}}",
    "{{#Nope}}{{Front}}{{/Nope}}",
    "{{{#Front}}{{Front}}{{/Front}}",
    "{{#}}{{Front}}",
    "{{/}}{{Front}}",
    "{{^}}{{Front}}",
    "{{Front}}{{/Front}}",
    "{{Front}}{{#Front}}",
    "{{#Front}}{{Front}}{{/Back}}",
    "{{#Front}}{{^Back}}{{Front}}{{/Front}}{{/Back}}",
    # Comments
    "<!-- {{Front}} -->",
    "<!-- {{Front}}",
    "<!---->{{Front}}",
    "<!-->{{Front}}-->",
    "<!-- {{#Front}} -->{{Front}}",
    "{{#Front}}<!-- {{/Front}} -->{{Front}}{{/Front}}",
    "<!-- <!-- {{Front}} -->",
    "<!--\n{{Front}}\n-->{{Back}}",
    "{{<!-- x -->Front}}",
    "{{Front}}{{Back <!-- }} -->",
    # Special fields
    "{{FrontSide}}",
    "{{Deck}}",
    "{{Subdeck}}",
    "{{Card}}",
    "{{CardFlag}}",
    "{{CardID}}",
    "{{Type}}",
    "{{#Deck}}{{Front}}{{/Deck}}",
    "{{^Card}}{{Front}}{{/Card}}",
    "{{^FrontSide}}{{Front}}{{/FrontSide}}",
    # The syntax of old
    "{{=<% %>=}}<%Front%>",
    " {{=<% %>=}} <%#Front%><%Front%><%/Front%>",
    "{{=<% %>=}}<%Back%>",
    "{{=<% %>=}}{{Front}}",
    "{{=<% %>=}}<!-- <%Front%> -->",
]
"""Every construct of a front template, right and wrong."""


@pytest.mark.parametrize("front", TEMPLATES)
def test_templates(collection: Collection, front: str) -> None:
    """Every construct of a front template."""
    assert_same(collection, front, {})


@pytest.mark.parametrize("tags", [(), ("one",)])
@pytest.mark.parametrize(
    "front",
    [
        "{{Tags}}",
        "{{#Tags}}{{Front}}{{/Tags}}",
        "{{^Tags}}{{Front}}{{/Tags}}",
        "{{#Tags}}{{Tags}}{{/Tags}}",
        "{{#Tags}}{{Back}}{{/Tags}}",
    ],
)
def test_tags(collection: Collection, front: str, tags: Sequence[str]) -> None:
    """Tags are a field that is filled where the note has some."""
    assert_same(collection, front, {}, tags)


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "\n\t\r", "\x0b\x0c", "\u00a0", "\u3000", "\u200b", "&nbsp;", "&#32;", "0"),
        *("<br>", "<BR>", "<br/>", "<br />", "<br  >", "</br>", "<br\n>", "<br clear=all>"),
        *("<div></div>", "<div><br></div>", " <Div > </diV>", "<div class=x></div>"),
        *("<d\u0131v>", "<D\u0130V>", "<p></p>", "<span></span>", "<hr>", "<b></b>", "<!-- -->"),
        *("<img src=x>", "[sound:x.mp3]", "{{c1::}}", "<br>x", "x<div>", "<", "<br"),
    ],
)
def test_emptiness(collection: Collection, value: str) -> None:
    """White space, line breaks and divisions are nothing; all else is something."""
    assert_same(collection, "{{Front}}", {"Front": value})
    assert_same(collection, "{{^Front}}{{Control}}{{/Front}}", {"Front": value})


def test_the_first_card_is_kept(collection: Collection) -> None:
    """A note none of whose cards shows anything has its first."""
    fields = {"Front": "", "Back": "<br>"}
    for fronts in (["{{Front}}", "{{Back}}"], ["{{^Back}}x{{/Back}}", "{{#Back"], ["{{/a}}"]):
        assert ours(fronts, fields) == ankis(collection, fronts, fields) == {0}


NESTED = "".join(f"{{{{c{number}::" for number in range(1, 14))


CLOZES = [
    "no cloze",
    "{{c1::a}}",
    "{{c3::a}} {{c1::b}}",
    "{{c1::a::hint}}",
    "{{c1::a {{c2::b}} c}}",
    "{{c1::a::{{c2::b}}}}",
    "{{c1,2::a}}",
    "{{c,,2,1::a}}",
    "{{c1,::a}}",
    "{{c,::a}}",
    "{{c::a}}",
    "{{c2::a",
    "{{c2::a}",
    "{{c2::a {{c3::b}}",
    "}} {{c2::a}}",
    "{{c2::}}",
    "{{{c2::a}}}",
    "{{c0::a}}",
    "{{c0::a}} {{c3::b}}",
    "{{c0::{{c2::b}}}}",
    "{{c02::a}}",
    "{{c000000002::a}}",
    "{{c500::a}}",
    "{{c501::a}}",
    "{{c65535::a}}",
    "{{c65536::a}} {{c2::b}}",
    "{{c65536::a {{c2::b}}",
    "{{c2,70000::a}}",
    f"{{{{c{'9' * 5000}::a}}}} {{{{c2::b}}}}",
    "{{C2::a}}",
    "{{c2 ::a}}",
    "{{c2:a}}",
    "{{c+2::a}}",
    "{{c\u0663::a}}",
    "<!-- {{c2::a}} -->",
    r"\({{c2::a}}\)",
    "{{c2::image-occlusion:rect:left=1}}",
    NESTED + "}}" * 13,
    NESTED + "}}" * 10,
    NESTED + "}}" * 9,
]
"""Every way to write a deletion, right and wrong."""


@pytest.mark.parametrize("text", CLOZES)
def test_clozes(collection: Collection, text: str) -> None:
    """Every way to write a deletion, right and wrong."""
    fields = {"Front": text, "Back": ""}
    assert set(ankitemplate.cloze_cards(fields.values())) == ankis(
        collection, ["{{cloze:Front}}"], fields, cloze=True
    )


@pytest.mark.parametrize(
    "front", ["{{cloze:Front}}", "{{Front}}", "{{#Back}}{{cloze:Front}}{{/Back}}", "{{cloze:Back}}"]
)
def test_clozes_of_any_field(collection: Collection, front: str) -> None:
    """Deletions count in every field, whatever the template shows."""
    for fields in (
        {"Front": "{{c1::a}}", "Back": "{{c2::b}}"},
        {"Front": "a", "Back": "{{c3::b}}"},
    ):
        assert set(ankitemplate.cloze_cards(fields.values())) == ankis(
            collection, [front], fields, cloze=True
        )


def _sections(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from(["Front", "Back", "Tags", "Nope"])
    return st.builds(
        lambda kind, name, child: f"{{{{{kind}{name}}}}}{child}{{{{/{name}}}}}",
        st.sampled_from("#^"),
        names,
        inner,
    ) | st.lists(inner, max_size=3).map("".join)


LEAVES = st.sampled_from(
    [
        *("text", "{{Front}}", "{{hint:Back}}", "{{Tags}}", "{{Nope}}", "{{Deck}}", "{{/Front}}"),
        *("{{type:Front}}", "{{text:Back}}", "{{cloze:Front}}", "{{furigana: Back }}"),
        *("{{tts en_US:Front}}", "{{ Front }}\n", "{{FrontSide}}"),
        *("<!-- {{Back}} -->", "<!--", "-->", "{{", "}}"),
    ]
)
VALUES = st.sampled_from(["", "x", "<br>", "&nbsp;", " "])
MANY = settings(max_examples=200, deadline=None)


@given(st.recursive(LEAVES, _sections, max_leaves=8), VALUES, VALUES, st.sampled_from([(), ("a",)]))
@MANY
def test_any_template(
    collection: Collection, front: str, first: str, second: str, tags: Sequence[str]
) -> None:
    """Any template on any filling of its fields."""
    assert_same(collection, front, {"Front": first, "Back": second}, tags)


@given(st.lists(st.sampled_from(["{{c1::", "{{c2,3::", "{{c0::", "}}", "}", "a", "::"])))
@MANY
def test_any_cloze(collection: Collection, pieces: list[str]) -> None:
    """Any sequence of openings and closings."""
    fields = {"Front": "".join(pieces)}
    assert set(ankitemplate.cloze_cards(fields.values())) == ankis(
        collection, ["{{cloze:Front}}"], fields, cloze=True
    )


def parses(front: str) -> bool:
    """Whether Anki, and so ours, can read a template."""
    try:
        ankitemplate.parse(front)
    except ankitemplate.TemplateError:
        return False
    return True


READABLE = [front for front in TEMPLATES if parses(front)]
FILLINGS = list(itertools.product(["", "x", "<br>", "&nbsp;"], ["", "x"]))


def matrix(*, cloze: bool) -> NoteType:
    """A note type with a card for each template, or one of clozes."""
    fronts = ["{{cloze:Front}}"] if cloze else READABLE
    names = [*FIELDS, "Key"]
    spec = NoteTypeSpec.model_validate(
        {
            "id": 1795000000001 + cloze,
            "name": "Clozes" if cloze else "Matrix",
            "help": "x",
            "kind": "cloze" if cloze else "standard",
            "entry": {},
            "fields": [{"id": 1 + i, "name": name} for i, name in enumerate(names)],
            "cards": [
                {"id": 1 + i, "name": f"Card {i + 1}", "front": "f", "back": "b"}
                for i, _ in enumerate(fronts)
            ],
        }
    )
    cards = tuple(
        Card(made.id, made.name, front, "{{FrontSide}}", ankitemplate.parse(front))
        for made, front in zip(spec.cards, fronts, strict=True)
    )
    return NoteType(
        "clozes" if cloze else "matrix", Origin("x"), spec, cards, "", entry_schema("x", spec)
    )


def noted(kind: NoteType, index: int, fields: Sequence[str], tags: Sequence[str] = ()) -> Note:
    """A note with the cards that we give it."""
    key = f"{kind.name}/{index}"
    return Note(
        key=key,
        guid=key,
        note_type=kind.name,
        category="all",
        fields=(*fields, key),
        tags=tuple(tags),
        cards=kind.cards_of((*fields, key), tags=bool(tags)),
        clips=(),
        position=index,
        span=Span("f"),
    )


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Collection, list[Note]]]:
    """Notes of every template, filling and cloze from a package of ours, in a learner's hands."""
    folder = tmp_path_factory.mktemp("matrix")
    kinds = {kind.name: kind for kind in (matrix(cloze=False), matrix(cloze=True))}
    notes = [
        noted(kinds["matrix"], index, (front, back, "z"), tags)
        for index, ((front, back), tags) in enumerate(itertools.product(FILLINGS, [(), ("one",)]))
    ]
    notes += [noted(kinds["clozes"], index, (text, "", "z")) for index, text in enumerate(CLOZES)]
    path = folder / "matrix.apkg"
    with path.open("wb") as stream:
        package.write(stream, [package.Deck("Matrix", "", notes)], kinds, {})
    with empty_collection(folder) as opened:
        log = import_package(opened, path)
        assert len(log.new) == len(notes)
        yield opened, notes


def test_packages_have_the_cards_that_anki_makes(
    imported: tuple[Collection, list[Note]],
) -> None:
    """The cards of each note of a package are those of the same note written in Anki by hand."""
    opened, notes = imported
    assert len(READABLE) >= 40
    for ours_made in notes:
        (identifier,) = opened.find_notes(f'"Key:{ours_made.key}"')
        brought = opened.get_note(identifier)
        fields = dict(zip([*FIELDS, "Key"], ours_made.fields, strict=True))
        by_hand = add_note(opened, brought.mid, {**fields, "Key": "mine"}, tags=ours_made.tags)
        made = {card.ord for card in by_hand.cards()}
        opened.remove_notes([by_hand.id])
        assert {card.ord for card in brought.cards()} == set(ours_made.cards) == made, ours_made


def test_database_check_adds_and_deletes_none(
    imported: tuple[Collection, list[Note]],
) -> None:
    """Anki, asked to put the collection right, leaves all cards as they are."""
    opened, _ = imported
    assert opened.db
    before = opened.db.all("select nid, ord from cards order by nid, ord")
    _, whole = opened.fix_integrity()
    assert whole
    assert opened.db.all("select nid, ord from cards order by nid, ord") == before
