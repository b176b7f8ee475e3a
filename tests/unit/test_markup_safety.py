"""Nothing that a text holds can run, load, embed or restyle on a learner's machine."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankigen import markup

ALLOWED_ATTRIBUTES = {"href", "title", "rel", "lang", "dir", "start", "class"}
ALLOWED_SCHEMES = {"", "http", "https"}
OURS = {"gap", "blank"}
"""The classes that gaps get, the only ones there are."""


class _Inspector(HTMLParser):
    """Collects whatever the allow-list should have removed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element and its attributes."""
        if tag not in markup.TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ALLOWED_ATTRIBUTES:
                self.found.append(f"{tag} {name}")
            if name == "class" and value not in OURS:
                self.found.append(f"{tag} class={value}")
            if name == "href" and urlsplit((value or "").strip()).scheme not in ALLOWED_SCHEMES:
                self.found.append(f"{tag} href={value}")

    def handle_comment(self, data: str) -> None:
        """A comment may hide what another parser sees."""
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """So may a declaration."""
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        """So may a processing instruction."""
        self.found.append(f"<?{data}>")


def dangers(html: str) -> list[str]:
    """What is in it that may not be, after Anki has stored it (in NFC)."""
    inspector = _Inspector()
    inspector.feed(unicodedata.normalize("NFC", html))
    inspector.close()
    return inspector.found


def everything(text: str) -> list[str]:
    """The text as each kind of field would hold it."""
    made = [str(kind(text).html) for kind in (markup.inline, markup.block, markup.plain)]
    gapped = markup.gapped(f"{{gap}} {text}")
    if gapped is not None:
        made += [
            str(gapped.__html__()),
            str(gapped.blank()),
            str(gapped.cloze(markup.inline(text))),
        ]
    inside = markup.gapped(f"{{gap {text}}}")
    if inside is not None:
        made += [str(inside.__html__()), str(inside.cloze(text))]
    return made


VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC='http://evil.example/pixel.gif'>",
    "<img src=x onerror=&#97;lert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=x\nonerror=alert(1)>",
    "<image src=x onerror=alert(1)>",
    "<b onclick=alert(1) onmouseover='alert(2)'>x</b>",
    "<span style='background:url(//evil.example)'>x</span>",
    "<p class=answer id=typeans>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java&#x0A;script:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href=//x onclick=alert(1) target=_top>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '[x](http://x.org "a\\" onclick=\\"alert(1)")',
    "<javascript:alert(1)>",
    "![x](http://evil.example/pixel.gif)",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1)></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href='javascript:alert(1)'>x</math>",
    "<style>@import '//evil.example/x.css'</style>",
    "<style><img src='</style><img src=x onerror=alert(1)>'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<iframe src=//evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<object data=//evil.example></object>",
    "<embed src=//evil.example>",
    "<applet code=x></applet>",
    "<form action=//evil.example><input name=x><button>y</button></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<video src=x onerror=alert(1)><source onerror=alert(2)></video>",
    "<audio src=//evil.example/x.mp3 autoplay></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><script>alert(1)</script></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext>",
    "<!-- <script>alert(1)</script> -->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!DOCTYPE html [<!ENTITY x 'y'>]>",
    "<b title='</b><script>alert(1)</script>'>x</b>",
    "<a title='&#39; onclick=alert(1) &#39;' href=http://x.org>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`<script>alert(1)</script>`",
    "**\u0338 onclick=alert(1) x**",
    "<b>&#824; onclick=alert(1) x</b>",
    "- \u0338 onclick=alert(1)\n- x",
    "<a title='x&#62;&#824; onclick=alert(1)' href=http://x.org>x</a>",
]


@pytest.mark.parametrize("text", VECTORS)
def test_nothing_runs(text: str) -> None:
    """Known ways to smuggle code in leave nothing that a browser would act on."""
    for html in everything(text):
        assert dangers(html) == [], html


def test_the_inspector_sees() -> None:
    """What the tests above look for would be found."""
    for html in ("<script>", "<b onclick=x>", "<a href='javascript:x'>", "<!--x-->", "<p class=x>"):
        assert dangers(html) != []
    assert dangers("<b>\u0338 onclick=alert(1) x</b>") != []


FRAGMENTS = st.sampled_from(
    [
        *("<", ">", "&", '"', "'", "`", "*", "[", "]", "(", ")", "{", "}", ":", "/", "=", "!", "-"),
        *("script", "onclick=", "javascript:", "<b>", "</b>", "<a href=", "<img src=", "<!--"),
        *("-->", "&#60;", "&lt;", "&#824;", "\u0338", "<svg>", "<style>", " ", "\n", "\\", "x"),
    ]
)


@given(st.lists(FRAGMENTS, max_size=12).map("".join) | st.text(st.characters(codec="utf-8")))
@example("<b>\u0338 onclick=x</b>")
def test_output_is_allow_listed(text: str) -> None:
    """Whatever is written, only allowed elements, attributes and addresses reach a card."""
    for html in everything(text):
        assert dangers(html) == []
        assert "\x1f" not in html
