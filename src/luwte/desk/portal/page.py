"""What every page of the portal shows around its own text: who is signed in, and a pause that holds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luwte.desk.pages.moment import now
from luwte.desk.portal import visit
from luwte.desk.portal.standing import standing
from luwte.desk.wishes import services as wishes


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Return the page that `template` makes of `context`."""
    visitor = visit.visitor_of(request)
    own = visitor is not None and visitor.own
    frame = {
        "signed_in": visitor is not None,
        "own": own,
        "pause": standing(visitor.subject, now()).pause if visitor is not None and own else None,
        "pause_months": round(wishes.PAUSE.days / 30),
    }
    return render(request, template, frame | context, status=status)
