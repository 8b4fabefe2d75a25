"""The answer to "is there anything?": of the same size and after the same time, whatever it is (T6).

Pages are filled up to whole steps with characters that do not compress, so that neither the length of an
answer nor that of its compressed form tells one answer from another; the answer waits for a fixed moment.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse

STEP = 16_384
"""Bytes: a whole number of these makes every page."""

_FRAME = len("\n<!---->")

View = Callable[..., HttpResponse]


def even(view: View) -> View:
    """Give the answer of `view` whole steps of size, no sooner than `ANSWER_SECONDS` after the question."""

    @wraps(view)
    def evened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        until = time.monotonic() + settings.ANSWER_SECONDS
        answer = view(request, *args, **kwargs)
        if answer.status_code == 200:
            answer.content = filled(answer.content)
        time.sleep(max(0.0, until - time.monotonic()))
        return answer

    return evened


def filled(page: bytes) -> bytes:
    """Return `page` with a comment at its end that makes its length a whole number of steps."""
    missing = -(len(page) + _FRAME) % STEP
    return page + f"\n<!--{secrets.token_hex(missing // 2 + 1)[:missing]}-->".encode()
