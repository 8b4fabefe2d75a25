"""What comes with a request: of the right media type, bounded in size and in time, never compressed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest

from luwte.desk.api.problems import Refused
from luwte.desk.pages import wire
from luwte.desk.pages.wire import TooSlow


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
        length = wire.length_of(request)
        if "Transfer-Encoding" in request.headers or not wire.is_count(length):
            raise Refused(411)
        if int(length) > self.limit:
            raise Refused(413, f"The request is larger than {self.limit} bytes.")


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """Give the body piece by piece. Raises `Refused` (408) when it stops or takes too long.

    Only after `Body.check`, which bounds how much there is.
    """
    try:
        yield from wire.pieces(request)
    except TooSlow:
        raise Refused(408) from None


def whole(request: HttpRequest) -> bytes:
    """Return the body, also to the framework. Raises `Refused` as `pieces` does."""
    try:
        return wire.whole(request)
    except TooSlow:
        raise Refused(408) from None
