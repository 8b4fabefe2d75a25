"""Coming in through the broker: a link leads there, and its answer comes back here.

Who has nothing here sees the page of anybody whom the desk cannot let in so; it is as long, comes at the same
steps of time, and brings the same cookies as the page of who is let in.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from luwte.desk.pages.moment import now
from luwte.desk.portal import attempt, openid
from luwte.desk.portal.attempt import Attempt
from luwte.desk.portal.broker import Broker
from luwte.desk.portal.entering import let_in, speaking
from luwte.desk.portal.openid import BrokerAway, NotShown
from luwte.desk.portal.page import page
from luwte.desk.portal.pull import even
from luwte.desk.portal.visit import ZONE
from luwte.desk.vault import brokered

LONGEST_CODE = 4_000
"""Characters of what a broker gives to fetch a token with."""


@require_safe
@even
def begin(request: HttpRequest) -> HttpResponse:
    """Lead to the broker. A link, so that the rule on forms (CSP) needs to know no other site."""
    broker, started = _broker(), Attempt.new(now())
    try:
        response = HttpResponseRedirect(openid.address(broker, started, _back()))
    except BrokerAway:
        return _not_in(request, "away", 503)
    response["Referrer-Policy"] = "no-referrer"
    started.put(response)
    return response


@require_safe
@even
def back(request: HttpRequest) -> HttpResponse:
    """Let in whom the broker's answer is about, when they may come in by themselves."""
    response = _answer(request, _broker())
    attempt.end(response)
    return response


def _answer(request: HttpRequest, broker: Broker) -> HttpResponse:
    begun = attempt.attempt_of(request, now())
    if begun is None:
        return _not_in(request, "again", 400)
    if "error" in request.GET:
        return _not_in(request, "again" if request.GET["error"] == "access_denied" else "away", 400)
    code = request.GET.get("code", "")
    if not 0 < len(code) <= LONGEST_CODE:
        return _not_in(request, "again", 400)
    try:
        value = openid.who(broker, begun, _back(), code, request.GET.get("iss", ""), now())
    except BrokerAway:
        return _not_in(request, "away", 503)
    except NotShown:
        return _not_in(request, "again", 400)
    return _let_in(request, brokered.mark(broker.issuer, broker.claim, value))


def _let_in(request: HttpRequest, account: str) -> HttpResponse:
    found = brokered.sign_in(account, now())
    if found is None:
        request.session.flush()
        request.session[ZONE] = settings.TIME_ZONE  # so that a cookie comes with this answer too
        return speaking(page(request, "portal/way_closed.html", place="/"))
    let_in(request, found)
    with timezone.override(request.session[ZONE]):
        return speaking(page(request, "portal/before.html", place=reverse("portal:before")))


def _not_in(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return page(request, "portal/way_wrong.html", status=status, why=why, place="/")


def _broker() -> Broker:
    found: Broker | None = settings.BROKER
    if found is None or not found.offered:
        raise Http404
    return found


def _back() -> str:
    return settings.PORTAL_URL.rstrip("/") + reverse("portal:broker_back")
