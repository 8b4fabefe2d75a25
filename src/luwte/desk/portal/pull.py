"""What an onlooker on the network sees of the portal's answers: whole steps of size and of time (T6).

Pages are filled up to whole steps, so that the length of an answer does not tell one from another. Nobody may
compress them on the way: a compressed page is as long as its words are. Answers whose making depends on what
there is wait for the next whole step of time.
"""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import TypeGuard

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

STEP = 32_768
"""Bytes: a whole number of these makes every page. One holds more than a hundred messages read before."""

_FRAME = len("\n<!---->")

View = Callable[..., HttpResponse]


class WholeSteps:
    """Middleware around all that changes a page: every page of the portal has whole steps of size."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer; a page of the portal filled up, also one that refuses."""
        answer = self._get_response(request)
        if _is_page(answer) and request.resolver_match and request.resolver_match.app_name == "portal":
            answer.content = filled(answer.content)
            answer["Content-Length"] = str(len(answer.content))
        return answer


def even(view: View, step: str = "ANSWER_SECONDS") -> View:
    """Let the answer of `view` come a whole number of steps after the question, as the setting says."""

    @wraps(view)
    def evened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        begun, seconds = time.monotonic(), float(getattr(settings, step))
        answer = view(request, *args, **kwargs)
        if seconds:
            taken = time.monotonic() - begun
            time.sleep(math.ceil(taken / seconds) * seconds - taken)
        return answer

    return evened


def filled(page: bytes) -> bytes:
    """Return `page` with a comment at its end that makes its length a whole number of steps."""
    missing = -(len(page) + _FRAME) % STEP
    return page + f"\n<!--{secrets.token_hex(missing // 2 + 1)[:missing]}-->".encode()


def _is_page(answer: HttpResponseBase) -> TypeGuard[HttpResponse]:
    """A redirect has no content, and its length says nothing."""
    if not isinstance(answer, HttpResponse) or not answer.content:
        return False
    return str(answer.get("Content-Type", "")).startswith("text/html")
