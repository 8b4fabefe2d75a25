"""Which methods the desk answers: those that a page without a script can use."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "POST")


class OnlyPages:
    """Middleware, before all views: every other method is refused, for everyone and at every address.

    Otherwise a form of a library would take a PUT as a POST, and OPTIONS would say which addresses there are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, or 405."""
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self._get_response(request)
