"""Asking a running Anki: a server that speaks AnkiConnect's protocol over a real collection."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankiconnectserver import Bytes, answer, serving
from ankigen.ankiconnect import MAX_ANSWER_BYTES, Anki, Limits, _address, _result
from ankigen.diagnostics import SetupError
from backend import empty_collection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ankiconnectserver import Server

HASTY = Limits(connect=1, answer=0.3, work=0.3)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running Anki with an empty collection."""
    with empty_collection(tmp_path) as collection, serving(collection) as running:
        yield running


def refused(anki: Anki, package: Path | None = None) -> tuple[str, str]:
    """What a person is told, and what to do about it."""
    with pytest.raises(SetupError) as caught:
        anki.import_package(package) if package else anki.check()
    return str(caught.value), caught.value.hint


def test_import(server: Server, built_small: Path) -> None:
    """The package is imported; the second time nothing is new."""
    anki = Anki(server.url)
    anki.check()
    for _ in range(2):
        anki.import_package(built_small / "dist/small.apkg")
    assert [len(log.new) for log in server.logs] == [4, 0]
    assert [len(log.updated) for log in server.logs] == [0, 0]
    assert server.collection is not None
    assert server.collection.note_count() == 4
    assert [request["action"] for request in server.asked] == ["version", *["importPackage"] * 2]
    assert "key" not in server.asked[0]


def test_absolute_path(server: Server, built_small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anki has a working directory of its own, so the path is made absolute."""
    monkeypatch.chdir(built_small)
    Anki(server.url).import_package(built_small.relative_to(built_small) / "dist/basics.apkg")
    assert server.asked[0]["params"] == {"path": str(built_small / "dist/basics.apkg")}


def test_proxies_are_not_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says of proxies does not concern the machine itself."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    Anki(server.url).check()


def test_localhost(server: Server) -> None:
    """The name of the machine itself will do."""
    Anki(f"http://localhost:{server.server_port}/").check()


def test_not_there() -> None:
    """Without Anki a person is told what to start and what to install."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    message, hint = refused(Anki(f"http://127.0.0.1:{port}"))
    assert message == f"Anki is not there: nothing listens at 127.0.0.1:{port}"
    assert "start Anki and install the add-on AnkiConnect (code 2055492159)" in hint


def test_key(server: Server) -> None:
    """A key is asked for, taken if it is right, and never repeated in a message."""
    server.key = "secret"
    Anki(server.url, "secret").check()
    message, hint = refused(Anki(server.url))
    assert message == "AnkiConnect asks for a key"
    assert "ANKICONNECT_KEY" in hint
    message, hint = refused(Anki(server.url, "wrong-key"))
    assert message == "AnkiConnect does not take this key"
    assert "apiKey" in hint
    assert "wrong-key" not in message + hint


def test_key_that_nobody_asked_for(server: Server) -> None:
    """AnkiConnect refuses any key where it has none, and the hint says so."""
    message, hint = refused(Anki(server.url, "secret"))
    assert message == "AnkiConnect does not take this key"
    assert "no key for null" in hint


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        ("collection is not available", "Anki has no collection open", "choose a profile"),
        ("unsupported action", "it is too old", "Check for Updates"),
        ("Failed to open\nit", "could not import small.apkg: Failed to open it", "sandbox"),
        ("x" * 5000, "x" * 500, "File > Import"),
        ("", "could not import small.apkg", "File > Import"),
    ],
)
def test_refused_imports(
    server: Server, built_small: Path, error: str, message: str, hint: str
) -> None:
    """What the add-on says is told in a person's words, or in its own on one short line."""
    server.refusals["importPackage"] = error
    said, advice = refused(Anki(server.url), built_small / "dist/small.apkg")
    assert message in said
    assert len(said) < 600
    assert hint in advice


def test_no_package(server: Server, tmp_path: Path) -> None:
    """What Anki itself says of a file that is no package is passed on."""
    broken = tmp_path / "broken.apkg"
    broken.write_bytes(b"no package")
    said, _ = refused(Anki(server.url), broken)
    assert said.startswith("Anki could not import broken.apkg: ")
    assert "Zip" in said


def test_an_import_that_did_not_happen(server: Server, built_small: Path) -> None:
    """Anything but true is no success."""
    server.instead["importPackage"] = Bytes(answer(b'{"result": false, "error": null}'))
    said, _ = refused(Anki(server.url), built_small / "dist/small.apkg")
    assert said == "Anki could not import small.apkg: it does not say why"


@pytest.mark.parametrize(
    ("version", "message"),
    [(5, "AnkiConnect is too old: it speaks version 5"), ("6", "is not Anki's add-on"), (7, "")],
)
def test_versions(server: Server, version: object, message: str) -> None:
    """Older protocols are refused, newer ones are trusted to understand ours."""
    server.version = version
    if message:
        assert message in refused(Anki(server.url))[0]
    else:
        Anki(server.url).check()


STRANGE = {
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a page": answer(b"<title>It works!</title>"),
    "not found": answer(b"", "404 Not Found"),
    "a redirect": answer(b"", "302 Found\r\nLocation: http://127.0.0.1:9/"),
    "null": answer(b"null"),
    "a bare result": answer(b"6"),
    "no error": answer(b'{"result": 6}'),
    "more than that": answer(b'{"result": 6, "error": null, "more": 1}'),
    "no UTF-8": answer(b'{"result": "\xff", "error": null}'),
    "deep": answer(b"[" * 200_000),
    "too much": answer(b"x" * (MAX_ANSWER_BYTES + 1)),
    "endless head": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000,
}


@pytest.mark.parametrize("sent", STRANGE.values(), ids=STRANGE)
def test_something_else_answers(server: Server, sent: bytes) -> None:
    """Whatever does not speak the protocol is named as the wrong one, and what to look at."""
    server.instead[""] = Bytes(sent)
    message, hint = refused(Anki(server.url))
    assert f"127.0.0.1:{server.server_port} is not Anki's add-on AnkiConnect: " in message
    assert "webBindPort" in hint


def test_forbidden(server: Server) -> None:
    """An add-on that lets nobody in says so by its status."""
    server.instead[""] = Bytes(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    message, hint = refused(Anki(server.url))
    assert "does not let ankigen in (status 403)" in message
    assert "webCorsOriginList" in hint


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        answer(b'{"result"', promised=100),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{",
    ],
    ids=["nothing", "half a head", "half a body", "half a chunk"],
)
def test_broken_off(server: Server, built_small: Path, sent: bytes) -> None:
    """An Anki that goes away in the middle may be asked again, and a person is told so."""
    server.instead["importPackage"] = Bytes(sent)
    message, hint = refused(Anki(server.url), built_small / "dist/small.apkg")
    assert "broke off without an answer" in message
    assert "push again" in hint


@pytest.mark.parametrize(
    "instead",
    [Bytes(answer(b"null"), delay=2), Bytes(answer(b" " * 100), drip=True)],
    ids=["silent", "dripping"],
)
def test_no_answer_in_time(server: Server, instead: Bytes) -> None:
    """Patience ends, with silence and with an answer that comes in drops."""
    server.instead[""] = instead
    message, hint = refused(Anki(server.url, limits=HASTY))
    assert message == "Anki has not answered within 0.3 seconds"
    assert "dialog" in hint


def test_imports_get_more_time(server: Server, built_small: Path) -> None:
    """An import may take longer than an answer that takes no work."""
    server.instead["importPackage"] = Bytes(answer(b'{"result": true, "error": null}'), delay=0.5)
    anki = Anki(server.url, limits=Limits(answer=0.2, work=30))
    anki.import_package(built_small / "dist/small.apkg")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("sync: auth not configured", "it is not signed in to AnkiWeb"),
        ("Sync status 2 not one of [0, 1] - see", "must sync in full"),
        ("network is down", "Anki could not sync: network is down"),
    ],
)
def test_sync(server: Server, error: str, message: str) -> None:
    """Anki syncs, or a person is told why not and that the import is done."""
    Anki(server.url).sync()
    assert server.syncs == 1
    server.refusals["sync"] = error
    with pytest.raises(SetupError, match=message) as caught:
        Anki(server.url).sync()
    assert "click Sync in Anki" in caught.value.hint
    assert "what was imported is there" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8765", ("127.0.0.1", 8765)),
        ("http://localhost", ("localhost", 80)),
        ("http://LOCALHOST:1/", ("localhost", 1)),
        ("http://127.8.9.1:8765", ("127.8.9.1", 8765)),
        ("http://[::1]:8765", ("::1", 8765)),
    ],
)
def test_addresses(url: str, address: tuple[str, int]) -> None:
    """Every address of the machine's own loopback is taken."""
    assert _address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.7:8765",
        "http://example.org:8765",
        "http://localhost.example.org:8765",
        "http://0.0.0.0:8765",
        "http://2130706433:8765",
        "http://127.0.0.1.:8765",
    ],
)
def test_other_machines(url: str) -> None:
    """Nothing is sent to another machine."""
    with pytest.raises(SetupError, match="is not on this machine") as caught:
        Anki(url)
    assert caught.value.hint == "run ankigen where Anki runs"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8765",
        "https://127.0.0.1:8765",
        "file:///etc/passwd",
        "http://",
        "http://127.0.0.1:x",
        "http://127.0.0.1:99999",
        "http://[::1",
        "http://127.0.0.1:8765/path",
        "http://127.0.0.1:8765?x",
        "http://me:word@127.0.0.1:8765",
        "http://example.org\\@127.0.0.1:8765",
    ],
)
def test_no_addresses(url: str) -> None:
    """What is no plain address is refused with one that is."""
    with pytest.raises(SetupError, match="is no address of AnkiConnect") as caught:
        Anki(url)
    assert caught.value.hint == "write it like http://127.0.0.1:8765"


@given(st.text())
def test_any_address(url: str) -> None:
    """No address makes more than a message."""
    try:
        host, port = _address(f"http://{url}")
    except SetupError:
        return
    assert host == "localhost" or host.startswith(("127.", "::")), (host, port)


@given(
    st.one_of(
        st.binary(),
        st.recursive(st.none() | st.text(), st.lists).map(
            lambda said: json.dumps({"result": said, "error": None}).encode()
        ),
    )
)
def test_any_answer(said: bytes) -> None:
    """An answer is a result, or is said to be strange."""
    try:
        result = _result(said)
    except Exception as error:  # noqa: BLE001 - any other is what this looks for
        assert type(error).__name__ in ("_RefusedError", "_StrangeError")  # noqa: PT017
    else:
        assert json.loads(said) == {"result": result, "error": None}
