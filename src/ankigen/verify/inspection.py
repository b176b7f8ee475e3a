"""One look at each piece of HTML in a package: what it would do, and which media it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ankigen import medianame
from ankigen.diagnostics import Severity
from ankigen.verify import webscan
from ankigen.verify.findings import Code, Finding
from ankigen.verify.webscan import Danger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ankigen.verify.webscan import Scan

ERROR, WARNING = Severity.ERROR, Severity.WARNING

_DANGERS: Mapping[Danger, tuple[Code, str, str]] = {
    Danger.SCRIPT: (Code.SCRIPT, "runs a script", "remove it"),
    Danger.EMBED: (Code.EMBED, "embeds another page", "remove it"),
    Danger.REMOTE: (
        Code.REMOTE,
        "loads from the net, which tells a stranger when it is studied",
        "put the file into the package",
    ),
    Danger.UNCLOSED: (
        Code.UNCLOSED_TAG,
        "has a tag that takes in what follows it on the card",
        "write '&lt;' for a '<' that is text",
    ),
}


class Inspector:
    """Looks at HTML and CSS and remembers which media files they name.

    Attributes:
        noted: Media that a note names.
        templated: Media that only a template or a style sheet has named so far.
    """

    def __init__(self, media: Iterable[str]) -> None:
        self._names = {medianame.normal(name): name for name in media}
        self.noted: set[str] = set()
        self.templated: set[str] = set()

    def field(self, html: str, where: str) -> Iterator[Finding]:
        """A field of a note: nothing in it may run, embed or load."""
        if "<" not in html and "[sound:" not in html:
            return
        scan = webscan.scan_html(html)
        yield from dangers(scan, where)
        yield from self._sounds(html, where, self.noted)
        yield from self._files(scan, where, self.noted)

    def template(self, html: str, where: str) -> Iterator[Finding]:
        """A side of a card template: its author may run scripts."""
        scan = webscan.scan_html(html)
        yield from dangers(scan, where, template=True)
        yield from self._sounds(html, where, self.templated)
        yield from self._files(scan, where, self.templated)

    def css(self, css: str, where: str) -> Iterator[Finding]:
        """The style sheet of a note type."""
        scan = webscan.scan_css(css)
        yield from dangers(scan, where, template=True)
        yield from self._files(scan, where, self.templated)

    def _sounds(self, html: str, where: str, used: set[str]) -> Iterator[Finding]:
        for name, problem in webscan.sounds(html):
            if "{{" in name:
                continue
            if problem:
                yield Finding(
                    ERROR,
                    Code.SOUND,
                    where,
                    f"'[sound:{name[:60]}' cannot be played: {problem}",
                    "write [sound:name.mp3]",
                )
            else:
                yield from self._use(name, where, used)

    def _files(self, scan: Scan, where: str, used: set[str]) -> Iterator[Finding]:
        for name in scan.files:
            yield from self._use(name, where, used)

    def _use(self, reference: str, where: str, used: set[str]) -> Iterator[Finding]:
        for name in medianame.meant(reference):
            if name in self._names:
                used.add(self._names[name])
                return
        yield Finding(
            ERROR,
            Code.MISSING_MEDIA,
            where,
            f"it names the file '{reference[:120]}', which the package lacks",
            "add the file, or remove its name",
        )


def dangers(scan: Scan, where: str, *, template: bool = False) -> Iterator[Finding]:
    """What a piece of HTML would do; scripts of a template's author are only warned of."""
    for danger, shown in scan.dangers:
        code, message, hint = _DANGERS[danger]
        if danger is Danger.UNCLOSED and template:
            continue  # sides are pieced together, and scripts compare with '<'
        severity = ERROR
        if danger is Danger.UNCLOSED or (template and danger is not Danger.REMOTE):
            severity = WARNING
        yield Finding(severity, code, where, f"{message}: {shown}", hint)
