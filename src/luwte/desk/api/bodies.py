"""What comes with a request: of the right media type, bounded in size and in time, never compressed."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from luwte.desk.api.problems import Refused

PIECE = 64 * 1024
SECONDS = 120
"""How long a whole request may take to arrive."""
SILENCE = 20
"""How long nothing of it may arrive."""
PATIENCE = 2
"""Seconds that a caller whose request was refused gets to stop sending it."""
SPARE = 2**20
"""Bytes that are read of such a request, so that the caller sees the answer."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a resource takes: a media type and at most `limit` bytes."""

    media_type: str
    limit: int

    def check(self, request: HttpRequest) -> None:
        """Raise `Refused` unless the headers promise such a body: 411, 413 or 415."""
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise Refused(415)
        if (request.content_type or "") != self.media_type:
            raise Refused(415, f"Send {self.media_type}, not compressed.")
        if "Transfer-Encoding" in request.headers or not _is_count(_length(request)):
            raise Refused(411)
        if int(_length(request)) > self.limit:
            raise Refused(413, f"The request is larger than {self.limit} bytes.")


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """Give the body piece by piece. Raises `Refused` (408) when it stops or takes too long.

    Only after `Body.check`, which bounds how much there is.
    """
    wire = request.META.get("gunicorn.socket")
    if wire is not None:
        wire.settimeout(SILENCE)
    end = time.monotonic() + SECONDS
    left = int(_length(request))
    try:
        while left and (piece := request.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
            if time.monotonic() > end:
                raise Refused(408)
    except (UnreadablePostError, OSError):
        raise Refused(408) from None
    finally:
        if wire is not None:
            wire.settimeout(None)
    if left:
        raise Refused(408)


def whole(request: HttpRequest) -> bytes:
    """Return the body, also to the framework. Raises `Refused` as `pieces` does."""
    found: bytes = getattr(request, "_body", b"")
    if not hasattr(request, "_body"):
        found = b"".join(pieces(request))
        request._body = found
    return found


def let_go(request: HttpRequest) -> None:
    """Read a little of what is left of a refused request, then none: the next would wait for all of it."""
    wire, left = request.META.get("gunicorn.socket"), request.META.get("wsgi.input")
    if wire is None or left is None:
        return
    end, read = time.monotonic() + PATIENCE, 0
    try:
        wire.settimeout(PATIENCE)
        while piece := left.read(PIECE):
            read += len(piece)
            if read > SPARE or time.monotonic() > end:
                raise TimeoutError
    except Exception:  # whatever is the matter with it, nothing more of this connection is read
        with suppress(OSError):
            wire.shutdown(socket.SHUT_RD)
    finally:
        wire.settimeout(None)


def _length(request: HttpRequest) -> str:
    """A request that says nothing of its length has no body (RFC 9112, section 6.3)."""
    return request.headers.get("Content-Length") or "0"


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12
