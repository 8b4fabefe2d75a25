"""Middleware that says who acts in a request; acts are recorded where they are done, not in views."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from luwte.desk.accounts.accounts import named
from luwte.desk.audit.actors import acting

NOBODY = "visitor"
"""Who acts without having signed in."""


class Acting:
    """Middleware behind those of sessions and accounts. Who it is, is asked only when an act is recorded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, with whatever it records recorded as done by who asks."""
        with acting(lambda: self.who(request)):
            return self._get_response(request)

    def who(self, request: HttpRequest) -> str:
        """Return who asks, as the record names them."""
        return named(request.user.pk) if request.user.is_authenticated and request.user.pk else NOBODY
