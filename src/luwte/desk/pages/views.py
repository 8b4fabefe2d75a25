"""The way out, the neutral page behind it, and the language switch."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, drop every cookie and stored thing, and go on to the neutral page (`LUWTE_EXIT_URL`).

    A link, so that it works without script and from any page. Chrome keeps even `no-store` pages in its
    back-forward cache until an HttpOnly cookie changes: the session cookie is expired, not just emptied.
    """
    if request.method == "GET":
        request.session.flush()
    response = HttpResponseRedirect(settings.EXIT_URL)
    response.status_code = 303
    for cookie in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        response.delete_cookie(cookie, samesite="Strict")
    response.delete_cookie(settings.ATTEMPT_COOKIE_NAME, samesite="Lax")
    response["Clear-Site-Data"] = '"cookies", "storage"'
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def neutral(request: HttpRequest) -> HttpResponse:
    """Show today's date and nothing else: where the exit leads when no other page is chosen."""
    response = render(request, "pages/neutral.html", {"today": timezone.localtime()})
    response["Referrer-Policy"] = "no-referrer"
    return response
