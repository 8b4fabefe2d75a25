"""Headers that every answer carries, so that a page leaves as little behind as a website can bring about."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class PrivateAnswers:
    """Middleware, before all that answers: nothing is stored, shared, embedded or asked of the device.

    Static files keep their own caching. The exit needs more than `no-store`: see `luwte.desk.pages.views`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer with its headers set."""
        response = self._get_response(request)
        if not request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
            # A proxy that compressed a page would give its length away, and with it its words (BREACH).
            response["Cache-Control"] = "no-store, private, no-transform"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), browsing-topics=()"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
