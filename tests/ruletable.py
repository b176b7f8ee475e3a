"""What is said of the bad example of each rule, and who says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import languagetable
import workbooks
from ankigen import build, checking
from ankigen.diagnostics import Code, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ankigen.diagnostics import Diagnostic

TERMS = "cards/basics/terms.yaml"
SENTENCES = "cards/basics/sentences.yaml"
WORDS = "notetypes/words/notetype.yaml"


def checked(root: Path) -> Sequence[Diagnostic]:
    """What a check says of a project."""
    return checking.check(root).diagnostics


def built(root: Path, *, lock: bool = False) -> Sequence[Diagnostic]:
    """What a build without sound says of a project."""
    try:
        return build.build(root, build.Options(sound=False, locked=lock)).warnings
    except SourceError as error:
        return error.diagnostics


def locked(root: Path) -> Sequence[Diagnostic]:
    """What a build without sound says that may not change the lock."""
    return built(root, lock=True)


def spoken(root: Path) -> Sequence[Diagnostic]:
    """What making its sounds says of a project."""
    return build.speak(root).warnings


@dataclass(frozen=True)
class Row:
    """What is said of the bad example of a rule.

    Attributes:
        said: Place, message and hint of each diagnostic of the rule, in order.
        by: Who says so.
        bad: Files that the page's bad example cannot show; None for one that is not there.
        good: Likewise of the good one.
        before: Done to a project of the good example, from which the bad one is then made.
        spoil: Done to the project of the bad example.
    """

    said: Sequence[tuple[str, str, str]]
    by: Callable[[Path], Sequence[Diagnostic]] = checked
    bad: Mapping[str, str | bytes | None] = field(default_factory=dict)
    good: Mapping[str, str | bytes | None] = field(default_factory=dict)
    before: Callable[[Path], object] | None = None
    spoil: Callable[[Path], object] = lambda _: None


def _linked(root: Path) -> None:
    """Put the terms outside and link to them."""
    (root / TERMS).rename(root.parent / "elsewhere.yaml")
    (root / TERMS).symlink_to(root.parent / "elsewhere.yaml")


_NAMES = ("id", "term", "definition")
_CAFE = "- id: cafe\n  term: café\n  definition: Where ideas come from.\n"
_WORD = {
    "notetypes/words/front.html": "{{Word}}",
    "notetypes/words/back.html": "{{FrontSide}}",
    "cards/basics/words.yaml": "- id: loop\n  word: loop\n",
}

TABLE: Mapping[Code, Row] = {
    Code.UNREADABLE: Row([(TERMS, "this is not a file", "remove it or rename it")]),
    Code.TOO_LARGE: Row(
        [
            (
                TERMS,
                "the file has 100 MB; at most 67 MB are read",
                "split it, for example into terms.a.yaml and terms.b.yaml",
            )
        ],
        bad={TERMS: b"#" * 100_000_000},
    ),
    Code.OUTSIDE: Row(
        [
            (
                TERMS,
                "this is a link that leads outside the project",
                "put a copy of the file here instead",
            )
        ],
        spoil=_linked,
    ),
    Code.NOT_UTF8: Row(
        [(f"{TERMS}:2:12", "this byte is not UTF-8", "save the file as UTF-8")],
        bad={TERMS: _CAFE.encode("cp1252")},
    ),
    Code.EMPTY: Row([(TERMS, "the file is empty", "write an entry or remove it")]),
    Code.NOT_A_SOURCE: Row(
        [
            (
                "cards/basics/terms.json",
                "'.json' files are not read",
                "save it as terms.xlsx, terms.csv or terms.yaml",
            )
        ]
    ),
    Code.FILE_NAME: Row(
        [
            (
                "cards/basics/terms.aux:1.yaml",
                "Windows cannot have this file: 'terms.aux:1.yaml' holds ':'",
                "rename it",
            )
        ]
    ),
    Code.YAML: Row(
        [
            (
                f"{TERMS}:3:23",
                "this is not valid YAML: mapping values are not allowed in this context",
                "text that contains ': ' must stand in quotes or after '>-'",
            )
        ]
    ),
    Code.TAB: Row(
        [(f"{TERMS}:2:1", "a tab stands where YAML allows only spaces", "indent with two spaces")],
        bad={TERMS: "- id: kernel\n\tterm: kernel\n"},
    ),
    Code.DUPLICATE_KEY: Row(
        [
            (
                f"{TERMS}:4:3",
                "the key 'definition' stands twice here",
                "the first is in line 3; keep one of them",
            )
        ]
    ),
    Code.ALIAS: Row(
        [
            (
                f"{TERMS}:4:10",
                "'*p' has no anchor '&p' before it",
                "text that starts with * must stand in quotes",
            )
        ]
    ),
    Code.TAG: Row(
        [
            (
                f"{TERMS}:3:15",
                "the YAML tag '!x' is not allowed here",
                "every value is plain text; text that starts with ! must stand in quotes",
            )
        ]
    ),
    Code.DEPTH: Row(
        [
            (
                f"{TERMS}:1:34",
                "values are nested more than 32 levels deep",
                "an entry needs no more than four levels",
            )
        ]
    ),
    Code.TABLE: Row(
        [
            (
                "cards/basics/terms.csv:2:15",
                "the quotation mark that opens this cell is not closed",
                'inside of quotes, write "" for a quotation mark',
            )
        ],
    ),
    Code.FORMULA: Row(
        [
            (
                "cards/basics/terms.xlsx!Terms:C2",
                "the result of this cell's formula is not in the file",
                "save the file in a spreadsheet program, or write the text itself",
            )
        ],
        bad={
            "cards/basics/terms.xlsx": workbooks.xlsx(
                {"Terms": [_NAMES, ("kernel", "kernel", workbooks.Formula("A2&B2"))]}
            )
        },
    ),
    Code.MERGED: Row(
        [
            (
                "cards/basics/terms.xlsx!Terms:B2",
                "the cells B2 to B3 are merged, so that only the first of them holds the text",
                "divide them, and write the text into each cell that should have it",
            )
        ],
        bad={
            "cards/basics/terms.xlsx": workbooks.xlsx(
                {
                    "Terms": [
                        _NAMES,
                        ("kernel", workbooks.Merged("kernel", high=2), "A function."),
                        ("warp", None, "A group of threads."),
                    ]
                }
            )
        },
    ),
    Code.HEADER: Row(
        [("cards/basics/terms.csv:1:9", "the column 'term' stands twice", "keep one of them")]
    ),
    Code.DETECTED: Row(
        [
            (
                "cards/basics/terms.csv",
                "the file is not UTF-8, so it is read as Windows-1252",
                "see that its accented letters are right, or better save it as UTF-8",
            )
        ],
        bad={"cards/basics/terms.csv": "id,term,definition\ncafe,café,A place.\n".encode("cp1252")},
    ),
    Code.UNKNOWN_KEY: Row(
        [(f"{TERMS}:3:3", "unknown key 'defintion'", "did you mean 'definition'?")]
    ),
    Code.MISSING_KEY: Row(
        [(f"{TERMS}:1:3", "the key 'definition' is missing", "add 'definition:' to this entry")]
    ),
    Code.WRONG_TYPE: Row(
        [(f"{TERMS}:4:11", "'topics' must be a list, but here is text", "write [kernels]")]
    ),
    Code.BAD_VALUE: Row([(f"{TERMS}:3:8", "'pos' cannot be 'nuon'", "did you mean 'noun'?")]),
    Code.DUPLICATE_ID: Row(
        [
            (
                f"{TERMS}:4:7",
                "the id 'kernel' is taken",
                "the first is at cards/basics/terms.yaml:1:7; ids are unique among all terms",
            )
        ]
    ),
    Code.UNKNOWN_REFERENCE: Row(
        [(f"{TERMS}:4:13", "there is no 'wrap' among the terms", "did you mean 'warp'?")]
    ),
    Code.GAP: Row(
        [
            (
                f"{SENTENCES}:3:9",
                "'lowering' is not found here, so there is no gap",
                "put {braces} around the word to learn",
            )
        ]
    ),
    Code.LONE_TOPIC: Row(
        [
            (
                f"{TERMS}:8:21",
                "no other entry is about 'threading'",
                "use a topic of other entries, or remove this one",
            )
        ]
    ),
    Code.TOPIC_SLIP: Row(
        [
            (
                f"{TERMS}:12:12",
                "'kernel' is nearly a topic of others: 2 entries are about 'kernels'",
                "use 'kernels'",
            )
        ]
    ),
    Code.FAR_EXAMPLE: Row(
        [
            (
                "cards/more/sentences.yaml:2:11",
                "'kernel' is taught in another category, 'basics'",
                "move the example to cards/basics, or name a term of its own category first",
            )
        ]
    ),
    Code.UNKNOWN_NOTE_TYPE: Row(
        [("cards/basics/term.yaml", "there is no note type 'term'", "did you mean 'terms'?")]
    ),
    Code.NO_CATEGORY_FILE: Row(
        [
            (
                "cards/more/category.yaml",
                "the folder 'more' has no category.yaml",
                "create it with one line, for example 'name: More'",
            )
        ]
    ),
    Code.UNKNOWN_CATEGORY: Row(
        [("ankigen.yaml:3:14", "there is no folder 'cards/basic'", "did you mean 'basics'?")]
    ),
    Code.UNLISTED_CATEGORY: Row(
        [
            (
                "ankigen.yaml:3:1",
                "the folder 'cards/more' is not in 'categories'",
                "add 'more' where it belongs in the study order, or move the folder away",
            )
        ]
    ),
    Code.NO_CARD: Row(
        [
            (
                "cards/basics/collocations.yaml:1:3",
                "collocations/approve-a-pr has no card that shows anything",
                "add the keys that its cards need, or more cards under 'cards'",
            )
        ]
    ),
    Code.EMPTY_CATEGORY: Row(
        [
            (
                "cards/more/category.yaml:1:1",
                "there is no entry in 'more', so its deck is empty",
                "write some, or take it out of 'categories' and its folder away",
            )
        ]
    ),
    Code.FEW_EXAMPLES: Row(
        [
            (
                f"{TERMS}:1:7",
                "only one sentence shows how 'kernel' is used",
                "write one that one would really say or write",
            )
        ]
    ),
    Code.UNSORTED: Row(
        [(f"{TERMS}:5:8", "'grid' has no 'level', which most terms have", "add 'level:'")]
    ),
    Code.STRAY: Row(
        [
            (
                "cards/terms.yaml",
                "nothing reads this file, because it lies in no category's folder",
                "move it into one, for example cards/basics",
            )
        ]
    ),
    Code.LEVEL_GAP: Row(
        [
            (
                "cards/basics/category.yaml:1:1",
                "nothing in 'basics' is 'working', between 'core' and 'advanced'",
                "add entries of that level, or look again at those beside it",
            )
        ]
    ),
    Code.HTML: Row(
        [
            (
                f"{TERMS}:3:15",
                "the HTML '<iostream>' does not reach the card",
                "to show it as text, put it into `backticks`",
            )
        ]
    ),
    Code.UNSAYABLE: Row(
        [
            (
                f"{TERMS}:2:9",
                "the voice cannot say 'term' of terms/arrow: it holds no word",
                "write it in Latin letters, or add 'say:' with what is to be said",
            )
        ]
    ),
    Code.RECORDING: Row(
        [
            (
                "audio/recordings/terms/kernle.wav",
                "there is no entry 'terms/kernle', so this recording is not used",
                "did you mean 'terms/kernel'?",
            )
        ]
    ),
    Code.STAND_IN: Row(
        [
            (
                "ankigen.yaml:5:12",
                (
                    "'other' stands in for 'default' in 2 of the clips: the engine hibari has"
                    " no voice 'nobody' offline"
                ),
                "build again when that voice can speak; learners then get its sound as an update",
            )
        ],
        by=spoken,
    ),
    Code.BUDGET: Row(
        [
            (
                "ankigen.yaml:4:9",
                "basics.apkg would have … bytes, more than its budget of 1,000",
                "raise the budget, or shorten what is spoken",
            ),
            (
                "ankigen.yaml:4:9",
                "small.apkg would have … bytes, more than its budget of 1,000",
                "raise the budget, or shorten what is spoken",
            ),
        ],
        by=built,
    ),
    Code.MEDIA: Row(
        [
            (
                "cards/basics/pictures.yaml:3:12",
                "there is no file 'media/lop.svg'",
                "put it beside the entry's file or in media/",
            )
        ]
    ),
    Code.VOICE_LANGUAGE: Row(
        [
            (
                "ankigen.yaml:4:11",
                "the voice 'default' speaks English, and the course is in German",
                "record its texts yourself, or build with --no-audio: docs/voices.md",
            )
        ],
    ),
    Code.UNUSED_MEDIA: Row(
        [
            (
                "media/loop.svg",
                "no entry and no template uses this file, so it is not packed",
                "name it in an entry, or remove it",
            )
        ]
    ),
    Code.LARGE_MEDIA: Row(
        [
            (
                "media/loop.png",
                "this file has 3.0 MB; 2 MB are plenty for a card",
                "scale it down, or save it in a format that compresses",
            )
        ],
        bad={"media/loop.png": bytes(3_000_000)},
    ),
    Code.UNKNOWN_FORM: Row(
        [
            (
                f"{TERMS}:2:9",
                "nothing says how to say 'SwiGLU'",
                "add it to pronunciations.yaml, or 'say:' to the entry",
            )
        ]
    ),
    Code.LINK: Row(
        [
            (
                f"{TERMS}:3:15",
                "the link to 'guide.html' is not to a page on the web",
                "write the whole address, with https://",
            ),
            (
                f"{TERMS}:4:11",
                "'htps://example.org/kernels' is no address of a page on the web",
                "write it as in https://example.org/page",
            ),
        ]
    ),
    Code.VOICE: Row(
        [
            (
                "ankigen.yaml:5:12",
                "the engine hibari has no voice 'hart' offline",
                "choose heart",
            )
        ]
    ),
    Code.NOTE_TYPE: Row([(f"{WORDS}:7:30", "entries have no key 'wrod'", "did you mean 'word'?")]),
    Code.TEMPLATE: Row(
        [
            (
                "notetypes/terms/recognition.back.html:1:15",
                "the note type has no field 'Defintion'",
                "did you mean 'Definition'?",
            )
        ]
    ),
    Code.LOCK: Row(
        [
            (
                "ankigen.lock:1:1",
                "this line is not one that 'ankigen build' writes",
                (
                    "restore the file from git, or run 'ankigen lock --from' with the released"
                    " packages"
                ),
            )
        ],
    ),
    Code.STALE_LOCK: Row(
        [
            (
                "ankigen.lock",
                "the note type terms does not look as it did in ankigen.lock",
                "run 'ankigen build' and commit ankigen.lock",
            ),
            (
                f"{TERMS}:1:3",
                "terms/kernel is not in ankigen.lock",
                "run 'ankigen build' and commit ankigen.lock",
            ),
        ],
        by=locked,
        good={"ankigen.lock": None},
        before=built,
    ),
    Code.SCHEMA: Row(
        [
            (
                WORDS,
                (
                    "the released note type 'words' would break: the field 'Sound' is new."
                    " Learners would get no update of any of its notes, and a second 'Word"
                    " (small course)+' for new ones"
                ),
                "put fields and cards back as they were released",
            )
        ],
        by=built,
        bad=_WORD,
        good=_WORD,
        before=built,
    ),
    Code.CARDS: Row(
        [
            (
                "cards/basics/collocations.yaml:1:3",
                (
                    "the released card 'Choose' of collocations/approve-a-pr would be gone;"
                    " learners who have it would see a blank one"
                ),
                "put back what made it: a key of the entry, or 'cards'; or change the entry's id",
            )
        ],
        by=built,
        before=built,
    ),
    Code.GUID: Row(
        [
            (
                "ankigen.yaml:1:5",
                (
                    "the course's id was 'small' and is 'small-course': learners would get the"
                    " released note a second time, as new cards, and no update of those that they"
                    " study"
                ),
                (
                    "write 'id: small'; or, if nobody has these decks yet or this is another"
                    " course, delete ankigen.lock"
                ),
            )
        ],
        by=built,
        before=built,
    ),
    Code.LOST_LOCK: Row(
        [
            (
                "ankigen.lock",
                (
                    "the lock of earlier builds is gone: all notes count as changed, so learners"
                    " would lose their own edits, and nothing is held to what was released"
                ),
                (
                    "before you publish these decks, get it back from git, or delete the new one"
                    " and run 'ankigen lock --from' with the packages that learners have; then"
                    " build again"
                ),
            )
        ],
        by=built,
        before=built,
        spoil=lambda root: (root / "ankigen.lock").unlink(),
    ),
    Code.SUPPRESSION: Row(
        [
            ("ankigen.yaml:6:7", "there is no reason why AG204 is ignored here", "add 'because:'"),
            (
                f"{TERMS}:1:1",
                "this comment does not say which rule is ignored, and why",
                "write it as '# ankigen: ignore AG204 because …', with the reason",
            ),
        ]
    ),
    Code.UNUSED_SUPPRESSION: Row(
        [(f"{TERMS}:1:1", "nothing here breaks AG204, so there is nothing to ignore", "remove it")]
    ),
    **{code: Row(said) for code, said in languagetable.SAID.items()},
}
