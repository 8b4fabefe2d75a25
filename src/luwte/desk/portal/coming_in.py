"""The page at which somebody comes back on their own: by a passkey, or by a number with a code.

It says the same, in the same size and after whole steps of time, whatever was wrong with what was given.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from luwte.desk.pages.moment import now
from luwte.desk.portal import passkeys, tries
from luwte.desk.portal.entering import entered
from luwte.desk.portal.page import page
from luwte.desk.portal.pull import even
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import NoWayIn
from luwte.desk.vault.services import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def come_in(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey, or a number and a code."""
    return _try(request) if request.method == "POST" else _asked(request)


@even
def _try(request: HttpRequest) -> HttpResponse:
    credential = request.POST.get("credential", "")
    try:
        found = _by_passkey(request, credential) if credential else _by_code(request)
    except NoWayIn:
        tries.failed(request)
        return _asked(request, failed=True)
    return entered(request, found, "portal:home")


def _by_code(request: HttpRequest) -> SignedIn:
    if tries.too_many(request):
        raise NoWayIn
    return vault.enter_by_code(request.POST.get("number", ""), request.POST.get("code", ""), now())


def _by_passkey(request: HttpRequest, credential: str) -> SignedIn:
    try:
        shown = passkeys.Shown(request, credential)
    except passkeys.PasskeyWrong as error:
        raise NoWayIn from error
    return vault.enter_by_passkey(shown.id, shown.check, now())


def _asked(request: HttpRequest, *, failed: bool = False) -> HttpResponse:
    return page(request, "portal/come_in.html", options=passkeys.to_enter(request), failed=failed)
