"""Rules about sentences."""

# Typographic signs are meant.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ankigen import inflection, markup, wording
from ankigen.diagnostics import Code
from ankigen.language import families, likeness, verbs
from ankigen.language.prose import OPAQUE, WORD
from ankigen.rules.rule import Found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ankigen.notetypespec import Role
    from ankigen.project import Project, Written
    from ankigen.wording import Passage, Wording

SHORTEST = 4
"""Words of a sentence; a shorter one shows nothing of how a term is used."""

LONGEST = 40
"""Words of a sentence; one that is longer hides the term."""

_SENTENCES: tuple[Role, ...] = ("example", "question")
_REPEATED: tuple[tuple[Role, float], ...] = (("example", likeness.ALIKE), ("definition", 100.0))
_BEGIN = re.compile(rf"[\"'“‘(\[]*(?:[^\W\d_a-z]|\d|{OPAQUE}|[a-z]+[A-Z_\d.]|[^\w\s])")
_END = re.compile(rf"[.!?:…][\"'”’)\]]*\Z|{OPAQUE}\Z")
_QUESTION = re.compile(
    r"(?:(?:Can|Could|Would|Will|Shall|Is|Are|Was|Were|Has|Isn't|Aren't|Doesn't|Didn't|Don't|Won't"
    r"|Can't|Couldn't|Wouldn't|Shouldn't|Hasn't|Haven't) (?:you|we|they|he|she|it|this|that|these|I"
    r"|there|anyone|someone|somebody)|(?:Do|Does|Did|Have) (?:you|we|they|he|she|I|anyone))\b"
    r"[^.!?]*\.\Z"
)
_INVERTED = re.compile(r"Were (?:it|he|she|I|they|we|this|that) ")
_PREFIX = 4  # letters that words of one family have in common: write, written
_LEAST = 4
_GAP = re.compile(r"\{([^{}]+)\}")


@rule(Code.SENTENCE_LENGTH, "very short or long sentence")
def sentence_length(project: Project) -> Iterator[Found]:
    """An example has fewer than 4 words, or a sentence of more than 40.

    Bad:
        cards/basics/terms.yaml
            - id: fuse
              term: fuse
              definition: To merge operators into one kernel.
        cards/basics/sentences.yaml
            - id: fuse-1
              terms: [fuse]
              text: We {fuse} them.

    Good:
        cards/basics/terms.yaml
            - id: fuse
              term: fuse
              definition: To merge operators into one kernel.
        cards/basics/sentences.yaml
            - id: fuse-1
              terms: [fuse]
              text: We {fuse} the bias into the matrix multiplication.
    """
    for passage in wording.of(project).of_roles("example"):
        length = len(passage.text.split())
        if length < SHORTEST:
            yield Found(
                passage.span,
                f"this example has {length} word{'' if length == 1 else 's'}",
                "show how the term is used: with what, by whom, what for",
            )
        elif length > LONGEST:
            longest = max(len(line.plain.split()) for line in markup.lines(passage.written))
            if longest > LONGEST:
                yield Found(
                    passage.span,
                    f"this sentence has {longest} words",
                    f"keep to {LONGEST}, or make two sentences of it",
                )


@rule(Code.NO_SENTENCE, "example that is no sentence")
def no_sentence(project: Project) -> Iterator[Found]:
    """An example is no whole sentence: it lacks its capital, its full stop or mark, or a verb.

    Bad:
        cards/basics/terms.yaml
            - id: fuse
              term: fuse
              definition: To merge operators into one kernel.
        cards/basics/sentences.yaml
            - id: fuse-1
              terms: [fuse]
              text: "we {fuse} the bias into the matrix multiplication"

    Good:
        cards/basics/terms.yaml
            - id: fuse
              term: fuse
              definition: To merge operators into one kernel.
        cards/basics/sentences.yaml
            - id: fuse-1
              terms: [fuse]
              text: We {fuse} the bias into the matrix multiplication.
    """
    words = wording.of(project)
    if words.variety is None:
        return
    names = {form for form in words.own if form.islower()}
    for passage in words.of_roles(*_SENTENCES):
        text = passage.text.strip()
        if not text:
            continue
        if not _BEGIN.match(text) and passage.words[0] not in names:
            yield Found(passage.span, "this sentence begins with a small letter", "write a capital")
        if not _END.search(text):
            yield Found(
                passage.span,
                "this sentence ends without a full stop",
                "end it with a full stop, a question mark or an exclamation mark",
            )
        elif _QUESTION.match(text) and not _INVERTED.match(text):
            yield Found(passage.span, "this question ends with a full stop", "write '?'")
        if passage.words and OPAQUE not in text and not verbs.any_verb(passage.words):
            yield Found(
                passage.span,
                "this sentence seems to have no verb",
                "write a whole sentence, as one would say or write it at work",
            )


@rule(Code.TERM_ABSENT, "sentence without its term")
def term_absent(project: Project) -> Iterator[Found]:
    """A sentence is said to show a term, but the term is not in it.

    Any form of the term will do, and its initials: *SSA* for *static single assignment*. What
    stands in braces is a form of the first term, however irregular: *dug* for *dig*.

    Bad:
        cards/basics/terms.yaml
            - id: fuse
              term: fuse
              definition: To merge operators into one kernel.
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        cards/basics/sentences.yaml
            - id: fuse-1
              terms: [fuse, kernel]
              text: We {fuse} the bias into the matrix multiplication.

    Good:
        cards/basics/terms.yaml
            - id: fuse
              term: fuse
              definition: To merge operators into one kernel.
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
        cards/basics/sentences.yaml
            - id: fuse-1
              terms: [fuse]
              text: We {fuse} the bias into the matrix multiplication.
    """
    words = wording.of(project)
    examples = _by_entry(words, "example")
    headwords = _by_entry(words, "headword") if examples else {}
    for named in project.references("illustrates"):
        texts = examples.get(named.entry.key)
        terms = headwords.get(f"{named.spec.to}/{named.text}")
        if texts and _marks(project, named, texts):
            continue
        if texts and terms and not any(_shows(t, term) for t in texts for term in terms):
            yield Found(
                named.span,
                f"the sentence does not use '{terms[0].text}'",
                "use the term in it, or do not name it here",
            )


@rule(Code.REPEATED_TEXT, "text that is there already")
def repeated_text(project: Project) -> Iterator[Found]:
    """Two examples are the same or nearly, or two definitions are the same.

    A learner who meets a sentence again learns the sentence, not the term.

    Bad:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
            - id: launch
              term: launch
              definition: To start a kernel.
        cards/basics/sentences.yaml
            - id: kernel-1
              terms: [kernel]
              text: The host can launch the next {kernel} while the first one is running.
            - id: launch-1
              terms: [launch]
              text: The host can {launch} the next kernel while the first one is still running.

    Good:
        cards/basics/terms.yaml
            - id: kernel
              term: kernel
              definition: A function that an accelerator runs.
            - id: launch
              term: launch
              definition: To start a kernel.
        cards/basics/sentences.yaml
            - id: kernel-1
              terms: [kernel, launch]
              text: The host can launch the next {kernel} while the first one is running.
            - id: launch-1
              terms: [launch]
              text: How long does it take to {launch} an empty kernel?
    """
    words = wording.of(project)
    for role, alike in _REPEATED:
        starts = [passage.start for passage in words.of_roles(role)]
        for twin in likeness.twins((passage.text for passage in words.of_roles(role)), alike):
            first, second = (words.passage(starts[at]) for at in (twin.first, twin.second))
            if first.source is second.source:
                continue
            what = "the same" if twin.same else "nearly the same"
            hint = "write another, or let one sentence show both terms"
            yield Found(
                second.span,
                f"{what} as the {role} at {first.span}",
                hint if role == "example" else "say what tells the two terms apart",
            )


@rule(Code.HINT_TELLS, "hint that tells the answer")
def hint_tells(project: Project) -> Iterator[Found]:
    """The hint in a gap holds the words that the learner is to find.

    Bad:
        cards/basics/terms.yaml
            - id: fuse
              term: fuse
              definition: To merge operators into one kernel.
        cards/basics/sentences.yaml
            - id: fuse-1
              terms: [fuse]
              text: We {fuse} the bias into the matrix multiplication.
              hint: fuse, not merge

    Good:
        cards/basics/terms.yaml
            - id: fuse
              term: fuse
              definition: To merge operators into one kernel.
        cards/basics/sentences.yaml
            - id: fuse-1
              terms: [fuse]
              text: We {fuse} the bias into the matrix multiplication.
              hint: merge, as wires do
    """
    words = wording.of(project)
    if not any(words.of_roles("hint")):
        return
    examples = _by_entry(words, "example")
    for hint in words.of_roles("hint"):
        given = families.bases(hint.words)
        for example in examples.get(hint.entry.key, ()) if hint.entry else ():
            for answer in _GAP.findall(example.written):
                if families.index(families.bases(WORD.findall(answer)), given) is not None:
                    message = f"the hint tells the answer, '{answer}'"
                    yield Found(hint.span, message, "say something about it instead")


def _by_entry(words: Wording, role: Role) -> dict[str, list[Passage]]:
    found: dict[str, list[Passage]] = {}
    for passage in words.of_roles(role):
        if passage.entry:
            found.setdefault(passage.entry.key, []).append(passage)
    return found


def _marks(project: Project, named: Written, texts: Sequence[Passage]) -> bool:
    """Whether an author has marked the form of a term, which is that of the first one named."""
    keys = project.note_types[named.entry.note_type].spec.entry
    return named.path[1:] in ((), (0,)) and any(
        keys[str(text.path[0])].finds.partition(".")[0] == named.path[0]
        and inflection.has_braces(text.written)
        for text in texts
    )


def _shows(sentence: Passage, term: Passage) -> bool:
    """Whether a term is in a sentence, in any form."""
    written, sought = sentence.text.lower(), term.text.lower()
    if sought in written or OPAQUE in sought:
        return True
    if sought.replace("-", " ") in written.replace("-", " "):
        return True
    found, parts = families.bases(sentence.words), families.bases(term.words)
    if not parts or any(len(part) >= _LEAST and part in found for part in parts):
        return True
    initials = "".join(word[0] for word in term.words).upper()
    if len(initials) > 1 and initials in sentence.text:
        return True
    # Irregular forms, and what is made of a word: "write" in "written", "fuse" in "fusion".
    # One of several words is enough: who writes of loops says "unrolling" alone.
    return any(_akin(part, word) for part in parts for word in found)


def _akin(part: str, word: str) -> bool:
    shared = min(len(part), _PREFIX)
    return shared >= _LEAST and part[: shared - 1] == word[: shared - 1]
