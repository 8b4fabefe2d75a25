"""Middleware that says who acts in a request; acts are recorded where they are done, not in views."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from luwte.desk.audit.actors import acting
from luwte.desk.portal.visit import visitor_of

NOBODY = "visitor"
"""Who acts without having signed in."""


class Acting:
    """Middleware behind those of sessions and accounts. Who it is, is asked only when an act is recorded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, with whatever it records recorded as done by who asks."""
        with acting(lambda: _who(request)):
            return self._get_response(request)


def _who(request: HttpRequest) -> str:
    if (visitor := visitor_of(request)) is not None:
        return visitor.recipient
    return f"staff:{request.user.pk}" if request.user.is_authenticated else NOBODY
