"""A desk that is really served, in a process of its own, and a browser without scripts that visits it."""

from __future__ import annotations

import os
import re
import socket
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin

from luwte.desk.project.databases import ENVIRONMENT
from tests.support.accounts import PASSWORD, shown_by
from tests.support.worlds import COMMAND, Process

PATIENCE = 120
"""Seconds that a process may take to serve its first page."""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_KEY = re.compile(r'<code class="lw-code">([A-Z2-7]+)</code>')


def given(*names: str, **more: str) -> dict[str, str]:
    """Return the addresses `names` of this test's own databases, where it has any, and `more`."""
    return {name: os.environ[name] for name in names if name in os.environ} | more


class Houses:
    """One home with a process of telling and one of casework; the vault lies away from casework."""

    def __init__(self, home: Path, vault: Path) -> None:
        both = given(*ENVIRONMENT.values(), LUWTE_VAULT_FOLDER=str(vault))
        self.home, self.vault = home, vault
        self.telling = Process(home, both)
        self.casework = Process(home, given("LUWTE_DESK_DATABASE", LUWTE_DESK_WORLD="casework"))
        self.telling("desk", "init")
        self.casework("desk", "init")

    def invited(self, process: Process, name: str, *options: str) -> str:
        """Add an account and return its invitation."""
        return process("desk", "staff", "add", name, *options).splitlines()[1]


@dataclass(frozen=True, slots=True)
class Served:
    """Where a desk is served, and by which process."""

    url: str
    pid: int


@contextmanager
def served(process: Process, program: str = COMMAND) -> Iterator[Served]:
    """Let `luwte desk serve` run in the world of a process while the block runs, begun by `program`."""
    port = _free()
    running = process.started("desk", "serve", "--port", str(port), "--workers", "1", program=program)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/staff/sign-in/", running.poll)
        yield Served(url, running.pid)
    finally:
        running.terminate()
        running.communicate(timeout=60)


@dataclass(slots=True)
class Visit:
    """A browser at a desk: the page that it shows, its status and its address."""

    url: str
    page: str = ""
    status: int = 0
    at: str = ""
    cookies: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str) -> str:
        """Follow a link; return the page."""
        return self._open(urllib.request.Request(urljoin(self.url, path)))

    def post(self, path: str, form: Mapping[str, str] | None = None) -> str:
        """Send the form of the page that is shown; return the page that follows."""
        token = _TOKEN.search(self.page)
        body = dict(form or {}) | ({"csrfmiddlewaretoken": token[1]} if token else {})
        request = urllib.request.Request(urljoin(self.url, path), urlencode(body).encode())
        request.add_header("Origin", self.url)
        return self._open(request)

    def enter(self, invitation: str) -> str:
        """Use an invitation: choose a password and set up an app; return the key of the app."""
        path = "/staff/invited/" + invitation.strip().rstrip("/").rpartition("/")[2] + "/"
        self.get(path)
        self.post(path, {"new_password": PASSWORD, "again": PASSWORD})
        self.get("/staff/account/app/")
        found = _KEY.search(self.page)
        assert found is not None, self.page
        self.post("/staff/account/app/", {"code": shown_by(found[1])})
        self.get("/staff/")
        assert self.at.endswith("/staff/"), (self.at, self.page)
        return found[1]

    def sign_in(self, name: str) -> str:
        """Give a name and the password of the tests; return the page that follows."""
        self.get("/staff/sign-in/")
        return self.post("/staff/sign-in/", {"username": name, "password": PASSWORD})

    def _open(self, request: urllib.request.Request) -> str:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            answer = opener.open(request, timeout=60)
        except HTTPError as error:
            answer = error
        self.page, self.status, self.at = unescape(answer.read().decode()), answer.status, answer.url
        return self.page


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, ended: object) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        assert callable(ended)
        assert ended() is None, "the desk did not start"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"nothing answers at {url}")
