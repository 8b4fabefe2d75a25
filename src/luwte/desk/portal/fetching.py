"""Asking the broker something: one request, bounded in time and size, to the address that was meant.

The answer of a broker that is slow on purpose, byte after byte, ends too: at the deadline the connection is
cut from outside. No redirect is followed, no proxy of the process is used, no cookie is kept.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import BaseAdapter

TIMEOUT = 4.0
"""Seconds without a byte before a request is given up, and for each address of the host to be reached."""
DEADLINE = 8.0
"""Seconds that one request may take in all, once the host is reached."""
LARGEST = 262_144
"""Bytes of an answer: a set of keys has a few thousand."""
PORTS = {"http": 80, "https": 443}
AT_ONCE = threading.BoundedSemaphore(2)
"""Requests of one process: a slow broker never holds all threads of a worker, which has four."""


class NotFetched(Exception):
    """There was no whole answer of the right size in time."""


class Bounded(BaseAdapter):
    """What carries the requests of a `requests.Session`."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Return the answer. Raises `NotFetched`."""
        status, content = fetch(
            request.method or "GET", request.url or "", request.headers, _bytes(request.body)
        )
        answer = requests.Response()
        answer.status_code, answer.raw, answer.url = status, io.BytesIO(content), request.url or ""
        return answer

    def close(self) -> None:
        """Nothing stays open."""


def fetch(
    method: str, address: str, headers: Mapping[str, str | bytes], body: bytes | None = None
) -> tuple[int, bytes]:
    """Return the status, which is no redirect, and the content of one answer. Raises `NotFetched`."""
    if not AT_ONCE.acquire(blocking=False):
        raise NotFetched("others wait already")
    try:
        return _fetch(method, address, headers, body)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched(type(error).__name__) from error
    finally:
        AT_ONCE.release()


def _fetch(
    method: str, address: str, headers: Mapping[str, str | bytes], body: bytes | None
) -> tuple[int, bytes]:
    parts = urlsplit(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    said = {**headers, "Accept-Encoding": "identity", "Connection": "close"}
    with _line(parts) as line, _cut_at_deadline(line):
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        speaking = http.client.HTTPConnection(parts.hostname or "", _port(parts))
        speaking.default_port = PORTS[parts.scheme]
        speaking.sock = line
        speaking.request(method, path, body, said)
        with speaking.getresponse() as answer:
            status, content = answer.status, answer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NotFetched("the answer is too big")
    if 300 <= status < 400:
        raise NotFetched("the answer leads elsewhere")
    return status, content


def _line(parts: SplitResult) -> socket.socket:
    """The handshake comes later, when somebody watches its time."""
    line = socket.create_connection((parts.hostname or "", _port(parts)), timeout=TIMEOUT)
    if parts.scheme != "https":
        return line
    context = ssl.create_default_context()
    return context.wrap_socket(line, server_hostname=parts.hostname, do_handshake_on_connect=False)


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


@contextmanager
def _cut_at_deadline(line: socket.socket) -> Iterator[None]:
    late = threading.Event()

    def cut() -> None:
        late.set()
        try:
            socket.socket.shutdown(line, socket.SHUT_RDWR)
        except OSError:
            return

    watch = threading.Timer(DEADLINE, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
    if late.is_set():
        raise NotFetched("no whole answer in time")


def _bytes(body: Any) -> bytes | None:
    return body.encode() if isinstance(body, str) else body
