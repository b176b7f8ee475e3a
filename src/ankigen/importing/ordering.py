"""The order of entries in their files, as far as a package tells it.

Cards are numbered in the order of study, in which an entry may stand behind those that it shows in
use. Where it stood in its file is seen where notes show some of the entries that refer to them: in
the order of the files.
"""

from __future__ import annotations

import heapq
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from ankigen import markup
from ankigen.importing.drafts import title_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ankigen.importing.drafts import Draft


def ordered(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts as they stood in their files.

    Args:
        drafts: In the order of study.
    """
    if not any(draft.shown for draft in drafts):
        return list(drafts)
    return _sorted(drafts, [*_shown(drafts), *_neighbours(drafts)])


def _shown(drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Draft]]:
    """Pairs that a note shows one after the other."""
    by_html: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        note_type = draft.route.note_type
        text = draft.values.get(title_key(note_type))
        made = markup.marked(text) if isinstance(text, str) else None
        if made is not None:
            by_html.setdefault((note_type.name, str(made.__html__())), draft)
    for draft in drafts:
        for name, htmls in draft.shown.items():
            said = draft.route.note_type.spec.gather[name]
            found = [d for html in htmls if (d := by_html.get((said.source, html)))]
            # Those that name it first come first, whatever the files say.
            for _, alike in groupby(found, key=lambda d: _place(d, said.by, draft.id)):
                yield from pairwise(list(alike))


def _place(draft: Draft, key: str, target: str) -> int:
    named = _named(draft, key)
    return named.index(target) if target in named else -1


def _named(draft: Draft, key: str) -> list[str]:
    value = draft.values.get(key, [])
    return [value] if isinstance(value, str) else [name for name in value if isinstance(name, str)]


def _neighbours(drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Draft]]:
    """Pairs that are studied one after the other because they stand so in a file."""
    places = {(d.route.note_type.name, d.note.deck, d.id): at for at, d in enumerate(drafts)}
    last: dict[tuple[str, str, int], Draft] = {}
    for draft in drafts:
        spec = draft.route.note_type.spec
        deck = draft.note.deck
        anchor = -1
        if spec.follows:
            to = spec.entry[spec.follows].to
            names = _named(draft, spec.follows)
            anchor = max((places.get((to, deck, name), -1) for name in names), default=-1)
        key = draft.route.note_type.name, deck, anchor
        if key in last:
            yield last[key], draft
        last[key] = draft


def _sorted(drafts: Sequence[Draft], pairs: Iterable[tuple[Draft, Draft]]) -> list[Draft]:
    """The drafts in an order that keeps each pair, and else their own as far as it can be."""
    places = {id(draft): at for at, draft in enumerate(drafts)}
    after: dict[int, list[int]] = {}
    waits = [0] * len(drafts)
    for one, other in {(places[id(a)], places[id(b)]) for a, b in pairs}:
        after.setdefault(one, []).append(other)
        waits[other] += 1
    ready = [at for at, count in enumerate(waits) if not count]
    made: list[int] = []
    while ready:
        at = heapq.heappop(ready)
        made.append(at)
        for other in after.get(at, ()):
            waits[other] -= 1
            if not waits[other]:
                heapq.heappush(ready, other)
    if len(made) < len(drafts):  # what notes show contradicts itself
        return list(drafts)
    return [drafts[at] for at in made]
