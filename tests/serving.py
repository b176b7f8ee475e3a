"""The live preview as a person starts it: a process of its own, asked over real sockets."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support import interruptible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HANG = 30.0
"""Seconds after which something counts as never coming."""

SEEN = """word => { window.seen = new Promise((done) => {
  const shows = (one) => (one.shadowRoot?.textContent ?? "").includes(word);
  new MutationObserver((_, observer) => {
    if (![...document.querySelectorAll(".face")].some(shows)) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(Date.now())));
  }).observe(document.body, { subtree: true, childList: true });
}); }"""
"""Takes the time at which a card with a word in it is painted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the preview answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Served:
    """A preview that runs."""

    root: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask as a browser on this machine does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG)
        try:
            connection.request(method, path, headers=dict(headers or {}))
            answer = connection.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, said, answer.read())
        finally:
            connection.close()

    def raw(self, request: bytes) -> bytes:
        """Send a request that ends its connection, and return all that comes until then."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=HANG) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def status(self, fits: Callable[[dict[str, Any]], bool] = lambda _said: True) -> dict[str, Any]:
        """The first of its news that fits."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG)
        try:
            connection.request("GET", "/live/events")
            answer = connection.getresponse()
            until = time.monotonic() + HANG
            said: dict[str, Any] = {}
            while time.monotonic() < until:
                line = answer.readline()
                assert line, "the stream ended"
                if line.startswith(b"data: "):
                    said = json.loads(line.removeprefix(b"data: "))
                    if fits(said):
                        return said
            raise AssertionError(said)
        finally:
            connection.close()

    def write(self, path: str, text: str) -> None:
        """Save a file as editors do: whole, by renaming."""
        target = self.root / path
        beside = target.with_name(f".{target.name}.saving")
        beside.write_text(text, "utf-8")
        beside.replace(target)

    def replace(self, path: str, old: str, new: str) -> None:
        """Save a file with other words in it."""
        text = (self.root / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))


@contextmanager
def serving(root: Path, *options: str) -> Iterator[Served]:
    """A preview of a project on a port of its own; Ctrl-C ends it, and it must end well."""
    with interruptible():
        process = subprocess.Popen(
            [sys.executable, "-m", "ankigen", "serve", *(options or ("--port", "0"))],
            cwd=root,
            env={**os.environ, "NO_COLOR": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        assert said.startswith("http://127.0.0.1:"), said + process.stderr.read()
        yield Served(root, int(said.split("/")[2].partition(":")[2]), process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            _, rest = process.communicate(timeout=HANG)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
    assert process.returncode == 130, rest
    assert "Traceback" not in rest, rest


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are not gone."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = stat.read_text("utf-8").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(said[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process has."""
    (line,) = (
        line
        for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
        if line.startswith("VmRSS:")
    )
    return int(line.split()[1]) * 1024
