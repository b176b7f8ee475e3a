"""British and American spelling: which of two spellings a course's variety writes.

Pairs come from the package ``eng``, of which only the list is read; the families of *-ise* and
*-yse* are known by rule, because the verbs of a field (*bufferise*) are in no list.
"""

from __future__ import annotations

import functools
import re
from enum import StrEnum
from typing import TYPE_CHECKING

from ankigen.language import wheel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PREFIX = re.compile(
    r"(?:un|re|de|dis|mis|non|pre|sub|auto|co|inter|multi|out|over|under|super|hyper|micro)(?=\w{4})"
)
_ENDING = r"(e|es|ed|er|ers|ing|able|ability|ation|ations|ational)"
_ISE = re.compile(rf"(\w{{2,}})is{_ENDING}")
_IZE = re.compile(rf"(\w{{2,}})iz{_ENDING}")
_NEVER_ISE = re.compile(
    r"(?:re|down|up|over|under|out|super|mid|cap|as|right|full)?s|(?:dis)?se|pr|ma|ba|fri|bel|pf"
)
_NEVER_IZE = frozenset({"prise", "prises", "prised", "prising"})
# Both forms of these are right in Britain, or mean something else there.
_BRITISH_TOO = frozenset(
    """
    almanac almanacs analog analogs antennas balk balked balking balks banister banisters bevies
    bevy binging bougainvillea bougainvilleas bussing busses caliper calipers checker checkers
    checkbox checks chili chimera chimeras cipher ciphers connection connections coupe curriculums
    dialog dialogs dialed dialer disk disks draft drafts dreamed encyclopedia encyclopedias
    encyclopedic fetal fetus fetuses fetid filet filets filter filters formulas fourth gage gaged
    gages gaging gasses gluing griffin griffins groin groins guerilla gypsies hauler homeopath
    homeopathic homeopaths homeopathy inflection inflections install installs jail jailbird jailed
    jailer jailers jailing jails jailbreak judgment kilogram kilograms leaped learned license
    licensed licenses licensing likable medieval meter meters milligram milligrams centigram
    centigrams misspelled neuron pajama phony pouf poufs practice practices premiere presidium
    primeval program programs pummel pummeled quint sheik siphon siphoned siphoning siphons sled
    specialty spelled spilled spoiled story stories taffy tire tires ton tons upcoming usable
    useable vise wagon wagons yogurt yogurts infeasible airplane airplanes transportation biased
    movie garbage railroad drugstore persnickety ladybug mailbox sidewalk sanitarium estrogen
    clarinetist tidbit donut shivaree scalawag calisthenics esthetic esthetics catalog catalogs
    globaly simultanous dealed kneeled lighted curb check checkered checkerboard eon eons edema
    micrometer micrometers vectorisation flashlight upscale prolog prologs pizzazz disky orch
    """.split()
)
# Both forms of these are right in America, or mean something else there.
_AMERICAN_TOO = frozenset(
    """
    aesthete aesthetes aesthetic aesthetically aesthetics almanack analogue analogues antennae
    archaeological archaeologically archaeologist archaeologists archaeology axe bannister battleaxe
    bingeing buses calibre cancellation cancellations catalogue catalogues curricula cypher dealt
    dialogue dialogues disc discs doughnut draughts dreamt encyclopaedia epilogue epilogues fillet
    filleted fillets film forthcoming formulae furore gases gauge gauges glamour globally gramme
    guerrilla haulier instal knelt ladybird letterbox likeable lit louvre minibuses monologue
    monologues omelette omelettes orch pavement pernickety petrol pharmacy phoney postman prologue
    prologues pyjamas quarter quin railway rubbish sanatorium scallywag simultaneous sleigh smoulder
    sombre speciality storey tights toffee tonne tonnes tram transport travelogue travelogues
    unfeasible upmarket usable vectorization vice woolly worshipped worshipper worshipping yoghurt
    sceptre theatregoer judgement mould analyses catalyses paralyses psychoanalyses sheikh
    pummelled pummelling philtre philtres tranquilly snowploughs discy groyne groynes busing
    charivari pzazz edoema tickbox windscreen gryphon gryphons cheques chequebook chequebooks
    """.split()
)


class Variety(StrEnum):
    """Which spelling a course writes.

    ``OXFORD`` is British with *-ize*, as ``en-GB-oxendict`` asks for; ``ANY`` takes either.
    """

    BRITISH = "British"
    OXFORD = "British (Oxford)"
    AMERICAN = "American"
    ANY = "any"


_BRITISH = ("GB", "AU", "NZ", "IE", "ZA", "IN", "UK", "SG", "HK", "MT")
_AMERICAN = ("US", "PH", "PR", "LR")


def of(language: str) -> Variety | None:
    """The variety of a BCP 47 tag; None where it is not English.

    >>> of("en-GB"), of("en"), of("pt-BR")
    (<Variety.BRITISH: 'British'>, <Variety.ANY: 'any'>, None)
    """
    primary, *others = language.split("-")
    if primary.lower() not in ("en", "eng"):
        return None
    marks = {mark.upper() for mark in others}
    if "OXENDICT" in marks or "OED" in marks:
        return Variety.OXFORD
    if marks.intersection(_BRITISH):
        return Variety.BRITISH
    return Variety.AMERICAN if marks.intersection(_AMERICAN) else Variety.ANY


def respelt(word: str, variety: Variety, known: Callable[[str], bool]) -> str | None:
    """How the variety spells a word that is written as the other one does; None where it is right.

    Args:
        word: In lower case.
        variety: That of the course.
        known: Whether a word, in lower case, is in use in one of the varieties.

    >>> respelt("unlabeled", Variety.BRITISH, known=lambda word: True)
    'unlabelled'
    """
    if variety is Variety.ANY:
        return None
    american = variety is Variety.AMERICAN
    found = _listed(word, american=american)
    if found is None:
        prefix = _PREFIX.match(word)
        rest = _listed(word[prefix.end() :], american=american) if prefix else None
        found = prefix[0] + rest if prefix and rest else _by_rule(word, variety, known)
    if variety is Variety.OXFORD:
        # Of a word with both endings, Oxford wants the one in z.
        ize = _by_rule(found or word, Variety.AMERICAN, known)
        found = ize or found
    return None if found == word else found


def _listed(word: str, *, american: bool) -> str | None:
    british, americans = spellings()
    return americans.get(word) if american else british.get(word)


def _by_rule(word: str, variety: Variety, known: Callable[[str], bool]) -> str | None:
    """The other ending of a verb in *-ise* or *-ize*, and of what is made of it."""
    if variety is Variety.BRITISH:
        match = _IZE.fullmatch(word)
        return f"{match[1]}is{match[2]}" if match and not _NEVER_ISE.fullmatch(match[1]) else None
    match = _ISE.fullmatch(word)
    if not match or word in _NEVER_IZE or match[1].endswith("w"):  # "pairwise"
        return None
    ize = f"{match[1]}iz{match[2]}"
    # The dictionary has every common word in -ise that is never written otherwise: "advise".
    return ize if known(ize) or not known(word) else None


@functools.cache
def spellings() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """American → British, and British → American: single words that one of them does not write."""
    british: dict[str, str] = {}
    american: dict[str, str] = {}
    for line in wheel.read("eng", "words.txt").splitlines():
        gb, _, us = (part.strip() for part in line.partition("\t"))
        if not (gb.isalpha() and us.isalpha() and gb.isascii() and us.isascii()):
            continue
        if us not in _BRITISH_TOO and gb != us:
            british.setdefault(us, _IZE.sub(r"\1is\2", gb))  # a few are Oxford's
        if gb not in _AMERICAN_TOO and not _IZE.fullmatch(gb):
            american.setdefault(gb, us)
    return british, american
