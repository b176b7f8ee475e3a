"""Answers a browser on this machine, and nobody else.

A page of another site that is open in the same browser may send requests here, and its name may
be pointed at this address (DNS rebinding). So a request must name this address as its host, must
not come from another origin, and gets nothing but pages and files that the preview knows by name.
"""

from __future__ import annotations

import asyncio
import functools
import json
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ankigen.diagnostics import AnkigenError
from ankigen.site import pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from ankigen.serve.live import Live

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".mp3": "audio/mpeg",
    ".webmanifest": "application/manifest+json",
}
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": f"{pages.POLICY}; frame-ancestors 'none'",
}
_LIVE = (
    '<link rel="stylesheet" href="/live/live.css">'
    '<script type="module" src="/live/live.js" data-number="{number}"></script></head>'
)
_HTTP = 80
"""The port that no address names."""

_BEAT = 15.0
"""Seconds after which a silent stream says that it is there."""


class Guard:
    """Lets requests pass that this machine's own pages make."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        """Stand before an application.

        Args:
            app: What answers those that pass.
            hosts: Names under which it is reached, with the port.
        """
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = frozenset(f"http://{host}" for host in self._hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to all others."""
        if scope["type"] != "http":
            return
        if not self._own(scope):
            refusal = PlainTextResponse("This preview is for this machine alone.\n", 403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _own(self, scope: Scope) -> bool:
        said: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            said.setdefault(name, []).append(value.decode("latin-1").lower())
        if len(said.get(b"host", [])) != 1 or said[b"host"][0] not in self._hosts:
            return False
        if any(origin not in self._origins for origin in said.get(b"origin", [])):
            return False
        # Browsers say where a request comes from; a link that a person follows may be anywhere.
        site, mode = (said.get(name, [""])[0] for name in (b"sec-fetch-site", b"sec-fetch-mode"))
        followed = scope["method"] == "GET" and mode == "navigate"
        return site in {"", "none", "same-origin"} or followed


def make(live: Live, port: int) -> ASGIApp:
    """The application.

    Args:
        live: What it shows.
        port: On which it is reached.
    """
    routes = [
        Route("/live/events", functools.partial(_events, live)),
        Route("/live/remake/{name}", functools.partial(_remake, live), methods=["POST"]),
        Route("/{path:path}", functools.partial(_show, live)),
    ]
    names = ("127.0.0.1", "localhost")
    hosts = {f"{name}:{port}" for name in names}
    return Guard(Starlette(routes=routes), hosts | {*names} if port == _HTTP else hosts)


@functools.cache
def _own_files() -> Mapping[str, bytes]:
    folder = resources.files("ankigen.serve") / "static"
    own = {f"live/{file.name}": file.read_bytes() for file in folder.iterdir()}
    return own | {f"assets/{name}": content for name, content in pages.static().items()}


async def _show(live: Live, request: Request) -> Response:
    path = request.path_params["path"] or "index.html"
    content = _own_files().get(path)
    if content is None and path.startswith(pages.MEDIA):
        return await _file(live, path.removeprefix(pages.MEDIA))
    if content is None:
        await live.changed(0)  # until the sources were read once
        number = live.preview.state.number  # the page may be of a later one, never of an earlier
        page = await _page(live, path)
        content = page and page.replace(b"</head>", _LIVE.format(number=number).encode(), 1)
    if content is None:
        return PlainTextResponse("There is no such page.\n", 404, _HEADERS)
    kind = _TYPES.get(path[path.rfind(".") :], "application/octet-stream")
    return Response(content, media_type=kind, headers=_HEADERS)


async def _page(live: Live, path: str) -> bytes | None:
    before = live.preview.state
    page = await run_in_threadpool(live.preview.page, path)
    if live.preview.state is not before:  # it cannot be made, which is now known
        await live.tell()
    if page is None and live.preview.state.errors and path.endswith(".html"):
        return _own_files()["live/broken.html"]
    return page


async def _file(live: Live, name: str) -> Response:
    try:
        found = await run_in_threadpool(live.preview.file, unquote(name))
    except AnkigenError as error:
        return PlainTextResponse(f"{error}\n", 500, _HEADERS)
    if found is None:
        return PlainTextResponse("There is no such file.\n", 404, _HEADERS)
    kind = _TYPES.get(found.suffix.lower())
    return FileResponse(found, media_type=kind, headers=_HEADERS)


async def _remake(live: Live, request: Request) -> Response:
    try:
        made = await run_in_threadpool(live.preview.remake, request.path_params["name"])
    except AnkigenError as error:
        return PlainTextResponse(f"{error}\n", 500, _HEADERS)
    if made is None:
        return PlainTextResponse("There is no such sound.\n", 404, _HEADERS)
    return PlainTextResponse("Made again.\n", headers=_HEADERS)


async def _events(live: Live, _request: Request) -> Response:
    async def stream() -> AsyncIterator[str]:
        seen = 0  # nothing is known until the sources were read
        while not live.stopping.is_set():
            if live.news != seen:
                seen = live.news
                yield f"data: {json.dumps(live.status(), ensure_ascii=False)}\n\n"
            try:
                await asyncio.wait_for(live.changed(seen), _BEAT)
            except TimeoutError:
                yield ": still here\n\n"

    headers = {**_HEADERS, "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)
