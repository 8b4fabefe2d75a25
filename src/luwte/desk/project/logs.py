"""What is logged of requests: how each ended, without its address (`luwte.base.logs`)."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from luwte.base.logs import place_of, request_id, say, type_of
from luwte.desk.project import measures

PORTAL = "portal"
HEADER = "X-Request-Id"


class Traced:
    """Middleware, first in the row: gives each request an id, and logs and counts how it ended.

    The id is drawn here, never taken from the visitor. It goes back in a header, so that a visitor who was
    shown an error can name it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, with the id in a header."""
        mark = request_id.set(secrets.token_hex(8))
        start = time.perf_counter()
        try:
            response = self._get_response(request)
            taken = time.perf_counter() - start
            route = route_of(request)
            say(
                "request.done",
                route=route,
                method=request.method or "?",
                status=response.status_code,
                ms=round(taken * 1000),
            )
            measures.count_request(route, response.status_code, taken)
            response[HEADER] = request_id.get()
            return response
        finally:
            request_id.reset(mark)


def route_of(request: HttpRequest, *, failed: bool = False) -> str:
    """Return the name of the route, never the address: that may hold the token of a link.

    Of the portal only that it was the portal, but when it `failed`: which page somebody opened, and when,
    is nobody's business.
    """
    match = request.resolver_match
    if match is None or not match.view_name:
        return "none"
    if match.namespace == PORTAL and not failed:
        return PORTAL
    return match.view_name if match.url_name else "unnamed"


@receiver(got_request_exception)
def _failed(request: HttpRequest | None = None, **_: object) -> None:
    """Log what a view raised: its type and the place in our code."""
    error = sys.exc_info()[1]
    if error is None:
        return
    route = route_of(request, failed=True) if request is not None else "none"
    kind = type_of(error)
    say("request.failed", route=route, error=kind, place=place_of(error.__traceback__))
    measures.count_error(kind)
