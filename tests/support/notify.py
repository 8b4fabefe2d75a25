"""A small stand-in of the HTTP API of GOV.UK Notify / NotifyNL on a loopback port, for tests.

Faithful to what the channels rely on: the JSON web token is checked with the service's key, errors have
Notify's bodies, references are not unique and nothing is deduplicated. It can be told to misbehave.
Source: `app/v2` of alphagov/notifications-api and Worth-NL/notifynl-api.
"""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

SERVICE = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"
KEY = f"desk-{SERVICE}-{SECRET}"
SMS_TEMPLATE = "33333333-3333-4333-8333-333333333333"
LETTER_TEMPLATE = "44444444-4444-4444-8444-444444444444"


class Mood(Enum):
    """How the next requests that post go."""

    WELL = "well"
    FAILS_BEFORE = "500, nothing stored"
    FAILS_AFTER = "500, stored"
    DROPS_BEFORE = "hangs up, nothing stored"
    DROPS_AFTER = "hangs up, stored"
    LATE = "hangs up, stored a moment later"
    TOO_MANY = "429"
    TOO_BIG = "an endless answer"
    MOVED = "307 to elsewhere"


@dataclass
class Notify:
    """What stands at Notify, how it behaves, and what it was asked."""

    url: str = ""
    mood: Mood = Mood.WELL
    looks_fail: bool = False
    looks_fail_after_post: bool = False
    lists_all: bool = False
    status: str = "created"
    slow: float = 0
    refusal: tuple[int, str, str] | None = None
    templates: dict[str, dict[str, str]] = field(
        default_factory=lambda: {
            SMS_TEMPLATE: {"type": "sms", "body": "((text))"},
            LETTER_TEMPLATE: {"type": "letter", "subject": "((subject))", "body": "((text))"},
        }
    )
    stored: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def store(self, kind: str, form: dict[str, Any]) -> dict[str, Any]:
        """Keep a message, whether or not one with the same reference stands here."""
        message = {"id": str(uuid.uuid4()), "type": kind, "status": self.status} | form
        self.stored.append(message)
        return {"id": message["id"], "reference": form.get("reference"), "content": {"body": ""}}


@contextmanager
def running() -> Iterator[Notify]:
    """Give a stand-in that answers on loopback."""
    notify = Notify()

    class Handler(_Handler):
        state = notify

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    notify.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield notify
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    state: Notify
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.state.asked.append(f"GET {parts.path}")
        time.sleep(self.state.slow)
        if self.state.looks_fail:
            return self._fail(500, "Exception", "Internal server error")
        if not self._known():
            return None
        *_, room, name = f"/{parts.path}".split("/")
        if room == "template":
            found = self.state.templates.get(name)
            return self._say(200, {"id": name} | found) if found else self._none()
        if room == "notifications":
            mine = [one for one in self.state.stored if one["id"] == name]
            return self._say(200, mine[0]) if mine else self._none()
        return self._list(parse_qs(parts.query))

    def do_POST(self) -> None:
        kind = self.path.rpartition("/")[2]
        self.state.asked.append(f"POST {self.path}")
        form = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(self.state.slow)
        self.state.looks_fail = self.state.looks_fail_after_post
        if not self._known():
            return None
        mood = self.state.mood
        if self.state.refusal:
            return self._fail(*self.state.refusal)
        if mood == Mood.TOO_MANY:
            return self._fail(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000")
        if mood == Mood.MOVED:
            return self._say(307, {}, Location=f"{self.state.url}/elsewhere")
        if mood == Mood.LATE:
            threading.Timer(0.3, self.state.store, (kind, form)).start()
        answer = None
        if mood in (Mood.WELL, Mood.FAILS_AFTER, Mood.DROPS_AFTER, Mood.TOO_BIG):
            answer = self.state.store(kind, form)
        if mood == Mood.TOO_BIG:
            return self._say(201, {"id": "x" * 5_000_000})
        if mood == Mood.WELL:
            return self._say(201, answer)
        if mood in (Mood.FAILS_BEFORE, Mood.FAILS_AFTER):
            return self._fail(500, "Exception", "Internal server error")
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
        return None

    def _known(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            good = get_token_issuer(token) == SERVICE and decode_jwt_token(token, SECRET)
        except TokenError:
            good = False
        if not good:
            self._fail(403, "AuthError", "Invalid token: signature, api token not found")
        return bool(good)

    def _list(self, query: dict[str, list[str]]) -> None:
        """GET /v2/notifications: by reference and type, whatever else stands under them."""
        wanted = {"reference": query.get("reference"), "type": query.get("template_type")}
        found = [
            one
            for one in self.state.stored
            if self.state.lists_all
            or all(values is None or one.get(name) in values for name, values in wanted.items())
        ]
        self._say(200, {"notifications": found, "links": {"current": self.state.url + self.path}})

    def _none(self) -> None:
        self._fail(404, "NoResultFound", "No result found")

    def _fail(self, status: int, error: str, message: str) -> None:
        self._say(status, {"status_code": status, "errors": [{"error": error, "message": message}]})

    def _say(self, status: int, answer: object, **headers: str) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Stay silent."""
