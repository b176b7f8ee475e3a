"""Who may ask, and where a broken project leaves a browser."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from ankigen.serve.app import Guard

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

OURS = "127.0.0.1:8642"


def asked(method: str = "GET", kind: str = "http", **headers: str | list[str]) -> int:
    """The status of a request; 200 where it passes, 0 where nothing is answered."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    pairs = [
        (name.replace("_", "-").encode(), value.encode("latin-1"))
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    scope = {"type": kind, "method": method, "path": "/", "headers": pairs}
    asyncio.run(Guard(app, {OURS, "localhost:8642"})(scope, receive, send))
    return int(sent[0]["status"]) if sent else 0


@pytest.mark.parametrize("host", [OURS, "localhost:8642", "LocalHost:8642"])
def test_own_names(host: str) -> None:
    """This machine's own names pass, however they are written."""
    assert asked(host=host) == 200
    assert asked(host=host, origin=f"http://{host}".lower()) == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "127.0.0.1",
        "127.0.0.1:8643",
        "127.0.0.1:8642.",
        "x@127.0.0.1:8642",
        "[::1]:8642",
        "ÿ:8642",
    ],
)
def test_other_names(host: str) -> None:
    """Others do not, nor does none, nor do two."""
    assert asked(host=host) == 403
    assert asked() == 403
    assert asked(host=[OURS, host]) == 403
    assert asked(host=[OURS, OURS]) == 403


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        "https://127.0.0.1:8642",
        f"http://{OURS}/",
        f"http://{OURS}.",
    ],
)
def test_other_origins(origin: str) -> None:
    """Of no method, and not beside our own."""
    for method in ("GET", "HEAD", "POST", "OPTIONS"):
        assert asked(method, host=OURS, origin=origin) == 403
        assert asked(method, host=OURS, origin=[f"http://{OURS}", origin]) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "whatever"])
def test_other_sites(site: str) -> None:
    """Only a link from there that a person follows passes."""
    assert asked(host=OURS, sec_fetch_site=site) == 403
    assert asked(host=OURS, sec_fetch_site=site, sec_fetch_mode="no-cors") == 403
    assert asked("POST", host=OURS, sec_fetch_site=site, sec_fetch_mode="navigate") == 403
    assert asked(host=OURS, sec_fetch_site=site, sec_fetch_mode="navigate") == 200
    assert asked(host=OURS, sec_fetch_site="same-origin", sec_fetch_mode="cors") == 200


def test_other_protocols() -> None:
    """Only requests are answered at all."""
    assert asked(kind="websocket", host=OURS) == 0
