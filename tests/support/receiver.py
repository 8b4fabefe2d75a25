"""A receiver of webhooks on loopback: agrees or not, takes what is sent or not, keeps what it was sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What was sent here, how it is answered (the first of `answers` once, the last one for ever)."""

    url: str = ""
    allows: str = "*"
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(204, {})])
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self) -> tuple[int, dict[str, str]]:
        """Return the next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Give a receiver that answers."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            receiver.asked.append(_lower(self.headers))
            self._say(200, {"WebHook-Allowed-Origin": receiver.allows} if receiver.allows else {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.taken.append((_lower(self.headers), body))
            self._say(*receiver.answer())

        def _say(self, status: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Keep standard error as it is."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
