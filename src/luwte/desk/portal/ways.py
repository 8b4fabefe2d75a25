"""The pages on which somebody sets up, or takes away, a way to come back without a link.

Everyone who may read has them: the person, and who acts for them, each for themselves. Whoever came in only
just may change ways in; later in a visit somebody else could sit there. The first way may be set up at any
moment of a visit: until then only a link leads back.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.crypto.one_time import app_address, is_secret, new_secret
from luwte.desk.pages.moment import now
from luwte.desk.pages.qr import drawn
from luwte.desk.portal import passkeys, visit
from luwte.desk.portal.page import page
from luwte.desk.portal.pull import even_page
from luwte.desk.portal.visit import Visitor
from luwte.desk.telling.subjects import person_of, representative_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import WayImpossible
from luwte.desk.vault.services import WaysIn, Whose

ALL = "all"
_TAKEN = "taken_away"
"""In a session: a way in was taken away in this visit, so the next one is not the first."""


@require_safe
@even_page
@visit.signed_in
def ways(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show by what the visitor can come in, and offer to add a way or to take one away."""
    found = vault.ways_in(_whose(visitor))
    return page(
        request, "portal/ways.html", found=found, number=_read(found.number), free=_free(request, found)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@even_page
@visit.signed_in
def app(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the key of a new app, and add the app when a code shows that it has the key."""
    whose = _whose(visitor)
    found = vault.ways_in(whose)
    if found.app or not _free(request, found):
        return redirect("portal:ways")
    secret = request.POST.get("key", "")
    if request.method != "POST" or not is_secret(secret):
        return _app_page(request, new_secret(), failed=request.method == "POST")
    try:
        codes = vault.add_app(whose, secret, request.POST.get("code", ""), now())
    except WayImpossible:
        return _app_page(request, secret, failed=True)
    return _added(request, whose, codes)


@require_http_methods(["GET", "HEAD", "POST"])
@even_page
@visit.signed_in
def passkey(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Let the browser make a passkey, and add it."""
    whose = _whose(visitor)
    found = vault.ways_in(whose)
    if found.full or not _free(request, found):
        return redirect("portal:ways")
    # For this recipient alone: what a browser made for somebody else is refused.
    purpose = f"make|{visitor.subject}|{visitor.recipient}"
    if request.method == "POST":
        try:
            made = passkeys.made(request, request.POST.get("credential", ""), purpose)
            codes = vault.add_passkey(whose, made.id, made.credential, made.count, now())
        except (passkeys.PasskeyWrong, WayImpossible):
            pass
        else:
            return _added(request, whose, codes)
    known = [one.credential for one in found.ways if one.credential]
    options = passkeys.to_make(request, purpose, known)
    failed = request.method == "POST"
    return page(request, "portal/ways_passkey.html", options=options, failed=failed)


@require_POST
@even_page
@visit.signed_in
def codes(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Make new recovery codes, and show them this one time."""
    whose = _whose(visitor)
    found = vault.ways_in(whose)
    if not found.ways or not _free(request, found):
        return redirect("portal:ways")
    try:
        made = vault.new_codes(whose, now())
    except WayImpossible:
        return redirect("portal:ways")
    return _added(request, whose, made)


@require_POST
@even_page
@visit.signed_in
def remove(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Take one way in away, or all of them: that protects, so it may be done at any moment of a visit."""
    whose, way = _whose(visitor), request.POST.get("way", "")
    if way == ALL:
        request.session[_TAKEN] = True
        vault.remove_ways(whose, now())
    elif _free(request, vault.ways_in(whose)):
        vault.remove_way(whose, way, now())
    return redirect("portal:ways")


def _added(request: HttpRequest, whose: Whose, made: list[str]) -> HttpResponse:
    """Recovery codes are shown in the answer itself: nowhere is kept what they are."""
    if not made:
        return redirect("portal:ways")
    return page(request, "portal/ways_codes.html", codes=made, number=_read(vault.ways_in(whose).number))


def _app_page(request: HttpRequest, secret: str, *, failed: bool) -> HttpResponse:
    picture = drawn(app_address(secret, settings.MFA_TOTP_ISSUER))
    return page(
        request,
        "portal/ways_app.html",
        key=secret,
        picture=picture,
        failed=failed,
        app_name=settings.MFA_TOTP_ISSUER,
    )


def _whose(visitor: Visitor) -> Whose:
    return Whose(person_of(visitor.subject), None if visitor.own else representative_of(visitor.recipient))


def _free(request: HttpRequest, found: WaysIn) -> bool:
    """Otherwise whoever finds a page open could take all ways away and then set up one of their own."""
    return visit.fresh(request) or not (found.ways or request.session.get(_TAKEN))


def _read(number: str) -> str:
    """As it is read and written down: groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
