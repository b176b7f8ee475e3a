"""Notes of a note type that the project has → the entries that they were made from.

What a field holds is said by the note type: the value of a key, its sentences, or, where a template
made it, the key that it ``holds``. What cannot be read back (how a text is said, IPA) is made anew;
whether that comes to the same is seen when the entries are rendered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, TypeAlias

from ankigen import markup
from ankigen.importing import markdown
from ankigen.notetypespec import FILES, KEY_FIELD, REFERENCES
from ankigen.schema import SLUG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ankigen.importing.foreign import ForeignNote, ForeignType
    from ankigen.notetype import NoteType
    from ankigen.notetypespec import FieldSpec, KeySpec
    from ankigen.yamltext import Value

_KEY = re.compile(rf"[a-z0-9-]+/({SLUG[1:-1]})\Z")
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_WRONG = re.compile(r'name="choice" value="wrong"><span>(.*?)</span></label>', re.DOTALL)
_LINE = re.compile(r'<p class="line">(.*?) ?(?:\[sound:[^\]]*\])?</p>', re.DOTALL)
_FILE = re.compile(r'<img src="([^"<>]+)" alt="">|\[sound:([^\[\]]+)\]')

Titles: TypeAlias = "Mapping[str, Sequence[str]]"
"""The ids of a note type's entries by the HTML by which other notes name them."""


@dataclass(slots=True)
class Restored:
    """An entry in the making.

    Attributes:
        id: What ``Key`` says; empty where the note type has none.
        values: By key, without those below.
        names: By key of references: what the field holds.
        files: By key: the name of a file of the package.
        gathered: By name of a gathering: the HTML of the entries that the note shows, in order.
        problems: Field, what could not be read back, and from what.
    """

    id: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    gathered: dict[str, list[str]] = field(default_factory=dict)
    problems: list[tuple[str, str, str]] = field(default_factory=list)


def is_of(kind: ForeignType, note_type: NoteType) -> bool:
    """Whether a note type of a file is one that the project has."""
    spec = note_type.spec
    if kind.anatomy is not None and kind.identified:
        return kind.anatomy.id == spec.id
    names = tuple(f.name for f in spec.fields)
    unnamed = all(re.fullmatch(r"Field \d+", name) for name in kind.fields)
    return kind.name == spec.name and (
        kind.fields == names or (unnamed and len(kind.fields) <= len(names))
    )


def fields(note: ForeignNote, kind: ForeignType, note_type: NoteType) -> dict[str, str]:
    """What the fields of a note hold, by the names that the project gives them."""
    spec = note_type.spec
    if kind.anatomy is None:
        names = [f.name for f in spec.fields]
        return dict(zip(names, [*note.fields, *([""] * len(names))], strict=False))
    by_id = {f.id: at for at, f in enumerate(kind.anatomy.fields) if f.id is not None}
    by_name = {f.name: at for at, f in enumerate(kind.anatomy.fields)}
    places = {f.name: by_id.get(f.id, by_name.get(f.name, -1)) for f in spec.fields}
    return {name: note.fields[at] if at >= 0 else "" for name, at in places.items()}


def restore(held: Mapping[str, str], tags: Iterable[str], note_type: NoteType) -> Restored:
    """The entry of a note.

    Args:
        held: What its fields hold, by name.
        tags: Of the note.
        note_type: That of the project.
    """
    made = Restored()
    key = _KEY.match(held.get(KEY_FIELD, "")) if not note_type.spec.adopted else None
    made.id = key[1] if key else ""
    for spec in note_type.spec.fields:
        html = held.get(spec.name, "")
        name = spec.key or spec.lines or spec.holds
        if spec.holds in note_type.spec.gather:
            made.gathered[spec.holds] = _ITEM.findall(html[: markdown.MAX_CHARACTERS])
        elif html and name and name not in made.values:
            _read(spec, name, html, note_type, made)
    _read_tags(list(tags), note_type, made)
    return made


def _read(spec: FieldSpec, name: str, html: str, note_type: NoteType, made: Restored) -> None:
    key = note_type.spec.entry[name]
    if len(html) > markdown.MAX_CHARACTERS and key.type != "html":
        made.problems.append((spec.name, "a text that is too long to be read back", html))
        return
    if key.type in REFERENCES:
        made.names[name] = html
        return
    if key.type in FILES:
        found = _FILE.fullmatch(html)
        if found:
            made.files[name] = unescape(found[1] or found[2])
            return
    value = _lines(html) if spec.lines else _value(spec, html, key)
    if value:
        made.values[name] = value
        hint = _hint_key(note_type) if spec.holds and key.type == "gapped" else ""
        said = _said_hint(html, value) if hint and isinstance(value, str) else ""
        if said:
            made.values[hint] = said
    else:
        message = f"'{name}' cannot be read back from the field"
        made.problems.append((spec.name, message, html))


def _value(spec: FieldSpec, html: str, key: KeySpec) -> Value | None:  # noqa: PLR0911 - a return a type
    if key.type == "html":
        return html
    if key.type == "flag":
        return "true" if html == "1" else None
    if key.type == "choice":
        return unescape(html) if unescape(html) in key.choices else None
    if key.type == "slugs":
        return list(html.split(", "))
    if key.type == "texts":
        found = (_WRONG if _WRONG.search(html) else _ITEM).findall(html) or html.split(", ")
        texts = [markdown.exact(text, "text") for text in found]
        return [text for text in texts if text] if all(texts) else None
    if key.type == "gapped" and spec.holds and "{{c" in html:
        return markdown.exact(html, "gapped", lambda text: _cloze(text, html))
    return markdown.exact(html, key.type)


def _cloze(text: str, wanted: str) -> str | None:
    """A gapped text as a cloze deletion, with the hint that another has."""
    made = markup.gapped(text)
    return None if made is None else str(made.cloze(markup.inline(_said_hint(wanted, text))))


def _said_hint(html: str, text: str) -> str:
    """The hint of a cloze deletion, as a text; empty where it is what is shown without one."""
    hints = markdown.convert(html, "gapped").hints
    made = markup.gapped(text)
    if made is None or not hints or list(hints) == [markup.initials(a) for a in made.answers]:
        return ""
    return markdown.convert(markup.plain(hints[0]).html, "text").text


def _hint_key(note_type: NoteType) -> str:
    entry = note_type.spec.entry
    return next((key for key, said in entry.items() if said.role == "hint"), "")


def _lines(html: str) -> Value | None:
    """The sentences of a text that is spoken sentence by sentence."""
    texts = [markdown.exact(line, "text") for line in _LINE.findall(html)]
    found = [text for text in texts if text]
    if not found or len(found) != len(texts):
        return None
    joined = " ".join(found)
    same = [str(line.html) for line in markup.lines(joined)] == _LINE.findall(html)
    return joined if same else "\n\n".join(found)


def _read_tags(tags: list[str], note_type: NoteType, made: Restored) -> None:
    """Values that are tags; those that no key makes are the entry's own."""
    own = []
    prefixes = note_type.spec.tags
    for tag in tags:
        prefix, _, value = tag.partition("::")
        key = prefixes.get(prefix, "")
        spec = note_type.spec.entry.get(key)
        if not (value and spec and _take_tag(key, spec, value, made)):
            own.append(tag)
    if own:
        made.values["tags"] = list(own)


def _take_tag(key: str, spec: KeySpec, value: str, made: Restored) -> bool:
    """Whether a key makes a tag, which then is not written a second time."""
    if spec.type == "slugs":
        values = made.values.setdefault(key, [])
        if not isinstance(values, list) or not re.fullmatch(SLUG, value):
            return False
        if value not in values:
            values.append(value)
        return True
    known = made.values.get(key)
    if known is None:
        fitting = [choice for choice in spec.choices if "_".join(choice.split()) == value]
        if not fitting:
            return False
        made.values[key] = fitting[0]
        return True
    return isinstance(known, str) and "_".join(known.split()) == value


def title_field(note_type: NoteType) -> str:
    """The field by which templates of other note types name an entry."""
    spec = note_type.spec
    headwords = {key for key, said in spec.entry.items() if said.role == "headword"}
    keyed = [f for f in spec.fields if f.key]
    return next((f.name for f in keyed if f.key in headwords), keyed[0].name if keyed else "")


def resolve(html: str, known: Titles, own: str) -> tuple[list[str], list[str]]:
    """Ids of the entries that a field names, and the names that are nobody's.

    Args:
        html: What the field holds.
        known: The entries that it may name.
        own: Id of the entry itself, which names another of its name if there is one.
    """
    found: list[str] = []
    strange: list[str] = []
    parts = html.split(", ")
    at = 0
    while at < len(parts):
        ids, end = next(_named(parts, at, known), ((), at + 1))
        if ids:
            found.append(next((one for one in ids if one != own), ids[0]))
        else:
            strange.append(parts[at])
        at = end
    return found, strange


def _named(parts: Sequence[str], at: int, known: Titles) -> Iterator[tuple[Sequence[str], int]]:
    """Ids that the parts from one on name, the longest name first, and where it ends."""
    for end in range(min(len(parts), at + 6), at, -1):  # a name with five commas is none
        name = ", ".join(parts[at:end])
        if name in known:
            yield known[name], end
