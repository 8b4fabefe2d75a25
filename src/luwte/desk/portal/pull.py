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

_WAITS = "waits_for_steps_of"
"""The attribute of a request with the name of the setting, in seconds."""
_FRAME = len("\n<!---->")

View = Callable[..., HttpResponse]


class WholeSteps:
    """Middleware around all that makes an answer: pages of the portal have whole steps of size and of time.

    What still happens behind the wait is the same for everyone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer; a page of the portal filled up, also one that refuses, and in its time."""
        begun = time.monotonic()
        answer = self._get_response(request)
        if _is_page(answer) and request.resolver_match and request.resolver_match.app_name == "portal":
            answer.content = filled(answer.content)
            answer["Content-Length"] = str(len(answer.content))
        _wait(begun, float(getattr(settings, getattr(request, _WAITS, ""), 0)))
        return answer


def even(view: View, step: str = "ANSWER_SECONDS") -> View:
    """Let the answer of `view` come a whole number of steps after the question, as the setting says."""

    @wraps(view)
    def evened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        setattr(request, _WAITS, step)
        return view(request, *args, **kwargs)

    return evened


def even_page(view: View) -> View:
    """Let the page that `view` gives come after whole steps of PAGE_SECONDS, which are shorter."""
    return even(view, "PAGE_SECONDS")


def _wait(begun: float, seconds: float) -> None:
    if seconds:
        taken = time.monotonic() - begun
        time.sleep(math.ceil(taken / seconds) * seconds - taken)


def filled(page: bytes) -> bytes:
    """Return `page` with a comment at its end that makes its length a whole number of steps."""
    missing = -(len(page) + _FRAME) % STEP
    return page + f"\n<!--{secrets.token_hex(missing // 2 + 1)[:missing]}-->".encode()


def _is_page(answer: HttpResponseBase) -> TypeGuard[HttpResponse]:
    """A redirect has no content, and its length says nothing."""
    if not isinstance(answer, HttpResponse) or not answer.content:
        return False
    return str(answer.get("Content-Type", "")).startswith("text/html")
