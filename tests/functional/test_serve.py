"""The live preview over real sockets: what it answers, whom, and how it follows a project."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import soundfile

from serving import HANG, Served, children, resident, serving
from support import TERMS, ankigen, interruptible, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PICTURES: Mapping[str, str | bytes] = {
    "notetypes/pictures/notetype.yaml": """\
id: 1795000000001
name: Picture
help: A picture.
entry:
  name: {type: text, required: true, help: What it shows.}
  picture: {type: image, required: true, help: The file.}
fields:
  - {id: 1, name: Name, key: name}
  - {id: 2, name: Picture, key: picture}
  - {id: 3, name: Key, template: "{{ key }}"}
cards:
  - {id: 1, name: See, front: front.html, back: back.html}
tags: {}
""",
    "notetypes/pictures/front.html": "<p>{{Picture}}</p>\n",
    "notetypes/pictures/back.html": "{{FrontSide}}\n<h1>{{Name}}</h1>\n",
    "notetypes/pictures/style.css": ".picture { margin: 0 }\n",
    "cards/basics/pictures.yaml": "- {id: chip, name: chip, picture: media/chip.png}\n",
    "media/chip.png": b"\x89PNG\r\n\x1a\n and a dot",
    "media/other.png": b"\x89PNG\r\n\x1a\n that no entry names",
}
TERMS_FILE = "cards/basics/terms.yaml"
DECK = "/decks/basics.html"


@pytest.fixture(scope="module")
def served(built_small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A preview of the small project with a picture, its clips made; for tests that change none."""
    root = shutil.copytree(built_small, tmp_path_factory.mktemp("served") / "small")
    write_project(root, PICTURES)
    write_project(root.parent, {"secret.txt": "secret", "secret.png": "secret"})
    with serving(root.resolve()) as running:
        assert running.ask(DECK).status == 200
        yield running


@pytest.fixture
def small_served(small: Path) -> Iterator[Served]:
    """A preview of a small project of one's own, whose sounds are not made yet."""
    with serving(small) as running:
        yield running


def sounds(page: bytes) -> list[str]:
    """The sounds on a page."""
    return sorted(set(re.findall(r'data-sound="([^"]+)"', page.decode())))


def pictures(page: bytes) -> str:
    """The one picture on a page."""
    (name,) = set(re.findall(r'src="\.\./media/([^"]+)"', page.decode()))
    return str(name)


def test_pages(served: Served) -> None:
    """Those of the site, each with the preview's own part, under a policy and never kept."""
    for path in ("/", "/index.html", DECK, "/glossary.html"):
        answer = served.ask(path)
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "script-src 'self';" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.body.count(b"/live/live.js") == 1
        assert b"data-worker" not in answer.body
    assert (
        b"Operator fusion" in served.ask(DECK).body or b"operator fusion" in served.ask(DECK).body
    )


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/assets/cards.js", "text/javascript; charset=utf-8"),
        ("/assets/icon.svg", "image/svg+xml"),
        ("/assets/icon.png", "image/png"),
        ("/live/live.css", "text/css; charset=utf-8"),
        ("/live/live.js", "text/javascript; charset=utf-8"),
    ],
)
def test_own_files(served: Served, path: str, kind: str) -> None:
    """Have the content types that a browser insists on."""
    answer = served.ask(path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)


def test_sounds_and_pictures(served: Served) -> None:
    """Are sent as what they are, a part of them where only that is wanted."""
    page = served.ask(DECK).body
    for name in sounds(page):
        file = served.root / "audio/clips" / name
        answer = served.ask(f"/media/{name}")
        assert (answer.status, answer.headers["content-type"]) == (200, "audio/mpeg")
        assert answer.body == file.read_bytes()
    part = served.ask(f"/media/{name}", headers={"Range": "bytes=10-19"})
    assert part.status == 206
    assert part.body == file.read_bytes()[10:20]
    assert part.headers["content-range"] == f"bytes 10-19/{file.stat().st_size}"
    assert served.ask(f"/media/{name}", headers={"Range": "bytes=999999-"}).status == 416
    picture = pictures(page)
    answer = served.ask(f"/media/{picture}")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")


HOST = "Host: 127.0.0.1:PORT"


@pytest.mark.parametrize(
    "headers",
    [
        ["Host: evil.example"],
        ["Host: evil.example:PORT"],
        ["Host: 127.0.0.1"],
        ["Host: 127.0.0.1:1"],
        ["Host: 127.0.0.1:PORT.evil.example"],
        ["Host: 127.0.0.1.evil.example:PORT"],
        ["Host: 0.0.0.0:PORT"],
        ["Host: 2130706433:PORT"],
        ["Host:"],
        [],
        [HOST, HOST],
        [HOST, "Host: evil.example"],
        [HOST, "Origin: http://evil.example"],
        [HOST, "Origin: null"],
        [HOST, "Origin: https://127.0.0.1:PORT"],
        [HOST, "Origin: http://127.0.0.1:PORT", "Origin: http://evil.example"],
        [HOST, "Sec-Fetch-Site: cross-site"],
        [HOST, "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"],
        [HOST, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"],
        [HOST, "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"],
    ],
)
def test_strangers_are_refused(served: Served, headers: list[str]) -> None:
    """Another name, no name or two, another origin, another site: nothing is told, or made."""
    name = sounds(served.ask(DECK).body)[0]
    file = served.root / "audio/clips" / name
    before = file.stat().st_mtime_ns
    for request, version in (
        (f"GET {DECK}", "1.1"),
        ("GET /live/events", "1.1"),
        (f"GET /media/{name}", "1.1"),
        (f"GET {DECK}", "1.0"),
        (f"POST /live/remake/{name}", "1.1"),
    ):
        lines = [f"{request} HTTP/{version}", *headers, "Connection: close", "", ""]
        answer = served.raw("\r\n".join(lines).replace("PORT", str(served.port)).encode())
        # A request with no host or two is none at all, which the server says first.
        status = int(answer.split()[1])
        assert status == 403 or (status == 400 and sum(map(is_host, headers)) != 1)
        assert b"kernel" not in answer
    assert file.stat().st_mtime_ns == before


def is_host(header: str) -> bool:
    """Whether a header names a host."""
    return header.startswith("Host:")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "localhost:PORT"},
        {"Host": "LOCALHOST:PORT"},
        {"Host": "127.0.0.1:PORT", "Origin": "http://127.0.0.1:PORT"},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_own_pages_and_links_are_answered(served: Served, headers: Mapping[str, str]) -> None:
    """Under either name of this machine, by its own pages, and where a person follows a link."""
    said = {name: value.replace("PORT", str(served.port)) for name, value in headers.items()}
    assert served.ask(DECK, headers=said).status == 200


def test_a_link_makes_no_sound(served: Served) -> None:
    """Where another page leads a person here, nothing is changed by it."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    name = sounds(served.ask(DECK).body)[0]
    assert served.ask(f"/live/remake/{name}", "POST", headers).status == 403
    assert served.ask(f"/live/remake/{name}", headers=headers).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/ankigen.yaml",
        f"/{TERMS_FILE}",
        "/media/chip.png",
        "/media/other.png",
        "/media/",
        "/media/..",
        "/media/../ankigen.yaml",
        "/media/..%2fankigen.yaml",
        "/media/..%2Fankigen.yaml",
        "/media/..%252fankigen.yaml",
        "/media/..%5cankigen.yaml",
        "/media/%2e%2e/ankigen.yaml",
        "/media/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/media/manifest.jsonl",
        "/media/.checked.json",
        "/media//etc/hostname",
        "/media/%2fetc%2fhostname",
        "/media/file:%2f%2f%2fetc%2fhostname",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2f%2e%2e%2fetc%2fhostname",
        "//etc/hostname",
        "/etc/hostname",
        "/assets/..%2flive%2flive.js",
        "/live/..%2f..%2fankigen.yaml",
        "/decks/..%2f..%2fankigen.yaml",
        "/decks/../decks/basics.html",
        "/decks/..%2fdecks%2fbasics.html",
        "/decks/none.html",
        "/decks/.html",
        "/ankigen.yaml%00.html",
        "/media/%00",
        "/media/chip.png%00",
        "/media/%ff%fe",
        "/media/" + "a" * 5000,
        "http://127.0.0.1/etc/hostname",
        "/sw.js",
    ],
)
def test_nothing_else_is_served(served: Served, path: str) -> None:
    """However a path is written, it is a name that the preview knows, or nothing."""
    lines = (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{served.port}", "Connection: close", "", "")
    answer = served.raw("\r\n".join(lines).encode())
    assert int(answer.split()[1]) in {404, 400}
    assert len(answer) < 1000
    assert b"secret" not in answer
    assert b"categories" not in answer


@pytest.mark.parametrize("target", ["/etc/hostname%00.mp3", "..%2f..%2fankigen.yaml", "none.mp3"])
def test_remake_of_an_unknown_sound(served: Served, target: str) -> None:
    """There is none, whatever path it is made to look like."""
    assert served.ask(f"/live/remake/{target}", "POST").status in {404, 405}


def test_strange_requests(served: Served) -> None:
    """Rubbish, other methods and requests to change protocol do no harm."""
    host = f"Host: 127.0.0.1:{served.port}\r\nConnection: close\r\n"
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    for request, statuses in (
        ("\x00\x01\x02\r\n\r\n", {400}),
        (f"PUT {DECK} HTTP/1.1\r\n{host}\r\n", {405}),
        (f"DELETE /media/x HTTP/1.1\r\n{host}\r\n", {405}),
        (f"GET /none HTTP/1.1\r\n{host}{upgrade}Sec-WebSocket-Key: AAAA\r\n\r\n", {404, 400, 403}),
    ):
        answer = served.raw(request.encode("latin-1"))
        assert int(answer.split()[1]) in statuses, request
    assert served.ask(DECK).status == 200


def test_links_out_of_the_project(small: Path) -> None:
    """A picture or a sound that has become a link to another place is not followed there."""
    write_project(small, PICTURES)
    outside = write_project(small.parent / "outside", {"secret.png": "secret"})
    with serving(small) as served:
        page = served.ask(DECK).body
        picture = pictures(page)
        assert served.ask(f"/media/{picture}").status == 200
        (small / "media/chip.png").unlink()
        (small / "media/chip.png").symlink_to(outside / "secret.png")
        assert served.ask(f"/media/{picture}").status == 404

        name, other, *_ = sounds(page)
        assert served.ask(f"/media/{name}").status == 200
        (small / "audio/clips").rename(outside / "clips")
        (small / "audio/clips").symlink_to(outside / "clips")
        assert served.ask(f"/media/{name}").status == 404
        assert served.ask(f"/media/{other}").status == 404


def test_only_this_machine(served: Served) -> None:
    """Its port is open on 127.0.0.1 and on no other address."""
    wanted = f":{served.port:04X}"
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in open(f"/proc/net/{table}", encoding="ascii")  # noqa: PTH123, SIM115
        if line.split()[3] == "0A" and line.split()[1].endswith(wanted)
    ]
    assert listening == [f"0100007F{wanted}"]


def test_sounds_are_made_when_they_are_asked_for(small_served: Served) -> None:
    """And made again when a person asks; a part of the page is never waited for."""
    clips = small_served.root / "audio/clips"
    names = sounds(small_served.ask(DECK).body)
    assert names
    assert list(clips.glob("*.mp3")) == []
    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(pool.map(small_served.ask, [f"/media/{name}" for name in names]))
    assert {answer.status for answer in answers} == {200}
    assert {path.name for path in clips.glob("*.mp3")} == {*names}
    before = (clips / names[0]).stat().st_mtime_ns
    origin = {"Origin": small_served.url, "Sec-Fetch-Site": "same-origin"}
    answer = small_served.ask(f"/live/remake/{names[0]}", "POST", origin)
    assert (answer.status, answer.body) == (200, b"Made again.\n")
    assert (clips / names[0]).stat().st_mtime_ns > before
    assert small_served.ask(f"/media/{names[0]}").body == answers[0].body
    assert small_served.status()["number"] == 1  # sounds are no sources


def test_remake_that_fails(small: Path) -> None:
    """Keeps the sound that was there, and says why."""
    recording = small / "audio/recordings/terms/kernel.wav"
    recording.parent.mkdir(parents=True)
    soundfile.write(recording, [0.0, 0.3, 0.0, -0.3] * 6000, 24_000)
    with serving(small) as served:
        heard = [name for name in sounds(served.ask(DECK).body) if name.startswith("kernel-")]
        assert {served.ask(f"/media/{name}").status for name in heard} == {200}
        (name,) = (name for name in heard if "recordings" in manifest_line(small, name))
        before = served.ask(f"/media/{name}").body
        recording.unlink()
        answer = served.ask(f"/live/remake/{name}", "POST")
        assert answer.status == 500
        assert answer.body.startswith(b"no sound for 'kernel': ")
        assert served.ask(f"/media/{name}").body == before
        assert "recordings" in manifest_line(small, name)


def manifest_line(root: Path, name: str) -> str:
    """What the manifest says of a sound; one line only."""
    lines = (root / "audio/clips/manifest.jsonl").read_text("utf-8").splitlines()
    (line,) = (line for line in lines if name in line)
    return line


def test_a_taken_port(small_served: Served, tmp_path: Path) -> None:
    """Is told in plain words."""
    done = ankigen("serve", "--port", str(small_served.port), cwd=small_served.root)
    assert done.returncode == 2
    assert f"port {small_served.port} cannot be used: Address already in use" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
    done = ankigen("serve", cwd=tmp_path)
    assert done.returncode == 2
    assert "ankigen.yaml" in done.stderr
    done = ankigen("serve", "--port", "99999", cwd=small_served.root)
    assert done.returncode == 2


def test_a_save_is_on_the_page(small_served: Served) -> None:
    """In every page that shows it; the sounds of a page that is still open are there meanwhile."""
    first = small_served.ask(DECK).body
    assert b"GPU" not in first
    small_served.ask("/glossary.html")
    small_served.replace(TERMS_FILE, "the device", "the GPU")
    small_served.status(lambda said: said["number"] == 2)
    assert small_served.ask(f"/media/{sounds(first)[0]}").status == 200
    assert b"the GPU" in small_served.ask(DECK).body
    assert b"the GPU" in small_served.ask("/glossary.html").body
    small_served.replace(TERMS_FILE, "term: kernel", "term: compute kernel")
    small_served.status(lambda said: said["number"] == 3)
    now = sounds(small_served.ask(DECK).body)
    small_served.ask("/glossary.html")
    gone = {*sounds(first)} - {*now}
    assert len(gone) == 2  # at its own pace, and slowly
    assert {small_served.ask(f"/media/{name}").status for name in gone} == {404}


def test_broken_from_the_start(small: Path) -> None:
    """A page says that there is none yet, and the mistakes are told; mended, the pages come."""
    (small / TERMS_FILE).write_text(TERMS.replace("definition:", "meaning:"))
    with serving(small) as served:
        for path in ("/", DECK):
            page = served.ask(path)
            assert page.status == 200
            assert b"cannot be shown yet" in page.body
            assert b"/live/live.js" in page.body
        said = served.status()
        assert {error["code"] for error in said["errors"]} == {"AG101", "AG102"}
        assert said["errors"][0]["place"].startswith(f"{TERMS_FILE}:")
        served.write(TERMS_FILE, TERMS)
        assert served.status(lambda said: not said["errors"])["number"] == 2
        assert b"operator fusion" in served.ask(DECK).body


def test_broken_when_it_is_rendered(small: Path) -> None:
    """What only shows when notes are made is told, and the page stays as it was."""
    with serving(small) as served:
        before = served.ask(DECK).body
        assert b"Each" in before
        served.replace("cards/basics/sentences.yaml", "Does operator fusion", "Does it")
        said = served.status(lambda said: said["number"] == 2)
        assert [error["code"] for error in said["errors"]] == ["AG203"]
        assert served.ask(DECK).body.partition(b"<body")[2] == before.partition(b"<body")[2]


def test_a_project_that_goes_and_comes_back(small_served: Served) -> None:
    """Without its ankigen.yaml the pages stay as they were, and the mistake is told."""
    root = small_served.root
    assert small_served.ask(DECK).status == 200
    (root / "ankigen.yaml").rename(root / "gone.yaml")
    said = small_served.status(lambda said: bool(said["errors"]))
    assert said["errors"][0]["place"] == "ankigen.yaml"
    assert small_served.ask(DECK).status == 200
    (root / "gone.yaml").rename(root / "ankigen.yaml")
    small_served.status(lambda said: not said["errors"])
    (root / "cards").rename(root / "other")
    small_served.status(lambda said: bool(said["errors"]))
    (root / "other").rename(root / "cards")
    small_served.status(lambda said: not said["errors"])
    small_served.replace(TERMS_FILE, "the device", "the GPU")
    small_served.status(lambda _said: b"the GPU" in small_served.ask(DECK).body)


def test_remarks_of_a_check(tidy: Path) -> None:
    """Come beside the entry that they are about, and go when it is mended."""
    with serving(tidy) as served:
        said = served.status(lambda said: said["checked"])
        assert {remark["code"] for remark in said["remarks"]} == {"AG204"}
        served.replace(TERMS_FILE, "that the device", "that the the device")
        said = served.status(lambda said: said["checked"] and said["number"] == 2)
        (found,) = (remark for remark in said["remarks"] if remark["code"] != "AG204")
        assert found["anchor"] == "terms-kernel"
        assert found["place"].startswith(f"{TERMS_FILE}:3:")
        served.replace(TERMS_FILE, "the the", "the")
        said = served.status(lambda said: said["checked"] and said["number"] == 3)
        assert {remark["code"] for remark in said["remarks"]} == {"AG204"}


def test_saves_while_pages_are_made(small_served: Served) -> None:
    """A burst of saves while many pages are asked for: none fails, and the last one is shown."""
    stop = threading.Event()
    statuses: list[int] = []

    def ask() -> None:
        while not stop.is_set():
            statuses.append(small_served.ask(DECK).status)
            statuses.append(small_served.ask("/glossary.html").status)

    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        for number in range(60):
            small_served.write(TERMS_FILE, TERMS.replace("the device", f"device {number}"))
            time.sleep(0.01)
        stop.set()
        for one in asking:
            one.result()
    assert {*statuses} == {200}
    until = time.monotonic() + HANG
    while b"device 59" not in small_served.ask(DECK).body and time.monotonic() < until:
        time.sleep(0.02)
    assert b"device 59" in small_served.ask(DECK).body
    assert b"device 59" in small_served.ask("/glossary.html").body
    assert not small_served.status()["errors"]


def test_many_saves_leave_nothing(small: Path) -> None:
    """Saves, each of a new word with its page made, take no memory and no process.

    20 MB in 200 saves would be 8 in these; benchmarks/run.py makes all of them, in a large course.
    """
    with serving(small) as served:

        def save(number: int) -> None:
            word = f"word {number}"
            served.write(TERMS_FILE, TERMS.replace("term: kernel", f"term: {word}"))
            until = time.monotonic() + HANG
            while word.encode() not in served.ask(DECK).body and time.monotonic() < until:
                time.sleep(0.03)

        for number in range(20):
            save(number)
        before = resident(served.process.pid)
        for number in range(20, 100):
            save(number)
        grown = resident(served.process.pid) - before
        assert b"word 99" in served.ask(DECK).body
        served.status(lambda said: said["checked"])
        assert children(served.process.pid) == []
    assert grown <= 8e6


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once(small: Path, ending: signal.Signals) -> None:
    """With a page open, a check at work and sounds being made; no process is left."""
    with interruptible():
        process = subprocess.Popen(
            [sys.executable, "-m", "ankigen", "serve", "--port", "0"],
            cwd=small,
            env={**os.environ, "NO_COLOR": "1"},
            stderr=subprocess.PIPE,
            text=True,
        )
    assert process.stderr is not None
    port = int(process.stderr.readline().split("/")[2].partition(":")[2])
    served = Served(small, port, process)
    with socket.create_connection(("127.0.0.1", port)) as listener:
        listener.sendall(f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        assert listener.recv(100).startswith(b"HTTP/1.1 200")
        served.ask(DECK)
        until = time.monotonic() + HANG
        while not (found := children(process.pid)) and time.monotonic() < until:
            time.sleep(0.01)
        assert found
        began = time.monotonic()
        process.send_signal(ending)
        _, said = process.communicate(timeout=HANG)
        assert process.returncode == 130, said
        assert time.monotonic() - began < 3  # a second, on a machine that does nothing else
        assert "Interrupted." in said
        assert "Traceback" not in said
        assert not any(os.path.exists(f"/proc/{pid}") for pid in found)  # noqa: PTH110
