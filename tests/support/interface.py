"""The interface for machines: asked in this process, or served by one of casework and asked over HTTP."""

from __future__ import annotations

import http.client
import json
import socket
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.test import Client as Browser

from luwte.desk.api import clients
from luwte.desk.api.routes import REPORT
from luwte.desk.pages import moment
from luwte.exchange.home import Home
from luwte.exchange.report import write_report
from tests.support.desk import SERIES, report
from tests.support.worlds import COMMAND, Process

ALL = ("reports:write", "cases:write", "events:read", "gaps:read")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
HEARING = {"case": "C-1", "source": "events", "kind": "hearing", "at": "2026-03-09T10:00:00Z"}

STEP = {
    "case": "C-1", "reference": "r-1", "step": "hearing_set", "hearing": "h1", "occurred": "2026-06-15",
    "known": "2026-02-02",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the document."""
        return json.loads(self.body)


class Machine:
    """A machine of another agency; asks the interface in this process."""

    def ask(
        self, method: str, path: str, body: bytes = b"", *, token: str = "", kind: str = "", **headers: str
    ) -> Answer:
        """Ask and return the answer. Names of `headers` are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            given["Authorization"] = f"Bearer {token}"
        return self._asked(method, path, body, kind, given)

    def _asked(self, method: str, path: str, body: bytes, kind: str, headers: dict[str, str]) -> Answer:
        browser = Browser(raise_request_exception=False)
        answer = browser.generic(method, path, body, content_type=kind or "", headers=headers)
        lower = {name.lower(): value for name, value in answer.items()}
        return Answer(answer.status_code, lower, answer.content)

    def token(self, client_id: str, secret: str, scope: str = "") -> Answer:
        """Ask for a token."""
        form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        shown = b64encode(f"{client_id}:{secret}".encode()).decode()
        body = urlencode(form).encode()
        return self.ask("POST", "/api/v1/tokens", body, kind=FORM, Authorization=f"Basic {shown}")

    def let_in(self, *scopes: str) -> str:
        """Add a client to the desk of this process and return a token of it."""
        client, secret = clients.add("a machine", scopes or ALL, moment.now())
        given = self.token(client.id, secret)
        assert given.status == 200, given.body
        return str(given.json()["access_token"])

    def deliver(self, token: str, content: bytes, **headers: str) -> Answer:
        """Deliver a report."""
        return self.ask("POST", "/api/v1/reports", content, token=token, kind=REPORT, **headers)

    def announce(self, token: str, event: object, **headers: str) -> Answer:
        """Deliver an event of a case."""
        body = json.dumps(event).encode()
        return self.ask("POST", "/api/v1/case-events", body, token=token, kind=JSON, **headers)

    def step(self, token: str, step: object, **headers: str) -> Answer:
        """Deliver a step of a case."""
        body = json.dumps(step).encode()
        return self.ask("POST", "/api/v1/case-steps", body, token=token, kind=JSON, **headers)


@dataclass
class Served(Machine):
    """The interface as a process of casework serves it."""

    home: Path
    port: int

    def _asked(self, method: str, path: str, body: bytes, kind: str, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            given = headers | ({"Content-Type": kind} if kind else {})
            connection.request(method, path, body or None, given)
            answer = connection.getresponse()
            lower = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, lower, answer.read())
        finally:
            connection.close()

    def raw(self, content: bytes, *, wait: float = 30) -> bytes:
        """Send bytes as they are and return what comes back until the other side ends."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as wire:
            wire.sendall(content)
            found = b""
            while piece := wire.recv(65536):
                found += piece
            return found

    def add(self, *scopes: str) -> tuple[str, str]:
        """Add a client by the command line; return its id and secret."""
        words = [word for scope in scopes or ALL for word in ("--scope", scope)]
        said = self.command("desk", "client", "add", "a-machine", *words)
        return tuple(line.split()[1] for line in said.splitlines())  # type: ignore[return-value]

    def let_in(self, *scopes: str) -> str:
        """Add a client by the command line and return a token of it."""
        return str(self.token(*self.add(*scopes)).json()["access_token"])

    @property
    def command(self) -> Process:
        """Runs `luwte` in the world of casework."""
        return casework(self.home)


def casework(home: Path, **variables: str) -> Process:
    """Return what runs `luwte` in the world of casework of `home`."""
    return Process(home, {"LUWTE_DESK_WORLD": "casework", **variables})


@contextmanager
def serving(home: Path, *, program: str = COMMAND, **variables: str) -> Iterator[Served]:
    """Serve the interface of `home` by one process with two workers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = casework(home, **variables).started(
        "desk", "serve", "--interface", "--port", str(port), program=program
    )
    try:
        served = Served(home, port)
        _await(served)
        yield served
    finally:
        process.terminate()
        _, error = process.communicate(timeout=60)
        assert "Traceback" not in error, error


def _await(served: Served) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if served.ask("GET", "/openapi.json").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the interface is not there")


def report_file(folder: Path, found: SERIES | None = None, **about: Any) -> bytes:
    """Return the bytes of a report that the house of LUWTE_HOME signed; `about` as `desk.report` takes it."""
    home = Home.open()
    path = folder / "report.lwreport"
    made = report({"s-1": {"a": (2, 1)}} if found is None else found, house=home.identity, **about)
    write_report(path, made, home)
    return path.read_bytes()
