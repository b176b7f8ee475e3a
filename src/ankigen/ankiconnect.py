"""A running Anki, asked through its add-on AnkiConnect to import packages and to sync.

What is relied upon was read in the add-on's source (FooSoft/anki-connect and, for 2026,
johan456789/anki-connect-mirror: ``plugin/__init__.py``, ``plugin/web.py``, ``plugin/util.py``):

- Version 6 of its protocol takes ``{"action", "version", "params", "key"}`` by POST and answers
  ``{"result", "error"}`` with status 200 whatever happened, or 403 where it does not let the origin
  in. A request without the header Origin is let in, so ``requestPermission`` has nothing to ask.
- ``key`` must equal its ``apiKey``: one where none is configured is as wrong as none where one is.
- ``importPackage`` hands ``path`` to Anki's ``AnkiPackageImporter``, shows no dialog, answers true
  when the import is over, and says nothing of what it did. Anki answers nobody meanwhile, as the
  add-on runs in its window's thread. A relative path would be sought in Anki's own folder.
- ``sync`` fails unless Anki is signed in to AnkiWeb, and where a full sync is called for.

Since Anki 26.09, ``AnkiPackageImporter`` is Anki's own importer with learning progress, presets
and merging of note types switched on (``anki/importing.py``, ankitects/anki pull request 5547);
before, it is an older one (``anki/importing/anki2.py``). docs/updates.md says what differs.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ankigen.diagnostics import SetupError

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://127.0.0.1:8765"
"""Where the add-on listens unless its ``webBindPort`` says otherwise."""

VERSION = 6
"""Of the protocol."""

MAX_ANSWER_BYTES = 1024 * 1024
"""The answers that are asked for here take a hundred bytes, and an error's text."""

_READ_BYTES = 65_536
_LONGEST_ERROR = 500
_FORBIDDEN = 403
_CONFIGURATION = "AnkiConnect's configuration (in Anki: Tools > Add-ons > AnkiConnect > Config)"


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient we are, in seconds.

    Attributes:
        connect: For a connection.
        answer: For an answer that takes no work.
        work: For an import or a sync.
    """

    connect: float = 5.0
    answer: float = 30.0
    work: float = 900.0


class _RefusedError(Exception):
    """The add-on answered that something is wrong."""


class _BrokenError(Exception):
    """The connection ended before the answer did."""


class _StrangeError(Exception):
    """What answered does not speak the protocol."""


class Anki:
    """An Anki that may run on this machine. Each call is a connection of its own."""

    def __init__(self, url: str = URL, key: str = "", limits: Limits = Limits()) -> None:
        """Send nothing yet.

        Args:
            url: Where AnkiConnect listens.
            key: Its ``apiKey``, if it has one.
            limits: Patience with it.

        Raises:
            SetupError: The address is none, or is not of this machine.
        """
        self._host, self._port = _address(url)
        self._key = key
        self._limits = limits
        host = f"[{self._host}]" if ":" in self._host else self._host
        self._place = f"{host}:{self._port}"

    def check(self) -> None:
        """See that Anki is there and does what it is asked.

        Raises:
            SetupError: It is not, or does not.
        """
        try:
            version = self._ask("version", self._limits.answer)
        except _RefusedError as error:
            raise self._strange(str(error)) from None
        if not isinstance(version, int):
            raise self._strange("it has no version")
        if version < VERSION:
            raise SetupError(
                f"AnkiConnect is too old: it speaks version {version} of its protocol,"
                f" not {VERSION}",
                "update it: in Anki, Tools > Add-ons > Check for Updates",
            )

    def import_package(self, package: Path) -> None:
        """Let Anki import a package, and wait until it has.

        Raises:
            SetupError: It did not, or it is not known whether it did.
        """
        path = package.resolve()
        why = "it does not say why"
        try:
            if self._ask("importPackage", self._limits.work, path=str(path)) is True:
                return
        except _RefusedError as error:
            why = str(error)
        raise SetupError(
            f"Anki could not import {path.name}: {why}",
            f"let Anki read {path}, which an Anki in a sandbox (Flatpak, Snap), a container or"
            " another system (WSL) may not; or open it by hand: File > Import",
        )

    def sync(self) -> None:
        """Let Anki sync its collection with AnkiWeb, and wait until it has.

        Raises:
            SetupError: It did not.
        """
        try:
            self._ask("sync", self._limits.work)
        except _RefusedError as error:
            said = str(error)
            if "auth not configured" in said:
                message = "Anki cannot sync: it is not signed in to AnkiWeb"
                hint = "click Sync in Anki and sign in; what was imported is there"
            elif said.startswith("Sync status"):
                message = "Anki must sync in full, and only you can say which side is kept"
                hint = "click Sync in Anki and choose; what was imported is there"
            else:
                message = f"Anki could not sync: {said}"
                hint = "click Sync in Anki; what was imported is there"
            raise SetupError(message, hint) from None

    def _ask(self, action: str, patience: float, **params: str) -> Any:  # noqa: ANN401 - JSON
        """The result of an action.

        Raises:
            _RefusedError: The add-on says that it failed.
            SetupError: It could not be asked, or it gave no answer that can be understood.
        """
        request = {"action": action, "version": VERSION, "params": params}
        if self._key:
            request["key"] = self._key
        try:
            answer = self._exchange(json.dumps(request).encode(), patience)
            return _result(answer)
        except _RefusedError as error:
            known = self._known(str(error))
            raise known or error from None
        except _StrangeError as error:
            raise self._strange(str(error)) from None
        except _BrokenError:
            raise SetupError(
                "Anki broke off without an answer: it may have been closed",
                "start it and push again; what it has taken in is not taken in twice",
            ) from None

    def _exchange(self, request: bytes, patience: float) -> bytes:
        """The body of the answer to a request.

        It goes straight to the machine's own loopback: by no proxy, after no redirect.

        Raises:
            _BrokenError: The connection ended too early.
            _StrangeError: The answer is none of AnkiConnect's.
            SetupError: There is no connection, or no answer in time.
        """
        connection = http.client.HTTPConnection(self._host, self._port, self._limits.connect)
        try:
            try:
                connection.connect()
            except OSError:
                raise self._absent() from None
            until = time.monotonic() + patience
            connection.sock.settimeout(patience)
            try:
                connection.request("POST", "/", request, {"Content-Type": "application/json"})
                with connection.getresponse() as response:
                    return self._read(response, until)
            except (http.client.IncompleteRead, ConnectionError):  # RemoteDisconnected is one
                raise _BrokenError from None
            except http.client.HTTPException:
                raise _StrangeError("it does not speak HTTP") from None
            except TimeoutError:
                raise SetupError(
                    f"Anki has not answered within {patience:g} seconds",
                    "look at its window: it may be busy importing or syncing, or wait for you in a"
                    " dialog; then push again",
                ) from None
        finally:
            connection.close()

    def _read(self, response: http.client.HTTPResponse, until: float) -> bytes:
        """The whole body, as long as it comes in time and is not endless."""
        if response.status == _FORBIDDEN:
            raise SetupError(
                f"AnkiConnect at {self._place} does not let ankigen in (status 403)",
                f"put http://localhost into webCorsOriginList of {_CONFIGURATION} and restart Anki",
            )
        if response.status != http.client.OK:
            raise _StrangeError(f"status {response.status}")
        body = bytearray()
        while data := response.read1(_READ_BYTES):
            body += data
            if len(body) > MAX_ANSWER_BYTES:
                raise _StrangeError("an answer without end")
            if time.monotonic() > until:
                raise TimeoutError
        if response.length or not body:  # promised and not sent
            raise _BrokenError
        return bytes(body)

    def _known(self, error: str) -> SetupError | None:
        """What a person is told of an error that any action may give."""
        if "valid api key" in error:
            if self._key:
                return SetupError(
                    "AnkiConnect does not take this key",
                    f"give what stands beside apiKey in {_CONFIGURATION}, and no key for null",
                )
            return SetupError(
                "AnkiConnect asks for a key",
                f"set ANKICONNECT_KEY to what stands beside apiKey in {_CONFIGURATION}",
            )
        if "collection is not available" in error:
            return SetupError(
                "Anki has no collection open", "choose a profile in Anki's window, and push again"
            )
        if "unsupported action" in error:
            return SetupError(
                "AnkiConnect does not know what it was asked to do: it is too old",
                "update it: in Anki, Tools > Add-ons > Check for Updates",
            )
        return None

    def _absent(self) -> SetupError:
        return SetupError(
            f"Anki is not there: nothing listens at {self._place}",
            "start Anki and install the add-on AnkiConnect (code 2055492159), by Tools > Add-ons >"
            " Get Add-ons, then restart Anki; if it listens at another port, name it: --url"
            " http://127.0.0.1:PORT",
        )

    def _strange(self, why: str) -> SetupError:
        return SetupError(
            f"what answers at {self._place} is not Anki's add-on AnkiConnect: {why}",
            f"see which port stands beside webBindPort in {_CONFIGURATION}, and name it: --url"
            " http://127.0.0.1:PORT",
        )


def _address(url: str) -> tuple[str, int]:
    """The host and the port of a URL, of which nothing else is used.

    Raises:
        SetupError: It is no address of this machine's loopback.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        host, port, parts = "", 0, urlsplit("")
    extra = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme != "http" or not host or extra:
        raise SetupError(f"'{url}' is no address of AnkiConnect", f"write it like {URL}")
    if not _is_loopback(host):
        raise SetupError(
            f"'{url}' is not on this machine: Anki would get a key by plain http, and a path that"
            " means nothing there",
            "run ankigen where Anki runs",
        )
    return host, port


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _result(answer: bytes) -> Any:  # noqa: ANN401 - JSON
    """What stands in an answer.

    Raises:
        _RefusedError: An error.
        _StrangeError: Neither a result nor an error.
    """
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        raise _StrangeError("its answer is no JSON") from None
    if not isinstance(said, dict) or set(said) != {"result", "error"}:
        raise _StrangeError("its answer holds no result")
    if said["error"] is not None:
        raise _RefusedError(" ".join(str(said["error"]).split())[:_LONGEST_ERROR])
    return said["result"]
