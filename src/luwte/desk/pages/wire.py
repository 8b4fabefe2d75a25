"""What comes over the connection with a request: read piece by piece, bounded in time."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

from django.http import HttpRequest
from django.http.request import UnreadablePostError

PIECE = 64 * 1024
SECONDS = 120
"""How long a whole request may take to arrive."""
SILENCE = 20
"""How long nothing of it may arrive."""
PATIENCE = 2
"""Seconds that a caller whose request was refused gets to stop sending it."""
SPARE = 2**20
"""Bytes that are read of such a request, so that the caller sees the answer."""


class TooSlow(Exception):
    """A request stopped on its way, or took too long to arrive."""


def length_of(request: HttpRequest) -> str:
    """Return how many bytes a request says that it has; who says nothing has none (RFC 9112, section 6.3)."""
    return request.headers.get("Content-Length") or "0"


def is_count(text: str) -> bool:
    """Return whether `text` is a number of bytes that can be meant."""
    return text.isascii() and text.isdigit() and len(text) <= 12


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """Give the body piece by piece. Raises `TooSlow`.

    Only once it is known that `length_of` is a count, and how much it may be.
    """
    wire = request.META.get("gunicorn.socket")
    if wire is not None:
        wire.settimeout(SILENCE)
    end = time.monotonic() + SECONDS
    left = int(length_of(request))
    try:
        while left and (piece := request.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
            if time.monotonic() > end:
                raise TooSlow
    except (UnreadablePostError, OSError):
        raise TooSlow from None
    finally:
        if wire is not None:
            wire.settimeout(None)
    if left:
        raise TooSlow


def whole(request: HttpRequest) -> bytes:
    """Return the body, also to the framework. Raises `TooSlow`."""
    found: bytes = getattr(request, "_body", b"")
    if not hasattr(request, "_body"):
        found = b"".join(pieces(request))
        request._body = found
    return found


def let_go(request: HttpRequest) -> None:
    """Read a little of what is left of a request, then none: the next would wait for all of it."""
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
