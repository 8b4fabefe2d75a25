"""Forms that are sent in: read whole before anything is done with them, bounded in size and in time.

The framework alone would take in whatever comes, a file of many gigabytes too, from whoever asks: to find the
token of a form it has to read the form.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

from luwte.desk.pages import wire
from luwte.desk.pages.wire import TooSlow

LIMIT = 2**20
"""Bytes: the longest form, that of a person who is added, has a tenth of it."""


class Bounded:
    """Middleware, before all that reads a form. At the addresses in LARGE_FORMS the view itself bounds it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer. Raises `BadRequest` for a form that is too large, or stops on its way.

        The same for what holds the character NUL, which no text has and PostgreSQL refuses.
        """
        try:
            form = request.method == "POST" and request.path not in settings.LARGE_FORMS
            if form:
                _read(request)
            _check_text(request, form=form)
            return self._get_response(request)
        finally:
            wire.let_go(request)


def _read(request: HttpRequest) -> None:
    length = wire.length_of(request)
    if not wire.is_count(length) or int(length) > LIMIT:
        raise BadRequest("A form is too large.")
    try:
        wire.whole(request)
    except TooSlow:
        raise BadRequest("A form stopped on its way.") from None


def _check_text(request: HttpRequest, *, form: bool) -> None:
    fields = [*request.GET.lists(), *(request.POST.lists() if form else ())]
    values = [one for name, some in fields for one in (name, *some)]
    if any("\0" in one for one in (request.path, *request.COOKIES.values(), *values)):
        raise BadRequest("There is a NUL in it.")
